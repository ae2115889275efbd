//! Replay: that it equals what happened, and what it notices.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "replaying/chance.rs"]
mod chance;
#[path = "replaying/folder.rs"]
mod folder;
#[path = "replaying/machines.rs"]
mod machines;
#[path = "mint/mint.rs"]
mod mint;
#[path = "replaying/mutations.rs"]
mod mutations;
#[path = "replaying/stage.rs"]
mod stage;
#[path = "replaying/verdicts.rs"]
mod verdicts;
