//! Tables of URIs: those of RFC 7512 section 3, and hostile ones.

use super::*;
use crate::token::facts::tests::{a_module, a_slot};
use crate::token::{KeyKind, TokenKey};

fn typed(text: &str) -> TokenUri {
    TokenUri::from_command_line(text).unwrap_or_else(|fault| panic!("{text}: {fault}"))
}

#[test]
fn the_examples_of_the_rfc_are_read() {
    assert_eq!(typed("pkcs11:"), TokenUri::default());
    let key = typed(
        "pkcs11:token=The%20Software%20PKCS%2311%20Softtoken;manufacturer=Snake%20Oil,%20Inc.;model=1.0;\
         object=my-certificate;type=cert;id=%69%95%3E%5C%F4%BD%EC%91;serial=",
    );
    assert_eq!(key.token.as_deref(), Some("The Software PKCS#11 Softtoken"));
    assert_eq!(key.manufacturer.as_deref(), Some("Snake Oil, Inc."));
    assert_eq!(key.id.as_deref(), Some(b"\x69\x95\x3e\x5c\xf4\xbd\xec\x91".as_slice()));
    assert_eq!(key.class, Some(KeyClass::Certificate));
    assert_eq!(key.serial.as_deref(), Some(""), "an empty value asks for an empty serial");

    let named = typed("pkcs11:object=my-sign-key;type=private?module-name=mypkcs11");
    assert_eq!(named.module_name(), Some("mypkcs11"));
    let pathed = typed("pkcs11:object=my-sign-key;type=private?module-path=/mnt/libmypkcs11.so.1");
    assert_eq!(pathed.module_path(), Some(Path::new("/mnt/libmypkcs11.so.1")));

    assert_eq!(
        typed("pkcs11:slot-description=Sun%20Metaslot").slot_description.as_deref(),
        Some("Sun Metaslot")
    );
    let library = typed(
        "pkcs11:library-manufacturer=Snake%20Oil,%20Inc.;library-description=Soft%20Token%20Library;\
         library-version=1.23",
    );
    assert_eq!(library.library_version, Some((1, 23)));
    let bare =
        typed("pkcs11:token=My%20token%25%20created%20by%20Joe;library-version=3;id=%01%02%03%Ba%dd%Ca%fe");
    assert_eq!(bare.library_version, Some((3, 0)));
    assert_eq!(bare.token.as_deref(), Some("My token% created by Joe"));
    let sub = typed("pkcs11:token=A%20name%20with%20a%20substring%20%25%3B;object=my-certificate;type=cert");
    assert_eq!(sub.token.as_deref(), Some("A name with a substring %;"));
    let acute =
        typed("pkcs11:token=Name%20with%20a%20small%20A%20with%20acute:%20%C3%A1;object=my-certificate");
    assert_eq!(acute.token.as_deref(), Some("Name with a small A with acute: \u{e1}"));
}

#[test]
fn each_bad_uri_is_refused_by_name() {
    let name = |name: &str| name.to_owned();
    for (text, expected) in [
        ("", UriFault::Scheme),
        ("token=x", UriFault::Scheme),
        ("ssh:serial=1", UriFault::Scheme),
        (" pkcs11:token=x", UriFault::Scheme),
        ("pkcs11:token", UriFault::NoValue { piece: name("token") }),
        ("pkcs11:;", UriFault::NoValue { piece: name("") }),
        ("pkcs11:token=x;", UriFault::NoValue { piece: name("") }),
        ("pkcs11:token=x?", UriFault::NoValue { piece: name("") }),
        ("pkcs11:tokens=x", UriFault::Unknown { name: name("tokens") }),
        ("pkcs11:Token=x", UriFault::Unknown { name: name("Token") }),
        ("pkcs11:vendor-aaa=x", UriFault::Unknown { name: name("vendor-aaa") }),
        ("pkcs11:module-path=/x", UriFault::Unknown { name: name("module-path") }),
        ("pkcs11:?token=x", UriFault::Unknown { name: name("token") }),
        ("pkcs11:token=a;token=a", UriFault::Repeated { name: name("token") }),
        ("pkcs11:id=%01;serial=1;id=%01", UriFault::Repeated { name: name("id") }),
        ("pkcs11:?module-name=a&module-name=b", UriFault::Repeated { name: name("module-name") }),
        ("pkcs11:token=%4", UriFault::Escape { name: name("token") }),
        ("pkcs11:token=a b", UriFault::Character { name: name("token"), byte: b' ' }),
        ("pkcs11:token=a#b", UriFault::Character { name: name("token"), byte: b'#' }),
        ("pkcs11:token=\u{1b}[2J", UriFault::Character { name: name("token"), byte: 0x1b }),
        ("pkcs11:token=%FF", form("token", "UTF-8 text")),
        ("pkcs11:type=key", form("type", "a type of RFC 7512")),
        ("pkcs11:type=", form("type", "a type of RFC 7512")),
        ("pkcs11:slot-id=", form("slot-id", "a decimal number")),
        ("pkcs11:slot-id=-1", form("slot-id", "a decimal number")),
        ("pkcs11:slot-id=+1", form("slot-id", "a decimal number")),
        ("pkcs11:slot-id=0x1", form("slot-id", "a decimal number")),
        ("pkcs11:slot-id=18446744073709551616", form("slot-id", "a decimal number")),
        ("pkcs11:library-version=1.", form("library-version", "a version M.N")),
        ("pkcs11:library-version=.5", form("library-version", "a version M.N")),
        ("pkcs11:library-version=256", form("library-version", "a version M.N")),
        ("pkcs11:library-version=1.2.3", form("library-version", "a version M.N")),
        ("pkcs11:?module-path=", form("module-path", "a file's name")),
        ("pkcs11:?module-path=/a%00b", form("module-path", "a file's name")),
    ] {
        assert_eq!(TokenUri::from_command_line(text), Err(expected), "{text:?}");
    }
    let long = format!("pkcs11:token={}", "x".repeat(5000));
    assert_eq!(TokenUri::from_command_line(&long), Err(UriFault::TooLong));
    let longest = format!("pkcs11:token={}", "x".repeat(LONGEST - 13));
    assert!(TokenUri::from_command_line(&longest).is_ok());
}

#[test]
fn a_pin_is_never_read_from_a_uri() {
    for name in ["pin-value", "pin-source"] {
        let text = format!("pkcs11:token=x?{name}=1234");
        for read in [TokenUri::from_command_line, TokenUri::from_document] {
            let fault = read(&text).unwrap_err();
            assert_eq!(fault, UriFault::Pin { name: name.into() });
            assert!(!fault.to_string().contains("1234"), "the refusal does not repeat the PIN");
        }
    }
}

#[test]
fn a_document_cannot_choose_the_module() {
    for name in ["module-path", "module-name"] {
        let text = format!("pkcs11:token=x?{name}=evil");
        assert_eq!(TokenUri::from_document(&text), Err(UriFault::Module { name: name.into() }));
        assert!(TokenUri::from_command_line(&text).is_ok());
    }
    assert!(TokenUri::from_document("pkcs11:token=x;serial=1").is_ok());
}

#[test]
fn what_is_written_is_read_back_the_same() {
    for text in [
        "pkcs11:",
        "PKCS11:token=x",
        "pkcs11:token=%1B%5B2J%00%E2%80%AE;serial=;id=;object=%3B%3F%26",
        "pkcs11:slot-id=327;type=secret-key;library-version=3;library-manufacturer=a;library-description=b",
        "pkcs11:model=m;manufacturer=n;slot-manufacturer=o;slot-description=p?module-path=/a/%20%FFb&module-name=q",
    ] {
        let uri = typed(text);
        let written = uri.to_string();
        assert!(written.bytes().all(|byte| byte.is_ascii_graphic()), "{written}");
        assert_eq!(typed(&written), uri, "{written}");
    }
    let order = typed("pkcs11:object=o;token=t;serial=s").to_string();
    assert_eq!(order, "pkcs11:serial=s;token=t;object=o");
}

#[test]
fn every_attribute_that_is_given_must_fit() {
    let (module, slot) = (a_module(), a_slot(7, "alice", "01"));
    for (text, fits) in [
        ("pkcs11:", true),
        ("pkcs11:token=alice;serial=01;model=M1;manufacturer=Maker;slot-id=7", true),
        ("pkcs11:slot-description=Reader%207;slot-manufacturer=Readers%20Ltd", true),
        ("pkcs11:library-manufacturer=Maker;library-description=Library;library-version=2.6", true),
        ("pkcs11:token=Alice", false),
        ("pkcs11:token=alice;serial=1", false),
        ("pkcs11:token=", false),
        ("pkcs11:slot-id=8", false),
        ("pkcs11:library-version=2", false),
        ("pkcs11:model=M2", false),
    ] {
        assert_eq!(typed(text).fits_slot(&module, &slot), fits, "{text}");
    }
}

#[test]
fn a_key_fits_by_label_id_and_type() {
    let key = TokenKey {
        kind: KeyKind::Ed25519,
        public: vec![1; 32],
        label: "root".into(),
        id: vec![1, 2],
        always_authenticate: None,
        has_private: None,
        touch: None,
    };
    for (text, fits) in [
        ("pkcs11:", true),
        ("pkcs11:object=root;id=%01%02;type=private", true),
        ("pkcs11:type=public", true),
        ("pkcs11:type=cert", false),
        ("pkcs11:id=%01", false),
        ("pkcs11:object=Root", false),
    ] {
        assert_eq!(typed(text).fits_key(&key), fits, "{text}");
    }
    let named = TokenUri::naming(&a_slot(7, "al ice", "01"), Some(&key));
    assert_eq!(
        named.to_string(),
        "pkcs11:model=M1;manufacturer=Maker;serial=01;token=al%20ice;object=root;id=%01%02"
    );
    assert!(named.fits_key(&key) && named.names_a_key());
    let mut silent = a_slot(7, "a", "b");
    silent.token = None;
    assert_eq!(TokenUri::naming(&silent, None).to_string(), "pkcs11:slot-id=7");
}
