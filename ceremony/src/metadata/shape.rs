//! Reading fields of a known shape, and the one error that says which field has another.

use std::borrow::Cow;

use crate::document::{Array, Kind, Object, View};
use crate::limits::Limit;
use crate::metadata::RoleType;

/// A document has not the shape of the TUF role that it claims to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeFault {
    /// A field that must be there is not.
    #[error("{place} has no {name:?}")]
    Missing {
        /// Where it should stand.
        place: String,
        /// The field.
        name: &'static str,
    },
    /// A field holds another kind of value.
    #[error("{place} is {found}, not {wanted}")]
    Kind {
        /// The field.
        place: String,
        /// What it holds.
        found: Kind,
        /// What it must hold.
        wanted: &'static str,
    },
    /// `_type` is none of the four.
    #[error("signed._type is {found:?}, not root, targets, snapshot or timestamp")]
    UnknownType {
        /// What it is.
        found: String,
    },
    /// Another role than the one asked for.
    #[error("it is {found} metadata, not {wanted}")]
    AnotherType {
        /// What it is.
        found: RoleType,
        /// What was asked for.
        wanted: RoleType,
    },
    /// A number that the specification does not allow here.
    #[error("{place} is {found}, not a whole number from {least} up")]
    Number {
        /// The field.
        place: String,
        /// Its text.
        found: String,
        /// The least allowed.
        least: u64,
    },
    /// One key id twice in one role (TUF 4.3: key ids of a role are unique).
    #[error("{place} lists the key id {keyid:?} twice")]
    KeyIdTwice {
        /// The list.
        place: String,
        /// The key id.
        keyid: String,
    },
    /// A delegated role that stands twice (TUF 4.5).
    #[error("the delegated role {name:?} stands twice")]
    RoleTwice {
        /// Its name.
        name: String,
    },
    /// A delegation that says what it covers in no way or in two (TUF 4.5).
    #[error("the delegated role {name:?} must have exactly one of paths and path_hash_prefixes")]
    Reach {
        /// Its name.
        name: String,
    },
    /// More than a cap allows.
    #[error("it is past a limit: {0}")]
    Past(Limit),
}

pub(crate) fn member<'d>(
    object: Object<'d>,
    name: &'static str,
    place: &str,
) -> Result<View<'d>, ShapeFault> {
    object.member(name).ok_or_else(|| ShapeFault::Missing { place: place.to_owned(), name })
}

fn wrong(view: View<'_>, place: &str, wanted: &'static str) -> ShapeFault {
    ShapeFault::Kind { place: place.to_owned(), found: view.kind(), wanted }
}

pub(crate) fn object<'d>(view: View<'d>, place: &str) -> Result<Object<'d>, ShapeFault> {
    view.object().ok_or_else(|| wrong(view, place, "an object"))
}

pub(crate) fn array<'d>(view: View<'d>, place: &str) -> Result<Array<'d>, ShapeFault> {
    view.array().ok_or_else(|| wrong(view, place, "an array"))
}

pub(crate) fn string<'d>(view: View<'d>, place: &str) -> Result<Cow<'d, str>, ShapeFault> {
    view.string().ok_or_else(|| wrong(view, place, "a string"))
}

pub(crate) fn number(view: View<'_>, place: &str) -> Result<u64, ShapeFault> {
    number_from(view, place, 0)
}

pub(crate) fn number_from(view: View<'_>, place: &str, least: u64) -> Result<u64, ShapeFault> {
    let integer = view.integer().ok_or_else(|| wrong(view, place, "a whole number"))?;
    integer.as_u64().filter(|n| *n >= least).ok_or_else(|| ShapeFault::Number {
        place: place.to_owned(),
        found: integer.plain().to_owned(),
        least,
    })
}

/// Takes at most `limit` elements; one more is refused.
pub(crate) fn within<T>(items: impl Iterator<Item = T>, limit: Limit) -> Result<Vec<T>, ShapeFault> {
    let items: Vec<T> = items.take(limit.most + 1).collect();
    if limit.allows(items.len()) { Ok(items) } else { Err(ShapeFault::Past(limit)) }
}
