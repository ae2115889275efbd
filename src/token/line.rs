//! The line to the child: frames with a deadline over a socket pair, and the child's life and death.
//!
//! Promises: never waits past a deadline, whatever the child does; drains the child's standard error so that a
//! talkative module cannot block itself, and keeps only the first few kilobytes of it.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStderr, ExitStatus};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::process::{Pid, Signal};

use super::fault::{Call, Ending, TokenFault};
use super::frame::{HEADER, Header, Kind, Outgoing};
use super::message::Sealed;
use super::patience::Wait;

/// Most bytes kept of what the module prints.
const CHATTER_CAP: usize = 4096;

/// How often the child is looked at while nothing arrives: a grandchild that the module forked may hold the
/// socket open after the child died.
const SLICE: Duration = Duration::from_millis(100);

/// How long a child may take to disappear after it closed its socket or was killed.
const GRACE: Duration = Duration::from_secs(2);

/// Why a frame could not be sent or received.
enum Stop {
    Late,
    Gone,
    Nonsense(String),
}

impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        // Every error of a connected socket pair means that the other end is gone.
        Self::Gone
    }
}

/// The child and both ways to it.
pub(super) struct Line {
    socket: UnixStream,
    child: Child,
    stderr: Option<ChildStderr>,
    chatter: Vec<u8>,
    question: u32,
    over: bool,
    /// Whether its end was seen: its number may be another process's since.
    reaped: bool,
}

impl Line {
    pub(super) fn new(socket: UnixStream, mut child: Child) -> io::Result<Self> {
        let stderr = child.stderr.take();
        // Made before anything can fail, so that the child is killed then.
        let line =
            Self { socket, child, stderr, chatter: Vec::new(), question: 0, over: false, reaped: false };
        line.socket.set_nonblocking(true)?;
        if let Some(stderr) = &line.stderr {
            rustix::io::ioctl_fionbio(stderr, true)?;
        }
        Ok(line)
    }

    /// Sends `frames` as one question and returns the frame that answers it.
    pub(super) fn converse(
        &mut self,
        frames: &[Outgoing<'_>],
        wait: &mut Wait<'_>,
    ) -> Result<(Kind, Vec<u8>), TokenFault> {
        if self.over {
            // Nothing is sent, so this can cost neither a try nor a signature.
            return Err(TokenFault::HostFailed { reason: "the module's process has ended already".into() });
        }
        self.question += 1;
        let answer = self.send(frames, wait).and_then(|()| self.receive(wait));
        let call = wait.call();
        match answer {
            Ok(frame) => Ok(frame),
            Err(Stop::Late) => {
                self.end();
                let seconds = wait.seconds();
                Err(if call.leaves_a_trace() {
                    TokenFault::UnknownOutcome { during: call, seconds }
                } else {
                    TokenFault::ModuleHung { during: call, seconds }
                })
            }
            Err(Stop::Gone) => Err(match self.wait_for_end(GRACE) {
                Some(ending) => TokenFault::ModuleCrashed { during: call, ending },
                None => self.broken(call, "it closed the connection and stayed"),
            }),
            Err(Stop::Nonsense(what)) => Err(self.broken(call, &what)),
        }
    }

    /// Ends the conversation because the child does not keep to it.
    pub(super) fn broken(&mut self, during: Call, what: &str) -> TokenFault {
        self.end();
        TokenFault::Protocol { during, what: what.into() }
    }

    /// Waits for the child to end by itself; kills it and returns `None` when it does not.
    pub(super) fn wait_for_end(&mut self, patience: Duration) -> Option<Ending> {
        let until = Instant::now() + patience;
        // A child that ends at once is not waited for longer than it takes; one that does not is asked less and less often.
        let mut pause = Duration::from_micros(100);
        self.over = true;
        loop {
            self.hear_chatter();
            if let Some(status) = self.ended() {
                self.hear_chatter();
                return Some(ending(status));
            }
            if Instant::now() >= until {
                self.end();
                return None;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(5));
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    pub(super) fn process_id(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn chatter(&self) -> String {
        String::from_utf8_lossy(&self.chatter).into_owned()
    }

    fn send(&mut self, frames: &[Outgoing<'_>], wait: &mut Wait<'_>) -> Result<(), Stop> {
        for frame in frames {
            let header = frame.header(self.question).encode();
            let header = header.ok_or_else(|| Stop::Nonsense("our own question is too long".into()))?;
            match frame {
                Outgoing::Bytes(_, body) => {
                    self.write(&header, wait)?;
                    self.write(body, wait)?;
                }
                Outgoing::Message(file) => {
                    let sent = self.send_file(file, &header, wait)?;
                    self.write(&header[sent..], wait)?;
                }
            }
        }
        Ok(())
    }

    /// Sends the file with as much of the header as goes at once.
    fn send_file(&mut self, file: &Sealed, header: &[u8], wait: &mut Wait<'_>) -> Result<usize, Stop> {
        loop {
            match file.send_with(&self.socket, header) {
                Ok(0) => return Err(Stop::Gone),
                Ok(sent) => return Ok(sent),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.await_ready(PollFlags::OUT, wait)?
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn write(&mut self, mut bytes: &[u8], wait: &mut Wait<'_>) -> Result<(), Stop> {
        while !bytes.is_empty() {
            match (&self.socket).write(bytes) {
                Ok(0) => return Err(Stop::Gone),
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.await_ready(PollFlags::OUT, wait)?
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn receive(&mut self, wait: &mut Wait<'_>) -> Result<(Kind, Vec<u8>), Stop> {
        let mut header = [0; HEADER];
        self.read(&mut header, wait)?;
        let header = Header::decode(header).map_err(Stop::Nonsense)?;
        if header.question != self.question {
            return Err(Stop::Nonsense("an answer to another question".into()));
        }
        if !matches!(header.kind, Kind::Answer | Kind::Signature) {
            return Err(Stop::Nonsense("a frame that only this side sends".into()));
        }
        let mut body = vec![0; header.length];
        self.read(&mut body, wait)?;
        Ok((header.kind, body))
    }

    fn read(&mut self, mut place: &mut [u8], wait: &mut Wait<'_>) -> Result<(), Stop> {
        while !place.is_empty() {
            match (&self.socket).read(place) {
                Ok(0) => return Err(Stop::Gone),
                Ok(read) => place = &mut place[read..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.await_ready(PollFlags::IN, wait)?
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Returns when the socket can be used again.
    fn await_ready(&mut self, wanted: PollFlags, wait: &mut Wait<'_>) -> Result<(), Stop> {
        let mut ended = false;
        loop {
            let left = wait.left();
            // What came while the person was asked is still an answer.
            if left.is_zero() && !ended && !wait.goes_on() && !self.poll(wanted, Duration::ZERO)? {
                return Err(Stop::Late);
            }
            let slice = if ended { Duration::ZERO } else { left.min(SLICE) };
            if self.poll(wanted, slice)? {
                return Ok(());
            }
            if ended {
                return Err(Stop::Gone);
            }
            // One more look after the end, for what the child wrote just before it.
            ended = self.ended().is_some();
        }
    }

    fn poll(&mut self, wanted: PollFlags, wait: Duration) -> Result<bool, Stop> {
        let wait = Timespec {
            tv_sec: i64::try_from(wait.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: wait.subsec_nanos().into(),
        };
        let mut fds = vec![PollFd::new(&self.socket, wanted)];
        fds.extend(self.stderr.as_ref().map(|stderr| PollFd::new(stderr, PollFlags::IN)));
        match rustix::event::poll(&mut fds, Some(&wait)) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => return Ok(false),
            Err(error) => return Err(io::Error::from(error).into()),
        }
        let usable = !fds[0].revents().is_empty();
        let talked = fds.get(1).is_some_and(|fd| !fd.revents().is_empty());
        if talked {
            self.hear_chatter();
        }
        Ok(usable)
    }

    /// Reads what stands on the child's standard error, without waiting.
    fn hear_chatter(&mut self) {
        let Some(stderr) = &mut self.stderr else { return };
        let mut some = [0; 4096];
        // Bounded, so that a module that never stops talking cannot keep us here.
        for _ in 0..16 {
            match stderr.read(&mut some) {
                Ok(0) => {
                    self.stderr = None;
                    return;
                }
                Ok(read) => {
                    let room = CHATTER_CAP - self.chatter.len();
                    self.chatter.extend_from_slice(&some[..read.min(room)]);
                }
                Err(_) => return,
            }
        }
    }

    /// How the child ended, if it has. What it left behind is killed once, when that is seen first.
    fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().ok().flatten()?;
        if !self.reaped {
            self.reaped = true;
            self.end_those_left_behind();
        }
        Some(status)
    }

    /// Kills what the module started: the child is the first of a session of its own, and they share its group unless they left it
    /// on purpose. They hold our socket and what the module was told.
    fn end_those_left_behind(&self) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            // None is left in most cases, which is no failure.
            let _ = rustix::process::kill_process_group(group, Signal::KILL);
        }
    }

    /// Kills the child. One that the kernel cannot end (a driver stuck in the device) is left behind after
    /// [`GRACE`] rather than waited for without end.
    fn end(&mut self) {
        self.over = true;
        if !self.reaped {
            self.end_those_left_behind();
            let _ = self.child.kill();
        }
        let until = Instant::now() + GRACE;
        while !self.reaped && Instant::now() < until && self.ended().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        self.hear_chatter();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.end();
    }
}

fn ending(status: ExitStatus) -> Ending {
    status.signal().map_or_else(|| Ending::Exit(status.code().unwrap_or(-1)), Ending::Signal)
}
