//! Merging commutes, is associative and idempotent, and keeps what the rules say, whatever random parts of one draft
//! meet (MODEL 2, 11). What is refused in one order is refused in all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use proptest::prelude::*;
use tuf_ceremony::bundle::{Bundle, MergeFault, Part, Unchecked};
use tuf_ceremony::draft::Draft;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::key::encoding::twin_class;
use tuf_ceremony::metadata::Metadata;

use super::mint::{self, Key};

/// Targets 2 in two texts, judged by a root in two texts, after targets 1 in two texts; and signatures by four keys:
/// one each of the Ed25519 keys, twelve of each ECDSA key (six with their twins).
struct World {
    keys: [Key; 4],
    draft: [Metadata; 2],
    trusted: [Metadata; 2],
    predecessor: [Metadata; 2],
    pool: Vec<(usize, Vec<u8>)>,
}

fn two_texts(signed: &str) -> [Metadata; 2] {
    [mint::metadata(signed), mint::text(&format!("{{\"signed\": {signed},\n\"signatures\": []}}"))]
}

fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let keys = [Key::ed25519("alice"), Key::p256("bob"), Key::p256("carol"), Key::ed25519("dora")];
        let all: Vec<&Key> = keys.iter().collect();
        let role = mint::role(&all, 3);
        let root = mint::root_of(1, &mint::table(&all), &role, &role, &role);
        let draft = two_texts(&mint::targets(2, &["a", "b"]));
        let message = tuf_ceremony::canonical::bytes(draft[0].signed().view());
        let mut pool = vec![(0, keys[0].sign(&message, 0)), (3, keys[3].sign(&message, 0))];
        for key in [1, 2] {
            for nonce in 1..=6 {
                let signature = keys[key].sign(&message, nonce);
                pool.push((key, mint::twin(&signature)));
                pool.push((key, signature));
            }
        }
        World {
            draft,
            trusted: two_texts(&root),
            predecessor: two_texts(&mint::targets(1, &["a"])),
            pool,
            keys,
        }
    })
}

/// One machine's bundle: which texts it has, which signatures, and from where.
#[derive(Debug, Clone)]
struct Machine {
    texts: [bool; 2],
    predecessor: Option<bool>,
    signatures: Vec<(usize, BTreeSet<u8>)>,
}

fn machine() -> impl Strategy<Value = Machine> {
    let signature = (0..26_usize, prop::collection::btree_set(0..60_u8, 1..36));
    (any::<[bool; 2]>(), any::<Option<bool>>(), prop::collection::vec(signature, 0..14))
        .prop_map(|(texts, predecessor, signatures)| Machine { texts, predecessor, signatures })
}

impl Machine {
    fn bundle(&self) -> Bundle {
        let w = world();
        let of = |pair: &[Metadata; 2], which: bool| pair[usize::from(which)].clone();
        let draft = of(&w.draft, self.texts[0]);
        let predecessor = self.predecessor.map(|p| of(&w.predecessor, p));
        let mut part = mint::part(draft, Some(of(&w.trusted, self.texts[1])), predecessor);
        for (at, sources) in &self.signatures {
            let (key, bytes) = &w.pool[*at];
            for source in sources {
                part.admit(
                    w.keys[*key].public().fingerprint(),
                    bytes,
                    mint::source(&format!("file:{source:02}")),
                )
                .unwrap();
            }
        }
        Bundle::of(part)
    }
}

fn merged(a: &Bundle, b: &Bundle) -> Bundle {
    a.clone().merge(b).unwrap()
}

fn only(bundle: &Bundle) -> &Part {
    bundle.parts().next().unwrap()
}

type Kept = BTreeMap<(Fingerprint, Vec<u8>), Vec<String>>;

/// What MODEL 11 says is kept, worked out in the plainest way from all that any machine has.
fn wanted(machines: &[&Machine]) -> Kept {
    let w = world();
    let mut met: BTreeMap<(usize, Vec<u8>), BTreeSet<u8>> = BTreeMap::new();
    for (at, sources) in machines.iter().flat_map(|m| &m.signatures) {
        met.entry(w.pool[*at].clone()).or_default().extend(sources);
    }
    let mut kept = Kept::new();
    for (number, key) in w.keys.iter().enumerate() {
        let public = key.public();
        let mut smallest: BTreeMap<_, &Vec<u8>> = BTreeMap::new();
        for (_, bytes) in met.keys().filter(|(by, _)| *by == number) {
            let class = smallest.entry(twin_class(public.scheme(), bytes)).or_insert(bytes);
            *class = (*class).min(bytes);
        }
        let mut four: Vec<&Vec<u8>> = smallest.into_values().collect();
        four.sort();
        for bytes in four.into_iter().take(4) {
            let sources = met[&(number, bytes.clone())].iter().take(32).map(|s| format!("file:{s:02}"));
            kept.insert((public.fingerprint(), bytes.clone()), sources.collect());
        }
    }
    kept
}

fn found(bundle: &Bundle) -> Kept {
    let signatures = only(bundle).signatures().all().map(|s| {
        let sources = s.sources.iter().map(|s| s.as_str().to_owned()).collect();
        ((s.verified.fingerprint(), s.verified.bytes().to_vec()), sources)
    });
    signatures.collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn merging_commutes_is_associative_and_idempotent(a in machine(), b in machine(), c in machine()) {
        let kept = wanted(&[&a, &b, &c]);
        let (a, b, c) = (a.bundle(), b.bundle(), c.bundle());
        let left = merged(&merged(&a, &b), &c);
        let text = mint::written(&left);
        prop_assert_eq!(&found(&left), &kept);
        prop_assert_eq!(mint::written(&merged(&a, &b)), mint::written(&merged(&b, &a)));
        for other in [merged(&a, &merged(&b, &c)), merged(&merged(&c, &a), &b), merged(&c, &merged(&b, &a))] {
            prop_assert_eq!(&mint::written(&other), &text);
            prop_assert_eq!(
                only(&other).finalize().map(|f| f.text).ok(),
                only(&left).finalize().map(|f| f.text).ok()
            );
        }
        prop_assert_eq!(&mint::written(&merged(&left, &left)), &text);
        prop_assert_eq!(&mint::written(&merged(&left, &b)), &text);
        let read = Unchecked::read(text.clone().into_bytes()).unwrap().check(|_| None).unwrap();
        prop_assert_eq!(&mint::written(&read), &text);
        prop_assert_eq!(&mint::written(&merged(&read, &a)), &text);
    }
}

/// Bundles that do and do not belong together.
fn strangers() -> Vec<Bundle> {
    let w = world();
    let all: Vec<&Key> = w.keys.iter().collect();
    let role = mint::role(&all, 2);
    let other_root = mint::metadata(&mint::root_of(1, &mint::table(&all), &role, &role, &role));
    let [old, _] = w.predecessor.clone();
    let older = mint::metadata(&mint::targets(1, &["z"]));
    let other = mint::metadata(&mint::targets(2, &["a", "c"]));
    let [trusted, _] = w.trusted.clone();
    let [draft, in_another_text] = w.draft.clone();
    let delegating = |role: &str| {
        let keys = mint::table(&all[..1]);
        let entry = |name: &str| {
            format!(r#"{{{},"name":"{name}","paths":["*"],"terminating":false}}"#, mint::role(&all[..1], 1))
        };
        let signed = mint::targets(7, &[]).replacen(
            "{\"_type\"",
            &format!(
                "{{\"delegations\":{{\"keys\":{keys},\"roles\":[{},{}]}},\"_type\"",
                entry("p"),
                entry("q")
            ),
            1,
        );
        Part::of(Draft::of(w.draft[0].clone(), Some(role)).unwrap(), Some(mint::metadata(&signed)), None)
            .unwrap()
    };
    let parts = vec![
        mint::part(draft.clone(), Some(trusted.clone()), None),
        mint::part(in_another_text, Some(w.trusted[1].clone()), None),
        mint::part(draft.clone(), Some(trusted.clone()), Some(old)),
        mint::part(draft.clone(), Some(trusted.clone()), Some(older)),
        mint::part(draft, Some(other_root), None),
        mint::part(other, Some(trusted.clone()), None),
        mint::part(mint::metadata(&mint::root(1, &all, 2, &w.keys[0])), None, None),
        delegating("p"),
        delegating("q"),
    ];
    parts.into_iter().map(Bundle::of).collect()
}

fn fold(order: [&Bundle; 3]) -> [Result<String, MergeFault>; 2] {
    let [a, b, c] = order;
    let left = a.clone().merge(b).and_then(|ab| ab.merge(c));
    let right = b.clone().merge(c).and_then(|bc| a.clone().merge(&bc));
    [left, right].map(|r| r.map(|bundle| mint::written(&bundle)))
}

#[test]
fn what_is_refused_in_one_order_is_refused_in_all() {
    let all = strangers();
    let (mut merged, mut refused) = (0, 0);
    for a in &all {
        for b in &all {
            assert_eq!(a.clone().merge(b).err(), b.clone().merge(a).err(), "the same words in both orders");
            for c in &all {
                let orders = [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]];
                let outcomes: Vec<Option<String>> =
                    orders.into_iter().flat_map(fold).map(Result::ok).collect();
                assert!(outcomes.windows(2).all(|pair| pair[0] == pair[1]));
                if outcomes[0].is_some() { merged += 1 } else { refused += 1 }
            }
        }
    }
    // Each with itself thrice, and every mix of the first two with one of the two predecessors.
    assert_eq!((merged, refused), (51, 678));
}

#[test]
fn each_refusal_to_merge_names_what_differs() {
    let all = strangers();
    let fault = |a: usize, b: usize| all[a].clone().merge(&all[b]).unwrap_err();
    assert!(matches!(fault(2, 3), MergeFault::DifferentPredecessor { .. }));
    assert!(matches!(fault(0, 4), MergeFault::DifferentAuthority { .. }));
    assert!(matches!(fault(0, 5), MergeFault::DifferentPayload { .. }));
    assert!(matches!(fault(0, 6), MergeFault::OnlyInOne { .. }));
    assert!(matches!(fault(7, 8), MergeFault::DifferentRole { .. }));
}
