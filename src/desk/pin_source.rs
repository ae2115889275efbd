//! A PIN from a file, for rehearsals and online roles only (DESIGN 10): a regular file that its owner alone may open, with one
//! line, read straight into the PIN's locked page each time it is asked for. Questions are answered by the person as before.
//!
//! Whether a file may serve is judged by whoever knows what is signed; `online` says which documents are of online roles.

use std::path::{Path, PathBuf};

use crate::files::{self, FilesFault};
use crate::operator::secret::SecretFault;
use crate::operator::{Operator, OperatorFault};
use crate::pin::{CAPACITY, Pin};

/// A person whose PINs come from a file.
pub struct FromFile<'p> {
    person: &'p mut dyn Operator,
    file: PathBuf,
}

impl<'p> FromFile<'p> {
    /// The person, once the file was found to hold a PIN.
    ///
    /// # Errors
    /// The file cannot be used; no token was touched.
    pub fn of(person: &'p mut dyn Operator, file: &Path) -> Result<FromFile<'p>, PinFileFault> {
        read(file)?;
        Ok(FromFile { person, file: file.to_owned() })
    }
}

/// Why a file gives no PIN.
#[derive(Debug, thiserror::Error)]
pub enum PinFileFault {
    /// The file.
    #[error(transparent)]
    Files(#[from] FilesFault),
    /// What stands in it.
    #[error("it does not hold one line of 1 to {CAPACITY} printable ASCII characters")]
    NotOneLine,
}

impl Operator for FromFile<'_> {
    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault> {
        self.person.type_line(question)
    }

    fn type_back(&mut self, question: &str, phrase: &str) -> Result<String, OperatorFault> {
        self.person.type_back(question, phrase)
    }

    fn pick(&mut self, question: &str, choices: &[String]) -> Option<Result<usize, OperatorFault>> {
        self.person.pick(question, choices)
    }

    fn types_secrets(&self) -> bool {
        false
    }

    fn pin(&mut self, _question: &str) -> Result<Pin, SecretFault> {
        read(&self.file).map_err(|fault| SecretFault::Source { why: fault.to_string() })
    }
}

fn read(file: &Path) -> Result<Pin, PinFileFault> {
    // The line end may stand behind the longest PIN; then it does not fit, and a PIN that long is none.
    let mut pin =
        files::read_secret(file, CAPACITY as u64, |length, fill| Pin::filled_by(length, |page| fill(page)))?;
    if pin.bytes().last() == Some(&b'\n') {
        pin.pop();
    }
    if pin.is_empty() || !pin.bytes().iter().all(|byte| (b' '..=b'~').contains(byte)) {
        return Err(PinFileFault::NotOneLine);
    }
    Ok(pin)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn file(text: &[u8], mode: u32) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
        file
    }

    #[test]
    fn one_line_is_a_pin_with_or_without_its_end() {
        for text in [&b"4711 right"[..], b"4711 right\n"] {
            assert!(read(file(text, 0o600).path()).is_ok_and(|pin| pin.bytes() == b"4711 right"));
        }
    }

    #[test]
    fn nothing_two_lines_and_what_is_no_ascii_are_no_pin() {
        for text in [&b""[..], b"\n", b"4711\n4712\n", b"4711\r\n", b"\xc3\xa4\n"] {
            assert!(matches!(read(file(text, 0o600).path()), Err(PinFileFault::NotOneLine)), "{text:?}");
        }
        let long = vec![b'1'; CAPACITY + 1];
        assert!(matches!(
            read(file(&long, 0o600).path()),
            Err(PinFileFault::Files(FilesFault::TooLarge { .. }))
        ));
    }

    #[test]
    fn a_file_that_others_may_open_is_refused() {
        for mode in [0o640, 0o604, 0o620, 0o601] {
            let fault = read(file(b"4711\n", mode).path());
            assert!(matches!(fault, Err(PinFileFault::Files(FilesFault::NotPrivate { .. }))), "{mode:o}");
        }
        assert!(read(file(b"4711\n", 0o400).path()).is_ok());
    }
}
