//! The binary as people and scripts meet it: every verb end to end, on real files, real tokens and a real terminal.
//!
//! What the engine decides is proven in `ceremony/tests`; here it is only asked whether the public door says the same.
//! Nothing skips: a missing vector, token module or peer fails and says what to install.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the whole target is tests; a test stops at the first surprise"
)]

#[path = "cli/collect.rs"]
mod collect;
#[path = "cli/events.rs"]
mod events;
#[path = "cli/refusal.rs"]
mod refusal;
#[path = "cli/stage.rs"]
mod stage;
#[path = "cli/verify.rs"]
mod verify;
#[path = "cli/verify_signature.rs"]
mod verify_signature;
