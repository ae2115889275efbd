//! Certificates of attestation as YubiKeys make them: a root, the card's own certificate in its slot F9, and one for each
//! generated key with the maker's extensions.
//!
//! The root and the card's attestation key are made of a published text. They prove nothing: TEST ONLY.

use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use rsa::pkcs8::EncodePublicKey as _;
use sha2::{Digest as _, Sha256};

use crate::firmware::Firmware;
use crate::key::{PinPolicy, TouchPolicy, random};
use crate::tlv::tlv;

const ROOT: &str = "TEST ONLY PIV Root";
const DEVICE: &str = "TEST ONLY PIV Attestation";

/// From when to when every certificate is valid, as in those of YubiKeys before firmware 5.7.
const NOT_BEFORE: &[u8] = b"160314000000Z";
const NOT_AFTER: &[u8] = b"20520417000000Z";

const ECDSA_WITH_SHA256: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
const COMMON_NAME: &[u8] = b"\x06\x03\x55\x04\x03";
const BASIC_CONSTRAINTS: &[u8] = b"\x06\x03\x55\x1d\x13";
/// 1.3.6.1.4.1.41482.3, without the last number.
const YUBICO_PIV: &[u8] = b"\x2b\x06\x01\x04\x01\x82\xc4\x0a\x03";

/// What the card says of a key in the certificate for it.
pub(crate) struct Attested<'a> {
    pub(crate) slot: u8,
    pub(crate) spki: &'a [u8],
    pub(crate) pin: PinPolicy,
    pub(crate) touch: TouchPolicy,
    pub(crate) serial: u32,
    pub(crate) firmware: Firmware,
}

/// The certificate to which all virtual cards lead: what a verifier is given as its root.
#[must_use]
pub fn root_certificate() -> Vec<u8> {
    let key = key_of(ROOT);
    signed(&body(ROOT, ROOT, &spki(&key), &[7; 8], &[authority(None)]), &key)
}

/// The certificate of a card's attestation key, in slot F9.
pub(crate) fn device_certificate(firmware: Firmware) -> Vec<u8> {
    let extensions = [yubico(3, &firmware.version), authority(Some(0))];
    signed(&body(ROOT, DEVICE, &spki(&key_of(DEVICE)), &[9; 8], &extensions), &key_of(ROOT))
}

/// The certificate for a key in a slot.
pub(crate) fn attest(key: &Attested<'_>) -> Vec<u8> {
    let name = format!("YubiKey PIV Attestation {:02x}", key.slot);
    let extensions = [
        yubico(3, &key.firmware.version),
        yubico(7, &integer(&key.serial.to_be_bytes())),
        yubico(8, &[key.pin as u8, key.touch as u8]),
        yubico(9, &[1]),
    ];
    signed(&body(DEVICE, &name, key.spki, &random::<15>(), &extensions), &key_of(DEVICE))
}

/// A certificate by which a slot's public key can be read without metadata. It is not signed by that key.
pub(crate) fn for_slot(slot: u8, spki: &[u8]) -> Vec<u8> {
    let name = format!("TEST ONLY slot {slot:02x}");
    signed(&body(&name, &name, spki, &random::<15>(), &[]), &key_of("TEST ONLY slots"))
}

fn key_of(text: &str) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&Sha256::digest(text))
        .expect("the digests of these texts are scalars")
}

fn spki(key: &p256::ecdsa::SigningKey) -> Vec<u8> {
    key.verifying_key().to_public_key_der().expect("a P-256 key can be written").into_vec()
}

fn body(issuer: &str, subject: &str, spki: &[u8], serial: &[u8], extensions: &[Vec<u8>]) -> Vec<u8> {
    let validity = [tlv(&[0x17], NOT_BEFORE), tlv(&[0x18], NOT_AFTER)];
    let mut parts = vec![
        tlv(&[0xa0], &integer(&[2])),
        integer(serial),
        sequence(&[ECDSA_WITH_SHA256.to_vec()]),
        name(issuer),
        sequence(&validity),
        name(subject),
        spki.to_vec(),
    ];
    if !extensions.is_empty() {
        parts.push(tlv(&[0xa3], &sequence(extensions)));
    }
    sequence(&parts)
}

fn signed(body: &[u8], key: &p256::ecdsa::SigningKey) -> Vec<u8> {
    let signature: p256::ecdsa::Signature =
        key.sign_prehash(&Sha256::digest(body)).expect("a digest can be signed");
    let bits = [&[0], signature.to_der().as_bytes()].concat();
    sequence(&[body.to_vec(), sequence(&[ECDSA_WITH_SHA256.to_vec()]), tlv(&[0x03], &bits)])
}

fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(&[0x30], &parts.concat())
}

/// A number that is not negative, in as few bytes as DER asks for.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len().saturating_sub(1));
    let digits = &bytes[start..];
    let sign: &[u8] = if digits.first().is_some_and(|byte| *byte >= 0x80) { &[0] } else { &[] };
    tlv(&[0x02], &[sign, digits].concat())
}

fn name(common: &str) -> Vec<u8> {
    let attribute = sequence(&[COMMON_NAME.to_vec(), tlv(&[0x0c], common.as_bytes())]);
    sequence(&[tlv(&[0x31], &attribute)])
}

/// An authority, with the number of authorities that may follow it.
fn authority(path: Option<u8>) -> Vec<u8> {
    let mut parts = vec![b"\x01\x01\xff".to_vec()];
    parts.extend(path.map(|path| integer(&[path])));
    let critical = b"\x01\x01\xff".to_vec();
    sequence(&[BASIC_CONSTRAINTS.to_vec(), critical, tlv(&[0x04], &sequence(&parts))])
}

fn yubico(number: u8, value: &[u8]) -> Vec<u8> {
    let oid = tlv(&[0x06], &[YUBICO_PIV, &[number]].concat());
    sequence(&[oid, tlv(&[0x04], value)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_in_as_few_bytes_as_possible_and_never_negative() {
        assert_eq!(integer(&[0, 0, 5]), [2, 1, 5]);
        assert_eq!(integer(&[0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(integer(&[0, 0]), [2, 1, 0]);
    }

    #[test]
    fn the_root_is_the_same_in_every_run() {
        assert_eq!(root_certificate(), root_certificate());
        assert_eq!(device_certificate(Firmware::V5_7_1), device_certificate(Firmware::V5_7_1));
    }
}
