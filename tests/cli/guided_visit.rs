//! A keyholder's visit asked step by step, at a real terminal: the whole way, and what she may answer on it.

use crate::chairs::{Chairs, events};
use crate::holder::fault;
use crate::led::{Led, SOURCE, THAT_WAS_IT, group, payload, traces, words};
use crate::refusal::refused;
use crate::scene::tallies;
use crate::stage::read;

#[test]
fn a_keyholder_is_led_through_two_drafts_and_no_digest_is_shown_before_her_lines() {
    let chairs = Chairs::rehearsal();
    let (a, b) = (payload(&chairs.scene, "a", 0), payload(&chairs.scene, "a", 1));
    let mut led = Led::sits(&chairs, "anna", "a");
    led.talk.until("Draft A is 1 of 2 that wait for you: A, B.");
    led.agrees(1, a);
    led.opens_her_token();
    led.talk.until("Draft B is 2 of 2");
    led.agrees(1, b);
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    let asked: Vec<usize> = said.match_indices("Line 1 of 2: ").map(|(at, _)| at).collect();
    assert_eq!(asked.len(), 2, "{said}");
    for (draft, asked) in [(a, asked[0]), (b, asked[1])] {
        assert!(traces(draft, &said[..asked]).is_empty(), "{:?} in {said}", traces(draft, &said[..asked]));
        assert_eq!(traces(draft, &said).len(), 16, "then it is shown whole: {said}");
    }
    assert_eq!(said.matches("PIN of token").count(), 1, "{said}");
    assert!(said.contains("2 signatures follow. Your PIN is asked for once"), "{said}");
    assert_eq!(said.matches("Practice line").count(), 1, "{said}");
    assert!(said.contains("Take your token out now."), "{said}");
    let folder = chairs.scene.path("a");
    let consents = events(&folder, "Consented");
    let (of_a, of_b) = said.split_once("Draft B is 2 of 2").unwrap();
    for (consent, said) in consents.iter().zip([of_a, of_b]) {
        let reference = "olga, by phone; typed before it was shown: line 2 in words, hex group 7";
        assert_eq!(consent["reference"], reference, "{consent}");
        let shown = read(&folder.join(consent["shown"]["path"].as_str().unwrap()));
        let shown = String::from_utf8(shown).unwrap();
        assert_seen(&shown, said);
    }
    assert_eq!(
        chairs.scene.events("a")[2..],
        [
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
    let expected = [("A".to_owned(), vec![(1, 2)]), ("B".to_owned(), vec![(1, 2)])];
    assert_eq!(tallies(&chairs.scene.status("a")), expected);
    chairs.scene.replays("a");
}

#[test]
fn three_lines_that_are_not_of_the_digest_end_the_visit_and_nothing_is_signed() {
    for declines in [false, true] {
        let chairs = Chairs::rehearsal();
        let (a, b) = (payload(&chairs.scene, "a", 0), payload(&chairs.scene, "a", 1));
        let mut led = Led::sits(&chairs, "anna", "a");
        led.acknowledges(1);
        led.takes(THAT_WAS_IT, "Go on");
        led.takes(SOURCE, "I have it on my own paper or phone");
        led.answers("olga, by phone, today", "my notebook");
        led.answers("Line 1 of 2", &words(b, 2));
        led.talk.until("2 tries are left");
        // A right line in between gives no try back.
        led.answers("Line 1 of 2", &words(a, 2));
        led.answers("Line 2 of 2", &group(b, 1));
        led.talk.until("1 try is left");
        led.answers("Line 2 of 2", &format!("5 {}", words(a, 4)));
        led.talk.until("This is not the digest of your paper. Nothing of this draft is signed.");
        match declines {
            true => {
                led.takes("What do you want to do?", "Decline this draft, with a reason");
                led.answers("Why do you decline? In one line", "my paper says something else");
                led.talk.until("Written down: you decline draft A.");
            }
            false => led.takes("What do you want to do?", "Stop for now"),
        }
        let (code, said) = led.end();
        assert_eq!(code, 1, "{said}");
        let told = fault(&said);
        assert!(told.error.contains("not the one on your paper"), "{told:?}");
        assert!(told.now.contains("Tell the security officer"), "{told:?}");
        assert!(told.signed.starts_with("Nothing was signed; \"a\" was written"), "{told:?}");
        assert!(traces(a, &said[..said.find("Line 1 of 2").unwrap()]).is_empty(), "{said}");
        let shown = said.replace(&words(a, 2), "").replace(&words(a, 4), "");
        assert!(traces(a, &shown).is_empty(), "not shown afterwards either: {said}");
        let last = if declines { "Declined" } else { "TokenSeen" };
        assert_eq!(chairs.scene.events("a").last().unwrap(), last);
    }
}

#[test]
fn a_line_is_taken_in_words_in_hex_and_with_its_number_and_never_counts_twice() {
    let chairs = Chairs::rehearsal();
    let a = payload(&chairs.scene, "a", 0);
    let mut led = Led::sits(&chairs, "anna", "--draft a a");
    led.talk.until("Draft A waits for you.");
    led.acknowledges(1);
    led.takes(THAT_WAS_IT, "Go on");
    led.takes(SOURCE, "I have it on my own paper or phone");
    led.answers("olga, by phone, today", "");
    led.answers("olga, by phone, today", "the paper of 3 March");
    led.answers("Line 1 of 2", &format!("3. {}", words(a, 3).to_uppercase()));
    led.answers("Line 2 of 2", "");
    led.answers("Line 2 of 2", &group(a, 3).to_uppercase());
    led.talk.until("you typed it already");
    let second: Vec<String> = (5..=8).map(|number| group(a, number)).collect();
    led.answers("Line 2 of 2", &second.join(" "));
    led.talk.until("Both lines fit.");
    let phrase = led.talk.phrase();
    led.talk.line(&phrase);
    led.opens_her_token();
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    let reference = "the paper of 3 March; typed before it was shown: line 3 in words, hex line 2";
    assert_eq!(events(&chairs.scene.path("a"), "Consented")[0]["reference"], reference);
}

#[test]
fn without_a_source_her_consent_is_unreferenced_and_she_is_told_so() {
    let chairs = Chairs::rehearsal();
    let mut led = Led::sits(&chairs, "anna", "--draft B a");
    led.acknowledges(1);
    led.takes(THAT_WAS_IT, "Show everything, line by line");
    led.takes(THAT_WAS_IT, "Go on");
    led.takes(SOURCE, "I have no source of my own");
    led.talk.until("It is written down that you had no source of your own");
    let phrase = led.talk.phrase();
    led.talk.line(&phrase);
    led.opens_her_token();
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    let folder = chairs.scene.path("a");
    let consent = &events(&folder, "Consented")[0];
    assert!(consent["reference"].is_null(), "{consent}");
    let shown = read(&folder.join(consent["shown"]["path"].as_str().unwrap()));
    let shown = String::from_utf8(shown).unwrap();
    assert_eq!(
        shown.matches("What it says").count(),
        2,
        "what she asked to see in full is kept too: {shown}"
    );
    assert_seen(&shown, &said);
}

#[test]
fn a_source_that_the_command_line_names_is_not_asked_for_and_its_lines_are() {
    let chairs = Chairs::rehearsal();
    let a = payload(&chairs.scene, "a", 0);
    let mut led = Led::sits(&chairs, "anna", "--draft A --reference letter a");
    led.acknowledges(1);
    led.takes(THAT_WAS_IT, "Go on");
    led.talk.until("You said where you have it from: \"letter\".");
    led.answers("Line 1 of 2", &words(a, 1));
    led.answers("Line 2 of 2", &words(a, 8));
    let phrase = led.talk.phrase();
    led.talk.line(&phrase);
    led.opens_her_token();
    assert_eq!(led.end().0, 0);
    let reference = "letter; typed before it was shown: line 1 in words, line 8 in words";
    assert_eq!(events(&chairs.scene.path("a"), "Consented")[0]["reference"], reference);
}

#[test]
fn she_declines_one_draft_and_signs_the_other_in_the_same_visit() {
    let chairs = Chairs::rehearsal();
    let (a, b) = (payload(&chairs.scene, "a", 0), payload(&chairs.scene, "a", 1));
    let mut led = Led::sits(&chairs, "anna", "a");
    led.acknowledges(1);
    led.takes(THAT_WAS_IT, "Go on");
    led.compares(&words(a, 1), &words(a, 2));
    led.talk.phrase();
    led.talk.line("decline");
    led.answers("Why do you decline? In one line", "");
    led.answers("Why do you decline? In one line", "the expiry is not what we agreed");
    led.talk.until("Written down: you decline draft A.");
    led.agrees(1, b);
    led.talk.until("1 signature follows.");
    led.opens_her_token();
    let (code, said) = led.end();
    assert_eq!(code, 0, "a refusal is an outcome: {said}");
    let folder = chairs.scene.path("a");
    let declined = &events(&folder, "Declined")[0];
    assert_eq!(declined["reason"], "the expiry is not what we agreed");
    let shown = read(&folder.join(declined["shown"]["path"].as_str().unwrap()));
    assert_seen(&String::from_utf8(shown).unwrap(), &said);
    assert_eq!(
        tallies(&chairs.scene.status("a")),
        [("A".to_owned(), vec![(0, 2)]), ("B".to_owned(), vec![(1, 2)])]
    );
    chairs.scene.replays("a");
    let mut led = Led::sits(&chairs, "anna", "a");
    led.talk.until("You declined this draft before: \"the expiry is not what we agreed\".");
    led.talk.until("Type yes or no: ");
    led.talk.control('c');
    assert_eq!(led.end().0, 3);
}

#[test]
fn what_is_not_acknowledged_is_shown_again_declined_or_stops_the_visit() {
    let chairs = Chairs::rehearsal();
    let mut led = Led::sits(&chairs, "anna", "a");
    led.answers("Type yes or no", "y");
    led.talk.until("Type yes, or no.");
    led.answers("Type yes or no", "no");
    led.takes("What do you want to do?", "Show it again");
    led.talk.until("What it says");
    led.answers("Type yes or no", "NO");
    led.takes("What do you want to do?", "Stop for now");
    let (code, said) = led.end();
    assert_eq!(code, 3, "{said}");
    let told = fault(&said);
    assert!(told.error.contains("You stopped here"), "{told:?}");
    assert!(told.signed.starts_with("Nothing was signed; \"a\" was written"), "{told:?}");
    let mut led = Led::sits(&chairs, "anna", "--draft A a");
    led.answers("Type yes or no", "no");
    led.takes("What do you want to do?", "Decline this draft, with a reason");
    led.answers("Why do you decline? In one line", "carla is not carla");
    led.talk.until("Take your token out now.");
    let (code, said) = led.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!(events(&chairs.scene.path("a"), "Declined")[0]["reason"], "carla is not carla");
    assert_eq!(events(&chairs.scene.path("a"), "SigningBegun").len(), 0);
}

#[test]
fn a_stop_after_a_signature_says_what_is_stored_and_the_next_visit_asks_for_the_rest_alone() {
    let chairs = Chairs::rehearsal();
    let (a, b) = (payload(&chairs.scene, "a", 0), payload(&chairs.scene, "a", 1));
    let mut led = Led::sits(&chairs, "anna", "a");
    led.agrees(1, a);
    led.opens_her_token();
    led.acknowledges(1);
    led.takes(THAT_WAS_IT, "Stop for now");
    let (code, said) = led.end();
    assert_eq!(code, 3, "{said}");
    assert_eq!(fault(&said).signed, "1 signature made before this is stored in \"a\".");
    let mut led = Led::sits(&chairs, "anna", "a");
    led.talk.until("Draft B waits for you.");
    led.agrees(1, b);
    led.opens_her_token();
    assert_eq!(led.end().0, 0);
    chairs.scene.replays("a");
}

#[test]
fn ctrl_c_at_each_question_ends_the_visit_with_nothing_lost() {
    let chairs = Chairs::rehearsal();
    let a = payload(&chairs.scene, "a", 0);
    let steps: [&dyn Fn(&mut Led); 8] = [
        &|led| drop(led.talk.until("Type yes or no: ")),
        &|led| {
            led.talk.line("yes");
            led.talk.until("Number (1 to 4): ");
        },
        &|led| {
            led.talk.line("1");
            led.talk.until("Number (1 to 3): ");
        },
        &|led| {
            led.talk.line("1");
            led.talk.until("today: ");
        },
        &|led| {
            led.talk.line("olga");
            led.talk.until("Line 1 of 2: ");
        },
        &|led| {
            led.talk.line(&words(a, 1));
            led.talk.until("Line 2 of 2: ");
        },
        &|led| {
            led.talk.line(&words(a, 2));
            led.talk.phrase();
        },
        &|led| {
            led.talk.line(&format!("sign root 1 {}", group(a, 1)));
            led.talk.until("Practice line: ");
        },
    ];
    for until in 1..=steps.len() {
        let mut led = Led::sits(&chairs, "anna", "a");
        steps[..until].iter().for_each(|step| step(&mut led));
        led.talk.control('c');
        let (code, said) = led.end();
        assert_eq!(code, 3, "step {until}: {said}");
        assert!(fault(&said).signed.starts_with("Nothing was signed; \"a\" was written"), "{said}");
    }
    assert_eq!(events(&chairs.scene.path("a"), "SigningBegun").len(), 0, "no token was asked");
    chairs.scene.replays("a");
}

#[test]
fn it_needs_a_person_and_a_ceremony() {
    let chairs = Chairs::rehearsal();
    let told = refused(&chairs.unattended("anna", "--guided --json a"), 2);
    assert!(told.says("--json"), "{told:?}");
    let told = refused(&chairs.unattended("anna", "--guided a"), 3);
    assert!(told.now.contains("at a terminal"), "{told:?}");
    assert_eq!(told.signed, "Nothing was signed, nothing was written.");
    let holder = crate::holder::Holder::of("first-3of5-ed25519-0sigs", &["k1"]);
    let told = refused(&holder.sign_unattended("pkcs11:token=alice", &["--guided"]), 2);
    assert!(told.error.contains("--guided"), "{told:?}");
}

/// What was kept is what stood on the screen: every line of it, in this order, with nothing but questions between them.
fn assert_seen(shown: &str, said: &str) {
    let (mut rest, mut skipped) = (said, String::new());
    for line in shown.lines().filter(|line| !line.is_empty()) {
        let at = rest.find(&format!("{line}\n")).unwrap_or_else(|| panic!("{line:?} was not seen in {rest}"));
        skipped.push_str(&rest[..at]);
        rest = &rest[at + line.len()..];
    }
    for told in ["keys must sign", "can sign", "fingerprint", "is new", "! "] {
        assert!(!skipped.contains(told), "{told:?} was seen and not kept: {skipped}");
    }
}
