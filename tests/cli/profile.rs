//! The machine's profile: its modules in its order, each pinned, none with a network where the role has none.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use conclave_softhsm::TokenDir;
use tuf_ceremony::digest::Digest;

use crate::holder::Holder;
use crate::refusal::{harmless, refused};
use crate::stage::{Done, program, read};

const CASE: &str = "first-3of5-ed25519-0sigs";

/// A profile with these modules, all with the holder's variables.
fn profile(holder: &Holder, modules: &[(&str, &Path, &str)]) -> PathBuf {
    let names: Vec<String> = modules.iter().map(|(name, _, _)| format!("{name:?}")).collect();
    let mut text = format!("format = 1\ndrivers = [{}]\n", names.join(", "));
    let variables: Vec<String> = (holder.environment().iter())
        .map(|(name, value)| format!("{} = {:?}", name.to_str().unwrap(), value.to_str().unwrap()))
        .collect();
    for (name, module, more) in modules {
        let sha256 = Digest::of(&read(module));
        text.push_str(&format!(
            "[module.{name}]\npath = {module:?}\nsha256 = \"{sha256}\"\nenvironment = {{ {} }}\n{more}\n",
            variables.join(", ")
        ));
    }
    holder.desk.put("machine.toml", text)
}

fn tokens(holder: &Holder, more: &[&str]) -> Done {
    holder.desk.run([&["tokens", "--profile", "machine.toml"], more].concat())
}

fn faulty(holder: &Holder) -> PathBuf {
    PathBuf::from(&holder.module()[1])
}

#[test]
fn the_modules_of_the_profile_are_listed_in_its_order() {
    let holder = Holder::of(CASE, &["k1"]);
    let copy = holder.desk.path("copy.so");
    std::fs::copy(holder.tokens.module_path(), &copy).unwrap();
    profile(&holder, &[("second", &copy, ""), ("first", holder.tokens.module_path(), "")]);
    let facts = tokens(&holder, &["--json"]).good().json();
    let drivers: Vec<&str> =
        facts["modules"].as_array().unwrap().iter().map(|m| m["driver"].as_str().unwrap()).collect();
    assert_eq!(drivers, ["second", "first"]);
    let alice: Vec<&str> = (facts["tokens"].as_array().unwrap().iter())
        .filter(|token| token["label"] == "alice")
        .map(|token| token["driver"].as_str().unwrap())
        .collect();
    assert_eq!(alice, ["second", "first"]);
    let said = tokens(&holder, &[]).good().out();
    assert!(
        said.contains("through the module second, slot") && said.contains("seen through first as well"),
        "{said}"
    );
}

#[test]
fn a_token_that_two_drivers_show_is_one_and_signs() {
    let holder = Holder::of(CASE, &["k1"]);
    let copy = holder.desk.path("copy.so");
    std::fs::copy(holder.tokens.module_path(), &copy).unwrap();
    profile(&holder, &[("first", holder.tokens.module_path(), ""), ("second", &copy, "")]);
    let mut talk = crate::holder::Talk::of(
        &holder.desk,
        &["sign", "--profile", "machine.toml", "--token", "pkcs11:token=alice", crate::holder::BUNDLE],
        &[],
    );
    talk.consent();
    talk.line(crate::holder::PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!(holder.counted(), [holder.keyid("k1")]);
}

#[test]
fn a_module_that_fails_does_not_hide_the_others() {
    let holder = Holder::of(CASE, &["k1"]).failing("C_GetSlotList abort");
    let good = holder.tokens.module_path().to_owned();
    profile(&holder, &[("bad", &faulty(&holder), ""), ("good", &good, "")]);
    let done = tokens(&holder, &["--json"]);
    assert_eq!(done.code, Some(0), "{}", done.err());
    assert!(done.err().contains("warning: the module \"bad\" shows nothing: "), "{}", done.err());
    let facts = done.json();
    assert_eq!(facts["failed"][0]["driver"], "bad");
    assert!(facts["failed"][0]["because"].as_str().unwrap().contains("crashed"), "{facts}");
    assert!(facts["tokens"].as_array().unwrap().iter().any(|token| token["label"] == "alice"), "{facts}");
    harmless(&done.err());
}

#[test]
fn a_module_that_was_changed_since_it_was_pinned_is_not_loaded() {
    let holder = Holder::of(CASE, &["k1"]).failing("# none");
    let copy = holder.desk.path("module.so");
    std::fs::copy(faulty(&holder), &copy).unwrap();
    profile(&holder, &[("hsm", &copy, "")]);
    tokens(&holder, &[]).good();
    assert_ne!(holder.calls("C_Initialize"), 0, "the log does see a module that is loaded");
    let pinned = Digest::of(&read(&copy)).to_string();
    let mut bytes = read(&copy);
    bytes.push(0);
    std::fs::write(&copy, &bytes).unwrap();
    std::fs::remove_file(holder.tokens.path().join("log")).unwrap();
    for options in [&[][..], &["--json"]] {
        let told = refused(&tokens(&holder, options), 4);
        assert!(told.says(&pinned) && told.says(&Digest::of(&bytes).to_string()), "{told:?}");
        assert!(
            told.error.contains("No PIN try was used") && told.now.contains("pin the new file"),
            "{told:?}"
        );
    }
    assert_eq!(holder.calls("C_Initialize"), 0, "its code never ran");
}

#[test]
fn a_profile_that_cannot_be_read_and_a_module_beside_a_profile_are_refused() {
    let holder = Holder::of(CASE, &[]);
    holder.desk.put("machine.toml", "format = 1\n");
    refused(&tokens(&holder, &[]), 1);
    let mut both = vec!["tokens".to_owned(), "--profile".to_owned(), "machine.toml".to_owned()];
    both.extend(holder.module());
    let told = refused(&holder.desk.run(both), 2);
    assert!(told.says("--profile"), "{told:?}");
}

/// What the module found when it tried to open sockets.
fn sockets(holder: &Holder) -> Vec<String> {
    let log = std::fs::read_to_string(holder.tokens.path().join("log")).unwrap();
    log.lines().filter_map(|line| line.strip_prefix("socket ")).map(str::to_owned).collect()
}

#[test]
fn a_list_of_tokens_gives_no_module_a_network_whatever_the_profile_says() {
    let holder = Holder::of(CASE, &[]).failing("C_GetSlotList nth=1 sockets");
    profile(&holder, &[("hsm", &faulty(&holder), "network = true")]);
    tokens(&holder, &[]).good();
    let tried = sockets(&holder);
    assert!(
        tried.contains(&"inet refused 13".to_owned()) && tried.contains(&"unix allowed".to_owned()),
        "{tried:?}"
    );
}

#[test]
fn this_program_forbids_itself_the_network_with_and_without_a_profile() {
    let holder = Holder::of(CASE, &[]).failing("C_GetSlotList hang=60000");
    profile(&holder, &[("hsm", &faulty(&holder), "network = true")]);
    let named = holder.module();
    let by_profile = ["--profile".to_owned(), "machine.toml".to_owned()];
    for options in [named.as_slice(), by_profile.as_slice()] {
        let mut child = Command::new(program())
            .arg("tokens")
            .args(options)
            .envs(holder.environment())
            .current_dir(holder.desk.path("."))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // Once the module is asked, the fence has long been up.
        let asked = || holder.calls("C_GetSlotList") > 0;
        for _ in 0..6000 {
            if asked() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert!(asked(), "the module was not reached");
        let mut status = String::new();
        let mut file = std::fs::File::open(format!("/proc/{}/status", child.id())).unwrap();
        file.read_to_string(&mut status).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        // 2 is a filter (proc_pid_status(5)).
        assert!(status.contains("\nSeccomp:\t2\n"), "{status}");
        std::fs::remove_file(holder.tokens.path().join("log")).unwrap();
    }
}

#[test]
fn a_module_gets_the_text_of_its_profile_when_it_is_initialised_and_none_otherwise() {
    let holder = Holder::of(CASE, &[]).failing("# none");
    let given = |holder: &Holder| -> Vec<String> {
        let log = std::fs::read_to_string(holder.tokens.path().join("log")).unwrap();
        log.lines().filter_map(|line| line.strip_prefix("reserved ")).map(str::to_owned).collect()
    };
    profile(&holder, &[("hsm", &faulty(&holder), "")]);
    tokens(&holder, &[]).good();
    assert_eq!(given(&holder), [""; 0]);
    profile(&holder, &[("hsm", &faulty(&holder), "init = \"configdir='sql:/srv/nss' flags= \"")]);
    tokens(&holder, &[]).good();
    assert_eq!(given(&holder), ["configdir='sql:/srv/nss' flags= "]);
    // SoftHSM2 itself takes none, and says so.
    profile(&holder, &[("soft", holder.tokens.module_path(), "init = \"x\"")]);
    let told = refused(&tokens(&holder, &[]), 4);
    assert!(told.says("CKR_ARGUMENTS_BAD"), "{told:?}");
}

#[test]
fn a_module_without_a_token_names_the_variable_that_it_was_not_given() {
    // What is needed is known by the names of modules' files; this one's needs are met by another variable.
    for (rules, code) in [("# none", 0), ("C_Initialize rv=0x5", 4)] {
        let mut holder = Holder::of(CASE, &[]);
        holder.tokens = TokenDir::new().unwrap();
        let holder = holder.failing(rules);
        let copy = holder.desk.path("libkryoptic_pkcs11.so");
        std::fs::copy(faulty(&holder), &copy).unwrap();
        profile(&holder, &[("room", &copy, "")]);
        let done = tokens(&holder, &[]);
        assert_eq!(done.code, Some(code), "{}", done.err());
        let said = format!("{}{}", done.out(), done.err());
        let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("shows no token that is set up, and was not given KRYOPTIC_CONF"), "{said}");
        assert!(!flat.contains("nothing is wrong"), "{said}");
        harmless(&said);
    }
    let holder = Holder::of(CASE, &["k1"]);
    let copy = holder.desk.path("libkryoptic_pkcs11.so");
    std::fs::copy(holder.tokens.module_path(), &copy).unwrap();
    profile(&holder, &[("room", &copy, "")]);
    let facts = tokens(&holder, &["--json"]).good().json();
    assert_eq!(facts["unset"], serde_json::json!([]), "it shows a token");
}
