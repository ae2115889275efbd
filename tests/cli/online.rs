//! Online roles in a real ceremony: what is allowed for snapshot and timestamp, and for nothing else that is signed there.

use std::os::unix::fs::PermissionsExt as _;

use tuf_ceremony::digest::Digest;

use crate::chairs::{Chairs, events};
use crate::holder::{PIN, Talk, fault};
use crate::refusal::refused;
use crate::scene::{TODAY, key, tallies};
use crate::stage::{Done, read};

/// A real bootstrap, open in `a`: root, targets, snapshot and timestamp are drafts A to D. The machine's key is on the token
/// "online"; with `rules`, through the module that fails by them.
fn bootstrap(rules: Option<&str>) -> Chairs {
    let chairs = Chairs::with_plan(false, "");
    chairs.scene.with_online_drafts();
    chairs.token("online", &key("online"));
    chairs.scene.run_and(&format!("open --date {TODAY} first.plan.toml a --one-device"), &["a test"]).good();
    match rules {
        Some(rules) => chairs.failing(rules),
        None => chairs,
    }
}

/// `machine.toml` with the module of these chairs, called "hsm".
fn profile(chairs: &Chairs, network: bool) {
    let module = chairs.module().to_owned();
    let variables: Vec<String> = (chairs.environment().iter())
        .map(|(name, value)| format!("{} = {:?}", name.to_str().unwrap(), value.to_str().unwrap()))
        .collect();
    let text = format!(
        "format = 1\ndrivers = [\"hsm\"]\n[module.hsm]\npath = {module:?}\nsha256 = \"{}\"\nenvironment = {{ {} }}\nnetwork = {network}\n",
        Digest::of(&read(&module)),
        variables.join(", ")
    );
    chairs.scene.desk.put("machine.toml", text);
}

/// What the module found when it tried to open sockets, since this was asked last.
fn sockets(chairs: &Chairs) -> Vec<String> {
    let path = chairs.tokens.path().join("log");
    let log = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    log.lines().filter_map(|line| line.strip_prefix("socket ")).map(str::to_owned).collect()
}

fn unattended(chairs: &Chairs, words: &str) -> Done {
    chairs.scene.run(&format!("sign --profile machine.toml {words} a"))
}

/// Olga signs a draft of the machine through the profile.
fn signs(chairs: &Chairs, draft: &str) -> String {
    let words = ["sign", "--profile", "machine.toml", "--as", "olga", "--draft", draft, "a"];
    let mut talk = Talk::of(&chairs.scene.desk, &words, &[]);
    talk.consent();
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    said
}

#[test]
fn a_module_has_a_network_for_a_snapshot_that_is_written_down_and_none_for_a_root() {
    let chairs = bootstrap(Some("C_GetSlotList nth=1 sockets"));
    let a = chairs.scene.path("a");
    profile(&chairs, true);
    for words in ["--as anna --draft A", "--as anna --draft B", "--as anna", "--as olga --draft A"] {
        assert_ne!(unattended(&chairs, words).code, Some(0));
        assert_eq!(events(&a, "Remarked").len(), 0, "{words}");
        // Nothing of A waits for Olga, so no module is asked.
        if words != "--as olga --draft A" {
            let tried = sockets(&chairs);
            assert!(tried.contains(&"inet refused 13".to_owned()), "{words}: {tried:?}");
        }
    }
    let said = signs(&chairs, "C");
    let tried = sockets(&chairs);
    assert!(tried.contains(&"inet allowed".to_owned()), "{tried:?}");
    let noted = "the module hsm was allowed a network for snapshot";
    assert!(said.contains(&format!("Written down: {noted}.")), "{said}");
    let remarks = events(&a, "Remarked");
    assert_eq!((remarks.len(), &remarks[0]["text"], &remarks[0]["by"]), (1, &noted.into(), &"olga".into()));
    let order = chairs.scene.events("a");
    let at = |kind: &str| order.iter().position(|event| event == kind).unwrap();
    assert!(at("Remarked") < at("SigningBegun"), "{order:?}");
    profile(&chairs, false);
    let said = signs(&chairs, "D");
    let tried = sockets(&chairs);
    assert!(tried.contains(&"inet refused 13".to_owned()) && !said.contains("Written down"), "{tried:?}");
    assert_eq!(events(&a, "Remarked").len(), 1);
    chairs.scene.replays("a");
}

#[test]
fn one_visit_for_both_online_roles_has_a_network_for_both() {
    let chairs = bootstrap(Some("C_GetSlotList nth=1 sockets"));
    profile(&chairs, true);
    // Nobody is there to answer: what was allowed is written down all the same, and told.
    let done = unattended(&chairs, "--as olga");
    assert_eq!(done.code, Some(3), "{}", done.err());
    assert!(done.err().contains("Nothing was signed; \"a\" was written."), "{}", done.err());
    assert!(sockets(&chairs).contains(&"inet allowed".to_owned()));
    let noted = "the module hsm was allowed a network for snapshot and timestamp";
    assert_eq!(events(&chairs.scene.path("a"), "Remarked")[0]["text"], noted);
}

#[test]
fn a_pin_from_a_file_serves_the_online_roles_of_a_real_ceremony_and_not_its_root() {
    let chairs = bootstrap(None);
    let file = chairs.scene.desk.put("pin", format!("{PIN}\n"));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
    for words in ["--draft A --pin-source pin a", "--draft B --pin-source pin a", "--pin-source pin a"] {
        let told = refused(&chairs.unattended("anna", words), 1);
        assert!(told.error.contains("is typed by its holder"), "{told:?}");
    }
    let mut talk = chairs.sits("olga", "--pin-source pin a");
    for _ in ["C", "D"] {
        let phrase = talk.phrase();
        talk.line(&phrase);
    }
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("PIN of token"), "{said}");
    let counted = tallies(&chairs.scene.status("a"));
    assert_eq!(counted[2..], [("C".to_owned(), vec![(1, 1)]), ("D".to_owned(), vec![(1, 1)])], "{counted:?}");
    chairs.scene.replays("a");
}

#[test]
fn a_module_that_may_miss_its_network_where_no_online_role_is_signed_is_told_with_that() {
    let chairs = bootstrap(Some("C_GetSlotList size=0x0"));
    for (network, is_told) in [(true, true), (false, false)] {
        profile(&chairs, network);
        let check = "key check --profile machine.toml --token pkcs11:token=anna inputs/anna.json";
        // The card is shown before its token is looked for.
        let done = chairs.scene.run(check);
        let told = fault(&done.err());
        assert_eq!(done.code, Some(4), "{told:?}");
        assert_eq!(told.says("only `conclave sign` gives it one"), is_told, "{told:?}");
        assert!(told.says("no token fits"), "{told:?}");
    }
}
