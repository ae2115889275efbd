//! A ceremony signed with a card whose key wants its PIN right before each signature, and perhaps a touch: how often the PIN is
//! typed, what the card is sent, and what is said of touches by firmware that does not tell.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::words::words_of;
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, TouchPolicy};

use crate::homes::Room;
use crate::modules::{YKCS11, of};
use crate::stage::{PIN, card};
use crate::talk::Talk;
use crate::verbs::end;

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
fn signed(room: &Room, module: &str) -> (String, Vec<String>) {
    let before = room.card.log().len();
    let words = ["sign", "--as", "anna", "--module", module, "a"];
    let (code, said) = Talk::start(&room.station, room.path(), &words).agreeing(PIN);
    assert_eq!(code, 0, "{said}");
    (said, room.card.log().split_off(before))
}

#[test]
fn the_pin_is_typed_once_for_each_signature_and_the_card_gets_it_right_before_each() {
    for firmware in [Firmware::V5_2_4, Firmware::V5_7_1] {
        let card = card(firmware);
        card.generate(0x9c, Algorithm::P256, PinPolicy::Always, TouchPolicy::Always);
        let (said, log) = signed(&opened(card), "piv:");
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

/// The same visit, led step by step: each question is answered as somebody does who has the digests on paper.
fn led(room: &Room) -> String {
    let status = room.json(&["status", "--json", "a"]);
    let digests: Vec<Digest> =
        (0..2).map(|draft| status["drafts"][draft]["payload"].as_str().unwrap().parse().unwrap()).collect();
    let mut talk = room.talk(&["sign", "--guided", "--plain", "--as", "anna", "--module", "piv:", "a"]);
    let (mut said, mut compared) = (String::new(), 0);
    let questions = r"Type yes or no: |Number \(1 to \d+\): |today: |Line [12] of 2: |Your answer: |Practice line: |PIN of token [^:]*: ";
    while let Ok((before, question)) = talk.exp_regex(questions) {
        let answer = match question.as_str() {
            "Type yes or no: " => "yes".to_owned(),
            "today: " => "olga, by phone".to_owned(),
            "Line 1 of 2: " => words_of(digests[compared].as_bytes())[4..8].join(" "),
            "Line 2 of 2: " => {
                compared += 1;
                digests[compared - 1].to_string()[48..56].to_owned()
            }
            "Practice line: " => "yz QWAZ 0123456789 -_/".to_owned(),
            "Your answer: " => {
                let line = before.lines().find(|line| line.contains("type: ")).unwrap();
                line.split_once("type: ").unwrap().1.trim().to_owned()
            }
            number if number.starts_with("Number") => {
                let wanted = ["Go on", "I have it on my own paper or phone"];
                let lines = before.lines().map(str::trim);
                let mut found =
                    lines.filter_map(|line| wanted.iter().find_map(|wanted| line.strip_suffix(wanted)));
                found.next().unwrap_or_else(|| panic!("{before}")).trim().to_owned()
            }
            _ => PIN.to_owned(),
        };
        said += &(before + &question);
        talk.send_line(&answer).unwrap();
    }
    let (code, rest) = end(talk);
    said = (said + &rest).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(code, 0, "{said}");
    said
}

#[test]
fn who_is_led_is_told_before_the_first_pin_how_often_it_is_asked_for_and_each_is_numbered() {
    let card = card(Firmware::V5_7_1);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Always, TouchPolicy::Never);
    let room = opened(card);
    let before = (room.card.calls("VERIFY"), room.card.calls("SIGN"));
    let said = led(&room);
    let told = "2 signatures follow, and your PIN is asked for 2 times: once for each signature.";
    assert_eq!(said.matches(told).count(), 1, "{said}");
    assert_eq!(said.matches("PIN 2 of 2; the one before was accepted.").count(), 1, "{said}");
    assert_eq!(said.matches("PIN of token").count(), 2, "{said}");
    assert_eq!((room.card.calls("VERIFY") - before.0, room.card.calls("SIGN") - before.1), (2, 2), "{said}");
}

#[test]
fn where_nothing_tells_of_touches_it_is_said_that_the_card_may_wait_for_one() {
    let card = card(Firmware::V5_2_4);
    card.import(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Always);
    card.certify(0x9c);
    let (said, _) = signed(&opened(card), "piv:");
    let told = "The card is working. It may wait for a touch, which it does not tell: if it blinks, touch it within 15 seconds.";
    assert_eq!(said.matches(told).count(), 2, "{said}");
    assert!(!said.contains("TOUCH the token now"), "{said}");
}

#[test]
fn a_module_that_tells_nothing_of_touches_is_made_up_for_by_the_keys_own_card() {
    for touch in [TouchPolicy::Always, TouchPolicy::Never] {
        let card = card(Firmware::V5_4_3);
        card.generate(0x9c, Algorithm::P256, PinPolicy::Once, touch);
        card.certify(0x9c);
        let room = opened(card);
        let module = of(&room.station, YKCS11).module;
        let (said, _) = signed(&room, module.to_str().unwrap());
        let is_wanted = touch == TouchPolicy::Always;
        assert_eq!(said.contains("TOUCH the token now"), is_wanted, "{touch:?}: {said}");
        assert_eq!(room.card.pin_tries(), 3);
    }
}
