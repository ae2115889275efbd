//! Sentences around keys and their cards: a new key, a card, a test before the day.

pub use super::keyfiles::*;

/// Label of a fact.
pub const TOKEN: &str = "token";
/// Label of a fact.
pub const MADE_BY: &str = "made by";
/// Label of a fact.
pub const SCHEME: &str = "scheme";
/// Label of a fact.
pub const KIND: &str = "kind";
/// Label of a fact.
pub const LABEL: &str = "label";
/// Label of a fact.
pub const ID: &str = "id";
/// Label of a fact.
pub const HOLDER: &str = "whose";
/// Label of a fact.
pub const MARK: &str = "mark";
/// Label of a fact.
pub const FINGERPRINT: &str = "fingerprint";
/// Label of a fact.
pub const PROOF: &str = "proof";
/// Label of a fact.
pub const TEST_NUMBER: &str = "this test";
/// A key that nobody holds.
pub const A_MACHINE: &str = "a machine, and no person";
/// A key that is in no token.
pub const NO_TOKEN: &str = "none: the card says that the key is in no token";
/// A card of a rehearsal.
pub const REHEARSAL: &str = "REHEARSAL: practice, refused in a real ceremony";
/// The proof.
pub const PROOF_HOLDS: &str = "the key itself signed this card";

/// The heading before a key is made.
pub const A_NEW_KEY: &str = "A new key is to be made on this token";
/// Before a post-quantum key is made.
pub const FEW_CLIENTS: &str =
    "Many update clients cannot read a root with such a key yet. Make sure first that yours can.";
/// An empty token.
pub const NO_KEYS_THERE: &str = "The token shows no keys without a PIN.";
/// Keys that stay.
pub const KEYS_THERE: &str = "These keys are there and stay as they are:";
/// What the PIN is for.
pub const FOR_A_NEW_KEY: &str = "to make a new key";
/// What the PIN is for.
pub const FOR_A_CARD: &str = "to read what it says of this key";
/// What the PIN is for.
pub const FOR_A_TEST: &str = "to test it";
/// While the token makes a key.
pub const WAIT_FOR_THE_KEY: &str = "The token makes the key; some take minutes. If it blinks, touch it.";
/// Where the PIN is typed.
pub const USE_THE_KEYPAD: &str = "Type the PIN on the token's own keypad.";

/// Who made a card, as far as nothing was checked.
pub fn by_its_own_word(maker: &str) -> String {
    format!("{maker}, by its own word")
}

/// What must be typed for a new key; `label` is as the officer typed it.
pub fn make_phrase(label: &str) -> String {
    format!("make key {label}")
}

/// How to consent to a new key.
pub fn to_make_type(phrase: &str) -> String {
    format!("To make the key, type: {phrase}")
}

/// A key was made.
pub fn made(kind: &str, label: &str) -> String {
    format!("The token made a key: {kind}, {label}")
}

/// What is taken.
pub fn the_label(label: &str) -> String {
    format!("the label {label}")
}

/// What is taken.
pub fn the_id(id: &str) -> String {
    format!("the id {id}")
}

/// Which token it is, behind the label that says that it is one.
pub fn named_token(label: &str, serial: &str) -> String {
    format!("{label}, serial {serial}")
}

/// The PIN prompt.
pub fn pin_prompt(token: &str, what_for: &str) -> String {
    format!("PIN of token {token}, {what_for}: ")
}

/// The PIN prompt of a key that wants it anew.
pub fn pin_again_prompt(token: &str, what_for: &str) -> String {
    format!("PIN of token {token} once more, because this key wants it for each signature, {what_for}: ")
}

/// The heading before a card is made.
pub const A_CARD: &str = "A card for this key";
/// The heading before a test.
pub const A_TEST: &str = "A test of this token";
/// What becomes of a test.
pub const NOTHING_IS_KEPT: &str =
    "  The key signs a card with a fresh number. It is verified, and nothing of it is kept.";
/// What the token says.
pub const THE_TOKEN_SAYS: &str = "  The token says of this key:";

/// What must be typed for a card.
pub fn card_phrase(short: &str) -> String {
    format!("card for {short}")
}

/// How to consent to a card.
pub fn to_card_type(phrase: &str) -> String {
    format!("To let the key sign this card, type: {phrase}")
}

/// What the second PIN is for.
pub fn for_the_card_of(short: &str) -> String {
    format!("to sign the card of {short}")
}

/// What must be typed for a test.
pub fn test_phrase(short: &str) -> String {
    format!("test {short}")
}

/// How to consent to a test.
pub fn to_test_type(phrase: &str) -> String {
    format!("To let the key sign this test, type: {phrase}")
}

/// What the second PIN is for.
pub fn for_the_test_of(short: &str) -> String {
    format!("to test {short}")
}

/// The heading of the comparison.
pub const COMPARE_THE_FINGERPRINT: &str = "Compare this fingerprint";
/// How it is compared.
pub const HOW_TO_COMPARE: &str = "Let its holder read the words aloud, from a card of her own if she has one, and let everybody follow here.";

/// What must be typed once it was compared.
pub fn compared_phrase(short: &str) -> String {
    format!("compared {short}")
}

/// How to say that it was compared.
pub fn to_compare_type(phrase: &str) -> String {
    format!("If every word agrees, type: {phrase}")
}

/// The heading of a card that was read.
pub fn card_in(file: &str) -> String {
    format!("Key card {file}")
}

/// What is odd.
pub const ODD_NO_EVIDENCE: &str = "ODD: the card carries nothing of what a token says of this key.";
/// What is odd.
pub const ODD_UNREAD_EVIDENCE: &str = "ODD: the evidence is of a kind that this version does not read.";
/// What is odd.
pub const ODD_SOFTWARE_TOKEN: &str =
    "ODD: this token is a program on a computer and no device; its key can be copied with its files.";
/// What is odd.
pub const ODD_NOT_LOCAL: &str =
    "ODD: the token says that this key was not made on it: somebody may have a copy.";
/// A finding: the module says "not local" of every key.
pub const ODD_LOCAL_OF_NONE: &str = "ODD: this module says of no key that it was made on its token, also of those that were: where this key was made is not known.";
/// A finding: the module says "local" of every key.
pub const ODD_LOCAL_OF_ALL: &str = "ODD: this module says of every key on such a card that it was made there, also of those brought to it: where this key was made is not known. Reached as piv: a YubiKey tells it itself.";
/// What is odd.
pub const ODD_EXTRACTABLE: &str = "ODD: the token says that this key may leave it.";
/// What is odd.
pub const ODD_WAS_EXTRACTABLE: &str =
    "ODD: the token says that this key could once leave it: somebody may have a copy.";
/// What is odd.
pub const ODD_NOT_SENSITIVE: &str =
    "ODD: the token says that it tells this key in plain to whoever has the PIN.";
/// What is odd.
pub const ODD_WAS_NOT_SENSITIVE: &str =
    "ODD: the token says that it could once tell this key in plain: somebody may have a copy.";
/// What is odd.
pub const ODD_ORIGIN_UNTOLD: &str = "ODD: the token does not say whether this key was made on it.";
/// What is odd.
pub const ODD_EXTRACTABLE_UNTOLD: &str = "ODD: the token does not say whether this key can leave it.";

/// No consent.
pub const NOT_CONSENTED: &str = "You did not consent, so nothing was asked of the key.";
/// Advice: another time.
pub const START_AGAIN: &str = "Start this step again when you are ready.";
/// The fingerprint was not compared.
pub const NOT_COMPARED: &str = "Nobody said that the fingerprint agrees, so the card was not taken in.";
/// Advice: the fingerprint does not agree.
pub const FIND_OUT_WHY: &str =
    "If it does not agree, find out whose key this is before anything else; then start this step again.";
/// Advice: no terminal.
pub const NEEDS_A_TERMINAL: &str = "Run it at a terminal: consent and PIN are typed there and nowhere else.";
/// No key fits.
pub const NO_SUCH_KEY: &str =
    "This token does not show that key, or shows none that can sign. No PIN try was used.";
/// Several keys fit.
pub const SEVERAL_SUCH_KEYS: &str = "This token shows several keys, and it is not clear which one is meant.";
/// The token made something of no use.
pub const UNUSABLE_KEY: &str = "The token made a key that nothing can be signed with.";
/// The token changed.
pub const KEY_IS_GONE: &str = "The token shows other keys after the PIN than before.";
/// A card that cannot be.
pub const NO_SUCH_CARD: &str = "Such a card cannot be made.";
/// Advice: a card that cannot be.
pub const CHANGE_THE_CARD: &str =
    "Name the holders as people read them, fewer of them, or give the key a shorter label.";
/// No label.
pub const NO_LABEL: &str = "A new key needs a label.";
/// Advice: no label.
pub const GIVE_A_LABEL: &str = "Give it one by which people will know it, such as --label root-2027.";
/// Advice: an id.
pub const TYPE_AN_ID: &str = "Type it as pairs of hex digits, such as --id 01, or leave it out.";
/// Nobody was named.
pub const WHOSE_KEY: &str = "The card does not say whose key it is.";
/// Advice: nobody was named.
pub const NAME_THE_HOLDER: &str =
    "Name each holder in full: --holder 'Anna Berg'; for a machine's key: --machine.";
/// The ceremony makes no keys.
pub const NO_KEY_PHASE: &str = "This ceremony is not in its key phase.";
/// Advice: the medium.
pub const DISTRUST_THIS_MEDIUM: &str = "Do not use this medium: make the card again on another one.";
/// Several cards for one test.
pub const ONE_CARD_A_TEST: &str = "A token is tested for one card at a time.";
/// Advice: several cards for one test.
pub const NAME_ONE_CARD: &str = "Name the one card whose key is on the token.";
/// Advice: a card that does not hold.
pub const ASK_FOR_ANOTHER_CARD: &str = "Ask its holder for another card, and for the fingerprint by phone.";
/// Label of a fact.
pub const NAME_IT: &str = "name it";
/// What comes next.
pub const NEXT_MAKE_ITS_CARD: &str = "Next: make its card with `conclave key card`.";

/// Not in the key phase.
pub fn phase_is(phase: &str) -> String {
    format!("it stands at: {phase}")
}

/// A key that is not to be made.
pub fn not_to_be_made(key: &str) -> String {
    format!("The plan does not wait for a key {key}.")
}

/// The key on this token has another name in the plan.
pub fn anothers_key(key: &str) -> String {
    format!("This token holds the key {key} of the plan already. No PIN was asked for.")
}
/// A slot whose key must not be lost; cleaned.
pub fn slot_holds(key: &str) -> String {
    format!("That slot holds the key {key} of this ceremony, which would be lost. No PIN was asked for.")
}
/// The same of a key that is on no list of the plan.
pub const SLOT_HOLDS_ONE_OF_THE_ROOT: &str = "That slot holds a key of the root before this one, which may have to sign the new one. No PIN was asked for.";
/// Advice: a key that must not be lost.
pub const KEEP_THAT_KEY: &str =
    "Insert the token that is to hold the new key, or name an empty slot with --slot.";
/// Advice: whose token it takes; `holders` are quoted.
pub fn insert_the_token_of(key: &str, holders: &str) -> String {
    match holders {
        "" => format!("Insert the token that holds the key {key}."),
        holders => format!("Insert the token of {holders}, which holds the key {key}."),
    }
}

/// A step of the key phase.
pub fn written_down(folder: &str) -> String {
    format!("Written down in {folder}.")
}

/// An id that is none.
pub fn not_an_id(text: &str) -> String {
    format!("{text} is no id of a key.")
}

/// A PEM was written.
pub fn public_written(path: &str) -> String {
    format!("The public key is in {path}.")
}

/// A card was written.
pub fn card_written(path: &str) -> String {
    format!("The card is in {path}; it was read again and its proof holds.")
}

/// How a plan names a card; `file` is cleaned.
pub fn in_a_plan(file: &str, sha256: &str) -> String {
    format!("A plan names it: card = {{ file = \"{file}\", sha256 = \"{sha256}\" }}")
}

/// A card that does not read back.
pub fn card_not_as_written(path: &str) -> String {
    format!("The card in {path} does not read back as it was written.")
}

/// A card that does not hold.
pub fn bad_card(path: &str) -> String {
    format!("The card {path} proves nothing.")
}

/// A token that does what it should.
pub fn token_signs(token: &str) -> String {
    format!("The token {token} holds this key and signs with it.")
}

/// The last line of a fault: a key was made.
pub fn key_made(key: &str) -> String {
    format!("Nothing was signed; a key was made and stays on its token: {key}")
}

/// The last line of a fault: a key may have been made.
pub const KEY_UNKNOWN: &str =
    "Nothing was signed; whether a key was made is not known: `conclave tokens` lists what is there.";

/// The last line of a fault: a card was made and is kept.
pub fn card_kept(place: &str) -> String {
    format!("The key signed its card, which is in {place}; nothing else was signed.")
}

/// The last line of a fault: a card was made and is gone.
pub const CARD_DISCARDED: &str = "The key signed its card, which was thrown away; nothing else was signed.";
