//! Each verdict, and what is said with it.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::paper::PaperDigest;
use tuf_ceremony::places::TRANSCRIPT;
use tuf_ceremony::replay::{Evidence, Gap, Lying, PaperSays, Replay, Stopped, Verdict, replay};
use tuf_ceremony::state::Outcome;
use tuf_ceremony::transcript::event::*;
use tuf_ceremony::words;

use crate::folder::{Folder, Machine};
use crate::mutations::forged;
use crate::stage::{self, note, text};

/// A first root to its end, with a failure, an export, and a reply.
fn finished() -> Folder {
    let mut a = stage::sealed(&stage::first(), "a");
    a.sign("root", "anna", "anna-1", 1).unwrap();
    let sent = a.export();
    let mut b = Machine::from_bundle(&sent, None, "b");
    b.sign("root", "bela", "bela-1", 1).unwrap();
    b.sign("targets", "bela", "bela-1", 1).unwrap();
    a.import(Form::Bundle, &b.export()).unwrap();
    a.grant("root", "bela").unwrap();
    a.sign("targets", "anna", "anna-1", 1).unwrap();
    a.sign("app", "anna", "app", 1).unwrap();
    ["root", "targets", "app"].into_iter().for_each(|role| a.finalize(role).unwrap());
    a.close();
    a.folder
}

/// The line of the only event of this name, or the first.
fn line_of(folder: &Folder, name: &str) -> usize {
    let named = format!("\"event\":{{\"{name}\":");
    let is = |line: &Vec<u8>| String::from_utf8_lossy(line).contains(&named);
    folder.lines().iter().position(is).unwrap() + 1
}

fn other_digest(digest: &mut Digest) {
    *digest = Digest::of(digest.as_bytes());
}

/// What somebody does to a line.
type Change<'c> = &'c dyn Fn(&mut Event);

#[test]
fn of_a_line_that_follows_from_the_ones_before_it_the_right_one_is_said() {
    let folder = finished();
    let cases: [(&str, Change); 5] = [
        ("Sealed", &|event| {
            let Event::Sealed(sealed) = event else { panic!() };
            other_digest(&mut sealed.drafts[1].payload);
        }),
        ("BundleExported", &|event| {
            let Event::BundleExported(exported) = event else { panic!() };
            exported.signatures += 1;
        }),
        ("BundleImported", &|event| {
            let Event::BundleImported(imported) = event else { panic!() };
            imported.signatures.remove(0);
        }),
        ("Finalized", &|event| {
            let Event::Finalized(finalized) = event else { panic!() };
            other_digest(&mut finalized.file.sha256);
        }),
        ("Closed", &|event| {
            let Event::Closed(closed) = event else { panic!() };
            closed.unfinished.push(Digest::of(b"x"));
        }),
    ];
    for (name, change) in cases {
        let line = line_of(&folder, name);
        let other = forged(&folder, line, change);
        let replay = other.replay(None);
        assert_eq!(replay.verdict(), Verdict::Diverged);
        let divergence = replay.walked.divergence.clone().unwrap();
        let [right, wrong] = [&folder, &other]
            .map(|folder| String::from_utf8(folder.lines()[line - 1].clone()).unwrap().trim_end().to_owned());
        assert_eq!(divergence.line, line as u64);
        assert_eq!((divergence.expected.as_deref(), &divergence.found), (Some(right.as_str()), &wrong));
        assert!(divergence.why.len() > 20 && !divergence.why.ends_with('.'), "{}", divergence.why);
        let differs = divergence.difference().unwrap();
        assert_eq!(right[..differs.same], wrong[..differs.same]);
        assert_ne!(differs.expected, differs.found);
        assert!(right.contains(differs.expected) && wrong.contains(differs.found), "{differs:?}");
        assert!(differs.expected.len() <= 80 && differs.found.len() <= 80);
        // Lines behind it are a chain, and nothing more is said of them.
        assert_eq!(replay.walked.judged(), line as u64 - 1);
        assert_eq!((replay.transcript.count(), replay.unread), (folder.lines().len() as u64, 0));
    }
}

#[test]
fn of_any_other_line_the_reason_is_said() {
    let folder = finished();
    let line = line_of(&folder, "SignatureAdmitted");
    let other = forged(&folder, line, &|event| {
        let Event::SignatureAdmitted(admitted) = event else { panic!() };
        admitted.sig = admitted.sig.chars().rev().collect();
    });
    let divergence = other.replay(None).walked.divergence.unwrap();
    assert_eq!((divergence.line, &divergence.expected), (line as u64, &None));
    assert!(divergence.why.starts_with("a signature by the key"), "{}", divergence.why);
    assert_eq!(divergence.difference(), None);
}

#[test]
fn a_broken_chain_is_said_at_the_line_that_was_written_behind_others() {
    let folder = finished();
    let mut lines = folder.lines();
    let at = line_of(&folder, "Consented") - 1;
    let changed = String::from_utf8(lines[at].clone()).unwrap().replace("her own paper", "her own phone");
    lines[at] = changed.into_bytes();
    let replay = folder.with_lines(&lines).replay(None);
    let divergence = replay.walked.divergence.as_ref().unwrap();
    // The changed line itself is legal; the one behind it was written behind another.
    assert_eq!(divergence.line, at as u64 + 2);
    assert!(divergence.why.contains("was written behind other lines"), "{}", divergence.why);
    let before = Digest::of(&lines[..=at].concat()).to_string();
    assert!(divergence.expected.as_ref().unwrap().ends_with(&format!("\"prev\":\"{before}\"}}")));
    assert_eq!(divergence.found.as_bytes(), lines[at + 1].trim_ascii_end());
    assert_eq!(replay.unread, lines.len() as u64 - at as u64 - 1);
}

#[test]
fn a_line_that_cannot_be_read_is_shown_without_what_a_terminal_obeys() {
    let folder = finished();
    let mut lines = folder.lines();
    lines[2] = b"{\"clock\":\"\x1b[2J\"}\n".to_vec();
    let divergence = folder.with_lines(&lines).replay(None).walked.divergence.unwrap();
    assert_eq!((divergence.line, &divergence.expected), (3, &None));
    assert_eq!(divergence.found, "{\\\"clock\\\":\\\"\\x1b[2J\\\"}");
    let nothing = folder.with_lines(&[]).replay(None);
    assert_eq!(nothing.walked.divergence.as_ref().unwrap().line, 1);
    assert_eq!(nothing.recorded(), None);
}

#[test]
fn other_rules_and_formats_are_said_and_not_guessed() {
    let folder = finished();
    let opened = |change: &dyn Fn(&mut Opened)| {
        let change = |event: &mut Event| {
            let Event::Opened(opened) = event else { panic!() };
            change(opened);
        };
        forged(&folder, 1, &change)
    };
    let rules = opened(&|opened| opened.rules = 2);
    let replay = rules.replay(Some(rules.head()));
    let why = Gap::Rules { format: 1, rules: 2 };
    assert_eq!(replay.walked.stopped, Some(Stopped { line: 1, why }));
    assert_eq!((replay.verdict(), replay.walked.judged()), (Verdict::Incomplete, 0));
    assert_eq!(replay.recorded().unwrap().rules, 2);
    // Its chain is checked all the same, and so are the files that its lines name.
    assert_eq!((replay.transcript.count(), replay.missing.len()), (folder.lines().len() as u64, 0));
    let format = opened(&|opened| opened.format = 2);
    let mut lines = format.lines();
    lines[1] = String::from_utf8(lines[1].clone()).unwrap().replace("Sealed", "SealedAnew").into_bytes();
    let unknown = format.with_lines(&lines).replay(None);
    assert_eq!((unknown.walked.divergence.as_ref(), unknown.verdict()), (None, Verdict::Incomplete));
    lines.remove(1);
    assert_eq!(format.with_lines(&lines).verdict(None), Verdict::Diverged, "that it is no chain is seen");
    lines = rules.lines();
    lines[1] = b"{}\n".to_vec();
    assert_eq!(rules.with_lines(&lines).verdict(None), Verdict::Diverged, "our own format we can read");
}

#[test]
fn what_is_gone_is_a_gap_and_never_proved() {
    let folder = finished();
    let head = Some(folder.head());
    // Without the plan nothing can be made: all lines are a chain, and that is all.
    let replay = folder.without("plan/0.plan.toml").replay(head);
    let Some(Stopped { line: 1, why: Gap::Gone { file: Some(file), .. } }) = &replay.walked.stopped else {
        panic!("{:?}", replay.walked.stopped)
    };
    assert_eq!((file.path.as_str(), replay.verdict()), ("plan/0.plan.toml", Verdict::Incomplete));
    // A card is needed for the drafts.
    let replay = folder.without("cards/anna-1.0.json").replay(head);
    assert!(matches!(&replay.walked.stopped, Some(Stopped { line: 1 | 2, why: Gap::Gone { .. } })));
    assert_eq!(replay.verdict(), Verdict::Incomplete);
    // The reply is needed for what it told: its signatures are verified all the same, and the line of it is named.
    let import = line_of(&folder, "BundleImported");
    let path = folder.paths().into_iter().find(|path| path.starts_with("imports/")).unwrap();
    let replay = folder.without(&path).replay(head);
    let lines: Vec<u64> = replay.not_recomputed().iter().map(|gap| gap.line).collect();
    assert_eq!((lines, replay.verdict()), (vec![import as u64], Verdict::Incomplete));
    // That Bela granted what the root needs was written down here, so no other line stands on the reply.
    assert_eq!(replay.walked.stopped, None);
    assert_eq!(replay.walked.judged(), folder.lines().len() as u64);
    // Even if somebody forgets to look at the files.
    let mut unlooked = replay;
    (unlooked.missing, unlooked.walked.stopped) = (vec![], None);
    assert_eq!(unlooked.verdict(), Verdict::Incomplete);
    // What holds something else is as good as gone, and graver.
    let altered = folder.with("plan/0.plan.toml", b"format = 1\n".to_vec()).replay(head);
    assert!(altered.walked.stopped.is_some() && altered.walked.divergence.is_none());
    assert_eq!((altered.altered.len(), altered.verdict()), (1, Verdict::FilesDiffer));
    // Drafts, final files and what people saw are not needed for anything, and missed.
    for path in folder.paths().iter().filter(|path| ["drafts", "final/", "shown/"].contains(&&path[..6])) {
        let replay = folder.without(path).replay(head);
        assert_eq!((replay.walked.stopped.as_ref(), replay.verdict()), (None, Verdict::Incomplete), "{path}");
        assert_eq!(replay.walked.judged(), folder.lines().len() as u64);
    }
}

#[test]
fn a_piece_of_a_line_at_the_end_is_no_line() {
    let folder = finished();
    let torn = folder.with(TRANSCRIPT, [folder.transcript(), b"{\"clock\""].concat());
    let replay = torn.replay(Some(folder.head()));
    assert_eq!((replay.torn, replay.verdict()), (8, Verdict::FilesDiffer));
    assert_eq!(replay.walked.divergence, None);
}

#[test]
fn attempts_that_may_have_left_a_signature_are_told() {
    let mut a = stage::sealed(&stage::first(), "a");
    a.grant("root", "anna").unwrap();
    a.consent("root", "anna").unwrap();
    let first = a.begin_signing("root", "anna", "anna-1").unwrap();
    a.fail(first, Failure::Unknown).unwrap();
    let second = a.begin_signing("root", "anna", "anna-1").unwrap();
    a.fail(second, Failure::NotSigned).unwrap();
    let third = a.begin_signing("root", "anna", "anna-1").unwrap();
    a.say(Event::Aborted(note("the lights went out")));
    let replay = a.folder.replay(Some(a.folder.head()));
    let doubt: Vec<_> = replay.in_doubt().map(|attempt| (attempt.line, attempt.outcome)).collect();
    assert_eq!(doubt, [(first, Some(Outcome::Failed(Failure::Unknown))), (third, None)]);
    assert_eq!(replay.verdict(), Verdict::Proved, "it is what happened");
}

fn on_paper(folder: &Folder, paper: &str) -> Replay {
    let lying = |bytes: &Vec<u8>| Lying { bytes: bytes.len() as u64, sha256: Digest::of(bytes) };
    let files = folder.paths().into_iter().map(|path| (path.clone(), lying(&folder.0[&path]))).collect();
    replay(&Evidence {
        transcript: folder.transcript(),
        files: &files,
        materials: &folder.shelf(),
        paper: Some(&PaperDigest::read(paper).unwrap()),
    })
}

#[test]
fn a_head_in_words_of_which_some_are_smudged_is_compared_as_far_as_it_can_be_read() {
    let folder = finished();
    let head = folder.head();
    let mut words: Vec<String> = words::words_of(head.as_bytes()).into_iter().map(str::to_owned).collect();
    words[3] = text("?");
    words[30] = text("tri????");
    let replay = on_paper(&folder, &words.join(" "));
    let line = folder.lines().len() as u64;
    assert_eq!(replay.paper, PaperSays::Holds { line, unreadable: 4, afterwards: 0, later: 0 });
    assert_eq!(replay.verdict(), Verdict::Proved);
    words.swap(10, 12);
    assert_eq!(on_paper(&folder, &words.join(" ")).verdict(), Verdict::OtherHead);
}

#[test]
fn verdicts_have_one_word_each_and_only_two_hold() {
    let words: Vec<&str> = Verdict::ALL.iter().map(|verdict| verdict.word()).collect();
    let mut sorted = words.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), Verdict::ALL.len());
    assert!(Verdict::ALL.is_sorted());
    let hold: Vec<Verdict> = Verdict::ALL.into_iter().filter(|verdict| verdict.holds()).collect();
    assert_eq!(hold, [Verdict::Proved, Verdict::Consistent]);
    let page = include_str!("../../../docs/spec/replay.md");
    for word in words {
        assert!(page.contains(&format!("| `{word}` |")), "{word} is not in docs/spec/replay.md");
    }
}
