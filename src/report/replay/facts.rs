//! What became of folders that were gone through again, for scripts.

use serde::Serialize;
use tuf_ceremony::replay::{Across, PaperSays};

use super::super::attested::AttestedFacts;
use super::{Replayed, contradiction, gaps, target};
use crate::operator::clean::visible_path;
use crate::operator::wording::replay as said;

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
    rehearsal: Option<bool>,
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
    attestations: Vec<AttestedFacts>,
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
            rehearsal: state.map(|s| s.opened().rehearsal),
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
            attestations: AttestedFacts::of_all(&folder.homes),
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
