//! The token host against real modules: SoftHSM2, kryoptic, things that are no modules, and a module that misbehaves.
//!
//! Each test has a token folder of its own, because SoftHSM2 races when two processes open one store. A machine
//! without SoftHSM2 or kryoptic fails these tests and says what to install or build.

#![expect(
    clippy::unwrap_used,
    reason = "the whole target is tests; clippy.toml frees only the test functions"
)]

mod again;
mod codes;
mod crimes;
mod drivers;
mod faulty;
mod fence;
mod identity;
mod kryoptic;
mod lengths;
mod lies;
mod schemes;
mod softhsm;
mod stage;
mod waiting;
