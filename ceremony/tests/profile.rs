//! Machine profiles (`docs/spec/profile.md`): the page's example reads, and each refusal is a sentence.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test stops at the first surprise")]

use tuf_ceremony::limits::{LINE, NAME, REASON, SMALL_FILE};
use tuf_ceremony::profile::{Profile, Way};

fn example() -> String {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/spec/profile.md");
    let page = std::fs::read_to_string(page).unwrap();
    page.split("```toml\n").nth(1).unwrap().split("```").next().unwrap().to_owned()
}

fn refusal(old: &str, new: &str) -> String {
    let text = example();
    assert!(text.contains(old), "{old:?} is not in the example");
    Profile::read(text.replacen(old, new, 1).as_bytes()).unwrap_err().to_string()
}

#[test]
fn the_example_of_the_page_reads_in_the_order_of_its_drivers() {
    let profile = Profile::read(example().as_bytes()).unwrap();
    let names: Vec<&str> = profile.modules().map(|(name, _)| name).collect();
    assert_eq!(names, ["yubico", "network-hsm"]);
    let hsm = &profile.module["network-hsm"];
    assert_eq!(hsm.environment["HSM_CONFIG"], "/opt/hsm/etc/hsm.conf");
    assert!(hsm.network && !profile.module["yubico"].network);
}

#[test]
fn unknown_duplicate_and_missing_fields_are_refused_with_their_line() {
    let unknown = refusal("network = true", "net = true");
    assert!(unknown.starts_with("line 12, `module.network-hsm"), "{unknown}");
    assert!(unknown.contains("unknown field `net`"), "{unknown}");
    assert_eq!(
        refusal("network = true", "network = true\nnetwork = true"),
        "line 13, `network`: duplicate key"
    );
    assert!(refusal("drivers = [\"yubico\", \"network-hsm\"]\n", "").contains("missing field `drivers`"));
    assert_eq!(refusal("format = 1", "format = 3"), "it has the format 3, and this version reads format 1");
}

#[test]
fn drivers_are_the_modules_and_each_stands_once() {
    let drivers = "[\"yubico\", \"network-hsm\"]";
    let other = "[\"yubico\", \"network-hsm\", \"other\"]";
    assert_eq!(refusal(drivers, other), "`drivers` names \"other\", which is none of its modules");
    assert_eq!(refusal(drivers, "[\"yubico\", \"yubico\"]"), "`drivers` lists \"yubico\" twice");
    assert_eq!(refusal(drivers, "[\"yubico\"]"), "`drivers` leaves out the module \"network-hsm\"");
    let none = Profile::read(b"format = 1\ndrivers = []\n[module]\n").unwrap_err().to_string();
    assert_eq!(none, "it names no module");
}

#[test]
fn cards_without_a_module_stand_among_the_drivers_and_a_module_of_that_name_stays_one() {
    let read = |text: String| Profile::read(text.as_bytes()).map_err(|fault| fault.to_string());
    let mixed = example().replace("[\"yubico\", \"network-hsm\"]", "[\"yubico\", \"piv\", \"network-hsm\"]");
    let profile = read(mixed.clone()).unwrap();
    let ways: Vec<(&str, bool)> =
        profile.ways().map(|(name, way)| (name, matches!(way, Way::Piv(None)))).collect();
    assert_eq!(ways, [("yubico", false), ("piv", true), ("network-hsm", false)]);
    assert_eq!(profile.modules().count(), 2);
    let alone =
        read("format = 1\ndrivers = [\"piv\"]\n[piv]\nenvironment = { A = \"b\" }\n".to_owned()).unwrap();
    assert!(matches!(alone.ways().next(), Some(("piv", Way::Piv(Some(piv)))) if piv.environment["A"] == "b"));
    let named = read(example().replace("yubico", "piv")).unwrap();
    assert!(matches!(named.ways().next(), Some(("piv", Way::Module(_)))));
    for (text, why) in [
        (mixed.replace("\"piv\", ", "\"piv\", \"piv\", "), "`drivers` lists \"piv\" twice"),
        (example() + "[piv]\n", "`piv` says what PIV cards need, and `drivers` does not list them"),
        (
            mixed.clone() + "[piv]\nenvironment = { LD_PRELOAD = \"x\" }\n",
            "`piv.environment` has \"LD_PRELOAD\": it would load other code than is meant",
        ),
        (
            mixed + "[piv]\nenvironment = { LD_LIBRARY_PATH = \"/x\" }\n",
            "`piv.environment` has \"LD_LIBRARY_PATH\": it would load other code than is meant",
        ),
    ] {
        let fault = read(text).unwrap_err();
        assert!(fault.ends_with(why), "{fault}");
    }
}

#[test]
fn a_module_has_a_plain_name() {
    for name in ["Yubico", "-y", "y_y", "", &"y".repeat(NAME.most + 1)] {
        let text = example().replace("\"yubico\"", &format!("{name:?}"));
        let text = text.replace("[module.yubico]", &format!("[module.{name:?}]"));
        let sentence = Profile::read(text.as_bytes()).unwrap_err().to_string();
        assert!(
            sentence.contains("has no name of 1 to 40 lower-case letters, digits and hyphens"),
            "{sentence}"
        );
    }
}

#[test]
fn a_path_that_may_lead_elsewhere_tomorrow_is_refused() {
    let path = "/opt/hsm/lib/libcryptoki.so";
    let wanted =
        "`module.network-hsm.path` must be absolute, with no empty or dot names and no control characters";
    for odd in [
        "libcryptoki.so",
        "",
        "/",
        "/opt/../lib.so",
        "/opt//lib.so",
        "/opt/./lib.so",
        "/opt/lib\\u0007.so",
        "/opt/",
    ] {
        assert_eq!(refusal(path, odd), wanted, "{odd}");
    }
    let long = |n: usize| example().replacen(path, &format!("/{}", "x".repeat(n - 1)), 1);
    assert!(Profile::read(long(LINE.most).as_bytes()).is_ok());
    let past = Profile::read(long(LINE.most + 1).as_bytes()).unwrap_err().to_string();
    assert_eq!(past, format!("`module.network-hsm` is past a limit: {LINE}"));
}

#[test]
fn a_digest_that_is_none_is_refused() {
    assert!(
        refusal("sha256 = \"2c", "sha256 = \"2C").contains("a SHA-256 digest is 64 lower-case hex digits")
    );
}

#[test]
fn a_variable_that_is_none_or_loads_other_code_is_refused() {
    let set = |variable: &str| refusal("HSM_CONFIG", variable);
    for odd in ["\"\"", "\"1A\"", "\"A B\"", "\"A=B\"", "\"É\""] {
        assert!(set(odd).ends_with("a variable is letters, digits and underscores"), "{}", set(odd));
    }
    for loader in ["LD_PRELOAD", "LD_AUDIT"] {
        assert!(set(loader).ends_with("it would load other code than is meant"), "{}", set(loader));
    }
    let value = refusal("/opt/hsm/etc/hsm.conf", "a\\u0000b");
    assert!(value.ends_with("its value holds a control character"), "{value}");
    let long = |n: usize| example().replacen("/opt/hsm/etc/hsm.conf", &"x".repeat(n - "HSM_CONFIG".len()), 1);
    assert!(Profile::read(long(REASON.most).as_bytes()).is_ok());
    let past = Profile::read(long(REASON.most + 1).as_bytes()).unwrap_err().to_string();
    assert_eq!(past, format!("`module.network-hsm` is past a limit: {REASON}"));
}

#[test]
fn a_profile_as_large_as_a_small_file_is_read_and_a_larger_one_is_refused() {
    let text = example();
    let sized = |n: usize| format!("{text}#{}", "x".repeat(n - text.len() - 1));
    assert!(Profile::read(sized(SMALL_FILE.most).as_bytes()).is_ok());
    let past = Profile::read(sized(SMALL_FILE.most + 1).as_bytes()).unwrap_err().to_string();
    assert_eq!(past, format!("it is past a limit: {SMALL_FILE}"));
}

#[test]
fn a_text_for_the_initialisation_is_optional_and_plain() {
    let with =
        |value: &str| example().replacen("network = true", &format!("network = true\ninit = {value}"), 1);
    let read = |text: String| Profile::read(text.as_bytes());
    assert_eq!(read(example()).unwrap().module["network-hsm"].init, None);
    let profile = read(with("\"configdir='sql:/srv/nss' flags= \"")).unwrap();
    assert_eq!(profile.module["network-hsm"].init.as_deref(), Some("configdir='sql:/srv/nss' flags= "));
    for value in ["\"\"", "\"a\\u0000b\"", "\"a\\nb\""] {
        let sentence = read(with(value)).unwrap_err().to_string();
        assert_eq!(sentence, "`module.network-hsm.init` is empty or has control characters", "{value}");
    }
    let longest = format!("\"{}\"", "i".repeat(REASON.most));
    assert!(read(with(&longest)).is_ok());
    let sentence = read(with(&longest.replacen('i', "ii", 1))).unwrap_err().to_string();
    assert!(sentence.starts_with("`module.network-hsm` is past a limit: "), "{sentence}");
}
