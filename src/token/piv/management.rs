//! The management key: with it a card makes keys. It is made here at random, nobody is told it, and it is kept on the card in an
//! object that only the PIN opens ("PIN-protected", as the maker's own programs understand it).
//!
//! Promises: a new one is in that object, and was read back from there, before the card is told to use it; so a card that is
//! pulled at any moment still has the old one or one that its PIN opens. The factory's is used only where `prepare` asks for it.
//!
//! Deliberately not taken: the crate's way to derive it from the PIN, which it calls not secure; and a key that a person keeps,
//! because it would lie on paper beside the card.

use yubikey::mgm::{MgmAlgorithmId, MgmKey};
use yubikey::{Error, YubiKey};
use zeroize::{Zeroize, Zeroizing};

use crate::chance;
use crate::token::condition::Became;

/// The object for printed information, which the PIN opens: here the key is kept.
const KEPT: u32 = 0x005f_c109;

/// The object in which the maker's programs note that.
const NOTES: u32 = 0x005f_ff00;

/// Tags of what is kept (0x88, and the key under 0x89), and of the notes (0x80, and flags under 0x81).
const KEPT_TAGS: [u8; 2] = [0x88, 0x89];
const NOTE_TAGS: [u8; 2] = [0x80, 0x81];

/// The flag of a key that is kept so.
const IS_KEPT: u8 = 2;

/// Bytes of a Triple DES or AES-192 key.
const LENGTH: u8 = 24;

/// The cipher's name.
pub(super) fn cipher(number: MgmAlgorithmId) -> &'static str {
    match number {
        MgmAlgorithmId::ThreeDes => "Triple DES",
        MgmAlgorithmId::Aes128 => "AES-128",
        MgmAlgorithmId::Aes192 => "AES-192",
        MgmAlgorithmId::Aes256 => "AES-256",
    }
}

/// Whether the card's notes say that the key is kept on it.
pub(super) fn is_kept(card: &mut YubiKey) -> Result<bool, Error> {
    match card.fetch_object(NOTES) {
        Ok(notes) => {
            Ok(item(&notes, NOTE_TAGS).is_some_and(|flags| flags.first().is_some_and(|f| f & IS_KEPT != 0)))
        }
        Err(error @ Error::PcscError { .. }) => Err(error),
        // No notes, or none that can be read.
        Err(_) => Ok(false),
    }
}

/// Uses the key that is kept on the card; the PIN was verified. False where none is kept, where it is not the one in use, and
/// where it is the factory's, which this program uses in `made_own` alone.
pub(super) fn authenticated(card: &mut YubiKey) -> Result<bool, Error> {
    let key = match MgmKey::get_protected(card) {
        Ok(key) => key,
        Err(error @ Error::PcscError { .. }) => return Err(error),
        Err(_) => return Ok(false),
    };
    let is_factory = MgmKey::get_default(card).is_ok_and(|factory| factory.as_ref() == key.as_ref());
    Ok(!is_factory && accepted(card, &key)?)
}

/// No counter stands behind a management key: a wrong one costs nothing.
fn accepted(card: &mut YubiKey, key: &MgmKey) -> Result<bool, Error> {
    match card.authenticate(key) {
        Ok(()) => Ok(true),
        Err(Error::AuthenticationError | Error::SizeError) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Puts a new key in the place of the factory's, or finds that the PIN opens the one that is there. The PIN was verified.
pub(super) fn made_own(card: &mut YubiKey, is_factory: Option<bool>) -> Result<Became, Error> {
    if authenticated(card)? {
        if is_kept(card)? {
            return Ok(Became::Kept);
        }
        // It was cut off between the key and the note of it.
        MgmKey::get_protected(card)?.set_protected(card)?;
        return noted(card);
    }
    let factory = MgmKey::get_default(card)?;
    if is_factory == Some(false) || !accepted(card, &factory)? {
        // A card that says that it has the factory's, and does not take it, says nothing of somebody else.
        return if is_factory == Some(true) { Err(Error::GenericError) } else { Ok(Became::Foreign) };
    }
    match card.fetch_object(KEPT) {
        Ok(there) if there.first().is_some_and(|tag| *tag != KEPT_TAGS[0]) => return Ok(Became::NoRoom),
        Ok(_) | Err(Error::NotFound) => {}
        // What cannot be read is not written over.
        Err(error) => return Err(error),
    }
    let key = fresh(factory.algorithm_id())?;
    let mut kept = Zeroizing::new(Vec::new());
    kept.extend([KEPT_TAGS[0], LENGTH + 2, KEPT_TAGS[1], LENGTH]);
    kept.extend_from_slice(key.as_ref());
    card.save_object(KEPT, &mut kept)?;
    if card.fetch_object(KEPT)?.as_slice() != kept.as_slice() {
        // The card still has the factory's.
        return Err(Error::InvalidObject);
    }
    key.set_protected(card)?;
    if !authenticated(card)? {
        return Err(Error::KeyError);
    }
    noted(card)
}

/// The crate does not say when it could not write the note.
fn noted(card: &mut YubiKey) -> Result<Became, Error> {
    if is_kept(card)? { Ok(Became::New) } else { Err(Error::InvalidObject) }
}

fn fresh(cipher: MgmAlgorithmId) -> Result<MgmKey, Error> {
    let mut chance = chance::bytes().map_err(|_| Error::GenericError)?;
    let key = MgmKey::from_bytes(&chance[..usize::from(LENGTH)], Some(cipher));
    chance.zeroize();
    key
}

/// An item within the one value of an object: tags of one byte, lengths of one byte.
fn item(object: &[u8], [outer, inner]: [u8; 2]) -> Option<&[u8]> {
    let [tag, length, body @ ..] = object else { return None };
    if *tag != outer || usize::from(*length) != body.len() || *length >= 0x80 {
        return None;
    }
    let mut rest = body;
    while let [tag, length, body @ ..] = rest {
        let (value, behind) = body.split_at_checked(usize::from(*length))?;
        if *tag == inner {
            return Some(value);
        }
        rest = behind;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_found_behind_others_and_never_past_the_end() {
        let notes = [0x80, 9, 0x83, 4, 1, 2, 3, 4, 0x81, 1, 2];
        assert_eq!(item(&notes, NOTE_TAGS), Some(&[2][..]));
        assert_eq!(item(&notes[..10], NOTE_TAGS), None, "cut short");
        assert_eq!(item(&[0x80, 3, 0x81, 4, 2], NOTE_TAGS), None, "longer than what is there");
        assert_eq!(item(&[0x88, 3, 0x81, 1, 2], NOTE_TAGS), None, "another object");
        assert_eq!(item(&[], NOTE_TAGS), None);
    }

    #[test]
    fn no_two_keys_agree() {
        for cipher in [MgmAlgorithmId::ThreeDes, MgmAlgorithmId::Aes192] {
            let keys = [fresh(cipher).unwrap(), fresh(cipher).unwrap()];
            assert_ne!(keys[0].as_ref(), keys[1].as_ref());
            assert_eq!((keys[0].algorithm_id(), keys[0].as_ref().len()), (cipher, usize::from(LENGTH)));
        }
    }
}
