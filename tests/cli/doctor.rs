//! `doctor` through the binary: what is well, what is worth knowing, what is bad, and that nothing stays behind.

use conclave_softhsm::{Artifact, TokenDir, built};
use serde_json::Value;
use tuf_ceremony::digest::Digest;

use crate::holder::Talk;
use crate::refusal::harmless;
use crate::room::{because, now};
use crate::stage::{Desk, Done, read};

/// The standings and sentences of one part.
fn part(told: &Value, part: &str) -> Vec<(String, String)> {
    let lines = told["lines"].as_array().unwrap().iter().filter(|line| line["part"] == part);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    lines.map(|line| (text(&line["standing"]), text(&line["says"]))).collect()
}

/// A profile with modules of these names, files and digests, which see these tokens.
fn profile(desk: &Desk, tokens: &TokenDir, modules: &[(&str, &str, String)]) {
    let names: Vec<&str> = modules.iter().map(|(name, ..)| *name).collect();
    let mut text = format!("format = 1\ndrivers = {names:?}\n");
    for (name, path, sha256) in modules {
        let conf = tokens.conf_path();
        text += &format!("[module.{name}]\npath = {path:?}\nsha256 = \"{sha256}\"\n");
        text += &format!("environment = {{ SOFTHSM2_CONF = {conf:?} }}\n");
    }
    desk.put("machine.toml", text);
}

fn looks(desk: &Desk, more: &[&str]) -> Done {
    let before = desk.listing();
    let done = desk.run([&["doctor", "--json"][..], more].concat());
    assert!(desk.listing() == before, "something stayed behind");
    done
}

#[test]
fn a_good_machine_is_told_part_by_part_and_nothing_stays_behind() {
    let (desk, tokens) = (Desk::new(), TokenDir::new().unwrap());
    tokens.add_token("alice", "so-pin-1", "4711-right-PIN").unwrap();
    let module = tokens.module_path().to_str().unwrap().to_owned();
    profile(&desk, &tokens, &[("softhsm", &module, Digest::of(&read(module.as_ref())).to_string())]);
    let done = looks(&desk, &["--profile", "machine.toml"]);
    let told = done.json();
    assert_eq!((done.code, told["standing"] == "bad"), (Some(0), false), "{told}");
    assert_eq!(told["versions"]["spec_version"], "1.0.34");
    assert_eq!(told["versions"]["tool"], env!("CARGO_PKG_VERSION"));
    for well in ["versions", "self-test", "clock", "locked memory"] {
        assert_eq!(part(&told, well)[0].0, "ok", "{told}");
    }
    assert_eq!(part(&told, "core dumps")[0].0, "ok", "{told}");
    assert_eq!(part(&told, "disk")[1].0, "ok", "{told}");
    let modules = part(&told, "module");
    assert!(modules.iter().all(|(standing, _)| standing == "ok"), "{told}");
    assert!(modules[0].1.contains("its file is the one that is pinned"), "{told}");
    // The empty slot that SoftHSM2 shows beside it is no token yet.
    assert!(modules[1].1.contains("loads and lists 1 token."), "{told}");
}

#[test]
fn a_module_that_fails_is_bad_and_does_not_end_the_rest() {
    let (desk, tokens) = (Desk::new(), TokenDir::new().unwrap());
    let module = tokens.module_path().to_str().unwrap().to_owned();
    let right = Digest::of(&read(module.as_ref())).to_string();
    let text = desk.put("text.so", "no module\n");
    let text = text.to_str().unwrap();
    let modules = [
        ("gone", "/no/such/module.so", right.clone()),
        ("altered", &module, Digest::of(b"another file").to_string()),
        ("text", text, Digest::of(b"no module\n").to_string()),
        ("softhsm", &module, right),
    ];
    profile(&desk, &tokens, &modules);
    let done = looks(&desk, &["--profile", "machine.toml"]);
    let told = done.json();
    assert_eq!((done.code, &told["standing"]), (Some(1), &"bad".into()), "{told}");
    let found = part(&told, "module");
    let standings: Vec<&str> = found.iter().map(|(standing, _)| standing.as_str()).collect();
    assert_eq!(standings, ["bad", "bad", "ok", "bad", "ok", "ok"], "{told}");
    assert!(found[1].1.contains(&Digest::of(b"another file").to_string()), "{told}");
    let lines = told["lines"].as_array().unwrap();
    assert!(lines.iter().all(|line| (line["standing"] == "ok") == line["now"].is_null()), "{told}");
    let page = desk.run(["doctor", "--profile", "machine.toml"]);
    assert_eq!((page.code, page.err().as_str()), (Some(1), ""));
    harmless(&page.out());
    assert!(page.out().contains("3 things are bad: hold no ceremony on this machine"), "{}", page.out());
    desk.put("machine.toml", "format = 9\n");
    let done = looks(&desk, &["--profile", "machine.toml"]);
    assert_eq!((done.code, part(&done.json(), "module")[0].0.as_str()), (Some(1), "bad"));
    assert_eq!(part(&done.json(), "self-test")[0].0, "ok");
}

#[test]
fn a_module_that_crashes_is_a_line_like_any_other() {
    let (desk, tokens) = (Desk::new(), TokenDir::new().unwrap());
    let module = built("faulty-pkcs11", Artifact::Library("faulty_pkcs11")).unwrap();
    desk.put("rules", "C_GetSlotList abort\n");
    let at = |name: &str| desk.path(name).into_os_string();
    let environment = [
        ("FAULTY_PKCS11_TARGET".into(), tokens.module_path().into()),
        ("FAULTY_PKCS11_RULES".into(), at("rules")),
        ("FAULTY_PKCS11_LOG".into(), at("log")),
        ("SOFTHSM2_CONF".into(), tokens.conf_path().into()),
    ];
    let mut arguments = vec!["doctor", "--json", "--module", module.to_str().unwrap()];
    for name in ["FAULTY_PKCS11_TARGET", "FAULTY_PKCS11_RULES", "FAULTY_PKCS11_LOG", "SOFTHSM2_CONF"] {
        arguments.extend(["--module-env", name]);
    }
    let done = desk.run_with(arguments, &environment);
    let told = done.json();
    let found = part(&told, "module");
    assert_eq!((done.code, found.len()), (Some(1), 2), "{told}");
    // Nothing pins a module that was named by its file.
    assert_eq!((found[0].0.as_str(), found[1].0.as_str()), ("finding", "bad"), "{told}");
    assert!(found[1].1.contains("crashed") || found[1].1.contains("ended"), "{told}");
}

#[test]
fn findings_alone_are_no_failure() {
    let desk = Desk::new();
    let done = looks(&desk, &["--date", "2027-03-05", "--mirror", "mirror", "--folder", "folder"]);
    let told = done.json();
    assert_eq!((done.code, &told["standing"]), (Some(0), &"finding".into()), "{told}");
    assert_eq!(part(&told, "clock")[0].0, "finding", "unless somebody sets this clock to that very day");
    assert_eq!(part(&told, "terminal")[0].0, "finding");
    assert_eq!(
        part(&told, "module"),
        [("finding".to_owned(), "No module was named, so none was tried.".to_owned())]
    );
    let disk: Vec<String> = part(&told, "disk").into_iter().map(|(standing, _)| standing).collect();
    assert_eq!((disk.len(), disk[4].as_str()), (5, "finding"), "both on one medium: {told}");
    // At a terminal that finding is gone.
    let (code, said) = Talk::of(&desk, &["doctor"], &[]).end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("There is a terminal at which a person can answer."), "{said}");
}

#[test]
fn a_place_to_which_nothing_can_be_written_is_bad() {
    let desk = Desk::new();
    let done = looks(&desk, &["--folder", "no/such/folder"]);
    assert_eq!((done.code, part(&done.json(), "disk")[0].0.as_str()), (Some(1), "bad"));
    let done = looks(&desk, &["--folder", "/proc"]);
    let told = done.json();
    assert_eq!(done.code, Some(1), "{told}");
    assert_eq!(part(&told, "disk").last().unwrap().0, "bad", "{told}");
}

#[test]
fn what_was_typed_wrong_is_a_question_of_usage() {
    let room = crate::room::Room::new();
    let told = room.refuses(&["doctor", "--date", "soon"], 2, "\"soon\" is not a date.");
    now(&told, "Type a date like");
    let told = room.refuses(
        &["doctor", "--module", "x.so", "--module-env", "NO_SUCH_VARIABLE"],
        2,
        "The variable \"NO_SUCH_VARIABLE\" is not set here, so it cannot be passed on to the module.",
    );
    now(&told, "Set it");
    let both = room.desk.run(["doctor", "--module", "x.so", "--profile", "y.toml"]);
    because(&crate::refusal::refused(&both, 2), "--profile");
}

/// What the doctor tells in a network of its own, in which a shell does this first.
fn in_a_network(first: &str) -> Value {
    let mut command = std::process::Command::new("unshare");
    command.args(["--mount", "--net"]);
    if !rustix::process::geteuid().is_root() {
        command.arg("--map-root-user");
    }
    let program = crate::stage::program();
    let script = format!("set -e; mount -t sysfs sysfs /sys; {first}\nexec \"$0\" doctor --json");
    let done = command.args(["sh", "-c", &script]).arg(program).output().unwrap();
    serde_json::from_slice(&done.stdout).unwrap_or_else(|_| panic!("{done:?}"))
}

#[test]
fn a_machine_without_a_network_is_well_and_one_with_a_network_has_a_finding_and_no_more() {
    let told = in_a_network("ip link set lo up");
    assert_eq!(part(&told, "network")[0].0, "ok", "{told}");
    let told = in_a_network(
        "ip link add inside type veth peer outside; ip link set inside up; ip link set outside up
         ip address add 192.0.2.9/24 dev inside; ip route add default via 192.0.2.1",
    );
    let (standing, says) = part(&told, "network").remove(0);
    assert_eq!(standing, "finding", "{told}");
    for words in ["inside", "192.0.2.9", "a default route"] {
        assert!(says.contains(words), "{words} in {says}");
    }
    let advice = told["lines"].as_array().unwrap().iter().find(|line| line["part"] == "network").unwrap();
    assert!(advice["now"].as_str().unwrap().contains("the reason is to be written down"), "{advice}");
}

#[test]
fn where_memory_goes_and_what_else_may_be_seen_is_told_in_a_line_each() {
    let told = looks(&Desk::new(), &[]).json();
    for one in ["running", "chance", "swap", "sleep", "programs", "network", "radio", "pcscd"] {
        assert_eq!(part(&told, one).len(), 1, "{one} in {told}");
    }
    assert_eq!(part(&told, "chance")[0].0, "ok", "{told}");
}
