//! The last look before a PIN is sent: everything that can be known to be hopeless ends here and costs no try.

use super::entry::Entry;
use super::facts::{PinTries, TokenFacts, TokenName};
use super::fault::TokenFault;

/// What is about to open the token.
#[derive(Debug, Clone, Copy)]
pub(super) enum Offered {
    /// A PIN of so many bytes.
    Pin { length: usize },
    /// Its own keypad.
    Keypad,
}

impl Offered {
    pub(super) fn of(entry: &Entry) -> Self {
        match entry {
            Entry::Pin(pin) => Self::Pin { length: pin.len() },
            Entry::Keypad => Self::Keypad,
        }
    }
}

/// The token's name for messages, if this may be tried on it.
///
/// `token` is what the slot holds now, `expected` what was listed in it; both are absent for a token that cannot
/// tell, which was then chosen by its slot alone.
///
/// # Errors
/// A fault whose [`TokenFault::tries_spent`] is always `No`.
pub(super) fn before_login(
    token: Option<&TokenFacts>,
    expected: Option<&TokenName>,
    slot: u64,
    entry: Offered,
) -> Result<TokenName, TokenFault> {
    let name = TokenName::of(token, slot);
    if expected != token.map(|_| &name) {
        let unread = || TokenName::of(None, slot);
        return Err(TokenFault::TokenChanged {
            expected: expected.cloned().unwrap_or_else(unread),
            found: name,
        });
    }
    let Some(token) = token else { return Ok(name) };
    if token.tries == PinTries::Locked {
        return Err(TokenFault::PinLocked { token: name, sent: false });
    }
    if !token.pin_initialized {
        return Err(TokenFault::PinNotSet { token: name });
    }
    match entry {
        Offered::Keypad if !token.keypad => Err(TokenFault::NoKeypad { token: name }),
        Offered::Pin { .. } if token.keypad => Err(TokenFault::KeypadOnly { token: name }),
        Offered::Pin { length } if !token.allows_pin_length(length) => {
            let (min, max) = (token.pin_min, token.pin_max);
            Err(TokenFault::PinLength { token: name, min, max, sent: false })
        }
        Offered::Keypad | Offered::Pin { .. } => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::tests::a_slot;
    use super::super::fault::Spent;
    use super::*;

    const SIX: Offered = Offered::Pin { length: 6 };

    #[test]
    fn each_hopeless_login_ends_before_the_pin_and_costs_nothing() {
        type Change = fn(&mut TokenFacts);
        type Expected = fn(&TokenFault) -> bool;
        let cases: [(Change, Expected); 6] = [
            (|t| t.tries = PinTries::Locked, |f| matches!(f, TokenFault::PinLocked { sent: false, .. })),
            (|t| t.pin_initialized = false, |f| matches!(f, TokenFault::PinNotSet { .. })),
            (|t| t.keypad = true, |f| matches!(f, TokenFault::KeypadOnly { .. })),
            (|t| t.pin_min = 7, |f| matches!(f, TokenFault::PinLength { min: 7, max: 8, sent: false, .. })),
            (|t| t.serial = "02".into(), |f| matches!(f, TokenFault::TokenChanged { .. })),
            (|t| t.label = "bob".into(), |f| matches!(f, TokenFault::TokenChanged { .. })),
        ];
        let listed = a_slot(7, "alice", "01");
        for (number, (change, expected)) in cases.into_iter().enumerate() {
            let mut now = listed.token.clone().unwrap();
            assert_eq!(before_login(Some(&now), Some(&listed.name()), 7, SIX).unwrap(), listed.name());
            change(&mut now);
            let fault = before_login(Some(&now), Some(&listed.name()), 7, SIX).unwrap_err();
            assert!(expected(&fault), "case {number}: {fault}");
            assert_eq!(fault.tries_spent(), Spent::No);
        }
    }

    #[test]
    fn a_token_chosen_by_slot_alone_must_stay_one_that_tells_nothing() {
        let listed = a_slot(7, "alice", "01");
        assert_eq!(before_login(None, None, 7, SIX).unwrap().to_string(), "\"slot 7\"");
        for (now, expected) in [(None, Some(listed.name())), (listed.token.clone(), None)] {
            let fault = before_login(now.as_ref(), expected.as_ref(), 7, SIX).unwrap_err();
            assert!(matches!(fault, TokenFault::TokenChanged { .. }), "{fault}");
        }
    }
}
