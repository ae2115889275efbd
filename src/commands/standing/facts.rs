//! Where a ceremony or a bundle's draft stands, for scripts.

use std::collections::BTreeMap;

use serde::Serialize;
use tuf_ceremony::bundle::{Part, Record};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::forecast::{Outlook, Side, now};
use tuf_ceremony::keyset::Tally;
use tuf_ceremony::state::{Attempt, Decision, DraftNow, State};

use super::{MissingGrant, elsewhere, missing_grants};
use crate::desk::table::Left;
use crate::operator::clean::quoted;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{self, ceremony as said};
use crate::report::attested::AttestedFacts;
use crate::report::columns::{fact, sentence};
use crate::report::facts::TallyFacts;
use crate::report::notes::{Noted, noted};
use crate::report::trouble::{Failed, Owed};
use crate::report::{NAME, Names, trouble};

/// The facts of a folder, as `--json` prints them.
#[derive(Serialize)]
pub(in crate::commands) struct FolderFacts {
    folder: String,
    title: String,
    kind: &'static str,
    ceremony: String,
    generation: u64,
    rehearsal: bool,
    machine: String,
    phase: &'static str,
    date: String,
    devices: u64,
    lines: u64,
    head: String,
    torn_bytes: usize,
    missing: Vec<String>,
    unexplained: Vec<String>,
    drafts: Vec<LetteredFacts>,
    to_be_made: Vec<String>,
    in_doubt: Vec<AttemptFacts>,
    failed: Vec<FailedFacts>,
    owed_countersignatures: Vec<OwedFacts>,
    written_down: Vec<Noted>,
    split_chains: Vec<String>,
    not_recomputed: Vec<String>,
    attestations: Vec<AttestedFacts>,
}

#[derive(Serialize)]
struct LetteredFacts {
    letter: String,
    r#final: Option<String>,
    decisions: Vec<DecisionFacts>,
    missing_grants: Vec<GrantFacts>,
    /// Keys whose signatures are here and do not count, because no signer of theirs granted what the draft needs.
    not_counting: Vec<String>,
    /// Per document that judges it: whether those who are left can still complete it.
    outlook: Vec<OutlookFacts>,
    #[serde(flatten)]
    draft: DraftFacts,
}

#[derive(Serialize)]
struct OutlookFacts {
    side: &'static str,
    needed: u64,
    valid: u64,
    available: u64,
    margin: i64,
    can_be_met: bool,
    /// Keys that are not counted on, by their names in the plan, and why.
    not_counted_on: BTreeMap<String, &'static str>,
}

impl From<Outlook> for OutlookFacts {
    fn from(outlook: Outlook) -> OutlookFacts {
        OutlookFacts {
            side: match outlook.side {
                Side::Old => "old",
                Side::New => "new",
            },
            needed: outlook.needed,
            valid: outlook.valid,
            available: outlook.available,
            margin: outlook.margin(),
            can_be_met: outlook.can_be_met,
            not_counted_on: outlook.out.into_iter().map(|(key, why)| (key, why.name())).collect(),
        }
    }
}

#[derive(Serialize)]
struct DecisionFacts {
    person: String,
    /// The machine that says so; none for this one.
    machine: Option<String>,
    decision: &'static str,
    reason: Option<String>,
}

#[derive(Serialize)]
struct GrantFacts {
    person: String,
    control: &'static str,
    about: String,
    /// Machines whose lines tell that she granted it; it counts when this one writes it down.
    told_by: Vec<String>,
}

#[derive(Serialize)]
struct AttemptFacts {
    line: u64,
    person: String,
    token: String,
}

/// A token gave no signature, and no later attempt made that good.
#[derive(Serialize)]
struct FailedFacts {
    line: u64,
    person: String,
    token: String,
    draft: Option<String>,
    why: String,
}

#[derive(Serialize)]
struct OwedFacts {
    key: String,
    holders: Vec<String>,
}

/// Which ceremony it is, for pages on folders and bundles alike.
#[derive(Debug, Clone, Serialize)]
pub(in crate::commands) struct CeremonyFacts {
    ceremony: String,
    title: String,
    kind: &'static str,
    generation: u64,
    rehearsal: bool,
}

impl CeremonyFacts {
    pub(in crate::commands) fn of_state(state: &State) -> CeremonyFacts {
        CeremonyFacts {
            ceremony: state.ceremony().to_string(),
            title: state.plan().title.clone(),
            kind: state.plan().kind.name(),
            generation: state.generation(),
            rehearsal: state.opened().rehearsal,
        }
    }

    pub(in crate::commands) fn of_record(record: &Record) -> CeremonyFacts {
        CeremonyFacts {
            ceremony: record.id().to_string(),
            title: record.plan().title.clone(),
            kind: record.plan().kind.name(),
            generation: record.generation(),
            rehearsal: record.is_rehearsal(),
        }
    }

    pub(in crate::commands) fn tell(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        fact(screen, said::TITLE, &quoted(&self.title, NAME))?;
        fact(screen, wording::planning::KIND, &wording::planning::kind(self.kind, self.rehearsal))?;
        if self.generation > 0 {
            sentence(screen, 2, &said::plan_changed(self.generation))?;
        }
        fact(screen, said::CEREMONY, &self.ceremony)
    }
}

impl FolderFacts {
    pub(in crate::commands) fn of(folder: String, state: &State, names: &Names, left: &Left) -> FolderFacts {
        let attempt = |attempt: &Attempt| AttemptFacts {
            line: attempt.line,
            person: attempt.begun.person.clone(),
            token: attempt.begun.token.clone(),
        };
        let failed = |failed: Failed<'_>| FailedFacts {
            line: failed.attempt.line,
            person: failed.attempt.begun.person.clone(),
            token: failed.attempt.begun.token.clone(),
            draft: state.draft(failed.attempt.begun.draft).ok().map(|draft| draft.letter().to_owned()),
            why: failed.why.to_owned(),
        };
        let owed = |owed: Owed| OwedFacts { key: owed.key.to_string(), holders: owed.holders };
        FolderFacts {
            folder,
            title: state.plan().title.clone(),
            kind: state.plan().kind.name(),
            ceremony: state.ceremony().to_string(),
            generation: state.generation(),
            rehearsal: state.opened().rehearsal,
            machine: state.machine().to_string(),
            phase: state.phase().name(),
            date: state.date().spelled().to_owned(),
            devices: state.devices(),
            lines: state.lines(),
            head: state.head().to_string(),
            torn_bytes: left.torn,
            missing: left.missing.clone(),
            unexplained: left.unexplained.clone(),
            drafts: lettered(state, names),
            to_be_made: state.cards_to_make().map(str::to_owned).collect(),
            in_doubt: state.in_doubt().map(attempt).collect(),
            failed: trouble::failed(state).into_iter().map(failed).collect(),
            owed_countersignatures: trouble::owed(state).into_iter().map(owed).collect(),
            written_down: noted(state),
            split_chains: state.split_chains().iter().map(ToString::to_string).collect(),
            not_recomputed: state.not_recomputed().iter().map(|n| n.file.path.clone()).collect(),
            attestations: AttestedFacts::of_all(names.homes()),
        }
    }
}

fn lettered(state: &State, names: &Names) -> Vec<LetteredFacts> {
    let outlooks = now(state);
    let of = |draft: DraftNow<'_>| {
        let of_it = outlooks.iter().filter(|outlook| outlook.letter == draft.letter());
        LetteredFacts::of(&draft, state, names, of_it.cloned().map(OutlookFacts::from).collect())
    };
    state.drafts().map(of).collect()
}

impl LetteredFacts {
    fn of(draft: &DraftNow<'_>, state: &State, names: &Names, outlook: Vec<OutlookFacts>) -> LetteredFacts {
        let decision = |machine: Option<Digest>, person: &str, decision: &Decision| DecisionFacts {
            person: person.to_owned(),
            machine: machine.map(|machine| machine.to_string()),
            decision: match decision {
                Decision::Consented(_) => "consented",
                Decision::Declined(_) => "declined",
            },
            reason: match decision {
                Decision::Consented(_) => None,
                Decision::Declined(declined) => Some(declined.reason.clone()),
            },
        };
        let grant = |missing: MissingGrant| GrantFacts {
            person: missing.person,
            control: missing.control,
            about: missing.about,
            told_by: missing.told_by.iter().map(ToString::to_string).collect(),
        };
        LetteredFacts {
            letter: draft.letter().to_owned(),
            r#final: draft.final_file().map(|file| file.path.clone()),
            decisions: draft
                .decisions()
                .map(|(person, said)| decision(None, person, said))
                .chain(
                    elsewhere(draft, state)
                        .iter()
                        .map(|((machine, person), said)| decision(Some(*machine), person, said)),
                )
                .collect(),
            missing_grants: missing_grants(draft, state).into_iter().map(grant).collect(),
            outlook,
            not_counting: draft.ungranted_keys().iter().map(ToString::to_string).collect(),
            draft: DraftFacts::named(&draft.counting(), names),
        }
    }
}

/// One draft, as `--json` prints it.
#[derive(Serialize)]
pub(in crate::commands) struct DraftFacts {
    role: String,
    version: u64,
    payload: String,
    complete: bool,
    tallies: Vec<TallyFacts>,
    refused: Vec<RefusedFacts>,
    signed_twice: Vec<String>,
}

#[derive(Serialize)]
struct RefusedFacts {
    keyid: String,
    verdict: &'static str,
    why: String,
}

impl DraftFacts {
    /// The facts of one draft.
    pub(in crate::commands) fn of(part: &Part) -> DraftFacts {
        DraftFacts::named(part, &Names::default())
    }

    /// The facts of one draft, with the holders' names.
    pub(in crate::commands) fn named(part: &Part, names: &Names) -> DraftFacts {
        let refused = part.refused().into_iter().map(|d| RefusedFacts {
            verdict: d.why.word(),
            why: d.why.to_string(),
            keyid: d.keyid,
        });
        DraftFacts {
            role: part.draft().role().to_owned(),
            version: part.draft().metadata().version(),
            payload: part.draft().metadata().payload().to_string(),
            complete: part.tallies().iter().all(Tally::is_met),
            tallies: TallyFacts::of(part, names),
            refused: refused.collect(),
            signed_twice: part.signatures().signed_twice().map(|key| key.to_string()).collect(),
        }
    }
}
