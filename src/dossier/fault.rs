//! Why a ceremony's folder is not opened, and why a step is not stored: facts, each as one sentence that is safe to show.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tuf_ceremony::digest::Digest;

use crate::files::{FilesFault, Found, Standing};
use crate::operator::clean::quoted_path;

/// How many strange things are named.
const NAMED: usize = 5;

/// A folder is not one to work in. Nothing in it was changed, unless it says `Files`: then what was mended stays mended.
#[derive(Debug, thiserror::Error)]
pub enum FolderFault {
    /// The disk.
    #[error(transparent)]
    Files(#[from] FilesFault),
    /// No ceremony was ever opened in it.
    #[error("{} holds no ceremony.", quoted_path(folder))]
    NoCeremony {
        /// The folder.
        folder: PathBuf,
    },
    /// A ceremony is to be opened where something is.
    #[error("{} is not empty: {}.", quoted_path(folder), listed(found))]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
        /// What stands there.
        found: Vec<Found>,
    },
    /// Things that no ceremony puts into its folder.
    #[error("{} holds what no ceremony puts there: {}.", quoted_path(folder), listed(found))]
    Strange {
        /// The folder.
        folder: PathBuf,
        /// What.
        found: Vec<Found>,
    },
    /// A file that no line names, and that no ceremony could have left: it is larger than any file that is read.
    #[error("{} has {bytes} bytes, which no file of a ceremony has.", quoted_path(path))]
    Huge {
        /// The file.
        path: PathBuf,
        /// Its length.
        bytes: u64,
    },
    /// The folder lies in that of another ceremony, or one device in the other.
    #[error(
        "{} would lie inside {}, and a ceremony's folder holds only what its lines name.",
        quoted_path(folder),
        quoted_path(around)
    )]
    Nested {
        /// The folder.
        folder: PathBuf,
        /// What is around it.
        around: PathBuf,
    },
    /// Both paths lead to one folder.
    #[error("{} and {} are one folder.", quoted_path(folder), quoted_path(mirror))]
    OneFolder {
        /// The one.
        folder: PathBuf,
        /// The other.
        mirror: PathBuf,
    },
    /// The transcripts of two devices tell different things.
    #[error("{}", forked(folder, mirror, *line))]
    Fork {
        /// The one.
        folder: PathBuf,
        /// The other.
        mirror: PathBuf,
        /// The first line that differs, counted from 1.
        line: u64,
    },
    /// The folder does not hold the line that a known head stands for.
    #[error(
        "None of the {lines} lines of {} has the head that you know: this is an older copy, or another ceremony.",
        quoted_path(folder)
    )]
    Behind {
        /// The folder.
        folder: PathBuf,
        /// How many lines it has.
        lines: u64,
    },
    /// A file is not what the transcript says.
    #[error("{} is not the file that the transcript names.", quoted_path(path))]
    Altered {
        /// The file.
        path: PathBuf,
        /// Its digest in the transcript.
        named: Digest,
        /// Its digest.
        found: Digest,
    },
    /// A file is gone, and it cannot be made again.
    #[error("{} is gone, and the transcript names it.", quoted_path(path))]
    Lost {
        /// The file.
        path: PathBuf,
        /// Its digest in the transcript.
        named: Digest,
    },
    /// A line of the transcript was to be one line.
    #[error("What was to be stored is not one line.")]
    NotALine,
}

/// A folder was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadFault<E> {
    /// The folder.
    #[error(transparent)]
    Folder(#[from] FolderFault),
    /// Its lines: the engine does not accept what they tell.
    #[error("the transcript does not tell a ceremony")]
    Lines(E),
}

impl<E> From<FilesFault> for LoadFault<E> {
    fn from(fault: FilesFault) -> Self {
        Self::Folder(fault.into())
    }
}

/// A step was not stored, so it has not happened.
#[derive(Debug, thiserror::Error)]
pub enum StoreFault {
    /// A file of the step could not be added. The ceremony may go on with another step or the same one.
    #[error(transparent)]
    Files(#[from] FilesFault),
    /// The line could not be added to the first device. The folder must be loaded again before the next step.
    #[error("The line of this step could not be added.")]
    Line(#[source] FilesFault),
    /// The line is on the first device and not on the second: loading the first alone, or both, finds the step done.
    #[error("The line of this step is in {}, and not in {}.", quoted_path(stored), quoted_path(missing))]
    OnOneDevice {
        /// Where it is.
        stored: PathBuf,
        /// Where it is not.
        missing: PathBuf,
        /// Why.
        #[source]
        source: FilesFault,
    },
    /// An earlier step failed; the folder must be loaded again.
    #[error("An earlier step could not be stored; the folder must be read again first.")]
    Stopped,
    /// What was to be stored is not one line.
    #[error("What was to be stored is not one line.")]
    NotALine,
}

fn listed(found: &[Found]) -> String {
    let mut text = String::new();
    for (at, one) in found.iter().take(NAMED).enumerate() {
        let gap = if at == 0 { "" } else { ", " };
        let _ = write!(text, "{gap}{}{}", quoted_path(&one.path), kind(one));
    }
    if found.len() > NAMED {
        let _ = write!(text, " and {} more", found.len() - NAMED);
    }
    text
}

fn kind(found: &Found) -> String {
    match found.standing {
        Standing::File { .. } | Standing::Temporary { .. } => String::new(),
        Standing::Folder => " (a folder)".to_owned(),
        Standing::Other(kind) => format!(" ({kind})"),
    }
}

/// The first line opens a ceremony, and no two are alike.
fn forked(folder: &Path, mirror: &Path, line: u64) -> String {
    let (one, other) = (quoted_path(folder), quoted_path(mirror));
    match line {
        1 => format!("{one} and {other} hold two different ceremonies."),
        line => format!("{one} and {other} differ from line {line} on: one ceremony went on twice."),
    }
}
