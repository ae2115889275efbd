//! Whatever a card sends, a verdict comes of it.

use proptest::prelude::*;
use tuf_ceremony::attestation::{Roots, Verdict};

use crate::{judged, press};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_judged_and_prove_nothing(key in proptest::collection::vec(any::<u8>(), 0..2000), card in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(matches!(judged(&key, &card), Verdict::Unproven(_)));
        prop_assert!(matches!(judged(&press::key(), &card), Verdict::Unproven(_)));
    }

    /// Bytes that are replaced, cut out or put in, so that much of the structure stands.
    #[test]
    fn a_certificate_that_was_changed_anywhere_proves_nothing(
        at in any::<proptest::sample::Index>(),
        gone in 0usize..6,
        new in proptest::collection::vec(any::<u8>(), 0..6),
        which in any::<bool>(),
    ) {
        let (mut key, mut card) = (press::key(), press::card());
        let bent = if which { &mut key } else { &mut card };
        let before = bent.clone();
        let from = at.index(bent.len());
        let to = (from + gone).min(bent.len());
        bent.splice(from..to, new);
        prop_assume!(*bent != before);
        prop_assert!(matches!(judged(&key, &card), Verdict::Unproven(_)));
    }

    #[test]
    fn any_text_as_a_file_of_roots_is_read_or_refused(text in ".{0,400}") {
        let mut roots = Roots::of_maker();
        prop_assert!(roots.name(&text).is_err());
        let block = format!("-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n");
        prop_assert!(roots.name(&block).is_err());
        prop_assert_eq!(roots.named().count(), 0);
    }
}
