//! `conclave plan check`: what a plan would make, whether its kind is true, what the rules say of it, and whether the people
//! who announced themselves can meet every threshold. It writes nothing and signs nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::bundle::Part;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::forecast::{Needed, Outlook, Side, SoFar, forecast};
use tuf_ceremony::keyset::Authority;
use tuf_ceremony::limits::SMALL_FILE;
use tuf_ceremony::metadata::{Metadata, RoleType};
use tuf_ceremony::plan::Plan;
use tuf_ceremony::policy::Finding;
use tuf_ceremony::policy::attested::{Housed, of_plan};
use tuf_ceremony::policy::ceremony::{Judgement, judge};
use tuf_ceremony::profile::Profile;
use tuf_ceremony::seal::{SealedPart, fingerprints, seal};
use tuf_ceremony::time::Moment;
use tuf_ceremony::transcript::event::SealedFinding;

use super::planned::{Planned, sealing};
use super::{Outcome, attested, programs, reading};
use crate::cli::{AttestationRoots, Output};
use crate::fault::Fault;
use crate::files;
use crate::operator::clean::{quoted, quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::planning as said;
use crate::report::attested::AttestedFacts;
use crate::report::columns::{fact, sentence};
use crate::report::facts::FindingFacts;
use crate::report::{self, Comparison, NAME, Names, Standing};

/// What was asked.
pub(super) struct Request {
    pub plan: PathBuf,
    pub absent: Vec<String>,
    pub date: Option<String>,
    pub profile: Option<PathBuf>,
    pub all: bool,
    pub roots: AttestationRoots,
}

#[derive(Serialize)]
struct Facts {
    plan: String,
    sha256: String,
    title: String,
    kind: &'static str,
    rehearsal: bool,
    date: String,
    drafts: Vec<DraftFacts>,
    to_be_made: Vec<String>,
    refusals: Vec<RefusalFacts>,
    findings: Vec<SealedFinding>,
    attestations: Vec<AttestedFacts>,
    programs: Vec<String>,
    clients: Vec<FindingFacts>,
    outlook: Vec<OutlookFacts>,
    later: Vec<OutlookFacts>,
    allowed: bool,
}

#[derive(Serialize)]
struct DraftFacts {
    letter: String,
    role: String,
    version: u64,
    payload: String,
    payload_bytes: u64,
}

#[derive(Serialize)]
struct RefusalFacts {
    control: &'static str,
    says: String,
}

#[derive(Serialize)]
struct OutlookFacts {
    draft: String,
    role: String,
    side: &'static str,
    needed: u64,
    available: u64,
    margin: i64,
    can_be_met: bool,
    keys: Vec<String>,
    single_people: Vec<String>,
    single_keys: Vec<String>,
    unknown: Vec<String>,
}

/// Checks a plan; a refused one, or one whose thresholds cannot be met, is a no.
pub(super) fn check(request: &Request, output: Output) -> Result<Outcome, Fault> {
    if let Some(profile) = &request.profile {
        read_profile(profile)?;
    }
    let roots = attested::roots(&request.roots)?;
    let planned = Planned::read(&request.plan)?;
    let plan = &planned.plan;
    let date = date(request, plan)?;
    let inputs = planned.inputs();
    let refused = |fault| sealing(&request.plan, &fault);
    let to_be_made = planned.to_be_made();
    let homes = of_plan(plan, &inputs, &roots, Some(&date));
    let checked = if to_be_made.is_empty() {
        let parts = seal(plan, &inputs).map_err(refused)?;
        let judgement = judge(plan, &inputs, &parts, &date).map_err(refused)?;
        let keys = fingerprints(plan, &inputs).map_err(refused)?;
        let outlook = outlook(plan, &parts, &keys, &request.absent)?;
        let names = planned.names(Names::default(), &keys);
        let later = later(plan, &parts, &keys);
        let made: Vec<&Part> = parts.iter().map(|sealed| &sealed.part).collect();
        let soft = programs::programs(plan, &inputs, &keys, &made);
        let clients = report::shut_out(&made);
        let judgement = Some(judgement);
        Checked { judgement, outlook, later, names, homes, programs: soft, clients, parts }
    } else {
        Checked { homes, ..Checked::default() }
    };
    if output.json {
        print_json(&facts(request, &planned, &date, &to_be_made, &checked))?;
    } else {
        let mut screen = Screen::stdout(output.plain);
        Page { request, planned: &planned, date: &date, to_be_made: &to_be_made }
            .tell(&mut screen, &checked)?;
    }
    Ok(if checked.is_allowed() { Outcome::Done } else { Outcome::No })
}

/// A machine profile, read only to see that it can be.
pub(super) fn read_profile(path: &Path) -> Result<(Profile, Digest), Fault> {
    let text = files::read_capped(path, SMALL_FILE.most as u64)?;
    let profile = Profile::read(&text).map_err(|fault| {
        Fault::refused(said::profile_refused(&quoted_path(path))).because(&fault).now(said::MEND_THE_PROFILE)
    })?;
    Ok((profile, Digest::of(&text)))
}

/// The date that was given, else the day on which the window opens.
fn date(request: &Request, plan: &Plan) -> Result<Moment, Fault> {
    match (&request.date, &plan.window) {
        (Some(text), _) => reading::moment(text),
        (None, Some(window)) => Ok(window.opens.clone()),
        (None, None) => Err(Fault::usage(said::NO_DATE).now(said::GIVE_A_DATE)),
    }
}

fn outlook(
    plan: &Plan,
    parts: &[SealedPart],
    keys: &BTreeMap<String, tuf_ceremony::key::Fingerprint>,
    absent: &[String],
) -> Result<Vec<Outlook>, Fault> {
    let drafts: Vec<Needed<'_>> = parts
        .iter()
        .map(|sealed| Needed {
            letter: &sealed.letter,
            payload: sealed.part.draft().metadata().payload(),
            authorities: sealed.part.authorities(),
            so_far: SoFar::default(),
        })
        .collect();
    let absent: BTreeSet<String> = absent.iter().cloned().collect();
    forecast(plan, &drafts, keys, &absent).map_err(|fault| {
        let names: Vec<&str> = plan.people.keys().map(String::as_str).collect();
        Fault::usage(said::NOBODY_OF_THAT_NAME).because(&fault).now(said::name_one_of(&names.join(", ")))
    })
}

/// Roles that the new root gives keys to and the plan makes no document of: whether those who are announced can sign them
/// afterwards. It judges nothing. A role of which the plan gives no key to a person is left out: such keys are a machine's.
fn later(
    plan: &Plan,
    parts: &[SealedPart],
    keys: &BTreeMap<String, tuf_ceremony::key::Fingerprint>,
) -> Vec<Outlook> {
    let of = |role: RoleType| parts.iter().find(move |sealed| sealed.part.draft().role() == role.name());
    let Some(root) = of(RoleType::Root).map(|sealed| sealed.part.draft().metadata()) else {
        return Vec::new();
    };
    let roles = RoleType::ALL.into_iter().filter(|role| of(*role).is_none());
    let authorities: Vec<Authority> =
        roles.filter_map(|role| Authority::in_document(root, role.name()).ok()).collect();
    let so_far = SoFar::default();
    let needed = Needed { letter: "", payload: root.payload(), authorities: &authorities, so_far };
    let outlooks = forecast(plan, &[needed], keys, &BTreeSet::new()).expect("nobody is said to be absent");
    let has_holders = |name: &String| plan.keys.get(name).is_some_and(|key| !key.holders.is_empty());
    let named = |it: &Outlook| it.keys.iter().chain(it.out.iter().map(|(key, _)| key)).any(has_holders);
    outlooks.into_iter().filter(named).collect()
}

/// What came of it.
#[derive(Default)]
struct Checked {
    parts: Vec<SealedPart>,
    /// None while keys are still to be made.
    judgement: Option<Judgement>,
    outlook: Vec<Outlook>,
    /// Of roles that the plan makes no document of.
    later: Vec<Outlook>,
    /// Whose key is whose, by the plan and its cards.
    names: Names,
    /// Where its keys live, as far as PIV cards are said to hold them.
    homes: Vec<Housed>,
    /// Its keys on tokens that are programs, by their own cards' word, where that is refused on the day.
    programs: Vec<String>,
    /// Which clients its documents shut out.
    clients: Vec<Finding>,
}

impl Checked {
    fn is_allowed(&self) -> bool {
        let refused = self.judgement.as_ref().is_some_and(|judgement| !judgement.refusals.is_empty());
        !refused && self.outlook.iter().all(|outlook| outlook.can_be_met)
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Old => "old",
        Side::New => "new",
    }
}

fn facts(
    request: &Request,
    planned: &Planned,
    date: &Moment,
    to_be_made: &[String],
    checked: &Checked,
) -> Facts {
    let draft = |sealed: &SealedPart| {
        let metadata = sealed.part.draft().metadata();
        DraftFacts {
            letter: sealed.letter.clone(),
            role: sealed.part.draft().role().to_owned(),
            version: metadata.version(),
            payload: metadata.payload().to_string(),
            payload_bytes: metadata.payload_bytes(),
        }
    };
    let outlook = |o: &Outlook| OutlookFacts {
        draft: o.letter.clone(),
        role: o.role.clone(),
        side: side(o.side),
        needed: o.needed,
        available: o.available,
        margin: o.margin(),
        can_be_met: o.can_be_met,
        keys: o.keys.clone(),
        single_people: o.single_people.clone(),
        single_keys: o.single_keys.clone(),
        unknown: o.unknown.clone(),
    };
    let refusals = checked.judgement.iter().flat_map(|judgement| &judgement.refusals);
    let refusals = refusals.map(|r| RefusalFacts { control: r.control().code(), says: r.to_string() });
    Facts {
        plan: visible_path(&request.plan).into_owned(),
        sha256: Digest::of(&planned.text).to_string(),
        title: planned.plan.title.clone(),
        kind: planned.plan.kind.name(),
        rehearsal: planned.plan.rehearsal,
        date: date.spelled().to_owned(),
        drafts: checked.parts.iter().map(draft).collect(),
        to_be_made: to_be_made.to_vec(),
        refusals: refusals.collect(),
        findings: checked.judgement.iter().flat_map(|judgement| judgement.findings.clone()).collect(),
        attestations: AttestedFacts::of_all(&checked.homes),
        programs: checked.programs.clone(),
        clients: checked.clients.iter().map(FindingFacts::from).collect(),
        outlook: checked.outlook.iter().map(outlook).collect(),
        later: checked.later.iter().map(outlook).collect(),
        allowed: checked.is_allowed(),
    }
}

/// The pages for people.
struct Page<'p> {
    request: &'p Request,
    planned: &'p Planned,
    date: &'p Moment,
    to_be_made: &'p [String],
}

impl Page<'_> {
    fn tell(&self, screen: &mut Screen<'_>, checked: &Checked) -> Result<(), ScreenFault> {
        self.opening(screen)?;
        for sealed in &checked.parts {
            screen.blank()?;
            self.draft(screen, sealed, &checked.names)?;
        }
        if !checked.outlook.is_empty() {
            screen.blank()?;
            screen.heading(said::WHO_CAN_SIGN)?;
            for outlook in &checked.outlook {
                self.outlook(screen, outlook)?;
            }
        }
        if !checked.later.is_empty() {
            screen.blank()?;
            screen.heading(said::WHO_CAN_SIGN_LATER)?;
            for outlook in &checked.later {
                self.outlook(screen, outlook)?;
            }
        }
        if let Some(judgement) = &checked.judgement {
            screen.blank()?;
            screen.heading(said::WHAT_THE_RULES_SAY)?;
            report::judgement(screen, &judgement.findings, &self.planned.plan.exceptions, self.request.all)?;
            for refusal in &judgement.refusals {
                sentence(screen, 2, &said::refused_by(refusal.control().code(), &refusal.to_string()))?;
            }
        }
        if !checked.homes.is_empty() {
            screen.blank()?;
            report::attested::homes(screen, &checked.homes)?;
        }
        if !checked.programs.is_empty() {
            screen.blank()?;
            programs::shown(screen, &checked.programs)?;
        }
        report::clients(screen, &checked.clients)?;
        screen.blank()?;
        let enough = checked.outlook.iter().all(|outlook| outlook.can_be_met);
        let verdict = match (&checked.judgement, enough) {
            (None, _) => said::KEYS_FIRST,
            (Some(judgement), _) if !judgement.refusals.is_empty() => said::NOT_ALLOWED,
            (Some(_), false) => said::NOT_ENOUGH_PEOPLE,
            (Some(_), true) => said::MAY_GO_ON,
        };
        sentence(screen, 0, verdict)
    }

    fn opening(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let plan = &self.planned.plan;
        screen.heading(&said::plan_titled(&quoted(&plan.title, NAME)))?;
        fact(screen, said::KIND, &said::kind(plan.kind.name(), plan.rehearsal))?;
        fact(screen, said::PLAN_SHA256, &Digest::of(&self.planned.text).to_string())?;
        fact(screen, said::JUDGED_AT, self.date.spelled())?;
        if let Some(window) = &plan.window {
            fact(screen, said::WINDOW, &said::window(window.opens.spelled(), window.closes.spelled()))?;
        }
        for name in self.to_be_made {
            sentence(screen, 2, &said::to_be_made(name))?;
        }
        // There is no draft yet that could tell it.
        if let Some(root) = plan.root.as_ref().filter(|_| !self.to_be_made.is_empty()) {
            sentence(screen, 2, &said::root_wish(root.version, root.expires.spelled()))?;
            for (role, keys) in &root.roles {
                fact(screen, role, &said::role_wish(keys.threshold, &keys.keys))?;
            }
        }
        Ok(())
    }

    fn draft(&self, screen: &mut Screen<'_>, sealed: &SealedPart, names: &Names) -> Result<(), ScreenFault> {
        let part = &sealed.part;
        screen.heading(&report::titled(&sealed.letter, part.draft()))?;
        let new = part.draft().metadata();
        // The engine sealed it on a predecessor of its own type and shape.
        let comparison = part.predecessor();
        let comparison = comparison.and_then(|old| Comparison::of(old, new, names, self.request.all).ok());
        if comparison.is_none() {
            report::document(screen, new, names, self.request.all)?;
        }
        let documents: Vec<&Metadata> = [new].into_iter().chain(part.predecessor()).collect();
        let unclear = names.unclear_in(&documents, &Standing::of_part(part, None));
        report::danger(screen, new, comparison.as_ref(), &unclear, true)?;
        if let Some(comparison) = &comparison {
            screen.blank()?;
            report::changes(screen, comparison, self.request.all)?;
        }
        fact(screen, said::SIGNED_PART, &new.payload().to_string())
    }

    fn outlook(&self, screen: &mut Screen<'_>, outlook: &Outlook) -> Result<(), ScreenFault> {
        sentence(screen, 2, said::outlook(outlook, side(outlook.side)).trim_start())?;
        if !outlook.keys.is_empty() {
            sentence(screen, 4, &said::these_can(&outlook.keys.join(", ")))?;
        }
        if !outlook.single_people.is_empty() {
            sentence(screen, 4, &said::single(&outlook.single_people.join(", ")))?;
        }
        if !outlook.single_keys.is_empty() {
            sentence(screen, 4, &said::single_keys(&outlook.single_keys.join(", ")))?;
        }
        match outlook.unknown.len() as u64 {
            0 => Ok(()),
            unknown => sentence(screen, 4, &said::held_by_nobody(unknown)),
        }
    }
}
