//! A module that leaves, prints, writes to the terminal and tells texts that are none: what the keyholder's screen shows of it.

use crate::holder::{Holder, PIN, Talk, fault};
use crate::refusal::{Told, refused};

const CASE: &str = "first-3of5-ed25519-0sigs";

fn with_pin(talk: &mut Talk) {
    talk.consent();
    talk.line(PIN);
}

/// A visit that ends with exit code 4, and leaves the folder as it was.
fn visit(rules: &str) -> (Holder, Told, String) {
    let holder = Holder::of(CASE, &["k1"]).failing(rules);
    let before = holder.desk.listing();
    let mut talk = holder.sign("pkcs11:token=alice", &[]);
    with_pin(&mut talk);
    let (code, said) = talk.end();
    assert_eq!((code, holder.desk.listing()), (4, before), "{said}");
    let told = fault(&said);
    (holder, told, said)
}

#[test]
fn leaving_with_the_code_of_success_is_told_as_a_crash() {
    let (holder, told, _) = visit("C_Sign exit=0");
    assert!(told.error.contains("No PIN try was used"), "{told:?}");
    assert!(told.because[0].contains("crashed during the signature (exit code 0)"), "{told:?}");
    assert!(told.signed.starts_with("Whether the token signed is not known"), "{told:?}");
    std::fs::write(holder.tokens.path().join("rules"), "").unwrap();
    holder.sign("pkcs11:token=alice", &[]).sign();
    assert_eq!(holder.counted(), [holder.keyid("k1")], "and the next visit signs");
}

#[test]
fn an_empty_signature_and_one_with_a_bit_flipped_at_its_end_are_thrown_away() {
    for (rules, words) in [
        ("C_Sign told=0x0", "0 bytes where 64 are due"),
        ("C_Sign flip=511", "no signature"),
        ("C_Sign flip=255", "no signature"),
    ] {
        let (holder, told, said) = visit(rules);
        assert!(said.contains(words), "{rules}: {told:?}");
        assert!(told.now.contains("Do not use this token"), "{rules}: {told:?}");
        assert_eq!((holder.counted().len(), holder.calls("C_Login")), (0, 1), "{rules}");
    }
}

#[test]
fn a_code_is_told_in_words_with_its_own_way_out() {
    for (rules, cause, now) in [
        (
            "C_Sign rv=0x30",
            "CKR_DEVICE_ERROR (0x30) during the signature: the token itself has a fault",
            "Take",
        ),
        ("C_SignInit rv=0x68", "this key may not be used to sign", "Use another token"),
        ("C_Sign rv=0x200", "it was refused on the token", "confirm it on the token"),
        ("C_Login rv=0x2", "this computer has no memory left", "Restart this computer"),
        ("C_Login rv=0x80000001", "only its maker knows what this code means", "Take"),
    ] {
        let (_, told, _) = visit(rules);
        assert!(told.says(cause), "{rules}: {told:?}");
        assert!(told.now.contains(now), "{rules}: {told:?}");
    }
}

#[test]
fn what_it_prints_and_writes_to_the_terminal_is_not_on_the_screen() {
    let holder = Holder::of(CASE, &["k1"]).failing("C_SignInit terminal\nC_Sign print");
    let said = holder.sign("pkcs11:token=alice", &[]).sign();
    assert!(!said.contains("type your PIN here") && !said.contains("Enter your PIN"), "{said}");
    assert_eq!(holder.counted(), [holder.keyid("k1")]);
    assert_eq!(holder.calls("terminal refused"), 1, "it did try");
}

#[test]
fn leaving_at_the_end_is_a_warning_after_a_signature_that_is_safe() {
    for rules in ["C_Finalize exit=3", "C_Finalize segfault", "C_Logout abort"] {
        let holder = Holder::of(CASE, &["k1"]).failing(rules);
        let said = holder.sign("pkcs11:token=alice", &[]).sign();
        assert!(said.contains("warning: "), "{rules}: {said}");
        assert_eq!(holder.counted(), [holder.keyid("k1")], "{rules}");
    }
}

#[test]
fn a_module_that_leaves_while_it_is_loaded_is_told() {
    let holder = Holder::of(CASE, &["k1"]).failing("");
    let mut arguments =
        vec!["tokens".to_owned(), "--module-env".to_owned(), "FAULTY_PKCS11_AT_LOAD".to_owned()];
    arguments.extend(holder.module());
    let mut environment = holder.environment();
    environment.push(("FAULTY_PKCS11_AT_LOAD".into(), "exit=0".into()));
    let told = refused(&holder.desk.run_with(arguments, &environment), 4);
    assert!(told.says("crashed while it was loaded (exit code 0)"), "{told:?}");
    assert!(told.error.contains("No PIN try was used"), "{told:?}");
}

#[test]
fn a_token_that_changes_between_consent_and_pin_gets_no_pin() {
    // The first look is the list's, one for each of the two slots; the next is right before the PIN.
    let (holder, told, _) = visit("C_GetTokenInfo nth=3 text=serial:30303031");
    assert!(told.says("the slot now holds"), "{told:?}");
    assert!(told.now.starts_with("Take it out, put in the token that was named"), "{told:?}");
    assert!(told.error.contains("No PIN try was used"), "{told:?}");
    assert_eq!(holder.calls("C_Login"), 0);
}

#[test]
fn hostile_texts_of_a_module_reach_no_terminal_raw() {
    for field in [
        "C_GetInfo text=description:",
        "C_GetSlotInfo text=description:",
        "C_GetTokenInfo text=label:",
        "C_GetTokenInfo text=serial:",
        "C_GetTokenInfo text=model:",
        "C_GetAttributeValue bytes=0x3:",
        "C_GetAttributeValue bytes=0x102:",
    ] {
        // An escape sequence, a bell, a change of direction, a zero-width space and a NUL.
        let rules = format!("{field}1b5d303b781b5c07e280aee2808b00");
        let holder = Holder::of(CASE, &["k1"]).failing(&rules);
        for json in [false, true] {
            let mut arguments = vec!["tokens".to_owned()];
            if json {
                arguments.push("--json".to_owned());
            }
            arguments.extend(holder.module());
            let done = holder.desk.run_with(arguments, &holder.environment()).good();
            let said = done.out();
            let raw = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{200b}');
            assert!(!said.contains(raw), "{field} {json}: {said:?}");
        }
    }
}
