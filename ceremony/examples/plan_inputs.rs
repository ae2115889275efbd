//! Writes the files that the example plans name: `cargo run -p tuf-ceremony --example plan_inputs -- docs/plans/inputs`.
//! TEST ONLY keys from fixed seeds; the same bytes every time, which a test compares. A changed file needs its new SHA-256
//! in the plans.

#![allow(clippy::unwrap_used, reason = "a tool for the people who write tests")]
#![allow(
    clippy::disallowed_methods,
    reason = "an example is no part of the engine, and this one writes files"
)]

#[path = "../tests/mint/mint.rs"]
mod mint;
#[path = "plan_inputs/scene.rs"]
mod scene;

use std::path::Path;

fn main() {
    let folder = std::env::args_os().nth(1).expect("name the folder to write into");
    for (name, text) in scene::files() {
        std::fs::write(Path::new(&folder).join(name), text).unwrap();
    }
}
