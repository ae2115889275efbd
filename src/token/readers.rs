//! The card readers of this machine, as its card service tells of them: no card is opened, and no applet asked. In a child process
//! like everything that speaks to cards, because a service that hangs would hang whoever asks.

use std::ffi::OsString;

use serde::{Deserialize, Serialize};

use super::driver::Driver;
use super::fault::{Call, TokenFault};
use super::host::{Deadlines, Host};
use super::wire::{Answer, Question};

/// A reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    /// Its name; untrusted.
    pub name: String,
    /// What is in it.
    pub state: ReaderState,
}

/// What is in a reader, and whether another program has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReaderState {
    /// No card.
    Empty,
    /// A card that nobody uses.
    Free,
    /// A card that another program uses as well, and may reset at any time.
    Shared,
    /// A card that another program has for itself alone.
    Held,
    /// A card that does not answer; or one that is in the wrong way round.
    Mute,
}

/// All readers, asked with these variables.
///
/// # Errors
/// [`TokenFault::NoCardService`] where nobody answers, [`TokenFault::NoDriver`] in a build without PIV cards,
/// [`TokenFault::ModuleHung`] where the service hangs. No card was touched.
pub fn readers(environment: &[(OsString, OsString)]) -> Result<Vec<Reader>, TokenFault> {
    let driver = Driver::piv().with_environment(environment);
    let mut host = Host::spawn(&Host::own_program(), &driver, Deadlines::default())?;
    let told = host.ask_plainly(Call::List, &Question::Readers)?;
    let Answer::Readers(readers) = told else {
        let what = "the answer belongs to another question".into();
        return Err(TokenFault::Protocol { during: Call::List, what });
    };
    // All that it had to tell is told; how it ends is of no account.
    let _ = host.close();
    Ok(readers)
}
