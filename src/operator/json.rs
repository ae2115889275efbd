//! JSON for scripts: typed results out, in plain ASCII, on standard output.
//!
//! Promises: two-space indent, fields in the order of their type, every character outside printable ASCII as `\uXXXX`
//! (so a terminal that shows it is safe, and nothing is lost), one final newline. It writes only our own result types:
//! metadata never passes through here, and nothing is read.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter, Serializer};

use super::screen::ScreenFault;

/// Prints `value` on standard output.
///
/// # Errors
/// [`ScreenFault`] when standard output takes no more: stop.
pub fn print_json(value: &impl Serialize) -> Result<(), ScreenFault> {
    write_json(io::stdout().lock(), value)
}

/// Writes `value` to `sink`.
///
/// # Errors
/// [`ScreenFault`] when the sink takes no more.
pub fn write_json(mut sink: impl Write, value: &impl Serialize) -> Result<(), ScreenFault> {
    let mut text = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut text, Ascii::new())).map_err(io::Error::from)?;
    text.push(b'\n');
    sink.write_all(&text)?;
    Ok(sink.flush()?)
}

/// The pretty layout of serde_json, with strings in ASCII.
struct Ascii<'a> {
    layout: PrettyFormatter<'a>,
}

impl Ascii<'_> {
    fn new() -> Self {
        Self { layout: PrettyFormatter::new() }
    }
}

impl Formatter for Ascii<'_> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for c in fragment.chars() {
            if (' '..='~').contains(&c) {
                writer.write_all(&[u8::try_from(c).map_err(io::Error::other)?])?;
            } else {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.layout.write_char_escape(writer, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.layout.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.layout.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.layout.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Serialize, Deserialize, PartialEq, Debug)]
    struct Judgement {
        version: u64,
        ok: bool,
        file: String,
        reasons: Vec<String>,
        empty: Vec<String>,
    }

    fn text_of(value: &impl Serialize) -> String {
        let mut sink = Vec::new();
        write_json(&mut sink, value).unwrap();
        String::from_utf8(sink).unwrap()
    }

    #[test]
    fn fields_stand_in_order_and_the_text_ends_with_a_newline() {
        let value = Judgement {
            version: 3,
            ok: true,
            file: "3.root.json".to_owned(),
            reasons: vec!["a \"b\" \\".to_owned()],
            empty: vec![],
        };
        let expected = "{\n  \"version\": 3,\n  \"ok\": true,\n  \"file\": \"3.root.json\",\n  \"reasons\": [\n    \
                        \"a \\\"b\\\" \\\\\"\n  ],\n  \"empty\": []\n}\n";
        assert_eq!(text_of(&value), expected);
    }

    #[test]
    fn every_character_outside_printable_ascii_is_escaped() {
        assert_eq!(
            text_of(&"\u{1b}\n\u{7f}\u{9b}\u{f6}\u{202e}\u{1f511}"),
            "\"\\u001b\\n\\u007f\\u009b\\u00f6\\u202e\\ud83d\\udd11\"\n"
        );
    }

    #[test]
    fn keys_of_maps_are_escaped_too() {
        let map = std::collections::BTreeMap::from([("\u{202e}", 1)]);
        assert_eq!(text_of(&map), "{\n  \"\\u202e\": 1\n}\n");
    }

    #[test]
    fn a_closed_pipe_is_told() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        assert!(matches!(write_json(writer, &1), Err(ScreenFault::Closed)));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_all_is_ascii(file in any::<String>(), reasons in proptest::collection::vec(any::<String>(), 0..3)) {
            let value = Judgement { version: 1, ok: false, file, reasons, empty: vec![] };
            let text = text_of(&value);
            prop_assert!(text.bytes().all(|byte| byte == b'\n' || (b' '..=b'~').contains(&byte)));
            prop_assert_eq!(serde_json::from_str::<Judgement>(&text).unwrap(), value);
        }
    }
}
