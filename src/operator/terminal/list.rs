//! A list to pick from with the arrow keys, drawn and read by the crate dialoguer: the only file that knows it.
//!
//! Promises: nothing is marked at first, so that an Enter of habit picks nothing; whatever happens, the cursor is shown again;
//! Ctrl-C ends the question and not the process. For that dialoguer raises SIGINT, which is held back in this thread as long as
//! the list stands, and taken: no handler is set, and a Ctrl-C anywhere else does what it always did (decision 12).
//!
//! Not done: the terminal's modes, which the caller has set ([`super`]), and what is too long for the screen.

use std::fmt;
use std::io::{self, ErrorKind};

use dialoguer::Select;
use dialoguer::console::Term;
use dialoguer::theme::Theme;
use nix::sys::signal::{SigSet, SigmaskHow, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use super::super::OperatorFault;
use super::super::screen::{BOLD, ORDINARY};
use super::super::wrapped::wrapped;

/// What stands before the choice that Enter picks, and before the others.
const MARKED: &str = "> ";
const UNMARKED: &str = "  ";

/// A question and its choices in rows, which have passed the sanitiser.
pub(super) struct List {
    question: String,
    items: Vec<String>,
    bold: bool,
}

impl List {
    /// Breaks them for a screen so wide.
    pub(super) fn of(question: &str, how: &str, choices: &[String], columns: usize, bold: bool) -> List {
        let rows = |text: &str, next: &str, width| wrapped(text, "", next, width).join("\n");
        // One column stays free: a full row would wrap on some terminals and not on others.
        let width = columns.saturating_sub(1);
        let inside = width.saturating_sub(MARKED.len());
        List {
            question: format!("{}\n{}", rows(question, "", width), rows(how, "", width)),
            items: choices.iter().map(|choice| rows(choice, "    ", inside)).collect(),
            bold,
        }
    }

    /// Rows that it takes.
    pub(super) fn rows(&self) -> usize {
        self.question.lines().count() + self.items.iter().map(|item| item.lines().count()).sum::<usize>()
    }

    /// The place of what was picked; none where the person left the list with Esc or q.
    pub(super) fn ask(&self) -> Result<Option<usize>, OperatorFault> {
        let term = Term::stdout();
        let interrupt = HeldInterrupt::begin().map_err(OperatorFault::Failed)?;
        let cursor = Cursor(&term);
        let picked = Select::with_theme(self)
            .with_prompt(&self.question)
            .items(&self.items)
            .report(false)
            .interact_on_opt(&term);
        drop(cursor);
        if interrupt.take().map_err(OperatorFault::Failed)? {
            return Err(OperatorFault::Stopped);
        }
        picked.map_err(|error| fault(error.into()))
    }
}

/// A terminal that went away has no more keys, and is none any more.
fn fault(error: io::Error) -> OperatorFault {
    match error.kind() {
        ErrorKind::Interrupted | ErrorKind::UnexpectedEof => OperatorFault::Stopped,
        _ => super::fault(error),
    }
}

impl Theme for List {
    fn format_select_prompt(&self, f: &mut dyn fmt::Write, prompt: &str) -> fmt::Result {
        f.write_str(prompt)
    }

    fn format_select_prompt_item(&self, f: &mut dyn fmt::Write, text: &str, active: bool) -> fmt::Result {
        match (active, self.bold) {
            (true, true) => write!(f, "{BOLD}{MARKED}{text}{ORDINARY}"),
            (true, false) => write!(f, "{MARKED}{text}"),
            (false, _) => write!(f, "{UNMARKED}{text}"),
        }
    }
}

/// Shows the cursor again, where a list is left without its end.
pub(super) fn show_cursor() {
    // A terminal that is gone has none.
    let _ = Term::stdout().show_cursor();
}

/// Shows the cursor, which dialoguer hides and leaves hidden where it fails.
struct Cursor<'a>(&'a Term);

impl Drop for Cursor<'_> {
    fn drop(&mut self) {
        // A terminal that is gone has none.
        let _ = self.0.show_cursor();
    }
}

/// SIGINT is held back in this thread as long as this lives.
struct HeldInterrupt {
    before: SigSet,
    raised: SignalFd,
}

impl HeldInterrupt {
    fn begin() -> io::Result<Self> {
        let mut interrupt = SigSet::empty();
        interrupt.add(Signal::SIGINT);
        let raised = SignalFd::with_flags(&interrupt, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?;
        Ok(Self { before: interrupt.thread_swap_mask(SigmaskHow::SIG_BLOCK)?, raised })
    }

    /// Whether it was raised; taken, it does nothing when it is let through again.
    fn take(&self) -> io::Result<bool> {
        Ok(self.raised.read_signal()?.is_some())
    }
}

impl Drop for HeldInterrupt {
    fn drop(&mut self) {
        // What was raised since is for whoever waits outside; the mask was valid when it was read.
        let _ = self.before.thread_set_mask();
    }
}
