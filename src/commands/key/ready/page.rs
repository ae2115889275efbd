//! Whether a token is ready for a plan, for people and for scripts.

use std::path::Path;

use serde::Serialize;
use tuf_ceremony::attestation::Attested;
use tuf_ceremony::forecast::Side;
use tuf_ceremony::metadata::RoleType;
use tuf_ceremony::time::Moment;

use super::reason::reason;
use crate::desk::keys::ready::{Asked, Found, Reason, ToSign, TokenMatch};
use crate::operator::clean::{identifier, quoted, visible_path};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{grouped, key_on_token, keys, readiness as said};
use crate::report::attested::{self, AttestedFacts};
use crate::report::columns::{fact, sentence};
use crate::report::{CLAUSE, NAME, fingerprint, titled};
use crate::token::{Showing, SlotFacts};

/// What was asked and found.
pub(super) struct Page<'p> {
    /// The plan's key.
    pub(super) asked: &'p Asked<'p>,
    /// What is known of it.
    pub(super) found: &'p Found<'p>,
    /// The token.
    pub(super) slot: &'p SlotFacts,
    /// The plan's keys that are still to be made.
    pub(super) waiting: &'p [String],
    /// What the plan's card shows of the key's home, if that is a PIV card.
    pub(super) home: Option<&'p Attested>,
}

impl Page<'_> {
    /// Everything that is known without a PIN, and each reason why the token is not ready.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub(super) fn tell(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let Page { asked, found, slot, waiting, home } = self;
        screen.heading(said::HEADING)?;
        fact(screen, said::TOKEN, &slot.name().to_string())?;
        fact(screen, said::PLAN, &quoted(&asked.plan.title, NAME))?;
        fact(screen, said::PLAN_KEY, &identifier(asked.name, NAME))?;
        // A ready token's test shows it.
        if let Some(print) = asked.fingerprint.filter(|_| !found.reasons.is_empty()) {
            fingerprint(screen, print)?;
        }
        fact(screen, said::FOUND, &self.found_in_words())?;
        fact(
            screen,
            said::CARD,
            match found.token {
                TokenMatch::Same => said::SAME_TOKEN,
                TokenMatch::Other => said::ANOTHER_TOKEN,
                TokenMatch::Untold => said::NO_TOKEN_TOLD,
            },
        )?;
        let way = found.key.as_ref().map(|key| key.scheme.in_metadata());
        match found.wanted {
            Some(wanted) if way == Some(wanted) => {
                fact(screen, keys::SCHEME, &said::scheme(wanted.name()))?;
            }
            Some(wanted) => fact(screen, keys::SCHEME, &said::scheme_wanted(wanted.name()))?,
            None => fact(screen, keys::SCHEME, said::SCHEME_UNKNOWN)?,
        }
        if let Some(token) = &slot.token {
            fact(screen, said::PIN, &token.tries.to_string())?;
        }
        home.map_or(Ok(()), |home| attested::home(screen, home))?;
        for draft in &found.drafts {
            sentence(screen, 2, &self.draft(draft))?;
        }
        self.window(screen)?;
        if !waiting.is_empty() {
            let names: Vec<String> = waiting.iter().map(|name| identifier(name, NAME)).collect();
            fact(screen, said::UNCHECKED, &said::drafts_wait(&names.join(", ")))?;
        }
        if !found.reasons.is_empty() {
            fact(screen, said::UNCHECKED, said::PROBE_LATER)?;
        }
        for why in &found.reasons {
            let (_, says, now) = reason(why, |text| quoted(text, CLAUSE));
            screen.blank()?;
            sentence(screen, 2, &said::not_ready(&says))?;
            sentence(screen, 2, &said::then_do(now))?;
        }
        Ok(())
    }

    /// The last line; a ready token's key has signed its test by then.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub(super) fn verdict(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        screen.blank()?;
        if self.found.reasons.is_empty() {
            screen.line(&keys::token_signs(&self.slot.name().to_string()))?;
        }
        screen.line(match (self.found.reasons.is_empty(), self.waiting.is_empty()) {
            (false, _) => said::NOT_READY,
            (true, true) => said::READY,
            (true, false) => said::READY_SO_FAR,
        })
    }

    fn found_in_words(&self) -> String {
        match &self.found.key {
            None => said::NOT_FOUND.to_owned(),
            Some(key) => {
                let named = key_on_token(&key.public.kind(), &quoted(&key.on_token.label, NAME));
                let by = if key.showing == Showing::Shown { said::BY_PUBLIC_KEY } else { said::BY_ITS_CARD };
                format!("{named}, {by}")
            }
        }
    }

    fn draft(&self, draft: &ToSign<'_>) -> String {
        let made = draft.part.part.draft();
        let is_root = made.metadata().role_type() == RoleType::Root;
        let has = |side| draft.sides.contains(&side);
        let sides = if is_root { said::sides(has(Side::Old), has(Side::New)) } else { said::FOR_ITS_ROLE };
        said::signs(&titled(&draft.part.letter, made), sides, &grouped(draft.bytes), draft.fits)
    }

    fn window(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let Some(window) = &self.asked.plan.window else { return Ok(()) };
        let day = self.asked.date;
        let is_over = |moment: &Moment| day.is_some_and(|day| moment.is_over_at(day));
        let stands = match day {
            None => said::NO_DAY.to_owned(),
            Some(_) if is_over(&window.closes) => said::IS_OVER.to_owned(),
            Some(day) => match u64::try_from(window.opens.days_since(day)) {
                Ok(days) if days > 0 => said::is_early(days),
                _ => said::IS_OPEN.to_owned(),
            },
        };
        fact(screen, said::WINDOW, &said::window(window.opens.spelled(), window.closes.spelled(), &stands))?;
        let Some(by) = &window.replies_by else { return Ok(()) };
        let stands = match day {
            None => said::NO_DAY,
            Some(_) if is_over(by) => said::IS_OVER,
            Some(_) => said::IN_TIME,
        };
        fact(screen, said::REPLIES_BY, &said::by(by.spelled(), stands))
    }
}

/// The same for scripts.
#[derive(Serialize)]
pub(super) struct Facts {
    plan: String,
    key: String,
    fingerprint: Option<String>,
    token: String,
    on_token: bool,
    /// How the key was recognised before the PIN: by its `public-key`, or by its `card` alone.
    found_by: Option<&'static str>,
    card_token: &'static str,
    scheme: Option<&'static str>,
    pin: Option<String>,
    drafts: Vec<DraftFacts>,
    keys_to_be_made: Vec<String>,
    date: Option<String>,
    tested: bool,
    reasons: Vec<ReasonFacts>,
    ready: bool,
    /// What the plan's card shows of the key's home, if that is a PIV card.
    attestation: Option<AttestedFacts>,
}

#[derive(Serialize)]
struct DraftFacts {
    letter: String,
    role: String,
    version: u64,
    sides: Vec<&'static str>,
    bytes: u64,
    fits: bool,
}

#[derive(Serialize)]
struct ReasonFacts {
    code: &'static str,
    says: String,
    now: &'static str,
}

impl Facts {
    /// Of a page; a token that is ready was tested.
    #[must_use]
    pub(super) fn of(plan: &Path, page: &Page<'_>) -> Facts {
        let Page { asked, found, slot, waiting, home } = page;
        let side = |side: &Side| match side {
            Side::Old => "old",
            Side::New => "new",
        };
        let draft = |draft: &ToSign<'_>| DraftFacts {
            letter: draft.part.letter.clone(),
            role: draft.part.part.draft().role().to_owned(),
            version: draft.part.part.draft().metadata().version(),
            sides: draft.sides.iter().map(side).collect(),
            bytes: draft.bytes,
            fits: draft.fits,
        };
        let told = |why: &Reason| {
            let (code, says, now) = reason(why, |text| quoted(text, CLAUSE));
            ReasonFacts { code, says, now }
        };
        let tested = found.reasons.is_empty();
        Facts {
            plan: visible_path(plan).into_owned(),
            key: asked.name.to_owned(),
            fingerprint: asked.fingerprint.map(|print| print.to_string()),
            token: slot.name().to_string(),
            // What a card alone says is not seen before the key has signed.
            on_token: found.key.as_ref().is_some_and(|key| key.showing == Showing::Shown || tested),
            found_by: found.key.as_ref().map(|key| match key.showing {
                Showing::Shown => "public-key",
                Showing::Named => "card",
            }),
            card_token: match found.token {
                TokenMatch::Same => "same",
                TokenMatch::Other => "another",
                TokenMatch::Untold => "untold",
            },
            scheme: found.wanted.map(|scheme| scheme.name()),
            pin: slot.token.as_ref().map(|token| token.tries.to_string()),
            drafts: found.drafts.iter().map(draft).collect(),
            keys_to_be_made: waiting.to_vec(),
            date: asked.date.map(|date| date.spelled().to_owned()),
            tested,
            reasons: found.reasons.iter().map(told).collect(),
            ready: tested,
            attestation: home.map(AttestedFacts::of),
        }
    }
}
