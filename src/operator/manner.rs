//! How this process writes for people, as its command line said: whether without style and cursor movements (`--plain`, for
//! screen readers and the barest consoles), and whether in printable ASCII alone (`--ascii`, for consoles that show other
//! letters wrong). Said once, before anything is written; a verb that another verb types needs not say it again.
//!
//! It binds what goes to a terminal or in its place (`screen`, the questions of `terminal`). What is kept, results for scripts
//! and exact bytes for programs are the same in every manner.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};

use super::clean::{visible, visible_in_ascii};

static PLAIN: AtomicBool = AtomicBool::new(false);
static ASCII: AtomicBool = AtomicBool::new(false);
static LED: AtomicBool = AtomicBool::new(false);

/// From now on so; what was asked for once is not taken back.
pub fn begin(plain: bool, ascii: bool) {
    PLAIN.fetch_or(plain, Ordering::Relaxed);
    ASCII.fetch_or(ascii, Ordering::Relaxed);
}

/// From now on somebody is led from step to step: what each step says of the head is said in short, and whole where it is to be
/// written down.
pub fn lead() {
    LED.store(true, Ordering::Relaxed);
}

/// Whether somebody is led.
#[must_use]
pub fn is_led() -> bool {
    LED.load(Ordering::Relaxed)
}

/// Whether nothing but lines may be written.
#[must_use]
pub fn is_plain() -> bool {
    PLAIN.load(Ordering::Relaxed)
}

/// Whether nothing but printable ASCII may be written.
#[must_use]
pub fn is_ascii() -> bool {
    ASCII.load(Ordering::Relaxed)
}

/// Text of whatever origin, as this terminal may get it.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    if is_ascii() { visible_in_ascii(text) } else { visible(text) }
}
