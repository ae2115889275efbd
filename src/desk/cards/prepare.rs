//! A card is prepared: what is still the factory's is replaced, and nothing else. Where the firmware does not tell what that is, its
//! person is asked; a wrong answer costs a try and is told as one.

use super::{CardDesk, no_pin, no_puk, not_its_pin, said};
use crate::desk::attention::Attention;
use crate::desk::keys::KeysFault;
use crate::operator::choice::{AskFault, choose};
use crate::operator::wording::{self, keys};
use crate::pin::Pin;
use crate::report::columns::sentence;
use crate::token::{Condition, OwnPin, PinTries, Preparation, Prepared, SecretState, TokenFault};

/// What came of it.
#[derive(Debug)]
pub struct Finished {
    /// How the card stood before.
    pub before: Condition,
    /// What was done; none where nothing was to do.
    pub done: Option<Prepared>,
}

/// Shows, asks, and lets the card be changed.
///
/// # Errors
/// Before anything was changed, or when the card did not say what it did.
pub fn prepare(desk: &mut CardDesk<'_, '_>) -> Result<Finished, KeysFault> {
    let before = desk.looked_at(said::THIS_CARD)?;
    let told = |secret: SecretState| secret.is_factory == Some(false);
    // A locked PUK stays what it is.
    let puk_is_done = told(before.puk) || before.puk.is_locked();
    if told(before.pin) && !before.pin.is_locked() && puk_is_done && before.management.is_ready() {
        let told = if before.puk.is_locked() { said::NOTHING_BUT_THE_PUK } else { said::NOTHING_TO_DO };
        sentence(desk.screen, 0, told)?;
        return Ok(Finished { before, done: None });
    }
    let token = desk.slot.name();
    // The PUK could unlock the PIN, unless it is locked as well: then nothing does.
    if before.pin.is_locked() && before.puk.is_locked() {
        return Err(TokenFault::PukLocked { token, sent: false }.into());
    }
    if before.pin.is_locked() {
        return Err(TokenFault::PinLocked { token, sent: false }.into());
    }
    show_what_is_to_do(desk, &before)?;
    let phrase = said::prepare_phrase(&desk.serial());
    desk.consent(&phrase)?;
    let preparation = asked(desk, &before).inspect_err(|_| tell_what_is_left(desk, &before))?;
    desk.screen.line(said::LEAVE_IT_IN)?;
    let done = desk.undisturbed(|desk| {
        let CardDesk { host, slot, person, screen } = desk;
        host.prepare(slot, preparation, &mut Attention { person: &mut **person, screen })
    });
    Ok(Finished { before, done: Some(done?) })
}

/// What she knows of the card and what it is to have; nothing is sent.
fn asked(desk: &mut CardDesk<'_, '_>, before: &Condition) -> Result<Preparation, KeysFault> {
    let new_pin = is_to_be_new(desk, before.pin, said::WHICH_PIN)?;
    // A locked PUK cannot be changed, and what is left to do does not need it.
    let new_puk = !before.puk.is_locked() && is_to_be_new(desk, before.puk, said::WHICH_PUK)?;
    if before.pin.left == Some(1) && before.pin.is_factory != Some(true) {
        desk.last_try(&wording::last_try(&desk.slot.name().to_string()))?;
    }
    if new_puk && before.puk.left == Some(1) && before.puk.is_factory != Some(true) {
        desk.last_try(said::LAST_PUK_TRY)?;
    }
    typed(desk, before, new_pin, new_puk)
}

/// She stopped, or typed nothing that will do: how the card stands, for whoever goes on.
fn tell_what_is_left(desk: &mut CardDesk<'_, '_>, before: &Condition) {
    let all = [
        (before.pin.is_factory, said::PIN),
        (before.puk.is_factory, said::PUK),
        (before.management.is_factory, said::MANAGEMENT_KEY),
    ];
    let still: Vec<&str> =
        all.into_iter().filter(|(is_factory, _)| *is_factory == Some(true)).map(|(_, what)| what).collect();
    // A screen that is gone is noticed where it matters.
    let _ = sentence(desk.screen, 0, &said::still_the_factorys(before.tells, &still.join(", ")));
}

/// The new secrets, typed twice each; the PIN that stays, once.
fn typed(
    desk: &mut CardDesk<'_, '_>,
    before: &Condition,
    new_pin: bool,
    new_puk: bool,
) -> Result<Preparation, KeysFault> {
    if new_pin || new_puk {
        desk.screen.line(said::DIGITS_ARE_SAFE)?;
    }
    let pin = if new_pin {
        OwnPin::New(desk.new_secret(said::NEW_PIN, no_pin)?)
    } else {
        if let Some(left) = before.pin.left {
            let tries = if left == 1 { PinTries::Last } else { PinTries::Left(left) };
            sentence(desk.screen, 0, &wording::tries(&tries.to_string()))?;
        }
        let prompt = keys::pin_prompt(&desk.slot.name().to_string(), said::TO_KEEP_THE_KEY);
        OwnPin::Kept(desk.own_secret(&prompt, not_its_pin)?)
    };
    let own: &Pin = match &pin {
        OwnPin::Kept(pin) | OwnPin::New(pin) => pin,
    };
    if new_puk {
        sentence(desk.screen, 0, said::WHAT_A_PUK_IS)?;
    }
    let puk = new_puk.then(|| desk.new_secret(said::NEW_PUK, |puk| no_puk(puk, own))).transpose()?;
    Ok(Preparation { pin, puk })
}

/// Whether the card still has the factory's; asked where it does not tell.
fn is_to_be_new(desk: &mut CardDesk<'_, '_>, secret: SecretState, question: &str) -> Result<bool, KeysFault> {
    if let Some(is_factory) = secret.is_factory {
        return Ok(is_factory);
    }
    let choices = [said::STILL_THE_FACTORYS, said::ITS_OWN].map(str::to_owned);
    let taken = choose(desk.person, desk.screen, question, &choices).map_err(|fault| match fault {
        AskFault::Screen(fault) => KeysFault::from(fault),
        AskFault::Operator(fault) => fault.into(),
    })?;
    desk.screen.blank()?;
    Ok(taken == 0)
}

fn show_what_is_to_do(desk: &mut CardDesk<'_, '_>, before: &Condition) -> Result<(), KeysFault> {
    let is_factory = |secret: SecretState| secret.is_factory == Some(true);
    let steps = [
        (is_factory(before.pin), said::A_PIN),
        (is_factory(before.puk) && !before.puk.is_locked(), said::A_PUK),
        (!before.tells, said::WHAT_IS_STILL),
        (!before.management.is_ready(), said::A_MANAGEMENT_KEY),
    ];
    sentence(desk.screen, 0, said::TO_DO)?;
    for (number, (_, step)) in (1..).zip(steps.into_iter().filter(|(is_due, _)| *is_due)) {
        sentence(desk.screen, 2, &format!("{number}. {step}"))?;
    }
    sentence(desk.screen, 0, said::FACTORY_IS_SENT)?;
    Ok(desk.screen.blank()?)
}
