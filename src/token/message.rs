//! A message on its way to the child: a memory file that nobody can change any more, handed over with the question. A payload
//! of 300 MB so never stands in a frame, and in the child it is looked at where it lies.
//!
//! Promises: the child reads exactly the bytes that were sealed, as many as were said. Nothing of it touches a disk.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::ops::Deref;
use std::os::fd::{AsFd, OwnedFd};
use std::ptr::{self, NonNull};

use rustix::cmsg_space;
use rustix::fs::{MemfdFlags, SealFlags};
use rustix::mm::{MapFlags, ProtFlags};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags,
};
use tuf_ceremony::key::Message;
use tuf_ceremony::signable::Signable;

use super::fault::TokenFault;

/// What makes a file one that nobody can change any more.
const SEALS: SealFlags =
    SealFlags::WRITE.union(SealFlags::GROW).union(SealFlags::SHRINK).union(SealFlags::SEAL);

/// A message in a sealed memory file, on the parent's side.
pub(super) struct Sealed {
    file: OwnedFd,
    length: usize,
}

impl Sealed {
    /// Writes out what is to be signed, piece by piece, if it has at most `cap` bytes.
    pub(super) fn of(signable: &Signable<'_>, cap: usize) -> Result<Self, TokenFault> {
        let length = within(signable.length(), cap)?;
        Self::filled(signable, length).map_err(|error| TokenFault::HostFailed { reason: error.to_string() })
    }

    fn filled(signable: &Signable<'_>, length: usize) -> io::Result<Self> {
        let file = rustix::fs::memfd_create("message", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
        let (mut written, mut failed) = (0, None);
        signable.feed(&mut |piece| {
            if failed.is_none() {
                failed = write_all(&file, piece).err();
                written += piece.len();
            }
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if written != length {
            return Err(io::Error::other("the message is longer or shorter than it said"));
        }
        rustix::fs::fcntl_add_seals(&file, SEALS)?;
        Ok(Self { file, length })
    }

    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Sends `header` with the file, and says how many bytes of the header went.
    pub(super) fn send_with(&self, socket: impl AsFd, header: &[u8]) -> io::Result<usize> {
        let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
        let mut rights = SendAncillaryBuffer::new(&mut space);
        let files = [self.file.as_fd()];
        assert!(rights.push(SendAncillaryMessage::ScmRights(&files)), "there is room for one file");
        Ok(rustix::net::sendmsg(socket, &[IoSlice::new(header)], &mut rights, SendFlags::NOSIGNAL)?)
    }
}

/// Receives bytes of a header, and the file that came with them if one did.
pub(super) fn receive_with(socket: impl AsFd, header: &mut [u8]) -> io::Result<(usize, Option<OwnedFd>)> {
    let mut space = [MaybeUninit::uninit(); cmsg_space!(ScmRights(1))];
    let mut rights = RecvAncillaryBuffer::new(&mut space);
    let got =
        rustix::net::recvmsg(socket, &mut [IoSliceMut::new(header)], &mut rights, RecvFlags::CMSG_CLOEXEC)?;
    let file = rights.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut files) => files.next(),
        _ => None,
    });
    Ok((got.bytes, file))
}

/// A message on the child's side, looked at where it lies.
pub(super) struct Mapped {
    start: NonNull<u8>,
    length: usize,
}

impl Mapped {
    /// Looks at a sealed file of exactly `length` bytes.
    pub(super) fn of(file: &OwnedFd, length: usize) -> io::Result<Self> {
        let odd = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let size = rustix::fs::fstat(file)?.st_size;
        if usize::try_from(size) != Ok(length) || length == 0 {
            return Err(odd("the message has another length than was said"));
        }
        if !rustix::fs::fcntl_get_seals(file)?.contains(SEALS) {
            return Err(odd("the message could still be changed"));
        }
        // SAFETY: a private mapping at an address that the kernel chooses touches no existing memory; the seals keep the
        // file as long and as it is, so the mapping stays readable and unchanged.
        let page = unsafe {
            rustix::mm::mmap(ptr::null_mut(), length, ProtFlags::READ, MapFlags::PRIVATE, file, 0)?
        };
        let start = NonNull::new(page.cast()).ok_or_else(|| odd("the message was mapped at address zero"))?;
        Ok(Self { start, length })
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the mapping has `length` readable bytes that nothing changes, and lives as long as this value.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        // SAFETY: it is this value's own mapping, and no borrow of it outlives the value. Should it fail, the process ends
        // soon and takes it along.
        let _ = unsafe { rustix::mm::munmap(self.start.as_ptr().cast(), self.length) };
    }
}

fn within(length: u64, cap: usize) -> Result<usize, TokenFault> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > cap { Err(TokenFault::MessageTooLong { length, max: cap }) } else { Ok(length) }
}

fn write_all(file: &OwnedFd, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(file, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = &bytes[written..],
            Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use tuf_ceremony::close::Close;
    use tuf_ceremony::digest::Digest;

    use super::*;

    fn file(bytes: &[u8], seals: SealFlags) -> OwnedFd {
        let file = rustix::fs::memfd_create("t", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING).unwrap();
        write_all(&file, bytes).unwrap();
        rustix::fs::fcntl_add_seals(&file, seals).unwrap();
        file
    }

    #[test]
    fn a_message_at_the_cap_is_taken_and_one_past_it_is_not() {
        assert_eq!(within(9, 9), Ok(9));
        assert_eq!(within(10, 9), Err(TokenFault::MessageTooLong { length: 10, max: 9 }));
        assert!(within(u64::MAX, 9).is_err());
    }

    #[test]
    fn only_a_sealed_file_of_the_length_that_was_said_is_looked_at() {
        let good = file(b"four", SEALS);
        assert_eq!(&*Mapped::of(&good, 4).unwrap(), b"four");
        assert!(Mapped::of(&good, 3).is_err() && Mapped::of(&good, 5).is_err());
        assert!(Mapped::of(&file(b"", SEALS), 0).is_err());
        assert!(Mapped::of(&file(b"four", SealFlags::GROW), 4).is_err(), "it could be written yet");
        assert!(rustix::io::write(&good, b"x").is_err(), "nobody can change it any more");
    }

    #[test]
    fn a_message_travels_with_its_header_and_comes_out_the_same() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let close = Close::of(Digest::of(b"ceremony"), Digest::of(b"machine"), Digest::of(b"head"), false);
        let signable = Signable::close(&close);
        let sealed = Sealed::of(&signable, 1 << 20).unwrap();
        assert_eq!(sealed.send_with(&ours, b"header").unwrap(), 6);
        let mut header = [0; 6];
        let (got, file) = receive_with(&theirs, &mut header).unwrap();
        assert_eq!((got, &header), (6, b"header"));
        assert_eq!(*Mapped::of(&file.unwrap(), sealed.length()).unwrap(), *signable.message());
    }
}
