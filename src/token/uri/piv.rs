//! The short URI of a PIV card that is spoken to without a module: `piv:serial=12345678;slot=9c`.
//!
//! It is the same wish as a PKCS#11 URI with the serial, the slot as id, and the manufacturer that only such readers have, so
//! that everything else treats both alike. As strict: unknown and repeated names are refused, and there is nothing to choose
//! code by.

use super::{TokenUri, UriFault, form, number, split};
use crate::token::facts::{SlotFacts, TokenKey};

/// What the readers of such cards tell as their manufacturer.
pub(in crate::token) const MANUFACTURER: &str = "PIV without a module";

impl TokenUri {
    /// The slot of a card that it asks for.
    #[must_use]
    pub fn slot(&self) -> Option<u8> {
        self.id.as_deref().filter(|_| self.is_piv()).and_then(|id| id.first().copied())
    }

    /// The slot for a key that is written so, as in `9c`.
    #[must_use]
    pub fn slot_of(text: &str) -> Option<u8> {
        let bytes = Some(text).filter(|text| text.len() == 2).and_then(|text| hex::decode(text).ok())?;
        bytes.first().copied().filter(|slot| matches!(slot, 0x9a | 0x9c | 0x9d | 0x9e | 0x82..=0x95))
    }

    /// Whether it asks for a card that is spoken to without a module.
    #[must_use]
    pub fn is_piv(&self) -> bool {
        self.slot_manufacturer.as_deref() == Some(MANUFACTURER)
    }
}

/// Reads what stands behind `piv:`.
pub(super) fn parse(rest: &str) -> Result<TokenUri, UriFault> {
    let mut uri = any();
    let mut seen = Vec::new();
    for piece in rest.split(';').filter(|_| !rest.is_empty()) {
        match split(piece, &mut seen)? {
            ("serial", value) => {
                let serial = number::<u32>(value).filter(|_| !value.starts_with('0'));
                uri.serial = Some(serial.ok_or_else(|| form("serial", "a serial number"))?.to_string());
            }
            ("slot", value) => {
                let slot = TokenUri::slot_of(value).map(|slot| vec![slot]);
                uri.id = Some(slot.ok_or_else(|| form("slot", "one of 9a, 9c, 9d, 9e and 82 to 95"))?);
            }
            (name, _) => return Err(UriFault::Unknown { name: name.into() }),
        }
    }
    Ok(uri)
}

/// The short form of a URI that says no more than it can.
pub(super) fn written(uri: &TokenUri) -> Option<String> {
    let short = TokenUri { serial: uri.serial.clone(), id: uri.id.clone(), ..any() };
    if *uri != short {
        return None;
    }
    let serial = uri.serial.as_ref().map(|serial| format!("serial={serial}"));
    let slot = uri.id.as_ref().map(|slot| format!("slot={}", hex::encode(slot)));
    let pieces: Vec<String> = serial.into_iter().chain(slot).collect();
    // Serials and ids of other tokens have more forms than such a URI takes.
    let rest = pieces.join(";");
    (parse(&rest).as_ref() == Ok(uri)).then(|| format!("piv:{rest}"))
}

/// The URI of a card in such a reader, where it tells its serial.
pub(super) fn naming(slot: &SlotFacts, key: Option<&TokenKey>) -> Option<TokenUri> {
    let token = slot.token.as_ref().filter(|_| slot.manufacturer == MANUFACTURER)?;
    Some(TokenUri { serial: Some(token.serial.clone()), id: key.map(|key| key.id.clone()), ..any() })
}

fn any() -> TokenUri {
    TokenUri { slot_manufacturer: Some(MANUFACTURER.into()), ..TokenUri::default() }
}

#[cfg(test)]
mod tests {
    use super::super::super::facts::tests::{a_module, a_slot};
    use super::*;

    #[test]
    fn a_card_and_its_slot_are_named_and_found_again() {
        for text in ["piv:", "piv:serial=12345678", "piv:slot=9c", "piv:serial=12345678;slot=95"] {
            assert_eq!(TokenUri::from_document(text).unwrap().to_string(), text);
        }
        let mut slot = a_slot(0, "YubiKey PIV #7", "7");
        let uri = TokenUri::from_command_line("piv:serial=7").unwrap();
        assert!(!uri.fits_slot(&a_module(), &slot), "a module's token with the same serial");
        slot.manufacturer = MANUFACTURER.into();
        assert!(uri.fits_slot(&a_module(), &slot));
        assert_eq!(TokenUri::naming(&slot, None), uri);
    }

    #[test]
    fn anything_else_behind_piv_is_refused() {
        for text in [
            "piv:serial=",
            "piv:serial=+7",
            "piv:serial=007",
            "piv:serial=99999999999",
            "piv:slot=9b",
            "piv:slot=f9",
            "piv:slot=96",
            "piv:slot=9",
            "piv:slot=zz",
            "piv:serial=1;serial=1",
            "piv:token=alice",
            "piv:serial=1?module-path=/tmp/x.so",
            "piv:serial=1;pin-value=123456",
            "piv:;",
        ] {
            assert!(TokenUri::from_command_line(text).is_err(), "{text}");
        }
    }
}
