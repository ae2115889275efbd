//! temp
pub mod facts;
use crate::operator::screen::{Screen, ScreenFault};
use tuf_ceremony::bundle::Part;
use tuf_ceremony::digest::Digest;
/// t
pub fn tallies(screen: &mut Screen<'_>, part: &Part) -> Result<(), ScreenFault> {
    for t in facts::TallyFacts::of(part) {
        screen.line(&format!("  {} {} of {}", t.side, t.valid, t.threshold))?;
    }
    Ok(())
}
/// t
pub fn review(screen: &mut Screen<'_>, part: &Part) -> Result<(), ScreenFault> {
    tallies(screen, part)
}
/// t
pub fn digest(screen: &mut Screen<'_>, d: Digest) -> Result<(), ScreenFault> {
    screen.line(&d.groups())
}
