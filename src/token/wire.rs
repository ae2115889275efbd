//! The questions to the child and its answers, as typed values; the frame says how they travel.

use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::attestation::Attestation;
use super::condition::{Condition, Prepared};
use super::entry::EntryKind;
use super::evidence::KeyEvidence;
use super::facts::{KeyKind, LoginFacts, ModuleFacts, SlotFacts, TokenKey, TokenName};
use super::fault::TokenFault;
use super::in_slot::InSlot;
use super::readers::Reader;
use super::scheme::SignScheme;

/// What the parent asks: first for a module, or for our own code for PIV cards. A PIN follows in a frame of its own where an entry says so, then a signature's message.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum Question {
    Load {
        module: FilePath,
        pinned: Option<String>,
        init: Option<String>,
        network: bool,
    },
    LoadPiv {
        network: bool,
    },
    List,
    Login {
        slot: u64,
        expected: Option<TokenName>,
        entry: EntryKind,
    },
    Sign {
        key: KeyHint,
        scheme: SignScheme,
        again: Option<EntryKind>,
    },
    Generate {
        scheme: SignScheme,
        label: String,
        id: HexBytes,
    },
    Evidence {
        key: KeyHint,
    },
    Attest {
        key: KeyHint,
    },
    Readers,
    /// In a slot of a card that was opened.
    Make {
        scheme: SignScheme,
        new: InSlot,
    },
    Condition {
        slot: u64,
        expected: TokenName,
    },
    /// Of a key on a card that is not opened for it.
    Told {
        slot: u64,
        expected: TokenName,
        key: KeyHint,
    },
    /// A PIN follows, and a PUK where one is new.
    Prepare {
        slot: u64,
        expected: TokenName,
        new_pin: bool,
        new_puk: bool,
    },
    /// The PUK follows, then the new PIN.
    Unblock {
        slot: u64,
        expected: TokenName,
    },
    Close,
}

/// What the child answers; a signature travels as its own kind of frame instead.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum Answer {
    Loaded(ModuleFacts),
    Listed(Vec<SlotFacts>),
    LoggedIn(LoginFacts),
    Generated(TokenKey),
    Evidence(KeyEvidence),
    Attested(Option<Attestation>),
    Readers(Vec<Reader>),
    Condition(Condition),
    Told(KeyEvidence, Option<Attestation>),
    Prepared(Prepared),
    /// How the card stands with its new PIN, if it tells.
    Unblocked(Option<Condition>),
    Closed,
    Fault(TokenFault),
}

/// Bytes in a question.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct HexBytes(#[serde(with = "hex::serde")] pub(super) Vec<u8>);

/// A path with all its bytes; JSON text alone could not hold them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FilePath(#[serde(with = "hex::serde")] Vec<u8>);

impl FilePath {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.as_os_str().as_bytes().to_vec())
    }

    pub(super) fn into_path(self) -> PathBuf {
        OsString::from_vec(self.0).into()
    }
}

/// How a public key's private half is found on the token.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeyHint {
    pub(super) kind: KeyKind,
    pub(super) label: String,
    #[serde(with = "hex::serde")]
    pub(super) id: Vec<u8>,
}

impl KeyHint {
    pub(super) fn of(key: &TokenKey) -> Self {
        Self { kind: key.kind.clone(), label: key.label.clone(), id: key.id.clone() }
    }

    /// The key in words, for a message.
    pub(super) fn words(&self) -> String {
        format!("the {} key \"{}\" with id {}", self.kind, self.label, hex::encode(&self.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_any_bytes_survives_the_wire() {
        let path = PathBuf::from(OsString::from_vec(b"/a \xff\"/\n.so".to_vec()));
        let text = serde_json::to_vec(&Question::Load {
            module: FilePath::new(&path),
            pinned: None,
            init: None,
            network: false,
        })
        .unwrap();
        let Question::Load { module, .. } = serde_json::from_slice(&text).unwrap() else {
            panic!("another question")
        };
        assert_eq!(module.into_path(), path);
    }

    #[test]
    fn an_answer_with_anything_extra_is_refused() {
        for text in [
            r#"{"Loaded":{"manufacturer":"","description":"","version":[1,2],"extra":1}}"#,
            r#"{"Listed":[],"Closed":null}"#,
            r#""Opened""#,
            r#"[[[[[["#,
        ] {
            assert!(serde_json::from_str::<Answer>(text).is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Answer>(r#""Closed""#).is_ok());
    }
}
