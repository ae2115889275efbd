//! Turns what the engine found into lines for people and into typed results for scripts: what a document says, what
//! changed, who signed, what is odd, and a digest to compare. `show` and `sign` print the same pages.
//!
//! Promises: one fact a line, 80 columns (only ids, digests and the texts of others are never broken), the dangerous
//! first, long lists cut with an honest count. Pure: it reads nothing, judges nothing and counts nothing; thresholds are
//! the engine's. Whatever others wrote passes `operator::clean` here, and again on the screen.

pub mod afterwards;
pub mod attested;
pub mod board;
pub mod card;
pub mod changes;
pub mod clients;
pub mod columns;
pub mod comparison;
pub mod digest;
pub mod document;
pub mod evidence;
pub mod facts;
pub mod findings;
pub mod guidance;
pub mod head;
pub mod judgement;
pub mod keys;
pub mod moves;
pub mod names;
pub mod notes;
pub mod replay;
pub mod review;
pub mod sheet;
pub mod standing;
pub mod tallies;
pub mod tokens;
pub mod trouble;

pub use afterwards::{by_phone, publication};
pub use board::board;
pub use changes::{Dangers, changes, danger, role_name};
pub use clients::{clients, shut_out};
pub use comparison::Comparison;
pub use digest::{digest, fingerprint};
pub use document::document;
pub use findings::findings;
pub use guidance::guidance;
pub use head::{head, whole_head};
pub use judgement::{judgement, titled};
pub use names::Names;
pub use notes::notes;
pub use review::Review;
pub use sheet::{Sheet, review, review_here};
pub use standing::Standing;
pub use tallies::tallies;

/// How many items of a long list are shown where nobody asked for all.
pub const SHOWN: usize = 20;

/// Characters of a name that others chose, on one line.
pub const NAME: usize = 60;

/// Characters of a clause of the engine that may quote a document.
pub const CLAUSE: usize = 300;

/// The letter of a draft, on screen and on paper: A to Z, then AA and on. `place` counts from 0.
#[must_use]
pub fn letter(place: usize) -> String {
    let last = char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place % 26]);
    match place / 26 {
        0 => last.to_string(),
        more => letter(more - 1) + &last.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn drafts_are_lettered_on_past_z() {
        assert_eq!([0, 1, 25, 26, 51, 52].map(letter), ["A", "B", "Z", "AA", "AZ", "BA"]);
    }
}
