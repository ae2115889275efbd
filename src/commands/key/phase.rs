//! The key phase of a ceremony's folder: what is made for which key of the plan, written down at once.

use std::path::PathBuf;

use serde::Serialize;
use tuf_ceremony::card::Card;
use tuf_ceremony::conduct::{NewFile, Step};
use tuf_ceremony::document::Document;
use tuf_ceremony::key::{Fingerprint, PublicKey};
use tuf_ceremony::keyset::Authority;
use tuf_ceremony::materials::Materials as _;
use tuf_ceremony::metadata::{Metadata, RoleType};
use tuf_ceremony::places;
use tuf_ceremony::state::Phase;
use tuf_ceremony::time::Moment;
use tuf_ceremony::transcript::event::{CardCompared, Event, KeyGenerated, TokenPrepared};

use crate::cli::KeyPhase;
use crate::commands::open::sealed;
use crate::commands::standing;
use crate::desk::keys::card::Whose;
use crate::desk::table::Table;
use crate::fault::Fault;
use crate::operator::clean::{identifier, quoted, quoted_path, visible_path};
use crate::operator::screen::Screen;
use crate::operator::wording::{ceremony, keys as said, planning};
use crate::report::columns::sentence;
use crate::report::{self, NAME};

/// A ceremony that waits for a key.
pub(in crate::commands) struct Waiting {
    table: Table,
    folder: PathBuf,
    key: String,
}

/// Where a ceremony stands after a step of its key phase, for scripts.
#[derive(Serialize)]
pub(in crate::commands) struct FolderFacts {
    folder: String,
    key: String,
    phase: &'static str,
    lines: u64,
    head: String,
    to_be_made: Vec<String>,
    drafts: Vec<String>,
}

impl Waiting {
    /// The ceremony's folder, if one was named; it must wait for this key.
    ///
    /// # Errors
    /// When it is over with its key phase, or the plan has no such key to be made.
    pub(in crate::commands) fn of(phase: KeyPhase) -> Result<Option<Waiting>, Fault> {
        let KeyPhase { into, key, access } = phase;
        let (Some(folder), Some(key)) = (into, key) else {
            if access.is_given() {
                return Err(Fault::usage(ceremony::FOR_FOLDERS).now(ceremony::LEAVE_THEM_OUT));
            }
            return Ok(None);
        };
        let (table, _) = Table::load(&access.to(folder.clone())?)?;
        let waiting: Vec<String> = table.state().cards_to_make().map(str::to_owned).collect();
        if table.state().phase() != Phase::Keys {
            let why = said::phase_is(table.state().phase().name());
            return Err(Fault::refused(said::NO_KEY_PHASE).because_of(why).now(ceremony::LOOK_AT_THE_STATUS));
        }
        if !waiting.contains(&key) {
            let sentence = said::not_to_be_made(&identifier(&key, NAME));
            return Err(Fault::refused(sentence).now(planning::name_one_of(&waiting.join(", "))));
        }
        Ok(Some(Waiting { table, folder, key }))
    }

    /// The ceremony's date.
    pub(super) fn date(&self) -> &Moment {
        self.table.state().date()
    }

    /// Who holds it and whether all is practice, as the plan says.
    pub(super) fn whose(&self) -> Whose {
        let plan = self.table.state().plan();
        let short = plan.keys.get(&self.key).map(|key| &key.holders);
        let full = |name: &String| plan.people.get(name).map(|person| person.name.clone());
        let holders = short.into_iter().flatten().filter_map(full).collect();
        Whose { holders, rehearsal: plan.rehearsal }
    }

    /// A key in a file serves a machine's role, or a rehearsal.
    ///
    /// # Errors
    /// For a key of a real root or of real targets.
    pub(super) fn allows_a_file(&self) -> Result<(), Fault> {
        let plan = self.table.state().plan();
        let guarded = ["root", "targets"];
        let roles = plan.root.iter().flat_map(|root| &root.roles);
        let mut guarding =
            roles.filter(|(role, wish)| guarded.contains(&role.as_str()) && wish.keys.contains(&self.key));
        if plan.rehearsal || guarding.next().is_none() {
            return Ok(());
        }
        let sentence = said::file_for_root(&identifier(&self.key, NAME));
        Err(Fault::refused(sentence).now(said::USE_A_TOKEN))
    }

    /// The key that was made for it here, if one was.
    pub(super) fn made(&self) -> Option<Fingerprint> {
        self.table.state().generated(&self.key).map(|made| made.fingerprint)
    }

    /// Under which other names the plan has this key, or it was made here.
    fn others_with(&self, print: Fingerprint) -> Vec<&String> {
        let state = self.table.state();
        let known = state.plan_keys();
        let holds = |name: &&String| {
            let made = state.generated(name).map(|made| made.fingerprint);
            [known.get(*name).copied(), made].contains(&Some(print))
        };
        state.plan().keys.keys().filter(|name| **name != self.key).filter(holds).collect()
    }

    /// A key that is another's already: under another name of the same role it would count twice, and another holder's it
    /// cannot be. Seen before any PIN, where it only takes the right token.
    ///
    /// # Errors
    /// When the plan has this key, or it was made here, under such a name.
    pub(super) fn is_free(&self, print: Fingerprint) -> Result<(), Fault> {
        let plan = self.table.state().plan();
        let others = self.others_with(print);
        let lists = |keys: &[String], name: &String| keys.contains(&self.key) && keys.contains(name);
        let together = |name: &String| {
            let roles = plan.root.iter().flat_map(|root| root.roles.values().map(|wish| &wish.keys));
            let targets = plan.targets.iter().chain(plan.delegated.values());
            let delegated = targets.flat_map(|wish| wish.delegations.values().map(|wish| &wish.keys));
            roles.chain(delegated).any(|keys| lists(keys, name))
        };
        let holders = |name: &str| plan.keys.get(name).map(|key| &key.holders);
        let clashes = |name: &&&String| holders(name) != holders(&self.key) || together(name);
        match others.iter().find(clashes) {
            None => Ok(()),
            Some(other) => {
                let whose = self.whose().holders.iter().map(|name| quoted(name, NAME)).collect::<Vec<_>>();
                let now = said::insert_the_token_of(&identifier(&self.key, NAME), &whose.join(", "));
                Err(Fault::refused(said::anothers_key(&identifier(other, NAME))).now(now))
            }
        }
    }

    /// A key that a new one in its slot would end: one of this ceremony under another name, or of the root before, which may
    /// have to sign what follows it.
    ///
    /// # Errors
    /// When it is such a key.
    pub(super) fn may_end(&self, print: Fingerprint) -> Result<(), Fault> {
        if let Some(name) = self.others_with(print).first() {
            return Err(Fault::refused(said::slot_holds(&identifier(name, NAME))).now(said::KEEP_THAT_KEY));
        }
        let root = &self.table.state().plan().predecessor.root;
        let root = root.as_ref().and_then(|file| self.table.materials().bytes(file.sha256));
        let root = root.and_then(|bytes| Document::read(bytes.into_owned()).ok());
        let root = root.and_then(|document| Metadata::of(document.into()).ok());
        let judged = |role: &RoleType| Authority::in_document(root.as_ref()?, role.name()).ok();
        let lists = |judge: Authority| {
            let mut keys = judge.members().iter().filter_map(|member| member.key.as_ref().ok());
            keys.any(|key| key.fingerprint() == print)
        };
        if RoleType::ALL.iter().filter_map(judged).any(lists) {
            return Err(Fault::refused(said::SLOT_HOLDS_ONE_OF_THE_ROOT).now(said::KEEP_THAT_KEY));
        }
        Ok(())
    }

    /// Writes down that the token for this key has its PINs.
    ///
    /// # Errors
    /// When the folder takes no more; the token stays as it is.
    pub(in crate::commands) fn prepared(&mut self, token: &str) -> Result<(), Fault> {
        let event = Event::TokenPrepared(TokenPrepared { key: self.key.clone(), token: token.to_owned() });
        self.table.take(&event.into())
    }

    /// Writes down that a key was made.
    ///
    /// # Errors
    /// When the folder takes no more; the key stays on its token.
    pub(super) fn generated(&mut self, public: &PublicKey, token: &str) -> Result<(), Fault> {
        let event = Event::KeyGenerated(KeyGenerated {
            fingerprint: public.fingerprint(),
            key: self.key.clone(),
            scheme: public.scheme().name().to_owned(),
            token: token.to_owned(),
        });
        self.table.take(&event.into())
    }

    /// Takes the card in; after the last one the drafts are sealed.
    ///
    /// # Errors
    /// When the card is not the plan's, or the drafts cannot be made with it; nothing is stored then.
    pub(super) fn compared(&mut self, card: &Card) -> Result<(), Fault> {
        let state = self.table.state();
        let path = places::card(&self.key, state.generation());
        let file = NewFile { path, bytes: card.written().into_bytes() };
        let event = Event::CardCompared(CardCompared { card: file.stored(), key: self.key.clone() });
        self.table.take_with(Step { files: vec![file], event }, sealed)
    }

    /// For scripts.
    pub(in crate::commands) fn facts(&self) -> FolderFacts {
        let state = self.table.state();
        FolderFacts {
            folder: visible_path(&self.folder).into_owned(),
            key: self.key.clone(),
            phase: state.phase().name(),
            lines: state.lines(),
            head: state.head().to_string(),
            to_be_made: state.cards_to_make().map(str::to_owned).collect(),
            drafts: state.drafts().map(|draft| draft.letter().to_owned()).collect(),
        }
    }

    /// For people: what is still to be made, or the drafts; then the head.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub(in crate::commands) fn tell(&self, screen: &mut Screen<'_>) -> Result<(), Fault> {
        let state = self.table.state();
        standing::mended(screen, &self.table)?;
        screen.line(&said::written_down(&quoted_path(&self.folder)))?;
        for key in state.cards_to_make() {
            sentence(screen, 2, &planning::still_to_be_made(key, state.generated(key).is_some()))?;
        }
        for draft in state.drafts() {
            sentence(screen, 2, &report::titled(draft.letter(), draft.part().draft()))?;
        }
        screen.blank()?;
        Ok(report::head(screen, state.lines(), state.head())?)
    }
}
