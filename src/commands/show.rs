//! `conclave show`: any metadata file, partially signed file of a peer, bundle or ceremony's folder; what it says, what
//! changed, who signed, what is odd. It is for looking: what is shown exits with 0, whatever is missing; `verify` and
//! `status` judge.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::bundle::{FORMAT, Part};
use tuf_ceremony::dialect::{Foreign, ForeignFault, Loose};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::draft::{Draft, DraftFault};
use tuf_ceremony::metadata::{Metadata, ShapeFault};

use super::standing::{CeremonyFacts, ToldGrant, by_letter, no_draft_of, told_grants};
use super::{Outcome, reading, standing};
use crate::cli::Output;
use crate::desk::table::{Glance, is_folder};
use crate::fault::Fault;
use crate::operator::clean::{identifier, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::{ceremony as ceremony_said, pages};
use crate::report::columns::{fact, sentence};
use crate::report::facts::DraftFacts;
use crate::report::keys::Ids;
use crate::report::{NAME, Names, SHOWN, Sheet};

/// What was asked for.
pub(super) struct Request {
    /// The file, bundle or folder.
    pub(super) place: PathBuf,
    /// The letter of the one draft that is wanted.
    pub(super) draft: Option<String>,
    /// The keyholder's own trusted document.
    pub(super) trust: Option<PathBuf>,
    /// The keyholder's own record of whose key is whose.
    pub(super) record: Option<PathBuf>,
    /// The older version.
    pub(super) against: Option<PathBuf>,
    /// The role, if it is a delegated one.
    pub(super) role: Option<String>,
    /// Whether long lists are shown whole.
    pub(super) all: bool,
}

#[derive(Serialize)]
struct ShowFacts<'d> {
    file: String,
    /// Of the file; null for a folder.
    sha256: Option<String>,
    kind: &'static str,
    dialect: String,
    ceremony: Option<CeremonyFacts>,
    drafts: Vec<LetteredFacts<'d>>,
    /// Key ids of signatures that stand without a document.
    loose: Vec<String>,
}

#[derive(Serialize)]
struct LetteredFacts<'d> {
    letter: Option<String>,
    /// Of a folder: exceptions that other machines tell as granted, and that do not count here.
    told_grants: Vec<ToldGrant>,
    #[serde(flatten)]
    draft: DraftFacts<'d>,
}

/// What it is that is shown.
struct Whole<'w> {
    kind: &'static str,
    dialect: String,
    /// None for a folder.
    sha256: Option<Digest>,
    ceremony: Option<CeremonyFacts>,
    loose: Option<&'w Loose>,
    /// Of a folder, by the draft's letter.
    told: BTreeMap<String, Vec<ToldGrant>>,
}

/// Shows one file, or one folder.
pub(super) fn run(request: &Request, output: Output) -> Result<Outcome, Fault> {
    let names = reading::names(request.record.as_deref())?;
    let read = |path: &Option<PathBuf>| path.as_deref().map(reading::metadata).transpose();
    let folder = is_folder(&request.place);
    let (trusted, against, document) = std::thread::scope(|scope| {
        let against = scope.spawn(|| read(&request.against));
        let document = || (!folder).then(|| reading::document(&request.place)).transpose();
        let (trusted, document) = (read(&request.trust), document());
        (trusted, against.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), document)
    });
    let (trusted, against, document) = (trusted?, against?, document?);
    let page = Page { request, output, names: &names, trusted: trusted.as_ref(), against: against.as_ref() };
    match document {
        None => page.folder(),
        Some(document) if reading::is_bundle(&document) => page.bundle(),
        Some(document) => page.file(document),
    }
}

struct Page<'r> {
    request: &'r Request,
    output: Output,
    names: &'r Names,
    trusted: Option<&'r Metadata>,
    against: Option<&'r Metadata>,
}

impl Page<'_> {
    fn folder(&self) -> Result<Outcome, Fault> {
        let glance = Glance::at(&self.request.place)?;
        let state = glance.state();
        let names = standing::names(state, &glance.shelf, self.names.clone());
        let drafts = state.drafts().map(|draft| (draft.letter().to_owned(), draft.part())).collect();
        let whole = Whole {
            kind: "folder",
            dialect: pages::FOLDER.to_owned(),
            sha256: None,
            ceremony: Some(CeremonyFacts::of_state(state)),
            loose: None,
            told: state.drafts().map(|draft| (draft.letter().to_owned(), told_grants(&draft))).collect(),
        };
        self.drafts(&whole, drafts, &names)
    }

    fn bundle(&self) -> Result<Outcome, Fault> {
        let read = reading::bundle(&self.request.place)?;
        let record = read.bundle.record();
        let names = match record {
            Some(record) => standing::recorded(record, &read.bundle, self.names.clone()),
            None => self.names.clone(),
        };
        let whole = Whole {
            kind: "bundle",
            dialect: format!("{} (format {FORMAT})", pages::BUNDLE),
            sha256: Some(read.sha256),
            ceremony: record.map(CeremonyFacts::of_record),
            loose: None,
            told: BTreeMap::new(),
        };
        self.drafts(&whole, by_letter(&read.bundle), &names)
    }

    /// Those of the drafts that were asked for.
    fn drafts(
        &self,
        whole: &Whole<'_>,
        drafts: Vec<(String, &Part)>,
        names: &Names,
    ) -> Result<Outcome, Fault> {
        let count = drafts.len();
        let letters: Vec<&str> = drafts.iter().map(|(letter, _)| letter.as_str()).collect();
        let letter = self.request.draft.as_ref().map(|letter| letter.to_uppercase());
        if let Some(letter) = letter.as_ref().filter(|letter| !letters.contains(&letter.as_str())) {
            return Err(no_draft_of(&letters, letter));
        }
        let role = self.request.role.as_deref();
        let asked = |(own, part): &(String, &Part)| {
            role.is_none_or(|role| role == part.draft().role()) && letter.as_ref().is_none_or(|l| l == own)
        };
        let drafts: Vec<(String, &Part)> = drafts.into_iter().filter(asked).collect();
        if let (Some(role), true) = (role, drafts.is_empty()) {
            let sentence = pages::no_such_draft(&quoted_path(&self.request.place), &identifier(role, NAME));
            return Err(Fault::refused(sentence).now(pages::NAME_ITS_ROLE));
        }
        // An older version that fits no draft was meant for the only one.
        let alone = drafts.len() == 1 && (count == 1 || letter.is_some());
        let mut sheets = Vec::new();
        for (letter, part) in drafts {
            let of_its_type = |m: &&Metadata| m.role_type() == part.draft().metadata().role_type();
            let against = self.against.filter(|m| alone || of_its_type(m));
            let sheet = Sheet::of_part(part, self.trusted, against, names).map_err(|f| self.unfit(&f))?;
            sheets.push((Some(letter), sheet));
        }
        self.tell(whole, &sheets)
    }

    fn file(&self, document: Document) -> Result<Outcome, Fault> {
        if self.request.draft.is_some() {
            let sentence = pages::one_document(&quoted_path(&self.request.place));
            return Err(Fault::usage(sentence).now(pages::LEAVE_DRAFT_OUT));
        }
        let sha256 = document.digest();
        let foreign = Foreign::of(document).map_err(|fault| self.nothing(&fault))?;
        let draft = foreign.metadata.map(|metadata| {
            Draft::of(metadata, self.request.role.as_deref()).map_err(|fault| self.no_draft(&fault))
        });
        let draft = draft.transpose()?;
        let sheet = draft.as_ref().map(|draft| Sheet::of_file(draft, self.trusted, self.against, self.names));
        let sheet = sheet.transpose().map_err(|f| self.unfit(&f))?;
        let sheets: Vec<_> = sheet.into_iter().map(|sheet| (None, sheet)).collect();
        let whole = Whole {
            kind: "metadata",
            dialect: foreign.dialect.name().to_owned(),
            sha256: Some(sha256),
            ceremony: None,
            loose: foreign.loose.as_ref(),
            told: BTreeMap::new(),
        };
        self.tell(&whole, &sheets)
    }

    fn tell(&self, whole: &Whole<'_>, sheets: &[(Option<String>, Sheet<'_>)]) -> Result<Outcome, Fault> {
        let told = |letter: &Option<String>| -> &[ToldGrant] {
            letter.as_ref().and_then(|letter| whole.told.get(letter)).map_or(&[], Vec::as_slice)
        };
        if self.output.json {
            let drafts = sheets.iter().map(|(letter, sheet)| {
                let told_grants = told(letter).to_vec();
                Ok(LetteredFacts { letter: letter.clone(), told_grants, draft: DraftFacts::of(sheet)? })
            });
            let drafts = drafts.collect::<Result<_, ShapeFault>>();
            let entries = whole.loose.map(Loose::entries).unwrap_or_default();
            print_json(&ShowFacts {
                file: visible_path(&self.request.place).into_owned(),
                sha256: whole.sha256.map(|sha256| sha256.to_string()),
                kind: whole.kind,
                dialect: whole.dialect.clone(),
                ceremony: whole.ceremony.clone(),
                drafts: drafts.map_err(|f| self.unfit(&f))?,
                loose: entries.into_iter().map(|e| e.keyid.into_owned()).collect(),
            })?;
            return Ok(Outcome::Done);
        }
        let mut screen = Screen::stdout(self.output.plain);
        opening(&mut screen, &self.request.place, whole, sheets)?;
        if let Some(loose) = whole.loose {
            only_signatures(&mut screen, loose, self.request.all)?;
        }
        for (letter, sheet) in sheets {
            screen.blank()?;
            if let Some(letter) = letter {
                screen.heading(&pages::draft(letter, &sheet.title()))?;
                fact(&mut screen, pages::SIGNED_PART, &sheet.draft.metadata().payload().to_string())?;
                screen.blank()?;
            }
            sheet.show(&mut screen, self.request.all)?;
            told(letter).iter().try_for_each(|told| told.tell(&mut screen))?;
        }
        Ok(Outcome::Done)
    }

    fn nothing(&self, fault: &ForeignFault) -> Fault {
        match fault {
            ForeignFault::Read(fault) => reading::unreadable(&self.request.place, fault),
            other => Fault::refused(pages::nothing_to_show(&quoted_path(&self.request.place)))
                .because(other)
                .now(pages::NAME_SOMETHING_TO_SHOW),
        }
    }

    fn no_draft(&self, fault: &DraftFault) -> Fault {
        let path = quoted_path(&self.request.place);
        match fault {
            DraftFault::Shape(shape) => Fault::refused(pages::nothing_to_show(&path))
                .because(shape)
                .now(pages::NAME_SOMETHING_TO_SHOW),
            other => Fault::refused(pages::not_that_role(&path)).because(other).now(pages::NAME_ITS_ROLE),
        }
    }

    /// The document itself was taken as a draft, so it is the older one that does not fit.
    fn unfit(&self, fault: &ShapeFault) -> Fault {
        let path =
            self.request.against.as_ref().or(self.request.trust.as_ref()).unwrap_or(&self.request.place);
        Fault::refused(pages::cannot_compare(&quoted_path(path)))
            .because(fault)
            .now(pages::NAME_AN_OLDER_VERSION)
    }
}

/// What the file or folder is.
fn opening(
    screen: &mut Screen<'_>,
    place: &Path,
    whole: &Whole<'_>,
    sheets: &[(Option<String>, Sheet<'_>)],
) -> Result<(), Fault> {
    let title = match sheets {
        [(None, sheet)] => sheet.title(),
        _ => whole.dialect.clone(),
    };
    screen.heading(&title)?;
    let label = if whole.sha256.is_some() { pages::FILE } else { ceremony_said::FOLDER };
    fact(screen, label, &quoted_path(place))?;
    fact(screen, pages::FORM, &whole.dialect)?;
    let digest = whole.sha256.map(|sha256| sha256.to_string());
    match (sheets, &digest) {
        ([(None, sheet)], Some(digest)) => {
            sentence(screen, 2, pages::SHA256_OF)?;
            fact(screen, pages::FILE_DIGEST, digest)?;
            fact(screen, pages::SIGNED_PART, &sheet.draft.metadata().payload().to_string())?;
        }
        (_, Some(digest)) => fact(screen, pages::FILE_DIGEST, digest)?,
        (_, None) => {}
    }
    if let Some(ceremony) = &whole.ceremony {
        ceremony.tell(screen)?;
    }
    for (letter, sheet) in sheets {
        if let Some(letter) = letter {
            fact(screen, &pages::draft_label(letter), &sheet.title())?;
        }
    }
    Ok(())
}

fn only_signatures(screen: &mut Screen<'_>, loose: &Loose, all: bool) -> Result<(), Fault> {
    let entries = loose.entries();
    let role = loose.role.as_ref().map(|role| identifier(role, NAME));
    sentence(screen, 2, &pages::only_signatures(entries.len() as u64, role.as_deref()))?;
    let ids = Ids::of(entries.iter().map(|e| e.keyid.to_string()), true);
    let shown = if all { entries.len() } else { entries.len().min(SHOWN) };
    for entry in &entries[..shown] {
        sentence(screen, 4, &ids.show(&entry.keyid))?;
    }
    match entries.len() - shown {
        0 => Ok(()),
        more => Ok(screen.line(&pages::more(more as u64))?),
    }
}
