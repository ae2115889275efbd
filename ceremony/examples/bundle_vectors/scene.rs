//! The people, the documents and the accepted bundles of the vectors.

use tuf_ceremony::bundle::{Beside, Bundle, Part};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::metadata::Metadata;

use crate::Vector;
use crate::mint::{Key, metadata, part, root, signed, source, targets, written};

/// Holders of the first root (alice, bob, carol: 2 of 3), of the second (bob, carol, dora), and the online key.
pub struct Scene {
    pub alice: Key,
    pub bob: Key,
    pub carol: Key,
    pub dora: Key,
    pub online: Key,
}

pub fn scene() -> Scene {
    Scene {
        alice: Key::ed25519("alice"),
        bob: Key::p256("bob"),
        carol: Key::ed25519("carol"),
        dora: Key::p256("dora"),
        online: Key::ed25519("online"),
    }
}

impl Scene {
    pub fn root1(&self) -> Metadata {
        metadata(&root(1, &[&self.alice, &self.bob, &self.carol], 2, &self.online))
    }

    pub fn root2(&self) -> Metadata {
        metadata(&root(2, &[&self.bob, &self.carol, &self.dora], 2, &self.online))
    }

    pub fn targets(&self, version: u64) -> Metadata {
        let paths = ["app/one.bin", "app/two.bin", "notes.txt"];
        metadata(&targets(version, &paths[..usize::try_from(version).unwrap()]))
    }

    pub fn rotation(&self) -> Part {
        part(self.root2(), Some(self.root1()), None)
    }
}

pub fn accepted() -> Vec<Vector> {
    let s = scene();
    let made = |name, what, part: Part| Vector {
        name,
        text: written(&Bundle::of(part)),
        layer: "",
        what,
        refusal: "",
    };
    let mut twice = part(s.root1(), None, None);
    for (nonce, from) in [(1, "file:a"), (2, "token:pkcs11:serial=TEST-ONLY"), (1, "file:b")] {
        let signature = s.bob.sign_draft(twice.draft(), nonce);
        twice.admit(s.bob.public().fingerprint(), &signature, source(from)).unwrap();
    }
    let update = part(s.targets(2), Some(s.root1()), Some(s.targets(1)));
    vec![
        made("first-unsigned", "a first root, nobody has signed", part(s.root1(), None, None)),
        made("first-2of3", "2 of 3", signed(part(s.root1(), None, None), &[&s.alice, &s.bob])),
        made(
            "rotation",
            "root 2 with the trusted root 1, signed for both",
            signed(s.rotation(), &[&s.alice, &s.bob, &s.dora]),
        ),
        made("signed-twice", "two ECDSA signatures of one key, one of them met in two places", twice),
        made("targets", "targets 2, judged by root 1, shown against targets 1", signed(update, &[&s.online])),
    ]
}

/// The files beside: the true one of root 1, and one whose name is that of other bytes.
pub fn beside() -> Vec<(String, Vec<u8>)> {
    let s = scene();
    let text = s.root1().document().text().to_vec();
    let changed = s.root2().document().text().to_vec();
    vec![
        (Beside::name_of(Digest::of(&text)), text),
        (Beside::name_of(Digest::of(&changed)), [&changed[..], b" "].concat()),
    ]
}
