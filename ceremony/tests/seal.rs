//! Drafts as a function of plan, predecessors and delta, and what the rules say of a whole ceremony.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "seal/drafts.rs"]
mod drafts;
#[path = "seal/foreign.rs"]
mod foreign;
#[path = "seal/house.rs"]
mod house;
#[path = "seal/judged.rs"]
mod judged;
#[path = "seal/kinds.rs"]
mod kinds;
#[path = "mint/mint.rs"]
mod mint;
#[path = "seal/refused.rs"]
mod refused;
#[path = "seal/stage.rs"]
mod stage;
