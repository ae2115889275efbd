//! The letters by which people call the drafts of a bundle.

use std::collections::BTreeSet;

use tuf_ceremony::bundle::{Bundle, Part};

use crate::report;

/// The drafts of a bundle with their letters and in their order: a ceremony's as its lines tell them.
pub(super) fn by_letter(bundle: &Bundle) -> Vec<(String, &Part)> {
    let parts: Vec<&Part> = bundle.parts().collect();
    let told = |part: &&Part| bundle.record()?.letter(part.draft().metadata().payload());
    let letters = letters(&parts.iter().map(told).collect::<Vec<_>>());
    let mut drafts: Vec<(String, &Part)> = letters.into_iter().zip(parts).collect();
    // Z stands before AA.
    drafts.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
    drafts
}

/// Letters as lines tell them, if they letter the drafts as we do: each once, none left out. Others are not believed, since a
/// letter is what people say to each other.
fn letters(told: &[Option<&str>]) -> Vec<String> {
    let own: Vec<String> = (0..told.len()).map(report::letter).collect();
    let all: Option<Vec<&str>> = told.iter().copied().collect();
    let wanted: BTreeSet<&str> = own.iter().map(String::as_str).collect();
    match all.filter(|all| all.iter().copied().collect::<BTreeSet<_>>() == wanted) {
        Some(all) => all.into_iter().map(str::to_owned).collect(),
        None => own,
    }
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn letters_are_believed_only_where_each_draft_has_its_own_of_ours() {
        assert_eq!(letters(&[Some("B"), Some("A")]), ["B", "A"]);
        for odd in [[Some("A"), Some("A")], [Some("B"), Some("C")], [Some("A"), None], [Some("a"), Some("b")]]
        {
            assert_eq!(letters(&odd), ["A", "B"]);
        }
    }
}
