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
    let tests = read("ceremony/tests/policy.rs");
    let sources = ["ceremony/src/policy.rs", "ceremony/src/policy/names.rs"].map(read).concat();
    for row in &rows {
        let [code, _, source, function, test] = &row[..] else { panic!("five cells: {row:?}") };
        let control = Control::all().find(|c| c.code() == code).unwrap();
        assert_eq!(source, control.source(), "{code}");
        assert!(sources.contains(&format!("fn {function}(")), "{code}: no function {function}");
        let body = tests.split(&format!("#[test]\nfn {test}() {{")).nth(1);
        let body = body.unwrap_or_else(|| panic!("{code}: no test {test}")).split("\n}\n").next().unwrap();
        assert!(body.contains(&format!("\"{code}\"")), "{test} does not speak of {code}");
    }
}
