//! This build: what it calls itself, which formats and rules it knows, and whether it still computes what it did.

use serde::Serialize;
use tuf_ceremony::known::{Check, Recorded};
use tuf_ceremony::{bundle, card, delta, plan, profile, seal, transcript};

use super::Line;
use crate::operator::wording::doctor as said;

/// What this build is.
#[derive(Debug, Clone, Serialize)]
pub struct Versions {
    tool: &'static str,
    bundle: u64,
    card: u64,
    delta: u64,
    plan: u64,
    profile: u64,
    transcript: u64,
    rules: u64,
    spec_version: &'static str,
}

impl Versions {
    /// Of this build.
    #[must_use]
    pub fn ours() -> Versions {
        Versions {
            tool: env!("CARGO_PKG_VERSION"),
            bundle: bundle::FORMAT,
            card: card::FORMAT,
            delta: delta::FORMAT,
            plan: plan::FORMAT,
            profile: profile::FORMAT,
            transcript: transcript::FORMAT,
            rules: transcript::RULES,
            spec_version: seal::SPEC_VERSION,
        }
    }
}

/// What this build is, in a line.
#[must_use]
pub fn versions() -> Line {
    let ours = Versions::ours();
    let formats = [
        ("bundle", ours.bundle),
        ("card", ours.card),
        ("delta", ours.delta),
        ("plan", ours.plan),
        ("profile", ours.profile),
        ("transcript", ours.transcript),
    ];
    let formats: Vec<String> = formats.iter().map(|(name, format)| format!("{name} {format}")).collect();
    Line::ok("versions", said::versions(ours.tool, &formats.join(", "), ours.rules, ours.spec_version))
}

/// Computes what is recorded again: one line if all of it came out, else one for each that did not.
#[must_use]
pub fn self_test(recorded: &Recorded<'_>) -> Vec<Line> {
    let checks = recorded.check();
    let bad = |check: &Check| {
        let wrong = check.wrong?;
        Some(Line::bad("self-test", said::wrong_answer(&check.what, wrong), said::DO_NOT_USE_THIS_BUILD))
    };
    let bad: Vec<Line> = checks.iter().filter_map(bad).collect();
    if bad.is_empty() { vec![Line::ok("self-test", said::right_answers(checks.len() as u64))] } else { bad }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Standing;

    #[test]
    fn the_self_test_passes_and_a_broken_answer_makes_it_fail_by_name() {
        let ours = Recorded::ours();
        let [line] = self_test(&ours).try_into().unwrap();
        assert_eq!((line.standing, line.part), (Standing::Ok, "self-test"));
        let at = ours.signatures.rfind(|c| c != '\n').unwrap();
        let last = if ours.signatures[at..].starts_with('0') { "1" } else { "0" };
        let signatures = format!("{}{last}\n", &ours.signatures[..at]);
        let [line] = self_test(&Recorded { signatures: &signatures, ..ours }).try_into().unwrap();
        assert_eq!((line.standing, line.part), (Standing::Bad, "self-test"));
        assert!(line.says.contains("ml-dsa-87/1"), "{}", line.says);
        let lines = self_test(&Recorded { signatures: "", ..ours });
        assert_eq!(lines.len(), tuf_ceremony::key::Scheme::ALL.len());
    }
}
