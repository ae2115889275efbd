//! Where each file of a ceremony's folder lies (MODEL 12). One place says the names, so that what is written, what an
//! event may bind and what a replay expects agree. All are lower-case ASCII but for the names of final files, which are
//! TUF's; none leaves the folder.

use crate::digest::Digest;

/// The chain of what happened.
pub const TRANSCRIPT: &str = "transcript.jsonl";
/// Held by whoever works in the folder; the only file that no event binds.
pub const LOCK: &str = "lock";

/// The first 16 hex digits: enough to tell files of one folder apart, short enough for FAT.
fn short(sha256: Digest) -> String {
    sha256.to_string()[..16].to_owned()
}

/// The plan of a generation.
#[must_use]
pub fn plan(generation: u64) -> String {
    format!("plan/{generation}.plan.toml")
}

/// A document that the plan builds on.
#[must_use]
pub fn input(sha256: Digest) -> String {
    format!("inputs/{}.json", short(sha256))
}

/// What is added to targets.
#[must_use]
pub fn delta(sha256: Digest) -> String {
    format!("inputs/{}.delta.json", short(sha256))
}

/// The key card of one of the plan's keys.
#[must_use]
pub fn card(key: &str, generation: u64) -> String {
    format!("cards/{key}.{generation}.json")
}

/// The public half of one of the plan's keys, without a card.
#[must_use]
pub fn public(key: &str, generation: u64) -> String {
    format!("cards/{key}.{generation}.pem")
}

/// A sealed draft.
#[must_use]
pub fn draft(generation: u64, letter: &str) -> String {
    format!("drafts/{generation}-{}.json", letter.to_ascii_lowercase())
}

/// A final file, under the name that clients ask for (TUF 6.2.1).
#[must_use]
pub fn final_file(name: &str) -> String {
    format!("final/{name}")
}

/// A bundle or foreign file, kept whole; `line` is the line of the transcript that tells of it.
#[must_use]
pub fn import(line: u64, sha256: Digest) -> String {
    format!("imports/{line}-{}.json", short(sha256))
}

/// The text that a person saw.
#[must_use]
pub fn shown(sha256: Digest) -> String {
    format!("shown/{}.txt", short(sha256))
}

/// A line of the transcript that a crash cut off.
#[must_use]
pub fn torn(sha256: Digest) -> String {
    format!("aside/{}.torn", short(sha256))
}

/// A whole file that no event explains: the rest of a step that was cut off before its line. It makes room for the step's
/// second try.
#[must_use]
pub fn left(sha256: Digest) -> String {
    format!("aside/{}.left", short(sha256))
}

/// The folders of a ceremony's folder.
pub const ROOMS: [&str; 8] = ["aside", "cards", "drafts", "final", "imports", "inputs", "plan", "shown"];

/// Whether a path stays inside the folder and can be shown: parts of printable ASCII, none empty, `.` or `..`.
#[must_use]
pub fn stays_inside(path: &str) -> bool {
    let printable = path.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    printable && !path.contains(['\\', ':']) && path.split('/').all(|part| !["", ".", ".."].contains(&part))
}

/// Whether an event may name a file by this path: inside the folder, neither hidden nor one of the two files that no event
/// binds.
#[must_use]
pub fn can_be_named(path: &str) -> bool {
    let hidden = path.split('/').any(|part| part.starts_with('.'));
    stays_inside(path) && !hidden && ![TRANSCRIPT, LOCK].contains(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_inside_the_folder_and_fit_for_fat() {
        let sha256 = Digest::of(b"abc");
        let name = "a".repeat(40);
        let places = [
            plan(12),
            input(sha256),
            delta(sha256),
            card(&name, 12),
            public(&name, 12),
            draft(12, "AB"),
            final_file("12.root.json"),
            import(123_456, sha256),
            shown(sha256),
            torn(sha256),
            left(sha256),
            TRANSCRIPT.to_owned(),
            LOCK.to_owned(),
        ];
        for place in places {
            let last = place.rsplit('/').next().unwrap();
            assert!(place.split_once('/').is_none_or(|(room, _)| ROOMS.contains(&room)), "{place}");
            assert!(stays_inside(&place) && last.len() <= 64 && place == place.to_lowercase(), "{place}");
        }
    }

    #[test]
    fn a_path_that_leaves_the_folder_or_hides_something_is_told() {
        for path in
            ["", "/etc/passwd", "a//b", "../a", "a/../b", "a/.", "a\\b", "c:a", "a\u{1b}[2Jb", "ä", "a/"]
        {
            assert!(!stays_inside(path) && !can_be_named(path), "{path:?}");
        }
    }

    #[test]
    fn an_event_names_no_hidden_file_nor_the_transcript_or_the_lock() {
        for path in [".conclave-1-2", "aside/.left", TRANSCRIPT, LOCK] {
            assert!(stays_inside(path) && !can_be_named(path), "{path:?}");
        }
        assert!(can_be_named("final/3.a role.json") && can_be_named("aside/transcript.jsonl"));
    }
}
