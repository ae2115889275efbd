//! TEST ONLY: keys from fixed seeds, signatures with chosen nonces, and small TUF documents that name them. Every run
//! makes the same bytes. Nothing here may ever guard anything.

#![allow(dead_code, reason = "each test binary takes what it needs")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[path = "counter.rs"]
mod counter;

use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::hazmat::RandomizedPrehashSigner as _;
use sha2::{Digest as _, Sha256};
use tuf_ceremony::bundle::{Bundle, Part, Source};
use tuf_ceremony::canonical;
use tuf_ceremony::document::Document;
use tuf_ceremony::draft::Draft;
use tuf_ceremony::key::{PublicKey, Scheme, new_key_object};
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::signable::Signable;

pub use counter::Counter;

enum Secret {
    Ed25519(Box<ed25519_dalek::SigningKey>),
    P256(p256::ecdsa::SigningKey),
}

/// A test key, with the key id that its object hashes to unless another is given.
pub struct Key {
    secret: Secret,
    pub id: String,
}

fn seed(name: &str) -> [u8; 32] {
    Sha256::digest(format!("TEST ONLY, conclave: {name}")).into()
}

impl Key {
    pub fn ed25519(name: &str) -> Key {
        Key::of(Secret::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed(name)))))
    }

    pub fn p256(name: &str) -> Key {
        Key::of(Secret::P256(p256::ecdsa::SigningKey::from_slice(&seed(name)).unwrap()))
    }

    fn of(secret: Secret) -> Key {
        let mut key = Key { secret, id: String::new() };
        let object = Document::read(key.object().into_bytes()).unwrap();
        key.id = canonical::digest(object.root()).0.to_string();
        key
    }

    /// The same key under another key id, which is no hash of it.
    pub fn called(self, id: &str) -> Key {
        Key { id: id.to_owned(), ..self }
    }

    pub fn public(&self) -> PublicKey {
        match &self.secret {
            Secret::Ed25519(key) => PublicKey::from_raw_ed25519(key.verifying_key().as_bytes()).unwrap(),
            Secret::P256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                PublicKey::from_ec_point(Scheme::EcdsaP256Sha256, point.as_bytes()).unwrap()
            }
        }
    }

    /// The private key, for a token that is given one.
    pub fn secret(&self) -> [u8; 32] {
        match &self.secret {
            Secret::Ed25519(key) => key.to_bytes(),
            Secret::P256(key) => key.to_bytes().into(),
        }
    }

    pub fn object(&self) -> String {
        new_key_object(&self.public()).unwrap()
    }

    /// Signs; ECDSA gives another signature for each `nonce`, in the form in which the arithmetic leaves it.
    pub fn sign(&self, message: &[u8], nonce: u64) -> Vec<u8> {
        match &self.secret {
            Secret::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Secret::P256(key) => {
                let mut chance = Counter(nonce << 32);
                let pair: p256::ecdsa::Signature =
                    key.sign_prehash_with_rng(&mut chance, &Sha256::digest(message)).unwrap();
                pair.to_der().as_bytes().to_vec()
            }
        }
    }

    pub fn sign_draft(&self, draft: &Draft, nonce: u64) -> Vec<u8> {
        self.sign(&Signable::of(draft).message(), nonce)
    }
}

/// (r, n - s) of (r, s).
pub fn twin(signature: &[u8]) -> Vec<u8> {
    let pair = p256::ecdsa::Signature::from_der(signature).unwrap();
    let (r, s) = pair.split_scalars();
    p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap().to_der().as_bytes().to_vec()
}

/// A table of keys as JSON; of two with one key id, the first.
pub fn table(keys: &[&Key]) -> String {
    let fresh = keys.iter().enumerate().filter(|(at, key)| !keys[..*at].iter().any(|k| k.id == key.id));
    let members: Vec<String> = fresh.map(|(_, k)| format!("{:?}:{}", k.id, k.object())).collect();
    format!("{{{}}}", members.join(","))
}

/// Key ids and threshold as the members of a JSON object.
pub fn role(keys: &[&Key], threshold: u64) -> String {
    let ids: Vec<String> = keys.iter().map(|k| format!("{:?}", k.id)).collect();
    format!(r#""keyids":[{}],"threshold":{threshold}"#, ids.join(","))
}

/// The signed part of a root: `holders` sign for root, `online` for the other three.
pub fn root(version: u64, holders: &[&Key], threshold: u64, online: &Key) -> String {
    let (root, other) = (role(holders, threshold), role(&[online], 1));
    root_of(version, &table(&[holders, &[online]].concat()), &root, &other, &other)
}

/// The signed part of a root with this table and these members of its roles: root, targets, and the other two.
pub fn root_of(version: u64, table: &str, root: &str, targets: &str, other: &str) -> String {
    format!(
        r#"{{"_type":"root","consistent_snapshot":true,"expires":"2031-01-01T00:00:00Z","keys":{table},"roles":{{"root":{{{root}}},"snapshot":{{{other}}},"targets":{{{targets}}},"timestamp":{{{other}}}}},"spec_version":"1.0.31","version":{version}}}"#
    )
}

/// The signed part of a targets document with these paths.
pub fn targets(version: u64, paths: &[&str]) -> String {
    let entry = |path: &&str| {
        let hash = hex::encode(Sha256::digest(path));
        format!(r#"{path:?}:{{"hashes":{{"sha256":"{hash}"}},"length":{}}}"#, path.len())
    };
    let entries: Vec<String> = paths.iter().map(entry).collect();
    format!(
        r#"{{"_type":"targets","expires":"2031-01-01T00:00:00Z","spec_version":"1.0.31","targets":{{{}}},"version":{version}}}"#,
        entries.join(",")
    )
}

/// Metadata of a signed part without signatures.
pub fn metadata(signed: &str) -> Metadata {
    text(&format!("{{\"signatures\":[],\"signed\":{signed}}}"))
}

/// Metadata of a whole text.
pub fn text(text: &str) -> Metadata {
    let document = Document::read(text.as_bytes()).unwrap_or_else(|e| panic!("{e}: {text}"));
    Metadata::of(document.into()).unwrap()
}

/// A part for a draft of the role that its type names.
pub fn part(draft: Metadata, trusted: Option<Metadata>, predecessor: Option<Metadata>) -> Part {
    Part::of(Draft::of(draft, None).unwrap(), trusted, predecessor).unwrap()
}

pub fn source(text: &str) -> Source {
    Source::of(text).unwrap()
}

/// The part with a signature of each of these keys.
pub fn signed(mut part: Part, keys: &[&Key]) -> Part {
    for key in keys {
        let signature = key.sign_draft(part.draft(), 0);
        part.admit(key.public().fingerprint(), &signature, source("token:pkcs11:serial=TEST-ONLY")).unwrap();
    }
    part
}

/// The text of a bundle.
pub fn written(bundle: &Bundle) -> String {
    String::from_utf8(bundle.write().unwrap().text).unwrap()
}

/// The text with the SHA-256 that its body has: what somebody does who changes a bundle on purpose. None if it is no
/// bundle any more.
pub fn resealed(text: &str) -> Option<String> {
    let document = Document::read(text.as_bytes()).ok()?;
    let whole = document.root().object()?;
    let digest = canonical::digest(whole.member("body")?).0;
    let stood = whole.member("sha256")?.range();
    Some(format!("{}\"{digest}\"{}", &text[..stood.start], &text[stood.end..]))
}
