//! Records that are read, and those that are refused, each with its sentence.

use super::*;

const KEY: &str = "5330d64c5e6be93dd8d118433cffec9a079aa7260706502b352f3f88ce8d03ff";
const OTHER: &str = "0673582046e91a71682393136788cb919fec710ff32f0405f8d6c1c4e353b32a";

fn refused(text: &str) -> String {
    let fault = Record::read(text.as_bytes()).unwrap_err();
    let cause = std::error::Error::source(&fault).map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{fault}{cause}")
}

fn holders(record: &Record, key: &str) -> Vec<String> {
    let mut names = Names::default();
    record.say(&mut names);
    let named = names.of(Some(Fingerprint::from_hex(key).unwrap()), Some("Mallory")).unwrap();
    assert_eq!(named.source, NameSource::OwnRecord);
    named.holders
}

#[test]
fn the_example_of_the_specification_is_read() {
    let page = include_str!("../../docs/spec/record.md");
    let example = page.split("```").nth(1).and_then(|block| block.strip_prefix("toml\n")).unwrap();
    let record = Record::read(example.as_bytes()).unwrap();
    assert_eq!(holders(&record, KEY), ["Alice Example", "@alice"]);
    assert_eq!(holders(&record, OTHER), ["Bob Example"]);
}

#[test]
fn a_record_of_no_keys_is_one() {
    assert!(Record::read(b"format = 1\n[keys]\n").unwrap().holders.is_empty());
}

#[test]
fn unknown_fields_are_refused() {
    let at_the_top = refused("format = 1\nfoo = 2\n[keys]\n");
    assert!(at_the_top.starts_with("line 2: unknown field `foo`"), "{at_the_top}");
    let deeper = refused(&format!("format = 1\n[keys]\n{KEY} = {{ name = \"Alice\" }}\n"));
    assert!(deeper.starts_with("line 3: ") && deeper.contains("a name or a list of names"), "{deeper}");
}

#[test]
fn what_is_missing_is_named() {
    assert!(refused("format = 1\n").contains("missing field `keys`"));
    assert!(refused("[keys]\n").contains("missing field `format`"));
    assert!(refused("").contains("missing field `format`"));
}

#[test]
fn another_format_is_refused_before_its_fields() {
    let said = refused("format = 2\nlater = true\n[keys]\n");
    assert_eq!(said, "it has format 2, and this conclave reads format 1");
}

#[test]
fn a_key_under_any_other_spelling_of_its_fingerprint_is_refused() {
    for bad in [&KEY[1..], &KEY.to_uppercase(), &format!("{KEY}00"), "alice"] {
        let said = refused(&format!("format = 1\n[keys]\n\"{bad}\" = \"Alice\"\n"));
        assert!(
            said.contains("names no key: a key fingerprint is 64 lower-case hexadecimal digits"),
            "{said}"
        );
    }
}

#[test]
fn a_key_twice_is_refused_with_its_line() {
    let said = refused(&format!("format = 1\n[keys]\n{KEY} = \"Alice\"\n{KEY} = \"Mallory\"\n"));
    assert!(said.starts_with("line 4: duplicate key"), "{said}");
    let said = refused("format = 1\nformat = 1\n[keys]\n");
    assert!(said.starts_with("line 2: duplicate key"), "{said}");
}

#[test]
fn a_name_that_is_empty_missing_twice_or_too_long_is_refused() {
    let of = |value: &str| refused(&format!("format = 1\n[keys]\n{KEY} = {value}\n"));
    for empty in ["\"\"", "\" \"", "[]", "[\"Alice\", \"\"]"] {
        assert!(of(empty).ends_with("has no name, or an empty one"), "{}", of(empty));
    }
    assert!(of("[\"Alice\", \"Alice\"]").ends_with("has the name \"Alice\" twice"));
    assert!(of("7").contains("line 3: ") && of("[7]").contains("line 3: "));
    let long = "x".repeat(OWNER.most + 1);
    assert!(of(&format!("\"{long}\"")).ends_with("a holder's name may have at most 1024 bytes"));
    let text = format!("format = 1\n[keys]\n{KEY} = \"{}\"\n", &long[1..]);
    assert_eq!(holders(&Record::read(text.as_bytes()).unwrap(), KEY), [&long[1..]]);
}

#[test]
fn what_is_no_text_or_no_toml_is_refused() {
    assert!(matches!(Record::read(b"format = 1\n\xff"), Err(RecordFault::NotText)));
    assert!(refused("{\"format\": 1}").starts_with("line 1: "));
    assert!(refused(&format!("format = 1\n[keys]\n{KEY} = {}", "[".repeat(100_000))).starts_with("line 3: "));
}
