//! What she is told of PINs before the first one: how many signatures, how often it is asked for, and what her keyboard types. A
//! wrong PIN from a keyboard with another layout costs a try, and a visible line that is no PIN costs none.

use tuf_ceremony::key::Fingerprint;

use super::answers;
use crate::desk::ask::OpenToken;
use crate::desk::attention::Attention;
use crate::desk::{DeskFault, plain};
use crate::operator::secret::SecretFault;
use crate::operator::wording::{self, visiting as said};
use crate::report::columns::sentence;
use crate::token::keyfile::KeyFileFault;
use crate::token::{PinTries, TokenFault};

/// What was told and asked of PINs in this visit.
pub struct Pins {
    /// Signatures that are still to come.
    pub left: usize,
    asked: usize,
    ready: bool,
}

impl Pins {
    /// Before anything was asked.
    pub(in crate::desk) fn new(left: usize) -> Pins {
        Pins { left, asked: 0, ready: false }
    }

    /// The next PIN is the first one again.
    pub(in crate::desk) fn begin_again(&mut self) {
        self.asked = 0;
    }
}

impl OpenToken<'_> {
    /// So many signatures are made, or will not be.
    pub(in crate::desk) fn fewer(&mut self, signatures: usize) {
        if let Some(pins) = self.pins.as_mut() {
            pins.left = pins.left.saturating_sub(signatures);
        }
    }

    /// Before the first PIN of a visit; once.
    pub(in crate::desk) fn make_ready(
        &mut self,
        key: Fingerprint,
        with: &mut Attention<'_, '_>,
    ) -> Result<(), DeskFault> {
        let Some(pins) = self.pins.as_mut().filter(|pins| !pins.ready) else { return Ok(()) };
        pins.ready = true;
        let signatures = pins.left;
        let asked = match (self.signer.tells_how_often(key), self.signer.asks_each_time(key)) {
            (_, true) if self.signer.opens_for_first() => Some(signatures),
            (_, true) => Some(signatures + 1),
            (true, false) => Some(1),
            (false, false) => None,
        };
        let types = !self.signer.has_keypad() && with.person.types_secrets();
        if types {
            let secret = self.signer.opened_by();
            sentence(with.screen, 0, &said::what_is_asked(signatures, asked, secret))?;
        } else {
            sentence(with.screen, 0, &said::signatures_follow(signatures))?;
        }
        if !self.signer.is_software() {
            sentence(with.screen, 0, said::TOUCH_IT)?;
        }
        with.screen.blank()?;
        if types { practise(with) } else { Ok(()) }
    }

    /// Whether she types the PIN that opens the token once more, after one that was wrong or could not be right. It was told and
    /// stored what came of the attempt before; this is another one.
    pub(in crate::desk) fn tries_again(
        &mut self,
        fault: &DeskFault,
        with: &mut Attention<'_, '_>,
    ) -> Result<bool, DeskFault> {
        let Some(pins) = self.pins.as_mut().filter(|_| !self.opened) else { return Ok(false) };
        let told = match fault {
            DeskFault::Token(TokenFault::PinIncorrect { after: PinTries::Locked, .. }) => return Ok(false),
            DeskFault::Token(TokenFault::PinIncorrect { .. }) => wording::TOKEN_FAILED_TRY_USED,
            DeskFault::Token(TokenFault::PinLength { sent: false, .. } | TokenFault::FactoryPin { .. })
            | DeskFault::Secret(
                SecretFault::Empty
                | SecretFault::NotPrintable
                | SecretFault::TooLong
                | SecretFault::OneTimePassword,
            ) => wording::PIN_NOT_SENT,
            DeskFault::KeyFile(KeyFileFault::WrongPassphrase) if with.person.types_secrets() => {
                wording::keys::KEY_FILE_CLOSED
            }
            _ => return Ok(false),
        };
        pins.asked = 0;
        with.screen.blank()?;
        sentence(with.screen, 0, told)?;
        sentence(with.screen, 2, &fault.to_string())?;
        Ok(answers::pick(said::WHAT_NOW, [said::PIN_AGAIN, said::STOP_IS_SAFE], with)? == 0)
    }

    /// Which of the PINs this is.
    pub(in crate::desk) fn count_pin(
        &mut self,
        key: Fingerprint,
        with: &mut Attention<'_, '_>,
    ) -> Result<(), DeskFault> {
        let each = self.signer.asks_each_time(key);
        let first = self.signer.opens_for_first();
        let (opened, keypad) = (self.opened, self.signer.has_keypad());
        let Some(pins) = self.pins.as_mut() else { return Ok(()) };
        pins.asked += 1;
        let after = match (each, opened) {
            (true, false) if !first => pins.left,
            (true, _) => pins.left.saturating_sub(1),
            (false, _) => 0,
        };
        let (number, of) = (pins.asked, pins.asked + after);
        if number > 1 && !keypad {
            sentence(with.screen, 0, &said::pin_of_pins(number, of))?;
        }
        Ok(())
    }
}

/// A visible line with what differs between keyboards.
pub(super) fn practise(with: &mut Attention<'_, '_>) -> Result<(), DeskFault> {
    sentence(with.screen, 0, said::PRACTICE)?;
    loop {
        with.screen.line(&said::practice_line())?;
        let typed = with.person.type_back(said::YOUR_KEYBOARD, said::PRACTICE_LINE)?;
        let typed = typed.trim();
        if typed == said::PRACTICE_LINE {
            sentence(with.screen, 0, said::KEYBOARD_IS_RIGHT)?;
            return Ok(with.screen.blank()?);
        }
        match plain(typed).as_str() {
            said::GO_ON_ANYWAY => return Ok(with.screen.blank()?),
            "no" | "stop" => return Err(DeskFault::StoppedHere),
            _ => sentence(with.screen, 0, &difference(typed))?,
        }
    }
}

/// Where what was typed differs.
fn difference(typed: &str) -> String {
    let (wanted, found) = (said::PRACTICE_LINE.chars(), typed.chars());
    if wanted.clone().count() != found.clone().count() {
        return said::another_length(found.count(), wanted.count());
    }
    let mut pairs: Vec<String> = Vec::new();
    for (wanted, found) in wanted.zip(found).filter(|(wanted, found)| wanted != found) {
        let pair = said::came_out(wanted, found);
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    said::keyboard_differs(&pairs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_that_types_another_character_is_named_once() {
        let german = said::PRACTICE_LINE.replace('y', "#").replace('z', "y").replace('#', "z");
        let told = difference(&german);
        assert!(
            told.contains("\"y\" came out as \"z\"") && told.contains("\"z\" came out as \"y\""),
            "{told}"
        );
        assert_eq!(told.matches("came out").count(), 2, "{told}");
        assert!(difference("yz").contains("2 characters"), "{}", difference("yz"));
    }
}
