//! The keys of a plan, and the tables of keys that roots and delegations have: kept keys stay as they stand, new ones get
//! the object and the key id that the plan's style asks for (MODEL 9).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::Inputs;
use super::fault::{RolesFault, SealFault};
use crate::canonical;
use crate::card::Card;
use crate::digest::Digest;
use crate::document::{Document, Object, View};
use crate::key::{Fingerprint, PublicKey, new_key_object};
use crate::layout::{Edit, Value};
use crate::metadata::key_of_object;
use crate::plan::{CardRef, KeyIds, KeySource, Plan, PlanKey, PublicRef};

/// A key that a plan gives a name.
pub(super) enum Named {
    /// It stands somewhere under this key id.
    Kept(String),
    /// It is written anew.
    New(Box<NewKey>),
}

/// A key object that did not exist before.
pub(super) struct NewKey {
    key: PublicKey,
    keyid: String,
    object: Document,
    /// Whether the plan gives it fields of a dialect.
    has_fields: bool,
}

/// The keys that the roles of a plan name.
pub(super) struct Pool(BTreeMap<String, Named>);

impl Pool {
    /// Reads every key that a role of the plan names.
    pub(super) fn of(plan: &Plan, inputs: &Inputs<'_>) -> Result<Pool, SealFault> {
        let mut used: BTreeSet<&str> = BTreeSet::new();
        let roles = plan.root.iter().flat_map(|root| root.roles.values());
        used.extend(roles.flat_map(|role| &role.keys).map(String::as_str));
        let targets = plan.targets.iter().chain(plan.delegated.values());
        let delegations = targets.flat_map(|wish| wish.delegations.values());
        used.extend(delegations.flat_map(|wish| &wish.keys).map(String::as_str));
        let read = |name: &str| Ok((name.to_owned(), named(name, plan, inputs)?));
        Ok(Pool(used.into_iter().map(read).collect::<Result<_, SealFault>>()?))
    }

    /// Which public key each of the plan's keys is. One whose card is not made yet, or that stands nowhere, is not among them.
    pub(super) fn fingerprints(
        plan: &Plan,
        inputs: &Inputs<'_>,
        tables: &[Object<'_>],
    ) -> Result<BTreeMap<String, Fingerprint>, SealFault> {
        let mut prints = BTreeMap::new();
        for (name, key) in &plan.keys {
            let print = match key.source() {
                KeySource::Kept(keyid) => tables.iter().find_map(|table| print(table.member(keyid)?)),
                KeySource::Card(CardRef::ToBeMade) if !inputs.cards.contains_key(name) => None,
                KeySource::Card(card) => Some(of_card(name, key, card, plan, inputs)?.fingerprint()),
                KeySource::Public(public) => Some(of_file(name, public, inputs)?.fingerprint()),
            };
            prints.extend(print.map(|print| (name.clone(), print)));
        }
        Ok(prints)
    }

    fn key(&self, name: &str) -> &Named {
        self.0.get(name).expect("every key that a role names was read")
    }
}

/// The public half of a key that its card or a file of its own gives; none for a kept key, which stands in a document.
pub(crate) fn public_key(
    name: &str,
    plan: &Plan,
    inputs: &Inputs<'_>,
) -> Result<Option<PublicKey>, SealFault> {
    let key = plan.keys.get(name).expect("a plan that was read has every key that it names");
    match key.source() {
        KeySource::Kept(_) => Ok(None),
        KeySource::Card(card) => of_card(name, key, card, plan, inputs).map(Some),
        KeySource::Public(public) => of_file(name, public, inputs).map(Some),
    }
}

fn named(name: &str, plan: &Plan, inputs: &Inputs<'_>) -> Result<Named, SealFault> {
    let key = plan.keys.get(name).expect("a plan that was read has every key that it names");
    if let KeySource::Kept(keyid) = key.source() {
        return Ok(Named::Kept(keyid.to_owned()));
    }
    let public = public_key(name, plan, inputs)?.expect("it is not kept");
    let three =
        new_key_object(&public).map_err(|fault| RolesFault::Scheme { key: name.to_owned(), fault })?;
    let read = |text: String| Document::read(text).expect("a key object that we write is JSON");
    let three = read(three);
    let mut whole = Edit::of(three.root().object());
    key.fields.iter().for_each(|(field, text)| whole.set(field.as_str(), Value::text(text.as_str())));
    let object = read(Value::Edited(whole).written());
    let hashed = match plan.style.key_ids {
        KeyIds::Whole => &object,
        KeyIds::Three => &three,
    };
    let keyid = canonical::digest(hashed.root()).0.to_string();
    Ok(Named::New(Box::new(NewKey { key: public, keyid, object, has_fields: !key.fields.is_empty() })))
}

fn print(view: View<'_>) -> Option<Fingerprint> {
    key_of_object(view.object()?).ok().map(|key| key.fingerprint())
}

fn of_card(
    name: &str,
    key: &PlanKey,
    card: &CardRef,
    plan: &Plan,
    inputs: &Inputs<'_>,
) -> Result<PublicKey, SealFault> {
    let key_name = || name.to_owned();
    let planned = match card {
        CardRef::File(file) => Some(file.sha256),
        CardRef::ToBeMade => None,
    };
    let bytes = bytes(name, "the card", planned, inputs)?;
    let card = Card::read(&bytes).map_err(|fault| RolesFault::Card { key: key_name(), fault })?;
    if card.is_rehearsal() != plan.rehearsal {
        return Err(RolesFault::Mark { key: key_name(), marked: card.is_rehearsal() }.into());
    }
    let full_name = |short: &String| plan.people.get(short).map(|person| person.name.clone());
    let wanted: BTreeSet<String> = key.holders.iter().filter_map(full_name).collect();
    let found: BTreeSet<String> = card.holders().iter().cloned().collect();
    if wanted != found {
        let (card, plan) = (found.into_iter().collect(), wanted.into_iter().collect());
        return Err(RolesFault::Holders { key: key_name(), card, plan }.into());
    }
    Ok(card.key().clone())
}

fn of_file(name: &str, public: &PublicRef, inputs: &Inputs<'_>) -> Result<PublicKey, SealFault> {
    let bytes = bytes(name, "the public key", Some(public.sha256), inputs)?;
    let key = || name.to_owned();
    let file = |fault: std::str::Utf8Error| RolesFault::File { key: key(), why: fault.to_string() };
    let text = std::str::from_utf8(&bytes).map_err(file)?;
    let problem = |problem| RolesFault::Key { key: key(), problem };
    Ok(PublicKey::from_spki_pem(text, public.scheme).map_err(problem)?)
}

/// The file of a key: what the plan names, or what a key phase made.
fn bytes<'m>(
    name: &str,
    what: &str,
    planned: Option<Digest>,
    inputs: &Inputs<'m>,
) -> Result<Cow<'m, [u8]>, SealFault> {
    let sha256 = match (planned, inputs.cards.get(name)) {
        (Some(planned), Some(given)) if planned != *given => {
            return Err(RolesFault::OtherFile { key: name.to_owned() }.into());
        }
        (Some(sha256), _) | (None, Some(&sha256)) => sha256,
        (None, None) => return Err(RolesFault::NotMade { key: name.to_owned() }.into()),
    };
    let missing = || SealFault::Missing { what: format!("{what} of {name:?}"), sha256 };
    inputs.materials.bytes(sha256).ok_or_else(missing)
}

/// A table of keys that is being written: that of the predecessor, and what is added.
pub(super) struct Table<'d> {
    /// What it is called when something is not in it.
    place: String,
    edit: Edit<'d>,
    /// Where kept keys may be copied from: a delegation may name a key of the trusted root.
    beside: Option<Object<'d>>,
    listed: BTreeSet<String>,
}

/// Who shall sign for a role, as both roots and delegations say it.
pub(super) struct Signers<'d> {
    /// The key ids.
    pub(super) keyids: Value<'d>,
    /// The threshold.
    pub(super) threshold: Value<'d>,
}

impl<'d> Table<'d> {
    pub(super) fn of(place: &str, stood: Option<Object<'d>>, beside: Option<Object<'d>>) -> Table<'d> {
        Table { place: place.to_owned(), edit: Edit::of(stood), beside, listed: BTreeSet::new() }
    }

    /// A role that stays as it is lists these keys.
    pub(super) fn keep<K: AsRef<str>>(&mut self, keyids: &[K]) {
        self.listed.extend(keyids.iter().map(|k| k.as_ref().to_owned()));
    }

    /// Keys and threshold of a role; `stood` is what the predecessor says of it.
    pub(super) fn signers(
        &mut self,
        role: &str,
        (names, threshold): (&[String], u64),
        stood: Option<Object<'d>>,
        pool: &'d Pool,
    ) -> Result<Signers<'d>, RolesFault> {
        let list = stood.and_then(|role| role.member("keyids")).and_then(View::array);
        let old: Vec<View<'d>> = list.into_iter().flatten().collect();
        let stands = |keyid: &str| old.iter().find(|view| view.string().is_some_and(|s| s == keyid));
        let (mut keyids, mut seen) = (Vec::new(), BTreeSet::new());
        let mut prints: BTreeMap<Fingerprint, bool> = BTreeMap::new();
        for name in names {
            let (keyid, print) = self.entry(name, pool)?;
            let stood = stands(keyid);
            // One public key under two key ids of a role is carried over, and never made.
            let carried = print.and_then(|print| prints.insert(print, stood.is_some()));
            if !seen.insert(keyid) || carried.is_some_and(|other| !other || stood.is_none()) {
                return Err(RolesFault::Twice { role: role.to_owned(), key: name.clone() });
            }
            self.listed.insert(keyid.to_owned());
            keyids.push(stood.map_or(Value::text(keyid), |view| Value::Kept(*view)));
        }
        let keys = prints.len() as u64;
        if threshold == 0 || threshold > keys {
            return Err(RolesFault::Threshold { role: role.to_owned(), threshold, keys });
        }
        Ok(Signers { keyids: Value::List(keyids), threshold: Value::Number(threshold) })
    }

    /// The key id of a named key, which is in the table from now on, and its fingerprint if it can count.
    fn entry(&mut self, name: &str, pool: &'d Pool) -> Result<(&'d str, Option<Fingerprint>), RolesFault> {
        let key = || name.to_owned();
        match pool.key(name) {
            Named::Kept(keyid) => {
                if let Some(view) = self.edit.stood().and_then(|table| table.member(keyid)) {
                    return Ok((keyid, print(view)));
                }
                let Some(view) = self.beside.and_then(|table| table.member(keyid)) else {
                    let (keyid, place) = (keyid.clone(), self.place.clone());
                    return Err(RolesFault::NotThere { key: key(), keyid, place });
                };
                self.edit.set(keyid.as_str(), Value::Copied(view));
                Ok((keyid, print(view)))
            }
            Named::New(new) => {
                let own = Some(new.key.fingerprint());
                let stands = self.edit.stood().and_then(|table| table.member(&new.keyid));
                let same_key = |view: View<'_>| {
                    let read = view.object().and_then(|object| key_of_object(object).ok());
                    read.is_some_and(|k| {
                        k.fingerprint() == new.key.fingerprint() && k.scheme() == new.key.scheme()
                    })
                };
                match stands {
                    Some(view) if !same_key(view) => {
                        let keyid = new.keyid.clone();
                        return Err(RolesFault::Taken { key: key(), keyid });
                    }
                    // What stands there may have fields that its key id does not cover; they stay unless the plan says otherwise.
                    Some(_) if !new.has_fields => {}
                    Some(_) | None => self.edit.set(new.keyid.as_str(), Value::Copied(new.object.root())),
                }
                Ok((&new.keyid, own))
            }
        }
    }

    /// The table: keys that no role lists any more leave it; those that none listed before stay as they were.
    pub(super) fn written(mut self, listed_before: impl IntoIterator<Item = String>) -> Value<'d> {
        for keyid in listed_before {
            if !self.listed.contains(&keyid) {
                self.edit.remove(keyid);
            }
        }
        Value::Edited(self.edit)
    }
}
