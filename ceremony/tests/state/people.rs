//! People, breaks, dates, devices, and files that nothing explained.

use tuf_ceremony::state::Illegal;
use tuf_ceremony::transcript::event::*;

use crate::samples::note;
use crate::scene::{Scene, Shelf, Wish, text};

fn present(person: &str) -> Event {
    Event::PersonPresent(PersonPresent { person: text(person), role: text("keyholder") })
}

fn left(person: &str) -> Event {
    Event::PersonLeft(PersonLeft { person: text(person) })
}

#[test]
fn a_person_comes_once_and_leaves_once_and_may_come_again() {
    let mut scene = Scene::sealed(&Wish::default());
    assert_eq!(scene.refused(left("anna")), Illegal::Presence { person: text("anna"), here: false });
    scene.take(present("anna")).unwrap();
    assert_eq!(scene.refused(present("anna")), Illegal::Presence { person: text("anna"), here: true });
    assert_eq!(scene.state.present().collect::<Vec<_>>(), ["anna"]);
    scene.take(left("anna")).unwrap();
    assert_eq!(scene.refused(left("anna")), Illegal::Presence { person: text("anna"), here: false });
    assert_eq!(scene.state.present().count(), 0);
    scene.take(present("anna")).unwrap();
}

#[test]
fn whoever_left_does_not_take_part_until_she_is_back() {
    let mut scene = Scene::sealed(&Wish::default());
    let consented = scene.consented("A", "anna");
    scene.take(present("anna")).unwrap();
    scene.take(consented.clone()).unwrap();
    scene.take(left("anna")).unwrap();
    let gone = Illegal::HasLeft { person: text("anna") };
    assert_eq!(scene.refused(consented.clone()), gone);
    let shown = scene.shown();
    let declined = Declined { draft: scene.payload("A"), person: text("anna"), reason: text("no"), shown };
    assert_eq!(scene.refused(Event::Declined(declined)), gone);
    assert_eq!(scene.refused(Event::SigningBegun(scene.begun("A", "anna", "anna-1"))), gone);
    scene.take(present("anna")).unwrap();
    scene.take(Event::SigningBegun(scene.begun("A", "anna", "anna-1"))).unwrap();
}

#[test]
fn nobody_signs_on_a_break_and_a_break_ends_once() {
    let mut scene = Scene::sealed(&Wish::default());
    let ended = || Event::BreakEnded(BreakEnded { by: text("anna"), watched_by: None });
    assert_eq!(scene.refused(ended()), Illegal::NoBreak);
    let consented = scene.consented("A", "anna");
    scene.take(consented.clone()).unwrap();
    scene.take(Event::BreakBegan(note("lunch"))).unwrap();
    assert!(scene.state.is_on_break());
    let on_break = |event| Illegal::OnBreak { event };
    assert_eq!(scene.refused(Event::BreakBegan(note("more"))), on_break("BreakBegan"));
    assert_eq!(scene.refused(consented), on_break("Consented"));
    let begun = Event::SigningBegun(scene.begun("A", "anna", "anna-1"));
    assert_eq!(scene.refused(begun.clone()), on_break("SigningBegun"));
    assert_eq!(scene.refused(scene.closed()), on_break("Closed"));
    scene.take(Event::IncidentNoted(note("somebody came in"))).unwrap();
    scene.take(ended()).unwrap();
    scene.take(begun).unwrap();
}

#[test]
fn a_signature_that_comes_during_a_break_is_not_admitted_until_it_ends() {
    let mut scene = Scene::sealed(&Wish::default());
    let consented = scene.consented("A", "anna");
    scene.take(consented).unwrap();
    scene.take(Event::SigningBegun(scene.begun("A", "anna", "anna-1"))).unwrap();
    let admitted = SignatureAdmitted { begun: scene.state.lines(), sig: scene.signature("A", "anna-1") };
    scene.take(Event::BreakBegan(note("lunch"))).unwrap();
    let admitted = Event::SignatureAdmitted(admitted);
    assert_eq!(scene.refused(admitted), Illegal::OnBreak { event: "SignatureAdmitted" });
}

#[test]
fn a_date_is_a_day_that_exists_and_may_correct_a_later_one_in_sight() {
    let mut scene = Scene::sealed(&Wish::default());
    let stated = |date: &str| Event::DateStated(DateStated { by: text("anna"), date: text(date) });
    for bad in ["2027-02-30", "5 March", "", "2027-3-5"] {
        assert_eq!(scene.refused(stated(bad)), Illegal::Date { text: text(bad) });
    }
    scene.take(stated("2072-03-05")).unwrap();
    scene.take(stated("2027-03-06")).unwrap();
    assert_eq!(scene.state.date().written(), "2027-03-06T00:00:00Z");
    let dates: Vec<(u64, String)> = scene.state.dates().iter().map(|(n, d)| (*n, d.written())).collect();
    let wanted = [(1, "2027-03-05"), (3, "2072-03-05"), (4, "2027-03-06")];
    assert_eq!(dates, wanted.map(|(line, day)| (line, format!("{day}T00:00:00Z"))));
}

#[test]
fn a_folder_is_on_one_device_or_two_and_a_change_changes_something() {
    let mut scene = Scene::sealed(&Wish::default());
    let changed = |devices| Event::DevicesChanged(DevicesChanged { devices, reason: text("it broke") });
    for devices in [0, 2, 3] {
        assert_eq!(scene.refused(changed(devices)), Illegal::Devices(devices));
    }
    scene.take(changed(1)).unwrap();
    assert_eq!(scene.state.devices(), 1);
}

#[test]
fn files_that_nothing_explains_are_set_aside_once_sorted_and_inside_the_folder() {
    let mut scene = Scene::sealed(&Wish::default());
    let file = |path: &str| Shelf::default().put(path, path);
    let aside = |files: Vec<Stored>| Event::SetAside(SetAside { files });
    let (a, b) = (file("aside/0123456789abcdef.torn"), file("shown/left.txt"));
    let unsorted = Illegal::Unsorted { what: "the files" };
    assert_eq!(scene.refused(aside(vec![b.clone(), a.clone()])), unsorted);
    assert_eq!(scene.refused(aside(vec![a.clone(), a.clone()])), unsorted);
    for path in
        ["/etc/passwd", "../x", "a//b", "a/.hidden", "a\\b", "c:x", "a/b\tc", "", "lock", "transcript.jsonl"]
    {
        let wanted = text("a plain path inside the folder");
        assert_eq!(scene.refused(aside(vec![file(path)])), Illegal::Path { path: text(path), wanted });
    }
    let known = scene.state.files()["drafts/0-a.json"].clone();
    assert_eq!(scene.refused(aside(vec![known])), Illegal::PathTaken { path: text("drafts/0-a.json") });
    scene.take(aside(vec![a, b.clone()])).unwrap();
    assert_eq!(scene.state.files()["shown/left.txt"], b);
    scene.take(scene.closed()).unwrap();
    scene.take(aside(vec![file("shown/late.txt")])).unwrap();
}
