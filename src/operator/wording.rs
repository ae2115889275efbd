//! The catalogue of sentences: whatever a person is told or advised is spelt here, so that one word means one thing
//! on every screen and a reviewer can read all of it at a sitting.
//!
//! What a fault *is* stands with its enum (facts as fields); what to *do* about it stands here. Sentences end with a
//! full stop. Arguments that others wrote must have passed `clean` already; nothing here cleans.

pub mod afterwards;
pub mod attested;
pub mod board;
pub mod cards;
pub mod ceremony;
pub mod changes;
pub mod choosing;
mod collecting;
pub mod doctor;
pub mod folder;
pub mod granting;
pub mod guided;
pub mod holders;
mod keyfiles;
pub mod keys;
pub mod kinds;
pub mod modules;
pub mod pages;
pub mod planning;
pub mod readiness;
pub mod rehearsal;
pub mod replay;
mod signing;
pub mod standing;
pub mod tokens;
pub mod typed;
mod visit;
pub mod visiting;

pub use collecting::*;
pub use signing::*;
pub use visit::*;

/// A count with its thousands set apart, as in `1,048,576`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count and its noun, in the singular or the plural: `1 signature`, `2 signatures`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// How far something long is.
pub fn progress(what: &str, done: u64, of: u64) -> String {
    format!("{what}: {} of {}", grouped(done), grouped(of))
}

/// The last line of a fault: nothing happened.
pub const NOTHING_SIGNED: &str = "Nothing was signed, nothing was written.";
/// The last line of a fault: this step did nothing, earlier ones stand.
pub const NOTHING_NEW_SIGNED: &str = "Nothing new was signed; what was stored before is unchanged.";
/// The last line of a fault: a token was asked to sign and gave no clear answer.
pub const SIGNED_UNKNOWN: &str =
    "Whether the token signed is not known: a signature may exist that is not stored here.";

/// The last line of a fault: signatures were made and are safe.
pub fn signed_and_stored(signatures: u64, place: &str) -> String {
    let verb = if signatures == 1 { "is" } else { "are" };
    format!("{} made before this {verb} stored in {place}.", counted(signatures, "signature", "signatures"))
}

/// The last line of a fault: a file was written, but nothing was signed.
pub fn nothing_signed_but_written(place: &str) -> String {
    format!("Nothing was signed; {place} was written.")
}

/// In the middle of a long page.
pub const ENTER_FOR_MORE: &str = "[Enter for more]";

/// Advice: the file named is not there.
pub const CHECK_THE_NAME: &str = "Check the name and that the right medium is inserted.";
/// Advice: a folder was named.
pub const NAME_A_FILE_NOT_A_FOLDER: &str =
    "Name a file in it, or a bundle: a ceremony's folder becomes one with `conclave export`.";
/// Advice: something other than a file was named.
pub const NAME_A_FILE: &str = "Name a regular file (use - for standard input where a command says so).";
/// Advice: something other than a folder was named.
pub const NAME_A_FOLDER: &str = "Name a folder, or a name that does not exist yet.";
/// Advice: the input is over the cap.
pub const TOO_LARGE: &str = "Check that this is the file you meant: nothing that belongs here is this large.";
/// Advice: the output is there already.
pub const CHOOSE_ANOTHER_NAME: &str =
    "Choose a name that does not exist yet: conclave never overwrites a file.";
/// Advice: the system refuses.
pub const CHECK_PERMISSIONS: &str = "Check who owns the file and its folder, and who you are logged in as.";
/// Advice: the medium cannot be written.
pub const CHECK_WRITE_PROTECTION: &str = "Remove the write protection, or name a folder on another medium.";
/// Advice: the medium is full.
pub const MAKE_ROOM: &str = "Make room on that medium, or name a folder on another one.";
/// Advice: somebody else wrote the file meanwhile.
pub const READ_AGAIN: &str =
    "See who else writes to it, then start this step again: it begins from what is there now.";
/// Advice: another conclave has the file.
pub const WAIT_FOR_THE_OTHER: &str = "Let the other conclave finish, then start this step again.";
/// Advice: a folder holds far more than a ceremony.
pub const LOOK_INTO_THE_FOLDER: &str = "Look into the folder: it holds far more than a ceremony writes.";
/// Advice: the written bytes do not read back.
pub const DISTRUST_THE_MEDIUM: &str = "Do not trust this medium: start this step again on another one.";
/// Advice: the filesystem cannot take a new file safely.
pub const USE_ANOTHER_FILESYSTEM: &str = "Write to a medium formatted as ext4, exFAT or FAT.";
/// Advice: the system reported something that we do not know better.
pub const CHECK_THE_MEDIUM: &str = "Check the medium and its cable, then start this step again.";

/// Advice: the file is in place, its durability is not known.
pub const CHECK_WHAT_WAS_WRITTEN: &str = "Check the medium, and compare the file before you rely on it.";

/// Advice: exact bytes were to go to a terminal that would obey some of them.
pub const SEND_IT_TO_A_FILE: &str = "Send the output to a file or to another program.";
/// The sentence for standard output that cannot be written.
pub const OUTPUT_FAILED: &str = "The output could not be written.";
/// Advice: standard output cannot be written.
pub const CHECK_WHERE_OUTPUT_GOES: &str = "Check where the output goes: a full medium or a closed window.";

/// The sentence for a command line that makes no sense.
pub const MISUNDERSTOOD: &str = "The command line cannot be understood.";

/// Advice: a command line that makes no sense. `usage` is clap's line for the verb, where it has one.
pub fn type_it_like(usage: Option<&str>) -> String {
    match usage {
        Some(usage) => format!("Type it like `{usage}`; --help shows an example."),
        None => "Add --help to see the options and an example.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        let shown = [0, 999, 1_000, 12_345, 1_048_576, u64::MAX].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "12,345", "1,048,576", "18,446,744,073,709,551,615"]);
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(counted(1, "try", "tries"), "1 try");
        assert_eq!(counted(0, "try", "tries"), "0 tries");
        assert_eq!(counted(2000, "try", "tries"), "2,000 tries");
    }

    #[test]
    fn stored_signatures_are_counted() {
        assert_eq!(signed_and_stored(1, "\"b\""), "1 signature made before this is stored in \"b\".");
        assert_eq!(signed_and_stored(2, "\"b\""), "2 signatures made before this are stored in \"b\".");
    }
}
