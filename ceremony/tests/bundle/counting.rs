//! What a signature in a bundle counts for, where the draft and the trusted root do not say the same about a key; and
//! what becomes of entries that stood in the original file.

use tuf_ceremony::bundle::{Admission, Bundle, FinalizeFault, Part, PartFault, Source, Unchecked};
use tuf_ceremony::canonical;
use tuf_ceremony::dialect::Foreign;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::draft::Draft;
use tuf_ceremony::gather::{GatherFault, Gathered, Oddity, gather};
use tuf_ceremony::key::{PublicKey, Scheme};
use tuf_ceremony::keyset::Verdict;
use tuf_ceremony::limits::{FILES, SOURCE};
use tuf_ceremony::metadata::{Metadata, ShapeFault};

use super::mint::{self, Counter, Key};

fn counts(part: &Part) -> Vec<(u64, u64)> {
    part.tallies().iter().map(|t| (t.valid(), t.threshold)).collect()
}

fn read_again(part: &Part) -> Part {
    let text = mint::written(&Bundle::of(part.clone()));
    let bundle = Unchecked::read(text.clone().into_bytes()).unwrap().check(|_| None).unwrap();
    assert_eq!(mint::written(&bundle), text);
    bundle.parts().next().unwrap().clone()
}

fn final_entries(part: &Part) -> Vec<String> {
    let text = part.finalize().unwrap().text;
    let entries = Metadata::of(Document::read(text).unwrap().into()).unwrap();
    entries.entries().unwrap().iter().map(|e| e.keyid.clone().into_owned()).collect()
}

/// The file with these entries, each a key id and a signature in hex.
fn file(signed: &str, entries: &[(&str, String)]) -> Metadata {
    let entry = |(keyid, sig): &(&str, String)| format!("{{\"keyid\":{keyid:?},\"sig\":\"{sig}\"}}");
    let entries: Vec<String> = entries.iter().map(entry).collect();
    mint::text(&format!("{{\"signatures\":[{}],\"signed\":{signed}}}", entries.join(",")))
}

fn gathered(metadata: &Metadata) -> Gathered {
    let text = metadata.document().text().as_bytes().to_vec();
    let sha256 = Digest::of(&text);
    Gathered { foreign: Foreign::of(Document::read(text).unwrap()).unwrap(), sha256 }
}

/// One RSA key; the first root lists it with PSS, the second with PKCS#1 v1.5.
#[test]
fn a_signature_counts_only_where_the_key_is_listed_under_its_scheme() {
    let secret = rsa::RsaPrivateKey::new(&mut Counter(0), 2048).unwrap();
    let public = spki_of(&secret);
    let online = Key::ed25519("online");
    let root = |version, id: &str, scheme: Scheme| {
        let pem = PublicKey::from_spki_der(&public, scheme).unwrap().public_text().replace('\n', "\\n");
        let object = format!(r#"{{"keytype":"rsa","keyval":{{"public":"{pem}"}},"scheme":"{scheme}"}}"#);
        let table = format!("{{\"{id}\":{object},\"{}\":{}}}", online.id, online.object());
        let role = format!(r#""keyids":["{id}"],"threshold":1"#);
        let other = mint::role(&[&online], 1);
        mint::root_of(version, &table, &role, &other, &other)
    };
    let (old, new) = (root(1, "o", Scheme::RsaPssSha256), root(2, "n", Scheme::RsaPkcs1v15Sha256));
    let draft = mint::metadata(&new);
    let message = <sha2::Sha256 as sha2::Digest>::digest(canonical::bytes(draft.signed().view()));
    let pss = secret.sign_with_rng(&mut Counter(1), rsa::pss::Pss::<sha2::Sha256>::new(), &message).unwrap();
    let pkcs1 = secret.sign(rsa::Pkcs1v15Sign::new::<sha2::Sha256>(), &message).unwrap();
    let key = PublicKey::from_spki_der(&public, Scheme::RsaPssSha256).unwrap().fingerprint();

    let mut part = mint::part(draft, Some(mint::metadata(&old)), None);
    assert_eq!(part.admit(key, &pss, mint::source("file:pss")), Ok(Admission::New));
    assert_eq!(counts(&part), [(0, 1), (1, 1)], "PSS counts for the old root only");
    assert!(matches!(part.finalize(), Err(FinalizeFault::NoQuorum(_))));
    assert_eq!(counts(&read_again(&part)), [(0, 1), (1, 1)]);
    assert_eq!(part.admit(key, &pkcs1, mint::source("file:pkcs1")), Ok(Admission::New));
    assert_eq!(counts(&read_again(&part)), [(1, 1), (1, 1)]);
    assert_eq!(part.signatures().signed_twice().count(), 0, "two schemes explain two signatures");
    assert_eq!(final_entries(&part), ["n", "o"]);

    let imported =
        file(&new, &[("o", hex::encode(&pss)), ("n", hex::encode(&pkcs1)), ("o", hex::encode(&pkcs1))]);
    let (bundle, notes) = gather(&[gathered(&imported)], None, Some(mint::metadata(&old)), None).unwrap();
    let part = bundle.parts().next().unwrap();
    assert_eq!(counts(part), [(1, 1), (1, 1)]);
    let refused = |o: &Oddity| matches!(o, Oddity::NotCounted { why: Verdict::BadSignature(_), .. });
    assert_eq!(notes.iter().filter(|n| refused(&n.what)).count(), 1, "the wrong one is told: {notes:?}");
}

fn spki_of(secret: &rsa::RsaPrivateKey) -> Vec<u8> {
    use rsa::traits::PublicKeyParts as _;
    let der = |tag: u8, content: &[u8]| {
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        let head =
            if content.len() < 128 { vec![tag, length[1]] } else { vec![tag, 0x82, length[0], length[1]] };
        [head, content.to_vec()].concat()
    };
    let integer =
        |bytes: &[u8]| der(2, &if bytes[0] >= 0x80 { [&[0], bytes].concat() } else { bytes.to_vec() });
    let body = der(0x30, &[integer(&secret.n_bytes()), integer(&secret.e_bytes())].concat());
    let algorithm = hex::decode("300d06092a864886f70d0101010500").unwrap();
    der(0x30, &[algorithm, der(3, &[&[0], &body[..]].concat())].concat())
}

/// Under the key id `k` the old root lists one key and the new root another.
fn renamed(old_threshold: u64, new_threshold: u64, signers: &[&Key]) -> Part {
    let (carol, dora, online) = (Key::ed25519("carol"), Key::p256("dora"), Key::ed25519("online"));
    let (was, is) = (Key::ed25519("was").called("k"), Key::ed25519("is").called("k"));
    let old = mint::metadata(&mint::root(1, &[&was, &carol], old_threshold, &online));
    let new = mint::metadata(&mint::root(2, &[&is, &carol, &dora], new_threshold, &online));
    mint::signed(mint::part(new, Some(old), None), signers)
}

#[test]
fn a_key_id_that_means_two_keys_is_written_for_the_authority_that_needs_it() {
    let (was, is) = (Key::ed25519("was"), Key::ed25519("is"));
    let (carol, dora) = (Key::ed25519("carol"), Key::p256("dora"));
    // The new root needs it: carol alone suffices for the old one.
    let part = renamed(1, 2, &[&was, &is, &carol]);
    assert_eq!(counts(&part), [(2, 2), (2, 1)]);
    assert_eq!(final_entries(&part), ["k", &carol.id]);
    // The old root needs it: carol and dora suffice for the new one.
    let part = renamed(2, 2, &[&was, &is, &carol, &dora]);
    assert_eq!(final_entries(&part), ["k", &carol.id, &dora.id]);
    // Both need it, and no file can hold two signatures under one key id.
    let part = renamed(2, 2, &[&was, &is, &carol]);
    assert_eq!(counts(&part), [(2, 2), (2, 2)]);
    assert!(matches!(part.finalize(), Err(FinalizeFault::NotAccepted { .. })));
}

#[test]
fn an_entry_under_such_a_key_id_counts_where_it_verifies_and_nowhere_else() {
    let (was, is) = (Key::ed25519("was"), Key::ed25519("is"));
    assert_eq!(counts(&renamed(1, 1, &[&was])), [(0, 1), (1, 1)]);
    assert_eq!(counts(&renamed(1, 1, &[&is])), [(1, 1), (0, 1)]);
    let part = renamed(1, 1, &[]);
    let signed = part.draft().metadata().document().text();
    let signed = signed.strip_prefix("{\"signatures\":[],\"signed\":").unwrap().strip_suffix('}').unwrap();
    let by = |key: &Key| hex::encode(key.sign_draft(part.draft(), 0));
    let both = file(signed, &[("k", by(&was)), ("k", by(&is))]);
    let (bundle, notes) = gather(&[gathered(&both)], None, part.trusted().cloned(), None).unwrap();
    assert_eq!(counts(bundle.parts().next().unwrap()), [(1, 1), (1, 1)]);
    assert!(notes.iter().any(|n| n.what == Oddity::KeyIdTwice { keyid: "k".into() }));
}

#[test]
fn a_key_that_only_one_authority_can_use_counts_for_that_one() {
    let (alice, online) = (Key::ed25519("alice").called("a"), Key::ed25519("online"));
    let strange = |signed: String| signed.replacen("\"scheme\":\"ed25519\"", "\"scheme\":\"ed448\"", 1);
    let weak = |signed: String| signed.replacen(&hex_of(&alice), &format!("01{}", "00".repeat(31)), 1);
    let plain = |version| mint::root(version, &[&alice, &Key::p256("bob")], 1, &online);
    for spoil in [&strange as &dyn Fn(String) -> String, &weak] {
        for (old, new, want) in
            [(spoil(plain(1)), plain(2), [(1, 1), (0, 1)]), (plain(1), spoil(plain(2)), [(0, 1), (1, 1)])]
        {
            let part = mint::part(mint::metadata(&new), Some(mint::metadata(&old)), None);
            let good = hex::encode(alice.sign_draft(part.draft(), 0));
            let bad = "00".repeat(64);
            let files = [file(&new, &[("a", good)]), file(&new, &[("a", bad)])].map(|f| gathered(&f));
            let (bundle, notes) = gather(&files, None, part.trusted().cloned(), None).unwrap();
            let part = bundle.parts().next().unwrap();
            assert_eq!(counts(part), want);
            let told = |what: &Oddity| matches!(what, Oddity::NotCounted { why, .. } if why.word() == "bad-signature");
            assert!(told(&notes[1].what), "the authority that could verify it speaks: {:?}", notes[1]);
        }
    }
}

fn hex_of(key: &Key) -> String {
    key.public().public_text()
}

#[test]
fn a_key_id_that_the_table_does_not_hold_never_counts() {
    let (alice, bob, online) = (Key::ed25519("alice"), Key::p256("bob"), Key::ed25519("online"));
    let other = mint::role(&[&online], 1);
    let root = |threshold| {
        mint::root_of(
            1,
            &mint::table(&[&alice, &online]),
            &mint::role(&[&alice, &bob], threshold),
            &other,
            &other,
        )
    };
    let signed = root(1);
    let part = mint::part(mint::metadata(&signed), None, None);
    let sig = hex::encode(bob.sign_draft(part.draft(), 0));
    let (bundle, notes) = gather(&[gathered(&file(&signed, &[(&bob.id, sig)]))], None, None, None).unwrap();
    assert_eq!(counts(bundle.parts().next().unwrap()), [(0, 1)]);
    assert!(matches!(&notes[0].what, Oddity::NotCounted { why: Verdict::Malformed(_), .. }));
    let draft = Draft::of(mint::metadata(&root(2)), None).unwrap();
    assert!(matches!(Part::of(draft, None, None), Err(PartFault::Unreachable { threshold: 2, keys: 1, .. })));
}

#[test]
fn entries_of_the_original_text_count_only_if_they_were_collected() {
    let (alice, bob, online) = (Key::ed25519("alice"), Key::p256("bob"), Key::ed25519("online"));
    let signed = mint::root(1, &[&alice, &bob], 1, &online);
    let bare = mint::part(mint::metadata(&signed), None, None);
    let sig = hex::encode(alice.sign_draft(bare.draft(), 0));
    let text = file(&signed, &[(&alice.id, sig), ("stranger", "00".into()), (&bob.id, String::new())]);
    let part = mint::part(text.clone(), None, None);
    assert_eq!(counts(&part), [(0, 1)], "a text claims nothing by itself");
    let done = mint::signed(part, &[&bob]).finalize().unwrap();
    let dropped: Vec<_> = done.dropped.iter().map(|d| (d.keyid.as_str(), d.why.word())).collect();
    assert_eq!(dropped, [(alice.id.as_str(), "ok"), ("stranger", "not-in-role")]);
    // Another machine met the file as an import: merged, alice's entry stays in its place.
    let (imported, _) = gather(&[gathered(&text)], None, None, None).unwrap();
    let here = Bundle::of(mint::signed(bare, &[&bob]));
    let merged = here.merge(&imported).unwrap();
    let done = merged.parts().next().unwrap().finalize().unwrap();
    assert!(done.dropped.iter().all(|d| d.keyid == "stranger"));
}

#[test]
fn a_predecessor_that_is_the_trusted_root_is_kept_once() {
    let (alice, online) = (Key::ed25519("alice"), Key::ed25519("online"));
    let old = mint::root(1, &[&alice], 1, &online);
    let new = mint::metadata(&mint::root(2, &[&alice], 1, &online));
    let (one, other) = (mint::metadata(&old), mint::text(&format!("{{\"signed\":{old},\"signatures\":[]}}")));
    let with = mint::part(new.clone(), Some(one.clone()), Some(other.clone()));
    let without = mint::part(new, Some(one.clone()), None);
    assert_eq!(mint::written(&Bundle::of(with.clone())), mint::written(&Bundle::of(without)));
    assert_eq!(with.predecessor().map(Metadata::payload), Some(one.payload()));
    read_again(&with);
}

#[test]
fn a_root_is_never_shown_against_another_document_than_the_trusted_root() {
    let [alice, mallory, online] = ["alice", "mallory", "online"].map(Key::ed25519);
    let trusted = mint::metadata(&mint::root(1, &[&alice], 1, &online));
    // A forged version 1 that has mallory already: against it her coming would not be a change.
    let forged = mint::metadata(&mint::root(1, &[&alice, &mallory], 1, &online));
    let new = mint::metadata(&mint::root(2, &[&alice, &mallory], 1, &online));
    for (draft, trusted) in [(new, Some(trusted.clone())), (trusted, None)] {
        let draft = Draft::of(draft, None).unwrap();
        assert_eq!(Part::of(draft, trusted, Some(forged.clone())).unwrap_err(), PartFault::RootPredecessor);
    }
}

#[test]
fn a_predecessor_with_which_nothing_can_be_compared_is_refused() {
    let (alice, online) = (Key::ed25519("alice"), Key::ed25519("online"));
    let trusted = mint::metadata(&mint::root(1, &[&alice], 1, &online));
    let draft = Draft::of(mint::metadata(&mint::targets(2, &["a"])), None).unwrap();
    for hollow in [
        r#"{"_type":"targets","version":1}"#,
        r#"{"_type":"targets","delegations":[],"targets":{},"version":1}"#,
        r#"{"_type":"targets","targets":{"a":{}},"version":1}"#,
    ] {
        let fault = Part::of(draft.clone(), Some(trusted.clone()), Some(mint::metadata(hollow))).unwrap_err();
        assert!(matches!(fault, PartFault::Shape { .. }), "{hollow}: {fault}");
    }
}

#[test]
fn a_predecessor_is_proven_only_by_the_signatures_that_the_draft_needs_too() {
    let [alice, mallory, online] = ["alice", "mallory", "online"].map(Key::ed25519);
    let trusted = mint::metadata(&mint::root(1, &[&alice], 1, &online));
    let draft = mint::metadata(&mint::targets(2, &["a"]));
    let old = mint::targets(1, &["a"]);
    let message = canonical::bytes(mint::metadata(&old).signed().view());
    let by = |key: &Key, id: &str| file(&old, &[(id, hex::encode(key.sign(&message, 0)))]);
    let proven =
        |old: Option<Metadata>| mint::part(draft.clone(), Some(trusted.clone()), old).predecessor_is_proven();
    assert!(proven(None) && proven(Some(by(&online, &online.id))));
    for forged in [mint::metadata(&old), by(&mallory, &online.id), by(&alice, &alice.id)] {
        assert!(!proven(Some(forged)));
    }
}

#[test]
fn a_draft_that_judges_itself_is_refused() {
    let alice = Key::ed25519("alice");
    let delegated = format!(
        r#"{{"delegations":{{"keys":{},"roles":[{{{},"name":"p","paths":["*"],"terminating":true}}]}},"_type""#,
        mint::table(&[&alice]),
        mint::role(&[&alice], 1)
    );
    let targets = mint::metadata(&mint::targets(1, &[]).replacen("{\"_type\"", &delegated, 1));
    let draft = Draft::of(targets.clone(), Some("p")).unwrap();
    assert_eq!(Part::of(draft, Some(targets), None).unwrap_err(), PartFault::Itself { role: "p".into() });
}

#[test]
fn sources_are_short_printable_and_tell_no_machines_secrets() {
    let good = ["file:x", "token:pkcs11:serial=1;object=pin-value", "token:piv:serial=1;slot=9c"];
    let bad = [
        "",
        "x",
        "file",
        "mail:x",
        "file:a b",
        "file:\n",
        "file:é",
        "token:pkcs11:serial=1?pin-value=1",
        "token:pkcs11:serial=1?PIN-SOURCE=file:/x",
        "token:pkcs11:serial=1?module-name=x&module-path=/y",
        "token:pkcs11:module-path=/x",
        "token:pkcs11:serial=1;pin-value",
    ];
    good.iter().for_each(|text| assert!(Source::of(text).is_ok(), "{text}"));
    bad.iter().for_each(|text| assert!(Source::of(text).is_err(), "{text}"));
    let of = |length: usize| Source::of(&format!("file:{}", "x".repeat(length - 5)));
    assert!(of(SOURCE.most).is_ok() && of(SOURCE.most + 1).is_err());
}

#[test]
fn as_many_files_as_the_cap_are_gathered_and_one_more_is_refused() {
    let alice = Key::ed25519("alice");
    let one = gathered(&mint::metadata(&mint::root(1, &[&alice], 1, &alice)));
    assert!(gather(&vec![one.clone(); FILES.most], None, None, None).is_ok());
    let fault = gather(&vec![one; FILES.most + 1], None, None, None).unwrap_err();
    assert_eq!(fault, GatherFault::Shape(ShapeFault::Past(FILES)));
}
