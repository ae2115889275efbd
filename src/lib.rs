//! The rooms of the `conclave` binary, as a library so that the end-to-end tests reach the same doors.
//!
//! Nothing here is a public API: the engine that others may build on is `tuf-ceremony`.

pub mod operator;
pub mod pin;
pub mod token;
