//! The pages of changes: first what decides trust, each item by itself with whole key ids and fingerprints; then the
//! rest, where thousands of files are a count and the first of them.

use tuf_ceremony::changes::{Change, KeyName};
use tuf_ceremony::document::View;
use tuf_ceremony::metadata::Metadata;

use super::columns::few;
use super::columns::{fact, id, pieces, sentence};
use super::comparison::{Comparison, is_before_keys};
use super::digest::to_hear;
use super::document::target_pieces;
use super::moves::{KeyMove, Move};
use super::names::{Named, Unclear};
use super::{CLAUSE, NAME};
use crate::operator::clean::{identifier, quoted, visible};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{changes as said, holders, pages};

/// Dangerous items shown where not all are asked for; far more than any honest change has.
const DANGERS: usize = 40;
/// Characters of a field or a delegation, before and now.
const VALUE: usize = 200;

/// The dangerous changes, or why there is nothing to compare with; and keys whose holder is `unclear`. Gives the number
/// of items that were left off: a signer must see them all.
///
/// # Errors
/// As [`Screen::line`].
pub fn danger(
    screen: &mut Screen<'_>,
    new: &Metadata,
    comparison: Option<&Comparison<'_>>,
    unclear: &[Unclear],
    all: bool,
) -> Result<usize, ScreenFault> {
    let dangers = Dangers::of(new, comparison, unclear);
    dangers.head(screen)?;
    // A version that does not follow is told beside the items and is none of them here.
    let most = if all { usize::MAX } else { DANGERS + usize::from(dangers.version.is_some()) };
    for at in 0..dangers.count().min(most) {
        dangers.tell(screen, at, all)?;
    }
    let left_off = dangers.count().saturating_sub(most);
    if left_off > 0 {
        item(screen, &said::more_danger(left_off as u64))?;
    }
    Ok(left_off)
}

/// The dangerous page, item by item.
pub struct Dangers<'c, 'd> {
    new: &'c Metadata,
    comparison: Option<&'c Comparison<'d>>,
    version: Option<String>,
    items: Vec<Item<'c, 'd>>,
}

impl<'c, 'd> Dangers<'c, 'd> {
    /// Those of a comparison, or where there is none, only the keys whose holder is `unclear`.
    #[must_use]
    pub fn of(
        new: &'c Metadata,
        comparison: Option<&'c Comparison<'d>>,
        unclear: &'c [Unclear],
    ) -> Dangers<'c, 'd> {
        let unclear = unclear.iter().map(Item::Unclear);
        let Some(it) = comparison.filter(|it| !it.is_same()) else {
            return Dangers { new, comparison, version: None, items: unclear.collect() };
        };
        let version = (!it.is_next()).then(|| match (it.old.version(), it.new.version()) {
            (from, to) if from == to => said::version_same(to),
            (from, to) => said::version_jumps(from, to),
        });
        let (thresholds, rest): (Vec<_>, Vec<_>) =
            it.dangers.iter().partition(|change| is_before_keys(change));
        let items = (thresholds.into_iter().map(Item::Change))
            .chain(unclear)
            .chain(it.keys.iter().map(Item::Key))
            .chain(rest.into_iter().map(Item::Change));
        Dangers { new, comparison, version, items: items.collect() }
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.items.len() + usize::from(self.version.is_some())
    }

    /// The heading, and what is to be said where nothing is compared or nothing is dangerous.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn head(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let Some(it) = self.comparison else {
            screen.heading(said::FIRST_HEADING)?;
            let is_root = self.new.role_type() == tuf_ceremony::metadata::RoleType::Root;
            let words = match self.new.version() {
                0 | 1 if is_root => said::ALL_NEW,
                1 => said::FIRST_VERSION,
                _ => said::NO_OLDER,
            };
            return sentence(screen, 2, words);
        };
        screen.heading(&said::danger_heading(it.old.version()))?;
        if it.is_same() {
            return sentence(screen, 2, said::SAME);
        }
        if self.count() == 0 { screen.line(said::NO_DANGER) } else { Ok(()) }
    }

    /// One of them, counted from 0; `all` shortens nothing.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn tell(&self, screen: &mut Screen<'_>, at: usize, all: bool) -> Result<(), ScreenFault> {
        let at = match (&self.version, at) {
            (Some(version), 0) => return item(screen, version),
            (Some(_), at) => at - 1,
            (None, at) => at,
        };
        match (self.items.get(at), self.comparison) {
            (Some(Item::Unclear(unclear)), _) => unclear.show(screen),
            (Some(Item::Key(moved)), Some(it)) => key(screen, it, moved, all),
            (Some(Item::Change(change)), Some(it)) => dangerous(screen, it, change),
            (Some(Item::Key(_) | Item::Change(_)) | None, _) => Ok(()),
        }
    }

    /// Its first sentence, without the ids, words and values that stand under it.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn headline(&self, screen: &mut Screen<'_>, at: usize) -> Result<(), ScreenFault> {
        let mut told = Vec::new();
        self.tell(&mut Screen::onto(&mut told, false), at, false)?;
        let told = String::from_utf8_lossy(&told);
        let mut lines = told.lines();
        let first = lines.next().unwrap_or_default();
        // What stands under it begins further left than the rest of a sentence that was broken.
        let rest = lines.take_while(|line| line.starts_with("      "));
        [first].into_iter().chain(rest).try_for_each(|line| screen.line(line))
    }
}

/// The changes beside the dangerous ones.
///
/// # Errors
/// As [`Screen::line`].
pub fn changes(screen: &mut Screen<'_>, it: &Comparison<'_>, all: bool) -> Result<(), ScreenFault> {
    screen.heading(said::OTHER_HEADING)?;
    if it.is_next() {
        let (from, to) = (it.old.version().to_string(), it.new.version().to_string());
        fact(screen, said::VERSION, &said::was_now(&from, &to))?;
    }
    for change in &it.others {
        if let Change::Field { name, .. } = change {
            let (from, to) = before_and_now(it, name);
            let absent = || pages::NOT_SAID.to_owned();
            fact(screen, name, &said::was_now(&from.unwrap_or_else(absent), &to.unwrap_or_else(absent)))?;
        }
    }
    let listed = it.entries.len() as u64;
    if it.count.all() == 0 && it.others.is_empty() && !it.is_next() {
        return screen.line(said::NO_OTHER);
    }
    if it.count.all() > 0 {
        sentence(screen, 2, &said::entries(it.count.added, it.count.changed, it.count.removed))?;
    }
    for entry in &it.entries {
        pieces(screen, 4, &entry_pieces(it, entry, all))?;
    }
    let dangerous = it.dangers.iter().filter(|change| is_entry(change)).count() as u64;
    match it.count.all() - dangerous - listed {
        0 => Ok(()),
        more => screen.line(&pages::more(more)),
    }
}

/// One item of the dangerous page.
enum Item<'c, 'd> {
    Unclear(&'c Unclear),
    Key(&'c KeyMove<'d>),
    Change(&'c Change<'d>),
}

fn item(screen: &mut Screen<'_>, text: &str) -> Result<(), ScreenFault> {
    sentence(screen, 2, &format!("! {text}"))
}

fn key(
    screen: &mut Screen<'_>,
    it: &Comparison<'_>,
    moved: &KeyMove<'_>,
    all: bool,
) -> Result<(), ScreenFault> {
    let roles: Vec<String> = moved.roles.iter().map(|role| role_name(role)).collect();
    let roles = few(&roles, all);
    let named = |key: &KeyName<'_>| it.names.of(key.fingerprint, key.owner.as_deref());
    let (before, now) = (moved.from.as_ref().and_then(named), moved.to.as_ref().and_then(named));
    // Both keys of a replacement are of one holder: the better source names her.
    let named = [&before, &now].into_iter().flatten().max_by_key(|named| named.source);
    let two_names = matches!((&before, &now), (Some(b), Some(n)) if b != n && moved.what == Move::Replaced);
    let holder = named.map(|named| if two_names { named.quoted() } else { named.with_source() });
    let holder = holder.as_deref();
    item(
        screen,
        &match moved.what {
            Move::Replaced => said::new_key_for(holder.unwrap_or_default(), &roles),
            Move::Added => said::key_added(holder, &roles),
            Move::Removed => said::key_removed(holder, &roles),
            Move::Renamed => said::key_renamed(holder, &roles),
        },
    )?;
    match (moved.what, &moved.from, &moved.to) {
        (Move::Renamed, Some(from), Some(to)) => {
            id(screen, said::FINGERPRINT, &print(to))?;
            id(screen, said::OLD_ID, &key_id(from))?;
            id(screen, said::NEW_ID, &key_id(to))
        }
        (_, Some(from), Some(to)) => {
            if let (Some(before), Some(now), true) = (&before, &now, two_names) {
                sentence(screen, 4, &holders::two_sources(&before.with_source(), &now.with_source()))?;
            }
            id(screen, said::OLD_KEY, &print(from))?;
            id(screen, said::NEW_ID, &key_id(to))?;
            new_key(screen, to, named)
        }
        (_, None, Some(to)) if it.stood(to.fingerprint) => {
            sentence(screen, 4, holders::STOOD_BEFORE)?;
            id(screen, said::FINGERPRINT, &print(to))?;
            id(screen, said::KEY_ID, &key_id(to))
        }
        (_, None, Some(to)) => {
            id(screen, said::NEW_ID, &key_id(to))?;
            new_key(screen, to, named)
        }
        (_, Some(from), None) => {
            id(screen, said::FINGERPRINT, &print(from))?;
            id(screen, said::KEY_ID, &key_id(from))
        }
        (_, None, None) => Ok(()),
    }
}

/// A key that nobody has trusted before, with the words to hear from its holder.
fn new_key(screen: &mut Screen<'_>, key: &KeyName<'_>, named: Option<&Named>) -> Result<(), ScreenFault> {
    let Some(fingerprint) = key.fingerprint else {
        return id(screen, said::NEW_KEY, &print(key));
    };
    let holder = named.filter(|named| named.is_person()).map(Named::quoted);
    to_hear(screen, said::NEW_KEY, fingerprint, &holders::hear_it(holder.as_deref()))
}

/// The fingerprint, or why there is none.
fn print(key: &KeyName<'_>) -> String {
    key.fingerprint
        .map_or_else(|| pages::cannot_count(&quoted(&key.scheme, VALUE)), |print| print.to_string())
}

fn key_id(key: &KeyName<'_>) -> String {
    super::keys::Ids::of([key.keyid.as_ref()], true).show(&key.keyid)
}

/// The four roles by their plain names, others as the text of others.
#[must_use]
pub fn role_name(role: &str) -> String {
    tuf_ceremony::metadata::RoleType::named(role)
        .map_or_else(|| identifier(role, NAME), |role| role.name().to_owned())
}

fn dangerous(screen: &mut Screen<'_>, it: &Comparison<'_>, change: &Change<'_>) -> Result<(), ScreenFault> {
    match change {
        Change::Field { name, .. } => item(screen, &field(it, name)),
        Change::Inside { path, from, to } => {
            let path: Vec<String> = path.iter().map(|name| visible(name).into_owned()).collect();
            item(screen, &said::inside(&identifier(&path.join(" / "), CLAUSE)))?;
            both(screen, *from, *to)
        }
        Change::RoleAdded { role, threshold } => {
            item(screen, &said::role_added(&role_name(role), *threshold))
        }
        Change::RoleRemoved { role } => item(screen, &said::role_removed(&role_name(role))),
        Change::Threshold { role, from, to } => item(screen, &said::threshold(&role_name(role), *from, *to)),
        Change::KeyObject { keyid, from, to } => {
            let keyid = super::keys::Ids::of([keyid.as_ref()], true).show(keyid);
            item(screen, &said::key_object(&keyid))?;
            both(screen, Some(from), Some(to))
        }
        Change::Reach { role, from, to } => {
            item(screen, &said::delegation(&role_name(role)))?;
            both(screen, Some(from), Some(to))
        }
        Change::DelegationOrder => item(screen, said::ORDER),
        Change::EntryRemoved { name, .. } => item(screen, &said::listed_gone(&identifier(name, NAME))),
        Change::EntryChanged { name, .. } => {
            let (from, to) = it.listed(name);
            let version = |v: Option<u64>| v.map_or(pages::NOT_SAID.to_owned(), |v| v.to_string());
            item(screen, &said::listed_lower(&identifier(name, NAME), &version(from), &version(to)))
        }
        // Sorted elsewhere: versions, keys and new files stand on lines of their own.
        Change::Version { .. }
        | Change::KeyAdded { .. }
        | Change::KeyRemoved { .. }
        | Change::KeyRenamed { .. }
        | Change::EntryAdded { .. } => Ok(()),
    }
}

fn both(screen: &mut Screen<'_>, from: Option<&str>, to: Option<&str>) -> Result<(), ScreenFault> {
    let shown =
        |text: Option<&str>| text.map_or_else(|| said::NOTHING.to_owned(), |text| quoted(text, VALUE));
    pieces(screen, 4, &[said::WAS.to_owned(), shown(from)])?;
    pieces(screen, 4, &[said::NOW.to_owned(), shown(to)])
}

fn field(it: &Comparison<'_>, name: &str) -> String {
    let (from, to) = before_and_now(it, name);
    if name != "expires" {
        let plain = name == "consistent_snapshot";
        let name = if plain { name.to_owned() } else { identifier(name, NAME) };
        return said::field(&name, from.as_deref(), to.as_deref());
    }
    let absent = || pages::NOT_SAID.to_owned();
    let (from, to) = (from.unwrap_or_else(absent), to.unwrap_or_else(absent));
    match (it.old.expires(), it.new.expires()) {
        (Ok(before), Ok(now)) => said::expiry(now < before, &from, &to),
        _ => said::expiry_unclear(&from, &to),
    }
}

/// The values of one field of the signed part.
fn before_and_now(it: &Comparison<'_>, name: &str) -> (Option<String>, Option<String>) {
    let of = |metadata: &Metadata| metadata.signed().member(name).map(value);
    (of(it.old), of(it.new))
}

/// A value as a person reads it: dates, words and numbers as they are, the rest in quotes.
fn value(view: View<'_>) -> String {
    let plain = |text: &str| {
        (1..=24).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b':' | b'.' | b'+'))
    };
    match view.string() {
        Some(text) if plain(&text) => text.into_owned(),
        Some(text) => quoted(&text, VALUE),
        None if plain(view.text()) => view.text().to_owned(),
        None => quoted(view.text(), VALUE),
    }
}

fn is_entry(change: &Change<'_>) -> bool {
    matches!(change, Change::EntryAdded { .. } | Change::EntryRemoved { .. } | Change::EntryChanged { .. })
}

/// A file that differs: how, its name, and what it is now (what it was, if it is gone).
fn entry_pieces(it: &Comparison<'_>, entry: &Change<'_>, all: bool) -> Vec<String> {
    let (how, name, gone) = match entry {
        Change::EntryAdded { name, .. } => (said::ENTRY_NEW, name, false),
        Change::EntryRemoved { name, .. } => (said::ENTRY_GONE, name, true),
        Change::EntryChanged { name, .. } => (said::ENTRY_CHANGED, name, false),
        _ => return Vec::new(),
    };
    let mut out = vec![how.to_owned()];
    let target =
        it.targets().map(|(old, new)| if gone { old } else { new }).and_then(|side| side.target(name));
    match (target, it.listed(name)) {
        (Some(Ok(target)), _) => out.extend(target_pieces(&target, all)),
        (_, (Some(from), Some(to))) => {
            out.extend([identifier(name, NAME), said::was_now(&from.to_string(), &pages::version(to))])
        }
        (_, (_, Some(to))) => out.extend([identifier(name, NAME), pages::version(to)]),
        _ => out.push(identifier(name, NAME)),
    }
    out
}
