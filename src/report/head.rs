//! The head of a transcript as it goes onto paper.

use tuf_ceremony::digest::Digest;

use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::ceremony as said;

/// A heading and its rule, two lines of groups, and eight of words.
const ROWS: usize = 12;

/// The heading and the digest, groups and words, on one page: it is copied onto paper.
///
/// # Errors
/// As [`Screen::line`].
pub fn head(screen: &mut Screen<'_>, lines: u64, head: Digest) -> Result<(), ScreenFault> {
    screen.keep(ROWS)?;
    screen.heading(&said::head_after(lines))?;
    super::digest(screen, head)
}
