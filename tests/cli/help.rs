//! Help, completions and the manual: made from the command line itself, and held to name every verb of it.

use crate::stage::{Desk, Done};

/// Every verb, as it is typed.
const VERBS: &[&[&str]] = &[
    &["canonical"],
    &["verify", "chain"],
    &["verify", "signature"],
    &["plan", "check"],
    &["show"],
    &["import"],
    &["merge"],
    &["open"],
    &["decline"],
    &["grant"],
    &["export"],
    &["close"],
    &["countersign"],
    &["abort"],
    &["replan"],
    &["note"],
    &["status"],
    &["finalize"],
    &["tokens"],
    &["modules"],
    &["sign"],
    &["token", "prepare"],
    &["token", "unblock"],
    &["key", "generate"],
    &["key", "card"],
    &["key", "check"],
    &["doctor"],
    &["rehearse"],
    &["run"],
    &["completions"],
    &["man"],
];

fn run(arguments: &[&str]) -> Done {
    Desk::new().run(arguments).good()
}

fn names_every_verb(text: &str) {
    for verb in VERBS.iter().copied().flatten() {
        assert!(text.contains(verb), "{verb} is missing in {text}");
    }
}

#[test]
fn the_help_of_each_verb_shows_an_example_of_it() {
    for verb in VERBS {
        let mut arguments = verb.to_vec();
        arguments.push("--help");
        let help = run(&arguments).out();
        let at = help.find("Example").unwrap_or_else(|| panic!("{verb:?}: {help}"));
        assert!(help[at..].contains(&format!("conclave {}", verb.join(" "))), "{verb:?}: {help}");
    }
}

#[test]
fn every_verb_that_gives_a_result_can_give_it_as_json() {
    for verb in VERBS.iter().filter(|verb| !["completions", "man", "rehearse", "run"].contains(&verb[0])) {
        let mut arguments = verb.to_vec();
        arguments.push("--help");
        assert!(run(&arguments).out().contains("--json"), "{verb:?}");
    }
}

#[test]
fn the_help_lists_the_verbs_and_what_each_exit_code_means() {
    let help = run(&["--help"]).out();
    for verb in VERBS {
        assert!(help.lines().any(|line| line.trim_start().starts_with(&format!("{} ", verb[0]))), "{verb:?}");
    }
    let codes = "Exit codes:\n  0  done\n  1  refused by a check\n  2  usage\n  3  stopped by the operator\n  4  token\n  5  files\n";
    assert!(help.ends_with(codes), "{help}");
    assert_eq!(run(&["--version"]).out(), format!("conclave {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_bare_call_shows_the_help_and_is_a_question_of_usage() {
    for verb in [&[][..], &["verify"]] {
        let done = Desk::new().run(verb);
        assert_eq!((done.code, done.stdout.len()), (Some(2), 0));
        assert!(done.err().contains("Usage: conclave"), "{}", done.err());
    }
}

#[test]
fn completions_name_every_verb_and_the_shell_takes_them() {
    for shell in ["bash", "zsh", "fish"] {
        names_every_verb(&run(&["completions", shell]).out());
    }
    let desk = Desk::new();
    desk.put("conclave.bash", run(&["completions", "bash"]).stdout);
    let parsed =
        std::process::Command::new("bash").arg("-n").arg(desk.path("conclave.bash")).status().unwrap();
    assert!(parsed.success(), "bash reads the completions");
}

#[test]
fn the_manual_has_a_part_for_each_verb_and_the_exit_codes() {
    let manual = run(&["man"]).out();
    assert!(manual.lines().any(|line| line.starts_with(".TH conclave 1")), "{manual}");
    names_every_verb(&manual);
    assert!(manual.contains("stopped by the operator"), "{manual}");
    for verb in VERBS {
        let example = format!("conclave {}", verb.join(" "));
        assert!(manual.replace('\\', "").contains(&example), "{example}");
    }
}
