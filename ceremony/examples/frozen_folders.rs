//! Writes the frozen folders of the current format:
//! `cargo run -p tuf-ceremony --example frozen_folders -- tests/frozen/format-1`. The same bytes every time: keys, salt, nonces
//! and clock are fixed and TEST ONLY. Run it once, before a format is released. Folders of a released format are never written
//! again: they are there to be replayed.

#![allow(clippy::unwrap_used, reason = "a tool for the people who write tests")]
#![allow(
    clippy::disallowed_methods,
    reason = "an example is no part of the engine, and this one writes files"
)]

#[path = "../tests/replaying/folder.rs"]
mod folder;
#[path = "../tests/mint/mint.rs"]
mod mint;
#[path = "../tests/replaying/stage.rs"]
mod stage;
#[path = "frozen_folders/stories.rs"]
mod stories;

use std::path::Path;

fn main() {
    let top = std::env::args_os().nth(1).expect("name the folder to write into");
    let top = Path::new(&top);
    for (path, bytes) in stories::files() {
        let path = top.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}
