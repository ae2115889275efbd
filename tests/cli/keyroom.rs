//! TEST ONLY: a desk with tokens on it, on which keys are made and carded at a terminal.

use std::ffi::OsString;
use std::path::PathBuf;

use conclave_softhsm::{Artifact, Software, TokenDir, built};
use tuf_ceremony::card::Card;

use crate::holder::{PIN, Talk, fault};
use crate::refusal::Told;
use crate::scene::Scene;
use crate::stage::{Done, read};

/// Every scheme that a key is made for, as it is named in metadata.
pub const SCHEMES: [&str; 4] = ["ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "rsassa-pss-sha256"];

pub struct Keyroom {
    pub scene: Scene,
    pub tokens: TokenDir,
    faulty: Option<PathBuf>,
}

impl Keyroom {
    /// A desk and these tokens of SoftHSM2, each empty.
    pub fn with(tokens: &[&str]) -> Keyroom {
        Keyroom::of(Software::SoftHsm, tokens)
    }

    /// The same with tokens of another module.
    pub fn of(software: Software, tokens: &[&str]) -> Keyroom {
        let room = Keyroom { scene: Scene::new(), tokens: TokenDir::of(software).unwrap(), faulty: None };
        tokens.iter().for_each(|label| room.tokens.add_token(label, "so-pin-1", PIN).unwrap());
        room
    }

    /// Puts the module that fails by `rules` in front of the tokens' own.
    pub fn failing(&mut self, rules: &str) {
        std::fs::write(self.tokens.path().join("rules"), rules).unwrap();
        self.faulty = Some(built("faulty-pkcs11", Artifact::Library("faulty_pkcs11")).unwrap());
    }

    fn environment(&self) -> Vec<(OsString, OsString)> {
        let mut environment = self.tokens.environment();
        if self.faulty.is_some() {
            let at = |name: &str| OsString::from(self.tokens.path().join(name));
            environment.push(("FAULTY_PKCS11_TARGET".into(), self.tokens.module_path().into()));
            environment.push(("FAULTY_PKCS11_RULES".into(), at("rules")));
            environment.push(("FAULTY_PKCS11_LOG".into(), at("log")));
        }
        environment
    }

    fn arguments(&self, words: &str, more: &[&str]) -> Vec<String> {
        let mut arguments: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        let module = self.faulty.as_deref().unwrap_or(self.tokens.module_path());
        arguments.extend(["--module".to_owned(), module.to_str().unwrap().to_owned()]);
        for (name, _) in self.environment() {
            arguments.extend(["--module-env".to_owned(), name.to_str().unwrap().to_owned()]);
        }
        arguments.extend(more.iter().map(|text| (*text).to_owned()));
        arguments
    }

    /// `conclave key` at a terminal; words are split at spaces, `more` may hold some.
    pub fn talk(&self, words: &str, more: &[&str]) -> Talk {
        Talk::begin("exec \"$@\"", &self.arguments(words, more), &self.scene.path("."), &self.environment())
    }

    /// The same with standard output in the file `out.json`.
    pub fn talk_into_file(&self, words: &str, more: &[&str]) -> Talk {
        let arguments = self.arguments(words, more);
        Talk::begin("exec \"$@\" >out.json", &arguments, &self.scene.path("."), &self.environment())
    }

    /// The same without a terminal.
    pub fn run(&self, words: &str, more: &[&str]) -> Done {
        self.scene.desk.run_with(self.arguments(words, more), &self.environment())
    }

    /// Makes a key on the token, and gives what was on the screen.
    pub fn generate(&self, token: &str, scheme: &str, label: &str, more: &[&str]) -> String {
        let words = format!("key generate --token pkcs11:token={token} --scheme {scheme} --label {label}");
        let mut talk = self.talk(&words, more);
        assert_eq!(talk.agree("To make the key, type: "), format!("make key {label}"));
        pin(&mut talk);
        good(talk)
    }

    /// Makes the card of the only key on the token.
    pub fn card(&self, token: &str, more: &[&str]) -> String {
        let mut talk = self.talk(&format!("key card --token pkcs11:token={token}"), more);
        carded(&mut talk);
        good(talk)
    }

    /// A card that was written.
    pub fn read_card(&self, name: &str) -> Card {
        Card::read(&read(&self.scene.path(name))).unwrap()
    }
}

/// Types the PIN when it is asked for.
pub fn pin(talk: &mut Talk) {
    talk.until("PIN of token ");
    talk.until(": ");
    talk.line(PIN);
}

/// The PIN, then consent to the card.
pub fn carded(talk: &mut Talk) {
    pin(talk);
    talk.agree("To let the key sign this card, type: ");
}

/// The screen of a conversation that came to a good end.
pub fn good(talk: Talk) -> String {
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    said
}

/// The fault of one that did not.
pub fn bad(talk: Talk, code: i32) -> Told {
    let (found, said) = talk.end();
    assert_eq!(found, code, "{said}");
    assert!(!said.contains(PIN), "{said}");
    fault(&said)
}
