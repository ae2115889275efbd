//! Putting a `signatures` array into the text of a document without touching any other byte (MODEL 2). The array is
//! laid out like the rest of the file; where it already says the same, nothing changes at all. Other edits of a text are
//! [`edited()`]'s.

mod edited;

pub use edited::edited;

use crate::document::{Document, Object, View};
use crate::layout::quote_ascii;
use crate::metadata::Entry;

/// One entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The key id.
    pub keyid: String,
    /// The signature in lower-case hex.
    pub sig: String,
}

/// The text of `document` with exactly these signature entries.
///
/// # Panics
/// Never on metadata, whose outermost value is an object.
#[must_use]
pub fn with_signatures(document: &Document, entries: &[NewEntry]) -> Vec<u8> {
    let envelope = document.root().object().expect("metadata is an object");
    let text = document.text();
    match envelope.member("signatures") {
        Some(old) if says_the_same(old, entries) => text.as_bytes().to_vec(),
        Some(old) => {
            let range = old.range();
            let new = Style::of(document, envelope).array(entries);
            [&text[..range.start], &new, &text[range.end..]].concat().into_bytes()
        }
        None => {
            // Written as the first member: `signatures` sorts before `signed`.
            let style = Style::of(document, envelope);
            let at = envelope.view().range().start + 1;
            let new = format!("{}\"signatures\"{}{},", style.line(1), style.colon, style.array(entries));
            [&text[..at], &new, &text[at..]].concat().into_bytes()
        }
    }
}

fn says_the_same(old: View<'_>, entries: &[NewEntry]) -> bool {
    let Some(array) = old.array() else { return false };
    let old: Vec<Entry<'_>> = array.map(Entry::of).collect();
    let same = |(old, new): (&Entry<'_>, &NewEntry)| {
        !old.has_more
            && old.keyid == new.keyid
            && old.signature.as_ref().is_ok_and(|s| hex::encode(s) == new.sig)
    };
    old.len() == entries.len() && old.iter().zip(entries).all(same)
}

/// White space that is repeated in every entry: megabytes of it, which nobody lays a file out with, are not.
fn short<'t>(space: &'t str, otherwise: &'t str) -> &'t str {
    if space.len() <= 64 { space } else { otherwise }
}

/// How a file is laid out, read from its outermost object.
struct Style {
    /// What separates lines, and one level of indent; none for a file on one line.
    lines: Option<(String, String)>,
    colon: String,
    /// Behind a comma on one line.
    gap: String,
    keyid_first: bool,
}

impl Style {
    fn of(document: &Document, envelope: Object<'_>) -> Style {
        let text = document.text();
        let start = envelope.view().range().start + 1;
        let space = |from: usize| {
            let rest = &text[from..];
            &rest[..rest.len() - rest.trim_start().len()]
        };
        let lead = space(start);
        let lines = lead.rfind('\n').map(|at| {
            let end = if lead[..at].ends_with('\r') { "\r\n" } else { "\n" };
            (end.to_owned(), short(&lead[at + 1..], " ").to_owned())
        });
        let first = envelope.members().next();
        let first = first.map(|(_, value)| value.range());
        let colon = first.as_ref().map_or(":", |value| {
            let before = text[..value.start].trim_end().strip_suffix(':').unwrap_or_default().trim_end();
            &text[before.len()..value.start]
        });
        let gap = first.as_ref().filter(|v| text[v.end..].starts_with(',')).map_or("", |v| space(v.end + 1));
        let keyid_first = envelope.member("signatures").and_then(View::array).and_then(|mut a| a.next());
        let keyid_first = keyid_first
            .and_then(View::object)
            .and_then(|o| o.members().next().map(|(name, _)| name != "sig"));
        let gap = if lines.is_some() { "" } else { gap };
        Style {
            lines,
            colon: short(colon, ":").to_owned(),
            gap: short(gap, "").to_owned(),
            keyid_first: keyid_first.unwrap_or(true),
        }
    }

    fn line(&self, depth: usize) -> String {
        self.lines.as_ref().map_or_else(String::new, |(end, unit)| format!("{end}{}", unit.repeat(depth)))
    }

    fn array(&self, entries: &[NewEntry]) -> String {
        let entries: Vec<String> =
            entries.iter().map(|e| format!("{}{}", self.line(2), self.entry(e))).collect();
        if entries.is_empty() {
            return "[]".to_owned();
        }
        format!("[{}{}]", entries.join(&format!(",{}", self.gap)), self.line(1))
    }

    fn entry(&self, entry: &NewEntry) -> String {
        let member = |name: &str, value: &str| {
            let mut out = format!("{}\"{name}\"{}", self.line(3), self.colon);
            quote_ascii(value, &mut out);
            out
        };
        let mut members = [member("keyid", &entry.keyid), member("sig", &entry.sig)];
        if !self.keyid_first {
            members.reverse();
        }
        format!("{{{}{}}}", members.join(&format!(",{}", self.gap)), self.line(2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spliced(text: &str, entries: &[(&str, &str)]) -> String {
        let document = Document::read(text.as_bytes()).unwrap();
        let entry = |(keyid, sig): &(&str, &str)| NewEntry { keyid: (*keyid).into(), sig: (*sig).into() };
        let entries: Vec<_> = entries.iter().map(entry).collect();
        String::from_utf8(with_signatures(&document, &entries)).unwrap()
    }

    #[test]
    fn only_the_array_changes_and_it_follows_the_layout_of_the_file() {
        let cases = [
            (
                "{\n \"signatures\": [\n  {\n   \"keyid\": \"a\",\n   \"sig\": \"\"\n  }\n ],\n \"signed\": {}\n}",
                "{\n \"signatures\": [\n  {\n   \"keyid\": \"a\",\n   \"sig\": \"01\"\n  }\n ],\n \"signed\": {}\n}",
            ),
            (
                "{\"signed\":{},\"signatures\":[]}",
                "{\"signed\":{},\"signatures\":[{\"keyid\":\"a\",\"sig\":\"01\"}]}",
            ),
            (
                "{\"signed\": {}, \"signatures\": null}\n",
                "{\"signed\": {}, \"signatures\": [{\"keyid\": \"a\", \"sig\": \"01\"}]}\n",
            ),
            (
                "{\r\n\t\"signed\" : {},\r\n\t\"signatures\" : []\r\n}",
                "{\r\n\t\"signed\" : {},\r\n\t\"signatures\" : [\r\n\t\t{\r\n\t\t\t\"keyid\" : \"a\",\r\n\t\t\t\"sig\" : \"01\"\r\n\t\t}\r\n\t]\r\n}",
            ),
            ("{\"signed\":{}}", "{\"signatures\":[{\"keyid\":\"a\",\"sig\":\"01\"}],\"signed\":{}}"),
            (
                "{\"signatures\":[{\"sig\":\"\",\"keyid\":\"b\"}],\"signed\":{}}",
                "{\"signatures\":[{\"sig\":\"01\",\"keyid\":\"a\"}],\"signed\":{}}",
            ),
        ];
        for (before, after) in cases {
            assert_eq!(spliced(before, &[("a", "01")]), after);
        }
    }

    #[test]
    fn megabytes_of_white_space_are_not_repeated_in_every_entry() {
        let wide = " ".repeat(1 << 20);
        for before in [
            format!("{{\n{wide}\"signatures\":[],\"signed\":{{}}}}"),
            format!("{{\"signatures\"{wide}:[],\"signed\":{{}}}}"),
            format!("{{\"signatures\":[],{wide}\"signed\":{{}}}}"),
        ] {
            let after = spliced(&before, &[("a", "01"), ("b", "02")]);
            assert!(after.len() < before.len() + 200);
        }
    }

    #[test]
    fn a_file_that_says_the_same_stays_as_it_is() {
        let text = "{ \"signatures\" : [ {\"keyid\":\"a\",\n\"sig\":\"0A\"} ] ,\"signed\":{}}";
        assert_eq!(spliced(text, &[("a", "0a")]), text);
        assert_ne!(spliced(text, &[("a", "0b")]), text);
    }
}
