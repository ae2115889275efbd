//! What a signer in a ceremony's folder is told of a draft, page by page, for somebody who is led through it one question at a
//! time. [`review_here`](super::review_here) tells the same pages in one piece.

use tuf_ceremony::bundle::Part;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::policy::{self, Finding};

use super::columns::sentence;
use super::names::Unclear;
use super::sheet::standing_here;
use super::{Comparison, Dangers, Names, Standing, changes, document, findings, tallies};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{changes as said, pages, standing as standing_said};

/// The pages of one draft.
pub struct Review<'p> {
    part: &'p Part,
    names: &'p Names,
    standing: Standing,
    findings: Vec<Finding>,
    comparison: Option<Comparison<'p>>,
    unclear: Vec<Unclear>,
}

impl<'p> Review<'p> {
    /// Of a draft; `own` says whether the keyholder gave a root of her own, from which what judges it was seen to follow.
    #[must_use]
    pub fn here(part: &'p Part, own: bool, names: &'p Names) -> Review<'p> {
        let (metadata, standing) = (part.draft().metadata(), standing_here(part, own));
        // A part was taken in with documents of the right shapes.
        let findings = policy::shown(metadata).unwrap_or_default();
        let comparison = compared(part, names, false);
        let documents: Vec<&Metadata> = [metadata].into_iter().chain(part.predecessor()).collect();
        let unclear = names.unclear_in(&documents, &standing);
        Review { part, names, standing, findings, comparison, unclear }
    }

    /// What decides trust, item by item.
    #[must_use]
    pub fn dangers(&self) -> Dangers<'_, 'p> {
        Dangers::of(self.part.draft().metadata(), self.comparison.as_ref(), &self.unclear)
    }

    /// Whether nothing proven stands before it, so that every line of it is new to her.
    #[must_use]
    pub fn is_all_new(&self) -> bool {
        self.comparison.is_none() || !self.part.predecessor_is_proven()
    }

    /// What it says, and whether what it is compared with is proven.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn document(&self, screen: &mut Screen<'_>, all: bool) -> Result<(), ScreenFault> {
        document(screen, self.part.draft().metadata(), self.names, all)?;
        screen.blank()?;
        if !self.part.predecessor_is_proven() {
            sentence(screen, 2, said::UNPROVEN)?;
            screen.blank()?;
        }
        Ok(())
    }

    /// The changes that decide no trust; `all` leaves none off.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn changes(&self, screen: &mut Screen<'_>, all: bool) -> Result<(), ScreenFault> {
        let whole = if all { compared(self.part, self.names, true) } else { None };
        let comparison = whole.as_ref().or(self.comparison.as_ref());
        if let Some(comparison) = comparison.filter(|comparison| !comparison.is_same()) {
            changes(screen, comparison, all)?;
            screen.blank()?;
        }
        Ok(())
    }

    /// Who signed.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn standing(&self, screen: &mut Screen<'_>, all: bool) -> Result<(), ScreenFault> {
        tallies::standing(screen, &self.standing, self.names, all)?;
        screen.blank()
    }

    /// What is odd.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn findings(&self, screen: &mut Screen<'_>, all: bool) -> Result<(), ScreenFault> {
        screen.heading(pages::WHAT_IS_ODD)?;
        findings(screen, &self.findings, all)?;
        screen.blank()
    }

    /// How many of how many have signed, a line for each side.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn counts(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        for sided in &self.standing.sides {
            let judge = tallies::judge(sided, self.standing.sides.len() > 1, self.names);
            let tally = &sided.tally;
            sentence(screen, 2, &standing_said::tally(&judge, tally.valid(), tally.threshold))?;
        }
        Ok(())
    }
}

fn compared<'p>(part: &'p Part, names: &'p Names, all: bool) -> Option<Comparison<'p>> {
    let old = part.predecessor()?;
    Comparison::of(old, part.draft().metadata(), names, all).ok()
}
