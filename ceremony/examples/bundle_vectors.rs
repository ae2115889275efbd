//! Writes the vectors of the bundle format: `cargo run -p tuf-ceremony --example bundle_vectors -- tests/vectors/bundle`.
//! The same bytes every time. What each must give is written here by hand and never asked of the engine; only the
//! accepted ones are made by it. Run it when a vector is added; those of a released format never change.

#![allow(clippy::unwrap_used, reason = "a tool for the people who write tests")]
#![allow(
    clippy::disallowed_methods,
    reason = "an example is no part of the engine, and this one writes files"
)]

#[path = "../tests/mint/by_hand.rs"]
mod by_hand;
#[path = "bundle_vectors/ceremonies.rs"]
mod ceremonies;
#[path = "../tests/mint/ceremony.rs"]
mod ceremony;
#[path = "bundle_vectors/hand.rs"]
mod hand;
#[path = "../tests/mint/mint.rs"]
mod mint;
#[path = "bundle_vectors/refused.rs"]
mod refused;
#[path = "bundle_vectors/scene.rs"]
mod scene;
#[path = "bundle_vectors/signatures.rs"]
mod signatures;

use std::path::Path;

use tuf_ceremony::layout::Plain;

/// One file and what reading it must give.
#[derive(Clone)]
pub struct Vector {
    /// The file, without its ending.
    pub name: &'static str,
    /// Its text.
    pub text: String,
    /// Empty for an accepted one.
    pub layer: &'static str,
    /// What is special about it.
    pub what: &'static str,
    /// Words of the refusal.
    pub refusal: &'static str,
}

fn main() {
    let folder = std::env::args_os().nth(1).expect("name the folder to write into");
    let folder = Path::new(&folder);
    let mut vectors = scene::accepted();
    vectors.extend(ceremonies::accepted());
    vectors.extend(refused::all());
    vectors.extend(ceremonies::refused());
    let row = |v: &Vector| {
        Plain::object([
            ("expect", Plain::text(if v.layer.is_empty() { "accept" } else { "refuse" })),
            ("file", Plain::text(format!("{}.bundle.json", v.name))),
            ("layer", Plain::text(v.layer)),
            ("refusal", Plain::text(v.refusal)),
            ("what", Plain::text(v.what)),
        ])
    };
    let index = Plain::object([
        ("count", Plain::Number(vectors.len() as u64)),
        ("vectors", Plain::List(vectors.iter().map(row).collect())),
    ]);
    std::fs::write(folder.join("vectors.json"), index.written() + "\n").unwrap();
    for vector in &vectors {
        std::fs::write(folder.join(format!("{}.bundle.json", vector.name)), &vector.text).unwrap();
    }
    for (name, text) in scene::beside() {
        std::fs::write(folder.join(name), text).unwrap();
    }
}
