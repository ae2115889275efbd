//! PINs and tokens where a keyholder is asked step by step: what is announced, the practice line, several PINs, the last try.

use crate::chairs::{Chairs, events};
use crate::holder::{PIN, fault};
use crate::led::{Led, PRACTICE, SOURCE, THAT_WAS_IT};
use crate::scene::{TODAY, key};

/// From the first question to her consent.
fn consents(led: &mut Led) {
    led.acknowledges(1);
    led.takes(THAT_WAS_IT, "Go on");
    led.takes(SOURCE, "I have no source of my own");
    let phrase = led.talk.phrase();
    led.talk.line(&phrase);
}

/// Draft A of the rehearsal, consented to, with a module that fails by `rules`.
fn consented(rules: &str) -> (Chairs, Led) {
    let chairs = Chairs::rehearsal().failing(rules);
    let mut led = Led::sits(&chairs, "anna", "--draft A a");
    consents(&mut led);
    (chairs, led)
}

fn logins(chairs: &Chairs) -> usize {
    let log = std::fs::read_to_string(chairs.tokens.path().join("log")).unwrap_or_default();
    log.lines().filter(|line| *line == "C_Login").count()
}

#[test]
fn the_practice_line_says_what_this_keyboard_types_and_no_pin_is_asked_before_it_is_settled() {
    let (chairs, mut led) = consented("");
    led.answers("Practice line", "zy QWAY 0123456789 ?_-");
    let told = led.talk.until("to go on as it is, type: go on");
    for pair in ["\"y\" came out as \"z\"", "\"z\" came out as \"y\"", "\"Z\" came out as \"Y\""] {
        assert!(told.replace("\r\n    ", " ").contains(pair), "{pair}: {told}");
    }
    led.answers("Practice line", "yz");
    led.talk.until("you typed 2 characters");
    led.answers("Practice line", PRACTICE);
    led.talk.until("The keyboard types what stands on its keys.");
    led.pin();
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains(PIN), "{said}");
    assert_eq!(logins(&chairs), 1);
}

#[test]
fn a_keyboard_that_differs_may_be_gone_on_with_by_typed_words_or_left() {
    let (chairs, mut led) = consented("");
    led.answers("Practice line", "no");
    let (code, said) = led.end();
    assert_eq!((code, logins(&chairs)), (3, 0), "{said}");
    assert_eq!(events(&chairs.scene.path("a"), "SigningBegun").len(), 0, "no attempt was begun");
    let mut led = Led::sits(&chairs, "anna", "--draft A a");
    consents(&mut led);
    led.answers("Practice line", "zy");
    led.answers("Practice line", "Go on");
    led.pin();
    assert_eq!(led.end().0, 0);
}

#[test]
fn a_key_that_wants_its_pin_each_time_is_announced_and_each_pin_is_numbered() {
    let chairs = Chairs::rehearsal().without("anna");
    chairs.token_asking_each_time("anna", &key("anna"));
    let mut led = Led::sits(&chairs, "anna", "a");
    consents(&mut led);
    let told = led.talk.until("Practice line").replace("\r\n    ", " ");
    // SoftHSM2 tells it only once it is open.
    assert!(told.contains("2 signatures follow. Your PIN is asked for once; if this key wants it"), "{told}");
    led.talk.until(": ");
    led.talk.line(PRACTICE);
    led.pin();
    led.talk.until("PIN 2 of 3; the one before was accepted.");
    led.pin();
    consents(&mut led);
    led.talk.until("PIN 3 of 3; the one before was accepted.");
    led.pin();
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("PIN 1 of"), "{said}");
}

#[test]
fn a_pin_that_nobody_could_announce_is_explained_and_numbered() {
    let (_chairs, mut led) = consented("C_Sign nth=1 rv=0x101");
    led.opens_her_token();
    led.talk.until("The PIN was accepted. This key wants it once more");
    led.talk.until("PIN 2 of 2; the one before was accepted.");
    led.pin();
    assert_eq!(led.end().0, 0);
}

#[test]
fn a_token_that_was_taken_out_is_put_back_and_she_goes_on_with_the_same_pin_question() {
    let (chairs, mut led) = consented("# none");
    let says = |rules: &str| std::fs::write(chairs.tokens.path().join("rules"), rules).unwrap();
    led.answers("Practice line", PRACTICE);
    led.talk.until("PIN of token ");
    led.talk.until(": ");
    says(crate::put_back::GONE);
    led.talk.line(PIN);
    led.talk.until("The token is gone, or the connection to it was lost.");
    led.takes("What do you want to do?", "I have put the same token back in: go on");
    led.talk.until("is not there with its keys yet");
    says("# back");
    led.takes("What do you want to do?", "I have put the same token back in: go on");
    led.pin();
    let (code, said) = led.end();
    assert_eq!((code, logins(&chairs)), (0, 1), "{said}");
    assert!(!said.contains("PIN 2 of"), "{said}");
    assert_eq!(events(&chairs.scene.path("a"), "SignatureAdmitted").len(), 1);
}

#[test]
fn before_the_last_try_stopping_comes_first_then_the_puk_then_the_override() {
    // 0x20000 is CKF_USER_PIN_FINAL_TRY.
    let (chairs, mut led) = consented("C_GetTokenInfo flags=+0x20000-0x0");
    let told = led.talk.until("What do you want to do?").replace("\r\n      ", " ");
    assert!(told.contains("One PIN try is left on \"anna\""), "{told}");
    let quorum = "Without this token, draft A, new root: 0 of 2 signed, still can: \"Bela Costa\", \"Carla Dietz\": enough.";
    assert!(told.contains(quorum), "{told}");
    let offered = led.talk.until("Number (1 to 3): ");
    let choices: Vec<&str> = offered.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(
        choices[..3],
        ["1  Stop. Nothing is lost", "2  Unblock the token with its PUK first", "3  Use the last try"]
    );
    led.talk.line("1");
    let (code, said) = led.end();
    assert_eq!((code, logins(&chairs)), (3, 0), "nothing was spent: {said}");
    assert!(!said.contains("Practice line"), "{said}");
    assert_eq!(events(&chairs.scene.path("a"), "SigningBegun").len(), 0);

    let mut led = Led::sits(&chairs, "anna", "--draft A a");
    consents(&mut led);
    led.takes("What do you want to do?", "Unblock the token with its PUK first");
    led.talk.until("no PUK.");
    let (code, said) = led.end();
    assert_eq!((code, logins(&chairs)), (3, 0), "{said}");
    assert!(fault(&said).now.contains("its PUK; then start `conclave sign` again"), "{said}");

    for typed in ["yes", "use the last try"] {
        let mut led = Led::sits(&chairs, "anna", "--draft A a");
        consents(&mut led);
        led.takes("What do you want to do?", "Use the last try");
        led.answers("Your answer", typed);
        if typed == "yes" {
            assert_eq!(led.end().0, 3);
            assert_eq!(logins(&chairs), 0, "the override is typed in words");
        } else {
            led.opens_her_token();
            assert_eq!(led.end().0, 0);
        }
    }
    chairs.scene.replays("a");
}

#[test]
fn a_quorum_that_cannot_do_without_her_is_said_before_her_last_try() {
    let chairs = Chairs::rehearsal();
    let mut led = Led::sits(&chairs, "carla", "--draft A a");
    led.answers("Type yes or no", "no");
    led.takes("What do you want to do?", "Decline this draft, with a reason");
    led.answers("Why do you decline? In one line", "I will not");
    led.end();
    let chairs = chairs.failing("C_GetTokenInfo flags=+0x20000-0x0");
    let mut led = Led::sits(&chairs, "anna", "--draft A a");
    consents(&mut led);
    let told = led.talk.until("What do you want to do?").replace("\r\n      ", " ");
    let quorum = "draft A, new root: 0 of 2 signed, still can: \"Bela Costa\": NOT enough.";
    assert!(told.contains(quorum), "who declined is not counted on: {told}");
    led.talk.until("Number (1 to 3): ");
    led.talk.control('c');
    assert_eq!(led.end().0, 3);
}

#[test]
fn a_locked_pin_is_not_asked_for_and_is_written_down() {
    // 0x40000 is CKF_USER_PIN_LOCKED.
    let (chairs, mut led) = consented("C_GetTokenInfo flags=+0x40000-0x0");
    led.talk.until("is locked: it takes no PIN any more.");
    led.takes("What do you want to do?", "Stop. Nothing is lost");
    let (code, said) = led.end();
    assert_eq!((code, logins(&chairs)), (3, 0), "{said}");
    assert!(!said.contains("Use the last try") && !said.contains("PIN of token"), "{said}");
    assert_eq!(events(&chairs.scene.path("a"), "TokenLocked")[0]["person"], "anna");
    chairs.scene.replays("a");
}

#[test]
fn no_practice_line_stands_before_a_keypad_or_a_pin_from_a_file() {
    let (_chairs, led) = consented(&format!("C_GetTokenInfo flags=+0x100-0x0\nC_Login keypad={PIN}"));
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("1 signature is asked of your token."), "{said}");
    assert!(!said.contains("Practice line"), "{said}");

    let chairs = Chairs::rehearsal();
    let file = chairs.scene.desk.put("pin", format!("{PIN}\n"));
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let mut led = Led::sits(&chairs, "anna", "--draft A --pin-source pin a");
    consents(&mut led);
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("Practice line"), "{said}");
}

#[test]
fn a_wrong_pin_is_told_with_what_it_cost_and_she_may_type_it_again_without_reading_anew() {
    let chairs = Chairs::rehearsal();
    let mut led = Led::sits(&chairs, "anna", "--draft A a");
    consents(&mut led);
    led.answers("Practice line", PRACTICE);
    let asked = |led: &mut Led, pin: &str| {
        led.talk.until("PIN of token ");
        led.talk.until(": ");
        led.talk.line(pin);
    };
    asked(&mut led, "");
    led.talk.until("No PIN try was used.");
    led.takes("What do you want to do?", "Type it again");
    asked(&mut led, crate::holder::WRONG_PIN);
    led.talk.until("The token refused the PIN. One PIN try was used.");
    led.takes("What do you want to do?", "Type it again");
    led.talk.until("PIN: the token reports at least one failed try");
    asked(&mut led, PIN);
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!(said.matches("Practice line").count(), 1, "{said}");
    assert_eq!(said.matches("To sign, type").count(), 1, "{said}");
    assert!(!said.contains("the one before was accepted"), "{said}");
    assert!(!said.contains(PIN) && !said.contains(crate::holder::WRONG_PIN), "{said}");
    let outcomes = [
        "SigningBegun",
        "SigningFailed",
        "SigningBegun",
        "SigningFailed",
        "SigningBegun",
        "SignatureAdmitted",
    ];
    assert_eq!(chairs.scene.events("a")[5..], outcomes);
    chairs.scene.replays("a");
}

#[test]
fn a_wrong_pin_that_leaves_one_try_leads_to_the_choices_before_a_last_try() {
    let (chairs, mut led) = consented("");
    led.answers("Practice line", PRACTICE);
    led.talk.until("PIN of token ");
    led.talk.until(": ");
    // 0x20000 is CKF_USER_PIN_FINAL_TRY: from now on the token tells of one try.
    std::fs::write(chairs.tokens.path().join("rules"), "C_GetTokenInfo flags=+0x20000-0x0").unwrap();
    led.talk.line(crate::holder::WRONG_PIN);
    led.talk.until("One PIN try was used.");
    led.takes("What do you want to do?", "Type it again");
    led.talk.until("One PIN try is left");
    led.takes("What do you want to do?", "Stop. Nothing is lost");
    let (code, said) = led.end();
    assert_eq!((code, logins(&chairs)), (3, 1), "{said}");
    chairs.scene.replays("a");
}

#[test]
fn whoever_stops_after_a_wrong_pin_is_told_what_it_cost() {
    let (chairs, mut led) = consented("");
    led.answers("Practice line", PRACTICE);
    led.talk.until("PIN of token ");
    led.talk.until(": ");
    led.talk.line(crate::holder::WRONG_PIN);
    led.takes("What do you want to do?", "Stop. Nothing is lost");
    let (code, said) = led.end();
    assert_eq!((code, logins(&chairs)), (4, 1), "{said}");
    assert!(fault(&said).error.contains("One PIN try was used"), "{said}");
}

#[test]
fn an_exception_is_granted_before_consent_or_the_draft_is_declined() {
    let chairs = Chairs::with_plan(false, "");
    let plan = String::from_utf8(crate::stage::read(&chairs.scene.path("first.plan.toml"))).unwrap();
    let asked = "\n[[exceptions]]\ncontrol = \"token-software\"\nabout = \"anna\"\nreason = \"her device comes in May\"\n";
    chairs.scene.desk.put("soft.plan.toml", plan + asked);
    let open = format!("open --date {TODAY} soft.plan.toml s --one-device");
    chairs.scene.run_and(&open, &["a test"]).good();
    let mut led = Led::sits(&chairs, "anna", "s");
    led.acknowledges(1);
    led.takes(THAT_WAS_IT, "Go on");
    led.takes(SOURCE, "I have no source of my own");
    led.talk.phrase_after("To grant exception 1, type: ");
    led.talk.line("no");
    led.talk.until("You did not grant this exception");
    led.takes("What do you want to do?", "Decline this draft, with a reason");
    led.answers("Why do you decline? In one line", "I want the device");
    led.talk.until("Written down: you decline draft A.");
    led.acknowledges(1);
    led.takes(THAT_WAS_IT, "Go on");
    led.takes(SOURCE, "I have no source of my own");
    let phrase = led.talk.phrase_after("To grant exception 1, type: ");
    led.talk.line(&phrase);
    let phrase = led.talk.phrase();
    led.talk.line(&phrase);
    led.opens_her_token();
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    let s = chairs.scene.path("s");
    assert_eq!(events(&s, "ExceptionGranted").len(), 1);
    assert_eq!((events(&s, "Declined").len(), events(&s, "SignatureAdmitted").len()), (1, 1));
    chairs.scene.replays("s");
}
