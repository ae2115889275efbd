//! The only file that asks the wall clock. What it says is written beside what happened; nothing is judged by it, because a
//! machine that is kept in a safe has a wrong clock (DESIGN 18).

use std::time::{SystemTime, UNIX_EPOCH};

use tuf_ceremony::time::Moment;

/// What the machine's clock says now: whole seconds and `Z`. A clock beyond the year 9999 or before 1970 says the last or the
/// first second that it can.
pub fn now() -> String {
    written(SystemTime::now())
}

fn written(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(seconds)
        .ok()
        .and_then(Moment::after_1970)
        .map_or_else(|| "9999-12-31T23:59:59Z".to_owned(), |moment| moment.written())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_clock_speaks_in_whole_seconds_of_utc() {
        let after = |seconds: u64| written(UNIX_EPOCH + Duration::from_millis(seconds * 1000 + 999));
        assert_eq!(after(0), "1970-01-01T00:00:00Z");
        assert_eq!(after(1_804_204_800), "2027-03-05T00:00:00Z");
        assert!(Moment::parse(&now()).unwrap().is_plain());
    }

    #[test]
    fn a_clock_that_is_far_off_still_gives_a_date() {
        assert_eq!(written(UNIX_EPOCH - Duration::from_secs(1)), "1970-01-01T00:00:00Z");
        assert_eq!(written(UNIX_EPOCH + Duration::from_secs(1 << 40)), "9999-12-31T23:59:59Z");
    }
}
