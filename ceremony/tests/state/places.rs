//! The table of phases: the page, the code, and what really happens.

use std::path::Path;

use tuf_ceremony::state::{Illegal, Phase, phases};
use tuf_ceremony::transcript::Entry;
use tuf_ceremony::transcript::event::{Event, Opened};

use crate::samples;
use crate::scene::{CLOCK, Scene, Wish, text};

fn rows() -> Vec<Vec<String>> {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/spec/transcript.md");
    let page = std::fs::read_to_string(page).unwrap();
    let section = page.split("\n## When\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = section.lines().filter(|l| l.starts_with("| `"));
    rows.map(|row| row.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect()).collect()
}

#[test]
fn the_page_says_of_every_event_in_which_phases_it_is_possible() {
    let rows = rows();
    let events = samples::events();
    assert_eq!(rows.len(), events.len());
    for (row, event) in rows.iter().zip(events) {
        assert_eq!(row[0], format!("`{}`", event.name()));
        let names: Vec<&str> = phases(&event).iter().map(|phase| phase.name()).collect();
        let said = if names.is_empty() { text("the first line") } else { names.join(", ") };
        assert_eq!(row[1], said, "{}", event.name());
        assert!(row[2].len() > 10 && row[3].len() > 8, "{}", event.name());
    }
}

fn in_phase(phase: Phase) -> Scene {
    let keys = Wish { to_be_made: vec!["carla-1"], ..Wish::default() };
    let mut scene = match phase {
        Phase::Keys => Scene::opened(&keys),
        Phase::Sealing => Scene::opened(&Wish::default()),
        _ => Scene::sealed(&Wish::default()),
    };
    match phase {
        Phase::Closed => scene.take(scene.closed()).unwrap(),
        Phase::Aborted => scene.take(Event::Aborted(samples::note("nobody came"))).unwrap(),
        _ => {}
    }
    assert_eq!(scene.state.phase(), phase);
    scene
}

#[test]
fn an_event_outside_its_phases_is_refused_by_its_name() {
    for phase in Phase::ALL {
        let scene = in_phase(phase);
        for event in samples::events().into_iter().skip(1).filter(|e| !phases(e).contains(&phase)) {
            let name = event.name();
            assert_eq!(scene.refused(event), Illegal::Phase { event: name, phase });
        }
        for event in samples::events().into_iter().filter(|e| phases(e).contains(&phase)) {
            let entry = scene.transcript.next(CLOCK, event);
            let after = scene.state.after(&entry, &scene.shelf.0).map(drop);
            assert!(!matches!(after, Err(Illegal::Phase { .. })), "{:?} {phase:?}", entry.event);
        }
    }
}

#[test]
fn the_first_line_opens_and_no_other_does() {
    let scene = in_phase(Phase::Sealing);
    let opened: Opened = scene.state.opened().clone();
    assert_eq!(scene.refused(Event::Opened(opened.into())), Illegal::First { event: "Opened" });
    let entry =
        tuf_ceremony::transcript::Transcript::default().next(CLOCK, Event::Remarked(samples::note("hello")));
    let fault = tuf_ceremony::state::State::begin(&entry, &scene.shelf.0).map(drop);
    assert_eq!(fault, Err(Illegal::First { event: "Remarked" }));
}

#[test]
fn a_line_that_does_not_follow_all_that_happened_is_refused() {
    let scene = in_phase(Phase::Collecting);
    let good = scene.transcript.next(CLOCK, Event::Remarked(samples::note("x")));
    let bad = [
        Entry { n: 2, ..good.clone() },
        Entry { n: 4, ..good.clone() },
        Entry { prev: samples::digest("elsewhere"), ..good.clone() },
    ];
    for entry in bad {
        let fault = scene.state.after(&entry, &scene.shelf.0).map(drop);
        assert_eq!(fault, Err(Illegal::NotNext { last: 2, found: entry.n }));
    }
    assert!(scene.state.after(&good, &scene.shelf.0).is_ok());
    // Nor is one that no reader would take.
    let clock = Entry { clock: text("9 o'clock"), ..good };
    let fault = scene.state.after(&clock, &scene.shelf.0).map(drop);
    assert!(matches!(fault, Err(Illegal::Line(_))), "{fault:?}");
    let first = scene.transcript.entries()[0].clone();
    let bad = Entry { prev: samples::digest("elsewhere"), ..first };
    let fault = tuf_ceremony::state::State::begin(&bad, &scene.shelf.0).map(drop);
    assert_eq!(fault, Err(Illegal::NotNext { last: 0, found: 1 }));
}

#[test]
fn every_reason_why_a_step_is_illegal_is_met_by_a_test() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = std::fs::read_to_string(folder.join("src/state/illegal.rs")).unwrap();
    let body = source.split("pub enum Illegal {").nth(1).unwrap().split("\n}").next().unwrap();
    let variants = body.lines().filter(|l| l.starts_with("    ") && l.as_bytes()[4].is_ascii_uppercase());
    let names: Vec<&str> = variants.map(|l| l.trim().split([' ', ',', '(', '{']).next().unwrap()).collect();
    let files = std::fs::read_dir(folder.join("tests/state")).unwrap().map(|file| file.unwrap().path());
    let tests: String = files.map(|file| std::fs::read_to_string(file).unwrap()).collect();
    assert!(names.len() > 50, "{names:?}");
    for name in names {
        let met = tests
            .match_indices(&format!("Illegal::{name}"))
            .any(|(at, found)| tests[at + found.len()..].starts_with(|c: char| !c.is_alphanumeric()));
        assert!(met, "{name}");
    }
}
