//! A ceremony signed with a card whose key wants its PIN right before each signature, and perhaps a touch: how often the PIN is
//! typed, what the card is sent, and what is said of touches by firmware that does not tell.

use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, TouchPolicy};

use crate::homes::Room;
use crate::stage::{PIN, card};
use crate::talk::Talk;

/// A ceremony of two drafts that wait for the key in 9c of this card.
fn opened(card: Card) -> Room {
    let room = Room::of(card);
    let words = [
        "key",
        "card",
        "--holder",
        "Anna Berg",
        "--token",
        "piv:serial=12345678;slot=9c",
        "--out",
        "anna.key.json",
    ];
    let (code, said) = Talk::start(&room.station, room.path(), &words).agreeing(PIN);
    assert_eq!(code, 0, "{said}");
    room.planned();
    let plan = room.path().join("one.plan.toml");
    let targets = r#"
[targets]
version = 1
expires = "2027-09-05T00:00:00Z"
add = { "app.txt" = "app.txt" }
"#;
    std::fs::write(room.path().join("app.txt"), "The first release.\n").unwrap();
    std::fs::write(&plan, std::fs::read_to_string(&plan).unwrap() + targets).unwrap();
    room.said(0, &["open", "--date", "2027-03-05", "--one-device", "a test", "one.plan.toml", "a"]);
    room
}

/// What is said while both drafts are signed, and what the card was sent meanwhile.
fn signed(room: &Room) -> (String, Vec<String>) {
    let before = room.card.log().len();
    let words = ["sign", "--as", "anna", "--module", "piv:", "a"];
    let (code, said) = Talk::start(&room.station, room.path(), &words).agreeing(PIN);
    assert_eq!(code, 0, "{said}");
    (said, room.card.log().split_off(before))
}

#[test]
fn the_pin_is_typed_once_for_each_signature_and_the_card_gets_it_right_before_each() {
    for firmware in [Firmware::V5_2_4, Firmware::V5_7_1] {
        let card = card(firmware);
        card.generate(0x9c, Algorithm::P256, PinPolicy::Always, TouchPolicy::Always);
        let (said, log) = signed(&opened(card));
        assert_eq!(said.matches("PIN of token").count(), 2, "{firmware}: {said}");
        assert_eq!(
            said.matches("This key wants it once more for each signature").count(),
            1,
            "{firmware}: {said}"
        );
        assert_eq!(said.matches("TOUCH the token now").count(), 2, "{firmware}: {said}");
        let sent: Vec<&str> =
            log.iter().map(String::as_str).filter(|met| ["VERIFY", "SIGN"].contains(met)).collect();
        assert_eq!(sent, ["VERIFY", "SIGN", "VERIFY", "SIGN"], "{firmware}");
        let pairs = log.windows(2).filter(|pair| pair == &["VERIFY", "SIGN"]).count();
        assert_eq!(pairs, 2, "{firmware}: nothing comes between a PIN and its signature: {log:?}");
    }
}

#[test]
fn where_nothing_tells_of_touches_it_is_said_that_the_card_may_wait_for_one() {
    let card = card(Firmware::V5_2_4);
    card.import(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Always);
    card.certify(0x9c);
    let (said, _) = signed(&opened(card));
    let told = "The card is working. It may wait for a touch, which it does not tell: if it blinks, touch it within 15 seconds.";
    assert_eq!(said.matches(told).count(), 2, "{said}");
    assert!(!said.contains("TOUCH the token now"), "{said}");
}
