//! A PIN, kept in one locked page of memory that is wiped when the value goes.
//!
//! Promises: the page is never swapped (`mlock`), never in a core dump (`MADV_DONTDUMP`), not inherited by
//! a forked child (`MADV_DONTFORK`), and overwritten with zeros before it is given back. A `Pin` moves; it
//! has no `Clone`, `Debug`, `Display` or serialisation, so it cannot be logged by accident.
//!
//! Deliberately not done here: judging a PIN. The terminal decides what may be typed, the token's own length
//! limits are checked where they are known.

use std::io;
use std::ptr::{self, NonNull};

use rustix::mm::{Advice, MapFlags, ProtFlags};
use rustix::process::{DumpableBehavior, Resource, Rlimit};
use zeroize::Zeroize;

/// Most bytes a PIN may have. PKCS#11 modules that state a limit stay below it (SoftHSM: 255).
pub const CAPACITY: usize = 256;

/// Bytes mapped for one PIN: one page on every Linux this runs on, or a part of a larger one.
const PAGE: usize = 4096;

/// No more bytes fit: the PIN already has [`CAPACITY`] of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a PIN can have at most {CAPACITY} bytes")]
pub struct PinTooLong;

/// One PIN in its locked page. See the module text for what it promises.
pub struct Pin {
    page: NonNull<u8>,
    len: usize,
}

// SAFETY: the page belongs to this value alone and nothing about it is bound to a thread.
unsafe impl Send for Pin {}

impl Pin {
    /// An empty PIN in a fresh locked page.
    ///
    /// # Errors
    /// The page could not be mapped or locked (for instance `RLIMIT_MEMLOCK` is 0). The caller should say so
    /// and not ask for a PIN at all: there is no fallback to memory that may be swapped.
    pub fn new() -> io::Result<Self> {
        // SAFETY: an anonymous private mapping at an address the kernel chooses touches no existing memory.
        let page = unsafe {
            rustix::mm::mmap_anonymous(
                ptr::null_mut(),
                PAGE,
                ProtFlags::READ | ProtFlags::WRITE,
                MapFlags::PRIVATE,
            )?
        };
        let Some(start) = NonNull::new(page.cast::<u8>()) else {
            return Err(io::Error::other("the kernel mapped the PIN's page at address zero"));
        };
        // From here on `pin` owns the mapping, so a failure below gives it back.
        let pin = Self { page: start, len: 0 };
        // SAFETY: `page` is the live mapping of PAGE bytes made above.
        unsafe {
            rustix::mm::mlock(page, PAGE)?;
            rustix::mm::madvise(page, PAGE, Advice::LinuxDontDump)?;
            rustix::mm::madvise(page, PAGE, Advice::LinuxDontFork)?;
        }
        Ok(pin)
    }

    /// A PIN of `len` bytes that `fill` writes straight into the locked page, so that no copy is made on the way.
    ///
    /// # Errors
    /// As [`Pin::new`], when `len` is over [`CAPACITY`], or what `fill` reports.
    pub fn filled_by(len: usize, fill: impl FnOnce(&mut [u8]) -> io::Result<()>) -> io::Result<Self> {
        let mut pin = Self::new()?;
        if len > CAPACITY {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, PinTooLong));
        }
        fill(&mut pin.whole()[..len])?;
        pin.len = len;
        Ok(pin)
    }

    /// One line that `read` writes straight into the locked page, piece by piece until it gives none; the line end behind it
    /// is not part of it.
    ///
    /// # Errors
    /// As [`Pin::new`], when there is more than [`CAPACITY`], or what `read` reports.
    pub fn of_line(mut read: impl FnMut(&mut [u8]) -> io::Result<usize>) -> io::Result<Self> {
        let mut pin = Self::new()?;
        loop {
            let at = pin.len;
            // One byte more than a PIN may have, so that a longer one is noticed and not cut.
            let room = pin.room(at);
            let length = read(room)?;
            if length == 0 {
                break;
            }
            pin.len += length;
            if pin.len > CAPACITY {
                pin.clear();
                return Err(io::Error::new(io::ErrorKind::InvalidInput, PinTooLong));
            }
        }
        for end in [b'\n', b'\r'] {
            if pin.bytes().last() == Some(&end) {
                pin.pop();
            }
        }
        Ok(pin)
    }

    /// Adds one byte at the end.
    ///
    /// # Errors
    /// [`PinTooLong`] at [`CAPACITY`]; the bytes so far stay.
    pub fn push(&mut self, byte: u8) -> Result<(), PinTooLong> {
        let at = self.len;
        *self.whole().get_mut(at).ok_or(PinTooLong)? = byte;
        self.len += 1;
        Ok(())
    }

    /// Takes the last byte away and overwrites it; nothing happens when there is none.
    pub fn pop(&mut self) {
        if let Some(last) = self.len.checked_sub(1) {
            self.whole()[last].zeroize();
            self.len = last;
        }
    }

    /// Overwrites all bytes and starts again.
    pub fn clear(&mut self) {
        self.room(0).zeroize();
        self.len = 0;
    }

    /// How many bytes the PIN has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no byte was given yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether both are the same.
    #[must_use]
    pub fn is_same_as(&self, other: &Pin) -> bool {
        self.bytes() == other.bytes()
    }

    /// The bytes themselves. Only the terminal and the token host may look, hence not public.
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: the mapping has PAGE >= CAPACITY initialised bytes (anonymous memory is zeroed), `len` never
        // exceeds CAPACITY, and the borrow of self keeps the mapping alive and unchanged.
        unsafe { std::slice::from_raw_parts(self.page.as_ptr(), self.len) }
    }

    /// The bytes behind `at`, and one more than fit.
    fn room(&mut self, at: usize) -> &mut [u8] {
        // SAFETY: PAGE is larger than CAPACITY + 1 and `at` never exceeds CAPACITY; the exclusive borrow of self makes this
        // the only view.
        unsafe { std::slice::from_raw_parts_mut(self.page.as_ptr().add(at), CAPACITY + 1 - at) }
    }

    fn whole(&mut self) -> &mut [u8] {
        // SAFETY: as in `bytes`; the exclusive borrow of self makes this the only view.
        unsafe { std::slice::from_raw_parts_mut(self.page.as_ptr(), CAPACITY) }
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.clear();
        let page = self.page.as_ptr().cast();
        // SAFETY: `page` is this value's own mapping of PAGE bytes, and no borrow of it outlives the value.
        unsafe {
            // Unmapping unlocks as well; nothing useful can be done should either fail.
            let _ = rustix::mm::munlock(page, PAGE);
            let _ = rustix::mm::munmap(page, PAGE);
        }
    }
}

/// Forbids this process to leave a core dump or be read by another process of the same user.
///
/// # Errors
/// The kernel refused. The caller should not handle a PIN then.
pub fn forbid_dumps() -> io::Result<()> {
    rustix::process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// Whether what [`forbid_dumps`] asked for is so.
///
/// # Errors
/// The kernel does not say.
pub fn dumps_are_forbidden() -> io::Result<bool> {
    let limit = rustix::process::getrlimit(Resource::Core);
    let dumpable = rustix::process::dumpable_behavior()?;
    Ok(limit.current == Some(0) && limit.maximum == Some(0) && dumpable == DumpableBehavior::NotDumpable)
}

/// How many bytes this process may lock; `None` for as many as it likes.
#[must_use]
pub fn lockable() -> Option<u64> {
    rustix::process::getrlimit(Resource::Memlock).current
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_in_the_order_they_were_pushed() {
        let mut pin = Pin::new().unwrap();
        for byte in *b"4711" {
            pin.push(byte).unwrap();
        }
        pin.pop();
        pin.push(b'9').unwrap();
        assert!(pin.bytes() == b"4719", "pushing and popping keeps the order");
        assert_eq!(pin.len(), 4);
    }

    #[test]
    fn a_pin_holds_its_capacity_and_not_one_byte_more() {
        let mut pin = Pin::new().unwrap();
        for _ in 0..CAPACITY {
            pin.push(b'1').unwrap();
        }
        assert_eq!(pin.push(b'1'), Err(PinTooLong));
        assert_eq!(pin.len(), CAPACITY);
        assert!(Pin::filled_by(CAPACITY + 1, |_| Ok(())).is_err());
        assert_eq!(Pin::filled_by(CAPACITY, |_| Ok(())).unwrap().len(), CAPACITY);
    }

    #[test]
    fn a_line_is_read_in_pieces_without_its_end_and_never_cut() {
        let of = |text: &'static [u8]| {
            let mut left = text;
            Pin::of_line(|room| {
                let length = room.len().min(left.len()).min(3);
                room[..length].copy_from_slice(&left[..length]);
                left = &left[length..];
                Ok(length)
            })
        };
        for text in [&b"right-horse"[..], b"right-horse\n", b"right-horse\r\n"] {
            assert!(of(text).unwrap().bytes() == b"right-horse");
        }
        assert!(of(b"").unwrap().is_empty() && of(b"\n").unwrap().is_empty());
        assert_eq!(of(&[b'1'; CAPACITY]).unwrap().len(), CAPACITY);
        assert!(of(&[b'1'; CAPACITY + 1]).is_err());
        assert!(Pin::of_line(|_| Err(io::ErrorKind::BrokenPipe.into())).is_err());
    }

    #[test]
    fn popped_and_cleared_bytes_are_overwritten() {
        let mut pin = Pin::filled_by(4, |page| {
            page.copy_from_slice(b"4711");
            Ok(())
        })
        .unwrap();
        pin.pop();
        assert!(pin.whole()[..4] == *b"471\0", "the popped byte is zero");
        pin.clear();
        assert!(pin.whole().iter().all(|byte| *byte == 0));
        assert!(pin.is_empty());
        pin.pop();
        assert!(pin.is_empty(), "popping nothing is no error");
    }

    #[test]
    fn the_page_is_locked_and_kept_out_of_dumps_and_forks() {
        let pin = Pin::filled_by(1, |page| {
            page[0] = b'1';
            Ok(())
        })
        .unwrap();
        let at = pin.page.as_ptr() as usize;
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let mut inside = false;
        let mut flags = None;
        for line in maps.lines() {
            if let Some((range, _)) = line.split_once(' ')
                && let Some((from, to)) = range.split_once('-')
                && let (Ok(from), Ok(to)) = (usize::from_str_radix(from, 16), usize::from_str_radix(to, 16))
            {
                inside = (from..to).contains(&at);
            } else if inside && let Some(found) = line.strip_prefix("VmFlags:") {
                flags = Some(found.to_owned());
            }
        }
        let flags = flags.expect("smaps has the PIN's page");
        for wanted in [" lo", " dd", " dc"] {
            assert!(flags.contains(wanted), "flag{wanted} is missing in{flags}");
        }
    }
}
