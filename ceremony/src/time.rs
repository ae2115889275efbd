//! Instants as TUF writes them (TUF 4.2.3): RFC 3339 with offset and fraction is read, the text is kept, instants
//! are compared, and only whole seconds with `Z` are ever written. It never asks what time it is.

use time::format_description::well_known::Rfc3339;
use time::{OffsetDateTime, UtcOffset};

/// A point in time that remembers how it was spelled.
#[derive(Debug, Clone)]
pub struct Moment {
    text: String,
    at: OffsetDateTime,
}

/// A text is not a date and time by RFC 3339.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a date and time like 2027-03-05T00:00:00Z")]
pub struct NotAMoment {
    /// What was given.
    pub text: String,
}

impl Moment {
    /// Reads RFC 3339 with any offset and fraction, years 0001 to 9999; `T` and `Z` in upper case.
    ///
    /// # Errors
    /// `NotAMoment` for any other text.
    pub fn parse(text: &str) -> Result<Moment, NotAMoment> {
        let fault = || NotAMoment { text: text.chars().take(80).collect() };
        let shape = text.len() >= 20 && text.is_ascii() && text.as_bytes()[10] == b'T' && !text.contains('z');
        if !shape {
            return Err(fault());
        }
        let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| fault())?;
        if at.checked_to_offset(UtcOffset::UTC).is_none_or(|utc| utc.year() < 1) {
            return Err(fault());
        }
        Ok(Moment { text: text.to_owned(), at })
    }

    /// Reads a date alone (`2027-03-05`, its first second in UTC) or a full instant: what a person types.
    ///
    /// # Errors
    /// `NotAMoment` for any other text.
    pub fn parse_date_or_moment(text: &str) -> Result<Moment, NotAMoment> {
        if text.len() == 10 { Moment::parse(&format!("{text}T00:00:00Z")) } else { Moment::parse(text) }
    }

    /// The instant so many seconds after the start of 1970 (UTC), spelled plainly; none outside years 0001 to 9999.
    #[must_use]
    pub fn after_1970(seconds: i64) -> Option<Moment> {
        let at = OffsetDateTime::from_unix_timestamp(seconds).ok().filter(|at| at.year() >= 1)?;
        let moment = Moment { text: String::new(), at };
        Some(Moment { text: moment.written(), ..moment })
    }

    /// The text as it was read.
    #[must_use]
    pub fn spelled(&self) -> &str {
        &self.text
    }

    /// Whole seconds and `Z`, as TUF 4.2.3 asks; fractions are cut.
    #[must_use]
    pub fn written(&self) -> String {
        let utc = self.at.to_offset(UtcOffset::UTC);
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
            utc.year(),
            u8::from(utc.month()),
            utc.day(),
            utc.hour(),
            utc.minute(),
            utc.second()
        )
    }

    /// Whether the text is already in the form that we write.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.text == self.written()
    }

    /// Whole days from another moment to this one; below zero where it is the later.
    #[must_use]
    pub fn days_since(&self, other: &Moment) -> i64 {
        (self.at - other.at).whole_days()
    }

    /// Whether something that expires at `self` is expired at `now` (TUF 5.3.10: not before it).
    #[must_use]
    pub fn is_over_at(&self, now: &Moment) -> bool {
        self.at <= now.at
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Moment) -> bool {
        self.at == other.at
    }
}
impl Eq for Moment {}
impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Moment) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Moment {
    fn cmp(&self, other: &Moment) -> std::cmp::Ordering {
        self.at.cmp(&other.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_and_fractions_are_read_and_written_as_whole_seconds() {
        let cases = [
            ("2021-12-18T13:28:12.99008-06:00", "2021-12-18T19:28:12Z"),
            ("2022-05-11T19:09:02.663975009Z", "2022-05-11T19:09:02Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
        ];
        for (text, written) in cases {
            let at = Moment::parse(text).unwrap();
            assert_eq!((at.spelled(), at.written().as_str()), (text, written));
            assert_eq!(at.is_plain(), text == written);
        }
    }

    #[test]
    fn two_spellings_of_one_moment_are_equal() {
        let a = Moment::parse("2021-12-18T13:28:12-06:00").unwrap();
        assert_eq!(a, Moment::parse("2021-12-18T19:28:12.0Z").unwrap());
        assert!(a < Moment::parse("2021-12-18T19:28:12.5Z").unwrap());
    }

    #[test]
    fn other_texts_are_no_instants() {
        let bad = [
            "",
            "2027-03-05",
            "2027-03-05 00:00:00Z",
            "2027-03-05T00:00:00",
            "2027-03-05t00:00:00z",
            "2027-02-30T00:00:00Z",
            "2027-03-05T24:00:00Z",
            "0000-01-01T00:00:00Z",
            "12027-03-05T00:00:00Z",
            "2027-03-05T00:00:00Z ",
            "9999-12-31T23:59:59-01:00",
            "0001-01-01T00:00:00+01:00",
        ];
        for text in bad {
            assert!(Moment::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_thing_is_over_at_its_very_instant() {
        let at = Moment::parse_date_or_moment("2027-03-05").unwrap();
        assert!(at.is_over_at(&Moment::parse("2027-03-05T00:00:00Z").unwrap()));
        assert!(!at.is_over_at(&Moment::parse("2027-03-04T23:59:59Z").unwrap()));
    }
}
