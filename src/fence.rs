//! No network (DESIGN 19): a process forbids itself internet sockets, once and for good. Whatever it starts afterwards
//! inherits that, so a process that is to start one with a network must not do it.
//!
//! Refused with `EACCES`: `socket` for every family but `AF_UNIX`, over which card readers are reached, and
//! `io_uring_setup`, because a ring opens sockets without that call. A call of the 32-bit kind ends the process: its numbers
//! mean other things.
//!
//! Deliberately not done: closing what was open before; this program opens no such socket.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

/// On x86-64 the same calls can be made under a second set of numbers (x32), told apart by this bit.
const SECOND_NUMBERS: i64 = 0x4000_0000;

/// The kernel did not take the filter.
#[derive(Debug, thiserror::Error)]
#[error("the kernel does not let a process forbid itself the network: {0}")]
pub struct NoFence(String);

/// Forbids this thread, and all that it starts from now on, internet sockets.
///
/// # Errors
/// [`NoFence`]: no code of others is to be loaded then.
pub fn forbid_network() -> Result<(), NoFence> {
    let program = filter().map_err(|error| NoFence(error.to_string()))?;
    seccompiler::apply_filter(&program).map_err(|error| NoFence(error.to_string()))
}

fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let family = u64::from(libc::AF_UNIX.unsigned_abs());
    let other_family =
        || SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, family).map(|c| vec![c]);
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for second in [0, SECOND_NUMBERS] {
        rules.insert(libc::SYS_socket | second, vec![SeccompRule::new(other_family()?)?]);
        rules.insert(libc::SYS_io_uring_setup | second, Vec::new());
    }
    let refused = SeccompAction::Errno(libc::EACCES.unsigned_abs());
    SeccompFilter::new(rules, SeccompAction::Allow, refused, std::env::consts::ARCH.try_into()?)?.try_into()
}
