//! What several verbs read: documents, metadata, bundles with the files beside them, and dates. A failure names the
//! file and what is wrong with it.

use std::path::{Path, PathBuf};

use tuf_ceremony::bundle::{self, Bundle, Unchecked};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::{Document, ReadFault, View};
use tuf_ceremony::limits::{BUNDLE, DOCUMENT, FILES, Limit, SMALL_FILE};
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::time::Moment;

use crate::fault::Fault;
use crate::files;
use crate::operator::clean::{quoted, quoted_path};
use crate::operator::wording;
use crate::record::Record;
use crate::report::Names;

fn cap(limit: Limit) -> u64 {
    limit.most as u64
}

/// Bytes of a metadata file, of any size that may be read.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Fault> {
    Ok(files::read_capped(path, cap(DOCUMENT))?)
}

/// A strictly read document.
pub(super) fn document(path: &Path) -> Result<Document, Fault> {
    Document::read(bytes(path)?).map_err(|fault| unreadable(path, &fault))
}

/// As [`document`], `-` being standard input.
pub(super) fn document_or_stdin(path: &Path) -> Result<Document, Fault> {
    if path != Path::new("-") {
        return document(path);
    }
    Document::read(files::read_stdin_capped(cap(DOCUMENT))?).map_err(|fault| unreadable(path, &fault))
}

/// A document that is metadata.
pub(super) fn metadata(path: &Path) -> Result<Metadata, Fault> {
    Metadata::of(document(path)?.into()).map_err(|fault| {
        Fault::refused(wording::not_metadata(&quoted_path(path))).because(&fault).now(wording::NAME_METADATA)
    })
}

/// Whose key is whose, by the keyholder's own record where she gave one.
pub(super) fn names(record: Option<&Path>) -> Result<Names, Fault> {
    let mut names = Names::default();
    if let Some(path) = record {
        let record = Record::read(&files::read_capped(path, cap(SMALL_FILE))?).map_err(|fault| {
            Fault::refused(wording::holders::bad_record(&quoted_path(path)))
                .because(&fault)
                .now(wording::holders::MEND_YOUR_RECORD)
        })?;
        record.say(&mut names);
    }
    Ok(names)
}

/// Whether a document calls itself a bundle.
pub(super) fn is_bundle(document: &Document) -> bool {
    let of = document.root().object().and_then(|object| object.member("_type")).and_then(View::string);
    of.is_some_and(|of| of == bundle::TYPE)
}

/// The fault of a file that is no strict JSON.
pub(super) fn unreadable(path: &Path, fault: &ReadFault) -> Fault {
    Fault::refused(wording::unreadable(&quoted_path(path))).because(fault).now(wording::ASK_FOR_IT_AGAIN)
}

/// A bundle, the digest of its file, and where it was read.
pub(super) struct ReadBundle {
    /// The checked bundle.
    pub bundle: Bundle,
    /// SHA-256 of the file as it was read.
    pub sha256: Digest,
}

/// The text of a bundle that was just read; it is refused if it is another one by now.
pub(super) fn text_of(path: &Path, sha256: Digest) -> Result<Vec<u8>, Fault> {
    let text = files::read_capped(path, BUNDLE.most as u64)?;
    if Digest::of(&text) != sha256 {
        let sentence = wording::ceremony::changed_meanwhile(&quoted_path(path));
        return Err(Fault::refused(sentence).now(wording::ASK_FOR_IT_AGAIN));
    }
    Ok(text)
}

/// Reads and checks a bundle together with the files beside it.
pub(super) fn bundle(path: &Path) -> Result<ReadBundle, Fault> {
    let text = files::read_capped(path, cap(BUNDLE))?;
    let sha256 = Digest::of(&text);
    let refused = |fault: &bundle::BundleFault| {
        let now = match fault {
            bundle::BundleFault::NotABundle { .. } => wording::IMPORT_FIRST,
            bundle::BundleFault::Format { .. } => wording::USE_THAT_VERSION,
            bundle::BundleFault::NoBeside { .. } | bundle::BundleFault::WrongBeside { .. } => {
                wording::CARRY_IT_TOO
            }
            _ => wording::ASK_FOR_IT_AGAIN,
        };
        Fault::refused(wording::bad_bundle(&quoted_path(path))).because(fault).now(now)
    };
    let unchecked = Unchecked::read(text).map_err(|f| refused(&f))?;
    let mut missing = None;
    let checked = unchecked.check(|name| {
        let beside = path.with_file_name(name);
        files::read_capped(&beside, cap(DOCUMENT)).map_err(|fault| missing = Some(fault)).ok()
    });
    match (checked, missing) {
        (Ok(bundle), _) => Ok(ReadBundle { bundle, sha256 }),
        (Err(_), Some(fault)) if !matches!(fault, files::FilesFault::NotFound { .. }) => Err(fault.into()),
        (Err(fault), _) => Err(refused(&fault)),
    }
}

/// Writes a bundle and the files that travel beside it; none of them may exist, save a file beside that is the same.
pub(super) fn write_bundle(path: &Path, bundle: &Bundle) -> Result<Vec<PathBuf>, Fault> {
    let written = bundle.write().map_err(|limit| past(&limit))?;
    files::refuse_existing(path)?;
    let mut paths = Vec::new();
    for beside in &written.beside {
        let path = path.with_file_name(&beside.name);
        match files::read_capped(&path, cap(DOCUMENT)) {
            Ok(there) if there == beside.text().as_bytes() => {}
            _ => files::create_new(&path, beside.text().as_bytes())?,
        }
        paths.push(path);
    }
    files::create_new(path, &written.text)?;
    paths.push(path.to_owned());
    Ok(paths)
}

/// The fault of something past a cap.
pub(super) fn past(limit: &Limit) -> Fault {
    Fault::refused(wording::past_a_limit(&limit.to_string())).now(wording::SPLIT_IT)
}

/// Refuses more files than one command takes.
pub(super) fn few_enough(paths: &[PathBuf]) -> Result<(), Fault> {
    if FILES.allows(paths.len()) { Ok(()) } else { Err(past(&FILES)) }
}

/// A date that a person typed.
pub(super) fn moment(text: &str) -> Result<Moment, Fault> {
    Moment::parse_date_or_moment(text)
        .map_err(|_| Fault::usage(wording::not_a_date(&quoted(text, 40))).now(wording::TYPE_A_DATE))
}
