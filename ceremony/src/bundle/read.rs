//! Reading a bundle: first unchecked, then with the documents that travel beside it, then every part of it verified
//! again. Nothing in a bundle is believed because it stands there.

use std::collections::{BTreeMap, BTreeSet};

use super::record::UncheckedRecord;
use super::{Beside, Bundle, FORMAT, Part, PartFault, RecordFault, Source, TYPE};
use crate::canonical;
use crate::digest::Digest;
use crate::document::{Document, Object, ReadFault, View};
use crate::draft::{Draft, DraftFault};
use crate::key::{Fingerprint, PublicKey, SignatureProblem};
use crate::limits::{BUNDLE, DOCUMENT, DOCUMENTS, DRAFT_SIGNATURES, DRAFTS, Limit, SOURCES};
use crate::metadata::Metadata;
use crate::metadata::shape::{self, ShapeFault};

/// A bundle is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleFault {
    /// It is no JSON that we read; a torn file ends too early.
    #[error(transparent)]
    Read(#[from] ReadFault),
    /// Its `_type` is another.
    #[error("it is not a bundle: {}", type_words(found))]
    NotABundle {
        /// What it is.
        found: String,
    },
    /// Another format version.
    #[error("it is a bundle of format {found}, and this version reads format {FORMAT}")]
    Format {
        /// The version.
        found: String,
    },
    /// A member is missing or of another kind.
    #[error(transparent)]
    Shape(#[from] ShapeFault),
    /// It was changed after it was written.
    #[error("it was changed after it was written: its own SHA-256 does not fit")]
    Checksum,
    /// It says more or otherwise than this version would write.
    #[error("it is not written as a bundle is written: it holds something unknown or in another layout")]
    NotOurText,
    /// A digest or fingerprint that is none.
    #[error("{place} is not 64 lower-case hex digits")]
    NotADigest {
        /// Where.
        place: &'static str,
    },
    /// A document that its draft names is not there.
    #[error("it names the document {payload} and does not hold it")]
    NoDocument {
        /// Its payload digest.
        payload: Digest,
    },
    /// A document that travels beside it is not there.
    #[error("the file {name} must lie beside the bundle and does not")]
    NoBeside {
        /// The file's name.
        name: String,
    },
    /// A document that travels beside it is another.
    #[error("the file {name} beside the bundle is not the one that belongs to it")]
    WrongBeside {
        /// The file's name.
        name: String,
    },
    /// A document inside it cannot be read.
    #[error("a document inside it cannot be read: {0}")]
    Document(ReadFault),
    /// A document has another payload than it is named by.
    #[error("a document inside it has the digest {found} and is named {named}")]
    Payload {
        /// What it is named by.
        named: Digest,
        /// What it is.
        found: Digest,
    },
    /// A draft cannot be one.
    #[error(transparent)]
    Draft(#[from] DraftFault),
    /// A draft's authorities cannot be told.
    #[error(transparent)]
    Part(#[from] PartFault),
    /// A signature by a key that is none of the draft's.
    #[error("it holds a signature by the key {key}, which is none of those that may sign {role}")]
    Stranger {
        /// The key.
        key: Fingerprint,
        /// The draft's role.
        role: String,
    },
    /// A signature that does not verify.
    #[error("it holds a signature by the key {key} on {role} that does not verify: {why}")]
    Signature {
        /// The key.
        key: Fingerprint,
        /// The draft's role.
        role: String,
        /// What is wrong.
        why: SignatureProblem,
    },
    /// A source that is none, or a signature without any.
    #[error("it holds a signature whose sources are not written as a bundle writes them, as file: or token:")]
    Source,
    /// Nothing to sign.
    #[error("it holds no draft")]
    NoDraft,
    /// Two drafts of one role: a merge would have refused them.
    #[error("it holds two drafts of {role}")]
    TwoDrafts {
        /// The role.
        role: String,
    },
    /// The ceremony that it carries does not hold.
    #[error(transparent)]
    Record(#[from] RecordFault),
    /// More than a cap allows.
    #[error("it is past a limit: {0}")]
    Past(Limit),
}

fn type_words(found: &str) -> String {
    if found.is_empty() { format!("it has no _type {TYPE:?}") } else { format!("its _type is {found:?}") }
}

/// A bundle whose text was read and whose content is not believed yet.
#[derive(Debug)]
pub struct Unchecked {
    document: Document,
    documents: BTreeMap<Digest, Place>,
    record: Option<UncheckedRecord>,
}

/// Where a text is.
#[derive(Debug)]
pub(super) enum Place {
    Inside(String),
    Beside(Digest),
}

impl Place {
    /// Reads `{"text": …}` or `{"beside": …, "bytes": …}`.
    pub(super) fn of(view: View<'_>) -> Result<Place, BundleFault> {
        let object = shape::object(view, "the place of a text")?;
        if let Some(text) = object.member("text") {
            return Ok(Place::Inside(shape::string(text, "a text")?.into_owned()));
        }
        let beside = shape::member(object, "beside", "the place of a text")?;
        Ok(Place::Beside(digest(beside, "a file beside the bundle")?))
    }

    /// The file that must lie beside the bundle.
    pub(super) fn beside(&self) -> Option<String> {
        match self {
            Place::Inside(_) => None,
            Place::Beside(digest) => Some(Beside::name_of(*digest)),
        }
    }

    /// The text. Only what lies beside is held against its digest here.
    pub(super) fn text(
        &self,
        beside: &mut impl FnMut(&str) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, BundleFault> {
        match self {
            Place::Inside(text) => Ok(text.clone().into_bytes()),
            Place::Beside(digest) => {
                let name = Beside::name_of(*digest);
                let Some(text) = beside(&name) else { return Err(BundleFault::NoBeside { name }) };
                if Digest::of(&text) == *digest { Ok(text) } else { Err(BundleFault::WrongBeside { name }) }
            }
        }
    }
}

impl Unchecked {
    /// Reads a bundle's text.
    ///
    /// # Errors
    /// When it is no bundle, of another format, changed, or torn.
    pub fn read(text: impl Into<Vec<u8>>) -> Result<Unchecked, BundleFault> {
        let document = Document::read_within(text, BUNDLE)?;
        let whole = document.root().object();
        let found = whole.and_then(|o| o.member("_type")).and_then(View::string).unwrap_or_default();
        let whole = whole
            .filter(|_| found == TYPE)
            .ok_or_else(|| BundleFault::NotABundle { found: found.chars().take(80).collect() })?;
        let format = shape::member(whole, "format", "the bundle")?;
        if format.integer().and_then(|i| i.as_u64()) != Some(FORMAT) {
            return Err(BundleFault::Format { found: format.text().chars().take(20).collect() });
        }
        let body = shape::member(whole, "body", "the bundle")?;
        let named = digest(shape::member(whole, "sha256", "the bundle")?, "the bundle's sha256")?;
        if canonical::digest(body).0 != named {
            return Err(BundleFault::Checksum);
        }
        let body = shape::object(body, "the bundle's body")?;
        let places = shape::object(shape::member(body, "documents", "the body")?, "documents")?;
        let documents = shape::within(places.members(), DOCUMENTS)?;
        let documents =
            documents.into_iter().map(|(name, view)| place(&name, view)).collect::<Result<_, _>>()?;
        let record = UncheckedRecord::read(shape::member(body, "ceremony", "the body")?)?;
        Ok(Unchecked { documents, record, document })
    }

    /// The names of the files that must lie beside the bundle.
    pub fn beside(&self) -> impl Iterator<Item = String> {
        let files = self.record.iter().flat_map(UncheckedRecord::places);
        let names: BTreeSet<String> =
            self.documents.values().chain(files).filter_map(Place::beside).collect();
        names.into_iter()
    }

    /// Verifies everything. `beside` gives the bytes of a file that lies beside the bundle.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn check(&self, mut beside: impl FnMut(&str) -> Option<Vec<u8>>) -> Result<Bundle, BundleFault> {
        let mut documents = BTreeMap::new();
        for (payload, place) in &self.documents {
            documents.insert(*payload, metadata(*payload, place, &mut beside)?);
        }
        let body = self.document.root().object().and_then(|o| o.member("body")).and_then(View::object);
        let body = body.ok_or(BundleFault::NotOurText)?;
        let drafts = shape::array(shape::member(body, "drafts", "the body")?, "drafts")?;
        let mut bundle = Bundle { parts: BTreeMap::new(), record: None };
        for draft in shape::within(drafts, DRAFTS)? {
            let part = part(shape::object(draft, "a draft")?, &documents)?;
            if bundle.parts().any(|p| p.draft.role() == part.draft.role()) {
                return Err(BundleFault::TwoDrafts { role: part.draft.role().to_owned() });
            }
            bundle.parts.insert(part.draft.metadata().payload(), part);
        }
        if bundle.parts.is_empty() {
            return Err(BundleFault::NoDraft);
        }
        if let Some(record) = &self.record {
            let record = record.check(&mut beside)?;
            record.check_drafts(bundle.parts())?;
            bundle.record = Some(record);
        }
        // Whatever was not looked at above would be lost or changed by writing the bundle: so it must not be there.
        let again = bundle.write().map_err(BundleFault::Past)?;
        if again.text != self.document.text().as_bytes() {
            return Err(BundleFault::NotOurText);
        }
        Ok(bundle)
    }
}

pub(super) fn digest(view: View<'_>, place: &'static str) -> Result<Digest, BundleFault> {
    Digest::from_hex(&shape::string(view, place)?).map_err(|_| BundleFault::NotADigest { place })
}

fn place(name: &str, view: View<'_>) -> Result<(Digest, Place), BundleFault> {
    let payload =
        Digest::from_hex(name).map_err(|_| BundleFault::NotADigest { place: "the name of a document" })?;
    Ok((payload, Place::of(view)?))
}

fn metadata(
    payload: Digest,
    place: &Place,
    beside: &mut impl FnMut(&str) -> Option<Vec<u8>>,
) -> Result<Metadata, BundleFault> {
    let document = Document::read_within(place.text(beside)?, DOCUMENT).map_err(BundleFault::Document)?;
    let metadata = Metadata::of(document.into())?;
    if metadata.payload() != payload {
        return Err(BundleFault::Payload { named: payload, found: metadata.payload() });
    }
    Ok(metadata)
}

fn part(object: Object<'_>, documents: &BTreeMap<Digest, Metadata>) -> Result<Part, BundleFault> {
    let named = |name: &'static str| -> Result<Option<Metadata>, BundleFault> {
        let view = shape::member(object, name, "a draft")?;
        if view.is_null() {
            return Ok(None);
        }
        let payload = digest(view, "a document that a draft names")?;
        documents.get(&payload).cloned().map(Some).ok_or(BundleFault::NoDocument { payload })
    };
    let role = shape::string(shape::member(object, "role", "a draft")?, "a draft's role")?;
    let metadata = named("payload")?.ok_or(BundleFault::NotOurText)?;
    let draft = Draft::of(metadata, Some(&role))?;
    let mut part = Part::of(draft, named("trusted")?, named("predecessor")?)?;
    let signatures = shape::array(shape::member(object, "signatures", "a draft")?, "a draft's signatures")?;
    for signature in shape::within(signatures, DRAFT_SIGNATURES)? {
        admit(&mut part, shape::object(signature, "a signature")?)?;
    }
    Ok(part)
}

fn admit(part: &mut Part, object: Object<'_>) -> Result<(), BundleFault> {
    let text = |name: &'static str| -> Result<String, BundleFault> {
        Ok(shape::string(shape::member(object, name, "a signature")?, "a signature's member")?.into_owned())
    };
    let role = || part.draft.role().to_owned();
    let key = Fingerprint::from_hex(&text("key")?)
        .map_err(|_| BundleFault::NotADigest { place: "a signature's key" })?;
    let why = SignatureProblem::Malformed { why: "it is not hex" };
    let sig = hex::decode(text("sig")?).map_err(|_| BundleFault::Signature { key, role: role(), why })?;
    let sources = shape::array(shape::member(object, "sources", "a signature")?, "a signature's sources")?;
    let sources = shape::within(sources, SOURCES)?.into_iter().map(|view| {
        let text = shape::string(view, "a signature's source")?;
        Source::of(&text).map_err(|_| BundleFault::Source)
    });
    let sources: BTreeSet<Source> = sources.collect::<Result<_, _>>()?;
    if sources.is_empty() {
        return Err(BundleFault::Source);
    }
    let scheme = text("scheme")?;
    let is = |k: &&PublicKey| k.fingerprint() == key && k.scheme().name() == scheme;
    let found = part.keys().find(is).ok_or_else(|| BundleFault::Stranger { key, role: role() })?;
    let verified =
        part.draft.verify(found, &sig).map_err(|why| BundleFault::Signature { key, role: role(), why })?;
    part.signatures.add(verified, sources);
    Ok(())
}
