//! Every status word at every command that this program sends to a card that is looked at, opened and asked to sign. What each
//! must lead to stands in [`PLACES`]: a typed outcome in words, no PIN that was not asked for, and the card signs afterwards.

use tuf_conclave::token::{Entry, Impatient, SlotFacts, Spent, TokenFault, TokenKey};
use virtual_piv::{Algorithm, Firmware, PinPolicy, TouchPolicy};

use crate::stage::{Desk, PIN, pin, verifies};

/// Those of ISO 7816-4 and SP 800-73-4 part 2, those that the maker uses, and some that nobody has.
pub const WORDS: [u16; 26] = [
    0x6110, 0x6285, 0x6300, 0x63c0, 0x63c1, 0x63c2, 0x63cf, 0x6700, 0x6882, 0x6982, 0x6983, 0x6984, 0x6985,
    0x6986, 0x6a80, 0x6a81, 0x6a82, 0x6a84, 0x6a86, 0x6a88, 0x6b00, 0x6d00, 0x6e00, 0x6f00, 0x1234, 0xffff,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flow {
    List,
    Login,
    Sign,
    SignWithPin,
    Evidence,
    Attest,
}

/// What a word leads to.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// Everything goes on, with so many PINs sent.
    Fine(usize),
    /// The list goes on, and tells it beside the card.
    Told,
    /// A fault before any PIN was sent.
    Before,
    /// The PIN was sent, and this is what became of it.
    Pin(&'static str, Spent),
    /// This fault of a signature, with so many PINs sent, and whether there may be a signature.
    Unsigned(usize, &'static str, bool),
    /// The PIN counted, and the signature was refused for want of a right.
    Refused,
}

use Outcome::{Before, Fine, Pin, Refused, Told, Unsigned};

type But = &'static [(&'static [u16], Outcome)];

const LEFT: &[u16] = &[0x63c1, 0x63c2, 0x63cf];
const NONE: But = &[];
/// "More to come", and nothing comes: the crate takes that for an empty answer.
const MORE: &[u16] = &[0x6110];
const OF_PIN: But = &[
    (MORE, Fine(1)),
    (LEFT, Pin("PinIncorrect", Spent::Yes)),
    (&[0x63c0, 0x6983], Pin("PinLocked", Spent::Unknown)),
];
const OF_OWN_PIN: But = &[
    (MORE, Refused),
    (LEFT, Pin("PinIncorrect", Spent::Yes)),
    (&[0x63c0, 0x6983], Pin("PinLocked", Spent::Unknown)),
];
const UNTOLD: Outcome = Pin("Other", Spent::Unknown);

/// Which of the two ways in which firmware tells of its keys, what is asked, at which command, and what comes of it.
const PLACES: &[(bool, Flow, &str, Outcome, But)] = &[
    // With metadata.
    (true, Flow::List, "SELECT", Told, NONE),
    (true, Flow::List, "VERSION", Told, NONE),
    (true, Flow::List, "SERIAL", Told, NONE),
    (true, Flow::List, "METADATA", Told, NONE),
    (true, Flow::Login, "SELECT", Before, NONE),
    (true, Flow::Login, "VERSION", Before, NONE),
    (true, Flow::Login, "SERIAL", Before, NONE),
    (true, Flow::Login, "METADATA", Before, NONE),
    (true, Flow::Login, "VERIFY", UNTOLD, OF_PIN),
    (true, Flow::Sign, "SIGN", Unsigned(0, "Other", true), &[(&[0x6982], Unsigned(0, "NotLoggedIn", false))]),
    (true, Flow::SignWithPin, "METADATA", Before, NONE),
    (true, Flow::SignWithPin, "VERIFY", UNTOLD, OF_OWN_PIN),
    (true, Flow::SignWithPin, "SIGN", Unsigned(1, "Other", true), &[(&[0x6982], Refused)]),
    (true, Flow::Evidence, "METADATA", Before, &[(&[0x6a88], Fine(0))]),
    // No certificate is none, whatever the reason.
    (true, Flow::Attest, "ATTEST", Fine(0), &[(MORE, Before)]),
    (true, Flow::Attest, "GET_DATA", Fine(0), NONE),
    // Without: the tries by a question, the keys by their attestations and certificates.
    (false, Flow::List, "SELECT", Told, NONE),
    (false, Flow::List, "VERSION", Told, NONE),
    (false, Flow::List, "SERIAL", Told, NONE),
    (false, Flow::List, "TRIES", Told, &[(LEFT, Fine(0)), (&[0x6110, 0x63c0, 0x6983], Fine(0))]),
    (false, Flow::List, "ATTEST", Fine(0), &[(MORE, Told)]),
    (false, Flow::List, "GET_DATA", Fine(0), NONE),
    (false, Flow::Login, "SELECT", Before, NONE),
    (false, Flow::Login, "VERSION", Before, NONE),
    (false, Flow::Login, "SERIAL", Before, NONE),
    (false, Flow::Login, "TRIES", Before, &[(LEFT, Fine(1))]),
    (false, Flow::Login, "ATTEST", Fine(1), &[(MORE, Before)]),
    (false, Flow::Login, "GET_DATA", Fine(1), NONE),
    (false, Flow::Login, "VERIFY", UNTOLD, OF_PIN),
    (
        false,
        Flow::Sign,
        "SIGN",
        Unsigned(0, "Other", true),
        &[(&[0x6982], Unsigned(0, "NotLoggedIn", false))],
    ),
    (false, Flow::SignWithPin, "SELECT", Before, NONE),
    (false, Flow::SignWithPin, "TRIES", Before, &[(LEFT, Fine(1))]),
    (false, Flow::SignWithPin, "VERIFY", UNTOLD, OF_OWN_PIN),
    (false, Flow::SignWithPin, "SIGN", Unsigned(1, "Other", true), &[(&[0x6982], Refused)]),
    (false, Flow::Evidence, "ATTEST", Fine(0), &[(MORE, Before)]),
    (false, Flow::Attest, "ATTEST", Fine(0), &[(MORE, Before)]),
    (false, Flow::Attest, "GET_DATA", Fine(0), NONE),
];

/// All words at all places of one firmware.
fn each(firmware: Firmware, has_metadata: bool) {
    let mut wrong = Vec::new();
    for policy in [PinPolicy::Once, PinPolicy::Always] {
        let mut desk = Desk::with_key(firmware, Algorithm::P256, policy, TouchPolicy::Never);
        let slot = desk.slot();
        for (_, flow, command, usually, but) in PLACES.iter().filter(|(told, flow, ..)| {
            *told == has_metadata && (*flow == Flow::SignWithPin) == (policy == PinPolicy::Always)
        }) {
            for word in WORDS {
                let key = opened(&mut desk, &slot);
                let before = (desk.card.calls(command), desk.card.calls("VERIFY"));
                desk.card.obey(&format!("{command} sw={word:04x}"));
                let came = ask(&mut desk, *flow, &slot, &key);
                desk.card.obey("");
                let sent = desk.card.calls("VERIFY") - before.1;
                let expected = but.iter().find(|(words, _)| words.contains(&word));
                let expected = expected.map_or(*usually, |(_, outcome)| *outcome);
                if desk.card.calls(command) == before.0 {
                    wrong.push(format!("{flow:?} {command} {word:04x}: the command was not sent"));
                }
                if !is(&came, expected, sent) || desk.host.is_over() || desk.card.pin_tries() != 3 {
                    wrong.push(format!(
                        "{flow:?} {command} {word:04x}: {sent} PINs, {came:?} and not {expected:?}"
                    ));
                }
            }
        }
        let key = opened(&mut desk, &slot);
        let again = (policy == PinPolicy::Always).then_some(PIN);
        assert!(verifies(&key, &desk.sign(&key, again).unwrap()), "the card signs after all of it");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
}

fn opened(desk: &mut Desk, slot: &SlotFacts) -> TokenKey {
    let login = desk.host.login(slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    login.keys.into_iter().find(|key| key.id == [0x9c]).unwrap()
}

/// The troubles that a list told, or nothing; or a fault.
fn ask(desk: &mut Desk, flow: Flow, slot: &SlotFacts, key: &TokenKey) -> Result<Vec<String>, TokenFault> {
    match flow {
        Flow::List => {
            desk.host.list().map(|slots| slots.into_iter().filter_map(|slot| slot.trouble).collect())
        }
        Flow::Login => desk.host.login(slot, Entry::Pin(pin(PIN)), &mut Impatient).map(|_| Vec::new()),
        Flow::Sign => desk.sign(key, None).map(|_| Vec::new()),
        Flow::SignWithPin => desk.sign(key, Some(PIN)).map(|_| Vec::new()),
        Flow::Evidence => desk.host.evidence(key).map(|_| Vec::new()),
        Flow::Attest => desk.host.attestation(key).map(|_| Vec::new()),
    }
}

fn is(came: &Result<Vec<String>, TokenFault>, expected: Outcome, sent: usize) -> bool {
    let in_words = |told: &str| !told.is_empty() && !told.contains("answered YKPIV");
    match (came, expected) {
        (Ok(troubles), Fine(pins)) => troubles.is_empty() && sent == pins,
        (Ok(troubles), Told) => troubles.len() == 1 && in_words(&troubles[0]) && sent == 0,
        (Err(fault), Before) => {
            in_words(&fault.to_string())
                && sent == 0
                && fault.tries_spent() == Spent::No
                && !fault.may_have_signed()
        }
        (Err(fault), Pin(name, spent)) => {
            named(fault) == name
                && in_words(&fault.to_string())
                && sent == 1
                && fault.tries_spent() == spent
                && !fault.may_have_signed()
        }
        (Err(fault), Unsigned(pins, name, may_have_signed)) => {
            named(fault) == name
                && in_words(&fault.to_string())
                && sent == pins
                && fault.tries_spent() == Spent::No
                && fault.may_have_signed() == may_have_signed
        }
        // The PIN or the touch: where the card does not tell which the key wants, the one that it got is not asked for again.
        (Err(fault), Refused) => {
            matches!(named(fault).as_str(), "NotLoggedIn" | "TouchMissed")
                && sent == 1
                && fault.tries_spent() == Spent::No
                && !fault.may_have_signed()
        }
        _ => false,
    }
}

pub fn named(fault: &TokenFault) -> String {
    format!("{fault:?}").split([' ', '(']).next().unwrap().to_owned()
}

#[test]
fn each_status_word_at_an_unblock_is_told_and_sends_the_puk_once() {
    let mut desk = Desk::plain();
    let slot = desk.slot();
    let (puk, new) = ("12345678", PIN);
    for word in WORDS {
        let before = (desk.card.calls("UNBLOCK"), desk.card.calls("VERIFY"));
        desk.card.obey(&format!("UNBLOCK sw={word:04x}"));
        let came = desk.host.unblock(&slot, &pin(puk), &pin(new), &mut Impatient);
        desk.card.obey("");
        assert_eq!(desk.card.calls("UNBLOCK") - before.0, 1, "{word:04x}");
        assert_eq!(desk.card.calls("VERIFY"), before.1, "{word:04x}: no PIN was asked for");
        match (word, came) {
            // It says that it was done.
            (0x6110, Ok(_)) => {}
            (0x63c1 | 0x63c2 | 0x63cf, Err(fault)) => {
                assert!(matches!(fault, TokenFault::PukIncorrect { .. }), "{word:04x}: {fault}");
            }
            (0x63c0 | 0x6983, Err(fault)) => {
                assert!(matches!(fault, TokenFault::PukLocked { sent: true, .. }), "{word:04x}: {fault}");
            }
            (_, Err(fault)) => {
                assert!(
                    matches!(fault, TokenFault::NewSecretRefused { .. } | TokenFault::Other { .. }),
                    "{word:04x}: {fault}"
                );
            }
            (_, Ok(told)) => panic!("{word:04x}: {told:?}"),
        }
        assert!(!desk.host.is_over() && desk.card.puk_tries() == 3, "{word:04x}");
    }
    desk.host.unblock(&slot, &pin(puk), &pin(new), &mut Impatient).unwrap();
    let key = opened(&mut desk, &slot);
    assert!(verifies(&key, &desk.sign(&key, None).unwrap()), "the card signs after all of it");
}

#[test]
fn each_status_word_at_each_command_is_told_and_costs_what_is_said() {
    each(Firmware::V5_7_1, true);
}

#[test]
fn each_status_word_of_older_firmware_too() {
    each(Firmware::V4_3_5, false);
}
