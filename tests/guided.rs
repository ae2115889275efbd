//! The guided ceremony as people meet it: `conclave run` at a real pseudo-terminal, with throwaway tokens.
//!
//! A person is played by rules: which question gets which answer. A question without a rule stops the test with everything
//! that was on the screen.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the whole target is tests; a test stops at the first surprise"
)]
#[path = "guided/cards.rs"]
mod cards;
#[path = "guided/course.rs"]
mod course;
#[path = "guided/kinds.rs"]
mod kinds;
#[path = "guided/manner.rs"]
mod manner;
#[path = "guided/manual.rs"]
mod manual;
#[path = "guided/mask.rs"]
mod mask;
#[path = "guided/network.rs"]
mod network;
#[path = "guided/others.rs"]
mod others;
#[path = "guided/papers.rs"]
mod papers;
#[path = "guided/player.rs"]
mod player;
#[path = "guided/pty.rs"]
mod pty;
#[path = "guided/rarely.rs"]
mod rarely;
#[path = "guided/remote.rs"]
mod remote;
#[path = "guided/room.rs"]
mod room;
#[path = "guided/rotation.rs"]
mod rotation;
#[path = "guided/signals.rs"]
mod signals;
#[path = "guided/stops.rs"]
mod stops;
#[path = "guided/takeover.rs"]
mod takeover;
#[path = "guided/tokens.rs"]
mod tokens;
#[path = "guided/visits.rs"]
mod visits;
