//! Every way to stop at the terminal, and every way not to have consented: the bundle stays as it was.

use crate::holder::{Holder, PIN, Talk, WRONG_PIN, fault};
use crate::refusal::Told;

const CASE: &str = "first-3of5-ed25519-0sigs";

/// Plays one conversation that must end with `code` and leave every file as it was.
fn stopped(code: i32, play: impl FnOnce(&mut Talk)) -> (Told, String) {
    let holder = Holder::of(CASE, &["k1"]);
    let before = holder.desk.listing();
    let mut talk = holder.sign("pkcs11:token=alice", &[]);
    play(&mut talk);
    let (found, said) = talk.end();
    assert_eq!(found, code, "{said}");
    assert_eq!(holder.desk.listing(), before, "{said}");
    let told = fault(&said);
    assert!(told.signed.starts_with("Nothing was signed"), "{said}");
    (told, said)
}

#[test]
fn no_is_no() {
    for word in ["no", "NO", " stop ", "Decline"] {
        let (told, _) = stopped(3, |talk| {
            talk.phrase();
            talk.line(word);
        });
        assert!(told.error.contains("You did not consent"), "{told:?}");
    }
}

#[test]
fn a_wrong_phrase_is_told_and_asked_again_three_times() {
    let (told, said) = stopped(3, |talk| {
        for wrong in ["yes", "sign root 1", "sign root 2 467d31e2"] {
            talk.phrase();
            talk.line(wrong);
        }
    });
    assert!(told.error.contains("You did not consent"), "{told:?}");
    assert_eq!(said.matches("That is not the phrase.").count(), 3, "{said}");
    assert!(!said.contains("PIN of token"), "{said}");
}

#[test]
fn a_bare_enter_is_no_consent() {
    let (_, said) = stopped(3, |talk| {
        for _ in 0..3 {
            talk.phrase();
            talk.line("");
        }
    });
    assert!(!said.contains("PIN of token"), "{said}");
}

#[test]
fn ctrl_c_ctrl_d_and_a_torn_line_at_the_consent_stop_with_a_sentence() {
    for letter in ['c', 'd'] {
        let (told, _) = stopped(3, |talk| {
            talk.phrase();
            talk.control(letter);
        });
        assert!(told.error.contains("nothing was asked of the token"), "{told:?}");
    }
    stopped(3, |talk| {
        let phrase = talk.phrase();
        talk.type_on(&phrase);
        talk.control('c');
    });
}

#[test]
fn what_was_typed_ahead_is_no_consent() {
    // The module takes its time, so that there is time to type before the question.
    let holder = Holder::of(CASE, &["k1"]).failing("C_GetSlotList nth=1 hang=3000");
    let before = holder.desk.listing();
    let mut talk = holder.sign("pkcs11:token=alice", &[]);
    // The phrase is known beforehand to whoever has the digest on paper; typed before the question it is nothing.
    talk.line("sign root 1 467d31e2");
    talk.line("1111");
    assert_eq!(talk.phrase(), "sign root 1 467d31e2");
    talk.line("no");
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    assert!(!said.contains("PIN of token") && !said.contains("not the phrase"), "{said}");
    assert_eq!(holder.desk.listing(), before);
}

#[test]
fn spaces_and_capitals_of_the_phrase_do_not_matter() {
    let holder = Holder::of(CASE, &["k1"]);
    let mut talk = holder.sign("pkcs11:token=alice", &[]);
    let phrase = talk.phrase();
    talk.line(&format!("  {} ", phrase.to_uppercase().replace(' ', "  ")));
    talk.until("PIN of token ");
    talk.until(": ");
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!(holder.counted(), [holder.keyid("k1")]);
}

#[test]
fn ctrl_c_ctrl_d_and_a_bare_enter_at_the_pin_stop_without_a_try() {
    for (letter, cause) in [('c', "interrupted"), ('d', "ended without a PIN"), ('m', "no PIN was typed")] {
        let (told, said) = stopped(3, |talk| {
            talk.consent();
            talk.control(letter);
        });
        assert!(told.error.contains("nothing was sent to the token"), "{told:?}");
        assert!(told.because[0].contains(cause), "{told:?}");
        assert!(!said.contains("try was used"), "{said}");
    }
}

#[test]
fn a_pin_that_was_begun_is_not_shown_when_ctrl_c_follows() {
    let (_, said) = stopped(3, |talk| {
        talk.consent();
        talk.type_on(PIN);
        talk.control('c');
    });
    assert!(!said.contains(PIN), "{said}");
}

#[test]
fn a_wrong_pin_costs_a_try_and_says_so() {
    let (told, said) = stopped(4, |talk| {
        talk.consent();
        talk.line(WRONG_PIN);
    });
    assert_eq!(told.error, "The token refused the PIN. One PIN try was used.");
    assert!(told.because[0].contains("alice"), "{told:?}");
    assert!(!said.contains(WRONG_PIN), "{said}");
}

#[test]
fn a_pin_that_cannot_be_right_costs_no_try() {
    let (told, _) = stopped(4, |talk| {
        talk.consent();
        talk.line("123");
    });
    assert!(told.error.contains("No PIN try was used"), "{told:?}");
    assert!(told.because[0].contains("4 to 255 characters"), "{told:?}");
}
