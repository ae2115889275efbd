//! Sentences of a visit to a ceremony: who came, what she grants and signs, what her token does meanwhile.

use tuf_ceremony::plan::PersonPart;

/// A label: the draft's letter.
pub const DRAFT: &str = "draft";
/// Why an attempt without an end is closed.
pub const LEFT_OPEN: &str = "the process ended while the token was asked";
/// Somebody whom the plan does not name.
const UNANNOUNCED: &str = "not in the plan";

/// What a person is here for, by the plan.
pub fn part(part: Option<PersonPart>) -> &'static str {
    match part {
        Some(PersonPart::Keyholder) => "keyholder",
        Some(PersonPart::Officer) => "officer",
        Some(PersonPart::Witness) => "witness",
        Some(PersonPart::Auditor) => "auditor",
        None => UNANNOUNCED,
    }
}

/// The heading of what changed since her own root.
pub fn since_your_own(version: u64) -> String {
    format!("All that changed since your own root, version {version}")
}

/// The heading of exceptions.
pub const EXCEPTIONS_ASKED: &str = "The plan asks you for exceptions";

/// One exception. `about` is cleaned.
pub fn exception_asked(number: usize, control: &str, about: &str) -> String {
    format!("{number}. [{control}] for {about}:")
}

/// Why the plan asks for it. `reason` is cleaned.
pub fn exception_reason(reason: &str) -> String {
    format!("The plan says why: {reason}")
}

/// What must be typed to grant an exception.
pub fn grant_phrase(control: &str, number: usize) -> String {
    format!("grant {control} {number}")
}

/// How to grant.
pub fn to_grant_type(number: usize, phrase: &str) -> String {
    format!("To grant exception {number}, type: {phrase}")
}

/// A key that wants its PIN each time.
pub const PIN_FOR_EACH: &str =
    "The PIN was accepted. This key wants it once more for each signature, so it is asked for again.";

/// A signature is in the folder.
pub fn signed_here(letter: &str, role: &str, version: u64) -> String {
    format!("Signed: draft {letter}, {role} version {version}. The signature was verified and is stored.")
}

/// An attempt of a process that is gone.
pub fn left_open(line: u64) -> String {
    format!(
        "! The attempt of line {line} never ended: the token was perhaps asked, and a signature may exist that is not here. That is written down as not known."
    )
}

/// Nothing waits for her.
pub const NOTHING_WAITS: &str = "Nothing here waits for your signature.";
/// Advice: nothing waits for her.
pub const LOOK_WHO_IS_MISSING: &str = "`conclave status` names whose signatures are missing.";
/// Several tokens hold her keys.
pub const SEVERAL_TOKENS: &str = "Several tokens that are inserted hold keys that may sign this.";
/// Advice: several tokens hold her keys.
pub const NAME_THE_TOKEN: &str = "Leave one in, or name it: --token 'pkcs11:serial=...'.";
/// She did not grant.
pub const NOT_GRANTED: &str = "You did not grant what this draft needs, so nothing was asked of the token.";
/// Advice: she did not grant.
pub const DECLINE_OR_SIGN: &str =
    "Say so with `conclave decline`, with your reason; or start `conclave sign` again.";
/// A program where a device belongs.
pub const SOFTWARE_TOKEN: &str =
    "This token is a program, and a real root or real targets are not signed by one.";
/// Advice: a program where a device belongs.
pub const DEVICE_OR_EXCEPTION: &str = "Use the device that holds the key; or have a plan reviewed that asks for the exception token-software for this key.";
/// The folder was touched.
pub const DRAFT_CHANGED: &str = "Somebody changed this folder while you were reading.";
/// Advice: the folder was touched.
pub const FIND_OUT_WHO: &str =
    "Do not sign. Find out who was at this folder; `conclave replay` says what differs.";
/// Who signs is not said.
pub const WHO_SIGNS: &str = "A ceremony's transcript says who signs, and nobody was named.";
/// Advice: who signs is not said.
pub const NAME_HER: &str = "Say who you are, by the plan's name: --as NAME.";
/// Which token is not said.
pub const WHICH_TOKEN: &str = "No token was named with --token.";
/// Options of ceremonies at a bundle without one.
pub const FOR_CEREMONIES: &str = "--as, --draft, --reference, --guided, --date, --out and the options of folders are for a ceremony, and this bundle holds none.";
/// Advice: options of ceremonies at a bundle without one.
pub const LEAVE_OUT_CEREMONY: &str = "Leave them out.";
/// Options of bundles at a folder.
pub const FOR_CEREMONY_BUNDLES: &str =
    "--date and --out are for a ceremony's bundle, and this is a folder that is open.";
/// Advice: options of bundles at a folder.
pub const LEAVE_OUT_DATE_AND_OUT: &str =
    "Leave them out: the folder knows its date, and `conclave export` writes it as a bundle.";
/// Advice: which token is not said.
pub const NAME_A_TOKEN: &str = "Name it with --token, such as --token 'pkcs11:token=alice'.";

/// Signing in another stage.
pub fn no_signing_at(stage: &str) -> String {
    format!("drafts are signed while they gather signatures, and this ceremony's stage is: {stage}")
}

/// Her reply. `bundle` is cleaned.
pub fn send_home(bundle: &str) -> String {
    format!("Your reply is written. Send it home: {bundle}")
}

/// How much of her chain travels in the reply.
pub fn known_at_home(lines: u64) -> String {
    format!(
        "It holds your machine's lines up to line {lines}: those who get it can compare the head after that line. The head below is for your own paper, and your own folder."
    )
}

/// A key that waits. `holder` is cleaned.
pub fn key_of(holder: Option<&str>, print: &str) -> String {
    let holder = holder.map_or_else(String::new, |holder| format!("{holder}, "));
    format!("{holder}fingerprint {print}")
}

/// Before a PIN on the token's own keypad.
pub fn keypad(token: &str) -> String {
    format!("Type the PIN on the keypad of {token} itself, now. Nothing is typed here.")
}

/// While the token is waited for.
pub fn seconds_left(left: u64) -> String {
    format!("Still waiting for the token; {}.", super::counted(left, "second is left", "seconds are left"))
}

/// The token gave no answer in time.
pub fn overdue(seconds: u64) -> String {
    format!(
        "The token has not answered for {}. If its module is ended now, nobody knows whether it did what was asked.",
        super::counted(seconds, "second", "seconds")
    )
}

/// What is typed to wait once more.
pub const WAIT: &str = "wait";

/// How to wait once more.
pub fn to_wait_type() -> String {
    format!("To wait as long again, type: {WAIT}. Anything else ends the module.")
}

/// Why a module perhaps shows nothing; the name is cleaned.
pub fn no_network_here(module: &str) -> String {
    format!(
        "the profile allows the module {module} a network, and here it has none: only `conclave sign` gives it one, where snapshot or timestamp alone are signed"
    )
}

/// That a module may use a network in this visit; written down, and shown. The name is the profile's.
pub fn network_allowed(module: &str, roles: &[String]) -> String {
    format!("the module {module} was allowed a network for {}", roles.join(" and "))
}

/// That something was written down.
pub fn noted(text: &str) -> String {
    format!("Written down: {text}.")
}

/// Advice: a file with a secret that others may open.
pub const MAKE_IT_PRIVATE: &str =
    "Take everybody else's rights away (chmod 600), and think about who may have read it.";
/// A file with a PIN where it is typed.
pub const PIN_IS_TYPED: &str =
    "A PIN for a real root, real targets or a delegated role is typed by its holder; no file may give it.";
/// Advice: a file with a PIN where it is typed.
pub const LEAVE_OUT_PIN_SOURCE: &str =
    "Leave out --pin-source; or name a draft of an online role with --draft.";
/// A file that gives no PIN.
pub const NO_PIN_IN_FILE: &str = "The file named with --pin-source gives no PIN.";
/// Advice: a file that gives no PIN.
pub const ONE_LINE: &str = "Write the PIN into it as its only line.";

/// The heading of a countersignature; the ceremony's title stands on a line of its own, for it may be long.
pub const ASKED_TO_COUNTERSIGN: &str =
    "You are asked to countersign: compare this head with the paper record";

/// What must be typed to countersign.
pub fn countersign_phrase(short: &str) -> String {
    format!("countersign {short}")
}

/// The prompt for a PIN or passphrase to countersign.
pub fn close_prompt(secret: &str, short: &str) -> String {
    format!("{secret}, to countersign {short}: ")
}

/// The plan wants no countersignatures.
pub const NO_COUNTERSIGNING: &str = "The plan of this ceremony asks for no countersignatures.";
/// Advice: the paper record.
pub const HEAD_ON_PAPER: &str = "The head on the paper record is what an auditor gives to `conclave replay`.";
/// Before the close.
pub const NOT_CLOSED: &str = "This ceremony is not closed, so there is no head to countersign.";
/// Advice: before the close.
pub const CLOSE_FIRST: &str = "Close it first: `conclave close`.";
/// No key of hers is left.
pub const NOTHING_TO_COUNTERSIGN: &str = "No key of hers may countersign here, or all of them have done so.";

/// A countersignature is stored. `person` is cleaned.
pub fn countersigned(person: &str) -> String {
    format!("Countersigned by {person}: verified, and stored in the folder.")
}
