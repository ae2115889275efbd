//! What a plan says about itself must fit together: every name known, every number possible, every file inside its folder.
//! It looks at no file and judges no rule that needs one.

mod making;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use super::{CardRef, FileRef, KeySource, Plan, PlanFault, PlanKey, PlanProblem};
use crate::digest::Digest;
use crate::strict;

pub(super) fn plan(plan: &Plan) -> Result<(), PlanFault> {
    texts::line("title", &plan.title)?;
    window(plan)?;
    predecessors(plan)?;
    for (role, version) in &plan.seen {
        texts::role(&format!("seen.{role}"), role)?;
        making::version(&format!("seen.{role}"), *version)?;
    }
    people(plan)?;
    keys(plan)?;
    style(plan)?;
    making::documents(plan)?;
    exceptions(plan)?;
    one_digest_a_file(plan)
}

fn at(place: impl Into<String>, problem: PlanProblem) -> PlanFault {
    PlanFault::At { place: strict::repeated(&place.into()), problem }
}

fn refuse<T>(place: impl Into<String>, problem: PlanProblem) -> Result<T, PlanFault> {
    Err(at(place, problem))
}

/// Refuses a list with something in it twice.
fn each_once<'l, T: Ord + ToString + 'l>(
    place: &str,
    list: impl IntoIterator<Item = &'l T>,
) -> Result<(), PlanFault> {
    let mut seen = BTreeSet::new();
    let twice = list.into_iter().find(|item| !seen.insert(*item));
    twice.map_or(Ok(()), |item| refuse(place, PlanProblem::Twice { what: item.to_string() }))
}

fn window(plan: &Plan) -> Result<(), PlanFault> {
    let Some(window) = &plan.window else { return Ok(()) };
    if window.opens >= window.closes {
        return refuse("window.closes", PlanProblem::WindowOrder);
    }
    match &window.replies_by {
        Some(by) if *by < window.opens || *by > window.closes => {
            refuse("window.replies-by", PlanProblem::WindowOrder)
        }
        _ => Ok(()),
    }
}

fn predecessors(plan: &Plan) -> Result<(), PlanFault> {
    let named = &plan.predecessor;
    for role in named.delegated.keys() {
        texts::delegated_role(&format!("predecessor.delegated.{role}"), role)?;
    }
    for (place, file) in files(plan) {
        texts::file(&format!("{place}.file"), &file.file)?;
    }
    let chain: Vec<Digest> = named.chain.iter().chain(&named.root).map(|file| file.sha256).collect();
    each_once("predecessor.chain", &chain)?;
    let without = |missing: bool, place: &str, what| {
        if missing { refuse(place, PlanProblem::Needs { what }) } else { Ok(()) }
    };
    if named.root.is_none() {
        let what = "the trusted root";
        without(!named.chain.is_empty(), "predecessor.chain", what)?;
        without(named.targets.is_some(), "predecessor.targets", what)?;
        without(named.snapshot.is_some(), "predecessor.snapshot", what)?;
        without(named.timestamp.is_some(), "predecessor.timestamp", what)?;
    }
    without(
        named.targets.is_none() && !named.delegated.is_empty(),
        "predecessor.delegated",
        "the top-level targets",
    )
}

/// Every file that a plan names with its digest, and the field that names it.
fn files(plan: &Plan) -> Vec<(String, &FileRef)> {
    let mut all = Vec::new();
    let named = &plan.predecessor;
    for (number, file) in named.chain.iter().enumerate() {
        all.push((format!("predecessor.chain[{number}]"), file));
    }
    let single = [
        ("root", &named.root),
        ("targets", &named.targets),
        ("snapshot", &named.snapshot),
        ("timestamp", &named.timestamp),
    ];
    for (role, file) in single {
        all.extend(file.iter().map(|file| (format!("predecessor.{role}"), file)));
    }
    all.extend(named.delegated.iter().map(|(role, file)| (format!("predecessor.delegated.{role}"), file)));
    for (name, key) in &plan.keys {
        if let Some(CardRef::File(file)) = &key.card {
            all.push((format!("keys.{name}.card"), file));
        }
    }
    for (place, wish) in making::targets(plan) {
        all.extend(wish.delta.iter().map(|file| (format!("{place}.delta"), file)));
    }
    all
}

fn one_digest_a_file(plan: &Plan) -> Result<(), PlanFault> {
    let mut known: BTreeMap<&str, Digest> = BTreeMap::new();
    let public = plan.keys.iter().filter_map(|(name, key)| {
        let public = key.public.as_ref()?;
        Some((format!("keys.{name}.public"), public.file.as_str(), public.sha256))
    });
    let all = files(plan).into_iter().map(|(place, file)| (place, file.file.as_str(), file.sha256));
    for (place, file, sha256) in all.chain(public) {
        if *known.entry(file).or_insert(sha256) != sha256 {
            return refuse(place, PlanProblem::TwoDigests { file: file.to_owned() });
        }
    }
    Ok(())
}

fn people(plan: &Plan) -> Result<(), PlanFault> {
    let mut names = BTreeSet::new();
    for (short, person) in &plan.people {
        texts::name(&format!("people.{short}"), short)?;
        let place = format!("people.{short}.name");
        texts::line(&place, &person.name)?;
        if !names.insert(person.name.as_str()) {
            return refuse("people", PlanProblem::Twice { what: person.name.clone() });
        }
    }
    Ok(())
}

fn keys(plan: &Plan) -> Result<(), PlanFault> {
    let mut sources: BTreeMap<String, &str> = BTreeMap::new();
    for (name, key) in &plan.keys {
        let place = format!("keys.{name}");
        texts::name(&place, name)?;
        let source = key.only_source().ok_or_else(|| at(place.clone(), PlanProblem::Source))?;
        holders(plan, &place, key)?;
        fields(&place, key)?;
        if let Some(why) = &key.lost {
            texts::reason(&format!("{place}.lost"), why)?;
        }
        let same = match source {
            KeySource::Kept(keyid) => {
                let place = format!("{place}.keyid");
                texts::line(&place, keyid)?;
                if plan.predecessor.root.is_none() {
                    return refuse(place, PlanProblem::NoDocumentForKeyId);
                }
                format!("keyid {keyid}")
            }
            KeySource::Public(public) => {
                texts::file(&format!("{place}.public.file"), &public.file)?;
                format!("file {}", public.sha256)
            }
            KeySource::Card(CardRef::File(card)) => format!("file {}", card.sha256),
            KeySource::Card(CardRef::ToBeMade) => continue,
        };
        if let Some(other) = sources.insert(same, name) {
            return refuse(place, PlanProblem::SameKey { other: other.to_owned() });
        }
    }
    Ok(())
}

fn holders(plan: &Plan, place: &str, key: &PlanKey) -> Result<(), PlanFault> {
    let place = format!("{place}.holders");
    each_once(&place, &key.holders)?;
    match key.holders.iter().find(|name| !plan.people.contains_key(*name)) {
        Some(name) => refuse(place, PlanProblem::UnknownPerson { name: name.clone() }),
        None => Ok(()),
    }
}

fn fields(place: &str, key: &PlanKey) -> Result<(), PlanFault> {
    let place = format!("{place}.fields");
    if key.keyid.is_some() && !key.fields.is_empty() {
        return refuse(place, PlanProblem::FieldsOfKept);
    }
    for (field, text) in &key.fields {
        if ["keytype", "scheme", "keyval"].contains(&field.as_str()) {
            return refuse(place, PlanProblem::OwnField { field: field.clone() });
        }
        texts::line(&place, field)?;
        texts::reason(&format!("{place}.{field}"), text)?;
    }
    Ok(())
}

fn style(plan: &Plan) -> Result<(), PlanFault> {
    let has_any = plan.predecessor.root.is_some();
    if plan.style.layout == super::Layout::AsPredecessor && !has_any {
        return refuse("style.layout", PlanProblem::NoLayoutToFollow);
    }
    let digits = |part: &str| (1..=9).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let fits = |text: &str| (2..=3).contains(&text.split('.').count()) && text.split('.').all(digits);
    match &plan.style.spec_version {
        Some(text) if !fits(text) => refuse("style.spec-version", PlanProblem::SpecVersion),
        _ => Ok(()),
    }
}

fn exceptions(plan: &Plan) -> Result<(), PlanFault> {
    let mut asked = BTreeSet::new();
    for (number, wish) in plan.exceptions.iter().enumerate() {
        let place = format!("exceptions[{number}]");
        texts::reason(&format!("{place}.about"), &wish.about)?;
        texts::reason(&format!("{place}.reason"), &wish.reason)?;
        if !asked.insert((wish.control, wish.about.as_str())) {
            let what = format!("{} of {}", wish.control.code(), wish.about);
            return refuse("exceptions", PlanProblem::Twice { what });
        }
    }
    Ok(())
}
