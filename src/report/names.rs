//! Whose key is whose, and who says so: the keyholder's own record, a card with proof, the plan, or no more than what a
//! file claims. The best of them names a key on every page; where two of them contradict each other, that is told.
//!
//! It verifies nothing: a card that exists was verified when it was read. A name proves nothing either; only the fingerprint that
//! is heard from its holder does.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use tuf_ceremony::attestation::Roots;
use tuf_ceremony::card::Card;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::{Fingerprint, PublicKey};
use tuf_ceremony::metadata::{KeyEntry, Metadata};
use tuf_ceremony::plan::Plan;
use tuf_ceremony::policy::attested::{Housed, of_plan};
use tuf_ceremony::seal::Inputs;
use tuf_ceremony::time::Moment;

use super::columns::few;
use super::standing::Standing;
use super::{NAME, columns};
use crate::operator::clean::quoted;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::holders as said;

/// Where a holder's name comes from; the greater one is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameSource {
    /// A field of the key object that the specification does not know; anybody could have written it.
    FileClaims,
    /// The plan, and no card.
    PlanOnly,
    /// A key card whose proof the key itself made.
    CardWithProof,
    /// The keyholder's own record.
    OwnRecord,
}

impl NameSource {
    /// How sure the name is, in brackets behind it.
    #[must_use]
    pub fn how(self) -> &'static str {
        match self {
            Self::OwnRecord => said::BY_RECORD,
            Self::CardWithProof => said::BY_CARD,
            Self::PlanOnly => said::BY_PLAN,
            Self::FileClaims => said::BY_FILE,
        }
    }

    fn speaker(self) -> &'static str {
        match self {
            Self::OwnRecord => said::RECORD,
            Self::CardWithProof => said::CARD,
            Self::PlanOnly => said::PLAN,
            Self::FileClaims => said::FILE,
        }
    }
}

/// Who holds a key, by the best source there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The names, untrusted; several custodians may hold one key.
    pub holders: Vec<String>,
    /// Who says so.
    pub source: NameSource,
}

impl Named {
    /// The names, cleaned and in quotes.
    #[must_use]
    pub fn quoted(&self) -> String {
        let names: Vec<String> = self.holders.iter().map(|name| quoted(name, NAME)).collect();
        few(&names, false)
    }

    /// The names and who says so.
    #[must_use]
    pub fn with_source(&self) -> String {
        said::named(&self.quoted(), self.source.how())
    }

    /// Whether somebody is named who can be called: the address in a file names a machine's key.
    #[must_use]
    pub fn is_person(&self) -> bool {
        self.source > NameSource::FileClaims
            || self.holders.iter().any(|name| Form::of(name) != Form::Address)
    }
}

/// A key of which two sources say different things.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unclear {
    /// The key.
    pub fingerprint: Fingerprint,
    /// Everything that is said, the best source first.
    pub said: Vec<Named>,
}

impl Unclear {
    /// The item of the danger page.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn show(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let all: Vec<String> =
            self.said.iter().map(|one| said::says(one.source.speaker(), &one.quoted())).collect();
        columns::sentence(screen, 2, &said::unclear(&all.join("; ")))?;
        columns::id(screen, crate::operator::wording::changes::FINGERPRINT, &self.fingerprint.to_string())
    }
}

/// Whose key is whose and where it lives, and which documents are drafts of the ceremony at hand. The empty one leaves what files claim.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    by_key: BTreeMap<Fingerprint, BTreeMap<NameSource, Vec<String>>>,
    drafts: BTreeMap<Digest, String>,
    roots: Option<Roots>,
    homes: Vec<Housed>,
}

impl Names {
    /// The same, with keys on PIV cards proven by these roots, and not by the maker's alone.
    #[must_use]
    pub fn trusting(self, roots: Roots) -> Names {
        Names { roots: Some(roots), ..self }
    }

    /// Takes in where the keys of a plan live, as far as PIV cards are said to hold them.
    pub fn say_homes(&mut self, plan: &Plan, inputs: &Inputs<'_>, at: Option<&Moment>) {
        let roots = self.roots.clone().unwrap_or_else(Roots::of_maker);
        self.homes = of_plan(plan, inputs, &roots, at);
    }

    /// The plan's keys that PIV cards are said to hold.
    #[must_use]
    pub fn homes(&self) -> &[Housed] {
        &self.homes
    }

    /// Takes in what `source` says of a key. A key without a holder (a machine's) is left unnamed.
    pub fn say(
        &mut self,
        key: Fingerprint,
        source: NameSource,
        holders: impl IntoIterator<Item = impl Into<String>>,
    ) {
        for holder in holders {
            let (said, holder) =
                (self.by_key.entry(key).or_default().entry(source).or_default(), holder.into());
            if !said.contains(&holder) {
                said.push(holder);
            }
        }
    }

    /// Takes in that a document is a draft of the ceremony, by its letter: what it judges is judged by no older document.
    pub fn say_draft(&mut self, payload: Digest, letter: &str) {
        self.drafts.insert(payload, letter.to_owned());
    }

    /// The letter of a document that is a draft of the ceremony.
    #[must_use]
    pub fn draft(&self, payload: Digest) -> Option<&str> {
        self.drafts.get(&payload).map(String::as_str)
    }

    /// Takes in a plan: the full names of the people who hold its keys, of which `keys` tells the fingerprints
    /// (`tuf_ceremony::seal::fingerprints`).
    pub fn say_plan(&mut self, plan: &Plan, keys: &BTreeMap<String, Fingerprint>) {
        for (name, key) in keys {
            let holders = plan.keys.get(name).into_iter().flat_map(|key| &key.holders);
            let people = holders.filter_map(|holder| plan.people.get(holder));
            self.say(*key, NameSource::PlanOnly, people.map(|person| person.name.as_str()));
        }
    }

    /// Takes in a card. One that exists has its proof verified.
    pub fn say_card(&mut self, card: &Card) {
        self.say(card.key().fingerprint(), NameSource::CardWithProof, card.holders());
    }

    /// Who holds a key, as the best source has it; `claim` is the name that stands in a file.
    #[must_use]
    pub fn of(&self, key: Option<Fingerprint>, claim: Option<&str>) -> Option<Named> {
        let known = key.and_then(|key| self.by_key.get(&key)?.last_key_value());
        let known = known.map(|(source, holders)| Named { holders: holders.clone(), source: *source });
        known.or_else(|| Some(Named { holders: vec![claim?.to_owned()], source: NameSource::FileClaims }))
    }

    /// The holders by anything better than a claim.
    #[must_use]
    pub fn known(&self, key: Option<Fingerprint>) -> Option<&[String]> {
        let (source, holders) = self.by_key.get(&key?)?.last_key_value()?;
        (*source > NameSource::FileClaims).then_some(holders.as_slice())
    }

    /// What contradicts itself about one key; `claims` are the names that stand in files.
    #[must_use]
    pub fn unclear<'c>(
        &self,
        fingerprint: Fingerprint,
        claims: impl IntoIterator<Item = &'c str>,
    ) -> Option<Unclear> {
        let mut by_source = self.by_key.get(&fingerprint).cloned().unwrap_or_default();
        for claim in claims {
            let said = by_source.entry(NameSource::FileClaims).or_default();
            if !said.iter().any(|known| folded(known) == folded(claim)) {
                said.push(claim.to_owned());
            }
        }
        let said: Vec<Named> =
            by_source.into_iter().rev().map(|(source, holders)| Named { holders, source }).collect();
        let two =
            said.iter().enumerate().any(|(at, better)| said[at + 1..].iter().any(|o| contradicts(o, better)));
        let claims = said.last().filter(|last| last.source == NameSource::FileClaims);
        let files = claims.is_some_and(|it| {
            let forms: BTreeSet<Form> = it.holders.iter().map(|name| Form::of(name)).collect();
            forms.len() < it.holders.len()
        });
        (two || files).then_some(Unclear { fingerprint, said })
    }

    /// Every key of a document, of the one before it and of those who judge it, about which something contradicts itself.
    #[must_use]
    pub fn unclear_in(&self, documents: &[&Metadata], standing: &Standing) -> Vec<Unclear> {
        let mut claims: BTreeMap<Fingerprint, BTreeSet<String>> = BTreeMap::new();
        let listed = documents.iter().flat_map(|document| claimed(document));
        let voices = standing.sides.iter().flat_map(|s| s.tally.counted.iter().chain(&s.tally.waiting));
        let voices = voices.map(|voice| (voice.key, voice.owner.clone()));
        for (key, claim) in listed.chain(voices) {
            claims.entry(key).or_default().extend(claim);
        }
        let unclear = |(key, claims): (&Fingerprint, &BTreeSet<String>)| {
            self.unclear(*key, claims.iter().map(String::as_str))
        };
        claims.iter().filter_map(unclear).collect()
    }
}

/// The keys that a document lists, and the names that it claims for them.
fn claimed(metadata: &Metadata) -> Vec<(Fingerprint, Option<String>)> {
    let of = |entry: &KeyEntry<'_>| {
        let key = entry.key.as_ref().ok().map(PublicKey::fingerprint)?;
        Some((key, entry.owner.clone()))
    };
    if let Ok(root) = metadata.root() {
        return root.keys.iter().filter_map(of).collect();
    }
    let targets = metadata.targets().ok().and_then(|targets| targets.delegations);
    targets.map_or_else(Vec::new, |delegations| delegations.keys.iter().filter_map(of).collect())
}

/// Whether a weaker source names anybody whom a better one does not name. A file has one name for a key, often that of
/// an account or a machine: it is held only against names of its own form.
fn contradicts(weaker: &Named, better: &Named) -> bool {
    let known: BTreeSet<String> = better.holders.iter().map(|name| folded(name)).collect();
    let comparable = |name: &str| {
        weaker.source > NameSource::FileClaims || better.holders.iter().any(|b| Form::of(b) == Form::of(name))
    };
    weaker.holders.iter().any(|name| comparable(name) && !known.contains(&folded(name)))
}

/// Case and spaces make no other person.
pub(super) fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What kind of name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// A person's.
    Person,
    /// An account, `@alice`, as tuf-on-ci writes it.
    Account,
    /// The address of a machine's key, `gcpkms://…`.
    Address,
}

impl Form {
    fn of(name: &str) -> Form {
        match name {
            _ if name.starts_with('@') => Form::Account,
            _ if name.contains(':') => Form::Address,
            _ => Form::Person,
        }
    }
}

#[cfg(test)]
mod tests;
