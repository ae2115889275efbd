//! Whether the machine's random generator has started: salts and nonces come from it. Keys are made on tokens and need none of it.

use super::Line;
use crate::chance;
use crate::files::kernel::Kernel;
use crate::operator::clean::bare;
use crate::operator::wording::doctor as said;

/// Most bytes of a name.
const TEXT: usize = 256;

/// Whether it has, and whether the machine has a source of its own in hardware.
#[must_use]
pub fn chance(kernel: &Kernel) -> Line {
    line(chance::is_ready(), source(kernel).as_deref())
}

fn line(is_ready: bool, source: Option<&str>) -> Line {
    let source = source.map(bare);
    if is_ready {
        Line::ok("chance", said::chance(source.as_deref()))
    } else {
        Line::bad("chance", said::NO_CHANCE_YET, said::GIVE_IT_TIME)
    }
}

/// What the kernel draws on beside its own timings.
fn source(kernel: &Kernel) -> Option<String> {
    let current = kernel.says("sys/class/misc/hw_random/rng_current", TEXT);
    let current = current.filter(|name| !name.is_empty() && name != "none");
    current.or_else(|| kernel.names("sys/class/tpm").into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Standing;

    #[test]
    fn a_generator_that_has_not_started_is_bad_and_a_source_of_its_own_is_named() {
        assert_eq!(line(false, None).standing, Standing::Bad);
        assert_eq!(line(true, None).standing, Standing::Ok);
        assert!(line(true, Some("tpm-rng-0")).says.contains("tpm-rng-0"));
        let root = tempfile::tempdir().unwrap();
        let kernel = Kernel::under(root.path());
        assert_eq!(source(&kernel), None);
        std::fs::create_dir_all(root.path().join("sys/class/tpm/tpm0")).unwrap();
        assert_eq!(source(&kernel).as_deref(), Some("tpm0"));
        let hardware = root.path().join("sys/class/misc/hw_random");
        std::fs::create_dir_all(&hardware).unwrap();
        std::fs::write(hardware.join("rng_current"), "none\n").unwrap();
        assert_eq!(source(&kernel).as_deref(), Some("tpm0"));
        std::fs::write(hardware.join("rng_current"), "virtio_rng.0\n").unwrap();
        assert_eq!(source(&kernel).as_deref(), Some("virtio_rng.0"));
    }

    #[test]
    fn the_generator_of_this_machine_has_started() {
        assert_eq!(chance(&Kernel::here()).standing, Standing::Ok);
    }
}
