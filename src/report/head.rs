//! The head of a transcript as it goes onto paper.

use tuf_ceremony::digest::Digest;

use crate::operator::manner;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::ceremony as said;

/// A heading and its rule, two lines of groups, and eight of words.
const ROWS: usize = 12;

/// As [`whole_head`]; in one line for whoever is led, who sees it whole where she is to write it down.
///
/// # Errors
/// As [`Screen::line`].
pub fn head(screen: &mut Screen<'_>, lines: u64, head: Digest) -> Result<(), ScreenFault> {
    if manner::is_led() {
        return screen.line(&said::head_in_short(lines, &head.to_string()[..8]));
    }
    whole_head(screen, lines, head)
}

/// The heading and the digest, groups and words, on one page: it is copied onto paper.
///
/// # Errors
/// As [`Screen::line`].
pub fn whole_head(screen: &mut Screen<'_>, lines: u64, head: Digest) -> Result<(), ScreenFault> {
    screen.keep(ROWS)?;
    screen.heading(&said::head_after(lines))?;
    super::digest(screen, head)
}
