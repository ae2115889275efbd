//! What a ceremony key may sign (MODEL 19): a draft, a key card or a close, and nothing else. Nothing makes a signable
//! from bytes, so nothing but what was read, checked and shown can reach a token.

use crate::canonical;
use crate::card::UnsignedCard;
use crate::close::Close;
use crate::digest::Digest;
use crate::draft::Draft;
use crate::key::Message;

/// Something that was read, checked and shown, on its way to a token.
#[derive(Debug, Clone, Copy)]
pub struct Signable<'a>(What<'a>);

#[derive(Debug, Clone, Copy)]
enum What<'a> {
    Draft(&'a Draft),
    Card(&'a UnsignedCard),
    Close(&'a Close),
}

impl<'a> Signable<'a> {
    /// A draft as something that a ceremony key may sign.
    #[must_use]
    pub fn of(draft: &'a Draft) -> Signable<'a> {
        Signable(What::Draft(draft))
    }

    /// A key card, signed by the key that it is about.
    #[must_use]
    pub fn card(card: &'a UnsignedCard) -> Signable<'a> {
        Signable(What::Card(card))
    }

    /// The close of a ceremony.
    #[must_use]
    pub fn close(close: &'a Close) -> Signable<'a> {
        Signable(What::Close(close))
    }

    /// SHA-256 of the message.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self.0 {
            What::Draft(draft) => draft.metadata().payload(),
            What::Card(card) => Digest::of(card.signed()),
            What::Close(close) => Digest::of(close.signed()),
        }
    }

    /// Length of the message, in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        match self.0 {
            What::Draft(draft) => draft.metadata().payload_bytes(),
            What::Card(card) => card.signed().len() as u64,
            What::Close(close) => close.signed().len() as u64,
        }
    }

    /// The message itself: the canonical form of what is signed.
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        match self.0 {
            What::Draft(draft) => canonical::bytes(draft.metadata().signed().view()),
            What::Card(card) => card.signed().to_vec(),
            What::Close(close) => close.signed().to_vec(),
        }
    }
}

impl Message for Signable<'_> {
    fn feed(&self, sink: &mut dyn FnMut(&[u8])) {
        match self.0 {
            What::Draft(draft) => draft.metadata().feed(sink),
            What::Card(card) => sink(card.signed()),
            What::Close(close) => sink(close.signed()),
        }
    }
}
