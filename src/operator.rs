//! The rooms that face people: the sanitiser, the screen, JSON and exact bytes for programs,
//! and the sentences.
//!
//! What a person is shown goes through [`screen`]; what others wrote goes through [`clean`] first. Nothing here
//! knows tokens, files or metadata.

pub mod bytes;
pub mod clean;
pub mod json;
pub mod screen;
pub mod wording;
