//! What the guided ceremony says and asks where something is wrong or must change, about breaks, and about machines that
//! take over.

use crate::operator::wording::counted;

/// A question.
pub const WHAT_ELSE: &str = "What is it?";

/// A choice.
pub const GRANT: &str = "An exception is granted, here or by somebody who was heard";

/// A choice.
pub const DECLINE: &str = "Somebody will not sign a draft";

/// A choice.
pub const REPLAN: &str = "The plan must change: another one takes its place";

/// A choice.
pub const CLOSE_UNFINISHED: &str = "Close although drafts are not final";

/// A choice.
pub const ABORT: &str = "End the ceremony without a result";

/// A choice.
pub const LOOK_AT_THE_MACHINE: &str = "Look at this machine again";

/// A choice.
pub const ANOTHER_AT_THE_KEYBOARD: &str = "Somebody else sits at the keyboard now";

/// A choice.
#[must_use]
pub fn grants(who: &str, control: &str, about: &str, letter: &str) -> String {
    format!("{who} grants [{control}] {about}, draft {letter}")
}

/// A question.
pub const WHO_GRANTS_WHAT: &str = "Who grants what?";

/// A question.
#[must_use]
pub fn how_is_it_known(who: &str) -> String {
    format!("Is {who} here?")
}

/// A choice.
pub const SHE_IS_HERE: &str = "Here: the keyboard is hers now";

/// A choice.
pub const SHE_WAS_HEARD: &str = "Not here: somebody heard it from her";

/// A question.
pub const WHO_HEARD_IT: &str = "Who heard it?";

/// A question.
pub const HOW_WAS_IT_HEARD: &str = "How was it heard, and what was compared";

/// A question.
pub const WHO_DECLINES: &str = "Who will not sign?";

/// A question.
pub const WHY: &str = "Why";

/// Before a close.
pub const STAYS_UNFINISHED: &str =
    "These drafts stay unfinished; their signatures stay in the record and serve nobody:";

/// Before another plan.
pub const REPLAN_KILLS: &str =
    "Signatures on drafts that the new plan changes count no more; they stay in the record. There are:";

/// Before an end.
pub const ABORT_KILLS: &str = "With the end these signatures serve nobody any more; they stay in the record:";

/// Who signed a draft.
#[must_use]
pub fn signed_so_far(draft: &str, signers: &str) -> String {
    match signers {
        "" => format!("{draft}: nobody has signed"),
        signers => format!("{draft}: signed by {signers}"),
    }
}

/// A question.
pub const WHICH_PLAN: &str = "The new plan's file";

/// A question.
pub const REALLY_ABORT: &str = "End the ceremony without a result?";

/// A choice.
pub const END_WITHOUT_RESULT: &str = "Yes, end it";

/// A question.
pub const WHY_A_BREAK: &str = "Why, and until when";

/// A question.
pub const A_BREAK: &str = "A break";

/// During it.
pub const DURING_A_BREAK: &str =
    "Write the head on paper, take the tokens out, and let somebody watch the folder.";

/// A choice.
pub const STAY_FOR_THE_BREAK: &str = "Leave this screen as it is";

/// A pause.
pub const ENTER_WHEN_IT_IS_OVER: &str = "[Enter when the break is over]";

/// A choice.
pub const LEAVE_FOR_THE_BREAK: &str = "Leave the program for the break";

/// A heading.
#[must_use]
pub fn a_takeover(title: &str) -> String {
    format!("This machine takes over: {title}")
}

/// Under it.
pub const ABOUT_THE_TAKEOVER: &str = "The folder is opened here from the bundle, and its second line says so. The first machine's folder must not be used any more.";

/// A question.
pub const WHY_ANOTHER_MACHINE: &str = "Why does another machine go on";

/// A question.
pub const WHICH_CHAIN: &str = "Which machine's lines go on here?";

/// A machine as a choice.
#[must_use]
pub fn chain(machine: &str, lines: u64) -> String {
    format!("{}..., {}", machine.get(..16).unwrap_or(machine), counted(lines, "line", "lines"))
}

/// A refusal.
pub const IT_IS_OVER: &str =
    "This ceremony is over on the machine that would be taken over; nothing goes on elsewhere.";

/// Its cause.
#[must_use]
pub fn it_ended_with(event: &str) -> String {
    format!("its lines end with {event}")
}

/// Advice.
pub const READ_IT_INSTEAD: &str = "Fetch that machine's folder or its second device; `conclave replay` reads it, and its final files are in final/.";

/// Before a question.
#[must_use]
pub fn made_final_there(files: &str) -> String {
    format!(
        "That machine wrote final files: {files}. Made here again they can differ, if a signature comes in between; two files of one version confuse whoever gets both."
    )
}

/// A question.
pub const WHAT_OF_THE_FINAL_FILES: &str = "Can those files still be fetched?";

/// A choice.
pub const FETCH_THEM: &str = "Yes, or perhaps: do not take over";

/// A choice.
pub const MAKE_THEM_HERE: &str = "No, they are lost and were never given out: take over";

/// Stopped.
pub const NOT_TAKEN_OVER: &str = "Nothing was taken over.";
