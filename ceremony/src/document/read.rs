//! The strict reader: RFC 8259 without floats, without duplicate names, without lone surrogates, without anything
//! past the caps. It builds the tape in one pass. Everything it refuses it refuses with a place.

use super::fault::{ReadFault, ReadProblem, position};
use super::view::decoded;
use super::{ESCAPED, INDEXED, Node, SMALL};
use crate::limits::{DEPTH, INTEGER_DIGITS, Limit, NODES};

type Tape = (Vec<Node>, Vec<u32>);

/// Takes bytes as a text: UTF-8 without a mark, within its cap.
pub(super) fn text_of(bytes: Vec<u8>, size: Limit) -> Result<String, ReadFault> {
    let refused = |problem, at| ReadFault { problem, at };
    let start = position(&bytes, 0);
    if !size.allows(bytes.len()) {
        return Err(refused(ReadProblem::Past(size), start));
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        return Err(refused(ReadProblem::ByteOrderMark, start));
    }
    let marked = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if marked || bytes.iter().take(4).any(|&b| b == 0) {
        return Err(refused(ReadProblem::OtherEncoding, start));
    }
    String::from_utf8(bytes).map_err(|fault| {
        let at = position(fault.as_bytes(), fault.utf8_error().valid_up_to());
        refused(ReadProblem::NotUtf8, at)
    })
}

pub(super) fn tape_over(text: &str) -> Result<Tape, ReadFault> {
    let text = text.as_bytes();
    let mut reader =
        Reader { text, at: 0, tape: Vec::new(), order: Vec::new(), open: Vec::new(), names: Vec::new() };
    reader.run().map_err(|problem| ReadFault { problem, at: position(text, reader.at) })?;
    reader.tape.shrink_to_fit();
    reader.order.shrink_to_fit();
    Ok((reader.tape, reader.order))
}

/// An array or object whose end has not been read yet.
struct Open {
    node: u32,
    /// Where its names start in `Reader::names`.
    names: usize,
    is_object: bool,
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    tape: Vec<Node>,
    order: Vec<u32>,
    open: Vec<Open>,
    names: Vec<u32>,
}

impl Reader<'_> {
    fn run(&mut self) -> Result<(), ReadProblem> {
        self.space();
        if self.at == self.text.len() {
            return Err(ReadProblem::Empty);
        }
        self.value()?;
        while let Some(is_object) = self.open.last().map(|o| o.is_object) {
            self.space();
            match (self.peek(), is_object) {
                (Some(b','), true) => self.member()?,
                (Some(b','), false) => {
                    self.at += 1;
                    self.space();
                    self.value()?;
                }
                (Some(b'}'), true) | (Some(b']'), false) => self.close()?,
                (_, true) => return Err(self.unexpected("a comma or the end of the object")),
                (_, false) => return Err(self.unexpected("a comma or the end of the array")),
            }
        }
        self.space();
        if self.at < self.text.len() {
            return Err(self.unexpected("the end of the document"));
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn unexpected(&self, wanted: &'static str) -> ReadProblem {
        let rest = std::str::from_utf8(&self.text[self.at..]).unwrap_or_default();
        match rest.chars().next() {
            Some(c) => ReadProblem::Unexpected { found: format!("{c:?}"), wanted },
            None => ReadProblem::CutOff { wanted },
        }
    }

    /// Adds a node that starts here; its length and end are known later.
    fn push(&mut self, start: usize, length: usize) -> Result<u32, ReadProblem> {
        let at = self.tape.len();
        if !NODES.allows(at + 1) {
            return Err(ReadProblem::Past(NODES));
        }
        let number = |n: usize| u32::try_from(n).expect("sizes are capped far below 2^31");
        self.tape.push(Node { start: number(start), length: number(length), next: number(at + 1) });
        Ok(number(at))
    }

    /// Reads one value or enters a container. Only the first element of a container recurses, so never deeper
    /// than `DEPTH`.
    fn value(&mut self) -> Result<(), ReadProblem> {
        match self.peek() {
            Some(b'{') => {
                self.enter(true)?;
                self.space();
                if self.peek() == Some(b'}') { self.close() } else { self.name_and_value() }
            }
            Some(b'[') => {
                self.enter(false)?;
                self.space();
                if self.peek() == Some(b']') {
                    return self.close();
                }
                self.value()
            }
            Some(b'"') => self.string().map(drop),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'N' | b'I') if self.is_word(b"NaN") || self.is_word(b"Infinity") => {
                Err(ReadProblem::NotANumber)
            }
            _ => self.word(),
        }
    }

    fn enter(&mut self, is_object: bool) -> Result<(), ReadProblem> {
        if !DEPTH.allows(self.open.len() + 1) {
            return Err(ReadProblem::Past(DEPTH));
        }
        let node = self.push(self.at, 0)?;
        self.open.push(Open { node, names: self.names.len(), is_object });
        self.at += 1;
        Ok(())
    }

    /// A comma, then a name and its value.
    fn member(&mut self) -> Result<(), ReadProblem> {
        self.at += 1;
        self.space();
        self.name_and_value()
    }

    fn name_and_value(&mut self) -> Result<(), ReadProblem> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a name in double quotes"));
        }
        let name = self.string()?;
        self.names.push(name);
        self.space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("a colon"));
        }
        self.at += 1;
        self.space();
        self.value()
    }

    fn close(&mut self) -> Result<(), ReadProblem> {
        self.at += 1;
        let open = self.open.pop().expect("only an open container is closed");
        let indexed = open.is_object && self.index(&open)?;
        let next = u32::try_from(self.tape.len()).expect("nodes are capped");
        let node = &mut self.tape[open.node as usize];
        node.length = u32::try_from(self.at).expect("sizes are capped") - node.start;
        if indexed {
            node.length |= INDEXED;
        }
        node.next = next;
        Ok(())
    }

    /// Sorts the names of the object that ends here, refuses a name that stands twice, and says whether the object
    /// got an index.
    fn index(&mut self, open: &Open) -> Result<bool, ReadProblem> {
        let (text, tape) = (self.text, &self.tape);
        let names = &mut self.names[open.names..];
        let inner = |at: u32| {
            let node = tape[at as usize];
            let length = (node.length & !ESCAPED) as usize;
            let start = node.start as usize;
            (&text[start + 1..start + length - 1], node.length & ESCAPED != 0)
        };
        let order = |&a: &u32, &b: &u32| match (inner(a), inner(b)) {
            ((a, false), (b, false)) => a.cmp(b),
            ((a, _), (b, _)) => {
                let whole =
                    |bytes| decoded(std::str::from_utf8(bytes).expect("the whole text was read as UTF-8"));
                whole(a).cmp(&whole(b))
            }
        };
        let in_order = names.is_sorted_by(|a, b| order(a, b).is_lt());
        if !in_order {
            names.sort_unstable_by(order);
            if let Some(pair) = names.windows(2).find(|pair| order(&pair[0], &pair[1]).is_eq()) {
                let second = pair[0].max(pair[1]);
                self.at = self.tape[second as usize].start as usize;
                let name = std::str::from_utf8(inner(second).0).map(decoded).unwrap_or_default();
                return Err(ReadProblem::DuplicateName { name: name.chars().take(200).collect() });
            }
        }
        let needed = !in_order || names.len() > SMALL;
        if needed {
            let (start, length) = (self.order.len(), names.len());
            self.order.extend_from_slice(names);
            self.push(start, length)?;
        }
        self.names.truncate(open.names);
        Ok(needed)
    }

    fn string(&mut self) -> Result<u32, ReadProblem> {
        let start = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at += self.text[self.at..]
                .iter()
                .position(|&b| STOPS[b as usize])
                .unwrap_or(self.text.len() - self.at);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.escape()?;
                }
                Some(byte) => return Err(ReadProblem::ControlByte { byte }),
                None => return Err(self.unexpected("the end of the string")),
            }
        }
        self.at += 1;
        let node = self.push(start, self.at - start)?;
        if escaped {
            self.tape[node as usize].length |= ESCAPED;
        }
        Ok(node)
    }

    fn escape(&mut self) -> Result<(), ReadProblem> {
        match self.text.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 2,
            Some(b'u') => match self.unit(self.at + 2)? {
                0xd800..=0xdbff => {
                    let pair = self.text.get(self.at + 6..self.at + 8) == Some(b"\\u");
                    if !pair || !(0xdc00..=0xdfff).contains(&self.unit(self.at + 8)?) {
                        return Err(ReadProblem::LoneSurrogate);
                    }
                    self.at += 12;
                }
                0xdc00..=0xdfff => return Err(ReadProblem::LoneSurrogate),
                _ => self.at += 6,
            },
            _ => return Err(ReadProblem::BadEscape),
        }
        Ok(())
    }

    fn unit(&self, from: usize) -> Result<u32, ReadProblem> {
        let digits = self.text.get(from..from + 4).filter(|d| d.iter().all(u8::is_ascii_hexdigit));
        let digits = digits.and_then(|d| std::str::from_utf8(d).ok()).ok_or(ReadProblem::BadEscape)?;
        u32::from_str_radix(digits, 16).map_err(|_| ReadProblem::BadEscape)
    }

    fn number(&mut self) -> Result<(), ReadProblem> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
            if self.is_word(b"Infinity") || self.is_word(b"NaN") {
                return Err(ReadProblem::NotANumber);
            }
        }
        let first = self.at;
        self.digits();
        match self.text[first..self.at] {
            [] => return Err(self.unexpected("a digit")),
            [b'0', _, ..] => {
                self.at = first + 1;
                return Err(self.unexpected("a number without a leading zero"));
            }
            _ => {}
        }
        if !INTEGER_DIGITS.allows(self.at - first) {
            self.at = first;
            return Err(ReadProblem::Past(INTEGER_DIGITS));
        }
        if let Some(b'.' | b'e' | b'E') = self.peek() {
            let problem = self.float();
            if problem == ReadProblem::Float {
                self.at = start;
            }
            return Err(problem);
        }
        self.push(start, self.at - start).map(drop)
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
    }

    /// A well-formed float is named as one; anything else here is no JSON at all.
    fn float(&mut self) -> ReadProblem {
        let exponent = self.peek() != Some(b'.');
        self.at += 1;
        if exponent && matches!(self.peek(), Some(b'+' | b'-')) {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0'..=b'9') => ReadProblem::Float,
            _ => self.unexpected("a digit"),
        }
    }

    fn is_word(&self, word: &[u8]) -> bool {
        self.text[self.at..].starts_with(word)
    }

    fn word(&mut self) -> Result<(), ReadProblem> {
        for word in [&b"true"[..], b"false", b"null"] {
            if self.is_word(word) {
                self.push(self.at, word.len())?;
                self.at += word.len();
                return Ok(());
            }
        }
        Err(self.unexpected("a value"))
    }
}

/// The bytes that end a plain run inside a string.
const STOPS: [bool; 256] = {
    let mut stops = [false; 256];
    let mut byte = 0;
    while byte < 0x20 {
        stops[byte] = true;
        byte += 1;
    }
    stops[b'"' as usize] = true;
    stops[b'\\' as usize] = true;
    stops
};
