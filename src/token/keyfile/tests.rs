//! Key files: each scheme opens with its passphrase alone, and each refusal comes before what it guards.

use tuf_ceremony::card::{Card, Claims};

use super::*;

fn pin(text: &str) -> Pin {
    Pin::filled_by(text.len(), |page| {
        page.copy_from_slice(text.as_bytes());
        Ok(())
    })
    .unwrap()
}

fn made(scheme: Scheme) -> (KeyFile, String) {
    KeyFile::make(scheme, &pin("correct horse"), || crate::chance::bytes().map_err(|f| f.to_string()))
        .unwrap()
}

fn fault(text: &str) -> KeyFileFault {
    KeyFile::read(text).err().unwrap()
}

#[test]
fn a_key_of_each_scheme_opens_with_its_passphrase_alone_and_signs() {
    for scheme in SCHEMES {
        let (file, text) = made(scheme);
        let read = KeyFile::read(&text).unwrap();
        assert_eq!((read.fingerprint(), read.public().scheme()), (file.fingerprint(), scheme));
        let unsigned = Card::unsigned(read.public(), Claims::default()).unwrap();
        let open = read.open(&pin("correct horse")).unwrap();
        let proof = open.sign(&Signable::card(&unsigned));
        assert_eq!(proof, open.sign(&Signable::card(&unsigned)), "deterministic");
        unsigned.prove(&proof).unwrap();
        for wrong in ["correct hors", "correct horse ", "x"] {
            assert!(matches!(read.open(&pin(wrong)), Err(KeyFileFault::WrongPassphrase)), "{wrong}");
        }
    }
}

#[test]
fn two_keys_are_never_the_same_and_the_passphrase_is_not_in_the_file() {
    let ((one, text), (two, _)) = (made(Scheme::Ed25519), made(Scheme::Ed25519));
    assert_ne!(one.fingerprint(), two.fingerprint());
    assert!(!text.contains("correct horse"));
}

#[test]
fn a_short_passphrase_and_a_scheme_without_files_make_no_key() {
    let chance = || crate::chance::bytes().map_err(|f| f.to_string());
    let short = KeyFile::make(Scheme::Ed25519, &pin("1234567"), chance);
    assert!(matches!(short, Err(KeyFileFault::ShortPassphrase)));
    assert!(matches!(
        KeyFile::make(Scheme::RsaPssSha256, &pin("correct horse"), chance),
        Err(KeyFileFault::NotMade { .. })
    ));
    let none = KeyFile::make(Scheme::Ed25519, &pin("correct horse"), || Err("no chance".to_owned()));
    assert!(matches!(none, Err(KeyFileFault::NotMade { why }) if why == "no chance"));
}

#[test]
fn a_private_key_that_lies_open_is_refused() {
    let (_, text) = made(Scheme::Ed25519);
    for label in ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
        let open = text.replace("ENCRYPTED PRIVATE KEY", label);
        assert!(matches!(fault(&open), KeyFileFault::Unencrypted), "{label}");
    }
}

#[test]
fn a_file_that_was_cut_or_put_together_otherwise_is_refused() {
    let (_, text) = made(Scheme::EcdsaP256Sha256);
    let at = text.find("-----BEGIN ENCRYPTED").unwrap();
    let (public, private) = text.split_at(at);
    for wrong in [
        String::new(),
        public.to_owned(),
        private.to_owned(),
        format!("{private}{public}"),
        format!("{text}{private}"),
    ] {
        assert!(matches!(fault(&wrong), KeyFileFault::NotAKeyFile { .. }), "{wrong}");
    }
    for cut in 1..private.len() / 65 {
        let lines: Vec<&str> = private.lines().collect();
        let shorter: Vec<&str> = lines[..lines.len() - 1 - cut].iter().chain(lines.last()).copied().collect();
        assert!(KeyFile::read(&format!("{public}{}\n", shorter.join("\n"))).is_err(), "{cut} lines less");
    }
}

#[test]
fn halves_of_two_keys_do_not_open() {
    let ((_, one), (_, two)) = (made(Scheme::Ed25519), made(Scheme::Ed25519));
    let at = |text: &str| text.find("-----BEGIN ENCRYPTED").unwrap();
    let mixed = format!("{}{}", &one[..at(&one)], &two[at(&two)..]);
    let opened = KeyFile::read(&mixed).unwrap().open(&pin("correct horse"));
    assert!(matches!(opened, Err(KeyFileFault::OtherKey)));
}

#[test]
fn a_file_that_asks_for_too_much_is_refused_before_any_passphrase() {
    let asks = |how: pbes2::Parameters| {
        let encrypted_data = der::asn1::OctetStringRef::new(b"sealed").unwrap();
        affordable(&EncryptedPrivateKeyInfoRef { encryption_algorithm: how.into(), encrypted_data })
    };
    let rounds =
        |count| pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(count, &[1; 16], [2; 16]).unwrap();
    let scrypt = |log_n, r, p| {
        let cost = scrypt::Params::new(log_n, r, p).unwrap();
        pbes2::Parameters::generate_scrypt_aes256cbc(cost, &[1; 16], [2; 16]).unwrap()
    };
    for given in [rounds(MOST_ROUNDS), scrypt(14, 8, 5), scrypt(18, 8, 64)] {
        asks(given).unwrap();
    }
    for refused in [rounds(MOST_ROUNDS + 1), scrypt(19, 8, 1), scrypt(18, 9, 1), scrypt(14, 8, 65)] {
        assert!(matches!(asks(refused), Err(KeyFileFault::TooCostly { .. })));
    }
    let gcm = pbes2::Parameters::scrypt_aes256gcm(scrypt::Params::new(10, 8, 1).unwrap(), &[1; 16], [2; 12]);
    assert!(matches!(asks(gcm.unwrap()), Err(KeyFileFault::Encryption)));
}

#[test]
fn a_file_by_another_tool_opens_too() {
    let plain = private(Scheme::EcdsaP384Sha384, &mut || Ok([7; 32])).unwrap();
    let info = PrivateKeyInfoRef::try_from(plain.as_bytes()).unwrap();
    let public = OpenKey::of(&info).unwrap().public(Scheme::EcdsaP384Sha384).unwrap().spki_pem();
    let how = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(2048, &[1; 16], [2; 16]).unwrap();
    let sealed = info.encrypt_with_params(how, b"correct horse").unwrap();
    let text = format!("{public}\n{}", sealed.to_pem(ENCRYPTED, LineEnding::LF).unwrap().as_str());
    KeyFile::read(&text).unwrap().open(&pin("correct horse")).unwrap();
}

#[test]
fn the_example_of_the_page_opens() {
    let page = include_str!("../../../docs/spec/key-file.md");
    let text = page.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    KeyFile::read(text).unwrap().open(&pin("correct horse")).unwrap();
}
