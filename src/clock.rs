//! The machine's clock: the only file that asks what time it is. What it says is written down beside what people do and
//! judges nothing (DESIGN 18).

use std::time::{SystemTime, UNIX_EPOCH};

use tuf_ceremony::time::Moment;

/// What the clock says, in whole seconds and `Z`. A clock that stands before 1970 or after 9999 says the nearest of the two.
#[must_use]
pub fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let moment = Moment::after_1970(seconds).map(|moment| moment.spelled().to_owned());
    moment.unwrap_or_else(|| "9999-12-31T23:59:59Z".to_owned())
}
