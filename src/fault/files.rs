//! What a file, folder or medium that fails means for a person: the advice and the sentence about what was written.

use std::error::Error as _;

use super::{Fault, Signed};
use crate::files::{FileKind, FilesFault};
use crate::operator::clean::quoted_path;
use crate::operator::wording;

impl From<FilesFault> for Fault {
    fn from(fault: FilesFault) -> Self {
        let advice = match &fault {
            FilesFault::NotFound { .. } => wording::CHECK_THE_NAME,
            FilesFault::NotRegular { found: FileKind::Folder, .. } => wording::NAME_A_FILE_NOT_A_FOLDER,
            FilesFault::NotRegular { .. } => wording::NAME_A_FILE,
            FilesFault::NotAFolder { .. } => wording::NAME_A_FOLDER,
            FilesFault::TooLarge { .. } => wording::TOO_LARGE,
            FilesFault::Exists { .. } => wording::CHOOSE_ANOTHER_NAME,
            FilesFault::Denied { .. } => wording::CHECK_PERMISSIONS,
            FilesFault::ReadOnly { .. } => wording::CHECK_WRITE_PROTECTION,
            FilesFault::NoSpace { .. } => wording::MAKE_ROOM,
            FilesFault::Changed { .. } => wording::READ_AGAIN,
            FilesFault::Busy { .. } => wording::WAIT_FOR_THE_OTHER,
            FilesFault::Outside { .. } => wording::folder::REPORT,
            FilesFault::NotPrivate { .. } => wording::MAKE_IT_PRIVATE,
            FilesFault::TooMany { .. } => wording::LOOK_INTO_THE_FOLDER,
            FilesFault::NotAsWritten { .. } => wording::DISTRUST_THE_MEDIUM,
            FilesFault::NoSafeRename { .. } => wording::USE_ANOTHER_FILESYSTEM,
            FilesFault::Unsynced { .. } => wording::CHECK_WHAT_WAS_WRITTEN,
            FilesFault::Failed { .. } => wording::CHECK_THE_MEDIUM,
        };
        let signed = match &fault {
            FilesFault::Unsynced { path, .. } => Signed::Written { place: quoted_path(path) },
            _ => Signed::Nothing,
        };
        let mut trouble = Self::files(fault.to_string());
        if let Some(cause) = fault.source() {
            trouble = trouble.because(cause);
        }
        trouble.now(advice).with_signed(signed)
    }
}
