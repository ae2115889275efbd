//! No input panics: chance of many shapes, and examples with one place changed.

use proptest::prelude::*;
use tuf_ceremony::plan::{Kind, Plan};
use tuf_ceremony::profile::Profile;

use super::example;

fn kind() -> impl Strategy<Value = Kind> {
    proptest::sample::select(Kind::ALL.to_vec())
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Plan::read(&bytes);
        let _ = Profile::read(&bytes);
    }

    #[test]
    fn no_text_that_looks_like_toml_panics(text in "(\\[{1,2}[a-z.\"]{0,8}\\]{1,2}\n|[a-z\"-]{1,9} = [0-9\"a-z{}\\[\\],= ]{0,12}\n){0,12}") {
        let text = format!("format = 1\n{text}");
        let _ = Plan::read(text.as_bytes());
        let _ = Profile::read(text.as_bytes());
    }

    #[test]
    fn an_example_with_one_place_changed_is_read_or_refused_in_one_sentence(
        kind in kind(), at in any::<prop::sample::Index>(), cut in 0_usize..40, put in "[ -~\n\u{1b}é]{0,12}",
    ) {
        let text = example(kind);
        let places: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
        let start = at.index(places.len());
        let end = (start + cut).min(places.len() - 1);
        let changed = format!("{}{put}{}", &text[..places[start]], &text[places[end]..]);
        if let Err(fault) = Plan::read(changed.as_bytes()) {
            prop_assert!(!fault.to_string().contains(char::is_control), "{fault}");
        }
    }
}
