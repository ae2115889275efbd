//! What one document says, role by role: expiry, versions, thresholds and keys, files, delegations.

use tuf_ceremony::metadata::{
    Delegations, Listed, Metadata, Reach, RoleKeys, RoleType, Root, Target, Targets,
};

use super::columns::{fact, pieces, sentence};
use super::keys::KeyTable;
use super::{NAME, Names, SHOWN};
use crate::operator::clean::{identifier, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::pages;

/// Characters of one path pattern.
const PATTERN: usize = 50;
/// Digits of a hash where not all are asked for.
const HASH_DIGITS: usize = 16;

/// The page.
///
/// # Errors
/// As [`Screen::line`].
pub fn document(
    screen: &mut Screen<'_>,
    metadata: &Metadata,
    names: &Names,
    all: bool,
) -> Result<(), ScreenFault> {
    screen.heading(pages::WHAT_IT_SAYS)?;
    of_every_role(screen, metadata)?;
    // The shape was checked when the document was taken as a draft; what has none says nothing more here.
    match metadata.role_type() {
        RoleType::Root => {
            if let Ok(of) = metadata.root() {
                root(screen, &of, names, all)?;
            }
        }
        RoleType::Targets => {
            if let Ok(of) = metadata.targets() {
                targets(screen, &of, names, all)?;
            }
        }
        RoleType::Snapshot | RoleType::Timestamp => {
            if let Ok(listing) = metadata.listing() {
                let line = |screen: &mut Screen<'_>, listed: Listed<'_>| {
                    let (name, version) = (identifier(&listed.name, NAME), pages::version(listed.version));
                    pieces(screen, 4, &[name, version])
                };
                list(screen, listing.len(), listing.sorted().filter_map(Result::ok), all, line)?;
            }
        }
    }
    Ok(())
}

fn of_every_role(screen: &mut Screen<'_>, metadata: &Metadata) -> Result<(), ScreenFault> {
    match metadata.expires() {
        Ok(at) => {
            fact(screen, pages::EXPIRES, &pages::moment(&at.written()))?;
            if !at.is_plain() {
                fact(screen, "", &pages::spelled(&quoted(at.spelled(), NAME)))?;
            }
        }
        Err(fault) if fault.text.is_empty() => fact(screen, pages::EXPIRES, pages::NOT_SAID)?,
        Err(fault) => fact(screen, pages::EXPIRES, &pages::no_date(&quoted(&fault.text, NAME)))?,
    }
    let spec_version = metadata.spec_version();
    let plain = |v: &String| v.len() <= 20 && v.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let spec_version = match spec_version {
        Some(version) if plain(&version) => version,
        Some(version) => quoted(&version, NAME),
        None => pages::NOT_SAID.to_owned(),
    };
    fact(screen, pages::SPEC_VERSION, &spec_version)
}

fn root(screen: &mut Screen<'_>, root: &Root<'_>, names: &Names, all: bool) -> Result<(), ScreenFault> {
    fact(screen, pages::SNAPSHOTS, &pages::consistent_snapshot(root.consistent_snapshot))?;
    let table = KeyTable::of(&root.keys, names, all);
    let known = RoleType::ALL.into_iter().filter_map(|role| root.role(role.name()));
    let others: Vec<&RoleKeys<'_>> =
        root.roles.iter().filter(|role| RoleType::named(&role.name).is_none()).collect();
    let shown = if all { others.len() } else { others.len().min(SHOWN) };
    for role in known.chain(others[..shown].iter().copied()) {
        match RoleType::named(&role.name) {
            Some(known) => fact(screen, known.name(), &table.role(role))?,
            None => {
                sentence(screen, 2, &pages::delegated_role(&identifier(&role.name, NAME), &table.role(role)))?
            }
        }
    }
    if shown < others.len() {
        screen.line(&pages::more((others.len() - shown) as u64))?;
    }
    table.show(screen)
}

fn targets(
    screen: &mut Screen<'_>,
    targets: &Targets<'_>,
    names: &Names,
    all: bool,
) -> Result<(), ScreenFault> {
    let line = |screen: &mut Screen<'_>, target: Target<'_>| pieces(screen, 4, &target_pieces(&target, all));
    list(screen, targets.len(), targets.sorted().filter_map(Result::ok), all, line)?;
    match &targets.delegations {
        None => Ok(()),
        Some(delegations) => delegated(screen, delegations, names, all),
    }
}

/// A target file: path, length, hashes, and whether there is more.
pub fn target_pieces(target: &Target<'_>, all: bool) -> Vec<String> {
    let mut out =
        vec![identifier(&target.path, if all { usize::MAX } else { NAME }), pages::bytes(target.length)];
    for (algorithm, hash) in target.hashes.sorted().take(if all { usize::MAX } else { 2 }) {
        let hash = hash.string().unwrap_or_default();
        let known = algorithm.len() <= 16 && algorithm.bytes().all(|b| b.is_ascii_alphanumeric());
        let algorithm = if known { algorithm.into_owned() } else { identifier(&algorithm, 16) };
        out.push(format!("{algorithm} {}", short_hash(&hash, all)));
    }
    if target.object.member("custom").is_some() {
        out.push(pages::CUSTOM.to_owned());
    }
    out
}

fn short_hash(hash: &str, all: bool) -> String {
    match hash.bytes().all(|b| b.is_ascii_hexdigit()) {
        true if all || hash.len() <= HASH_DIGITS => hash.to_owned(),
        true => format!("{}...", &hash[..HASH_DIGITS]),
        false => quoted(hash, HASH_DIGITS),
    }
}

/// The count, then the first of a list that may be long.
fn list<T>(
    screen: &mut Screen<'_>,
    count: usize,
    items: impl Iterator<Item = T>,
    all: bool,
    mut line: impl FnMut(&mut Screen<'_>, T) -> Result<(), ScreenFault>,
) -> Result<(), ScreenFault> {
    let shown = if all { count } else { count.min(SHOWN) };
    fact(screen, pages::LISTS, &pages::files(count as u64))?;
    for item in items.take(shown) {
        line(screen, item)?;
    }
    match count - shown {
        0 => Ok(()),
        more => screen.line(&pages::more(more as u64)),
    }
}

fn delegated(
    screen: &mut Screen<'_>,
    delegations: &Delegations<'_>,
    names: &Names,
    all: bool,
) -> Result<(), ScreenFault> {
    let table = KeyTable::of(&delegations.keys, names, all);
    if let Some(bins) = &delegations.succinct {
        let last = (1_u64 << bins.bit_length) - 1;
        let width = format!("{last:x}").len();
        let name = |bin: u64| identifier(&format!("{}-{bin:0width$x}", bins.name_prefix), NAME);
        let (first, last_name) = (name(0), name(last));
        sentence(screen, 2, &pages::bins(last + 1, &first, &last_name, &table.role(&bins.role)))?;
    } else {
        sentence(screen, 2, &pages::delegates(delegations.roles.len() as u64))?;
    }
    let shown = if all { delegations.roles.len() } else { delegations.roles.len().min(SHOWN) };
    for (role, reach) in &delegations.roles[..shown] {
        sentence(screen, 4, &pages::delegated_role(&identifier(&role.name, NAME), &table.role(role)))?;
        sentence(screen, 6, &reach_line(reach, all))?;
        sentence(screen, 6, pages::terminating(reach.terminating))?;
    }
    if shown < delegations.roles.len() {
        screen.line(&pages::more((delegations.roles.len() - shown) as u64))?;
    }
    table.show(screen)
}

fn reach_line(reach: &Reach<'_>, all: bool) -> String {
    let shown = if all { reach.patterns.len() } else { reach.patterns.len().min(SHOWN) };
    let mut patterns: Vec<String> = reach.patterns[..shown].iter().map(|p| identifier(p, PATTERN)).collect();
    if shown < reach.patterns.len() {
        patterns.push(pages::and_more((reach.patterns.len() - shown) as u64));
    }
    pages::reach(reach.are_prefixes, &patterns.join(", "))
}
