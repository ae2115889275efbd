//! Keys in files (`docs/spec/key-file.md`), for online roles and rehearsals: made, carded and tested like those on tokens, with
//! a passphrase for a PIN.

use tuf_ceremony::card::{Card, Claims};
use tuf_ceremony::key::Scheme;
use tuf_ceremony::signable::Signable;

use super::card::{Whose, about};
use super::sitting::asked;
use super::{KeysFault, evidence};
use crate::chance;
use crate::operator::Operator;
use crate::operator::screen::Screen;
use crate::operator::wording::keys as said;
use crate::passphrase::Passphrase;
use crate::report::columns::fact;
use crate::report::{self, card as shown};
use crate::token::keyfile::KeyFile;

/// A file with a key, the person who opens it, and her screen.
pub struct Desk<'s, 'o> {
    /// What the file is called, cleaned.
    pub name: &'s str,
    /// Where its passphrase comes from.
    pub passphrase: &'s Passphrase,
    /// Whoever answers.
    pub person: &'s mut dyn Operator,
    /// Where she reads.
    pub screen: &'s mut Screen<'o>,
}

impl Desk<'_, '_> {
    /// A new key, and the text of its file. Nothing is written here.
    ///
    /// # Errors
    /// Without consent, a passphrase, or chance.
    pub fn make(&mut self, scheme: Scheme) -> Result<(KeyFile, String), KeysFault> {
        self.screen.heading(said::A_NEW_FILE)?;
        fact(self.screen, said::FILE, self.name)?;
        fact(self.screen, said::SCHEME, scheme.name())?;
        self.screen.line(said::FILES_ARE_FOR)?;
        self.screen.blank()?;
        self.agreed(said::to_make_type, said::MAKE_FILE_PHRASE)?;
        let passphrase =
            self.passphrase.make(self.person, &said::new_passphrase(self.name), said::PASSPHRASE_AGAIN)?;
        let chance = || chance::bytes().map_err(|fault| fault.to_string());
        let (file, text) = KeyFile::make(scheme, &passphrase, chance)?;
        self.screen.blank()?;
        self.screen.heading(&said::made_in_file(&file.public().kind(), self.name))?;
        report::fingerprint(self.screen, file.fingerprint())?;
        Ok((file, text))
    }

    /// The card of the key: a machine's, or one of a rehearsal.
    ///
    /// # Errors
    /// [`KeysFault::FileOfAPerson`], without consent or the passphrase, or because the file is damaged.
    pub fn card(&mut self, file: &KeyFile, whose: &Whose) -> Result<Card, KeysFault> {
        if !whose.rehearsal && !whose.holders.is_empty() {
            return Err(KeysFault::FileOfAPerson);
        }
        let Whose { holders, rehearsal } = whose.clone();
        let unsigned =
            Card::unsigned(file.public(), Claims { holders, token: None, evidence: None, rehearsal })?;
        self.screen.heading(said::A_CARD)?;
        shown::whose(self.screen, &whose.holders, whose.rehearsal)?;
        fact(self.screen, said::FILE, self.name)?;
        about(self.screen, file.public())?;
        self.screen.blank()?;
        let phrase = said::card_phrase(&file.fingerprint().to_string()[..8]);
        self.agreed(said::to_card_type, &phrase)?;
        let proof = self.signed(file, &Signable::card(&unsigned))?;
        unsigned.prove(&proof).map_err(KeysFault::WrongSignature)
    }

    /// Tests that the passphrase opens the file and the key signs; nothing is kept.
    ///
    /// # Errors
    /// As [`Desk::card`].
    pub fn test(&mut self, file: &KeyFile, whose: &Whose, nonce: &[u8; 32]) -> Result<(), KeysFault> {
        let Whose { holders, rehearsal } = whose.clone();
        let evidence = Some(evidence::of_a_test(nonce)?);
        let unsigned = Card::unsigned(file.public(), Claims { holders, token: None, evidence, rehearsal })?;
        self.screen.heading(said::A_FILE_TEST)?;
        fact(self.screen, said::FILE, self.name)?;
        about(self.screen, file.public())?;
        self.screen.line(said::NOTHING_IS_KEPT)?;
        self.screen.blank()?;
        let phrase = said::test_phrase(&file.fingerprint().to_string()[..8]);
        self.agreed(said::to_test_type, &phrase)?;
        let proof = self.signed(file, &Signable::card(&unsigned))?;
        unsigned.prove(&proof).map(|_| ()).map_err(KeysFault::WrongSignature)
    }

    fn agreed(&mut self, to: fn(&str) -> String, phrase: &str) -> Result<(), KeysFault> {
        if asked(self.person, self.screen, &to(phrase), phrase)? { Ok(()) } else { Err(KeysFault::Declined) }
    }

    fn signed(&mut self, file: &KeyFile, signable: &Signable<'_>) -> Result<Vec<u8>, KeysFault> {
        let passphrase = self.passphrase.read(self.person, &said::passphrase_of(self.name))?;
        Ok(file.open(&passphrase)?.sign(signable))
    }
}
