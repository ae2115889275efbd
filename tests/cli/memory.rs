//! The holder's own log: written before the token signs, and a second document for the same role and version refused.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::holder_log::{HolderLog, Intent};
use tuf_ceremony::key::Fingerprint;

use crate::holder::{BUNDLE, Holder, PIN, fault};
use crate::refusal::refused;
use crate::stage::read;

const CASE: &str = "first-3of5-ed25519-0sigs";
const LOG: &str = "mine.log.jsonl";
const WITH_LOG: [&str; 2] = ["--log", LOG];
const TOKEN: &str = "pkcs11:token=alice";

fn log(holder: &Holder) -> HolderLog {
    HolderLog::read(&read(&holder.desk.path(LOG))).unwrap()
}

/// A log that tells of another root 1, by the key that is about to sign.
fn with_another(holder: &Holder, key: Fingerprint) -> Digest {
    let payload = Digest::of(b"another root 1");
    let mut log = HolderLog::default();
    let intent = Intent { ceremony: None, key, payload, role: "root".to_owned(), title: None, version: 1 };
    log.append("2027-03-05T09:00:00Z", intent, None).unwrap();
    holder.desk.put(LOG, log.text());
    payload
}

/// The fingerprint of k1, as a visit of another holder with the same key writes it down.
fn key() -> Fingerprint {
    let holder = Holder::of(CASE, &["k1"]);
    holder.sign(TOKEN, &WITH_LOG).sign();
    log(&holder).entries()[0].key
}

#[test]
fn what_is_signed_stands_in_the_log() {
    let holder = Holder::of(CASE, &["k1"]);
    let said = holder.sign(TOKEN, &WITH_LOG).sign();
    assert!(said.contains("Your log \"mine.log.jsonl\" begins today."), "{said}");
    let log = log(&holder);
    let [entry] = log.entries() else { panic!("one line") };
    let status = holder.desk.run(["status", "--json", BUNDLE]).good().json();
    assert_eq!(entry.payload.to_string(), status["drafts"][0]["payload"]);
    assert_eq!((entry.role.as_str(), entry.version, entry.over), ("root", 1, None));
    assert_eq!((entry.ceremony, &entry.title), (None, &None));
}

#[test]
fn a_second_document_for_the_same_role_and_version_is_refused_without_the_sentence() {
    let holder = Holder::of(CASE, &["k1"]).failing("# none");
    let earlier = with_another(&holder, key());
    let before = holder.desk.listing();
    for answer in ["no", "", "sign root 1"] {
        let mut talk = holder.sign(TOKEN, &WITH_LOG);
        talk.until("Your own log tells of another document");
        talk.until("To sign this one as well, type: not only ");
        talk.until("Your answer: ");
        talk.line(answer);
        let (code, said) = talk.end();
        assert_eq!(code, 1, "{said}");
        let told = fault(&said);
        assert!(told.error.contains("Your own log tells of another document"), "{told:?}");
        assert!(told.because[0].contains(&earlier.to_string()), "{told:?}");
        assert!(told.now.contains("Do not sign"), "{told:?}");
        assert_eq!(told.signed, "Nothing was signed, nothing was written.");
    }
    assert_eq!(holder.desk.listing(), before);
    assert_eq!((holder.calls("C_Login"), holder.calls("C_Sign")), (0, 0));
}

#[test]
fn the_sentence_lets_her_sign_and_the_log_says_what_she_passed_over() {
    let holder = Holder::of(CASE, &["k1"]);
    let earlier = with_another(&holder, key());
    let mut talk = holder.sign(TOKEN, &WITH_LOG);
    talk.until("To sign this one as well, type: ");
    let phrase = talk.until("\r\n");
    talk.until("Your answer: ");
    talk.line(&phrase);
    talk.sign();
    let log = log(&holder);
    assert_eq!((log.entries().len(), log.entries()[1].over), (2, Some(earlier)));
    assert_eq!(holder.counted(), [holder.keyid("k1")]);
}

#[test]
fn the_log_is_written_before_the_token_is_asked_to_sign() {
    let holder = Holder::of(CASE, &["k1"]).failing("C_Sign corrupt");
    let mut talk = holder.sign(TOKEN, &WITH_LOG);
    talk.consent();
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 4, "{said}");
    assert_eq!(log(&holder).entries().len(), 1, "a signature may exist");
    assert_eq!(holder.counted().len(), 0);
    std::fs::write(holder.tokens.path().join("rules"), "").unwrap();
    holder.sign(TOKEN, &WITH_LOG).sign();
    assert_eq!(log(&holder).entries().len(), 2, "the same document again is no conflict");
}

#[test]
fn a_log_that_cannot_be_written_keeps_the_token_from_signing() {
    let holder = Holder::of(CASE, &["k1"]).failing("# none");
    let mut talk = holder.sign(TOKEN, &["--log", "nowhere/mine.log.jsonl"]);
    talk.consent();
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 5, "{said}");
    assert!(fault(&said).error.contains("nowhere"), "{said}");
    assert_eq!((holder.calls("C_Sign"), holder.counted().len()), (0, 0));
}

#[test]
fn a_log_that_does_not_hold_together_is_never_gone_on_with() {
    let holder = Holder::of(CASE, &["k1"]);
    with_another(&holder, key());
    let text = String::from_utf8(read(&holder.desk.path(LOG))).unwrap();
    let cut = text.trim_end().to_owned();
    for damaged in [cut, text.replace("\"n\":1", "\"n\":2"), "{}\n".to_owned()] {
        std::fs::write(holder.desk.path(LOG), &damaged).unwrap();
        let told = refused(&holder.sign_unattended(TOKEN, &WITH_LOG), 1);
        assert!(told.error.contains("Your own log cannot be used"), "{told:?}");
        assert!(told.because[0].contains("does not hold together"), "{told:?}");
        assert_eq!(read(&holder.desk.path(LOG)), damaged.as_bytes());
    }
}
