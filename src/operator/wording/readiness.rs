//! Sentences on whether a token is ready for a plan (`key check --ready`).

/// Label of a fact.
pub const PLAN_KEY: &str = "plan's key";
/// Label of a fact.
pub const FOUND: &str = "found";
/// Label of a fact.
pub const CARD: &str = "card";
/// Label of a fact.
pub const PIN: &str = "PIN";
/// Label of a fact.
pub const WINDOW: &str = "window";
/// Label of a fact.
pub const REPLIES_BY: &str = "replies by";
/// Label of a fact.
pub const UNCHECKED: &str = "not checked";
/// The key is on the token.
pub const BY_PUBLIC_KEY: &str = "on this token, by its public key";
/// The token does not show the key, and its card names the token.
pub const BY_ITS_CARD: &str = "UNPROVEN: the serial in its card alone names this token";
/// The key is not on the token.
pub const NOT_FOUND: &str = "not on this token";
/// The card's token.
pub const SAME_TOKEN: &str = "its card tells of this token, serial and all";
/// The card's token.
pub const ANOTHER_TOKEN: &str = "its card tells of another token";
/// The card's token.
pub const NO_TOKEN_TOLD: &str = "the plan names no card that tells of a token, so nothing was compared";
/// A scheme that nobody knows yet.
pub const SCHEME_UNKNOWN: &str = "what the plan asks for is not known while its drafts cannot be made";
/// No day was given.
pub const NO_DAY: &str = "the day was not compared; --date gives it";
/// What is not tested.
pub const PROBE_LATER: &str = "whether the key signs: nothing was asked of it, since the token is not ready";
/// The last line.
pub const NOT_READY: &str = "NOT READY.";
/// The last line.
pub const READY: &str = "READY: this token can do its part in this plan.";
/// The last line.
pub const READY_SO_FAR: &str = "READY, as far as it can be told before the plan's drafts can be made.";
/// Whose token it is was not said.
pub const NO_SUCH_KEY: &str = "The plan has no key of that name.";
/// Several of her keys are there.
pub const SEVERAL_KEYS: &str = "This token holds several of her keys.";
/// Advice: her one key.
pub const NAME_THE_KEY: &str = "Check one after the other, with --key and the plan's name of it.";

/// Somebody without a key.
pub fn holds_no_key(name: &str) -> String {
    format!("{name} holds no key of this plan.")
}

/// The heading.
pub const HEADING: &str = "Is this token ready for this plan?";
/// Label of a fact.
pub const TOKEN: &str = "token";
/// Label of a fact.
pub const PLAN: &str = "plan";

/// A scheme that agrees.
pub fn scheme(name: &str) -> String {
    format!("{name}, as the plan asks")
}

/// What the plan asks for.
pub fn scheme_wanted(name: &str) -> String {
    format!("the plan asks for {name}")
}

/// A draft that it would sign.
pub fn signs(draft: &str, sides: &str, bytes: &str, fits: bool) -> String {
    let room =
        if fits { "no limit of this token is known to be in the way" } else { "more than this token takes" };
    format!("{draft}: signs {sides}; {bytes} bytes, {room}")
}

/// Whose signature it is; `root` for a root.
pub fn sides(old: bool, new: bool) -> &'static str {
    match (old, new) {
        (true, true) => "for the old and the new root",
        (false, true) => "for the new root",
        _ => "for the old root",
    }
}

/// Whose signature it is, for what is no root.
pub const FOR_ITS_ROLE: &str = "as one of the keys of its role";

/// Keys that are still to be made.
pub fn drafts_wait(keys: &str) -> String {
    format!(
        "the drafts, what the key signs in them, and their lengths: these keys are still to be made: {keys}"
    )
}

/// A window, and where a day stands in it.
pub fn window(opens: &str, closes: &str, day: &str) -> String {
    format!("{opens} to {closes}; {day}")
}

/// Where a day stands.
pub fn is_early(days: u64) -> String {
    format!("opens in {}", super::counted(days, "day", "days"))
}

/// Where a day stands.
pub const IS_OPEN: &str = "open on that day";
/// Where a day stands.
pub const IS_OVER: &str = "over on that day";
/// Where a day stands.
pub const IN_TIME: &str = "in time on that day";

/// A time, and where a day stands.
pub fn by(moment: &str, day: &str) -> String {
    format!("{moment}; {day}")
}

/// Why it is not ready.
pub fn not_ready(why: &str) -> String {
    format!("NOT READY: {why}")
}

/// What to do about it.
pub fn then_do(advice: &str) -> String {
    format!("now: {advice}")
}
