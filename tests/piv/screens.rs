//! `tokens` and `doctor` with cards: what each tells of a card, its PIN, its reader, and whoever else has it.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::stage::{PIN, SERIAL, card, program};

/// Runs the binary with cards that it speaks to itself, beside this station.
fn run(station: &Station, words: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(program());
    command.args(words).args(["--module", "piv:", "--module-env", "PCSCLITE_CSOCK_NAME"]);
    let done = command.envs(station.environment()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

fn json(station: &Station, words: &[&str]) -> (i32, Value) {
    let (code, out, err) = run(station, &[words, &["--json"]].concat());
    (code, serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}")))
}

/// Standing, sentence and advice of one part.
fn part(told: &Value, part: &str) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lines = told["lines"].as_array().unwrap().iter().filter(|line| line["part"] == part);
    lines.map(|line| (text(&line["standing"]), text(&line["says"]), text(&line["now"]))).collect()
}

/// What is wrong with the only token, in words for scripts.
fn wrong(facts: &Value) -> Vec<&str> {
    facts["tokens"][0]["wrong"].as_array().unwrap().iter().map(|row| row["what"].as_str().unwrap()).collect()
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_state_of_a_cards_pin_is_listed_with_what_to_do_and_costs_no_try() {
    let card = card(Firmware::V5_7_1);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Always, TouchPolicy::Never);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    for (left, state, found, words) in [
        (3, "tries-left", &[][..], "PIN: the token reports that 3 tries are left."),
        (1, "last-try", &["last-try"], "Do not guess."),
        (0, "locked", &["pin-locked"], "Unblock it with its PUK: `conclave token unblock`"),
    ] {
        card.leave_pin_tries(left);
        let (code, facts) = json(&station, &["tokens"]);
        let row = &facts["tokens"][0];
        assert_eq!((code, row["pin_state"].as_str(), &row["pin_tries_left"]), (0, Some(state), &left.into()));
        assert_eq!(wrong(&facts), found);
        assert_eq!((&row["firmware"], &row["software"]), (&"5.7.1".into(), &false.into()));
        let (_, said, _) = run(&station, &["tokens"]);
        for wanted in [
            words,
            "firmware 5.7.1",
            "asked for before every signature",
            "name it piv:serial=12345678;slot=9c",
        ] {
            assert!(flat(&said).contains(wanted), "{wanted} in {said}");
        }
        assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    }
    assert_eq!(card.calls("VERIFY"), 0);
}

#[test]
fn a_card_as_it_comes_and_ed25519_on_a_card_are_told() {
    let new = Card::new(Firmware::V5_7_1, SERIAL);
    new.generate(0x9c, Algorithm::Ed25519, PinPolicy::Once, TouchPolicy::Never);
    let station = Station::start(std::slice::from_ref(&new)).unwrap();
    let (_, facts) = json(&station, &["tokens"]);
    assert_eq!(wrong(&facts), ["pin-to-be-changed", "short-messages"]);
    let (_, said, _) = run(&station, &["tokens"]);
    for wanted in [
        "Its PIN is still the one that every such card comes with.",
        "`conclave token prepare`",
        "at most 1,014 bytes",
    ] {
        assert!(flat(&said).contains(wanted), "{wanted} in {said}");
    }
    new.set_pin(PIN);
    assert_eq!(wrong(&json(&station, &["tokens"]).1), ["short-messages"]);
}

#[test]
fn the_doctor_tells_what_is_in_each_reader_and_who_holds_a_card_and_lets_it_live() {
    let card = card(Firmware::V5_7_1);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let (_, told) = json(&station, &["doctor"]);
    assert_eq!(part(&told, "pcscd")[0].0, "ok", "{told}");
    let readers = part(&told, "reader");
    assert_eq!(readers.len(), 2, "{told}");
    assert!(
        readers[0].1.contains(&station.reader(0)) && readers[0].1.contains("nobody else uses it"),
        "{told}"
    );
    assert!(readers[1].1.contains("no card is in it"), "{told}");
    let holder = station.hold(0).unwrap();
    // The first few programs are named: those of other tests may be before it, and do not stay.
    let is_named = |told: &Value| part(told, "reader")[0].1.contains("virtual-piv (process ");
    let patience = Instant::now() + Duration::from_secs(120);
    let (code, told) = loop {
        let (code, told) = json(&station, &["doctor"]);
        if is_named(&told) || Instant::now() > patience {
            break (code, told);
        }
    };
    let (standing, says, now) = part(&told, "reader").remove(0);
    assert_eq!((code, standing.as_str()), (1, "bad"), "{told}");
    assert!(
        says.contains("another program holds its card") && says.contains("virtual-piv (process "),
        "{says}"
    );
    assert!(now.contains("yourself"), "{now}");
    // The module's own line leads there too, and not to pulling the card.
    let module = part(&told, "module");
    assert!(module.iter().any(|(_, _, now)| now.contains("See the line of its reader")), "{told}");
    // At the end of the page, where it is seen.
    let (_, said, _) = run(&station, &["doctor"]);
    assert!(said.lines().rev().take(12).any(|line| line.contains("BAD")), "{said}");
    assert_eq!((card.calls("VERIFY"), card.resets()), (0, 0), "the doctor touches no card");
    drop(holder);
    assert_eq!(
        json(&station, &["doctor"]).0,
        0,
        "the other program let go when it was told to, and not before"
    );
}

#[test]
fn the_doctor_asks_pcscd_where_the_profile_says_that_it_is() {
    let station = Station::start(&[card(Firmware::V5_7_1)]).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("room.toml");
    let environment = station.environment();
    let named = environment.iter().map(|(name, value)| format!("{} = {value:?}", name.display()));
    let table = named.collect::<Vec<_>>().join(", ");
    std::fs::write(
        &profile,
        format!("format = 1\ndrivers = [\"piv\"]\n[piv]\nenvironment = {{ {table} }}\n"),
    )
    .unwrap();
    for is_set_here in [true, false] {
        let mut command = Command::new(program());
        command.args(["doctor", "--json", "--profile"]).arg(&profile).env_remove("PCSCLITE_CSOCK_NAME");
        if is_set_here {
            command.envs(station.environment());
        }
        let told: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        assert_eq!(part(&told, "pcscd")[0].0, "ok", "{told}");
        assert!(part(&told, "reader")[0].1.contains(&station.reader(0)), "{told}");
    }
}

#[test]
fn without_pcscd_the_doctor_says_what_to_start_and_looks_at_the_rest() {
    let mut command = Command::new(program());
    command.args(["doctor", "--json", "--module-env", "PCSCLITE_CSOCK_NAME"]);
    let done = command.env("PCSCLITE_CSOCK_NAME", "/nonexistent").output().unwrap();
    let told: Value = serde_json::from_slice(&done.stdout).unwrap();
    let (standing, says, now) = part(&told, "pcscd").remove(0);
    assert_eq!(standing, "finding");
    // Other tests run a pcscd of their own in the sight of this machine.
    assert!(says.contains("pcscd does not run") || says.contains("is not reached at"), "{says}");
    assert!(now.contains("systemctl"), "{now}");
    assert_eq!(part(&told, "self-test")[0].0, "ok");
}
