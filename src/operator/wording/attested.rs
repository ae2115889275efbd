//! Sentences on where keys live: what an attestation proves, why it does not, and what a maker warns of.

use tuf_ceremony::attestation::{Proof, Root};

/// The heading where several keys are told of.
pub const WHERE_KEYS_LIVE: &str = "Keys on PIV cards: are they proven to live in hardware?";
/// Nobody stated a date.
pub const NO_DATE_COMPARED: &str =
    "No date was stated, so the dates of its certificates were not compared: give --date.";
/// Nobody stated a date, where several keys are told of.
pub const NO_DATES_COMPARED: &str =
    "No date was stated here, so the dates of the certificates were not compared.";
/// Advice: a file of roots.
pub const NAME_A_CERTIFICATE: &str =
    "Name a file with certificates in PEM, as the maker of the cards publishes them.";
/// Evidence that is judged by its certificates.
pub const CERTIFICATES_BELOW: &str = "certificates, judged below";

/// What is proven of a key; `root` is cleaned.
pub fn proven(proof: &Proof, root: &str) -> String {
    let (serial, firmware) = (proof.says.serial, proof.says.firmware);
    format!(
        "PROVEN: this key was made in the YubiKey with serial {serial}, firmware {firmware}, and cannot leave it. {}",
        by(proof, root)
    )
}

/// On whose word; `root` is cleaned.
fn by(proof: &Proof, root: &str) -> String {
    match proof.by {
        Root::Maker(_) => format!("Proven by the maker's root {root}."),
        Root::Named(_) => format!("Proven by a root that you named: {root}."),
    }
}

/// When the key asks for what.
pub fn policies(proof: &Proof) -> String {
    format!("It asks for the PIN: {}; for a touch: {}.", proof.says.pin, proof.says.touch)
}

/// Why it is not proven; `why` is cleaned.
pub fn unproven(why: &str, code: &str) -> String {
    format!("NOT PROVEN to live in hardware: {why}. [{code}]")
}

/// What leads on where a chain ends at a root that is not known.
pub const NAME_A_ROOT: &str =
    "If you have the maker's root from a source of your own, name it: --attestation-root FILE.";

/// What the maker warns of, for one card.
pub fn warning(fact: &str, code: &str) -> String {
    format!("WARNING: {fact}. [{code}]")
}

/// One of several keys that is proven; `key` and `root` are cleaned.
pub fn key_proven(key: &str, proof: &Proof, root: &str) -> String {
    format!(
        "{key}: proven, in YubiKey {} with firmware {}. {}",
        proof.says.serial,
        proof.says.firmware,
        by(proof, root)
    )
}

/// One of several keys that is not; `key` and `why` are cleaned.
pub fn key_unproven(key: &str, why: &str, code: &str) -> String {
    format!("{key}: NOT PROVEN: {why}. [{code}]")
}

/// What the maker warns of, for one of several keys.
pub fn key_warning(key: &str, fact: &str, code: &str) -> String {
    format!("{key}: WARNING: {fact}. [{code}]")
}

/// A file of roots that is refused.
pub fn bad_roots(path: &str) -> String {
    format!("The roots in {path} cannot be used.")
}
