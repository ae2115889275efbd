//! What she is told of a draft, one thing at a time, and the text that her consent binds: exactly that, in the order in which she
//! saw it, with what she asked to see again or in full.

use super::answers::{self, Turn};
use crate::desk::attention::Attention;
use crate::desk::page::Page;
use crate::operator::paging;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{changes, visiting as said};
use crate::report::Review;
use crate::report::columns::sentence;

/// Dangerous changes that are named once more right before her consent: as many as leave the question on the same screen.
const NAMED_AGAIN: usize = 6;

/// Rows of the question whether something was seen.
const QUESTION: usize = 1;
/// Rows of the question for her consent.
const CONSENT: usize = 3;

/// What she was told until now.
#[derive(Default)]
pub(super) struct Reading {
    text: Vec<u8>,
}

/// One thing that is acknowledged by itself.
#[derive(Clone, Copy)]
enum Item {
    /// All that it says, where nothing proven stands before it.
    Whole,
    /// One dangerous change.
    Danger(usize),
    /// All that changed since her own root.
    SinceHerOwn,
}

impl Reading {
    /// The text, for her consent to bind.
    pub(super) fn text(&self) -> Vec<u8> {
        self.text.clone()
    }

    /// Tells something, to her and into the text.
    pub(super) fn tell(
        &mut self,
        screen: &mut Screen<'_>,
        told: impl Fn(&mut Screen<'_>) -> Result<(), ScreenFault>,
    ) -> Result<(), ScreenFault> {
        told(&mut Screen::onto(&mut self.text, false))?;
        told(screen)
    }

    /// The same on one page, with `below` rows for the question behind it, where one page has room for it.
    fn tell_together(
        &mut self,
        screen: &mut Screen<'_>,
        below: usize,
        told: impl Fn(&mut Screen<'_>) -> Result<(), ScreenFault>,
    ) -> Result<(), ScreenFault> {
        let mut text = Vec::new();
        told(&mut Screen::onto(&mut text, false))?;
        let rows = text.iter().filter(|byte| **byte == b'\n').count();
        if !paging::keeps_together(rows + below) {
            return Err(ScreenFault::Left);
        }
        self.text.extend(text);
        told(screen)
    }

    /// The whole draft but its digest: what decides trust item by item, then the rest, then as much of it as she wants.
    pub(super) fn of(&mut self, page: &Page<'_>, with: &mut Attention<'_, '_>) -> Result<(), Turn> {
        let review = page.review();
        self.tell(with.screen, |screen| page.opening(screen))?;
        self.items(page, &review, with)?;
        self.tell(with.screen, |screen| {
            review.changes(screen, false)?;
            if !review.is_all_new() {
                review.document(screen, false)?;
            }
            review.standing(screen, false)?;
            review.findings(screen, false)?;
            page.exceptions(screen)?;
            page.homes(screen)?;
            page.her_keys(screen)
        })?;
        loop {
            let choices = [said::GO_ON, said::EVERYTHING, said::DECLINE, said::STOP];
            match answers::pick(said::SEEN_IT_ALL, choices, with)? {
                0 => return Ok(()),
                1 => self.tell(with.screen, |screen| {
                    review.document(screen, true)?;
                    review.changes(screen, true)?;
                    review.standing(screen, true)?;
                    review.findings(screen, true)
                })?,
                2 => return Err(Turn::Decline),
                _ => return Err(Turn::Stop),
            }
        }
    }

    fn items(
        &mut self,
        page: &Page<'_>,
        review: &Review<'_>,
        with: &mut Attention<'_, '_>,
    ) -> Result<(), Turn> {
        let dangers = review.dangers();
        let mut items: Vec<Item> = Vec::new();
        items.extend(review.is_all_new().then_some(Item::Whole));
        items.extend((0..dangers.count()).map(Item::Danger));
        items.extend(page.has_her_own().then_some(Item::SinceHerOwn));
        self.tell(with.screen, |screen| {
            dangers.head(screen)?;
            screen.blank()
        })?;
        if items.len() > 1 {
            sentence(with.screen, 0, &said::one_by_one(items.len()))?;
            with.screen.blank()?;
        }
        for (number, item) in (1..).zip(items.iter().copied()) {
            loop {
                self.tell_together(with.screen, QUESTION, |screen| {
                    screen.line(&said::item_of(number, items.len()))?;
                    match item {
                        Item::Whole => review.document(screen, false),
                        Item::Danger(at) => dangers.tell(screen, at, true),
                        Item::SinceHerOwn => page.against_her_own(screen),
                    }
                })?;
                if answers::acknowledged(with)? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// In a few lines what she is about to agree to, on the screen on which she is asked.
    pub(super) fn before_consent(
        &mut self,
        page: &Page<'_>,
        with: &mut Attention<'_, '_>,
    ) -> Result<(), Turn> {
        let review = page.review();
        let dangers = review.dangers();
        self.tell_together(with.screen, CONSENT, |screen| {
            screen.heading(&said::once_more(page.draft.letter()))?;
            for at in 0..dangers.count().min(NAMED_AGAIN) {
                dangers.headline(screen, at)?;
            }
            match dangers.count().saturating_sub(NAMED_AGAIN) {
                0 if dangers.count() == 0 && review.is_all_new() => sentence(screen, 2, said::ALL_OF_IT_NEW)?,
                0 if dangers.count() == 0 => screen.line(changes::NO_DANGER)?,
                0 => {}
                more => sentence(screen, 2, &said::and_more_acknowledged(more))?,
            }
            review.counts(screen)?;
            screen.blank()
        })?;
        Ok(())
    }
}
