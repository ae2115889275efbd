//! Writes the recorded signatures of the self-test, one a scheme: `cargo run -p tuf-ceremony --example known_answers --
//! ceremony/src/known/signatures.txt`. The same bytes every time: keys from fixed seeds. TEST ONLY: nothing signed with them
//! may ever guard anything.

#![expect(clippy::unwrap_used, reason = "whoever makes vectors sees where it stopped")]
#![expect(clippy::disallowed_methods, reason = "an example writes its file; the engine does not")]

#[path = "../tests/mint/counter.rs"]
mod counter;

use std::fmt::Write as _;

use counter::Counter;
use ed25519_dalek::Signer as _;
use ml_dsa::pkcs8::EncodePublicKey as _;
use ml_dsa::{ExpandedSigningKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, VerifyingKey};
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pss::Pss;
use rsa::traits::{PublicKeyParts as _, SignatureScheme};
use rsa::{RsaPrivateKey, RsaPublicKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use tuf_ceremony::key::encoding::ecdsa_raw_to_der;
use tuf_ceremony::key::{PublicKey, Scheme};
use tuf_ceremony::known::MESSAGE;

fn main() {
    let rsa = RsaPrivateKey::new(&mut Counter(0), 2048).unwrap();
    let mut out = String::from(HEADER);
    for scheme in Scheme::ALL {
        let (public, signature) = made(scheme, &rsa);
        assert_eq!(public.verify(&MESSAGE, &signature), Ok(()), "{scheme}");
        writeln!(out, "{scheme} {} {}", hex::encode(public.spki_der()), hex::encode(signature)).unwrap();
    }
    std::fs::write(std::env::args_os().nth(1).expect("the file to write"), out).unwrap();
}

const HEADER: &str = "\
# TEST ONLY. One signature a scheme, made by ceremony/examples/known_answers.rs with keys from fixed seeds:
# the scheme, the public key as SubjectPublicKeyInfo, the signature.
";

fn made(scheme: Scheme, rsa: &RsaPrivateKey) -> (PublicKey, Vec<u8>) {
    let seed = Sha256::digest(format!("TEST ONLY, conclave: known answer of {scheme}"));
    match scheme {
        Scheme::Ed25519 => {
            let key = ed25519_dalek::SigningKey::from_bytes(&seed.into());
            let public = PublicKey::from_raw_ed25519(key.verifying_key().as_bytes()).unwrap();
            (public, key.sign(MESSAGE).to_bytes().to_vec())
        }
        Scheme::EcdsaP256Sha256 => {
            let key = p256::ecdsa::SigningKey::from_slice(&seed).unwrap();
            let raw: p256::ecdsa::Signature = key.sign_prehash(&Sha256::digest(MESSAGE)).unwrap();
            let point = key.verifying_key().to_sec1_point(false);
            (point_of(scheme, point.as_bytes()), ecdsa_raw_to_der(&raw.to_bytes()).unwrap())
        }
        Scheme::EcdsaP384Sha384 => {
            let key = p384::ecdsa::SigningKey::from_slice(&[&seed[..], &seed[..16]].concat()).unwrap();
            let raw: p384::ecdsa::Signature = key.sign_prehash(&Sha384::digest(MESSAGE)).unwrap();
            let point = key.verifying_key().to_sec1_point(false);
            (point_of(scheme, point.as_bytes()), ecdsa_raw_to_der(&raw.to_bytes()).unwrap())
        }
        Scheme::RsaPssSha256 => (rsa_public(rsa, scheme), signed::<Sha256>(rsa, pss::<Sha256>(32))),
        Scheme::RsaPssSha384 => (rsa_public(rsa, scheme), signed::<Sha384>(rsa, pss::<Sha384>(48))),
        Scheme::RsaPssSha512 => (rsa_public(rsa, scheme), signed::<Sha512>(rsa, pss::<Sha512>(64))),
        Scheme::RsaPkcs1v15Sha256 => {
            (rsa_public(rsa, scheme), signed::<Sha256>(rsa, Pkcs1v15Sign::new::<Sha256>()))
        }
        Scheme::RsaPkcs1v15Sha384 => {
            (rsa_public(rsa, scheme), signed::<Sha384>(rsa, Pkcs1v15Sign::new::<Sha384>()))
        }
        Scheme::RsaPkcs1v15Sha512 => {
            (rsa_public(rsa, scheme), signed::<Sha512>(rsa, Pkcs1v15Sign::new::<Sha512>()))
        }
        Scheme::MlDsa44 => ml_dsa::<MlDsa44>(scheme, seed.into()),
        Scheme::MlDsa65 => ml_dsa::<MlDsa65>(scheme, seed.into()),
        Scheme::MlDsa87 => ml_dsa::<MlDsa87>(scheme, seed.into()),
    }
}

fn point_of(scheme: Scheme, point: &[u8]) -> PublicKey {
    PublicKey::from_ec_point(scheme, point).unwrap()
}

fn ml_dsa<P>(scheme: Scheme, seed: [u8; 32]) -> (PublicKey, Vec<u8>)
where
    P: MlDsaParams,
    VerifyingKey<P>: ml_dsa::pkcs8::EncodePublicKey,
{
    let key = ExpandedSigningKey::<P>::from_seed(&seed.into());
    let spki = key.verifying_key().to_public_key_der().unwrap();
    let prehashed = [&b"tuf\x01"[..], &Sha512::digest(MESSAGE)].concat();
    let signature = key.sign_deterministic(&prehashed, b"").unwrap().encode().to_vec();
    (PublicKey::from_spki_der(spki.as_bytes(), scheme).unwrap(), signature)
}

fn rsa_public(key: &RsaPrivateKey, scheme: Scheme) -> PublicKey {
    let public = RsaPublicKey::from(key);
    let body = der(0x30, &[integer(&public.n_bytes()), integer(&public.e_bytes())].concat());
    PublicKey::from_rsa_der(scheme, &body).unwrap()
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    der(2, &if bytes[0] >= 0x80 { [&[0], bytes].concat() } else { bytes.to_vec() })
}

/// One DER element; enough for these keys.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            out.push(0x82);
            out.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
        }
    }
    out.extend(content);
    out
}

fn pss<D: Digest>(salt: usize) -> impl SignatureScheme
where
    Pss<D>: SignatureScheme,
{
    Pss::<D> { blinded: false, digest: D::new(), salt_len: Some(salt) }
}

fn signed<D: Digest>(key: &RsaPrivateKey, padding: impl SignatureScheme) -> Vec<u8> {
    key.sign_with_rng(&mut Counter(7), padding, &D::digest(MESSAGE)).unwrap()
}
