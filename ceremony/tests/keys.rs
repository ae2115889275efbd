//! Reading keys: the corpus of key objects and key ids (`tests/corpus/keyids`), one public key in all its
//! spellings, each refusal of a key, and the objects written for new keys.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tuf_ceremony::key::keyid::Preimage;
use tuf_ceremony::key::{KeyProblem, PublicKey, Scheme, new_key_object};
use tuf_ceremony::limits::PUBLIC_KEY_TEXT;

fn corpus(file: &str, count: usize) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/corpus").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: Value = serde_json::from_str(&text).unwrap();
    let vectors = file["vectors"].as_array().unwrap().clone();
    assert_eq!(vectors.len(), count);
    vectors
}

fn read(key: &Value) -> Result<PublicKey, KeyProblem> {
    let keytype = key["keytype"].as_str().unwrap();
    PublicKey::read(keytype, key["scheme"].as_str(), key["keyval"]["public"].as_str().unwrap())
}

fn problem(keytype: &str, scheme: &str, public: &str) -> KeyProblem {
    PublicKey::read(keytype, Some(scheme), public).unwrap_err()
}

/// Canonical JSON, small and for these two corpus files only; the real one belongs to another room.
fn canonical(value: &Value, keeps: &dyn Fn(&str) -> bool) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| canonical(item, &|_| true)).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().filter(|(name, _)| keeps(name)).collect();
            fields.sort_by(|left, right| left.0.cmp(right.0));
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}:{}", quoted(name), canonical(value, &|_| true)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        other => other.to_string(),
    }
}

fn keyid(key: &Value, preimage: Preimage) -> String {
    hex::encode(Sha256::digest(canonical(key, &|field| preimage.keeps(field))))
}

#[test]
fn the_preimages_of_real_key_ids_are_the_recorded_ones() {
    for vector in corpus("keyids/real.json", 41) {
        let given = vector["keyid_in_file"].as_str().unwrap();
        let fits = |preimage: &Preimage| {
            preimage.needs().is_none_or(|field| !vector["key"][field].is_null())
                && keyid(&vector["key"], *preimage) == given
        };
        let fitting: Vec<&str> = Preimage::ALL.into_iter().filter(fits).map(Preimage::name).collect();
        let recorded: Vec<&str> = vector["preimages_that_give_the_keyid"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        assert_eq!(fitting, recorded, "{given}");
    }
}

#[test]
fn real_keys_are_read_and_those_of_tuf_0_9_name_no_scheme() {
    for vector in corpus("keyids/real.json", 41) {
        let verdict = read(&vector["key"]).map_or_else(|problem| problem.verdict(), |_| "ok");
        let expected = if vector["key"]["scheme"].is_string() { "ok" } else { "unknown-scheme" };
        assert_eq!(verdict, expected, "{}", vector["key"]);
    }
}

/// The generated keys that are not read, by the start of their note, and why.
const NOT_READ: [(&str, &str); 10] = [
    ("ed25519: public key of 33 bytes", "an Ed25519 public key is 64 hexadecimal digits"),
    ("ed25519: scheme of another key type", "the scheme belongs to keytype ecdsa or ecdsa-sha2-nistp256"),
    ("ecdsa/ecdsa-sha2-nistp256: P-384 key", "the key is ECDSA P-384, not ECDSA P-256"),
    ("ecdsa/ecdsa-sha2-nistp256: secp256k1", "the key is of another curve (1.3.132.0.10)"),
    ("rsa/rsassa-pss-sha256: 1024-bit", "an RSA key of 1024 bits is too short; 2048 is the least"),
    ("ml-dsa/ml-dsa-65", "does not know keytype \"ml-dsa\" with scheme \"ml-dsa-65\""),
    ("sphincs/", "does not know keytype \"sphincs\""),
    ("webauthn/", "does not know keytype \"webauthn\""),
    ("unknown scheme ml-dsa/ml-dsa-87", "does not know keytype \"ml-dsa\" with scheme \"ml-dsa-87\""),
    ("unknown scheme ecdsa/", "with scheme \"ecdsa-sha2-brainpoolP256r1\""),
];

#[test]
fn generated_keys_are_read_or_refused_with_their_reason() {
    let mut refused = 0;
    for vector in corpus("keyids/generated.json", 25) {
        let note = vector["note"].as_str().unwrap();
        match (read(&vector["key"]), NOT_READ.iter().find(|(start, _)| note.starts_with(start))) {
            (Ok(_), None) => {}
            (Err(problem), Some((_, why))) => {
                assert!(problem.to_string().ends_with(why) || problem.to_string().contains(why), "{problem}");
                refused += 1;
            }
            (got, expected) => panic!("{note}: {got:?}, expected {expected:?}"),
        }
    }
    assert_eq!(refused, NOT_READ.len());
}

#[test]
fn the_object_of_a_new_key_is_the_one_that_securesystemslib_writes() {
    let mut equal = 0;
    for vector in corpus("keyids/generated.json", 25) {
        let Ok(key) = read(&vector["key"]) else { continue };
        let Ok(text) = new_key_object(&key) else { continue };
        let object: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read(&object).unwrap().fingerprint(), key.fingerprint());
        assert!(text.is_ascii());
        for preimage in Preimage::ALL {
            assert_eq!(keyid(&object, preimage), keyid(&object, Preimage::Whole), "{text}");
        }
        if object == vector["key"] {
            assert_eq!(keyid(&object, Preimage::Whole), vector["keyid_securesystemslib"].as_str().unwrap());
            assert_eq!(text, object.to_string());
            equal += 1;
        }
    }
    assert!(equal >= 2, "only {equal} keys of the corpus are written as we write them");
}

#[test]
fn a_key_is_not_written_with_an_old_scheme() {
    let (modulus, _) = rsa_modulus(2048);
    for scheme in Scheme::ALL.into_iter().filter(|scheme| scheme.keytype() == "rsa") {
        let key = PublicKey::from_spki_der(&rsa_spki(&modulus, &[1, 0, 1]), scheme).unwrap();
        assert_eq!(new_key_object(&key).is_ok(), scheme == Scheme::RsaPssSha256, "{scheme}");
    }
}

const P256_POINT: &str = "0468d0981348df6f9677df6f530f9ecbc38a890e688093f251415a6fc5e4123b09\
                          307f5b559ec5a20f91d475ae3a26dbeb253c8a6e1ec4eae4be48926ab6513347";
const P256_PEM: &str = "-----BEGIN PUBLIC KEY-----\n\
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaNCYE0jfb5Z3329TD57Lw4qJDmiA\n\
    k/JRQVpvxeQSOwkwf1tVnsWiD5HUda46JtvrJTyKbh7E6uS+SJJqtlEzRw==\n\
    -----END PUBLIC KEY-----\n";

#[test]
fn one_public_key_in_any_spelling_has_one_fingerprint() {
    let scheme = Scheme::EcdsaP256Sha256;
    let point = hex::decode(P256_POINT).unwrap();
    let mut keys = vec![PublicKey::from_ec_point(scheme, &point).unwrap()];
    for public in [
        P256_PEM,
        P256_PEM.trim_end(),
        &P256_PEM.replace('\n', "\r\n"),
        P256_POINT,
        &P256_POINT.to_uppercase(),
    ] {
        for keytype in ["ecdsa", "ecdsa-sha2-nistp256"] {
            keys.push(PublicKey::read(keytype, Some(scheme.name()), public).unwrap());
        }
    }
    let compressed = [
        &hex::decode("3039301306072a8648ce3d020106082a8648ce3d030107032200").unwrap()[..],
        &[3],
        &point[1..33],
    ]
    .concat();
    keys.push(PublicKey::from_spki_der(&compressed, scheme).unwrap());
    keys.push(PublicKey::from_spki_pem(P256_PEM, scheme).unwrap());
    for key in &keys {
        assert_eq!(key.fingerprint().as_bytes()[..], Sha256::digest(key.spki_der())[..]);
        assert_eq!((key.fingerprint(), key.public_text()), (keys[0].fingerprint(), P256_PEM.to_owned()));
    }
    assert_eq!((keys[0].kind(), keys[0].bits()), ("ECDSA P-256".to_owned(), Some(256)));
}

#[test]
fn each_contradiction_is_a_mismatch_that_names_both_words() {
    let refused = [
        problem("ed25519", "ecdsa-sha2-nistp256", P256_PEM),
        problem("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", P256_PEM),
        problem("ecdsa-sha2-nistp384", "ecdsa-sha2-nistp256", P256_PEM),
        problem("ecdsa", "ecdsa-sha2-nistp384", P256_PEM),
        problem("ecdsa", "ecdsa-sha2-nistp384", P256_POINT),
        problem("rsa", "rsassa-pss-sha256", P256_PEM),
        problem("ml-dsa", "ml-dsa-44/1", P256_PEM),
        problem("rsa", "ml-dsa-44/1", P256_PEM),
    ];
    for problem in refused {
        assert!(matches!(problem, KeyProblem::Mismatch { .. }), "{problem}");
        assert_eq!(problem.verdict(), "malformed");
    }
    let token = PublicKey::from_ec_point(Scheme::Ed25519, &hex::decode(P256_POINT).unwrap()).unwrap_err();
    assert!(matches!(token, KeyProblem::Mismatch { .. }), "{token}");
}

#[test]
fn schemes_outside_the_table_are_unknown_whatever_the_key_says() {
    for (keytype, scheme) in [
        ("sigstore-oidc", "Fulcio"),
        ("ml-dsa", "ml-dsa-44/2"),
        ("ml-dsa", "ml-dsa-44"),
        ("ecdsa", "ecdsa-sha2-nistp521"),
        ("rsa", "rsassa-pss-sha224"),
        ("ed25519", "Ed25519"),
        ("my-ed25519", "ed25519"),
        ("", ""),
    ] {
        assert_eq!(problem(keytype, scheme, P256_PEM).verdict(), "unknown-scheme", "{keytype} {scheme}");
    }
    let hostile = problem("ed\u{1b}[2J", "\u{202e}x", "");
    assert!(!hostile.to_string().contains(['\u{1b}', '\u{202e}']), "texts of the key are escaped");
}

#[test]
fn each_malformed_public_part_is_refused() {
    let off_curve = P256_POINT.replace("47", "48");
    let ed25519 = "1ee1821ef6cbd0d1828ed0798a754fa005ceb33ab3f8b3a7f748dd97d2e6bb71";
    let certificate = P256_PEM.replace("PUBLIC KEY", "CERTIFICATE");
    let refused = [
        problem("ed25519", "ed25519", ""),
        problem("ed25519", "ed25519", P256_PEM),
        problem("ed25519", "ed25519", &ed25519[2..]),
        problem("ed25519", "ed25519", &format!(" {ed25519}")),
        problem("ed25519", "ed25519", &ed25519.replace("1e", "1g")),
        problem("ed25519", "ed25519", &format!("02{}", "00".repeat(31))),
        problem("ecdsa", "ecdsa-sha2-nistp256", ""),
        problem("ecdsa", "ecdsa-sha2-nistp256", &off_curve),
        problem("ecdsa", "ecdsa-sha2-nistp256", &P256_POINT[2..]),
        problem("ecdsa", "ecdsa-sha2-nistp256", &format!("03{}", &P256_POINT[2..66])),
        problem("ecdsa", "ecdsa-sha2-nistp256", "00"),
        problem("ecdsa", "ecdsa-sha2-nistp256", &certificate),
        problem("ecdsa", "ecdsa-sha2-nistp256", &P256_PEM.replace("PUBLIC KEY", "RSA PUBLIC KEY")),
        problem("ecdsa", "ecdsa-sha2-nistp256", &P256_PEM.replace("Rw==", "")),
        problem("rsa", "rsassa-pss-sha256", "00"),
        problem("ml-dsa", "ml-dsa-65/1", &"00".repeat(1952)),
    ];
    for problem in refused {
        assert!(matches!(problem, KeyProblem::Malformed { .. }), "{problem}");
    }
    let point = hex::decode(P256_POINT).unwrap();
    let header = "301306072a8648ce3d020106082a8648ce3d030107";
    for (tag, length) in [(0, 1), (5, 33), (6, 65), (7, 65)] {
        let body = [&[tag], &point[1..length]].concat();
        assert!(
            PublicKey::from_spki_der(&spki_of(header, &body), Scheme::EcdsaP256Sha256).is_err(),
            "tag {tag}"
        );
        assert!(PublicKey::from_ec_point(Scheme::EcdsaP256Sha256, &body).is_err(), "tag {tag}");
    }
    assert!(PublicKey::from_spki_der(&spki_of(header, &point), Scheme::EcdsaP256Sha256).is_ok());
    let mut padded = PublicKey::from_spki_pem(P256_PEM, Scheme::EcdsaP256Sha256).unwrap().spki_der().to_vec();
    padded.push(0);
    assert!(PublicKey::from_spki_der(&padded, Scheme::EcdsaP256Sha256).is_err());
    assert!(PublicKey::from_spki_pem(&certificate, Scheme::EcdsaP256Sha256).is_err());
}

#[test]
fn a_public_text_at_the_cap_is_read_and_one_past_it_is_refused() {
    let padded = |length: usize| format!("{P256_PEM}{}", "\n".repeat(length - P256_PEM.len()));
    for (length, fits) in [(PUBLIC_KEY_TEXT.most, true), (PUBLIC_KEY_TEXT.most + 1, false)] {
        assert_eq!(PublicKey::read("ecdsa", Some("ecdsa-sha2-nistp256"), &padded(length)).is_ok(), fits);
        assert_eq!(PublicKey::from_spki_pem(&padded(length), Scheme::EcdsaP256Sha256).is_ok(), fits);
    }
}

#[test]
fn ed25519_points_of_small_order_are_weak_and_second_encodings_are_malformed() {
    let small = [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ];
    for public in small {
        assert_eq!(problem("ed25519", "ed25519", public).verdict(), "weak-key", "{public}");
    }
    let mut second_encodings = 0;
    for (low, sign) in (0xed_u8..=0xff).flat_map(|low| [(low, 0x7f), (low, 0xff)]) {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (low, sign);
        let refusal = PublicKey::from_raw_ed25519(&bytes).unwrap_err();
        let loose = ed25519_dalek::VerifyingKey::from_bytes(&bytes);
        if loose.is_ok_and(|key| !key.is_weak()) {
            assert!(matches!(refusal, KeyProblem::Malformed { .. }), "{refusal}");
            second_encodings += 1;
        }
    }
    assert!(second_encodings > 0, "some of them are points");
}

/// An odd number of exactly so many bits, big-endian, and its length in bytes.
fn rsa_modulus(bits: usize) -> (Vec<u8>, usize) {
    let length = bits.div_ceil(8);
    let mut modulus = vec![0; length];
    modulus[0] = 1 << ((bits - 1) % 8);
    modulus[length - 1] |= 1;
    (modulus, length)
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    let header = match (length, content.len()) {
        ([_, low], 0..0x80) => vec![tag, low],
        ([_, low], 0x80..0x100) => vec![tag, 0x81, low],
        ([high, low], _) => vec![tag, 0x82, high, low],
    };
    [&header[..], content].concat()
}

fn rsa_spki(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    spki_of("300d06092a864886f70d0101010500", &rsa_body(modulus, exponent))
}

fn rsa_body(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let integer =
        |bytes: &[u8]| der(2, &if bytes[0] >= 0x80 { [&[0], bytes].concat() } else { bytes.to_vec() });
    der(0x30, &[integer(modulus), integer(exponent)].concat())
}

fn spki_of(algorithm: &str, body: &[u8]) -> Vec<u8> {
    der(0x30, &[hex::decode(algorithm).unwrap(), der(3, &[&[0], body].concat())].concat())
}

#[test]
fn rsa_keys_are_held_against_every_limit_at_it_and_past_it() {
    let verdict = |bits: usize, exponent: &[u8]| {
        let spki = rsa_spki(&rsa_modulus(bits).0, exponent);
        PublicKey::from_spki_der(&spki, Scheme::RsaPssSha256)
            .map_or_else(|problem| problem.verdict(), |_| "ok")
    };
    let sizes =
        [(1024, "weak-key"), (2047, "weak-key"), (2048, "ok"), (2050, "ok"), (3072, "ok"), (8192, "ok")];
    for (bits, word) in
        sizes.into_iter().chain([(2049, "malformed"), (8194, "malformed"), (16384, "malformed")])
    {
        assert_eq!(verdict(bits, &[1, 0, 1]), word, "{bits} bits");
    }
    let exponents: [(&[u8], &str); 8] = [
        (&[0], "malformed"),
        (&[1], "weak-key"),
        (&[2], "malformed"),
        (&[3], "ok"),
        (&[1, 0, 0], "malformed"),
        (&[1, 0xff, 0xff, 0xff, 0xff], "ok"),
        (&[2, 0, 0, 0, 1], "malformed"),
        (&[1, 0, 0, 0, 0, 0, 0, 0, 1], "malformed"),
    ];
    for (exponent, word) in exponents {
        assert_eq!(verdict(2048, exponent), word, "exponent {exponent:02x?}");
    }
    let mut even = rsa_modulus(2048).0;
    even[255] = 2;
    assert!(PublicKey::from_spki_der(&rsa_spki(&even, &[3]), Scheme::RsaPssSha256).is_err());
}

#[test]
fn an_rsa_key_in_either_pem_form_and_with_or_without_null_is_one_key() {
    let (modulus, _) = rsa_modulus(2048);
    let body = rsa_body(&modulus, &[1, 0, 1]);
    let read = |der: &[u8]| PublicKey::from_spki_der(der, Scheme::RsaPssSha256);
    let usual = read(&rsa_spki(&modulus, &[1, 0, 1])).unwrap();
    assert_eq!(
        read(&spki_of("300b06092a864886f70d010101", &body)).unwrap().fingerprint(),
        usual.fingerprint()
    );
    let pkcs1 = pem_rfc7468::encode_string("RSA PUBLIC KEY", pem_rfc7468::LineEnding::LF, &body).unwrap();
    let pkcs1 = PublicKey::read("rsa", Some("rsassa-pss-sha256"), &pkcs1).unwrap();
    assert_eq!((pkcs1.fingerprint(), pkcs1.kind()), (usual.fingerprint(), "RSA 2048".to_owned()));

    assert!(read(&spki_of("300e06092a864886f70d010101020105", &body)).is_err(), "parameters");
    assert!(read(&spki_of("300b06092a864886f70d01010a", &body)).is_err(), "the PSS-only key type");
    let three = der(0x30, &[der(2, &modulus[..]), der(2, &[3]), der(2, &[3])].concat());
    assert!(read(&spki_of("300d06092a864886f70d0101010500", &three)).is_err(), "three numbers");
}
