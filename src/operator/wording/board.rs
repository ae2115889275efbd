//! What is always on screen while a ceremony is guided: short, because a question stands below it on the same page.

use tuf_ceremony::forecast::Out;

use super::counted;

/// A label: the title.
pub const CEREMONY: &str = "Ceremony";
/// Not in earnest.
pub const A_REHEARSAL: &str = "a REHEARSAL";
/// In earnest.
pub const REAL: &str = "a real ceremony";
/// What kind of ceremony it is, and how far its transcript is.
pub fn kind_and_head(kind: &str, mark: &str, lines: u64, head: &str) -> String {
    format!("{kind}, {mark}; line {lines}, head {head}...")
}
/// A label: the steps behind.
pub const DONE: &str = "done";
/// A label: the step at hand.
pub const NOW: &str = "now";
/// A label: the steps ahead.
pub const TO_DO: &str = "to do";
/// A label: people who said that they are here.
pub const SAID_HERE: &str = "said here";
/// A label: people who left.
pub const GONE: &str = "gone";
/// A label: keys that are still to be made.
pub const TO_MAKE: &str = "no key yet";
/// A label: keys that are made and have no card yet.
pub const TO_CARD: &str = "no card yet";
/// A label: keys on PIV cards that are not proven to live in hardware.
pub const UNPROVEN: &str = "unproven";
/// A label: keys on PIV cards of whose firmware the maker warns.
pub const WARNED_OF: &str = "maker warns";
/// Nobody said so.
pub const NOBODY_SAID: &str = "nobody yet";
/// Nobody.
pub const NOBODY: &str = "nobody";
/// No step.
pub const NO_STEP: &str = "nothing";

/// A step: the machine, and the date on the wall.
pub const MACHINE_AND_CLOCK: &str = "machine and clock";
/// A step: who is there.
pub const PEOPLE: &str = "people";
/// A step: new keys.
pub const KEYS: &str = "keys";
/// A step: the heart of it.
pub const READING_AND_SIGNING: &str = "reading and signing";
/// A step: final files.
pub const FINAL_FILES: &str = "final files";
/// A step: the end.
pub const CLOSE: &str = "close";
/// A step: signatures over the head.
pub const COUNTERSIGNATURES: &str = "countersign";
/// A step: the other side of the air gap.
pub const PUBLICATION: &str = "publish";

/// The end without its goal.
pub const ABORTED: &str = "The ceremony was ABORTED: nothing of it may be published. Keep this folder.";

/// A person by both her names. Both are cleaned.
pub fn person(full: &str, short: &str) -> String {
    format!("{full} ({short})")
}

/// A pause.
pub fn on_a_break(line: u64, by: &str, text: &str) -> String {
    format!("ON A BREAK since line {line}, says {by}: {text}")
}

/// A list that was cut.
pub fn and_more(more: usize) -> String {
    format!("and {more} more")
}

/// A list for which there is no room.
pub fn in_all(count: usize) -> String {
    format!("{count} in all")
}

/// One draft, before where it stands.
pub fn draft(letter: &str, role: &str, version: u64) -> String {
    format!("{letter}  {role} version {version}: ")
}
/// A draft that waits.
pub const NOT_ENOUGH: &str = "not enough signatures yet";
/// A draft that could be final.
pub const ENOUGH: &str = "enough signatures, not final yet";
/// A draft beyond reach.
pub const OUT_OF_REACH: &str = "CANNOT BE COMPLETED by those who are left";
/// A draft of a ceremony that is over.
pub const NEVER_FINAL: &str = "it never became final";

/// Before the drafts that are final.
pub const FINAL: &str = "Final: ";
/// A draft that is final.
pub fn final_draft(letter: &str, role: &str, version: u64) -> String {
    format!("{letter} {role} {version}")
}

/// A side: the root itself.
pub const NEW_ROOT: &str = "new root: ";
/// A side: the root before.
pub const OLD_ROOT: &str = "old root: ";

/// How far one side is.
pub fn so_far(valid: u64, needed: u64) -> String {
    if valid > needed {
        format!("{valid} signed, {needed} needed")
    } else {
        format!("{valid} of {needed} signed")
    }
}
/// Before those who can still sign.
pub const CAN_SIGN: &str = "; can sign: ";
/// One side is satisfied.
pub const SIDE_ENOUGH: &str = "; enough";
/// The only side is satisfied.
pub const ENOUGH_ALONE: &str = "; enough, not final yet";
/// What may still go wrong, or how many are missing.
pub fn margin(margin: i64) -> String {
    match margin {
        missing @ ..=-1 => format!("; CANNOT BE MET: {} missing", missing.unsigned_abs()),
        0 => "; margin 0: nobody may fail".to_owned(),
        1 => "; margin 1: one may fail".to_owned(),
        more => format!("; margin {more}: {more} may fail"),
    }
}

/// The same where there is little room.
pub fn short_margin(margin: i64) -> String {
    match margin {
        ..=-1 => self::margin(margin),
        more => format!("; margin {more}"),
    }
}

/// Before those who are not counted on.
pub const NOT_COUNTED_ON: &str = "not counted on: ";
/// Somebody who is not counted on, with the plan's name of the key.
pub fn not_counted_on(who: &str, key: &str, why: Out) -> String {
    let why = match why {
        // Whoever lost one may have another.
        Out::Lost => return format!("the key {key} (lost)"),
        Out::Locked => "token locked",
        Out::Declined => "DECLINED",
        Out::Left => "left",
        Out::Absent => "absent",
        Out::Unannounced => "not announced",
    };
    format!("{who} ({why})")
}
/// Keys that the plan gives to nobody.
pub fn unplanned(count: usize) -> String {
    counted(count as u64, "key that the plan gives to nobody", "keys that the plan gives to nobody")
}
/// What helps where too few are left.
pub const ONE_OF_THESE_OR_REPLAN: &str = "What helps: one of these after all, or another plan, or abort.";
/// What helps where nobody can come back.
pub const REPLAN_OR_ABORT: &str = "What helps: another plan, or abort.";
/// Another plan costs nothing.
pub const NOTHING_LOST: &str = "Nobody has signed it, so another plan or abort loses nothing.";
/// Before those whose signatures die.
pub const LOST_THEN: &str = "Signatures that another plan or abort loses: ";
/// Signatures that wait for a grant.
pub fn ungranted(count: usize) -> String {
    let here = counted(count as u64, "signature is here and counts", "signatures are here and count");
    format!("! {here} only once an exception is granted.")
}

/// A token gave no clear answer.
pub fn in_doubt(line: u64, person: &str, draft: &str) -> String {
    format!("! Line {line}: {person}'s token was asked to sign {draft}: outcome not known.")
}
/// A token gave nothing.
pub fn failed(line: u64, person: &str, draft: &str) -> String {
    format!("! Line {line}: no signature of {person} on {draft}: ")
}
/// A draft of a plan that was changed.
pub const EARLIER_DRAFT: &str = "an earlier draft";
/// A draft of now.
pub fn lettered(letter: &str) -> String {
    format!("draft {letter}")
}
/// What token gave nothing, and why.
pub fn failed_in_full(line: u64, person: &str, draft: &str, token: &str, why: &str) -> String {
    format!("! Line {line}: the token {token} gave {person} no signature on {draft}: {why}")
}
/// Before what somebody wrote down beside the steps; her name is cleaned.
pub fn noted(line: u64, incident: bool, by: &str) -> String {
    let kind = if incident { "incident" } else { "remark" };
    format!("Line {line}, {kind} by {by}:")
}
/// A label: how much people wrote down.
pub const WRITTEN: &str = "noted";
/// How much that is, and where it stands.
pub fn written(remarks: usize, incidents: usize) -> String {
    let counts = [(remarks, "remark", "remarks"), (incidents, "incident", "incidents")];
    let some = counts.into_iter().filter(|(count, ..)| *count > 0);
    let some: Vec<String> = some.map(|(count, one, many)| counted(count as u64, one, many)).collect();
    format!("{} (the whole status has the words)", some.join(", "))
}
/// A countersignature that is owed.
pub fn owed(holders: &str, key: &str) -> String {
    format!("{holders} has not countersigned the head, and the plan asks for it (key {key}).")
}
/// Before those who have not countersigned.
pub const TO_COUNTERSIGN: &str = "Still to countersign: ";
