//! Bundles of ceremonies at the commands that take any bundle: they are judged from the signer's own root before a module is
//! loaded, and merged by the same rules.

use tuf_ceremony::bundle::Unchecked;
use tuf_ceremony::materials::Materials;

use crate::refusal::refused;
use crate::stage::{Desk, Done, corpus, read, top};

/// Copies a vector onto the desk.
fn put(desk: &Desk, name: &str) -> String {
    let file = format!("{name}.bundle.json");
    desk.put(&file, read(&top().join("tests/vectors/bundle").join(&file)));
    file
}

/// The roots that the ceremony of the vectors builds on, oldest first, as a holder's own copies.
fn own_copies(desk: &Desk) -> Vec<String> {
    let text = read(&top().join("tests/vectors/bundle/ceremony.bundle.json"));
    let bundle = Unchecked::read(text).unwrap().check(|_| None).unwrap();
    let record = bundle.record().unwrap();
    let before = &record.plan().predecessor;
    let copies = before.chain.iter().chain(&before.root).map(|file| {
        desk.put(&file.file, record.bytes(file.sha256).unwrap());
        file.file.clone()
    });
    copies.collect()
}

fn sign(desk: &Desk, more: &[&str], bundle: &str) -> Done {
    let fixed = ["sign", "--as", "anna", "--date", "2027-03-05", "--one-device", "a visit"];
    let fixed = [&fixed[..], &["--module", "/no/such/module.so"]].concat();
    desk.run(fixed.iter().chain(more).chain([&bundle]).copied().collect::<Vec<_>>())
}

#[test]
fn a_ceremony_is_judged_from_the_holders_own_root_or_an_older_one_of_hers() {
    let desk = Desk::new();
    let copies = own_copies(&desk);
    assert_eq!(copies.len(), 2);
    for copy in copies {
        let desk = Desk::new();
        let bundle = put(&desk, "ceremony");
        own_copies(&desk);
        let told = refused(&sign(&desk, &["--trust", &copy], &bundle), 1);
        // The vectors are no plans that may be carried out; hers is a root that they build on.
        assert!(told.says("the plan says that it is a renewal, and it is not"), "{told:?}");
    }
}

#[test]
fn a_ceremony_without_the_holders_root_or_with_another_is_refused_before_the_module() {
    let desk = Desk::new();
    let bundle = put(&desk, "ceremony");
    let told = refused(&sign(&desk, &[], &bundle), 1);
    assert!(told.error.contains("without your own copy") && told.now.contains("--trust"), "{told:?}");
    let other = corpus("partial/rotate-disjoint-none/previous.root.json");
    let told = refused(&sign(&desk, &["--trust", other.to_str().unwrap()], &bundle), 1);
    assert!(told.error.contains("does not build on the document that you trust"), "{told:?}");
    assert!(told.because[0].contains("its root version 1 is"), "{told:?}");
}

#[test]
fn copies_of_one_ceremony_are_merged_and_the_longer_chains_stand() {
    let desk = Desk::new();
    let (one, two) = (put(&desk, "ceremony"), put(&desk, "ceremony-two-machines"));
    desk.run(["merge", "--out", "all.json", &one, &two]).good();
    assert_eq!(read(&desk.path("all.json")), read(&desk.path(&two)), "it began with the other's lines");
    desk.run(["show", "all.json"]).good();
    desk.run(["status", "all.json"]).good();
}

#[test]
fn another_generation_and_a_rehearsal_are_not_merged() {
    let desk = Desk::new();
    let one = put(&desk, "ceremony");
    for (name, words) in [
        ("ceremony-replanned", "its plan was changed in between"),
        ("ceremony-rehearsal", "is of a rehearsal"),
    ] {
        let other = put(&desk, name);
        let told = refused(&desk.run(["merge", "--out", "all.json", &one, &other]), 1);
        assert!(told.because[0].contains(words), "{told:?}");
    }
}
