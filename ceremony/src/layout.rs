//! How we write JSON texts of our own (MODEL 2): indent 1, sorted names, ASCII with `\u` escapes — the bytes that
//! Python's `json.dumps(value, indent=1, sort_keys=True)` gives. [`Plain`] is for documents of our own kinds, [`Value`] for
//! metadata that keeps parts of its predecessor.

mod value;

pub use value::{Edit, Value};

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Number(u64),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Plain>),
    /// An object; names are sorted by code point.
    Object(BTreeMap<String, Plain>),
}

impl Plain {
    /// A text.
    pub fn text(text: impl std::fmt::Display) -> Plain {
        Plain::Text(text.to_string())
    }

    /// An object of these members.
    pub fn object<const N: usize>(members: [(&str, Plain); N]) -> Plain {
        Plain::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// The text in our layout, without a final newline.
    #[must_use]
    pub fn written(&self) -> String {
        let mut out = String::new();
        self.write(&mut out, 0);
        out
    }

    fn write(&self, out: &mut String, depth: usize) {
        match self {
            Plain::Null => out.push_str("null"),
            Plain::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Plain::Number(n) => out.push_str(&n.to_string()),
            Plain::Text(text) => quote_ascii(text, out),
            Plain::List(list) => block(out, depth, '[', ']', list, |out, value| value.write(out, depth + 1)),
            Plain::Object(members) => block(out, depth, '{', '}', members, |out, (name, value)| {
                quote_ascii(name, out);
                out.push_str(": ");
                value.write(out, depth + 1);
            }),
        }
    }
}

fn block<T>(
    out: &mut String,
    depth: usize,
    open: char,
    close: char,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut String, T),
) {
    out.push(open);
    let mut any = false;
    for item in items {
        out.push_str(if any { ",\n" } else { "\n" });
        out.extend(std::iter::repeat_n(' ', depth + 1));
        write(out, item);
        any = true;
    }
    if any {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', depth));
    }
    out.push(close);
}

/// Adds a text in double quotes, with everything outside printable ASCII escaped.
pub fn quote_ascii(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            _ => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}").expect("a String takes every write");
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn the_layout_is_indent_one_sorted_and_ascii() {
        let value = Plain::object([
            ("b", Plain::List(vec![Plain::Number(1), Plain::Null, Plain::Bool(true), Plain::Bool(false)])),
            ("a", Plain::text("é\u{1f511}\n\u{1}\u{7f}\"\\")),
            ("e", Plain::List(vec![])),
            ("o", Plain::object([])),
        ]);
        let want = concat!(
            "{\n \"a\": \"\\u00e9\\ud83d\\udd11\\n\\u0001\\u007f\\\"\\\\\",\n",
            " \"b\": [\n  1,\n  null,\n  true,\n  false\n ],\n \"e\": [],\n \"o\": {}\n}"
        );
        assert_eq!(value.written(), want);
        let read = Document::read(want.as_bytes()).unwrap();
        let text = read.root().object().unwrap().member("a").unwrap().string().unwrap();
        assert_eq!(text, "é\u{1f511}\n\u{1}\u{7f}\"\\");
    }
}
