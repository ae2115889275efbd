//! The targets role, top level or delegated (TUF 4.5): files with lengths and hashes, and delegations.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::keys::{self, KeyEntry, RoleKeys};
use super::shape::{self, ShapeFault};
use crate::document::{Object, View};
use crate::limits::DELEGATIONS;

/// A targets document. Its files are read one by one; there may be a million.
#[derive(Clone)]
pub struct Targets<'d> {
    targets: Object<'d>,
    /// Whom it delegates to, if anyone.
    pub delegations: Option<Delegations<'d>>,
}

/// One target file.
#[derive(Clone)]
pub struct Target<'d> {
    /// Its path in the repository.
    pub path: Cow<'d, str>,
    /// Its length in bytes.
    pub length: u64,
    /// Its hashes by algorithm.
    pub hashes: Object<'d>,
    /// The whole entry, with `custom` and whatever else stands there.
    pub object: Object<'d>,
}

/// Keys and delegated roles.
#[derive(Clone)]
pub struct Delegations<'d> {
    /// The table of keys.
    pub keys: Vec<KeyEntry<'d>>,
    /// The delegated roles in their order, which decides (TUF 5.6.7).
    pub roles: Vec<(RoleKeys<'d>, Reach<'d>)>,
    /// TAP 15: one entry for many hash bins.
    pub succinct: Option<Succinct<'d>>,
}

/// What a delegated role may speak for.
#[derive(Clone)]
pub struct Reach<'d> {
    /// `paths` patterns or `path_hash_prefixes`, and which of the two.
    pub patterns: Vec<Cow<'d, str>>,
    /// Whether `patterns` are prefixes of path hashes.
    pub are_prefixes: bool,
    /// Whether the search ends here.
    pub terminating: bool,
    /// The whole entry.
    pub object: Object<'d>,
}

/// TAP 15 `succinct_roles`.
#[derive(Clone)]
pub struct Succinct<'d> {
    /// Keys and threshold that all bins share.
    pub role: RoleKeys<'d>,
    /// 1 to 32: there are 2 to this power bins.
    pub bit_length: u32,
    /// What bin names start with.
    pub name_prefix: Cow<'d, str>,
    /// The whole entry.
    pub object: Object<'d>,
}

impl Succinct<'_> {
    /// Whether `name` is one of the bins: the prefix, a dash, and the bin number in hex with its full width.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        let Some(bin) = name.strip_prefix(self.name_prefix.as_ref()).and_then(|n| n.strip_prefix('-')) else {
            return false;
        };
        let last = (1_u64 << self.bit_length) - 1;
        let lower = bin.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        lower
            && bin.len() == format!("{last:x}").len()
            && u64::from_str_radix(bin, 16).is_ok_and(|n| n <= last)
    }
}

impl<'d> Targets<'d> {
    pub(super) fn of(signed: Object<'d>) -> Result<Targets<'d>, ShapeFault> {
        let targets = shape::object(shape::member(signed, "targets", "signed")?, "signed.targets")?;
        let delegations = match signed.member("delegations") {
            None => None,
            Some(view) => Some(Delegations::of(shape::object(view, "signed.delegations")?)?),
        };
        Ok(Targets { targets, delegations })
    }

    /// How many files it lists.
    #[must_use]
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether it lists none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// The files sorted by path.
    pub fn sorted(&self) -> impl Iterator<Item = Result<Target<'d>, ShapeFault>> {
        self.targets.sorted().map(|(path, view)| target(path, view))
    }

    /// The file with this path.
    #[must_use]
    pub fn target(&self, path: &str) -> Option<Result<Target<'d>, ShapeFault>> {
        self.targets.member(path).map(|view| target(Cow::Owned(path.to_owned()), view))
    }

    pub(super) fn check_shape(&self) -> Result<(), ShapeFault> {
        self.sorted().try_for_each(|entry| entry.map(drop))
    }
}

fn target<'d>(path: Cow<'d, str>, view: View<'d>) -> Result<Target<'d>, ShapeFault> {
    let place = |path: &str| format!("the target {:?}", path.chars().take(200).collect::<String>());
    let Some(object) = view.object() else {
        return Err(ShapeFault::Kind { place: place(&path), found: view.kind(), wanted: "an object" });
    };
    let length = match object.member("length").map(|l| (l, l.integer().and_then(|i| i.as_u64()))) {
        Some((_, Some(length))) => length,
        Some((view, None)) => return Err(number_fault(view, &place(&path))),
        None => return Err(ShapeFault::Missing { place: place(&path), name: "length" }),
    };
    match object.member("hashes").map(|h| (h, h.object())) {
        Some((_, Some(hashes))) => Ok(Target { path, length, hashes, object }),
        Some((view, None)) => Err(ShapeFault::Kind {
            place: format!("the hashes of {}", place(&path)),
            found: view.kind(),
            wanted: "an object",
        }),
        None => Err(ShapeFault::Missing { place: place(&path), name: "hashes" }),
    }
}

fn number_fault(view: View<'_>, of: &str) -> ShapeFault {
    let place = format!("the length of {of}");
    match view.integer() {
        Some(found) => ShapeFault::Number { place, found: found.plain().to_owned(), least: 0 },
        None => ShapeFault::Kind { place, found: view.kind(), wanted: "a whole number" },
    }
}

impl<'d> Delegations<'d> {
    fn of(object: Object<'d>) -> Result<Delegations<'d>, ShapeFault> {
        let keys =
            keys::table(shape::member(object, "keys", "signed.delegations")?, "signed.delegations.keys")?;
        let mut roles: Vec<(RoleKeys<'d>, Reach<'d>)> = Vec::new();
        if let Some(list) = object.member("roles") {
            let list = shape::within(shape::array(list, "signed.delegations.roles")?, DELEGATIONS)?;
            roles = list.into_iter().map(delegated).collect::<Result<_, _>>()?;
        }
        keys::few_enough(roles.iter().map(|(role, _)| role))?;
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        if let Some(twice) = roles.iter().map(|(r, _)| r.name.as_ref()).find(|name| !seen.insert(name)) {
            return Err(ShapeFault::RoleTwice { name: twice.chars().take(200).collect() });
        }
        let succinct = object.member("succinct_roles").map(succinct).transpose()?;
        if object.member("roles").is_some() == succinct.is_some() {
            return Err(ShapeFault::Missing {
                place: "signed.delegations (either, not both)".into(),
                name: "roles",
            });
        }
        Ok(Delegations { keys, roles, succinct })
    }

    /// Keys and threshold of a delegated role, or of the bin with this name.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<&RoleKeys<'d>> {
        let listed = self.roles.iter().map(|(role, _)| role).find(|role| role.name == name);
        listed.or_else(|| self.succinct.as_ref().filter(|s| s.has(name)).map(|s| &s.role))
    }
}

fn delegated(view: View<'_>) -> Result<(RoleKeys<'_>, Reach<'_>), ShapeFault> {
    let object = shape::object(view, "a delegated role")?;
    let name = shape::string(shape::member(object, "name", "a delegated role")?, "a delegated role's name")?;
    let short: String = name.chars().take(200).collect();
    let place = format!("the delegated role {short:?}");
    let texts = |view, what: &str| -> Result<Vec<Cow<'_, str>>, ShapeFault> {
        shape::array(view, what)?.map(|v| shape::string(v, what)).collect()
    };
    let (patterns, are_prefixes) = match (object.member("paths"), object.member("path_hash_prefixes")) {
        (Some(paths), None) => (texts(paths, &format!("paths of {place}"))?, false),
        (None, Some(prefixes)) => (texts(prefixes, &format!("path_hash_prefixes of {place}"))?, true),
        _ => return Err(ShapeFault::Reach { name: short }),
    };
    let terminating = shape::member(object, "terminating", &place)?;
    let terminating = terminating.boolean().ok_or_else(|| ShapeFault::Kind {
        place: format!("terminating of {place}"),
        found: terminating.kind(),
        wanted: "true or false",
    })?;
    let role = keys::role(name, object, &place)?;
    Ok((role, Reach { patterns, are_prefixes, terminating, object }))
}

fn succinct(view: View<'_>) -> Result<Succinct<'_>, ShapeFault> {
    let place = "signed.delegations.succinct_roles";
    let object = shape::object(view, place)?;
    let bits = shape::number_from(shape::member(object, "bit_length", place)?, "bit_length", 1)?;
    let bit_length = u32::try_from(bits).ok().filter(|b| *b <= 32).ok_or_else(|| ShapeFault::Number {
        place: format!("{place}.bit_length"),
        found: bits.to_string(),
        least: 1,
    })?;
    let name_prefix = shape::string(shape::member(object, "name_prefix", place)?, "name_prefix")?;
    let role = keys::role(name_prefix.clone(), object, place)?;
    Ok(Succinct { role, bit_length, name_prefix, object })
}
