//! Sentences of the replay: what was computed again, what agrees, and what nobody can tell.

use super::{counted, grouped};

/// A heading: remarks and incidents.
pub const WRITTEN_DOWN: &str = "What people wrote down beside the steps";

/// A label: the ceremony.
pub const CEREMONY: &str = "ceremony";
/// A folder of practice.
pub const PRACTICE: &str = "A REHEARSAL: it was practice, and nothing of it is to be published.";
/// A label: where it stands.
pub const STAGE: &str = "stage";
/// A label: the program.
pub const WRITTEN_BY: &str = "written by";
/// A label: lines.
pub const LINES: &str = "lines";
/// A label: the head.
pub const HEAD: &str = "head";
/// No head was given.
pub const NO_HEAD: &str = "No head was given: whoever could write the folder could have cut its end or written all of it anew. Give the words on paper with --head.";
/// A head of nothing.
pub const OTHER_HEAD: &str = "! The head that you gave is the head of no line here: lines were cut, changed or added, or it belongs to another folder.";
/// Advice: a head of no folder.
pub const COMPARE_THE_PAPER: &str =
    "Compare it with the paper again, and name the folder that it belongs to.";
/// Several folders.
pub const ACROSS: &str = "The folders against each other";
/// Nothing contradicts.
pub const NO_CONTRADICTION: &str = "Nothing in one contradicts another.";
/// The last line: yes.
pub const ALL_HOLDS: &str = "Everything that was checked holds.";
/// The last line: no.
pub const NOT_ALL_HOLDS: &str = "It does NOT all hold: read what is marked with ! above.";
/// The verdict.
pub const PROVED: &str = "PROVED: plan, drafts, signatures and final files were computed again and agree, up to the head on paper.";
/// The verdict.
pub const CONSISTENT: &str = "CONSISTENT: everything was computed again and agrees with itself; without a head on paper nothing proves that it is the original.";
/// The verdict.
pub const INCOMPLETE: &str =
    "! INCOMPLETE: what is there agrees, and not everything could be computed again.";
/// The verdict.
pub const BEYOND_HEAD: &str = "! BEYOND THE HEAD: it agrees, and the head on paper does not cover all of it.";
/// The verdict.
pub const OTHER_MACHINE: &str =
    "! ANOTHER MACHINE DIVERGES: lines that were brought from it tell of a step that was not possible.";
/// The verdict.
pub const FILES_DIFFER: &str =
    "! FILES DIFFER: files hold something else than the lines say, or nothing explains them.";
/// The verdict.
pub const NOT_THIS_FOLDER: &str = "! OTHER HEAD: this is not the folder whose head is on the paper.";
/// The verdict.
pub const DIVERGED: &str =
    "! DIVERGED: a line does not follow from what is before it. Nothing behind it was judged.";

/// A head of no folder.
pub fn head_of_none(number: usize) -> String {
    format!("Head number {number} is the head of no line of any folder.")
}

/// A folder's heading.
pub fn folder(path: &str) -> String {
    format!("Folder {path}")
}

/// The program.
pub fn written_by(tool: &str, format: u64, rules: u64) -> String {
    format!("{tool}, format {format}, judged by rules {rules}")
}

/// How many lines.
pub fn lines(count: u64, judged: u64, unread: u64) -> String {
    let unread = if unread == 0 { String::new() } else { format!("; {} cannot be read", grouped(unread)) };
    format!("{}, {} computed again{unread}", grouped(count), grouped(judged))
}

/// A head that holds.
pub fn head_holds(line: u64, unreadable: u64) -> String {
    let smudged = match unreadable {
        0 => String::new(),
        n => format!(" ({} of its 64 hex digits cannot be read, the others agree)", grouped(n)),
    };
    format!("The head on paper is the one after line {line}{smudged}.")
}

/// Lines behind the head.
pub fn later_lines(later: u64) -> String {
    let lines = counted(later, "line was", "lines were");
    format!("! {lines} written after it; the paper says nothing about them.")
}

/// Lines after the end.
pub fn afterwards(count: u64) -> String {
    let lines = counted(count, "countersignature or addendum was", "countersignatures and addenda were");
    format!("After the end {lines} added, as they may; the paper does not cover them.")
}

/// A line that does not follow.
pub fn diverges(line: u64, why: &str) -> String {
    format!("! LINE {line} DOES NOT FOLLOW: {why}.")
}

/// What was expected.
pub fn expected(text: &str) -> String {
    format!("expected: {text}")
}

/// What is there.
pub fn there(text: &str) -> String {
    format!("there is: {text}")
}

/// Something is gone.
pub fn gone(line: u64, what: &str, file: Option<&str>) -> String {
    let file = file.map(|file| format!(" ({file})")).unwrap_or_default();
    format!(
        "NOT RECOMPUTED from line {line} on: {what} is gone{file}. Of those lines only the chain was checked."
    )
}

/// Other rules.
pub fn other_rules(format: u64, rules: u64) -> String {
    format!("NOT RECOMPUTED: it records format {format} and rules {rules}, which this version does not know.")
}

/// An import whose file is gone.
pub fn import_gone(line: u64, file: &str) -> String {
    format!(
        "NOT RECOMPUTED in line {line}: the imported file {file} is gone; its signatures were verified from the line itself."
    )
}

/// A line that was cut off.
pub fn torn(bytes: u64) -> String {
    format!(
        "! {} of a line stand at the end: it was cut off while it was written.",
        counted(bytes, "byte", "bytes")
    )
}

/// A file that is gone.
pub fn missing(path: &str) -> String {
    format!("! MISSING: {path}")
}

/// A file that differs.
pub fn altered(path: &str) -> String {
    format!("! ALTERED: {path} is not the file that the lines name")
}

/// A file that nothing explains.
pub fn unexplained(path: &str) -> String {
    format!("! UNEXPLAINED: no line tells of {path}")
}

/// An attempt.
pub fn in_doubt(line: u64, person: &str, token: &str) -> String {
    format!("Line {line} asked the token {token} for a signature by {person}; no line says what came of it.")
}

/// A fork.
pub fn fork(line: u64, machine: &str, at: u64) -> String {
    format!(
        "Line {line} notes that the chain of machine {machine} was told in two ways from its line {at} on."
    )
}

/// Another machine's chain.
pub fn other_diverges(machine: &str, line: u64, why: &str) -> String {
    format!(
        "! The chain of machine {machine}, as it was brought here, does not follow in line {line}: {why}."
    )
}

/// Another machine's chain.
pub fn other_holds(machine: &str, lines: u64, judged: u64) -> String {
    format!(
        "The chain of machine {machine} was brought here: {}, {} computed again.",
        counted(lines, "line", "lines"),
        grouped(judged)
    )
}

/// A target.
pub fn target_missing(path: &str) -> String {
    format!("target {path} is not among the files")
}

/// A target.
pub fn target_altered(path: &str) -> String {
    format!("target {path} is another file now")
}

/// A target.
pub fn target_not_added(path: &str) -> String {
    format!("{path} is not among the targets that were added")
}

/// Targets.
pub fn targets_hold(beside: u64) -> String {
    let beside = match beside {
        0 => String::new(),
        n => format!("; {} that this ceremony did not add", counted(n, "file lies there", "files lie there")),
    };
    format!("The target files are those that were sealed{beside}.")
}

/// Targets.
pub fn targets_differ(count: u64) -> String {
    format!("! {} not as sealed.", counted(count, "target file is", "target files are"))
}

/// A folder that is too short.
pub fn shorter(lines: u64) -> String {
    format!("it has only {}", counted(lines, "line", "lines"))
}

/// Another head.
pub fn other_head(lines: u64, head: &str) -> String {
    format!("its head after line {lines} is {head}")
}

/// A contradiction.
pub fn seen_otherwise(witness: &str, at: u64, lines: u64, of: &str, instead: &str) -> String {
    let lines = counted(lines, "line", "lines");
    format!("{witness}, line {at}, saw {lines} of the chain of {of}, and {instead}.")
}

/// A contradiction.
pub fn two_ways(machine: &str, line: u64, first: &str, second: &str) -> String {
    format!("{first} and {second} know the chain of machine {machine} in two ways, from line {line} on.")
}

/// A contradiction.
pub fn two_ceremonies(first: &str, second: &str) -> String {
    format!("{first} and {second} are of two ceremonies.")
}

/// A copy.
pub fn copy(older: &str, newer: &str, behind: u64) -> String {
    match behind {
        0 => format!("{older} and {newer} are the same chain."),
        n => format!("{older} is an older copy of {newer}: {} behind.", counted(n, "line", "lines")),
    }
}

/// What was seen.
pub fn seen(witness: &str, at: u64, lines: u64, of: &str) -> String {
    format!("{witness}, line {at}, saw {} of {of}, and they are the same.", counted(lines, "line", "lines"))
}
