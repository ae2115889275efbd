//! What a module could do with a network: it tries to open sockets, and writes down which it got.

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketType, socket};

/// Tries each kind once. A line is `socket KIND allowed` or `socket KIND refused ERRNO`.
pub(crate) fn attempt(log: fn(&str)) {
    for (name, family) in [
        ("inet", AddressFamily::INET),
        ("inet6", AddressFamily::INET6),
        ("netlink", AddressFamily::NETLINK),
        ("packet", AddressFamily::PACKET),
        ("unix", AddressFamily::UNIX),
    ] {
        let kind = if name == "packet" || name == "netlink" { SocketType::RAW } else { SocketType::STREAM };
        log(&format!("socket {name} {}", told(socket(family, kind, None).map(drop))));
    }
    // A ring does what it is told without a system call for each, so it would go around a filter.
    let mut parameters = rustix::io_uring::io_uring_params::default();
    // SAFETY: the parameters live through the call; nothing is mapped.
    let ring = unsafe { rustix::io_uring::io_uring_setup(2, &mut parameters) };
    log(&format!("socket ring {}", told(ring.map(drop))));
}

fn told(got: Result<(), Errno>) -> String {
    match got {
        Ok(()) => "allowed".to_owned(),
        Err(errno) => format!("refused {}", errno.raw_os_error()),
    }
}
