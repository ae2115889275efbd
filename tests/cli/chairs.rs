//! TEST ONLY: a ceremony whose keyholders come with SoftHSM2 tokens. Each token holds one of the fixed keys of `scene`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use conclave_softhsm::{Artifact, TokenDir, built};

use crate::holder::{PIN, Talk};
use crate::mint::Key;
use crate::room::card;
use crate::scene::{Scene, TODAY, key};
use crate::stage::{Desk, Done};

/// The three who hold keys, with their full names.
pub const HOLDERS: [(&str, &str); 3] =
    [("anna", "Anna Berg"), ("bela", "Bela Costa"), ("carla", "Carla Dietz")];

/// A scene, and a folder of tokens: anna's, bela's and carla's.
pub struct Chairs {
    pub scene: Scene,
    pub tokens: TokenDir,
    faulty: Option<PathBuf>,
}

impl Chairs {
    /// A rehearsal of the first root and the first targets, two of three each, open in `a`.
    pub fn rehearsal() -> Chairs {
        let chairs = Chairs::with_plan(true, "");
        chairs.scene.run(&format!("open --date {TODAY} first.plan.toml a")).good();
        chairs
    }

    /// The plan `first.plan.toml` with `more` behind it, and everybody's cards and tokens.
    pub fn with_plan(rehearsal: bool, more: &str) -> Chairs {
        let scene = Scene::new();
        for (name, full) in HOLDERS {
            scene.desk.put(format!("inputs/{name}.json"), card(&key(name), full, rehearsal));
        }
        scene.first_plan();
        let plan = std::fs::read_to_string(scene.path("first.plan.toml")).unwrap();
        let marked =
            if rehearsal { plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1) } else { plan };
        scene.desk.put("first.plan.toml", marked + more);
        let chairs = Chairs { scene, tokens: TokenDir::new().unwrap(), faulty: None };
        for (name, _) in HOLDERS {
            chairs.token(name, &key(name));
        }
        chairs
    }

    /// The first root is published as `1.root.json`, and `rotation.plan.toml` lets Dora take over from Bela, `more` behind it.
    pub fn published(more: &str) -> Chairs {
        let chairs = Chairs::with_plan(true, "");
        chairs.scene.desk.put("inputs/dora.json", card(&key("dora"), "Dora Engel", true));
        chairs.token("dora", &key("dora"));
        chairs.scene.whole("first", &[("0-a", &["anna", "bela"]), ("0-b", &["anna", "carla"])]);
        let root = std::fs::read(chairs.scene.path("first/final/1.root.json")).unwrap();
        chairs.scene.desk.put("1.root.json", root);
        chairs.rotation("rotation", "1.root.json", "2028-06-05", more);
        chairs
    }

    /// `NAME.plan.toml`: root 2 after this one.
    pub fn rotation(&self, name: &str, before: &str, expires: &str, more: &str) {
        let scene = &self.scene;
        let mut plan = scene.head("rotation", "Dora takes over", &["anna", "bela", "carla", "dora"]);
        plan = plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1);
        plan += &scene.keys(&["anna", "bela", "carla"], &["dora"]);
        plan += &format!(
            "\n[predecessor]\nroot = {}\n\n[seen]\nroot = 1\n\n[root]\nversion = 2\nexpires = \"{expires}T00:00:00Z\"\n",
            scene.named(before)
        );
        let root = "\n[root.roles]\nroot = { keys = [\"anna\", \"carla\", \"dora\"], threshold = 2 }\n";
        scene.desk.put(format!("{name}.plan.toml"), plan + if more.is_empty() { root } else { more });
    }

    /// One more token with one key.
    pub fn token(&self, label: &str, key: &Key) {
        self.tokens.add_token(label, "so-pin-1", PIN).unwrap();
        self.tokens.import(label, PIN, "key", &[1], &pem(key)).unwrap();
    }

    /// The same with a key that wants the PIN for each signature.
    pub fn token_asking_each_time(&self, label: &str, key: &Key) {
        self.tokens.add_token(label, "so-pin-1", PIN).unwrap();
        self.tokens.import_always_authenticate(label, PIN, "key", &[1], &pem(key)).unwrap();
    }

    /// Takes a token out for good.
    pub fn without(mut self, name: &str) -> Chairs {
        let rest: Vec<&str> =
            HOLDERS.iter().map(|(holder, _)| *holder).filter(|holder| *holder != name).collect();
        self.tokens = TokenDir::new().unwrap();
        rest.into_iter().for_each(|holder| self.token(holder, &key(holder)));
        self
    }

    /// Puts the module that fails by `rules` in front of SoftHSM2.
    pub fn failing(mut self, rules: &str) -> Chairs {
        std::fs::write(self.tokens.path().join("rules"), rules).unwrap();
        self.faulty = Some(built("faulty-pkcs11", Artifact::Library("faulty_pkcs11")).unwrap());
        self
    }

    /// The module that they come with.
    pub fn module(&self) -> &Path {
        self.faulty.as_deref().unwrap_or(self.tokens.module_path())
    }

    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        let mut environment = self.tokens.environment();
        if self.faulty.is_some() {
            let at = |name: &str| OsString::from(self.tokens.path().join(name));
            environment.push(("FAULTY_PKCS11_TARGET".into(), self.tokens.module_path().into()));
            environment.push(("FAULTY_PKCS11_RULES".into(), at("rules")));
            environment.push(("FAULTY_PKCS11_LOG".into(), at("log")));
        }
        environment
    }

    /// The options that name the module and what it may see.
    pub fn module_options(&self) -> Vec<String> {
        let module = self.module();
        let mut options = ["--module".to_owned(), module.to_str().unwrap().to_owned()].to_vec();
        for (name, _) in self.environment() {
            options.extend(["--module-env".to_owned(), name.to_str().unwrap().to_owned()]);
        }
        options
    }

    /// The arguments of `conclave sign` for one of them; words are split at spaces, `last` may hold some.
    fn arguments(&self, name: &str, words: &str, last: &[&str]) -> Vec<String> {
        let mut arguments: Vec<String> = ["sign", "--as", name].map(str::to_owned).into();
        arguments.extend(self.module_options());
        arguments.extend(words.split_whitespace().chain(last.iter().copied()).map(str::to_owned));
        arguments
    }

    /// One of them sits down at a terminal in this scene.
    pub fn sits(&self, name: &str, words: &str) -> Talk {
        self.sits_at(&self.scene.desk, name, words, &[])
    }

    /// The same with standard output in the file `out.json`.
    pub fn sits_into_file(&self, name: &str, words: &str) -> Talk {
        let arguments = self.arguments(name, words, &[]);
        Talk::begin("exec \"$@\" >out.json", &arguments, &self.scene.path("."), &self.environment())
    }

    /// The same at a terminal of 80 columns and 24 rows.
    pub fn sits_before_24_rows(&self, name: &str, words: &str) -> Talk {
        let run = "stty rows 24 cols 80; exec \"$@\"";
        Talk::begin(run, &self.arguments(name, words, &[]), &self.scene.path("."), &self.environment())
    }

    /// One of them sits down at a terminal elsewhere.
    pub fn sits_at(&self, desk: &Desk, name: &str, words: &str, last: &[&str]) -> Talk {
        Talk::begin("exec \"$@\"", &self.arguments(name, words, last), &desk.path("."), &self.environment())
    }

    /// `conclave countersign` at a terminal.
    pub fn countersigns(&self, name: &str, words: &str) -> Talk {
        let mut arguments = self.arguments(name, words, &[]);
        arguments[0] = "countersign".to_owned();
        Talk::begin("exec \"$@\"", &arguments, &self.scene.path("."), &self.environment())
    }

    /// `conclave sign` without a terminal.
    pub fn unattended(&self, name: &str, words: &str) -> Done {
        self.unattended_at(&self.scene.desk, name, words)
    }

    /// The same elsewhere.
    pub fn unattended_at(&self, desk: &Desk, name: &str, words: &str) -> Done {
        desk.run_with(self.arguments(name, words, &[]), &self.environment())
    }

    /// She signs both drafts: consent to each, the PIN once.
    pub fn signs_both(&self, name: &str, words: &str) -> String {
        both(self.sits(name, words))
    }

    /// The tokens by label, and what each says of its tries.
    pub fn tokens_said(&self) -> Vec<(String, String)> {
        let mut arguments: Vec<String> = vec!["tokens".into(), "--json".into(), "--module".into()];
        arguments.push(self.tokens.module_path().to_str().unwrap().to_owned());
        for (name, _) in self.tokens.environment() {
            arguments.extend(["--module-env".to_owned(), name.to_str().unwrap().to_owned()]);
        }
        let found = self.scene.desk.run_with(arguments, &self.tokens.environment()).good().json();
        tries_in(&found)
    }

    /// Folders in which nothing secret may be left.
    pub fn folders(&self) -> [PathBuf; 2] {
        [self.scene.path("."), self.tokens.path().to_owned()]
    }
}

/// Consent to each of two drafts, the PIN once.
pub fn both(mut talk: Talk) -> String {
    talk.consent();
    talk.line(PIN);
    let phrase = talk.phrase();
    talk.line(&phrase);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    said
}

/// The lines of a folder as JSON.
pub fn lines(folder: &Path) -> Vec<serde_json::Value> {
    let text = std::fs::read_to_string(folder.join("transcript.jsonl")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The events of one kind in a folder.
pub fn events(folder: &Path, kind: &str) -> Vec<serde_json::Value> {
    lines(folder).iter().filter_map(|line| line["event"].get(kind).cloned()).collect()
}

/// PKCS#8 in PEM.
fn pem(key: &Key) -> String {
    let is_p256 = key.object().contains("ecdsa");
    let head = if is_p256 {
        "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420"
    } else {
        "302e020100300506032b657004220420"
    };
    let der = [hex::decode(head).unwrap(), key.secret().to_vec()].concat();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", wrapped(&base64(&der)))
}

fn wrapped(text: &str) -> String {
    text.as_bytes()
        .chunks(64)
        .map(|line| String::from_utf8_lossy(line).into_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

fn base64(bytes: &[u8]) -> String {
    let table = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let mut word = [0_u8; 3];
        word[..group.len()].copy_from_slice(group);
        let word = u32::from_be_bytes([0, word[0], word[1], word[2]]);
        for at in 0..4 {
            let six = usize::try_from(word >> (18 - 6 * at) & 63).unwrap();
            text.push(if at <= group.len() { char::from(table[six]) } else { '=' });
        }
    }
    text
}

/// Every label that stands beside a word on tries.
fn tries_in(value: &serde_json::Value) -> Vec<(String, String)> {
    match value {
        serde_json::Value::Object(members) => {
            let own = members.get("pin").zip(members.get("label"));
            let own =
                own.map(|(tries, label)| (label.to_string(), tries.as_str().unwrap_or_default().to_owned()));
            own.into_iter().chain(members.values().flat_map(tries_in)).collect()
        }
        serde_json::Value::Array(items) => items.iter().flat_map(tries_in).collect(),
        _ => Vec::new(),
    }
}
