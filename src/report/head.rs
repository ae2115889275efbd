//! The head of a transcript as it goes onto paper.

use tuf_ceremony::digest::Digest;

use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::ceremony as said;

/// The heading and the digest, groups and words.
///
/// # Errors
/// As [`Screen::line`].
pub fn head(screen: &mut Screen<'_>, lines: u64, head: Digest) -> Result<(), ScreenFault> {
    screen.heading(&said::head_after(lines))?;
    super::digest(screen, head)
}
