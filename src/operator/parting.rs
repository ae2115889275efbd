//! Whoever ends the program from elsewhere while a question stands (`kill`, a machine that shuts down) gets the terminal back as it
//! was: a shell that shows nothing of what is typed frightens people, and hides what they do next.
//!
//! Promises: the signal still ends the program, as it always did; no handler is set. It is held back in the thread that asks, and
//! a second thread, which lives as long as the question, puts the terminal back and then lets the signal through. A program that
//! was started to ignore the signal goes on with its question.
//!
//! Not done: what cannot be held back (`kill -9`), and the terminal's modes, which are the caller's.

use std::io::{self, PipeReader, PipeWriter};
use std::thread::{Builder, JoinHandle};

use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;

/// The signals are held back in this thread as long as this lives.
pub(super) struct Parting {
    before: SigSet,
    watch: Option<(PipeWriter, JoinHandle<()>)>,
}

impl Parting {
    /// From now on `restore` is done before a signal ends the program, and `again` where it does not end.
    pub(super) fn begin(
        restore: impl Fn() + Send + 'static,
        again: impl Fn() + Send + 'static,
    ) -> io::Result<Self> {
        let mut held = SigSet::empty();
        // Ctrl-C and Ctrl-\\ raise neither of the last two at a question: they come from elsewhere.
        for signal in [Signal::SIGTERM, Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT] {
            held.add(signal);
        }
        let raised = SignalFd::with_flags(&held, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?;
        let (over, end) = io::pipe()?;
        let before = held.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
        let mut parting = Self { before, watch: None };
        let watched = move || {
            while is_raised(&raised, &over) {
                restore();
                // In this thread alone: it ends the program here, unless the program was told to ignore it.
                let _ = held.thread_unblock();
                let _ = held.thread_block();
                again();
            }
        };
        let watcher = Builder::new().name("parting".to_owned()).spawn(watched)?;
        parting.watch = Some((end, watcher));
        Ok(parting)
    }

    /// Nothing is put back any more; the signals are still held back, so that the caller can do it.
    pub(super) fn end(&mut self) {
        if let Some((end, watcher)) = self.watch.take() {
            drop(end);
            let _ = watcher.join();
        }
    }
}

impl Drop for Parting {
    fn drop(&mut self) {
        self.end();
        // What was raised since ends the program now; the mask was valid when it was read.
        let _ = self.before.thread_set_mask();
    }
}

/// Waits for a signal; false when the question is over.
fn is_raised(raised: &SignalFd, over: &PipeReader) -> bool {
    loop {
        let mut waits = [PollFd::new(raised, PollFlags::IN), PollFd::new(over, PollFlags::IN)];
        match poll(&mut waits, None) {
            Err(Errno::INTR) => {}
            Err(_) => return false,
            Ok(_) => return waits[1].revents().is_empty(),
        }
    }
}
