//! A key in an encrypted file, where a visit asks for one on a token: its passphrase stands for the PIN.

use std::path::Path;

use tuf_ceremony::key::{Fingerprint, Scheme};
use tuf_ceremony::signable::Signable;

use super::DeskFault;
use super::attention::Attention;
use super::signer::{HeldKey, TokenSigner};
use crate::operator::clean::quoted_path;
use crate::operator::wording::{keys as said, visiting};
use crate::token::keyfile::{KeyFile, OpenKey};
use crate::token::{Entry, PinTries};

/// A key file on the desk.
pub struct InFile {
    file: KeyFile,
    name: String,
    held: Vec<HeldKey>,
    open: Option<OpenKey>,
}

impl InFile {
    /// The key of this file, closed; `path` is what people call it.
    #[must_use]
    pub fn of(file: KeyFile, path: &Path) -> InFile {
        let name = said::key_file(&quoted_path(path));
        let held = HeldKey {
            key: file.fingerprint(),
            kind: file.public().kind(),
            label: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            uri: uri(&file),
        };
        InFile { file, name, held: vec![held], open: None }
    }
}

/// A file has no serial; what it is called on one machine says nothing on another, so it is named by its key.
fn uri(file: &KeyFile) -> String {
    format!("key-file:{}", file.fingerprint())
}

impl TokenSigner for InFile {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn secret(&self) -> String {
        said::passphrase_that_opens(&self.name)
    }

    fn opened_by(&self) -> &'static str {
        visiting::PASSPHRASE
    }

    fn uri(&self) -> String {
        uri(&self.file)
    }

    fn keys(&self) -> &[HeldKey] {
        &self.held
    }

    fn tries(&self) -> Option<PinTries> {
        None
    }

    fn has_keypad(&self) -> bool {
        false
    }

    fn is_software(&self) -> bool {
        true
    }

    fn asks_each_time(&self, _: Fingerprint) -> bool {
        false
    }

    fn tells_how_often(&self, _: Fingerprint) -> bool {
        true
    }

    fn takes(&self, _: Fingerprint, _: &Signable<'_>) -> Result<(), DeskFault> {
        Ok(())
    }

    fn open(&mut self, entry: Entry, _: &mut Attention<'_, '_>) -> Result<(), DeskFault> {
        // Nothing here has a keypad, so nothing but a passphrase is given.
        if let Entry::Pin(passphrase) = entry {
            self.open = Some(self.file.open(&passphrase)?);
        }
        Ok(())
    }

    fn sign(
        &mut self,
        key: Fingerprint,
        scheme: Scheme,
        signable: &Signable<'_>,
        _: Option<Entry>,
        _: &mut Attention<'_, '_>,
    ) -> Result<Vec<u8>, DeskFault> {
        let public = self.file.public();
        if key != public.fingerprint() {
            return Err(DeskFault::KeyGone { key });
        }
        if scheme != public.scheme() {
            return Err(DeskFault::NoWayToSign { kind: public.kind(), scheme: scheme.name().to_owned() });
        }
        self.open.as_ref().map(|open| open.sign(signable)).ok_or(DeskFault::KeyGone { key })
    }
}
