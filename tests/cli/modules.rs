//! The PKCS#11 modules of a machine: found by their files, pinned by a profile that is printed, and never loaded for it.

use std::os::unix::fs::symlink;

use conclave_softhsm::{Artifact, TokenDir, built};
use serde_json::Value;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::profile::Profile;

use crate::refusal::{harmless, refused};
use crate::stage::{Desk, read};

/// The beginning of a library for a machine that is certainly not this one, or for any.
fn library(machine: u16, body: &str) -> Vec<u8> {
    let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
    bytes.resize(16, 0);
    bytes.extend([3, 0]);
    bytes.extend(machine.to_le_bytes());
    bytes.extend(body.bytes());
    bytes
}

/// A system under the folder `image`, of a machine with its own name for its architecture.
struct Image {
    desk: Desk,
}

impl Image {
    fn new() -> Image {
        let image = Image { desk: Desk::new() };
        image.put("etc/hostname", b"other\n".as_slice());
        image
    }

    fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.desk.path("image").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn link(&self, target: &str, path: &str) {
        let path = self.desk.path("image").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
    }

    fn json(&self, more: &[&str]) -> Value {
        self.desk.run([&["modules", "--json", "--root", "image"], more].concat()).good().json()
    }

    fn words(&self, more: &[&str]) -> String {
        let said = self.desk.run([&["modules", "--root", "image"], more].concat()).good().out();
        harmless(&said);
        assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
        said
    }
}

fn names(facts: &Value) -> Vec<&str> {
    facts["modules"].as_array().unwrap().iter().map(|module| module["name"].as_str().unwrap()).collect()
}

fn module<'f>(facts: &'f Value, name: &str) -> &'f Value {
    let found = facts["modules"].as_array().unwrap().iter().find(|module| module["name"] == name);
    found.unwrap_or_else(|| panic!("{name} in {facts}"))
}

#[test]
fn modules_are_found_as_p11_kit_is_configured_and_where_they_usually_lie() {
    let image = Image::new();
    let lib = "usr/lib/riscv64-linux-gnu";
    image.put(&format!("{lib}/softhsm/libsofthsm2.so"), library(243, "soft"));
    image.link("../riscv64-linux-gnu/softhsm/libsofthsm2.so", "usr/lib/softhsm/libsofthsm2.so");
    image.put(&format!("{lib}/pkcs11/acme-p11.so"), library(243, "acme"));
    image.put(&format!("{lib}/libykcs11.so.2.2.0"), library(243, "yk"));
    image.link("libykcs11.so.2.2.0", &format!("{lib}/libykcs11.so.2"));
    image.put(&format!("{lib}/p11-kit-proxy.so"), library(243, "proxy"));
    image.put(&format!("{lib}/libc.so.6"), library(243, "no module"));
    image.put("opt/nfast/toolkits/pkcs11/libcknfast.so", library(243, "nshield"));
    image.put("usr/share/p11-kit/modules/acme.module", "module: acme-p11.so\npriority: 2\n");
    image.put(
        "usr/share/p11-kit/modules/soft.module",
        "module: /usr/lib/softhsm/libsofthsm2.so\npriority: 7\n",
    );
    image.put("etc/pkcs11/modules/acme.module", "# the system's file goes first\ndisable-in: conclave\n");
    image.put("etc/pkcs11/modules/far.module", "remote: |ssh hsm.example p11-kit remote /m.so\n");
    image.put("etc/pkcs11/modules/broken.module", "module: a.so\n[section]\n");
    image.put("etc/pkcs11/modules/gone.module", "module: /opt/gone/p11.so\n");
    image.put("etc/pkcs11/modules/empty.module", "module:\n");
    let facts = image.json(&[]);
    assert_eq!(names(&facts), ["softhsm2", "acme-p11", "p11", "ykcs11", "p11-kit-proxy", "nshield"]);
    let soft = module(&facts, "softhsm2");
    assert_eq!(soft["path"], "/usr/lib/softhsm/libsofthsm2.so", "as it is configured");
    assert_eq!(soft["also"], serde_json::json!(["/usr/lib/riscv64-linux-gnu/softhsm/libsofthsm2.so"]));
    assert_eq!(soft["sha256"], Digest::of(&library(243, "soft")).to_string());
    assert_eq!(module(&facts, "acme-p11")["path"], "/usr/lib/riscv64-linux-gnu/pkcs11/acme-p11.so");
    assert_eq!(module(&facts, "ykcs11")["path"], "/usr/lib/riscv64-linux-gnu/libykcs11.so.2");
    assert_eq!(module(&facts, "p11-kit-proxy")["serves"], false);
    let gone = module(&facts, "p11");
    assert!(gone["trouble"].as_str().unwrap().contains("There is no file"), "{gone}");
    assert_eq!((&gone["sha256"], &gone["toml"]), (&Value::Null, &Value::Null));
    assert!(facts["remote"][0]["command"].as_str().unwrap().starts_with("|ssh hsm.example"), "{facts}");
    assert_eq!(facts["unread"][0]["because"], "line 2 is no \"name: value\"");
    let said = image.words(&[]);
    for words in [
        "found; none was loaded",
        "for other programs only",
        "Such modules are never run here.",
        "broken.module\" cannot be followed: line 2",
        "a program that keeps keys in files: no device",
        "other modules, whichever p11-kit's configuration names",
        "conclave modules softhsm2 > machine.toml",
    ] {
        assert!(
            said.replace("\n               ", " ").replace("\n    ", " ").contains(words),
            "{words} in {said}"
        );
    }
}

#[test]
fn a_users_own_configuration_goes_before_the_systems_unless_the_system_forbids_it() {
    let desk = Desk::new();
    let tokens = TokenDir::new().unwrap();
    let home = desk.path("home");
    std::fs::create_dir_all(home.join(".config/pkcs11/modules")).unwrap();
    std::fs::copy(tokens.module_path(), home.join("own-p11.so")).unwrap();
    desk.put("home/.config/pkcs11/modules/own.module", "module: ~/own-p11.so\npriority: 9\n");
    let environment = [("HOME".into(), home.clone().into_os_string())];
    let run = || desk.run_with(["modules", "--json"], &environment).good().json();
    let facts = run();
    assert_eq!(names(&facts)[0], "own-p11", "{facts}");
    assert_eq!(module(&facts, "own-p11")["path"], home.join("own-p11.so").to_str().unwrap());
    desk.put("home/.config/pkcs11/pkcs11.conf", "user-config: none\n");
    assert!(!names(&run()).contains(&"own-p11"), "turned off by the user's own file");
    desk.put("home/.config/pkcs11/pkcs11.conf", "user-config: sometimes\n");
    let facts = run();
    assert!(names(&facts).contains(&"own-p11"), "{facts}");
    assert!(facts["unread"][0]["because"].as_str().unwrap().contains("sometimes"), "{facts}");
}

#[test]
fn no_module_is_loaded_until_a_profile_pins_it_and_the_printed_one_does() {
    let desk = Desk::new();
    let tokens = TokenDir::new().unwrap();
    tokens.add_token("alice", "so-pin-1", "4711-right").unwrap();
    let home = desk.path("home");
    std::fs::create_dir_all(home.join(".config/pkcs11/modules")).unwrap();
    // It writes down every call that reaches it.
    let module = built("faulty-pkcs11", Artifact::Library("faulty_pkcs11")).unwrap();
    let config = format!("module: {}\n", module.display());
    desk.put("home/.config/pkcs11/modules/watched.module", config);
    desk.put("rules", "");
    let at = |name: &str| desk.path(name).into_os_string();
    let mut environment = tokens.environment();
    environment.extend([
        ("HOME".into(), home.into_os_string()),
        ("FAULTY_PKCS11_TARGET".into(), tokens.module_path().into()),
        ("FAULTY_PKCS11_RULES".into(), at("rules")),
        ("FAULTY_PKCS11_LOG".into(), at("log")),
    ]);
    let facts = desk.run_with(["modules", "--json"], &environment).good().json();
    let sha256 = Digest::of(&read(&module)).to_string();
    let all = facts["modules"].as_array().unwrap();
    let name =
        all.iter().find(|module| module["sha256"] == sha256.as_str()).unwrap()["name"].as_str().unwrap();
    let text = desk.run_with(["modules", name], &environment).good().out();
    assert!(!desk.path("log").exists(), "nothing of it has run");
    let variables: Vec<String> = environment
        .iter()
        .filter(|(name, _)| name != "HOME")
        .map(|(name, value)| format!("{} = {:?}", name.to_str().unwrap(), value.to_str().unwrap()))
        .collect();
    let text = format!("{text}environment = {{ {} }}\n", variables.join(", "));
    desk.put("machine.toml", &text);
    let listed = desk.run(["tokens", "--profile", "machine.toml", "--json"]).good().json();
    assert!(listed["tokens"].as_array().unwrap().iter().any(|token| token["label"] == "alice"), "{listed}");
    assert!(desk.path("log").exists(), "the log does see a module that is loaded");
}

#[test]
fn a_profile_is_compared_with_what_is_there() {
    let image = Image::new();
    let lib = "usr/lib/riscv64-linux-gnu";
    for name in ["libsofthsm2.so", "libykcs11.so.2", "opensc-pkcs11.so"] {
        image.put(&format!("{lib}/{name}"), library(243, name));
    }
    image.put("opt/own/p11.so", library(243, "own"));
    let pin = |name: &str, path: &str, bytes: &[u8]| {
        format!("[module.{name}]\npath = {path:?}\nsha256 = \"{}\"\n", Digest::of(bytes))
    };
    let text = [
        "format = 1\ndrivers = [\"soft\", \"yubico\", \"own\"]\n".to_owned(),
        pin("soft", &format!("/{lib}/libsofthsm2.so"), &library(243, "libsofthsm2.so")),
        pin("yubico", &format!("/{lib}/libykcs11.so.2"), b"as it was last year"),
        pin("own", "/opt/own/p11.so", &library(243, "own")),
    ];
    image.desk.put("machine.toml", text.concat());
    let facts = image.json(&["--profile", "machine.toml"]);
    assert_eq!(names(&facts), ["softhsm2", "ykcs11", "p11", "opensc"], "{facts}");
    assert_eq!(module(&facts, "softhsm2")["pinned"], "soft");
    assert_eq!(module(&facts, "p11")["pinned"], "own");
    assert_eq!(module(&facts, "opensc")["pinned"], Value::Null);
    assert_eq!(module(&facts, "ykcs11")["pinned"], Value::Null);
    let said = image.words(&["--profile", "machine.toml"]);
    assert!(said.contains("yes, as soft") && said.contains("The profile pins 2 of 4 modules."), "{said}");
    assert!(said.contains("NO: yubico in the profile pins another file at this path"), "{said}");
    assert!(said.contains(&Digest::of(b"as it was last year").to_string()), "{said}");
}

#[test]
fn the_printed_profile_holds_what_was_named_in_that_order_and_says_what_is_to_be_filled_in() {
    let image = Image::new();
    image.put("usr/lib64/libsofthsm2.so", library(62, "a"));
    image.put("usr/lib64/pkcs11/yubihsm_pkcs11.so", library(62, "b"));
    image.put("usr/lib64/libsoftokn3.so", library(62, "d"));
    image.put("usr/lib64/pkcs11/Odd \u{e9}\"name.so", library(62, "c"));
    let text = image.words(&["yubihsm", "softhsm2", "odd---name", "nss"]);
    let profile = Profile::read(text.as_bytes()).unwrap();
    let modules: Vec<(&str, &str, String)> = profile
        .modules()
        .map(|(name, module)| (name, module.path.as_str(), module.sha256.to_string()))
        .collect();
    let digest = |body| Digest::of(&library(62, body)).to_string();
    assert_eq!(
        modules,
        [
            ("yubihsm", "/usr/lib64/pkcs11/yubihsm_pkcs11.so", digest("b")),
            ("softhsm2", "/usr/lib64/libsofthsm2.so", digest("a")),
            ("odd---name", "/usr/lib64/pkcs11/Odd \u{e9}\"name.so", digest("c")),
            ("nss", "/usr/lib64/libsoftokn3.so", digest("d")),
        ]
    );
    for words in [
        "# environment = { SOFTHSM2_CONF = \"...\" }",
        "# network = true",
        "# init = \"configdir='sql:",
        "# A machine profile",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[test]
fn what_cannot_be_pinned_is_refused_with_the_reason() {
    let image = Image::new();
    image.put("usr/lib/pkcs11-spy.so", library(62, "spy"));
    image.put("usr/lib/libsofthsm2.so", library(62, "soft"));
    image.put("etc/pkcs11/modules/text.module", "module: /etc/hostname\n");
    image.put("etc/pkcs11/modules/gone.module", "module: /nowhere.so\n");
    for (name, words) in [
        ("pkcs11-spy", "PINs too"),
        ("hostname", "it is no library"),
        ("nowhere", "There is no file"),
        ("alice", "No module \"alice\" was found."),
        ("piv", "\"piv\" is no module: this program brings it along"),
    ] {
        let told = refused(&image.desk.run(["modules", "--root", "image", name]), 1);
        assert!(told.says(words), "{name}: {told:?}");
    }
    let told = refused(&image.desk.run(["modules", "--root", "image", "piv"]), 1);
    assert!(told.now.contains("write piv into the profile's first lines, as drivers = "), "{told:?}");
    let told = refused(&image.desk.run(["modules", "--root", "nowhere"]), 5);
    assert!(told.says("nowhere"), "{told:?}");
    refused(&image.desk.run(["modules", "--profile", "m.toml", "softhsm2"]), 2);
}

#[test]
fn a_library_for_another_kind_of_machine_is_told() {
    let desk = Desk::new();
    let home = desk.path("home");
    std::fs::create_dir_all(home.join(".config/pkcs11/modules")).unwrap();
    desk.put("foreign-p11.so", library(0xbeef, "x"));
    let config = format!("module: {}\n", desk.path("foreign-p11.so").display());
    desk.put("home/.config/pkcs11/modules/foreign.module", config);
    let environment = [("HOME".into(), home.into_os_string())];
    let facts = desk.run_with(["modules", "--json"], &environment).good().json();
    let trouble = module(&facts, "foreign-p11")["trouble"].as_str().unwrap();
    assert!(trouble.contains("another kind of machine"), "{trouble}");
    let told = refused(&desk.run_with(["modules", "foreign-p11"], &environment), 1);
    assert!(told.says("another kind of machine"), "{told:?}");
}

#[test]
fn a_machine_without_modules_says_so_and_hostile_names_are_made_visible() {
    let image = Image::new();
    assert!(image.words(&[]).contains("No module was found"));
    image.put("usr/lib/pkcs11/x\u{1b}]0;owned\u{7}.so", library(62, "x"));
    image.put("etc/pkcs11/modules/far.module", "remote: \u{1b}[2J|sh\n");
    let said = image.words(&[]);
    assert!(said.contains("<U+001B>"), "{said}");
    assert_eq!(image.json(&[])["modules"][0]["toml"], Value::Null, "no profile takes such a path");
}

#[test]
fn whoever_names_no_module_is_led_to_the_list() {
    let told = refused(&Desk::new().run(["tokens"]), 2);
    assert!(told.now.contains("`conclave modules`"), "{told:?}");
}
