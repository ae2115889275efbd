//! Reading a key card: every field is taken, the card is made of them anew, and its text must be the one that was given.
//! So nothing stands in a card that was not looked at.

use super::{Card, CardFault, Claims, Evidence, FORMAT, TYPE, UnsignedCard};
use crate::document::Document;
use crate::limits::{CARD, SIGNATURE_HEX, SMALL_FILE};
use crate::metadata::{key_of_object, shape};

pub(super) fn card(bytes: &[u8]) -> Result<Card, CardFault> {
    let document = Document::read_within(bytes, SMALL_FILE)?;
    let whole = shape::object(document.root(), "the card")?;
    let signed = shape::object(shape::member(whole, "signed", "the card")?, "signed")?;
    let found = shape::string(shape::member(signed, "_type", "signed")?, "signed._type")?;
    if found != TYPE {
        return Err(CardFault::NotACard { found: found.chars().take(80).collect() });
    }
    let format = shape::member(signed, "format", "signed")?;
    if format.integer().and_then(|n| n.as_u64()) != Some(FORMAT) {
        return Err(CardFault::Format { found: format.text().chars().take(80).collect() });
    }
    let key = key_of_object(shape::object(shape::member(whole, "key", "the card")?, "key")?)?;
    let holders = shape::array(shape::member(signed, "holders", "signed")?, "signed.holders")?;
    // More than that are more than the signed part can hold.
    let holders = holders
        .take(CARD.most)
        .map(|name| Ok(shape::string(name, "signed.holders")?.into_owned()))
        .collect::<Result<Vec<_>, CardFault>>()?;
    let token = signed.member("token").map(|view| shape::string(view, "signed.token")).transpose()?;
    let evidence = whole.member("evidence").map(|view| Evidence::read(view.text().as_bytes())).transpose()?;
    let rehearsal = match signed.member("x-rehearsal") {
        None => false,
        Some(mark) if mark.boolean() == Some(true) => true,
        Some(_) => return Err(CardFault::Mark),
    };
    let proof = shape::string(shape::member(whole, "proof", "the card")?, "proof")?;
    if !SIGNATURE_HEX.allows(proof.len()) {
        return Err(CardFault::Past(SIGNATURE_HEX));
    }
    let proof = hex::decode(proof.as_bytes()).map_err(|_| CardFault::ProofHex)?;
    let claims = Claims { holders, token: token.map(|t| t.into_owned()), evidence, rehearsal };
    let unsigned = UnsignedCard::of(&key, claims)?;
    let card = unsigned.prove(&proof)?;
    if card.written().as_bytes() == bytes { Ok(card) } else { Err(CardFault::NotOurText) }
}
