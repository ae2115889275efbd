//! Texts that try to move, hide, forge or flood what a person sees, at every place of the public door where others
//! write: key ids, holders' names, role names, file names, scheme names, dates, token URIs.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use serde_json::Value;

use crate::refusal::{harmless, refused};
use crate::stage::{Desk, Done, corpus, expectations, read, top};

/// The longest line that a person may be shown.
const LONGEST_LINE: usize = 2000;

pub struct Hostile {
    pub name: String,
    pub bytes: Vec<u8>,
    /// How an identifier is shown in a sentence, where the vectors say it.
    identifier: Option<String>,
}

impl Hostile {
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

pub fn vectors() -> Vec<Hostile> {
    let file = expectations(&top().join("tests/hostile/strings.json"));
    let vectors = file["vectors"].as_array().unwrap();
    assert!(vectors.len() >= 70, "{}", vectors.len());
    vectors.iter().map(hostile).collect()
}

fn hostile(vector: &Value) -> Hostile {
    let once = match vector["text"].as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => hex::decode(vector["hex"].as_str().unwrap()).unwrap(),
    };
    let times = vector["times"].as_u64().map_or(1, |n| usize::try_from(n).unwrap());
    let capped = vector["cap"].is_null();
    Hostile {
        name: vector["name"].as_str().unwrap().to_owned(),
        bytes: once.repeat(times),
        identifier: vector["identifier"].as_str().filter(|_| capped).map(str::to_owned),
    }
}

/// What reached the screen, judged; and with it that no line floods.
pub fn shown(name: &str, done: &Done) -> String {
    let said = done.out() + &done.err();
    harmless(&said);
    let longest = said.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    assert!(longest <= LONGEST_LINE, "{name}: a line of {longest} characters");
    said
}

/// What a script gets: ASCII only, with the text itself in it.
fn scripted(name: &str, done: &Done, text: &str) {
    assert!(done.stdout.iter().all(|b| *b == b'\n' || (b' '..=b'~').contains(b)), "{name}");
    fn holds(value: &Value, text: &str) -> bool {
        match value {
            Value::String(found) => found == text,
            Value::Array(values) => values.iter().any(|v| holds(v, text)),
            Value::Object(members) => members.values().any(|v| holds(v, text)),
            _ => false,
        }
    }
    assert!(holds(&done.json(), text), "{name}: the script gets the text as it is");
}

/// Whether the system can pass it as an argument.
pub fn argument(text: &str) -> bool {
    !text.contains('\0') && text.len() < 100_000
}

fn json(text: &str) -> String {
    Value::from(text).to_string()
}

#[test]
fn as_a_key_id_of_a_signature() {
    let draft = String::from_utf8(read(&corpus("partial/first-3of5-ed25519-0sigs/draft.json"))).unwrap();
    for hostile in vectors() {
        let (desk, Some(text)) = (Desk::new(), hostile.text()) else { continue };
        let entry = format!("\"signatures\": [{{\"keyid\": {}, \"sig\": \"00\"}}]", json(text));
        desk.put("draft.json", draft.replacen("\"signatures\": []", &entry, 1));
        let imported = desk.run(["import", "--out", "b.json", "draft.json"]);
        let said = shown(&hostile.name, &imported);
        assert_eq!(imported.code, Some(0), "{}: {said}", hostile.name);
        if let Some(identifier) = &hostile.identifier {
            assert!(said.contains(identifier), "{}: {said}", hostile.name);
        }
        shown(&hostile.name, &desk.run(["status", "b.json"]).good());
        scripted(&hostile.name, &desk.run(["status", "--json", "b.json"]).good(), text);
        let judged = desk.run(["verify", "chain", "draft.json"]);
        assert_eq!(judged.code, Some(1));
        shown(&hostile.name, &judged);
        scripted(&hostile.name, &desk.run(["verify", "chain", "--json", "draft.json"]), text);
    }
}

#[test]
fn as_a_key_id_of_a_role_and_as_its_holders_name() {
    let draft = String::from_utf8(read(&corpus("partial/first-3of5-ed25519-0sigs/draft.json"))).unwrap();
    let keyid = "\"8e50219b3db6beb1508b06d26b20fc18f798e968ed6ededa930600b678445063\"";
    assert!(draft.matches(keyid).count() >= 2);
    for hostile in vectors() {
        let (desk, Some(text)) = (Desk::new(), hostile.text()) else { continue };
        let named = draft.replace(keyid, &json(text));
        let owner = format!("{{\n    \"x-tuf-on-ci-keyowner\": {},\n    \"keytype\"", json(text));
        desk.put("draft.json", named.replacen("{\n    \"keytype\"", &owner, 1));
        let imported = desk.run(["import", "--out", "b.json", "draft.json"]);
        shown(&hostile.name, &imported);
        if imported.code == Some(0) {
            shown(&hostile.name, &desk.run(["status", "b.json"]).good());
            scripted(&hostile.name, &desk.run(["status", "--json", "b.json"]).good(), text);
            let unfinished = desk.run(["finalize", "--out", "f", "b.json"]);
            shown(&hostile.name, &unfinished);
            refused(&unfinished, 1);
        } else {
            refused(&imported, 1);
        }
        shown(&hostile.name, &desk.run(["verify", "chain", "draft.json"]));
    }
}

#[test]
fn as_a_role_a_type_and_a_name_that_stands_twice() {
    let draft = String::from_utf8(read(&corpus("partial/targets-3of5-2sigs/draft.json"))).unwrap();
    let root = corpus("partial/targets-3of5-2sigs/authorising.root.json");
    for hostile in vectors() {
        let (desk, Some(text)) = (Desk::new(), hostile.text()) else { continue };
        desk.put(
            "draft.json",
            draft.replacen("\"name\": \"releases\"", &format!("\"name\": {}", json(text)), 1),
        );
        desk.put(
            "type.json",
            draft.replacen("\"_type\": \"targets\"", &format!("\"_type\": {}", json(text)), 1),
        );
        desk.put("twice.json", format!("{{{0}: 1, {0}: 2}}", json(text)));
        let root = root.to_str().unwrap();
        shown(&hostile.name, &desk.run(["import", "--out", "a.json", "--trust", root, "draft.json"]));
        if argument(text) {
            let delegated =
                desk.run(["import", "--out", "b.json", "--trust", "draft.json", "--role", text, "type.json"]);
            shown(&hostile.name, &delegated);
            refused(&delegated, 1);
        }
        for file in ["type.json", "twice.json"] {
            let done = desk.run(["import", "--out", "c.json", "--trust", root, file]);
            shown(&hostile.name, &done);
            refused(&done, 1);
        }
    }
}

#[test]
fn as_the_name_of_a_file() {
    let draft = read(&corpus("partial/first-3of5-ed25519-2sigs/draft.json"));
    let mut written = 0;
    for hostile in vectors() {
        let fits = hostile.bytes.len() <= 200 && !hostile.bytes.iter().any(|b| [0, b'/'].contains(b));
        if hostile.bytes.is_empty() || !fits || hostile.bytes.starts_with(b"-") {
            continue;
        }
        let desk = Desk::new();
        let name = OsString::from_vec(hostile.bytes.clone());
        let missing = desk.run([OsString::from("status"), name.clone()]);
        shown(&hostile.name, &missing);
        refused(&missing, 5);
        desk.put(&name, &draft);
        let bundle = OsString::from_vec([b"b-", &hostile.bytes[..]].concat());
        let verb = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let done = desk.run([verb(&["import", "--out"]), vec![bundle.clone(), name.clone()]].concat()).good();
        shown(&hostile.name, &done);
        shown(&hostile.name, &desk.run([verb(&["verify", "chain"]), vec![name.clone()]].concat()));
        let again = desk.run([verb(&["import", "--out"]), vec![bundle.clone(), name.clone()]].concat());
        shown(&hostile.name, &again);
        refused(&again, 5);
        let merged = desk.run([verb(&["merge", "--json", "--out", "m.json"]), vec![bundle]].concat()).good();
        shown(&hostile.name, &merged);
        written += 1;
    }
    assert!(written > 50, "{written}");
}

#[test]
fn as_an_argument() {
    let desk = Desk::new();
    desk.put("b.json", "{}");
    for hostile in vectors() {
        let Some(text) = hostile.text().filter(|text| argument(text)) else { continue };
        for arguments in [
            vec!["verify", "chain", "--at", text, "b.json"],
            vec![
                "verify",
                "signature",
                "--key",
                "b.json",
                "--message",
                "b.json",
                "--sig",
                "00",
                "--scheme",
                text,
            ],
            vec!["sign", "--token", text, "b.json"],
            vec!["sign", "--token", "pkcs11:token=a", "--module-env", text, "--module", "no.so", "b.json"],
        ] {
            let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
            let done = desk.run(&arguments);
            shown(&hostile.name, &done);
            assert!(matches!(done.code, Some(1 | 2)), "{}: {:?}", hostile.name, done.code);
        }
        let key =
            format!("{{\"keytype\": {0}, \"scheme\": {0}, \"keyval\": {{\"public\": {0}}}}}", json(text));
        desk.put("key.json", key);
        for sig in ["00", text] {
            let options = ["--key", "key.json", "--message", "b.json", "--scheme", "ed25519", "--sig"];
            let done = desk.run(["verify", "signature"].iter().chain(&options).chain(&[sig]));
            shown(&hostile.name, &done);
            assert!(matches!(done.code, Some(1 | 2)), "{}: {:?}", hostile.name, done.code);
        }
    }
}
