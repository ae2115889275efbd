//! Drafts of our own: their exact texts, and what a plan changes in a published repository.

use tuf_ceremony::bundle::Part;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::keyid::Preimage;

use crate::mint::{self, Key};
use crate::stage::{NAMES, Repository, Stage, delta, head, made, people, role, signed, text, told};

/// A whole repository: root, targets, a delegated role, snapshot and timestamp.
fn bootstrap(stage: &mut Stage, keys: &[Key; 2]) -> String {
    let mut plan = head("bootstrap") + &people(&["anna"]);
    plan += &stage.public("anna", "anna", &keys[0]);
    plan += &stage.public("online", "", &keys[1]);
    let both = ["root", "targets"].map(|name| role(name, &["anna"], 1)).concat();
    let online = ["snapshot", "timestamp"].map(|name| role(name, &["online"], 1)).concat();
    plan += &format!("{}{both}{online}", made("root", 1));
    plan += &made("targets", 1);
    plan += "add = { \"a\" = \"files/a\" }\ndelegation-order = [\"dev\"]\n[targets.delegations.dev]\nkeys = [\"online\"]\nthreshold = 1\npaths = [\"dev/*\"]\nterminating = true\n";
    plan += &made("delegated.dev", 1);
    plan += &made("snapshot", 1);
    plan += &made("timestamp", 1);
    let text = delta(&[("targets", "a")]);
    stage.delta = Some(Digest::of(text.as_bytes()));
    stage.keep("delta", text);
    plan
}

/// A key object as it stands in a table at this depth.
fn object(key: &Key, depth: usize) -> String {
    let (at, deeper) = (" ".repeat(depth), " ".repeat(depth + 1));
    let pem = key.public().public_text().replace('\n', "\\n");
    format!(
        "{at}\"{}\": {{\n{deeper}\"keytype\": \"ecdsa\",\n{deeper}\"keyval\": {{\n{deeper} \"public\": \"{pem}\"\n{deeper}}},\n{deeper}\"scheme\": \"ecdsa-sha2-nistp256\"\n{at}}}",
        key.id
    )
}

#[test]
fn a_repository_that_is_made_from_nothing_has_these_texts() {
    let keys = ["anna", "online"].map(Key::p256);
    let mut stage = Stage::default();
    let plan = bootstrap(&mut stage, &keys);
    let parts = stage.seal(&plan).unwrap();
    let names: Vec<_> = parts.iter().map(|p| (p.letter.as_str(), p.part.draft().role())).collect();
    assert_eq!(names, [("A", "root"), ("B", "targets"), ("C", "dev"), ("D", "snapshot"), ("E", "timestamp")]);
    let mut table = [object(&keys[0], 3), object(&keys[1], 3)];
    if keys[0].id > keys[1].id {
        table.reverse();
    }
    let role = |name: &str, key: &Key| {
        let id = &key.id;
        format!("   \"{name}\": {{\n    \"keyids\": [\n     \"{id}\"\n    ],\n    \"threshold\": 1\n   }}")
    };
    let roles = [
        role("root", &keys[0]),
        role("snapshot", &keys[1]),
        role("targets", &keys[0]),
        role("timestamp", &keys[1]),
    ];
    let document = |kind: &str, between: &str, rest: &str| {
        format!(
            "{{\n \"signatures\": [],\n \"signed\": {{\n  \"_type\": \"{kind}\",\n{between}  \"expires\": \"2031-06-01T00:00:00Z\",\n{rest}  \"version\": 1\n }}\n}}"
        )
    };
    let spec = "  \"spec_version\": \"1.0.34\",\n";
    let root = format!(
        "  \"keys\": {{\n{}\n  }},\n  \"roles\": {{\n{}\n  }},\n{spec}",
        table.join(",\n"),
        roles.join(",\n")
    );
    let delegations = format!(
        "  \"delegations\": {{\n   \"keys\": {{\n{}\n   }},\n   \"roles\": [\n    {{\n     \"keyids\": [\n      \"{}\"\n     ],\n     \"name\": \"dev\",\n     \"paths\": [\n      \"dev/*\"\n     ],\n     \"terminating\": true,\n     \"threshold\": 1\n    }}\n   ]\n  }},\n",
        object(&keys[1], 4),
        keys[1].id
    );
    let entry = format!(
        "{spec}  \"targets\": {{\n   \"a\": {{\n    \"hashes\": {{\n     \"sha256\": \"{}\"\n    }},\n    \"length\": 1\n   }}\n  }},\n",
        Digest::of(b"a")
    );
    let meta = |entries: &[&str]| {
        let entry = |name: &&str| format!("   \"{name}\": {{\n    \"version\": 1\n   }}");
        let entries: Vec<String> = entries.iter().map(entry).collect();
        format!("  \"meta\": {{\n{}\n  }},\n{spec}", entries.join(",\n"))
    };
    let want = [
        document("root", "  \"consistent_snapshot\": true,\n", &root),
        document("targets", &delegations, &entry),
        document("targets", "", &format!("{spec}  \"targets\": {{}},\n")),
        document("snapshot", "", &meta(&["dev.json", "targets.json"])),
        document("timestamp", "", &meta(&["snapshot.json"])),
    ];
    for (part, want) in parts.iter().zip(&want) {
        assert_eq!(text(part), want);
    }
    assert_eq!(stage.texts(&plan), want, "the same plan gives the same bytes");
}

#[test]
fn drafts_are_judged_by_the_drafts_of_their_own_ceremony() {
    let keys = ["anna", "online"].map(Key::p256);
    let mut stage = Stage::default();
    let plan = bootstrap(&mut stage, &keys);
    let parts = stage.seal(&plan).unwrap();
    let payload = |part: &Part| part.draft().metadata().payload();
    let [root, targets, dev, snapshot, timestamp] = parts.iter().map(|p| &p.part).collect::<Vec<_>>()[..]
    else {
        panic!("five drafts")
    };
    assert!(root.trusted().is_none());
    for part in [targets, snapshot, timestamp] {
        assert_eq!(part.trusted().unwrap().payload(), payload(root));
    }
    assert_eq!(dev.trusted().unwrap().payload(), payload(targets));
    let signer = |part: &Part| part.authorities()[0].members()[0].key.clone().unwrap().fingerprint();
    assert_eq!(signer(dev), keys[1].public().fingerprint());
    assert_eq!(signer(targets), keys[0].public().fingerprint());
}

#[test]
fn without_a_root_of_its_own_a_ceremony_is_judged_by_the_trusted_one() {
    let repo = Repository::published();
    let rest = made("targets", 4) + "remove = [\"d\"]\n" + &made("snapshot", 6) + &made("timestamp", 8);
    let parts = repo.stage.seal(&repo.plan("targets-release", &rest)).unwrap();
    for part in &parts {
        assert_eq!(part.part.trusted().unwrap().payload(), repo.root.payload());
    }
    let changes: Vec<Vec<String>> = parts
        .iter()
        .map(|p| told(p.part.predecessor().unwrap(), p.part.draft().metadata()))
        .map(|told| told.into_iter().filter(|t| !t.starts_with("expires")).collect())
        .collect();
    assert_eq!(changes[0][0], "version 3 4");
    assert!(changes[0][1].starts_with("EntryRemoved { name: \"d\""), "{changes:?}");
    assert!(changes[1][1].contains("name: \"targets.json\"") && changes[1][1].contains("4"), "{changes:?}");
    assert!(changes[2][1].contains("name: \"snapshot.json\"") && changes[2][1].contains("6"), "{changes:?}");
    assert!(changes.iter().all(|told| told.len() == 2), "{changes:?}");
}

#[test]
fn a_root_follows_the_trusted_one_and_both_judge_it() {
    let mut repo = Repository::published();
    let dora = Key::p256("dora");
    let rest = repo.stage.public("dora", "carl", &dora)
        + &made("root", 5)
        + &role("root", &["dora", "anna", "bert"], 2);
    let part = repo.stage.seal(&repo.plan("rotation", &rest)).unwrap().remove(0).part;
    assert_eq!(part.trusted().unwrap().payload(), repo.root.payload());
    let [own, old] = part.authorities() else { panic!("two") };
    let ids =
        |a: &tuf_ceremony::keyset::Authority| a.members().iter().map(|m| m.keyid.clone()).collect::<Vec<_>>();
    let id = |at: usize| repo.keys[at].id.clone();
    assert_eq!(ids(own), [dora.id.clone(), id(0), id(1)], "in the plan's order");
    assert_eq!(ids(old), [id(0), id(1), id(2)]);
}

#[test]
fn entries_that_are_replaced_keep_their_custom_fields_and_others_stay_byte_for_byte() {
    let repo = Repository::published();
    let targets = r#"{"_type":"targets","expires":"2031-01-01T00:00:00Z","spec_version":"1.0.31","targets":{"a" : {"custom":{"x":1.0e0},"hashes":{"md5":"00"},"length":9},"z":{"hashes":{"sha256":"00"} ,"length":1, "custom":[null]}},"version":3}"#;
    let targets = targets.replace("1.0e0", "[1]");
    let published = signed(&targets, &[&repo.keys[0], &repo.keys[1]]);
    let mut stage = repo.stage.clone();
    let file = stage.keep("targets.json", published.as_str());
    let start = repo.plan.find("targets = {").unwrap();
    let end = start + repo.plan[start..].find('\n').unwrap();
    let plan = format!("{}targets = {{ {file} }}{}", &repo.plan[..start], &repo.plan[end..]);
    let text = delta(&[("targets", "a"), ("targets", "m")]);
    stage.delta = Some(Digest::of(text.as_bytes()));
    stage.keep("delta", text);
    let rest = made("targets", 4) + "[targets.add]\na = \"a\"\nm = \"m\"\n";
    let plan = head("targets-release") + &plan + &rest;
    let layout = plan.replace("[targets.add]", "[style]\nlayout = \"as-predecessor\"\n[targets.add]");
    let hashes =
        |path: &str| format!(r#""hashes":{{"sha256":"{}"}},"length":1"#, Digest::of(path.as_bytes()));
    let want = format!(
        r#"{{"signatures":[],"signed":{{"_type":"targets","expires":"2031-06-01T00:00:00Z","spec_version":"1.0.31","targets":{{"a" : {{"custom":{{"x":[1]}},{}}},"m":{{{}}},"z":{{"hashes":{{"sha256":"00"}} ,"length":1, "custom":[null]}}}},"version":4}}}}"#,
        hashes("a"),
        hashes("m")
    );
    assert_eq!(stage.texts(&layout)[0], want);
    let ours = mint::text(&stage.texts(&plan)[0]);
    assert_eq!(ours.payload(), mint::text(&want).payload());
}

#[test]
fn a_folder_of_the_plan_covers_what_the_delta_has_below_it() {
    let mut repo = Repository::published();
    let text = delta(&[("targets", "n/a"), ("targets", "n/b/c"), ("targets", "o")]);
    repo.stage.delta = Some(Digest::of(text.as_bytes()));
    repo.stage.keep("delta", text);
    let rest = made("targets", 4) + "[targets.add]\nn = \"files\"\no = \"o\"\n";
    let draft = mint::text(&repo.stage.texts(&repo.plan("targets-release", &rest))[0]);
    assert_eq!(draft.targets().unwrap().len(), repo.targets.targets().unwrap().len() + 3);
}

#[test]
fn ten_thousand_files_are_added_among_ten_thousand_others() {
    let repo = Repository::published();
    let name = |n: usize| format!("{n:05}");
    let names = |from: usize| (0..10_000).map(|n| name(2 * n + from)).collect::<Vec<_>>();
    let (even, odd) = (names(0), names(1));
    let refs: Vec<&str> = even.iter().map(String::as_str).collect();
    let published = signed(&mint::targets(3, &refs), &[&repo.keys[0], &repo.keys[1]]);
    let mut stage = repo.stage.clone();
    let file = stage.keep("targets.json", published);
    let start = repo.plan.find("targets = {").unwrap();
    let end = start + repo.plan[start..].find('\n').unwrap();
    let plan = format!("{}targets = {{ {file} }}{}", &repo.plan[..start], &repo.plan[end..]);
    let files: Vec<(&str, &str)> = odd.iter().map(|path| ("targets", path.as_str())).collect();
    let text = delta(&files);
    let named = stage.keep("delta.json", text.as_str());
    stage.delta = Some(Digest::of(text.as_bytes()));
    let rest = made("targets", 4) + &format!("delta = {{ {named} }}\nremove = [\"00000\", \"19998\"]\n");
    for layout in ["ours", "as-predecessor"] {
        let style = format!("[style]\nlayout = \"{layout}\"\n");
        let texts = stage.texts(&(head("targets-release") + &plan + &style + &rest));
        let draft = mint::text(&texts[0]);
        let paths: Vec<String> =
            draft.targets().unwrap().sorted().map(|t| t.unwrap().path.into_owned()).collect();
        let want: Vec<String> = (1..20_000).filter(|n| *n != 19_998).map(name).collect();
        assert_eq!(paths, want);
    }
}

#[test]
fn delegations_are_set_replaced_and_removed_in_the_order_of_the_plan() {
    let keys = ["anna", "online"].map(Key::p256);
    let mut stage = Stage::default();
    let first = bootstrap(&mut stage, &keys);
    let texts = stage.texts(&first);
    let sign = |text: &str, key: &Key| {
        let metadata = mint::text(text);
        signed(metadata.signed().view().text(), &[key])
    };
    let mut plan = head("targets-release") + "[predecessor]\n";
    for (name, text, key) in [("root", &texts[0], &keys[0]), ("targets", &texts[1], &keys[0])] {
        let file = stage.keep(&format!("{name}.json"), sign(text, key));
        plan += &format!("{name} = {{ {file} }}\n");
    }
    plan += &people(&NAMES);
    plan += &crate::stage::kept("anna", "anna", &keys[0].id);
    stage.delta = None;
    let set = |name: &str, paths: &str| {
        format!(
            "[targets.delegations.{name}]\nkeys = [\"anna\"]\nthreshold = 1\n{paths}\nterminating = false\n"
        )
    };
    let rest = made("targets", 2)
        + "delegation-order = [\"new\", \"dev\"]\n"
        + &set("new", "path-hash-prefixes = [\"0\", \"1f\"]")
        + &set("dev", "paths = [\"other/*\"]");
    let draft = mint::text(&stage.texts(&(plan.clone() + &rest))[0]);
    let delegations = draft.targets().unwrap().delegations.unwrap();
    let roles: Vec<_> =
        delegations.roles.iter().map(|(r, reach)| (r.name.as_ref(), reach.patterns.join(" "))).collect();
    assert_eq!(roles, [("new", "0 1f".to_owned()), ("dev", "other/*".to_owned())]);
    // The old delegation's key is listed by nobody any more; anna's was copied from the root.
    let table: Vec<_> = delegations.keys.iter().map(|k| k.keyid.as_ref()).collect();
    assert_eq!(table, [keys[0].id.as_str()]);

    let gone = mint::text(&stage.texts(&(plan + &made("targets", 2) + "undelegate = [\"dev\"]\n"))[0]);
    let delegations = gone.targets().unwrap().delegations.unwrap();
    assert!(delegations.roles.is_empty() && delegations.keys.is_empty());
}

#[test]
fn a_key_has_the_fields_and_the_key_id_that_the_plan_asks_for() {
    let repo = Repository::published();
    let dora = Key::p256("dora");
    let mut stage = repo.stage.clone();
    let key = stage.public("dora", "carl", &dora) + "fields = { x-tuf-on-ci-keyowner = \"@dora\" }\n";
    let rest = key + &made("root", 5) + &role("root", &["dora", "anna"], 2);
    let three =
        mint::text(&stage.texts(&repo.plan("rotation", &format!("[style]\nkey-ids = \"three\"\n{rest}")))[0]);
    let whole = mint::text(&stage.texts(&repo.plan("rotation", &rest))[0]);
    let find = |metadata: &tuf_ceremony::metadata::Metadata| {
        let root = metadata.root().unwrap();
        let entry = root.keys.iter().find(|k| k.owner.as_deref() == Some("@dora")).unwrap();
        (entry.keyid.to_string(), entry.preimages.clone())
    };
    assert_eq!(find(&three), (dora.id.clone(), vec![Preimage::Three]));
    let (id, preimages) = find(&whole);
    assert_ne!(id, dora.id);
    assert_eq!(preimages, [Preimage::Whole]);
}

#[test]
fn a_rehearsal_marks_every_document_and_says_which_specification_it_follows() {
    let keys = ["anna", "online"].map(Key::p256);
    let mut stage = Stage::default();
    let plan = bootstrap(&mut stage, &keys);
    let plan =
        plan.replacen("kind =", "rehearsal = true\nkind =", 1) + "[style]\nspec-version = \"1.0.30\"\n";
    let texts = stage.texts(&plan);
    assert_eq!(texts.len(), 5);
    for text in texts {
        assert!(text.contains("\n  \"x-rehearsal\": true\n }\n}"), "{text}");
        assert!(text.contains("\n  \"spec_version\": \"1.0.30\",\n"), "{text}");
    }
}

#[test]
fn a_plan_makes_as_many_drafts_as_a_bundle_carries_and_not_one_more() {
    let keys = ["anna", "online"].map(Key::p256);
    let mut stage = Stage::default();
    let plan = bootstrap(&mut stage, &keys);
    // Five are there; each of these is delegated by the one before it.
    let chained = |more: usize| {
        let names: Vec<String> =
            (0..=more).map(|n| if n == 0 { "dev".to_owned() } else { format!("r{n:02}") }).collect();
        let mut plan = plan.clone();
        for pair in names.windows(2) {
            let [by, name] = pair else { panic!("two") };
            let by_table = format!("[delegated.{by}]\n");
            let at = plan.find(&by_table).unwrap();
            let end = at + plan[at..].find("[snapshot]").unwrap();
            let delegation = format!(
                "delegation-order = [\"{name}\"]\n[delegated.{by}.delegations.{name}]\nkeys = [\"online\"]\nthreshold = 1\npaths = [\"*\"]\nterminating = true\n{}by = \"{by}\"\n",
                made(&format!("delegated.{name}"), 1)
            );
            plan.insert_str(end, &delegation);
        }
        stage.seal(&plan)
    };
    let parts = chained(59).unwrap();
    assert_eq!(parts.len(), 64);
    let letters = [0, 25, 26, 51, 52, 63].map(|at: usize| parts[at].letter.as_str());
    assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "BL"]);
    assert_eq!(parts[61].part.draft().role(), "r59", "behind whoever delegates to it");
    let past = chained(60).unwrap_err().to_string();
    assert_eq!(past, "the plan is past a limit: a bundle may have at most 64 drafts");
}
