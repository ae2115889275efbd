//! What is on screen while a ceremony is guided, word by word: from the lines of ceremonies alone.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "board/afterwards.rs"]
mod afterwards;
#[path = "board/collecting.rs"]
mod collecting;
#[path = "board/ending.rs"]
mod ending;
#[path = "board/kinds.rs"]
mod kinds;
#[path = "board/lacking.rs"]
mod lacking;
#[path = "board/large.rs"]
mod large;
#[path = "../ceremony/tests/mint/mint.rs"]
mod mint;
#[path = "board/stage.rs"]
mod stage;
