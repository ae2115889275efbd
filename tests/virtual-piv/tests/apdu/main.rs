//! The card, command by command, without a reader.
#![expect(clippy::unwrap_used, reason = "a test stops by panicking")]

mod client;
mod keys;
mod lies;
mod pins;
