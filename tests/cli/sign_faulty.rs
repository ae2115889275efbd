//! A module that hangs, crashes and lies: the visit ends with a sentence, and nothing false is ever stored.

use crate::holder::{Holder, PIN, Talk, fault};
use crate::refusal::{Told, refused};

const CASE: &str = "first-3of5-ed25519-0sigs";

/// One visit with a module that fails by `rules`; the bundle must stay as it was.
fn visit(rules: &str, play: impl FnOnce(&mut Talk)) -> (Holder, Told) {
    let holder = Holder::of(CASE, &["k1"]).failing(rules);
    let before = holder.desk.listing();
    let mut talk = holder.sign("pkcs11:token=alice", &[]);
    play(&mut talk);
    let (code, said) = talk.end();
    assert_eq!(code, 4, "{said}");
    assert_eq!(holder.desk.listing(), before, "{said}");
    assert!(!said.contains(PIN), "{said}");
    (holder, fault(&said))
}

fn with_pin(talk: &mut Talk) {
    talk.consent();
    talk.line(PIN);
}

#[test]
fn the_same_visit_without_a_fault_signs() {
    let holder = Holder::of(CASE, &["k1"]).failing("# none");
    holder.sign("pkcs11:token=alice", &[]).sign();
    assert_eq!((holder.counted(), holder.calls("C_Sign")), (vec![holder.keyid("k1")], 1));
}

#[test]
fn a_corrupt_signature_is_thrown_away() {
    let (holder, told) = visit("C_Sign corrupt", with_pin);
    assert!(told.error.contains("no signature over what you were shown"), "{told:?}");
    assert!(told.error.contains("thrown away") && told.now.contains("Do not use this token"), "{told:?}");
    assert!(told.signed.starts_with("Whether the token signed is not known"), "{told:?}");
    assert_eq!(holder.calls("C_Sign"), 1, "it was really asked");
    std::fs::write(holder.tokens.path().join("rules"), "").unwrap();
    holder.sign("pkcs11:token=alice", &[]).sign();
    assert_eq!(holder.counted(), [holder.keyid("k1")], "and the next visit signs");
}

#[test]
fn a_short_signature_is_thrown_away() {
    let (_, told) = visit("C_Sign short", with_pin);
    assert!(told.because[0].contains("63 bytes where 64 are due"), "{told:?}");
}

#[test]
fn a_crash_is_told_and_so_is_whether_anything_may_be_signed() {
    for (rules, words, signed, play) in [
        ("C_Login abort", "A PIN try may have been used", "Nothing was signed", with_pin as fn(&mut Talk)),
        ("C_Sign abort", "No PIN try was used", "Whether the token signed is not known", with_pin),
    ] {
        let (_, told) = visit(rules, play);
        assert!(told.error.contains(words), "{rules}: {told:?}");
        assert!(told.signed.starts_with(signed), "{rules}: {told:?}");
        assert!(!told.signed.contains("PIN"), "the sentence alone says what the PIN cost: {told:?}");
        assert!(told.because.iter().any(|line| line.contains("a rule says abort")), "{rules}: {told:?}");
    }
}

#[test]
fn a_crash_before_any_question_needs_no_terminal() {
    for rules in ["C_Initialize abort", "C_GetSlotList abort", "C_GetTokenInfo abort"] {
        let holder = Holder::of(CASE, &["k1"]).failing(rules);
        let told = refused(&holder.sign_unattended("pkcs11:token=alice", &[]), 4);
        assert!(told.error.contains("No PIN try was used"), "{rules}: {told:?}");
        assert!(told.says("signal 6") || told.says("SIGABRT"), "{rules}: {told:?}");
        assert_eq!(holder.counted().len(), 0);
    }
}

#[test]
fn a_module_that_hangs_is_ended_at_its_deadline() {
    let holder = Holder::of(CASE, &["k1"]).failing("C_GetSlotList hang=600000");
    let told = refused(&holder.sign_unattended("pkcs11:token=alice", &["--json"]), 4);
    assert!(told.because[0].contains("within 10 s"), "{told:?}");
    assert_eq!(holder.counted().len(), 0);
}

#[test]
fn a_login_that_hangs_leaves_it_open_whether_a_try_was_used() {
    let (_, told) = visit("C_Login hang=600000", |talk| {
        with_pin(talk);
        talk.until("20 seconds are left");
        talk.until("has not answered for 30 seconds");
        talk.until("Your answer: ");
        talk.line("no");
    });
    assert!(told.error.contains("A PIN try may have been used"), "{told:?}");
    assert!(told.because[0].contains("within 30 s"), "{told:?}");
}

#[test]
fn a_token_pulled_while_it_signs_is_told() {
    let (_, told) = visit("C_Sign rv=0x32", with_pin);
    assert!(told.because[0].contains("the token was removed"), "{told:?}");
    assert!(told.now.contains("Insert the token again"), "{told:?}");
}

#[test]
fn a_locked_pin_is_told() {
    let (_, told) = visit("C_Login rv=0xa4", with_pin);
    assert!(told.because[0].contains("is locked"), "{told:?}");
    assert!(told.now.contains("security officer"), "{told:?}");
}

#[test]
fn a_crash_at_the_end_is_a_warning_after_a_signature_that_is_safe() {
    let holder = Holder::of(CASE, &["k1"]).failing("C_Finalize abort");
    let said = holder.sign("pkcs11:token=alice", &[]).sign();
    assert!(said.contains("warning: "), "{said}");
    assert_eq!(holder.counted(), [holder.keyid("k1")]);
}

#[test]
fn a_good_signature_over_something_else_or_by_another_key_is_thrown_away() {
    for rules in ["C_Sign other-message", "C_SignInit other-key"] {
        let holder = Holder::of(CASE, &["k1", "k2"]).failing(rules);
        let before = holder.desk.listing();
        let mut talk = holder.sign("pkcs11:token=alice;object=k1", &[]);
        with_pin(&mut talk);
        let (code, said) = talk.end();
        assert_eq!((code, holder.calls("C_Sign")), (4, 1), "{rules}: {said}");
        assert_eq!(holder.desk.listing(), before, "{said}");
        let told = fault(&said);
        assert!(told.error.contains("no signature over what you were shown"), "{rules}: {told:?}");
        assert!(told.signed.starts_with("Whether the token signed is not known"), "{rules}: {told:?}");
    }
}

#[test]
fn a_token_pulled_between_the_pin_and_the_signature_is_told() {
    let (holder, told) = visit("C_SignInit rv=0x32", with_pin);
    assert!(told.because[0].contains("the token was removed"), "{told:?}");
    assert_eq!((holder.calls("C_Login"), holder.calls("C_Sign")), (1, 0));
}

#[test]
fn a_wrong_pin_is_one_try_on_one_token_even_where_the_flags_hide_it() {
    let holder = Holder::of(CASE, &["k1"]).failing("C_GetTokenInfo flags=+0x0-0x10000");
    holder.token("bob", &[]);
    let mut talk = holder.sign("pkcs11:token=alice", &[]);
    talk.consent();
    talk.line(crate::holder::WRONG_PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 4, "{said}");
    assert!(fault(&said).error.contains("One PIN try was used"), "{said}");
    assert_eq!(holder.calls("C_Login"), 1, "one attempt a prompt");
    std::fs::write(holder.tokens.path().join("rules"), "").unwrap();
    let mut arguments = vec!["tokens".to_owned(), "--json".to_owned()];
    arguments.extend(holder.module());
    let facts = holder.desk.run_with(arguments, &holder.environment()).good().json();
    let pin = |label: &str| {
        let all = facts["tokens"].as_array().unwrap();
        all.iter().find(|token| token["label"] == label).unwrap()["pin"].as_str().unwrap().to_owned()
    };
    assert!(pin("alice").contains("at least one failed try"), "{facts}");
    assert!(pin("bob").contains("no failed try"), "{facts}");
}

#[test]
fn what_a_token_has_no_room_for_is_refused_before_consent_and_pin() {
    let holder = Holder::of(CASE, &["k1"]).failing("C_GetTokenInfo model=YubiKey-YK5");
    let told = refused(&holder.sign_unattended("pkcs11:token=alice", &[]), 4);
    assert!(told.says("at most 1014 bytes") && told.now.contains("ECDSA"), "{told:?}");
    assert!(told.signed.starts_with("Nothing was signed"), "{told:?}");
    assert_eq!(holder.calls("C_Login"), 0);
}

/// What the PIN-before-each-signature keys and the keypads ask of a person.
mod entry {
    use super::*;

    /// 0x100 is CKF_PROTECTED_AUTHENTICATION_PATH.
    fn keypad(typed: &str) -> String {
        format!("C_GetTokenInfo flags=+0x100-0x0\nC_Login keypad={typed}")
    }

    #[test]
    fn a_key_that_wants_its_pin_again_is_asked_for_it_and_nothing_is_sent_in_silence() {
        // The module takes the login and then says that nobody is logged in.
        let holder = Holder::of(CASE, &["k1"]).failing("C_Sign nth=1 rv=0x101");
        let mut talk = holder.sign("pkcs11:token=alice", &[]);
        with_pin(&mut talk);
        talk.until("once more for each signature");
        talk.until("PIN of token ");
        talk.until(": ");
        assert_eq!(holder.calls("C_Login"), 1, "the first PIN was not kept for a second time");
        talk.line(PIN);
        let (code, said) = talk.end();
        assert_eq!(code, 0, "{said}");
        assert_eq!((holder.counted(), holder.calls("C_Login")), (vec![holder.keyid("k1")], 2));
        assert!(!said.contains(PIN), "{said}");
    }

    #[test]
    fn a_wrong_pin_for_the_signature_is_told_as_a_try() {
        let rules = "C_Sign nth=1 rv=0x101\nC_Login nth=2 rv=0xa0";
        let holder = Holder::of(CASE, &["k1"]).failing(rules);
        let mut talk = holder.sign("pkcs11:token=alice", &[]);
        with_pin(&mut talk);
        talk.until("once more for each signature");
        talk.until("PIN of token ");
        talk.until(": ");
        talk.line(PIN);
        let (code, said) = talk.end();
        assert_eq!(code, 4, "{said}");
        let told = fault(&said);
        assert!(told.error.contains("One PIN try was used"), "{told:?}");
        assert!(told.signed.starts_with("Nothing was signed"), "{told:?}");
        assert_eq!(holder.calls("C_Login"), 2);
    }

    #[test]
    fn a_pin_is_typed_on_the_keypad_and_never_asked_for_here() {
        let holder = Holder::of(CASE, &["k1"]).failing(&keypad(PIN));
        let mut talk = holder.sign("pkcs11:token=alice", &[]);
        let phrase = talk.phrase();
        talk.line(&phrase);
        let (code, said) = talk.end();
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("on the keypad of") && !said.contains("PIN of token"), "{said}");
        assert_eq!(holder.counted(), [holder.keyid("k1")]);
    }

    #[test]
    fn a_wrong_pin_on_the_keypad_is_told_as_a_try() {
        let holder = Holder::of(CASE, &["k1"]).failing(&keypad("4711-wrong"));
        let mut talk = holder.sign("pkcs11:token=alice", &[]);
        let phrase = talk.phrase();
        talk.line(&phrase);
        let (code, said) = talk.end();
        assert_eq!(code, 4, "{said}");
        assert!(fault(&said).error.contains("One PIN try was used"), "{said}");
        assert_eq!(holder.calls("C_Sign"), 0);
    }
}
