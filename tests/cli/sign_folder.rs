//! Signing in a ceremony's folder with tokens at a real terminal: the whole way, and everything that stops it.

use crate::chairs::{Chairs, events, lines};
use crate::holder::{PIN, Talk, WRONG_PIN, fault, holding};
use crate::refusal::refused;
use crate::scene::{TODAY, key, tallies};
use crate::stage::read;

#[test]
fn two_holders_sign_root_and_targets_in_one_visit_each_and_the_folder_replays() {
    let chairs = Chairs::rehearsal();
    let said = chairs.signs_both("anna", "a");
    assert!(said.contains("a REHEARSAL") && said.contains("Signed: draft A, root version 1."), "{said}");
    assert!(said.contains("Signed: draft B, targets version 1."), "{said}");
    assert!(said.contains("The head after line"), "{said}");
    assert_eq!(said.matches("PIN of token").count(), 1, "the PIN is asked for once: {said}");
    assert_eq!(
        chairs.scene.events("a"),
        [
            "Opened",
            "Sealed",
            "PersonPresent",
            "TokenSeen",
            "Consented",
            "SigningBegun",
            "SignatureAdmitted",
            "Consented",
            "SigningBegun",
            "SignatureAdmitted"
        ]
    );
    let shown = read(
        &chairs
            .scene
            .path("a")
            .join(&*text(&events(&chairs.scene.path("a"), "Consented")[0]["shown"]["path"])),
    );
    let shown = String::from_utf8(shown).unwrap();
    assert!(said.contains(&shown), "what was kept is what she saw");
    chairs.signs_both("bela", "a");
    let expected = [("A".to_owned(), vec![(2, 2)]), ("B".to_owned(), vec![(2, 2)])];
    assert_eq!(tallies(&chairs.scene.status("a")), expected);
    chairs.scene.run("finalize a").good();
    chairs.scene.run("close --as olga a").good();
    chairs.scene.replays("a");
    chairs.scene.run("verify chain a/final/1.root.json").good();
}

#[test]
fn a_wrong_pin_is_written_down_costs_one_try_of_this_token_alone_and_what_was_stored_stays() {
    let chairs = Chairs::rehearsal();
    chairs.signs_both("anna", "a");
    let mut talk = chairs.sits("bela", "a");
    talk.consent();
    talk.line(WRONG_PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 4, "{said}");
    let told = fault(&said);
    assert!(told.error.contains("One PIN try was used"), "{told:?}");
    let a = chairs.scene.path("a");
    assert!(told.signed.starts_with("Nothing was signed; \"a\" was written"), "{told:?}");
    let tries = chairs.tokens_said();
    assert_eq!(tries.len(), 4, "{tries:?}");
    for (label, tries) in tries {
        assert_eq!(tries.contains("no failed try"), label != "\"bela\"", "{label}: {tries}");
    }
    let failed = events(&a, "SigningFailed");
    assert_eq!((failed.len(), &failed[0]["outcome"]), (1, &"not-signed".into()), "{failed:?}");
    assert!(!lines(&a).last().unwrap().to_string().contains(WRONG_PIN));
    let told = chairs.scene.status("a")["failed"].clone();
    assert_eq!((&told[0]["person"], &told[0]["draft"]), (&"bela".into(), &"A".into()), "{told}");
    let said = chairs.scene.run("status a").good().out();
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("no signature on draft A: ") && said.contains("refused the PIN"), "{said}");
    assert_eq!(
        tallies(&chairs.scene.status("a")),
        [("A".to_owned(), vec![(1, 2)]), ("B".to_owned(), vec![(1, 2)])]
    );
    chairs.signs_both("bela", "a");
    assert_eq!(chairs.scene.status("a")["failed"].as_array().unwrap().len(), 0, "it was made good");
    chairs.scene.run("finalize a").good();
}

#[test]
fn a_second_device_that_goes_while_she_signs_takes_no_signature_and_the_last_line_says_where_it_is() {
    let chairs = Chairs::with_plan(true, "");
    chairs.scene.run(&format!("open --date {TODAY} --mirror m first.plan.toml a")).good();
    let mut talk = chairs.sits("anna", "--mirror m a");
    talk.consent();
    std::fs::remove_dir_all(chairs.scene.path("m")).unwrap();
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 5, "{said}");
    let told = fault(&said);
    assert!(told.error.contains("is in \"a\", and not in \"m\""), "{told:?}");
    assert_eq!(told.signed, "1 signature made before this is stored in \"a\".");
    let mut talk = chairs.sits("anna", "--mirror m a");
    talk.consent();
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Signed: draft B") && !said.contains("Signed: draft A"), "{said}");
    assert_eq!(events(&chairs.scene.path("m"), "SignatureAdmitted").len(), 2);
}

#[test]
fn a_device_that_is_given_up_is_written_down_and_told_also_by_a_visit_that_comes_to_nothing() {
    let chairs = Chairs::with_plan(true, "");
    chairs.scene.run(&format!("open --date {TODAY} --mirror m first.plan.toml a")).good();
    let told = refused(&chairs.unattended("nobody", "--one-device lost a"), 2);
    assert_eq!(told.signed, "Nothing was signed; \"a\" was written.");
    assert_eq!(chairs.scene.events("a").last().unwrap(), "DevicesChanged");
    let told = refused(&chairs.unattended("nobody", "a"), 2);
    assert_eq!(told.signed, "Nothing was signed, nothing was written.");
}

#[test]
fn ctrl_c_at_the_consent_asks_no_token_and_at_the_pin_is_a_failed_attempt() {
    let chairs = Chairs::rehearsal();
    let mut talk = chairs.sits("anna", "a");
    talk.phrase();
    talk.control('c');
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    let a = chairs.scene.path("a");
    assert_eq!(events(&a, "SigningBegun").len(), 0);
    let mut talk = chairs.sits("anna", "a");
    talk.consent();
    talk.control('c');
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    let failed = events(&a, "SigningFailed");
    assert_eq!((failed.len(), &failed[0]["outcome"]), (1, &"not-signed".into()), "{failed:?}");
    chairs.signs_both("anna", "a");
    chairs.scene.replays("a");
}

#[test]
fn an_attempt_that_a_kill_cut_off_is_closed_as_unknown_by_whoever_comes_next() {
    let chairs = Chairs::rehearsal();
    let mut talk = chairs.sits("anna", "a");
    talk.consent();
    talk.kill();
    let a = chairs.scene.path("a");
    assert_eq!(chairs.scene.events("a").last().unwrap(), "SigningBegun");
    let said = chairs.signs_both("bela", "a");
    assert!(said.contains("never ended: the token was perhaps asked"), "{said}");
    assert_eq!(events(&a, "SigningFailed")[0]["outcome"], "unknown");
    let status = chairs.scene.run("status a").good().out();
    assert!(status.contains("what came of it is not known"), "{status}");
    chairs.signs_both("anna", "a");
    chairs.scene.run("finalize a").good();
    chairs.scene.replays("a");
}

#[test]
fn the_pin_stands_in_no_file_that_is_left_behind() {
    let chairs = Chairs::rehearsal();
    let said = chairs.signs_both("anna", "a");
    assert!(!said.contains(PIN), "{said}");
    let folders = chairs.folders();
    let search = || folders.iter().flat_map(|folder| holding(folder, PIN)).collect::<Vec<_>>();
    for folder in &folders {
        std::fs::write(folder.join("planted"), format!("so the search\0{PIN}\0can find")).unwrap();
        assert_eq!(search(), [folder.join("planted")]);
        std::fs::remove_file(folder.join("planted")).unwrap();
    }
    assert_eq!(search().len(), 0, "{:?}", search());
}

#[test]
fn who_signs_is_said_and_nobody_signs_with_the_key_of_another_or_twice() {
    let chairs = Chairs::rehearsal();
    let told = refused(&chairs.scene.run("sign --module no.so a"), 2);
    assert!(told.now.contains("--as NAME"), "{told:?}");
    let told = refused(&chairs.unattended("nobody", "a"), 2);
    assert!(told.error.contains("knows nobody called"), "{told:?}");
    let told = refused(&chairs.unattended("olga", "a"), 1);
    assert!(told.error.contains("Nothing here waits for your signature"), "{told:?}");
    let told = refused(&chairs.unattended("anna", "--token pkcs11:token=bela a"), 4);
    assert!(told.error.contains("holds a key that may sign this"), "{told:?}");
    let told = refused(&chairs.unattended("anna", "--draft Z a"), 2);
    assert!(told.error.contains("There is no draft"), "{told:?}");
    for options in ["--date 2027-03-05", "--out reply.json"] {
        let told = refused(&chairs.unattended("anna", &format!("{options} a")), 2);
        assert!(told.error.contains("for a ceremony's bundle"), "{told:?}");
    }
    assert_eq!(chairs.scene.events("a").len(), 2, "nothing of this was written down");
    chairs.signs_both("anna", "a");
    let told = refused(&chairs.unattended("anna", "a"), 1);
    assert!(told.error.contains("has signed this already"), "{told:?}");
}

#[test]
fn a_software_token_signs_a_real_root_only_where_the_plan_says_so_and_the_signers_grant_it() {
    let chairs = Chairs::with_plan(false, "");
    let open = |plan: &str, folder: &str| {
        chairs
            .scene
            .run_and(&format!("open --date {TODAY} {plan} {folder} --one-device"), &["a test"])
            .good();
    };
    open("first.plan.toml", "a");
    let told = refused(&chairs.unattended("anna", "a"), 1);
    assert!(told.error.contains("This token is a program"), "{told:?}");
    assert!(told.now.contains("token-software"), "{told:?}");
    assert_eq!(chairs.scene.events("a").len(), 2, "nothing was written down");
    let plan = String::from_utf8(read(&chairs.scene.path("first.plan.toml"))).unwrap();
    let asked = "\n[[exceptions]]\ncontrol = \"token-software\"\nabout = \"anna\"\nreason = \"her device comes in May\"\n";
    chairs.scene.desk.put("soft.plan.toml", plan + asked);
    open("soft.plan.toml", "s");
    let mut talk = chairs.sits("anna", "s");
    for draft in ["A", "B"] {
        let phrase = talk.phrase_after("To grant exception 1, type: ");
        assert_eq!(phrase.trim(), "grant token-software 1");
        talk.line(&phrase);
        let phrase = talk.phrase();
        talk.line(&phrase);
        if draft == "A" {
            talk.until("PIN of token ");
            talk.until(": ");
            talk.line(PIN);
        }
    }
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("her device comes in May"), "{said}");
    // The exception is about anna's key: bela's token is a program too.
    let told = refused(&chairs.unattended("bela", "s"), 1);
    assert!(told.error.contains("This token is a program"), "{told:?}");
    chairs.scene.replays("s");
}

#[test]
fn a_key_that_wants_its_pin_for_each_signature_is_asked_for_it_again_and_never_in_silence() {
    let chairs = Chairs::rehearsal().failing("C_Sign nth=1 rv=0x101");
    let mut talk = chairs.sits("anna", "--draft A a");
    talk.consent();
    talk.line(PIN);
    talk.until("The PIN was accepted. This key wants it once more");
    talk.until("PIN of token ");
    talk.until(": ");
    talk.control('c');
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    let failed = events(&chairs.scene.path("a"), "SigningFailed");
    assert_eq!((failed.len(), &failed[0]["outcome"]), (1, &"not-signed".into()), "{failed:?}");
    chairs.scene.replays("a");
}

#[test]
fn a_token_that_asks_each_time_gets_its_pin_once_to_open_and_once_for_each_draft() {
    let chairs = Chairs::rehearsal().without("anna");
    chairs.token_asking_each_time("anna", &key("anna"));
    let mut talk = chairs.sits("anna", "a");
    let pin = |talk: &mut Talk| {
        talk.until("PIN of token ");
        talk.until(": ");
        talk.line(PIN);
    };
    for draft in ["A", "B"] {
        let phrase = talk.phrase();
        talk.line(&phrase);
        if draft == "A" {
            pin(&mut talk);
        }
        talk.until("This key wants it once more for each signature");
        pin(&mut talk);
    }
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.matches("PIN of token").count(), 3, "{said}");
    chairs.signs_both("bela", "a");
    chairs.scene.run("finalize a").good();
    chairs.scene.replays("a");
}

#[test]
fn a_locked_token_is_written_down_and_so_is_a_token_pulled_after_the_pin() {
    let (code, said, failed, chairs) = failing("C_Login rv=0xa4");
    assert_eq!(code, 4, "{said}");
    assert_eq!(chairs.scene.events("a").last().unwrap(), "TokenLocked", "{failed}");
    assert_eq!(events(&chairs.scene.path("a"), "TokenLocked")[0]["person"], "anna");
    chairs.scene.replays("a");
    let (code, said, failed, chairs) = failing("C_SignInit rv=0x32");
    assert_eq!((code, &failed["outcome"]), (4, &"unknown".into()), "{said}");
    chairs.scene.replays("a");
}

#[test]
fn a_token_with_a_keypad_gets_its_pin_there_and_nothing_is_typed_here() {
    let rules = format!("C_GetTokenInfo flags=+0x100-0x0\nC_Login keypad={PIN}");
    let chairs = Chairs::rehearsal().failing(&rules);
    let mut talk = chairs.sits("anna", "a");
    for _ in ["A", "B"] {
        let phrase = talk.phrase();
        talk.line(&phrase);
    }
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("Type the PIN on the keypad of \"anna\""), "{said}");
    assert!(!said.contains("PIN of token"), "{said}");
}

#[test]
fn each_signature_is_on_both_devices_and_the_result_is_one_json_value() {
    let chairs = Chairs::with_plan(true, "");
    chairs.scene.open_on_two("first", "a", "m").good();
    let told = refused(&chairs.unattended("anna", "a"), 1);
    assert!(told.now.contains("--mirror"), "{told:?}");
    chairs.signs_both("anna", "--mirror m a");
    chairs.scene.equal("a", "m");
    chairs.scene.remove("a");
    chairs.signs_both("bela", "--mirror m a");
    chairs.scene.equal("a", "m");
    let mut talk = chairs.sits_into_file("carla", "--json --draft A --mirror m a");
    talk.consent();
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    let facts = crate::stage::expectations(&chairs.scene.path("out.json"));
    assert_eq!(
        (facts["signed"].as_array().unwrap().len(), &facts["signed"][0]["draft"]),
        (1, &"A".into()),
        "{facts}"
    );
    assert_eq!(facts["head"], chairs.scene.status("a")["head"]);
}

#[test]
fn a_pin_from_a_file_serves_a_rehearsal_and_no_real_root() {
    let chairs = Chairs::rehearsal();
    let file = chairs.scene.desk.put("pin", format!("{PIN}\n"));
    let told = refused(&chairs.unattended("anna", "--pin-source pin a"), 5);
    assert!(told.error.contains("holds a secret"), "{told:?}");
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let mut talk = chairs.sits("anna", "--pin-source pin a");
    for _ in ["A", "B"] {
        let phrase = talk.phrase();
        talk.line(&phrase);
    }
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("PIN of token"), "{said}");
    let two = chairs.scene.desk.put("two", format!("{PIN}\n{PIN}\n"));
    std::fs::set_permissions(&two, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let told = refused(&chairs.unattended("bela", "--pin-source two a"), 1);
    assert!(told.error.contains("gives no PIN"), "{told:?}");

    let real = Chairs::with_plan(false, "");
    real.scene.run_and(&format!("open --date {TODAY} first.plan.toml a --one-device"), &["a test"]).good();
    let told = refused(&real.scene.run("sign --as anna --module no.so --pin-source no-such-file a"), 1);
    assert!(told.error.contains("is typed by its holder"), "before the file and the module: {told:?}");
    assert_eq!(real.scene.events("a").len(), 2);
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A signing visit with a module that fails by `rules`: the exit code, and what was written down of the attempt.
fn failing(rules: &str) -> (i32, String, serde_json::Value, Chairs) {
    let chairs = Chairs::rehearsal().failing(rules);
    let mut talk = chairs.sits("anna", "--draft A a");
    talk.consent();
    talk.line(PIN);
    let (code, said) = talk.end();
    let failed = events(&chairs.scene.path("a"), "SigningFailed");
    assert_eq!(failed.len(), 1, "{said}");
    (code, said, failed[0].clone(), chairs)
}

#[test]
fn a_crash_and_a_wrong_signature_leave_an_attempt_whose_outcome_nobody_knows() {
    for rules in ["C_Sign abort", "C_Sign corrupt", "C_Sign short", "C_Login abort"] {
        let (code, said, failed, chairs) = failing(rules);
        assert_eq!((code, &failed["outcome"]), (4, &"unknown".into()), "{rules}: {said}");
        let told = fault(&said);
        assert_eq!(
            told.signed.starts_with("Whether the token signed is not known"),
            rules != "C_Login abort",
            "{said}"
        );
        std::fs::write(chairs.tokens.path().join("rules"), "# none").unwrap();
        chairs.signs_both("bela", "a");
        chairs.scene.replays("a");
    }
}
