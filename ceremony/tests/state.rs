//! What may happen, and what may not: every way in which a step is illegal has its sentence here.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "state/crossing.rs"]
mod crossing;
#[path = "state/ending.rs"]
mod ending;
#[path = "mint/mint.rs"]
mod mint;
#[path = "state/opening.rs"]
mod opening;
#[path = "state/outlook.rs"]
mod outlook;
#[path = "state/people.rs"]
mod people;
#[path = "state/places.rs"]
mod places;
#[path = "state/replanning.rs"]
mod replanning;
#[path = "state/rotating.rs"]
mod rotating;
#[path = "transcript/samples.rs"]
mod samples;
#[path = "state/scene.rs"]
mod scene;
#[path = "state/signing.rs"]
mod signing;
#[path = "state/travelling.rs"]
mod travelling;
