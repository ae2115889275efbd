//! Choices of the guided ceremony at a terminal: from a list where it can show one, by number everywhere else.

use std::ffi::OsString;

use crate::holder::Talk;
use crate::scene::{Scene, TODAY};

/// The first choice of all, since the machine's clock says another day.
const QUESTION: &str = "Is the date that you typed right?";
const HOW: &str = "(arrow keys or j and k, then Enter; Esc to type a number)";
const DATE: &str = "Today (as 2027-03-05): ";
const DOWN: &str = "\x1b[B";

/// A new ceremony, led as far as that question.
fn at_the_question(scene: &Scene, size: &str, term: &str, more: &[&str]) -> Talk {
    scene.first_plan();
    let mut words = vec!["run", "--new", "first.plan.toml", "--one-device", "a test"];
    words.extend(more);
    words.push("folder");
    let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    let environment = [("TERM", term), ("NO_COLOR", "")].map(|(name, value)| (name.into(), value.into()));
    let run = format!("stty {size}; exec \"$@\"");
    let mut talk = Talk::begin(&run, &words, &scene.path("."), &environment as &[(OsString, OsString)]);
    talk.until(DATE);
    talk.line(TODAY);
    talk.until(QUESTION);
    talk
}

fn at_a_list(scene: &Scene) -> Talk {
    let mut talk = at_the_question(scene, "rows 24 cols 80", "xterm", &[]);
    talk.until(HOW);
    talk.until("  I type it again");
    talk
}

#[test]
fn a_capable_terminal_gets_a_list_and_what_was_picked_stays() {
    let scene = Scene::new();
    let mut talk = at_a_list(&scene);
    // An Enter of habit, then down twice.
    talk.line("");
    talk.type_on(DOWN);
    talk.until("> It is right");
    talk.type_on(DOWN);
    talk.until("> I type it again");
    talk.line("");
    talk.until(QUESTION);
    talk.until("> I type it again\r\n");
    talk.until(DATE);
    talk.control('c');
    assert_eq!(talk.end().0, 3);
}

#[test]
fn ctrl_c_at_the_list_ends_with_3_says_that_nothing_was_signed_and_shows_the_cursor_again() {
    let scene = Scene::new();
    let mut talk = at_a_list(&scene);
    talk.type_on(DOWN);
    talk.until("> It is right");
    talk.control('c');
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    let unstyled = said.replace("\x1b[1m", "").replace("\x1b[0m", "");
    let (_, told) =
        unstyled.split_once("stopped: You left the ceremony.\n").unwrap_or_else(|| panic!("{said}"));
    assert!(told.starts_with("now: ") && !unstyled.contains("error: "), "leaving is no error: {said}");
    assert!(told.trim_end().ends_with("Nothing was signed, nothing was written."), "{said}");
    assert!(said.contains("\x1b[?25l") && said.rfind("\x1b[?25h") > said.rfind("\x1b[?25l"), "{said:?}");
    assert!(!scene.path("folder").exists());
}

#[test]
fn esc_leads_to_numbers_and_the_beginning_of_a_choice_serves_as_well() {
    let scene = Scene::new();
    let mut talk = at_a_list(&scene);
    talk.type_on("\x1b");
    talk.until("  2  I type it again");
    talk.until("Number (1 to 2): ");
    talk.line("maybe");
    talk.until("No choice begins like that. Type one of the numbers 1 to 2.");
    talk.until("Number (1 to 2): ");
    talk.line("i TYPE");
    talk.until(DATE);
    talk.control('c');
    assert_eq!(talk.end().0, 3);
}

#[test]
fn plain_ascii_and_dumb_terminals_get_numbers_and_no_command_of_any_kind() {
    for (term, more) in [("xterm", &["--plain"][..]), ("xterm", &["--plain", "--ascii"]), ("dumb", &[])] {
        let scene = Scene::new();
        let mut talk = at_the_question(&scene, "rows 24 cols 80", term, more);
        talk.until("  1  It is right");
        talk.until("Number (1 to 2): ");
        talk.line("2");
        talk.until(DATE);
        talk.control('c');
        let (code, said) = talk.end();
        assert_eq!(code, 3, "{said}");
        let commands: Vec<char> = said.chars().filter(|c| c.is_control() && *c != '\n').collect();
        assert_eq!(commands, [], "{term} {more:?}: {said:?}");
    }
}

#[test]
fn with_ascii_alone_there_is_no_list_and_style_may_stay() {
    let scene = Scene::new();
    let mut talk = at_the_question(&scene, "rows 24 cols 80", "xterm", &["--ascii"]);
    talk.until("Number (1 to 2): ");
    talk.control('c');
    let (code, said) = talk.end();
    assert_eq!(code, 3, "{said}");
    assert!(said.is_ascii() && !said.contains("\x1b[?25l"), "{said:?}");
}

#[test]
fn a_list_that_the_terminal_is_too_narrow_for_is_numbered() {
    let scene = Scene::new();
    let mut talk = at_the_question(&scene, "rows 24 cols 39", "xterm", &[]);
    talk.until("Number (1 to 2): ");
    talk.control('c');
    assert_eq!(talk.end().0, 3);
}
