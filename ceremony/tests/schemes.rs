//! Every scheme with signatures made here: the good one of each, and the near misses that the corpus lacks. The
//! private keys come from fixed seeds and are for tests only.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

#[path = "mint/counter.rs"]
mod counter;

use counter::Counter;
use ml_dsa::pkcs8::EncodePublicKey as _;
use ml_dsa::{ExpandedSigningKey, KeyInit as _, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, VerifyingKey};
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use rsa::pkcs1v15::Pkcs1v15Sign;
use rsa::pss::Pss;
use rsa::traits::{PublicKeyParts as _, SignatureScheme};
use rsa::{RsaPrivateKey, RsaPublicKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use std::sync::OnceLock;
use tuf_ceremony::key::encoding::{ecdsa_raw_to_der, twin_class};
use tuf_ceremony::key::{Message, PublicKey, Scheme, SignatureProblem};

const MESSAGE: &[u8] = b"{\"_type\":\"root\",\"version\":1}";

fn rsa_key() -> &'static RsaPrivateKey {
    static KEY: OnceLock<RsaPrivateKey> = OnceLock::new();
    KEY.get_or_init(|| RsaPrivateKey::new(&mut Counter(0), 2048).unwrap())
}

/// One DER element; enough for test keys.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..0x80 => out.push(u8::try_from(short).unwrap()),
        long => {
            out.push(0x82);
            out.extend(u16::try_from(long).unwrap().to_be_bytes());
        }
    }
    out.extend(content);
    out
}

fn rsa_public(key: &RsaPrivateKey, scheme: Scheme) -> PublicKey {
    let public = RsaPublicKey::from(key);
    let integer =
        |bytes: &[u8]| der(2, &if bytes[0] >= 0x80 { [&[0], bytes].concat() } else { bytes.to_vec() });
    let body = der(0x30, &[integer(&public.n_bytes()), integer(&public.e_bytes())].concat());
    let algorithm = hex::decode("300d06092a864886f70d0101010500").unwrap();
    let spki = der(0x30, &[algorithm, der(3, &[&[0], &body[..]].concat())].concat());
    let read = PublicKey::from_spki_der(&spki, scheme).unwrap();
    assert_eq!(read.spki_der(), spki);
    read
}

fn pss<D: Digest>(salt: usize) -> impl SignatureScheme
where
    Pss<D>: SignatureScheme,
{
    Pss::<D> { blinded: false, digest: D::new(), salt_len: Some(salt) }
}

fn rsa_sign<D: Digest>(padding: impl SignatureScheme, message: &[u8]) -> Vec<u8> {
    rsa_key().sign_with_rng(&mut Counter(7), padding, &D::digest(message)).unwrap()
}

#[test]
fn a_pss_signature_of_each_hash_verifies_with_any_salt_length() {
    let most = |hash: usize| 256 - hash - 2;
    for salt in [0, 1, 20, 32, most(32)] {
        let signature = rsa_sign::<Sha256>(pss::<Sha256>(salt), MESSAGE);
        assert_eq!(
            rsa_public(rsa_key(), Scheme::RsaPssSha256).verify(&MESSAGE, &signature),
            Ok(()),
            "{salt}"
        );
    }
    for salt in [0, 20, 48, most(48)] {
        let signature = rsa_sign::<Sha384>(pss::<Sha384>(salt), MESSAGE);
        assert_eq!(
            rsa_public(rsa_key(), Scheme::RsaPssSha384).verify(&MESSAGE, &signature),
            Ok(()),
            "{salt}"
        );
    }
    for salt in [0, 20, 64, most(64)] {
        let signature = rsa_sign::<Sha512>(pss::<Sha512>(salt), MESSAGE);
        assert_eq!(
            rsa_public(rsa_key(), Scheme::RsaPssSha512).verify(&MESSAGE, &signature),
            Ok(()),
            "{salt}"
        );
    }
}

#[test]
fn a_pkcs1_signature_of_each_hash_verifies() {
    let signed = [
        (Scheme::RsaPkcs1v15Sha256, rsa_sign::<Sha256>(Pkcs1v15Sign::new::<Sha256>(), MESSAGE)),
        (Scheme::RsaPkcs1v15Sha384, rsa_sign::<Sha384>(Pkcs1v15Sign::new::<Sha384>(), MESSAGE)),
        (Scheme::RsaPkcs1v15Sha512, rsa_sign::<Sha512>(Pkcs1v15Sign::new::<Sha512>(), MESSAGE)),
    ];
    for (scheme, signature) in signed {
        assert_eq!(rsa_public(rsa_key(), scheme).verify(&MESSAGE, &signature), Ok(()), "{scheme}");
    }
}

#[test]
fn an_rsa_signature_counts_under_its_own_scheme_only() {
    let rsa_schemes = || Scheme::ALL.into_iter().filter(|scheme| scheme.keytype() == "rsa");
    let signature = rsa_sign::<Sha256>(pss::<Sha256>(32), MESSAGE);
    for scheme in rsa_schemes().filter(|scheme| *scheme != Scheme::RsaPssSha256) {
        let verdict = rsa_public(rsa_key(), scheme).verify(&MESSAGE, &signature);
        assert_eq!(verdict, Err(SignatureProblem::Wrong), "{scheme}");
    }
    let prints: Vec<_> = rsa_schemes().map(|scheme| rsa_public(rsa_key(), scheme).fingerprint()).collect();
    assert!(prints.iter().all(|print| *print == prints[0]), "one public key under six schemes is one key");
}

/// s + n gives the same power of s, so without a check on the range it would be a second spelling.
#[test]
fn an_rsa_signature_plus_the_modulus_is_refused() {
    let key = rsa_public(rsa_key(), Scheme::RsaPssSha256);
    let modulus = rsa_key().n_bytes();
    let (message, sum) = (0_u32..)
        .find_map(|counter| {
            let message = counter.to_be_bytes();
            let mut sum = rsa_sign::<Sha256>(pss::<Sha256>(32), &message);
            assert_eq!(key.verify(&message, &sum), Ok(()));
            let mut carry = 0;
            for (digit, other) in sum.iter_mut().zip(&modulus).rev() {
                let [high, low] = (u16::from(*digit) + u16::from(*other) + carry).to_be_bytes();
                (*digit, carry) = (low, u16::from(high));
            }
            (carry == 0).then_some((message, sum))
        })
        .unwrap();
    let loose = RsaPublicKey::from(rsa_key()).verify(pss::<Sha256>(32), &Sha256::digest(message), &sum);
    assert!(loose.is_ok(), "the padding itself fits");
    assert!(matches!(key.verify(&message, &sum), Err(SignatureProblem::Malformed { .. })));
    assert!(matches!(key.verify(&message, &modulus), Err(SignatureProblem::Malformed { .. })));
}

fn ed25519_key() -> (ed25519_dalek::SigningKey, PublicKey) {
    let signing = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let public = PublicKey::from_raw_ed25519(signing.verifying_key().as_bytes()).unwrap();
    (signing, public)
}

#[test]
fn an_ed25519_signature_verifies_and_its_second_half_plus_the_group_order_does_not() {
    use ed25519_dalek::Signer as _;
    let (signing, public) = ed25519_key();
    let mut signature = signing.sign(MESSAGE).to_bytes();
    assert_eq!(public.verify(&MESSAGE, &signature), Ok(()));
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    let mut carry = 0;
    for (digit, other) in signature[32..].iter_mut().zip(order) {
        let [high, low] = (u16::from(*digit) + u16::from(other) + carry).to_be_bytes();
        (*digit, carry) = (low, u16::from(high));
    }
    assert!(matches!(public.verify(&MESSAGE, &signature), Err(SignatureProblem::Malformed { .. })));
}

/// R = the identity and S = k * a satisfy the equation. Only the keyholder can make it, and peers disagree on it.
#[test]
fn an_ed25519_signature_whose_first_half_has_small_order_is_refused() {
    let (signing, public) = ed25519_key();
    let secret = ed25519_dalek::hazmat::ExpandedSecretKey::from(signing.as_bytes());
    let mut signature = [0; 64];
    signature[0] = 1;
    let hash = Sha512::new()
        .chain_update(&signature[..32])
        .chain_update(signing.verifying_key())
        .chain_update(MESSAGE);
    let one = secret.scalar * secret.scalar.invert();
    let mut k = one - one;
    for byte in hash.finalize().iter().rev() {
        for bit in (0..8).rev() {
            k = k + k + if byte >> bit & 1 == 1 { one } else { one - one };
        }
    }
    signature[32..].copy_from_slice((k * secret.scalar).as_bytes());
    let loose = signing.verifying_key().verify_stream(&ed25519_dalek::Signature::from_bytes(&signature));
    let mut loose = loose.unwrap();
    loose.update(MESSAGE);
    assert!(loose.finalize_and_verify().is_ok(), "the equation itself holds");
    assert!(matches!(public.verify(&MESSAGE, &signature), Err(SignatureProblem::Malformed { .. })));
}

#[test]
fn a_p256_and_a_p384_signature_verify_and_so_do_their_twins_as_one() {
    let p256 = p256::ecdsa::SigningKey::from_slice(&[3; 32]).unwrap();
    let p384 = p384::ecdsa::SigningKey::from_slice(&[3; 48]).unwrap();
    let (small, large): (p256::ecdsa::Signature, p384::ecdsa::Signature) = (
        p256.sign_prehash(&Sha256::digest(MESSAGE)).unwrap(),
        p384.sign_prehash(&Sha384::digest(MESSAGE)).unwrap(),
    );
    let twins = [
        p256::ecdsa::Signature::from_scalars(small.r(), -small.s()).unwrap().to_bytes().to_vec(),
        p384::ecdsa::Signature::from_scalars(large.r(), -large.s()).unwrap().to_bytes().to_vec(),
    ];
    let keys = [
        PublicKey::from_ec_point(
            Scheme::EcdsaP256Sha256,
            p256.verifying_key().to_sec1_point(false).as_bytes(),
        ),
        PublicKey::from_ec_point(
            Scheme::EcdsaP384Sha384,
            p384.verifying_key().to_sec1_point(false).as_bytes(),
        ),
    ];
    let raws = [small.to_bytes().to_vec(), large.to_bytes().to_vec()];
    for ((key, raw), twin) in keys.into_iter().zip(raws).zip(twins) {
        let (key, raw, twin) =
            (key.unwrap(), ecdsa_raw_to_der(&raw).unwrap(), ecdsa_raw_to_der(&twin).unwrap());
        assert_eq!(key.verify(&MESSAGE, &raw), Ok(()));
        assert_eq!(key.verify(&MESSAGE, &twin), Ok(()), "TUF asks for no low s");
        assert_ne!(raw, twin);
        assert_eq!(twin_class(key.scheme(), &raw), twin_class(key.scheme(), &twin));
    }
}

/// The message of TAP 21, spelled out a second time on purpose.
fn tap21(prefix: &[u8], message: &[u8]) -> Vec<u8> {
    [prefix, &Sha512::digest(message)[..]].concat()
}

fn ml_dsa_judged<P>(scheme: Scheme)
where
    P: MlDsaParams,
    VerifyingKey<P>: ml_dsa::pkcs8::EncodePublicKey,
{
    let signing = ExpandedSigningKey::<P>::from_seed(&[5; 32].into());
    let sign = |message: &[u8], context: &[u8]| {
        signing.sign_deterministic(message, context).unwrap().encode().to_vec()
    };
    let spki = signing.verifying_key().to_public_key_der().unwrap();
    let given = PublicKey::from_spki_der(spki.as_bytes(), scheme).unwrap();
    let key = PublicKey::read("ml-dsa", Some(scheme.name()), &given.public_text()).unwrap();
    assert_eq!(key.spki_der(), spki.as_bytes());
    assert_eq!(key.kind().to_lowercase(), scheme.name().trim_end_matches("/1"));

    let good = sign(&tap21(b"tuf\x01", MESSAGE), b"");
    assert_eq!(key.verify(&MESSAGE, &good), Ok(()), "{scheme}");
    for prefix in [&b"tuf\x02"[..], b"tuf\x00", b"TUF\x01", b"tuf", b""] {
        let bad = sign(&tap21(prefix, MESSAGE), b"");
        assert_eq!(key.verify(&MESSAGE, &bad), Err(SignatureProblem::Wrong), "{scheme} prefix {prefix:?}");
    }
    for (message, context) in [(tap21(b"tuf\x01", MESSAGE), &b"tuf"[..]), (MESSAGE.to_vec(), b"")] {
        assert_eq!(key.verify(&MESSAGE, &sign(&message, context)), Err(SignatureProblem::Wrong), "{scheme}");
    }
    for length in [good.len() - 1, 64] {
        let refusal = key.verify(&MESSAGE, &good[..length]);
        assert!(matches!(refusal, Err(SignatureProblem::Malformed { .. })), "{scheme}: {length} bytes");
    }
    for other in Scheme::ALL.into_iter().filter(|other| *other != scheme) {
        assert!(PublicKey::from_spki_der(spki.as_bytes(), other).is_err(), "{scheme} key as {other}");
    }
}

#[test]
fn ml_dsa_verifies_over_the_tap_21_message_only() {
    ml_dsa_judged::<MlDsa44>(Scheme::MlDsa44);
    ml_dsa_judged::<MlDsa65>(Scheme::MlDsa65);
    ml_dsa_judged::<MlDsa87>(Scheme::MlDsa87);
}

#[test]
fn an_ml_dsa_key_that_is_zero_after_its_seed_is_weak() {
    let mut spki = {
        let key = VerifyingKey::<MlDsa44>::new(&[1; 1312].into());
        key.to_public_key_der().unwrap().as_bytes().to_vec()
    };
    assert!(PublicKey::from_spki_der(&spki, Scheme::MlDsa44).is_ok());
    let after_seed = spki.len() - 1312 + 32;
    spki[after_seed..].fill(0);
    assert_eq!(PublicKey::from_spki_der(&spki, Scheme::MlDsa44).unwrap_err().verdict(), "weak-key");
}

struct Pieces<'a>(&'a [u8], usize);

impl Message for Pieces<'_> {
    fn feed(&self, sink: &mut dyn FnMut(&[u8])) {
        self.0.chunks(self.1).for_each(sink);
    }
}

#[test]
fn it_does_not_matter_how_a_message_is_cut_into_pieces() {
    use ed25519_dalek::Signer as _;
    let (signing, ed25519) = ed25519_key();
    let signed = [
        (ed25519, signing.sign(MESSAGE).to_bytes().to_vec()),
        (rsa_public(rsa_key(), Scheme::RsaPssSha256), rsa_sign::<Sha256>(pss::<Sha256>(32), MESSAGE)),
    ];
    for (key, signature) in signed {
        for length in 1..=MESSAGE.len() {
            assert_eq!(
                key.verify(&Pieces(MESSAGE, length), &signature),
                Ok(()),
                "{} by {length}",
                key.scheme()
            );
        }
        assert_eq!(key.verify(&Pieces(&MESSAGE[1..], 3), &signature), Err(SignatureProblem::Wrong));
        assert_eq!(key.verify(&MESSAGE, &[]), Err(SignatureProblem::Empty));
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_raw_pair_turned_into_der_verifies_and_shares_its_class_with_its_twin(
        seed in 1_u8.., message in proptest::collection::vec(0_u8.., 0..100),
    ) {
        let signing = p256::ecdsa::SigningKey::from_slice(&[seed.clamp(1, 0xfe); 32]).unwrap();
        let point = signing.verifying_key().to_sec1_point(false);
        let key = PublicKey::from_ec_point(Scheme::EcdsaP256Sha256, point.as_bytes()).unwrap();
        let pair: p256::ecdsa::Signature = signing.sign_prehash(&Sha256::digest(&message)).unwrap();
        let twin = p256::ecdsa::Signature::from_scalars(pair.r(), -pair.s()).unwrap();
        let other: p256::ecdsa::Signature = signing.sign_prehash(&Sha256::digest([seed])).unwrap();
        let der = |pair: &p256::ecdsa::Signature| ecdsa_raw_to_der(&pair.to_bytes()).unwrap();
        let class = |pair| twin_class(Scheme::EcdsaP256Sha256, &der(pair));
        proptest::prop_assert_eq!(key.verify(&message, &der(&pair)), Ok(()));
        proptest::prop_assert_eq!(key.verify(&message, &der(&twin)), Ok(()));
        proptest::prop_assert_eq!(class(&pair), class(&twin));
        proptest::prop_assert_eq!(class(&pair) == class(&other), pair == other);
    }

    #[test]
    fn any_raw_pair_becomes_der_of_one_spelling(raw in proptest::collection::vec(0_u8.., 64..=64)) {
        if let Ok(der) = ecdsa_raw_to_der(&raw) {
            let (pair, reference) = (p256::ecdsa::Signature::from_slice(&raw), p256::ecdsa::Signature::from_der(&der));
            proptest::prop_assert_eq!(pair.ok(), reference.ok());
        }
    }

    #[test]
    fn no_text_and_no_bytes_make_the_reader_panic(
        public in ".{0,200}", bytes in proptest::collection::vec(0_u8.., 0..300), pick in 0_usize..12,
    ) {
        let scheme = Scheme::ALL[pick];
        for keytype in scheme.keytypes() {
            for text in [public.clone(), hex::encode(&bytes), format!("-----BEGIN {public}-----END {public}-----")] {
                if let Ok(key) = PublicKey::read(keytype, Some(scheme.name()), &text) {
                    let _ = key.verify(&MESSAGE, &bytes);
                }
            }
        }
        if let Ok(key) = PublicKey::from_spki_der(&bytes, scheme) {
            let _ = key.verify(&MESSAGE, &bytes);
        }
        let _ = twin_class(scheme, &bytes);
    }
}
