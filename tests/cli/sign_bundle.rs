//! A keyholder signs from a ceremony's bundle alone, in her own folder beside it, and her reply goes home; and everything that
//! somebody could put into that bundle.

use sha2::{Digest as _, Sha256};

use crate::chairs::{Chairs, both, events};
use crate::holder::{PIN, Talk, fault};
use crate::refusal::refused;
use crate::room::card;
use crate::scene::{TODAY, key, tallies};
use crate::stage::{Desk, read};

/// What she types beside her name: the date.
const DATED: &str = "--date 2027-03-05";

/// A machine that has nothing but a bundle and, perhaps, her own root.
fn away(chairs: &Chairs, bundle: &str, root: Option<&str>) -> Desk {
    let desk = Desk::new();
    desk.put("it.bundle.json", read(&chairs.scene.path(bundle)));
    if let Some(root) = root {
        desk.put("mine.root.json", read(&chairs.scene.path(root)));
    }
    desk
}

/// Consent, PIN, and a good end.
fn once(mut talk: Talk) -> String {
    talk.consent();
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    said
}

#[test]
fn a_holder_signs_from_the_bundle_alone_while_the_office_has_no_folder_and_her_reply_completes_it() {
    let home = Chairs::rehearsal();
    home.signs_both("anna", "a");
    home.scene.run("export --out first.bundle.json a").good();
    home.scene.copy("a", "in-the-safe");
    home.scene.remove("a");

    let away = away(&home, "first.bundle.json", None);
    let said = both(home.sits_at(&away, "bela", &format!("{DATED} it.bundle.json"), &[]));
    assert!(said.contains("Your reply is written. Send it home: it.reply.bundle.json"), "{said}");
    assert_eq!(
        home.scene.events_at(&away.path("it.bundle.json.conclave")),
        [
            "Opened",
            "Sealed",
            "BundleImported",
            "PersonPresent",
            "TokenSeen",
            "Consented",
            "SigningBegun",
            "SignatureAdmitted",
            "Consented",
            "SigningBegun",
            "SignatureAdmitted",
            "BundleExported"
        ]
    );
    away.run(["replay", "it.bundle.json.conclave"]).good();
    away.run(["status", "it.reply.bundle.json"]).good();

    home.scene.copy("in-the-safe", "a");
    home.scene.desk.put("back.json", read(&away.path("it.reply.bundle.json")));
    home.scene.run("import --into a back.json").good();
    let expected = [("A".to_owned(), vec![(2, 2)]), ("B".to_owned(), vec![(2, 2)])];
    assert_eq!(tallies(&home.scene.status("a")), expected);
    home.scene.run("finalize a").good();
    home.scene.run("close --as olga a").good();
    home.scene.replays("a");

    // Another office that only has the reply.
    away.run(["open", "--date", TODAY, "--bundle", "it.reply.bundle.json", "other"]).good();
    away.run(["finalize", "other"]).good();
    assert_eq!(read(&away.path("other/final/1.root.json")), read(&home.scene.path("a/final/1.root.json")));
}

#[test]
fn a_visit_that_was_cut_off_before_the_reply_gives_it_the_next_time_without_a_token() {
    let home = Chairs::rehearsal();
    home.scene.run("export --out first.bundle.json a").good();
    let away = away(&home, "first.bundle.json", None);
    let mut talk = home.sits_at(&away, "bela", &format!("{DATED} it.bundle.json"), &[]);
    talk.consent();
    // Somebody takes the reply's name while she signs.
    away.put("it.reply.bundle.json", "in the way");
    talk.line(PIN);
    let phrase = talk.phrase();
    talk.line(&phrase);
    let (code, said) = talk.end();
    assert_eq!(code, 5, "{said}");
    let told = fault(&said);
    assert_eq!(told.signed, "2 signatures made before this are stored in \"it.bundle.json.conclave\".");
    std::fs::remove_file(away.path("it.reply.bundle.json")).unwrap();
    let (code, said) = home.sits_at(&away, "bela", "it.bundle.json", &[]).end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("no token was asked") && !said.contains("PIN of token"), "{said}");
    home.scene.desk.put("back.json", read(&away.path("it.reply.bundle.json")));
    home.scene.run("import --into a back.json").good();
    let expected = [("A".to_owned(), vec![(1, 2)]), ("B".to_owned(), vec![(1, 2)])];
    assert_eq!(tallies(&home.scene.status("a")), expected);
    // What wrote nothing says so.
    let (code, said) = home.sits_at(&away, "nobody", "--out new.json it.bundle.json", &[]).end();
    assert_eq!(code, 2, "{said}");
    assert_eq!(fault(&said).signed, "Nothing was signed, nothing was written.");
}

#[test]
fn a_second_visit_needs_another_name_for_the_reply_and_finds_nothing_more_to_sign() {
    let home = Chairs::rehearsal();
    home.scene.run("export --out first.bundle.json a").good();
    let away = away(&home, "first.bundle.json", None);
    let sits = |words: &str| home.sits_at(&away, "bela", words, &[]);
    once(sits(&format!("{DATED} --draft A it.bundle.json")));
    let (code, said) = sits("it.bundle.json").end();
    assert_eq!(code, 5, "{said}");
    assert!(fault(&said).error.contains("exists already"), "{said}");
    let said = once(sits("--out second.bundle.json it.bundle.json"));
    assert!(said.contains("Signed: draft B"), "{said}");
    let (code, said) = sits("--out third.bundle.json it.bundle.json").end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("nothing more waits for you") && !said.contains("Signed: "), "{said}");
    let inside = "--out it.bundle.json.conclave/reply.json it.bundle.json";
    let (code, said) = sits(inside).end();
    assert_eq!(code, 5, "{said}");
    assert!(fault(&said).error.contains("would lie inside"), "{said}");
}

#[test]
fn a_rotation_is_signed_against_her_own_root_and_without_it_or_on_another_nothing_is_opened() {
    let home = Chairs::published("");
    home.scene.run(&format!("open --date {TODAY} rotation.plan.toml r")).good();
    home.scene.run("export --out r.bundle.json r").good();
    let desk = away(&home, "r.bundle.json", Some("1.root.json"));
    let before = desk.listing();
    let visit = |words: &str| home.unattended_at(&desk, "dora", words);
    let told = refused(&visit(&format!("{DATED} it.bundle.json")), 1);
    assert!(told.error.contains("without your own copy"), "{told:?}");

    // Another first root, by the same people, whose rotation was never published.
    let other = Chairs::with_plan(true, "");
    let plan = String::from_utf8(read(&other.scene.path("first.plan.toml"))).unwrap();
    other.scene.desk.put("first.plan.toml", plan.replace("2028-03-05", "2028-03-06"));
    other.scene.whole("first", &[("0-a", &["anna", "bela"]), ("0-b", &["anna", "carla"])]);
    desk.put("other.root.json", read(&other.scene.path("first/final/1.root.json")));
    let told = refused(&visit(&format!("{DATED} --trust other.root.json it.bundle.json")), 1);
    assert!(told.error.contains("does not build on the document that you trust"), "{told:?}");
    std::fs::remove_file(desk.path("other.root.json")).unwrap();
    assert!(desk.listing() == before, "nothing was opened");

    let said =
        once(home.sits_at(&desk, "dora", &format!("{DATED} --trust mine.root.json it.bundle.json"), &[]));
    assert!(said.contains("you are no holder of the old one"), "{said}");
    home.scene.desk.put("back.json", read(&desk.path("it.reply.bundle.json")));
    home.scene.run("import --into r back.json").good();
    // In the office's folder her own root is asked for by nobody, and judges where she gives it.
    home.scene.desk.put("other.root.json", read(&other.scene.path("first/final/1.root.json")));
    let told = refused(&home.unattended("anna", "--trust other.root.json r"), 1);
    assert!(told.error.contains("does not build on the document that you trust"), "{told:?}");
    once(home.sits("anna", "--trust 1.root.json r"));
    once(home.sits("carla", "r"));
    home.scene.run("finalize r").good();
    home.scene.run("verify chain 1.root.json r/final/2.root.json").good();
    home.scene.run("close --as olga r").good();
    home.scene.replays("r");
}

#[test]
fn a_folder_that_came_with_the_bundle_is_believed_no_more_than_that_and_her_root_is_asked_for_each_time() {
    let home = Chairs::published("");
    home.scene.run(&format!("open --date {TODAY} rotation.plan.toml r")).good();
    home.scene.run("export --out r.bundle.json r").good();
    let desk = away(&home, "r.bundle.json", Some("1.root.json"));
    // Somebody's own ceremony, in which the true bundle lies as if it had been taken in.
    let planter = Chairs::rehearsal();
    planter.scene.run("export --out planted.json a").good();
    desk.put("planted.json", read(&planter.scene.path("planted.json")));
    desk.run(["open", "--date", TODAY, "--bundle", "planted.json", "it.bundle.json.conclave"]).good();
    let bundle = read(&desk.path("it.bundle.json"));
    let name =
        format!("it.bundle.json.conclave/imports/9-{}.json", &hex::encode(Sha256::digest(&bundle))[..16]);
    desk.put(&name, &bundle);
    let before = desk.listing();
    let sign = |words: &str| home.unattended_at(&desk, "dora", &format!("{words} it.bundle.json"));
    let told = refused(&sign("--trust mine.root.json"), 1);
    assert!(told.error.contains("was opened from another bundle"), "{told:?}");
    assert!(told.because.iter().any(|why| why.contains("the folder is of the ceremony")), "{told:?}");
    let told = refused(&sign(""), 1);
    assert!(told.error.contains("without your own copy"), "{told:?}");
    let decline = ["decline", "--draft", "A", "--as", "dora", "--reason", "no", "--trust", "mine.root.json"];
    let told = refused(&desk.run(decline.into_iter().chain(["it.bundle.json"])), 1);
    assert!(told.error.contains("was opened from another bundle"), "{told:?}");
    assert!(desk.listing() == before, "the strange folder was not touched");
    // Her own folder is gone on with, and her root is asked for again.
    std::fs::remove_dir_all(desk.path("it.bundle.json.conclave")).unwrap();
    let visit = ["open", "--date", TODAY, "--trust", "mine.root.json", "--bundle", "it.bundle.json"];
    desk.run(visit.into_iter().chain(["it.bundle.json.conclave"])).good();
    let told = refused(&sign(""), 1);
    assert!(told.error.contains("without your own copy"), "{told:?}");
    once(home.sits_at(&desk, "dora", "--trust mine.root.json it.bundle.json", &[]));
}

#[test]
fn a_forged_predecessor_in_the_bundle_is_refused_whether_it_is_a_whole_chain_of_its_own_or_one_changed_word()
{
    // Somebody has a first root of his own on which a rotation builds; all of it holds together.
    let forger = Chairs::with_plan(true, "");
    let plan = String::from_utf8(read(&forger.scene.path("first.plan.toml"))).unwrap();
    forger.scene.desk.put("first.plan.toml", plan.replace("2028-03-05", "2028-03-06"));
    forger.scene.desk.put("inputs/dora.json", card(&key("dora"), "Dora Engel", true));
    forger.scene.whole("first", &[("0-a", &["anna", "bela"]), ("0-b", &["anna", "carla"])]);
    forger.scene.desk.put("forged.root.json", read(&forger.scene.path("first/final/1.root.json")));
    forger.rotation("rotation", "forged.root.json", "2028-06-05", "");
    forger.scene.run(&format!("open --date {TODAY} rotation.plan.toml r")).good();
    forger.scene.run("export --out r.bundle.json r").good();

    let home = Chairs::published("");
    let desk = away(&forger, "r.bundle.json", None);
    desk.put("mine.root.json", read(&home.scene.path("1.root.json")));
    let words = format!("{DATED} --trust mine.root.json it.bundle.json");
    let before = desk.listing();
    let told = refused(&home.unattended_at(&desk, "dora", &words), 1);
    assert!(told.error.contains("does not build on the document that you trust"), "{told:?}");
    assert!(told.now.starts_with("Do not sign"), "{told:?}");
    assert!(desk.listing() == before, "nothing was opened");

    home.scene.run(&format!("open --date {TODAY} rotation.plan.toml r")).good();
    home.scene.run("export --out r.bundle.json r").good();
    let honest = String::from_utf8(read(&home.scene.path("r.bundle.json"))).unwrap();
    let changed = honest.replacen("2028-03-05", "2028-03-07", 1);
    assert_ne!(changed, honest);
    desk.put("it.bundle.json", changed);
    refused(&home.unattended_at(&desk, "dora", &words), 1);
    assert!(!desk.path("it.bundle.json.conclave").exists());
}

#[test]
fn two_roots_ahead_of_hers_everything_since_hers_is_shown_and_a_swap_in_between_is_refused() {
    let home = Chairs::published("");
    home.scene.whole("rotation", &[("0-a", &["bela", "carla"]), ("0-a", &["anna", "dora"])]);
    home.scene.desk.put("2.root.json", read(&home.scene.path("rotation/final/2.root.json")));
    let scene = &home.scene;
    let mut plan = scene.head("renewal", "One more year", &["anna", "carla", "dora"]);
    plan = plan.replacen("format = 1\n", "format = 1\nrehearsal = true\n", 1);
    plan += &scene.keys(&["anna", "carla", "dora"], &[]);
    plan += &format!(
        "\n[predecessor]\nroot = {}\nchain = [{}]\n\n[seen]\nroot = 2\n\n[root]\nversion = 3\nexpires = \"2028-12-05T00:00:00Z\"\n",
        scene.named("2.root.json"),
        scene.named("1.root.json"),
    );
    scene.desk.put("renewal.plan.toml", plan);
    scene.run(&format!("open --date {TODAY} renewal.plan.toml n")).good();
    scene.run("export --out n.bundle.json n").good();

    let desk = away(&home, "n.bundle.json", Some("1.root.json"));
    let said =
        once(home.sits_at(&desk, "anna", &format!("{DATED} --trust mine.root.json it.bundle.json"), &[]));
    let since = said.find("All that changed since your own root, version 1").unwrap();
    assert!(since < said.find("Compare this digest").unwrap(), "{said}");
    let flat = said[since..].split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("KEY ADDED for \"Dora Engel\"") && flat.contains("KEY REMOVED"), "{flat}");
    assert!(said.contains("follows from your own root: each step was checked"), "{said}");

    // Root 2 of somebody else between hers and the draft: the lines do not lead from hers to it.
    let swapped = String::from_utf8(read(&home.scene.path("n.bundle.json"))).unwrap();
    let swapped = swapped.replace("2028-06-05", "2028-06-06");
    let desk = away(&home, "n.bundle.json", Some("1.root.json"));
    desk.put("it.bundle.json", swapped);
    refused(&home.unattended_at(&desk, "anna", &format!("{DATED} --trust mine.root.json it.bundle.json")), 1);
    assert!(!desk.path("it.bundle.json.conclave").exists());
}

#[test]
fn a_lowered_threshold_stands_on_the_danger_page_and_nobody_signs_before_she_granted_it() {
    let lowered = "
[root.roles]
root = { keys = [\"anna\", \"carla\", \"dora\"], threshold = 1 }

[[exceptions]]
control = \"threshold-lowered\"
about = \"root\"
reason = \"two of us travel\"

[[exceptions]]
control = \"threshold-one\"
about = \"root\"
reason = \"two of us travel\"
";
    let home = Chairs::published(lowered);
    home.scene.run(&format!("open --date {TODAY} rotation.plan.toml r")).good();
    let r = home.scene.path("r");
    let mut talk = home.sits("anna", "r");
    talk.phrase_after("To grant exception 1, type: ");
    talk.line("no");
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    let told = fault(&said);
    assert!(
        told.error.contains("did not grant") && told.signed.starts_with("Nothing was signed"),
        "{told:?}"
    );
    let danger = said.find("threshold").unwrap();
    assert!(danger < said.find("Compare this digest").unwrap(), "{said}");
    assert!(said.contains("\"two of us travel\""), "{said}");
    assert_eq!((events(&r, "ExceptionGranted").len(), events(&r, "SigningBegun").len()), (0, 0));

    let mut talk = home.sits("anna", "r");
    for number in [1, 2] {
        let phrase = talk.phrase_after(&format!("To grant exception {number}, type: "));
        talk.line(&phrase);
    }
    once(talk);
    let granted = events(&r, "ExceptionGranted");
    assert_eq!(granted.len(), 2, "{granted:?}");
    assert!(
        granted.iter().all(|g| g["person"] == "anna" && g["reason"] == "two of us travel"),
        "{granted:?}"
    );
    home.scene.replays("r");
}

#[test]
fn a_draft_that_is_swapped_in_the_folder_while_she_reads_is_not_signed() {
    let home = Chairs::rehearsal();
    let draft = home.scene.path("a/drafts/0-a.json");
    let text = String::from_utf8(read(&draft)).unwrap();
    let mut talk = home.sits("anna", "a");
    let phrase = talk.phrase();
    std::fs::write(&draft, text.replace("2028-03-05", "2038-03-05")).unwrap();
    talk.line(&phrase);
    let (code, said) = talk.end();
    assert_eq!(code, 1, "{said}");
    assert!(fault(&said).error.contains("changed this folder while you were reading"), "{said}");
    assert_eq!(events(&home.scene.path("a"), "SigningBegun").len(), 0);
    let told = refused(&home.unattended("bela", "a"), 1);
    assert!(told.says("0-a.json"), "{told:?}");
    std::fs::write(&draft, &text).unwrap();
    home.signs_both("anna", "a");
    home.scene.replays("a");
}

#[test]
fn a_second_payload_for_the_same_role_and_version_is_told_by_her_own_log_before_she_signs() {
    let home = Chairs::published("");
    home.rotation("later", "1.root.json", "2028-07-05", "");
    for (plan, folder) in [("rotation", "r"), ("later", "l")] {
        home.scene.run(&format!("open --date {TODAY} {plan}.plan.toml {folder}")).good();
    }
    once(home.sits("anna", "--log my.log.jsonl r"));
    let mut talk = home.sits("anna", "--log my.log.jsonl l");
    talk.until("Your own log tells of another document");
    talk.phrase_after("To sign this one as well, type: ");
    talk.line("no");
    let (code, said) = talk.end();
    assert_eq!(code, 1, "{said}");
    assert_eq!(events(&home.scene.path("l"), "Consented").len(), 0);
    let mut talk = home.sits("anna", "--log my.log.jsonl l");
    let phrase = talk.phrase_after("To sign this one as well, type: ");
    talk.line(&phrase);
    once(talk);
    let consented = events(&home.scene.path("l"), "Consented");
    let earlier = events(&home.scene.path("r"), "Consented")[0]["draft"].clone();
    assert_eq!(consented[0]["earlier"], earlier, "and the folder tells of the other");
}
