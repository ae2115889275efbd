//! Every published root of the corpus as a predecessor, in both layouts: what the plan does not change stays.

use std::path::{Path, PathBuf};

use serde_json::Value;
use tuf_ceremony::chain;
use tuf_ceremony::document::{Document, View};
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::seal::{PredecessorFault, SealFault};

use crate::mint::{self, Key};
use crate::stage::{Stage, head, kept, people, text, told};

const EXPIRES: &str = "2035-01-01T00:00:00Z";

/// Every root of every chain, by path.
fn roots() -> Vec<(PathBuf, String)> {
    let chains = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus/chains");
    let mut roots = Vec::new();
    for folder in std::fs::read_dir(chains).unwrap() {
        for file in std::fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.to_str().unwrap().ends_with(".root.json") {
                let text = std::fs::read_to_string(&path).unwrap();
                roots.push((path, text));
            }
        }
    }
    roots.sort();
    assert_eq!(roots.len(), 61);
    roots
}

fn metadata(text: &str) -> Option<Metadata> {
    Metadata::of(Document::read(text.as_bytes()).ok()?.into()).ok()
}

fn plan(stage: &mut Stage, kind: &str, root: &str, layout: &str, rest: &str) -> String {
    let version = metadata(root).map_or(2, |m| m.version() + 1);
    let file = stage.keep("root.json", root);
    format!(
        "{}[predecessor]\nroot = {{ {file} }}\n[style]\nlayout = \"{layout}\"\n{}{rest}\n[root]\nversion = {version}\nexpires = \"{EXPIRES}\"\n",
        head(kind),
        people(&["anna"]),
    )
}

/// Whether clients would take it as their first root.
fn stands(root: &Metadata) -> bool {
    chain::judge(&[Ok(root.clone())], None)[0].is_ok()
}

/// Where a value stands in a text.
fn place(metadata: &Metadata, path: &[&str]) -> Option<std::ops::Range<usize>> {
    let mut view = metadata.document().root();
    for name in path {
        view = view.object()?.member(name)?;
    }
    Some(view.range())
}

/// The text without what stands in these places.
fn without(metadata: &Metadata, paths: &[&[&str]]) -> Vec<String> {
    let mut ranges: Vec<_> = paths.iter().map(|path| place(metadata, path).unwrap()).collect();
    ranges.sort_by_key(|range| range.start);
    let text = metadata.document().text();
    let mut at = 0;
    let mut pieces: Vec<String> = Vec::new();
    for range in ranges {
        pieces.push(text[at..range.start].to_owned());
        at = range.end;
    }
    pieces.push(text[at..].to_owned());
    pieces
}

#[test]
fn renewing_any_published_root_changes_its_version_and_expiry_and_not_one_byte_more() {
    let (mut renewed, mut refused) = (0, Vec::new());
    for (path, root) in roots() {
        let at = path.display();
        let mut stage = Stage::default();
        let [ours, theirs] =
            ["ours", "as-predecessor"].map(|layout| plan(&mut stage, "renewal", &root, layout, ""));
        let Some(old) = metadata(&root).filter(stands) else {
            for plan in [&ours, &theirs] {
                let fault = stage.seal(plan).unwrap_err();
                let expected = matches!(
                    fault,
                    SealFault::Predecessor(PredecessorFault::Chain { .. } | PredecessorFault::Read { .. })
                );
                assert!(expected, "{at}: {fault}");
            }
            refused.push(path.parent().unwrap().file_name().unwrap().to_owned());
            continue;
        };
        renewed += 1;
        let [ours, theirs] = [ours, theirs].map(|plan| stage.seal(&plan).unwrap().remove(0).part);
        let [ours, theirs] = [ours.draft().metadata(), theirs.draft().metadata()];
        assert_eq!(ours.payload(), theirs.payload(), "{at}");
        let version = format!("version {} {}", old.version(), old.version() + 1);
        assert_eq!(told(&old, ours), [version, format!("expires \"{EXPIRES}\"")], "{at}");

        let changed: [&[&str]; 3] = [&["signatures"], &["signed", "version"], &["signed", "expires"]];
        assert_eq!(without(theirs, &changed), without(&old, &changed), "{at}");
        let now = changed.map(|path| &theirs.document().text()[place(theirs, path).unwrap()]);
        assert_eq!(now, ["[]", &ours.version().to_string(), &format!("\"{EXPIRES}\"")], "{at}");

        let mut want: Value = serde_json::from_str(&root).unwrap();
        want = serde_json::json!({"signatures": [], "signed": want["signed"]});
        want["signed"]["version"] = ours.version().into();
        want["signed"]["expires"] = EXPIRES.into();
        assert_eq!(ours.document().text(), python(&want), "{at}");
    }
    // Unreadable, or not signed as they ask themselves.
    let unusable = [
        "tough-cross-sign-root",
        "tough-duplicate-keyid",
        "tough-mismatched-root-json-keyids",
        "tough-no-root-json-signatures",
    ];
    assert_eq!((renewed, refused), (57, unusable.map(Into::into).to_vec()));
}

/// As Python's `json.dumps(value, indent=1, sort_keys=True)` writes it; the corpus is ASCII.
fn python(value: &Value) -> String {
    let mut out = Vec::new();
    let layout = serde_json::ser::PrettyFormatter::with_indent(b" ");
    serde::Serialize::serialize(value, &mut serde_json::Serializer::with_formatter(&mut out, layout))
        .unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn replacing_one_root_key_of_any_published_root_keeps_every_other_key_and_role_byte_for_byte() {
    let new = Key::p256("a new holder");
    let mut replaced = 0;
    for (path, root) in roots() {
        let at = path.display();
        let Some(old) = metadata(&root).filter(stands) else { continue };
        let role = old.root().unwrap().role("root").unwrap().clone();
        let mut stage = Stage::default();
        let mut rest = stage.public("new", "anna", &new);
        let mut names = Vec::new();
        for (number, keyid) in role.keyids.iter().enumerate().skip(1) {
            rest += &kept(&format!("k{number}"), "", keyid);
            names.push(format!("\"k{number}\""));
        }
        names.push("\"new\"".to_owned());
        rest +=
            &format!("[root.roles.root]\nkeys = [{}]\nthreshold = {}\n", names.join(", "), role.threshold);
        let first = role.keyids[0].as_ref();
        let elsewhere = |keyid: &str| {
            let root = old.root().unwrap();
            root.roles.iter().any(|r| r.name != "root" && r.keyids.iter().any(|k| k == keyid))
        };
        for layout in ["ours", "as-predecessor"] {
            let plan = plan(&mut stage, "rotation", &root, layout, &rest);
            let part = stage.seal(&plan).unwrap_or_else(|fault| panic!("{at}: {fault}")).remove(0);
            let draft = part.part.draft().metadata();
            let want = [
                format!("version {} {}", old.version(), old.version() + 1),
                format!("expires \"{EXPIRES}\""),
                format!("root + {}", new.id),
                format!("root - {first}"),
            ];
            assert_eq!(told(&old, draft), want, "{at}");
            let keyids: Vec<_> =
                draft.root().unwrap().role("root").unwrap().keyids.iter().map(|k| k.to_string()).collect();
            assert_eq!(keyids[..keyids.len() - 1], role.keyids[1..], "{at}");
            let now = draft.root().unwrap();
            assert_eq!(now.key(first).is_some(), elsewhere(first), "{at}");
            assert_eq!(
                now.key(&new.id).unwrap().key.as_ref().unwrap().fingerprint(),
                new.public().fingerprint()
            );
            if layout == "as-predecessor" {
                let changed: [&[&str]; 5] = [
                    &["signatures"],
                    &["signed", "version"],
                    &["signed", "expires"],
                    &["signed", "keys"],
                    &["signed", "roles", "root", "keyids"],
                ];
                assert_eq!(without(draft, &changed), without(&old, &changed), "{at}");
                let object = |m: &Metadata, keyid: &str| {
                    let range = place(m, &["signed", "keys", keyid]);
                    range.map(|range| m.document().text()[range].to_owned())
                };
                for key in now.keys.iter().filter(|key| key.keyid != new.id) {
                    assert_eq!(object(draft, &key.keyid), object(&old, &key.keyid), "{at}");
                }
            }
            assert_eq!(text(&part), stage.texts(&plan)[0], "{at}: the same plan gives the same bytes");
        }
        replaced += 1;
    }
    assert_eq!(replaced, 57);
}

#[test]
fn keys_that_no_role_listed_before_stay_as_they_were_and_those_that_none_lists_any_more_go() {
    let (a, b, loose) = (Key::p256("a"), Key::p256("b"), Key::p256("loose"));
    let table = mint::table(&[&a, &b, &loose]);
    let (both, one) = (mint::role(&[&a, &b], 1), mint::role(&[&a], 1));
    let root = crate::stage::signed(&mint::root_of(1, &table, &both, &one, &one), &[&a]);
    let mut stage = Stage::default();
    let rest = format!("{}[root.roles.root]\nkeys = [\"a\"]\nthreshold = 1\n", kept("a", "", &a.id));
    for layout in ["ours", "as-predecessor"] {
        let plan = plan(&mut stage, "rotation", &root, layout, &rest);
        let part = stage.seal(&plan).unwrap().remove(0);
        let now = part.part.draft().metadata().signed().member("keys").and_then(View::object).unwrap();
        let ids: Vec<_> = now.sorted().map(|(keyid, _)| keyid.into_owned()).collect();
        let mut want = vec![a.id.clone(), loose.id.clone()];
        want.sort();
        assert_eq!(ids, want);
        let findings = stage.judge(&plan, "2030-06-01").findings;
        assert!(findings.iter().any(|f| f.control.code() == "key-unreferenced" && f.about == loose.id));
    }
}
