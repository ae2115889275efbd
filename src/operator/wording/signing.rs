//! Sentences around tokens, consent and PINs.

/// Advice: what a token URI looks like.
pub const TOKEN_URI_LOOKS_LIKE: &str =
    "Write it like pkcs11:token=alice or pkcs11:serial=0123;object=root-key.";
/// A token URI that is none.
pub const BAD_TOKEN_URI: &str = "That is not a token URI.";
/// No module was named.
pub const NO_MODULE: &str = "No PKCS#11 module was named.";
/// Advice: no module was named.
pub const NAME_A_MODULE: &str = "Name the token's module with --module, or the machine's profile with --profile; `conclave modules` lists what this machine has.";
/// A variable for the module is not set; `name` is cleaned.
pub fn no_variable(name: &str) -> String {
    format!("The variable {name} is not set here, so it cannot be passed on to the module.")
}

/// Advice: a variable for the module is not set.
pub const SET_THE_VARIABLE: &str = "Set it, or leave out that --module-env.";
/// A variable that brings other code; cleaned.
pub fn loads_other_code(name: &str) -> String {
    format!("The variable {name} would load other code than is meant, and is never passed on.")
}
/// Advice: such a variable.
pub const LEAVE_IT_OUT: &str = "Leave out that --module-env.";
/// A token failed; no try was used.
pub const TOKEN_FAILED: &str = "The token did not do what was asked. No PIN try was used.";
/// A module cannot be used.
pub const NO_SUCH_MODULE: &str = "The module could not be loaded. No PIN try was used.";
/// No token fits.
pub const NO_SUCH_TOKEN: &str = "No token fits that name. No PIN try was used.";
/// A PIN of an impossible length.
pub const PIN_NOT_SENT: &str = "That PIN cannot be right, so it was not sent. No PIN try was used.";
/// A token failed; a try was used.
pub const TOKEN_FAILED_TRY_USED: &str = "The token refused the PIN. One PIN try was used.";
/// A token failed; a try may be used.
pub const TOKEN_FAILED_TRY_UNKNOWN: &str =
    "The token did not do what was asked. A PIN try may have been used.";
/// The holder declined.
pub const DECLINED: &str = "You did not consent, so nothing was asked of the token.";
/// Advice: sign another time.
pub const SIGN_LATER: &str = "Start `conclave sign` again when you are ready; what was stored stays.";
/// The holder could not be asked.
pub const NOBODY_ANSWERED: &str = "Consent could not be asked for.";
/// Advice: no terminal.
pub const NEEDS_A_TERMINAL: &str =
    "Run `conclave sign` at a terminal: consent and PIN are typed there and nowhere else.";
/// No PIN was typed.
pub const NO_PIN: &str = "There was no PIN, so nothing was sent to the token.";
/// The signer brought no copy.
pub const NO_OWN_COPY: &str = "You cannot check this draft without your own copy of the trusted document.";
/// Advice: bring a copy.
pub const BRING_YOUR_COPY: &str =
    "Give your own copy, not one that came with the bundle: --trust N.root.json.";
/// A draft that can never be published.
pub const VERSION_ZERO: &str = "This draft is not to be signed.";
/// The signer's copy is another document.
pub const OTHER_COPY: &str = "This bundle does not build on the document that you trust.";
/// Advice: a forged or stale predecessor.
pub const STOP_AND_ASK: &str =
    "Do not sign. Ask the security officer which root is current, by phone and not by this medium.";
/// A trusted document was given for a first root.
pub const NO_COPY_NEEDED: &str = "A first root has nothing before it.";
/// Advice: a trusted document was given for a first root.
pub const LEAVE_OUT_TRUST: &str =
    "Leave out --trust. If you already trust an older root, do not sign: ask the security officer.";
/// The key has signed.
pub const SIGNED_ALREADY: &str = "The key on this token has signed this already.";
/// Everything that waits in the bundle is signed in the folder beside it.
pub const ONLY_THE_REPLY: &str = "You signed here before, and nothing more waits for you: no token was asked. Your reply is written again.";
/// Advice: the key has signed.
pub const ASK_THE_NEXT: &str = "Let the next keyholder sign; `conclave status` names who is missing.";
/// Several keys fit.
pub const SEVERAL_KEYS: &str = "Several keys on this token may sign this.";
/// Advice: several keys fit.
pub const NAME_THE_OBJECT: &str = "Name one by its label: pkcs11:token=...;object=LABEL; on a PIV card by its slot: piv:serial=...;slot=9c.";
/// No key fits.
pub const NONE_OF_THE_KEYS: &str = "No token here holds a key that may sign this.";
/// Advice: no key fits.
pub const INSERT_THE_RIGHT_TOKEN: &str = "Insert the right token; `conclave tokens` shows what each holds. If it is in, name its driver too: --module, or piv: for a YubiKey.";
/// The token lied or broke.
pub const WRONG_SIGNATURE: &str =
    "The token returned bytes that are no signature over what you were shown. They were thrown away.";
/// Advice: the token lied or broke.
pub const DISTRUST_THE_TOKEN: &str =
    "Do not use this token or module again before somebody has looked at it.";
/// The typed text was not the phrase.
pub const NOT_THE_PHRASE: &str =
    "That is not the phrase. Type it as shown (capitals do not matter), or type: no";
/// What is typed to use a last try.
pub const LAST_TRY: &str = "use the last try";
/// While the token works.
pub const WAIT_FOR_TOKEN: &str = "The token is working. If it blinks, touch it.";
/// The signer's part in a merge.
pub const YOUR_SIGNATURE: &str = "your signature";
/// No token is there.
pub const NO_TOKENS: &str = "No token is there. Insert one, or check the module.";

/// A ceremony's drafts are none of its plan.
pub const NOT_OF_ITS_PLAN: &str = "The drafts in this bundle are not what its plan makes.";
/// Advice: a draft that may not be what it seems.
pub const STOP_AND_ASK_ABOUT_DRAFT: &str =
    "Do not sign. Ask the security officer, by phone and not by this medium, which document is meant.";
/// The holder's log tells of another document.
pub const SIGNED_OTHER: &str = "Your own log tells of another document for the same role and version.";
/// The holder's log is damaged.
pub const LOG_UNUSABLE: &str = "Your own log cannot be used, so nothing was asked of the token.";
/// Advice: the holder's log is damaged.
pub const KEEP_THE_LOG: &str =
    "Keep it as it is, and show it to the security officer. A copy from before may be whole.";
/// The heading of a conflict with the holder's log.
pub const ANOTHER_IN_YOUR_LOG: &str = "Your own log tells of another document";
/// Why two documents matter.
pub const TWO_TRUTHS: &str =
    "If both are published, some people get one and some the other. Ask why there are two before you go on.";

/// What the holder's log tells; `role` is cleaned. The digest follows.
pub fn another_in_your_log(role: &str, version: u64) -> String {
    format!("With this key you were to sign {role} version {version} before, with this digest:")
}

/// There is no log yet; `path` is cleaned.
pub fn log_begins(path: &str) -> String {
    format!("Your log {path} begins today. If you have signed before, stop: this is not the log you know.")
}

/// What must be typed to sign a second document.
pub fn sign_another_phrase(earlier: &str, now: &str) -> String {
    format!("not only {earlier} but also {now}")
}

/// How to sign a second document.
pub fn to_sign_another_type(phrase: &str) -> String {
    format!("To sign this one as well, type: {phrase}")
}

/// What must be typed.
pub fn consent_phrase(role: &str, version: u64, short: &str) -> String {
    format!("sign {role} {version} {short}")
}

/// The heading of what is asked.
pub fn asked_to_sign(role: &str, version: u64) -> String {
    format!("You are asked to sign: {role}, version {version}")
}

/// The heading of the digest.
pub const COMPARE_THE_DIGEST: &str = "Compare this digest with the one you were given by phone or on paper";

/// The heading of the signer's key; its label is cleaned, where it has one.
pub fn your_key(kind: &str, label: Option<&str>) -> String {
    match label {
        Some(label) => format!("Your key on this token: {kind}, {label}"),
        None => format!("Your key on this token: {kind}"),
    }
}

/// What one signature counts for.
pub const COUNTS_FOR_BOTH: &str = "    Your one signature counts for both the old and the new root.";
/// What one signature counts for.
pub const COUNTS_FOR_NEW: &str =
    "    Your signature counts for the new root; you are no holder of the old one.";
/// What one signature counts for.
pub const COUNTS_FOR_OLD: &str =
    "    Your signature counts for the old root; you are no holder of the new one.";
/// What one signature counts for.
pub const COUNTS_ONCE: &str = "    It is one of the keys that must sign.";

/// How to consent.
pub fn to_sign_type(phrase: &str) -> String {
    format!("To sign, type: {phrase}")
}

/// How not to consent.
pub const TO_STOP_TYPE: &str = "To stop, type: no";
/// What stands before a typed answer.
pub const ANSWER: &str = "Your answer";

/// What opens a token.
pub fn pin_of(token: &str) -> String {
    format!("PIN of token {token}")
}

/// What stands above every prompt for a PIN or passphrase at a terminal.
pub const NOTHING_IS_SHOWN: &str = "Nothing is shown while you type the next line.";

/// The prompt for a PIN or passphrase.
pub fn pin_prompt(secret: &str, role: &str, version: u64, short: &str) -> String {
    format!("{secret}, to sign {role} {version} {short}: ")
}

/// What the token says of its tries.
pub fn tries(said: &str) -> String {
    format!("PIN: {said}.")
}

/// What is said before a last try.
pub fn last_try(token: &str) -> String {
    format!(
        "One PIN try is left on {token}; a wrong PIN locks it. Stopping is safe. The words below are no PIN: it is asked for after them."
    )
}

/// How to go on with a last try.
pub fn to_go_on_type() -> String {
    format!("To go on, type: {LAST_TRY}")
}

/// A key, as people see it. `label` is cleaned.
pub fn key_on_token(kind: &str, label: &str) -> String {
    format!("{kind} key {label}")
}

/// A fingerprint.
pub fn fingerprint_line(print: &str) -> String {
    format!("    fingerprint {print}")
}

/// How to name a token.
pub fn named_by(uri: &str) -> String {
    format!("  name it: {uri}")
}

/// A slot whose token was never set up.
pub fn empty_slot(slot: u64) -> String {
    format!("An empty token, in slot {slot}")
}

/// The heading of a token that tells nothing.
pub fn unreadable_token(slot: u64) -> String {
    format!("A token that tells nothing of itself, in slot {slot}")
}

/// A token's heading.
pub fn token_named(label: &str, serial: &str) -> String {
    format!("Token {label}, serial {serial}")
}

/// What a module printed.
pub fn module_said(text: &str) -> String {
    format!("the module printed {text}")
}

/// A signature is in the bundle.
pub fn signed(role: &str, version: u64, bundle: &str) -> String {
    format!("Signed: {role} version {version}. The signature was verified and is stored in {bundle}.")
}

/// The module did not end well.
pub fn exit_warning(what: &str) -> String {
    format!("warning: {what}.")
}

/// A key whose signature is missing. `claim` is cleaned.
pub fn key_wanted(claim: Option<&str>, keyid: &str, print: &str) -> String {
    let claim = claim.map_or_else(String::new, |claim| format!("{claim}, "));
    format!("{claim}key id {keyid} (fingerprint {print})")
}

/// A key on the token. `label` is cleaned.
pub fn key_present(kind: &str, label: &str, print: Option<&str>) -> String {
    let print = print.map_or_else(|| "no fingerprint".to_owned(), |print| format!("fingerprint {print}"));
    format!("{kind} key {label}, {print}")
}

/// Which keys may sign.
pub fn keys_wanted(list: &str) -> String {
    format!("these can still sign: {list}")
}

/// Which keys are there.
pub fn keys_present(list: &str) -> String {
    if list.is_empty() {
        "no key that was asked for shows without a PIN".to_owned()
    } else {
        format!("here is: {list}")
    }
}

/// The last line of a fault: the token signed, and the signature is not in a file.
pub fn signed_and_not_stored(signature: &str) -> String {
    format!("The token signed, and the signature is NOT stored in a file. Key and signature: {signature}")
}

/// One module of several failed. `driver` is cleaned.
pub fn module_failed(driver: &str, what: &str) -> String {
    format!("warning: {}.", module_shows_nothing(driver, what))
}

/// The same as a cause. `driver` is cleaned.
pub fn module_shows_nothing(driver: &str, what: &str) -> String {
    format!("the module {driver} shows nothing: {what}")
}

/// The kernel has no filters.
pub const NO_FENCE: &str = "This program could not forbid itself the network, so it does nothing.";
/// Advice: the kernel has no filters.
pub const USE_ANOTHER_KERNEL: &str =
    "Use a machine whose kernel has seccomp filters (CONFIG_SECCOMP_FILTER).";

/// A token that was missed before it was asked for anything.
pub const TOKEN_AWAY: &str =
    "The token is gone, or the connection to it was lost. Nothing was signed, and no PIN try was used.";
/// What is typed when it is back.
pub const BACK_IN: &str = "back in";
/// How to go on.
pub const TO_GO_ON_WITH_IT_TYPE: &str = "Put the same token back in; to go on with it, type: back in";

/// It is not there; the name is cleaned.
pub fn not_back(token: &str) -> String {
    format!("The token {token} is not there with its keys yet.")
}

/// A token that does not show her key; both are cleaned.
pub fn unproven(token: &str, key: &str) -> String {
    format!(
        "UNPROVEN: the token {token} does not show the key {key} before its PIN. It is recognised by the serial in the key's card alone; another key on it would be noticed and not counted."
    )
}
/// An open token shows the key now.
pub const PROVEN_BY_TOKEN: &str = "The open token shows the key: it is the one that the card names.";
/// The sentence for a token that holds another key than its card says.
pub const OTHER_KEY: &str =
    "The PIN was right, and the token holds another key than the card says. No PIN try was used.";
/// The sentence for a token that shows another key than its card says, before anything is asked.
pub const ANOTHER_SHOWN: &str =
    "This token shows another key than its card says, so no PIN is asked for. No PIN try was used.";
/// A card where the ceremony has its own.
pub const CARD_IS_FOR_FOREIGN: &str = "--card is for the bundle of a foreign document.";
/// Advice: a card where the ceremony has its own.
pub const LEAVE_OUT_CARD: &str = "Leave out --card: a ceremony knows its keys by its own cards.";

/// A card that does not name the token; both are cleaned.
pub fn card_names_another(card: Option<&str>) -> String {
    match card {
        Some(token) => format!("the card that you gave tells of another token: {token}"),
        None => "the card that you gave names no token by its serial".to_owned(),
    }
}

/// What a token shows where no key is.
pub const NO_KEY_THERE: &str = "no key";
/// Advice: another key than the card says.
pub const WAS_IT_REPLACED: &str = "Ask the security officer whether the key was replaced: the plan needs its new card then. Else insert the right token.";
