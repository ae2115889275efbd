//! Dates in a plan: texts in quotes, in the form that is written (TUF 4.2.3), so that what is reviewed is what is signed.

use serde::{Deserialize, Deserializer, de};

use crate::time::Moment;

/// An expiry: whole seconds and `Z`.
pub(super) fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    let text = text(deserializer)?;
    plain(Moment::parse(&text).ok(), &text)
}

/// A day or an instant.
pub(super) fn date_or_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
    let text = text(deserializer)?;
    plain(Moment::parse_date_or_moment(&text).ok(), &text)
}

/// As [`date_or_instant`], where one is given.
pub(super) fn maybe<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Moment>, D::Error> {
    date_or_instant(deserializer).map(Some)
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map_err(|_| de::Error::custom("a date stands in quotes"))
}

fn plain<E: de::Error>(moment: Option<Moment>, text: &str) -> Result<Moment, E> {
    moment.filter(Moment::is_plain).ok_or_else(|| {
        let shown: String = text.chars().take(80).collect();
        E::custom(format!(
            "{shown:?} is not a date like 2027-03-05T00:00:00Z: whole seconds, UTC, a day that exists"
        ))
    })
}
