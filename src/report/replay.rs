//! What became of folders that were gone through again, for an auditor to read; `facts` has the same for scripts. The verdict
//! comes last, in one sentence, and says what was not checked.

mod facts;

use std::path::PathBuf;

use tuf_ceremony::delta::TargetDifference;
use tuf_ceremony::policy::attested::Housed;
use tuf_ceremony::replay::{Across, Contradiction, Gap, Instead, PaperSays, Replay, Verdict};

pub use facts::Facts;

use super::attested;
use super::columns::{fact, sentence};
use super::notes::{noted, notes};
use super::{CLAUSE, NAME, SHOWN};
use crate::operator::clean::{cell, identifier, quoted_path};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{pages, replay as said};

/// One folder, gone through.
pub struct Replayed {
    /// Where it is.
    pub path: PathBuf,
    /// What became of it.
    pub replay: Replay,
    /// What differs between its delta and the target files that were given; none where none were, or it has no delta.
    pub targets: Option<Vec<TargetDifference>>,
    /// What has no place in the folder of a ceremony.
    pub strange: Vec<String>,
    /// Where the plan's keys live, as far as PIV cards are said to hold them: told, and no part of any verdict.
    pub homes: Vec<Housed>,
}

impl Replayed {
    /// Whether everything agrees, as far as what was given can tell.
    pub fn holds(&self) -> bool {
        let is_wrong =
            |difference: &TargetDifference| !matches!(difference, TargetDifference::NotAdded { .. });
        let targets = self.targets.as_ref().is_none_or(|differences| !differences.iter().any(is_wrong));
        self.replay.verdict().holds() && targets && self.strange.is_empty()
    }
}

/// What could not be computed again.
fn gaps(folder: &Replayed) -> Vec<String> {
    let it = &folder.replay;
    let stopped = it.walked.stopped.iter().map(|stopped| match &stopped.why {
        Gap::Gone { what, file, .. } => {
            let file = file.as_ref().map(|file| file.path.as_str());
            said::gone(stopped.line, &cell(what, CLAUSE), file)
        }
        Gap::Rules { format, rules } => said::other_rules(*format, *rules),
    });
    let imports = it.not_recomputed().iter().map(|n| said::import_gone(n.line, &cell(&n.file.path, NAME)));
    stopped.chain(imports).collect()
}

fn target(difference: &TargetDifference) -> String {
    match difference {
        TargetDifference::Missing { path, .. } => said::target_missing(&identifier(path, NAME)),
        TargetDifference::Altered { path, .. } => said::target_altered(&identifier(path, NAME)),
        TargetDifference::NotAdded { path } => said::target_not_added(&identifier(path, NAME)),
    }
}

fn contradiction(told: &Contradiction, name: &dyn Fn(usize) -> String) -> String {
    match told {
        Contradiction::Seen { witness, at, seen, of, has } => {
            let instead = match has {
                Instead::Shorter(lines) => said::shorter(*lines),
                Instead::Other(head) => said::other_head(seen.lines, &head.to_string()),
            };
            said::seen_otherwise(&name(*witness), *at, seen.lines, &name(*of), &instead)
        }
        Contradiction::TwoWays { machine, line, first, second } => {
            said::two_ways(&machine.to_string(), *line, &name(*first), &name(*second))
        }
        Contradiction::Ceremonies { first, second } => said::two_ceremonies(&name(*first), &name(*second)),
    }
}

/// The pages for people.
pub struct Page<'p> {
    /// The folders.
    pub folders: &'p [Replayed],
    /// What they say of each other.
    pub across: &'p Across,
    /// Whether all of it holds.
    pub holds: bool,
}

impl Page<'_> {
    /// Folder by folder, then all of them together.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn tell(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        for folder in self.folders {
            self.folder(screen, folder)?;
            screen.blank()?;
            if let Some(state) = &folder.replay.walked.state
                && !noted(state).is_empty()
            {
                screen.heading(said::WRITTEN_DOWN)?;
                notes(screen, state)?;
                screen.blank()?;
            }
            if !folder.homes.is_empty() {
                attested::homes(screen, &folder.homes)?;
                screen.blank()?;
            }
        }
        let name = |at: usize| quoted_path(&self.folders[at].path);
        if self.folders.len() > 1 {
            screen.heading(said::ACROSS)?;
            for told in &self.across.contradictions {
                sentence(screen, 2, &format!("! {}", contradiction(told, &name)))?;
            }
            for copy in &self.across.copies {
                sentence(screen, 2, &said::copy(&name(copy.older), &name(copy.newer), copy.behind))?;
            }
            for seen in &self.across.seen {
                sentence(screen, 2, &said::seen(&name(seen.witness), seen.at, seen.lines, &name(seen.of)))?;
            }
            if self.across.contradictions.is_empty() {
                sentence(screen, 2, said::NO_CONTRADICTION)?;
            }
            screen.blank()?;
        }
        sentence(screen, 0, if self.holds { said::ALL_HOLDS } else { said::NOT_ALL_HOLDS })
    }

    fn folder(&self, screen: &mut Screen<'_>, folder: &Replayed) -> Result<(), ScreenFault> {
        let it = &folder.replay;
        screen.heading(&said::folder(&quoted_path(&folder.path)))?;
        if let Some(state) = &it.walked.state {
            fact(screen, said::CEREMONY, &state.ceremony().to_string())?;
            fact(screen, said::STAGE, state.phase().name())?;
            if state.opened().rehearsal {
                sentence(screen, 2, said::PRACTICE)?;
            }
        }
        if let Some(recorded) = it.recorded() {
            fact(
                screen,
                said::WRITTEN_BY,
                &said::written_by(&cell(recorded.tool, NAME), recorded.format, recorded.rules),
            )?;
        }
        fact(screen, said::LINES, &said::lines(it.transcript.count(), it.walked.judged(), it.unread))?;
        fact(screen, said::HEAD, &it.transcript.head().to_string())?;
        self.paper(screen, it.paper)?;
        if let Some(d) = &it.walked.divergence {
            sentence(screen, 2, &said::diverges(d.line, &cell(&d.why, CLAUSE)))?;
            if let Some(difference) = d.difference() {
                sentence(screen, 4, &said::expected(&cell(difference.expected, CLAUSE)))?;
                sentence(screen, 4, &said::there(&cell(difference.found, CLAUSE)))?;
            } else if !d.found.is_empty() {
                sentence(screen, 4, &said::there(&cell(&d.found, CLAUSE)))?;
            }
        }
        for gap in gaps(folder) {
            sentence(screen, 2, &format!("! {gap}"))?;
        }
        if it.torn > 0 {
            sentence(screen, 2, &said::torn(it.torn as u64))?;
        }
        self.files(screen, folder)?;
        for attempt in it.in_doubt() {
            let (person, token) =
                (identifier(&attempt.begun.person, NAME), cell(&attempt.begun.token, CLAUSE));
            sentence(screen, 2, &said::in_doubt(attempt.line, &person, &token))?;
        }
        for (line, fork) in it.equivocations() {
            sentence(screen, 2, &format!("! {}", said::fork(line, &fork.machine.to_string(), fork.line)))?;
        }
        for other in &it.others {
            let machine = other.machine.to_string();
            match &other.walked.divergence {
                Some(d) => {
                    sentence(screen, 2, &said::other_diverges(&machine, d.line, &cell(&d.why, CLAUSE)))?
                }
                None => {
                    sentence(screen, 2, &said::other_holds(&machine, other.lines, other.walked.judged()))?
                }
            }
        }
        self.targets(screen, folder)?;
        sentence(screen, 2, verdict(it.verdict()))
    }

    fn paper(&self, screen: &mut Screen<'_>, paper: PaperSays) -> Result<(), ScreenFault> {
        match paper {
            PaperSays::NotGiven => sentence(screen, 2, said::NO_HEAD),
            PaperSays::Nothing => sentence(screen, 2, said::OTHER_HEAD),
            PaperSays::Holds { line, unreadable, later, afterwards } => {
                sentence(screen, 2, &said::head_holds(line, unreadable as u64))?;
                if afterwards > 0 {
                    sentence(screen, 2, &said::afterwards(afterwards))?;
                }
                if later > 0 { sentence(screen, 2, &said::later_lines(later)) } else { Ok(()) }
            }
        }
    }

    fn files(&self, screen: &mut Screen<'_>, folder: &Replayed) -> Result<(), ScreenFault> {
        let it = &folder.replay;
        let missing = it.missing.iter().map(|file| said::missing(&cell(&file.path, NAME)));
        let altered = it.altered.iter().map(|(file, _)| said::altered(&cell(&file.path, NAME)));
        let strange =
            it.unexplained.iter().map(|path| identifier(path, NAME)).chain(folder.strange.iter().cloned());
        let all: Vec<String> =
            missing.chain(altered).chain(strange.map(|path| said::unexplained(&path))).collect();
        for line in all.iter().take(SHOWN) {
            sentence(screen, 2, line)?;
        }
        match all.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => screen.line(&pages::more(more as u64)),
        }
    }

    fn targets(&self, screen: &mut Screen<'_>, folder: &Replayed) -> Result<(), ScreenFault> {
        let Some(differences) = &folder.targets else { return Ok(()) };
        let (beside, wrong): (Vec<_>, Vec<_>) =
            differences.iter().partition(|d| matches!(d, TargetDifference::NotAdded { .. }));
        for difference in wrong.iter().take(SHOWN) {
            sentence(screen, 2, &format!("! {}", target(difference)))?;
        }
        match wrong.len() {
            0 => sentence(screen, 2, &said::targets_hold(beside.len() as u64)),
            count => sentence(screen, 2, &said::targets_differ(count as u64)),
        }
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proved => said::PROVED,
        Verdict::Consistent => said::CONSISTENT,
        Verdict::Incomplete => said::INCOMPLETE,
        Verdict::BeyondHead => said::BEYOND_HEAD,
        Verdict::OtherMachineDiverges => said::OTHER_MACHINE,
        Verdict::FilesDiffer => said::FILES_DIFFER,
        Verdict::OtherHead => said::NOT_THIS_FOLDER,
        Verdict::Diverged => said::DIVERGED,
    }
}
