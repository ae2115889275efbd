//! Keys in slots: made, told, attested and used.

use super::Applet;
use crate::apdu::{Answer, Command, Status};
use crate::certificate::{self, Attested};
use crate::key::{Algorithm, Origin, PinPolicy, PrivateKey, TouchPolicy};
use crate::pins::Counter;
use crate::tlv::{find, tlv};

/// A key and the conditions for its use.
#[derive(Clone)]
pub(crate) struct Slot {
    pub(crate) key: PrivateKey,
    pub(crate) pin: PinPolicy,
    pub(crate) touch: TouchPolicy,
    pub(crate) origin: Origin,
}

/// A signature whose PIN was checked, and which may yet want a touch.
pub(crate) struct Signing {
    pub(crate) slot: Slot,
    pub(crate) given: Vec<u8>,
}

/// Slots for keys that sign; F9 is the card's own.
pub(crate) fn is_slot(number: u8) -> bool {
    matches!(number, 0x9a | 0x9c | 0x9d | 0x9e | 0x82..=0x95)
}

impl Applet {
    /// The first half of GENERAL AUTHENTICATE with a slot: the right to use it.
    pub(crate) fn begin_signing(&mut self, command: &Command) -> Result<Signing, Status> {
        let just_verified = std::mem::take(&mut self.just_verified);
        let template = find(&command.data, 0x7c).ok_or(Status::BAD_DATA)?;
        let given = find(template, 0x81).ok_or(Status::BAD_DATA)?;
        let slot = self.slots.get(&command.p2).ok_or(Status::BAD_DATA)?;
        if slot.key.algorithm().number() != command.p1 {
            return Err(Status::BAD_DATA);
        }
        let allowed = match slot.pin {
            PinPolicy::Never => true,
            PinPolicy::Once => self.verified,
            PinPolicy::Always => just_verified,
        };
        if !allowed {
            return Err(Status::SECURITY);
        }
        Ok(Signing { slot: slot.clone(), given: given.to_vec() })
    }

    pub(super) fn generate(&mut self, number: u8, data: &[u8]) -> Answer {
        if !self.management.authenticated {
            return Err(Status::SECURITY);
        }
        if !is_slot(number) {
            return Err(Status::BAD_SLOT);
        }
        let template = find(data, 0xac).ok_or(Status::BAD_DATA)?;
        let one = |tag| match find(template, tag) {
            None => Ok(None),
            Some([byte]) => Ok(Some(*byte)),
            Some(_) => Err(Status::BAD_DATA),
        };
        let algorithm = one(0x80)?.and_then(Algorithm::of).ok_or(Status::BAD_DATA)?;
        if !self.firmware.algorithms.contains(&algorithm) {
            return Err(Status::BAD_DATA);
        }
        let pin = match one(0xaa)?.filter(|policy| *policy != 0) {
            Some(policy) => PinPolicy::of(policy).ok_or(Status::BAD_DATA)?,
            None => usual_pin_policy(number),
        };
        let touch = match one(0xab)?.filter(|policy| *policy != 0) {
            Some(policy) => TouchPolicy::of(policy).ok_or(Status::BAD_DATA)?,
            None => TouchPolicy::Never,
        };
        let key = PrivateKey::generate(algorithm)?;
        let told = tlv(&[0x7f, 0x49], &key.told());
        self.slots.insert(number, Slot { key, pin, touch, origin: Origin::Generated });
        Ok(told)
    }

    pub(super) fn metadata(&self, number: u8) -> Answer {
        match number {
            0x80 => Ok(of_counter(&self.pin)),
            0x81 => Ok(of_counter(&self.puk)),
            0x9b => Ok(self.management.metadata()),
            _ => self.slots.get(&number).map(of_slot).ok_or(Status::NO_REFERENCE),
        }
    }

    pub(super) fn attest(&self, number: u8) -> Answer {
        let slot = self.slots.get(&number).ok_or(Status::NO_REFERENCE)?;
        // Of a key that came from outside the card knows nothing.
        if slot.origin == Origin::Imported {
            return Err(Status::BAD_DATA);
        }
        Ok(self.attestation(number, slot))
    }

    pub(crate) fn attestation(&self, number: u8, slot: &Slot) -> Vec<u8> {
        certificate::attest(&Attested {
            slot: number,
            spki: &slot.key.spki(),
            pin: slot.pin,
            touch: slot.touch,
            serial: self.serial,
            firmware: self.firmware,
        })
    }
}

/// What a slot gets when nothing else is asked for.
fn usual_pin_policy(number: u8) -> PinPolicy {
    match number {
        0x9c => PinPolicy::Always,
        0x9e => PinPolicy::Never,
        _ => PinPolicy::Once,
    }
}

pub(crate) fn of_slot(slot: &Slot) -> Vec<u8> {
    [
        tlv(&[1], &[slot.key.algorithm().number()]),
        tlv(&[2], &[slot.pin as u8, slot.touch as u8]),
        tlv(&[3], &[slot.origin as u8]),
        tlv(&[4], &slot.key.told()),
    ]
    .concat()
}

fn of_counter(counter: &Counter) -> Vec<u8> {
    let default = u8::from(counter.is_default());
    [tlv(&[1], &[0xff]), tlv(&[5], &[default]), tlv(&[6], &[counter.most(), counter.left()])].concat()
}
