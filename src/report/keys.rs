//! Keys as people name them: numbered by distinct public key, with short ids where short ones tell them apart. A
//! short id helps to find a key on the page; it proves nothing, and whole ids are shown where keys change.

use std::collections::{BTreeMap, BTreeSet};

use tuf_ceremony::key::{Fingerprint, KeyProblem, PublicKey};
use tuf_ceremony::metadata::{KeyEntry, RoleKeys};

use super::columns::{few, pieces, sentence};
use super::names::{NameSource, Names};
use super::{CLAUSE, NAME, SHOWN};
use crate::operator::clean::{cell, identifier, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{changes, holders, pages};

/// Ids of one page and how much of each is shown.
pub struct Ids {
    digits: Option<usize>,
}

impl Ids {
    /// Chooses the fewest digits (8, 16 or 32) that tell these ids apart; `whole` shows all of them.
    pub fn of(ids: impl IntoIterator<Item = impl Into<String>>, whole: bool) -> Ids {
        let ids: BTreeSet<String> = ids.into_iter().map(Into::into).filter(|id| is_digest_like(id)).collect();
        let tells = |digits: &usize| {
            let cut: BTreeSet<&str> = ids.iter().map(|id| &id[..(*digits).min(id.len())]).collect();
            cut.len() == ids.len()
        };
        Ids { digits: [8, 16, 32].into_iter().find(tells).filter(|_| !whole) }
    }

    /// The id as this page shows it.
    #[must_use]
    pub fn show(&self, id: &str) -> String {
        match self.digits {
            _ if !is_digest_like(id) => identifier(id, NAME),
            Some(digits) if digits < id.len() => format!("{}...", &id[..digits]),
            _ => id.to_owned(),
        }
    }
}

/// Whether an id is of hex digits only, so that its beginning can stand for it.
fn is_digest_like(id: &str) -> bool {
    (16..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Who holds a key and who says so; beside a better source what the document claims, where that is another name.
#[must_use]
fn holder(names: &Names, key: Option<Fingerprint>, claim: Option<&str>) -> Vec<String> {
    let claimed = claim.map(|claim| pages::claim(&quoted(claim, NAME)));
    let mut out: Vec<String> = match names.of(key, claim) {
        Some(named) if named.source > NameSource::FileClaims => {
            let is_other = claim.is_some_and(|claim| !named.holders.iter().any(|name| name == claim));
            [named.with_source()].into_iter().chain(claimed.filter(|_| is_other)).collect()
        }
        _ => claimed.into_iter().collect(),
    };
    if key.and_then(|key| names.unclear(key, claim)).is_some() {
        out.push(holders::DISAGREE.to_owned());
    }
    out
}

/// One distinct key and every key id under which it stands.
struct Row<'k> {
    ids: Vec<&'k str>,
    key: &'k Result<PublicKey, KeyProblem>,
    owner: Option<&'k str>,
}

/// The keys of one document, numbered from 1.
pub struct KeyTable<'k> {
    rows: Vec<Row<'k>>,
    by_id: BTreeMap<&'k str, usize>,
    ids: Ids,
    prints: Ids,
    names: &'k Names,
    all: bool,
}

impl<'k> KeyTable<'k> {
    /// Numbers the keys in the order of the file.
    #[must_use]
    pub fn of(entries: &'k [KeyEntry<'_>], names: &'k Names, all: bool) -> KeyTable<'k> {
        let mut rows: Vec<Row<'k>> = Vec::new();
        let mut by_print: BTreeMap<Fingerprint, usize> = BTreeMap::new();
        let mut by_id = BTreeMap::new();
        for entry in entries {
            let print = entry.key.as_ref().ok().map(PublicKey::fingerprint);
            let at = print.and_then(|print| by_print.get(&print).copied()).unwrap_or(rows.len());
            if at == rows.len() {
                rows.push(Row { ids: Vec::new(), key: &entry.key, owner: entry.owner.as_deref() });
            }
            if let Some(print) = print {
                by_print.insert(print, at);
            }
            rows[at].ids.push(&entry.keyid);
            by_id.insert(entry.keyid.as_ref(), at);
        }
        let ids = Ids::of(entries.iter().map(|e| e.keyid.as_ref()), all);
        let prints = Ids::of(by_print.keys().map(Fingerprint::to_string), all);
        KeyTable { rows, by_id, ids, prints, names, all }
    }

    /// Threshold, keys and their numbers, in one line.
    #[must_use]
    pub fn role(&self, role: &RoleKeys<'_>) -> String {
        let (mut places, mut missing) = (BTreeSet::new(), Vec::new());
        for keyid in &role.keyids {
            match self.by_id.get(keyid.as_ref()) {
                Some(at) => {
                    places.insert(*at);
                }
                None => missing.push(pages::not_in_table(&self.ids.show(keyid))),
            }
        }
        let able = places.iter().filter(|at| self.rows[**at].key.is_ok()).count();
        let named: Vec<String> = places.iter().map(|at| format!("{}", at + 1)).chain(missing).collect();
        pages::role_keys(role.threshold, able as u64, &few(&named, self.all), role.keyids.len() as u64)
    }

    /// One row a key; keys that cannot count say why.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn show(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        sentence(screen, 2, &pages::keys_heading(self.rows.len() as u64))?;
        let shown = if self.all { self.rows.len() } else { self.rows.len().min(SHOWN) };
        for (at, row) in self.rows[..shown].iter().enumerate() {
            self.row(screen, at + 1, row)?;
        }
        match self.rows.len() - shown {
            0 => Ok(()),
            more => screen.line(&pages::more(more as u64)),
        }
    }

    fn row(&self, screen: &mut Screen<'_>, number: usize, row: &Row<'_>) -> Result<(), ScreenFault> {
        let first = row.ids.first().map_or(String::new(), |id| self.ids.show(id));
        let start = format!("{number:>3}  ");
        let print = row.key.as_ref().ok().map(PublicKey::fingerprint);
        let holder = holder(self.names, print, row.owner);
        match row.key {
            Ok(key) if self.all => {
                let kind = format!("{start}{}", key.kind());
                pieces(screen, 0, &[kind].into_iter().chain(holder).collect::<Vec<_>>())?;
                screen.line(&format!("    {:<11} {first}", changes::KEY_ID))?;
                screen.line(&format!("    {:<11} {}", changes::FINGERPRINT, key.fingerprint()))?;
            }
            Ok(key) => {
                let print = self.prints.show(&key.fingerprint().to_string());
                let cells = format!("{start}{first:<11}  {:<11}  {print}", key.kind());
                pieces(screen, 0, &[cells].into_iter().chain(holder).collect::<Vec<_>>())?;
            }
            Err(problem) => {
                let why = pages::cannot_count(&cell(&problem.to_string(), CLAUSE));
                pieces(
                    screen,
                    0,
                    &[format!("{start}{first}")].into_iter().chain(holder).collect::<Vec<_>>(),
                )?;
                sentence(screen, 5, &why)?;
            }
        }
        let others = row.ids.get(1..).unwrap_or_default().iter();
        others.into_iter().try_for_each(|id| sentence(screen, 5, &pages::also_under(&self.ids.show(id))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ids_tell_the_keys_of_a_page_apart() {
        let (a, b) = ("0".repeat(64), "0".repeat(12) + &"1".repeat(52));
        assert_eq!(Ids::of([a.as_str(), &b], false).show(&b), "0000000000001111...");
        assert_eq!(Ids::of([a.as_str()], false).show(&a), "00000000...");
        assert_eq!(Ids::of([a.as_str()], true).show(&a), a);
    }

    #[test]
    fn an_id_that_is_no_digest_is_shown_as_the_text_of_others() {
        let ids = Ids::of(["alice", "\u{1b}[2J"], false);
        assert_eq!(ids.show("alice"), "\"alice\"");
        assert_eq!(ids.show("\u{1b}[2J"), "\"<U+001B>[2J\"");
    }
}
