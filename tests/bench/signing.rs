//! Measures signing in one run on SoftHSM2: our token host beside a raw `C_Sign` loop, and whole processes beside pkcs11-tool.
//!
//! `cargo bench --bench signing`, or `tests/bench/sign`. Slowness never fails: an aim is printed as met or missed, for a reader.
//! What fails is a command that fails, and signatures that do not verify.

#![allow(clippy::print_stdout, reason = "a benchmark prints its table")]
#![allow(clippy::unwrap_used, reason = "a benchmark that cannot go on says where")]
#![allow(clippy::disallowed_methods, reason = "a benchmark asks the time and starts processes")]

#[path = "signing/raw.rs"]
mod raw;
#[path = "signing/seat.rs"]
mod seat;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use conclave_softhsm::{Curve, TokenDir};
use tuf_ceremony::document::Document;
use tuf_ceremony::draft::Draft;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::signable::Signable;
use tuf_conclave::pin::Pin;
use tuf_conclave::token::{Deadlines, Driver, Entry, Host, Impatient, SignScheme, SlotFacts, TokenKey};

/// TEST ONLY.
pub const PIN: &str = "4711-bench-PIN";
const LABEL: &str = "bench";
/// A round takes about this long on each side.
const ROUND: Duration = Duration::from_millis(500);
const ROUNDS: usize = 7;
/// Whole processes are started this often.
const STARTS: usize = 15;
/// Our host may take so much of the token's own time for a signature.
const SIGNATURE_AIM: f64 = 1.1;
const PROCESS_AIM: f64 = 1.0;
/// Most bytes that pkcs11-tool signs in one piece.
const TOOL_TAKES: usize = 1024;

/// A kind of key, as each side calls it.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    curve: Curve,
    scheme: SignScheme,
    how: raw::How,
}

const KINDS: [Kind; 4] = [
    Kind { name: "P-256", curve: Curve::P256, scheme: SignScheme::EcdsaP256Sha256, how: raw::How::Ecdsa256 },
    Kind { name: "P-384", curve: Curve::P384, scheme: SignScheme::EcdsaP384Sha384, how: raw::How::Ecdsa384 },
    Kind { name: "Ed25519", curve: Curve::Ed25519, scheme: SignScheme::Ed25519, how: raw::How::Ed25519 },
    Kind { name: "RSA-3072", curve: Curve::Rsa3072, scheme: SignScheme::RsaPssSha256, how: raw::How::Pss },
];

/// A whole process with a test key of the corpus: `conclave sign` needs a document that lists its key.
struct Process {
    name: &'static str,
    scheme: SignScheme,
    case: &'static str,
    key: &'static str,
    /// What pkcs11-tool is told.
    mechanism: &'static [&'static str],
    /// Whether pkcs11-tool is given the digest.
    digest: bool,
}

const PROCESSES: [Process; 3] = [
    Process {
        name: "P-256",
        scheme: SignScheme::EcdsaP256Sha256,
        case: "first-3of5-mixed-1sigs",
        key: "k2",
        mechanism: &["-m", "ECDSA"],
        digest: true,
    },
    Process {
        name: "Ed25519",
        scheme: SignScheme::Ed25519,
        case: "first-3of5-ed25519-0sigs",
        key: "k1",
        mechanism: &["-m", "EDDSA"],
        digest: false,
    },
    Process {
        name: "RSA-2048",
        scheme: SignScheme::RsaPssSha256,
        case: "first-3of5-mixed-1sigs",
        key: "k3",
        mechanism: &[
            "-m",
            "RSA-PKCS-PSS",
            "--hash-algorithm",
            "SHA256",
            "--mgf",
            "MGF1-SHA256",
            "--salt-len",
            "32",
        ],
        digest: true,
    },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["raw", module, kind, message, count] => {
            let kind = KINDS.iter().find(|known| known.name == *kind).unwrap();
            let message = std::fs::read(message).unwrap();
            let signing = raw::Signing::open(Path::new(module), LABEL, PIN);
            println!("{}", signing.seconds(kind.how, &message, count.parse().unwrap()));
        }
        ["once", module, conf, document, scheme] => once(module, conf, document, scheme),
        [] => {
            signatures();
            processes();
        }
        other => panic!("unknown arguments {other:?}"),
    }
}

fn draft(text: Vec<u8>) -> Draft {
    Draft::of(Metadata::of(Document::read(text).unwrap().into()).unwrap(), None).unwrap()
}

fn corpus(case: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/partial").join(case)
}

fn tokens() -> TokenDir {
    let tokens = TokenDir::new().unwrap();
    tokens.add_token(LABEL, "so-pin-1", PIN).unwrap();
    tokens
}

fn pin() -> Entry {
    let mut pin = Pin::new().unwrap();
    PIN.bytes().for_each(|byte| pin.push(byte).unwrap());
    Entry::Pin(pin)
}

/// Our host, logged in, with the key of this scheme.
fn opened(driver: &Driver, scheme: SignScheme) -> (Host, TokenKey) {
    let program = Path::new(env!("CARGO_BIN_EXE_conclave"));
    let mut host = Host::spawn(program, driver, Deadlines::default()).unwrap();
    let slots = host.list().unwrap();
    let ours = |slot: &&SlotFacts| slot.token.as_ref().is_some_and(|token| token.label == LABEL);
    let slot = slots.iter().find(ours).unwrap().clone();
    host.login(&slot, pin(), &mut Impatient).unwrap();
    let key = slot.keys.iter().find(|key| SignScheme::of(&key.kind) == Some(scheme)).unwrap().clone();
    (host, key)
}

/// As the desk does: what comes back counts only once it verifies.
fn verify(key: &TokenKey, scheme: SignScheme, draft: &Draft, raw: &[u8]) {
    let der = scheme.as_in_metadata(raw.to_vec()).unwrap();
    draft.verify(&key.public_key().unwrap(), &der).unwrap();
}

/// Signatures per second, ours and the token's own, in turns so that both meet the same machine.
fn signatures() {
    let message = corpus("first-3of5-ed25519-0sigs").join("draft.json");
    let draft = draft(std::fs::read(message).unwrap());
    let signable = Signable::of(&draft);
    println!("signatures over a root of {} bytes, medians of {ROUNDS} rounds", signable.length());
    println!(
        "{:<10} {:>12} {:>12} {:>8}  {:<12} {:>12}",
        "key",
        "C_Sign /s",
        "our host /s",
        "ratio",
        format!("aim {SIGNATURE_AIM}"),
        "more, us"
    );
    for kind in KINDS {
        let tokens = tokens();
        tokens.generate(LABEL, PIN, "key", &[1], kind.curve).unwrap();
        let payload = tokens.path().join("payload");
        std::fs::write(&payload, signable.message()).unwrap();
        let theirs = |count: u32| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.arg("raw").arg(tokens.module_path()).args([kind.name]).arg(&payload);
            let done = command.arg(count.to_string()).envs(tokens.environment()).output().unwrap();
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
            String::from_utf8(done.stdout).unwrap().trim().parse::<f64>().unwrap()
        };
        let one = Duration::from_secs_f64(theirs(20) / 20.0).as_micros().max(1);
        let count = u32::try_from(ROUND.as_micros() / one).unwrap().max(5);
        let driver = Driver::of_file(tokens.module_path()).with_environment(&tokens.environment());
        let (mut raws, mut ours) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            raws.push(theirs(count) / f64::from(count));
            let (mut host, key) = opened(&driver, kind.scheme);
            let mut sign = || host.sign(&key, kind.scheme, &signable, None, &mut Impatient).unwrap();
            verify(&key, kind.scheme, &draft, &sign());
            let start = Instant::now();
            for _ in 0..count {
                sign();
            }
            ours.push(start.elapsed().as_secs_f64() / f64::from(count));
            host.close().unwrap();
        }
        let (raw, own) = (median(raws), median(ours));
        let ratio = own / raw;
        println!(
            "{:<10} {:>12.1} {:>12.1} {:>8.3}  {:<12} {:>12.0}",
            kind.name,
            1.0 / raw,
            1.0 / own,
            ratio,
            judged(ratio, SIGNATURE_AIM),
            (own - raw) * 1e6
        );
    }
}

/// One signature as a whole process of ours without screen, consent and file: start, list, login, sign, verify, close.
fn once(module: &str, conf: &str, document: &str, scheme: &str) {
    let scheme = PROCESSES.iter().find(|process| process.name == scheme).unwrap().scheme;
    let draft = draft(std::fs::read(document).unwrap());
    let environment: [(OsString, OsString); 1] = [("SOFTHSM2_CONF".into(), conf.into())];
    let driver = Driver::of_file(Path::new(module)).with_environment(&environment);
    let (mut host, key) = opened(&driver, scheme);
    let signature = host.sign(&key, scheme, &Signable::of(&draft), None, &mut Impatient).unwrap();
    verify(&key, scheme, &draft, &signature);
    host.close().unwrap();
}

/// Whole processes, from their start to their end.
fn processes() {
    println!();
    println!("whole processes that make one signature, medians of {STARTS} starts, milliseconds");
    println!(
        "{:<10} {:>12} {:>12} {:>8}  {:<12} {:>14} {:>8}",
        "key",
        "pkcs11-tool",
        "our host",
        "ratio",
        format!("aim {PROCESS_AIM:.1}"),
        "conclave sign",
        "ratio"
    );
    for Process { name, case, key, mechanism, digest, .. } in PROCESSES {
        let tokens = tokens();
        let folder = corpus(case);
        let known: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.join("keys.json")).unwrap()).unwrap();
        tokens.import(LABEL, PIN, "key", &[1], known[key]["private_pem"].as_str().unwrap()).unwrap();
        let document = folder.join("draft.json");
        let draft = draft(std::fs::read(&document).unwrap());
        let signable = Signable::of(&draft);
        let input = tokens.path().join("input");
        let mut message = if digest { signable.digest().as_bytes().to_vec() } else { signable.message() };
        // What is longer it signs in pieces, which SoftHSM2 does not do for Ed25519; so it gets less to sign than we do.
        message.truncate(TOOL_TAKES);
        std::fs::write(&input, message).unwrap();
        let seat = seat::Seat::of(&tokens, LABEL, &document);
        let (mut theirs, mut host, mut whole) = (Vec::new(), Vec::new(), Vec::new());
        for start in 0..STARTS {
            let mut tool = Command::new("pkcs11-tool");
            tool.arg("--module").arg(tokens.module_path()).args(["--token-label", LABEL, "--login"]);
            tool.args(["--pin", "env:BENCH_PIN", "--id", "01", "--sign"]).args(mechanism);
            tool.arg("--input-file").arg(&input).arg("--output-file").arg(tokens.path().join("sig"));
            tool.env("BENCH_PIN", PIN).envs(tokens.environment());
            theirs.push(timed(&mut tool));
            let mut ours = Command::new(std::env::current_exe().unwrap());
            ours.arg("once").arg(tokens.module_path()).arg(tokens.conf_path()).arg(&document).arg(name);
            host.push(timed(&mut ours));
            whole.push(seat.signs(start).as_secs_f64());
        }
        let (theirs, host, whole) = (median(theirs), median(host), median(whole));
        println!(
            "{name:<10} {:>12.1} {:>12.1} {:>8.3}  {:<12} {:>14.1} {:>8.3}",
            theirs * 1e3,
            host * 1e3,
            host / theirs,
            judged(host / theirs, PROCESS_AIM),
            whole * 1e3,
            whole / theirs
        );
    }
}

fn timed(command: &mut Command) -> f64 {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let start = Instant::now();
    let done = command.spawn().unwrap().wait_with_output().unwrap();
    let took = start.elapsed();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    took.as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn judged(ratio: f64, aim: f64) -> &'static str {
    if ratio <= aim { "aim met" } else { "aim MISSED" }
}
