//! PIV cards through the token host, the real pcscd and a virtual card: one test for each way in which the crate `yubikey`, a
//! card or a reader could cost a try, a signature or the truth.
//!
//! A machine without pcscd and vpcd fails these tests and says what to install.

#![expect(
    clippy::unwrap_used,
    reason = "the whole target is tests; clippy.toml frees only the test functions"
)]

mod attesting;
mod changing;
mod codes;
mod each_time;
mod guards;
mod homes;
mod leads;
mod listing;
mod making;
mod modules;
mod opening;
mod preparing;
mod screens;
mod signing;
mod stage;
mod talk;
mod trouble;
mod unblocking;
mod verbs;
