//! A predecessor's own text with only what changes rewritten, in the file's own style (MODEL 2, `layout =
//! "as-predecessor"`). What is kept stays byte for byte, white space between kept neighbours too.

use std::borrow::Cow;
use std::ops::Range;

use super::{Style, short};
use crate::document::{Document, Kind, Object, View};
use crate::layout::{Edit, Value, quote_ascii};

/// The text of `document` with its outermost object edited. Kept and edited values must be of this document.
///
/// # Panics
/// Never on metadata, whose outermost value is an object.
#[must_use]
pub fn edited(document: &Document, edit: &Edit<'_>) -> String {
    let envelope = document.root().object().expect("metadata is an object");
    let style = Style::of(document, envelope);
    let gap = match style.lines {
        Some(_) if style.colon.ends_with(' ') => " ",
        Some(_) => "",
        None => &style.gap,
    };
    let writer = Writer { text: document.text(), gap: gap.to_owned(), style };
    let range = envelope.view().range();
    let mut out = String::with_capacity(document.text().len() + 256);
    out.push_str(&writer.text[..range.start]);
    let lead = writer.style.lines.as_ref().map(|_| "");
    writer.edit(edit, lead, &mut out);
    out.push_str(&writer.text[range.end..]);
    out
}

struct Writer<'t> {
    text: &'t str,
    style: Style,
    /// Behind a comma in something that stands on one line.
    gap: String,
}

/// How the items of one object or array are laid out. `indent` is the white space before each item on its line; none where
/// they share one line.
struct Frame<'t> {
    lead: Cow<'t, str>,
    between: Cow<'t, str>,
    tail: Cow<'t, str>,
    indent: Option<Cow<'t, str>>,
}

/// What was written last: an item that stood in the file keeps the white space to the item behind it.
enum Last {
    Nothing,
    Stood { at: usize, end: usize },
    New,
}

/// One object or array that is being written: the items that stood there, and the frame.
struct Joiner<'w, 't> {
    writer: &'w Writer<'t>,
    stood: Vec<Range<usize>>,
    whole: Range<usize>,
    frame: Frame<'t>,
    last: Last,
}

impl<'t> Joiner<'_, 't> {
    /// Writes what comes before the item that stood at this place, or before a new one.
    fn before(&mut self, at: Option<usize>, out: &mut String) {
        let text = self.writer.text;
        match (&self.last, at) {
            (Last::Nothing, Some(0)) => out.push_str(&text[self.whole.start + 1..self.stood[0].start]),
            (Last::Nothing, _) => out.push_str(&self.frame.lead),
            (Last::Stood { at: before, end }, Some(at)) if before + 1 == at => {
                out.push_str(&text[*end..self.stood[at].start]);
            }
            _ => out.push_str(&self.frame.between),
        }
        self.last = match at {
            Some(at) => Last::Stood { at, end: self.stood[at].end },
            None => Last::New,
        };
    }

    fn finish(self, out: &mut String) {
        match self.last {
            Last::Nothing => {}
            Last::Stood { at, end } if at + 1 == self.stood.len() => {
                out.push_str(&self.writer.text[end..self.whole.end - 1]);
            }
            _ => out.push_str(&self.frame.tail),
        }
    }
}

impl<'t> Writer<'t> {
    /// An object of the file with its edits. `indent` is that of the line on which it starts.
    fn edit(&self, edit: &Edit<'_>, indent: Option<&str>, out: &mut String) {
        let Some(stood) = edit.stood() else { return self.object(edit.changes(), indent, out) };
        let whole = stood.view().range();
        if edit.changes().next().is_none() {
            return out.push_str(&self.text[whole]);
        }
        let members: Vec<(View<'_>, View<'_>)> = stood.in_file_order().collect();
        let names: Vec<Cow<'_, str>> = members.iter().filter_map(|(name, _)| name.string()).collect();
        let sorted = names.is_sorted();
        let ranges = members.iter().map(|(name, value)| name.range().start..value.range().end).collect();
        let mut joiner = self.joiner(whole, ranges, indent);
        let indent = joiner.frame.indent.clone();
        let mut new = edit.changes().peekable();
        let add = |joiner: &mut Joiner<'_, 't>, name: &str, value: &Value<'_>, out: &mut String| {
            joiner.before(None, out);
            quote_ascii(name, out);
            out.push_str(&self.style.colon);
            self.value(value, None, indent.as_deref(), out);
        };
        out.push('{');
        for (at, (name_view, view)) in members.iter().enumerate() {
            let name = names[at].as_ref();
            while let Some((other, value)) = new.next_if(|(other, _)| sorted && *other < name) {
                if let Some(value) = value {
                    add(&mut joiner, other, value, out);
                }
            }
            let change = if sorted {
                new.next_if(|(other, _)| *other == name).map(|(_, value)| value)
            } else {
                edit.change(name)
            };
            match change {
                Some(None) => continue,
                None => {
                    joiner.before(Some(at), out);
                    out.push_str(&self.text[name_view.range().start..view.range().end]);
                }
                Some(Some(value)) => {
                    joiner.before(Some(at), out);
                    out.push_str(&self.text[name_view.range().start..view.range().start]);
                    self.value(value, Some(*view), indent.as_deref(), out);
                }
            }
        }
        let is_new = |name: &str| sorted || stood.member(name).is_none();
        for (name, value) in new.filter(|(name, _)| is_new(name)) {
            if let Some(value) = value {
                add(&mut joiner, name, value, out);
            }
        }
        joiner.finish(out);
        out.push('}');
    }

    /// Any value; `stood` is what it replaces.
    fn value(&self, value: &Value<'_>, stood: Option<View<'_>>, indent: Option<&str>, out: &mut String) {
        if let Some(stood) = stood.filter(|stood| value.is_said_by(*stood)) {
            return out.push_str(&self.text[stood.range()]);
        }
        match value {
            Value::Number(n) => out.push_str(&n.to_string()),
            Value::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Value::Text(text) => quote_ascii(text, out),
            Value::Kept(view) => out.push_str(view.text()),
            Value::Copied(view) => self.copied(*view, indent, out),
            Value::Edited(edit) => self.edit(edit, indent, out),
            Value::List(list) => self.list(list, stood, indent, out),
        }
    }

    fn list(&self, list: &[Value<'_>], stood: Option<View<'_>>, indent: Option<&str>, out: &mut String) {
        let stood = stood.filter(|view| view.kind() == Kind::Array);
        let elements: Vec<View<'_>> = stood.and_then(View::array).into_iter().flatten().collect();
        let starts: Vec<usize> = elements.iter().map(|e| e.range().start).collect();
        let ranges = elements.iter().map(|e| e.range()).collect();
        let mut joiner = self.joiner(stood.map_or(0..0, View::range), ranges, indent);
        let indent = joiner.frame.indent.clone();
        out.push('[');
        for value in list {
            let start = match value {
                Value::Kept(view) => Some(view.range().start),
                Value::Edited(edit) => edit.stood().map(|object| object.view().range().start),
                _ => None,
            };
            joiner.before(start.and_then(|start| starts.binary_search(&start).ok()), out);
            self.value(value, None, indent.as_deref(), out);
        }
        joiner.finish(out);
        out.push(']');
    }

    /// A new object.
    fn object<'v, 'd: 'v>(
        &self,
        members: impl Iterator<Item = (impl AsRef<str>, Option<&'v Value<'d>>)>,
        indent: Option<&str>,
        out: &mut String,
    ) {
        let mut joiner = self.joiner(0..0, Vec::new(), indent);
        let indent = joiner.frame.indent.clone();
        out.push('{');
        for (name, value) in members.filter_map(|(name, value)| Some((name, value?))) {
            joiner.before(None, out);
            quote_ascii(name.as_ref(), out);
            out.push_str(&self.style.colon);
            self.value(value, None, indent.as_deref(), out);
        }
        joiner.finish(out);
        out.push('}');
    }

    /// A value of another document in this file's style.
    fn copied(&self, view: View<'_>, indent: Option<&str>, out: &mut String) {
        match view.kind() {
            Kind::Object => {
                let mut edit = Edit::default();
                let members = view.object().into_iter().flat_map(Object::sorted);
                members.for_each(|(name, value)| edit.set(name, Value::Copied(value)));
                self.object(edit.changes(), indent, out);
            }
            Kind::Array => {
                let list: Vec<Value<'_>> = view.array().into_iter().flatten().map(Value::Copied).collect();
                self.list(&list, None, indent, out);
            }
            Kind::String => quote_ascii(&view.string().unwrap_or_default(), out),
            Kind::Integer => out.push_str(view.integer().map_or("", |i| i.plain())),
            Kind::Bool | Kind::Null => out.push_str(view.text()),
        }
    }

    fn joiner<'w>(
        &'w self,
        whole: Range<usize>,
        stood: Vec<Range<usize>>,
        indent: Option<&str>,
    ) -> Joiner<'w, 't> {
        let frame = self.frame(&whole, &stood, indent);
        Joiner { writer: self, stood, whole, frame, last: Last::Nothing }
    }

    /// The frame of something that has items already, else one like the rest of the file.
    fn frame(&self, whole: &Range<usize>, stood: &[Range<usize>], indent: Option<&str>) -> Frame<'t> {
        if let (Some(first), Some(last)) = (stood.first(), stood.last()) {
            let lead = short(&self.text[whole.start + 1..first.start], "");
            let between = match stood.get(1) {
                Some(second) => Cow::Borrowed(short(&self.text[first.end..second.start], ",")),
                None if lead.contains('\n') => Cow::Owned(format!(",{lead}")),
                None => Cow::Owned(format!(",{}", self.gap)),
            };
            let tail = short(&self.text[last.end..whole.end - 1], "");
            let indent = lead.rfind('\n').map(|at| Cow::Borrowed(&lead[at + 1..]));
            return Frame { lead: Cow::Borrowed(lead), between, tail: Cow::Borrowed(tail), indent };
        }
        match (&self.style.lines, indent) {
            (Some((end, unit)), Some(indent)) => {
                let inner = format!("{indent}{unit}");
                let lead = format!("{end}{inner}");
                let between = Cow::Owned(format!(",{lead}"));
                let tail = Cow::Owned(format!("{end}{indent}"));
                Frame { lead: Cow::Owned(lead), between, tail, indent: Some(Cow::Owned(inner)) }
            }
            _ => {
                let between = Cow::Owned(format!(",{}", self.gap));
                Frame { lead: Cow::Borrowed(""), between, tail: Cow::Borrowed(""), indent: None }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, edit: impl for<'d> FnOnce(&mut Edit<'d>, Object<'d>)) -> String {
        let document = Document::read(text.as_bytes()).unwrap();
        let object = document.root().object().unwrap();
        let mut edits = Edit::of(object);
        edit(&mut edits, object);
        let text = edited(&document, &edits);
        Document::read(text.as_bytes()).unwrap();
        text
    }

    #[test]
    fn only_what_changes_is_rewritten_and_white_space_between_kept_neighbours_stays() {
        let text = "{ \"a\" :1,\n\n  \"b\": \"\\u0062\" , \"c\":[ 1,2 ],\"d\" : {} }\n";
        let change = |edit: &mut Edit<'_>, _: Object<'_>| {
            edit.set("a", Value::Number(2));
            edit.set("b", Value::text("b"));
            edit.remove("c");
        };
        assert_eq!(of(text, change), "{ \"a\" :2,\n\n  \"b\": \"\\u0062\",\n\n  \"d\" : {} }\n");
        assert_eq!(of(text, |_, _| ()), text);
    }

    #[test]
    fn new_members_stand_where_they_sort_and_at_the_end_of_an_unsorted_object() {
        let add = |edit: &mut Edit<'_>, _: Object<'_>| {
            edit.set("b", Value::object([("x", Value::List(vec![Value::Number(1), Value::Number(2)]))]));
        };
        let sorted = "{\n  \"a\": 1,\n  \"c\": 2\n}\n";
        let want =
            "{\n  \"a\": 1,\n  \"b\": {\n    \"x\": [\n      1,\n      2\n    ]\n  },\n  \"c\": 2\n}\n";
        assert_eq!(of(sorted, add), want);
        assert_eq!(of("{\"c\":2,\"a\":1}", add), "{\"c\":2,\"a\":1,\"b\":{\"x\":[1,2]}}");
        assert_eq!(of("{\"c\": 2, \"a\": 1}", add), "{\"c\": 2, \"a\": 1, \"b\": {\"x\": [1, 2]}}");
        assert_eq!(of("{}", add), "{\"b\":{\"x\":[1,2]}}");
    }

    #[test]
    fn a_list_keeps_its_own_style_and_its_kept_elements() {
        let reorder = |edit: &mut Edit<'_>, object: Object<'_>| {
            let list: Vec<View<'_>> = object.member("k").unwrap().array().unwrap().collect();
            let text = list[0].text().to_owned();
            assert_eq!(text, "\"\\u0061\"");
            edit.set("k", Value::List(vec![Value::text("n"), Value::text("a"), Value::text("b")]));
        };
        let cases = [
            ("{\n \"k\": [\"\\u0061\", \"b\"]\n}", "{\n \"k\": [\"n\", \"a\", \"b\"]\n}"),
            ("{\n \"k\": [ \"\\u0061\" ]\n}", "{\n \"k\": [ \"n\", \"a\", \"b\" ]\n}"),
            ("{\n \"k\": [\n  \"\\u0061\"\n ]\n}", "{\n \"k\": [\n  \"n\",\n  \"a\",\n  \"b\"\n ]\n}"),
        ];
        for (text, want) in cases {
            assert_eq!(of(text, reorder), want);
        }
    }

    #[test]
    fn an_object_that_loses_all_or_gains_its_first_member_is_laid_out_like_the_file() {
        let text = "{\r\n\t\"a\" : {},\r\n\t\"b\" : {\r\n\t\t\"x\" : 1\r\n\t}\r\n}";
        let document = Document::read(text.as_bytes()).unwrap();
        let object = document.root().object().unwrap();
        let member = |name| Edit::of(object.member(name).and_then(View::object).unwrap());
        let (mut edit, mut a, mut b) = (Edit::of(object), member("a"), member("b"));
        a.set("y", Value::Flag(true));
        b.remove("x");
        edit.set("a", Value::Edited(a));
        edit.set("b", Value::Edited(b));
        assert_eq!(
            edited(&document, &edit),
            "{\r\n\t\"a\" : {\r\n\t\t\"y\" : true\r\n\t},\r\n\t\"b\" : {}\r\n}"
        );
    }

    #[test]
    fn megabytes_of_white_space_are_not_repeated_before_every_new_member() {
        let wide = " ".repeat(1 << 20);
        for text in [format!("{{\n{wide}\"a\":1}}"), format!("{{\"a\":1,{wide}\"b\":2}}")] {
            let new = of(&text, |edit, _| {
                ["c", "d", "e"].map(|n| edit.set(n, Value::Number(1))).into_iter().collect()
            });
            assert!(new.len() < text.len() + 100);
        }
    }
}
