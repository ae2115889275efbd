//! Every status word at every command that changes a card: what became of PIN, PUK and management key is told as it is, each secret is
//! sent once, and the next run ends what this one left.

use tuf_conclave::token::{
    Impatient, InSlot, OwnPin, PinUse, Preparation, Prepared, SignScheme, Spent, TokenFault, TouchUse,
};
use virtual_piv::Firmware;

use crate::codes::{WORDS, named};
use crate::stage::{Desk, PIN, card, pin};

const PUK: &str = "90817263";

/// Which of a preparation's commands ends so, what comes of it usually, and what of some words: the fault, and what became of PIN,
/// PUK and management key.
type Place = (&'static str, &'static str, &'static [(&'static [u16], &'static str)]);

const LEFT: &[u16] = &[0x63c1, 0x63c2, 0x63cf];
const NONE: &[u16] = &[0x63c0, 0x6983];
/// "More to come", and nothing comes: the crate takes that for success without data.
const MORE: &[u16] = &[0x6110];
const DONE: &str = "done New New New";

const PLACES: &[Place] = &[
    // The new PIN, and the look at it that follows, which a card that only said so does not stand.
    (
        "CHANGE nth=1",
        "NewSecretRefused Untouched Untouched Untouched",
        &[
            (LEFT, "PinIncorrect Untouched Untouched Untouched"),
            (NONE, "PinIncorrect Untouched Untouched Untouched"),
            (MORE, "PinIncorrect New Untouched Untouched"),
        ],
    ),
    // The new PUK. Nothing but a PUK's use shows whether a card that said so took it.
    (
        "CHANGE nth=2",
        "NewSecretRefused New Untouched Untouched",
        &[
            (LEFT, "PukIncorrect New Untouched Untouched"),
            (NONE, "PukLocked New Untouched Untouched"),
            (MORE, DONE),
        ],
    ),
    // The two halves by which card and program show each other the factory's management key.
    ("MANAGE nth=1", "Other New New Untouched", &[]),
    ("MANAGE nth=2", "Other New New Untouched", &[(MORE, "Protocol New New Untouched")]),
    // The new one: where it is kept, that it is used, where it is kept once more, and the note of it.
    ("PUT_DATA nth=1", "Other New New Untouched", &[]),
    ("SET_MANAGEMENT nth=1", "Other New New Untouched", &[]),
    ("PUT_DATA nth=2", "Other New New Untouched", &[(MORE, DONE)]),
    ("PUT_DATA nth=3", "Other New New Untouched", &[]),
];

fn preparation() -> Preparation {
    Preparation { pin: OwnPin::New(pin(PIN)), puk: Some(pin(PUK)) }
}

/// In one line what came of it.
fn told(came: &Result<Prepared, TokenFault>) -> String {
    match came {
        Err(fault) => format!("{} Untouched Untouched Untouched", named(fault)),
        Ok(Prepared { pin, puk, management, stopped }) => {
            let stopped = stopped.as_ref().map_or_else(|| "done".to_owned(), named);
            format!("{stopped} {pin:?} {puk:?} {management:?}")
        }
    }
}

#[test]
fn each_status_word_at_each_command_of_a_preparation_is_told_and_the_next_run_goes_on() {
    let mut desk = Desk::with(card(Firmware::V5_7_1));
    let mut wrong = Vec::new();
    for (rule, usually, but) in PLACES {
        for word in WORDS {
            desk.card.renew();
            let slot = desk.slot();
            let changes = desk.card.calls("CHANGE");
            desk.card.obey(&format!("{rule} sw={word:04x}"));
            let came = desk.host.prepare(&slot, preparation(), &mut Impatient);
            desk.card.obey("");
            let expected = but.iter().find(|(words, _)| words.contains(&word)).map_or(*usually, |(_, it)| it);
            let fault = came.as_ref().map_or_else(|fault| Some(fault.clone()), |done| done.stopped.clone());
            let is_in_words = fault.as_ref().is_none_or(|fault| {
                let said = fault.to_string();
                !said.is_empty() && !said.contains("answered YKPIV") && !fault.may_have_signed()
            });
            let is_counted = fault.as_ref().is_none_or(|fault| {
                (fault.tries_spent() == Spent::Yes)
                    == matches!(named(fault).as_str(), "PinIncorrect" | "PukIncorrect")
            });
            let sent = desk.card.calls("CHANGE") - changes;
            let is_sent_once = sent == if rule.starts_with("CHANGE nth=1") { 1 } else { 2 };
            if told(&came) != expected || !is_in_words || !is_counted || !is_sent_once || desk.host.is_over()
            {
                wrong.push(format!("{rule} {word:04x}: {}, {sent} changes, and not {expected}", told(&came)));
            }
            let has_own = (desk.card.has_pin(PIN), desk.card.has_puk(PUK));
            let is_true = match rule.strip_prefix("CHANGE nth=") {
                Some("1") => has_own == (false, false),
                Some(_) => has_own == (true, false),
                None => has_own == (true, true),
            };
            if !is_true {
                wrong.push(format!("{rule} {word:04x}: PIN and PUK are its own: {has_own:?}"));
            }
        }
        // Whatever the last word left is ended by another run, which is told what the card has.
        let slot = desk.slot();
        let condition = desk.host.condition(&slot).unwrap();
        let is_own = |state: Option<bool>| state == Some(false);
        let own = match is_own(condition.pin.is_factory) {
            true => OwnPin::Kept(pin(PIN)),
            false => OwnPin::New(pin(PIN)),
        };
        let puk = (!is_own(condition.puk.is_factory)).then(|| pin(PUK));
        let done = desk.host.prepare(&slot, Preparation { pin: own, puk }, &mut Impatient).unwrap();
        assert_eq!(done.stopped, None, "{rule}");
        assert!(desk.card.has_pin(PIN) && desk.card.has_puk(PUK), "{rule}");
        assert!(!desk.card.has_factory_management(), "{rule}");
        assert!(desk.host.condition(&slot).unwrap().management.is_ready(), "{rule}");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(30)].join("\n"));
}

#[test]
fn each_status_word_while_a_key_is_made_is_told_and_the_slot_is_as_it_was() {
    let mut desk = Desk::with(card(Firmware::V5_7_1));
    let slot = desk.slot();
    let kept = Preparation { pin: OwnPin::Kept(pin(PIN)), puk: None };
    assert_eq!(desk.host.prepare(&slot, kept, &mut Impatient).unwrap().stopped, None);
    let new = |over| InSlot { slot: 0x9c, pin: PinUse::Once, touch: TouchUse::Never, over };
    for word in WORDS {
        for (command, usually) in [("MANAGE", "NotItsOwn"), ("GENERATE", "Other")] {
            desk.login(PIN).unwrap();
            let before = desk.card.calls("GENERATE");
            desk.card.obey(&format!("{command} sw={word:04x}"));
            let fault = desk.host.make(SignScheme::EcdsaP256Sha256, new(false), &mut Impatient).unwrap_err();
            desk.card.obey("");
            let expected = match (command, word) {
                ("GENERATE", 0x6110) => "Protocol",
                _ => usually,
            };
            assert_eq!(named(&fault), expected, "{command} {word:04x}: {fault}");
            assert!(!fault.to_string().contains("answered YKPIV"), "{command} {word:04x}: {fault}");
            assert_eq!(
                desk.card.calls("GENERATE") - before,
                usize::from(command == "GENERATE"),
                "{word:04x}"
            );
            assert_eq!((desk.card.spki(0x9c), desk.card.pin_tries()), (None, 3), "{command} {word:04x}");
            assert!(!desk.host.is_over(), "{command} {word:04x}");
        }
    }
    desk.login(PIN).unwrap();
    desk.host.make(SignScheme::EcdsaP256Sha256, new(false), &mut Impatient).unwrap();
}
