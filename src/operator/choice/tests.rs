//! Choices made by scripted persons.

use super::*;
use crate::operator::secret::SecretFault;
use crate::pin::Pin;

/// Types these lines, or picks at a list.
struct Person {
    lines: Vec<&'static str>,
    picks: Option<usize>,
}

impl Operator for Person {
    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault> {
        assert!(question.starts_with("Number (1 to "), "{question}");
        if self.lines.is_empty() {
            return Err(OperatorFault::Stopped);
        }
        Ok(self.lines.remove(0).to_owned())
    }

    fn pick(&mut self, _: &str, _: &[String]) -> Option<Result<usize, OperatorFault>> {
        self.picks.map(Ok)
    }

    fn pin(&mut self, _: &str) -> Result<Pin, SecretFault> {
        Err(SecretFault::Ended)
    }
}

const SIX: [&str; 6] = ["Sign as anna", "Sign as bela", "Export", "Wait", "Wait until noon", "2 of 3 say no"];

fn asked(
    choices: &[&str],
    lines: &[&'static str],
    picks: Option<usize>,
) -> (Result<usize, AskFault>, String) {
    let choices: Vec<String> = choices.iter().map(|choice| (*choice).to_owned()).collect();
    let mut sink = Vec::new();
    let mut screen = Screen::onto(&mut sink, false);
    let mut person = Person { lines: lines.to_vec(), picks };
    let outcome = choose(&mut person, &mut screen, "What is next?", &choices);
    drop(screen);
    (outcome, String::from_utf8(sink).unwrap())
}

fn chosen(line: &'static str) -> Option<usize> {
    asked(&SIX, &[line], None).0.ok()
}

#[test]
fn a_number_chooses_and_nothing_beside_the_numbers_does() {
    assert_eq!(chosen("1"), Some(0));
    assert_eq!(chosen(" 6 "), Some(5));
    for line in ["0", "7", "-1", "", " ", "1 2", "99999999999999999999999"] {
        let (outcome, said) = asked(&SIX, &[line], None);
        assert!(matches!(outcome, Err(AskFault::Operator(OperatorFault::Stopped))), "{line:?}");
        assert!(said.contains("Type one of the numbers 1 to 6."), "{line:?}: {said}");
    }
}

#[test]
fn the_beginning_of_one_choice_chooses_it_whatever_its_case_and_spaces() {
    assert_eq!(chosen("sign as a"), Some(0));
    assert_eq!(chosen(" SIGNas  bela"), Some(1));
    assert_eq!(chosen("ex"), Some(2));
    assert_eq!(chosen("2 of"), Some(5));
}

#[test]
fn what_begins_no_choice_or_several_or_is_one_letter_chooses_nothing_and_says_why() {
    for (line, why) in [
        ("e", "Type one of the numbers 1 to 6."),
        ("no", "No choice begins like that. Type one of the numbers 1 to 6."),
        ("xport", "No choice begins like that."),
        ("sign", "More than one choice begins like that. Type one of the numbers 1 to 6."),
    ] {
        let (outcome, said) = asked(&SIX, &[line], None);
        assert!(outcome.is_err() && said.contains(why), "{line:?}: {said}");
    }
    // The question stands until it is answered.
    assert_eq!(asked(&SIX, &["sign", "", "3"], None).0.unwrap(), 2);
}

#[test]
fn a_choice_that_was_typed_out_is_meant_though_another_goes_on_from_it() {
    assert_eq!(chosen("wait"), Some(3));
    assert_eq!(chosen("wait u"), Some(4));
    let (outcome, said) = asked(&["Wait", "wait"], &["wait"], None);
    assert!(outcome.is_err() && said.contains("More than one"), "a text that stands twice chooses nothing");
}

#[test]
fn choices_are_numbered_lines_in_one_column_and_wrap_under_their_text() {
    let mut choices = vec!["short"; 9];
    let long = "a very long choice ".repeat(6);
    choices.push(&long);
    let said = asked(&choices, &[], None).1;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[..2], ["What is next?", "   1  short"]);
    assert!(lines[10].starts_with("  10  a very long"), "{said}");
    assert!(lines[11].starts_with("      ") && lines.iter().all(|line| line.len() <= 80), "{said}");
}

#[test]
fn what_others_wrote_into_a_choice_is_shown_and_obeyed_by_nobody() {
    let said = asked(&["a\x1b[2J\nb", "c\u{202e}d"], &[], None).1;
    assert!(said.contains("  1  a<U+001B>[2J<U+000A>b\n  2  c<U+202E>d\n"), "{said}");
}

#[test]
fn what_was_picked_at_a_list_stays_on_the_screen() {
    let (outcome, said) = asked(&SIX, &[], Some(2));
    assert_eq!((outcome.unwrap(), said.as_str()), (2, "What is next?\n> Export\n"));
}
