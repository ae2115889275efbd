//! Three of five with a different token each: a PIV card without a module, one through ykcs11, SoftHSM2 with Ed25519, SoftHSM2
//! with RSA-PSS and kryoptic with ML-DSA. Keys are carded and compared in the folder, people sign, and others' code judges.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use conclave_softhsm::{Software, TokenDir};
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::chairs::events;
use crate::holder::{Talk, holding};
use crate::peers::judges;
use crate::scene::{Scene, TODAY, tallies};
use crate::stage::read;

/// The PUK that Anna's card gets.
const PUK: &str = "90817263";

/// What a person comes with.
struct Holder {
    name: &'static str,
    /// Her way to the token.
    module: PathBuf,
    token: &'static str,
    pin: &'static str,
    /// How her key is made here; none where she comes with one.
    scheme: Option<&'static str>,
}

/// A table with everything that five people need.
struct Table {
    scene: Scene,
    softhsm: TokenDir,
    kryoptic: TokenDir,
    station: Station,
    holders: Vec<Holder>,
}

impl Table {
    fn set() -> Table {
        let cards = [11_111_111, 22_222_222].map(|serial| Card::new(Firmware::V5_7_1, serial));
        // Anna's is as the maker sends it; Bela's was set up with the maker's program.
        let [_, belas] = &cards;
        belas.set_pin("739154");
        belas.generate(0x9c, Algorithm::P256, PinPolicy::Always, TouchPolicy::Never);
        belas.certify(0x9c);
        let [softhsm, kryoptic] =
            [Software::SoftHsm, Software::Kryoptic].map(|software| TokenDir::of(software).unwrap());
        for (label, pin) in [("carla", "carla-pin-1"), ("dora", "dora-pin-22")] {
            softhsm.add_token(label, "so-pin-1", pin).unwrap();
        }
        kryoptic.add_token("emil", "so-pin-1", "emil-pin-333").unwrap();
        let holder = |name, module: &Path, token, pin, scheme| Holder {
            name,
            module: module.to_owned(),
            token,
            pin,
            scheme,
        };
        let holders = vec![
            holder(
                "anna",
                Path::new("piv:"),
                "piv:serial=11111111;slot=9c",
                "482616",
                Some("ecdsa-sha2-nistp256"),
            ),
            holder("bela", &ykcs11(), "pkcs11:serial=22222222;id=%02", "739154", None),
            holder("carla", softhsm.module_path(), "pkcs11:token=carla", "carla-pin-1", Some("ed25519")),
            holder(
                "dora",
                softhsm.module_path(),
                "pkcs11:token=dora",
                "dora-pin-22",
                Some("rsassa-pss-sha256"),
            ),
            holder("emil", kryoptic.module_path(), "pkcs11:token=emil", "emil-pin-333", Some("ml-dsa-65")),
        ];
        let station = Station::start(&cards).unwrap();
        Table { scene: Scene::new(), softhsm, kryoptic, station, holders }
    }

    fn environment(&self) -> Vec<(OsString, OsString)> {
        [self.softhsm.environment(), self.kryoptic.environment(), self.station.environment()].concat()
    }

    /// One of them at a terminal with her token, until all is said; gives what was on the screen.
    fn sits(&self, holder: &Holder, words: &str) -> String {
        let (code, said) = self.talk(holder, words).agreeing(holder.pin);
        assert_eq!(code, 0, "{}: {said}", holder.name);
        said
    }

    /// Anna's card gets a PIN, a PUK and a management key of its own.
    fn prepares(&self, holder: &Holder) {
        let prepare = "token prepare --token piv:serial=11111111 --mirror m --into a --key";
        let mut talk = self.talk(holder, &format!("{prepare} anna"));
        talk.agree("type: ");
        for (question, secret) in
            [("New PIN", holder.pin), ("again", holder.pin), ("New PUK", PUK), ("again", PUK)]
        {
            talk.until(question);
            talk.until(": ");
            talk.line(secret);
        }
        let (code, said) = talk.end();
        assert_eq!(code, 0, "{said}");
        // A card that has its PINs got none, for whosever key: nothing of it is written down.
        let lines = self.scene.events("a");
        let (code, said) = self.talk(holder, &format!("{prepare} bela")).end();
        assert_eq!(code, 0, "{said}");
        assert!(said.contains("Nothing is written down in the folder"), "{said}");
        assert_eq!(self.scene.events("a"), lines);
        assert_eq!(lines.iter().filter(|event| *event == "TokenPrepared").count(), 1, "{lines:?}");
    }

    fn talk(&self, holder: &Holder, words: &str) -> Talk {
        let mut arguments: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        arguments.extend(["--module".to_owned(), holder.module.to_str().unwrap().to_owned()]);
        let environment = self.environment();
        for (name, _) in &environment {
            arguments.extend(["--module-env".to_owned(), name.to_str().unwrap().to_owned()]);
        }
        Talk::begin("exec \"$@\"", &arguments, &self.scene.path("."), &environment)
    }
}

impl Table {
    /// Anna's key in her card is not lost to another one that this folder waits for.
    fn keeps(&self, key: &str, folder: &str, why: &str) {
        let mirror = if folder == "a" { "m" } else { "n" };
        let words = "key generate --scheme ecdsa-sha2-nistp256 --token piv:serial=11111111";
        let (code, said) = self
            .talk(&self.holders[0], &format!("{words} --mirror {mirror} --into {folder} --key {key}"))
            .end();
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(code == 1 && said.contains(why) && said.contains("No PIN was asked for"), "{code}: {said}");
    }
}

/// The next root, in which Anna has one key more.
fn next(scene: &Scene, names: &[&str]) -> String {
    let root: serde_json::Value =
        serde_json::from_slice(&read(&scene.path("inputs/mixed.root.json"))).unwrap();
    let mut plan = scene.head("rotation", "One key more for Anna", names);
    plan = plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1);
    plan += &format!("\n[predecessor]\nroot = {}\n", scene.named("inputs/mixed.root.json"));
    plan += "\n[seen]\nroot = 1\n\n[keys]\nnew = { holders = [\"anna\"], card = \"to be made\" }\n";
    let mut listed = vec!["\"new\"".to_owned()];
    for (keyid, name) in root["signed"]["roles"]["root"]["keyids"].as_array().unwrap().iter().zip(names) {
        plan += &format!("old-{name} = {{ holders = [{name:?}], keyid = {keyid} }}\n");
        listed.push(format!("\"old-{name}\""));
    }
    let listed = listed.join(", ");
    plan + &format!(
        r#"
[root]
version = 2
expires = "2028-03-05T00:00:00Z"

[root.roles]
root = {{ keys = [{listed}], threshold = 3 }}
"#
    )
}

/// The maker's own module for the same cards, where Debian has it.
fn ykcs11() -> PathBuf {
    let module = PathBuf::from(format!("/usr/lib/{}-linux-gnu/libykcs11.so.2", std::env::consts::ARCH));
    assert!(module.is_file(), "{} is missing: it is in the package ykcs11", module.display());
    module
}

/// A rehearsal, because software tokens are refused for a real root: five keys to be made, three of them must sign.
fn plan(scene: &Scene, names: &[&str]) -> String {
    let mut plan = scene.head("first-root", "Five kinds of tokens", names);
    plan = plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1);
    plan += "\n[keys]\n";
    for name in names {
        plan += &format!("{name} = {{ holders = [{name:?}], card = \"to be made\" }}\n");
    }
    let online = scene.named("inputs/online.pem");
    let online = online.replacen(" }", ", scheme = \"ecdsa-sha2-nistp256\" }", 1);
    plan += &format!("online = {{ public = {online} }}\n");
    let root = names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    plan + &format!(
        r#"
[root]
version = 1
expires = "2028-03-05T00:00:00Z"
consistent-snapshot = true

[root.roles]
root = {{ keys = [{root}], threshold = 3 }}
targets = {{ keys = [{root}], threshold = 3 }}
snapshot = {{ keys = ["online"], threshold = 1 }}
timestamp = {{ keys = ["online"], threshold = 1 }}
"#
    )
}

/// The same document with some of its signatures, by their places.
fn thinned(root: &Path, kept: &[usize]) -> String {
    let mut root: serde_json::Value = serde_json::from_slice(&read(root)).unwrap();
    let all = root["signatures"].as_array().unwrap();
    root["signatures"] = kept.iter().map(|at| all[*at].clone()).collect();
    root.to_string()
}

#[test]
fn five_kinds_of_tokens_make_one_root_that_python_tuf_accepts() {
    let table = Table::set();
    let scene = &table.scene;
    let names: Vec<&str> = table.holders.iter().map(|holder| holder.name).collect();
    scene.desk.put("mixed.plan.toml", plan(scene, &names));
    scene.run(&format!("open --date {TODAY} --mirror m mixed.plan.toml a")).good();

    table.prepares(&table.holders[0]);
    for holder in &table.holders {
        let Holder { name, token, .. } = holder;
        let into = format!("--token {token} --mirror m --into a --key {name}");
        if let Some(scheme) = holder.scheme {
            // A key on a card is called by its slot.
            let label = if holder.module == Path::new("piv:") { "" } else { "--label root" };
            table.sits(holder, &format!("key generate --scheme {scheme} {label} {into}"));
        }
        table.sits(holder, &format!("key card {into}"));
        if *name == "anna" {
            table.keeps("bela", "a", "That slot holds the key \"anna\" of this ceremony");
        }
    }
    for holder in &table.holders {
        table.sits(holder, &format!("sign --as {} --mirror m a", holder.name));
    }
    let [(_, sides)] = tallies(&scene.status("a")).try_into().unwrap();
    assert_eq!(sides, [(names.len() as u64, 3)], "each of them counts once");
    assert_eq!(events(&scene.path("a"), "SignatureAdmitted").len(), names.len());

    scene.run("finalize --mirror m a").good();
    scene.run("close --as olga --mirror m a").good();
    scene.replays("a");
    scene.equal("a", "m");
    scene.desk.put("inputs/mixed.root.json", read(&scene.path("a/final/1.root.json")));
    scene.desk.put("next.plan.toml", next(scene, &names));
    scene.run(&format!("open --date {TODAY} --mirror n next.plan.toml c")).good();
    table.keeps("new", "c", "That slot holds a key of the root before this one");
    let root = scene.path("a/final/1.root.json");
    scene.desk.put("1.root.json", read(&root));
    scene.run("verify chain 1.root.json").good();
    let [python, _] = judges();
    let said = python.says(&[Path::new("root-chain"), &root]);
    assert_eq!(said["ok"], true, "{said}");
    assert_eq!(said["new"], serde_json::json!({ "valid": names.len(), "threshold": 3 }), "{said}");
    // Any three are enough, whichever kinds they are, and two are not.
    for (kept, enough) in [(&[0, 1, 4][..], true), (&[1, 2, 3], true), (&[0, 4], false), (&[2, 3], false)] {
        let thinned = thinned(&root, kept);
        scene.desk.put("thinned.json", thinned);
        let said = python.says(&[Path::new("root-chain"), &scene.path("thinned.json")]);
        assert_eq!((&said["ok"], &said["new"]["valid"]), (&enough.into(), &kept.len().into()), "{said}");
    }
    for holder in &table.holders {
        for folder in [scene.path("."), table.softhsm.path().to_owned(), table.kryoptic.path().to_owned()] {
            assert!(holding(&folder, PUK).is_empty(), "the PUK");
            assert_eq!(holding(&folder, holder.pin), Vec::<PathBuf>::new(), "{}'s PIN", holder.name);
        }
    }
}
