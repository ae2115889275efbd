//! What comes after the close, on the other side of the air gap: boxes to tick. And what a keyholder far away says by phone.

/// The heading.
pub const WHAT_COMES_NEXT: &str = "What comes next: tick each box";

/// A box to tick.
pub fn a_box(text: &str) -> String {
    format!("[ ] {text}")
}
/// The head.
pub fn head_on_paper(head: &str) -> String {
    format!(
        "Write the whole head of the close on paper (it begins with {head}), and let those who are here sign the page."
    )
}
/// Countersignatures.
pub fn countersign(who: &str) -> String {
    format!("Have the head countersigned by {who}: `conclave countersign`.")
}
/// Two media.
pub const TWO_MEDIA: &str =
    "Copy final/ to two media. On each copy, `sha256sum -c` must find these lines true:";
/// One line for `sha256sum -c`.
pub fn manifest(sha256: &str, name: &str) -> String {
    format!("{sha256}  {name}")
}
/// Practice.
pub const PUBLISH_NOTHING: &str =
    "This was a rehearsal: publish nothing of it, and keep it apart from real files.";
/// A root goes first.
pub fn publish_root(name: &str) -> String {
    format!("Publish {name} first, beside the older roots; they all stay where they are.")
}
/// A first root.
pub fn publish_first_root(name: &str) -> String {
    format!("Publish {name} first, and give it to whoever builds the clients: they trust nothing else yet.")
}
/// Other documents.
pub fn publish_then(name: &str) -> String {
    format!("Then publish {name}.")
}
/// The first that is no root.
pub fn publish(name: &str) -> String {
    format!("Publish {name}.")
}
/// A document whose published name has no version.
pub fn publish_as(name: &str, published: &str) -> String {
    format!("Publish {name} under the name {published}: this repository keeps no versions in names.")
}
/// The timestamp.
pub fn publish_last(name: &str) -> String {
    format!("Publish {name} last of all: only then do clients look for the rest.")
}
/// A machine makes the rest.
pub fn made_anew(what: &str) -> String {
    format!(
        "Let the online machine make {what} anew; before that is published, clients see nothing of the new targets."
    )
}
/// Both lists.
pub const SNAPSHOT_AND_TIMESTAMP: &str = "snapshot and timestamp";
/// One list.
pub const TIMESTAMP: &str = "timestamp";
/// Nothing else changes.
pub const ROOT_ALONE: &str = "Nothing else is published: targets, snapshot and timestamp stay as they are.";
/// People who were not there.
pub fn send_the_head(who: &str) -> String {
    format!("Tell the head to those who are not here, by phone or on paper: {who}.")
}
/// An auditor.
pub const REPLAY: &str = "Let somebody who had no part in it run `conclave replay --head 'WORDS' FOLDER`, with the words from the paper.";
/// The folder.
pub fn keep(until: &str) -> String {
    format!(
        "Store the folder on both media, apart from each other, beyond {until} and as long as your rules say. Delete nothing in it."
    )
}
/// A folder of which nothing expires.
pub const KEEP: &str = "Store the folder, as long as your rules say. Delete nothing in it.";
/// What is kept elsewhere.
pub const WRITE_IT_DOWN: &str =
    "What is scanned, filmed or published, write down: `conclave note --addendum`.";

/// Who calls, about what.
pub fn this_is(person: &str, title: &str) -> String {
    format!("This is {person}, in the ceremony {title}.")
}
/// A draft that was signed.
pub fn i_signed(letter: &str, role: &str, version: u64, words: &str) -> String {
    format!("I signed draft {letter}, {role} version {version}. Line 1 of its digest: {words}.")
}
/// A draft that was not.
pub fn i_declined(letter: &str, role: &str, version: u64) -> String {
    format!("I declined draft {letter}, {role} version {version}.")
}
/// Nothing was decided.
pub const I_SIGNED_NOTHING: &str = "I have signed nothing.";
/// The head of her own folder.
pub fn my_head(line: u64, words: &str) -> String {
    format!("The head of my folder after line {line}, which the file holds: line 1 is {words}.")
}
/// What comes back.
pub const LISTEN: &str = "Then the officer reads line 2 of each to you. Say yes only if it stands so on your own screen or paper, word by word.";
/// What if not.
pub const IF_NOT: &str = "If one word differs, say so, send nothing, and keep your folder as it is.";
