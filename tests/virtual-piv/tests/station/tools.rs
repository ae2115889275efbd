//! Programs and modules that others wrote take the card for a YubiKey.

use std::path::Path;

use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::told;

const YKCS11: &str = "/usr/lib/x86_64-linux-gnu/libykcs11.so.2";
const OPENSC: &str = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so";

fn card(firmware: Firmware) -> Card {
    let card = Card::new(firmware, 12_345_678);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    card.certify(0x9c);
    card
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn yubico_piv_tool_makes_and_attests_a_key_on_each_firmware() {
    // Of the maker's tool in Debian 12, version 2.2.0, no newer firmware's management key is understood.
    for firmware in [Firmware::V4_3_5, Firmware::V5_2_4, Firmware::V5_4_3] {
        let station = Station::start(&[card(firmware)]).unwrap();
        let say = |arguments: &[&str]| told(&station, "yubico-piv-tool", arguments);
        let (status, _) = say(&["-a", "status"]);
        for wanted in [firmware.to_string(), "12345678".into(), "Slot 9c".into(), "PIN tries left:\t3".into()]
        {
            assert!(status.contains(&wanted), "{firmware}: {wanted} in {status}");
        }
        let (said, good) = say(&["-a", "generate", "-s", "9a", "-A", "ECCP384", "--touch-policy=cached"]);
        assert!(good && said.contains("BEGIN PUBLIC KEY"), "{firmware}: {said}");
        let (said, good) = say(&["-a", "attest", "-s", "9a"]);
        assert!(good && said.contains("BEGIN CERTIFICATE"), "{firmware}: {said}");
    }
}

#[test]
fn a_wrong_pin_in_yubico_piv_tool_costs_a_try_on_the_card() {
    let card = card(Firmware::V5_7_1);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let (said, good) = told(&station, "yubico-piv-tool", &["-a", "verify-pin", "-P", "654321"]);
    assert!(!good && said.contains("2 tries left"), "{said}");
    assert_eq!((card.pin_tries(), card.calls("VERIFY")), (2, 1));
    let (said, good) = told(&station, "yubico-piv-tool", &["-a", "verify-pin", "-P", "123456"]);
    assert!(good, "{said}");
    assert_eq!(card.pin_tries(), 3);
}

#[test]
fn both_pkcs11_modules_sign_with_the_key_in_9c() {
    let card = card(Firmware::V5_4_3);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let [message, signature] = ["message", "signature"].map(|name| folder.path().join(name));
    std::fs::write(&message, [0x5a; 32]).unwrap();
    for module in [YKCS11, OPENSC] {
        let before = card.calls("SIGN");
        let arguments =
            ["--module", module, "--login", "--pin", "123456", "--sign", "--id", "02", "-m", "ECDSA"];
        let files = ["-i", text(&message), "-o", text(&signature)];
        let (said, good) = told(&station, "pkcs11-tool", &[&arguments[..], &files].concat());
        assert!(good, "{module}: {said}");
        assert_eq!(std::fs::read(&signature).unwrap().len(), 64, "{module}");
        assert_eq!(card.calls("SIGN"), before + 1);
        std::fs::remove_file(&signature).unwrap();
    }
}
