//! `docs/controls.md`, compared with the table of controls and with the tests that it names.

use std::collections::BTreeSet;
use std::path::Path;

use tuf_ceremony::policy::Control;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The cells of every table row that starts with a code in backquotes.
fn rows(page: &str) -> Vec<Vec<String>> {
    let lines = page.lines().filter(|l| l.starts_with("| `"));
    lines
        .map(|l| l.trim_matches('|').split(" | ").map(|c| c.trim().trim_matches('`').to_owned()).collect())
        .collect()
}

#[test]
fn the_page_of_controls_has_a_row_for_each_and_names_functions_and_tests_that_exist() {
    let rows = rows(&read("docs/controls.md"));
    let named: BTreeSet<&str> = rows.iter().map(|r| r[0].as_str()).collect();
    let all: BTreeSet<&str> = Control::all().map(Control::code).collect();
    assert_eq!((named, rows.len()), (all.clone(), all.len()));
    let tests = files("ceremony/tests/policy.rs", "ceremony/tests/seal")
        + &read("ceremony/tests/attestation/found.rs");
    let sources = files("ceremony/src/policy.rs", "ceremony/src/policy");
    for row in &rows {
        // The second table says what comes of a control, too.
        let (code, [source, function, test]) = match &row[..] {
            [code, _, source, function, test] => (code, [source, function, test]),
            [code, _, comes, source, function, test] => {
                assert!(["refusal", "needs an exception", "finding"].contains(&comes.as_str()), "{code}");
                (code, [source, function, test])
            }
            _ => panic!("five or six cells: {row:?}"),
        };
        let control = Control::all().find(|c| c.code() == code).unwrap();
        assert_eq!(source, control.source(), "{code}");
        assert!(sources.contains(&format!("fn {function}(")), "{code}: no function {function}");
        let body = tests.split(&format!("#[test]\nfn {test}() {{")).nth(1);
        let body = body.unwrap_or_else(|| panic!("{code}: no test {test}")).split("\n}\n").next().unwrap();
        assert!(body.contains(&format!("\"{code}\"")), "{test} does not speak of {code}");
    }
}

/// A file and everything in a folder and the folders below it.
fn files(file: &str, folder: &str) -> String {
    let mut all = read(file);
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all += &std::fs::read_to_string(&path).unwrap();
            }
        }
    }
    all
}

/// Each refusal of a ceremony is a control whose row says so, and the other way round.
#[test]
fn what_refuses_a_ceremony_is_a_control_that_the_page_calls_a_refusal() {
    let page = rows(&read("docs/controls.md"));
    let said: BTreeSet<&str> =
        page.iter().filter(|r| r.len() == 6 && r[2] == "refusal").map(|r| r[0].as_str()).collect();
    let source = read("ceremony/src/policy/ceremony.rs");
    let body =
        source.split("fn control(&self) -> Control {").nth(1).unwrap().split("\n    }\n").next().unwrap();
    let refuses = |c: &Control| {
        let variant = format!("{c:?}");
        body.contains(&format!("=> Control::{variant},"))
    };
    let refuse: BTreeSet<&str> = Control::all().filter(refuses).map(Control::code).collect();
    assert_eq!(said, refuse);
    assert_eq!(refuse.len(), 7);
}
