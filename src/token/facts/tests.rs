//! Tokens for tests of this room, and what is told of one.

use super::*;

pub(crate) fn a_module() -> ModuleFacts {
    ModuleFacts { manufacturer: "Maker".into(), description: "Library".into(), version: (2, 6) }
}

pub(crate) fn a_slot(slot: u64, label: &str, serial: &str) -> SlotFacts {
    SlotFacts {
        slot,
        description: format!("Reader {slot}"),
        manufacturer: "Readers Ltd".into(),
        hardware: true,
        token: Some(TokenFacts {
            label: label.into(),
            manufacturer: "Maker".into(),
            model: "M1".into(),
            serial: serial.into(),
            hardware_version: None,
            firmware: Some("1.2".into()),
            initialized: true,
            login_required: true,
            pin_initialized: true,
            pin_to_be_changed: false,
            puk_locked: false,
            keypad: false,
            tries: PinTries::Unsaid,
            pin_min: 4,
            pin_max: 8,
        }),
        keys: Vec::new(),
        trouble: None,
    }
}

#[test]
fn a_pin_outside_the_stated_length_is_impossible() {
    let mut token = a_slot(1, "a", "b").token.unwrap();
    for (length, possible) in [(0, false), (3, false), (4, true), (8, true), (9, false)] {
        assert_eq!(token.allows_pin_length(length), possible, "length {length}");
    }
    (token.pin_min, token.pin_max) = (8, 4);
    assert!(token.allows_pin_length(1), "contradicting limits are not stated limits");
    assert!(!token.allows_pin_length(0), "an empty PIN is never sent");
    (token.pin_min, token.pin_max) = (0, 0);
    assert!(token.allows_pin_length(300));
}
