//! The card's inside: the PIV applet with the maker's extensions, and as much of two others as clients ask for.
//!
//! Promises: what SP 800-73-4 part 2 and the maker's documentation say of each command, in the order of checks that real
//! cards show: the PIN before the touch, the touch before the signature. Nothing in here waits or misbehaves.

mod objects;
mod slots;

use std::collections::BTreeMap;

use crate::apdu::{Answer, Command, Status};
use crate::certificate;
use crate::firmware::Firmware;
use crate::management::Management;
use crate::pins::{Counter, DEFAULT_PIN, DEFAULT_PUK};
use crate::rules::Instruction;
use crate::tlv::{find, tlv};

pub(crate) use slots::{Slot, is_slot, of_slot};

/// Most bytes of a command's data, all parts together.
const DATA_CAP: usize = 3072;

/// Most bytes of one part of an answer.
const PART: usize = 256;

const PIV: &[u8] = b"\xa0\x00\x00\x03\x08\x00\x00\x10\x00\x01\x00";
const OTP: &[u8] = b"\xa0\x00\x00\x05\x27\x20\x01";
const MANAGEMENT: &[u8] = b"\xa0\x00\x00\x05\x27\x47\x11\x17";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Selected {
    Nothing,
    Piv,
    Otp,
    Management,
}

/// What becomes of a command before it is carried out.
pub(crate) enum Step {
    /// It was only a part, or a question for the rest of an answer: this is sent back.
    Sent(Vec<u8>),
    /// All of it is there.
    Whole(Command),
}

pub(crate) struct Applet {
    pub(crate) serial: u32,
    pub(crate) firmware: Firmware,
    pub(crate) pin: Counter,
    pub(crate) puk: Counter,
    pub(crate) management: Management,
    pub(crate) slots: BTreeMap<u8, Slot>,
    objects: BTreeMap<Vec<u8>, Vec<u8>>,
    selected: Selected,
    verified: bool,
    /// The PIN was verified by the command before.
    just_verified: bool,
    parts: Option<Command>,
    rest: Vec<u8>,
}

impl Applet {
    pub(crate) fn new(firmware: Firmware, serial: u32) -> Self {
        let mut applet = Self {
            serial,
            firmware,
            pin: Counter::new(DEFAULT_PIN, 3),
            puk: Counter::new(DEFAULT_PUK, 3),
            management: Management::out_of_the_box(firmware.cipher),
            slots: BTreeMap::new(),
            objects: BTreeMap::new(),
            selected: Selected::Nothing,
            verified: false,
            just_verified: false,
            parts: None,
            rest: Vec::new(),
        };
        applet.put_certificate(0xf9, &certificate::device_certificate(firmware));
        applet
    }

    /// Power off, or a reset by the reader: keys and counters stay, rights go.
    pub(crate) fn power_off(&mut self) {
        self.selected = Selected::Nothing;
        self.parts = None;
        self.rest.clear();
        self.forget();
    }

    /// Puts the parts of a command together and gives out the rest of an answer.
    pub(crate) fn receive(&mut self, bytes: &[u8]) -> Step {
        let Some(command) = Command::read(bytes) else { return Step::Sent(sent(Err(Status::WRONG_LENGTH))) };
        if command.instruction == 0xc0 {
            return Step::Sent(self.next_part());
        }
        self.rest.clear();
        let mut whole = match self.parts.take() {
            Some(begun) if begun.goes_on_with(&command) => begun,
            _ => Command { data: Vec::new(), ..command.clone() },
        };
        whole.data.extend_from_slice(&command.data);
        if whole.data.len() > DATA_CAP {
            return Step::Sent(sent(Err(Status::WRONG_LENGTH)));
        }
        if command.is_continued() {
            self.parts = Some(whole);
            return Step::Sent(sent(Ok(Vec::new())));
        }
        Step::Whole(whole)
    }

    /// The first part of an answer; the rest waits for GET RESPONSE.
    pub(crate) fn send(&mut self, answer: Answer) -> Vec<u8> {
        match answer {
            Ok(data) if data.len() > PART => {
                self.rest = data;
                self.next_part()
            }
            answer => sent(answer),
        }
    }

    fn next_part(&mut self) -> Vec<u8> {
        let rest = self.rest.split_off(self.rest.len().min(PART));
        let part = std::mem::replace(&mut self.rest, rest);
        let status = if self.rest.is_empty() { Status::OK } else { Status::more(self.rest.len()) };
        [part.as_slice(), &status.0.to_be_bytes()].concat()
    }

    /// What a command is for, with the applet that is selected.
    pub(crate) fn instruction(&self, command: &Command) -> Instruction {
        match (self.selected, command.instruction) {
            (_, 0xa4) => Instruction::Select,
            (Selected::Otp, 0x01) => Instruction::Serial,
            (Selected::Piv, 0x20) if command.data.is_empty() => Instruction::Tries,
            (Selected::Piv, 0x20) => Instruction::Verify,
            (Selected::Piv, 0x24) => Instruction::Change,
            (Selected::Piv, 0x2c) => Instruction::Unblock,
            (Selected::Piv, 0x87) if command.p2 == 0x9b => Instruction::Manage,
            (Selected::Piv, 0x87) => Instruction::Sign,
            (Selected::Piv, 0x47) => Instruction::Generate,
            (Selected::Piv, 0xcb) => Instruction::GetData,
            (Selected::Piv, 0xdb) => Instruction::PutData,
            (Selected::Piv, 0xf7) if self.firmware.has_metadata => Instruction::Metadata,
            (Selected::Piv, 0xf8) if self.firmware.tells_serial => Instruction::Serial,
            (Selected::Piv, 0xf9) => Instruction::Attest,
            (Selected::Piv, 0xfa) => Instruction::SetTries,
            (Selected::Piv, 0xfb) => Instruction::Reset,
            (Selected::Piv, 0xfd) => Instruction::Version,
            (Selected::Piv, 0xff) => Instruction::SetManagement,
            _ => Instruction::Other,
        }
    }

    /// Carries out everything but a signature, which has two halves (see `Applet::begin_signing`).
    pub(crate) fn perform(&mut self, instruction: Instruction, command: &Command) -> Answer {
        self.just_verified = false;
        let Command { p1, p2, data, .. } = command;
        match instruction {
            Instruction::Select => self.select(data),
            Instruction::Tries => self.tries(*p1, *p2),
            Instruction::Verify => self.verify(*p2, data),
            Instruction::Change => self.change(*p2, data),
            Instruction::Unblock => self.unblock(*p2, data),
            Instruction::Manage => {
                self.management.authenticate(*p1, find(data, 0x7c).ok_or(Status::BAD_DATA)?)
            }
            Instruction::Generate => self.generate(*p2, data),
            Instruction::GetData => self.get_data(data),
            Instruction::PutData => self.put_data(data),
            Instruction::Metadata => self.metadata(*p2),
            Instruction::Attest => self.attest(*p1),
            Instruction::Serial => Ok(self.serial.to_be_bytes().to_vec()),
            Instruction::Version => Ok(self.firmware.version.to_vec()),
            Instruction::SetTries => self.set_tries(*p1, *p2),
            Instruction::SetManagement => self.management.replace(*p2 == 0xfe, self.firmware.has_aes, data),
            Instruction::Reset => self.reset(),
            Instruction::Sign | Instruction::Other => Err(Status::NO_COMMAND),
        }
    }

    fn select(&mut self, application: &[u8]) -> Answer {
        let [major, minor, patch] = self.firmware.version;
        let (selected, told) = if application.len() >= 5 && PIV.starts_with(application) {
            let authority = tlv(&[0x79], &tlv(&[0x4f], &PIV[..5]));
            (Selected::Piv, tlv(&[0x61], &[tlv(&[0x4f], &PIV[5..]), authority].concat()))
        } else if application.starts_with(OTP) {
            (Selected::Otp, vec![major, minor, patch, 0, 0, 0])
        } else if application.starts_with(MANAGEMENT) {
            let told = format!("Virtual mgr - FW version {major}.{minor}.{patch}");
            (Selected::Management, told.into_bytes())
        } else {
            // What was selected stays so, with its rights.
            return Err(Status::NOT_FOUND);
        };
        self.forget();
        self.selected = selected;
        Ok(told)
    }

    fn forget(&mut self) {
        self.verified = false;
        self.just_verified = false;
        self.management.leave();
    }

    fn tries(&mut self, p1: u8, p2: u8) -> Answer {
        match (p1, p2) {
            (0xff, 0x80) => {
                self.verified = false;
                Ok(Vec::new())
            }
            (_, 0x80) if self.verified => Ok(Vec::new()),
            (_, 0x80) => Err(self.pin.status()),
            _ => Err(Status::NO_REFERENCE),
        }
    }

    fn verify(&mut self, p2: u8, given: &[u8]) -> Answer {
        if p2 != 0x80 {
            return Err(Status::NO_REFERENCE);
        }
        if given.len() != crate::pins::LENGTH {
            return Err(Status::BAD_DATA);
        }
        self.verified = false;
        self.pin.check(given)?;
        self.verified = true;
        self.just_verified = true;
        Ok(Vec::new())
    }

    fn change(&mut self, p2: u8, given: &[u8]) -> Answer {
        let counter = match p2 {
            0x80 => &mut self.pin,
            0x81 => &mut self.puk,
            _ => return Err(Status::NO_REFERENCE),
        };
        let (old, new) = given.split_at_checked(crate::pins::LENGTH).ok_or(Status::BAD_DATA)?;
        counter.check(old)?;
        counter.replace(new)?;
        Ok(Vec::new())
    }

    fn unblock(&mut self, p2: u8, given: &[u8]) -> Answer {
        if p2 != 0x80 {
            return Err(Status::NO_REFERENCE);
        }
        let (puk, new) = given.split_at_checked(crate::pins::LENGTH).ok_or(Status::BAD_DATA)?;
        self.puk.check(puk)?;
        self.pin.replace(new)?;
        Ok(Vec::new())
    }

    /// Both counters anew, with the PIN and PUK that every card has out of the box.
    fn set_tries(&mut self, pin: u8, puk: u8) -> Answer {
        if !(self.management.authenticated && self.verified) {
            return Err(Status::SECURITY);
        }
        if pin == 0 || puk == 0 {
            return Err(Status::BAD_DATA);
        }
        self.pin = Counter::new(DEFAULT_PIN, pin);
        self.puk = Counter::new(DEFAULT_PUK, puk);
        Ok(Vec::new())
    }

    /// Everything away, once nobody can open the card any more.
    fn reset(&mut self) -> Answer {
        if self.pin.left() > 0 || self.puk.left() > 0 {
            return Err(Status::CONDITIONS);
        }
        let selected = self.selected;
        *self = Self { selected, ..Self::new(self.firmware, self.serial) };
        Ok(Vec::new())
    }
}

fn sent(answer: Answer) -> Vec<u8> {
    let (data, status) = match answer {
        Ok(data) => (data, Status::OK),
        Err(status) => (Vec::new(), status),
    };
    [data.as_slice(), &status.0.to_be_bytes()].concat()
}
