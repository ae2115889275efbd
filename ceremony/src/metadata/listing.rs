//! What a snapshot or a timestamp lists (TUF 4.4, 4.6): metadata files with versions, and with lengths and hashes
//! where they are given.

use std::borrow::Cow;

use super::shape::{self, ShapeFault};
use crate::document::{Object, View};

/// The `meta` of a snapshot or timestamp.
#[derive(Clone, Copy)]
pub struct Listing<'d> {
    meta: Object<'d>,
}

/// One listed metadata file.
#[derive(Clone)]
pub struct Listed<'d> {
    /// File name without version, such as `targets.json`.
    pub name: Cow<'d, str>,
    /// The version it must have.
    pub version: u64,
    /// The whole entry.
    pub object: Object<'d>,
}

impl<'d> Listing<'d> {
    pub(super) fn of(signed: Object<'d>) -> Result<Listing<'d>, ShapeFault> {
        Ok(Listing { meta: shape::object(shape::member(signed, "meta", "signed")?, "signed.meta")? })
    }

    /// The entries sorted by name.
    pub fn sorted(self) -> impl Iterator<Item = Result<Listed<'d>, ShapeFault>> {
        self.meta.sorted().map(|(name, view)| listed(name, view))
    }

    /// How many files are listed.
    #[must_use]
    pub fn len(self) -> usize {
        self.meta.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.meta.is_empty()
    }

    pub(super) fn check_shape(self) -> Result<(), ShapeFault> {
        self.sorted().try_for_each(|entry| entry.map(drop))
    }
}

fn listed<'d>(name: Cow<'d, str>, view: View<'d>) -> Result<Listed<'d>, ShapeFault> {
    let place = || format!("signed.meta.{}", name.chars().take(80).collect::<String>());
    let object = shape::object(view, &place())?;
    let version = shape::number(shape::member(object, "version", &place())?, "a listed version")?;
    Ok(Listed { name, version, object })
}
