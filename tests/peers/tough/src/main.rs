//! What the crate tough says about metadata files, one JSON line for each.
//!
//! The verdicts are those of tough's schema: its parser, its key-id check and its threshold count, in
//! the order in which its client takes a root. Nothing here opens a repository or looks at the clock,
//! so expiry is not judged. Command lines and outputs: `../README.md`.

use std::process::ExitCode;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tough::schema::{Delegations, Role, Root, Signed, Snapshot, Targets, Timestamp};

const USAGE: &str = "usage: judge-tough root-chain FILE...
       judge-tough delegate DELEGATOR FILE ROLE";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let judged = match words.as_slice() {
        ["root-chain", files @ ..] if !files.is_empty() => root_chain(files),
        ["delegate", delegator, file, role] => delegate(delegator, file, role).map(|line| vec![line]),
        _ => Err(USAGE.to_owned()),
    };
    match judged {
        Ok(lines) => {
            for line in &lines {
                println!("{line}");
            }
            let all_ok = lines.iter().all(|line| line["ok"] == true);
            ExitCode::from(u8::from(!all_ok))
        }
        Err(sentence) => {
            eprintln!("judge-tough: {sentence}");
            ExitCode::from(2)
        }
    }
}

fn read(file: &str) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("{file}: {error}"))
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

fn line(file: &str, version: Option<u64>, verdict: Result<(), String>) -> Value {
    json!({
        "file": file,
        "parsed": version.is_some(),
        "version": version,
        "ok": verdict.is_ok(),
        "why": verdict.err().unwrap_or_default(),
    })
}

/// Each file is one step from the file before it, as tough's client takes it; the first is the anchor.
fn root_chain(files: &[&str]) -> Result<Vec<Value>, String> {
    let mut lines = Vec::new();
    let mut previous: Option<Result<Signed<Root>, String>> = None;
    for file in files {
        let root = parse::<Signed<Root>>(&read(file)?);
        let version = root.as_ref().ok().map(|root| root.signed.version.get());
        let verdict = match &root {
            Err(why) => Err(why.clone()),
            Ok(root) => step(previous.as_ref(), root),
        };
        lines.push(line(file, version, verdict));
        previous = Some(root);
    }
    Ok(lines)
}

fn step(previous: Option<&Result<Signed<Root>, String>>, root: &Signed<Root>) -> Result<(), String> {
    if let Some(previous) = previous {
        let before = |why: String| format!("the root before it: {why}");
        let trusted = previous.as_ref().map_err(|why| before(why.clone()))?;
        signed_by(&trusted.signed, trusted).map_err(before)?;
        signed_by(&trusted.signed, root)?;
        let expected = trusted.signed.version.get().checked_add(1);
        if expected != Some(root.signed.version.get()) {
            return Err(format!("version {} after version {}", root.signed.version, trusted.signed.version));
        }
    }
    signed_by(&root.signed, root)
}

fn signed_by<T: Role + Serialize>(root: &Root, candidate: &Signed<T>) -> Result<(), String> {
    root.verify_role(candidate).map_err(|error| error.to_string())
}

/// A role as its delegator (a root, or targets metadata for delegated targets) judges it.
fn delegate(delegator: &str, file: &str, role: &str) -> Result<Value, String> {
    let (authority, candidate) = (read(delegator)?, read(file)?);
    let of_root = |verify: fn(&Root, &[u8]) -> (Option<u64>, Result<(), String>)| match parse::<Signed<Root>>(
        &authority,
    ) {
        Ok(root) => verify(&root.signed, &candidate),
        Err(why) => (None, Err(format!("the delegator: {why}"))),
    };
    let (version, verdict) = match role {
        "root" => of_root(under_root::<Root>),
        "targets" => of_root(under_root::<Targets>),
        "snapshot" => of_root(under_root::<Snapshot>),
        "timestamp" => of_root(under_root::<Timestamp>),
        delegated => match parse::<Signed<Targets>>(&authority) {
            Ok(targets) => under_targets(targets.signed.delegations.as_ref(), &candidate, delegated),
            Err(why) => (None, Err(format!("the delegator: {why}"))),
        },
    };
    Ok(line(file, version, verdict))
}

fn under_root<T: Role + Serialize + DeserializeOwned>(
    root: &Root,
    bytes: &[u8],
) -> (Option<u64>, Result<(), String>) {
    match parse::<Signed<T>>(bytes) {
        Ok(candidate) => (Some(candidate.signed.version().get()), signed_by(root, &candidate)),
        Err(why) => (None, Err(why)),
    }
}

fn under_targets(
    delegations: Option<&Delegations>,
    bytes: &[u8],
    role: &str,
) -> (Option<u64>, Result<(), String>) {
    let candidate = match parse::<Signed<Targets>>(bytes) {
        Ok(candidate) => candidate,
        Err(why) => return (None, Err(why)),
    };
    let verdict = match delegations {
        Some(delegations) => delegations.verify_role(&candidate, role).map_err(|error| error.to_string()),
        None => Err("the delegator delegates nothing".to_owned()),
    };
    (Some(candidate.signed.version.get()), verdict)
}
