//! Tokens as they are told, without any module: what is one, what is wrong, and what a page of them looks like.

use tuf_ceremony::key::Fingerprint;

use super::*;
use crate::token::{KeyKind, ModuleFacts, PinTries, TokenFacts};

fn module() -> ModuleFacts {
    ModuleFacts { manufacturer: "Maker".into(), description: "Library".into(), version: (2, 6) }
}

fn token(label: &str, serial: &str) -> TokenFacts {
    TokenFacts {
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
    }
}

fn key(label: &str, seed: u8) -> TokenKey {
    let secret = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    TokenKey {
        kind: KeyKind::Ed25519,
        public: secret.verifying_key().to_bytes().to_vec(),
        label: label.into(),
        id: vec![seed],
        always_authenticate: None,
        has_private: None,
        touch: None,
    }
}

fn seen(driver: &str, slot: u64, token: Option<TokenFacts>, keys: Vec<TokenKey>) -> Seen {
    let slot = SlotFacts {
        slot,
        description: "Reader".into(),
        manufacturer: "Readers Ltd".into(),
        hardware: true,
        token,
        keys,
        trouble: None,
    };
    Seen { driver: driver.into(), module: module(), slot }
}

fn listing(seen: Vec<Seen>) -> Listing {
    let mut asked: Vec<(String, ModuleFacts)> = Vec::new();
    for one in &seen {
        if asked.iter().all(|(name, _)| *name != one.driver) {
            asked.push((one.driver.clone(), module()));
        }
    }
    Listing { seen, asked, ..Listing::default() }
}

fn wanted(name: &str, fingerprint: Option<Fingerprint>, serial: Option<&str>) -> WantedKey {
    WantedKey {
        name: name.into(),
        fingerprint,
        holders: vec![format!("{name} Berg")],
        lost: false,
        serial: serial.map(str::to_owned),
    }
}

/// Nobody says whose key is whose.
fn nothing() -> &'static Known {
    Box::leak(Box::default())
}

fn looking_for(keys: Vec<WantedKey>) -> Known {
    Known { names: Names::default(), wanted: Some(Wanted { heading: "The keys".into(), keys }) }
}

/// The words for scripts of what is wrong with each token.
fn words(tokens: &Tokens<'_>) -> Vec<Vec<&'static str>> {
    tokens.all.iter().map(|token| token.wrong.iter().map(|wrong| wrong.told().0).collect()).collect()
}

fn shown(tokens: &Tokens<'_>, tabled: bool) -> String {
    let mut sink = Vec::new();
    page(&mut crate::operator::screen::Screen::onto(&mut sink, false), tokens, tabled).unwrap();
    String::from_utf8(sink).unwrap()
}

#[test]
fn one_token_through_several_modules_is_one_with_the_keys_of_all_and_the_worst_of_what_they_tell() {
    let low = TokenFacts { tries: PinTries::Low, ..token("a", "7") };
    let last = TokenFacts { tries: PinTries::Last, ..token("b", "7") };
    let listing = listing(vec![
        seen("one", 1, Some(low), vec![key("k", 1)]),
        seen("two", 5, Some(last), vec![key("k", 1), key("only", 2)]),
    ]);
    let tokens = Tokens::of(&listing, nothing());
    assert_eq!(tokens.all.len(), 1);
    assert_eq!(tokens.all[0].keys.len(), 2);
    assert_eq!(words(&tokens), [["last-try"]]);
    let page = shown(&tokens, true);
    assert!(page.contains("seen through two as well"), "{page}");
    assert!(page.contains("through the module two alone"), "{page}");
    assert!(page.contains("one try is left"), "{page}");
}

#[test]
fn tokens_of_one_module_with_one_serial_and_a_key_on_two_tokens_are_told() {
    let twice = |serial: &str| seen("one", 1, Some(token("a", serial)), vec![key("k", 1)]);
    let same = listing(vec![twice("7"), twice("7")]);
    let tokens = Tokens::of(&same, nothing());
    assert_eq!(words(&tokens), [["key-twice", "same-serial"], ["key-twice", "same-serial"]]);
    let other = listing(vec![twice("7"), twice("8")]);
    assert_eq!(words(&Tokens::of(&other, nothing())), [["key-twice"], ["key-twice"]]);
    // Tokens that tell no serial are like no other.
    let untold = listing(vec![
        seen("one", 1, Some(token("a", "")), vec![key("k", 1)]),
        seen("one", 2, Some(token("b", "")), vec![key("l", 2)]),
    ]);
    assert_eq!(words(&Tokens::of(&untold, nothing())), [[""; 0], [""; 0]]);
}

#[test]
fn each_state_of_a_pin_has_its_word_and_what_stops_comes_first() {
    let of = |token: TokenFacts| {
        let listing = listing(vec![seen("one", 1, Some(token), vec![key("k", 1)])]);
        let tokens = Tokens::of(&listing, nothing());
        let pin = tokens.all[0].pin();
        (pin.word(), pin.left(), words(&tokens).remove(0), shown(&tokens, true))
    };
    let base = || token("a", "7");
    let tried = |tries| TokenFacts { tries, ..base() };
    for (token, word, left, wrong) in [
        (base(), "untroubled", None, vec![]),
        (tried(PinTries::Low), "failed-try", None, vec![]),
        (tried(PinTries::Left(3)), "tries-left", Some(3), vec![]),
        (tried(PinTries::Last), "last-try", Some(1), vec!["last-try"]),
        (tried(PinTries::Locked), "locked", Some(0), vec!["pin-locked"]),
        (TokenFacts { pin_initialized: false, ..base() }, "never-set", None, vec!["pin-never-set"]),
        (TokenFacts { pin_to_be_changed: true, ..base() }, "to-be-changed", None, vec!["pin-to-be-changed"]),
        (TokenFacts { initialized: false, ..base() }, "not-set-up", None, vec!["not-set-up"]),
        (TokenFacts { login_required: false, ..base() }, "not-asked", None, vec![]),
    ] {
        let (found, tries, told, page) = of(token);
        assert_eq!((found, tries, &told), (word, left, &wrong), "{page}");
        assert_eq!(page.matches("now: ").count(), wrong.len(), "{page}");
    }
    let (.., page) = of(TokenFacts { keypad: true, ..base() });
    assert!(page.contains("typed on the token's own keypad"), "{page}");
    // One try is left on a card whose PIN must be changed as well: both are said, and neither hides the other.
    let (.., page) = of(TokenFacts { pin_to_be_changed: true, ..tried(PinTries::Last) });
    assert!(page.contains("one try is left; it must be changed"), "{page}");
}

#[test]
fn a_token_that_tells_nothing_is_named_by_its_slot() {
    let mut mute = seen("one", 9, None, vec![]);
    mute.slot.trouble = Some("token: nonsense".into());
    let listing = listing(vec![mute]);
    let tokens = Tokens::of(&listing, nothing());
    assert_eq!(words(&tokens), [["unreadable"]]);
    let page = shown(&tokens, true);
    assert!(page.contains("pkcs11:slot-id=9") && page.contains("\"token: nonsense\""), "{page}");
}

#[test]
fn a_token_that_hides_its_keys_is_recognised_by_its_serial_and_nothing_is_proven() {
    let anna = wanted("anna", key("k", 1).fingerprint(), Some("7"));
    let hidden = listing(vec![seen("one", 1, Some(token("a", "7")), vec![])]);
    let known = looking_for(vec![anna.clone()]);
    let tokens = Tokens::of(&hidden, &known);
    assert_eq!(words(&tokens), [["keys-hidden"]]);
    let page = shown(&tokens, true);
    assert!(page.contains("\"anna Berg\"; that is not proven"), "{page}");
    assert!(page.contains("on this token, unproven"), "a single one has no number: {page}");
    // Without the serial nothing is recognised.
    let other = listing(vec![seen("one", 1, Some(token("a", "8")), vec![])]);
    assert_eq!(words(&Tokens::of(&other, &known)), [["no-key"]]);
    // Zeros are the serial of every card of some modules: they tell none from another.
    let zeros = looking_for(vec![wanted("anna", key("k", 1).fingerprint(), Some("0000"))]);
    let nobodys = listing(vec![seen("one", 1, Some(token("a", "0000")), vec![])]);
    assert_eq!(words(&Tokens::of(&nobodys, &zeros)), [["no-key"]]);
    let hers = listing(vec![seen("one", 1, Some(token("a", "0000")), vec![key("k", 1)])]);
    assert_eq!(words(&Tokens::of(&hers, &known)), [[""; 0]], "it may well be her card's token");
    // A token that shows other keys than its card's is no hidden one.
    let another = listing(vec![seen("one", 1, Some(token("a", "7")), vec![key("l", 2)])]);
    assert_eq!(words(&Tokens::of(&another, &known)), [["not-the-cards-key"]]);
}

#[test]
fn what_is_looked_for_is_found_by_its_public_half_and_what_speaks_against_it_is_told() {
    let print = |seed| key("k", seed).fingerprint();
    let lost = WantedKey { lost: true, ..wanted("dora", print(4), None) };
    let known = looking_for(vec![
        wanted("anna", print(1), Some("7")),
        wanted("bela", print(2), Some("99")),
        wanted("carla", print(3), None),
        wanted("emil", None, None),
        lost,
    ]);
    let listing = listing(vec![
        seen("one", 1, Some(token("a", "7")), vec![key("k", 1)]),
        seen("one", 2, Some(token("b", "8")), vec![key("k", 2)]),
        seen("two", 3, Some(token("c", "9")), vec![key("k", 5)]),
        seen("two", 4, Some(token("d", "10")), vec![key("k", 4)]),
    ]);
    let tokens = Tokens::of(&listing, &known);
    assert_eq!(words(&tokens), [vec![], vec!["not-the-cards-token"], vec!["none-wanted"], vec!["key-lost"]]);
    let page = shown(&tokens, true);
    for row in [
        "anna  \"anna Berg\"   token 1",
        "carla  \"carla Berg\"  not here",
        "emil   \"emil Berg\"   to be made",
    ] {
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat(&page).contains(&flat(row)), "{row} in {page}");
    }
    assert!(
        page.contains("4 tokens; 1 key is not here;") && page.ends_with("behind the ! of\n    2, 4.\n"),
        "{page}"
    );
}

#[test]
fn the_table_has_80_columns_whatever_tokens_call_themselves_and_lines_alone_say_the_same() {
    let long = "\u{f6}".repeat(60);
    let all: Vec<Seen> = (0..6_u8)
        .map(|at| {
            let driver = ["softhsm-with-a-long-name", "piv", "opensc"][usize::from(at % 3)];
            let serial = format!("{at}{}", "f".repeat(60));
            seen(driver, u64::from(at), Some(token(&long, &serial)), vec![key(&long, at + 1)])
        })
        .collect();
    let listing = listing(all);
    let known = Known::default();
    let tokens = Tokens::of(&listing, &known);
    let page = shown(&tokens, true);
    let (table, below) = page.split_once("\n\n").unwrap();
    assert_eq!(table.lines().count(), 9, "{table}");
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    let lines = shown(&tokens, false);
    assert_eq!(lines, below, "what stands in the table stands below it too");
}
