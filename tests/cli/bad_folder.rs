//! Folders of ceremonies that somebody changed: a file altered, gone or added, a line changed, cut or swapped. Every verb that
//! works on a folder says what is wrong and writes nothing; what a step that was cut off leaves is put right and told.

use crate::refusal::Told;
use crate::room::{DATE, Room, anna, because, carla, now};
use crate::stage::read;

const BROKEN: &str = "The transcript in \"folder\" does not tell a ceremony that holds together.";

/// A rotation with one signature, exported once: four lines, and a file of each kind.
fn room() -> Room {
    let room = Room::new();
    room.open("rotation.plan.toml", "folder");
    room.sign_into("folder", "0-a", &[&anna()]).good();
    room.desk.run(["export", "--out", "a.bundle.json", "folder"]).good();
    let lines = read(&room.desk.path("folder/transcript.jsonl"));
    assert_eq!(lines.iter().filter(|byte| **byte == b'\n').count(), 4);
    room
}

/// Every verb that works on the folder refuses it with the same sentence.
#[track_caller]
fn all_refuse(room: &Room, code: i32, sentence: &str) -> Told {
    let verbs = [
        &["status", "folder"][..],
        &["show", "folder"],
        &["import", "--into", "folder", "a.bundle.json"],
        &["export", "--out", "b.json", "folder"],
        &["finalize", "folder"],
        &["decline", "--draft", "A", "--as", "anna", "--reason", "x", "folder"],
        &["note", "--as", "olga", "x", "folder"],
        &["close", "--as", "olga", "--unfinished", "folder"],
    ];
    let told: Vec<Told> = verbs.iter().map(|verb| room.refuses(verb, code, sentence)).collect();
    for other in &told {
        assert_eq!((&told[0].because, &told[0].now), (&other.because, &other.now));
    }
    told.into_iter().next().unwrap()
}

/// The one file of a folder's room.
fn only(room: &Room, under: &str) -> String {
    let mut files = std::fs::read_dir(room.desk.path(format!("folder/{under}"))).unwrap();
    let name = files.next().unwrap().unwrap().file_name().into_string().unwrap();
    assert!(files.next().is_none(), "{under} holds one file");
    format!("folder/{under}/{name}")
}

/// Changes the text of the transcript.
fn transcript(room: &Room, change: impl FnOnce(Vec<&str>) -> String) {
    let path = room.desk.path("folder/transcript.jsonl");
    let text = String::from_utf8(read(&path)).unwrap();
    std::fs::write(&path, change(text.split_inclusive('\n').collect())).unwrap();
}

#[test]
fn a_draft_or_import_that_was_altered_is_named() {
    for under in ["drafts", "imports"] {
        let room = room();
        let file = only(&room, under);
        let text = read(&room.desk.path(&file));
        std::fs::write(room.desk.path(&file), [&text[..], b"\n"].concat()).unwrap();
        let told = all_refuse(&room, 1, &format!("\"{file}\" is not the file that the transcript names."));
        now(&told, "Bring the file back from the other device");
    }
}

#[test]
fn a_plan_or_predecessor_that_was_altered_or_is_gone_stops_every_verb() {
    for (under, what) in [("plan", "the plan is not there"), ("inputs", "the trusted root is not there")] {
        for gone in [false, true] {
            let room = room();
            let file = room.desk.path(only(&room, under));
            let text = read(&file);
            if gone {
                std::fs::remove_file(file).unwrap();
            } else {
                std::fs::write(&file, [&text[..], b"\n"].concat()).unwrap();
            }
            let told = all_refuse(&room, 1, BROKEN);
            because(&told, "line 1 of the transcript does not follow from what is before it");
            because(&told, what);
            now(&told, "Change nothing in the folder");
        }
    }
}

#[test]
fn a_draft_that_is_gone_is_told_and_comes_back_with_the_next_step() {
    let room = room();
    let file = room.desk.path(only(&room, "drafts"));
    let text = read(&file);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(room.status("folder")["missing"], serde_json::json!(["drafts/0-a.json"]));
    let page = room.desk.run(["status", "folder"]).good().out();
    assert!(page.contains("! drafts/0-a.json is gone, and a line names it."), "{page}");
    room.desk.run(["note", "--as", "olga", "x", "folder"]).good();
    assert_eq!(read(&file), text);
    assert_eq!(room.status("folder")["missing"], serde_json::json!([]));
}

#[test]
fn a_file_that_no_line_names_is_told_and_set_aside_with_the_next_step() {
    let room = room();
    room.desk.put("folder/drafts/0-b.json", "{}");
    assert_eq!(room.status("folder")["unexplained"], serde_json::json!(["drafts/0-b.json"]));
    let page = room.desk.run(["status", "folder"]).good().out();
    assert!(page.contains("! No line names drafts/0-b.json: somebody put it there"), "{page}");
    room.desk.run(["note", "--as", "olga", "x", "folder"]).good();
    assert!(!room.desk.path("folder/drafts/0-b.json").exists());
    assert_eq!(room.status("folder")["unexplained"], serde_json::json!([]), "a line binds it");
    assert!(room.desk.path("folder/aside").is_dir());
}

#[test]
fn what_no_ceremony_puts_into_its_folder_is_refused_by_name() {
    for name in ["photo.jpg", "drafts/b\u{f6}se.json"] {
        let room = room();
        room.desk.put(format!("folder/{name}"), "x");
        let told =
            all_refuse(&room, 1, &format!("\"folder\" holds what no ceremony puts there: \"{name}\"."));
        now(&told, "take it out of the folder");
    }
    let room = room();
    std::os::unix::fs::symlink("../plan/0.plan.toml", room.desk.path("folder/inputs/link.json")).unwrap();
    let sentence = "\"folder\" holds what no ceremony puts there: \"inputs/link.json\" (a symbolic link).";
    all_refuse(&room, 1, sentence);
}

#[test]
fn a_line_that_was_changed_cut_out_or_swapped_breaks_the_chain_from_there() {
    let followed = "line 2 of the transcript was written behind other lines than the ones before it";
    let room = room();
    transcript(&room, |lines| lines.concat().replacen("2027-03-05\"", "2027-03-06\"", 1));
    because(&all_refuse(&room, 1, BROKEN), followed);
    for (cut, cause) in [
        (0, "line 1 of the transcript says that it is line 2"),
        (1, "line 2 of the transcript says that it is line 3"),
    ] {
        let room = self::room();
        transcript(&room, |lines| [&lines[..cut], &lines[cut + 1..]].concat().concat());
        because(&all_refuse(&room, 1, BROKEN), cause);
    }
    let room = self::room();
    transcript(&room, |lines| [lines[0], lines[2], lines[1], lines[3]].concat());
    because(&all_refuse(&room, 1, BROKEN), "line 2 of the transcript says that it is line 3");
    let room = self::room();
    transcript(&room, |lines| lines.concat() + "hello\n");
    let told = all_refuse(&room, 1, BROKEN);
    because(&told, "line 5");
    now(&told, "conclave replay");
}

#[test]
fn lines_cut_off_the_end_are_noticed_by_the_head_on_paper_and_by_what_others_have_met() {
    let room = room();
    let head = room.status("folder")["head"].as_str().unwrap().to_owned();
    transcript(&room, |lines| lines[..3].concat());
    let older = "None of the 3 lines of \"folder\" has the head that you know: this is an older copy, or another ceremony.";
    let told = room.refuses(&["note", "--as", "olga", "--head", &head, "x", "folder"], 1, older);
    now(&told, "Find the folder with the latest copy");
    // The bundle was made from three lines; with fewer, the folder is the older one.
    transcript(&room, |lines| lines[..2].concat());
    std::fs::remove_file(room.desk.path(only(&room, "imports"))).unwrap();
    let told = room.refuses(
        &["import", "--into", "folder", "a.bundle.json"],
        1,
        "This folder is an older copy: somebody has met more of its lines.",
    );
    because(&told, "it holds 3 lines of this machine, and this folder holds 2");
    now(&told, "Find the folder with the latest copy");
    let told = room.refuses(
        &["note", "--as", "olga", "--head", "no head", "x", "folder"],
        2,
        "What was given as the head is no digest.",
    );
    now(&told, "Type the 32 words or the 64 hex digits");
}

#[test]
fn a_final_file_that_was_altered_is_named_and_a_second_end_is_refused() {
    let room = room();
    room.sign_into("folder", "0-a", &[&carla()]).good();
    room.desk.run(["finalize", "folder"]).good();
    let told = room.refuses(&["finalize", "folder"], 1, "Every draft is final already.");
    now(&told, "conclave status FOLDER");
    let told = room.refuses(&["finalize", "--draft", "A", "folder"], 1, "This draft is final already.");
    assert!(!told.now.is_empty());
    let file = room.desk.path("folder/final/2.root.json");
    let text = read(&file);
    std::fs::write(&file, [&text[..], b" "].concat()).unwrap();
    let told =
        all_refuse(&room, 1, "\"folder/final/2.root.json\" is not the file that the transcript names.");
    now(&told, "Bring the file back");
    std::fs::write(&file, text).unwrap();
    room.desk.run(["close", "--as", "olga", "folder"]).good();
    for arguments in [
        &["import", "--into", "folder", "a.bundle.json"][..],
        &["decline", "--draft", "A", "--as", "anna", "--reason", "x", "folder"],
        &["close", "--as", "olga", "folder"],
        &["abort", "--as", "olga", "--reason", "x", "folder"],
        &["replan", "--as", "olga", "--reason", "x", "folder", "rotation.plan.toml"],
    ] {
        let told = room.refuses(arguments, 1, "This step is not possible now.");
        now(&told, "`conclave status FOLDER` says where the ceremony stands.");
    }
}

#[test]
fn a_second_device_that_is_not_named_or_is_another_ceremony_is_refused() {
    let room = Room::new();
    let open = |plan, folder, mirror| ["open", "--date", DATE, "--mirror", mirror, plan, folder];
    room.desk.run(open("rotation.plan.toml", "folder", "second")).good();
    room.desk.run(open("renewal.plan.toml", "other", "other-second")).good();
    let note = |more: &[&'static str]| [&["note", "--as", "olga", "x"][..], more, &["folder"]].concat();
    let alone = "This ceremony is kept on two devices, and only one of them was named.";
    now(&room.refuses(&note(&[]), 1, alone), "--one-device REASON");
    let told = room.refuses(
        &note(&["--mirror", "other"]),
        1,
        "\"folder\" and \"other\" hold two different ceremonies.",
    );
    now(&told, "Name the second device of this ceremony");
    room.refuses(&note(&["--mirror", "folder"]), 1, "\"folder\" and \"folder\" are one folder.");
}
