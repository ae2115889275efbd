//! Sentences on who has signed, who can, and what cannot be judged.

use super::counted;

/// The judge's name: the root itself, where an old one judges it too.
pub const NEW_ROOT: &str = "new root";
/// The judge's name: a root judged by itself alone.
pub const THIS_ROOT: &str = "this root";

/// The judge's name: the root before.
pub fn old_root(version: u64) -> String {
    format!("old root (version {version})")
}

/// The judge's name: the trusted root or the delegating document.
pub fn trusted(role_type: &str, version: u64) -> String {
    format!("trusted {role_type} (version {version})")
}

/// The judge's name: a document that this very ceremony makes.
pub fn made_here(role_type: &str, version: u64, letter: &str) -> String {
    format!("{role_type} version {version}, draft {letter} of this ceremony")
}

/// How far one judge is satisfied.
pub fn tally(judge: &str, valid: u64, threshold: u64) -> String {
    let have = if valid == 1 || valid == 0 && threshold == 1 { "has" } else { "have" };
    match threshold.saturating_sub(valid) {
        0 if valid > threshold => {
            format!("{judge}: {} {have} signed, {threshold} needed. Enough.", counted(valid, "key", "keys"))
        }
        0 => format!("{judge}: {valid} of {} {have} signed. Enough.", needed(threshold)),
        missing => {
            let verb = if missing == 1 { "is" } else { "are" };
            format!("{judge}: {valid} of {} {have} signed; {missing} more {verb} needed.", needed(threshold))
        }
    }
}

fn needed(threshold: u64) -> String {
    let noun = if threshold == 1 { "key" } else { "keys" };
    format!("{threshold} needed {noun}")
}

/// A threshold beyond reach.
pub const NEVER_ENOUGH: &str = "It can never be enough: too few keys can still sign.";
/// A label: a key that signed.
pub const SIGNED: &str = "signed";
/// A label: a key that can still sign.
pub const CAN_SIGN: &str = "can sign";
/// A label: a key id that can never count.
pub const CANNOT: &str = "never can";

/// How many keys stand on both sides of a rotation.
pub fn both_sides(count: u64) -> String {
    match count {
        0 => "No key stands in both the old and the new root: each needs signatures of its own.".to_owned(),
        1 => "1 key stands in both roots: its one signature counts for both the old and the new root."
            .to_owned(),
        _ => format!(
            "{count} keys stand in both roots: one signature by such a key counts for both the old and the new root."
        ),
    }
}

/// A key in a tally: its key id, and what makes it the same key under another one.
pub fn key(keyid: &str, fingerprint: &str) -> String {
    format!("{keyid} (fingerprint {fingerprint})")
}

/// A key that two sides list.
pub const ON_BOTH_SIDES: &str = "old and new";

/// A root above version 1 without its predecessor.
pub const OLD_SIDE_UNKNOWN: &str = "The old root's side is not known: without --trust only the root's own keys are judged here. This is a draft shown, not a root verified.";
/// Another role without a trusted document.
pub const NOTHING_JUDGED: &str =
    "Nothing can be judged without --trust: only a trusted document says whose signatures count.";
/// The trusted document is the one that is shown.
pub const ITSELF: &str = "This is the very document that you gave with --trust.";
/// A bundle that agrees with the keyholder's own copy.
pub const SAME_TRUST: &str = "The bundle's trusted document is the one that you gave with --trust.";
/// A document that follows from the keyholder's own root.
pub const WALKED_TRUST: &str = "What judges it follows from your own root: each step was checked.";
/// A document of the ceremony itself.
pub const CEREMONYS_TRUST: &str =
    "Judged by the documents of this ceremony's plan. Your own root was not given; --trust compares with it.";
/// A bundle judged by what it brings along.
pub const BUNDLES_TRUST: &str =
    "Judged by the trusted document inside the bundle. Give your own copy with --trust.";
/// A bundle that disagrees with the keyholder's own copy.
pub const OTHER_TRUST: &str = "DANGER: the bundle carries another trusted document than the one that you gave with --trust. Yours judges here.";

/// What to do then.
pub const STOP_OR_SWAP: &str =
    "Stop and ask the security officer which root is current; or check that the files were not swapped.";

/// The trusted document cannot judge.
pub fn cannot_judge(why: &str) -> String {
    format!("The document given with --trust cannot judge this: {why}.")
}

/// A heading for entries that count for nothing.
pub const NOT_COUNTED: &str = "Entries in the file that count for nothing:";
/// A heading for entries that were not judged.
pub const UNCHECKED: &str = "Entries in the file, unchecked:";
/// A file without entries.
pub const NO_ENTRIES: &str = "The file holds no signatures.";

/// One entry and what it is worth.
pub fn entry(keyid: &str, what: &str) -> String {
    format!("{keyid}: {what}")
}

/// A placeholder.
pub const PLACEHOLDER: &str = "a placeholder, not signed yet";
/// A signature that was not judged.
pub const NOT_JUDGED: &str = "a signature, not judged";

/// A key that was asked to sign twice.
pub fn signed_twice(key: &str) -> String {
    format!("The key {key} has signed twice.")
}

/// The end, after practice.
pub const PRACTISED: &str = "The rehearsal is closed. It was practice: nothing in final/ is to be published.";
/// The end, after practice, and not everything was reached.
pub fn practised_unfinished(open: u64) -> String {
    let never = counted(open, "draft never became final", "drafts never became final");
    format!("The rehearsal is closed, and {never}. It was practice: nothing of it is to be published.")
}

#[cfg(test)]
mod tests {
    use super::tally;

    #[test]
    fn a_tally_says_how_many_more() {
        assert_eq!(tally("new root", 2, 3), "new root: 2 of 3 needed keys have signed; 1 more is needed.");
        assert_eq!(tally("new root", 1, 3), "new root: 1 of 3 needed keys has signed; 2 more are needed.");
        assert_eq!(tally("new root", 3, 3), "new root: 3 of 3 needed keys have signed. Enough.");
        assert_eq!(tally("new root", 4, 3), "new root: 4 keys have signed, 3 needed. Enough.");
    }
}
