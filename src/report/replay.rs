//! What became of folders that were gone through again: for an auditor to read, and for scripts. The verdict comes last, in
//! one sentence, and says what was not checked.

use std::path::PathBuf;

use serde::Serialize;
use tuf_ceremony::delta::TargetDifference;
use tuf_ceremony::replay::{Across, Contradiction, Gap, Instead, PaperSays, Replay, Verdict};

use super::columns::{fact, sentence};
use super::{CLAUSE, NAME, SHOWN};
use crate::operator::clean::{cell, identifier, quoted_path, visible_path};
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

/// Everything, for scripts.
#[derive(Serialize)]
pub struct Facts {
    holds: bool,
    folders: Vec<FolderFacts>,
    contradictions: Vec<String>,
    copies: Vec<CopyFacts>,
    seen: Vec<SeenFacts>,
}

#[derive(Serialize)]
struct FolderFacts {
    folder: String,
    verdict: &'static str,
    ceremony: Option<String>,
    machine: Option<String>,
    phase: Option<&'static str>,
    lines: u64,
    lines_judged: u64,
    lines_unread: u64,
    head: String,
    rules: Option<u64>,
    format: Option<u64>,
    tool: Option<String>,
    paper: PaperFacts,
    divergence: Option<DivergenceFacts>,
    not_recomputed: Vec<String>,
    torn_bytes: usize,
    missing: Vec<String>,
    altered: Vec<String>,
    unexplained: Vec<String>,
    attempts_without_outcome: Vec<u64>,
    equivocations: Vec<String>,
    other_machines: Vec<OtherFacts>,
    targets: Option<Vec<String>>,
}

#[derive(Serialize)]
struct PaperFacts {
    given: bool,
    line: Option<u64>,
    unreadable_digits: Option<usize>,
    later_lines: Option<u64>,
    afterwards: Option<u64>,
}

#[derive(Serialize)]
struct DivergenceFacts {
    line: u64,
    why: String,
    expected: Option<String>,
    found: String,
}

#[derive(Serialize)]
struct OtherFacts {
    machine: String,
    lines: u64,
    lines_judged: u64,
    diverges: Option<String>,
}

#[derive(Serialize)]
struct CopyFacts {
    older: String,
    newer: String,
    behind: u64,
}

#[derive(Serialize)]
struct SeenFacts {
    witness: String,
    at: u64,
    of: String,
    lines: u64,
}

impl Facts {
    /// The facts of all folders.
    pub fn of(folders: &[Replayed], across: &Across, holds: bool) -> Facts {
        let name = |at: usize| visible_path(&folders[at].path).into_owned();
        let copy = |c: &tuf_ceremony::replay::Copied| CopyFacts {
            older: name(c.older),
            newer: name(c.newer),
            behind: c.behind,
        };
        let seen = |s: &tuf_ceremony::replay::Seen| SeenFacts {
            witness: name(s.witness),
            at: s.at,
            of: name(s.of),
            lines: s.lines,
        };
        let contradictions = across.contradictions.iter().map(|c| contradiction(c, &name));
        Facts {
            holds,
            folders: folders.iter().map(FolderFacts::of).collect(),
            contradictions: contradictions.collect(),
            copies: across.copies.iter().map(copy).collect(),
            seen: across.seen.iter().map(seen).collect(),
        }
    }
}

impl FolderFacts {
    fn of(folder: &Replayed) -> FolderFacts {
        let it = &folder.replay;
        let state = it.walked.state.as_ref();
        let recorded = it.recorded();
        let divergence = it.walked.divergence.as_ref().map(|d| DivergenceFacts {
            line: d.line,
            why: d.why.clone(),
            expected: d.expected.clone(),
            found: d.found.clone(),
        });
        let other = |o: &tuf_ceremony::replay::Embedded| OtherFacts {
            machine: o.machine.to_string(),
            lines: o.lines,
            lines_judged: o.walked.judged(),
            diverges: o.walked.divergence.as_ref().map(|d| d.why.clone()),
        };
        let strange = folder.strange.iter().cloned();
        let fork = |(line, e): (u64, &tuf_ceremony::transcript::event::Equivocation)| {
            said::fork(line, &e.machine.to_string(), e.line)
        };
        FolderFacts {
            folder: visible_path(&folder.path).into_owned(),
            verdict: it.verdict().word(),
            ceremony: state.map(|s| s.ceremony().to_string()),
            machine: it.transcript.machine().map(|m| m.to_string()),
            phase: state.map(|s| s.phase().name()),
            lines: it.transcript.count(),
            lines_judged: it.walked.judged(),
            lines_unread: it.unread,
            head: it.transcript.head().to_string(),
            rules: recorded.as_ref().map(|r| r.rules),
            format: recorded.as_ref().map(|r| r.format),
            tool: recorded.as_ref().map(|r| r.tool.to_owned()),
            paper: PaperFacts::of(it.paper),
            divergence,
            not_recomputed: gaps(folder),
            torn_bytes: it.torn,
            missing: it.missing.iter().map(|file| file.path.clone()).collect(),
            altered: it.altered.iter().map(|(file, _)| file.path.clone()).collect(),
            unexplained: it.unexplained.iter().cloned().chain(strange).collect(),
            attempts_without_outcome: it.in_doubt().map(|attempt| attempt.line).collect(),
            equivocations: it.equivocations().map(fork).collect(),
            other_machines: it.others.iter().map(other).collect(),
            targets: folder.targets.as_ref().map(|all| all.iter().map(target).collect()),
        }
    }
}

impl PaperFacts {
    fn of(paper: PaperSays) -> PaperFacts {
        match paper {
            PaperSays::Holds { line, unreadable, later, afterwards } => PaperFacts {
                given: true,
                line: Some(line),
                unreadable_digits: Some(unreadable),
                later_lines: Some(later),
                afterwards: Some(afterwards),
            },
            other => PaperFacts {
                given: other == PaperSays::Nothing,
                line: None,
                unreadable_digits: None,
                later_lines: None,
                afterwards: None,
            },
        }
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
