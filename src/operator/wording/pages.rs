//! Sentences of the pages that show a file: what it is, what it says, what is odd.

use super::{counted, grouped};

/// Heading of what a document says.
pub const WHAT_IT_SAYS: &str = "What it says";
/// Heading of who signed.
pub const WHO_SIGNED: &str = "Who signed";
/// Heading of the findings.
pub const WHAT_IS_ODD: &str = "What is odd";
/// Heading of the digest.
pub const TO_COMPARE: &str = "The signed part, to compare by eye or by voice";
/// No findings.
pub const NOTHING_ODD: &str = "  Nothing.";
/// A label: the file.
pub const FILE: &str = "file";
/// A label: the dialect.
pub const FORM: &str = "form";
/// A label: SHA-256 of the file.
pub const FILE_DIGEST: &str = "whole file";
/// A label: SHA-256 of the payload.
pub const SIGNED_PART: &str = "signed part";
/// A label: expiry.
pub const EXPIRES: &str = "expires";
/// A label: `spec_version`.
pub const SPEC_VERSION: &str = "TUF version";
/// A label: `consistent_snapshot`.
pub const SNAPSHOTS: &str = "snapshots";
/// A label: files that a document lists.
pub const LISTS: &str = "lists";
/// A field that is not there.
pub const NOT_SAID: &str = "not said";
/// Which digests are shown.
pub const SHA256_OF: &str = "SHA-256 of the whole file (as sha256sum says) and of the signed part:";
/// What a bundle is called.
pub const BUNDLE: &str = "bundle of conclave";
/// What a folder is called.
pub const FOLDER: &str = "folder of a ceremony";
/// Names in metadata.
pub const CLAIMS: &str = "Holders' names are what the file says; nothing proves them.";

/// The heading of one document.
pub fn document(role: &str, version: u64) -> String {
    format!("{role}, version {version}")
}

/// A letter where there is one document.
pub fn one_document(file: &str) -> String {
    format!("{file} is one document; only the drafts of bundles and ceremonies have letters.")
}

/// Advice: a letter where there is one document.
pub const LEAVE_DRAFT_OUT: &str = "Leave --draft out.";

/// The heading of one draft of a bundle.
pub fn draft(letter: &str, document: &str) -> String {
    format!("Draft {letter}: {document}")
}

/// A delegated role.
pub fn delegated(role: &str) -> String {
    format!("delegated role {role}")
}

/// The label of one draft.
pub fn draft_label(letter: &str) -> String {
    format!("draft {letter}")
}

/// A file of signatures without their document.
pub fn only_signatures(count: u64, role: Option<&str>) -> String {
    let role = role.map_or(String::new(), |role| format!(" for the role {role}"));
    let count = counted(count, "signature", "signatures");
    format!("It holds {count}{role} and no document, so nothing can be judged.")
}

/// How large the signed part is.
pub fn signed_bytes(bytes: u64) -> String {
    format!("The signed part has {} in canonical form.", counted(bytes, "byte", "bytes"))
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A moment for people; `written` is as in `2027-03-05T12:00:00Z`.
pub fn moment(written: &str) -> String {
    let (date, time) = written.trim_end_matches('Z').split_once('T').unwrap_or((written, ""));
    match day(date) {
        Some(day) => format!("{day}, {time} UTC"),
        None => written.to_owned(),
    }
}

/// A day with its month in words, so that day and month cannot be mistaken: `2027-03-05 (5 March 2027)`.
pub fn day(date: &str) -> Option<String> {
    let mut parts = date.split('-').map(|part| part.parse::<usize>().unwrap_or(0));
    let (year, month, day) = (parts.next(), parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    let (year, month) = (year?, MONTHS.get(month.checked_sub(1)?)?);
    Some(format!("{date} ({day} {month} {year})"))
}

/// An expiry that is spelled otherwise than we write it.
pub fn spelled(text: &str) -> String {
    format!("The file writes it {text}.")
}

/// An expiry that is no date.
pub fn no_date(text: &str) -> String {
    format!("not a date: {text}")
}

/// `consistent_snapshot`.
pub fn consistent_snapshot(value: Option<bool>) -> String {
    let value = value.map_or("not said, so it is off".to_owned(), |value| value.to_string());
    format!("consistent_snapshot is {value}")
}

/// The threshold of a role and the numbers of its keys.
pub fn role_keys(threshold: u64, keys: u64, numbers: &str, ids: u64) -> String {
    let ids = if ids == keys { String::new() } else { format!(" ({} key ids are listed)", grouped(ids)) };
    let must = format!("{} of {} must sign", grouped(threshold), counted(keys, "key", "keys"));
    if numbers.is_empty() { format!("{must}{ids}") } else { format!("{must}: {numbers}{ids}") }
}

/// A listed key id without a key.
pub fn not_in_table(keyid: &str) -> String {
    format!("{keyid} (not in the file)")
}

/// Heading of the table of keys.
pub fn keys_heading(count: u64) -> String {
    format!("{} (number, key id, kind, fingerprint):", counted(count, "key", "keys"))
}

/// A key's holder, as the document names one.
pub fn claim(owner: &str) -> String {
    format!("the file says {owner}")
}

/// A key that can count for nothing.
pub fn cannot_count(why: &str) -> String {
    format!("cannot count: {why}")
}

/// A key's further key ids.
pub fn also_under(keyid: &str) -> String {
    format!("also under the key id {keyid}")
}

/// How many files are listed.
pub fn files(count: u64) -> String {
    counted(count, "file", "files")
}

/// What a list does not show.
pub fn more(count: u64) -> String {
    format!("  {} more; --all shows them.", grouped(count))
}

/// What a short list inside a line does not show.
pub fn and_more(count: u64) -> String {
    format!("and {} more", grouped(count))
}

/// A length in bytes.
pub fn bytes(count: u64) -> String {
    counted(count, "byte", "bytes")
}

/// A target has custom data.
pub const CUSTOM: &str = "custom data";

/// How many roles are delegated to.
pub fn delegates(count: u64) -> String {
    format!("delegates to {}, asked in this order:", counted(count, "role", "roles"))
}

/// A delegated role.
pub fn delegated_role(name: &str, keys: &str) -> String {
    format!("{name}: {keys}")
}

/// What a delegated role may speak for.
pub fn reach(are_prefixes: bool, patterns: &str) -> String {
    let what = if are_prefixes { "path hashes that begin with" } else { "paths" };
    format!("for {what} {patterns}")
}

/// Whether the search ends at a delegated role.
pub fn terminating(ends: bool) -> &'static str {
    if ends { "terminating: the search ends there" } else { "not terminating: the search goes on" }
}

/// TAP 15 hash bins.
pub fn bins(count: u64, first: &str, last: &str, keys: &str) -> String {
    format!("delegates to {} hash bins, {first} to {last}: {keys}", grouped(count))
}

/// A listed metadata file's version.
pub fn version(version: u64) -> String {
    format!("version {version}")
}

/// The findings of one control.
pub fn control(code: &str, source: &str, count: u64) -> String {
    format!("{code} ({source}): {}", grouped(count))
}

/// One finding.
pub fn finding(about: &str, fact: &str) -> String {
    format!("{about}: {fact}")
}

/// The sentence for a file that is in no form that we know.
pub fn nothing_to_show(path: &str) -> String {
    format!("{path} is nothing that conclave can show.")
}

/// Advice: another file.
pub const NAME_SOMETHING_TO_SHOW: &str =
    "Name a TUF metadata file, a peer's partially signed file, or a bundle.";

/// The sentence for a role that a document cannot have.
pub fn not_that_role(path: &str) -> String {
    format!("{path} cannot be shown for that role.")
}

/// Advice: another role.
pub const NAME_ITS_ROLE: &str = "Leave --role off, or spell the role as the delegating document does.";

/// The sentence for a bundle without a draft of that role.
pub fn no_such_draft(path: &str, role: &str) -> String {
    format!("{path} holds no draft of the role {role}.")
}

/// The sentence for an older version that cannot be compared.
pub fn cannot_compare(path: &str) -> String {
    format!("{path} cannot be compared with what is shown.")
}

/// Advice: another older version.
pub const NAME_AN_OLDER_VERSION: &str = "Name an older version of the same role with --against.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_said_in_two_ways() {
        assert_eq!(moment("2027-03-05T07:08:09Z"), "2027-03-05 (5 March 2027), 07:08:09 UTC");
    }
}
