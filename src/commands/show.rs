//! `conclave show`: any metadata file, partially signed file of a peer, or bundle; what it says, what changed, who
//! signed, what is odd. It is for looking: what is shown exits with 0, whatever is missing; `verify` and `status` judge.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::bundle::{FORMAT, Part, TYPE};
use tuf_ceremony::dialect::{Foreign, ForeignFault, Loose};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::{Document, View};
use tuf_ceremony::draft::{Draft, DraftFault};
use tuf_ceremony::metadata::{Metadata, ShapeFault};

use super::{Outcome, reading};
use crate::cli::Output;
use crate::fault::Fault;
use crate::operator::clean::{identifier, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::pages;
use crate::report::columns::{fact, sentence};
use crate::report::facts::DraftFacts;
use crate::report::keys::Ids;
use crate::report::{NAME, Names, SHOWN, Sheet, letter};

/// What was asked for.
pub(super) struct Request {
    /// The file.
    pub(super) file: PathBuf,
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
    sha256: String,
    kind: &'static str,
    dialect: String,
    drafts: Vec<DraftFacts<'d>>,
    /// Key ids of signatures that stand without a document.
    loose: Vec<String>,
}

/// Shows one file.
pub(super) fn run(request: &Request, output: Output) -> Result<Outcome, Fault> {
    let names = reading::names(request.record.as_deref())?;
    let read = |path: &Option<PathBuf>| path.as_deref().map(reading::metadata).transpose();
    let (trusted, against, document) = std::thread::scope(|scope| {
        let against = scope.spawn(|| read(&request.against));
        let (trusted, document) = (read(&request.trust), reading::document(&request.file));
        (trusted, against.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), document)
    });
    let (trusted, against, document) = (trusted?, against?, document?);
    let page = Page { request, output, names: &names, trusted: trusted.as_ref(), against: against.as_ref() };
    if is_bundle(&document) { page.bundle() } else { page.file(document) }
}

fn is_bundle(document: &Document) -> bool {
    let of = document.root().object().and_then(|o| o.member("_type")).and_then(View::string);
    of.is_some_and(|of| of == TYPE)
}

struct Page<'r> {
    request: &'r Request,
    output: Output,
    names: &'r Names,
    trusted: Option<&'r Metadata>,
    against: Option<&'r Metadata>,
}

impl Page<'_> {
    fn bundle(&self) -> Result<Outcome, Fault> {
        let read = reading::bundle(&self.request.file)?;
        let asked = |part: &&Part| self.request.role.as_ref().is_none_or(|role| role == part.draft().role());
        let parts: Vec<&Part> = read.bundle.parts().collect();
        if let (Some(role), true) = (&self.request.role, !parts.iter().any(asked)) {
            let sentence = pages::no_such_draft(&quoted_path(&self.request.file), &identifier(role, NAME));
            return Err(Fault::refused(sentence).now(pages::NAME_ITS_ROLE));
        }
        let mut sheets = Vec::new();
        for (place, part) in parts.iter().enumerate().filter(|(_, part)| asked(part)) {
            let of_its_type = |m: &&Metadata| m.role_type() == part.draft().metadata().role_type();
            let against = self.against.filter(|m| parts.len() == 1 || of_its_type(m));
            let sheet =
                Sheet::of_part(part, self.trusted, against, self.names).map_err(|f| self.unfit(&f))?;
            sheets.push((Some(letter(place)), sheet));
        }
        self.tell(read.sha256, "bundle", &format!("{} (format {FORMAT})", pages::BUNDLE), &sheets, None)
    }

    fn file(&self, document: Document) -> Result<Outcome, Fault> {
        let sha256 = document.digest();
        let foreign = Foreign::of(document).map_err(|fault| self.nothing(&fault))?;
        let draft = foreign.metadata.map(|metadata| {
            Draft::of(metadata, self.request.role.as_deref()).map_err(|fault| self.no_draft(&fault))
        });
        let draft = draft.transpose()?;
        let sheet = draft.as_ref().map(|draft| Sheet::of_file(draft, self.trusted, self.against, self.names));
        let sheet = sheet.transpose().map_err(|f| self.unfit(&f))?;
        let sheets: Vec<_> = sheet.into_iter().map(|sheet| (None, sheet)).collect();
        self.tell(sha256, "metadata", foreign.dialect.name(), &sheets, foreign.loose.as_ref())
    }

    fn tell(
        &self,
        sha256: Digest,
        kind: &'static str,
        dialect: &str,
        sheets: &[(Option<String>, Sheet<'_>)],
        loose: Option<&Loose>,
    ) -> Result<Outcome, Fault> {
        let file = &self.request.file;
        if self.output.json {
            let drafts = sheets.iter().map(|(_, sheet)| DraftFacts::of(sheet)).collect::<Result<_, _>>();
            let entries = loose.map(Loose::entries).unwrap_or_default();
            print_json(&ShowFacts {
                file: visible_path(file).into_owned(),
                sha256: sha256.to_string(),
                kind,
                dialect: dialect.to_owned(),
                drafts: drafts.map_err(|f| self.unfit(&f))?,
                loose: entries.into_iter().map(|e| e.keyid.into_owned()).collect(),
            })?;
            return Ok(Outcome::Done);
        }
        let mut screen = Screen::stdout(self.output.plain);
        opening(&mut screen, file, dialect, sha256, sheets)?;
        if let Some(loose) = loose {
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
        }
        Ok(Outcome::Done)
    }

    fn nothing(&self, fault: &ForeignFault) -> Fault {
        match fault {
            ForeignFault::Read(fault) => reading::unreadable(&self.request.file, fault),
            other => Fault::refused(pages::nothing_to_show(&quoted_path(&self.request.file)))
                .because(other)
                .now(pages::NAME_SOMETHING_TO_SHOW),
        }
    }

    fn no_draft(&self, fault: &DraftFault) -> Fault {
        let path = quoted_path(&self.request.file);
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
            self.request.against.as_ref().or(self.request.trust.as_ref()).unwrap_or(&self.request.file);
        Fault::refused(pages::cannot_compare(&quoted_path(path)))
            .because(fault)
            .now(pages::NAME_AN_OLDER_VERSION)
    }
}

/// What the file is.
fn opening(
    screen: &mut Screen<'_>,
    file: &Path,
    dialect: &str,
    sha256: Digest,
    sheets: &[(Option<String>, Sheet<'_>)],
) -> Result<(), Fault> {
    let title = match sheets {
        [(None, sheet)] => sheet.title(),
        _ => dialect.to_owned(),
    };
    screen.heading(&title)?;
    fact(screen, pages::FILE, &quoted_path(file))?;
    fact(screen, pages::FORM, dialect)?;
    match sheets {
        [(None, sheet)] => {
            sentence(screen, 2, pages::SHA256_OF)?;
            fact(screen, pages::FILE_DIGEST, &sha256.to_string())?;
            fact(screen, pages::SIGNED_PART, &sheet.draft.metadata().payload().to_string())?;
        }
        _ => fact(screen, pages::FILE_DIGEST, &sha256.to_string())?,
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
