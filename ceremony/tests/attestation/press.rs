//! A press for certificates, of which each part can be wrong. TEST ONLY: its keys are digests of their names.

use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::pkcs8::EncodePublicKey as _;
use sha2::{Digest as _, Sha256, Sha384};

pub const ROOT: &str = "TEST ONLY Root";
pub const CARD: &str = "TEST ONLY Card";
pub const KEY: &str = "YubiKey PIV Attestation 9c";

/// What is printed.
#[derive(Clone)]
pub struct Sheet {
    pub issuer: String,
    pub subject: String,
    pub spki: Vec<u8>,
    pub from: &'static [u8],
    pub to: &'static [u8],
    pub extensions: Vec<Vec<u8>>,
    /// Whose key signs it.
    pub signer: &'static str,
}

pub fn signing_key(name: &str) -> p256::ecdsa::SigningKey {
    p256::ecdsa::SigningKey::from_slice(&Sha256::digest(name)).unwrap()
}

const ECDSA_SHA256: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
const ECDSA_SHA384: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x03";

fn p384_key(name: &str) -> p384::ecdsa::SigningKey {
    p384::ecdsa::SigningKey::from_slice(&Sha384::digest(name)).unwrap()
}

pub fn p384_spki(name: &str) -> Vec<u8> {
    p384_key(name).verifying_key().to_public_key_der().unwrap().into_vec()
}

pub fn spki(name: &str) -> Vec<u8> {
    signing_key(name).verifying_key().to_public_key_der().unwrap().into_vec()
}

pub fn root_sheet() -> Sheet {
    sheet(ROOT, ROOT, "root", "root", vec![authority(Some(1))])
}

pub fn card_sheet() -> Sheet {
    sheet(ROOT, CARD, "card", "root", vec![yubico(3, &[5, 4, 3]), authority(Some(0))])
}

pub fn key_sheet() -> Sheet {
    let serial = [&[2, 4][..], &12_345_678_u32.to_be_bytes()].concat();
    let told = vec![yubico(3, &[5, 4, 3]), yubico(7, &serial), yubico(8, &[3, 2]), yubico(9, &[1])];
    sheet(CARD, KEY, "key", "card", told)
}

pub fn root() -> Vec<u8> {
    root_sheet().printed()
}

pub fn card() -> Vec<u8> {
    card_sheet().printed()
}

pub fn key() -> Vec<u8> {
    key_sheet().printed()
}

pub fn pem(der: &[u8]) -> String {
    pem_rfc7468::encode_string("CERTIFICATE", pem_rfc7468::LineEnding::LF, der).unwrap()
}

pub fn sheet(
    issuer: &str,
    subject: &str,
    key: &str,
    signer: &'static str,
    extensions: Vec<Vec<u8>>,
) -> Sheet {
    Sheet {
        issuer: issuer.into(),
        subject: subject.into(),
        spki: spki(key),
        from: b"160314000000Z",
        to: b"20520417000000Z",
        extensions,
        signer,
    }
}

impl Sheet {
    pub fn printed(&self) -> Vec<u8> {
        self.signed(ECDSA_SHA256, |body| {
            let signature: p256::ecdsa::Signature =
                signing_key(self.signer).sign_prehash(&Sha256::digest(body)).unwrap();
            signature.to_der().as_bytes().to_vec()
        })
    }

    /// Signed by the key on P-384 of its signer's name, over SHA-256 as cards do, or over SHA-384.
    pub fn printed_by_p384(&self, is_sha256: bool) -> Vec<u8> {
        let key = p384_key(self.signer);
        self.signed(if is_sha256 { ECDSA_SHA256 } else { ECDSA_SHA384 }, |body| {
            let digest =
                if is_sha256 { Sha256::digest(body).to_vec() } else { Sha384::digest(body).to_vec() };
            let signature: p384::ecdsa::Signature = key.sign_prehash(&digest).unwrap();
            signature.to_der().as_bytes().to_vec()
        })
    }

    fn signed(&self, algorithm: &[u8], sign: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let algorithm = tlv(0x30, &tlv(6, algorithm));
        let mut body = vec![
            tlv(0xa0, &[2, 1, 2]),
            tlv(2, &[7; 8]),
            algorithm.clone(),
            name(&self.issuer),
            tlv(0x30, &[time(self.from), time(self.to)].concat()),
            name(&self.subject),
            self.spki.clone(),
        ];
        if !self.extensions.is_empty() {
            body.push(tlv(0xa3, &tlv(0x30, &self.extensions.concat())));
        }
        let body = tlv(0x30, &body.concat());
        let bits = [vec![0], sign(&body)].concat();
        tlv(0x30, &[body, algorithm, tlv(3, &bits)].concat())
    }
}

pub fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len();
    let head = match length {
        0..=0x7f => vec![tag, u8::try_from(length).unwrap()],
        0x80..=0xff => vec![tag, 0x81, u8::try_from(length).unwrap()],
        0x100..=0xffff => [&[tag, 0x82][..], &u16::try_from(length).unwrap().to_be_bytes()].concat(),
        _ => [&[tag, 0x84][..], &u32::try_from(length).unwrap().to_be_bytes()].concat(),
    };
    [head, value.to_vec()].concat()
}

/// As UTCTime or GeneralizedTime, by its length.
fn time(text: &[u8]) -> Vec<u8> {
    tlv(if text.len() == 13 { 0x17 } else { 0x18 }, text)
}

fn name(common: &str) -> Vec<u8> {
    let attribute = tlv(0x30, &[tlv(6, &[0x55, 4, 3]), tlv(0x0c, common.as_bytes())].concat());
    tlv(0x30, &tlv(0x31, &attribute))
}

/// basicConstraints of an issuer, critical.
pub fn authority(path: Option<u8>) -> Vec<u8> {
    let path = path.map(|path| vec![2, 1, path]).unwrap_or_default();
    extension(&[0x55, 0x1d, 0x13], true, &tlv(0x30, &[vec![1, 1, 0xff], path].concat()))
}

pub fn yubico(number: u8, value: &[u8]) -> Vec<u8> {
    extension(&[0x2b, 6, 1, 4, 1, 0x82, 0xc4, 0x0a, 3, number], false, value)
}

pub fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    tlv(0x30, &[tlv(6, oid), critical.to_vec(), tlv(4, value)].concat())
}
