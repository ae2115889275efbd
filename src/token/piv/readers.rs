//! What is in each reader, by pcscd's own word: it is asked for its state, and no card is connected to.

use std::time::Duration;

use pcsc::{Context, Error as Trouble, ReaderState as Asked, Scope, State};

use super::LIST_CAP;
use super::faults::fault;
use crate::token::fault::{Call, TokenFault};
use crate::token::readers::{Reader, ReaderState};

/// Every reader, in pcscd's order.
pub(in crate::token) fn all() -> Result<Vec<Reader>, TokenFault> {
    match asked() {
        Ok(readers) => Ok(readers),
        Err(Trouble::NoReadersAvailable) => Ok(Vec::new()),
        Err(trouble) => Err(fault(yubikey::Error::PcscError { inner: Some(trouble) }, Call::List)),
    }
}

fn asked() -> Result<Vec<Reader>, Trouble> {
    let context = Context::establish(Scope::User)?;
    let names = context.list_readers_owned()?;
    let mut states: Vec<Asked> =
        names.into_iter().take(LIST_CAP).map(|name| Asked::new(name, State::UNAWARE)).collect();
    if states.is_empty() {
        return Ok(Vec::new());
    }
    // Whoever knows nothing yet is told at once.
    context.get_status_change(Duration::ZERO, &mut states)?;
    let read = |asked: &Asked| Reader {
        name: asked.name().to_string_lossy().into_owned(),
        state: state(asked.event_state()),
    };
    Ok(states.iter().map(read).collect())
}

fn state(told: State) -> ReaderState {
    if !told.contains(State::PRESENT) {
        ReaderState::Empty
    } else if told.contains(State::MUTE) {
        ReaderState::Mute
    } else if told.contains(State::EXCLUSIVE) {
        ReaderState::Held
    } else if told.contains(State::INUSE) {
        ReaderState::Shared
    } else {
        ReaderState::Free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_of_a_reader_is_told_apart() {
        for (told, read) in [
            (State::EMPTY, ReaderState::Empty),
            (State::PRESENT, ReaderState::Free),
            (State::PRESENT | State::CHANGED, ReaderState::Free),
            (State::PRESENT | State::INUSE, ReaderState::Shared),
            (State::PRESENT | State::INUSE | State::EXCLUSIVE, ReaderState::Held),
            (State::PRESENT | State::MUTE, ReaderState::Mute),
            (State::UNKNOWN, ReaderState::Empty),
        ] {
            assert_eq!(state(told), read, "{told:?}");
        }
    }
}
