//! A keyholder's visit asked step by step, at a real terminal: the whole way, and what she may answer on it.

use crate::chairs::{Chairs, events};
use crate::led::{Led, payload, traces};
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
    assert_eq!(said.matches("PIN of token").count(), 2, "told once, asked once: {said}");
    assert!(said.contains("For 2 signatures, this is asked for once: PIN of token \"anna\""), "{said}");
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
