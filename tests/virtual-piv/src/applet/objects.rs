//! Data objects: read by anyone but one, written with the management key; certificates are among them.

use super::Applet;
use crate::apdu::{Answer, Status};
use crate::tlv::{find, tlv};

/// The discovery object (SP 800-73-4 part 1, 3.3.2): PIV, with a PIN of its own.
const DISCOVERY: &[u8] = b"\x7e\x12\x4f\x0b\xa0\x00\x00\x03\x08\x00\x00\x10\x00\x01\x00\x5f\x2f\x02\x40\x00";

/// Printed information, which wants the PIN.
const PRINTED: &[u8] = b"\x5f\xc1\x09";

impl Applet {
    pub(super) fn get_data(&self, asked: &[u8]) -> Answer {
        let name = find(asked, 0x5c).ok_or(Status::BAD_DATA)?;
        if name == [0x7e] {
            return Ok(DISCOVERY.to_vec());
        }
        if name == PRINTED && !self.verified {
            return Err(Status::SECURITY);
        }
        self.objects.get(name).map(|object| tlv(&[0x53], object)).ok_or(Status::NOT_FOUND)
    }

    pub(super) fn put_data(&mut self, told: &[u8]) -> Answer {
        if !self.management.authenticated {
            return Err(Status::SECURITY);
        }
        let name = find(told, 0x5c).ok_or(Status::BAD_DATA)?.to_vec();
        match find(told, 0x53).ok_or(Status::BAD_DATA)? {
            [] => self.objects.remove(&name),
            object => self.objects.insert(name, object.to_vec()),
        };
        Ok(Vec::new())
    }

    /// Puts a certificate where clients look for that of a slot.
    pub(crate) fn put_certificate(&mut self, slot: u8, certificate: &[u8]) {
        // Not compressed, and no error detection code.
        let object = [tlv(&[0x70], certificate), tlv(&[0x71], &[0]), tlv(&[0xfe], &[])].concat();
        self.objects.insert(place(slot).to_vec(), object);
    }

    pub(crate) fn certificate(&self, slot: u8) -> Option<&Vec<u8>> {
        self.objects.get(&place(slot)[..])
    }
}

/// The object for the certificate of a slot (SP 800-73-4 part 1, table 3; the maker's for F9).
fn place(slot: u8) -> [u8; 3] {
    match slot {
        0x9a => [0x5f, 0xc1, 0x05],
        0x9c => [0x5f, 0xc1, 0x0a],
        0x9d => [0x5f, 0xc1, 0x0b],
        0x9e => [0x5f, 0xc1, 0x01],
        0x82..=0x95 => [0x5f, 0xc1, 0x0d + (slot - 0x82)],
        _ => [0x5f, 0xff, 0x01],
    }
}
