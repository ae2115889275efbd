//! Sentences on the tokens of a machine (`tokens`): a table, what each is, what is wrong with it, and what to do.

use super::{counted, grouped};

/// The heading of the table.
pub const HEADING: &str = "Tokens on this machine";
/// Heads of the table's columns.
pub const COLUMNS: [&str; 6] = ["", "token", "serial", "module", "keys", "PIN"];
/// The same where it is said whose keys they are.
pub const COLUMN_OF: &str = "whose";
/// A mark in the table: read on.
pub const LOOK: &str = "!";
/// A place in the table with nothing to say.
pub const NOTHING: &str = "-";
/// A token that was never set up.
pub const CELL_NO_TOKEN: &str = "(not set up)";
/// A token that tells nothing.
pub const CELL_UNTOLD: &str = "(unreadable)";
/// A key that cannot sign metadata.
pub const CELL_OTHER: &str = "other";
/// A token that shows no keys.
pub const CELL_NO_KEYS: &str = "none shown";
/// Keys of nobody who is known.
pub const CELL_NOBODY: &str = "nobody known";

/// The PIN in the table.
pub const CELL_UNREADABLE: &str = "not told";
/// The PIN in the table.
pub const CELL_NEVER_SET: &str = "never set";
/// The PIN in the table.
pub const CELL_LOCKED: &str = "LOCKED";
/// The PIN in the table.
pub const CELL_TO_BE_CHANGED: &str = "change it";
/// The PIN in the table.
pub const CELL_LAST_TRY: &str = "LAST TRY";
/// The PIN in the table.
pub const CELL_FAILED: &str = "a try failed";
/// The PIN in the table.
pub const CELL_UNTROUBLED: &str = "no failed try";
/// The PIN in the table.
pub const CELL_KEYPAD: &str = "on keypad";
/// The PIN in the table.
pub const CELL_NOT_ASKED: &str = "not asked";

/// The PIN in the table.
pub fn tries_left(left: u8) -> String {
    format!("{left} tries left")
}

/// The PIN of a token that tells nothing.
pub const PIN_UNREADABLE: &str = "the token does not tell how it stands";
/// A token without a PIN.
pub const PIN_NEVER_SET: &str = "never set";
/// A token that wants none.
pub const PIN_NOT_ASKED: &str = "the token asks for none";
/// A PIN that does not serve yet.
pub const PIN_TO_BE_CHANGED: &str = "it must be changed before it serves";
/// A token with a keypad.
pub const PIN_ON_KEYPAD: &str = "it is typed on the token's own keypad, not here";

/// A token by its number in the table.
pub fn numbered(number: usize, token: &str) -> String {
    format!("{number}  {token}")
}
/// A token in a sentence; both are cleaned.
pub fn named(label: &str, serial: &str) -> String {
    format!("{label}, serial {serial}")
}
/// Who made it, and its versions; all are cleaned.
pub fn made_by(manufacturer: &str, model: &str, hardware: Option<&str>, firmware: Option<&str>) -> String {
    let hardware = hardware.map_or_else(String::new, |version| format!(", hardware {version}"));
    let firmware = firmware.map_or_else(String::new, |version| format!(", firmware {version}"));
    format!("made by {manufacturer}, model {model}{hardware}{firmware}")
}
/// Where it is seen; `module` is cleaned.
pub fn through(module: &str, slot: u64) -> String {
    format!("through the module {module}, slot {slot}")
}
/// Where else it is seen; cleaned.
pub fn also_through(modules: &str) -> String {
    format!("one token, seen through {modules} as well; the first is used")
}
/// A token that is a program.
pub const IS_SOFTWARE: &str = "a program and no device: it signs no real root unless the plan allows it";
/// A key: its kind, its label, whose it is; cleaned.
pub fn key(kind: &str, label: &str, whose: Option<&str>) -> String {
    match whose {
        Some(whose) => format!("{kind} key {label}, held by {whose}"),
        None => format!("{kind} key {label}"),
    }
}
/// A key that only another module shows; `module` is cleaned.
pub fn only_through(module: &str) -> String {
    format!("through the module {module} alone")
}
/// What a key is called where it is looked for; cleaned.
pub fn called(name: &str) -> String {
    format!("{name}, in the list below")
}
/// Label of a fact.
pub const SCHEME: &str = "scheme";
/// Label of a fact.
pub const FINGERPRINT: &str = "fingerprint";
/// Label of a fact.
pub const CALLED: &str = "known as";
/// Label of a fact.
pub const PIN: &str = "PIN";
/// Label of a fact.
pub const SEEN: &str = "seen";
/// Label of a fact: what to type.
pub const NAME_IT: &str = "name it";
/// A key that asks each time.
pub const PIN_EACH_TIME: &str = "asked for before every signature";
/// A card's own key.
pub const NOT_FOR_SIGNING: &str = "the card's own attestation key, not for signing";
/// A label: a note.
pub const NOTE: &str = "note";
/// A label: the one thing to do.
pub const NOW: &str = "now";

/// The keys of a plan; `title` is cleaned.
pub fn keys_of_plan(title: &str) -> String {
    format!("The keys of the plan {title}")
}
/// The keys of a bundle that no plan comes with.
pub const KEYS_OF_BUNDLE: &str = "The keys that may sign what the bundle holds";
/// Heads of the columns below it.
pub const KEY_COLUMNS: [&str; 3] = ["key", "holder", "where"];
/// Where a key is.
pub fn on_token(number: usize) -> String {
    format!("token {number}")
}
/// Where a key is, if there is one token, which has no number.
pub const ON_THIS_TOKEN: &str = "on this token";
/// Where a key is.
pub const NOT_HERE: &str = "not here";
/// Where a key is.
pub const TO_BE_MADE: &str = "to be made";
/// Where a key is.
pub const LOST: &str = "cannot sign any more";
/// Where a key is.
pub fn hidden_on(number: usize) -> String {
    format!("token {number}, unproven")
}
/// Where a key is, if there is one token, which has no number.
pub const HIDDEN_ON_THIS_TOKEN: &str = "on this token, unproven";

/// A module without a token, to which variables were not given; cleaned.
pub fn unset(driver: &str, variables: &str) -> String {
    format!("The module {driver} shows no token that is set up, and was not given {variables}.")
}
/// What to do.
pub fn set(variable: &str) -> String {
    format!(
        "Give it in the profile (environment = {{ {variable} = \"...\" }}), or set it here and add --module-env {variable}."
    )
}

/// The end; `missing` keys are looked for and not here, and not every module was given what it needs unless it `is_whole`.
pub fn end(tokens: usize, look_at: &[usize], missing: usize, is_whole: bool) -> String {
    let mut all = counted(tokens as u64, "token", "tokens");
    if missing > 0 {
        all = format!("{all}; {} not here", counted(missing as u64, "key is", "keys are"));
    }
    match look_at {
        [] if !is_whole => format!("{all}; read what stands behind the ! above."),
        [] if missing > 0 => format!("{all}. Nothing else is wrong that can be seen without a PIN."),
        [] => format!("{all}; nothing is wrong that can be seen without a PIN."),
        _ if tokens == 1 => format!("{all}; read what stands behind the ! before you use it."),
        some => {
            let numbers: Vec<String> = some.iter().map(usize::to_string).collect();
            format!("{all}; before you use it, read what stands behind the ! of {}.", numbers.join(", "))
        }
    }
}

/// Modules that failed; cleaned.
pub fn show_nothing(modules: &str) -> String {
    format!("Not everything was seen. These modules show nothing: {modules}.")
}

/// What is wrong; `why` is cleaned.
pub fn unreadable(why: Option<&str>) -> String {
    let why = why.map_or_else(String::new, |why| format!(" ({why})"));
    format!("It does not tell its label, serial and PIN{why}.")
}
/// What to do.
pub fn name_its_slot(slot: u64, is_piv: bool) -> String {
    if is_piv {
        return "Take it out and put it in again; `conclave doctor` names a program that holds it."
            .to_owned();
    }
    format!("Name it by its slot, pkcs11:slot-id={slot}; with other tokens out, so that it is no other.")
}
/// What is wrong; cleaned.
pub fn keys_unread(why: &str) -> String {
    format!("Its keys cannot be read ({why}).")
}
/// What to do.
pub const TAKE_OUT_AND_IN: &str = "Take it out and put it in again, then list tokens again.";
/// What is wrong.
pub const LOCKED: &str = "Its PIN is locked: it takes no PIN any more, not even the right one.";
/// What is wrong.
pub const LOCKED_FOR_GOOD: &str = "Its PIN and its PUK are locked: it signs no more.";
/// What to do.
pub fn unblock(is_piv: bool) -> &'static str {
    if is_piv {
        "Unblock it with its PUK: `conclave token unblock`; or let the others sign."
    } else {
        "Let its security officer set a new PIN with its own tool, or let the others sign."
    }
}
/// What is wrong.
pub const HAS_NO_PIN: &str = "It was set up, and no PIN was ever set.";
/// What to do.
pub const SET_A_PIN: &str = "Set a user PIN with the token's own tool.";
/// What is wrong.
pub fn change_first(is_piv: bool) -> &'static str {
    if is_piv {
        "Its PIN is still the one that every such card comes with."
    } else {
        "It wants its PIN changed before it is used."
    }
}
/// What to do.
pub fn change_the_pin(is_piv: bool) -> &'static str {
    if is_piv {
        "Make the card ready for its holder, before the ceremony: `conclave token prepare`."
    } else {
        "Change the PIN with the token's own tool, before the ceremony."
    }
}
/// What is wrong.
pub const LAST_TRY: &str = "One PIN try is left; a wrong PIN locks it.";
/// What to do.
pub const DO_NOT_GUESS: &str = "Do not guess. Make sure of the PIN first, or let the others sign.";
/// What is wrong; cleaned.
pub fn lost(key: &str) -> String {
    format!("It holds {key}, of which the plan says that it cannot sign any more.")
}
/// What to do.
pub const DO_NOT_USE_IT: &str = "Do not use this key; ask the security officer how it came here.";
/// What is wrong.
pub const NOT_SET_UP: &str = "It was never set up: it holds no PIN and no keys.";
/// What to do.
pub const SET_IT_UP: &str =
    "Nothing, if no token is missing: some modules always show an empty slot. Else set it up.";
/// What is wrong; cleaned.
pub fn hidden(holders: &str) -> String {
    format!(
        "It hides its keys until it is opened. By its serial it is the token of {holders}; that is not proven."
    )
}
/// What to do.
pub const OPEN_IT: &str = "Go on: after its PIN the key is compared, before anything is signed.";
/// What is wrong; cleaned.
pub fn not_the_cards(key: &str) -> String {
    format!("The card of {key} names this token, and that key is not among those that it shows.")
}
/// What to do.
pub const ASK_WHICH_KEY: &str =
    "Ask the security officer whether the key was replaced; the plan needs its new card then.";
/// What is wrong; cleaned.
pub fn other_than_the_cards(key: &str) -> String {
    format!("It holds {key}, and the card of that key names another token.")
}
/// What to do.
pub const BRING_THE_CARDS_TOKEN: &str =
    "Ask the security officer who copied the key; bring the token that the card names.";
/// What is wrong.
pub const NO_KEY: &str = "It shows no key without a PIN: it has none, or hides them until it is opened.";
/// What to do.
pub const MAKE_A_KEY: &str = "If it has none, make one: `conclave key generate`.";
/// What is wrong; cleaned.
pub fn short_rsa(label: &str, bits: usize) -> String {
    format!("The key {label} has {} bits, which is too short to count.", grouped(bits as u64))
}
/// What to do.
pub const MAKE_A_LONGER: &str = "Use another key, or make one: `conclave key generate`.";
/// What is wrong; cleaned.
pub fn cannot_sign(label: &str, kind: &str) -> String {
    format!("The key {label} cannot sign metadata: {kind}.")
}
/// What to do.
pub const USE_ANOTHER_KEY: &str = "Use another key; this one is in nobody's way.";
/// What is wrong; cleaned.
pub fn short_messages(label: &str, most: usize) -> String {
    let most = grouped(most as u64);
    format!("With {label} (Ed25519) this card signs at most {most} bytes, and most metadata is longer.")
}
/// What to do.
pub const TAKE_ECDSA: &str = "For a root, plan with an ECDSA P-256 or P-384 key on this card.";
/// What is wrong; both are cleaned.
pub fn twice(label: &str, other: &str) -> String {
    format!("The key {label} is also on the token {other}.")
}
/// What to do.
pub const NAME_BY_SERIAL: &str = "Name the token by its serial, or leave one of the two in.";
/// What is wrong.
pub const SAME_SERIAL: &str = "Another token here has the same serial.";
/// What to do.
pub const LEAVE_ONE_IN: &str = "Leave one of the two in: they cannot be told apart.";
/// What is wrong.
pub const NONE_WANTED: &str = "It holds none of the keys that are looked for.";
/// What to do.
pub const INSERT_ANOTHER: &str = "Insert the token that you meant; this one is in nobody's way.";
