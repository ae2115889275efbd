//! Over which fields of a key object producers compute key ids. The specification says the whole object (TUF
//! 4.2); the wild differs (TUF-INTEROP 3), so all known ways are tried and the ones that fit are named. This file
//! hashes nothing: the canonical form belongs to the room that holds the document.

use std::fmt;

/// One known way to choose the fields whose canonical form is hashed into a key id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preimage {
    /// The object as it stands, unknown fields and all: the specification, tough, tuf-on-ci, go-tuf.
    Whole,
    /// The three fields of the specification only: python-tuf, securesystemslib, RSTUF.
    Three,
    /// The three and `keyid_hash_algorithms`: go-tuf's old keys after another tool added fields of its own.
    ThreeAndHashAlgorithms,
}

impl Preimage {
    /// All known ways, the specification's first.
    pub const ALL: [Self; 3] = [Self::Whole, Self::Three, Self::ThreeAndHashAlgorithms];

    /// The name under which reports list it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Whole => "as-is",
            Self::Three => "keytype+scheme+keyval",
            Self::ThreeAndHashAlgorithms => "keytype+scheme+keyval+keyid_hash_algorithms",
        }
    }

    /// The top-level fields to keep, or `None` for all. Fields that the object lacks are left out, not invented;
    /// what stands inside a kept field is kept whole.
    pub fn fields(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Whole => None,
            Self::Three => Some(&["keytype", "scheme", "keyval"]),
            Self::ThreeAndHashAlgorithms => Some(&["keytype", "scheme", "keyval", "keyid_hash_algorithms"]),
        }
    }

    /// A field without which this way says nothing of its own and is not tried.
    pub fn needs(self) -> Option<&'static str> {
        match self {
            Self::Whole | Self::Three => None,
            Self::ThreeAndHashAlgorithms => Some("keyid_hash_algorithms"),
        }
    }

    /// Whether this way hashes the field of this name.
    pub fn keeps(self, field: &str) -> bool {
        self.fields().is_none_or(|fields| fields.contains(&field))
    }
}

impl fmt::Display for Preimage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
