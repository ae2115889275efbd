//! The stories of the frozen folders, and what replay said of them when they were frozen. TEST ONLY.

use std::collections::BTreeMap;

use tuf_ceremony::layout::Plain;
use tuf_ceremony::transcript::event::*;

use super::folder::{Folder, Machine};
use super::stage::{self, note, text};

/// A ceremony and the folders of its machines.
pub struct Story {
    /// The folder that holds them.
    pub name: &'static str,
    /// What happens.
    pub what: &'static str,
    /// By the machine's name.
    pub machines: Vec<(&'static str, Folder)>,
}

/// A first root, its targets and a delegated role, 2 of 3, to its end; Bela signs on a machine of her own. One attempt
/// fails, another is never heard of again.
fn first_root() -> Story {
    let plan = stage::first();
    let mut a = stage::sealed(&plan, "a");
    let here = |person: &str| PersonPresent { person: text(person), role: text("keyholder") };
    a.say(Event::PersonPresent(here("anna")));
    a.grant("root", "anna").unwrap();
    a.consent("root", "anna").unwrap();
    let failed = a.begin_signing("root", "anna", "anna-1").unwrap();
    a.fail(failed, Failure::NotSigned).unwrap();
    a.say(Event::BreakBegan(note("another reader is fetched")));
    a.say(Event::BreakEnded(BreakEnded { by: text("anna"), watched_by: Some(text("wim")) }));
    a.sign("root", "anna", "anna-1", 1).unwrap();
    a.set_aside("what a crash left");
    let sent = a.export();
    let mut b = Machine::from_bundle(&sent, None, "b");
    b.sign("root", "bela", "bela-1", 1).unwrap();
    b.sign("targets", "bela", "bela-1", 1).unwrap();
    b.say(Event::IncidentNoted(note("the printer took two sheets \u{2014} one is torn up")));
    a.import(Form::Bundle, &b.export()).unwrap();
    a.say(Event::Remarked(note("bela said on the telephone what she granted, with the words of the head")));
    a.grant("root", "bela").unwrap();
    a.sign("root", "carla", "carla-1", 7).unwrap();
    a.consent("targets", "anna").unwrap();
    let unknown = a.begin_signing("targets", "anna", "anna-1").unwrap();
    a.fail(unknown, Failure::Unknown).unwrap();
    a.sign("targets", "anna", "anna-1", 1).unwrap();
    a.sign("app", "anna", "app", 5).unwrap();
    ["root", "targets", "app"].into_iter().for_each(|role| a.finalize(role).unwrap());
    a.close();
    a.countersign("anna", "anna-1").unwrap();
    a.say(Event::Addendum(Addendum { by: text("anna"), external: None, text: text("it was published") }));
    let what = "a first root, its targets and a delegated role to the end, on two machines";
    Story { name: "first-root", what, machines: vec![("a", a.folder), ("b", b.folder)] }
}

/// Root 3 of a published repository. Dora declines, the plan changes, a signature dies with the draft that it was on, one
/// draft becomes final, and then it is given up.
fn given_up() -> Story {
    let plan = stage::next();
    let mut a = stage::sealed(&plan, "a");
    a.sign("root", "anna", "anna-1", 1).unwrap();
    a.sign("app", "anna", "app", 3).unwrap();
    a.decline("root", "dora").unwrap();
    let sent = a.export();
    a.replan(&plan.changed(2030)).unwrap();
    a.seal();
    a.say(Event::DateStated(DateStated { by: text("anna"), date: text("2027-03-09") }));
    let again = a.export();
    let mut b = Machine::from_bundle(&again, plan.trust.as_deref(), "b");
    b.sign("root", "bela", "bela-1", 1).unwrap();
    b.sign("targets", "bela", "bela-1", 1).unwrap();
    a.import(Form::Bundle, &b.export()).unwrap();
    assert!(a.import(Form::Bundle, &sent).is_err(), "it is of the plan before");
    a.finalize("root").unwrap();
    a.consent("targets", "anna").unwrap();
    a.begin_signing("targets", "anna", "anna-1").unwrap();
    a.say(Event::Aborted(note("the card reader caught fire")));
    let what = "root 3 of a published repository, declined, planned anew, half final, then given up";
    Story { name: "given-up", what, machines: vec![("a", a.folder), ("b", b.folder)] }
}

/// All of them.
pub fn stories() -> Vec<Story> {
    vec![first_root(), given_up()]
}

/// Every file of every folder, by its path, and `expected.json`.
pub fn files() -> BTreeMap<String, Vec<u8>> {
    let (mut files, mut rows) = (BTreeMap::new(), Vec::new());
    for Story { name, what, machines } in stories() {
        for (machine, folder) in machines {
            let path = format!("{name}/{machine}");
            rows.push(expected(&path, what, &folder));
            files.extend(folder.0.into_iter().map(|(file, bytes)| (format!("{path}/{file}"), bytes)));
        }
    }
    let index = Plain::object([("folders", Plain::List(rows))]);
    files.insert(text("expected.json"), (index.written() + "\n").into_bytes());
    files
}

/// What replay says of a folder.
pub fn expected(path: &str, what: &str, folder: &Folder) -> Plain {
    let head = folder.head();
    let replay = folder.replay(Some(head));
    let state = replay.walked.state.as_ref().unwrap();
    let finals = state.finals().values().map(|file| (file.path.clone(), Plain::text(file.sha256)));
    let drafts = state.drafts().map(|draft| (draft.letter().to_owned(), Plain::text(draft.payload())));
    let number = |n: usize| Plain::Number(n as u64);
    let others = replay.others.iter().map(|other| Plain::Number(other.walked.judged())).collect();
    Plain::object([
        ("drafts", Plain::Object(drafts.collect())),
        ("finals", Plain::Object(finals.collect())),
        ("findings", number(state.findings().len())),
        ("folder", Plain::text(path)),
        ("head", Plain::text(head)),
        ("in-doubt", Plain::List(replay.in_doubt().map(|attempt| Plain::Number(attempt.line)).collect())),
        ("lines", Plain::Number(replay.walked.judged())),
        ("other-lines", Plain::List(others)),
        ("phase", Plain::text(state.phase().name())),
        ("verdict", Plain::text(replay.verdict().word())),
        ("verdict-without-head", Plain::text(folder.verdict(None).word())),
        ("what", Plain::text(what)),
    ])
}
