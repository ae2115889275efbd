//! What the guided ceremony says and asks: its frame, its beginning, the paper, and people. What it offers in between stands in
//! `course`, `keys` and `trouble`.

mod course;
mod keys;
mod trouble;

pub use course::*;
pub use keys::*;
pub use trouble::*;

use super::counted;

/// A choice: nothing of this.
pub const BACK: &str = "Back";

/// Nothing was typed.
pub const NOT_EMPTY: &str = "Something must stand there.";

/// What was typed holds keys that are no characters.
pub const NO_CONTROLS: &str = "That held a key that is no character. Type it again.";

/// A refusal: nobody can be asked.
pub const NO_TERMINAL: &str = "The guided ceremony asks people, and nobody can answer here.";

/// Advice.
pub const NEEDS_A_TERMINAL: &str = "Run it at a terminal. What a script does, it does with the other verbs.";

/// A usage fault.
pub const FOR_VISITS: &str = "--out and --log belong to a keyholder's visit from a bundle.";

/// Advice.
pub const LEAVE_THEM_TO_VISITS: &str = "Leave them out, or name a bundle.";

/// A usage fault.
pub const TRUST_IS_FOR_BUNDLES: &str =
    "--trust belongs to a bundle; a folder has the root that it was opened with.";

/// Advice.
pub const LEAVE_TRUST_OUT: &str = "Leave it out; each keyholder is asked for her own copy when she reads.";

/// A refusal between two steps.
pub const PUT_BACK: &str = "The folder does not hold what was seen in it a moment ago.";

/// Its cause.
#[must_use]
pub fn last_seen(lines: u64, head: &str) -> String {
    format!("it had {} with the head {head}", counted(lines, "line", "lines"))
}

/// Advice.
pub const FIND_OUT_WHO: &str = "Find out who put an older copy there. Nobody signs before that is known.";

/// Somebody left.
pub const YOU_LEFT: &str = "You left the ceremony.";

/// Advice.
pub const GO_ON_WITH_IT: &str = "Go on with the command above, now or another day.";

/// Where the command is typed: its paths begin there.
#[must_use]
pub fn in_the_folder(here: &str) -> String {
    format!("You are in {here}, where the paths below begin.")
}

/// Before the command that goes on.
pub const TO_GO_ON: &str = "To go on:";

/// Advice: a folder is there, and was not gone on with.
pub const AS_IT_WAS: &str =
    "The folder is as it was, and its head is still the one on your paper. Type the same command again.";

/// Advice: nothing is there yet.
pub const START_AGAIN: &str = "Nothing was opened; begin again when you like.";

/// Under the head.
pub const KEEP_THE_HEAD: &str = "Write these words on paper: whoever goes on is asked for them.";

/// At the beginning.
pub const HOW_TO_STOP: &str = "One question at a time. Ctrl-C stops at any question; what is stored stays, and the ceremony can be gone on with.";

/// The heading of a new ceremony.
pub const BEGINS: &str = "A new ceremony";

/// The heading of a ceremony that is gone on with.
pub const GOES_ON: &str = "The ceremony goes on";

/// Before the date.
pub const DATE_ON_THE_WALL: &str =
    "Which day is it? Read it off a clock on the wall or a phone, not off this machine.";

/// The question for the date.
pub const TODAY: &str = "Today (as 2027-03-05)";

/// What a date looks like.
pub const DATE_LOOKS_LIKE: &str = "2027-03-05";

/// It is no date.
#[must_use]
pub fn no_date(like: &str) -> String {
    format!("That is no date. Type it as {like}: year, month, day.")
}

/// The date, so that a slip is noticed.
#[must_use]
pub fn date_in_words(date: &str) -> String {
    format!("That is {}.", date)
}

/// The machine disagrees.
#[must_use]
pub fn clock_says_otherwise(clock: &str) -> String {
    format!(
        "This machine's clock says {clock}. Clocks of machines in safes are often wrong; your date is the one that counts."
    )
}

/// A question.
pub const WHICH_IS_RIGHT: &str = "Is the date that you typed right?";

/// A choice.
pub const DATE_IS_RIGHT: &str = "It is right; the machine's clock is wrong";

/// A choice.
pub const DATE_AGAIN: &str = "I type it again";

/// Another day.
#[must_use]
pub fn date_stated_last(date: &str) -> String {
    format!("The last date that was stated is {date}.")
}

/// Before the self-check.
pub const LOOKING_AT_THE_MACHINE: &str =
    "Looking at this machine: the program's known answers, clock, memory, media, modules.";

/// What came of it.
#[must_use]
pub fn looked_at(well: u64, odd: u64) -> String {
    match odd {
        0 => format!("{} looked at: all is well.", counted(well, "thing", "things")),
        odd => format!(
            "{} well; {} to know:",
            counted(well, "thing is", "things are"),
            counted(odd, "thing", "things")
        ),
    }
}

/// A question.
pub const MACHINE_IS_NOT_WELL: &str = "Something about this machine is bad. What now?";

/// A choice.
pub const STOP_AND_MEND: &str = "Stop, and mend it first";

/// A choice.
pub const GO_ON_ALL_THE_SAME: &str = "Go on all the same; it is written down as an incident";

/// A question.
pub const WHY_GO_ON: &str = "Why is it gone on with";

/// The incident.
#[must_use]
pub fn passed_over(part: &str, says: &str, why: &str) -> String {
    format!("Went on although the self-check found something bad ({part}): {says} Reason: {why}")
}

/// Before a question.
pub const MACHINE_IS_NETWORKED: &str = "This machine has, or may have, a way out to a network, and this ceremony is a real one: whoever comes in by it may change what you see here.";

/// A question.
pub const WHAT_OF_THE_NETWORK: &str = "What of the network?";

/// A choice.
pub const STOP_AND_UNPLUG: &str = "Stop, and take it off the network first";

/// A choice.
pub const GO_ON_WITH_A_NETWORK: &str = "Go on, for a reason that is written down";

/// A question.
pub const WHY_A_NETWORK: &str = "Why is the network needed, or harmless here";

/// How the remark begins; the reason stands behind it.
#[must_use]
pub fn on_a_network(says: &str) -> String {
    format!("Went on with a network: {says} Reason: ")
}

/// Advice.
pub const TAKE_IT_OFF: &str =
    "Pull the cable, or switch it off, and type the same command again; `conclave doctor` looks again.";

/// Stopped.
pub const MACHINE_STOPPED_IT: &str = "You stopped before this machine was used.";

/// Advice.
pub const MEND_THE_MACHINE: &str =
    "Mend what stands above, or take another machine; `conclave doctor` looks again.";

/// A heading.
#[must_use]
pub fn the_plan(file: &str) -> String {
    format!("The plan {file}")
}

/// A question.
pub const IS_IT_THE_REVIEWED_PLAN: &str =
    "Is this what was reviewed and agreed? What is reviewed is what runs.";

/// A question.
pub const THE_PLAN_IS_NOT_WELL: &str = "Something above says no to this plan. Open it all the same?";

/// A choice.
pub const OPEN_THE_CEREMONY: &str = "Yes: open the ceremony";

/// A choice.
pub const STOP_BEFORE_OPENING: &str = "No: stop, nothing is opened";

/// Stopped or refused.
pub const NOT_OPENED: &str = "No ceremony was opened.";

/// Advice.
pub const MEND_AND_BEGIN: &str = "Mend what stands above and begin again with the same command.";

/// A question.
pub const WHERE_A_SECOND_TIME: &str =
    "A real root is kept on two devices, so that none can be lost. Where is the second?";

/// A choice.
pub const SECOND_DEVICE: &str = "On a second device, whose folder I type";

/// A choice.
pub const ONE_DEVICE: &str = "One device is enough here, for a reason that I type";

/// A question.
pub const WHERE_IS_THE_SECOND: &str = "This ceremony is kept on two devices. Where is the second?";

/// A choice.
pub const SECOND_DEVICE_GONE: &str = "It is gone, for a reason that I type; one device goes on";

/// A question.
pub const MIRROR_PATH: &str = "Folder on the second device";

/// Where the second device should be.
#[must_use]
pub fn no_ceremony_there(place: &str) -> String {
    format!("Nothing of this ceremony is at {place}, where its second device is said to be.")
}

/// A question.
pub const IS_IT_THE_SECOND: &str = "What of the second device?";

/// A choice.
pub const MIRROR_AGAIN: &str = "Its folder was mistyped: I type it again";

/// A choice.
pub const MIRROR_IS_NEW: &str = "It is a new device: a copy is written there";

/// A question.
pub const WHY_ONE_DEVICE: &str = "Why is one device enough";

/// Before the head.
pub const HEAD_FROM_PAPER: &str = "Take the paper of the last session and type the head that stands on it: eight lines of four words. Enter alone stands for a line that you cannot read, and ends it once four are typed. If there is no paper, or no head was shown yet, type the word none.";

/// One line of it.
#[must_use]
pub fn paper_line(line: usize, of: usize) -> String {
    format!("Line {line} of {of}")
}

/// What is typed without paper.
pub const NO_PAPER: &str = "none";

/// Without paper.
pub const OLDER_COPIES_PASS: &str = "Without the paper nobody can see whether this folder is an older copy.";

/// What goes into the record.
pub const WITHOUT_PAPER: &str = "The ceremony was gone on with, without the head on paper.";

/// A line with another number of words.
#[must_use]
pub fn not_four_words(count: usize) -> String {
    format!("A line has four words; that were {count}. Type it again.")
}

/// A word that is none, in a line of the paper.
#[must_use]
pub fn no_such_words(why: &str) -> String {
    format!("That line cannot be right: {why}. Type it again.")
}

/// Too little was typed to compare.
#[must_use]
pub fn too_few_lines(typed: usize, needed: usize) -> String {
    let typed = counted(typed as u64, "line", "lines");
    format!("That is {typed}; {needed} are needed. Type them again from line 1, or type none.")
}

/// The paper and the folder agree.
#[must_use]
pub fn paper_fits(line: u64, of: u64) -> String {
    if line == of {
        format!("The paper fits line {line}, the newest line of this folder.")
    } else {
        format!("The paper fits line {line} of {of}.")
    }
}

/// It cannot be compared.
#[must_use]
pub fn not_the_head(why: &str) -> String {
    format!("That cannot be compared with the folder: {why}. Type it again from line 1.")
}

/// No line of the folder has it.
pub const READ_THE_PAPER_AGAIN: &str = "No line of this folder has that head. It is an older copy, another ceremony, or a slip: read the paper again.";

/// A refusal.
#[must_use]
pub fn not_a_ceremony(place: &str) -> String {
    format!("{place} is neither a ceremony's folder nor a file.")
}

/// A refusal.
#[must_use]
pub fn nothing_there(place: &str) -> String {
    format!("There is nothing at {place}.")
}

/// A refusal.
#[must_use]
pub fn not_begun(place: &str) -> String {
    format!("{place} holds no ceremony: if one was opened there, that was cut off before its first line.")
}

/// Advice.
pub const BEGIN_IT_AGAIN: &str =
    "Begin it again with the command that opened it (--new, or --from); it goes on where it was cut off.";

/// Advice.
pub const HOW_TO_BEGIN: &str = "Check the name. A new ceremony begins with: conclave run --new PLAN FOLDER.";

/// A break.
pub const ON_A_BREAK: &str = "A break began, and nobody ended it.";

/// A question.
pub const WHO_WATCHED: &str = "Who watched the folder meanwhile (nobody, if nobody did)";

/// What is typed for nobody.
pub const NOBODY: &str = "nobody";

/// A question.
pub const WHO_SITS_HERE: &str = "Who sits at this keyboard and speaks for the record?";

/// A question.
pub const NOT_WRITTEN_DOWN: &str = "That was not written down. What now?";

/// A question.
pub const WHO_ELSE_IS_HERE: &str =
    "Who else is here? Names are written down as what people say of themselves.";

/// A choice.
pub const NOBODY_ELSE: &str = "Nobody else";

/// A person as a choice.
#[must_use]
pub fn person(full: &str, part: &str, name: &str) -> String {
    format!("{full}, {part} ({name})")
}

/// A choice.
#[must_use]
pub fn comes(who: &str) -> String {
    format!("{who} comes")
}

/// A choice.
#[must_use]
pub fn leaves(who: &str) -> String {
    format!("{who} leaves")
}

/// A choice.
pub const SOMEBODY_ELSE_COMES: &str = "Somebody comes who is not in the plan";

/// A question.
pub const WHO_COMES_OR_LEAVES: &str = "Who comes or leaves?";

/// A question.
pub const HER_NAME: &str = "Name";

/// A question.
pub const HER_PART: &str = "Here for what (as: witness)";
