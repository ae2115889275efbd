//! The refused bundles whose signatures, keys or sources are not what they should be.

use tuf_ceremony::layout::Plain;
use tuf_ceremony::metadata::Metadata;

use crate::Vector;
use crate::by_hand::{draft, inside, signature, whole};
use crate::mint::{Key, twin};
use crate::refused::{NOT_OURS, vectors};
use crate::scene::{Scene, scene};

const TOKEN: &str = "token:pkcs11:serial=TEST-ONLY";

fn first(s: &Scene, signatures: Vec<Plain>) -> String {
    whole(vec![inside(&s.root1())], vec![draft(&s.root1(), "root", None, None, signatures)])
}

pub fn all() -> Vec<Vector> {
    let s = scene();
    let message = |m: &Metadata| tuf_ceremony::canonical::bytes(m.signed().view());
    let (one, two) = (message(&s.root1()), message(&s.root2()));
    let by = |key: &Key, sources: &[&str]| signature(key, &key.sign(&one, 1), sources);
    let single = |plain: Plain| first(&s, vec![plain]);
    let numbered: Vec<String> = (0..33).map(|n| format!("file:{n:02}")).collect();
    let many: Vec<&str> = numbered.iter().map(String::as_str).collect();
    let renamed = |name: &str, to: Plain| {
        let Plain::Object(mut members) = by(&s.alice, &[TOKEN]) else { panic!("it is an object") };
        members.insert(name.to_owned(), to);
        single(Plain::Object(members))
    };
    let alice = hex::encode(s.alice.sign(&one, 1));
    let of_bob: Vec<Vec<u8>> = (1..=5).map(|nonce| s.bob.sign(&one, nonce)).collect();
    let sorted = |mut list: Vec<Vec<u8>>| {
        list.sort();
        first(&s, list.iter().map(|bytes| signature(&s.bob, bytes, &[TOKEN])).collect())
    };
    let pair = sorted(vec![of_bob[0].clone(), twin(&of_bob[0])]);
    let unsorted = {
        let mut list = vec![by(&s.alice, &[TOKEN]), by(&s.bob, &[TOKEN])];
        if s.alice.public().fingerprint() < s.bob.public().fingerprint() {
            list.reverse();
        }
        first(&s, list)
    };
    vectors(
        "signatures",
        [
            (
                "signature-of-another",
                "alice's signature over another document",
                "that does not verify",
                single(signature(&s.alice, &s.alice.sign(&two, 1), &[TOKEN])),
            ),
            (
                "signature-by-stranger",
                "a valid signature by a key of nobody's",
                "which is none of those that may sign root",
                single(by(&s.dora, &[TOKEN])),
            ),
            (
                "signature-other-scheme",
                "alice's key under another scheme",
                "which is none of those that may sign root",
                renamed("scheme", Plain::text("ecdsa-sha2-nistp256")),
            ),
            (
                "signature-not-hex",
                "a signature that is no hex",
                "it is not hex",
                renamed("sig", Plain::text(format!("0x{alice}"))),
            ),
            ("signature-empty", "a placeholder", "that does not verify", renamed("sig", Plain::text(""))),
            (
                "signature-upper",
                "a signature in upper case",
                NOT_OURS,
                renamed("sig", Plain::text(alice.to_uppercase())),
            ),
            (
                "key-upper",
                "a fingerprint in upper case",
                "a signature's key is not 64 lower-case hex digits",
                renamed("key", Plain::text(s.alice.public().fingerprint().to_string().to_uppercase())),
            ),
            (
                "source-of-no-kind",
                "a source of another kind",
                "whose sources are not written",
                renamed("sources", Plain::List(vec![Plain::text("mail:alice")])),
            ),
            (
                "source-with-pin",
                "a token's URI with a PIN in it",
                "whose sources are not written",
                renamed("sources", Plain::List(vec![Plain::text("token:pkcs11:serial=1?pin-value=1234")])),
            ),
            (
                "sources-empty",
                "a signature from nowhere",
                "whose sources are not written",
                single(by(&s.alice, &[])),
            ),
            (
                "sources-33",
                "one source too many",
                "one signature may have at most 32 sources",
                single(by(&s.alice, &many)),
            ),
            (
                "sources-unsorted",
                "sources in another order",
                NOT_OURS,
                single(by(&s.alice, &["file:b", "file:a"])),
            ),
            ("signatures-unsorted", "signatures in another order", NOT_OURS, unsorted),
            (
                "signature-repeated",
                "the same signature twice",
                NOT_OURS,
                sorted(vec![of_bob[0].clone(), of_bob[0].clone()]),
            ),
            ("signature-twins", "(r, s) and (r, n - s)", NOT_OURS, pair),
            ("signatures-five", "five signatures of one key", NOT_OURS, sorted(of_bob)),
        ],
    )
}
