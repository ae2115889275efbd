//! Whether a token is ready for a plan, before anybody travels: what is known without its PIN, judged here, each reason with
//! what to do. That the key really signs is shown by [`super::card::test`], once nothing else is in the way.

use std::collections::BTreeSet;

use tuf_ceremony::card::Card;
use tuf_ceremony::forecast::Side;
use tuf_ceremony::key::{Fingerprint, Scheme};
use tuf_ceremony::plan::{KeySource, Plan, PlanKey};
use tuf_ceremony::policy::Control;
use tuf_ceremony::seal::SealedPart;
use tuf_ceremony::signable::Signable;
use tuf_ceremony::time::Moment;

use super::Usable;
use crate::desk::in_words;
use crate::desk::online::is_root_or_targets;
use crate::token::{ModuleFacts, PinTries, SlotFacts, TokenFault, TokenUri};

/// One of the plan's keys, and all that the plan says of it.
#[derive(Clone, Copy)]
pub struct Asked<'p> {
    /// The plan.
    pub plan: &'p Plan,
    /// Its name of the key.
    pub name: &'p str,
    /// The key.
    pub key: &'p PlanKey,
    /// Its public half, as the plan or a predecessor gives it; none where that is not known.
    pub fingerprint: Option<Fingerprint>,
    /// Its card, if the plan names one.
    pub card: Option<&'p Card>,
    /// The plan's drafts; none where they cannot be made yet.
    pub drafts: Option<&'p [SealedPart]>,
    /// Whether the plan asks that a program may sign with it.
    pub excepted: bool,
    /// The day it is about, if one was given.
    pub date: Option<&'p Moment>,
}

/// A draft that the key would sign.
#[derive(Debug)]
pub struct ToSign<'p> {
    /// The draft.
    pub part: &'p SealedPart,
    /// Whose key it is there.
    pub sides: BTreeSet<Side>,
    /// Bytes that the token would be given or hash.
    pub bytes: u64,
    /// Whether the token has room for them, as far as it is known.
    pub fits: bool,
}

/// Whether the card's token is this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenMatch {
    /// It is.
    Same,
    /// It is another one.
    Other,
    /// Nothing to compare: the plan names no card, or the card no token.
    Untold,
}

/// Why the token is not ready.
#[derive(Debug)]
pub enum Reason {
    /// The key is still to be made.
    ToBeMade,
    /// The plan keeps it by a key id that none of its predecessors has.
    NotInPredecessor,
    /// The plan says that it cannot sign any more.
    Lost(String),
    /// The token does not show it.
    NotHere {
        /// What it shows, in words.
        present: Vec<String>,
    },
    /// Its card tells of another token.
    OtherToken {
        /// As the card names it.
        card: String,
    },
    /// The plan wants another scheme of this key.
    OtherScheme {
        /// The plan's.
        plan: Scheme,
        /// How the token signs.
        token: Scheme,
    },
    /// The token tells nothing of itself.
    Unreadable,
    /// It was never set up.
    NotSetUp,
    /// It has no user PIN yet.
    NoPin,
    /// Its PIN must be changed first.
    PinToBeChanged {
        /// Whether its token is a PIV card, which this program can change.
        is_piv: bool,
    },
    /// It takes no PIN any more.
    PinLocked {
        /// Whether its token is a PIV card, which this program can open again.
        is_piv: bool,
    },
    /// It is a program, and the plan does not ask for that.
    Software,
    /// The plan gives no drafts: what is wrong, and what to do.
    NoDrafts(String, &'static str),
    /// No draft is signed by this key.
    SignsNothing,
    /// A draft has no room in it.
    TooLong {
        /// The draft's letter.
        letter: String,
        /// The token's limit.
        fault: TokenFault,
    },
    /// Replies were due before that day.
    RepliesOver(Moment),
    /// The window closed before that day.
    WindowOver(Moment),
}

/// What was found without a PIN.
#[derive(Debug)]
pub struct Found<'p> {
    /// The key on the token.
    pub key: Option<Usable>,
    /// The scheme that the plan wants, where it is known.
    pub wanted: Option<Scheme>,
    /// Whether the card's token is this one.
    pub token: TokenMatch,
    /// What the key would sign.
    pub drafts: Vec<ToSign<'p>>,
    /// Why the token is not ready.
    pub reasons: Vec<Reason>,
}

/// Looks at everything that a PIN is not needed for. `key` is the one on the token with the plan's public half.
#[must_use]
pub fn look<'p>(asked: &Asked<'p>, module: &ModuleFacts, slot: &SlotFacts, key: Option<Usable>) -> Found<'p> {
    let mut reasons = Vec::new();
    reasons.extend(asked.key.lost.clone().map(Reason::Lost));
    if asked.fingerprint.is_none() {
        reasons.push(match asked.key.source() {
            KeySource::Kept(_) => Reason::NotInPredecessor,
            KeySource::Card(_) | KeySource::Public(_) => Reason::ToBeMade,
        });
    } else if key.is_none() {
        reasons.push(Reason::NotHere { present: slot.keys.iter().map(in_words).collect() });
    }
    let token = card_token(asked.card, module, slot);
    if let (TokenMatch::Other, Some(card)) = (token, asked.card.and_then(Card::token)) {
        reasons.push(Reason::OtherToken { card: card.to_owned() });
    }
    let wanted = scheme(asked);
    if let (Some(plan), Some(way)) = (wanted, key.as_ref().map(|key| key.scheme.in_metadata()))
        && plan != way
    {
        reasons.push(Reason::OtherScheme { plan, token: way });
    }
    reasons.extend(pin(slot));
    let drafts = to_sign(asked, slot, key.as_ref(), &mut reasons);
    let guarded = drafts.iter().any(|draft| is_root_or_targets(draft.part.part.draft()));
    if guarded && !asked.plan.rehearsal && !asked.excepted && slot.is_software() {
        reasons.push(Reason::Software);
    }
    reasons.extend(over(asked));
    Found { key, wanted, token, drafts, reasons }
}

/// Whether the plan asks that a program may sign with the key of this fingerprint, under whatever name of it.
#[must_use]
pub fn is_excepted(plan: &Plan, is_of: impl Fn(&str) -> bool) -> bool {
    plan.exceptions.iter().any(|asked| asked.control == Control::SoftwareToken && is_of(&asked.about))
}

fn card_token(card: Option<&Card>, module: &ModuleFacts, slot: &SlotFacts) -> TokenMatch {
    match card.and_then(Card::token) {
        None => TokenMatch::Untold,
        Some(uri) => match TokenUri::from_document(uri) {
            Ok(uri) if uri.fits_slot(module, slot) => TokenMatch::Same,
            _ => TokenMatch::Other,
        },
    }
}

/// What the plan wants: the card's or the file's scheme, else that under which the key stands where it is kept.
fn scheme(asked: &Asked<'_>) -> Option<Scheme> {
    let print = asked.fingerprint?;
    match (asked.card, asked.key.source()) {
        (Some(card), _) => Some(card.key().scheme()),
        (None, KeySource::Public(public)) => Some(public.scheme),
        _ => {
            let judges = asked.drafts?.iter().flat_map(|sealed| sealed.part.authorities());
            judges.filter_map(|judge| judge.key(print)).map(|key| key.scheme()).next()
        }
    }
}

fn pin(slot: &SlotFacts) -> Option<Reason> {
    let Some(token) = &slot.token else { return Some(Reason::Unreadable) };
    let is_piv = slot.is_piv();
    match token {
        token if !token.initialized => Some(Reason::NotSetUp),
        token if token.tries == PinTries::Locked => Some(Reason::PinLocked { is_piv }),
        token if !token.pin_initialized => Some(Reason::NoPin),
        token => token.pin_to_be_changed.then_some(Reason::PinToBeChanged { is_piv }),
    }
}

fn to_sign<'p>(
    asked: &Asked<'p>,
    slot: &SlotFacts,
    key: Option<&Usable>,
    reasons: &mut Vec<Reason>,
) -> Vec<ToSign<'p>> {
    let (Some(print), Some(drafts)) = (asked.fingerprint, asked.drafts) else { return Vec::new() };
    let mut found = Vec::new();
    for sealed in drafts {
        let draft = sealed.part.draft();
        let own = draft.metadata().payload();
        let judges = sealed.part.authorities().iter().filter(|judge| judge.key(print).is_some());
        let side = |document| if document == own { Side::New } else { Side::Old };
        let sides: BTreeSet<Side> = judges.map(|judge| side(judge.document())).collect();
        if sides.is_empty() {
            continue;
        }
        let signable = Signable::of(draft);
        let taken = key.map_or(Ok(()), |key| slot.takes(key.scheme, &signable));
        let fits = taken.is_ok();
        if let Err(fault) = taken {
            reasons.push(Reason::TooLong { letter: sealed.letter.clone(), fault });
        }
        found.push(ToSign { part: sealed, sides, bytes: signable.length(), fits });
    }
    if found.is_empty() {
        reasons.push(Reason::SignsNothing);
    }
    found
}

fn over(asked: &Asked<'_>) -> Vec<Reason> {
    let (Some(window), Some(date)) = (&asked.plan.window, asked.date) else { return Vec::new() };
    let replies = window.replies_by.iter().filter(|by| by.is_over_at(date)).cloned();
    let closed = Some(&window.closes).filter(|closes| closes.is_over_at(date)).cloned();
    replies.map(Reason::RepliesOver).chain(closed.map(Reason::WindowOver)).collect()
}
