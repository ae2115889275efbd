//! Documents over 8 MiB travel beside the bundle as `SHA256.payload`, never inside it (MODEL 5).

use tuf_ceremony::bundle::{Beside, Bundle, BundleFault, Unchecked, Written};
use tuf_ceremony::canonical;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::layout::Plain;
use tuf_ceremony::limits::{BUNDLE, EMBEDDED};
use tuf_ceremony::metadata::Metadata;

use super::mint::{self, Key};

/// What becomes of the file beside on its way.
type Change = fn(Vec<u8>) -> Option<Vec<u8>>;

/// A targets document of exactly this many bytes.
fn targets_of(bytes: usize) -> Metadata {
    let with = |pad: usize| {
        mint::targets(2, &["a"]).replacen('{', &format!("{{\"x-pad\":\"{}\",", "p".repeat(pad)), 1)
    };
    let least = mint::metadata(&with(0)).document().text().len();
    let metadata = mint::metadata(&with(bytes - least));
    assert_eq!(metadata.document().text().len(), bytes);
    metadata
}

fn bundle(targets: Metadata) -> (Key, Bundle) {
    let key = Key::p256("online");
    let root = mint::metadata(&mint::root(1, &[&key], 1, &key));
    let part = mint::signed(mint::part(targets, Some(root), None), &[&key]);
    (key, Bundle::of(part))
}

fn read(written: &Written, change: impl Fn(Vec<u8>) -> Option<Vec<u8>>) -> Result<Bundle, BundleFault> {
    let unchecked = Unchecked::read(written.text.clone())?;
    let names: Vec<String> = unchecked.beside().collect();
    assert_eq!(names, written.beside.iter().map(|b| b.name.clone()).collect::<Vec<_>>());
    unchecked.check(|name| {
        let file = written.beside.iter().find(|b| b.name == name)?;
        change(file.text().as_bytes().to_vec())
    })
}

#[test]
fn a_document_of_9_mib_goes_beside_and_comes_back() {
    let targets = targets_of(9 << 20);
    let payload = targets.payload();
    let (_, bundle) = bundle(targets);
    let written = bundle.write().unwrap();
    assert!(written.text.len() < 10_000);
    let [file] = &written.beside[..] else { panic!("one file beside") };
    assert_eq!(file.name, format!("{}.payload", Digest::of(file.text().as_bytes())));
    let again = mint::text(file.text());
    assert_eq!(again.payload(), payload, "the payload recomputes from the file");
    let back = read(&written, Some).unwrap();
    assert_eq!(back.write().unwrap().text, written.text);
    assert!(back.parts().next().unwrap().finalize().is_ok());
}

#[test]
fn a_file_beside_that_is_missing_or_changed_is_refused_by_name() {
    let (_, bundle) = bundle(targets_of(EMBEDDED.most + 1));
    let written = bundle.write().unwrap();
    let name = &written.beside[0].name;
    let fault = |change: Change| read(&written, change).unwrap_err();
    assert_eq!(fault(|_| None), BundleFault::NoBeside { name: name.clone() });
    let changes: [Change; 4] = [
        |mut bytes| {
            bytes[5000] ^= 1;
            Some(bytes)
        },
        |bytes| Some(bytes[..bytes.len() - 1].to_vec()),
        |bytes| Some([&bytes[..], b"\n"].concat()),
        |_| Some(Vec::new()),
    ];
    for change in changes {
        assert_eq!(fault(change), BundleFault::WrongBeside { name: name.clone() });
    }
}

#[test]
fn a_document_at_the_cap_travels_inside_and_one_past_it_beside() {
    let (_, at) = bundle(targets_of(EMBEDDED.most));
    assert!(at.write().unwrap().beside.is_empty());
    assert!(read(&at.write().unwrap(), Some).is_ok());
    let (_, past) = bundle(targets_of(EMBEDDED.most + 1));
    assert_eq!(past.write().unwrap().beside.len(), 1);
}

#[test]
fn a_document_past_the_cap_that_stands_inside_is_refused() {
    let (_, bundle) = bundle(targets_of(EMBEDDED.most + 1));
    let written = bundle.write().unwrap();
    let document = written.beside[0].text();
    let digest = Digest::of(document.as_bytes());
    let outside = format!("\"beside\": \"{digest}\",\n    \"bytes\": {}\n", document.len());
    let text = String::from_utf8(written.text.clone()).unwrap();
    let inside = Plain::text(document).written();
    let forged = text.replacen(&outside, &format!("\"text\": {inside}\n"), 1);
    assert_ne!(forged, text);
    let forged = mint::resealed(&forged).unwrap();
    let fault = Unchecked::read(forged.into_bytes()).unwrap().check(|_| None).unwrap_err();
    assert_eq!(fault, BundleFault::NotOurText);
}

#[test]
fn of_two_large_texts_of_one_payload_the_smallest_travels_whoever_merges() {
    let one = targets_of(9 << 20);
    let spaced =
        String::from_utf8(one.document().text().as_bytes().to_vec()).unwrap().replacen(":[]", ": []", 1);
    let other = mint::text(&spaced);
    let smallest = one.document().digest().min(other.document().digest());
    let ((_, a), (_, b)) = (bundle(one), bundle(other));
    for merged in [a.clone().merge(&b).unwrap(), b.merge(&a).unwrap()] {
        let written = merged.write().unwrap();
        let names: Vec<String> = written.beside.iter().map(|f| f.name.clone()).collect();
        assert_eq!(names, [Beside::name_of(smallest)]);
        assert!(read(&written, Some).is_ok());
    }
}

#[test]
fn a_bundle_at_its_cap_is_read_as_json_and_one_past_it_is_not() {
    let padded = |length: usize| {
        let mut text = b"{\"_type\":\"tuf-ceremony-bundle\"".to_vec();
        text.resize(length - 1, b' ');
        text.push(b'}');
        Unchecked::read(text).unwrap_err()
    };
    assert_eq!(padded(BUNDLE.most).to_string(), "the bundle has no \"format\"");
    assert!(padded(BUNDLE.most + 1).to_string().contains("it is past a limit: a bundle may have at most"));
}

#[test]
fn the_checksum_is_that_of_the_canonical_body() {
    let (_, bundle) = bundle(targets_of(1000));
    let text = bundle.write().unwrap().text;
    let document = Document::read(text).unwrap();
    let whole = document.root().object().unwrap();
    let digest = canonical::digest(whole.member("body").unwrap()).0.to_string();
    assert_eq!(whole.member("sha256").unwrap().string().unwrap(), digest);
}
