//! Tokens that are not the right ones, PINs that are wrong, and keys that were pressed too early.

use conclave_softhsm::{Artifact, PIN, built};
use sha2::Digest as _;

use crate::player::{Answer, Rules, choice};
use crate::room::{self, NEXT, PROFILE, Room, proved};

const WRONG_PIN: &str = "135791";

/// Leaves only these people's tokens in.
pub fn plugged_in(room: &Room, tokens: &[&str]) -> String {
    let profile = std::fs::read_to_string(room.path(PROFILE)).unwrap();
    let (head, modules) = profile.split_once("drivers = ").unwrap();
    let (_, modules) = modules.split_once('\n').unwrap();
    let kept: Vec<&str> = modules
        .split("\n[module.")
        .skip(1)
        .filter(|module| tokens.iter().any(|token| module.starts_with(&format!("{token}]"))))
        .collect();
    assert_eq!(kept.len(), tokens.len());
    let text = format!("{head}drivers = {tokens:?}\n\n[module.{}", kept.join("\n[module."));
    std::fs::write(room.path(PROFILE), text).unwrap();
    profile
}

#[test]
fn a_wrong_pin_is_told_and_the_right_one_signs() {
    let room = Room::new();
    let mut player = room.begin();
    let mut rules = Rules::default()
        .each(
            "PIN of token \"anna\"*to sign*",
            [Answer::Pin(WRONG_PIN.to_owned()), Answer::Pin(PIN.to_owned())],
        )
        .each("What do you want to do?", [choice("Type it again")])
        .and(room::whole(&room));
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    let said = player.pty.text();
    assert_eq!(said.matches("The token refused the PIN. One PIN try was used.").count(), 1, "{said}");
    let failed = room.told("SigningFailed");
    assert_eq!(failed.len(), 1, "{:?}", room.events());
    assert_eq!(failed[0]["outcome"], "not-signed", "{failed:?}");
    assert_eq!(room.count("SignatureAdmitted"), 3, "{:?}", room.events());
    for pin in [WRONG_PIN, PIN] {
        assert!(!said.contains(pin), "{said}");
    }
    proved(&room, &player);
}

#[test]
fn somebody_elses_token_is_told_costs_no_try_and_leads_back_to_the_board() {
    let room = Room::new();
    let mut rules = room::whole(&room);
    let mut player = room.begin();
    let key = player.until(NEXT, &mut rules);
    player.type_in(&key, &choice("Make the key dora"));
    let at_anna = player.until(NEXT, &mut rules);
    let all = plugged_in(&room, &["bela"]);
    player.type_in(&at_anna, &choice("Anna Berg"));
    let before = player.pty.bytes.len();
    let at_board = player.until(NEXT, &mut rules);
    let said = String::from_utf8_lossy(&player.pty.bytes[before..]).replace('\r', "");
    println!("{said}");
    assert!(at_board.number("Anna Berg").is_ok(), "{said}");
    assert!(!said.contains("PIN of token"), "nothing was asked of a token: {said}");
    assert!(said.contains("Nothing was signed"), "{said}");
    assert_eq!(room.count("SigningBegun"), 0);
    std::fs::write(room.path(PROFILE), all).unwrap();
    player.type_in(&at_board, &choice("Anna Berg"));
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    proved(&room, &player);
}

#[test]
fn what_was_typed_before_a_question_answers_nothing() {
    let room = Room::new();
    let mut rules = room::whole(&room);
    let mut player = room.begin();
    // Numbers, Enter, words, and what could be a PIN.
    player.early = "1\n\nyes\nno\n2468\n";
    assert_eq!(player.play(&mut rules), 0, "{}", player.pty.text());
    assert!(player.steps.len() > 40);
    assert!(!player.pty.text().contains("is not the phrase"), "{}", player.pty.text());
    let wanted = ["Opened", "PersonPresent", "KeyGenerated", "CardCompared", "Sealed"];
    assert_eq!(room.events()[..5], wanted);
    assert_eq!((room.count("SignatureAdmitted"), room.count("SigningFailed")), (3, 0), "{:?}", room.events());
    assert_eq!((room.count("Consented"), room.count("Declined")), (3, 0), "{:?}", room.events());
    proved(&room, &player);
}

/// Puts the module that lies by `rules` in front of Anna's token.
fn lying(room: &Room, rules: &str) {
    let lies = room.path("rules");
    std::fs::write(&lies, rules).unwrap();
    let module = built("faulty-pkcs11", Artifact::Library("faulty_pkcs11")).unwrap();
    let profile = std::fs::read_to_string(room.path(PROFILE)).unwrap();
    let at = profile.find("[module.anna]").unwrap();
    let end = profile[at..].find("\n\n").map_or(profile.len(), |end| at + end);
    let section = &profile[at..end];
    let line = |name: &str| section.lines().find(|line| line.starts_with(name)).unwrap();
    let (target, digest, conf) = (line("path = "), line("sha256 = "), line("environment = "));
    let target = target.trim_start_matches("path = ");
    if target.contains("faulty") {
        return;
    }
    let environment =
        conf.replace(" }", &format!(", FAULTY_PKCS11_TARGET = {target}, FAULTY_PKCS11_RULES = {lies:?} }}"));
    let sha256 = hex::encode(sha2::Sha256::digest(std::fs::read(&module).unwrap()));
    let lying = section
        .replace(target, &format!("{module:?}"))
        .replace(digest, &format!("sha256 = \"{sha256}\""))
        .replace(conf, &environment);
    std::fs::write(room.path(PROFILE), profile.replace(section, &lying)).unwrap();
}

#[test]
fn a_token_at_its_last_try_may_rest_and_a_locked_one_is_not_counted_on() {
    let room = Room::new();
    let mut rules = Rules::default()
        .each("What do you want to do?", [choice("Stop. Nothing is lost"), choice("Stop. Nothing is lost")])
        .each(NEXT, [choice("Make the key dora")])
        .and(room::whole(&room));
    let mut player = room.begin();
    let asked = player.until(NEXT, &mut rules);
    player.answer(&asked, &mut rules);
    let asked = player.until(NEXT, &mut rules);
    assert!(asked.number("Anna Berg").is_ok(), "{asked:?}");
    // A module that fails is named: her token may be behind it.
    lying(&room, "these are no rules\n");
    player.type_in(&asked, &choice("Anna Berg"));
    let asked = player.until(NEXT, &mut rules);
    let page = player.pty.text();
    assert!(page.contains("because: the module \"anna\" shows nothing: "), "{page}");
    // What PKCS#11 calls the final try of a user's PIN, and a PIN that is locked.
    lying(&room, "C_GetTokenInfo flags=+0x20000-0x0\n");
    player.type_in(&asked, &choice("Anna Berg"));
    let asked = player.until(NEXT, &mut rules);
    let page = player.pty.text();
    assert!(page.contains("Without this token, draft A, old root: 0 of 2 signed"), "{page}");
    assert!(!page.contains("PIN of token \"anna\""), "no try is asked for: {page}");
    lying(&room, "C_GetTokenInfo flags=+0x40000-0x0\n");
    player.type_in(&asked, &choice("Anna Berg"));
    let asked = player.until(NEXT, &mut rules);
    assert!(asked.number("Bela Costa").is_ok(), "{asked:?}");
    assert_eq!((room.count("TokenLocked"), room.count("SigningBegun")), (1, 0), "{:?}", room.events());
    let board = player.page();
    assert!(board.contains("old root: 0 of 2 signed; can sign: bela, carla; margin 0"), "{board}");
    assert!(board.contains("not counted on: anna (token locked)"), "{board}");
}

#[test]
fn a_long_paste_at_the_pin_prompt_spends_one_try_and_answers_nothing_else() {
    let room = Room::new();
    let mut rules = room::whole(&room);
    let mut player = room.begin();
    player.until("PIN of token \"anna\"*", &mut rules);
    let events = room.events().len();
    player.pty.paste("111111\n1\n".repeat(11_000));
    assert_eq!(room.events()[events..], ["SigningFailed"], "{}", player.pty.text());
    player.kill();
}
