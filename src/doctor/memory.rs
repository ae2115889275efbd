//! Where memory could end up: in a swap, on the disk of a machine that is put to sleep, in another program of this account. Our own
//! pages for PINs are locked; the copies of a vendor's module are its own.

use super::Line;
use crate::files::kernel::Kernel;
use crate::operator::clean::quoted;
use crate::operator::wording::doctor as said;
use crate::report::NAME;

/// Most bytes that are read of each.
const TEXT: usize = 16 << 10;

/// A swap that is memory itself, compressed.
const IN_MEMORY: &str = "/dev/zram";

/// A machine that runs for longer may hold what somebody left behind.
const LONG: u64 = 24 * 60 * 60;

/// Whether memory could be written to a disk.
#[must_use]
pub fn swap(kernel: &Kernel) -> Vec<Line> {
    let Some(table) = kernel.says("proc/swaps", TEXT) else {
        return vec![Line::finding("swap", said::SWAP_UNTOLD, said::TURN_SWAP_OFF)];
    };
    let swaps = table.lines().skip(1).filter_map(|line| line.split_whitespace().next());
    let (in_memory, on_disk): (Vec<&str>, Vec<&str>) = swaps.partition(|place| place.starts_with(IN_MEMORY));
    let places: Vec<String> = on_disk.iter().map(|place| quoted(place, NAME)).collect();
    let line = match (places.is_empty(), in_memory.is_empty()) {
        (true, true) => Line::ok("swap", said::NO_SWAP),
        (true, false) => Line::ok("swap", said::SWAP_IN_MEMORY),
        (false, _) => Line::finding("swap", said::swaps_to(&places.join(", ")), said::TURN_SWAP_OFF),
    };
    let sleeps = kernel.says("sys/power/state", TEXT).unwrap_or_default();
    let sleeps_to_disk = sleeps.split_whitespace().any(|way| way == "disk");
    // It sleeps to its swap.
    let sleep = match (sleeps_to_disk, places.is_empty()) {
        (true, false) => Line::finding("sleep", said::SLEEPS_TO_DISK, said::DO_NOT_CLOSE_THE_LID),
        (true, true) => Line::ok("sleep", said::SLEEPS_NOWHERE),
        (false, _) => Line::ok("sleep", said::SLEEPS_NOT),
    };
    vec![line, sleep]
}

/// Whether programs of one account may look into each other.
#[must_use]
pub fn other_programs(kernel: &Kernel) -> Line {
    match kernel.says("proc/sys/kernel/yama/ptrace_scope", TEXT).as_deref() {
        None => Line::finding("programs", said::LOOK_INTO_EACH_OTHER, said::NOBODY_ELSE_HERE),
        Some("0") => Line::finding("programs", said::LOOK_INTO_EACH_OTHER, said::RAISE_THE_SCOPE),
        Some(_) => Line::ok("programs", said::LOOK_INTO_NONE),
    }
}

/// How long the machine has been running.
#[must_use]
pub fn running(kernel: &Kernel) -> Option<Line> {
    let text = kernel.says("proc/uptime", 64)?;
    let seconds: u64 = text.split(['.', ' ']).next()?.parse().ok()?;
    let says = said::has_run_for(seconds);
    Some(match seconds {
        LONG.. => Line::finding("running", says, said::START_IT_ANEW),
        _ => Line::ok("running", says),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Standing;

    fn machine(files: &[(&str, &str)]) -> (tempfile::TempDir, Kernel) {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let kernel = Kernel::under(root.path());
        (root, kernel)
    }

    #[test]
    fn a_swap_on_a_disk_is_worth_knowing_and_one_in_memory_is_not() {
        let head = "Filename Type Size Used Priority\n";
        let (zram, disk) = ("/dev/zram0 partition 1 0 100\n", "/dev/sda2 partition 9 0 -2\n");
        for (rows, state, standings) in [
            ("", "freeze mem disk\n", [Standing::Ok, Standing::Ok]),
            (zram, "freeze mem disk\n", [Standing::Ok, Standing::Ok]),
            (disk, "freeze mem disk\n", [Standing::Finding, Standing::Finding]),
            (disk, "freeze mem\n", [Standing::Finding, Standing::Ok]),
            (&format!("{zram}{disk}"), "", [Standing::Finding, Standing::Ok]),
        ] {
            let (_root, kernel) =
                machine(&[("proc/swaps", &format!("{head}{rows}")), ("sys/power/state", state)]);
            let lines = swap(&kernel);
            assert_eq!([lines[0].standing, lines[1].standing], standings, "{rows}{state}");
            assert_eq!(lines[0].says.contains("/dev/sda2"), rows.contains("sda2"), "{}", lines[0].says);
        }
        assert_eq!(swap(&machine(&[]).1)[0].standing, Standing::Finding, "nothing is told");
    }

    #[test]
    fn programs_that_may_look_into_each_other_and_a_machine_that_runs_for_long_are_worth_knowing() {
        for (scope, standing) in [("0\n", Standing::Finding), ("1\n", Standing::Ok), ("3\n", Standing::Ok)] {
            let (_root, kernel) = machine(&[("proc/sys/kernel/yama/ptrace_scope", scope)]);
            assert_eq!(other_programs(&kernel).standing, standing, "{scope}");
        }
        assert_eq!(other_programs(&machine(&[]).1).standing, Standing::Finding);
        for (uptime, standing, words) in [
            ("3723.55 100.00\n", Standing::Ok, "1 hour"),
            ("86399.99 1.0\n", Standing::Ok, "23 hours"),
            ("172800.10 1.0\n", Standing::Finding, "2 days"),
        ] {
            let (_root, kernel) = machine(&[("proc/uptime", uptime)]);
            let line = running(&kernel).unwrap();
            assert_eq!(line.standing, standing, "{uptime}");
            assert!(line.says.contains(words), "{}", line.says);
        }
        assert_eq!(running(&machine(&[]).1), None);
    }
}
