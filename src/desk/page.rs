//! What a signer reads in a ceremony's folder before she consents: which ceremony and draft, the danger before the other
//! changes, what she is asked to grant, which of her keys sign, and the digest last. It is told twice from the same state: to
//! her, and into the text that her consent binds.

use tuf_ceremony::metadata::{Metadata, RoleType};
use tuf_ceremony::policy::attested::Housed;
use tuf_ceremony::state::{DraftNow, State};
use tuf_ceremony::transcript::event::SealedFinding;

use super::signer::HeldKey;
use crate::operator::clean::{cell, identifier, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{self, ceremony as said, planning};
use crate::report::columns::{fact, sentence};
use crate::report::{self, CLAUSE, Comparison, NAME, Names, Review};

/// All that a page is told from.
pub(super) struct Page<'p> {
    pub state: &'p State,
    pub draft: DraftNow<'p>,
    pub own: Option<&'p Metadata>,
    pub names: &'p Names,
    pub keys: &'p [&'p HeldKey],
}

impl Page<'_> {
    /// The page as plain text: what is kept with her consent.
    pub(super) fn text(&self) -> Result<Vec<u8>, ScreenFault> {
        let mut text = Vec::new();
        self.show(&mut Screen::onto(&mut text, false))?;
        Ok(text)
    }

    pub(super) fn show(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        self.opening(screen)?;
        report::review_here(screen, self.draft.part(), self.own.is_some(), self.names)?;
        screen.blank()?;
        self.against_her_own(screen)?;
        self.exceptions(screen)?;
        self.homes(screen)?;
        self.her_keys(screen)?;
        self.digest(screen)
    }

    /// Its pages one by one, but for those of this one.
    pub(super) fn review(&self) -> Review<'_> {
        Review::here(self.draft.part(), self.own.is_some(), self.names)
    }

    /// Which ceremony and draft.
    pub(super) fn opening(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let (state, part) = (self.state, self.draft.part());
        let metadata = part.draft().metadata();
        let role = identifier(part.draft().role(), NAME);
        screen.heading(&wording::asked_to_sign(&role, metadata.version()))?;
        fact(screen, said::TITLE, &quoted(&state.plan().title, NAME))?;
        fact(screen, planning::KIND, &planning::kind(state.plan().kind.name(), state.opened().rehearsal))?;
        fact(screen, said::CEREMONY, &state.ceremony().to_string())?;
        fact(screen, wording::DRAFT, self.draft.letter())?;
        screen.blank()
    }

    /// The digest, whole.
    pub(super) fn digest(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        self.digest_under(wording::COMPARE_THE_DIGEST, screen)
    }

    /// The digest under another heading, for whoever has nothing to compare it with.
    pub(super) fn digest_under(&self, heading: &str, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        screen.heading(heading)?;
        report::digest(screen, self.draft.payload())?;
        screen.blank()
    }

    /// The way from a root of hers that is older than the one before this draft: what changed since she looked last.
    pub(super) fn against_her_own(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let Some(since) = self.since_her_own() else { return Ok(()) };
        screen.heading(&wording::since_your_own(since.old.version()))?;
        report::danger(screen, since.new, Some(&since), &[], true)?;
        screen.blank()?;
        report::changes(screen, &since, false)?;
        screen.blank()
    }

    /// Whether a root of hers is older than the one before this draft.
    pub(super) fn has_her_own(&self) -> bool {
        self.since_her_own().is_some()
    }

    fn since_her_own(&self) -> Option<Comparison<'_>> {
        let (part, own) = (self.draft.part(), self.own?);
        let new = part.draft().metadata();
        let before = part.predecessor().map(Metadata::payload);
        if new.role_type() != RoleType::Root || before == Some(own.payload()) {
            return None;
        }
        // A root of hers from which the way to this draft begins has the shape of one.
        Comparison::of(own, new, self.names, false).ok()
    }

    /// What the plan asks her to grant.
    pub(super) fn exceptions(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let asked: Vec<&SealedFinding> = self.draft.exceptions().collect();
        if asked.is_empty() {
            return Ok(());
        }
        screen.heading(wording::EXCEPTIONS_ASKED)?;
        for (number, found) in (1..).zip(asked) {
            let about = cell(&found.about, NAME);
            sentence(screen, 2, &wording::exception_asked(number, found.control.code(), &about))?;
            sentence(screen, 4, &cell(&found.says, CLAUSE))?;
            for reason in self.draft.reasons(found) {
                sentence(screen, 4, &wording::exception_reason(&quoted(reason, CLAUSE)))?;
            }
        }
        screen.blank()
    }

    /// Where the keys live that PIV cards are said to hold: all that the plan gives to a root, else those that may sign.
    pub(super) fn homes(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let part = self.draft.part();
        let is_root = part.draft().metadata().role_type() == RoleType::Root;
        let concerns =
            |housed: &&Housed| is_root || part.authorities().iter().any(|a| a.key(housed.key).is_some());
        let homes: Vec<Housed> = self.names.homes().iter().filter(concerns).cloned().collect();
        if homes.is_empty() {
            return Ok(());
        }
        report::attested::homes(screen, &homes)?;
        screen.blank()
    }

    /// Her keys that would sign, and for whom.
    pub(super) fn her_keys(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        self.keys.iter().try_for_each(|key| self.key(screen, key))
    }

    fn key(&self, screen: &mut Screen<'_>, held: &HeldKey) -> Result<(), ScreenFault> {
        screen.heading(&wording::your_key(&held.kind, held.labelled().as_deref()))?;
        screen.line(&wording::fingerprint_line(&held.key.to_string()))?;
        super::counts_for(screen, self.draft.part(), held.key)?;
        screen.blank()
    }
}
