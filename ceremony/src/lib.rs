//! The engine of conclave: bytes in, bytes out. It reads TUF metadata losslessly, judges signatures, counts
//! thresholds in one place, and merges partial signatures. It touches no disk, network, clock, environment,
//! terminal, random source or token.
//!
//! Rooms, each seeing only those before it: [`limits`], [`digest`], [`time`], [`document`], [`canonical`].

pub mod canonical;
pub mod digest;
pub mod document;
pub mod limits;
pub mod time;
