//! How a ceremony begins on a machine, how its drafts are made, and how another plan takes the place of the one before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::basis::{Basis, Claims, length, root};
use super::{Dead, Folder, Illegal, NotRecomputed, Phase, Room, Sealing, State, people, travel};
use crate::digest::Digest;
use crate::key::Fingerprint;
use crate::materials::Materials;
use crate::places;
use crate::plan::Plan;
use crate::policy::ceremony::judge;
use crate::seal::{self, SealedPart};
use crate::transcript::event::{
    Opened, Origin, Replanned, Sealed, SealedDraft, SealedFinding, SetAside, Stored,
};
use crate::transcript::{FORMAT, RULES, Transcript, ceremony_id};

pub(super) fn open(chain: Transcript, opened: &Opened, materials: &dyn Materials) -> Result<State, Illegal> {
    if (opened.format, opened.rules) != (FORMAT, RULES) {
        return Err(Illegal::Version { format: opened.format, rules: opened.rules });
    }
    let date = people::date(&opened.date)?;
    let mut folder = Folder::default();
    let nothing_made = BTreeMap::new();
    let claims = Claims {
        plan: &opened.plan,
        generation: opened.generation,
        cards: &opened.cards,
        delta: opened.delta.as_ref(),
        inputs: &opened.inputs,
        rehearsal: opened.rehearsal,
        spec_version: &opened.spec_version,
        made: if opened.origin.is_none() { Some(&nothing_made) } else { None },
    };
    let basis = Basis::read(&claims, &mut folder, materials)?;
    check_devices(opened, &basis.plan)?;
    check_id(opened, basis.root)?;
    let mut known = BTreeMap::new();
    let (mut not_recomputed, mut others) = (Vec::new(), BTreeMap::new());
    if let Some(origin) = &opened.origin {
        check_origin(origin, &basis, &mut folder, materials)?;
        match travel::origin(opened, origin, materials)? {
            Some(chains) => others = chains,
            None => not_recomputed.push(NotRecomputed { line: 1, file: origin.bundle.clone() }),
        }
        known.extend(origin.chains.iter().map(|chain| (chain.machine, chain.clone())));
    }
    let phase = if basis.to_be_made().next().is_some() { Phase::Keys } else { Phase::Sealing };
    Ok(State {
        chain: Arc::new(chain),
        opened: Arc::new(opened.clone()),
        basis: Arc::new(basis),
        phase,
        room: Room::opened_on(date),
        folder,
        devices: opened.devices,
        generated: BTreeMap::new(),
        drafts: Vec::new(),
        findings: Vec::new(),
        former: Vec::new(),
        dead: Vec::new(),
        decisions: BTreeMap::new(),
        grants: BTreeSet::new(),
        told: BTreeMap::new(),
        attempts: Vec::new(),
        elsewhere: BTreeSet::new(),
        known,
        others: Arc::new(others),
        split: BTreeSet::new(),
        finals: BTreeMap::new(),
        closed: None,
        countersigned: Vec::new(),
        not_recomputed,
    })
}

fn check_devices(opened: &Opened, plan: &Plan) -> Result<(), Illegal> {
    let devices = opened.devices;
    if !(1..=2).contains(&devices) {
        return Err(Illegal::Devices(devices));
    }
    // A real root on one device is one accident away from being lost (DESIGN 14).
    let to_explain = devices == 1 && plan.root.is_some() && !plan.rehearsal;
    let explained = opened.one_device.as_ref().is_some_and(|why| !why.trim().is_empty());
    if to_explain == explained && to_explain == opened.one_device.is_some() {
        return Ok(());
    }
    Err(Illegal::OneDevice { needed: to_explain })
}

/// The first plan gives the ceremony its name. Of a later generation that plan is not in the folder; then the chains in the
/// bundle that it was opened from must say the name, and whoever reads that bundle sees to it.
fn check_id(opened: &Opened, root: Option<Digest>) -> Result<(), Illegal> {
    if opened.generation > 0 {
        let (found, wanted) = (opened.generation, 0);
        return if opened.origin.is_some() { Ok(()) } else { Err(Illegal::Generation { found, wanted }) };
    }
    let found = ceremony_id(opened.plan.sha256, root, opened.rehearsal, opened.salt);
    if found == opened.ceremony { Ok(()) } else { Err(Illegal::Ceremony { claimed: opened.ceremony, found }) }
}

/// The bundle is no trust anchor: the opener's own root must be one of those that the plan walks through (MODEL 14). That the
/// walk holds is seen when the drafts are made.
fn check_origin(
    origin: &Origin,
    basis: &Basis,
    folder: &mut Folder,
    materials: &dyn Materials,
) -> Result<(), Illegal> {
    folder.keep(&origin.bundle, &places::import(1, origin.bundle.sha256))?;
    length(&origin.bundle, materials)?;
    if !origin.chains.is_sorted_by(|a, b| a.machine < b.machine) {
        return Err(Illegal::Unsorted { what: "the chains" });
    }
    let Some(trust) = &origin.trust else {
        return if basis.root.is_none() { Ok(()) } else { Err(Illegal::Trust { given: false }) };
    };
    folder.keep(trust, &places::input(trust.sha256))?;
    length(trust, materials)?;
    let own = root("the opener's own root", trust.sha256, materials)?.payload();
    let named = &basis.plan.predecessor;
    for file in named.chain.iter().chain(&named.root) {
        if root("a root of the plan", file.sha256, materials)?.payload() == own {
            return Ok(());
        }
    }
    Err(Illegal::Trust { given: true })
}

impl State {
    /// The drafts that the plan gives, and the event that says so.
    ///
    /// # Errors
    /// When they cannot be made, or a rule that nobody can waive says no.
    pub fn to_seal(&self, materials: &dyn Materials) -> Result<(Vec<SealedPart>, Sealed), Illegal> {
        let (plan, inputs) = (&self.basis.plan, self.basis.sealing(materials));
        let made = seal::seal(plan, &inputs)?;
        let findings = judge(plan, &inputs, &made, self.date())?.allowed()?;
        let drafts = made.iter().map(|made| described(made, self.basis.generation)).collect();
        Ok((made, Sealed { drafts, findings }))
    }

    pub(super) fn seal(&mut self, sealed: &Sealed, materials: &dyn Materials) -> Result<(), Illegal> {
        let (made, wanted) = self.to_seal(materials)?;
        if wanted.drafts.len() != sealed.drafts.len() {
            return Err(Illegal::Draft { letter: String::new(), what: "number" });
        }
        for (wanted, claimed) in wanted.drafts.iter().zip(&sealed.drafts) {
            if let Some(what) = difference(wanted, claimed) {
                return Err(Illegal::Draft { letter: wanted.letter.clone(), what });
            }
            self.folder.keep(&claimed.file, &wanted.file.path)?;
        }
        check_findings(&wanted.findings, &sealed.findings)?;
        self.findings = wanted.findings;
        let is_made = |payload| made.iter().any(|m| m.part.draft().metadata().payload() == payload);
        if let Some(payload) = self.finals.keys().find(|payload| !is_made(**payload)) {
            return Err(Illegal::FinalGone { payload: *payload });
        }
        self.adopt(made);
        self.phase = Phase::Collecting;
        Ok(())
    }

    /// Takes the new drafts. One that came out as before keeps the signatures that still count for it (MODEL 3).
    fn adopt(&mut self, made: Vec<SealedPart>) {
        let generation = self.basis.generation;
        let mut former = std::mem::take(&mut self.former);
        for SealedPart { letter, mut part } in made {
            let payload = part.draft().metadata().payload();
            if let Some(at) = former.iter().position(|f| f.part.draft().metadata().payload() == payload) {
                let old = former.swap_remove(at);
                let mut signers: BTreeSet<Fingerprint> = BTreeSet::new();
                for signature in old.part.signatures().all() {
                    let key = signature.verified.fingerprint();
                    for source in &signature.sources {
                        if part.admit(key, signature.verified.bytes(), source.clone()).is_err() {
                            signers.insert(key);
                        }
                    }
                }
                if !signers.is_empty() {
                    self.dead.push(Dead { signers, ..Dead::of(old) });
                }
            }
            self.drafts.push(Sealing { letter, generation, part });
        }
        self.dead.extend(former.into_iter().map(Dead::of));
    }

    pub(super) fn replan(&mut self, replanned: &Replanned, materials: &dyn Materials) -> Result<(), Illegal> {
        let wanted = self.basis.generation + 1;
        if replanned.generation != wanted {
            return Err(Illegal::Generation { found: replanned.generation, wanted });
        }
        let claims = Claims {
            plan: &replanned.plan,
            generation: replanned.generation,
            cards: &replanned.cards,
            delta: replanned.delta.as_ref(),
            inputs: &replanned.inputs,
            rehearsal: self.opened.rehearsal,
            spec_version: &self.opened.spec_version,
            made: Some(&self.basis.cards),
        };
        let basis = Basis::read(&claims, &mut self.folder, materials)?;
        if basis.root != self.basis.root {
            return Err(Illegal::OtherRoot);
        }
        self.phase = if basis.to_be_made().next().is_some() { Phase::Keys } else { Phase::Sealing };
        self.basis = Arc::new(basis);
        self.former.append(&mut self.drafts);
        self.findings.clear();
        self.decisions.clear();
        Ok(())
    }

    pub(super) fn set_aside(&mut self, aside: &SetAside) -> Result<(), Illegal> {
        if !aside.files.is_sorted_by(|a, b| a.path < b.path) {
            return Err(Illegal::Unsorted { what: "the files" });
        }
        for file in &aside.files {
            if self.folder.files().contains_key(&file.path) {
                return Err(Illegal::PathTaken { path: file.path.clone() });
            }
            self.folder.explain(file)?;
        }
        Ok(())
    }

    pub(super) fn change_devices(&mut self, devices: u64) -> Result<(), Illegal> {
        let before = std::mem::replace(&mut self.devices, devices);
        if !(1..=2).contains(&devices) || before == devices {
            return Err(Illegal::Devices(devices));
        }
        Ok(())
    }
}

impl Dead {
    fn of(draft: Sealing) -> Dead {
        let Sealing { letter, generation, part } = draft;
        let signers = part.signatures().all().map(|s| s.verified.fingerprint()).collect();
        Dead { generation, letter, part, signers }
    }
}

/// What [`Sealed`] says of a draft.
fn described(made: &SealedPart, generation: u64) -> SealedDraft {
    let draft = made.part.draft();
    let metadata = draft.metadata();
    let text = metadata.document().text();
    let file = Stored {
        bytes: text.len() as u64,
        path: places::draft(generation, &made.letter),
        sha256: Digest::of(text.as_bytes()),
    };
    SealedDraft {
        authorities: made.part.authorities().iter().map(|a| a.document()).collect(),
        file,
        letter: made.letter.clone(),
        payload: metadata.payload(),
        payload_bytes: metadata.payload_bytes(),
        role: draft.role().to_owned(),
        version: metadata.version(),
    }
}

fn difference(wanted: &SealedDraft, claimed: &SealedDraft) -> Option<&'static str> {
    let parts = [
        (wanted.letter != claimed.letter, "letter"),
        (wanted.role != claimed.role, "role"),
        (wanted.version != claimed.version, "version"),
        (wanted.payload != claimed.payload, "payload"),
        (wanted.payload_bytes != claimed.payload_bytes, "length of the payload"),
        (wanted.authorities != claimed.authorities, "authority"),
        (wanted.file != claimed.file, "file"),
    ];
    parts.into_iter().find_map(|(differs, what)| differs.then_some(what))
}

/// The rules must notice the same; in what words they said it then is kept as it was, since records outlive wordings.
fn check_findings(found: &[SealedFinding], claimed: &[SealedFinding]) -> Result<(), Illegal> {
    let what = |f: &SealedFinding| (f.about.clone(), f.control, f.draft.clone(), f.needs_exception);
    if found.iter().map(what).eq(claimed.iter().map(what)) {
        return Ok(());
    }
    let lacks = |from: &[SealedFinding], of: &[SealedFinding]| {
        of.iter().find(|f| !from.iter().any(|other| what(other) == what(f))).cloned()
    };
    let differs = match (lacks(claimed, found), lacks(found, claimed)) {
        (Some(missing), _) => format!("{} about {:?} is not said", missing.control.code(), missing.about),
        (None, Some(more)) => format!("{} about {:?} is said", more.control.code(), more.about),
        (None, None) => "they stand in another order".to_owned(),
    };
    Err(Illegal::Findings { differs })
}
