//! What each kind of ceremony is about: shown once when it is opened, and again when it is gone on with. Names are cleaned.

use super::counted;

/// A first root.
pub const FIRST_ROOT: &str =
    "This ceremony makes the first root: everything that anybody trusts later begins with it.";
/// What to look for in one.
pub const FIRST_ROOT_LOOK: &str = "Look for each holder's name beside her key, how many of them must sign, and the day on which it expires.";
/// What is special.
pub const FIRST_ROOT_SPECIAL: &str = "Nothing stands before it that it could be compared with. So hear the words of each key from its holder herself.";

/// A whole repository.
pub const BOOTSTRAP: &str = "This ceremony makes a whole repository: the first root, and the first targets, snapshot and timestamp under it.";
/// What to look for in one.
pub const BOOTSTRAP_LOOK: &str = "Look for each holder's name beside her key, how many of them must sign for what, the files that targets lists, and when each document expires.";
/// What is special.
pub const BOOTSTRAP_SPECIAL: &str = "The other documents count by the keys that the root names, so the root becomes final first. Hear the words of each key from its holder herself.";

/// Keys or thresholds change.
pub const ROTATION: &str = "This ceremony changes whose keys count, or how many of them must sign.";
/// What to look for.
pub const ROTATION_LOOK: &str = "Look for every NEW KEY, and hear its words from its holder; for everybody who should still be there; and for how many must sign.";
/// What is special.
pub const ROTATION_SPECIAL: &str = "It needs enough signatures of the old root and of the new one. One signature counts for both where a key stands in both.";

/// One person, another token.
pub const TOKEN_REPLACED: &str =
    "This ceremony gives one person another token; nobody comes and nobody goes.";
/// What to look for.
pub const TOKEN_REPLACED_LOOK: &str = "Look for exactly one NEW KEY, in her name; hear its words from herself. The people and the number that must sign stay as they are.";
/// What is special.
pub const TOKEN_REPLACED_SPECIAL: &str = "Her old token still counts for the old root, and only the new one for the new root: she may be asked for both.";

/// One person lost hers.
pub const TOKEN_LOST: &str = "This ceremony takes a lost token out of the root; nobody goes.";
/// What to look for.
pub const TOKEN_LOST_LOOK: &str = "Look for the lost key among those that go, and for one NEW KEY in the same name; hear its words from herself.";
/// What is special.
pub const TOKEN_LOST_SPECIAL: &str = "Until the new root is published, whoever finds the lost token and knows its PIN can still sign for the old one: publish soon.";

/// A key goes.
pub const REVOCATION: &str = "This ceremony takes keys away, and nobody comes for them.";
/// What to look for.
pub const REVOCATION_LOOK: &str = "Look for the keys that go: these and no others. Look for how many must sign from now on, and whether those who stay are enough.";
/// What is special.
pub const REVOCATION_SPECIAL: &str = "What such a key signs counts for nothing for whoever has the new root, and still counts for whoever has not: publish soon.";

/// The same again.
pub const RENEWAL: &str = "This ceremony changes versions and days of expiry, and nothing else.";
/// What to look for.
pub const RENEWAL_LOOK: &str = "Look for what should not be there: if a key, a name or a number that must sign has changed, stop and ask.";
/// What is special.
pub const RENEWAL_SPECIAL: &str =
    "It is the easiest ceremony to sign without reading. Read the version and the new day aloud.";

/// Files.
pub const TARGETS_RELEASE: &str =
    "This ceremony releases files: targets lists them, and the root stays as it is.";
/// What to look for.
pub const TARGETS_RELEASE_LOOK: &str = "Look for the name of each file, and compare its digest with the one from those who built it, not with the file beside the plan.";
/// What is special.
pub const TARGETS_RELEASE_SPECIAL: &str =
    "Whatever is signed here, clients install. A file that nobody can account for is a reason to decline.";
/// A machine signs the rest.
pub const MACHINE_SIGNS_THE_REST: &str = "Snapshot and timestamp are signed by the key of a machine.";

/// The same person stays with another key. `person` is quoted, the keys are the plan's names.
pub fn another_token(person: &str, old: &str, new: &str) -> String {
    format!("{person} stays with another token: her key {old} goes, and her key {new} comes.")
}
/// Keys that count from now on.
pub fn come(who: &str) -> String {
    format!("New: {who}.")
}
/// Keys that count no more.
pub fn go(who: &str) -> String {
    format!("They go: {who}.")
}
/// A key of a person.
pub fn key_of(person: &str, key: &str) -> String {
    format!("{person} (key {key})")
}
/// Keys of nobody in the plan.
pub fn keys_of_nobody(count: u64) -> String {
    counted(count, "key that the plan gives to nobody", "keys that the plan gives to nobody")
}
/// A lost key, and why.
pub fn lost(key: &str, why: &str) -> String {
    format!("The key {key} cannot sign any more: {why}")
}
/// The old side without a lost key.
pub fn old_quorum_without(lost: &str, needed: u64, can: &str, margin: i64) -> String {
    let signatures = counted(needed, "signature", "signatures");
    let fail = match margin {
        ..=-1 => "That is NOT enough.".to_owned(),
        0 => "Nobody of them may fail.".to_owned(),
        1 => "One of them may fail.".to_owned(),
        more => format!("{more} of them may fail."),
    };
    format!(
        "The old root needs {signatures}, counted without the key {lost}; who can give them: {can}. {fail}"
    )
}
