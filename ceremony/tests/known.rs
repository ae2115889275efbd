//! The self-test: right as it is recorded, and wrong for every recorded answer that is changed.

use tuf_ceremony::key::Scheme;
use tuf_ceremony::known::{Answer, Check, Recorded};

fn wrong(recorded: &Recorded<'_>) -> Vec<String> {
    let wrong = |check: Check| check.wrong.map(|_| check.what);
    recorded.check().into_iter().filter_map(wrong).collect()
}

#[test]
fn everything_recorded_comes_out_again_and_every_scheme_is_among_it() {
    let checks = Recorded::ours().check();
    assert_eq!(wrong(&Recorded::ours()), [""; 0]);
    assert_eq!(checks.len(), Scheme::ALL.len() + 3);
}

#[test]
fn a_broken_or_missing_signature_of_any_scheme_is_noticed() {
    let ours = Recorded::ours();
    for scheme in Scheme::ALL {
        let line =
            ours.signatures.lines().find(|line| line.starts_with(&format!("{scheme} "))).expect("a line");
        let last = if line.ends_with('0') { "1" } else { "0" };
        let flipped = format!("{}{last}", &line[..line.len() - 1]);
        let cut = line.rsplit_once(' ').expect("three fields").0;
        for other in [flipped.as_str(), cut, ""] {
            let signatures = ours.signatures.replace(line, other);
            assert_eq!(wrong(&Recorded { signatures: &signatures, ..ours }), [scheme.name()], "{other}");
        }
    }
}

#[test]
fn a_key_that_signed_something_else_is_noticed() {
    let ours = Recorded::ours();
    let swapped = |from: &str, to: &str| {
        let sig = |scheme: &str| {
            let line = ours.signatures.lines().find(|line| line.starts_with(&format!("{scheme} ")));
            line.and_then(|line| line.rsplit(' ').next()).expect("a signature").to_owned()
        };
        ours.signatures.replace(&sig(from), &sig(to))
    };
    let signatures = swapped("rsassa-pss-sha256", "rsa-pkcs1v15-sha256");
    assert_eq!(wrong(&Recorded { signatures: &signatures, ..ours }), ["rsassa-pss-sha256"]);
}

#[test]
fn another_digest_canonical_form_or_word_is_noticed() {
    let ours = Recorded::ours();
    let of = |answer: Answer<'static>| Answer { of: "e58294f3", ..answer };
    assert_eq!(wrong(&Recorded { sha256: of(ours.sha256), ..ours }), ["sha256"]);
    assert_eq!(wrong(&Recorded { canonical: of(ours.canonical), ..ours }), ["canonical form"]);
    assert_eq!(wrong(&Recorded { words: of(ours.words), ..ours }), ["pgp words"]);
}
