//! The only file that takes chance, from the system's generator: salts and nonces of 32 bytes, and the management key of a
//! PIV card. Keys that sign are made by tokens themselves.

use rustix::io::{Errno, retry_on_intr};
use rustix::rand::{GetRandomFlags, getrandom};

/// The system gave no chance.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bytes")]
pub struct NoChance(#[source] std::io::Error);

/// 32 bytes that nobody can guess. It waits until the system's generator has started.
///
/// # Errors
/// [`NoChance`], on a system without the call; nothing else will do.
pub fn bytes() -> Result<[u8; 32], NoChance> {
    let mut bytes = [0; 32];
    match retry_on_intr(|| getrandom(&mut bytes, GetRandomFlags::empty())) {
        // The system promises up to 256 bytes in one piece.
        Ok(32) => Ok(bytes),
        Ok(_) => Err(NoChance(Errno::IO.into())),
        Err(errno) => Err(NoChance(errno.into())),
    }
}

/// Whether the system's generator has started, so that nobody waits for it.
#[must_use]
pub fn is_ready() -> bool {
    let mut byte = [0; 1];
    matches!(retry_on_intr(|| getrandom(&mut byte, GetRandomFlags::NONBLOCK)), Ok(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_draws_agree_and_none_is_empty() {
        let draws = [bytes().unwrap(), bytes().unwrap(), bytes().unwrap(), [0; 32]];
        for (at, draw) in draws.iter().enumerate() {
            assert!(!draws[..at].contains(draw));
        }
    }
}
