//! Transcripts: every vector, how a line is spelled, that the chain binds, and that the page says so.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

#[path = "transcript/chain.rs"]
mod chain;
#[path = "transcript/samples.rs"]
mod samples;
#[path = "transcript/spec.rs"]
mod spec;
#[path = "transcript/spelling.rs"]
mod spelling;
#[path = "transcript/vectors.rs"]
mod vectors;
