//! What is noticed. With the head on paper: everything but the lock. Without it: everything but what is named here.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::places::TRANSCRIPT;
use tuf_ceremony::replay::{PaperSays, Verdict};
use tuf_ceremony::transcript::event::*;
use tuf_ceremony::transcript::{Entry, Transcript};

use crate::chance::{Dice, Play, Taken};
use crate::folder::{CLOCK, Folder};
use crate::stage::note;

/// Seeds by which both plans come up and chance meets what [`folders`] asks for.
const FIRST: u64 = 58;
const NEXT: u64 = 28;

/// A folder of each ceremony: the first machine of one, the second of the other. Between them they met imports from both
/// sides, failures, a change of plan, and what was set aside.
fn folders() -> [Folder; 2] {
    let [first, next] = [Play::played(FIRST, 16), Play::played(NEXT, 16)];
    let mut taken = Taken::new();
    first.taken(&mut taken);
    next.taken(&mut taken);
    for event in ["Replanned", "SigningFailed", "BundleImported", "SetAside", "Finalized", "Declined"] {
        assert!(taken.contains_key(event), "{taken:?}");
    }
    assert!(first.plan.trust.is_none() && next.plan.trust.is_some());
    [first.machines[0].folder.clone(), next.machines[1].folder.clone()]
}

/// Noticed with the head, and whether it is noticed without.
#[track_caller]
fn noticed(folder: &Folder, head: Digest, what: &str) -> bool {
    let mut replay = folder.replay(Some(head));
    assert!(!replay.verdict().holds(), "{what} went unnoticed");
    // All else is judged without looking at the head.
    replay.paper = PaperSays::NotGiven;
    !replay.verdict().holds()
}

/// Noticed with the head and without.
#[track_caller]
fn noticed_anyhow(folder: &Folder, head: Digest, what: &str) {
    assert!(noticed(folder, head, what), "{what} went unnoticed without the head");
}

/// The folder in which only what these lines name lies.
fn without_what_nothing_names(folder: &Folder) -> Folder {
    let named: Vec<String> = folder
        .lines()
        .iter()
        .flat_map(|line| Entry::read(line).unwrap().event.stored().into_iter().cloned().collect::<Vec<_>>())
        .map(|stored| stored.path)
        .collect();
    let mut other = folder.clone();
    other.0.retain(|path, _| path == TRANSCRIPT || named.contains(path));
    other
}

/// The lines with one event changed, and every later one written again behind it.
pub fn forged(folder: &Folder, line: usize, change: &dyn Fn(&mut Event)) -> Folder {
    let mut chain = Transcript::default();
    for (at, old) in folder.lines().iter().enumerate() {
        let Entry { clock, mut event, .. } = Entry::read(old).unwrap();
        if at + 1 == line {
            change(&mut event);
        }
        chain.push(chain.next(&clock, event)).unwrap();
    }
    folder.with(TRANSCRIPT, chain.text().as_bytes().to_vec())
}

#[test]
fn any_byte_changed_in_any_file_is_noticed() {
    for (seed, folder) in folders().iter().enumerate() {
        let (mut dice, head) = (Dice::new(seed as u64), folder.head());
        for path in folder.paths() {
            let places = folder.0[&path].len();
            for at in [dice.roll(places), dice.roll(places)] {
                let mut bytes = folder.0[&path].clone();
                bytes[at] ^= 1 << dice.roll(8);
                noticed_anyhow(&folder.with(&path, bytes), head, &format!("byte {at} of {path}"));
            }
        }
        let lines = folder.lines();
        for (number, line) in lines.iter().enumerate() {
            for at in [line.len() - 1, dice.roll(line.len())] {
                let mut changed = lines.clone();
                changed[number][at] ^= 1 << dice.roll(8);
                let (other, what) = (folder.with_lines(&changed), format!("byte {at} of line {number}"));
                if number + 1 < lines.len() {
                    noticed_anyhow(&other, head, &what);
                } else {
                    noticed(&other, head, &what);
                }
            }
        }
    }
}

#[test]
fn any_line_cut_or_doubled_and_any_two_swapped_are_noticed() {
    for (seed, folder) in folders().iter().enumerate() {
        let (mut dice, head, lines) = (Dice::new(seed as u64), folder.head(), folder.lines());
        for number in 0..lines.len() {
            let mut cut = lines.clone();
            cut.remove(number);
            let (cut, what) = (folder.with_lines(&cut), format!("line {number} cut"));
            if number + 1 < lines.len() {
                noticed_anyhow(&cut, head, &what);
            } else {
                noticed(&cut, head, &what);
            }
            let mut doubled = lines.clone();
            doubled.insert(number, lines[number].clone());
            noticed_anyhow(&folder.with_lines(&doubled), head, &format!("line {number} doubled"));
            for other in [(number + 1) % lines.len(), dice.roll(lines.len())] {
                if other != number {
                    let mut swapped = lines.clone();
                    swapped.swap(number, other);
                    let what = format!("lines {number} and {other} swapped");
                    noticed_anyhow(&folder.with_lines(&swapped), head, &what);
                }
            }
        }
    }
}

#[test]
fn any_file_added_removed_or_renamed_is_noticed() {
    for folder in folders() {
        let head = folder.head();
        let paths = folder.paths();
        for path in &paths {
            let bytes = folder.0[path].clone();
            let gone = folder.without(path);
            noticed_anyhow(&gone, head, &format!("{path} removed"));
            let replay = gone.replay(Some(head));
            assert_eq!(replay.missing.iter().map(|file| &file.path).collect::<Vec<_>>(), [path]);
            assert_eq!(replay.walked.divergence, None, "{path}: a gap is no lie");
            assert_eq!(replay.verdict(), Verdict::Incomplete);
            for name in [format!("{path}.bak"), path.replace('/', "/x"), path.to_uppercase()] {
                noticed_anyhow(&gone.with(&name, bytes.clone()), head, &format!("{path} called {name}"));
            }
            let copied = folder.with(&format!("aside/{}", path.replace('/', "-")), bytes);
            noticed_anyhow(&copied, head, &format!("{path} copied"));
        }
        // Two files that change places keep all digests that there are.
        for (one, other) in paths.iter().zip(&paths[1..]) {
            if folder.0[one] != folder.0[other] {
                let swapped = folder.with(one, folder.0[other].clone()).with(other, folder.0[one].clone());
                noticed_anyhow(&swapped, head, &format!("{one} and {other} swapped"));
            }
        }
        for name in ["notes.txt", "aside/x.left", "drafts/9-z.json", "lock2", ".hidden", "final/a"] {
            let more = folder.with(name, b"more".to_vec());
            noticed_anyhow(&more, head, &format!("{name} added"));
            assert_eq!(more.replay(None).unexplained, [name]);
        }
        // The lock alone says nothing and is bound by nothing.
        assert_eq!(folder.with("lock", b"anything".to_vec()).verdict(Some(head)), Verdict::Proved);
    }
}

#[test]
fn only_the_head_notices_that_the_last_lines_and_their_files_are_gone() {
    for folder in folders() {
        let (head, lines) = (folder.head(), folder.lines());
        for left in 1..lines.len() {
            let cut = without_what_nothing_names(&folder.with_lines(&lines[..left]));
            assert_eq!(cut.verdict(None), Verdict::Consistent, "{left} lines");
            assert_eq!(cut.replay(Some(head)).paper, PaperSays::Nothing);
            assert_eq!(cut.verdict(Some(head)), Verdict::OtherHead, "{left} lines");
        }
        // Nothing at all is no ceremony.
        let empty = without_what_nothing_names(&folder.with_lines(&[]));
        assert_eq!(empty.verdict(None), Verdict::Diverged);
    }
}

#[test]
fn only_the_head_or_what_came_back_from_another_machine_notices_that_lines_were_written_anew() {
    let mut play = Play::begun(55);
    let seen = play.machines[0].ceremony.state().lines() - 1;
    for words in ["one", "two", "three"] {
        play.machines[0].say(Event::Remarked(note(words)));
    }
    play.finish();
    let folder = &play.machines[0].folder;
    let (mut noticed, mut not) = (0, 0);
    for (at, line) in folder.lines().iter().enumerate() {
        let free = |event: &mut Event| match event {
            Event::Remarked(note) => note.text += ", or so it seemed",
            Event::Consented(consented) => consented.reference = Some("a phone call".to_owned()),
            Event::Opened(opened) => opened.tool += " of ours",
            _ => {}
        };
        let mut event = Entry::read(line).unwrap().event;
        let before = event.clone();
        free(&mut event);
        if event == before {
            continue;
        }
        let other = forged(folder, at + 1, &free);
        assert_ne!(other.verdict(Some(folder.head())), Verdict::Proved);
        // A countersignature is made over the head, and so over everything: its line does not follow any more.
        let replay = other.replay(None);
        assert_eq!(replay.verdict(), Verdict::Diverged);
        let unsigned =
            without_what_nothing_names(&other.with_lines(&other.lines()[..other.lines().len() - 2]));
        if (at as u64) < seen {
            noticed += 1;
            assert_eq!(unsigned.verdict(None), Verdict::Diverged, "line {}", at + 1);
        } else {
            not += 1;
            assert_eq!(unsigned.verdict(None), Verdict::Consistent, "line {}", at + 1);
        }
        assert_eq!(unsigned.verdict(Some(folder.head())), unsigned.verdict(None).max(Verdict::OtherHead));
    }
    assert!(noticed > 1 && not > 6, "{noticed} {not}");
}

#[test]
fn only_the_head_notices_lines_that_were_added_at_the_end() {
    for folder in folders() {
        let head = folder.head();
        let mut chain = Transcript::default();
        for line in folder.lines() {
            chain.push(Entry::read(&line).unwrap()).unwrap();
        }
        let file = Stored { bytes: 1, path: "aside/x.left".to_owned(), sha256: Digest::of(b"x") };
        let aside = Event::SetAside(SetAside { files: vec![file] });
        chain.push(chain.next(CLOCK, aside)).unwrap();
        let more = folder.with("aside/x.left", b"x".to_vec());
        let more = more.with(TRANSCRIPT, chain.text().as_bytes().to_vec());
        assert_eq!(more.verdict(None), Verdict::Consistent);
        assert_eq!(more.verdict(Some(head)), Verdict::BeyondHead);
        let line = chain.count() - 1;
        assert_eq!(
            more.replay(Some(head)).paper,
            PaperSays::Holds { line, unreadable: 0, afterwards: 0, later: 1 }
        );
    }
}

#[test]
fn the_head_of_the_close_says_nothing_of_what_is_kept_afterwards() {
    let mut play = Play::begun(1);
    play.finish();
    let folder = &play.machines[0].folder;
    let closed = play.machines[0].ceremony.state().closed_head().unwrap();
    let replay = folder.replay(Some(closed));
    assert!(matches!(replay.paper, PaperSays::Holds { afterwards: 2, later: 0, .. }), "{:?}", replay.paper);
    assert_eq!(replay.verdict(), Verdict::Proved);
    let last = folder.lines().len();
    let other = forged(folder, last, &|event| {
        let Event::Addendum(addendum) = event else { panic!("{event:?}") };
        addendum.text = "another video".to_owned();
    });
    assert_eq!(other.verdict(Some(closed)), Verdict::Proved);
    assert_eq!(other.verdict(Some(folder.head())), Verdict::OtherHead);
    // A countersignature proves itself.
    let forged = forged(folder, last - 1, &|event| {
        let Event::Countersigned(signed) = event else { panic!("{event:?}") };
        signed.sig = signed.sig.chars().rev().collect();
    });
    assert_eq!(forged.verdict(Some(closed)), Verdict::Diverged);
    // The head of an earlier line covers nothing of what came later, not even once it was closed.
    let earlier = Digest::of(&folder.lines()[..5].concat());
    assert_eq!(folder.verdict(Some(earlier)), Verdict::BeyondHead);
}
