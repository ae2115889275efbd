//! The card: what a reader holds at one end and a test at the other.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::apdu::{Answer, Command, Status};
use crate::applet::{Applet, Slot, Step, is_slot};
use crate::certificate;
use crate::controls::{Controls, Gone, Touch};
use crate::firmware::Firmware;
use crate::key::{Algorithm, Origin, PinPolicy, PrivateKey, TouchPolicy};
use crate::pins::filled_up;
use crate::rules::{Fault, Instruction, Rule};
use crate::tlv::tlv;

/// The answer to reset of a YubiKey 5; clients insist on T=1, which it offers.
pub const ATR: [u8; 23] = *b"\x3b\xfd\x13\x00\x00\x81\x31\xfe\x15\x80\x73\xc0\x21\xc0\x57YubiKey\x40";

/// A virtual PIV card. Clones are the same card.
#[derive(Clone)]
pub struct Card {
    inside: Arc<Inside>,
}

struct Inside {
    applet: Mutex<Applet>,
    controls: Controls,
    resets: AtomicU32,
}

impl Card {
    /// A card out of the box: PIN 123456, PUK 12345678, three tries each, no keys.
    #[must_use]
    pub fn new(firmware: Firmware, serial: u32) -> Self {
        let applet = Mutex::new(Applet::new(firmware, serial));
        Self { inside: Arc::new(Inside { applet, controls: Controls::new(), resets: AtomicU32::new(0) }) }
    }

    /// Lets the card make a key, and gives its public half as DER `SubjectPublicKeyInfo`.
    ///
    /// # Panics
    /// Where there is no such slot.
    pub fn generate(&self, slot: u8, algorithm: Algorithm, pin: PinPolicy, touch: TouchPolicy) -> Vec<u8> {
        self.put(slot, algorithm, pin, touch, Origin::Generated)
    }

    /// The same with a key that came from outside: the card does not attest it.
    ///
    /// # Panics
    /// Where there is no such slot.
    pub fn import(&self, slot: u8, algorithm: Algorithm, pin: PinPolicy, touch: TouchPolicy) -> Vec<u8> {
        self.put(slot, algorithm, pin, touch, Origin::Imported)
    }

    fn put(
        &self,
        slot: u8,
        algorithm: Algorithm,
        pin: PinPolicy,
        touch: TouchPolicy,
        origin: Origin,
    ) -> Vec<u8> {
        assert!(is_slot(slot), "{slot:02x} is no slot for a key");
        let key = PrivateKey::generate(algorithm).expect("a key is made");
        let spki = key.spki();
        self.applet().slots.insert(slot, Slot { key, pin, touch, origin });
        spki
    }

    /// Puts a certificate for the key in this slot onto the card: firmware without metadata tells public keys only so.
    ///
    /// # Panics
    /// When the slot has no key.
    pub fn certify(&self, slot: u8) {
        let spki = self.spki(slot).expect("the slot has a key");
        self.applet().put_certificate(slot, &certificate::for_slot(slot, &spki));
    }

    /// Takes a slot's key and leaves its certificate, as the maker's program does.
    pub fn lose_key(&self, slot: u8) {
        self.applet().slots.remove(&slot);
    }

    /// Whether there is a certificate for this slot.
    #[must_use]
    pub fn is_certified(&self, slot: u8) -> bool {
        self.applet().certificate(slot).is_some()
    }

    /// The public half of the key in a slot, as DER `SubjectPublicKeyInfo`.
    #[must_use]
    pub fn spki(&self, slot: u8) -> Option<Vec<u8>> {
        self.applet().slots.get(&slot).map(|slot| slot.key.spki())
    }

    /// What the key in a slot wants before it signs.
    #[must_use]
    pub fn policies(&self, slot: u8) -> Option<(PinPolicy, TouchPolicy)> {
        self.applet().slots.get(&slot).map(|slot| (slot.pin, slot.touch))
    }

    /// Gives it this PIN, with all tries.
    ///
    /// # Panics
    /// On a PIN that no card takes.
    pub fn set_pin(&self, pin: &str) {
        self.applet().pin.replace(&filled_up(pin)).expect("a PIN of 6 to 8 characters");
    }

    /// Gives it this PUK, with all tries.
    ///
    /// # Panics
    /// On a PUK that no card takes.
    pub fn set_puk(&self, puk: &str) {
        self.applet().puk.replace(&filled_up(puk)).expect("a PUK of 6 to 8 characters");
    }

    /// PIN tries that are left, without asking the card.
    #[must_use]
    pub fn pin_tries(&self) -> u8 {
        self.applet().pin.left()
    }

    /// PUK tries that are left, without asking the card.
    #[must_use]
    pub fn puk_tries(&self) -> u8 {
        self.applet().puk.left()
    }

    /// Leaves so many PIN tries; 0 locks the PIN.
    pub fn leave_pin_tries(&self, left: u8) {
        self.applet().pin.set_left(left);
    }

    /// Leaves so many PUK tries; 0 locks the PUK.
    pub fn leave_puk_tries(&self, left: u8) {
        self.applet().puk.set_left(left);
    }

    /// Whether this is its PIN, without asking the card.
    #[must_use]
    pub fn has_pin(&self, pin: &str) -> bool {
        self.applet().pin.is(pin)
    }

    /// Whether this is its PUK, without asking the card.
    #[must_use]
    pub fn has_puk(&self, puk: &str) -> bool {
        self.applet().puk.is(puk)
    }

    /// Whether its management key is the one out of the box, without asking the card.
    #[must_use]
    pub fn has_factory_management(&self) -> bool {
        self.applet().management.is_default()
    }

    /// Gives it a management key that nobody is told, as a program that keeps it elsewhere does.
    pub fn hide_management(&self) {
        self.applet().management.hide();
    }

    /// Misbehaves so from now on; counts of `nth` begin anew.
    ///
    /// # Panics
    /// On a line that is no rule.
    pub fn obey(&self, rules: &str) {
        self.inside.controls.obey(Rule::parse_all(rules).expect("each line is a rule"));
    }

    /// Reads the rules from this file, anew at each command.
    pub fn obey_file(&self, file: &Path) {
        self.inside.controls.obey_file(file.to_owned());
    }

    /// What the finger does from now on, also for a card that waits already.
    pub fn touch(&self, touch: Touch) {
        self.inside.controls.set_touch(touch);
    }

    /// How long the card waits for a touch: 15 seconds unless said otherwise.
    pub fn wait_for_touch(&self, patience: Duration) {
        self.inside.controls.set_patience(patience);
    }

    /// Whether the card asks for a touch before the time is up.
    #[must_use]
    pub fn asks_for_touch_within(&self, time: Duration) -> bool {
        self.inside.controls.waits_for_touch_within(time)
    }

    /// As it came out of the box: no keys, the factory's PIN, PUK and management key.
    pub fn renew(&self) {
        let mut applet = self.applet();
        *applet = Applet::new(applet.firmware, applet.serial);
    }

    /// How many commands of this kind came, as rules name them.
    ///
    /// # Panics
    /// On a word that names no command.
    #[must_use]
    pub fn calls(&self, word: &str) -> usize {
        let instruction = Instruction::of(word).expect("a command's name");
        self.inside.controls.log().into_iter().filter(|met| *met == instruction).count()
    }

    /// Every command so far, in order.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.inside.controls.log().iter().map(ToString::to_string).collect()
    }

    /// Takes the card out of the reader, or puts it back. How soon the reader notices is the reader's affair.
    pub fn set_inserted(&self, inserted: bool) {
        self.inside.controls.set_inserted(inserted);
        if !inserted {
            self.power_off();
        }
    }

    /// How often a client reset the card when it let go of it.
    #[must_use]
    pub fn resets(&self) -> u32 {
        self.inside.resets.load(Ordering::Relaxed)
    }

    pub(crate) fn reset_by_reader(&self) {
        self.inside.resets.fetch_add(1, Ordering::Relaxed);
        self.power_off();
    }

    /// Power off, or a reset by the reader.
    pub fn power_off(&self) {
        self.applet().power_off();
    }

    /// Answers one command; nothing when the card is not in the reader any more.
    #[must_use]
    pub fn transmit(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if !self.inside.controls.is_inserted() {
            return None;
        }
        let step = self.applet().receive(bytes);
        let command = match step {
            Step::Sent(sent) => return Some(sent),
            Step::Whole(command) => command,
        };
        let instruction = self.applet().instruction(&command);
        let answer = self.answer(instruction, &command).ok()?;
        Some(self.applet().send(answer))
    }

    fn answer(&self, instruction: Instruction, command: &Command) -> Result<Answer, Gone> {
        let controls = &self.inside.controls;
        let fault = controls.meet(instruction);
        match fault {
            Some(Fault::Status(status)) => return Ok(Err(status)),
            Some(Fault::Empty) => return Ok(Ok(Vec::new())),
            Some(Fault::Hang(milliseconds)) => controls.pass(Duration::from_millis(milliseconds))?,
            Some(Fault::Vanish) => {
                self.set_inserted(false);
                return Err(Gone);
            }
            _ => {}
        }
        let answer = match instruction {
            Instruction::Sign => self.sign(command, fault)?,
            _ => {
                let answer = self.applet().perform(instruction, command);
                self.distorted(instruction, command, answer, fault)
            }
        };
        if fault == Some(Fault::ThenVanish) {
            self.set_inserted(false);
            return Err(Gone);
        }
        Ok(answer)
    }

    /// A signature. Whoever looks at the card while it waits for a touch is not kept waiting.
    fn sign(&self, command: &Command, fault: Option<Fault>) -> Result<Answer, Gone> {
        let begun = self.applet().begin_signing(command);
        let signing = match begun {
            Ok(signing) => signing,
            Err(status) => return Ok(Err(status)),
        };
        let cached = signing.slot.touch == TouchPolicy::Cached;
        if signing.slot.touch != TouchPolicy::Never && !self.inside.controls.await_touch(cached)? {
            return Ok(Err(Status::SECURITY));
        }
        let (mut key, mut given) = (signing.slot.key, signing.given);
        match fault {
            Some(Fault::OtherKey) => key = another(&key),
            Some(Fault::OtherMessage) => given[0] ^= 1,
            _ => {}
        }
        Ok(key.sign(&given).map(|mut signature| {
            match (fault, signature.last_mut()) {
                (Some(Fault::Corrupt), Some(last)) => *last ^= 1,
                (Some(Fault::Short), _) => signature.truncate(signature.len() - 1),
                _ => {}
            }
            tlv(&[0x7c], &tlv(&[0x82], &signature))
        }))
    }

    /// What is told instead, where a rule says so and something would be told.
    fn distorted(
        &self,
        instruction: Instruction,
        command: &Command,
        answer: Answer,
        fault: Option<Fault>,
    ) -> Answer {
        match (fault, instruction, answer) {
            (Some(Fault::Tries(tries)), Instruction::Tries | Instruction::Verify, Err(status)) => {
                let about_tries = status == Status::BLOCKED || status.0 & 0xfff0 == 0x63c0;
                Err(if about_tries { Status::tries(tries) } else { status })
            }
            (Some(Fault::Tries(tries)), Instruction::Metadata, Ok(mut told)) if command.p2 <= 0x81 => {
                if let Some(left) = told.last_mut() {
                    *left = tries;
                }
                Ok(told)
            }
            (Some(Fault::OtherKey), _, Ok(told)) => {
                Ok(self.of_another_key(instruction, command).unwrap_or(told))
            }
            (_, _, answer) => answer,
        }
    }

    fn of_another_key(&self, instruction: Instruction, command: &Command) -> Option<Vec<u8>> {
        let applet = self.applet();
        let number = if instruction == Instruction::Attest { command.p1 } else { command.p2 };
        let real = applet.slots.get(&number)?;
        let slot = Slot { key: another(&real.key), ..real.clone() };
        Some(match instruction {
            Instruction::Generate => tlv(&[0x7f, 0x49], &slot.key.told()),
            Instruction::Metadata => crate::applet::of_slot(&slot),
            _ => applet.attestation(number, &slot),
        })
    }

    /// Sleeps until the card is in the reader, at most so long.
    pub(crate) fn inserted_within(&self, time: Duration) -> bool {
        self.inside.controls.inserted_within(time)
    }

    /// When it left the reader last.
    pub(crate) fn left(&self) -> Option<Instant> {
        self.inside.controls.left()
    }

    pub(crate) fn is_inserted(&self) -> bool {
        self.inside.controls.is_inserted()
    }

    fn applet(&self) -> MutexGuard<'_, Applet> {
        self.inside.applet.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn another(key: &PrivateKey) -> PrivateKey {
    PrivateKey::generate(key.algorithm()).expect("a key is made")
}
