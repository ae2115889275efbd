//! The evidence of a card, read: what the token says of the key, and what of it somebody should know before the key is
//! trusted. It is the token's word and no proof: a module may lie, and NSS says "not local" of keys that it made itself.

mod house;

use serde::Serialize;
use tuf_ceremony::card::Evidence;
use tuf_ceremony::document::{Kind, Object, View};

use crate::operator::wording::keys as said;
use crate::token::is_software_model;

/// Something about a key or its token that somebody should know before it is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Odd {
    /// The card carries nothing of what a token says.
    NoEvidence,
    /// The evidence is of a kind that this version does not read.
    UnreadEvidence,
    /// The token is a program.
    SoftwareToken,
    /// The key was brought to the token.
    NotLocal,
    /// The module says "not local" of every key, of those too that its token made.
    LocalOfNone,
    /// The module says "local" of every key, of those too that came from outside.
    LocalOfAll,
    /// The key may leave the token.
    Extractable,
    /// The key could leave the token once.
    WasExtractable,
    /// The token tells the key in plain.
    NotSensitive,
    /// The token could tell the key in plain once.
    WasNotSensitive,
    /// The token does not tell whether the key was made there.
    OriginUntold,
    /// The token does not tell whether the key can leave it.
    ExtractableUntold,
}

impl Odd {
    /// What people are told.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Odd::NoEvidence => said::ODD_NO_EVIDENCE,
            Odd::UnreadEvidence => said::ODD_UNREAD_EVIDENCE,
            Odd::SoftwareToken => said::ODD_SOFTWARE_TOKEN,
            Odd::NotLocal => said::ODD_NOT_LOCAL,
            Odd::LocalOfNone => said::ODD_LOCAL_OF_NONE,
            Odd::LocalOfAll => said::ODD_LOCAL_OF_ALL,
            Odd::Extractable => said::ODD_EXTRACTABLE,
            Odd::WasExtractable => said::ODD_WAS_EXTRACTABLE,
            Odd::NotSensitive => said::ODD_NOT_SENSITIVE,
            Odd::WasNotSensitive => said::ODD_WAS_NOT_SENSITIVE,
            Odd::OriginUntold => said::ODD_ORIGIN_UNTOLD,
            Odd::ExtractableUntold => said::ODD_EXTRACTABLE_UNTOLD,
        }
    }
}

/// What is odd about a key of which a token says this.
#[must_use]
pub fn odd(evidence: Option<&Evidence>) -> Vec<Odd> {
    let Some(evidence) = evidence else { return vec![Odd::NoEvidence] };
    match (kind(evidence, "piv"), kind(evidence, "pkcs11")) {
        (None, None) => vec![Odd::UnreadEvidence],
        // Whoever tells both is judged by both.
        (card, module) => {
            let card = card.map(odd_of_card).unwrap_or_default();
            [card, module.map(odd_of_module).unwrap_or_default()].concat()
        }
    }
}

/// Whether it can leave the card, its attestation tells.
fn odd_of_card(told: Object<'_>) -> Vec<Odd> {
    let is_foreign = told.member("local").and_then(View::boolean) == Some(false);
    is_foreign.then_some(Odd::NotLocal).into_iter().collect()
}

fn odd_of_module(told: Object<'_>) -> Vec<Odd> {
    let flag = |name| told.member(name).and_then(View::boolean);
    let token = told.member("token").and_then(View::object);
    let says = |name| token?.member(name).and_then(View::string);
    let is_known =
        ["model", "manufacturer"].iter().any(|name| says(name).is_some_and(|told| is_software_model(&told)));
    let is_program = flag("hardware-slot") == Some(false) || is_known;
    let all = [
        (is_program, Odd::SoftwareToken),
        (flag("local") == Some(false), house::not_local(told)),
        (flag("local") == Some(true) && house::says_local_of_all(told), Odd::LocalOfAll),
        (flag("extractable") == Some(true), Odd::Extractable),
        (flag("never-extractable") == Some(false), Odd::WasExtractable),
        (flag("sensitive") == Some(false), Odd::NotSensitive),
        (flag("always-sensitive") == Some(false), Odd::WasNotSensitive),
        (flag("local").is_none(), Odd::OriginUntold),
        (flag("extractable").is_none() && flag("never-extractable").is_none(), Odd::ExtractableUntold),
    ];
    all.into_iter().filter_map(|(is, odd)| is.then_some(odd)).collect()
}

/// What the token says, as names and values, in the order of their names.
#[must_use]
pub fn told(evidence: &Evidence) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let kinds = ["piv", "pkcs11"].map(|name| kind(evidence, name));
    let known = match kinds {
        [Some(_), Some(_)] => None,
        [one, other] => one.or(other),
    };
    if let Some(object) = known.or_else(|| evidence.document().root().object()) {
        flatten("", object, &mut found);
    }
    found.sort();
    found
}

fn kind<'e>(evidence: &'e Evidence, name: &str) -> Option<Object<'e>> {
    evidence.document().root().object()?.member(name)?.object()
}

fn judged_below() -> String {
    crate::operator::wording::attested::CERTIFICATES_BELOW.to_owned()
}

fn flatten(before: &str, object: Object<'_>, found: &mut Vec<(String, String)>) {
    for (name, value) in object.members() {
        let name = format!("{before}{name}");
        match (value.kind(), value.object(), value.string()) {
            // Two certificates in hex are two pages that nobody reads.
            (Kind::Object, ..) if name == "attestation" || name == "piv.attestation" => {
                found.push((name, judged_below()))
            }
            (Kind::Object, Some(inner), _) => flatten(&format!("{name}."), inner, found),
            (Kind::String, _, Some(text)) => found.push((name, text.into_owned())),
            _ => found.push((name, value.text().to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn oddities(text: &str) -> Vec<Odd> {
        odd(Some(&Evidence::read(text.as_bytes()).unwrap()))
    }

    const GOOD: &str = r#"{"pkcs11":{"hardware-slot":true,"local":true,"extractable":false,"never-extractable":true,"sensitive":true,"always-sensitive":true,"token":{"model":"YubiKey"}}}"#;

    #[test]
    fn whoever_tells_of_a_card_and_of_a_module_is_judged_by_both_and_all_is_shown() {
        let both = r#"{"piv":{"local":true,"attestation":{"certificate":"30"}},"pkcs11":{"hardware-slot":false,"local":false,"extractable":false}}"#;
        assert_eq!(oddities(both), [Odd::SoftwareToken, Odd::NotLocal]);
        let shown: Vec<String> =
            told(&Evidence::read(both.as_bytes()).unwrap()).into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            shown,
            ["piv.attestation", "piv.local", "pkcs11.extractable", "pkcs11.hardware-slot", "pkcs11.local"]
        );
    }

    #[test]
    fn a_key_made_on_a_device_that_it_never_leaves_is_not_odd() {
        assert_eq!(oddities(GOOD), []);
    }

    #[test]
    fn each_flag_that_is_not_as_it_should_be_is_told() {
        for (from, to, expected) in [
            ("\"hardware-slot\":true", "\"hardware-slot\":false", Odd::SoftwareToken),
            ("YubiKey", "SoftHSM v2", Odd::SoftwareToken),
            (
                "\"model\":\"YubiKey\"",
                "\"manufacturer\":\"Kryoptic Project\",\"model\":\"v1\"",
                Odd::SoftwareToken,
            ),
            ("\"local\":true", "\"local\":false", Odd::NotLocal),
            ("\"extractable\":false", "\"extractable\":true", Odd::Extractable),
            ("\"never-extractable\":true", "\"never-extractable\":false", Odd::WasExtractable),
            ("\"sensitive\":true", "\"sensitive\":false", Odd::NotSensitive),
            ("\"always-sensitive\":true", "\"always-sensitive\":false", Odd::WasNotSensitive),
            ("\"local\":true,", "", Odd::OriginUntold),
            ("\"extractable\":false,\"never-extractable\":true,", "", Odd::ExtractableUntold),
        ] {
            assert!(GOOD.contains(from), "{from}");
            assert_eq!(oddities(&GOOD.replace(from, to)), [expected], "{from}");
        }
    }

    #[test]
    fn a_card_without_evidence_and_one_with_another_kind_are_told() {
        assert_eq!(odd(None), [Odd::NoEvidence]);
        assert_eq!(oddities(r#"{"other":{}}"#), [Odd::UnreadEvidence]);
        assert_eq!(oddities(r#"{"pkcs11":1}"#), [Odd::UnreadEvidence]);
    }

    #[test]
    fn of_a_piv_card_only_a_key_from_outside_is_odd_and_certificates_are_not_spelled_out() {
        assert_eq!(oddities(r#"{"piv":{}}"#), []);
        assert_eq!(oddities(r#"{"piv":{"local":true}}"#), []);
        assert_eq!(oddities(r#"{"piv":{"local":false}}"#), [Odd::NotLocal]);
        let evidence = br#"{"piv":{"attestation":{"card":"3082","key":"3082"},"slot":"9c"}}"#;
        let found = told(&Evidence::read(evidence).unwrap());
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found.iter().all(|(_, value)| !value.contains("3082")), "{found:?}");
    }

    #[test]
    fn everything_that_is_told_is_shown_with_its_name() {
        let evidence = Evidence::read(GOOD.as_bytes()).unwrap();
        let found = told(&evidence);
        assert!(found.contains(&("token.model".to_owned(), "YubiKey".to_owned())), "{found:?}");
        assert_eq!(found.len(), 7);
    }
}
