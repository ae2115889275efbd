//! What arrives and does not belong: bundles of other ceremonies and generations, roots that are not the holder's own, names
//! and letters that nobody knows, files where folders belong and the other way round.

use crate::refusal::refused;
use crate::room::{DATE, Room, anna, because, bela, card, dora, now};
use crate::stage::{corpus, read, top};

const OTHER: &str = "This file does not belong to this ceremony.";
const OWN: &str = "inputs/1.root.json";

/// A rotation in `folder`, and its bundle.
fn rotation() -> Room {
    let room = Room::new();
    room.open("rotation.plan.toml", "folder");
    room.desk.run(["export", "--out", "a.bundle.json", "folder"]).good();
    room
}

fn vector(room: &Room, name: &str) -> String {
    let file = format!("{name}.bundle.json");
    room.desk.put(&file, read(&top().join("tests/vectors/bundle").join(&file)));
    file
}

#[test]
fn a_bundle_of_another_ceremony_or_generation_is_not_imported() {
    let room = rotation();
    room.open("renewal.plan.toml", "other");
    room.desk.run(["export", "--out", "other.bundle.json", "other"]).good();
    let told = room.refuses(&["import", "--into", "folder", "other.bundle.json"], 1, OTHER);
    because(&told, "one bundle is of the ceremony ");
    now(&told, "Ask the sender which ceremony it is of");
    let changed = room.plan("rotation", &[("2028-03-05", "2028-04-05")]);
    room.desk.run(["replan", "--as", "olga", "--reason", "later", "folder", changed]).good();
    let older = "This bundle is of this ceremony, and of another plan than the one here.";
    let told = room.refuses(&["import", "--into", "folder", "a.bundle.json"], 1, older);
    because(&told, "one of generation 0 and the other of 1: its plan was changed in between");
    now(&told, "If the plan was changed here, send the sender a new bundle to sign");
    let rehearsal = vector(&room, "ceremony-rehearsal");
    let told = room.refuses(&["import", "--into", "folder", &rehearsal], 1, OTHER);
    because(&told, "one bundle is of a rehearsal and the other is not");
    now(&told, "Keep practice apart");
}

#[test]
fn a_real_bundle_is_not_imported_into_a_rehearsal() {
    let room = rotation();
    for (key, file, name) in [
        (anna(), "anna", "Anna Berg"),
        (bela(), "bela", "Bela Costa"),
        (crate::room::carla(), "carla", "Carla Dietz"),
    ] {
        room.desk.put(format!("inputs/{file}.key.json"), card(&key, name, true));
    }
    let old = |file: &str| {
        let original = top().join("docs/plans/inputs").join(file);
        tuf_ceremony::digest::Digest::of(&read(&original)).to_string()
    };
    let files = ["anna.key.json", "bela.key.json", "carla.key.json"];
    let digests = files.map(|file| {
        (
            old(file),
            tuf_ceremony::digest::Digest::of(&read(&room.desk.path(format!("inputs/{file}")))).to_string(),
        )
    });
    let mut changes: Vec<(&str, &str)> = vec![("kind = ", "rehearsal = true\nkind = ")];
    changes.extend(digests.iter().map(|(from, to)| (from.as_str(), to.as_str())));
    let plan = room.plan("first-root", &changes);
    room.desk.run(["open", "--date", DATE, plan, "practice"]).good();
    let told = room.refuses(&["import", "--into", "practice", "a.bundle.json"], 1, OTHER);
    because(&told, "one bundle is of a rehearsal and the other is not");
    now(&told, "Keep practice apart");
    let bundle = vector(&room, "ceremony");
    because(&room.refuses(&["import", "--into", "practice", &bundle], 1, OTHER), "rehearsal");
}

#[test]
fn files_that_hold_together_in_no_way_are_not_imported() {
    let room = rotation();
    let text = String::from_utf8(read(&room.desk.path("a.bundle.json"))).unwrap();
    room.desk.put("bent.bundle.json", text.replacen("Dora Engel", "Dora Angel", 1));
    let told = room.refuses(
        &["import", "--into", "folder", "bent.bundle.json"],
        1,
        "This file cannot be used: it does not hold together.",
    );
    now(&told, "Ask whoever sent it for the file again");
    let told = room.refuses(&["import", "--into", "folder", OWN], 1, OTHER);
    because(&told, "which is none of the drafts of this ceremony");
    room.refuses(
        &["import", "--into", "folder", "rotation.plan.toml"],
        1,
        "\"rotation.plan.toml\" cannot be read as a JSON document.",
    );
}

#[test]
fn a_signature_by_a_stranger_is_told_and_does_not_count() {
    let room = rotation();
    let stranger = crate::mint::Key::ed25519("nobody's");
    room.sign_into("folder", "0-a", &[&stranger, &anna()]).good();
    let counted = |room: &Room| room.status("folder")["drafts"][0]["tallies"][0]["counted"].clone();
    assert_eq!(counted(&room).as_array().unwrap().len(), 1);
    let told = room.refuses(&["finalize", "folder"], 1, "No draft has enough signatures to become final.");
    now(&told, "conclave status FOLDER");
    let told =
        room.refuses(&["finalize", "--draft", "A", "folder"], 1, "This draft cannot become final yet.");
    because(&told, "threshold is not met");
    now(&told, "Collect more signatures");
}

#[test]
fn a_ceremony_is_opened_only_from_the_openers_own_root_or_an_older_one() {
    let room = rotation();
    let open = |trust: &[&'static str], bundle: &'static str| {
        let fixed = ["open", "--date", DATE, "--one-device", "a visit", "--bundle", bundle];
        [&fixed[..], trust, &["visit"]].concat()
    };
    let distrusted = "\"a.bundle.json\" does not build on a root that you trust.";
    let told = room.refuses(&open(&[], "a.bundle.json"), 1, distrusted);
    because(&told, "no copy of your own was given");
    now(&told, "Give your own copy with --trust");
    // The same version with another content: one of the two is forged.
    let forged = crate::room::signed(
        String::from_utf8(read(&room.desk.path(OWN))).unwrap().replace("2031-", "2032-").as_bytes(),
        &[],
    );
    room.desk.put("forged.root.json", forged);
    let told = room.refuses(&open(&["--trust", "forged.root.json"], "a.bundle.json"), 1, distrusted);
    because(&told, "its root version 1 is eec47a2d");
    now(&told, "Stop, and ask the security officer which root is current");
    let newer = corpus("chains/sigstore-v1-v5/2.root.json");
    room.desk.put("newer.json", read(&newer));
    let told = room.refuses(&open(&["--trust", "newer.json"], "a.bundle.json"), 1, distrusted);
    because(&told, "it builds on root version 1, which is older than your version 2");
    let told = room.refuses(&open(&["--trust", "inputs/1.targets.json"], "a.bundle.json"), 1, distrusted);
    because(&told, "what you gave as your trusted root is targets metadata");
    room.refuses(
        &open(&["--trust", "a.bundle.json"], "a.bundle.json"),
        1,
        "\"a.bundle.json\" is not TUF metadata.",
    );
    room.refuses(
        &open(&["--trust", "no.json"], "a.bundle.json"),
        5,
        "There is no file or folder \"no.json\".",
    );
    room.visit("a.bundle.json", OWN, "visit").good();
    let told = room.refuses(
        &["open", "--date", DATE, "--bundle", "a.bundle.json", "--trust", OWN, "v2"],
        1,
        "A real root ceremony is kept on two devices.",
    );
    now(&told, "--mirror");
}

#[test]
fn an_older_root_walks_by_the_plans_chain_and_a_forged_step_does_not() {
    let room = rotation();
    room.sign_into("folder", "0-a", &[&anna(), &crate::room::carla()]).good();
    room.desk.run(["finalize", "folder"]).good();
    let two = read(&room.desk.path("folder/final/2.root.json"));
    room.desk.put("inputs/2.root.json", &two);
    let (one, second) = (room.named(OWN), room.named("inputs/2.root.json"));
    let before = format!("[predecessor]\nroot = {one}");
    let after = format!("[predecessor]\nchain = [{one}]\nroot = {second}");
    let kept = |key: &crate::mint::Key| format!("keyid = \"{}\"", key.id);
    let changes = [
        (before.as_str(), after.as_str()),
        ("version = 2", "version = 3"),
        ("[seen]\nroot = 1", "[seen]\nroot = 2"),
        ("bela = { holders = [\"bela\"], ", "dora = { holders = [\"dora\"], "),
        (&kept(&bela()), &kept(&dora())),
        ("bela = { name = \"Bela Costa\"", "dora = { name = \"Dora Engel\""),
    ];
    room.open(room.plan("renewal", &changes), "third");
    room.desk.run(["export", "--out", "third.bundle.json", "third"]).good();
    room.visit("third.bundle.json", OWN, "from-one").good();
    room.visit("third.bundle.json", "inputs/2.root.json", "from-two").good();
    let text = String::from_utf8(read(&room.desk.path(OWN))).unwrap();
    room.desk.put("forged.json", text.replace("\"threshold\":2", "\"threshold\":1"));
    let done = room.visit("third.bundle.json", "forged.json", "no");
    because(&refused(&done, 1), "its root version 1 is");
}

#[test]
fn a_plain_bundle_is_no_ceremony() {
    let room = rotation();
    let partial = corpus("partial/first-3of5-ed25519-2sigs/draft.json");
    room.desk.import("plain.json", &[partial], None).good();
    let plain = "\"plain.json\" holds drafts and signatures, and no ceremony that could be opened.";
    let told = room.refuses(&["open", "--date", DATE, "--bundle", "plain.json", "visit"], 1, plain);
    now(&told, "Sign it as it is");
    let decline = ["decline", "--draft", "A", "--as", "anna", "--reason", "no", "plain.json"];
    room.refuses(&decline, 1, plain);
    let told = room.refuses(&["import", "--into", "folder", "plain.json"], 1, OTHER);
    now(&told, "conclave show FILE");
}

#[test]
fn names_that_the_plan_does_not_know_speak_nowhere() {
    let room = rotation();
    let changed = room.plan("rotation", &[("2028-03-05", "2028-04-05")]);
    for arguments in [
        &["decline", "--draft", "A", "--as", "nobody", "--reason", "x", "folder"][..],
        &["close", "--unfinished", "--as", "nobody", "folder"],
        &["abort", "--as", "nobody", "--reason", "x", "folder"],
        &["replan", "--as", "nobody", "--reason", "x", "folder", changed],
    ] {
        let told = room.refuses(arguments, 2, "The plan of this ceremony knows nobody called \"nobody\".");
        now(&told, "Name one of: anna, bela, carla, dora, olga, wim.");
    }
}

#[test]
fn letters_of_no_draft_are_refused_with_the_letters_that_are() {
    let room = rotation();
    for letter in ["B", "b", "AA", "1", ""] {
        for arguments in [
            &["decline", "--draft", letter, "--as", "anna", "--reason", "x", "folder"][..],
            &["finalize", "--draft", letter, "folder"],
            &["show", "--draft", letter, "folder"],
            &["show", "--draft", letter, "a.bundle.json"],
        ] {
            let told =
                room.refuses(arguments, 2, &format!("There is no draft \"{}\".", letter.to_uppercase()));
            assert_eq!(told.now, "Name one of: A.");
        }
    }
    let told = room.refuses(
        &["show", "--draft", "A", OWN],
        2,
        "\"inputs/1.root.json\" is one document; only the drafts of bundles and ceremonies have letters.",
    );
    now(&told, "Leave --draft out.");
}

#[test]
fn a_bundle_is_not_written_into_the_ceremonys_own_folder() {
    let room = rotation();
    for out in ["folder/b.json", "folder/final/b.json", "./folder/../folder/b.json"] {
        std::fs::create_dir_all(room.desk.path("folder/final")).unwrap();
        let done = room.desk.run(["export", "--out", out, "folder"]);
        let told = refused(&done, 5);
        assert!(told.error.contains("a ceremony's folder holds only what its lines name"), "{told:?}");
        now(&told, "Name a place outside of the folder");
        assert!(!room.desk.path(out).exists());
    }
    room.refuses(&["export", "--out", "folder", "folder"], 5, "The file \"folder\" exists already.");
}

#[test]
fn options_that_would_be_passed_over_are_refused() {
    let room = rotation();
    let for_folders =
        "--draft, --mirror, --one-device and --head are for a ceremony's folder, and this is none.";
    for arguments in [
        &["finalize", "--out", "final", "--draft", "A", "a.bundle.json"][..],
        &["finalize", "--out", "final", "--one-device", "x", "a.bundle.json"],
        &["import", "--out", "b.json", "--mirror", "b", OWN],
    ] {
        now(&room.refuses(arguments, 2, for_folders), "Leave them out");
    }
    let for_bundles = "--trust and --date are for opening a bundle, and this is a folder that is open.";
    let decline = ["decline", "--draft", "A", "--as", "anna", "--reason", "x", "--trust", OWN, "folder"];
    now(&room.refuses(&decline, 2, for_bundles), "Leave them out");
}

#[test]
fn declining_in_a_bundle_never_speaks_of_another_one_that_had_its_name() {
    let room = rotation();
    room.open("renewal.plan.toml", "other");
    let decline =
        ["decline", "--draft", "A", "--as", "anna", "--reason", "not what we agreed", "a.bundle.json"];
    let told = room.refuses(
        &decline,
        1,
        "You cannot check this draft without your own copy of the trusted document.",
    );
    now(&told, "--trust");
    let decline = [&decline[..], &["--trust", OWN]].concat();
    let told =
        room.refuses(&decline, 2, "A folder is opened beside the bundle for this, and no date was given.");
    now(&told, "--date 2027-03-05");
    let visit = [&decline[..], &["--date", DATE, "--one-device", "a visit"]].concat();
    room.desk.run(&visit).good();
    std::fs::remove_file(room.desk.path("a.bundle.json")).unwrap();
    room.desk.run(["export", "--out", "a.bundle.json", "other"]).good();
    let sentence = "\"a.bundle.json.conclave\" was opened from another bundle than \"a.bundle.json\", and the two do not belong together.";
    let told = room.refuses(&decline, 1, sentence);
    because(&told, "the folder is of the ceremony ");
    now(&told, "Give the bundle a name of its own");
}

#[test]
fn a_folder_where_a_file_belongs_and_a_file_where_a_folder_belongs_are_told_apart() {
    let room = rotation();
    let folder = "\"folder\" is a folder, not a regular file.";
    for arguments in [
        &["merge", "--out", "b.json", "folder", "a.bundle.json"][..],
        &["import", "--into", "folder", "folder"],
        &["import", "--out", "b.json", "folder"],
        &["open", "--date", DATE, "--bundle", "folder", "visit"],
        &["open", "--date", DATE, "folder", "visit"],
        &["plan", "check", "folder"],
    ] {
        now(&room.refuses(arguments, 5, folder), "becomes one with `conclave export`");
    }
    for arguments in [
        &["import", "--into", "a.bundle.json", "a.bundle.json"][..],
        &["export", "--out", "b.json", "a.bundle.json"],
        &["close", "--as", "olga", "a.bundle.json"],
        &["abort", "--as", "olga", "--reason", "x", "a.bundle.json"],
        &["note", "--as", "olga", "x", "a.bundle.json"],
        &["replan", "--as", "olga", "--reason", "x", "a.bundle.json", "rotation.plan.toml"],
    ] {
        let told =
            room.refuses(arguments, 5, "\"a.bundle.json\" is no folder, and a ceremony's folder is needed.");
        now(&told, "a bundle becomes one with `conclave open --bundle`");
    }
    for arguments in [
        &["status", "inputs"][..],
        &["show", "inputs"],
        &["finalize", "inputs"],
        &["import", "--into", "inputs", "a.bundle.json"],
        &["export", "--out", "b.json", "inputs"],
        &["decline", "--draft", "A", "--as", "anna", "--reason", "x", "inputs"],
        &["close", "--as", "olga", "inputs"],
    ] {
        let told = room.refuses(arguments, 1, "\"inputs\" holds no ceremony.");
        now(&told, "Name the folder of a ceremony, or open a new one.");
    }
    for arguments in [&["status", "no"][..], &["show", "no"], &["export", "--out", "b.json", "no"]] {
        room.refuses(arguments, 5, "There is no file or folder \"no\".");
    }
    let told = room.refuses(
        &["finalize", "--out", "final", "folder"],
        2,
        "A ceremony's final files lie in its own folder, under final/.",
    );
    now(&told, "Leave --out away.");
    now(
        &room.refuses(
            &["finalize", "a.bundle.json"],
            2,
            "A bundle's final files need a folder to be written to.",
        ),
        "--out DIR",
    );
    let told = room.refuses(
        &["import", "--out", "b.json", "a.bundle.json"],
        1,
        "\"a.bundle.json\" is not TUF metadata.",
    );
    now(&told, "conclave merge");
    let told = room.refuses(&["status", OWN], 1, "\"inputs/1.root.json\" is refused as a bundle.");
    now(&told, "Name a bundle");
}
