//! Sentences on what differs between two versions.

use super::{counted, grouped};

/// Heading of the dangerous changes.
pub fn danger_heading(version: u64) -> String {
    format!("Check each one: changes since version {version} that decide trust")
}

/// Heading of the other changes.
pub const OTHER_HEADING: &str = "Other changes";
/// Heading where there is nothing to compare with.
pub const FIRST_HEADING: &str = "Nothing to compare with";
/// There is nothing to compare with, and nothing is expected.
pub const ALL_NEW: &str = "This is a first root: all of it is new. Read every line of what it says.";
/// A first version of another role than root.
pub const FIRST_VERSION: &str =
    "This is version 1: nothing comes before it. Read every line of what it says.";
/// There is nothing to compare with, though there should be.
pub const NO_OLDER: &str = "No older version was given, so no changes can be shown. Give one with --against; for a root, --trust serves.";
/// Changes are shown against something that nobody trusted has signed.
pub const UNPROVEN: &str = "! The older version that the changes below are shown against is only the bundle's word: it lacks the signatures that your trusted document asks for. Do not rely on them; read every line of what the draft says.";
/// Both are one document.
pub const SAME: &str = "Nothing changes: both files have the same signed part.";
/// A label: the version.
pub const VERSION: &str = "version";
/// Nothing dangerous.
pub const NO_DANGER: &str = "  None of it: thresholds, keys, delegations and settings are the same.";
/// Nothing else.
pub const NO_OTHER: &str = "  None.";

/// The version does not follow.
pub fn version_jumps(from: u64, to: u64) -> String {
    match from.checked_add(1) {
        Some(next) => format!("VERSION is {to} after {from}; {next} would follow."),
        None => format!("VERSION is {to} after {from}; nothing follows that."),
    }
}

/// The same version on both sides, with other content.
pub fn version_same(version: u64) -> String {
    format!("VERSION is {version} in both, and they say different things.")
}

/// Before and now.
pub fn was_now(from: &str, to: &str) -> String {
    format!("{to}; was {from}")
}

/// An expiry that moves where it should not.
pub fn expiry(earlier: bool, from: &str, to: &str) -> String {
    let how = if earlier { "EXPIRES EARLIER" } else { "EXPIRES FAR LATER" };
    format!("{how}: {to}; was {from}.")
}

/// An expiry that is no date on one side.
pub fn expiry_unclear(from: &str, to: &str) -> String {
    format!("EXPIRY is now {to}; was {from}.")
}

/// Something deeper that has no words of its own. `path` is cleaned.
pub fn inside(path: &str) -> String {
    format!("CHANGED at {path}")
}

/// A value that is not there.
pub const NOTHING: &str = "nothing";

/// A setting or an unknown field.
pub fn field(name: &str, from: Option<&str>, to: Option<&str>) -> String {
    match (from, to) {
        (None, Some(to)) => format!("FIELD {name} is new: {to}."),
        (Some(from), None) => format!("FIELD {name} is gone; was {from}."),
        (Some(from), Some(to)) => format!("FIELD {name} is now {to}; was {from}."),
        (None, None) => format!("FIELD {name}."),
    }
}

/// A new role.
pub fn role_added(role: &str, threshold: u64) -> String {
    format!("NEW ROLE {role}: {} must sign.", counted(threshold, "key", "keys"))
}

/// A role that is gone.
pub fn role_removed(role: &str) -> String {
    format!("ROLE {role} IS GONE.")
}

/// A threshold.
pub fn threshold(role: &str, from: u64, to: u64) -> String {
    let how = if to < from { "LOWER" } else { "HIGHER" };
    format!("{how} THRESHOLD for {role}: {} must sign; was {}.", counted(to, "key", "keys"), grouped(from))
}

/// A key in place of another one of the same holder. `holder` says who says so.
pub fn new_key_for(holder: &str, roles: &str) -> String {
    format!("NEW KEY FOR {holder} in {roles}")
}

/// A key is added.
pub fn key_added(holder: Option<&str>, roles: &str) -> String {
    match holder {
        Some(holder) => format!("KEY ADDED for {holder} in {roles}"),
        None => format!("KEY ADDED in {roles}; nobody names its holder"),
    }
}

/// A key is removed.
pub fn key_removed(holder: Option<&str>, roles: &str) -> String {
    match holder {
        Some(holder) => format!("KEY REMOVED, that of {holder}, in {roles}"),
        None => format!("KEY REMOVED in {roles}; nobody names its holder"),
    }
}

/// A key under another id.
pub fn key_renamed(holder: Option<&str>, roles: &str) -> String {
    match holder {
        Some(holder) => format!("SAME KEY, OTHER KEY ID for {holder} in {roles}"),
        None => format!("SAME KEY, OTHER KEY ID in {roles}"),
    }
}

/// A key object that changed.
pub fn key_object(keyid: &str) -> String {
    format!("KEY ENTRY changed under the key id {keyid}.")
}

/// A label: fingerprint.
pub const FINGERPRINT: &str = "fingerprint";
/// A label: key id.
pub const KEY_ID: &str = "key id";
/// A label: fingerprint of the old key.
pub const OLD_KEY: &str = "old key";
/// A label: fingerprint of the new key.
pub const NEW_KEY: &str = "new key";
/// A label: key id before.
pub const OLD_ID: &str = "old key id";
/// A label: key id now.
pub const NEW_ID: &str = "new key id";
/// A label: before.
pub const WAS: &str = "was";
/// A label: now.
pub const NOW: &str = "now";

/// A delegation that covers something else.
pub fn delegation(role: &str) -> String {
    format!("DELEGATION to {role} covers something else:")
}

/// The order of delegations.
pub const ORDER: &str = "DELEGATIONS are asked in another order.";

/// A listed file that is gone.
pub fn listed_gone(name: &str) -> String {
    format!("FILE {name} is not listed any more.")
}

/// A listed file with a lower version.
pub fn listed_lower(name: &str, from: &str, to: &str) -> String {
    format!("FILE {name} goes back to version {to}; was {from}.")
}

/// Dangerous changes that are not shown.
pub fn more_danger(count: u64) -> String {
    format!("{} MORE DANGEROUS CHANGES; --all shows them.", grouped(count))
}

/// How many entries change.
pub fn entries(added: u64, changed: u64, removed: u64) -> String {
    let count = counted(added + changed + removed, "file changes", "files change");
    format!("{count}: {} new, {} changed, {} gone", grouped(added), grouped(changed), grouped(removed))
}

/// An entry that is new.
pub const ENTRY_NEW: &str = "new    ";
/// An entry that changed.
pub const ENTRY_CHANGED: &str = "changed";
/// An entry that is gone.
pub const ENTRY_GONE: &str = "gone   ";
