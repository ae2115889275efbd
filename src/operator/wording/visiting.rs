//! Sentences of a keyholder's visit that is asked step by step. Short, and calm: she is nervous, and others watch.

use tuf_ceremony::forecast::Side;

use super::counted;

/// The heading of the digest, for whoever has no source of her own.
pub const DIGEST_TO_COMPARE_LATER: &str = "The digest: write it down, and compare it as soon as you can";
/// Which draft this is, of those that wait for her.
pub fn draft_of(letter: &str, number: usize, letters: &[String]) -> String {
    let waiting = letters.len();
    match waiting {
        1 => format!("Draft {letter} waits for you."),
        _ => format!("Draft {letter} is {number} of {waiting} that wait for you: {}.", letters.join(", ")),
    }
}

/// She declined it in an earlier visit. `reason` is cleaned.
pub fn declined_before(reason: &str) -> String {
    format!("You declined this draft before: {reason}. Your last word counts.")
}

/// How the danger page is gone through.
pub fn one_by_one(items: usize) -> String {
    format!("{items} things decide trust. They come one at a time; say for each that you have seen it.")
}

/// Above one of them.
pub fn item_of(number: usize, of: usize) -> String {
    format!("{number} of {of}")
}

/// The question behind one of them.
pub const SEEN: &str = "Have you seen this, and is it as you expect? Type yes or no";
/// The agreeing answer.
pub const YES: &str = "yes";
/// Neither yes nor no.
pub const YES_OR_NO: &str = "Type yes, or no.";

/// The question where something was not agreed to.
pub const WHAT_NOW: &str = "What do you want to do?";
/// A choice: see it again.
pub const AGAIN: &str = "Show it again";
/// A choice: decline.
pub const DECLINE: &str = "Decline this draft, with a reason";
/// A choice: stop.
pub const STOP: &str = "Stop for now";
/// A choice: go on.
pub const GO_ON: &str = "Go on";
/// A choice: the full diff.
pub const EVERYTHING: &str = "Show everything, line by line";
/// The question behind the pages.
pub const SEEN_IT_ALL: &str = "That was the draft. What do you want to do?";

/// Before the digest.
pub const BEFORE_THE_DIGEST: &str = "Now the digest. It stands for every byte of this draft. Compare it with a source of your own, which did not come with this folder.";
/// The question on her source.
pub const YOUR_SOURCE: &str = "Where do you have the digest from?";
/// A choice: she has a source.
pub const HAVE_SOURCE: &str = "I have it on my own paper or phone";
/// A choice: she has none.
pub const NO_SOURCE: &str = "I have no source of my own";
/// What her consent is without one.
pub const UNREFERENCED: &str =
    "It is written down that you had no source of your own to compare the digest with.";
/// The question on her source, in her words.
pub const WHERE_FROM: &str = "Where is it from? For example: olga, by phone, today";

/// The source that the command line gave. `source` is cleaned.
pub fn source_given(source: &str) -> String {
    format!("You said where you have it from: {source}.")
}

/// How the lines are typed.
pub const TYPE_TWO_LINES: &str = "Nothing of it is shown yet. Choose any two of its lines and type them, one at a time: a line of four words, a group of eight hex digits, or a whole line of hex. Capitals and spaces do not matter. To stop, type: no";

/// The question for one line.
pub fn line_number(number: usize, of: usize) -> String {
    format!("Line {number} of {of}")
}

/// It fits nothing.
pub fn no_such_line(left: usize) -> String {
    let left = counted(left as u64, "try is left", "tries are left");
    format!("That is no line of this digest: {left}. Look again at your paper.")
}

/// It was typed before.
pub const THE_SAME_LINE: &str = "That line is right, and you typed it already. Type another one.";
/// Both are right.
pub const BOTH_FIT: &str = "Both lines fit.";
/// They are none.
pub const NOT_THE_PAPER: &str = "This is not the digest of your paper. Nothing of this draft is signed.";

/// What is written down of her source. `source` is hers, `lines` ours.
pub fn reference(source: &str, lines: &str) -> String {
    format!("{source}; typed before it was shown: {lines}")
}

/// A line of words.
pub fn words_line(number: usize) -> String {
    format!("line {number} in words")
}

/// A hex group.
pub fn hex_group(number: usize) -> String {
    format!("hex group {number}")
}

/// A line of hex.
pub fn hex_line(number: usize) -> String {
    format!("hex line {number}")
}

/// An exception was not granted.
pub const NOT_WITHOUT_EXCEPTION: &str =
    "You did not grant this exception, and without it this draft cannot be signed by you.";

/// The heading right before consent.
pub fn once_more(letter: &str) -> String {
    format!("Once more, before you agree to draft {letter}")
}

/// Dangerous changes that have no room here.
pub fn and_more_acknowledged(more: usize) -> String {
    format!("and {more} more, which you have seen one by one.")
}

/// Nothing comes before it.
pub const ALL_OF_IT_NEW: &str = "Nothing comes before it: all of it is new.";
/// How not to consent.
pub const TO_DECLINE_OR_STOP: &str = "To decline, type: decline. To stop, type: no";
/// The question for a reason.
pub const WHY_DECLINE: &str = "Why do you decline? In one line";

/// It is written down.
pub fn declined(letter: &str) -> String {
    format!("Written down: you decline draft {letter}. Nothing of it was asked of the token.")
}

/// What opens a token.
pub const PIN: &str = "PIN";
/// What opens a key file.
pub const PASSPHRASE: &str = "passphrase";

/// What is asked of her for her signatures, and how often where that is known. `secret` is what opens her token.
pub fn what_is_asked(signatures: usize, asked: Option<usize>, secret: &str) -> String {
    let follow = counted(signatures as u64, "signature follows", "signatures follow");
    match asked {
        Some(1) => format!("{follow}, and your {secret} is asked for once."),
        Some(times) if times == signatures => {
            format!("{follow}, and your {secret} is asked for {times} times: once for each signature.")
        }
        Some(times) => format!(
            "{follow}, and your {secret} is asked for {times} times: it opens the token, and this key wants it for each signature."
        ),
        None => format!(
            "{follow}. Your {secret} is asked for once; if this key wants it for each signature as well, you are told then."
        ),
    }
}

/// How many signatures, where no PIN is typed here.
pub fn signatures_follow(signatures: usize) -> String {
    format!("{} of your token.", counted(signatures as u64, "signature is asked", "signatures are asked"))
}

/// A token with a button.
pub const TOUCH_IT: &str = "If the token has a button and blinks, touch it: once for each signature.";

/// Which PIN this is.
pub fn pin_of_pins(number: usize, of: usize) -> String {
    format!("PIN {number} of {of}; the one before was accepted.")
}

/// A choice: the PIN or passphrase once more.
pub const PIN_AGAIN: &str = "Type it again";

/// Why a line is typed before the first PIN.
pub const PRACTICE: &str = "First try this keyboard: a PIN is not shown while you type it, and a wrong one costs a try. Type this line. It is shown, so do not type your PIN here.";
/// What keyboards differ in.
pub const PRACTICE_LINE: &str = "yz QWAZ 0123456789 -_/";

/// The line to type.
pub fn practice_line() -> String {
    format!("  {PRACTICE_LINE}")
}

/// The question of the practice line.
pub const YOUR_KEYBOARD: &str = "Practice line";
/// It came out right.
pub const KEYBOARD_IS_RIGHT: &str = "The keyboard types what stands on its keys.";
/// The answer that goes on with a keyboard that differs; case and spaces do not matter.
pub const GO_ON_ANYWAY: &str = "goon";

/// One key that types something else.
pub fn came_out(wanted: char, found: char) -> String {
    format!("\"{wanted}\" came out as \"{found}\"")
}

/// The keyboard types something else.
pub fn keyboard_differs(pairs: &str) -> String {
    format!(
        "It differs: {pairs}. A mistake, or another keyboard layout. Type the line again; to go on as it is, type: go on"
    )
}

/// Something is missing or too much.
pub fn another_length(found: usize, wanted: usize) -> String {
    let found = counted(found as u64, "character", "characters");
    format!(
        "It differs: you typed {found}, and the line has {wanted}. Type the line again; to go on as it is, type: go on"
    )
}

/// The PIN is locked. `token` names it.
pub fn locked(token: &str) -> String {
    format!("The PIN of {token} is locked: it takes no PIN any more. Stopping is safe.")
}

/// One side of one draft. The role is cleaned.
pub fn side(letter: &str, role: &str, side: Side) -> String {
    match (role, side) {
        ("root", Side::New) => format!("draft {letter}, new root"),
        ("root", Side::Old) => format!("draft {letter}, old root"),
        _ => format!("draft {letter}, {role}"),
    }
}

/// What one side has, and still can get without this token. `others` are cleaned.
pub fn without_her(side: &str, (valid, needed): (u64, u64), others: &str, suffices: bool) -> String {
    let verdict = if suffices { "enough" } else { "NOT enough" };
    let can = match others {
        "" => "nobody else can sign".to_owned(),
        others => format!("still can: {others}"),
    };
    format!("Without this token, {side}: {valid} of {needed} signed, {can}: {verdict}.")
}

/// A choice: stop before the last try.
pub const STOP_IS_SAFE: &str = "Stop. Nothing is lost";
/// A choice: a token that was missed is back.
pub const IT_IS_BACK: &str = "I have put the same token back in: go on";
/// A choice: the PUK.
pub const UNBLOCK: &str = "Unblock the token with its PUK first";
/// A choice: the override.
pub const USE_LAST_TRY: &str = "Use the last try";
/// How to unblock.
pub const HOW_TO_UNBLOCK: &str = "Unblock it with the token's own program, which asks for the PUK and a new PIN. A YubiKey behind a module: with `conclave token unblock --token piv:`. A visit sends no PUK.";

/// She stopped.
pub const STOPPED: &str = "You stopped here, so nothing more was asked of the token.";
/// Advice: unblock.
pub const UNBLOCK_CARD_FIRST: &str =
    "Unblock the card with `conclave token unblock` and its PUK; then start `conclave sign` again.";
/// Advice: unblock.
pub const UNBLOCK_FIRST: &str =
    "Unblock the token with its own program and its PUK; then start `conclave sign` again.";
/// Her paper has another digest.
pub const OTHER_DIGEST: &str = "This draft is not the one on your paper.";
/// Her paper has another root.
pub const OTHER_ROOT: &str = "This ceremony does not build on the root that your paper names.";
/// Advice: her paper has another digest.
pub const TELL_THE_OFFICER: &str = "Do not sign. Tell the security officer in person or by phone, and let it be written down as an incident.";

/// The question on the root before.
pub fn root_before(version: u64) -> String {
    format!("What you sign follows root version {version}. How do you know that root?")
}

/// A choice: her own copy.
pub fn have_copy(version: u64) -> String {
    format!("I have my own copy of root {version}, or of an older root, as a file")
}

/// A choice: her paper.
pub const HAVE_PAPER: &str = "I have its digest on my own paper";
/// A choice: nothing.
pub const HAVE_NOTHING: &str = "I have neither";
/// What she relies on then.
pub const RELY_ON_MACHINE: &str = "Then you rely on this machine's copy: what changed is told against that.";
/// The question for the file.
pub const PATH_OF_COPY: &str = "Path of your copy";
/// Her copy and this ceremony fit.
pub const COPY_FITS: &str = "Your own copy fits: every step from it was checked.";

/// What is written down of a root that she knows by paper.
pub fn knows_root(version: u64, lines: &str) -> String {
    format!("compared the digest of root {version} with her own paper before it was shown: {lines}")
}

/// The digest of the root before, once her lines fit.
pub fn digest_of_root(version: u64) -> String {
    format!("The digest of root version {version}")
}

/// The end of a visit.
pub const TAKE_IT_OUT: &str = "Take your token out now.";
/// What she takes home.
pub const TAKE_HOME: &str = "For your own paper";

/// The head, which was told just before.
pub fn head_above(line: u64) -> String {
    format!("and the head above, after line {line}.")
}

/// What a digest is of.
pub fn digest_of(letter: &str, role: &str, version: u64) -> String {
    format!("draft {letter}, {role} version {version}, which you signed:")
}
/// How to unblock a card; `uri` names it.
pub fn how_to_unblock(uri: &str) -> String {
    format!(
        "Leave here, then type: conclave token unblock --token {uri}. It asks for the PUK and a new PIN, and tells how many tries the PUK has."
    )
}
