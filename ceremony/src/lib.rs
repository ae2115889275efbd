//! The engine of conclave: bytes in, bytes out. It reads TUF metadata losslessly, judges signatures, counts
//! thresholds in one place, and merges partial signatures. It touches no disk, network, clock, environment,
//! terminal, random source or token.

pub mod words;
