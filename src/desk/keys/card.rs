//! A card is made: whose key it is and on which token, then what the token says of it, consent, and the key's own signature
//! over all that. And a fresh test: the same document with a number that nobody knew before, of which nothing is kept.

use tuf_ceremony::attestation::{Attested, Claimed, of_claimed};
use tuf_ceremony::card::{Card, Claims, Evidence, UnsignedCard};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::{Fingerprint, PublicKey};
use tuf_ceremony::signable::Signable;

use super::sitting::asked;
use super::{KeysFault, Sitting, Usable, evidence, make};
use crate::desk::unshown;
use crate::operator::Operator;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::keys as said;
use crate::report::attested::{self, Judging};
use crate::report::columns::{fact, sentence};
use crate::report::{self, card as shown};
use crate::token::{KeyEvidence, LoginFacts, Showing, TokenUri};

/// Whose card it will be.
#[derive(Debug, Clone)]
pub struct Whose {
    /// Full names; none for a machine.
    pub holders: Vec<String>,
    /// Whether it is practice.
    pub rehearsal: bool,
}

/// Makes the card of a key on a token. It is kept by the caller.
///
/// # Errors
/// Before the key signed, or because what it gave is no signature over the card.
pub fn make(
    sitting: &mut Sitting<'_, '_>,
    key: &Usable,
    whose: &Whose,
    judging: &Judging,
) -> Result<Card, KeysFault> {
    let fingerprint = key.public.fingerprint();
    let uri = TokenUri::naming(sitting.slot, Some(&key.on_token)).to_string();
    sitting.screen.heading(said::A_CARD)?;
    shown::whose(sitting.screen, &whose.holders, whose.rehearsal)?;
    make::token(sitting.screen, sitting.slot)?;
    about(sitting.screen, &key.public)?;
    sitting.screen.blank()?;
    // Refused before the PIN, where it is too long for any evidence.
    let nothing_told = Claims { evidence: None, ..claims(whose, &uri, None) };
    Card::unsigned(&key.public, nothing_told)?;
    // Its PIN is for the signature alone, and typed once, right before it: a card tells the rest without.
    let opens_last = sitting.slot.opens_for_first() && key.on_token.always_authenticate == Some(true);
    let mut key = key.clone();
    if !opens_last {
        let opened = sitting.open(said::FOR_A_CARD)?;
        key = after_login(&key, &opened, sitting.screen)?;
    }
    let told = said_of(sitting, &key)?;
    shown::evidence(sitting.screen, Some(&told))?;
    let unsigned = Card::unsigned(&key.public, claims(whose, &uri, Some(told)))?;
    if let Some(found) = home(&unsigned, judging) {
        attested::home(sitting.screen, &found)?;
    }
    sitting.screen.blank()?;
    let short = &fingerprint.to_string()[..8];
    let phrase = said::card_phrase(short);
    sitting.consent(&said::to_card_type(&phrase), &phrase)?;
    let (signable, what_for) = (Signable::card(&unsigned), said::for_the_card_of(short));
    let proof = if opens_last {
        let opened = sitting.open(&what_for)?;
        key = after_login(&key, &opened, sitting.screen)?;
        sitting.sign_at_once(&key, &signable, &what_for)?
    } else {
        sitting.sign(&key, &signable, &what_for)?
    };
    unsigned.prove(&proof).map_err(KeysFault::WrongSignature)
}

/// Tests a token: its key signs a fresh card of which nothing is kept.
///
/// # Errors
/// As [`make`].
pub fn test(
    sitting: &mut Sitting<'_, '_>,
    key: &Usable,
    whose: &Whose,
    nonce: &[u8; 32],
) -> Result<(), KeysFault> {
    let fingerprint = key.public.fingerprint();
    let uri = TokenUri::naming(sitting.slot, Some(&key.on_token)).to_string();
    let unsigned = Card::unsigned(&key.public, claims(whose, &uri, Some(evidence::of_a_test(nonce)?)))?;
    sitting.screen.heading(said::A_TEST)?;
    shown::whose(sitting.screen, &whose.holders, whose.rehearsal)?;
    make::token(sitting.screen, sitting.slot)?;
    about(sitting.screen, &key.public)?;
    fact(sitting.screen, said::TEST_NUMBER, &Digest::of(unsigned.signed()).groups())?;
    sentence(sitting.screen, 2, said::NOTHING_IS_KEPT.trim_start())?;
    sitting.screen.blank()?;
    if key.showing == Showing::Named {
        unshown::unproven(&sitting.slot.name().to_string(), fingerprint, sitting.screen)?;
    }
    let short = &fingerprint.to_string()[..8];
    let phrase = said::test_phrase(short);
    sitting.consent(&said::to_test_type(&phrase), &phrase)?;
    let opened = sitting.open(said::FOR_A_TEST)?;
    let key = after_login(key, &opened, sitting.screen)?;
    let proof = sitting.sign_at_once(&key, &Signable::card(&unsigned), &said::for_the_test_of(short))?;
    unsigned.prove(&proof).map(|_| ()).map_err(KeysFault::WrongSignature)
}

/// Somebody says that the fingerprint was compared, in front of those who are there or by phone.
///
/// # Errors
/// [`KeysFault::NotCompared`], or that nobody can be asked.
pub fn compared(
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    key: Fingerprint,
) -> Result<(), KeysFault> {
    screen.heading(said::COMPARE_THE_FINGERPRINT)?;
    report::fingerprint(screen, key)?;
    sentence(screen, 0, said::HOW_TO_COMPARE)?;
    let phrase = said::compared_phrase(&key.to_string()[..8]);
    match asked(person, screen, &said::to_compare_type(&phrase), &phrase) {
        Ok(true) => Ok(()),
        // The key has signed its card by now: this is no consent that is missing.
        Ok(false) | Err(KeysFault::Declined) => Err(KeysFault::NotCompared),
        Err(other) => Err(other),
    }
}

fn claims(whose: &Whose, uri: &str, evidence: Option<Evidence>) -> Claims {
    let Whose { holders, rehearsal } = whose.clone();
    Claims { holders, token: Some(uri.to_owned()), evidence, rehearsal }
}

pub(super) fn about(screen: &mut Screen<'_>, key: &PublicKey) -> Result<(), ScreenFault> {
    fact(screen, said::SCHEME, key.scheme().name())?;
    fact(screen, said::KIND, &key.kind())?;
    fact(screen, said::FINGERPRINT, "")?;
    report::fingerprint(screen, key.fingerprint())
}

/// The same key as the token shows it to who is logged in. One that a card alone names need not be shown: what it signs proves it.
fn after_login(key: &Usable, opened: &LoginFacts, screen: &mut Screen<'_>) -> Result<Usable, KeysFault> {
    let fingerprint = key.public.fingerprint();
    if key.showing == Showing::Named {
        let shown = unshown::proven::<KeysFault>(fingerprint, Some(&key.on_token), opened, screen)?;
        return Ok(shown.and_then(Usable::of).unwrap_or_else(|| key.clone()));
    }
    let same = opened
        .keys
        .iter()
        .filter_map(Usable::of)
        .find(|now| now.public.fingerprint() == fingerprint && now.on_token.id == key.on_token.id);
    same.ok_or(KeysFault::KeyGone { key: fingerprint })
}

/// What the token says of the key, as the card will carry it; a PIV card's attestation with it.
fn said_of(sitting: &mut Sitting<'_, '_>, key: &Usable) -> Result<Evidence, KeysFault> {
    if !sitting.slot.is_card() {
        let told = attributes(sitting, key)?;
        return Ok(evidence::of(&told, sitting.host.module(), sitting.slot)?);
    }
    // A key that wants its PIN right before each signature is asked about before the card is opened.
    let (told, attestation) = if key.on_token.always_authenticate == Some(true) {
        sitting.host.told(sitting.slot, &key.on_token)?
    } else {
        (attributes(sitting, key)?, sitting.host.attestation(&key.on_token)?)
    };
    Ok(evidence::of_card(&told, key, sitting.slot, attestation.as_ref())?)
}

/// What the new card will show of its key's home.
fn home(card: &UnsignedCard, judging: &Judging) -> Option<Attested> {
    let claimed = Claimed { key: card.key(), token: card.token(), evidence: card.evidence() };
    of_claimed(claimed, &judging.roots, judging.at.as_ref())
}

/// What the token says of the key, and what was seen at the login.
fn attributes(sitting: &mut Sitting<'_, '_>, key: &Usable) -> Result<KeyEvidence, KeysFault> {
    let mut told = sitting.host.evidence(&key.on_token)?;
    told.always_authenticate = told.always_authenticate.or(key.on_token.always_authenticate);
    Ok(told)
}
