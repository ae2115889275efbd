//! A sheet: one document with everything that is said about it, computed once, told to people or given to scripts.

use tuf_ceremony::bundle::Part;
use tuf_ceremony::draft::Draft;
use tuf_ceremony::metadata::{Metadata, RoleType, ShapeFault};
use tuf_ceremony::policy::{self, Finding};

use super::names::Unclear;
use super::standing::Trusted;
use super::{
    Comparison, NAME, Names, Standing, changes, columns, danger, digest, document, findings,
    tallies::standing,
};
use crate::operator::clean::identifier;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{changes as said, pages, standing as standing_said};

/// One document and everything that is said about it.
pub struct Sheet<'d> {
    /// The document and its role.
    pub draft: &'d Draft,
    /// What it is compared with.
    pub old: Option<&'d Metadata>,
    /// Who must sign it and who has.
    pub standing: Standing,
    /// What is odd.
    pub findings: Vec<Finding>,
    /// Whose key is whose.
    pub names: &'d Names,
}

impl<'d> Sheet<'d> {
    /// Of a file, compared with `old`, else with the trusted root if it is a root.
    ///
    /// # Errors
    /// When the document or the older one has not the shape of its role, or they are of different types.
    pub fn of_file(
        draft: &'d Draft,
        trusted: Option<&'d Metadata>,
        old: Option<&'d Metadata>,
        names: &'d Names,
    ) -> Result<Sheet<'d>, ShapeFault> {
        let is_root = draft.metadata().role_type() == RoleType::Root;
        let before = trusted.filter(|t| {
            is_root && t.role_type() == RoleType::Root && t.payload() != draft.metadata().payload()
        });
        Sheet::new(draft, old.or(before), names, || Standing::of_file(draft, trusted))
    }

    /// Of a bundle's draft, compared with `old`, else with the keyholder's own root, else with the bundle's predecessor.
    ///
    /// # Errors
    /// As [`Sheet::of_file`].
    pub fn of_part(
        part: &'d Part,
        trusted: Option<&'d Metadata>,
        old: Option<&'d Metadata>,
        names: &'d Names,
    ) -> Result<Sheet<'d>, ShapeFault> {
        let is_root = part.draft().metadata().role_type() == RoleType::Root;
        let before = trusted.filter(|t| {
            is_root && t.role_type() == RoleType::Root && t.payload() != part.draft().metadata().payload()
        });
        let old = old.or(before).or(part.predecessor());
        Sheet::new(part.draft(), old, names, || Standing::of_part(part, trusted))
    }

    fn new(
        draft: &'d Draft,
        old: Option<&'d Metadata>,
        names: &'d Names,
        standing: impl FnOnce() -> Standing,
    ) -> Result<Sheet<'d>, ShapeFault> {
        if let Some(old) = old {
            let (found, wanted) = (old.role_type(), draft.metadata().role_type());
            if found != wanted {
                return Err(ShapeFault::AnotherType { found, wanted });
            }
            old.check_shape()?;
        }
        // Each is a walk over the whole document, and a million targets are worth a second processor.
        let (standing, findings) = std::thread::scope(|scope| {
            let findings = scope.spawn(|| policy::shown(draft.metadata()));
            (standing(), findings.join())
        });
        let findings = findings.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok(Sheet { draft, old, standing, findings, names })
    }

    /// Role and version, for a heading.
    #[must_use]
    pub fn title(&self) -> String {
        let metadata = self.draft.metadata();
        let role = if self.draft.is_delegated() {
            pages::delegated(&identifier(self.draft.role(), NAME))
        } else {
            self.draft.role().to_owned()
        };
        pages::document(&role, metadata.version())
    }

    /// All pages: what the document says, then as [`Sheet::review`], then the digest.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn show(&self, screen: &mut Screen<'_>, all: bool) -> Result<(), ScreenFault> {
        let metadata = self.draft.metadata();
        // Said first, and again beside the tallies: everything below compares with a document that she does not trust.
        if self.standing.trusted == Trusted::GivenAndOther {
            columns::sentence(screen, 2, standing_said::OTHER_TRUST)?;
            columns::sentence(screen, 2, standing_said::STOP_OR_SWAP)?;
            screen.blank()?;
        }
        document(screen, metadata, self.names, all)?;
        screen.blank()?;
        self.review(screen, all, all)?;
        screen.blank()?;
        screen.heading(pages::TO_COMPARE)?;
        columns::sentence(screen, 2, &pages::signed_bytes(metadata.payload_bytes()))?;
        digest(screen, metadata.payload())
    }

    /// Keys about whose holder two sources contradict each other.
    #[must_use]
    pub fn unclear(&self) -> Vec<Unclear> {
        let documents: Vec<&Metadata> = [self.draft.metadata()].into_iter().chain(self.old).collect();
        self.names.unclear_in(&documents, &self.standing)
    }

    /// The dangerous changes (`every_danger` or the first of very many), the others, who signed, what is odd.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn review(&self, screen: &mut Screen<'_>, every_danger: bool, all: bool) -> Result<(), ScreenFault> {
        let metadata = self.draft.metadata();
        // Sheet::new has checked both shapes, and the types.
        let comparison = self.old.and_then(|old| Comparison::of(old, metadata, self.names, all).ok());
        danger(screen, metadata, comparison.as_ref(), &self.unclear(), every_danger)?;
        if let Some(comparison) = comparison.as_ref().filter(|c| !c.is_same()) {
            screen.blank()?;
            changes(screen, comparison, all)?;
        }
        screen.blank()?;
        standing(screen, &self.standing, self.names, all)?;
        screen.blank()?;
        screen.heading(pages::WHAT_IS_ODD)?;
        findings(screen, &self.findings, all)
    }
}

/// What a signer reads before her consent, beside the digest: what the draft says, every dangerous change and the
/// first of the others, who signed by her `own` trusted document, what is odd.
///
/// # Errors
/// As [`Screen::line`].
pub fn review(
    screen: &mut Screen<'_>,
    part: &Part,
    own: Option<&Metadata>,
    names: &Names,
) -> Result<(), ScreenFault> {
    told_by(screen, part, Standing::of_part(part, own), names)
}

/// The same in a ceremony's folder: whether the keyholder gave a root of her `own`, from which what judges the draft was seen to
/// follow.
///
/// # Errors
/// As [`Screen::line`].
pub fn review_here(
    screen: &mut Screen<'_>,
    part: &Part,
    own: bool,
    names: &Names,
) -> Result<(), ScreenFault> {
    told_by(screen, part, standing_here(part, own), names)
}

/// Who must sign it and who has, in a ceremony's folder.
pub(super) fn standing_here(part: &Part, own: bool) -> Standing {
    let mut standing = Standing::of_part(part, None);
    if standing.trusted == Trusted::Bundles {
        standing.trusted = if own { Trusted::Walked } else { Trusted::Ceremonys };
    }
    standing
}

fn told_by(
    screen: &mut Screen<'_>,
    part: &Part,
    standing: Standing,
    names: &Names,
) -> Result<(), ScreenFault> {
    let draft = part.draft();
    document(screen, draft.metadata(), names, false)?;
    screen.blank()?;
    if !part.predecessor_is_proven() {
        columns::sentence(screen, 2, said::UNPROVEN)?;
        screen.blank()?;
    }
    // A part was taken in with documents of the right shapes.
    let findings = policy::shown(draft.metadata()).unwrap_or_default();
    Sheet { draft, old: part.predecessor(), standing, findings, names }.review(screen, true, false)
}

#[cfg(test)]
mod tests {
    use tuf_ceremony::document::Document;

    use super::*;

    const KEYS: &str = r#"{"k":{"keytype":"ed25519","scheme":"ed25519","keyval":{"public":"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"}}}"#;

    fn metadata(signed: &str) -> Metadata {
        let text = format!(r#"{{"signatures":[],"signed":{signed}}}"#);
        Metadata::of(Document::read(text.into_bytes()).unwrap().into()).unwrap()
    }

    fn targets(version: u64) -> Metadata {
        let file = r#"{"evil.bin":{"hashes":{"sha256":"aa"},"length":1}}"#;
        metadata(&format!(r#"{{"_type":"targets","targets":{file},"version":{version}}}"#))
    }

    #[test]
    fn a_signer_reads_the_whole_draft_where_the_older_version_is_only_the_bundles_word() {
        let role = r#"{"keyids":["k"],"threshold":1}"#;
        let root = metadata(&format!(
            r#"{{"_type":"root","keys":{KEYS},"roles":{{"root":{role},"targets":{role}}},"version":1}}"#
        ));
        let draft = Draft::of(targets(2), None).unwrap();
        // The forged older version has the file already: no change would be told.
        let part = Part::of(draft, Some(root), Some(targets(1))).unwrap();
        let mut sink = Vec::new();
        review(&mut Screen::onto(&mut sink, false), &part, None, &Names::default()).unwrap();
        let shown = String::from_utf8(sink).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains("evil.bin") && shown.contains(said::UNPROVEN), "{shown}");
    }
}
