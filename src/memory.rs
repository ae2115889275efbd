//! The holder's log on her medium: read before she is asked, written before the token signs. What its lines mean is
//! [`tuf_ceremony::holder_log`]'s, the disk [`crate::files`]'s.

use std::path::{Path, PathBuf};

use tuf_ceremony::digest::Digest;
use tuf_ceremony::holder_log::{HolderLog, HolderLogFault, Intent};
use tuf_ceremony::limits::HOLDER_LOG;

use crate::clock;
use crate::files::{self, FilesFault};

/// Her log, and where it is.
#[derive(Debug)]
pub struct Memory {
    path: PathBuf,
    log: HolderLog,
    /// SHA-256 of the file; none where there is none yet.
    stands: Option<Digest>,
    written: bool,
}

/// The log cannot be used, so nothing is signed.
#[derive(Debug, thiserror::Error)]
pub enum MemoryFault {
    /// The medium.
    #[error(transparent)]
    Files(#[from] FilesFault),
    /// What stands in it.
    #[error("the log does not hold together: {0}")]
    Log(#[from] HolderLogFault),
}

impl Memory {
    /// Reads the log; where there is none, it begins with the first signature.
    ///
    /// # Errors
    /// When it cannot be read or does not hold together. It is never begun anew in the place of such a log.
    pub fn open(path: &Path) -> Result<Memory, MemoryFault> {
        let cap = u64::try_from(HOLDER_LOG.most).unwrap_or(u64::MAX);
        let (log, stands) = match files::read_capped(path, cap) {
            Ok(bytes) => (HolderLog::read(&bytes)?, Some(Digest::of(&bytes))),
            Err(FilesFault::NotFound { .. }) => (HolderLog::default(), None),
            Err(fault) => return Err(fault.into()),
        };
        Ok(Memory { path: path.to_owned(), log, stands, written: false })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is no such file yet.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.stands.is_none()
    }

    /// Whether a line was added.
    #[must_use]
    pub fn was_written(&self) -> bool {
        self.written
    }

    /// Another payload that she was asked to sign for the same key, role and version before.
    #[must_use]
    pub fn earlier(&self, intent: &Intent) -> Option<Digest> {
        self.log.conflict(intent.key, &intent.role, intent.version, intent.payload).map(|e| e.payload)
    }

    /// Writes down that she is about to sign. When this returns, it is on the medium.
    ///
    /// # Errors
    /// Then nothing is to be signed.
    pub fn write(&mut self, intent: Intent, over: Option<Digest>) -> Result<(), MemoryFault> {
        self.log.append(&clock::now(), intent, over)?;
        let text = self.log.text().as_bytes();
        match self.stands {
            None => files::create_new(&self.path, text)?,
            Some(stands) => files::replace(&self.path, *stands.as_bytes(), text)?,
        }
        self.stands = Some(self.log.head());
        self.written = true;
        Ok(())
    }
}
