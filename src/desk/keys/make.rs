//! A new key on a token: which token, what is asked of it, consent, PIN; then the token makes it and tells its public half.
//! Nothing that is there is ever replaced.

use super::{KeysFault, Sitting, Usable};
use crate::desk::in_words;
use crate::operator::clean::{cell, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::keys as said;
use crate::report::columns::{fact, sentence};
use crate::report::{self, CLAUSE, NAME};
use crate::token::{SignScheme, SlotFacts, TokenFault};

/// The key that is asked for.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What it will sign with.
    pub scheme: SignScheme,
    /// Its label on the token.
    pub label: String,
    /// Its id on the token.
    pub id: Vec<u8>,
}

/// The first id of one byte that no key shows.
#[must_use]
pub fn free_id(slot: &SlotFacts) -> Vec<u8> {
    let is_free = |id: &u8| slot.keys.iter().all(|key| key.id != [*id]);
    (1..=u8::MAX).find(is_free).map_or_else(|| vec![1, 0], |id| vec![id])
}

/// Label and id are free, as far as the token shows its keys without a PIN; it is looked at again after the PIN.
///
/// # Errors
/// [`TokenFault::KeyTaken`].
pub fn check_free(slot: &SlotFacts, new: &NewKey) -> Result<(), KeysFault> {
    let taken = |what: String| KeysFault::Token(TokenFault::KeyTaken { what });
    for key in &slot.keys {
        if key.label == new.label {
            return Err(taken(said::the_label(&quoted(&new.label, NAME))));
        }
        if key.id == new.id {
            return Err(taken(said::the_id(&hex::encode(&new.id))));
        }
    }
    Ok(())
}

/// Shows, asks, and lets the token make the key.
///
/// # Errors
/// Before the token made anything, or with what it said. After an unknown outcome a key may be there.
pub fn make(sitting: &mut Sitting<'_, '_>, new: &NewKey) -> Result<Usable, KeysFault> {
    check_free(sitting.slot, new)?;
    show(sitting, new)?;
    let phrase = said::make_phrase(&new.label);
    sitting.consent(&said::to_make_type(&phrase), &phrase)?;
    sitting.open(said::FOR_A_NEW_KEY)?;
    sitting.screen.line(said::WAIT_FOR_THE_KEY)?;
    let made = sitting.generate(new)?;
    Usable::of(&made).ok_or(KeysFault::UnusableKey)
}

/// Shows what was made; a screen that is gone must not hide it, so this comes after it was written down.
///
/// # Errors
/// As [`Screen::line`].
pub fn show_made(screen: &mut Screen<'_>, made: &Usable, new: &NewKey) -> Result<(), ScreenFault> {
    screen.blank()?;
    screen.heading(&said::made(&made.public.kind(), &quoted(&new.label, NAME)))?;
    report::fingerprint(screen, made.public.fingerprint())
}

fn show(sitting: &mut Sitting<'_, '_>, new: &NewKey) -> Result<(), KeysFault> {
    let Sitting { slot, screen, .. } = sitting;
    screen.heading(said::A_NEW_KEY)?;
    token(screen, slot)?;
    fact(screen, said::SCHEME, new.scheme.in_metadata().name())?;
    fact(screen, said::LABEL, &quoted(&new.label, NAME))?;
    fact(screen, said::ID, &hex::encode(&new.id))?;
    if new.scheme.is_post_quantum() {
        sentence(screen, 2, said::FEW_CLIENTS)?;
    }
    match slot.keys.as_slice() {
        [] => sentence(screen, 2, said::NO_KEYS_THERE)?,
        keys => {
            sentence(screen, 2, said::KEYS_THERE)?;
            for key in keys {
                sentence(screen, 4, &in_words(key))?;
            }
        }
    }
    Ok(screen.blank()?)
}

/// Which token it is: label, serial, who made it and where it is.
pub(in crate::desk) fn token(screen: &mut Screen<'_>, slot: &SlotFacts) -> Result<(), ScreenFault> {
    let name = slot.name();
    fact(screen, said::TOKEN, &said::named_token(&quoted(&name.label, NAME), &quoted(&name.serial, NAME)))?;
    if let Some(told) = &slot.token {
        let maker = format!("{}, {}", cell(&told.manufacturer, CLAUSE), cell(&told.model, CLAUSE));
        // Any card can answer as a YubiKey does: only an attestation shows more.
        let maker = if slot.is_card() { said::by_its_own_word(&maker) } else { maker };
        fact(screen, said::MADE_BY, &maker)?;
    }
    Ok(())
}
