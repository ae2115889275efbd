//! The refused bundles, one failure each.

use tuf_ceremony::bundle::Bundle;
use tuf_ceremony::layout::Plain;
use tuf_ceremony::metadata::Metadata;

use crate::Vector;
use crate::by_hand::{draft, inside, outside, whole};
use crate::mint::{metadata, part, resealed, root, signed, written};
use crate::scene::scene;
use crate::signatures;

pub const NOT_OURS: &str = "it is not written as a bundle is written";
const CHECKSUM: &str = "it was changed after it was written";

pub fn all() -> Vec<Vector> {
    [text(), envelope(), documents(), drafts(), signatures::all(), layout()].concat()
}

pub fn vectors<const N: usize>(
    layer: &'static str,
    rows: [(&'static str, &'static str, &'static str, String); N],
) -> Vec<Vector> {
    let vector = |(name, what, refusal, text)| Vector { name, text, layer, what, refusal };
    rows.map(vector).into()
}

/// Two of three have signed the first root.
fn good() -> String {
    let s = scene();
    written(&Bundle::of(signed(part(s.root1(), None, None), &[&s.alice, &s.bob])))
}

/// `good` with one place changed; a place that is not there fails.
fn with(from: &str, to: &str) -> String {
    let good = good();
    assert!(good.contains(from), "{from}");
    good.replacen(from, to, 1)
}

fn put_right(text: &str) -> String {
    resealed(text).unwrap()
}

fn text() -> Vec<Vector> {
    let good = good();
    let cut = |at: usize| good[..at].to_owned();
    let in_text = good.find("BEGIN").unwrap();
    vectors(
        "text",
        [
            ("torn-empty", "nothing of it is left", "it is empty", String::new()),
            ("torn-start", "cut after its first line", "it ends too early", cut(2)),
            ("torn-document", "cut inside a document's text", "it ends too early", cut(in_text)),
            (
                "torn-signature",
                "cut inside a signature",
                "it ends too early",
                cut(good.rfind("sig\"").unwrap() + 20),
            ),
            ("torn-end", "cut before its last brace", "it ends too early", cut(good.len() - 2)),
            ("two-in-one", "two bundles in one file", "the end of the document", good.repeat(2)),
            (
                "name-twice",
                "one name twice",
                "stands twice in one object",
                with("   \"role\": \"root\",", "   \"role\": \"root\",\n   \"role\": \"root\","),
            ),
            (
                "number-fraction",
                "a version of 1.0",
                "fraction or exponent",
                with("\"version\": 1\n", "\"version\": 1.0\n"),
            ),
        ],
    )
}

fn envelope() -> Vec<Vector> {
    let good = good();
    let format = |to: &str| with("\"format\": 1,", to);
    let digit = |at: usize| {
        let other = if &good[at..=at] == "0" { "1" } else { "0" };
        format!("{}{other}{}", &good[..at], &good[at + 1..])
    };
    let sha = good.rfind("sha256\": \"").unwrap() + 10;
    let shouted = format!("{}{}{}", &good[..sha], good[sha..sha + 64].to_uppercase(), &good[sha + 64..]);
    vectors(
        "envelope",
        [
            ("type-root", "another _type", "it is not a bundle", with("tuf-ceremony-bundle", "root")),
            ("format-0", "format 0", "it is a bundle of format 0", format("\"format\": 0,")),
            ("format-2", "format 2", "it is a bundle of format 2", format("\"format\": 2,")),
            (
                "format-text",
                "a format that is a text",
                "it is a bundle of format \"1\"",
                format("\"format\": \"1\","),
            ),
            ("format-missing", "no format", "the bundle has no \"format\"", with(" \"format\": 1,\n", "")),
            ("sha256-upper", "a checksum in upper case", "is not 64 lower-case hex digits", shouted),
            ("sha256-changed", "one digit of the checksum changed", CHECKSUM, digit(sha + 5)),
            (
                "byte-in-document",
                "one byte of a document changed",
                CHECKSUM,
                with("2031-01-01", "2041-01-01"),
            ),
            (
                "byte-in-signature",
                "one digit of a signature changed",
                CHECKSUM,
                digit(good.find("\"sig\": \"").unwrap() + 20),
            ),
            ("byte-in-source", "one letter of a source changed", CHECKSUM, with("TEST-ONLY", "TEST-ONLX")),
            (
                "byte-in-version",
                "a draft's version changed",
                CHECKSUM,
                with("\"version\": 1\n", "\"version\": 2\n"),
            ),
        ],
    )
}

fn documents() -> Vec<Vector> {
    let s = scene();
    let (one, two) = (s.root1(), s.root2());
    let bare = |m: &Metadata| vec![draft(m, "root", None, None, vec![])];
    let named_two = (two.payload().to_string(), inside(&one).1);
    let torn = (one.payload().to_string(), Plain::object([("text", Plain::text("{\"signed\":{"))]));
    let shouted = (one.payload().to_string().to_uppercase(), inside(&one).1);
    let bytes = one.document().text().as_bytes();
    vectors(
        "documents",
        [
            (
                "payload-named-wrong",
                "a document under another payload's name",
                "a document inside it has the digest",
                whole(vec![named_two], bare(&two)),
            ),
            (
                "document-missing",
                "the trusted root is not there",
                "and does not hold it",
                whole(vec![inside(&two)], vec![draft(&two, "root", Some(&one), None, vec![])]),
            ),
            (
                "document-torn",
                "a document that ends too early",
                "a document inside it cannot be read",
                whole(vec![torn], bare(&one)),
            ),
            (
                "document-name-upper",
                "a payload in upper case",
                "the name of a document is not 64 lower-case",
                whole(vec![shouted], bare(&one)),
            ),
            (
                "beside-missing",
                "the file beside is not there",
                "must lie beside the bundle and does not",
                whole(vec![outside(&one, b"nobody has these bytes")], bare(&one)),
            ),
            (
                "beside-changed",
                "the file beside is another",
                "is not the one that belongs to it",
                whole(vec![outside(&two, two.document().text().as_bytes())], bare(&two)),
            ),
            (
                "beside-small",
                "a small document beside, which belongs inside",
                NOT_OURS,
                whole(vec![outside(&one, bytes)], bare(&one)),
            ),
            (
                "document-unreferenced",
                "a document that no draft names",
                NOT_OURS,
                whole(vec![inside(&one), inside(&two)], bare(&one)),
            ),
        ],
    )
}

fn drafts() -> Vec<Vector> {
    let s = scene();
    let (one, two) = (s.root1(), s.root2());
    let three = metadata(&root(3, &[&s.bob, &s.carol, &s.dora], 2, &s.online));
    let steep = metadata(&root(1, &[&s.alice, &s.bob], 3, &s.online));
    let (old, new) = (s.targets(1), s.targets(2));
    let other = metadata(&root(1, &[&s.alice, &s.bob], 2, &s.online));
    let docs = |list: &[&Metadata]| list.iter().map(|m| inside(m)).collect::<Vec<_>>();
    let only = |list: &[&Metadata], draft| whole(docs(list), vec![draft]);
    let both = [&one, &other].map(|m| draft(m, "root", None, None, vec![]));
    vectors(
        "drafts",
        [
            ("drafts-empty", "no draft", "it holds no draft", whole(vec![], vec![])),
            (
                "drafts-of-one-role",
                "two first roots",
                "it holds two drafts of root",
                whole(docs(&[&one, &other]), both.into()),
            ),
            (
                "role-renamed",
                "a root to be signed as targets",
                "root metadata cannot be signed for the role \"targets\"",
                only(&[&one], draft(&one, "targets", None, None, vec![])),
            ),
            (
                "role-path",
                "a role that is a path",
                "cannot be a role name",
                only(&[&old, &new], draft(&new, "../x", Some(&old), None, vec![])),
            ),
            (
                "trusted-missing",
                "root 2 without root 1",
                "judged by the trusted root version 1, and none was given",
                only(&[&two], draft(&two, "root", None, None, vec![])),
            ),
            (
                "trusted-skips",
                "root 3 with root 1",
                "does not follow the trusted root",
                only(&[&one, &three], draft(&three, "root", Some(&one), None, vec![])),
            ),
            (
                "trusted-superfluous",
                "root 1 with a trusted root",
                "a trusted root was given as well",
                only(&[&one, &other], draft(&one, "root", Some(&other), None, vec![])),
            ),
            (
                "trusted-is-targets",
                "targets judged by targets",
                "cannot say who signs for",
                only(&[&old, &new], draft(&new, "targets", Some(&old), None, vec![])),
            ),
            (
                "predecessor-is-root",
                "targets shown against a root",
                "the predecessor is root metadata",
                only(&[&one, &new], draft(&new, "targets", Some(&one), Some(&one), vec![])),
            ),
            (
                "predecessor-is-itself",
                "a draft shown against itself",
                "the draft of \"targets\" itself",
                only(&[&one, &new], draft(&new, "targets", Some(&one), Some(&new), vec![])),
            ),
            (
                "threshold-unreachable",
                "3 of 2 keys",
                "3 keys must sign \"root\", and only 2 distinct keys can",
                only(&[&steep], draft(&steep, "root", None, None, vec![])),
            ),
        ],
    )
}

fn layout() -> Vec<Vector> {
    let good = good();
    let compact: String = good.lines().map(str::trim_start).collect();
    vectors(
        "layout",
        [
            ("no-final-newline", "no newline at the end", NOT_OURS, good[..good.len() - 1].to_owned()),
            ("two-final-newlines", "an empty line at the end", NOT_OURS, good.clone() + "\n"),
            ("extra-space", "two spaces behind a colon", NOT_OURS, with("\"role\": ", "\"role\":  ")),
            ("crlf", "lines end as on Windows", NOT_OURS, good.replace('\n', "\r\n")),
            ("compact", "all on one line", NOT_OURS, compact),
            (
                "members-unsorted",
                "the format before the body",
                NOT_OURS,
                with(" \"format\": 1,\n", "").replacen(" \"body\"", " \"format\": 1,\n \"body\"", 1),
            ),
            (
                "escape-spelled-otherwise",
                "a letter written as an escape",
                NOT_OURS,
                with("\"role\": \"root\"", "\"role\": \"\\u0072oot\""),
            ),
            (
                "unknown-member",
                "a member that no format knows",
                NOT_OURS,
                with(" \"format\": 1,\n", " \"format\": 1,\n \"note\": \"\",\n"),
            ),
            (
                "unknown-member-of-draft",
                "a member of a draft that no format knows",
                NOT_OURS,
                put_right(&with("   \"role\": \"root\",", "   \"note\": \"\",\n   \"role\": \"root\",")),
            ),
            (
                "payload-bytes-wrong",
                "another length of the payload",
                NOT_OURS,
                put_right(&with("\"payload_bytes\": ", "\"payload_bytes\": 1")),
            ),
            (
                "version-wrong",
                "another version of the draft",
                NOT_OURS,
                put_right(&with("\"version\": 1\n", "\"version\": 2\n")),
            ),
        ],
    )
}
