//! Reading a plan with every file that it names, each compared with the SHA-256 that was reviewed, and hashing what it adds
//! to targets into a delta. It judges nothing else: sealing and the policy are the engine's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tuf_ceremony::card::Card;
use tuf_ceremony::delta::{Added, WriteFault, Writer};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::limits::{DOCUMENT, PLAN, TARGET_FILES};
use tuf_ceremony::plan::{CardRef, KeySource, Plan, PlanKey, TargetsWish};
use tuf_ceremony::seal::{Inputs, SealFault};

use crate::fault::{Fault, advice_for_seal};
use crate::files::{self, FilesFault, tree};
use crate::operator::clean::{identifier, quoted, quoted_path};
use crate::operator::progress::Progress;
use crate::operator::wording::planning as said;
use crate::report::Names;

/// A plan and all that it needs.
pub(super) struct Planned {
    /// The plan.
    pub plan: Plan,
    /// Its text.
    pub text: Vec<u8>,
    /// The files that it names, and the delta.
    pub materials: BTreeMap<Digest, Vec<u8>>,
    /// What it adds to targets.
    pub delta: Option<Digest>,
}

impl Planned {
    /// Reads a plan. Paths in it are from its own folder.
    pub(super) fn read(path: &Path) -> Result<Planned, Fault> {
        let text = files::read_capped(path, PLAN.most as u64)?;
        let plan = Plan::read(&text).map_err(|fault| {
            Fault::refused(said::plan_refused(&quoted_path(path))).because(&fault).now(said::MEND_THE_PLAN)
        })?;
        let folder = path.parent().unwrap_or_else(|| Path::new(""));
        let mut materials = BTreeMap::new();
        for (file, sha256) in named(&plan) {
            let bytes = files::read_capped(&folder.join(file), DOCUMENT.most as u64)?;
            let found = Digest::of(&bytes);
            if found != sha256 {
                return Err(Fault::refused(said::another_file(&quoted(file, 200)))
                    .because_of(said::digests(&sha256.to_string(), &found.to_string()))
                    .now(said::FIND_THE_REVIEWED_FILE));
            }
            materials.insert(sha256, bytes);
        }
        let delta = delta(&plan, folder, &materials)?;
        let delta = delta.map(|bytes| {
            let sha256 = Digest::of(&bytes);
            materials.insert(sha256, bytes);
            sha256
        });
        Ok(Planned { plan, text, materials, delta })
    }

    /// Keys whose cards the ceremony begins with.
    pub(super) fn to_be_made(&self) -> Vec<String> {
        let waits = |key: &PlanKey| matches!(key.source(), KeySource::Card(CardRef::ToBeMade));
        self.plan.keys.iter().filter(|(_, key)| waits(key)).map(|(name, _)| name.clone()).collect()
    }

    /// Whose key is whose: the plan's word, and the cards beside it, after what is known already. `keys` are the fingerprints of its keys.
    pub(super) fn names(&self, mut names: Names, keys: &BTreeMap<String, Fingerprint>) -> Names {
        names.say_plan(&self.plan, keys);
        for key in self.plan.keys.values() {
            if let KeySource::Card(CardRef::File(named)) = key.source()
                && let Some(Ok(card)) = self.materials.get(&named.sha256).map(|bytes| Card::read(bytes))
            {
                names.say_card(&card);
            }
        }
        names
    }

    /// What sealing needs.
    pub(super) fn inputs(&self) -> Inputs<'_> {
        Inputs {
            cards: BTreeMap::new(),
            delta: self.delta,
            spec_version: tuf_ceremony::seal::SPEC_VERSION,
            materials: &self.materials,
        }
    }
}

/// The fault of a plan that gives no drafts.
pub(super) fn sealing(path: &Path, fault: &SealFault) -> Fault {
    Fault::refused(said::cannot_seal(&quoted_path(path))).because(fault).now(advice_for_seal(fault))
}

/// The files that a plan names with their SHA-256.
fn named(plan: &Plan) -> Vec<(&str, Digest)> {
    let documents = plan.predecessor.files().map(|named| (named.file.as_str(), named.sha256));
    let keys = plan.keys.values().filter_map(|key| match key.source() {
        KeySource::Card(CardRef::File(named)) => Some((named.file.as_str(), named.sha256)),
        KeySource::Public(public) => Some((public.file.as_str(), public.sha256)),
        KeySource::Card(CardRef::ToBeMade) | KeySource::Kept(_) => None,
    });
    let deltas = wishes(plan).filter_map(|(_, wish)| wish.delta.as_ref());
    let deltas = deltas.map(|named| (named.file.as_str(), named.sha256));
    documents.chain(keys).chain(deltas).collect()
}

fn wishes(plan: &Plan) -> impl Iterator<Item = (&str, &TargetsWish)> {
    let delegated = plan.delegated.iter().map(|(role, wish)| (role.as_str(), wish));
    plan.targets.iter().map(|wish| ("targets", wish)).chain(delegated)
}

/// The delta of everything that the plan adds: the file that it names, else one made of the files now; none where it adds
/// nothing. A ceremony has one, and sealing compares it with the plan.
fn delta(
    plan: &Plan,
    folder: &Path,
    materials: &BTreeMap<Digest, Vec<u8>>,
) -> Result<Option<Vec<u8>>, Fault> {
    if let Some(named) = wishes(plan).find_map(|(_, wish)| wish.delta.as_ref()) {
        return Ok(materials.get(&named.sha256).cloned());
    }
    let mut roles: BTreeMap<&str, BTreeMap<String, PathBuf>> = BTreeMap::new();
    for (role, wish) in wishes(plan).filter(|(_, wish)| !wish.add.is_empty()) {
        let adding = roles.entry(role).or_default();
        for (target, file) in &wish.add {
            spread(target, &folder.join(file), adding)?;
        }
    }
    if roles.is_empty() {
        return Ok(None);
    }
    let past = |fault: WriteFault| Fault::refused(said::CANNOT_ADD).because(&fault).now(said::MEND_THE_PLAN);
    let mut progress = Progress::of(said::HASHING, roles.values().map(BTreeMap::len).sum());
    let mut out = Writer::into(String::new()).map_err(past)?;
    for (role, adding) in &roles {
        out.role(role).map_err(past)?;
        for (path, file) in adding {
            let hashed = tree::hashed(file).map_err(no_target)?;
            let (sha256, length) = (Digest::from_bytes(hashed.sha256), hashed.bytes);
            out.add(&Added { path: path.into(), length, sha256, sha512: None }).map_err(past)?;
            progress.step();
        }
    }
    Ok(Some(out.finish().map_err(past)?.into_bytes()))
}

/// A file under its path in the repository, or all files of a folder under it.
fn spread(target: &str, at: &Path, adding: &mut BTreeMap<String, PathBuf>) -> Result<(), Fault> {
    if tree::kind(at).map_err(no_target)? == tree::Kind::File {
        return once(target.to_owned(), at.to_owned(), adding);
    }
    for inside in tree::files_under(at, TARGET_FILES.most).map_err(no_target)? {
        let Some(name) = inside.to_str() else {
            return Err(
                Fault::refused(said::name_is_no_text(&quoted_path(&at.join(&inside)))).now(said::RENAME_IT)
            );
        };
        let prefix = target.trim_end_matches('/');
        let path = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
        once(path, at.join(&inside), adding)?;
    }
    Ok(())
}

/// Only files are hashed: what stands for something else could be something else tomorrow.
fn no_target(fault: FilesFault) -> Fault {
    match fault {
        FilesFault::NotRegular { .. } => Fault::files(fault.to_string()).now(said::ONLY_FILES_ARE_TARGETS),
        other => other.into(),
    }
}

fn once(path: String, at: PathBuf, adding: &mut BTreeMap<String, PathBuf>) -> Result<(), Fault> {
    if adding.contains_key(&path) {
        let sentence = said::added_twice(&identifier(&path, 200));
        return Err(Fault::refused(sentence).now(said::MEND_THE_PLAN));
    }
    adding.insert(path, at);
    Ok(())
}
