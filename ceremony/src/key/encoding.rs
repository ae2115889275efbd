//! How signatures are spelled: hex in metadata, DER pairs for ECDSA, raw pairs from tokens, and which spellings
//! count as one signature. It judges no signature: a well-formed one may still be wrong.

use super::SignatureProblem;
use super::scheme::{Algorithm, Scheme};
use crate::limits::SIGNATURE_HEX;

/// The bytes of a `sig` string in metadata (TUF 4.2: hex). Upper case is read, because every client reads it;
/// white space, `0x` and odd lengths are refused, because most clients refuse them.
///
/// # Errors
/// [`SignatureProblem::Empty`] for the empty placeholder, [`SignatureProblem::Malformed`] for anything else that
/// is not hex or exceeds [`SIGNATURE_HEX`].
pub fn signature_from_hex(text: &str) -> Result<Vec<u8>, SignatureProblem> {
    if text.is_empty() {
        return Err(SignatureProblem::Empty);
    }
    if !SIGNATURE_HEX.allows(text.len()) {
        return Err(malformed("it is longer than any signature"));
    }
    hex::decode(text).map_err(|_| malformed("it is not hexadecimal, two digits a byte"))
}

/// Turns the raw `r || s` of a token (PKCS#11 v3.0 6.3.1) into the DER that metadata holds: 64 bytes for P-256,
/// 96 for P-384.
///
/// # Errors
/// [`SignatureProblem::Malformed`] for another length, or for an r or s of zero, which no signature has.
pub fn ecdsa_raw_to_der(raw: &[u8]) -> Result<Vec<u8>, SignatureProblem> {
    if !matches!(raw.len(), 64 | 96) {
        return Err(malformed("a raw ECDSA signature has 64 bytes (P-256) or 96 (P-384)"));
    }
    let (r, s) = raw.split_at(raw.len() / 2);
    let mut body = Vec::with_capacity(raw.len() + 6);
    for number in [r, s] {
        let first = number.iter().position(|byte| *byte != 0).ok_or_else(|| malformed("r or s is zero"))?;
        let magnitude = number.get(first..).unwrap_or_default();
        let sign: &[u8] = if magnitude.first().is_some_and(|byte| byte & 0x80 != 0) { &[0] } else { &[] };
        body.extend([INTEGER, short(sign.len() + magnitude.len())]);
        body.extend_from_slice(sign);
        body.extend_from_slice(magnitude);
    }
    let mut der = vec![SEQUENCE, short(body.len())];
    der.append(&mut body);
    Ok(der)
}

/// What makes two signatures by one key over one message the same signature (MODEL 11): the pairs (r, s) and
/// (r, n - s) are one, since anyone can turn either into the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TwinClass(Class);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Class {
    /// r and the smaller of s and n - s.
    Pair(Vec<u8>),
    Whole(Vec<u8>),
}

/// The class of a signature. For every scheme but ECDSA, and for bytes that are no ECDSA pair at all, it is the
/// whole signature: the other schemes refuse every spelling but one, so nobody can make a twin without the key.
pub fn twin_class(scheme: Scheme, signature: &[u8]) -> TwinClass {
    let pair = match scheme.algorithm() {
        Algorithm::P256 => p256_pair(signature).map(|pair| pair.normalize_s().to_bytes().to_vec()).ok(),
        Algorithm::P384 => p384_pair(signature).map(|pair| pair.normalize_s().to_bytes().to_vec()).ok(),
        _ => None,
    };
    TwinClass(pair.map_or_else(|| Class::Whole(signature.to_vec()), Class::Pair))
}

pub(super) fn p256_pair(der: &[u8]) -> Result<p256::ecdsa::Signature, SignatureProblem> {
    let (r, s) = numbers::<32>(der)?;
    p256::ecdsa::Signature::from_scalars(r, s).map_err(|_| malformed(OUT_OF_RANGE))
}

pub(super) fn p384_pair(der: &[u8]) -> Result<p384::ecdsa::Signature, SignatureProblem> {
    let (r, s) = numbers::<48>(der)?;
    p384::ecdsa::Signature::from_scalars(r, s).map_err(|_| malformed(OUT_OF_RANGE))
}

const INTEGER: u8 = 0x02;
const SEQUENCE: u8 = 0x30;
const OUT_OF_RANGE: &str = "r or s is not between 1 and the order of the curve";

/// r and s of a DER `ECDSA-Sig-Value` (RFC 3279 2.2.3), left-padded to `N` bytes. One pair has exactly one
/// spelling here: short lengths, minimal positive integers, nothing after them.
fn numbers<const N: usize>(der: &[u8]) -> Result<([u8; N], [u8; N]), SignatureProblem> {
    let (body, after) = element(SEQUENCE, der)?;
    let (r, rest) = element(INTEGER, body)?;
    let (s, end) = element(INTEGER, rest)?;
    if !after.is_empty() || !end.is_empty() {
        return Err(malformed("something follows r and s"));
    }
    Ok((number(r)?, number(s)?))
}

/// The content of the element at the front, and what follows it. No ECDSA signature of ours reaches 128 bytes, so
/// a long-form length is never the shortest and always refused.
fn element(tag: u8, der: &[u8]) -> Result<(&[u8], &[u8]), SignatureProblem> {
    match der {
        [first, length @ 0..=0x7f, rest @ ..] if *first == tag => {
            rest.split_at_checked(usize::from(*length)).ok_or_else(|| malformed("it is cut short"))
        }
        _ => Err(malformed("it is not a DER sequence of r and s")),
    }
}

fn number<const N: usize>(content: &[u8]) -> Result<[u8; N], SignatureProblem> {
    let magnitude = match content {
        [] => return Err(malformed("r or s has no digits")),
        [0, rest @ ..] => match rest {
            [] => return Err(malformed(OUT_OF_RANGE)),
            [0x80..=0xff, ..] => rest,
            _ => return Err(malformed("r or s has a superfluous leading zero")),
        },
        [0x80..=0xff, ..] => return Err(malformed("r or s is negative")),
        _ => content,
    };
    let mut padded = [0; N];
    let start = N.checked_sub(magnitude.len()).ok_or_else(|| malformed(OUT_OF_RANGE))?;
    padded.iter_mut().skip(start).zip(magnitude).for_each(|(to, from)| *to = *from);
    Ok(padded)
}

/// A DER length below 128, which every length of an ECDSA signature is.
fn short(length: usize) -> u8 {
    u8::try_from(length).ok().filter(|length| *length < 0x80).expect("96 bytes of digits need 102 at most")
}

fn malformed(why: &'static str) -> SignatureProblem {
    SignatureProblem::Malformed { why }
}

#[cfg(test)]
mod tests {
    use super::{ecdsa_raw_to_der, numbers, signature_from_hex, twin_class};
    use crate::key::{Scheme, SignatureProblem};
    use crate::limits::SIGNATURE_HEX;

    #[test]
    fn hex_is_read_in_either_case_and_nothing_else_is() {
        assert_eq!(signature_from_hex("00fFaB"), Ok(vec![0, 0xff, 0xab]));
        assert_eq!(signature_from_hex(""), Err(SignatureProblem::Empty));
        for bad in ["0", "0x00", "00 00", "00\n", "zz", "٠٠"] {
            assert!(matches!(signature_from_hex(bad), Err(SignatureProblem::Malformed { .. })), "{bad:?}");
        }
    }

    #[test]
    fn a_signature_at_the_cap_is_read_and_one_past_it_is_refused() {
        assert!(signature_from_hex(&"00".repeat(SIGNATURE_HEX.most / 2)).is_ok());
        assert!(signature_from_hex(&"00".repeat(SIGNATURE_HEX.most / 2 + 1)).is_err());
    }

    #[test]
    fn raw_pairs_become_minimal_der() {
        let mut raw = [0; 64];
        raw[31] = 0x80;
        raw[63] = 0x7f;
        assert_eq!(ecdsa_raw_to_der(&raw).unwrap(), [0x30, 7, 2, 2, 0, 0x80, 2, 1, 0x7f]);
        assert_eq!(ecdsa_raw_to_der(&[0xff; 96]).unwrap().len(), 104);
    }

    #[test]
    fn a_raw_pair_of_another_length_or_with_a_zero_is_refused() {
        for length in [0, 63, 65, 128, 132] {
            assert!(ecdsa_raw_to_der(&vec![1; length]).is_err(), "{length}");
        }
        let mut zero_s = [0; 64];
        zero_s[0] = 1;
        assert!(ecdsa_raw_to_der(&zero_s).is_err());
    }

    #[test]
    fn each_loose_spelling_of_der_is_refused() {
        let refused: [&[u8]; 14] = [
            &[],
            &[0x30],
            &[0x30, 0],
            &[0x31, 6, 2, 1, 1, 2, 1, 1],
            &[0x30, 6, 3, 1, 1, 2, 1, 1],
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 1],
            &[0x30, 0x80, 2, 1, 1, 2, 1, 1, 0, 0],
            &[0x30, 7, 2, 1, 1, 2, 1, 1],
            &[0x30, 6, 2, 1, 1, 2, 1, 1, 0],
            &[0x30, 7, 2, 1, 1, 2, 1, 1, 0],
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 1],
            &[0x30, 6, 2, 1, 0x80, 2, 1, 1],
            &[0x30, 5, 2, 0, 2, 1, 1],
            &[0x30, 6, 2, 1, 0, 2, 1, 1],
        ];
        for der in refused {
            assert!(numbers::<32>(der).is_err(), "{der:02x?}");
        }
        assert!(numbers::<32>(&[0x30, 6, 2, 1, 1, 2, 1, 1]).is_ok());
    }

    #[test]
    fn a_number_longer_than_the_curve_is_refused() {
        let long = ecdsa_raw_to_der(&[0x7f; 96]).unwrap();
        assert!(numbers::<48>(&long).is_ok());
        assert!(numbers::<32>(&long).is_err());
    }

    #[test]
    fn a_pair_never_shares_a_class_with_bytes_that_spell_it_raw() {
        let raw = [1; 64];
        let der = ecdsa_raw_to_der(&raw).unwrap();
        assert_ne!(twin_class(Scheme::EcdsaP256Sha256, &der), twin_class(Scheme::EcdsaP256Sha256, &raw));
        assert_ne!(twin_class(Scheme::Ed25519, &[1; 64]), twin_class(Scheme::Ed25519, &[2; 64]));
    }
}
