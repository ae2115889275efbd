//! Sentences on whose key is whose, and on the record of names.

/// How sure a name is: the keyholder wrote it down herself.
pub const BY_RECORD: &str = "by your record";
/// How sure a name is: a card whose proof the key made.
pub const BY_CARD: &str = "by a card with proof";
/// How sure a name is: the plan alone.
pub const BY_PLAN: &str = "only the plan says so";
/// How sure a name is: a field in the file.
pub const BY_FILE: &str = "only the file says so";
/// Who speaks: the keyholder's record.
pub const RECORD: &str = "your record";
/// Who speaks: a card.
pub const CARD: &str = "the card";
/// Who speaks: the plan.
pub const PLAN: &str = "the plan";
/// Who speaks: a field in the file.
pub const FILE: &str = "the file";
/// Some names of a page are only claims.
pub const SOME_CLAIMS: &str = "Where only the file says a name, nothing proves it.";
/// A mark: two sources contradict each other.
pub const DISAGREE: &str = "HOLDER UNCLEAR";

/// Names and how sure they are. `names` are cleaned.
pub fn named(names: &str, how: &str) -> String {
    format!("{names} ({how})")
}

/// What one source says. `names` are cleaned.
pub fn says(speaker: &str, names: &str) -> String {
    format!("{speaker} says {names}")
}

/// Two sources contradict each other.
pub fn unclear(said: &str) -> String {
    format!("! {DISAGREE}: {said}. Ask before you go on.")
}

/// Above the words of a new key.
pub fn hear_it(holder: Option<&str>) -> String {
    match holder {
        Some(holder) => {
            format!("Call {holder} at a number that you know. Do not read this out: hear it.")
        }
        None => "Ask whose key this is, and call there. Do not read this out: hear it.".to_owned(),
    }
}

/// A key that is no stranger.
pub const STOOD_BEFORE: &str = "The older version has this key already, for other roles.";

/// The two names of a replaced key come from two sources.
pub fn two_sources(old: &str, new: &str) -> String {
    format!("The name of the old key: {old}. Of the new key: {new}.")
}

/// A file that is no record of names.
pub fn bad_record(file: &str) -> String {
    format!("{file} is refused as a record of names.")
}

/// Advice: the record of names.
pub const MEND_YOUR_RECORD: &str =
    "Mend that line, or leave out --record: names are then only what others say.";
