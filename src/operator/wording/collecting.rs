//! Sentences of the verbs that read, collect and write: verify, import, merge, status, finalize.

use tuf_ceremony::bundle::PartFault;
use tuf_ceremony::draft::StandingFault;

/// Advice: a file is damaged or not what it should be.
pub const ASK_FOR_IT_AGAIN: &str =
    "Ask whoever sent it for the file again, and compare its SHA-256 with theirs.";
/// Advice: the file holds something else.
pub const NAME_METADATA: &str = "Name a TUF metadata file: root, targets, snapshot or timestamp.";
/// Advice: a metadata file was named where a bundle belongs.
pub const IMPORT_FIRST: &str = "Name a bundle; `conclave import` makes one of metadata files.";
/// Advice: another format version.
pub const USE_THAT_VERSION: &str =
    "Use the version of conclave that wrote it, or ask for the bundle in this format.";
/// Advice: a file beside the bundle was left behind.
pub const CARRY_IT_TOO: &str = "Copy the .payload files that lie beside the bundle into the same folder.";
/// Advice: too much at once.
pub const SPLIT_IT: &str = "Do it in smaller parts.";
/// Advice: how dates are typed.
pub const TYPE_A_DATE: &str = "Type a date like 2027-03-05, or 2027-03-05T12:00:00Z.";
/// Advice: the key file names another scheme.
pub const NAME_THE_KEYS_SCHEME: &str = "Name the scheme that stands in the key file.";
/// A root was given two predecessors.
pub const TWO_PREDECESSORS: &str = "--trust and --predecessor name two different documents.";
/// Advice: a root was given two predecessors.
pub const GIVE_ONE_PREDECESSOR: &str = "For a root they are the same file: give one of them.";
/// The files cannot become a bundle.
pub const CANNOT_IMPORT: &str = "These files cannot become a bundle.";
/// Advice: only signatures were named.
pub const NAME_THE_DOCUMENT_TOO: &str = "Name the file that holds the document as well.";
/// Advice: two documents in one import.
pub const IMPORT_ONE_AT_A_TIME: &str =
    "Import the files of one document at a time; `conclave show FILE` tells them apart.";
/// Advice: the document itself is wrong.
pub const ASK_WHO_MADE_IT: &str = "Ask whoever made the document to mend it.";
/// Advice: signatures are missing.
pub const COLLECT_MORE: &str = "Collect more signatures; `conclave status` names who can still sign.";
/// Advice: version 0.
pub const VERSIONS_START_AT_ONE: &str = "Make the document again with version 1.";
/// Advice: something that should never happen.
pub const REPORT_THIS: &str = "Keep the bundle and report this: it should not happen.";
/// Advice: bundles of different documents.
pub const MERGE_ONLY_ONE_CEREMONY: &str =
    "Merge only bundles of the same document; `conclave status` shows what each holds.";
/// No bundle was named.
pub const NO_BUNDLE_NAMED: &str = "No bundle was named.";
/// Advice: no bundle was named.
pub const NAME_THE_BUNDLES: &str = "Name the bundles to merge.";
/// A note: a signature counts.
pub const ADMITTED: &str = "valid signature, kept";
/// A note: a signature was met before.
pub const KNOWN: &str = "valid signature, the same as one met before in these files";
/// A note: a doubled key id.
pub const KEY_ID_TWICE: &str = "this key id stands twice in the file; each entry is judged by itself";
/// A note: no list.
pub const NO_SIGNATURES_ARRAY: &str = "the file has no list of signatures (null or missing); read as empty";
/// A note: an entry with extra members.
pub const MORE_MEMBERS: &str = "the entry says more than keyid and sig; the rest is not kept";
/// A root without a readable version.
pub const NO_VERSION: &str = "no readable root";
/// Whose keys a tally counts.
pub const OWN_KEYS: &str = "its own keys";
/// Whose keys a tally counts.
pub const KEYS_BEFORE: &str = "the keys of the root before it";
/// A step of a chain holds.
pub const STEP_HOLDS: &str = "  It holds.";
/// A signature verifies.
pub const SIGNATURE_GOOD: &str = "The signature is valid.";

/// A file that is no strict JSON.
pub fn unreadable(file: &str) -> String {
    format!("{file} cannot be read as a JSON document.")
}

/// A file without a signed part.
pub fn no_signed_part(file: &str) -> String {
    format!("{file} has no \"signed\" part.")
}

/// A file that is no metadata.
pub fn not_metadata(file: &str) -> String {
    format!("{file} is not TUF metadata.")
}

/// A file that is no bundle to rely on.
pub fn bad_bundle(file: &str) -> String {
    format!("{file} is refused as a bundle.")
}

/// Something is past a cap; `limit` is a clause.
pub fn past_a_limit(limit: &str) -> String {
    format!("That is past a limit: {limit}.")
}

/// A text is no date.
pub fn not_a_date(text: &str) -> String {
    format!("{text} is not a date.")
}

/// A version, as a heading.
pub fn version(version: u64) -> String {
    format!("root version {version}")
}

/// One tally of a chain.
pub fn tally_line(whose: &str, valid: u64, threshold: u64) -> String {
    format!("  signed by {valid} of {whose}, {threshold} needed")
}

/// An entry that counts on the old side alone.
pub const FOR_THE_ROOT_BEFORE: &str = "counts for the root before it only";

/// Before the findings of one root.
pub const ODD: &str = "  odd:";

/// Why a step does not hold; `reason` is a clause.
pub fn does_not_hold(reason: &str) -> String {
    format!("  It does NOT hold: {reason}.")
}

/// Expiry was left out of the judgement.
pub const EXPIRY_NOT_JUDGED: &str = "Expiry was not judged: give a date with --at.";

/// Expiry was judged and is fine.
pub fn not_expired(at: &str) -> String {
    format!("The last root is not expired at {at}.")
}

/// The last line of a chain.
pub fn chain_verdict(steps: usize, bad: usize) -> String {
    match bad {
        0 if steps == 1 => "The root holds.".to_owned(),
        0 => format!("All {steps} roots hold, one after the other."),
        _ if steps == 1 => "The root does NOT hold.".to_owned(),
        _ => format!("The chain does NOT hold: {bad} of {steps} roots refused."),
    }
}

/// A scheme that is none of ours.
pub fn unknown_scheme(scheme: &str) -> String {
    format!("{scheme} is not a scheme that conclave verifies.")
}

/// Advice: the schemes.
pub fn known_schemes(names: &str) -> String {
    format!("Name one of: {names}.")
}

/// The key file names another scheme.
pub fn other_scheme(file: &str, found: &str, wanted: &str) -> String {
    format!("The key in {file} is for {found}, not for {wanted}.")
}

/// A signature does not verify.
pub fn signature_bad(verdict: &str, why: &str) -> String {
    format!("The signature does NOT count ({verdict}): {why}.")
}

/// What form a file has.
pub fn file_is(file: &str, dialect: &str) -> String {
    format!("{file}: {dialect}")
}

/// Entries that wait for a signature.
pub fn placeholders(count: u64) -> String {
    let places = super::counted(count, "empty place", "empty places");
    format!("  {places} for signatures that were not made in this file")
}

/// An entry that counts for nothing.
pub fn not_counted(word: &str, why: &str) -> String {
    format!("not counted ({word}): {why}")
}

/// Advice: a bundle where files of peers belong.
pub const MERGE_BUNDLES: &str = "It is a bundle: bring bundles together with `conclave merge`, or into a ceremony with `conclave import --into`.";

/// A draft's heading.
pub fn draft_named(letter: &str, role: &str, version: u64) -> String {
    format!("Draft {letter}: {role} version {version}")
}

/// A draft's digest.
pub fn digest_line(digest: &str) -> String {
    format!("  digest {digest}")
}

/// One key signed a document twice.
pub fn signed_twice(key: &str) -> String {
    format!("  odd: the key {key} signed twice; the smaller signature is used")
}

/// Whether a draft is complete; `missing` on the side that misses most.
pub fn completeness(missing: u64) -> String {
    match missing {
        0 => "  Complete: every threshold is met; it can be finalized.".to_owned(),
        1 => "  Not complete: at least 1 more signature is needed.".to_owned(),
        n => format!("  Not complete: at least {n} more signatures are needed."),
    }
}

/// A bundle is in place.
pub fn bundle_written(file: &str) -> String {
    format!("Written: {file}")
}

/// Two payloads in one import.
pub fn two_payloads(first: &str, second: &str) -> String {
    format!("{first} and {second} hold two different documents.")
}

/// A loose signature for something else.
pub fn not_for_this(file: &str) -> String {
    format!("{file} is not a signature on this document.")
}

/// Two bundles that do not belong together.
pub fn cannot_merge(first: &str, second: &str) -> String {
    format!("{first} and {second} do not belong together.")
}

/// A draft that is not final.
pub fn cannot_finalize(role: &str, version: u64) -> String {
    format!("{role} version {version} cannot be finalized.")
}

/// An entry that is not in the final file.
pub fn dropped(keyid: &str, why: &str) -> String {
    format!("not written: the entry of {keyid}: {why}")
}

/// The final file is there from an earlier run.
pub fn final_is_there(file: &str) -> String {
    format!("{file} exists already, with the very bytes that would be written.")
}

/// Advice: everything was done before.
pub const NOTHING_LEFT_TO_DO: &str = "Nothing is left to do: use the file that is there.";

/// Two final files whose names differ in case alone.
pub fn names_collide(first: &str, second: &str) -> String {
    format!("{first} and {second} differ in capital letters alone, and some media take them for one name.")
}

/// A final file is in place.
pub fn finalized(file: &str) -> String {
    format!("Final: {file}")
}

/// The digest of a file, as `sha256sum` says it.
pub fn file_sha256(sha256: &str) -> String {
    format!("  SHA-256 {sha256}")
}

/// A final file was verified.
pub const READ_BACK: &str = "  Read back and verified: every threshold is met.";

/// A file reads back otherwise than written.
pub fn not_as_written(file: &str) -> String {
    format!("{file} does not read back as it was written.")
}

/// What to do when a draft's authorities do not fit.
pub fn advice_for_part(fault: &PartFault) -> &'static str {
    match fault {
        PartFault::Standing(StandingFault::NoPredecessor { .. }) => {
            "Give your own copy of the root before it: --trust N.root.json."
        }
        PartFault::Standing(StandingFault::NoAuthority { .. }) => {
            "Give your own copy of the document that names its keys: --trust N.root.json."
        }
        PartFault::Standing(StandingFault::FirstRoot { .. }) => {
            "Leave out --trust and --predecessor for a first root."
        }
        PartFault::Standing(StandingFault::NotNext { .. }) => {
            "Give the root that comes directly before this one."
        }
        PartFault::Standing(StandingFault::WrongKind { .. }) => {
            "Give a root for root, targets, snapshot and timestamp, and the delegating targets file for a delegated role."
        }
        PartFault::Standing(StandingFault::Authority(_)) => {
            "Check that this is the trusted document for this role."
        }
        PartFault::Unreachable { .. } => {
            "Ask whoever made the document to lower the threshold or to name more keys."
        }
        PartFault::Itself { .. } => "Leave out --trust or --predecessor where it names the draft itself.",
        PartFault::Predecessor { .. } => "Give an older version of the same role with --predecessor.",
        PartFault::RootPredecessor => "Leave out --predecessor for a root: --trust serves.",
        PartFault::Shape { .. } => "Give a well-formed copy of that document.",
    }
}
