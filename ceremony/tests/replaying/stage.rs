//! TEST ONLY: two ceremonies with three drafts each, as plans with their files: a first root, its targets and a delegated
//! role; and the next root of a published repository, with what hangs from it. And what people do in them.

#![allow(dead_code, reason = "each test binary and example takes what it needs")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::collections::BTreeMap;

use tuf_ceremony::bundle::{Bundle, Unchecked};
use tuf_ceremony::canonical;
use tuf_ceremony::card::{Card, Claims};
use tuf_ceremony::conduct::{self, NewFile, Opening, Origin, Replanning, Step};
use tuf_ceremony::delta::{Added, Writer};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::materials::Materials as _;
use tuf_ceremony::policy::Control;
use tuf_ceremony::signable::Signable;
use tuf_ceremony::state::Illegal;
use tuf_ceremony::transcript::event::*;

use crate::folder::Machine;
use crate::mint::{self, Key};

/// The keys of the ceremonies; those on P-256 sign in another way each time.
pub fn key(name: &str) -> Key {
    if ["carla-1", "app", "online"].contains(&name) { Key::p256(name) } else { Key::ed25519(name) }
}

pub fn text(text: &str) -> String {
    text.to_owned()
}

/// A plan, the files that it names, and its opener's own root, where it has one.
#[derive(Clone)]
pub struct Plan {
    pub text: String,
    pub files: BTreeMap<Digest, Vec<u8>>,
    /// What it adds to targets.
    pub delta: Option<String>,
    pub trust: Option<String>,
}

impl Plan {
    fn keep(&mut self, file: &str, bytes: &str) -> String {
        let sha256 = Digest::of(bytes.as_bytes());
        self.files.insert(sha256, bytes.as_bytes().to_vec());
        format!("{{ file = \"{file}\", sha256 = \"{sha256}\" }}")
    }

    fn new(kind: &str) -> Plan {
        let text =
            format!("format = 1\ntitle = \"TEST ONLY, {kind}\"\nkind = \"{kind}\"\ncountersign = \"keys\"\n");
        Plan { text, files: BTreeMap::new(), delta: None, trust: None }
    }

    /// Anna, Bela and others, each with a card or a key id of her key.
    fn people(&mut self, names: &[&str], kept: &[&str]) {
        for name in names {
            let title = format!("{} {}.", capital(name), &capital(name)[..1]);
            self.text += &format!("[people.{name}]\nname = \"{title}\"\npart = \"keyholder\"\n");
            self.text += &format!("[keys.{name}-1]\nholders = [\"{name}\"]\n");
            let own = key(&format!("{name}-1"));
            let proof = if kept.contains(name) {
                format!("keyid = \"{}\"\n", own.id)
            } else {
                let card = self.keep(&format!("{name}.key.json"), &card(&own, &title));
                format!("card = {card}\n")
            };
            self.text += &proof;
        }
    }

    /// The same plan with another expiry of its delegated targets: everything else comes out as before.
    pub fn changed(&self, year: u32) -> Plan {
        let text = self.text.replace("2028-08-01", &format!("{year}-08-01"));
        Plan { text, ..self.clone() }
    }
}

fn capital(name: &str) -> String {
    name[..1].to_uppercase() + &name[1..]
}

fn card(key: &Key, holder: &str) -> String {
    let claims = Claims { holders: vec![text(holder)], token: None, evidence: None, rehearsal: false };
    let unsigned = Card::unsigned(&key.public(), claims).unwrap();
    let proof = key.sign(unsigned.signed(), 1);
    unsigned.prove(&proof).unwrap().written()
}

fn delta() -> String {
    let mut writer = Writer::into(String::new()).unwrap();
    for (role, path) in [("app", "app/new"), ("targets", "notes")] {
        writer.role(role).unwrap();
        let sha256 = Digest::of(path.as_bytes());
        writer.add(&Added { path: path.into(), length: path.len() as u64, sha256, sha512: None }).unwrap();
    }
    writer.finish().unwrap()
}

/// What both plans make of targets and the delegated role.
fn targets(plan: &mut Plan, version: u64) {
    let mut adds = String::new();
    if version == 1 {
        let delta = plan.delta.insert(delta()).clone();
        adds = format!("delta = {}\n", plan.keep("new.delta.json", &delta));
    }
    plan.text += &format!("[targets]\nversion = {version}\nexpires = \"2028-06-01T00:00:00Z\"\n{adds}");
    if version == 1 {
        plan.text +=
            "delegation-order = [\"app\"]\n[targets.delegations.app]\nkeys = [\"app\"]\nthreshold = 1\n";
        plan.text += "paths = [\"app/*\"]\nterminating = false\n";
    }
    plan.text += &format!("[delegated.app]\nversion = {version}\nexpires = \"2028-08-01T00:00:00Z\"\n{adds}");
}

/// A first root without consistent snapshots, for which each signer grants an exception; its targets and `app`.
pub fn first() -> Plan {
    let mut plan = Plan::new("first-root");
    plan.people(&["anna", "bela", "carla"], &[]);
    for name in ["app", "online"] {
        let pem = key(name).public().public_text();
        let file =
            plan.keep(&format!("{name}.pem"), &pem).replace(" }", ", scheme = \"ecdsa-sha2-nistp256\" }");
        plan.text += &format!("[keys.{name}]\npublic = {file}\n");
    }
    plan.text += "[root]\nversion = 1\nexpires = \"2028-12-01T00:00:00Z\"\nconsistent-snapshot = false\n[root.roles]\n";
    for (role, keys, threshold) in [
        ("root", "\"anna-1\", \"bela-1\", \"carla-1\"", 2),
        ("targets", "\"anna-1\", \"bela-1\"", 2),
        ("snapshot", "\"online\"", 1),
        ("timestamp", "\"online\"", 1),
    ] {
        plan.text += &format!("{role} = {{ keys = [{keys}], threshold = {threshold} }}\n");
    }
    targets(&mut plan, 1);
    plan.text += "[[exceptions]]\ncontrol = \"consistent-snapshot\"\nabout = \"consistent_snapshot\"\nreason = \"the old clients\"\n";
    plan
}

/// A published document: a signed part with the signatures of these keys.
fn published(signed: &str, by: &[&Key]) -> String {
    let message = canonical::bytes(mint::metadata(signed).signed().view());
    let entry =
        |key: &&Key| format!("{{\"keyid\":{:?},\"sig\":\"{}\"}}", key.id, hex::encode(key.sign(&message, 0)));
    let entries: Vec<String> = by.iter().map(entry).collect();
    format!("{{\"signatures\":[{}],\"signed\":{signed}}}", entries.join(","))
}

/// Root 3 of a published repository, in which Dora comes for Carla; targets and `app` are renewed.
pub fn next() -> Plan {
    let [anna, bela, carla, app, online] = ["anna-1", "bela-1", "carla-1", "app", "online"].map(key);
    let table = mint::table(&[&anna, &bela, &carla, &online]);
    let root = |version| {
        let (holders, two) = (mint::role(&[&anna, &bela, &carla], 2), mint::role(&[&anna, &bela], 2));
        mint::root_of(version, &table, &holders, &two, &mint::role(&[&online], 1))
    };
    let delegations = format!(
        r#""delegations":{{"keys":{},"roles":[{{"name":"app","paths":["app/*"],"terminating":false,{}}}]}},"expires""#,
        mint::table(&[&app]),
        mint::role(&[&app], 1)
    );
    let delegating = mint::targets(1, &["old"]).replacen("\"expires\"", &delegations, 1);
    let mut plan = Plan::new("rotation");
    let roots = [root(1), root(2)].map(|root| published(&root, &[&anna, &carla]));
    let [one, two] = [("1.root.json", &roots[0]), ("2.root.json", &roots[1])].map(|(f, r)| plan.keep(f, r));
    let top = plan.keep("1.targets.json", &published(&delegating, &[&anna, &bela]));
    let role = plan.keep("1.app.json", &published(&mint::targets(1, &["app/old"]), &[&app]));
    plan.text += &format!(
        "[predecessor]\nchain = [{one}]\nroot = {two}\ntargets = {top}\ndelegated = {{ app = {role} }}\n"
    );
    plan.people(&["anna", "bela", "dora"], &["anna", "bela"]);
    plan.text += "[root]\nversion = 3\nexpires = \"2028-12-01T00:00:00Z\"\n[root.roles]\n";
    plan.text += "root = { keys = [\"anna-1\", \"bela-1\", \"dora-1\"], threshold = 2 }\n";
    targets(&mut plan, 2);
    plan.trust = Some(roots[0].clone());
    plan
}

/// The first step of the first machine.
pub fn opening(plan: &Plan, nonce: &str) -> Step {
    conduct::open(Opening {
        plan: plan.text.as_bytes(),
        materials: &plan.files,
        delta: plan.delta.as_ref().map(String::as_bytes),
        date: text("2027-03-05"),
        nonce: Digest::of(nonce.as_bytes()),
        salt: Digest::of(b"TEST ONLY, salt"),
        tool: text("TEST ONLY"),
        profile: None,
        devices: 2,
        one_device: None,
        origin: None,
    })
    .unwrap_or_else(|fault| panic!("{fault}\n{}", plan.text))
}

pub fn sealed(plan: &Plan, nonce: &str) -> Machine {
    let mut machine = Machine::begin(&opening(plan, nonce)).unwrap();
    machine.seal();
    machine
}

fn checked(bundle: &[u8]) -> Bundle {
    Unchecked::read(bundle).unwrap().check(|_| None).unwrap()
}

/// The first step of another machine, made of nothing but a bundle and its owner's root.
pub fn opening_from(bundle: &[u8], trust: Option<&str>, nonce: &str) -> Step {
    let checked = checked(bundle);
    let record = checked.record().unwrap();
    let plan = record.bytes(record.plan_sha256()).unwrap();
    let delta = record.delta().map(|delta| record.bytes(delta).unwrap());
    conduct::open(Opening {
        plan: &plan,
        materials: record,
        delta: delta.as_deref(),
        date: text("2027-03-06"),
        nonce: Digest::of(nonce.as_bytes()),
        salt: record.salt(),
        tool: text("TEST ONLY"),
        profile: None,
        devices: 2,
        one_device: None,
        origin: Some(Origin {
            bundle,
            chains: record.heads(),
            trust: trust.map(str::as_bytes),
            ceremony: record.id(),
            generation: record.generation(),
            made: record.cards().clone(),
        }),
    })
    .unwrap()
}

impl Machine {
    pub fn seal(&mut self) {
        let step = conduct::seal(self.ceremony.state(), &self.folder.shelf());
        self.take(step.unwrap_or_else(|why| panic!("{why}"))).unwrap();
    }

    /// Everything that it knows, and the line that says that it left.
    pub fn export(&mut self) -> Vec<u8> {
        let bundle = conduct::bundle(self.ceremony.state(), &self.folder.shelf()).unwrap();
        let written = bundle.write().unwrap().text;
        let step = conduct::exported(self.ceremony.state(), Digest::of(&written), text("a stick"));
        self.take(step).unwrap();
        written
    }

    pub fn import(&mut self, form: Form, file: &[u8]) -> Result<(), Illegal> {
        let step = conduct::import(self.ceremony.state(), form, file.to_vec(), &self.folder.shelf())?.0;
        self.take(step)
    }

    /// Another machine, opened, sealed, and told what the bundle brings.
    pub fn from_bundle(bundle: &[u8], trust: Option<&str>, nonce: &str) -> Machine {
        let mut machine = Machine::begin(&opening_from(bundle, trust, nonce)).unwrap();
        machine.seal();
        machine.import(Form::Bundle, bundle).unwrap();
        machine
    }

    pub fn consent(&mut self, role: &str, person: &str) -> Result<(), Illegal> {
        let (draft, shown) = (self.payload(role), self.shown(role));
        let (person, reference) = (text(person), Some(text("her own paper")));
        let event = Consented { draft, earlier: None, person, reference, shown: shown.stored() };
        self.take(Step { files: vec![shown], event: Event::Consented(event) })
    }

    pub fn decline(&mut self, role: &str, person: &str) -> Result<(), Illegal> {
        let (draft, shown) = (self.payload(role), self.shown(role));
        let (person, reason) = (text(person), text("I was not told"));
        let event = Declined { draft, person, reason, shown: shown.stored() };
        self.take(Step { files: vec![shown], event: Event::Declined(event) })
    }

    fn shown(&self, role: &str) -> NewFile {
        conduct::shown(format!("{role} {} as she saw it\n", self.payload(role)).into_bytes())
    }

    pub fn grant(&mut self, role: &str, person: &str) -> Result<(), Illegal> {
        self.take(Event::ExceptionGranted(ExceptionGranted {
            about: text("consistent_snapshot"),
            control: Control::ConsistentSnapshot,
            draft: self.payload(role),
            person: text(person),
            reason: text("the old clients"),
        }))
    }

    /// The line of an attempt.
    pub fn begin_signing(&mut self, role: &str, person: &str, name: &str) -> Result<u64, Illegal> {
        let public = key(name).public();
        self.take(Event::SigningBegun(SigningBegun {
            draft: self.payload(role),
            key: public.fingerprint(),
            person: text(person),
            scheme: public.scheme().name().to_owned(),
            token: format!("pkcs11:serial={name}"),
        }))?;
        Ok(self.ceremony.state().lines())
    }

    pub fn admit(&mut self, begun: u64, role: &str, name: &str, nonce: u64) -> Result<(), Illegal> {
        let sig = self.signature(role, name, nonce);
        self.take(Event::SignatureAdmitted(SignatureAdmitted { begun, sig }))
    }

    pub fn signature(&self, role: &str, name: &str, nonce: u64) -> String {
        let state = self.ceremony.state();
        let draft = state.draft(self.payload(role)).unwrap();
        hex::encode(key(name).sign_draft(draft.part().draft(), nonce))
    }

    pub fn fail(&mut self, begun: u64, outcome: Failure) -> Result<(), Illegal> {
        self.take(Event::SigningFailed(SigningFailed { begun, outcome, why: text("the token is gone") }))
    }

    /// Grants what is needed, consents and signs.
    pub fn sign(&mut self, role: &str, person: &str, name: &str, nonce: u64) -> Result<(), Illegal> {
        let state = self.ceremony.state();
        if state.draft(self.payload(role))?.missing_grant(person).is_some() {
            self.grant(role, person)?;
        }
        self.consent(role, person)?;
        let begun = self.begin_signing(role, person, name)?;
        self.admit(begun, role, name, nonce)
    }

    pub fn finalize(&mut self, role: &str) -> Result<(), Illegal> {
        let step = conduct::finalize(self.ceremony.state(), self.payload(role))?;
        self.take(step)
    }

    pub fn close(&mut self) {
        let step = conduct::close(self.ceremony.state(), text("anna"));
        self.take(step).unwrap();
    }

    pub fn countersign(&mut self, person: &str, name: &str) -> Result<(), Illegal> {
        let close = self.ceremony.state().close_document().unwrap();
        let (own, message) = (key(name), Signable::close(&close).message());
        let event = Countersigned {
            key: own.public().fingerprint(),
            person: text(person),
            sig: hex::encode(own.sign(&message, 3)),
        };
        self.take(Event::Countersigned(event))
    }

    pub fn replan(&mut self, plan: &Plan) -> Result<(), Illegal> {
        let generation = self.ceremony.state().generation() + 1;
        let step = conduct::replan(Replanning {
            plan: plan.text.as_bytes(),
            materials: &plan.files,
            delta: plan.delta.as_ref().map(String::as_bytes),
            generation,
            by: text("anna"),
            reason: text("it lasts longer now"),
        });
        self.take(step.unwrap())
    }

    /// Files that a cut-off step left, and the line that explains them.
    pub fn set_aside(&mut self, words: &str) {
        let path = tuf_ceremony::places::left(Digest::of(words.as_bytes()));
        let file = NewFile { path, bytes: words.as_bytes().to_vec() };
        let event = Event::SetAside(SetAside { files: vec![file.stored()] });
        self.take(Step { files: vec![file], event }).unwrap();
    }
}

pub fn note(words: &str) -> Note {
    Note { by: text("anna"), text: text(words) }
}
