//! What is looked at before a ceremony: this build, this machine, its ways out of the room, where its memory could end up, its media
//! and card readers; modules are the verb's, which names them. Each look gives lines, and each line is
//! well, noteworthy or bad, with one thing to do. It changes nothing that stays and asks nobody anything; whether a line
//! stops the day is for people to say.

mod build;
mod chance;
mod machine;
mod media;
mod memory;
mod network;
mod readers;

use serde::Serialize;

pub use build::{Versions, self_test, versions};
pub use chance::chance;
pub use machine::{clock, core_dumps, locked_memory, terminal};
pub use media::media;
pub use memory::{other_programs, running, swap};
pub use network::{NETWORK, network};
pub use readers::readers;

/// How something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// As it should be.
    Ok,
    /// Worth knowing.
    Finding,
    /// Not to be relied on.
    Bad,
}

/// One look at one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What was looked at, in one word.
    pub part: &'static str,
    /// How it stands.
    pub standing: Standing,
    /// What was found, as a sentence that may be shown.
    pub says: String,
    /// The one thing to do; none where all is well.
    pub now: Option<String>,
}

impl Line {
    /// As it should be.
    pub fn ok(part: &'static str, says: impl Into<String>) -> Line {
        Line { part, standing: Standing::Ok, says: says.into(), now: None }
    }

    /// Worth knowing, and what to do about it.
    pub fn finding(part: &'static str, says: impl Into<String>, now: impl Into<String>) -> Line {
        Line { part, standing: Standing::Finding, says: says.into(), now: Some(now.into()) }
    }

    /// Not to be relied on, and what to do about it.
    pub fn bad(part: &'static str, says: impl Into<String>, now: impl Into<String>) -> Line {
        Line { part, standing: Standing::Bad, says: says.into(), now: Some(now.into()) }
    }
}

/// How all of it stands: as the worst of it.
#[must_use]
pub fn worst(lines: &[Line]) -> Standing {
    lines.iter().map(|line| line.standing).max().unwrap_or(Standing::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_bad_line_is_bad_and_findings_alone_are_not() {
        let (ok, finding) = (Line::ok("a", "b"), Line::finding("a", "b", "c"));
        assert_eq!(worst(&[]), Standing::Ok);
        assert_eq!(worst(&[finding.clone(), ok.clone()]), Standing::Finding);
        assert_eq!(worst(&[finding, Line::bad("a", "b", "c"), ok]), Standing::Bad);
    }
}
