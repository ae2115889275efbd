//! What the first bytes of a file say: whether it is a library, and whether one for this machine (ELF-64 object file format, the
//! file header). The loader judges the rest.

use std::path::Path;

use crate::files::image::Image;

/// Bytes of a file that are looked at.
pub(super) const HEAD: usize = 20;

/// Most bytes of this program itself.
const PROGRAM: u64 = 1 << 30;

/// Whether this program could load a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It is a library for machines of this kind.
    Loads,
    /// It is one for another kind of machine, or another width.
    OtherMachine,
    /// It is no library.
    NoLibrary,
}

impl Fit {
    /// What a file is that begins like this, where this program's own begins like `ours`; nothing is known of another image's
    /// machine then.
    pub(super) fn of(head: &[u8], ours: &[u8]) -> Fit {
        // Magic, class and byte order; then the kind of file and of machine.
        let (Some(first), Some(kind), Some(machine)) = (head.get(..6), head.get(16..18), head.get(18..20))
        else {
            return Fit::NoLibrary;
        };
        let is_library = matches!((first[5], kind), (1, [3, 0]) | (2, [0, 3]));
        if !first.starts_with(b"\x7fELF") || !is_library {
            return Fit::NoLibrary;
        }
        let same = ours.len() < HEAD || (first == &ours[..6] && machine == &ours[18..20]);
        if same { Fit::Loads } else { Fit::OtherMachine }
    }
}

/// How this program's own file begins; nothing where another machine's files are looked at.
pub(super) fn of_this_program(image: &Image) -> Vec<u8> {
    let ours = Path::new("/proc/self/exe");
    image
        .is_ours()
        .then(|| image.look(ours, PROGRAM, HEAD))
        .and_then(Result::ok)
        .map(|look| look.head)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(class: u8, order: u8, kind: [u8; 2], machine: [u8; 2]) -> Vec<u8> {
        let mut head = b"\x7fELF".to_vec();
        head.extend([class, order]);
        head.resize(16, 0);
        head.extend(kind);
        head.extend(machine);
        head
    }

    #[test]
    fn libraries_are_told_from_programs_scripts_and_other_machines() {
        let ours = head(2, 1, [3, 0], [62, 0]);
        for (other, fit) in [
            (ours.clone(), Fit::Loads),
            (head(2, 1, [3, 0], [183, 0]), Fit::OtherMachine),
            (head(1, 1, [3, 0], [3, 0]), Fit::OtherMachine),
            (head(2, 2, [0, 3], [0, 22]), Fit::OtherMachine),
            (head(2, 1, [2, 0], [62, 0]), Fit::NoLibrary),
            (b"INPUT(libc.so.6) and some more text".to_vec(), Fit::NoLibrary),
            (b"\x7fELF".to_vec(), Fit::NoLibrary),
        ] {
            assert_eq!(Fit::of(&other, &ours), fit, "{other:?}");
        }
        assert_eq!(Fit::of(&head(2, 1, [3, 0], [183, 0]), &[]), Fit::Loads, "nothing to compare with");
    }

    #[test]
    fn this_program_is_for_this_machine() {
        let ours = of_this_program(&Image::ours());
        assert_eq!((ours.len(), &ours[..4]), (HEAD, b"\x7fELF".as_slice()));
    }
}
