//! RSASSA-PSS's encoding (RFC 8017 9.1.1) with SHA-256, MGF1 with SHA-256 and 32 bytes of salt. A PIV card only raises a
//! number to its private exponent: the block is made here.

use sha2::{Digest, Sha256};

/// Bytes of a digest, and of the salt.
const LENGTH: usize = 32;

/// The block for a modulus of `bits` bits, as long as the modulus; nothing where there is no room.
pub(super) fn encoded(message: &[u8], salt: &[u8; LENGTH], bits: usize) -> Option<Vec<u8>> {
    // The encoded number has one bit less than the modulus, so that it stays below it.
    let bits = bits.checked_sub(1)?;
    let length = bits.div_ceil(8);
    let zeros = length.checked_sub(2 * LENGTH + 2)?;
    let digest = Sha256::digest(message);
    let hash = Sha256::digest([&[0; 8], digest.as_slice(), salt].concat());
    let mut block = vec![0; zeros];
    block.push(1);
    block.extend_from_slice(salt);
    for (byte, mask) in block.iter_mut().zip(mask(&hash)) {
        *byte ^= mask;
    }
    block[0] &= 0xff >> (8 * length - bits);
    block.extend_from_slice(&hash);
    block.push(0xbc);
    // A modulus of 8n + 1 bits leaves a whole byte unused.
    if bits % 8 == 0 {
        block.insert(0, 0);
    }
    Some(block)
}

/// MGF1 (RFC 8017 B.2.1), without end.
fn mask(seed: &[u8]) -> impl Iterator<Item = u8> {
    (0_u32..).flat_map(move |counter| Sha256::digest([seed, &counter.to_be_bytes()].concat()))
}

#[cfg(test)]
mod tests {
    use rsa::pss::{Signature, VerifyingKey};
    use rsa::signature::Verifier as _;
    use rsa::traits::PublicKeyParts as _;
    use rsa::{BoxedUint, RsaPrivateKey};

    use super::*;

    /// The block raised to the private exponent by schoolbook arithmetic of the crate that then verifies it.
    #[test]
    fn what_is_encoded_here_verifies_elsewhere() {
        for bits in [2048, 2047, 2049] {
            let key = RsaPrivateKey::new(&mut rand::rng(), bits).unwrap();
            assert_eq!(usize::try_from(key.n().bits()), Ok(bits));
            let block = encoded(b"message", &[7; 32], bits).unwrap();
            assert_eq!(block.len(), bits.div_ceil(8));
            let width = u32::try_from(block.len() * 8).unwrap();
            let number = BoxedUint::from_be_slice(&block, width).unwrap();
            let signed = rsa::hazmat::rsa_decrypt_and_check(&key, Some(&mut rand::rng()), &number).unwrap();
            let signature = signed.to_be_bytes();
            let signature = &signature[signature.len() - block.len()..];
            let signature = Signature::try_from(signature).unwrap();
            let verifier = VerifyingKey::<Sha256>::new(key.to_public_key());
            verifier.verify(b"message", &signature).unwrap();
            assert!(verifier.verify(b"another", &signature).is_err());
        }
    }

    #[test]
    fn a_modulus_without_room_has_no_block() {
        assert_eq!(encoded(b"m", &[0; 32], 528).map(|block| block.len()), Some(66));
        assert_eq!(encoded(b"m", &[0; 32], 520), None);
        assert_eq!(encoded(b"m", &[0; 32], 0), None);
    }
}
