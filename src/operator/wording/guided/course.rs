//! What the guided ceremony offers and asks between two boards.

use crate::operator::wording::counted;

/// The question below the board.
pub const WHAT_IS_NEXT: &str = "What is next?";

/// An offer.
pub const STATUS: &str = "The whole status: who has signed what, and who has not";

/// An offer.
pub const PEOPLE: &str = "Somebody comes or leaves";

/// An offer.
pub const WORDS: &str = "Write something down: a remark, or an incident";

/// An offer.
pub const BREAK: &str = "Take a break";

/// An offer.
pub const ELSE: &str = "Something else: people, remarks, a break, trouble, another plan";

/// An offer.
pub const STOP: &str = "Stop here for now";

/// An offer.
pub const FINISH: &str = "That is all";

/// An offer.
pub const BOXES: &str = "What comes next: boxes to tick";

/// An offer.
pub const ADDENDUM: &str = "Add something that was kept: a scan, a video, a publication";

/// An offer.
pub const CLOSE: &str = "Close the ceremony: all is final";

/// An offer.
pub const EXPORT: &str = "Write a file for somebody who is not here";

/// An offer.
pub const IMPORT: &str = "Take in a file that came back";

/// An offer.
pub const READ: &str = "Read a draft, or the whole status";

/// An offer.
pub const MACHINE_SIGNS: &str = "A machine's token signs (online roles)";

/// An offer.
#[must_use]
pub fn signs(who: &str) -> String {
    format!("{who} reads and signs")
}

/// An offer: she is not said to be here.
#[must_use]
pub fn comes_and_signs(who: &str) -> String {
    format!("{who} comes, reads and signs")
}

/// An offer.
#[must_use]
pub fn countersigns(who: &str) -> String {
    format!("{who} countersigns the head")
}

/// An offer.
#[must_use]
pub fn finalize(letters: &str) -> String {
    format!("Write the final files ({letters} complete)")
}

/// An offer.
#[must_use]
pub fn make_the_key(key: &str, whose: &str) -> String {
    match whose {
        "" => format!("Make the key {key}"),
        whose => format!("Make the key {key} of {whose}"),
    }
}

/// An offer.
#[must_use]
pub fn make_the_card(key: &str, whose: &str) -> String {
    match whose {
        "" => format!("Make the card of the key {key}"),
        whose => format!("Make the card of the key {key} of {whose}"),
    }
}

/// Why there are no drafts.
#[must_use]
pub fn cannot_be_sealed(why: &str) -> String {
    format!("The drafts cannot be made: {why}. Another plan can take its place, or the ceremony ends.")
}

/// A question.
pub const READ_WHAT: &str = "Read what?";

/// A question.
pub const WHO_SIGNS: &str = "Who reads and signs?";

/// An offer: there are too many to name them all.
pub const ANOTHER_SIGNS: &str = "Somebody else comes, reads and signs";

/// A question.
pub const WHICH_DRAFT: &str = "Which draft?";

/// A question.
pub const HOW_MUCH: &str = "How much of it?";

/// A choice.
pub const IN_SHORT: &str = "In short: long lists are counted, their first lines shown";

/// A choice.
pub const EVERY_LINE: &str = "Every line";

/// A question.
pub const WHAT_KIND_OF_WORDS: &str = "What is it?";

/// A choice.
pub const A_REMARK: &str = "A remark";

/// A choice.
pub const AN_INCIDENT: &str = "An incident: something that should not have happened";

/// A question.
pub const WHAT_HAPPENED: &str = "In one line";

/// A question.
pub const WHAT_WAS_KEPT: &str = "What was kept, and where";

/// A heading.
#[must_use]
pub fn her_turn(who: &str) -> String {
    format!("{who} reads and signs")
}

/// A heading.
#[must_use]
pub fn she_countersigns(who: &str) -> String {
    format!("{who} countersigns the head")
}

/// Before a token is asked.
pub const ONE_TOKEN: &str = "Put the token in that holds the key, and take others out.";

/// A pause.
pub const ENTER_WHEN_IT_IS_IN: &str = "[Enter when it is in]";

/// A question.
pub const WHO_BRINGS_IT: &str = "Who brings the machine's token?";

/// Before the place of a bundle.
#[must_use]
pub fn bundle_name(folder: &str) -> String {
    format!(
        "Name a file outside this folder, on the medium that travels: as /media/usb/{folder}.bundle.json."
    )
}

/// A question.
pub const WHERE_TO_WRITE: &str = "Write it to";

/// How a bundle is used.
#[must_use]
pub fn how_she_signs(name: &str, needs_root: bool) -> String {
    {
        let trust = if needs_root { "--trust HER-OWN-ROOT.json " } else { "" };
        format!(
            "At home she types: conclave run {trust}--profile HER-PROFILE.toml {name}. Her answer comes back as one file."
        )
    }
}

/// A question.
pub const WHICH_FILE: &str = "File that came back";

/// While it is read.
#[must_use]
pub fn reading(file: &str) -> String {
    format!("Reading {file}: everything in it is judged again.")
}

/// A heading.
#[must_use]
pub fn a_visit(title: &str) -> String {
    format!("Your visit: {title}")
}

/// Under it.
pub const ABOUT_THE_VISIT: &str = "Everything comes from this one file, and everything in it is verified again here. Your own folder is kept beside it; your answer is one file that you send back.";

/// A question.
pub const WHO_ARE_YOU: &str = "Who are you?";

/// A refusal.
pub const NO_OWN_ROOT: &str =
    "A file that was sent cannot vouch for itself: your own copy of the root before it is missing.";

/// Advice.
pub const BRING_YOUR_ROOT: &str =
    "Give your own copy with --trust FILE: the root that you signed or downloaded before.";

/// Advice.
pub const SIGN_A_PLAIN_BUNDLE: &str =
    "It is a bundle of a single document: `conclave sign --token URI` signs it.";

/// A choice.
pub const TRY_AGAIN: &str = "Try again";

/// A choice.
pub const SOMEBODY_ELSE: &str = "I am somebody else";

/// A choice.
pub const REPLY_AS_IT_IS: &str = "Write the answer with what is stored so far";

/// There is no folder yet.
pub const NOTHING_TO_REPLY: &str = "Nothing is stored yet that could be answered with.";

/// An answer was written before.
#[must_use]
pub fn reply_is_there(place: &str) -> String {
    format!("{place} is there already; nothing is overwritten. Name another file for this answer.")
}

/// Everything was done before but the call.
#[must_use]
pub fn answer_is_written(place: &str) -> String {
    format!("Nothing waits for you any more, and your answer is at {place}, as it was written before.")
}

/// Before the final files.
#[must_use]
pub fn could_still_sign(who: &str, count: usize) -> String {
    format!(
        "{} could still sign: {who}. A signature that comes later stands in the record, not in the file.",
        counted(count as u64, "more person", "more people")
    )
}

/// A question.
pub const WAIT_OR_WRITE: &str = "Wait for more signatures?";

/// A choice.
pub const WRITE_NOW: &str = "No: write the final files now";

/// A choice.
pub const WAIT_FOR_MORE: &str = "Yes: wait";

/// Before the close.
pub const BEHIND_THE_CLOSE: &str = "After the close nothing can be added but countersignatures and addenda.";

/// A question.
pub const ANYTHING_LEFT_TO_SAY: &str = "Has everybody said what belongs into the record?";

/// A choice.
pub const CLOSE_NOW: &str = "Yes: close";

/// A heading.
pub const SEND_AND_CALL: &str = "What you send, and what you say by phone";

/// What she sends.
#[must_use]
pub fn send_this(file: &str) -> String {
    format!("Send {file} to the officer, with the files beside it if there are any.")
}

/// Before what she says.
pub const SAY_THESE_WORDS: &str = "Then call the officer on a number that you know, and say:";

/// A heading.
pub const ABOUT_THIS_CEREMONY: &str = "What this ceremony is about";

/// A heading: the lines of another machine came with a file.
#[must_use]
pub fn lines_of_another_machine(lines: u64) -> String {
    format!("The other machine's head after line {lines}, as the file tells it")
}

/// Under it.
pub const COMPARE_BY_PHONE: &str = "Compare by phone with whoever sent the file, on a number that you know: she reads you line 1, you read her line 2. The same for the digest of each draft, which stands under \"Read a draft\".";

/// Before lines that were written elsewhere between two steps.
#[must_use]
pub fn others_wrote(lines: u64, left_out: u64) -> String {
    let wrote = format!("Somebody else wrote {} into this folder meanwhile", counted(lines, "line", "lines"));
    match left_out {
        0 => format!("{wrote}:"),
        left_out => format!("{wrote}; {} and then:", counted(left_out, "line", "lines")),
    }
}

/// One of those lines.
#[must_use]
pub fn others_line(number: u64, event: &str, by: Option<&str>) -> String {
    match by {
        Some(by) => format!("line {number}: {event}, by {by}"),
        None => format!("line {number}: {event}"),
    }
}

/// Somebody whose full name somebody else has too.
#[must_use]
pub fn namesake(full: &str, name: &str) -> String {
    format!("{full} ({name})")
}
