//! Sentences around PIV cards themselves: prepared for their holders, unblocked by the PUK.

/// The heading.
pub const THIS_CARD: &str = "This card";
/// Label of a fact.
pub const PIN: &str = "PIN";
/// Label of a fact.
pub const PUK: &str = "PUK";
/// Label of a fact.
pub const MANAGEMENT: &str = "management";
/// The same in a sentence.
pub const MANAGEMENT_KEY: &str = "management key";
/// Label of a fact.
pub const KEYS: &str = "keys";
/// No keys.
pub const NO_KEYS: &str = "it shows none";
/// Whose secret it is.
pub const THE_FACTORYS: &str = "the factory's, which everybody knows";
/// Whose secret it is.
pub const NOT_THE_FACTORYS: &str = "not the factory's";
/// Whose secret it is.
pub const UNTOLD: &str = "this firmware does not tell whether it is the factory's";
/// Where the management key is.
pub const IS_KEPT: &str = "its own, kept on the card under the PIN";
/// Where the management key is.
pub const IS_ELSEWHERE: &str = "not the factory's, and not noted as kept on the card";
/// A locked secret.
pub const LOCKED: &str = "locked";
/// Tries that nobody knows.
pub const TRIES_UNTOLD: &str = "tries left: this firmware does not tell";

/// What is to be done.
pub const TO_DO: &str = "To be done:";
/// One thing to do.
pub const A_PIN: &str = "a PIN of your own in the place of the factory's: 6 to 8 characters";
/// One thing to do.
pub const A_PUK: &str = "a PUK of your own in the place of the factory's: 8 characters";
/// One thing to do.
pub const A_MANAGEMENT_KEY: &str =
    "a management key, made at random and kept on the card under the PIN; nobody need know it";
/// One thing to do, on old firmware.
pub const WHAT_IS_STILL: &str =
    "PIN and PUK of your own, where the card still has the factory's: you are asked";
/// What is sent.
pub const FACTORY_IS_SENT: &str =
    "What is the factory's is sent to the card once, to be replaced. The card is not reset.";
/// Nothing is to be done.
pub const NOTHING_TO_DO: &str = "This card is prepared: nothing on it is the factory's.";
/// A ceremony's folder was named, and no PIN was set.
pub const NOT_WRITTEN_DOWN: &str = "Nothing is written down in the folder: this card had its PINs before. If it belongs there, a remark says it: `conclave note`.";
/// Nothing is to be done, and something cannot be.
pub const NOTHING_BUT_THE_PUK: &str = "This card is prepared, but for its PUK, which is locked: once its PIN is locked too, nobody opens it any more.";
/// The phrase begins so.
const PREPARE: &str = "prepare";

/// What a person knows of an old card's PIN.
pub const WHICH_PIN: &str = "Which PIN does this card have? A wrong answer costs a try.";
/// What a person knows of an old card's PUK.
pub const WHICH_PUK: &str = "Which PUK does this card have? A wrong answer costs a try.";
/// An answer.
pub const STILL_THE_FACTORYS: &str = "Still the factory's: nobody changed it";
/// An answer.
pub const ITS_OWN: &str = "Its own: it was changed before";

/// A question for a secret.
pub const NEW_PIN: &str = "New PIN, 6 to 8 characters: ";
/// Before a new PUK is typed.
pub const WHAT_A_PUK_IS: &str = "A PUK unblocks a card whose PIN is locked. Write it on paper, then type it.";
/// A question for a secret.
pub const NEW_PUK: &str = "New PUK, 8 characters: ";
/// A question for a secret.
pub const AGAIN: &str = "The same again: ";
/// Advice before a new secret.
pub const DIGITS_ARE_SAFE: &str = "Digits are typed alike on every keyboard; letters are not.";
/// What the PIN is for.
pub const TO_KEEP_THE_KEY: &str = "to open what it keeps";
/// What was typed will not do.
pub const SIX_TO_EIGHT: &str = "A PIN has 6 to 8 characters. Nothing was sent.";
/// What was typed will not do.
pub const EIGHT: &str = "A PUK has 8 characters here. Nothing was sent.";
/// What was typed cannot be right.
pub const PUK_SIX_TO_EIGHT: &str = "A PUK has 6 to 8 characters. Nothing was sent.";
/// What was typed cannot be right.
pub const NOT_ITS_OWN: &str =
    "That is the factory's, and this card has one of its own. Nothing was sent, and no try used.";
/// What was typed will not do.
pub const THAT_IS_THE_FACTORYS: &str = "That is the factory's, which everybody knows. Nothing was sent.";
/// What was typed will not do.
pub const AS_THE_PIN: &str = "The PUK must be another one than the PIN. Nothing was sent.";
/// What was typed will not do.
pub const NOT_THE_SAME: &str = "The two are not the same. Nothing was sent.";
/// She may be typing still.
pub const ENTER_TO_END: &str = "Press Enter to end; what is typed here is thrown away: ";
/// Ctrl-C, while the card was changed.
pub const STOPPED_TOO_LATE: &str =
    "You pressed Ctrl-C while the card was being changed. It was left to finish first; what it did follows.";

/// How often a secret can be typed once more.
pub fn entries_left(left: usize) -> String {
    match left {
        0 => "That was the last entry, so this step stops here.".to_owned(),
        1 => "One entry is left; then this step stops.".to_owned(),
        left => format!("{left} entries are left; then this step stops."),
    }
}

/// How a card stands that was not changed.
pub fn still_the_factorys(tells: bool, still: &str) -> String {
    match (tells, still) {
        (false, _) => "Nothing was changed on the card. The next run asks again what it has.".to_owned(),
        (true, "") => {
            "Nothing was changed on the card. The next run shows it and goes on from here.".to_owned()
        }
        (true, still) => format!(
            "Nothing was changed on the card. Still the factory's, which everybody knows: {still}. The next run goes on from here."
        ),
    }
}

/// While the card works.
pub const LEAVE_IT_IN: &str = "Leave the card in until this says that it is done.";

/// What became of something.
pub const PIN_IS_NEW: &str = "The card has your PIN.";
/// What became of something.
pub const PUK_IS_NEW: &str = "The card has your PUK.";
/// What became of something.
pub const KEY_IS_NEW: &str = "The card has a management key of its own, which the PIN opens.";
/// What became of something.
pub const KEY_IS_KEPT: &str = "The management key is the card's own already.";
/// What became of something.
pub const KEY_IS_FOREIGN: &str =
    "The management key is not the factory's, and not kept where the PIN opens it: somebody else holds it.";
/// What became of something.
pub const KEY_HAS_NO_ROOM: &str =
    "The management key is still the factory's: where it would be kept, the card holds something else.";
/// Advice: the management key.
pub const WITHOUT_IT: &str = "The card signs with the keys that it has; Conclave makes no new ones on it.";
/// Advice: the PUK.
pub const KEEP_THE_PUK: &str = "Seal the PUK on paper, away from the card and from whoever knows the PIN.";
/// What comes next.
pub const NEXT_MAKE_A_KEY: &str = "Next: make its key with `conclave key generate`.";

/// Label of a fact.
pub const SLOT: &str = "slot";
/// Label of a fact.
pub const TOUCH: &str = "touch";
/// When the PIN is asked for.
pub const PIN_NEVER: &str = "never: whoever has the card signs with it";
/// When the PIN is asked for.
pub const PIN_ONCE: &str = "once, for all signatures of a visit";
/// When the PIN is asked for.
pub const PIN_ALWAYS: &str = "before each signature";
/// When a touch is asked for.
pub const TOUCH_NEVER: &str = "never: a program that has the PIN signs unnoticed";
/// When a touch is asked for.
pub const TOUCH_CACHED: &str = "for a signature, and then not for 15 seconds";
/// When a touch is asked for.
pub const TOUCH_ALWAYS: &str = "for each signature";
/// What an Ed25519 key on a card cannot do.
pub const SHORT_MESSAGES: &str = "An Ed25519 key on a PIV card signs at most 1,014 bytes; most roots and targets are longer. P-256 and P-384 keys sign documents of any length.";
/// A slot of which nothing is known.
pub const MAY_BE_LOST: &str =
    "This firmware does not tell whether the slot holds a key. If it does, that key is lost for ever.";
/// A certificate without a key.
pub const CERTIFICATE_ALONE: &str = "The slot holds a certificate and no key. It would be taken out, since other programs would take it for the new key's.";
/// A certificate beside a key.
pub const CERTIFICATE_TOO: &str = "Its certificate is taken out with it.";
/// Advice: another slot or scheme.
pub const OTHER_SLOT: &str = "Choose another --slot or --scheme, as the cause says.";
/// Options of cards for a token that is none.
pub const FOR_CARDS: &str =
    "--slot, --pin-policy and --touch-policy are for PIV cards, and this token is none.";
/// Advice: options of cards.
pub const LEAVE_THEM_OUT: &str = "Leave them out, or name a card as piv:serial=12345678.";
/// Names of keys for a card.
pub const NOT_FOR_CARDS: &str = "--label and --id are not for PIV cards: a key has the name of its slot.";
/// Advice: names of keys.
pub const NAME_THE_SLOT: &str = "Leave them out; --slot names another slot than 9c.";
/// A slot that is none.
pub const NO_SLOT: &str = "That is no slot for keys.";
/// Advice: a slot.
pub const SLOTS_ARE: &str =
    "Slots are 9c, 9a, 9d, 9e and 82 to 95; the one in the URI and --slot must agree.";

/// What the maker says of a firmware, as a clause.
pub fn weak_firmware(firmware: &str, means: &str, id: &str, cve: &str) -> String {
    format!("firmware {firmware} is under {id} ({cve}): {means}")
}

/// A key that is there.
pub fn is_lost(key: &str) -> String {
    format!("The slot holds a key already, {key}: it would be lost for ever.")
}

/// What must be typed where a key is lost.
pub fn replace_phrase(slot: &str) -> String {
    format!("replace key {slot}")
}

/// Right before a key signs that waits for a touch.
pub fn touch_now(seconds: u64) -> String {
    format!("TOUCH the token now: it blinks, and waits {seconds} seconds for it. It signs only then.")
}

/// Right before a key signs of which nothing tells whether it waits for a touch.
pub fn may_wait_for_touch(seconds: u64) -> String {
    format!(
        "The card is working. It may wait for a touch, which it does not tell: if it blinks, touch it within {seconds} seconds."
    )
}

/// While it waits.
pub fn seconds_to_touch(left: u64) -> String {
    format!("Touch it: {left} seconds are left.")
}

/// The phrase for another touch.
pub const TOUCH_AGAIN: &str = "again";
/// A touch that did not come.
pub const TOUCH_MISSED: &str = "Nobody touched the token in time. It signed nothing; no PIN try was used.";
/// How to go on after it.
pub const TO_TOUCH_AGAIN_TYPE: &str = "To let it wait for a touch once more, type: again";

/// The heading before a PIN is unblocked.
pub const UNBLOCKED_BY_PUK: &str = "A new PIN by the PUK";
/// A PIN that is not locked.
pub const PIN_IS_NOT_LOCKED: &str = "The PIN is not locked. A new one takes its place.";
/// Tries of a PUK that nobody knows.
pub const PUK_TRIES_UNTOLD: &str =
    "The card does not tell how many tries its PUK has left. Stopping is safe.";
/// The last try of a PUK.
pub const LAST_PUK_TRY: &str = "One PUK try is left. If it is wrong and the PIN is locked, nobody opens this card any more, and its keys are lost. Stopping is safe.";
/// The phrase begins so.
const UNBLOCK: &str = "unblock";
/// The PIN is new.
pub const UNBLOCKED: &str = "The card has your new PIN.";
/// It could not be looked at afterwards.
pub const TELLS_NO_MORE: &str =
    "It did not tell how it stands now. Take it out, put it in again, and look at it with `conclave tokens`.";
/// No secret was given.
pub const NO_SECRET: &str = "Nothing was typed that the card could take, so nothing was sent.";

/// A PUK was wrong.
pub const PUK_TRY_USED: &str = "The token refused the PUK. One PUK try was used.";
/// A PUK is locked.
pub const PUK_TRY_PERHAPS_USED: &str = "The token takes no PUK any more. The last PUK try was used.";
/// Advice: a wrong PUK.
pub const CHECK_THE_PUK: &str = "Check which card it is and its PUK before you try again.";
/// Advice: a locked PUK.
pub const PUK_IS_LOCKED: &str = "Stop here: nothing unblocks this card any more. The others may suffice; plan another card for its holder.";
/// Advice: a refused new PIN or PUK.
pub const TAKE_ANOTHER: &str =
    "What was there before is unchanged. Start this step again with one that is less simple, all digits.";
/// Advice: a card that is not prepared.
pub const PREPARE_IT: &str = "Prepare the card with `conclave token prepare`, then start this step again.";
/// Advice: the factory's PIN was typed.
pub const TYPE_ITS_OWN: &str =
    "Type the card's own PIN; if it has none yet, `conclave token prepare` gives it one.";
/// Advice: another program replaced the management key.
pub const PUT_IT_BACK: &str =
    "Another program replaced it: put the kept one back with that program, or use another card.";
/// Advice: a token that is no card.
pub const NAME_A_CARD: &str = "Name a YubiKey as `piv:serial=...`: other tokens have programs of their own.";
/// Advice: what the URI of a card looks like.
pub const URI_LOOKS_LIKE: &str = "Write it like piv:serial=12345678 or piv:serial=12345678;slot=9c.";
/// Advice: no card of that name.
pub const INSERT_IT: &str =
    "Insert the card with that serial; `conclave tokens --module piv:` lists the cards that are in.";
/// A profile without cards.
pub const NONE_IN_PROFILE: &str = "This profile has no PIV cards.";
/// Advice: a profile without cards.
pub const ADD_THEM: &str = "Add \"piv\" to its drivers, as docs/spec/profile.md shows; or leave out --profile: piv: needs no module.";
/// Advice: pcscd is elsewhere.
pub const PASS_IT_ON: &str = "Pass it on: --module-env PCSCLITE_CSOCK_NAME; or write it into the profile, in the environment of [piv].";
/// Advice: pcscd hangs, or somebody else is busy with a card.
pub const BUSY_OR_HUNG: &str = "`conclave doctor` tells which: close the program that has the card, or start pcscd again; then start this step again.";
/// Advice: a card that another program holds.
pub const CLOSE_THE_HOLDER: &str =
    "`conclave doctor` names the programs that may hold it: close them, then start this step again.";
/// Advice: a locked PIN.
pub const UNBLOCK_IT: &str =
    "Unblock it with `conclave token unblock`, which asks for the PUK; or stop here: the others may suffice.";
/// The last line of a fault: nobody knows.
pub const CHANGE_UNKNOWN: &str = "Nothing was signed; whether PIN, PUK or management key were changed is not known: start this step again, it shows that.";
/// Nobody knows of the rest.
const CHANGE_MORE_UNKNOWN: &str =
    "whether more was changed is not known: start this step again, it shows that";
/// The last line of a fault: nothing was changed.
pub const UNCHANGED: &str = "Nothing was signed; PIN, PUK and management key of the card are as they were.";
/// She did not agree to a change.
pub const NOT_CONSENTED: &str = "You did not consent, so nothing on the card was changed.";

/// What was changed, and what not, where that is known.
pub fn which(new: &str, not: Option<&str>) -> String {
    let not = not.map_or_else(|| CHANGE_MORE_UNKNOWN.to_owned(), |not| format!("as before: {not}"));
    format!("{new}; {not}")
}

/// The last line of a fault: these were changed.
pub fn changed(what: &str) -> String {
    format!("Nothing was signed; on the card these were changed and stay so: {what}.")
}

/// What must be typed.
pub fn prepare_phrase(serial: &str) -> String {
    format!("{PREPARE} {serial}")
}

/// What must be typed.
pub fn unblock_phrase(serial: &str) -> String {
    format!("{UNBLOCK} {serial}")
}

/// How to consent.
pub fn to_do_it_type(phrase: &str) -> String {
    format!("To do it, type: {phrase}")
}

/// A state with its tries.
pub fn with_tries(state: &str, left: Option<u8>) -> String {
    match left {
        None => format!("{state}; {TRIES_UNTOLD}"),
        Some(0) => format!("{state}; {LOCKED}"),
        Some(1) => format!("{state}; 1 try left"),
        Some(left) => format!("{state}; {left} tries left"),
    }
}

/// The cipher of a management key, and whose it is.
pub fn with_cipher(state: &str, cipher: &str) -> String {
    format!("{state} ({cipher})")
}

/// Tries of a PUK.
pub fn puk_tries(left: u8) -> String {
    let tries = if left == 1 { "try" } else { "tries" };
    format!("The card reports that its PUK has {left} {tries} left.")
}

/// The PUK prompt.
pub fn puk_prompt(token: &str) -> String {
    format!("PUK of token {token}: ")
}
