//! Canonical JSON (the OLPC form, as securesystemslib writes it): the bytes that are hashed and signed (TUF 4.2.1).
//! Names sorted by code point, no white space, only `"` and `\` escaped, everything else as raw UTF-8, nothing
//! normalized. The bytes are fed in pieces, so a large document is never built a second time.
//!
//! Canonical bytes are not JSON: a PEM's newlines stand raw in them. They are never written as a metadata file.

use crate::digest::{Digest, Hasher};
use crate::document::{Kind, View};

/// Feeds the canonical form of a value, piece by piece.
pub fn feed(view: View<'_>, sink: &mut dyn FnMut(&[u8])) {
    let mut out = Buffered { sink, held: Vec::with_capacity(HELD) };
    value(view, &mut out);
    (out.sink)(&out.held);
}

/// The canonical form of a value.
#[must_use]
pub fn bytes(view: View<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    feed(view, &mut |piece| out.extend_from_slice(piece));
    out
}

/// SHA-256 of the canonical form, and its length in bytes.
#[must_use]
pub fn digest(view: View<'_>) -> (Digest, u64) {
    let mut hasher = Hasher::default();
    feed(view, &mut |piece| hasher.add(piece));
    hasher.finish()
}

/// Tokens are a few bytes each; hashers like them in larger pieces.
const HELD: usize = 16 << 10;

struct Buffered<'s> {
    sink: &'s mut dyn FnMut(&[u8]),
    held: Vec<u8>,
}

impl Buffered<'_> {
    fn put(&mut self, piece: &[u8]) {
        if self.held.len() + piece.len() > HELD {
            (self.sink)(&self.held);
            self.held.clear();
        }
        if piece.len() > HELD { (self.sink)(piece) } else { self.held.extend_from_slice(piece) }
    }
}

fn value(view: View<'_>, out: &mut Buffered<'_>) {
    match view.kind() {
        Kind::Object => {
            let members = view.object().into_iter().flat_map(|o| o.sorted_views());
            let mut before: &[u8] = b"{";
            for (name, member) in members {
                out.put(before);
                string(name, out);
                out.put(b":");
                value(member, out);
                before = b",";
            }
            out.put(if before == b"{" { b"{}" } else { b"}" });
        }
        Kind::Array => {
            let mut before: &[u8] = b"[";
            for element in view.array().into_iter().flatten() {
                out.put(before);
                value(element, out);
                before = b",";
            }
            out.put(if before == b"[" { b"[]" } else { b"]" });
        }
        Kind::String => string(view, out),
        Kind::Integer => out.put(view.integer().map_or("", |i| i.plain()).as_bytes()),
        Kind::Bool | Kind::Null => out.put(view.text().as_bytes()),
    }
}

fn string(view: View<'_>, out: &mut Buffered<'_>) {
    if view.plain_string().is_some() {
        // Without an escape the text between the quotes holds neither of the two characters that are escaped.
        return out.put(view.text().as_bytes());
    }
    let text = view.string().unwrap_or_default();
    out.put(b"\"");
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|b| matches!(b, b'"' | b'\\')) {
        out.put(&rest[..at]);
        out.put(&[b'\\', rest[at]]);
        rest = &rest[at + 1..];
    }
    out.put(rest);
    out.put(b"\"");
}
