//! Every example plan seals into the drafts that it says, and no rule refuses them on the day that its window opens.

use std::collections::BTreeMap;

use tuf_ceremony::digest::Digest;
use tuf_ceremony::forecast::{Needed, SoFar, forecast};
use tuf_ceremony::plan::{Kind, Plan};
use tuf_ceremony::policy::ceremony::judge;
use tuf_ceremony::seal::{Inputs, SPEC_VERSION, SealedPart, fingerprints, seal};

use super::{example, scene};

/// The plan, its drafts, and what `then` makes of them.
fn sealed<T>(kind: Kind, then: impl FnOnce(&Plan, &Inputs<'_>, &[SealedPart]) -> T) -> T {
    let plan = Plan::read(example(kind).as_bytes()).unwrap();
    let materials: BTreeMap<Digest, Vec<u8>> =
        scene::files().into_values().map(|text| (Digest::of(text.as_bytes()), text.into_bytes())).collect();
    // What opening the ceremony would make of the file that the plan adds is the delta that is there.
    let adds = plan.targets.as_ref().is_some_and(|wish| !wish.add.is_empty() || wish.delta.is_some());
    let delta = adds.then(|| Digest::of(scene::files()["app.delta.json"].as_bytes()));
    let inputs = Inputs { cards: BTreeMap::new(), delta, spec_version: SPEC_VERSION, materials: &materials };
    let parts = seal(&plan, &inputs).unwrap_or_else(|fault| panic!("{}: {fault}", kind.name()));
    then(&plan, &inputs, &parts)
}

#[test]
fn every_example_seals_into_the_documents_that_it_names() {
    for kind in Kind::ALL {
        let roles: Vec<(String, u64)> = sealed(kind, |_, _, parts| {
            let draft = |part: &SealedPart| {
                (part.part.draft().role().to_owned(), part.part.draft().metadata().version())
            };
            parts.iter().map(draft).collect()
        });
        let wanted: &[(&str, u64)] = match kind {
            Kind::FirstRoot => &[("root", 1)],
            Kind::Bootstrap => &[("root", 1), ("targets", 1), ("snapshot", 1), ("timestamp", 1)],
            Kind::TargetsRelease => &[("targets", 2), ("snapshot", 2), ("timestamp", 2)],
            _ => &[("root", 2)],
        };
        let wanted: Vec<(String, u64)> = wanted.iter().map(|(role, n)| ((*role).to_owned(), *n)).collect();
        assert_eq!(roles, wanted, "{}", kind.name());
    }
}

#[test]
fn no_rule_refuses_an_example_on_the_day_its_window_opens() {
    for kind in Kind::ALL {
        sealed(kind, |plan, inputs, parts| {
            let day = &plan.window.as_ref().unwrap().opens;
            let judged = judge(plan, inputs, parts, day).unwrap();
            assert_eq!(judged.refusals, [], "{}", kind.name());
        });
    }
}

#[test]
fn the_forecast_of_the_lost_token_has_no_margin_on_the_old_side_only() {
    sealed(Kind::TokenLost, |plan, inputs, parts| {
        let keys = fingerprints(plan, inputs).unwrap();
        let part = &parts[0].part;
        let payload = part.draft().metadata().payload();
        let needed = Needed {
            letter: &parts[0].letter,
            payload,
            authorities: part.authorities(),
            so_far: SoFar::default(),
        };
        let outlooks = forecast(plan, &[needed], &keys, &[].into()).unwrap();
        let told: Vec<(i64, Vec<String>)> =
            outlooks.iter().map(|o| (o.margin(), o.single_people.clone())).collect();
        let both = vec!["anna".to_owned(), "carla".to_owned()];
        assert_eq!(told, [(1, vec![]), (0, both)]);
    });
}
