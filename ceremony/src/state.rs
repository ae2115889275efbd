//! What a ceremony amounts to on one machine after so many lines, and the only table of what may happen next: live before a
//! line is stored, and again whenever a transcript is replayed. It distrusts every line. Drafts are made again from the plan,
//! every signature is verified again, final files are assembled again; what a line says must be what comes out.
//!
//! It knows nothing of screens, and what it asks for are bytes by their digest ([`Materials`]). A step that it takes has not
//! happened yet: it has when its line is stored.

mod basis;
mod ending;
mod folder;
mod illegal;
mod keys;
mod opening;
mod people;
mod phase;
mod signing;
mod travel;
mod view;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use illegal::Illegal;
pub use phase::{Phase, phases};
pub use signing::{Attempt, Decision, Grant, Outcome};
pub use travel::{ImportFault, NotRecomputed};
pub use view::DraftNow;

use crate::bundle::Part;
use crate::digest::Digest;
use crate::key::Fingerprint;
use crate::materials::Materials;
use crate::transcript::event::{
    ChainHead, Countersigned, Event, KeyGenerated, Opened, SealedFinding, Stored,
};
use crate::transcript::{Entry, Transcript, TranscriptFault};

use basis::Basis;
use folder::Folder;
use people::Room;

/// A ceremony on one machine, after so many lines.
#[derive(Debug, Clone)]
pub struct State {
    chain: Arc<Transcript>,
    opened: Arc<Opened>,
    basis: Arc<Basis>,
    phase: Phase,
    room: Room,
    folder: Folder,
    devices: u64,
    /// Keys that were made here, the latest of each name.
    generated: BTreeMap<String, KeyGenerated>,
    drafts: Vec<Sealing>,
    findings: Vec<SealedFinding>,
    /// Drafts of earlier generations until the next ones are sealed.
    former: Vec<Sealing>,
    dead: Vec<Dead>,
    decisions: BTreeMap<(Digest, String), Decision>,
    /// What was granted by a line of this chain.
    grants: BTreeSet<Grant>,
    /// What other machines' chains say was granted, and which: claims, that count for nothing here.
    told: BTreeMap<Grant, BTreeSet<Digest>>,
    attempts: Vec<Attempt>,
    /// Who asked which key for which draft on other machines, as their chains say.
    elsewhere: BTreeSet<(Digest, Fingerprint, String)>,
    known: BTreeMap<Digest, ChainHead>,
    /// The lines behind `known`, as far as the files that brought them are at hand.
    others: Arc<BTreeMap<Digest, Transcript>>,
    split: BTreeSet<Digest>,
    finals: BTreeMap<Digest, Stored>,
    closed: Option<Digest>,
    countersigned: Vec<Countersigned>,
    not_recomputed: Vec<NotRecomputed>,
}

/// One draft of the plan as it stands.
#[derive(Debug, Clone)]
struct Sealing {
    letter: String,
    generation: u64,
    part: Part,
}

/// A draft, or a signature on one, that the plan left behind.
#[derive(Debug, Clone)]
pub struct Dead {
    /// The last generation of the plan that made it.
    pub generation: u64,
    /// Its letter then.
    pub letter: String,
    /// The draft with all signatures that it had.
    pub part: Part,
    /// The keys whose signatures count no more; all of them, unless the draft stands and only its authority changed.
    pub signers: BTreeSet<Fingerprint>,
}

/// A line that stands behind all others, or why it does not.
fn push(chain: &mut Transcript, entry: &Entry) -> Result<(), Illegal> {
    let last = chain.count();
    chain.push(entry.clone()).map_err(|fault| match fault {
        TranscriptFault::Number { .. } | TranscriptFault::Chain { .. } => {
            Illegal::NotNext { last, found: entry.n }
        }
        fault => Illegal::Line(fault),
    })
}

impl State {
    /// The state behind the first line of a chain.
    ///
    /// # Errors
    /// Why it cannot be one; nothing was opened.
    pub fn begin(entry: &Entry, materials: &dyn Materials) -> Result<State, Illegal> {
        let Event::Opened(opened) = &entry.event else {
            return Err(Illegal::First { event: entry.event.name() });
        };
        let mut chain = Transcript::default();
        push(&mut chain, entry)?;
        opening::open(chain, opened, materials)
    }

    /// The state behind one more line.
    ///
    /// # Errors
    /// Why the step may not happen, or cannot have happened; this state stands.
    pub fn after(&self, entry: &Entry, materials: &dyn Materials) -> Result<State, Illegal> {
        self.clone().then(entry, materials)
    }

    /// As [`State::after`], for whoever needs this state no more: long chains are replayed without a copy for each line.
    ///
    /// # Errors
    /// As [`State::after`].
    pub fn then(mut self, entry: &Entry, materials: &dyn Materials) -> Result<State, Illegal> {
        self.check_place(&entry.event)?;
        push(Arc::make_mut(&mut self.chain), entry)?;
        self.take(&entry.event, materials)?;
        Ok(self)
    }

    /// The table: where the ceremony stands, and whether people are on a break.
    fn check_place(&self, event: &Event) -> Result<(), Illegal> {
        let name = event.name();
        if matches!(event, Event::Opened(_)) {
            return Err(Illegal::First { event: name });
        }
        if !phases(event).contains(&self.phase) {
            return Err(Illegal::Phase { event: name, phase: self.phase });
        }
        if self.room.on_break() && !phase::during_break(event) {
            return Err(Illegal::OnBreak { event: name });
        }
        Ok(())
    }

    fn take(&mut self, event: &Event, materials: &dyn Materials) -> Result<(), Illegal> {
        match event {
            Event::Opened(_) => Err(Illegal::First { event: event.name() }),
            Event::Sealed(sealed) => self.seal(sealed, materials),
            Event::DateStated(stated) => self.room.state_date(self.chain.count(), stated),
            Event::PersonPresent(present) => self.room.come(&present.person),
            Event::PersonLeft(left) => self.room.leave(&left.person),
            Event::TokenPrepared(prepared) => self.prepare(prepared),
            Event::KeyGenerated(generated) => self.generate(generated),
            Event::CardCompared(compared) => self.compare(compared, materials),
            Event::TokenSeen(seen) => self.see(seen),
            Event::ExceptionGranted(granted) => self.grant(granted),
            Event::Consented(consented) => self.consent(consented),
            Event::Declined(declined) => self.decline(declined),
            Event::SigningBegun(begun) => self.begin_signing(begun),
            Event::SignatureAdmitted(admitted) => self.admit(admitted),
            Event::SigningFailed(failed) => self.fail(failed),
            Event::TokenLocked(_) | Event::IncidentNoted(_) | Event::Remarked(_) | Event::Addendum(_) => {
                Ok(())
            }
            Event::BreakBegan(_) => {
                self.room.begin_break();
                Ok(())
            }
            Event::BreakEnded(_) => self.room.end_break(),
            Event::MachineChanged(changed) => self.take_over(changed),
            Event::BundleExported(exported) => self.export(exported),
            Event::BundleImported(imported) => self.import(imported, materials),
            Event::Replanned(replanned) => self.replan(replanned, materials),
            Event::Finalized(finalized) => self.finalize(finalized),
            Event::Aborted(_) => {
                self.phase = Phase::Aborted;
                Ok(())
            }
            Event::Closed(closed) => self.close(closed),
            Event::Countersigned(signed) => self.countersign(signed),
            Event::SetAside(aside) => self.set_aside(aside),
            Event::DevicesChanged(changed) => self.change_devices(changed.devices),
        }
    }
}
