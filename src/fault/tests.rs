//! Faults as they are told to people and to scripts.

use std::io;

use super::*;
use crate::files::FilesFault;
use crate::operator::json::write_json;

#[derive(Debug, thiserror::Error)]
#[error("the bundle does not parse")]
struct Outer(#[source] Inner);

#[derive(Debug, thiserror::Error)]
#[error("line 3 holds \x1b[2J a key twice")]
struct Inner;

fn told(fault: &Fault) -> String {
    let mut sink = Vec::new();
    fault.show(&mut Screen::onto(&mut sink, false)).unwrap();
    String::from_utf8(sink).unwrap()
}

#[test]
fn a_fault_tells_what_why_what_now_and_whether_anything_was_signed() {
    let fault = Fault::refused("The bundle cannot be read.").because(&Outer(Inner)).now("Fetch it again.");
    let expected = "error: The bundle cannot be read.\nbecause: the bundle does not parse\nbecause: line 3 holds \
                    <U+001B>[2J a key twice\nnow: Fetch it again.\nNothing was signed, nothing was written.\n";
    assert_eq!(told(&fault), expected);
    assert_eq!(fault.exit(), 1);
}

#[test]
fn a_cause_already_quoted_is_not_said_twice() {
    let fault = Fault::refused("Refused: the bundle does not parse.").because(&Outer(Inner)).now("Stop.");
    assert_eq!(told(&fault).matches("the bundle does not parse").count(), 1);
    assert_eq!(told(&fault).matches("because:").count(), 1);
}

#[test]
fn each_kind_has_its_exit_code_and_the_help_lists_it() {
    let kinds = [Kind::Refused, Kind::Usage, Kind::Stopped, Kind::Token, Kind::Files];
    assert_eq!(kinds.map(Kind::exit), [1, 2, 3, 4, 5]);
    assert_eq!(EXIT_CODES.map(|(code, _)| code), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn what_was_signed_is_always_said() {
    let last = |signed| {
        let fault = Fault::token("The token is gone.").now("Insert it again.").with_signed(signed);
        told(&fault).lines().last().unwrap().to_owned()
    };
    assert_eq!(last(Signed::Nothing), wording::NOTHING_SIGNED);
    assert_eq!(last(Signed::NothingNew), wording::NOTHING_NEW_SIGNED);
    assert_eq!(last(Signed::Unknown), wording::SIGNED_UNKNOWN);
    let written = Signed::Written { place: "\"3.root.json\"".to_owned() };
    assert_eq!(last(written), "Nothing was signed; \"3.root.json\" was written.");
    let stored = Signed::Stored { signatures: 2, place: "\"a.bundle.json\"".to_owned() };
    assert_eq!(last(stored), "2 signatures made before this are stored in \"a.bundle.json\".");
}

#[test]
fn a_script_gets_the_same_facts_as_an_object() {
    let fault = Fault::stopped("You stopped.").because_of("no was typed").now("Start again.");
    let mut sink = Vec::new();
    write_json(&mut sink, &fault.object()).unwrap();
    let expected = "{\n  \"error\": {\n    \"kind\": \"stopped\",\n    \"exit\": 3,\n    \"sentence\": \"You \
                    stopped.\",\n    \"because\": [\n      \"no was typed\"\n    ],\n    \"now\": \"Start \
                    again.\",\n    \"signed\": {\n      \"outcome\": \"nothing\"\n    }\n  }\n}\n";
    assert_eq!(String::from_utf8(sink).unwrap(), expected);
}

#[test]
fn a_files_fault_keeps_its_facts_and_gains_advice() {
    let fault = Fault::from(FilesFault::Exists { path: "out/3.root.json".into() });
    assert_eq!(fault.exit(), 5);
    assert!(
        told(&fault).starts_with("error: The file \"out/3.root.json\" exists already.\nnow: Choose a name")
    );
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let fault = Fault::from(ScreenFault::Closed);
    assert_eq!((told(&fault).as_str(), fault.exit()), ("", 3));
}

#[test]
fn an_output_that_fails_is_a_files_fault_with_its_cause() {
    let fault = Fault::from(ScreenFault::Failed(io::Error::other("device gone")));
    assert_eq!(fault.kind(), Kind::Files);
    assert!(told(&fault).contains("because: device gone\n"));
}

#[test]
fn a_file_that_is_written_but_not_synced_is_not_called_unwritten() {
    let fault = Fault::from(FilesFault::Unsynced { path: "a".into(), source: io::Error::other("unplugged") });
    assert!(told(&fault).contains("because: unplugged\n"));
    assert!(told(&fault).ends_with("Nothing was signed; \"a\" was written.\n"));
}

#[test]
fn an_output_that_would_command_the_terminal_is_refused() {
    let fault = Fault::from(ScreenFault::CommandsTheTerminal);
    assert_eq!(fault.exit(), 1);
    assert!(told(&fault).contains(wording::SEND_IT_TO_A_FILE));
}
