//! What each test starts from: a token with one key of each kind, and a host for it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use conclave_softhsm::{Artifact, Curve, Software, TokenDir, built};
use tuf_ceremony::document::Document;
use tuf_ceremony::draft::Draft;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::signable::Signable;
use tuf_conclave::pin::Pin;
use tuf_conclave::token::{
    Deadlines, Driver, Entry, Host, Impatient, KeyKind, SignScheme, SlotFacts, TokenFault, TokenKey,
};

pub const PIN: &str = "4711-right";
pub const WRONG_PIN: &str = "4711-wrong";

/// Short for a test that waits for a hang. Only the question that hangs gets so little: what leads there has its usual time, for
/// the machine may be busy.
pub const SHORT: Duration = Duration::from_secs(1);

pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_conclave"))
}

pub fn pin(text: &str) -> Pin {
    let mut pin = Pin::new().unwrap();
    for byte in text.bytes() {
        pin.push(byte).unwrap();
    }
    pin
}

/// A store with the token "alice": an Ed25519 and a P-256 key that the token made itself.
pub fn alice() -> TokenDir {
    alice_in(&std::env::temp_dir())
}

/// The same below a folder of choice.
pub fn alice_in(parent: &Path) -> TokenDir {
    let dir = TokenDir::of_in(Software::SoftHsm, parent).unwrap();
    dir.add_token("alice", "so-pin-1", PIN).unwrap();
    dir.generate("alice", PIN, "root ed", &[0xed], Curve::Ed25519).unwrap();
    dir.generate("alice", PIN, "root p256", &[0x01, 0x02], Curve::P256).unwrap();
    dir
}

/// The same token by kryoptic, with these keys.
pub fn alice_by_kryoptic(curves: &[Curve]) -> TokenDir {
    let dir = TokenDir::of(Software::Kryoptic).unwrap();
    dir.add_token("alice", "so-pin-1", PIN).unwrap();
    for (id, curve) in (1_u8..).zip(curves) {
        dir.generate("alice", PIN, &curve.to_string(), &[id], *curve).unwrap();
    }
    dir
}

pub fn host(dir: &TokenDir) -> Host {
    let driver = Driver::of_file(dir.module_path()).with_environment(&dir.environment());
    Host::spawn(program(), &driver, Deadlines::default()).unwrap()
}

/// The token labelled `label`.
pub fn find(host: &mut Host, label: &str) -> SlotFacts {
    let slots = host.list().unwrap();
    let found = slots.iter().find(|slot| slot.token.as_ref().is_some_and(|token| token.label == label));
    found.unwrap_or_else(|| panic!("no token {label} in {slots:?}")).clone()
}

pub fn key_of(keys: &[TokenKey], kind: &KeyKind) -> TokenKey {
    keys.iter().find(|key| key.kind == *kind).unwrap_or_else(|| panic!("no {kind} in {keys:?}")).clone()
}

/// Opens the token "alice".
pub fn log_in(host: &mut Host) -> SlotFacts {
    let slot = find(host, "alice");
    host.login(&slot, Entry::Pin(pin(PIN)), &mut Impatient).unwrap();
    slot
}

/// Signs with the key under its only scheme, and lets the engine judge it over the sealed payload.
pub fn signs(host: &mut Host, key: &TokenKey) {
    let scheme = SignScheme::of(&key.kind).unwrap();
    let draft = draft(3000);
    let signable = Signable::of(&draft);
    let raw = host.sign(key, scheme, &signable, None, &mut Impatient).unwrap();
    let signature = scheme.as_in_metadata(raw).unwrap();
    let public = key.public_key().unwrap();
    assert_eq!(public.scheme(), scheme.in_metadata());
    public.verify(&signable.message(), &signature).unwrap();
    public.verify(b"something else", &signature).unwrap_err();
}

/// The misbehaving module in front of SoftHSM2 or another one, its rules and its call log.
pub struct Faulty {
    pub dir: TokenDir,
    module: PathBuf,
}

impl Faulty {
    pub fn new(rules: &str) -> Self {
        Self::before(alice(), rules)
    }

    /// The module in front of these tokens.
    pub fn before(dir: TokenDir, rules: &str) -> Self {
        let module = built("faulty-pkcs11", Artifact::Library("faulty_pkcs11")).unwrap();
        let faulty = Self { dir, module };
        faulty.rule(rules);
        faulty
    }

    /// Replaces the rules; the module reads them at each call.
    pub fn rule(&self, rules: &str) {
        std::fs::write(self.dir.path().join("rules"), rules).unwrap();
    }

    /// Begins the call log anew.
    pub fn forget(&self) {
        std::fs::write(self.dir.path().join("log"), "").unwrap();
    }

    /// Every call since then, in order.
    pub fn log(&self) -> Vec<String> {
        let log = std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    pub fn calls(&self, function: &str) -> usize {
        let log = std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        log.lines().filter(|line| *line == function).count()
    }

    /// The module with its variables; no network.
    pub fn driver(&self) -> Driver {
        let variable = |name: &str, value: OsString| (OsString::from(format!("FAULTY_PKCS11_{name}")), value);
        let mut environment = self.dir.environment();
        environment.push(variable("TARGET", self.dir.module_path().into()));
        environment.push(variable("RULES", self.dir.path().join("rules").into()));
        environment.push(variable("LOG", self.dir.path().join("log").into()));
        Driver::of_file(&self.module).with_environment(&environment)
    }

    pub fn spawn(&self, deadlines: Deadlines) -> Result<Host, TokenFault> {
        Host::spawn(program(), &self.driver(), deadlines)
    }

    pub fn host(&self) -> Host {
        self.spawn(Deadlines::default()).unwrap()
    }
}

/// A draft whose signed part is longer by `filler` bytes than that of `draft(0)`.
pub fn draft(filler: usize) -> Draft {
    let x = "a".repeat(filler);
    let text = format!(
        "{{\"signatures\":[],\"signed\":{{\"_type\":\"snapshot\",\"meta\":{{}},\"version\":1,\"x\":\"{x}\"}}}}"
    );
    Draft::of(Metadata::of(Document::read(text.into_bytes()).unwrap().into()).unwrap(), None).unwrap()
}
