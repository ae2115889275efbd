//! `tokens` beside a plan, a bundle or a ceremony's folder: whose key is whose, which are missing, and what is refused.

use serde_json::Value;

use crate::chairs::Chairs;
use crate::refusal::{harmless, refused};
use crate::stage::Done;

fn tokens(chairs: &Chairs, more: &[&str]) -> Done {
    let mut arguments = vec!["tokens".to_owned()];
    arguments.extend(chairs.module_options());
    arguments.extend(more.iter().map(|word| (*word).to_owned()));
    chairs.scene.desk.run_with(arguments, &chairs.environment())
}

/// Each key that is looked for, with the label of the token that holds it.
fn wanted(facts: &Value) -> Vec<(String, Option<String>)> {
    let label = |uri: &str| {
        let row = facts["tokens"].as_array().unwrap().iter().find(|row| row["uri"] == uri).unwrap();
        row["label"].as_str().unwrap().to_owned()
    };
    let rows = facts["wanted"].as_array().unwrap().iter();
    rows.map(|row| (row["key"].as_str().unwrap().to_owned(), row["here"].as_str().map(label))).collect()
}

#[test]
fn a_plan_a_folder_and_its_bundle_say_whose_each_key_is_and_which_are_missing() {
    let chairs = Chairs::rehearsal().without("carla");
    chairs.scene.run("export --out a.bundle.json a").good();
    for ceremony in [["--plan", "first.plan.toml"], ["--folder", "a"], ["--bundle", "a.bundle.json"]] {
        let facts = tokens(&chairs, &[&ceremony[..], &["--json"]].concat()).good().json();
        let here = |name: &str, label: Option<&str>| (name.to_owned(), label.map(str::to_owned));
        assert_eq!(
            wanted(&facts),
            [
                here("anna", Some("anna")),
                here("bela", Some("bela")),
                here("carla", None),
                here("online", None)
            ],
            "{ceremony:?}"
        );
        let anna = facts["tokens"].as_array().unwrap().iter().find(|row| row["label"] == "anna").unwrap();
        let key = &anna["keys"][0];
        assert_eq!((&key["whose"]["holders"][0], &key["wanted"]), (&"Anna Berg".into(), &"anna".into()));
        assert_eq!(key["whose"]["source"], "card-with-proof", "{ceremony:?}");
        let said = tokens(&chairs, &ceremony).good().out();
        harmless(&said);
        let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
        for words in [
            "key \"key\", held by \"Anna Berg\" (by a card with proof)",
            "known as anna, in the list below",
            "carla \"Carla Dietz\" not here",
            "online - not here",
        ] {
            assert!(flat.contains(words), "{words} in {said}");
        }
        assert!(said.lines().all(|line| line.chars().count() <= 80), "{said}");
    }
}

#[test]
fn the_holders_own_record_outranks_the_card_and_needs_no_plan() {
    let chairs = Chairs::rehearsal();
    let print = crate::scene::key("anna").public().fingerprint().to_string();
    chairs.scene.desk.put("names.toml", format!("format = 1\n[keys]\n\"{print}\" = \"My friend Anna\"\n"));
    for more in [&["--record", "names.toml"][..], &["--record", "names.toml", "--plan", "first.plan.toml"]] {
        let said = tokens(&chairs, more).good().out();
        let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("held by \"My friend Anna\" (by your record)"), "{said}");
    }
}

#[test]
fn a_token_with_none_of_the_keys_is_in_nobodys_way_and_is_told() {
    let chairs = Chairs::rehearsal();
    chairs.token("stranger", &crate::scene::key("olga"));
    let facts = tokens(&chairs, &["--json", "--folder", "a"]).good().json();
    let row = facts["tokens"].as_array().unwrap().iter().find(|row| row["label"] == "stranger").unwrap();
    assert_eq!((&row["wrong"][0]["what"], &row["wrong"][0]["stops"]), (&"none-wanted".into(), &false.into()));
    assert_eq!(row["keys"][0]["whose"], Value::Null);
}

#[test]
fn what_cannot_be_read_is_refused_before_any_module_is_asked() {
    let chairs = Chairs::rehearsal().failing("");
    for (ceremony, code) in [
        (["--plan", "no.plan.toml"], 5),
        (["--plan", "inputs/anna.json"], 1),
        (["--bundle", "first.plan.toml"], 1),
        (["--folder", "inputs"], 1),
    ] {
        refused(&tokens(&chairs, &ceremony), code);
    }
    let both = tokens(&chairs, &["--plan", "first.plan.toml", "--folder", "a"]);
    refused(&both, 2);
    assert!(!chairs.tokens.path().join("log").exists(), "the module was asked");
}

#[test]
fn keys_that_are_not_here_are_counted_at_the_end() {
    let chairs = Chairs::rehearsal().without("carla");
    let said = tokens(&chairs, &["--folder", "a"]).good().out();
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    // Carla's, and the machine's.
    assert!(flat.contains("3 tokens; 2 keys are not here. Nothing else is wrong"), "{said}");
    assert!(!flat.contains("; nothing is wrong"), "{said}");
}
