//! The table at which a ceremony's folder lies open: what is stored, where the ceremony stands, and the clock meet here.
//! A step is decided by the engine, stored on every device, and only then taken ([`Table::take`]). It asks nobody anything.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tuf_ceremony::conduct::{self, Ceremony, NewFile, ResumeFault, Step, TakeFault};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::TRANSCRIPT;
use tuf_ceremony::materials::Materials;
use tuf_ceremony::paper::PaperDigest;
use tuf_ceremony::places;
use tuf_ceremony::state::{Phase, State};
use tuf_ceremony::transcript::Transcript;
use tuf_ceremony::transcript::event::{DevicesChanged, Event, SetAside};

use crate::clock;
use crate::dossier::{Dossier, FolderFault, Inventory, LoadFault, Mended, Places, Shelf, StoreFault};
use crate::fault::Fault;
use crate::files::{FilesFault, Folder, read_capped, refuse_existing};
use crate::operator::clean::quoted_path;
use crate::operator::wording::ceremony as said;

/// How to come to a ceremony.
#[derive(Debug, Clone)]
pub struct Access {
    /// Its folder.
    pub folder: PathBuf,
    /// The same folder on a second device.
    pub mirror: Option<PathBuf>,
    /// Why one device is enough from now on.
    pub one_device: Option<String>,
    /// The head on paper.
    pub head: Option<PaperDigest>,
}

/// A ceremony's folder, open to go on.
pub struct Table {
    dossier: Dossier,
    ceremony: Ceremony,
    mended: Vec<Mended>,
    behind_head: u64,
    found: u64,
}

/// A ceremony's folder, open to be looked at.
pub struct Glance {
    /// Where the ceremony stands.
    pub ceremony: Ceremony,
    /// Its files.
    pub shelf: Shelf,
    /// In what its files differ from what the lines tell.
    pub left: Left,
}

/// In what a folder differs from what its lines tell, as the rest of a step that was cut off may.
#[derive(Debug, Default)]
pub struct Left {
    /// Bytes of a line that was cut off while it was written.
    pub torn: usize,
    /// Files that the lines name and that are not there.
    pub missing: Vec<String>,
    /// Files that no line names.
    pub unexplained: Vec<String>,
}

impl Table {
    /// Opens a new ceremony's folder with the steps that follow from each other. All of them are tried before anything is
    /// stored, so that a plan that is refused leaves no folder.
    pub fn open(
        places: &Places,
        first: &Step,
        mut next: impl FnMut(&State, &dyn Materials) -> Result<Option<Step>, Fault>,
    ) -> Result<Table, Fault> {
        let nothing: BTreeMap<Digest, Vec<u8>> = BTreeMap::new();
        let mut tried = Tried::over(&nothing);
        tried.keep(first);
        let ceremony = Ceremony::begin(first, &clock::now(), &tried, unstored).map_err(taken)?;
        let steps = tried.follow(ceremony, &mut next)?;
        let mut dossier = None;
        let begun = Ceremony::begin(first, &clock::now(), &nothing, |files, line| {
            dossier = Some(Dossier::create(places, files, line)?);
            Ok::<(), FolderFault>(())
        });
        let ceremony = begun.map_err(|fault| match fault {
            TakeFault::Illegal(why) => (*why).into(),
            TakeFault::Store(fault) => Fault::from(fault),
        })?;
        let dossier = dossier.expect("what was stored was stored in a dossier");
        let mut table = Table { dossier, ceremony, mended: Vec::new(), behind_head: 0, found: 0 };
        for step in &steps {
            table.take(step)?;
        }
        Ok(table)
    }

    /// Resumes a ceremony. What a crash left is mended and told; a device more or less is written down; drafts that were
    /// still to be made are made.
    pub fn load(access: &Access) -> Result<(Table, Vec<Mended>), Fault> {
        let places = Places { folder: access.folder.clone(), mirror: access.mirror.clone() };
        let loaded = Dossier::load(&places, access.head.as_ref(), Ceremony::resume);
        let loaded = loaded.map_err(|fault| match fault {
            LoadFault::Folder(FolderFault::Files(FilesFault::NotAFolder { path })) => {
                Fault::files(said::not_a_folder(&quoted_path(&path))).now(said::NAME_ITS_FOLDER)
            }
            LoadFault::Folder(fault) => fault.into(),
            LoadFault::Lines(fault) => not_a_ceremony(&access.folder, &fault),
        })?;
        let mut table = Table {
            found: loaded.ceremony.state().lines(),
            dossier: loaded.dossier,
            ceremony: loaded.ceremony,
            mended: loaded.mended.clone(),
            behind_head: loaded.behind_head.unwrap_or(0),
        };
        // First, because it may refuse, and then nothing is to be written.
        table.count_devices(access)?;
        if !loaded.left.is_empty() {
            table.take(&Event::SetAside(SetAside { files: loaded.left }).into())?;
        }
        table.seal()?;
        Ok((table, loaded.mended))
    }

    /// The drafts of a ceremony that was stopped between its first line, or that of another plan, and theirs. They follow
    /// without anybody's word, so whatever comes next makes them.
    fn seal(&mut self) -> Result<(), Fault> {
        if self.state().phase() != Phase::Sealing {
            return Ok(());
        }
        match conduct::seal(self.state(), self.materials()) {
            Ok(step) => self.take(&step),
            // They cannot be made any more; then the ceremony must still be open to whoever ends it.
            Err(_) => Ok(()),
        }
    }

    /// A ceremony that is kept on two devices is not gone on with on one unless somebody says why.
    fn count_devices(&mut self, access: &Access) -> Result<(), Fault> {
        // After the end no line can say that there is one device less: both get what follows, or somebody says aloud that not.
        let is_over = self.state().phase().is_over();
        let (devices, reason) = match (self.state().devices(), &access.mirror, &access.one_device) {
            (2, None, None) => {
                return Err(Fault::refused(said::SECOND_DEVICE_MISSING).now(said::NAME_THE_MIRROR));
            }
            _ if is_over => return Ok(()),
            (2, None, Some(reason)) => (1, reason.clone()),
            (1, Some(_), _) => (2, said::DEVICE_ADDED.to_owned()),
            _ => return Ok(()),
        };
        self.take(&Event::DevicesChanged(DevicesChanged { devices, reason }).into())
    }

    /// Takes a step and those that follow from it; all of them are tried before the first is stored.
    pub fn take_with(
        &mut self,
        first: Step,
        mut next: impl FnMut(&State, &dyn Materials) -> Result<Option<Step>, Fault>,
    ) -> Result<(), Fault> {
        let mut first = Some(first);
        let mut each = |state: &State, materials: &dyn Materials| match first.take() {
            Some(first) => Ok(Some(first)),
            None => next(state, materials),
        };
        let steps = Tried::over(self.dossier.shelf()).follow(self.ceremony.clone(), &mut each)?;
        steps.iter().try_for_each(|step| self.take(step))
    }

    /// Whether a step without files would be taken now; nothing is stored.
    pub fn would_take(&self, step: &Step) -> Result<(), Fault> {
        let under = self.dossier.shelf();
        self.ceremony.clone().take(step, &clock::now(), under, unstored).map_err(taken)
    }

    /// Takes a step: stored on every device first.
    pub fn take(&mut self, step: &Step) -> Result<(), Fault> {
        let Table { dossier, ceremony, .. } = self;
        let (materials, pen) = dossier.step(&step.files);
        ceremony.take(step, &clock::now(), materials, |_, line| pen.store(line)).map_err(taken)
    }

    /// Where the ceremony stands.
    pub fn state(&self) -> &State {
        self.ceremony.state()
    }

    /// What was put right when the folder was opened, to be told.
    pub fn mended(&self) -> &[Mended] {
        &self.mended
    }

    /// Whether something was written since the folder was opened.
    pub fn was_written(&self) -> bool {
        !self.mended.is_empty() || self.state().lines() > self.found
    }

    /// The files of the folder.
    pub fn materials(&self) -> &Shelf {
        self.dossier.shelf()
    }

    /// How many lines stood behind the head on paper when the folder was opened, to be told.
    pub fn behind_head(&self) -> u64 {
        self.behind_head
    }

    /// How many lines there were before anything was written here.
    pub fn found(&self) -> u64 {
        self.found
    }

    /// Whether both devices are one medium.
    pub fn shares_a_medium(&self) -> bool {
        self.dossier.shares_a_medium()
    }
}

impl Glance {
    /// Looks into a folder without changing or locking anything.
    pub fn at(path: &Path) -> Result<Glance, Fault> {
        let folder = Folder::open(path)?;
        let inventory = Inventory::of(&folder)?;
        let Some(text) = &inventory.transcript else {
            return Err(FolderFault::NoCeremony { folder: path.to_owned() }.into());
        };
        let shelf = Shelf::of(&folder, &inventory);
        let read = Transcript::read_as_far(text);
        let ceremony = match read.fault {
            Some(fault) => Err(ResumeFault::from(fault)),
            None => Ceremony::resume(read.whole.text().as_bytes(), &shelf),
        };
        let ceremony = ceremony.map_err(|fault| not_a_ceremony(path, &fault))?;
        let bound = ceremony.state().files();
        let altered = bound.values().find_map(|file| {
            let found = inventory.files.get(&file.path).filter(|found| found.sha256 != file.sha256)?;
            Some((path.join(&file.path), file.sha256, found.sha256))
        });
        if let Some((path, named, found)) = altered {
            return Err(FolderFault::Altered { path, named, found }.into());
        }
        if !inventory.strange.is_empty() {
            let (folder, found) = (path.to_owned(), inventory.strange);
            return Err(FolderFault::Strange { folder, found }.into());
        }
        let missing = bound.keys().filter(|path| !inventory.files.contains_key(*path)).cloned().collect();
        let unexplained = inventory.files.keys().filter(|path| !bound.contains_key(*path)).cloned().collect();
        Ok(Glance { ceremony, shelf, left: Left { torn: read.torn.len(), missing, unexplained } })
    }

    /// Where the ceremony stands.
    pub fn state(&self) -> &State {
        self.ceremony.state()
    }
}

/// Whether a path is that of a folder: of a ceremony, where another would be a bundle's.
pub fn is_folder(path: &Path) -> bool {
    Folder::open(path).is_ok()
}

impl Access {
    /// Whether a ceremony's folder is meant, where a bundle could be: it is one, or it is gone and its second device is
    /// there, from which it comes back.
    #[must_use]
    pub fn means_folder(&self) -> bool {
        let mirrored = self.mirror.as_deref().is_some_and(is_folder);
        is_folder(&self.folder) || mirrored && refuse_existing(&self.folder).is_ok()
    }

    /// Whether a ceremony was begun: its first line is there, on one of the devices. A folder whose opening was cut off before
    /// that is as good as none, and opening it again goes on.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        let has_a_line = |folder: &PathBuf| {
            let text = read_capped(&folder.join(places::TRANSCRIPT), TRANSCRIPT.most as u64);
            text.is_ok_and(|text| text.contains(&b'\n'))
        };
        has_a_line(&self.folder) || self.mirror.as_ref().is_some_and(has_a_line)
    }
}

fn taken(fault: TakeFault<StoreFault>) -> Fault {
    match fault {
        TakeFault::Illegal(why) => (*why).into(),
        TakeFault::Store(fault) => fault.into(),
    }
}

fn not_a_ceremony(folder: &Path, fault: &ResumeFault) -> Fault {
    Fault::refused(said::does_not_tell_a_ceremony(&quoted_path(folder))).because(fault).now(said::REPLAY_IT)
}

/// The files of steps that are only tried, over those that are stored.
struct Tried<'m> {
    files: BTreeMap<Digest, Vec<u8>>,
    under: &'m dyn Materials,
}

impl<'m> Tried<'m> {
    fn over(under: &'m dyn Materials) -> Tried<'m> {
        Tried { files: BTreeMap::new(), under }
    }

    fn keep(&mut self, step: &Step) {
        self.files.extend(step.files.iter().map(|file| (Digest::of(&file.bytes), file.bytes.clone())));
    }

    /// The steps that follow from each other, each tried on what the one before it leads to.
    fn follow(
        mut self,
        mut ceremony: Ceremony,
        next: &mut impl FnMut(&State, &dyn Materials) -> Result<Option<Step>, Fault>,
    ) -> Result<Vec<Step>, Fault> {
        let mut steps = Vec::new();
        while let Some(step) = next(ceremony.state(), &self)? {
            self.keep(&step);
            ceremony.take(&step, &clock::now(), &self, unstored).map_err(taken)?;
            steps.push(step);
        }
        Ok(steps)
    }
}

fn unstored(_: &[NewFile], _: &str) -> Result<(), StoreFault> {
    Ok(())
}

impl Materials for Tried<'_> {
    fn kept(&self, sha256: Digest) -> Option<Cow<'_, [u8]>> {
        self.files.kept(sha256).or_else(|| self.under.kept(sha256))
    }
}

/// Reads the head on paper.
pub fn head(text: &str) -> Result<PaperDigest, Fault> {
    PaperDigest::read(text)
        .map_err(|fault| Fault::usage(said::NOT_A_HEAD).because(&fault).now(said::TYPE_THE_HEAD))
}
