//! What refuses a ceremony as a whole: orphans, versions, expiry, exceptions. Nobody can waive these.

use crate::mint::{self, Key};
use crate::stage::{NAMES, Repository, listing, made, role, signed};

pub const DATE: &str = "2030-12-01";

/// The sentences with which a control refuses a plan.
fn refused(repo: &Repository, code: &str, rest: &str) -> Vec<String> {
    at(repo, code, rest, DATE)
}

fn at(repo: &Repository, code: &str, rest: &str, date: &str) -> Vec<String> {
    let refusals = repo.stage.judge(&repo.plan("rotation", rest), date).refusals;
    refusals.iter().filter(|r| r.control().code() == code).map(ToString::to_string).collect()
}

/// A repository whose targets delegate to dev, with the online key, and whose dev document is signed by `signer`.
pub fn delegating(signer: &Key) -> Repository {
    let repo = Repository::published();
    let online = &repo.keys[3];
    let delegations = format!(
        r#""delegations":{{"keys":{},"roles":[{{"name":"dev",{},"paths":["dev/*"],"terminating":true}}]}},"expires""#,
        mint::table(&[online]),
        mint::role(&[online], 1)
    );
    let targets = mint::targets(3, &["a"]).replacen("\"expires\"", &delegations, 1);
    let targets = signed(&targets, &[&repo.keys[0], &repo.keys[1]]);
    let dev = signed(&mint::targets(2, &["dev/a"]), &[signer]);
    repo.with("targets", &targets).with("delegated.dev", &dev)
}

#[test]
fn a_published_document_that_would_miss_its_threshold_is_an_orphan() {
    let mut repo = Repository::published();
    let dora = repo.stage.public("dora", "carl", &Key::p256("dora"));
    let root = dora.clone() + &made("root", 5) + &role("targets", &["anna", "dora"], 2);
    let want = "under draft A the published targets has 1 of the 2 signatures that it needs, and nothing replaces it";
    assert_eq!(refused(&repo, "orphan", &root), [want]);
    assert!(refused(&repo, "orphan", &(root.clone() + &made("targets", 4))).is_empty(), "replaced");
    let still = dora + &made("root", 5) + &role("targets", &["anna", "bert", "dora"], 2);
    assert!(refused(&repo, "orphan", &still).is_empty(), "its signatures still count");
    let online = repo.stage.public("fresh", "", &Key::p256("fresh"));
    let online =
        online + &made("root", 5) + &role("snapshot", &["fresh"], 1) + &role("timestamp", &["online"], 1);
    assert_eq!(
        refused(&repo, "orphan", &online)[0],
        want.replace("targets has 1 of the 2", "snapshot has 0 of the 1")
    );

    let unknown = Repository::published().without("targets").without("snapshot").without("timestamp");
    let unknown = Repository { stage: repo.stage.clone(), ..unknown };
    let want = "draft A takes keys from targets or asks for more of them, and the plan neither names the published targets nor replaces it";
    assert_eq!(refused(&unknown, "orphan", &root), [want]);
    assert!(refused(&unknown, "orphan", &made("root", 5)).is_empty());
}

#[test]
fn a_delegated_document_is_orphaned_by_the_draft_that_delegates_to_it() {
    let repo = delegating(&Key::p256("online"));
    let set = |rest: &str| {
        made("targets", 4)
            + "[targets.delegations.dev]\nkeys = [\"anna\"]\nthreshold = 1\npaths = [\"dev/*\"]\nterminating = true\n"
            + rest
    };
    let want =
        "under draft A the published dev has 0 of the 1 signatures that it needs, and nothing replaces it";
    assert_eq!(refused(&repo, "orphan", &set("")), [want]);
    assert!(refused(&repo, "orphan", &set(&made("delegated.dev", 3))).is_empty());
    assert!(refused(&repo, "orphan", &made("targets", 4)).is_empty());
    assert!(refused(&repo, "orphan", &(made("targets", 4) + "undelegate = [\"dev\"]\n")).is_empty());
}

#[test]
fn a_version_that_is_not_above_every_one_that_was_seen_is_refused_unless_clients_forget() {
    let mut repo = Repository::published();
    let seen = "[seen]\ntargets = 9\n";
    let want = "targets version 4 is not above version 9, which was seen, and the keys of snapshot and timestamp do not both change";
    assert_eq!(refused(&repo, "version-seen", &(seen.to_owned() + &made("targets", 4))), [want]);
    assert!(refused(&repo, "version-seen", &(seen.to_owned() + &made("targets", 10))).is_empty());
    let fresh = repo.stage.public("fresh", "", &Key::p256("fresh"));
    let rotated = |roles: &[&str]| {
        let roles: String = roles.iter().map(|name| role(name, &["fresh"], 1)).collect();
        seen.to_owned()
            + &fresh
            + &made("root", 5)
            + &roles
            + &made("targets", 4)
            + &made("snapshot", 6)
            + &made("timestamp", 8)
    };
    assert_eq!(refused(&repo, "version-seen", &rotated(&["timestamp"])), [want]);
    assert!(refused(&repo, "version-seen", &rotated(&["snapshot", "timestamp"])).is_empty());
    assert!(refused(&repo, "version-next", &rotated(&["snapshot", "timestamp"])).is_empty());

    // What a published snapshot lists was seen too.
    let snapshot = signed(&listing("snapshot", 5, "targets", 8), &[&repo.keys[3]]);
    let repo = Repository::published().with("snapshot", &snapshot);
    assert_eq!(refused(&repo, "version-seen", &made("targets", 4)), [want.replace('9', "8")]);
}

#[test]
fn a_version_that_leaves_some_out_is_refused() {
    let repo = Repository::published();
    let cases = [("targets", 6, 4), ("snapshot", 60, 6), ("timestamp", 9, 8)];
    for (role, version, next) in cases {
        let want = format!("the plan makes {role} version {version}, and version {next} is the next one");
        assert_eq!(refused(&repo, "version-next", &made(role, version)), [want]);
        assert!(refused(&repo, "version-next", &made(role, next)).is_empty());
    }
}

#[test]
fn what_is_expired_at_the_stated_date_is_refused() {
    let repo = Repository::published();
    let want = "root expires at 2031-06-01T00:00:00Z, and the date is 2031-06-01T00:00:00Z";
    assert_eq!(at(&repo, "expired", &made("root", 5), "2031-06-01"), [want]);
    assert!(at(&repo, "expired", &made("root", 5), "2031-05-31").is_empty());
    assert_eq!(at(&repo, "expired", &(made("root", 5) + &made("targets", 4)), "2033-01-01").len(), 2);
}

#[test]
fn a_finding_that_needs_an_exception_is_refused_when_nobody_asked_for_one() {
    let repo = Repository::published();
    let lowered = made("root", 5) + &role("root", &NAMES, 1);
    let unasked = refused(&repo, "exception-unasked", &lowered);
    let want = [
        "nobody asked for an exception: root: one signature suffices [threshold-one]",
        "nobody asked for an exception: root: the threshold is lowered from 2 to 1 [threshold-lowered]",
    ];
    assert_eq!(unasked, want);
    let ask = |control: &str, about: &str| {
        format!("[[exceptions]]\ncontrol = \"{control}\"\nabout = \"{about}\"\nreason = \"a test\"\n")
    };
    let one = lowered.clone() + &ask("threshold-one", "root");
    assert_eq!(refused(&repo, "exception-unasked", &one), want[1..]);
    let both = one + &ask("threshold-lowered", "root");
    let judgement = repo.stage.judge(&repo.plan("rotation", &both), DATE);
    let findings = judgement.allowed().unwrap();
    assert_eq!(findings.iter().filter(|f| f.needs_exception).count(), 2);
}

#[test]
fn an_exception_for_nothing_is_refused() {
    let repo = Repository::published();
    let ask = |control: &str, about: &str| {
        made("root", 5)
            + &role("root", &NAMES, 3)
            + &format!("[[exceptions]]\ncontrol = \"{control}\"\nabout = \"{about}\"\nreason = \"a test\"\n")
    };
    let want = "the plan asks for an exception to threshold-one for \"root\", and nothing needs one";
    assert_eq!(refused(&repo, "exception-needless", &ask("threshold-one", "root")), [want]);
    // A finding that needs none cannot be excepted either.
    assert_eq!(refused(&repo, "exception-needless", &ask("margin", "root")).len(), 1);
}
