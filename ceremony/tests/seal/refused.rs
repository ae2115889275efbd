//! What sealing refuses, one sentence each.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::seal::SealFault;

use crate::mint::{self, Key};
use crate::stage::{Repository, Stage, delta, head, kept, listing, made, people, role, signed};

/// The sentence with which a plan on a published repository is refused.
fn refused(repo: &Repository, kind: &str, rest: &str) -> String {
    repo.stage.seal(&repo.plan(kind, rest)).unwrap_err().to_string()
}

#[test]
fn a_file_that_is_gone_or_altered_is_missing_by_name_and_digest() {
    let mut repo = Repository::published();
    let rest = made("targets", 4);
    let digests: Vec<Digest> = repo.stage.files.keys().copied().collect();
    for sha256 in digests {
        let bytes = repo.stage.files.remove(&sha256).unwrap();
        let mut altered = repo.stage.clone();
        altered.files.insert(sha256, [&bytes[..], b" "].concat());
        for stage in [&repo.stage, &altered] {
            let fault = stage.seal(&repo.plan("renewal", &rest)).unwrap_err();
            assert!(matches!(fault, SealFault::Missing { sha256: s, .. } if s == sha256), "{fault}");
        }
        repo.stage.files.insert(sha256, bytes);
    }
    repo.stage.delta = Some(Digest::of(b"gone"));
    assert!(refused(&repo, "renewal", &rest).starts_with("the delta of the targets is not there"));
}

#[test]
fn a_root_that_does_not_follow_the_trusted_one_is_refused() {
    let repo = Repository::published();
    for (version, found) in [(4, "4"), (6, "6"), (50, "50")] {
        let want = format!("the plan makes root version {found}, and version 5 follows the trusted root");
        assert_eq!(refused(&repo, "renewal", &made("root", version)), want);
    }
}

#[test]
fn a_root_of_which_a_newer_one_was_seen_is_not_the_published_one() {
    let repo = Repository::published();
    let rest = format!("[seen]\nroot = 6\n{}", made("root", 5));
    let want = "the predecessor is root version 4, and version 6 was seen: it is not the published one";
    assert_eq!(refused(&repo, "renewal", &rest), want);
    let rest = format!("[seen]\nroot = 4\n{}", made("root", 5));
    assert!(repo.stage.seal(&repo.plan("renewal", &rest)).is_ok());
}

#[test]
fn a_predecessor_of_another_kind_or_shape_is_refused() {
    let repo = Repository::published();
    let text = repo.root.document().text().to_owned();
    let other = repo.with("targets", &text);
    assert_eq!(
        refused(&other, "renewal", &made("targets", 4)),
        "the published targets is root metadata, not targets"
    );
    let broken = Repository::published().with("targets", "{\"signed\":");
    assert!(
        refused(&broken, "renewal", &made("targets", 4)).starts_with("the published targets cannot be read")
    );
    let shapeless = r#"{"signatures":[],"signed":{"_type":"targets","version":3}}"#;
    let shapeless = Repository::published().with("targets", shapeless);
    let want = "the published targets has another shape: signed has no \"targets\"";
    assert_eq!(refused(&shapeless, "renewal", &made("targets", 4)), want);
}

#[test]
fn a_chain_that_does_not_walk_to_the_trusted_root_is_refused() {
    let [anna, bert, other] = ["anna", "bert", "other"].map(Key::p256);
    let older = |version, holders: &[&Key]| signed(&mint::root(version, holders, 1, &other), holders);
    let rest = made("root", 5);
    let chained = |text: &str| {
        let mut repo = Repository::published();
        let file = repo.stage.keep("older.json", text);
        repo.plan =
            repo.plan.replacen("[predecessor]\n", &format!("[predecessor]\nchain = [{{ {file} }}]\n"), 1);
        repo
    };
    assert!(
        chained(&older(3, &[&anna, &bert]))
            .stage
            .seal(&chained(&older(3, &[&anna, &bert])).plan("renewal", &rest))
            .is_ok()
    );
    let gap = refused(&chained(&older(2, &[&anna])), "renewal", &rest);
    let at = "root 2 of the chain to the trusted root does not hold: ";
    assert_eq!(gap, format!("{at}it has version 4, and version 3 follows the root before it"));
    let strangers = refused(&chained(&older(3, &[&other])), "renewal", &rest);
    assert_eq!(strangers, format!("{at}0 of the 1 keys that the root before it asks for have signed it"));
    let unsigned = mint::metadata(&mint::root(3, &[&anna], 1, &other)).document().text().to_owned();
    let unsigned = refused(&chained(&unsigned), "renewal", &rest);
    assert!(
        unsigned.starts_with("root 1 of the chain to the trusted root does not hold: 0 of the 1 keys"),
        "{unsigned}"
    );
}

#[test]
fn a_published_document_that_is_badly_signed_is_refused_and_one_of_an_earlier_root_is_not() {
    let repo = Repository::published();
    let bert = Key::p256("bert");
    let text = signed(&mint::targets(3, &["a"]), &[&bert]);
    let want = "the published targets is not signed as any root of the plan asks: 1 of 2 keys of the trusted root have signed it";
    assert_eq!(refused(&repo.with("targets", &text), "renewal", &made("targets", 4)), want);
    let forged = signed(&listing("snapshot", 5, "targets", 3), &[&bert]);
    let forged = refused(&Repository::published().with("snapshot", &forged), "renewal", &made("snapshot", 6));
    assert!(forged.starts_with("the published snapshot is not signed"), "{forged}");

    // Root 3 let bert alone sign the targets; root 4 orphaned them, and now they are replaced.
    let (one, both) = (mint::role(&[&bert], 1), mint::role(&[&Key::p256("anna"), &bert], 2));
    let table = mint::table(&[&bert, &Key::p256("anna")]);
    let older = signed(&mint::root_of(3, &table, &both, &one, &one), &[&bert, &Key::p256("anna")]);
    let mut mended = Repository::published().with("targets", &text);
    let file = mended.stage.keep("older.json", older);
    mended.plan =
        mended.plan.replacen("[predecessor]\n", &format!("[predecessor]\nchain = [{{ {file} }}]\n"), 1);
    assert!(mended.stage.seal(&mended.plan("renewal", &made("targets", 4))).is_ok());
}

#[test]
fn rehearsals_and_real_documents_do_not_mix() {
    let repo = Repository::published();
    let plan = repo.plan("renewal", &made("root", 5)).replacen("kind =", "rehearsal = true\nkind =", 1);
    let fault = repo.stage.seal(&plan).unwrap_err().to_string();
    assert_eq!(fault, "the trusted root is real, and the plan is a rehearsal");
    let anna = Key::p256("anna");
    let marked =
        mint::root(4, &[&anna], 1, &anna).replacen("\"version\":4", "\"version\":4,\"x-rehearsal\":true", 1);
    let marked = Repository::published().with("root", &signed(&marked, &[&anna]));
    let want = "the trusted root carries the mark of a rehearsal, and the plan is none";
    assert_eq!(refused(&marked, "renewal", &made("root", 5)), want);
}

#[test]
fn keys_that_are_nowhere_or_twice_are_refused() {
    let mut repo = Repository::published();
    let online = repo.keys[3].id.clone();
    let nowhere = kept("ghost", "carl", "00ff") + &made("root", 5) + &role("root", &["anna", "ghost"], 1);
    let want = "\"ghost\" is to be kept under the key id \"00ff\", and the trusted root has no such key";
    assert_eq!(refused(&repo, "rotation", &nowhere), want);
    let again = repo.stage.public("again", "carl", &Key::p256("anna"));
    let twice = again + &made("root", 5) + &role("root", &["anna", "again"], 1);
    let want = "the role \"root\" lists the key \"again\" twice, perhaps under another name";
    assert_eq!(refused(&repo, "rotation", &twice), want);
    let not_made = "[keys.new]\nholders = [\"carl\"]\ncard = \"to be made\"\n".to_owned();
    let not_made = not_made + &made("root", 5) + &role("root", &["anna", "new"], 1);
    assert_eq!(refused(&repo, "rotation", &not_made), "the card of \"new\" is still to be made");
    // A key id that stands for another key: kept keys can have any.
    let taken = mint::root_of(
        4,
        &mint::table(&[&Key::p256("anna"), &Key::p256("x").called(&Key::p256("dora").id)]),
        &mint::role(&[&Key::p256("anna")], 1),
        &mint::role(&[&Key::p256("anna")], 1),
        &mint::role(&[&Key::p256("anna")], 1),
    );
    let mut repo = repo.with("root", &signed(&taken, &[&Key::p256("anna")]));
    repo.plan = repo.plan.replace(&kept("online", "", &online), "");
    let published = repo.plan.find("targets = {").unwrap()..repo.plan.find("[people").unwrap();
    repo.plan.replace_range(published, "");
    let rest = repo.stage.public("dora", "carl", &Key::p256("dora"))
        + &made("root", 5)
        + &role("root", &["dora"], 1);
    let want = format!("another key stands under {0}, the key id of \"dora\"", Key::p256("dora").id);
    assert_eq!(refused(&repo, "rotation", &rest), want);
}

#[test]
fn a_threshold_above_the_keys_that_can_count_is_refused() {
    let anna = Key::p256("anna");
    let unknown = r#"{"keytype":"sigstore-oidc","keyval":{"identity":"x"},"scheme":"https://example"}"#;
    let table = format!("{{{:?}:{},\"oidc\":{unknown}}}", anna.id, anna.object());
    let (one, all) = (mint::role(&[&anna], 1), mint::role(&[&anna], 1));
    let root = signed(&mint::root_of(4, &table, &all, &one, &one), &[&anna]);
    let mut stage = Stage::default();
    let file = stage.keep("root.json", root);
    let plan = format!("{}[predecessor]\nroot = {{ {file} }}\n{}", head("rotation"), people(&["anna"]));
    let plan = plan + &kept("anna", "anna", &anna.id) + &kept("oidc", "", "oidc") + &made("root", 5);
    let fault = stage.seal(&(plan.clone() + &role("root", &["anna", "oidc"], 2))).unwrap_err().to_string();
    assert_eq!(fault, "the threshold of \"root\" is 2, and it has 1 distinct keys that can count");
    assert!(stage.seal(&(plan + &role("root", &["anna", "oidc"], 1))).is_ok());
}

#[test]
fn cards_of_others_of_rehearsals_and_that_prove_nothing_are_refused() {
    let mut repo = Repository::published();
    let dora = Key::p256("dora");
    let card = |holder: &str, rehearsal: bool| {
        let claims =
            tuf_ceremony::card::Claims { holders: vec![holder.to_owned()], rehearsal, ..Default::default() };
        let unsigned = tuf_ceremony::card::Card::unsigned(&dora.public(), claims).unwrap();
        let proof = dora.sign(unsigned.signed(), 0);
        unsigned.prove(&proof).unwrap().written()
    };
    let mut sealed = |text: String| {
        let file = repo.stage.keep("dora.card.json", text);
        let key = format!("[keys.dora]\nholders = [\"carl\"]\ncard = {{ {file} }}\n");
        let rest = key + &made("root", 5) + &role("root", &["dora", "anna"], 2);
        let parts = repo.stage.seal(&repo.plan("rotation", &rest));
        parts.map(drop).map_err(|fault| fault.to_string())
    };
    assert_eq!(sealed(card("carl X.", false)), Ok(()));
    let want = "the card of \"dora\" names [\"dora X.\"] as its holders, and the plan [\"carl X.\"]";
    assert_eq!(sealed(card("dora X.", false)), Err(want.to_owned()));
    let want = "the card of \"dora\" carries the mark of a rehearsal, and the plan is none";
    assert_eq!(sealed(card("carl X.", true)), Err(want.to_owned()));
    let other = card("carl X.", false).replace("carl X.", "carl Y.");
    assert!(sealed(other).unwrap_err().starts_with("the card of \"dora\" is refused: "));
}

#[test]
fn a_card_that_a_key_phase_made_belongs_to_the_plan() {
    let mut repo = Repository::published();
    let dora = Key::p256("dora");
    let claims = tuf_ceremony::card::Claims { holders: vec!["carl X.".to_owned()], ..Default::default() };
    let unsigned = tuf_ceremony::card::Card::unsigned(&dora.public(), claims).unwrap();
    let proof = dora.sign(unsigned.signed(), 0);
    let text = unsigned.prove(&proof).unwrap().written();
    repo.stage.cards.insert("dora".to_owned(), Digest::of(text.as_bytes()));
    repo.stage.keep("dora.card.json", text);
    let key = "[keys.dora]\nholders = [\"carl\"]\ncard = \"to be made\"\n";
    let rest = key.to_owned() + &made("root", 5) + &role("root", &["dora", "anna"], 2);
    let draft = mint::text(&repo.stage.texts(&repo.plan("rotation", &rest))[0]);
    assert!(draft.root().unwrap().key(&dora.id).is_some());
    repo.stage.cards.insert("anna".to_owned(), Digest::of(b"another"));
    let public = repo.stage.public("eve", "carl", &Key::p256("eve"));
    repo.stage.cards.insert("eve".to_owned(), Digest::of(b"another"));
    let rest = public + &made("root", 5) + &role("root", &["eve", "anna"], 2);
    let want = "the plan names another file for \"eve\" than the ceremony was opened with";
    assert_eq!(refused(&repo, "rotation", &rest), want);
}

#[test]
fn a_delta_that_is_not_what_the_plan_adds_is_refused() {
    let mut repo = Repository::published();
    let add = |paths: &str| format!("{}[targets.add]\n{paths}", made("targets", 4));
    let kind = "targets-release";
    let no_delta = "targets adds files, and the ceremony has no delta that says which, or another one than the plan names";
    assert_eq!(refused(&repo, kind, &add("x = \"x\"\n")), no_delta);
    let give = |repo: &mut Repository, files: &[(&str, &str)]| {
        let text = delta(files);
        repo.stage.delta = Some(Digest::of(text.as_bytes()));
        repo.stage.keep("delta.json", text)
    };
    let named = give(&mut repo, &[("targets", "x")]);
    let release = format!("{}delta = {{ {named} }}\n", made("targets", 4));
    assert!(repo.stage.seal(&repo.plan(kind, &release)).is_ok());
    assert!(repo.stage.seal(&repo.plan(kind, &add("x = \"x\"\n"))).is_ok());
    assert_eq!(
        refused(&repo, kind, &add("x = \"x\"\ny = \"y\"\n")),
        "the plan adds \"y\" to targets, and the delta does not"
    );
    assert_eq!(
        refused(&repo, kind, &made("targets", 4)),
        "the delta adds files to targets, and the plan does not"
    );
    give(&mut repo, &[("targets", "x"), ("targets", "xy")]);
    assert_eq!(
        refused(&repo, kind, &add("x = \"x\"\n")),
        "the delta adds \"xy\" to targets, and the plan does not"
    );
    assert_eq!(refused(&repo, kind, &release), no_delta);
    give(&mut repo, &[("other", "x")]);
    assert_eq!(
        refused(&repo, kind, &made("targets", 4)),
        "the delta adds files to other, and the plan does not"
    );
    let broken = "{}";
    repo.stage.delta = Some(Digest::of(broken.as_bytes()));
    repo.stage.keep("delta.json", broken);
    assert!(refused(&repo, kind, &made("targets", 4)).starts_with("the delta is refused: "));
}

#[test]
fn a_path_that_is_not_there_or_is_both_added_and_removed_is_refused() {
    let mut repo = Repository::published();
    let remove = |paths: &str| format!("{}remove = [{paths}]\n", made("targets", 4));
    for paths in ["\"c\"", "\"a\", \"zz\""] {
        let missing = refused(&repo, "targets-release", &remove(paths));
        assert!(missing.ends_with("is to be removed from targets, and it is not there"), "{missing}");
    }
    let text = delta(&[("targets", "b/c")]);
    repo.stage.delta = Some(Digest::of(text.as_bytes()));
    repo.stage.keep("delta.json", text);
    let both = remove("\"b/c\"") + "[targets.add]\nb = \"b\"\n";
    assert_eq!(
        refused(&repo, "targets-release", &both),
        "\"b/c\" is both added to targets and removed from it"
    );
}

#[test]
fn delegations_that_clients_would_read_otherwise_are_refused() {
    let repo = Repository::published();
    let set = |name: &str, paths: &str| {
        format!(
            "[targets.delegations.\"{name}\"]\nkeys = [\"anna\"]\nthreshold = 1\n{paths}\nterminating = false\n"
        )
    };
    let order = |names: &str| format!("{}delegation-order = [{names}]\n", made("targets", 4));
    let any = "paths = [\"*\"]";
    let cases = [
        (
            made("targets", 4) + &set("dev", any),
            "targets delegates to a new role, and the plan gives no delegation-order",
        ),
        (
            order("\"dev\", \"ops\"") + &set("dev", any),
            "the delegation-order of targets must name each of its delegated roles once: \"ops\" is wrong or missing",
        ),
        (
            made("targets", 4) + "undelegate = [\"dev\"]\n",
            "the delegation to \"dev\" cannot be removed: it is not there",
        ),
        (
            order("\"dev\"") + &set("dev", "paths = [\"[ab]*\"]"),
            "the delegation to \"dev\" cannot cover \"[ab]*\": clients agree on * and ? only",
        ),
        (
            order("\"dev\"") + &set("dev", "paths = [\"/x\"]"),
            "the delegation to \"dev\" cannot cover \"/x\": paths start without a slash",
        ),
        (
            order("\"a?b\"") + &set("a?b", any),
            "\"a?b\" cannot be the name of a delegated role: the name holds a separator of paths or URLs",
        ),
    ];
    for (rest, want) in cases {
        assert_eq!(refused(&repo, "targets-release", &rest), want);
    }
    let bins = mint::targets(3, &[]).replacen(
        "\"expires\"",
        &format!(r#""delegations":{{"keys":{},"succinct_roles":{{{},"bit_length":4,"name_prefix":"bin"}}}},"expires""#, mint::table(&[&repo.keys[0]]), mint::role(&[&repo.keys[0]], 1)),
        1,
    );
    let text = signed(&bins, &[&repo.keys[0], &repo.keys[1]]);
    let repo = repo.with("targets", &text);
    let want = "targets delegates to hash bins, and named delegations cannot stand beside them";
    assert_eq!(refused(&repo, "targets-release", &(order("\"dev\"") + &set("dev", any))), want);
}

#[test]
fn a_role_that_its_delegating_document_does_not_name_cannot_be_made() {
    let repo = Repository::published();
    let want = "the draft of dev is refused: the targets document, version 3, names no role \"dev\"";
    assert_eq!(refused(&repo, "targets-release", &made("delegated.dev", 1)), want);
}
