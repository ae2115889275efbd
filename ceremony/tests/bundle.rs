//! Bundles: every vector, what merging promises, what travels beside, and what a signature counts for.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "bundle/beside.rs"]
mod beside;
#[path = "bundle/ceremonies.rs"]
mod ceremonies;
#[path = "mint/ceremony.rs"]
mod ceremony;
#[path = "bundle/counting.rs"]
mod counting;
#[path = "bundle/merging.rs"]
mod merging;
#[path = "mint/mint.rs"]
mod mint;
#[path = "bundle/spec.rs"]
mod spec;
#[path = "bundle/vectors.rs"]
mod vectors;
