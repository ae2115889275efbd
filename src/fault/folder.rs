//! Failures of a ceremony's folder: for each one thing to do.

use super::Fault;
use crate::dossier::{FolderFault, StoreFault};
use crate::operator::clean::quoted_path;
use crate::operator::wording::folder;

impl From<FolderFault> for Fault {
    fn from(fault: FolderFault) -> Self {
        let advice = match fault {
            FolderFault::Files(files) => return files.into(),
            FolderFault::NoCeremony { .. } => folder::NAME_A_CEREMONY,
            FolderFault::NotEmpty { .. } => folder::NAME_A_NEW_FOLDER,
            FolderFault::Strange { .. } | FolderFault::Huge { .. } => folder::TAKE_IT_OUT,
            FolderFault::Nested { .. } => {
                return Self::files(fault.to_string()).now(folder::NAME_A_FOLDER_OUTSIDE);
            }
            FolderFault::OneFolder { .. } => folder::NAME_A_SECOND_DEVICE,
            FolderFault::Fork { line: 1, .. } => folder::NAME_ITS_OWN,
            FolderFault::Fork { .. } => folder::KEEP_BOTH,
            FolderFault::Behind { .. } => folder::FIND_THE_LATEST,
            FolderFault::Altered { .. } | FolderFault::Lost { .. } => folder::BRING_IT_BACK,
            FolderFault::NotALine => folder::REPORT,
        };
        Self::refused(fault.to_string()).now(advice)
    }
}

impl From<StoreFault> for Fault {
    fn from(fault: StoreFault) -> Self {
        let trouble = Self::files(fault.to_string());
        match fault {
            StoreFault::Files(files) => files.into(),
            StoreFault::Line(source) => trouble.because(&source).now(folder::RESUME),
            StoreFault::OnOneDevice { stored, source, .. } => {
                trouble.because(&source).now(folder::RESUME_WITH_ONE).having_written(quoted_path(&stored))
            }
            StoreFault::Stopped => trouble.now(folder::RESUME),
            StoreFault::NotALine => trouble.now(folder::REPORT),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::fault::Signed;
    use crate::files::FilesFault;
    use crate::operator::wording;

    #[test]
    fn a_fork_is_refused_and_both_sides_are_to_be_kept() {
        let fault = FolderFault::Fork { folder: PathBuf::from("a"), mirror: PathBuf::from("b"), line: 3 };
        let told = Fault::from(fault);
        assert_eq!(told.exit(), 1);
        assert_eq!(told.to_string(), "\"a\" and \"b\" differ from line 3 on: one ceremony went on twice.");
        assert_eq!(told.now, folder::KEEP_BOTH);
        let other = FolderFault::Fork { folder: PathBuf::from("a"), mirror: PathBuf::from("b"), line: 1 };
        let told = Fault::from(other);
        assert_eq!(told.to_string(), "\"a\" and \"b\" hold two different ceremonies.");
        assert_eq!(told.now, folder::NAME_ITS_OWN);
    }

    #[test]
    fn a_step_on_one_device_only_says_why_and_how_to_go_on() {
        let source = FilesFault::NoSpace { path: PathBuf::from("b/transcript.jsonl") };
        let fault = StoreFault::OnOneDevice { stored: "a".into(), missing: "b".into(), source };
        let told = Fault::from(fault);
        assert_eq!(told.exit(), 5);
        assert_eq!(told.because, ["There is no room for \"b/transcript.jsonl\" on its medium."]);
        assert_eq!(told.now, folder::RESUME_WITH_ONE);
        assert_eq!(told.signed, Signed::Written { place: "\"a\"".to_owned() });
    }

    #[test]
    fn a_failure_of_the_disk_keeps_its_own_advice() {
        let full = || FilesFault::NoSpace { path: PathBuf::from("a") };
        for told in [Fault::from(FolderFault::Files(full())), Fault::from(StoreFault::Files(full()))] {
            assert_eq!((told.exit(), told.now.as_str()), (5, wording::MAKE_ROOM));
        }
    }
}
