//! Lines of at most 80 columns. A sentence is broken between words and never inside double quotes, so that the text of
//! others cannot begin a line that looks like one of ours. Ids and digests are never broken.

use super::SHOWN;
use crate::operator::clean::visible;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::pages;

/// Columns of the smallest screen that pages are made for.
pub const WIDTH: usize = 80;

/// Columns in which the label of a fact stands, two blanks before it included.
const LABEL: usize = 15;

/// How much deeper the lines after the first stand.
const DEEPER: usize = 4;

/// One sentence, indented; the lines after the first stand deeper.
///
/// # Errors
/// As [`Screen::line`].
pub fn sentence(screen: &mut Screen<'_>, indent: usize, text: &str) -> Result<(), ScreenFault> {
    broken(screen, " ".repeat(indent), indent + DEEPER, &units(&visible(text)), " ")
}

/// A label and what stands under it: the lines after the first begin where the first one's text began.
///
/// # Errors
/// As [`Screen::line`].
pub fn fact(screen: &mut Screen<'_>, label: &str, text: &str) -> Result<(), ScreenFault> {
    let label = format!("  {label:<width$}  ", width = LABEL - 4);
    broken(screen, label, LABEL, &units(&visible(text)), " ")
}

/// Pieces side by side, two blanks apart, broken only between pieces.
///
/// # Errors
/// As [`Screen::line`].
pub fn pieces(screen: &mut Screen<'_>, indent: usize, pieces: &[String]) -> Result<(), ScreenFault> {
    let pieces: Vec<String> = pieces.iter().map(|piece| visible(piece).into_owned()).collect();
    broken(screen, " ".repeat(indent), indent + DEEPER, &pieces, "  ")
}

/// A label and an id that is never broken: sixteen columns before it.
///
/// # Errors
/// As [`Screen::line`].
pub fn id(screen: &mut Screen<'_>, label: &str, id: &str) -> Result<(), ScreenFault> {
    screen.line(&format!("    {label:<11} {id}"))
}

fn broken(
    screen: &mut Screen<'_>,
    start: String,
    next: usize,
    units: &[String],
    gap: &str,
) -> Result<(), ScreenFault> {
    let (mut line, mut empty) = (start, true);
    for unit in units {
        let gap = if empty { "" } else { gap };
        if !empty && line.chars().count() + gap.len() + unit.trim_end().chars().count() > WIDTH {
            screen.line(line.trim_end())?;
            line = " ".repeat(next);
        } else {
            line.push_str(gap);
        }
        line.push_str(unit);
        empty = false;
    }
    screen.line(line.trim_end())
}

/// Words; a text in double quotes is one word.
fn units(text: &str) -> Vec<String> {
    let (mut units, mut unit, mut quoted, mut before) = (Vec::new(), String::new(), false, ' ');
    for c in text.chars() {
        if c == '"' && before != '\\' {
            quoted = !quoted;
        }
        before = c;
        if c == ' ' && !quoted {
            units.push(std::mem::take(&mut unit));
        } else {
            unit.push(c);
        }
    }
    units.push(unit);
    units
}

/// A list inside a line, cut with its count.
#[must_use]
pub fn few(items: &[String], all: bool) -> String {
    let shown = if all { items.len() } else { items.len().min(SHOWN) };
    let mut out = items[..shown].join(", ");
    if shown < items.len() {
        out.push(' ');
        out.push_str(&pages::and_more((items.len() - shown) as u64));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(show: impl FnOnce(&mut Screen<'_>) -> Result<(), ScreenFault>) -> String {
        let mut sink = Vec::new();
        show(&mut Screen::onto(&mut sink, false)).unwrap();
        String::from_utf8(sink).unwrap()
    }

    #[test]
    fn a_long_sentence_is_broken_between_words_and_stays_whole() {
        let text = "word ".repeat(60) + "end.";
        let shown = shown(|s| sentence(s, 2, &text));
        assert!(shown.lines().all(|l| l.chars().count() <= WIDTH), "{shown}");
        assert!(
            shown.lines().skip(1).all(|l| l.starts_with("      ") && !l.starts_with("       ")),
            "{shown}"
        );
        assert_eq!(shown.split_whitespace().collect::<Vec<_>>().join(" "), text);
    }

    #[test]
    fn the_text_of_others_never_begins_a_line() {
        let text = format!("the role \"{} nothing else is odd\" is odd", "x".repeat(70));
        let shown = shown(|s| sentence(s, 2, &text));
        assert!(shown.lines().all(|l| !l.trim_start().starts_with("nothing")), "{shown}");
    }

    #[test]
    fn a_fact_goes_on_under_itself() {
        let shown = shown(|s| fact(s, "expires", &"word ".repeat(20)));
        assert!(shown.starts_with("  expires      word word"), "{shown}");
        assert!(shown.lines().nth(1).is_some_and(|l| l.starts_with(&(" ".repeat(15) + "word"))), "{shown}");
    }

    #[test]
    fn an_id_longer_than_the_screen_stands_whole() {
        let long = "a".repeat(128);
        assert!(shown(|s| pieces(s, 4, &["sha512".to_owned(), long.clone()])).contains(&long));
    }
}
