//! The verbs of the binary, played from outside: files in, screens and exit codes out.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "cli/play.rs"]
mod play;
#[path = "cli/show.rs"]
mod show;
