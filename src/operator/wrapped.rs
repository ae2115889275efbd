//! Text in rows of a given width, for what is asked: broken between words, and inside a word only where no row would hold it.
//! The rows after the first begin deeper, so that none looks like the beginning of something else.

/// `text` behind `first`, its further rows behind `next`. Characters outside ASCII count for two columns, since some take two.
pub(super) fn wrapped(text: &str, first: &str, next: &str, width: usize) -> Vec<String> {
    let mut rows = Vec::new();
    let mut row = first.to_owned();
    let mut is_empty = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !is_empty && columns(&row) + 1 + columns(word) > width {
            rows.push(std::mem::replace(&mut row, next.to_owned()));
            is_empty = true;
        }
        if !is_empty {
            row.push(' ');
        }
        for c in word.chars() {
            if !is_empty && columns(&row) + columns_of(c) > width {
                rows.push(std::mem::replace(&mut row, next.to_owned()));
            }
            row.push(c);
            is_empty = false;
        }
    }
    rows.push(row);
    rows
}

fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(c: char) -> usize {
    if c.is_ascii() { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_broken_between_words_and_stand_deeper_after_the_first() {
        let rows = wrapped("Sign as anna, with the token here", "  1  ", "     ", 20);
        assert_eq!(rows, ["  1  Sign as anna,", "     with the token", "     here"]);
        assert_eq!(wrapped("", "  1  ", "     ", 20), ["  1  "]);
    }

    #[test]
    fn a_word_that_no_row_holds_is_broken_and_no_row_is_too_wide() {
        let rows = wrapped(&format!("take {}", "x".repeat(33)), "> ", "  ", 12);
        assert_eq!(rows, ["> take", "  xxxxxxxxxx", "  xxxxxxxxxx", "  xxxxxxxxxx", "  xxx"]);
    }

    #[test]
    fn letters_that_may_be_wide_count_twice() {
        assert_eq!(wrapped("\u{6f22}\u{5b57} ab", "", "", 6), ["\u{6f22}\u{5b57}", "ab"]);
    }

    #[test]
    fn blanks_of_others_cannot_push_a_row_to_where_it_looks_like_ours() {
        assert_eq!(wrapped(&format!("a{}2  no", " ".repeat(90)), "  1  ", "     ", 80), ["  1  a 2 no"]);
    }
}
