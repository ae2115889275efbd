//! TEST ONLY: one event of every kind, with every field filled. They are spelled right and mean nothing together: what is
//! legal is judged elsewhere.

#![allow(dead_code, reason = "each test binary takes what it needs")]

use std::collections::BTreeMap;

use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::policy::Control;
use tuf_ceremony::transcript::event::*;

/// What every line says of the machine's clock.
pub const CLOCK: &str = "2027-03-05T09:00:00Z";

pub fn digest(name: &str) -> Digest {
    Digest::of(name.as_bytes())
}

fn fingerprint(name: &str) -> Fingerprint {
    Fingerprint::from_hex(&digest(name).to_string()).unwrap()
}

fn stored(path: &str) -> Stored {
    Stored { bytes: path.len() as u64, path: path.to_owned(), sha256: digest(path) }
}

fn external(kept: &str) -> External {
    External { kept: kept.to_owned(), sha256: digest(kept) }
}

fn chain(machine: &str) -> ChainHead {
    ChainHead { head: digest("head"), lines: 12, machine: digest(machine) }
}

fn text(text: &str) -> String {
    text.to_owned()
}

pub fn note(words: &str) -> Note {
    Note { by: text("alice"), text: text(words) }
}

pub fn opened() -> Opened {
    Opened {
        cards: BTreeMap::from([
            (text("alice-1"), stored("cards/alice-1.0.json")),
            (text("bob-1"), stored("cards/bob-1.0.pem")),
        ]),
        ceremony: digest("ceremony"),
        date: text("2027-03-05"),
        delta: Some(stored("inputs/0123456789abcdef.delta.json")),
        devices: 1,
        format: 1,
        generation: 0,
        inputs: vec![stored("inputs/0123456789abcdef.json"), stored("inputs/fedcba9876543210.json")],
        nonce: digest("nonce"),
        one_device: Some(text("the second stick broke")),
        origin: Some(Origin {
            bundle: stored("imports/1-0123456789abcdef.json"),
            chains: vec![chain("a")],
            trust: Some(stored("inputs/0123456789abcdef.json")),
        }),
        plan: stored("plan/0.plan.toml"),
        profile: Some(external("with the machine")),
        rehearsal: true,
        rules: 1,
        salt: digest("salt"),
        spec_version: text("1.0.31"),
        tool: text("conclave 0.1.0"),
    }
}

/// One event of each kind, in the order of [`Event`].
pub fn events() -> Vec<Event> {
    [opening(), people(), signing(), travelling(), ending()].concat()
}

fn opening() -> Vec<Event> {
    let draft = SealedDraft {
        authorities: vec![digest("root"), digest("old root")],
        file: stored("drafts/0-a.json"),
        letter: text("A"),
        payload: digest("payload"),
        payload_bytes: 2253,
        role: text("root"),
        version: 2,
    };
    let finding = SealedFinding {
        about: text("keys[\"é\"]"),
        control: Control::KeyId,
        draft: text("A"),
        needs_exception: true,
        says: text("the key id is no hash of the key"),
    };
    vec![
        Event::Opened(opened().into()),
        Event::Sealed(Sealed { drafts: vec![draft], findings: vec![finding] }),
        Event::DateStated(DateStated { by: text("alice"), date: text("2027-03-05") }),
    ]
}

fn people() -> Vec<Event> {
    let person = || text("alice");
    vec![
        Event::PersonPresent(PersonPresent { person: person(), role: text("keyholder") }),
        Event::PersonLeft(PersonLeft { person: person() }),
        Event::TokenPrepared(TokenPrepared { key: text("alice-1"), token: text("pkcs11:serial=1") }),
        Event::KeyGenerated(KeyGenerated {
            fingerprint: fingerprint("key"),
            key: text("alice-1"),
            scheme: text("ed25519"),
            token: text("pkcs11:serial=1"),
        }),
        Event::CardCompared(CardCompared { card: stored("cards/alice-1.0.json"), key: text("alice-1") }),
        Event::TokenSeen(TokenSeen { keys: vec![fingerprint("key")], token: text("pkcs11:serial=1") }),
        Event::ExceptionGranted(ExceptionGranted {
            about: text("snapshot"),
            control: Control::ConsistentSnapshot,
            draft: digest("payload"),
            person: person(),
            reason: text("the mirror cannot do it yet"),
        }),
        Event::Consented(Consented {
            draft: digest("payload"),
            earlier: Some(digest("earlier")),
            person: person(),
            reference: Some(text("her own paper")),
            shown: stored("shown/0123456789abcdef.txt"),
        }),
        Event::Declined(Declined {
            draft: digest("payload"),
            person: person(),
            reason: text("the key is not Bob's"),
            shown: stored("shown/0123456789abcdef.txt"),
        }),
    ]
}

fn signing() -> Vec<Event> {
    vec![
        Event::SigningBegun(SigningBegun {
            draft: digest("payload"),
            key: fingerprint("key"),
            person: text("alice"),
            scheme: text("ed25519"),
            token: text("pkcs11:serial=1"),
        }),
        Event::SignatureAdmitted(SignatureAdmitted { begun: 13, sig: text("00ff") }),
        Event::SigningFailed(SigningFailed {
            begun: 13,
            outcome: Failure::Unknown,
            why: text("no answer within 90 seconds"),
        }),
        Event::TokenLocked(TokenLocked { person: text("alice"), token: text("pkcs11:serial=1") }),
        Event::IncidentNoted(note("the lights went out")),
        Event::Remarked(note("\"naïve\" \u{1f511}\u{7f}\n\t\\ all of it escaped")),
        Event::BreakBegan(note("lunch")),
        Event::BreakEnded(BreakEnded { by: text("alice"), watched_by: Some(text("bob")) }),
    ]
}

fn travelling() -> Vec<Event> {
    let arrived = Arrived {
        draft: digest("payload"),
        key: fingerprint("key"),
        scheme: text("ed25519"),
        sig: text("00ff"),
        sources: vec![text("file:1"), text("token:pkcs11:serial=1")],
    };
    let told_twice =
        Equivocation { found: digest("found"), known: digest("known"), line: 3, machine: digest("c") };
    vec![
        Event::MachineChanged(MachineChanged {
            by: text("alice"),
            from: chain("a"),
            reason: text("its screen died"),
            watched_by: Some(text("bob")),
        }),
        Event::BundleExported(BundleExported { bundle: external("on the stick"), signatures: 2 }),
        Event::BundleImported(BundleImported {
            chains: vec![chain("b")],
            equivocations: vec![told_twice],
            file: stored("imports/20-0123456789abcdef.json"),
            form: Form::Bundle,
            signatures: vec![arrived],
        }),
        Event::Replanned(Replanned {
            by: text("alice"),
            cards: BTreeMap::from([(text("alice-1"), stored("cards/alice-1.0.json"))]),
            delta: Some(stored("inputs/0123456789abcdef.delta.json")),
            generation: 1,
            inputs: vec![stored("inputs/0123456789abcdef.json")],
            plan: stored("plan/1.plan.toml"),
            reason: text("Bob is ill"),
        }),
    ]
}

fn ending() -> Vec<Event> {
    vec![
        Event::Finalized(Finalized { draft: digest("payload"), file: stored("final/2.root.json") }),
        Event::Aborted(note("not enough of us came")),
        Event::Closed(Closed { by: text("alice"), unfinished: vec![digest("payload")] }),
        Event::Countersigned(Countersigned {
            key: fingerprint("key"),
            person: text("alice"),
            sig: text("00ff"),
        }),
        Event::Addendum(Addendum {
            by: text("alice"),
            external: Some(external("the video, in the safe")),
            text: text("the video"),
        }),
        Event::SetAside(SetAside { files: vec![stored("aside/0123456789abcdef.torn")] }),
        Event::DevicesChanged(DevicesChanged { devices: 2, reason: text("a second stick came") }),
    ]
}

/// A first line with everything absent that may be.
pub fn bare() -> Opened {
    Opened {
        cards: BTreeMap::new(),
        delta: None,
        inputs: vec![],
        one_device: None,
        origin: None,
        profile: None,
        rehearsal: false,
        ..opened()
    }
}
