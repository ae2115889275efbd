//! `tests/rehearsal.md`: the whole dialogue of a rotation, as one played it, and compared with what is played now. With
//! `UPDATE_REHEARSAL=1` it is written instead.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::mask::Mask;
use crate::player::{Step, fits};
use crate::room::{FOLDER, Room, today};

/// Where it stands.
const FILE: &str = "tests/rehearsal.md";

const INTRODUCTION: &str = "\
# A rotation, from the plan to the head on paper

This is everything that `conclave run` says and is answered in one small ceremony. Root 1 is signed by two of Anna, Bela and
Carla; Dora takes over from Bela. Olga, the officer, sits at the keyboard, and Wim watches. Anna, Bela and Dora are in the room.
It is the second act of the rehearsal, which `softhsm/rehearse` plays with throwaway tokens:

```
conclave run --plain --profile tokens/room.profile.toml --mirror play/second-root-2 \\
    --new play/room/root-2.plan.toml play/room/root-2
```

Read it before the day, or beside it. A line that begins with `>` was typed by a person. A PIN is never shown.
Where a page is full the screen waits with `[Enter for more]`; these pauses are left out here.
What differs from one ceremony to the next is masked: digests and key ids as `xxxxxxxx`, their words as `(four words)`.

The tests play it again each time and compare every line. After a change of what is said, run
`UPDATE_REHEARSAL=1 cargo test --test guided rotation`, and read what changed.
";

/// With this line each board begins, and with each board a part.
const BOARD: &str = "\nCeremony: \"Dora takes over from Bela\"\n";

/// Compares, or writes; `headings` are those of the parts.
pub fn compare(room: &Room, steps: &[Step], headings: &[&str]) {
    let (values, serials) = values(room);
    let dialogue = Mask::new((&today(), &in_words()), &values, &serials).over(&dialogue(steps));
    let parts: Vec<&str> = dialogue.split(BOARD).collect();
    assert_eq!(parts.len(), headings.len(), "each board has its heading:\n{dialogue}");
    let mut text = INTRODUCTION.to_owned();
    for (at, (part, heading)) in parts.iter().zip(headings).enumerate() {
        let board = if at == 0 { "" } else { BOARD.trim_start() };
        let part = part.trim_start_matches(if at == 0 { "\n" } else { "" });
        let _ = write!(text, "\n## {heading}\n\n```\n{board}{}\n```\n", part.trim_end());
    }
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os("UPDATE_REHEARSAL").is_some() {
        std::fs::write(place, text).unwrap();
        return;
    }
    let stands = std::fs::read_to_string(&place).unwrap_or_default();
    if let Some((number, (now, before))) =
        (1..).zip(text.lines().zip(stands.lines().chain(std::iter::repeat("")))).find(|(_, (a, b))| a != b)
    {
        panic!(
            "{FILE}, line {number}:\n  stands there: {before}\n  is said now:  {now}\nIf that was meant: \
             UPDATE_REHEARSAL=1 cargo test --test guided rotation\n{text}"
        );
    }
    assert_eq!(text.lines().count(), stands.lines().count(), "{FILE} has lines more than what is said now");
}

/// Pages, and what was typed under each.
fn dialogue(steps: &[Step]) -> String {
    let mut out = String::new();
    for step in steps {
        let (page, question) = step.page.rsplit_once('\n').unwrap_or(("", &step.page));
        let page =
            if page.is_empty() && !step.page.starts_with('\n') { String::new() } else { format!("{page}\n") };
        if fits("[Enter for more]: ", question) {
            out.push_str(&page);
            continue;
        }
        let typed = if step.typed.is_empty() { "(Enter)" } else { &step.typed };
        match question.trim_end() {
            "" => out.push_str(&page),
            question => {
                let _ = writeln!(out, "{page}{question}\n> {typed}");
            }
        }
    }
    out
}

/// Every value that the folder, its files, and the tokens name, and the serials of the tokens.
fn values(room: &Room) -> (Vec<String>, Vec<String>) {
    let folder = room.path(FOLDER);
    const TOKENS: usize = 0;
    let asked: [&[&str]; 5] = [
        &["tokens", "--json", "--profile", "tokens/room.profile.toml"],
        &["show", "--json", FOLDER],
        &["status", "--json", FOLDER],
        &["replay", "--json", FOLDER],
        &["show", "--json", "play/room/root-1"],
    ];
    let mut texts: Vec<String> = asked.iter().map(|words| room.run(*words).out).collect();
    let transcript = std::fs::read(folder.join("transcript.jsonl")).unwrap();
    // The head behind each line is the digest of all up to it, and each file is named by its own.
    let ends = (1..=transcript.len()).filter(|end| transcript[end - 1] == b'\n');
    texts.extend(ends.map(|end| digest(&transcript[..end])));
    for file in ["final/2.root.json", "plan/0.plan.toml"] {
        texts.push(digest(&std::fs::read(folder.join(file)).unwrap()));
    }
    texts.push(String::from_utf8(transcript).unwrap());
    let values = texts.iter().flat_map(|text| hex_in(text, 64)).collect();
    (values, hex_in(&texts[TOKENS], 16))
}

fn digest(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}

/// Runs of exactly so many hex digits.
fn hex_in(text: &str, length: usize) -> Vec<String> {
    let is_hex = |letter: char| matches!(letter, '0'..='9' | 'a'..='f');
    let runs = text.split(|letter| !is_hex(letter));
    runs.filter(|run| run.len() == length).map(str::to_owned).collect()
}

/// Today as a sentence has it: `27 November 2026`.
fn in_words() -> String {
    let done = Command::new("date").env("LC_ALL", "C").args(["--utc", "+%-d %B %Y"]).output().unwrap();
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}
