//! The transcript: what happened on one machine, one line a step, each bound to all before it (MODEL 15). It gives no
//! opinion on whether a step was legal; that is [`crate::state`]'s.

pub mod event;
