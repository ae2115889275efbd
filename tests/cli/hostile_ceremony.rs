//! Hostile texts at every place of a ceremony where people write: titles, names, keys, paths, reasons and notes. A plan may
//! refuse them; what it takes is shown on every screen, and no byte that a terminal obeys reaches the output.

use crate::hostile::{argument, shown, vectors};
use crate::refusal::refused;
use crate::room::{DATE, Room};
use crate::stage::Done;

/// A text as TOML writes it, every character that is not plain escaped.
fn toml(text: &str) -> String {
    let one = |c: char| match c {
        ' ' | '0'..='9' | 'a'..='z' | 'A'..='Z' => c.to_string(),
        _ => format!("\\U{:08X}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(one).collect::<String>())
}

/// The places of a renewal's plan in which a text can stand.
fn places(text: &str) -> Vec<(&'static str, String)> {
    let text = toml(text);
    vec![
        ("title = \"The root of 2028\"", format!("title = {text}")),
        ("name = \"Anna Berg\"", format!("name = {text}")),
        ("wim = {", format!("{text} = {{")),
        ("holders = [\"carla\"]", format!("holders = [{text}]")),
        ("carla = { holders = [\"carla\"]", format!("{text} = {{ holders = [\"carla\"]")),
        ("[style]", format!("[{text}]")),
        ("kind = \"renewal\"", format!("kind = {text}")),
        ("file = \"inputs/1.root.json\"", format!("file = {text}")),
        ("opens = \"2027-03-01\"", format!("opens = {text}")),
    ]
}

/// Every screen on a folder, and on a bundle of it.
fn every_screen(room: &Room, name: &str) -> Vec<Done> {
    let run = |arguments: &[&str]| {
        let done = room.desk.run(arguments);
        shown(name, &done);
        done
    };
    vec![
        run(&["status", "folder"]),
        run(&["show", "--trust", "inputs/1.root.json", "folder"]),
        run(&["export", "--out", "b.json", "folder"]),
        run(&["status", "b.json"]),
        run(&["show", "b.json"]),
        run(&["close", "--as", "olga", "--unfinished", "folder"]),
    ]
}

#[test]
fn in_a_plan() {
    let mut opened = 0;
    for hostile in vectors() {
        let Some(text) = hostile.text().filter(|text| text.len() < 20_000) else { continue };
        for (place, written) in places(text) {
            let room = Room::new();
            let plan = room.plan("renewal", &[(place, &written)]);
            let checked = room.desk.run(["plan", "check", plan]);
            shown(&hostile.name, &checked);
            if checked.code != Some(0) {
                assert!(matches!(refused_code(&checked), 1 | 5), "{}: {place}", hostile.name);
                continue;
            }
            room.desk.run(["open", "--date", DATE, "--one-device", "x", plan, "folder"]).good();
            for done in every_screen(&room, &hostile.name) {
                done.good();
            }
            opened += 1;
        }
    }
    assert!(opened > 10, "{opened} plans took a hostile text");
}

fn refused_code(done: &Done) -> i32 {
    let code = done.code.unwrap();
    refused(done, code);
    code
}

#[test]
fn as_the_path_of_a_target() {
    let mut taken = 0;
    for hostile in vectors() {
        let Some(text) = hostile.text().filter(|text| text.len() < 20_000) else { continue };
        let room = Room::new();
        for written in [
            format!("add = {{ {} = \"inputs/app-1.1.txt\" }}", toml(text)),
            format!("remove = [{}]", toml(text)),
        ] {
            let add = "add = { \"app-1.1.txt\" = \"inputs/app-1.1.txt\" }";
            let plan = room.plan("targets-release", &[(add, &written)]);
            shown(&hostile.name, &room.desk.run(["plan", "check", "--all", plan]));
            let done = room.desk.run(["open", "--date", DATE, plan, "folder"]);
            shown(&hostile.name, &done);
            if done.code == Some(0) {
                every_screen(&room, &hostile.name).into_iter().for_each(|done| drop(done.good()));
                std::fs::remove_dir_all(room.desk.path("folder")).unwrap();
                std::fs::remove_file(room.desk.path("b.json")).unwrap();
                taken += 1;
            } else {
                refused(&done, 1);
            }
        }
    }
    assert!(taken > 10, "{taken} hostile paths were taken");
}

#[test]
fn as_a_reason_a_remark_a_name_a_letter_a_head_and_a_device() {
    let room = Room::new();
    room.open("renewal.plan.toml", "folder");
    for hostile in vectors() {
        let Some(text) = hostile.text().filter(|text| argument(text) && !text.starts_with('-')) else {
            continue;
        };
        let said = |arguments: &[&str]| {
            let done = room.desk.run(arguments);
            shown(&hostile.name, &done);
            done
        };
        for arguments in [
            &["decline", "--draft", "A", "--as", "anna", "--reason", text, "folder"][..],
            &["note", "--as", "olga", text, "folder"],
            &["note", "--incident", "--as", "olga", text, "folder"],
        ] {
            let done = said(arguments);
            assert!(matches!(done.code, Some(0..=2)), "{}: {}", hostile.name, done.err());
        }
        said(&["status", "folder"]).good();
        for arguments in [
            &["decline", "--draft", text, "--as", "anna", "--reason", "x", "folder"][..],
            &["decline", "--draft", "A", "--as", text, "--reason", "x", "folder"],
            &["note", "--as", text, "x", "folder"],
            &["note", "--as", "olga", "--head", text, "x", "folder"],
            &["show", "--draft", text, "folder"],
            &["show", "--role", text, "folder"],
            &["finalize", "--draft", text, "folder"],
            &["plan", "check", "--absent", text, "renewal.plan.toml"],
            &["open", "--date", text, "renewal.plan.toml", "no"],
        ] {
            refused(&said(arguments), if arguments[1] == "--role" { 1 } else { 2 });
        }
    }
    let page = room.desk.run(["export", "--out", "b.json", "folder"]).good();
    shown("all of them", &page);
    shown("all of them", &room.desk.run(["status", "b.json"]).good());
}
