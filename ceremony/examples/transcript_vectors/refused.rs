//! The refused transcripts, one failure each.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::transcript::event::Event;

use crate::samples::{note, opened};
use crate::{Vector, lines};

const SHAPE: &str = "is no entry of a transcript of this format";
const SPELLING: &str = "is not spelled as this version writes it";
const CHAIN: &str = "was written behind other lines than the ones before it";
const ASCII: &str = "holds other bytes than printable ASCII";

/// Three lines in which the changes below have a place.
fn good() -> String {
    lines(vec![
        Event::Opened(opened().into()),
        Event::Remarked(note("h\u{e9}llo")),
        Event::IncidentNoted(note("the lights went out")),
    ])
}

/// `good` with one place changed; a place that is not there fails.
fn with(from: &str, to: &str) -> Vec<u8> {
    let good = good();
    assert!(good.contains(from), "{from}");
    good.replacen(from, to, 1).into_bytes()
}

/// The lines of `good` in another choice and order, `prev` and all as they stand.
fn chosen(numbers: &[usize]) -> Vec<u8> {
    let good = good();
    let all: Vec<&str> = good.split_inclusive('\n').collect();
    numbers.iter().map(|n| all[n - 1]).collect::<String>().into_bytes()
}

/// `good` with the number of one line changed, and every line behind it bound again.
fn renumbered() -> Vec<u8> {
    let text = String::from_utf8(chosen(&[1, 2])).unwrap();
    text.replacen("\"n\":2", "\"n\":3", 1).into_bytes()
}

/// A file whose first line says that something stands before it.
fn behind_something() -> Vec<u8> {
    let nothing = Digest::of(b"").to_string();
    let text = with(&nothing, &Digest::of(b"something").to_string());
    text.split_inclusive(|b| *b == b'\n').next().unwrap().to_vec()
}

pub fn all() -> Vec<Vector> {
    let rows: Vec<Row> = [text(), shape(), spelling(), chain()].concat();
    let vector = |(layer, name, lines, what, refusal, text)| Vector {
        name,
        text,
        expect: "refuse",
        layer,
        what,
        refusal,
        lines,
    };
    rows.into_iter().map(vector).collect()
}

type Row = (&'static str, &'static str, u64, &'static str, &'static str, Vec<u8>);

fn text() -> Vec<Row> {
    let raw = with("h\\u00e9llo", "h\u{e9}llo");
    let mut crlf = chosen(&[1]);
    crlf.insert(crlf.len() - 1, b'\r');
    let bom = [&b"\xef\xbb\xbf"[..], &chosen(&[1])].concat();
    let blank = [&chosen(&[1])[..], b"\n"].concat();
    vec![
        ("text", "raw-letter", 2, "a letter beyond ASCII that is not escaped", ASCII, raw),
        ("text", "carriage-return", 1, "a line that ends as Windows ends them", ASCII, crlf),
        ("text", "byte-order-mark", 1, "a byte order mark before the first line", ASCII, bom),
        ("text", "tab", 2, "a tab between two values", ASCII, with(",\"n\":2", ",\t\"n\":2")),
        ("shape", "blank-line", 2, "a line with nothing in it", SHAPE, blank),
    ]
}

fn shape() -> Vec<Row> {
    let row = |name, line, what, text| ("shape", name, line, what, SHAPE, text);
    let no_prev = {
        let good = good();
        let from = good.find(",\"prev\"").unwrap();
        let to = good.find("}\n").unwrap();
        format!("{}{}", &good[..from], &good[to..]).into_bytes()
    };
    vec![
        row("no-json", 1, "a line cut in its middle, with a newline", [&chosen(&[1])[..30], b"\n"].concat()),
        row(
            "two-in-one",
            2,
            "two values in one line",
            with("\"by\":\"alice\",\"text\":\"h", "\"by\":\"alice\"}{\"text\":\"h"),
        ),
        row("unknown-event", 2, "an event that nobody knows", with("Remarked", "Shouted")),
        row(
            "two-events",
            2,
            "two events in one line",
            with("\"event\":{\"Remarked\"", "\"event\":{\"Left\":{},\"Remarked\""),
        ),
        row(
            "unknown-field",
            2,
            "a field that the event has not",
            with("\"text\":\"h", "\"loud\":true,\"text\":\"h"),
        ),
        row("unknown-member", 2, "a member that a line has not", with(",\"n\":2", ",\"m\":1,\"n\":2")),
        row("field-missing", 2, "a field left out", with("\"by\":\"alice\",\"text\":\"h", "\"text\":\"h")),
        row("prev-missing", 1, "a line that is bound to nothing", no_prev),
        row(
            "name-twice",
            2,
            "one name twice",
            with("\"by\":\"alice\",\"text\":\"h", "\"by\":\"alice\",\"by\":\"bob\",\"text\":\"h"),
        ),
        row("number-as-text", 2, "a number written as a text", with("\"n\":2", "\"n\":\"2\"")),
        row("number-fraction", 2, "a number with a fraction", with("\"n\":2", "\"n\":2.0")),
        row("number-negative", 2, "a number below zero", with("\"n\":2", "\"n\":-2")),
        row("digest-upper-case", 1, "a digest in upper case", upper_case()),
        row("digest-short", 1, "a digest of 62 digits", short()),
        ("shape", "clock-offset", 2, "a clock with an offset", "has a clock that is not written like", {
            let text = String::from_utf8(chosen(&[1, 2])).unwrap();
            let at = text.rfind("\"clock\":\"2027-03-05T09:00:00Z\"").unwrap();
            format!("{}{}", &text[..at], text[at..].replacen("00Z", "00+00:00", 1)).into_bytes()
        }),
    ]
}

fn salt() -> String {
    format!("\"salt\":\"{}\"", opened().salt)
}

fn upper_case() -> Vec<u8> {
    with(&salt(), &format!("\"salt\":\"{}\"", opened().salt.to_string().to_uppercase()))
}

fn short() -> Vec<u8> {
    with(&salt(), &format!("\"salt\":\"{}\"", &opened().salt.to_string()[..62]))
}

fn spelling() -> Vec<Row> {
    let row = |name, line, what, text| ("spelling", name, line, what, SPELLING, text);
    vec![
        row("space", 2, "a space behind a comma", with(",\"n\":2", ", \"n\":2")),
        row(
            "space-at-end",
            2,
            "a space before the newline",
            with(
                "\"}\n{\"clock\":\"2027-03-05T09:00:00Z\",\"event\":{\"Incident",
                "\"} \n{\"clock\":\"2027-03-05T09:00:00Z\",\"event\":{\"Incident",
            ),
        ),
        row(
            "fields-swapped",
            2,
            "fields in another order",
            with("\"by\":\"alice\",\"text\":\"h\\u00e9llo\"", "\"text\":\"h\\u00e9llo\",\"by\":\"alice\""),
        ),
        row("escape-upper-case", 2, "an escape in upper case", with("\\u00e9", "\\u00E9")),
        row("escape-needless", 2, "an escape of a plain letter", with("llo\"", "ll\\u006f\"")),
        row("slash-escaped", 1, "a slash escaped", with("plan/0", "plan\\/0")),
        row("null-left-out", 1, "an absent field left out instead of null", {
            lines(vec![Event::Opened(crate::samples::bare().into())])
                .replacen("\"delta\":null,", "", 1)
                .into_bytes()
        }),
        row(
            "map-name-twice",
            1,
            "one key of the plan twice",
            with("\"cards\":{", &format!("\"cards\":{{{},", first_card())),
        ),
    ]
}

fn first_card() -> String {
    let good = good();
    let from = good.find("\"alice-1\"").unwrap();
    let to = good[from..].find('}').unwrap() + from + 1;
    good[from..to].to_owned()
}

fn chain() -> Vec<Row> {
    let row = |name, line, what, text| ("chain", name, line, what, CHAIN, text);
    let number = "of the transcript says that it is line";
    vec![
        row("changed", 2, "one letter of the first line changed", with("conclave 0.1.0", "conclave 0.1.1")),
        row("changed-middle", 3, "one letter of the second line changed", with("llo", "lla")),
        row("something-before", 1, "a first line behind something", behind_something()),
        ("chain", "line-missing", 2, "the second line taken away", number, chosen(&[1, 3])),
        ("chain", "lines-swapped", 2, "two lines swapped", number, chosen(&[1, 3, 2])),
        ("chain", "line-twice", 3, "one line twice", number, chosen(&[1, 2, 2, 3])),
        ("chain", "first-missing", 1, "the first line taken away", number, chosen(&[2, 3])),
        ("chain", "number-skipped", 2, "a line with the number after next", number, renumbered()),
    ]
}
