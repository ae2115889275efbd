//! `conclave open`: a ceremony's folder, from a reviewed plan, or from a bundle on a keyholder's own machine. Everything is
//! judged before the folder exists; then its first lines are stored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::attestation::Roots;
use tuf_ceremony::conduct::{self, OpenFault, Opening, Origin, Step};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::DOCUMENT;
use tuf_ceremony::materials::Materials;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::policy::attested::of_plan;
use tuf_ceremony::receive::reseal::reseal;
use tuf_ceremony::receive::walk::{WalkFault, walk};
use tuf_ceremony::state::{Phase, State};
use tuf_ceremony::transcript::event::{Event, External, Form, MachineChanged};

use super::planned::Planned;
use super::{Outcome, attested, plan, programs, reading, standing};
use crate::cli::{AttestationRoots, Output};
use crate::desk::table::{Access, Table};
use crate::dossier::Places;
use crate::fault::Fault;
use crate::operator::clean::{quoted, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::manner;
use crate::operator::screen::Screen;
use crate::operator::wording::{self, ceremony as said};
use crate::report::attested::AttestedFacts;
use crate::report::columns::{fact, sentence};
use crate::report::facts::FindingFacts;
use crate::report::{self, NAME, titled, whole_head as shown_head};
use crate::{chance, files};

/// What was asked.
pub(super) struct Request {
    /// The plan and the folder, or the folder alone.
    pub places: Vec<PathBuf>,
    pub bundle: Option<PathBuf>,
    pub trust: Option<PathBuf>,
    pub date: String,
    pub profile: Option<PathBuf>,
    pub mirror: Option<PathBuf>,
    pub one_device: Option<String>,
    /// Whose chain goes on here, where another machine takes over; only from a bundle.
    pub takes_over: Option<MachineChanged>,
    pub roots: AttestationRoots,
}

#[derive(Serialize)]
struct Facts {
    folder: String,
    ceremony: String,
    machine: String,
    generation: u64,
    rehearsal: bool,
    phase: &'static str,
    lines: u64,
    head: String,
    drafts: Vec<DraftFacts>,
    attestations: Vec<AttestedFacts>,
    programs: Vec<String>,
    clients: Vec<FindingFacts>,
}

#[derive(Serialize)]
struct DraftFacts {
    letter: String,
    role: String,
    version: u64,
    payload: String,
}

/// Opens a folder.
pub(super) fn run(request: &Request, output: Output) -> Result<Outcome, Fault> {
    reading::moment(&request.date)?;
    let roots = attested::roots(&request.roots)?;
    let (table, folder) = match (&request.bundle, request.places.as_slice()) {
        (None, [plan, folder]) => (from_plan(request, plan, folder)?, folder),
        (Some(bundle), [folder]) => (from_bundle(request, bundle, folder)?, folder),
        (None, _) => return Err(Fault::usage(said::PLAN_AND_FOLDER).now(said::NAME_BOTH)),
        (Some(_), _) => return Err(Fault::usage(said::FOLDER_ALONE).now(said::NAME_THE_FOLDER)),
    };
    tell(folder, &table, &roots, output)
}

fn from_plan(request: &Request, plan: &Path, folder: &Path) -> Result<Table, Fault> {
    if request.trust.is_some() {
        return Err(Fault::usage(said::TRUST_WITHOUT_BUNDLE).now(said::PLAN_NAMES_THE_ROOT));
    }
    let planned = Planned::read(plan)?;
    let delta = planned.delta.map(|sha256| planned.materials[&sha256].as_slice());
    let opening = Opening {
        plan: &planned.text,
        materials: &planned.materials,
        delta,
        salt: chance()?,
        origin: None,
        ..common(request)?
    };
    let first = conduct::open(opening).map_err(|fault| cannot_open(plan, &fault))?;
    Table::open(&places(request, folder), &first, |state, materials| sealed(state, materials))
}

fn from_bundle(request: &Request, path: &Path, folder: &Path) -> Result<Table, Fault> {
    let read = reading::bundle(path)?;
    let (text, bundle) = (reading::text_of(path, read.sha256)?, read.bundle);
    let name = quoted_path(path);
    let Some(record) = bundle.record() else {
        return Err(Fault::refused(said::plain_bundle(&name)).now(said::SIGN_IT_AS_IT_IS));
    };
    let trust =
        request.trust.as_deref().map(|path| files::read_capped(path, DOCUMENT.most as u64)).transpose()?;
    let own: Option<Metadata> = request.trust.as_deref().map(reading::metadata).transpose()?;
    walk(own.as_ref(), &bundle).map_err(|fault| distrusted(&name, &fault))?;
    reseal(&bundle).map_err(|fault| {
        Fault::refused(said::not_its_plan(&name)).because(&fault).now(wording::ASK_FOR_IT_AGAIN)
    })?;
    let bytes = |sha256: Digest| record.bytes(sha256).map(std::borrow::Cow::into_owned);
    let plan = bytes(record.plan_sha256()).expect("a record holds its plan");
    let delta = record.delta().map(|sha256| bytes(sha256).expect("a record holds its delta"));
    let opening = Opening {
        plan: &plan,
        materials: record,
        delta: delta.as_deref(),
        salt: record.salt(),
        origin: Some(Origin {
            bundle: &text,
            chains: record.heads(),
            trust: trust.as_deref(),
            ceremony: record.id(),
            generation: record.generation(),
            made: record.cards().clone(),
        }),
        ..common(request)?
    };
    let first = conduct::open(opening).map_err(|fault| cannot_open(path, &fault))?;
    let mut takes_over = request.takes_over.clone();
    let mut imported = false;
    Table::open(&places(request, folder), &first, |state, materials| {
        if let Some(changed) = takes_over.take() {
            return Ok(Some(Event::MachineChanged(changed).into()));
        }
        if let Some(step) = sealed(state, materials)? {
            return Ok(Some(step));
        }
        if imported || state.phase() != Phase::Collecting {
            return Ok(None);
        }
        imported = true;
        Ok(Some(conduct::import(state, Form::Bundle, text.clone(), materials)?.0))
    })
}

/// Another machine takes over what a bundle tells: its folder here.
pub(super) fn take_over(request: &Request) -> Result<Table, Fault> {
    match (&request.bundle, request.places.as_slice()) {
        (Some(bundle), [folder]) => from_bundle(request, bundle, folder),
        _ => Err(Fault::usage(said::FOLDER_ALONE).now(said::NAME_THE_FOLDER)),
    }
}

/// A keyholder's visit: her own folder, opened from a bundle.
pub(super) fn visit(
    bundle: &Path,
    trust: Option<&Path>,
    date: &str,
    access: &Access,
) -> Result<Table, Fault> {
    let request = Request {
        places: vec![access.folder.clone()],
        bundle: Some(bundle.to_owned()),
        trust: trust.map(Path::to_owned),
        date: date.to_owned(),
        profile: None,
        mirror: access.mirror.clone(),
        one_device: access.one_device.clone(),
        takes_over: None,
        roots: AttestationRoots::default(),
    };
    reading::moment(date)?;
    from_bundle(&request, bundle, &access.folder)
}

/// What both ways have in common; the plan and its files come behind.
fn common(request: &Request) -> Result<Opening<'static>, Fault> {
    static NO_FILES: BTreeMap<Digest, Vec<u8>> = BTreeMap::new();
    let profile = request.profile.as_deref().map(plan::read_profile).transpose()?;
    let profile = profile.map(|(_, sha256)| External { kept: said::PROFILE_STAYS.to_owned(), sha256 });
    Ok(Opening {
        plan: &[],
        materials: &NO_FILES,
        delta: None,
        date: request.date.clone(),
        nonce: chance()?,
        salt: Digest::from_bytes([0; 32]),
        tool: format!("conclave {}", env!("CARGO_PKG_VERSION")),
        profile,
        devices: if request.mirror.is_some() { 2 } else { 1 },
        one_device: request.one_device.clone(),
        origin: None,
    })
}

fn chance() -> Result<Digest, Fault> {
    let bytes = chance::bytes();
    bytes
        .map(Digest::from_bytes)
        .map_err(|fault| Fault::files(said::NO_CHANCE).because(&fault).now(said::START_AGAIN_LATER))
}

fn places(request: &Request, folder: &Path) -> Places {
    Places { folder: folder.to_owned(), mirror: request.mirror.clone() }
}

/// The drafts follow as soon as every key is made.
pub(super) fn sealed(state: &State, materials: &dyn Materials) -> Result<Option<Step>, Fault> {
    if state.phase() == Phase::Sealing { Ok(Some(conduct::seal(state, materials)?)) } else { Ok(None) }
}

fn cannot_open(path: &Path, fault: &OpenFault) -> Fault {
    Fault::refused(said::cannot_open(&quoted_path(path))).because(fault).now(wording::planning::MEND_THE_PLAN)
}

/// A bundle that does not build on the opener's own root.
fn distrusted(bundle: &str, fault: &WalkFault) -> Fault {
    let now = match fault {
        WalkFault::NoTrust { .. } => said::GIVE_YOUR_ROOT,
        WalkFault::FirstRoot => said::LEAVE_TRUST_OUT,
        _ => said::ASK_WHICH_ROOT,
    };
    Fault::refused(said::not_on_your_root(bundle)).because(fault).now(now)
}

/// What was opened.
pub(super) fn tell(folder: &Path, table: &Table, roots: &Roots, output: Output) -> Result<Outcome, Fault> {
    let state = table.state();
    let inputs = state.sealing_inputs(table.materials());
    let homes = of_plan(state.plan(), &inputs, roots, Some(state.date()));
    let parts: Vec<_> = state.drafts().map(|draft| draft.part()).collect();
    let clients = report::shut_out(&parts);
    let soft = programs::programs(state.plan(), &inputs, &state.plan_keys(), &parts);
    if output.json {
        let draft = |draft: tuf_ceremony::state::DraftNow<'_>| DraftFacts {
            letter: draft.letter().to_owned(),
            role: draft.part().draft().role().to_owned(),
            version: draft.part().draft().metadata().version(),
            payload: draft.payload().to_string(),
        };
        print_json(&Facts {
            folder: visible_path(folder).into_owned(),
            ceremony: state.ceremony().to_string(),
            machine: state.machine().to_string(),
            generation: state.generation(),
            rehearsal: state.opened().rehearsal,
            phase: state.phase().name(),
            lines: state.lines(),
            head: state.head().to_string(),
            drafts: state.drafts().map(draft).collect(),
            attestations: AttestedFacts::of_all(&homes),
            programs: soft,
            clients: clients.iter().map(FindingFacts::from).collect(),
        })?;
        return Ok(Outcome::Done);
    }
    let mut screen = Screen::stdout(output.plain);
    screen.heading(&said::opened(&quoted(&state.plan().title, NAME)))?;
    fact(&mut screen, said::FOLDER, &quoted_path(folder))?;
    fact(&mut screen, said::CEREMONY, &state.ceremony().to_string())?;
    for draft in state.drafts() {
        sentence(&mut screen, 2, &titled(draft.letter(), draft.part().draft()))?;
    }
    for key in state.cards_to_make() {
        sentence(&mut screen, 2, &wording::planning::to_be_made(key))?;
    }
    if table.shares_a_medium() {
        sentence(&mut screen, 2, said::ONE_MEDIUM)?;
    }
    if !homes.is_empty() {
        screen.blank()?;
        report::attested::homes(&mut screen, &homes)?;
    }
    if !soft.is_empty() {
        screen.blank()?;
        programs::shown(&mut screen, &soft)?;
    }
    report::clients(&mut screen, &clients)?;
    screen.blank()?;
    shown_head(&mut screen, state.lines(), state.head())?;
    // Whoever is led is asked what comes next.
    if !manner::is_led() {
        screen.blank()?;
        sentence(&mut screen, 0, &standing::next(state))?;
    }
    Ok(Outcome::Done)
}
