//! `--plain` and `--ascii`: what a screen reader and the barest console get, through the binary.

use std::ffi::OsString;

use crate::holder::{Holder, PIN, Talk};
use crate::play::{Desk, corpus, play};

const CASE: &str = "first-3of5-ed25519-0sigs";
const FIRST: &str = "0673582046e91a71682393136788cb919fec710ff32f0405f8d6c1c4e353b32a";

/// A whole visit at a terminal that can do everything, and all that was ever written to it.
fn visit(options: &[&str]) -> String {
    let holder = Holder::of(CASE, &["k1"]);
    let mut arguments = vec!["sign", "--token", "pkcs11:token=alice"];
    let module = holder.module();
    arguments.extend(module.iter().map(String::as_str));
    arguments.extend(options);
    arguments.push("draft.bundle.json");
    let mut environment = holder.environment();
    environment.extend(
        [("NO_COLOR", ""), ("TERM", "xterm")].map(|(name, value)| (name.into(), OsString::from(value))),
    );
    let said = Talk::of(&holder.desk, &arguments, &environment).sign();
    assert!(!said.contains(PIN), "{said}");
    said
}

fn commands(said: &str) -> Vec<char> {
    said.chars().filter(|c| c.is_control() && *c != '\n').collect()
}

#[test]
fn a_plain_visit_writes_lines_and_nothing_that_commands_the_terminal() {
    assert_eq!(commands(&visit(&["--plain"])), []);
    assert!(commands(&visit(&[])).contains(&'\x1b'), "else this test sees nothing: headings are bold there");
}

#[test]
fn the_terminal_says_above_the_prompt_that_a_pin_is_not_shown() {
    let said = visit(&["--plain", "--ascii"]);
    assert!(said.contains("Nothing is shown while you type the next line.\nPIN of token "), "{said}");
    assert!(said.is_ascii(), "{said}");
}

#[test]
fn with_ascii_a_name_is_shown_by_the_numbers_of_its_letters_and_without_as_it_is_written() {
    let desk = Desk::new();
    let record = desk.file("names.toml", format!("format = 1\n[keys]\n{FIRST} = \"J\u{f6}rg \u{141}uk\"\n"));
    let file = corpus("events/sigstore-root-v5-07aa80d9/previous.root.json");
    let show = |more: &[&str]| {
        let options = ["show".as_ref(), "--record".as_ref(), record.as_os_str(), file.as_os_str()];
        play(options.into_iter().chain(more.iter().map(AsRef::as_ref))).ended(0)
    };
    show(&[]).says("\"J\u{f6}rg \u{141}uk\"");
    let shown = show(&["--ascii"]).says("\"J<U+00F6>rg <U+0141>uk\"");
    assert!(shown.stdout.is_ascii() && shown.stderr.is_ascii(), "{}", shown.stdout);
}

#[test]
fn with_ascii_faults_are_ascii_too() {
    let refused = play(["show", "--ascii", "fehlt-\u{fc}berall.json"]);
    assert!(refused.stderr.contains("<U+00FC>") && refused.stderr.is_ascii(), "{}", refused.stderr);
    let misunderstood = play(["show", "--ascii", "--\u{fc}berall"]).ended(2);
    assert!(misunderstood.stderr.contains("<U+00FC>") && misunderstood.stderr.is_ascii());
}
