//! Why a token is not ready for a plan, in words, and what to do about each.

use crate::desk::keys::ready::Reason;
use crate::operator::wording::{self, tokens};

/// A reason: a word for scripts, a sentence, and one thing to do. `quoted` cleans what others wrote.
pub(super) fn reason(
    reason: &Reason,
    quoted: impl Fn(&str) -> String,
) -> (&'static str, String, &'static str) {
    match reason {
        Reason::ToBeMade => (
            "key-to-be-made",
            "The key is still to be made.".into(),
            "Make it and its card in the ceremony's key phase.",
        ),
        Reason::NotInPredecessor => (
            "key-unknown",
            "The plan keeps this key, and no document before has that key id.".into(),
            "Ask the security officer to mend the plan.",
        ),
        Reason::Lost(why) => (
            "key-lost",
            format!("The plan says that this key cannot sign any more: {}.", quoted(why)),
            "Do not travel for this key; ask the security officer who signs instead.",
        ),
        Reason::NotHere { present } if present.is_empty() => (
            "key-not-on-token",
            "This token does not show the plan's key, nor any other without a PIN.".into(),
            "Insert the token that holds it; `conclave tokens` shows what each holds.",
        ),
        Reason::NotHere { present } => (
            "key-not-on-token",
            format!("This token does not show the plan's key; it holds: {}.", present.join("; ")),
            "Insert the token that holds it; `conclave tokens` shows what each holds.",
        ),
        Reason::OtherToken { card } => (
            "another-token",
            format!("The card in the plan tells of another token: {}.", quoted(card)),
            "Bring the token of the card; or make a new card on this one, and have a plan reviewed that names it.",
        ),
        Reason::OtherScheme { plan, token } => (
            "another-scheme",
            format!("The plan asks this key for {}, and the token signs by {}.", plan.name(), token.name()),
            "Ask the security officer for a plan with a key of a scheme that tokens sign by.",
        ),
        Reason::Unreadable => (
            "token-unreadable",
            "The token tells nothing of itself.".into(),
            "Take it out and put it in again; if that does not help, use another module.",
        ),
        Reason::NotSetUp => (
            "token-not-set-up",
            "The token was never set up: it holds no PIN and no keys.".into(),
            "Set it up with its own tool, or insert the token that you meant.",
        ),
        Reason::NoPin => (
            "pin-not-set",
            "The token has no user PIN yet.".into(),
            "Set a user PIN with the token's own tool.",
        ),
        Reason::PinToBeChanged { is_piv } => (
            "pin-to-be-changed",
            "The token wants its PIN changed first.".into(),
            tokens::change_the_pin(*is_piv),
        ),
        Reason::PinLocked { is_piv } => {
            ("pin-locked", "The PIN of this token is locked.".into(), tokens::unblock(*is_piv))
        }
        Reason::Software => ("software-token", wording::SOFTWARE_TOKEN.into(), wording::DEVICE_OR_EXCEPTION),
        Reason::NoDrafts(why, now) => ("no-drafts", format!("The plan gives no drafts: {why}."), now),
        Reason::SignsNothing => (
            "signs-nothing",
            "No draft of this plan is signed by this key.".into(),
            "Do not travel for it; check with the security officer which key is meant.",
        ),
        Reason::TooLong { letter, fault } => (
            "too-long",
            format!("Draft {letter} has no room in this token: {fault}."),
            "Have a plan reviewed in which an ECDSA or RSA key signs it, or which splits it into hash bins.",
        ),
        Reason::RepliesOver(by) => (
            "replies-over",
            format!("Replies were due by {}.", by.spelled()),
            "Ask the security officer whether a reply still counts, before you travel.",
        ),
        Reason::WindowOver(closes) => (
            "window-over",
            format!("The window of this plan closes at {}.", closes.spelled()),
            "Ask the security officer for a plan with a window that is still open.",
        ),
    }
}
