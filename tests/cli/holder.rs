//! A keyholder at a terminal: her token, her folder with the bundle, and a conversation with `conclave sign`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use conclave_softhsm::{Artifact, TokenDir, built};
use rexpect::ReadUntil;
use rexpect::process::{Signal, WaitStatus};
use rexpect::session::{Options, PtySession, spawn_with_options};

use crate::stage::{Desk, Done, corpus, expectations, program, read, trusted};

pub const PIN: &str = "4711-right-PIN";
pub const WRONG_PIN: &str = "4711-wrong-PIN";

/// The bundle that every conversation here is about.
pub const BUNDLE: &str = "draft.bundle.json";

/// A case of `partial`, imported, and tokens with some of its keys.
pub struct Holder {
    pub desk: Desk,
    pub tokens: TokenDir,
    pub case: PathBuf,
    /// In front of SoftHSM2, where a test wants it to fail.
    faulty: Option<PathBuf>,
}

impl Holder {
    /// The case with the token "alice", which holds those of its test keys.
    pub fn of(case: &str, keys: &[&str]) -> Holder {
        let case = corpus(&format!("partial/{case}"));
        let holder = Holder { desk: Desk::new(), tokens: TokenDir::new().unwrap(), case, faulty: None };
        holder
            .desk
            .import(BUNDLE, &[holder.case.join("draft.json")], trusted(&holder.case).as_deref())
            .good();
        holder.token("alice", keys);
        holder
    }

    /// One more token; each key on it is labelled as `keys.json` names it.
    pub fn token(&self, label: &str, keys: &[&str]) {
        let known = expectations(&self.case.join("keys.json"));
        self.tokens.add_token(label, "so-pin-1", PIN).unwrap();
        for (id, key) in (1..).zip(keys) {
            let pem = known[key]["private_pem"].as_str().unwrap();
            self.tokens.import(label, PIN, key, &[id], pem).unwrap();
        }
    }

    /// The key id of a test key.
    pub fn keyid(&self, key: &str) -> String {
        expectations(&self.case.join("keys.json"))[key]["keyid"].as_str().unwrap().to_owned()
    }

    /// Puts the module that fails by `rules` in front of SoftHSM2.
    pub fn failing(mut self, rules: &str) -> Holder {
        std::fs::write(self.tokens.path().join("rules"), rules).unwrap();
        self.faulty = Some(built("faulty-pkcs11", Artifact::Library("faulty_pkcs11")).unwrap());
        self
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

    /// How often the failing module was asked for `function`.
    pub fn calls(&self, function: &str) -> usize {
        let log = std::fs::read_to_string(self.tokens.path().join("log")).unwrap_or_default();
        log.lines().filter(|line| *line == function).count()
    }

    /// The options that name the module and what it may see.
    pub fn module(&self) -> Vec<String> {
        let module = self.faulty.as_deref().unwrap_or(self.tokens.module_path());
        let mut options = vec!["--module".to_owned(), module.to_str().unwrap().to_owned()];
        for (name, _) in self.environment() {
            options.extend(["--module-env".to_owned(), name.to_str().unwrap().to_owned()]);
        }
        options
    }

    fn arguments(&self, token: &str, more: &[&str]) -> Vec<String> {
        let mut arguments = vec!["sign".to_owned(), "--token".to_owned(), token.to_owned()];
        arguments.extend(self.module());
        arguments.extend(more.iter().map(|text| (*text).to_owned()));
        arguments.push(BUNDLE.to_owned());
        arguments
    }

    /// `conclave sign` without a terminal.
    pub fn sign_unattended(&self, token: &str, more: &[&str]) -> Done {
        self.desk.run_with(self.arguments(token, more), &self.environment())
    }

    /// `conclave sign` at a terminal of its own.
    pub fn sign(&self, token: &str, more: &[&str]) -> Talk {
        self.talk("exec \"$@\"", token, more)
    }

    /// The same with standard output in the file `out.json`; the rest stays at the terminal.
    pub fn sign_into_file(&self, token: &str, more: &[&str]) -> Talk {
        self.talk("exec \"$@\" >out.json", token, more)
    }

    fn talk(&self, run: &str, token: &str, more: &[&str]) -> Talk {
        Talk::begin(run, &self.arguments(token, more), &self.desk.path("."), &self.environment())
    }

    /// The key ids that count, by the draft's own keys.
    pub fn counted(&self) -> Vec<String> {
        let status = self.desk.run(["status", "--json", BUNDLE]).good().json();
        crate::stage::texts(&status["drafts"][0]["tallies"][0]["counted"])
    }
}

/// A conversation, and all that was seen of it.
pub struct Talk {
    session: PtySession,
    said: String,
}

impl Talk {
    /// Waits for the question that ends with `lead` and the phrase that agrees, and types it.
    pub fn agree(&mut self, lead: &str) -> String {
        self.until(lead);
        let phrase = self.session.read_line().unwrap();
        self.said.push_str(&phrase);
        self.until("Your answer: ");
        self.line(&phrase);
        phrase
    }

    /// The binary at a terminal of its own, in this folder.
    pub fn of(desk: &Desk, arguments: &[&str], environment: &[(OsString, OsString)]) -> Talk {
        let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        Talk::begin("exec \"$@\"", &arguments, &desk.path("."), environment)
    }

    /// `run` in a shell at a terminal of its own, with the binary and its arguments as "$@". It shows what is typed, as a
    /// person's does: rexpect turns that off, and then no PIN could be seen.
    pub fn begin(
        run: &str,
        arguments: &[String],
        folder: &Path,
        environment: &[(OsString, OsString)],
    ) -> Talk {
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("stty echo; {run}")).arg("sh").arg(program());
        command.args(arguments).current_dir(folder);
        // Choices are numbered lines then, whatever terminal the tests are started from.
        command.env("NO_COLOR", "1").env("TERM", "dumb").envs(environment.iter().cloned());
        let session = spawn_with_options(command, Options::new().timeout_ms(Some(120_000))).unwrap();
        Talk { session, said: String::new() }
    }

    /// Kills the process that is talked to, as a power cut would.
    pub fn kill(&mut self) {
        let ended = self.session.process_mut().kill(Signal::SIGKILL).unwrap();
        assert!(matches!(ended, WaitStatus::Signaled(..)), "{ended:?}");
    }

    /// Waits for `words`, and gives what stood on the screen before them.
    pub fn until(&mut self, words: &str) -> String {
        let before = self.session.exp_string(words).unwrap_or_else(|e| panic!("{e}\nafter {}", self.said));
        self.said.push_str(&before);
        self.said.push_str(words);
        before
    }

    /// The same, where pages are turned on the way: Enter at each. Gives the last page, as far as `words`.
    pub fn turning_pages(&mut self, words: &str) -> String {
        self.all_pages(words).pop().unwrap()
    }

    /// The same, and gives every page.
    pub fn all_pages(&mut self, words: &str) -> Vec<String> {
        let mut pages = Vec::new();
        let ways = || -> Vec<ReadUntil> {
            [words, "[Enter for more]: "].map(|way| ReadUntil::String(way.to_owned())).into()
        };
        loop {
            let (before, found) =
                self.session.exp_any(ways()).unwrap_or_else(|e| panic!("{e}\nafter {}", self.said));
            self.said.push_str(&before);
            self.said.push_str(&found);
            let is_last = found == words;
            pages.push(before + &found);
            if is_last {
                return pages;
            }
            self.line("");
        }
    }

    pub fn line(&mut self, text: &str) {
        self.session.send_line(text).unwrap();
    }

    /// Types without Enter.
    pub fn type_on(&mut self, text: &str) {
        self.session.send(text).unwrap();
        self.session.flush().unwrap();
    }

    /// Types Ctrl and a letter.
    pub fn control(&mut self, letter: char) {
        self.session.send_control(letter).unwrap();
    }

    /// Waits for the question of consent, and gives the phrase that it wants.
    pub fn phrase(&mut self) -> String {
        self.phrase_after("To sign, type: ")
    }

    /// The same for another question that is answered with a phrase.
    pub fn phrase_after(&mut self, words: &str) -> String {
        self.until(words);
        let phrase = self.session.read_line().unwrap();
        self.said.push_str(&phrase);
        self.until("Your answer: ");
        phrase
    }

    /// Consents, and waits for the question of the PIN.
    pub fn consent(&mut self) {
        let phrase = self.phrase();
        self.line(&phrase);
        self.until("PIN of token ");
        self.until(": ");
    }

    /// The exit code, and everything that was ever on the screen.
    pub fn end(mut self) -> (i32, String) {
        let rest = self.session.exp_eof().unwrap_or_else(|e| panic!("{e}\nafter {}", self.said));
        self.said.push_str(&rest);
        match self.session.process().wait().unwrap() {
            WaitStatus::Exited(_, code) => (code, self.said.replace('\r', "")),
            other => panic!("ended by {other:?} after {}", self.said),
        }
    }

    /// Gives consent and PIN wherever they are asked for, as often as they are, to the end.
    #[cfg(feature = "piv")]
    pub fn agreeing(mut self, pin: &str) -> (i32, String) {
        let (phrase, secret) = ("type: ", "PIN of token ");
        loop {
            let ways =
                vec![ReadUntil::String(phrase.into()), ReadUntil::String(secret.into()), ReadUntil::EOF];
            let (before, found) =
                self.session.exp_any(ways).unwrap_or_else(|e| panic!("{e}\nafter {}", self.said));
            self.said.push_str(&before);
            self.said.push_str(&found);
            if found == phrase {
                let phrase = self.session.read_line().unwrap();
                self.said.push_str(&phrase);
                self.until("Your answer: ");
                self.line(&phrase);
            } else if found == secret {
                self.until(": ");
                self.line(pin);
            } else {
                return self.end();
            }
        }
    }

    /// The whole of a good visit.
    pub fn sign(mut self) -> String {
        self.consent();
        self.line(PIN);
        let (code, said) = self.end();
        assert_eq!(code, 0, "{said}");
        said
    }
}

/// The fault at the end of what was on a screen.
pub fn fault(said: &str) -> crate::refusal::Told {
    let at = said.rfind("error: ").unwrap_or_else(|| panic!("no error in {said}"));
    crate::refusal::told(&said[at..])
}

/// Files under `folder` that hold `secret`.
pub fn holding(folder: &Path, secret: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, secret));
        } else if read(&path).windows(secret.len()).any(|window| window == secret.as_bytes()) {
            found.push(path);
        }
    }
    found
}
