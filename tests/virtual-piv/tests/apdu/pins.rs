//! PIN, PUK, management key, and what is told without them.

use virtual_piv::tlv::{find, tlv};
use virtual_piv::{Card, Cipher, DEFAULT_KEY, Firmware};

use crate::client::{ask, authenticate, block, encrypted_3des, manage, select, sent, tries, verify};

fn card() -> Card {
    let card = Card::new(Firmware::V5_7_1, 12_345_678);
    select(&card);
    card
}

#[test]
fn nothing_is_answered_before_the_applet_is_selected() {
    let card = Card::new(Firmware::V5_7_1, 1);
    for instruction in [0x20, 0x87, 0xcb, 0xf7, 0xf8, 0xfd] {
        assert_eq!(ask(&card, instruction, 0, 0x80, &[]).1, 0x6d00, "{instruction:02x}");
    }
    assert_eq!(ask(&card, 0xa4, 4, 0, b"\xa0\0\0\x03\x97BTFY").1, 0x6a82, "no such applet");
}

#[test]
fn each_firmware_tells_its_version_and_serial_where_clients_look_for_it() {
    for firmware in Firmware::ALL {
        let card = Card::new(firmware, 0x0102_0304);
        select(&card);
        assert_eq!(ask(&card, 0xfd, 0, 0, &[]), (firmware.version.to_vec(), 0x9000));
        let told = ask(&card, 0xf8, 0, 0, &[]);
        if firmware.tells_serial {
            assert_eq!(told, (vec![1, 2, 3, 4], 0x9000), "{firmware}");
        } else {
            assert_eq!(told.1, 0x6d00, "{firmware}");
            assert_eq!(ask(&card, 0xa4, 4, 0, b"\xa0\0\0\x05\x27\x20\x01\x01").1, 0x9000);
            assert_eq!(ask(&card, 0x01, 0x10, 0, &[]), (vec![1, 2, 3, 4], 0x9000));
        }
        assert_eq!(Firmware::named(&firmware.to_string()), Some(firmware));
    }
}

#[test]
fn asking_for_the_tries_costs_none() {
    let card = card();
    for _ in 0..10 {
        assert_eq!(tries(&card), 0x63c3);
    }
    assert_eq!(verify(&card, "123456"), 0x9000);
    assert_eq!(tries(&card), 0x9000, "once verified there is nothing to tell");
    select(&card);
    assert_eq!(tries(&card), 0x63c3, "selected anew it tells again");
}

#[test]
fn three_wrong_pins_lock_it_and_the_puk_opens_it_again() {
    let card = card();
    assert_eq!(
        [verify(&card, "000000"), verify(&card, "000000"), verify(&card, "000000")],
        [0x63c2, 0x63c1, 0x6983]
    );
    assert_eq!(verify(&card, "123456"), 0x6983, "the right one is too late");
    assert_eq!(tries(&card), 0x6983);
    let told = |puk: &str, pin: &str| ask(&card, 0x2c, 0, 0x80, &[block(puk), block(pin)].concat()).1;
    assert_eq!(told("00000000", "654321"), 0x63c2, "a wrong PUK costs one of its own");
    assert_eq!(told("12345678", "65432"), 0x6a80, "too short a PIN");
    assert_eq!(told("12345678", "654321"), 0x9000);
    assert_eq!(verify(&card, "654321"), 0x9000);
    assert_eq!((card.pin_tries(), card.puk_tries()), (3, 3));
}

#[test]
fn a_pin_of_five_digits_costs_a_try_and_one_of_another_length_on_the_wire_none() {
    let card = card();
    assert_eq!(verify(&card, "12345"), 0x63c2);
    assert_eq!(ask(&card, 0x20, 0, 0x80, b"123456").1, 0x6a80);
    assert_eq!(card.pin_tries(), 2);
}

#[test]
fn a_new_pin_or_puk_wants_the_old_one() {
    let card = card();
    let change =
        |what: u8, old: &str, new: &str| ask(&card, 0x24, 0, what, &[block(old), block(new)].concat()).1;
    assert_eq!(change(0x80, "111111", "654321"), 0x63c2);
    assert_eq!(change(0x80, "123456", "654321"), 0x9000);
    assert_eq!(change(0x81, "11111111", "87654321"), 0x63c2);
    assert_eq!(change(0x81, "12345678", "87654321"), 0x9000);
    assert_eq!(verify(&card, "654321"), 0x9000);
    assert_eq!(change(0x82, "123456", "654321"), 0x6a88, "there is no such PIN");
}

#[test]
fn rights_go_with_another_selection_and_with_the_power() {
    let card = card();
    assert_eq!(verify(&card, "123456"), 0x9000);
    assert_eq!(ask(&card, 0x20, 0xff, 0x80, &[]).1, 0x9000, "given back");
    assert_eq!(tries(&card), 0x63c3);
    assert_eq!(verify(&card, "123456"), 0x9000);
    assert_eq!(ask(&card, 0xa4, 4, 0, b"\xa0\0\0\x03\x97BTFY").1, 0x6a82);
    assert_eq!(tries(&card), 0x9000, "an applet that is not there changes nothing");
    card.power_off();
    assert_eq!(tries(&card), 0x6d00);
}

#[test]
fn the_management_key_is_proven_in_both_ways_with_each_cipher() {
    for (cipher, firmware) in [(Cipher::TripleDes, Firmware::V5_4_3), (Cipher::Aes192, Firmware::V5_7_1)] {
        let card = Card::new(firmware, 1);
        select(&card);
        manage(&card, cipher);
        let other = if cipher == Cipher::Aes192 { Cipher::TripleDes } else { Cipher::Aes192 };
        assert_eq!(authenticate(&card, other, &DEFAULT_KEY), 0x6a80, "the other cipher");
        assert_eq!(authenticate(&card, cipher, &[9; 24]), 0x6982, "a wrong key");
    }
    let card = Card::new(Firmware::V4_3_5, 1);
    select(&card);
    let (told, _) = ask(&card, 0x87, 3, 0x9b, &[0x7c, 2, 0x81, 0]);
    let challenge = find(find(&told, 0x7c).unwrap(), 0x81).unwrap();
    let response = encrypted_3des(&DEFAULT_KEY, challenge);
    let answer = tlv(&[0x7c], &tlv(&[0x82], &response));
    assert_eq!(ask(&card, 0x87, 3, 0x9b, &answer).1, 0x9000);
    assert_eq!(ask(&card, 0x87, 3, 0x9b, &answer).1, 0x6982, "a challenge serves once");
}

#[test]
fn another_management_key_takes_the_place_of_the_first() {
    let card = card();
    let set = |number: u8, key: &[u8]| {
        let length = u8::try_from(key.len()).unwrap();
        ask(&card, 0xff, 0xff, 0xff, &[&[number, 0x9b, length], key].concat()).1
    };
    assert_eq!(set(0x0c, &[7; 32]), 0x6982, "not without the first");
    manage(&card, Cipher::Aes192);
    assert_eq!(set(0x0c, &[7; 24]), 0x6a80, "too short for its cipher");
    assert_eq!(set(0x0c, &[7; 32]), 0x9000);
    assert_eq!(authenticate(&card, Cipher::Aes256, &[7; 32]), 0x9000);
    let old = Card::new(Firmware::V5_2_4, 1);
    select(&old);
    manage(&old, Cipher::TripleDes);
    assert_eq!(
        ask(&old, 0xff, 0xff, 0xff, &[&[0x0a, 0x9b, 24][..], &[7; 24]].concat()).1,
        0x6a80,
        "no AES yet"
    );
}

#[test]
fn tries_are_set_by_whoever_has_both_rights_and_bring_back_the_first_pins() {
    let card = card();
    card.set_pin("654321");
    assert_eq!(ask(&card, 0xfa, 5, 8, &[]).1, 0x6982);
    manage(&card, Cipher::Aes192);
    assert_eq!(ask(&card, 0xfa, 5, 8, &[]).1, 0x6982, "the PIN is missing yet");
    assert_eq!(verify(&card, "654321"), 0x9000);
    assert_eq!(ask(&card, 0xfa, 5, 8, &[]).1, 0x9000);
    assert_eq!((card.pin_tries(), card.puk_tries()), (5, 8));
    select(&card);
    assert_eq!(verify(&card, "123456"), 0x9000);
}

#[test]
fn a_card_is_reset_only_once_nobody_can_open_it() {
    let card = card();
    card.generate(
        0x9c,
        virtual_piv::Algorithm::P256,
        virtual_piv::PinPolicy::Once,
        virtual_piv::TouchPolicy::Never,
    );
    card.leave_pin_tries(0);
    assert_eq!(ask(&card, 0xfb, 0, 0, &[]).1, 0x6985, "the PUK is left");
    for _ in 0..3 {
        ask(&card, 0x2c, 0, 0x80, &[block("00000000"), block("654321")].concat());
    }
    assert_eq!(ask(&card, 0xfb, 0, 0, &[]).1, 0x9000);
    assert_eq!((card.pin_tries(), card.spki(0x9c)), (3, None));
}

#[test]
fn metadata_tells_tries_and_defaults_where_the_firmware_has_it() {
    let card = card();
    let told = |what: u8| ask(&card, 0xf7, 0, what, &[]);
    assert_eq!(told(0x80).0, [1, 1, 0xff, 5, 1, 1, 6, 2, 3, 3]);
    verify(&card, "000000");
    card.set_pin("654321");
    card.leave_pin_tries(2);
    assert_eq!(told(0x80).0, [1, 1, 0xff, 5, 1, 0, 6, 2, 3, 2]);
    assert_eq!(told(0x9b).0, [1, 1, 0x0a, 2, 2, 0, 1, 5, 1, 1]);
    assert_eq!(told(0x9c).1, 0x6a88, "an empty slot");
    let old = Card::new(Firmware::V5_2_4, 1);
    select(&old);
    assert_eq!(ask(&old, 0xf7, 0, 0x80, &[]).1, 0x6d00);
}

#[test]
fn a_command_that_makes_no_sense_is_refused_and_the_next_one_is_fine() {
    let card = card();
    assert_eq!(sent(&card, &[0, 0x20, 0]).1, 0x6700);
    assert_eq!(sent(&card, &[0, 0x20, 0, 0x80, 9, 1]).1, 0x6700);
    assert_eq!(ask(&card, 0xcb, 0x3f, 0xff, &[]).1, 0x6a80);
    assert_eq!(verify(&card, "123456"), 0x9000);
}
