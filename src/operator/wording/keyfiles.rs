//! Sentences around keys in files; they stand with those on keys.

/// Label of a fact.
pub const FILE: &str = "file";
/// The heading before a key file is made.
pub const A_NEW_FILE: &str = "A new key is to be made in a file";
/// What key files are for.
pub const FILES_ARE_FOR: &str =
    "  Key files are for online roles and rehearsals: whoever copies the file needs the passphrase alone.";
/// The heading before a test.
pub const A_FILE_TEST: &str = "A test of this key file";
/// What must be typed for a new file.
pub const MAKE_FILE_PHRASE: &str = "make key file";
/// The second question.
pub const PASSPHRASE_AGAIN: &str = "The same passphrase again: ";
/// No new file.
pub const NO_KEY_FILE: &str = "No key file was made.";
/// Advice: a short passphrase.
pub const LONGER_PASSPHRASE: &str = "Take a longer one, such as five words that nobody would put together.";
/// Advice: a scheme without files.
pub const OTHER_SCHEME: &str =
    "Take --scheme ed25519, ecdsa-sha2-nistp256 or ecdsa-sha2-nistp384, or a token.";
/// A file that does not open.
pub const KEY_FILE_CLOSED: &str = "The key file stays closed.";
/// Advice: a wrong passphrase.
pub const CHECK_THE_PASSPHRASE: &str =
    "Check which file it is and its passphrase, then start this step again.";
/// A file that is refused.
pub const KEY_FILE_REFUSED: &str = "The key file cannot be used.";
/// Advice: an open private key.
pub const ENCRYPT_IT: &str =
    "Whoever saw this file has the key: make a new one with `conclave key generate --file`.";
/// Advice: no key file.
pub const MAKE_ANOTHER_FILE: &str =
    "Take a whole copy of the file, or make a new key with `conclave key generate --file`.";
/// Advice: a file where a token is due.
pub const USE_A_TOKEN: &str = "Make this key on a token: `conclave key generate --token URI`.";
/// Advice: another file.
pub const NAME_THE_RIGHT_FILE: &str = "Name the file whose key is on the card.";
/// A passphrase without a file.
pub const PASSPHRASE_OPENS_FILES: &str = "A passphrase from elsewhere opens a key file, and none was named.";
/// Advice: a passphrase without a file.
pub const PIN_IS_TYPED: &str = "Leave it out: the PIN of a token is typed at the terminal.";

/// The first question for a new passphrase.
pub fn new_passphrase(file: &str) -> String {
    format!("A passphrase for the new key file {file}: ")
}

/// The question for a passphrase.
pub fn passphrase_of(file: &str) -> String {
    format!("Passphrase of the key file {file}: ")
}

/// A key was made.
pub fn made_in_file(kind: &str, file: &str) -> String {
    format!("A key was made: {kind}, for {file}")
}

/// A file was written.
pub fn file_written(path: &str) -> String {
    format!("The key file is {path}, for its owner alone; it was read again.")
}

/// A file that does not read back.
pub fn not_as_written(path: &str) -> String {
    format!("The key file {path} does not read back as it was written.")
}

/// A file with another key.
pub fn another_key(path: &str) -> String {
    format!("The key file {path} holds another key than the card.")
}

/// Which key.
pub fn holds_the_key(print: &str) -> String {
    format!("it holds the key {print}")
}

/// A file that does what it should.
pub fn file_signs(path: &str) -> String {
    format!("The key file {path} holds this key and signs with it.")
}

/// A key of root or targets in a file.
pub fn file_for_root(key: &str) -> String {
    format!("The key {key} signs a real root or real targets, and such a key is never in a file.")
}

/// What a key file is called in questions.
pub fn key_file(path: &str) -> String {
    format!("key file {path}")
}

/// What opens a key file, by its name among the things that sign.
pub fn passphrase_that_opens(key_file: &str) -> String {
    format!("Passphrase of the {key_file}")
}

/// A key file for a foreign document.
pub const FILES_SIGN_IN_CEREMONIES: &str = "A key file signs in a ceremony, and this bundle is of none.";
/// Advice: a key file for a foreign document.
pub const IMPORT_WHAT_IT_SIGNED: &str = "Sign with a token: --token URI.";
/// A draft that no key file signs.
pub const FILE_NEVER_SIGNS_THIS: &str =
    "A real root, real targets or a delegated role wait for you, and no key file signs those.";
