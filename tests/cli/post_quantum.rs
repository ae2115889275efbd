//! Post-quantum keys at a terminal, from kryoptic's tokens: made, carded, listed and tested; and a root whose keys are
//! classical and post-quantum side by side, judged by others' code.

use std::path::Path;

use conclave_softhsm::{Software, TokenDir};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::{PublicKey, Scheme};

use crate::holder::PIN;
use crate::keyroom::{Keyroom, bad, carded, good, pin};
use crate::peers::judges;
use crate::scene::TODAY;
use crate::stage::read;

/// As `key generate` takes them, as metadata names them, and as people read them.
const SETS: [(&str, &str, &str); 3] = [
    ("ml-dsa-44", "ml-dsa-44/1", "ML-DSA-44"),
    ("ml-dsa-65", "ml-dsa-65/1", "ML-DSA-65"),
    ("ml-dsa-87", "ml-dsa-87/1", "ML-DSA-87"),
];

#[test]
fn a_key_of_each_parameter_set_is_made_listed_carded_and_tested() {
    for (choice, name, kind) in SETS {
        let room = Keyroom::of(Software::Kryoptic, &["anna"]);
        let said = room.generate("anna", choice, "root", &["--public-out", "anna.pem"]);
        assert!(said.contains("Many update clients cannot read a root with such a key yet."), "{said}");
        let pem = String::from_utf8(read(&room.scene.path("anna.pem"))).unwrap();
        let public = PublicKey::from_spki_pem(&pem, name.parse::<Scheme>().unwrap()).unwrap();
        let print = public.fingerprint().to_string();
        assert!(said.contains(kind) && said.replace([' ', '\n'], "").contains(&print), "{said}");

        let listed = room.run("tokens --json", &[]).good().json();
        let tokens = listed["tokens"].as_array().unwrap();
        let key = tokens.iter().find_map(|token| token["keys"].as_array().unwrap().first()).unwrap();
        assert_eq!((&key["kind"], &key["fingerprint"]), (&kind.into(), &print.as_str().into()));
        let said = room.run("tokens", &[]).good().out();
        assert!(said.contains(&format!("{kind} key \"root\"")) && said.contains(&print), "{said}");

        room.card("anna", &["--holder", "Anna Berg", "--out", "anna.key.json"]);
        let card = room.read_card("anna.key.json");
        assert_eq!((card.key().fingerprint(), card.key().scheme().name()), (public.fingerprint(), name));
        let told = String::from_utf8(read(&room.scene.path("anna.key.json"))).unwrap();
        for fact in ["\"local\": true", "\"never-extractable\": true", "CKM_ML_DSA_KEY_PAIR_GEN"] {
            assert!(told.contains(fact), "{fact} in {told}");
        }

        let mut talk = room.talk("key check --token pkcs11:token=anna", &["anna.key.json"]);
        talk.agree("To let the key sign this test, type: ");
        pin(&mut talk);
        assert!(good(talk).contains("holds this key and signs with it"));
    }
}

#[test]
fn a_corrupt_ml_dsa_signature_makes_no_card() {
    let mut room = Keyroom::of(Software::Kryoptic, &["anna"]);
    room.generate("anna", "ml-dsa-65", "root", &[]);
    for (rules, why) in
        [("C_Sign corrupt", "the signature"), ("C_Sign short", "3308 bytes where 3309 are due")]
    {
        room.failing(rules);
        let words = "key card --token pkcs11:token=anna --holder Anna --out anna.key.json";
        let mut talk = room.talk(words, &[]);
        carded(&mut talk);
        let told = bad(talk, 4);
        assert!(told.says(why), "{rules}: {told:?}");
        assert!(!room.scene.path("anna.key.json").exists(), "{rules}");
    }
}

#[test]
fn a_token_without_ml_dsa_says_that_it_makes_no_such_keys() {
    let room = Keyroom::with(&["anna"]);
    let mut talk = room.talk("key generate --token pkcs11:token=anna --scheme ml-dsa-65 --label root", &[]);
    talk.agree("To make the key, type: ");
    pin(&mut talk);
    let told = bad(talk, 4);
    assert!(told.says("it does not make keys of this kind"), "{told:?}");
}

/// Who holds what: two keys on SoftHSM2, three on kryoptic.
const CLASSICAL: [(&str, &str, &str); 2] =
    [("anna", "Anna Berg", "ed25519"), ("bela", "Bela Costa", "ecdsa-sha2-nistp256")];
const POST_QUANTUM: [(&str, &str, &str); 3] = [
    ("carla", "Carla Dietz", "ml-dsa-65"),
    ("dora", "Dora Engel", "ml-dsa-87"),
    ("emil", "Emil Franke", "ml-dsa-44"),
];

/// A desk with both modules' tokens, and the cards of the keys that were made on them.
struct SideBySide {
    room: Keyroom,
    /// The module that is not in use.
    aside: TokenDir,
}

impl SideBySide {
    fn new() -> SideBySide {
        let room = Keyroom::with(&CLASSICAL.map(|(name, ..)| name));
        let aside = TokenDir::of(Software::Kryoptic).unwrap();
        POST_QUANTUM.iter().for_each(|(name, ..)| aside.add_token(name, "so-pin-1", PIN).unwrap());
        let mut desk = SideBySide { room, aside };
        for holders in [&CLASSICAL[..], &POST_QUANTUM] {
            for (name, full, scheme) in holders {
                desk.room.generate(name, scheme, "root", &[]);
                std::fs::remove_file(desk.room.scene.path(format!("inputs/{name}.json"))).unwrap();
                desk.room
                    .card(name, &["--rehearsal", "--holder", full, "--out", &format!("inputs/{name}.json")]);
            }
            desk.change_modules();
        }
        desk
    }

    fn change_modules(&mut self) {
        std::mem::swap(&mut self.room.tokens, &mut self.aside);
    }

    /// A first root with all five keys, of which four must sign.
    fn opened(&self) {
        let scene = &self.room.scene;
        let names = ["anna", "bela", "carla", "dora", "emil"];
        let mut plan = scene.head("first-root", "Classical and post-quantum", &names);
        plan = plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1) + &scene.keys(&[], &names);
        plan += &format!(
            "online = {{ public = {{ file = \"inputs/online.pem\", sha256 = \"{}\", scheme = \"ecdsa-sha2-nistp256\" }} }}\n",
            Digest::of(&read(&scene.path("inputs/online.pem")))
        );
        plan += "\n[root]\nversion = 1\nexpires = \"2028-03-05T00:00:00Z\"\nconsistent-snapshot = true\n\n[root.roles]\n";
        plan += "root = { keys = [\"anna\", \"bela\", \"carla\", \"dora\", \"emil\"], threshold = 4 }\n";
        plan += "targets = { keys = [\"anna\", \"carla\"], threshold = 2 }\n";
        plan += "snapshot = { keys = [\"online\"], threshold = 1 }\ntimestamp = { keys = [\"online\"], threshold = 1 }\n";
        scene.desk.put("first.plan.toml", plan);
        let said = scene.run(&format!("open --date {TODAY} first.plan.toml a")).good().out();
        shuts_out(&said);
    }

    /// One of them signs the root at the module that is in use.
    fn signs(&self, name: &str) {
        let mut talk = self.room.talk(&format!("sign --as {name} a"), &[]);
        talk.consent();
        talk.line(PIN);
        good(talk);
    }
}

/// Whoever reads it is told which clients cannot, and whether they are needed.
fn shuts_out(said: &str) {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "3 of the keys that it lists are ML-DSA keys",
        "refuses the whole document, whoever signs it: tough does",
        "4 must sign, and 2 of its keys are of other schemes: without its ML-DSA keys the threshold cannot be met",
        "clients-too-old (TAP 21)",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

/// Of the root's four signatures three are post-quantum, one of each parameter set, and one of these came in a bundle; python-tuf counts them, through securesystemslib, and without one of
/// them refuses. tough knows no ML-DSA, and cannot read such a root at all.
#[test]
fn a_root_with_classical_and_post_quantum_keys_side_by_side_is_judged_by_others_code() {
    let mut desk = SideBySide::new();
    desk.opened();
    let scene = &desk.room.scene;
    let said = scene.run(&format!("plan check --date {TODAY} first.plan.toml")).good().out();
    assert!(
        said.contains("Clients that cannot read this") && said.contains("now: See that your clients"),
        "{said}"
    );
    shuts_out(&said);
    shuts_out(&scene.run("show --draft A a").good().out());
    let facts = scene.run(&format!("plan check --json --date {TODAY} first.plan.toml")).good().json();
    assert_eq!(facts["clients"].as_array().unwrap().len(), 3, "the root, and its roles root and targets");
    assert_eq!(
        (&facts["allowed"], &facts["clients"][0]["control"]),
        (&true.into(), &"clients-too-old".into())
    );
    desk.signs("anna");
    desk.change_modules();
    desk.signs("carla");
    desk.signs("emil");
    let scene = &desk.room.scene;
    scene.run("export --out trip.bundle.json a").good();
    let mut talk = desk.room.talk(&format!("sign --as dora --date {TODAY} trip.bundle.json"), &[]);
    talk.consent();
    talk.line(PIN);
    good(talk);
    scene.run("import --into a trip.reply.bundle.json").good();
    scene.run("finalize a").good();
    scene.run("close --as olga a").good();
    scene.replays("a");
    scene.run("verify chain a/final/1.root.json").good();
    let root = scene.path("a/final/1.root.json");
    let text: serde_json::Value = serde_json::from_slice(&read(&root)).unwrap();
    let mut lengths: Vec<usize> = text["signatures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["sig"].as_str().unwrap().len())
        .collect();
    lengths.sort_unstable();
    assert_eq!(lengths, [128, 2 * 2420, 2 * 3309, 2 * 4627]);

    let [python_tuf, tough] = judges();
    let said = python_tuf.says(&[Path::new("root-chain"), &root]);
    assert_eq!((&said["ok"], &said["new"]), (&true.into(), &serde_json::json!({"valid": 4, "threshold": 4})));
    let said = tough.says(&[Path::new("root-chain"), &root]);
    assert_eq!((&said["ok"], &said["parsed"]), (&false.into(), &false.into()));
    assert!(said["why"].as_str().unwrap().starts_with("unknown variant `ml-dsa`"), "{said}");

    // One digit of the longest signature is another.
    let whole = String::from_utf8(read(&root)).unwrap();
    let longest = text["signatures"].as_array().unwrap().iter().map(|entry| entry["sig"].as_str().unwrap());
    let longest = longest.max_by_key(|sig| sig.len()).unwrap();
    let (rest, last) = longest.split_at(longest.len() - 1);
    let other = format!("{rest}{}", if last == "0" { '1' } else { '0' });
    scene.desk.put("flipped.json", whole.replace(longest, &other));
    let said = python_tuf.says(&[Path::new("root-chain"), &scene.path("flipped.json")]);
    assert_eq!((&said["ok"], &said["new"]["valid"]), (&false.into(), &3.into()), "{said}");
    assert_eq!(scene.run("verify chain flipped.json").code, Some(1));
}
