//! Each kind of plan: one that is what it says, and the change that betrays each other one.

use tuf_ceremony::digest::Digest;

use crate::mint::Key;
use crate::stage::{NAMES, Repository, Stage, head, kept, made, people, role};

const DATE: &str = "2030-12-01";

/// Why a plan on a published repository is not of its kind; none if it is.
fn betrayed(repo: &Repository, kind: &str, rest: &str) -> Option<String> {
    sentence(&repo.stage, &repo.plan(kind, rest))
}

fn sentence(stage: &Stage, plan: &str) -> Option<String> {
    let refusals = stage.judge(plan, DATE).refusals;
    let refusal = refusals.iter().find(|refusal| refusal.control().code() == "kind")?;
    Some(refusal.to_string().split_once(", and it is not: ").unwrap().1.to_owned())
}

/// The repository with a new key, dora's, in carl's hands.
fn with_dora() -> (Repository, String, String) {
    let mut repo = Repository::published();
    let dora = Key::p256("dora");
    let table = repo.stage.public("dora", "carl", &dora);
    (repo, table, dora.id)
}

fn swap() -> String {
    made("root", 5) + &role("root", &["anna", "bert", "dora"], 2)
}

/// Carl's key, lost.
fn lose_carl(repo: &Repository) -> Repository {
    let table = kept("carl", "carl", &repo.keys[2].id);
    let mut lost = Repository { stage: repo.stage.clone(), ..Repository::published() };
    lost.plan = repo.plan.replace(&table, &format!("{table}lost = \"in the river\"\n"));
    lost
}

#[test]
fn a_plan_whose_kind_is_not_what_its_changes_are_is_refused_under_the_control_kind() {
    let (repo, dora, id) = with_dora();
    let judgement = repo.stage.judge(&repo.plan("renewal", &(dora + &swap())), DATE);
    let refusal = judgement.refusals.iter().find(|r| r.control().code() == "kind").unwrap();
    let want = format!(
        "the plan says that it is a renewal, and it is not: in draft A, the key {id:?} comes to the role \"root\""
    );
    assert_eq!(refusal.to_string(), want);
    let first = judgement.refusals[0].clone();
    assert_eq!(judgement.allowed(), Err(first));
}

#[test]
fn a_renewal_changes_versions_and_expiries_and_what_lists_them() {
    let repo = Repository::published();
    let all = [("root", 5), ("targets", 4), ("snapshot", 6), ("timestamp", 8)];
    assert_eq!(betrayed(&repo, "renewal", &all.map(|(role, version)| made(role, version)).concat()), None);
    let off = made("root", 5) + "consistent-snapshot = false\n";
    assert_eq!(
        betrayed(&repo, "renewal", &off).unwrap(),
        "in draft A, the field \"consistent_snapshot\" changes"
    );
    let released = made("targets", 4) + "remove = [\"d\"]\n";
    assert_eq!(betrayed(&repo, "renewal", &released).unwrap(), "in draft A, \"d\" is removed");
    let lowered = made("root", 5) + &role("root", &NAMES, 1);
    let want = "in draft A, the threshold of \"root\" changes from 2 to 1";
    assert_eq!(betrayed(&repo, "renewal", &lowered).unwrap(), want);
}

#[test]
fn a_rotation_changes_a_key_or_a_threshold_and_no_files() {
    let (repo, dora, _) = with_dora();
    assert_eq!(betrayed(&repo, "rotation", &(dora.clone() + &swap())), None);
    assert_eq!(betrayed(&repo, "rotation", &(made("root", 5) + &role("root", &NAMES, 3))), None);
    assert_eq!(betrayed(&repo, "rotation", &made("root", 5)).unwrap(), "no key and no threshold changes");
    let release = dora + &swap() + &made("targets", 4) + "remove = [\"d\"]\n";
    assert_eq!(betrayed(&repo, "rotation", &release).unwrap(), "in draft B, \"d\" is removed");
}

#[test]
fn a_token_is_replaced_or_lost_when_one_key_goes_and_one_comes_in_the_same_hands() {
    let (repo, dora, _) = with_dora();
    let rest = dora.clone() + &swap();
    let lost = lose_carl(&repo);
    assert_eq!(betrayed(&repo, "token-replaced", &rest), None);
    assert_eq!(betrayed(&lost, "token-lost", &rest), None);
    assert_eq!(betrayed(&lost, "token-replaced", &rest).unwrap(), "the plan calls the key that goes lost");
    assert_eq!(
        betrayed(&repo, "token-lost", &rest).unwrap(),
        "the plan does not call the key that goes lost"
    );
    for (repo, kind) in [(&repo, "token-replaced"), (&lost, "token-lost")] {
        let other = rest.replace("holders = [\"carl\"]", "holders = [\"anna\"]");
        let want = "the plan does not give the key that goes and the one that comes to the same people";
        assert_eq!(betrayed(repo, kind, &other).unwrap(), want);
        let more = dora.clone() + &made("root", 5) + &role("root", &["anna", "bert", "dora"], 3);
        let want = "in draft A, the threshold of \"root\" changes from 2 to 3";
        assert_eq!(betrayed(repo, kind, &more).unwrap(), want);
        let two = dora.clone() + &made("root", 5) + &role("root", &["anna", "dora"], 2);
        let want = "2 public keys go and 1 come, not one for one";
        assert_eq!(betrayed(repo, kind, &two).unwrap(), want);
    }
}

#[test]
fn a_revocation_takes_keys_and_brings_none() {
    let (repo, dora, id) = with_dora();
    assert_eq!(betrayed(&repo, "revocation", &(made("root", 5) + &role("root", &["anna", "bert"], 2))), None);
    assert_eq!(betrayed(&repo, "revocation", &made("root", 5)).unwrap(), "no key goes");
    let want = format!("in draft A, the key {id:?} comes to the role \"root\"");
    assert_eq!(betrayed(&repo, "revocation", &(dora + &swap())).unwrap(), want);
}

#[test]
fn a_release_changes_targets_and_no_root() {
    let repo = Repository::published();
    let release = made("targets", 4) + "remove = [\"d\"]\n";
    assert_eq!(betrayed(&repo, "targets-release", &(release.clone() + &made("snapshot", 6))), None);
    let with_root = release + &made("root", 5);
    assert_eq!(betrayed(&repo, "targets-release", &with_root).unwrap(), "draft A is a root");
    assert_eq!(betrayed(&repo, "targets-release", &made("targets", 4)).unwrap(), "no targets change");
}

#[test]
fn a_first_root_and_a_bootstrap_follow_nothing() {
    let mut stage = Stage::default();
    let anna = stage.public("anna", "anna", &Key::p256("anna"));
    let roles = ["root", "targets", "snapshot", "timestamp"].map(|name| role(name, &["anna"], 1)).concat();
    let plan =
        |kind: &str, rest: &str| head(kind) + &people(&["anna"]) + &anna + &made("root", 1) + &roles + rest;
    assert_eq!(sentence(&stage, &plan("first-root", "")), None);
    assert_eq!(sentence(&stage, &plan("first-root", &made("targets", 1))), None);
    let all = ["targets", "snapshot", "timestamp"].map(|role| made(role, 1));
    assert_eq!(sentence(&stage, &plan("bootstrap", &all.concat())), None);
    assert_eq!(sentence(&stage, &plan("bootstrap", &all[..2].concat())).unwrap(), "it makes no timestamp");
    for kind in ["renewal", "rotation", "token-replaced", "token-lost", "revocation"] {
        assert_eq!(sentence(&stage, &plan(kind, "")).unwrap(), "draft A is a first root");
    }
    let repo = Repository::published();
    assert_eq!(
        betrayed(&repo, "first-root", &made("root", 5)).unwrap(),
        "draft A follows a published document"
    );
    assert_eq!(betrayed(&repo, "bootstrap", &made("root", 5)).unwrap(), "it makes no targets");
    assert_eq!(betrayed(&repo, "first-root", &made("targets", 4)).unwrap(), "it makes no root");
    assert_eq!(repo.stage.delta, None::<Digest>);
}
