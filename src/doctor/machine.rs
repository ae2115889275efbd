//! This machine: its clock, core dumps, memory that can be locked, and a terminal.

use std::io;

use tuf_ceremony::time::Moment;

use super::Line;
use crate::files::kernel::Kernel;
use crate::operator::clean::quoted;
use crate::operator::terminal;
use crate::operator::wording::{counted, doctor as said};
use crate::pin::{self, Pin};

/// Where the kernel says what becomes of a core dump.
const CORE_PATTERN: &str = "proc/sys/kernel/core_pattern";

/// Most bytes of it that are read.
const PATTERN: usize = 256;

/// What the clock says, beside the date that a person stated.
///
/// # Panics
/// Never: the clock speaks in moments.
#[must_use]
pub fn clock(now: &str, stated: Option<&Moment>) -> Line {
    let Some(stated) = stated else { return Line::ok("clock", said::clock(now)) };
    let read = Moment::parse(now).expect("our clock speaks in moments");
    match read.days_since(stated) {
        0 => Line::ok("clock", said::clock_agrees(now)),
        days => {
            let away = counted(days.unsigned_abs(), "day", "days");
            Line::finding("clock", said::clock_differs(now, &away, days > 0), said::SET_THE_CLOCK)
        }
    }
}

/// Whether a crash of ours could leave a PIN in a file.
#[must_use]
pub fn core_dumps(kernel: &Kernel) -> Vec<Line> {
    let forbidden = pin::forbid_dumps().and_then(|()| pin::dumps_are_forbidden());
    let pattern = kernel.says(CORE_PATTERN, PATTERN);
    vec![forbidden_dumps(&forbidden), where_dumps_go(pattern.as_deref())]
}

fn forbidden_dumps(forbidden: &io::Result<bool>) -> Line {
    match forbidden {
        Ok(true) => Line::ok("core dumps", said::NO_DUMPS),
        Ok(false) => Line::bad("core dumps", said::DUMPS, said::TYPE_NO_PIN_HERE),
        Err(why) => {
            let says = said::because(said::DUMPS, &quoted(&why.to_string(), 120));
            Line::bad("core dumps", says, said::TYPE_NO_PIN_HERE)
        }
    }
}

fn where_dumps_go(pattern: Option<&str>) -> Line {
    match pattern {
        None => Line::finding("core dumps", said::NO_PATTERN, said::LOOK_AT_THE_PATTERN),
        Some(program) if program.starts_with('|') => {
            let says = said::dumps_to_a_program(&quoted(program, 120));
            Line::finding("core dumps", says, said::TURN_DUMPS_OFF)
        }
        Some(file) => Line::ok("core dumps", said::dumps_to_a_file(&quoted(file, 120))),
    }
}

/// Whether the page of a PIN can be kept out of the swap.
#[must_use]
pub fn locked_memory() -> Line {
    locked(Pin::new().map(drop), pin::lockable())
}

fn locked(tried: io::Result<()>, limit: Option<u64>) -> Line {
    match tried {
        Ok(()) => Line::ok("locked memory", said::memory_locks(limit)),
        Err(why) => {
            let says = said::because(said::MEMORY_DOES_NOT_LOCK, &quoted(&why.to_string(), 120));
            Line::bad("locked memory", says, said::RAISE_THE_LIMIT)
        }
    }
}

/// Whether somebody can be asked.
#[must_use]
pub fn terminal() -> Line {
    at(terminal::is_there())
}

fn at(is_there: bool) -> Line {
    if is_there {
        Line::ok("terminal", said::TERMINAL)
    } else {
        Line::finding("terminal", said::NO_TERMINAL, said::SIT_AT_A_TERMINAL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Standing;

    #[test]
    fn a_clock_that_is_days_away_from_the_stated_date_is_a_finding() {
        let day = Moment::parse_date_or_moment("2027-03-05").unwrap();
        for (now, standing, words) in [
            ("2027-03-05T23:59:59Z", Standing::Ok, "agrees"),
            ("2027-03-08T09:00:00Z", Standing::Finding, "3 days after"),
            ("2026-03-05T00:00:00Z", Standing::Finding, "365 days before"),
        ] {
            let line = clock(now, Some(&day));
            assert_eq!(line.standing, standing);
            assert!(line.says.contains(words) && line.says.contains(now), "{}", line.says);
        }
        assert_eq!(clock("2027-03-05T23:59:59Z", None).standing, Standing::Ok);
    }

    #[test]
    fn dumps_that_are_not_forbidden_are_bad_and_those_that_go_to_a_program_a_finding() {
        assert_eq!(forbidden_dumps(&Ok(true)).standing, Standing::Ok);
        assert_eq!(forbidden_dumps(&Ok(false)).standing, Standing::Bad);
        assert_eq!(forbidden_dumps(&Err(io::ErrorKind::PermissionDenied.into())).standing, Standing::Bad);
        for (pattern, standing) in [
            (Some("core"), Standing::Ok),
            (Some("|/usr/share/apport/apport %p"), Standing::Finding),
            (None, Standing::Finding),
        ] {
            assert_eq!(where_dumps_go(pattern).standing, standing);
        }
    }

    #[test]
    fn a_page_that_cannot_be_locked_is_bad_and_a_missing_terminal_a_finding() {
        let refused = locked(Err(io::ErrorKind::OutOfMemory.into()), Some(0));
        assert_eq!((refused.standing, refused.now.as_deref()), (Standing::Bad, Some(said::RAISE_THE_LIMIT)));
        assert_eq!(locked(Ok(()), Some(8192)).standing, Standing::Ok);
        assert_eq!((at(true).standing, at(false).standing), (Standing::Ok, Standing::Finding));
    }

    #[test]
    fn this_process_forbids_its_dumps_and_locks_a_page() {
        let standings: Vec<Standing> = core_dumps(&Kernel::here()).iter().map(|line| line.standing).collect();
        assert_eq!(standings[0], Standing::Ok);
        assert_eq!(locked_memory().standing, Standing::Ok);
    }
}
