//! Views into a document: what a value is and what it holds. They borrow; a string is copied only if it holds an
//! escape.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use super::{Document, ESCAPED, INDEXED, Node};

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `{…}`
    Object,
    /// `[…]`
    Array,
    /// `"…"`
    String,
    /// A whole number of any size.
    Integer,
    /// `true` or `false`
    Bool,
    /// `null`
    Null,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Kind::Object => "an object",
            Kind::Array => "an array",
            Kind::String => "a string",
            Kind::Integer => "an integer",
            Kind::Bool => "true or false",
            Kind::Null => "null",
        })
    }
}

/// One value of a document.
#[derive(Clone, Copy)]
pub struct View<'d> {
    document: &'d Document,
    at: u32,
}

impl<'d> View<'d> {
    pub(super) fn new(document: &'d Document, at: u32) -> View<'d> {
        View { document, at }
    }

    fn node(self) -> Node {
        self.document.tape[self.at as usize]
    }

    fn behind(self) -> View<'d> {
        View::new(self.document, self.node().next)
    }

    /// What this value is.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.document.text.as_bytes()[self.node().start as usize] {
            b'{' => Kind::Object,
            b'[' => Kind::Array,
            b'"' => Kind::String,
            b't' | b'f' => Kind::Bool,
            b'n' => Kind::Null,
            _ => Kind::Integer,
        }
    }

    /// Where the value stands in the text, in bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        let node = self.node();
        let start = node.start as usize;
        start..start + (node.length & !ESCAPED) as usize
    }

    /// The value's own text.
    #[must_use]
    pub fn text(self) -> &'d str {
        &self.document.text[self.range()]
    }

    /// The text between a string's quotes, and whether it holds an escape.
    fn inner(self) -> (&'d str, bool) {
        let range = self.range();
        (&self.document.text[range.start + 1..range.end - 1], self.node().length & ESCAPED != 0)
    }

    /// The decoded text of a string.
    #[must_use]
    pub fn string(self) -> Option<Cow<'d, str>> {
        if self.kind() != Kind::String {
            return None;
        }
        let (raw, escaped) = self.inner();
        Some(if escaped { Cow::Owned(decoded(raw)) } else { Cow::Borrowed(raw) })
    }

    /// The text between the quotes where it needs no decoding: its canonical form is itself.
    pub(crate) fn plain_string(self) -> Option<&'d str> {
        match (self.kind(), self.inner()) {
            (Kind::String, (text, false)) => Some(text),
            _ => None,
        }
    }

    /// A whole number, as text.
    #[must_use]
    pub fn integer(self) -> Option<Integer<'d>> {
        (self.kind() == Kind::Integer).then(|| Integer(self.text()))
    }

    /// `true` or `false`.
    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        (self.kind() == Kind::Bool).then(|| self.text() == "true")
    }

    /// Whether it is `null`.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Null
    }

    /// The members of an object.
    #[must_use]
    pub fn object(self) -> Option<Object<'d>> {
        (self.kind() == Kind::Object).then_some(Object(self))
    }

    /// The elements of an array.
    #[must_use]
    pub fn array(self) -> Option<Array<'d>> {
        (self.kind() == Kind::Array).then_some(Array {
            document: self.document,
            at: self.at + 1,
            end: self.node().next,
        })
    }

    /// Whether both mean the same: equal canonical forms, whatever the layout, order and escapes.
    #[must_use]
    pub fn same(self, other: View<'_>) -> bool {
        match (self.kind(), other.kind()) {
            (Kind::Object, Kind::Object) => {
                let (a, b) = (Object(self), Object(other));
                a.len() == b.len() && a.sorted().zip(b.sorted()).all(|((k, v), (l, w))| k == l && v.same(w))
            }
            (Kind::Array, Kind::Array) => {
                let (mut a, mut b) =
                    (self.array().into_iter().flatten(), other.array().into_iter().flatten());
                loop {
                    match (a.next(), b.next()) {
                        (None, None) => return true,
                        (Some(v), Some(w)) if v.same(w) => {}
                        _ => return false,
                    }
                }
            }
            (Kind::Integer, Kind::Integer) => Integer(self.text()).plain() == Integer(other.text()).plain(),
            (a, b) if a == b => {
                self.string() == other.string() && (a == Kind::String || self.text() == other.text())
            }
            _ => false,
        }
    }
}

/// A whole number of any size, kept as its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Integer<'d>(&'d str);

impl<'d> Integer<'d> {
    /// The digits; minus zero is zero, as every reader of the canonical form takes it.
    #[must_use]
    pub fn plain(self) -> &'d str {
        if self.0 == "-0" { "0" } else { self.0 }
    }

    /// The value, if it fits.
    #[must_use]
    pub fn as_u64(self) -> Option<u64> {
        self.plain().parse().ok()
    }
}

/// The members of an object: in the order of the file, or sorted by name.
#[derive(Clone, Copy)]
pub struct Object<'d>(View<'d>);

impl<'d> Object<'d> {
    /// The tape indices of its names, sorted; none if they stand sorted in the file.
    fn index(self) -> Option<&'d [u32]> {
        let node = self.0.node();
        (node.length & INDEXED != 0).then(|| {
            let index = self.0.document.tape[node.next as usize - 1];
            &self.0.document.order[index.start as usize..(index.start + index.length) as usize]
        })
    }

    /// Names and values in the order of the file.
    pub(crate) fn in_file_order(self) -> impl Iterator<Item = (View<'d>, View<'d>)> {
        let node = self.0.node();
        let end = if node.length & INDEXED != 0 { node.next - 1 } else { node.next };
        let mut name = View::new(self.0.document, self.0.at + 1);
        std::iter::from_fn(move || {
            (name.at < end).then(|| {
                let (this, value) = (name, name.behind());
                name = value.behind();
                (this, value)
            })
        })
    }

    /// The object as a value.
    #[must_use]
    pub fn view(self) -> View<'d> {
        self.0
    }

    /// How many members it has.
    #[must_use]
    pub fn len(self) -> usize {
        self.index().map_or_else(|| self.in_file_order().count(), <[u32]>::len)
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.in_file_order().next().is_none()
    }

    /// The member with this name.
    #[must_use]
    pub fn member(self, name: &str) -> Option<View<'d>> {
        let document = self.0.document;
        let compare = |at: u32| compare_to(document, at, name.as_bytes());
        match self.index() {
            Some(names) => {
                let found = names.binary_search_by(|&at| compare(at)).ok()?;
                Some(View::new(document, names[found] + 1))
            }
            None => {
                let mut members = self.in_file_order().skip_while(|(name, _)| compare(name.at).is_lt());
                members.next().filter(|(name, _)| compare(name.at).is_eq()).map(|(_, value)| value)
            }
        }
    }

    /// Members sorted by the code points of their names: the order of the canonical form.
    pub fn sorted(self) -> impl Iterator<Item = (Cow<'d, str>, View<'d>)> {
        self.sorted_views().map(|(name, value)| (name.string().expect("a name is a string"), value))
    }

    /// As [`Object::sorted`], with the names as values, not yet decoded.
    pub(crate) fn sorted_views(self) -> impl Iterator<Item = (View<'d>, View<'d>)> {
        let document = self.0.document;
        let mut index = self.index().map(<[u32]>::iter);
        let mut in_order = self.in_file_order();
        std::iter::from_fn(move || match &mut index {
            Some(index) => index.next().map(|&at| (View::new(document, at), View::new(document, at + 1))),
            None => in_order.next(),
        })
    }

    /// Members in the order of the file.
    pub fn members(self) -> impl Iterator<Item = (Cow<'d, str>, View<'d>)> {
        self.in_file_order().map(|(name, value)| (name.string().expect("a name is a string"), value))
    }
}

/// The elements of an array, in order.
#[derive(Clone)]
pub struct Array<'d> {
    document: &'d Document,
    at: u32,
    end: u32,
}

impl<'d> Iterator for Array<'d> {
    type Item = View<'d>;
    fn next(&mut self) -> Option<View<'d>> {
        (self.at < self.end).then(|| {
            let view = View::new(self.document, self.at);
            self.at = view.node().next;
            view
        })
    }
}

fn compare_to(document: &Document, at: u32, name: &[u8]) -> Ordering {
    let view = View::new(document, at);
    match view.plain_string() {
        Some(text) => text.as_bytes().cmp(name),
        None => view.string().expect("a name is a string").as_bytes().cmp(name),
    }
}

/// Decodes escapes that the reader has checked.
pub(super) fn decoded(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = rest.as_bytes()[at + 1];
        let unit =
            |from: usize| u32::from_str_radix(&rest[from..from + 4], 16).expect("four hex digits were read");
        let (decoded, length) = match escape {
            b'u' => match unit(at + 2) {
                high @ 0xd800..=0xdbff => (0x1_0000 + ((high - 0xd800) << 10) + (unit(at + 8) - 0xdc00), 12),
                code => (code, 6),
            },
            b'b' => (8, 2),
            b'f' => (12, 2),
            b'n' => (10, 2),
            b'r' => (13, 2),
            b't' => (9, 2),
            other => (u32::from(other), 2),
        };
        out.push(char::from_u32(decoded).expect("surrogates were read in pairs"));
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    out
}
