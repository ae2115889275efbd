//! The branches of a guided visit that need no ceremony, with a scripted person: each answer names the question that it answers, and
//! a question that was not expected fails.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::words::words_of;

use super::answers::{self, Turn};
use super::compare;
use super::pins::practise;
use crate::desk::DeskFault;
use crate::desk::attention::Attention;
use crate::operator::screen::Screen;
use crate::operator::secret::SecretFault;
use crate::operator::wording::visiting as said;
use crate::operator::{Operator, OperatorFault};
use crate::pin::Pin;

/// Somebody who expects these questions in this order.
struct Scripted<'s>(std::slice::Iter<'s, (&'s str, &'s str)>);

impl Operator for Scripted<'_> {
    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault> {
        let Some((expected, answer)) = self.0.next() else { panic!("nobody expects {question:?}") };
        assert_eq!(question, *expected);
        if *answer == "^C" { Err(OperatorFault::Stopped) } else { Ok((*answer).to_owned()) }
    }

    fn pin(&mut self, question: &str) -> Result<Pin, SecretFault> {
        panic!("nobody expects {question:?}")
    }
}

/// What is asked and told while these answers are given, all of them.
fn talk<T>(
    script: &[(&str, &str)],
    ask: impl FnOnce(&mut Attention<'_, '_>) -> Result<T, Turn>,
) -> (Result<T, Turn>, String) {
    let (mut person, mut told) = (Scripted(script.iter()), Vec::new());
    let mut screen = Screen::onto(&mut told, false);
    let ended = ask(&mut Attention { person: &mut person, screen: &mut screen });
    assert_eq!(person.0.len(), 0, "a question was not asked");
    drop(screen);
    (ended, String::from_utf8(told).unwrap())
}

fn draft() -> Digest {
    Digest::of(b"a draft")
}

fn line(number: usize) -> String {
    words_of(draft().as_bytes())[4 * (number - 1)..4 * number].join(" ")
}

const NUMBER_OF_3: &str = "Number (1 to 3)";
const FIRST: &str = "Line 1 of 2";
const SECOND: &str = "Line 2 of 2";

#[test]
fn her_source_and_two_lines_become_the_reference() {
    let (one, two) = (line(1), line(8));
    let script = [(NUMBER_OF_3, "1"), (said::WHERE_FROM, " "), (said::WHERE_FROM, "  the   fax ")];
    let script = [&script[..], &[(FIRST, one.as_str()), (SECOND, ""), (SECOND, two.as_str())]].concat();
    let (ended, told) = talk(&script, |with| compare::from_her_source(draft(), None, with));
    let reference = "the fax; typed before it was shown: line 1 in words, line 8 in words";
    assert_eq!(ended.ok().flatten().as_deref(), Some(reference));
    assert!(told.ends_with("Both lines fit.\n\n"), "{told}");
}

#[test]
fn no_source_gives_no_reference_and_stop_stops_at_each_question() {
    let (ended, told) = talk(&[(NUMBER_OF_3, "2")], |with| compare::from_her_source(draft(), None, with));
    assert!(matches!(ended, Ok(None)) && told.contains("no source of your own"), "{told}");
    let one = line(3);
    let ways: [&[(&str, &str)]; 3] = [
        &[(NUMBER_OF_3, "3")],
        &[(NUMBER_OF_3, "1"), (said::WHERE_FROM, "fax"), (FIRST, "no")],
        &[(NUMBER_OF_3, "1"), (said::WHERE_FROM, "fax"), (FIRST, &one), (SECOND, "STOP")],
    ];
    for way in ways {
        let (ended, _) = talk(way, |with| compare::from_her_source(draft(), None, with));
        assert!(matches!(ended, Err(Turn::Stop)), "{way:?}");
    }
    let left: [&[(&str, &str)]; 3] = [
        &[(NUMBER_OF_3, "^C")],
        &[(NUMBER_OF_3, "1"), (said::WHERE_FROM, "^C")],
        &[(NUMBER_OF_3, "1"), (said::WHERE_FROM, "fax"), (FIRST, "^C")],
    ];
    for way in left {
        let (ended, _) = talk(way, |with| compare::from_her_source(draft(), None, with));
        let stopped = matches!(ended, Err(Turn::Fault(DeskFault::Operator(OperatorFault::Stopped))));
        assert!(stopped, "{way:?}");
    }
}

#[test]
fn three_misses_are_another_paper_and_nothing_of_the_digest_is_told() {
    let right = line(5);
    let script = [(FIRST, "a b c d"), (FIRST, &right), (SECOND, "00000000"), (SECOND, "yes")];
    let (ended, told) = talk(&script, |with| compare::from_her_source(draft(), Some("fax"), with));
    assert!(matches!(ended, Err(Turn::NotThePaper)));
    assert!(told.contains("2 tries are left") && told.contains("1 try is left"), "{told}");
    for number in 1..=8 {
        assert!(!told.contains(&line(number)), "{told}");
        assert!(!told.contains(&draft().to_string()[8 * (number - 1)..8 * number]), "{told}");
    }
}

#[test]
fn seen_is_said_with_yes_and_every_other_answer_is_a_question() {
    let agreed = |script: &[(&str, &str)]| talk(script, answers::acknowledged).0;
    assert!(matches!(agreed(&[(said::SEEN, ""), (said::SEEN, "ok"), (said::SEEN, " YES ")]), Ok(true)));
    assert!(matches!(agreed(&[(said::SEEN, "no"), (NUMBER_OF_3, "1")]), Ok(false)));
    assert!(matches!(agreed(&[(said::SEEN, "decline"), (NUMBER_OF_3, "2")]), Err(Turn::Decline)));
    assert!(matches!(agreed(&[(said::SEEN, "stop"), (NUMBER_OF_3, "3")]), Err(Turn::Stop)));
}

#[test]
fn the_practice_line_ends_when_it_fits_or_by_typed_words() {
    let practised = |script: &[(&str, &str)]| talk(script, |with| Ok(practise(with)?)).0;
    let wrong = (said::YOUR_KEYBOARD, "zy QWAY");
    assert!(practised(&[wrong, wrong, (said::YOUR_KEYBOARD, said::PRACTICE_LINE)]).is_ok());
    assert!(practised(&[wrong, (said::YOUR_KEYBOARD, "go  ON")]).is_ok());
    let stopped = practised(&[wrong, (said::YOUR_KEYBOARD, "no")]);
    assert!(matches!(stopped, Err(Turn::Fault(DeskFault::StoppedHere))));
}
