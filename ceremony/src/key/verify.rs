//! Judging one signature by one key, each scheme in the strictest form that still takes every honest signature
//! (`docs/spec/keys.md`). The message is fed in pieces straight into the hash
//! and never copied. Nothing here counts.

use ed25519_dalek::VerifyingKey as Ed25519Key;
use ml_dsa::{MlDsaParams, VerifyingKey as MlDsaKey};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pss::Pss;
use rsa::traits::{PublicKeyParts, SignatureScheme};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::encoding;
use super::material::Material;
use super::{Message, Scheme, SignatureProblem};

/// TAP 21: what stands before the SHA-512 of the canonical bytes, `tuf` and the version of the scheme.
const TAP21_PREFIX: [u8; 4] = [0x74, 0x75, 0x66, 0x01];

pub(super) fn verify(
    material: &Material,
    scheme: Scheme,
    message: &dyn Message,
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    match material {
        Material::Ed25519(key) => ed25519(key, message, signature),
        Material::P256(key) => {
            let pair = encoding::p256_pair(signature)?;
            key.verify_prehash(&hash::<Sha256>(message), &pair).map_err(|_| SignatureProblem::Wrong)
        }
        Material::P384(key) => {
            let pair = encoding::p384_pair(signature)?;
            key.verify_prehash(&hash::<Sha384>(message), &pair).map_err(|_| SignatureProblem::Wrong)
        }
        Material::Rsa(key) => rsa_signature(key, scheme, message, signature),
        Material::MlDsa44(key) => ml_dsa(key, message, signature),
        Material::MlDsa65(key) => ml_dsa(key, message, signature),
        Material::MlDsa87(key) => ml_dsa(key, message, signature),
    }
}

/// The cofactorless equation of RFC 8032 5.1.7 with the encoding of R compared byte by byte, S below the group
/// order, and R not of small order. Whoever uses the cofactored equation accepts at least as much, so no client
/// can refuse what passes here. The key itself is neither weak nor in a second encoding: `material` saw to it.
fn ed25519(key: &Ed25519Key, message: &dyn Message, signature: &[u8]) -> Result<(), SignatureProblem> {
    let signature = ed25519_dalek::Signature::from_slice(signature)
        .map_err(|_| SignatureProblem::Malformed { why: "an Ed25519 signature has 64 bytes" })?;
    if Ed25519Key::from_bytes(signature.r_bytes()).is_ok_and(|point| point.is_weak()) {
        return Err(SignatureProblem::Malformed { why: "its first half is a point of small order" });
    }
    let mut verifier = key.verify_stream(&signature).map_err(|_| SignatureProblem::Malformed {
        why: "its second half is not below the order of the group",
    })?;
    message.feed(&mut |piece| verifier.update(piece));
    verifier.finalize_and_verify().map_err(|_| SignatureProblem::Wrong)
}

/// RFC 8017 8.1.2 and 8.2.2, steps 1 and 2: as long as the modulus and below it. Without the second check, s + n
/// would be another spelling of s.
fn rsa_signature(
    key: &rsa::RsaPublicKey,
    scheme: Scheme,
    message: &dyn Message,
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let modulus = key.n_bytes();
    if signature.len() != modulus.len() {
        return Err(SignatureProblem::Malformed { why: "an RSA signature is as long as its key" });
    }
    if signature >= &*modulus {
        return Err(SignatureProblem::Malformed { why: "an RSA signature is a smaller number than its key" });
    }
    match scheme {
        Scheme::RsaPssSha256 => rsa_padded(key, pss::<Sha256>(), &hash::<Sha256>(message), signature),
        Scheme::RsaPssSha384 => rsa_padded(key, pss::<Sha384>(), &hash::<Sha384>(message), signature),
        Scheme::RsaPssSha512 => rsa_padded(key, pss::<Sha512>(), &hash::<Sha512>(message), signature),
        Scheme::RsaPkcs1v15Sha256 => {
            rsa_padded(key, Pkcs1v15Sign::new::<Sha256>(), &hash::<Sha256>(message), signature)
        }
        Scheme::RsaPkcs1v15Sha384 => {
            rsa_padded(key, Pkcs1v15Sign::new::<Sha384>(), &hash::<Sha384>(message), signature)
        }
        Scheme::RsaPkcs1v15Sha512 => {
            rsa_padded(key, Pkcs1v15Sign::new::<Sha512>(), &hash::<Sha512>(message), signature)
        }
        Scheme::Ed25519
        | Scheme::EcdsaP256Sha256
        | Scheme::EcdsaP384Sha384
        | Scheme::MlDsa44
        | Scheme::MlDsa65
        | Scheme::MlDsa87 => unreachable!("a key is built only with a scheme of its own algorithm"),
    }
}

/// PSS that finds the salt length in the padding: securesystemslib once wrote the longest salt, tokens write what
/// their driver likes (TUF-INTEROP 4; RFC 8017 9.1.2).
fn pss<D: Digest>() -> Pss<D> {
    Pss { blinded: false, digest: D::new(), salt_len: None }
}

fn rsa_padded(
    key: &rsa::RsaPublicKey,
    padding: impl SignatureScheme,
    hash: &[u8],
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    key.verify(padding, hash, signature).map_err(|_| SignatureProblem::Wrong)
}

/// FIPS 204 algorithm 3, pure, empty context, over the 68 bytes of TAP 21.
fn ml_dsa<P: MlDsaParams>(
    key: &MlDsaKey<P>,
    message: &dyn Message,
    signature: &[u8],
) -> Result<(), SignatureProblem> {
    let signature = ml_dsa::Signature::<P>::try_from(signature).map_err(|_| SignatureProblem::Malformed {
        why: "it is not an encoded ML-DSA signature of the key's parameter set",
    })?;
    if key.verify_with_context(&tap21_message(message), &[], &signature) {
        Ok(())
    } else {
        Err(SignatureProblem::Wrong)
    }
}

/// What ML-DSA signs by TAP 21, version 1: `tuf`, the version, and the SHA-512 of the message.
#[must_use]
pub fn tap21_message(message: &dyn Message) -> Vec<u8> {
    let mut signed = TAP21_PREFIX.to_vec();
    signed.extend_from_slice(&hash::<Sha512>(message));
    signed
}

fn hash<D: Digest>(message: &dyn Message) -> Vec<u8> {
    let mut hasher = D::new();
    message.feed(&mut |piece| hasher.update(piece));
    hasher.finalize().to_vec()
}
