//! What is offered at every line of two whole ceremonies that are kept for ever, line by line as they came to be.

use std::path::Path;

use super::*;
use crate::desk::table::Glance;

/// An act in a word.
fn word(act: &Act) -> String {
    match act {
        Act::Key(key) => format!("key:{key}"),
        Act::Sign(who) => format!("sign:{who}"),
        Act::Countersign(who) => format!("countersign:{who}"),
        other => format!("{other:?}").to_lowercase(),
    }
}

/// What is offered after each of its lines, where that changes: the first such line, and the acts.
fn course(ceremony: &str) -> Vec<(usize, String)> {
    let frozen = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/format-1").join(ceremony);
    let text = std::fs::read_to_string(frozen.join("transcript.jsonl")).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let folder = tempfile::tempdir().unwrap();
    for kind in std::fs::read_dir(&frozen).unwrap().map(|entry| entry.unwrap()) {
        if kind.path().is_dir() {
            let to = folder.path().join(kind.file_name());
            std::fs::create_dir(&to).unwrap();
            for file in std::fs::read_dir(kind.path()).unwrap().map(|entry| entry.unwrap()) {
                std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
            }
        }
    }
    let mut course: Vec<(usize, String)> = Vec::new();
    for count in 1..=lines.len() {
        std::fs::write(folder.path().join("transcript.jsonl"), lines[..count].concat()).unwrap();
        let glance = Glance::at(folder.path()).unwrap();
        let offered = offers(glance.state());
        let texts: BTreeSet<&String> = offered.iter().map(|(_, text)| text).collect();
        assert_eq!(texts.len(), offered.len(), "no choice stands twice: {offered:?}");
        let acts = offered.iter().map(|(act, _)| word(act)).collect::<Vec<_>>().join(" ");
        if course.last().is_none_or(|(_, before)| *before != acts) {
            course.push((count, acts));
        }
    }
    course
}

fn is(ceremony: &str, wanted: &[(usize, &str)]) {
    let course = course(ceremony);
    let course: Vec<(usize, &str)> = course.iter().map(|(line, acts)| (*line, acts.as_str())).collect();
    assert_eq!(course, wanted);
}

#[test]
fn a_first_root_offers_what_its_lines_allow() {
    is(
        "first-root/a",
        &[
            // Opened, and not sealed yet; then sealed, then anna says that she is here.
            (1, "read else stop"),
            (2, "signformachine sign:anna sign:bela sign:carla export import read else stop"),
            (3, "sign:anna signformachine sign:bela sign:carla export import read else stop"),
            // Bela's signatures came by a bundle; an exception is granted, and a draft is complete.
            (15, "sign:anna signformachine sign:carla export import read else stop"),
            (17, "finalize sign:anna signformachine sign:carla export import read else stop"),
            (21, "finalize sign:anna signformachine export import read else stop"),
            (27, "finalize signformachine export import read else stop"),
            (30, "finalize export import read else stop"),
            // All is final; closed; countersigned by one.
            (33, "close read else stop"),
            (34, "countersign:anna countersign:bela countersign:carla boxes addendum read stop"),
            (35, "countersign:bela countersign:carla boxes addendum read stop"),
        ],
    );
}

#[test]
fn a_ceremony_that_is_planned_anew_and_given_up_offers_what_its_lines_allow() {
    is(
        "given-up/a",
        &[
            (1, "read else stop"),
            (2, "signformachine sign:anna sign:bela sign:dora export import read else stop"),
            (8, "finalize signformachine sign:anna sign:bela sign:dora export import read else stop"),
            // Another plan, and sealed again: what was signed before counts no more.
            (11, "read else stop"),
            (12, "signformachine sign:anna sign:bela sign:dora export import read else stop"),
            (15, "finalize signformachine sign:anna sign:dora export import read else stop"),
            (16, "signformachine sign:anna export import read else stop"),
            (19, "addendum read stop"),
        ],
    );
}

#[test]
fn two_people_of_one_name_are_told_apart() {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frozen/format-1/first-root/b/plan/0.plan.toml"),
    );
    let mut plan = Plan::read(text.unwrap().as_bytes()).unwrap();
    let names: Vec<String> = plan.people.keys().take(2).cloned().collect();
    let full = plan.people[&names[0]].name.clone();
    assert_eq!(named(&plan, &names[0]), full);
    plan.people.get_mut(&names[1]).unwrap().name.clone_from(&full);
    for name in &names {
        assert_eq!(named(&plan, name), format!("{full} ({name})"));
    }
}
