//! How far something long is, on standard error of a terminal only, and gone when it is done. It counts pieces; it asks no
//! clock, so it says nothing of what is short.

use super::screen::Screen;
use super::wording;

/// Fewer pieces than this are done before anybody wonders.
const FEW: usize = 200;

/// Something long.
pub struct Progress {
    what: &'static str,
    done: usize,
    of: usize,
    screen: Option<Screen<'static>>,
}

impl Progress {
    /// Begins; `of` is the number of pieces.
    #[must_use]
    pub fn of(what: &'static str, of: usize) -> Progress {
        let screen = if of < FEW { None } else { Screen::watched() };
        Progress { what, done: 0, of, screen }
    }

    /// One piece is done.
    pub fn step(&mut self) {
        self.done += 1;
        let tells = self.done.is_multiple_of((self.of / 20).max(1));
        if let (Some(screen), true) = (&mut self.screen, tells) {
            // Whoever closed the terminal does not want to be told.
            let _ = screen.line(&wording::progress(self.what, self.done as u64, self.of as u64));
        }
    }
}
