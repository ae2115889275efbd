//! The words of a verb, as somebody would type them. A value stands with its option, so that one which begins with a hyphen is
//! no option, and places stand behind `--`.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::cli::{AttestationRoots, ModuleChoice};
use crate::desk::table::Access;
use crate::operator::clean::visible_bytes;

/// A verb with its options and places.
pub(super) struct Words {
    options: Vec<OsString>,
    places: Vec<OsString>,
}

impl Words {
    /// A verb.
    pub(super) fn of(verb: &[&str]) -> Words {
        Words { options: verb.iter().map(OsString::from).collect(), places: Vec::new() }
    }

    /// An option that says all by its name.
    pub(super) fn flag(mut self, name: &str) -> Words {
        self.options.push(name.into());
        self
    }

    /// An option and its value.
    pub(super) fn option(mut self, name: &str, value: impl AsRef<OsStr>) -> Words {
        let mut word = OsString::from(name);
        word.push("=");
        word.push(value);
        self.options.push(word);
        self
    }

    /// The same, where there is a value.
    pub(super) fn maybe(self, name: &str, value: Option<impl AsRef<OsStr>>) -> Words {
        match value {
            Some(value) => self.option(name, value),
            None => self,
        }
    }

    /// The modules of this machine.
    pub(super) fn module(self, module: &ModuleChoice) -> Words {
        let named =
            self.maybe("--profile", module.profile.as_ref()).maybe("--module", module.module.as_ref());
        module.env.iter().fold(named, |words, name| words.option("--module-env", name))
    }

    /// By whose word keys on PIV cards are proven.
    pub(super) fn roots(self, roots: &AttestationRoots) -> Words {
        roots.attestation_roots.iter().fold(self, |words, file| words.option("--attestation-root", file))
    }

    /// The devices of a folder.
    pub(super) fn devices(self, access: &Access) -> Words {
        self.maybe("--mirror", access.mirror.as_ref()).maybe("--one-device", access.one_device.as_ref())
    }

    /// A file or folder that is meant.
    pub(super) fn place(mut self, place: impl AsRef<OsStr>) -> Words {
        self.places.push(place.as_ref().to_owned());
        self
    }

    /// As the command line takes them.
    pub(super) fn typed(self, plain: bool) -> Vec<OsString> {
        let plain = plain.then(|| OsString::from("--plain"));
        let places = (!self.places.is_empty()).then(|| OsString::from("--")).into_iter().chain(self.places);
        [OsString::from("conclave")].into_iter().chain(self.options).chain(plain).chain(places).collect()
    }

    /// The words as a person can type them, behind the name of the program.
    pub(super) fn shown(&self) -> Vec<String> {
        let shown = |word: &OsString| visible_bytes(word.as_encoded_bytes()).into_owned();
        let behind = self.places.iter().any(|place| place.as_encoded_bytes().starts_with(b"-"));
        let behind = behind.then(|| "--".to_owned());
        self.options.iter().map(shown).chain(behind).chain(self.places.iter().map(shown)).collect()
    }
}

/// The folder's own name, for files that are named after it.
pub(super) fn name_of(folder: &Path) -> String {
    folder.file_name().map_or_else(|| "ceremony".to_owned(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_with_their_options_and_places_behind_a_double_hyphen() {
        let words = Words::of(&["note"]).option("--as", "-x").flag("--incident").place("-a").place("b c");
        assert_eq!(words.shown(), ["note", "--as=-x", "--incident", "--", "-a", "b c"]);
        let typed: Vec<OsString> = words.typed(true);
        assert_eq!(typed, ["conclave", "note", "--as=-x", "--incident", "--plain", "--", "-a", "b c"]);
    }
}
