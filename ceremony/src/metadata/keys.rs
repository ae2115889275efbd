//! Keys and the roles that list them, as they stand in a root (TUF 4.3) or in delegations (TUF 4.5): both have the
//! same table of keys and the same key ids with a threshold.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::shape::{self, ShapeFault};
use crate::canonical;
use crate::digest::Hasher;
use crate::document::{Document, Object, View};
use crate::key::keyid::Preimage;
use crate::key::{KeyProblem, PublicKey};
use crate::limits::{KEYS, LISTED_KEYS, OWNER, ROLE_TEXT};

/// One key of a table, under the key id that the file gives it.
#[derive(Debug, Clone)]
pub struct KeyEntry<'d> {
    /// The key id, as given.
    pub keyid: Cow<'d, str>,
    /// The public key, or why it can count for nothing.
    pub key: Result<PublicKey, KeyProblem>,
    /// Which preimages hash to the key id; none if it is no hash of the key that we know.
    pub preimages: Vec<Preimage>,
    /// A holder's name where a producer wrote one: a claim, nothing more.
    pub owner: Option<String>,
}

/// The key ids and the threshold of one role.
#[derive(Debug, Clone)]
pub struct RoleKeys<'d> {
    /// The role's name.
    pub name: Cow<'d, str>,
    /// Its key ids in the order of the file, each once.
    pub keyids: Vec<Cow<'d, str>>,
    /// At least 1 (TUF 4.3).
    pub threshold: u64,
}

pub(super) fn table<'d>(keys: View<'d>, place: &str) -> Result<Vec<KeyEntry<'d>>, ShapeFault> {
    let keys = shape::object(keys, place)?;
    shape::within(keys.members(), KEYS)?.into_iter().map(|(keyid, key)| entry(keyid, key, place)).collect()
}

fn entry<'d>(keyid: Cow<'d, str>, key: View<'d>, place: &str) -> Result<KeyEntry<'d>, ShapeFault> {
    let object = shape::object(key, &format!("{place}.{keyid}"))?;
    Ok(KeyEntry {
        key: read(object),
        preimages: keyid_preimages(object, &keyid),
        owner: owner(object),
        keyid,
    })
}

/// Reads a key object: keytype, scheme and `keyval.public` (TUF 4.2).
///
/// # Errors
/// Why the key can count for nothing: it is carried and shown all the same.
pub fn read(object: Object<'_>) -> Result<PublicKey, KeyProblem> {
    let text = |object: Object<'_>, name| object.member(name).and_then(View::string).map(Cow::into_owned);
    let missing = |what: &str| KeyProblem::Malformed { why: format!("the key has no {what}") };
    let keytype = text(object, "keytype").ok_or_else(|| missing("keytype"))?;
    let scheme = text(object, "scheme");
    let public = object.member("keyval").and_then(View::object).and_then(|o| text(o, "public"));
    // An unknown scheme is named before a missing `public`: `sigstore-oidc` has an identity instead of a key.
    match public {
        Some(public) => PublicKey::read(&keytype, scheme.as_deref(), &public),
        None => match PublicKey::read(&keytype, scheme.as_deref(), "") {
            Err(unknown @ KeyProblem::UnknownScheme { .. }) => Err(unknown),
            _ => Err(missing("keyval.public")),
        },
    }
}

/// Which preimages of the key object hash to `keyid` (TUF-wide practice differs; the specification says the whole).
#[must_use]
pub fn keyid_preimages(object: Object<'_>, keyid: &str) -> Vec<Preimage> {
    let hash = |preimage: &Preimage| match preimage.fields() {
        None => canonical::digest(object.view()).0.to_string(),
        Some(fields) => {
            let mut hasher = Hasher::default();
            feed_fields(object, fields, &mut |piece| hasher.add(piece));
            hasher.finish().0.to_string()
        }
    };
    let applies = |p: &Preimage| p.needs().is_none_or(|field| object.member(field).is_some());
    Preimage::ALL.iter().filter(|p| applies(p) && hash(p) == keyid).copied().collect()
}

/// The canonical form of an object cut to some members.
fn feed_fields(object: Object<'_>, fields: &[&str], sink: &mut dyn FnMut(&[u8])) {
    let mut fields = fields.to_vec();
    fields.sort_unstable();
    let mut before = "{";
    for field in fields {
        let Some(value) = object.member(field) else { continue };
        sink(before.as_bytes());
        sink(format!("\"{field}\":").as_bytes());
        canonical::feed(value, sink);
        before = ",";
    }
    sink(b"}");
}

/// The fields in which known producers write whose key it is (tuf-on-ci, RSTUF).
const OWNER_FIELDS: [&str; 4] =
    ["x-tuf-on-ci-keyowner", "x-tuf-on-ci-online-uri", "x-rstuf-key-name", "x-rstuf-online-key-uri"];

fn owner(object: Object<'_>) -> Option<String> {
    let claimed = OWNER_FIELDS.iter().find_map(|f| object.member(f).and_then(View::string));
    // It is told again for every role that lists the key.
    claimed.filter(|name| OWNER.allows(name.len())).map(Cow::into_owned)
}

/// Refuses more key ids over all roles than [`LISTED_KEYS`].
pub(super) fn few_enough<'r, 'd: 'r>(
    roles: impl IntoIterator<Item = &'r RoleKeys<'d>>,
) -> Result<(), ShapeFault> {
    let listed = roles.into_iter().map(|role| role.keyids.len()).sum();
    if LISTED_KEYS.allows(listed) { Ok(()) } else { Err(ShapeFault::Past(LISTED_KEYS)) }
}

pub(super) fn role<'d>(
    name: Cow<'d, str>,
    object: Object<'d>,
    place: &str,
) -> Result<RoleKeys<'d>, ShapeFault> {
    if !ROLE_TEXT.allows(name.len()) {
        return Err(ShapeFault::Past(ROLE_TEXT));
    }
    let at = |field: &str| format!("{place}.{field}");
    let keyids = shape::array(shape::member(object, "keyids", place)?, &at("keyids"))?;
    let keyids = shape::within(keyids, KEYS)?;
    let keyids: Vec<_> =
        keyids.into_iter().map(|k| shape::string(k, &at("keyids"))).collect::<Result<_, _>>()?;
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    if let Some(twice) = keyids.iter().map(AsRef::as_ref).find(|k| !seen.insert(k)) {
        return Err(ShapeFault::KeyIdTwice { place: at("keyids"), keyid: twice.chars().take(200).collect() });
    }
    let threshold = shape::number_from(shape::member(object, "threshold", place)?, &at("threshold"), 1)?;
    Ok(RoleKeys { name, keyids, threshold })
}

/// Reads a key object from a document of its own: what `--key FILE` names.
///
/// # Errors
/// As [`read`]; also when the document is no object.
pub fn key_of_document(document: &Document) -> Result<PublicKey, KeyProblem> {
    let object = document.root().object();
    read(object.ok_or_else(|| KeyProblem::Malformed { why: "the key file holds no JSON object".into() })?)
}
