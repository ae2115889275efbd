//! One word for what became of a folder. Everything that applies is gathered, and the gravest is the word, so that nothing
//! that was noticed can hide behind something that holds.

use super::{PaperSays, Replay};

/// What became of a folder, from the best to the gravest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Everything was computed and agrees, and the head on paper covers it.
    Proved,
    /// Everything was computed and agrees. No head was given: somebody who can write the folder could have written all of
    /// it anew, or cut its end.
    Consistent,
    /// What was computed agrees, and something could not be: a file is gone, or other rules are recorded.
    Incomplete,
    /// It agrees up to the head on paper, and there are lines behind that it does not cover.
    BeyondHead,
    /// Another machine's chain in an imported file tells of a step that was not legal.
    OtherMachineDiverges,
    /// Files hold something else than lines say, or no line explains them; or a piece of a line stands at the end.
    FilesDiffer,
    /// The head on paper is the head of no line.
    OtherHead,
    /// A line does not follow from what is before it.
    Diverged,
}

impl Verdict {
    /// All of them, the best first.
    pub const ALL: [Verdict; 8] = [
        Verdict::Proved,
        Verdict::Consistent,
        Verdict::Incomplete,
        Verdict::BeyondHead,
        Verdict::OtherMachineDiverges,
        Verdict::FilesDiffer,
        Verdict::OtherHead,
        Verdict::Diverged,
    ];

    /// The word for scripts.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Proved => "proved",
            Verdict::Consistent => "consistent",
            Verdict::Incomplete => "incomplete",
            Verdict::BeyondHead => "beyond-head",
            Verdict::OtherMachineDiverges => "other-machine-diverges",
            Verdict::FilesDiffer => "files-differ",
            Verdict::OtherHead => "other-head",
            Verdict::Diverged => "diverged",
        }
    }

    /// Whether everything was computed and agrees, as far as what was given can tell.
    #[must_use]
    pub fn holds(self) -> bool {
        matches!(self, Verdict::Proved | Verdict::Consistent)
    }
}

impl Replay {
    /// The gravest of what was noticed.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let gaps = self.walked.stopped.is_some() || !self.not_recomputed().is_empty();
        // Lines of another format that cannot be read may explain files; lines that are wrong are the graver thing anyway.
        let unexplained = self.unread == 0 && !self.unexplained.is_empty();
        let differ = !self.altered.is_empty() || unexplained || self.torn > 0;
        let noticed = [
            (self.walked.divergence.is_some(), Verdict::Diverged),
            (self.paper == PaperSays::Nothing, Verdict::OtherHead),
            (differ, Verdict::FilesDiffer),
            (self.others.iter().any(|o| o.walked.divergence.is_some()), Verdict::OtherMachineDiverges),
            (matches!(self.paper, PaperSays::Holds { later: 1.., .. }), Verdict::BeyondHead),
            (gaps || !self.missing.is_empty(), Verdict::Incomplete),
            (self.paper == PaperSays::NotGiven, Verdict::Consistent),
        ];
        let gravest = noticed.into_iter().find_map(|(applies, verdict)| applies.then_some(verdict));
        gravest.unwrap_or(Verdict::Proved)
    }
}
