//! What a new document says, made of new things and of parts of documents that exist. The same value is written in our
//! layout here and into a predecessor's own text by [`crate::splice::edited`]; both mean the same.

use std::borrow::Cow;

use super::{block, quote_ascii};
use crate::document::{Kind, Object, View};

/// A value to be written.
#[derive(Clone)]
pub enum Value<'d> {
    /// A whole number.
    Number(u64),
    /// `true` or `false`
    Flag(bool),
    /// A text.
    Text(Cow<'d, str>),
    /// A value of the predecessor that stays as it is.
    Kept(View<'d>),
    /// A value of another document, to be laid out like what is around it.
    Copied(View<'d>),
    /// An array.
    List(Vec<Value<'d>>),
    /// An object: one of the predecessor with some members set or removed, or a new one.
    Edited(Edit<'d>),
}

/// An object that exists and what becomes of its members, or a new one. Members that are not named are kept.
#[derive(Clone, Default)]
pub struct Edit<'d> {
    of: Option<Object<'d>>,
    /// Sorted by name; none is a member that goes.
    members: Vec<(Cow<'d, str>, Option<Value<'d>>)>,
}

impl<'d> Edit<'d> {
    /// An object with nothing changed yet; of none, a new one.
    pub fn of(object: impl Into<Option<Object<'d>>>) -> Edit<'d> {
        Edit { of: object.into(), members: Vec::new() }
    }

    /// Sets a member, or adds it. Names that arrive sorted cost no search.
    pub fn set(&mut self, name: impl Into<Cow<'d, str>>, value: Value<'d>) {
        self.put(name.into(), Some(value));
    }

    /// Removes a member.
    pub fn remove(&mut self, name: impl Into<Cow<'d, str>>) {
        self.put(name.into(), None);
    }

    fn put(&mut self, name: Cow<'d, str>, value: Option<Value<'d>>) {
        if self.members.last().is_none_or(|(last, _)| *last < name) {
            return self.members.push((name, value));
        }
        match self.members.binary_search_by(|(other, _)| other.cmp(&name)) {
            Ok(at) => self.members[at].1 = value,
            Err(at) => self.members.insert(at, (name, value)),
        }
    }

    /// The object that is edited; none for a new one.
    pub(crate) fn stood(&self) -> Option<Object<'d>> {
        self.of
    }

    /// What becomes of the member with this name; none if it is not named.
    pub(crate) fn change(&self, name: &str) -> Option<Option<&Value<'d>>> {
        let at = self.members.binary_search_by(|(other, _)| other.as_ref().cmp(name)).ok()?;
        Some(self.members[at].1.as_ref())
    }

    /// The members that are set or removed, sorted.
    pub(crate) fn changes(&self) -> impl Iterator<Item = (&str, Option<&Value<'d>>)> {
        self.members.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
    }
}

impl<'d> Value<'d> {
    /// A text.
    pub fn text(text: impl Into<Cow<'d, str>>) -> Value<'d> {
        Value::Text(text.into())
    }

    /// A new object of these members.
    pub fn object<const N: usize>(members: [(&'static str, Value<'d>); N]) -> Value<'d> {
        let mut object = Edit::default();
        members.into_iter().for_each(|(name, value)| object.set(name, value));
        Value::Edited(object)
    }

    /// Whether an existing value already says this. An object never does: it is
    /// compared member by member.
    pub(crate) fn is_said_by(&self, view: View<'_>) -> bool {
        match self {
            Value::Number(n) => view.integer().is_some_and(|i| i.plain() == n.to_string()),
            Value::Flag(flag) => view.boolean() == Some(*flag),
            Value::Text(text) => view.string().is_some_and(|s| s == *text),
            Value::Kept(other) | Value::Copied(other) => other.same(view),
            Value::List(list) => view.array().is_some_and(|array| {
                let mut array = array;
                list.iter().all(|value| array.next().is_some_and(|v| value.is_said_by(v)))
                    && array.next().is_none()
            }),
            Value::Edited(_) => false,
        }
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
            Value::Number(n) => out.push_str(&n.to_string()),
            Value::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Value::Text(text) => quote_ascii(text, out),
            Value::Kept(view) | Value::Copied(view) => laid_out(*view, out, depth),
            Value::List(list) => {
                block(out, depth, '[', ']', list, |out, value: &Value<'_>| value.write(out, depth + 1))
            }
            Value::Edited(edit) => block(out, depth, '{', '}', edit.sorted(), |out, (name, value)| {
                named(&name, out);
                match value {
                    Side::Stays(view) => laid_out(view, out, depth + 1),
                    Side::Comes(value) => value.write(out, depth + 1),
                }
            }),
        }
    }
}

/// A member of an edited object.
enum Side<'e, 'd> {
    Stays(View<'d>),
    Comes(&'e Value<'d>),
}

impl<'d> Edit<'d> {
    /// The members that there will be, sorted: a merge-join, so that a million of them need one pass.
    fn sorted<'e>(&'e self) -> impl Iterator<Item = (Cow<'e, str>, Side<'e, 'd>)> {
        let mut old = self.of.into_iter().flat_map(Object::sorted).peekable();
        let mut new = self.changes().peekable();
        std::iter::from_fn(move || {
            loop {
                let order = match (old.peek(), new.peek()) {
                    (None, None) => return None,
                    (Some(_), None) => std::cmp::Ordering::Less,
                    (None, Some(_)) => std::cmp::Ordering::Greater,
                    (Some((a, _)), Some((b, _))) => a.as_ref().cmp(b),
                };
                let stood = if order.is_le() { old.next() } else { None };
                if order.is_lt() {
                    return stood.map(|(name, view)| (name, Side::Stays(view)));
                }
                if let Some((name, Some(value))) = new.next() {
                    return Some((Cow::Borrowed(name), Side::Comes(value)));
                }
            }
        })
    }
}

fn named(name: &str, out: &mut String) {
    quote_ascii(name, out);
    out.push_str(": ");
}

/// A value that exists in our layout. Texts and numbers keep their values, so the canonical form stays the same.
fn laid_out(view: View<'_>, out: &mut String, depth: usize) {
    match view.kind() {
        Kind::Object => {
            let members = view.object().into_iter().flat_map(Object::sorted);
            block(out, depth, '{', '}', members, |out, (name, value)| {
                named(&name, out);
                laid_out(value, out, depth + 1);
            });
        }
        Kind::Array => {
            let elements = view.array().into_iter().flatten();
            block(out, depth, '[', ']', elements, |out, value| laid_out(value, out, depth + 1));
        }
        Kind::String => quote_ascii(&view.string().unwrap_or_default(), out),
        Kind::Integer => out.push_str(view.integer().map_or("", |i| i.plain())),
        Kind::Bool | Kind::Null => out.push_str(view.text()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical;
    use crate::document::Document;

    #[test]
    fn a_value_that_is_laid_out_anew_means_the_same() {
        let text =
            r#"{"z":[-0,12345678901234567890123,-7,[],{}],"a b":"\u00e9é\/\ud83d\udd11","a":null,"":true}"#;
        let document = Document::read(text.as_bytes()).unwrap();
        let laid = Value::Kept(document.root()).written();
        let again = Document::read(laid.as_bytes()).unwrap();
        assert_eq!(canonical::bytes(again.root()), canonical::bytes(document.root()));
        assert!(
            laid.is_ascii()
                && laid.starts_with("{\n \"\": true,\n \"a\": null,\n \"a b\": \"\\u00e9\\u00e9/")
        );
    }

    #[test]
    fn an_edited_object_has_what_stays_and_what_comes_in_one_order() {
        let document = Document::read(r#"{"b":1,"d":2,"f":3}"#.as_bytes()).unwrap();
        let mut edit = Edit::of(document.root().object().unwrap());
        edit.set("e", Value::Number(5));
        edit.set("a", Value::Flag(false));
        edit.set("d", Value::text("two"));
        edit.remove("f");
        edit.remove("x");
        let want = "{\n \"a\": false,\n \"b\": 1,\n \"d\": \"two\",\n \"e\": 5\n}";
        assert_eq!(Value::Edited(edit).written(), want);
    }
}
