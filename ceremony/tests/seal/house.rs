//! House rules: findings about what a plan sets, and which of them need an exception.

use crate::judged::{DATE, delegating};
use crate::mint::{self, Key};
use crate::stage::{NAMES, Repository, made, role, signed};

/// What a control says: about what, in which draft, and whether it needs an exception.
fn found(repo: &Repository, code: &str, rest: &str) -> Vec<(String, String, bool)> {
    at(repo, code, rest, DATE)
}

fn at(repo: &Repository, code: &str, rest: &str, date: &str) -> Vec<(String, String, bool)> {
    let findings = repo.stage.judge(&repo.plan("rotation", rest), date).findings;
    let these = findings.into_iter().filter(|f| f.control.code() == code);
    these.map(|f| (f.about, f.draft, f.needs_exception)).collect()
}

fn one(about: &str, draft: &str, needs_exception: bool) -> Vec<(String, String, bool)> {
    vec![(about.to_owned(), draft.to_owned(), needs_exception)]
}

#[test]
fn a_new_threshold_of_one_is_found() {
    let repo = Repository::published();
    let root = made("root", 5);
    assert_eq!(
        found(&repo, "threshold-one", &(root.clone() + &role("root", &NAMES, 1))),
        one("root", "A", true)
    );
    assert_eq!(
        found(&repo, "threshold-one", &(root.clone() + &role("targets", &["bert"], 1))),
        one("targets", "A", true)
    );
    assert!(found(&repo, "threshold-one", &(root + &role("timestamp", &["online"], 1))).is_empty());
    let anna = Key::p256("anna");
    let already = signed(&mint::root(4, &[&anna], 1, &anna), &[&anna]);
    let repo = Repository::published()
        .without("targets")
        .without("snapshot")
        .without("timestamp")
        .with("root", &already);
    assert!(
        found(&repo, "threshold-one", &(made("root", 5) + &role("root", &["anna"], 1))).is_empty(),
        "it was one"
    );
}

#[test]
fn a_lowered_threshold_is_found() {
    let repo = Repository::published();
    let lowered = made("root", 5) + &role("targets", &["anna", "bert"], 1);
    assert_eq!(found(&repo, "threshold-lowered", &lowered), one("targets", "A", true));
    let raised = made("root", 5) + &role("root", &NAMES, 3);
    assert!(found(&repo, "threshold-lowered", &raised).is_empty());
}

#[test]
fn a_new_key_of_people_without_a_card_is_found() {
    let mut repo = Repository::published();
    let dora = repo.stage.public("dora", "carl", &Key::p256("dora"));
    let root = dora.clone() + &made("root", 5);
    let rest = root.clone() + &role("root", &["anna", "bert", "dora"], 2);
    assert_eq!(found(&repo, "key-unproven", &rest), one("dora", "A", true));
    assert!(
        found(&repo, "key-unproven", &(root + &role("timestamp", &["dora"], 1))).is_empty(),
        "an online role"
    );
    let delegate = |key: &str| {
        made("targets", 4)
            + "delegation-order = [\"dev\"]\n"
            + &format!(
                "[targets.delegations.dev]\nkeys = [\"{key}\"]\nthreshold = 1\npaths = [\"*\"]\nterminating = true\n"
            )
    };
    let machine = repo.stage.public("machine", "", &Key::p256("machine"));
    assert_eq!(found(&repo, "key-unproven", &(dora + &delegate("dora"))), one("dora", "A", true));
    assert!(found(&repo, "key-unproven", &(machine + &delegate("machine"))).is_empty());
    assert!(
        found(&repo, "key-unproven", &(made("root", 5) + &role("root", &NAMES, 3))).is_empty(),
        "known keys"
    );
}

#[test]
fn an_expiry_far_away_is_found() {
    let repo = Repository::published();
    let until = |role: &str, version: u64, expires: &str| {
        format!("[{role}]\nversion = {version}\nexpires = \"{expires}\"\n")
    };
    assert_eq!(found(&repo, "expiry-far", &until("root", 5, "2035-12-06T00:00:00Z")), one("root", "A", true));
    assert!(found(&repo, "expiry-far", &until("root", 5, "2035-12-05T00:00:00Z")).is_empty());
    assert_eq!(
        found(&repo, "expiry-far", &until("timestamp", 8, "2031-12-03T00:00:00Z")),
        one("timestamp", "A", true)
    );
    assert!(found(&repo, "expiry-far", &until("timestamp", 8, "2031-12-02T00:00:00Z")).is_empty());
}

#[test]
fn an_expiry_just_behind_the_ceremony_is_found() {
    let repo = Repository::published();
    assert_eq!(at(&repo, "expiry-soon", &made("root", 5), "2031-05-03"), one("root", "A", true));
    assert!(at(&repo, "expiry-soon", &made("root", 5), "2031-05-02").is_empty());
    assert!(
        at(&repo, "expiry-soon", &made("timestamp", 8), "2031-05-30").is_empty(),
        "online roles are signed often"
    );
    let window = "[window]\nopens = \"2031-05-01\"\ncloses = \"2031-05-20\"\n".to_owned() + &made("root", 5);
    assert_eq!(
        found(&repo, "expiry-soon", &window),
        one("root", "A", true),
        "counted from where the window closes"
    );
}

#[test]
fn one_person_who_can_meet_a_threshold_alone_is_found() {
    let mut repo = Repository::published();
    let dora = repo.stage.public("dora", "anna", &Key::p256("dora"));
    let rest = |keys: &[&str], threshold| dora.clone() + &made("root", 5) + &role("root", keys, threshold);
    assert_eq!(found(&repo, "one-holder", &rest(&["anna", "bert", "dora"], 2)), one("root", "A", true));
    assert!(found(&repo, "one-holder", &rest(&["anna", "bert", "dora"], 3)).is_empty());
}

#[test]
fn new_keys_of_snapshot_or_timestamp_make_clients_forget_and_that_is_said() {
    let mut repo = Repository::published();
    let fresh = repo.stage.public("fresh", "", &Key::p256("fresh"));
    let rest = fresh + &made("root", 5) + &role("timestamp", &["fresh"], 1) + &made("timestamp", 8);
    assert_eq!(found(&repo, "fast-forward", &rest), one("timestamp", "A", false));
    assert!(found(&repo, "fast-forward", &made("root", 5)).is_empty());
}

#[test]
fn a_threshold_that_nobody_may_fail_is_found() {
    let repo = Repository::published();
    // Targets: two of two. Root: two of three on both sides.
    assert_eq!(found(&repo, "margin", &made("targets", 4)), one("targets", "A", false));
    assert!(found(&repo, "margin", &made("root", 5)).is_empty());
    let all = made("root", 5) + &role("root", &NAMES, 3);
    let judgement = repo.stage.judge(&repo.plan("rotation", &all), DATE);
    let margin: Vec<_> =
        judgement.findings.iter().filter(|f| f.control.code() == "margin").map(|f| f.says.as_str()).collect();
    assert_eq!(margin, ["signatures needed by keys of its own: 3; expected: no more than that"]);
    let mut absent = Repository::published();
    absent.plan = absent.plan.replace("name = \"bert X.\"\n", "name = \"bert X.\"\nannounced = false\n");
    let judgement = absent.stage.judge(&absent.plan("rotation", &made("targets", 4)), DATE);
    let says = judgement.findings.iter().find(|f| f.control.code() == "margin").unwrap().says.clone();
    assert_eq!(says, "signatures needed by keys of the document that judges it: 2; expected: only 1");
}

#[test]
fn a_software_token_that_the_plan_asks_for_is_found_before_each_draft_that_its_key_may_sign() {
    let repo = Repository::published();
    let ask = |about: &str| {
        made("root", 5)
            + &made("targets", 4)
            + &role("root", &NAMES, 3)
            + &format!(
                "[[exceptions]]\ncontrol = \"token-software\"\nabout = \"{about}\"\nreason = \"a test\"\n"
            )
    };
    let both = [one("anna", "A", true), one("anna", "B", true)].concat();
    assert_eq!(found(&repo, "token-software", &ask("anna")), both);
    // A machine's key, and one that the plan does not know: nothing needs it.
    for about in ["online", "nobody"] {
        assert!(found(&repo, "token-software", &ask(about)).is_empty(), "{about}");
        let judgement = repo.stage.judge(&repo.plan("rotation", &ask(about)), DATE);
        let needless = judgement.refusals.iter().filter(|r| r.control().code() == "exception-needless");
        assert_eq!(needless.count(), 1, "{about}");
    }
}

#[test]
fn a_delegated_predecessor_that_its_delegation_does_not_ask_for_is_found() {
    let good = delegating(&Key::p256("online"));
    assert!(found(&good, "predecessor-unproven", &made("delegated.dev", 3)).is_empty());
    let bad = delegating(&Key::p256("carl"));
    assert_eq!(found(&bad, "predecessor-unproven", &made("delegated.dev", 3)), one("dev", "A", true));
    assert_eq!(found(&bad, "predecessor-unproven", &made("root", 5)), one("dev", "", true));
    // Delegated by a delegated role, and not made: whoever delegates to it asks.
    let (online, deep) = (Key::p256("online"), Key::p256("deep"));
    let delegations = format!(
        r#""delegations":{{"keys":{},"roles":[{{"name":"deep",{},"paths":["*"],"terminating":true}}]}},"expires""#,
        mint::table(&[&deep]),
        mint::role(&[&deep], 1)
    );
    let dev = mint::targets(2, &[]).replacen("\"expires\"", &delegations, 1);
    let nested = delegating(&online).with("delegated.dev", &signed(&dev, &[&online]));
    let text = mint::targets(1, &[]);
    let good = nested.with("delegated.deep", &signed(&text, &[&deep]));
    assert!(found(&good, "predecessor-unproven", &made("root", 5)).is_empty());
    let bad = good.with("delegated.deep", &signed(&text, &[&online]));
    assert_eq!(found(&bad, "predecessor-unproven", &made("root", 5)), one("deep", "", true));
}

#[test]
fn what_a_document_says_of_itself_needs_an_exception_only_where_it_is_new() {
    let repo = Repository::published();
    let off = made("root", 5) + "consistent-snapshot = false\n";
    assert_eq!(found(&repo, "consistent-snapshot", &off), one("consistent_snapshot", "A", true));
    let shared = made("root", 5) + &role("timestamp", &["anna"], 1) + &made("timestamp", 8);
    assert_eq!(found(&repo, "key-shared", &shared), one(&repo.keys[0].id, "A", true));
    let anna = Key::p256("anna");
    let already = mint::root(4, &[&anna], 1, &anna)
        .replace("\"consistent_snapshot\":true", "\"consistent_snapshot\":false");
    let repo = Repository::published().without("targets").without("snapshot").without("timestamp");
    let repo = repo.with("root", &signed(&already, &[&anna]));
    assert_eq!(found(&repo, "consistent-snapshot", &made("root", 5)), one("consistent_snapshot", "A", false));
    assert!(found(&repo, "key-shared", &made("root", 5)).iter().all(|(_, _, needs)| !needs));
    assert!(!found(&repo, "key-shared", &made("root", 5)).is_empty());
}
