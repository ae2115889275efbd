//! Receiving: drafts made anew, the way from the reader's own root, and what a file brings to a machine.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "receive/arriving.rs"]
mod arriving;
#[path = "mint/ceremony.rs"]
mod ceremony;
#[path = "mint/mint.rs"]
mod mint;
#[path = "receive/walking.rs"]
mod walking;
