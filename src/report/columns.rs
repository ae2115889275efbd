//! Lines of at most 80 columns, or as many as a narrower terminal has. A sentence is broken between words and never inside double quotes, so that the text of
//! others cannot begin a line that looks like one of ours. Ids and digests are never broken; in a sentence the long name of a token is,
//! between its attributes.

use super::SHOWN;
use crate::operator::clean::visible;
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::pages;

/// Columns of the smallest screen that pages are made for.
pub const WIDTH: usize = 80;

/// A terminal with fewer columns breaks lines by itself.
const NARROWEST: usize = 40;

/// Columns in which the label of a fact stands, two blanks before it included.
const LABEL: usize = 15;

/// How much deeper the lines after the first stand.
const DEEPER: usize = 4;

/// One sentence, indented; the lines after the first stand deeper.
///
/// # Errors
/// As [`Screen::line`].
pub fn sentence(screen: &mut Screen<'_>, indent: usize, text: &str) -> Result<(), ScreenFault> {
    let units = units(&visible(text));
    let parts: Vec<_> = units.iter().flat_map(|unit| between_attributes(unit)).collect();
    broken(screen, " ".repeat(indent), &" ".repeat(indent + DEEPER), &parts)
}

/// What somebody wrote, in quotes behind `before`, broken between its words: a bar before each further line says that it is hers
/// and none of ours.
///
/// # Errors
/// As [`Screen::line`].
pub fn quotation(
    screen: &mut Screen<'_>,
    indent: usize,
    before: &str,
    quoted: &str,
) -> Result<(), ScreenFault> {
    let text = format!("{before} {quoted}");
    let text = visible(&text);
    let parts: Vec<_> = text.split(' ').map(|word| (word, " ")).collect();
    broken(screen, " ".repeat(indent), &(" ".repeat(indent + DEEPER) + "| "), &parts)
}

/// A label and what stands under it: the lines after the first begin where the first one's text began.
///
/// # Errors
/// As [`Screen::line`].
pub fn fact(screen: &mut Screen<'_>, label: &str, text: &str) -> Result<(), ScreenFault> {
    let label = format!("  {label:<width$}  ", width = LABEL - 4);
    let units = units(&visible(text));
    let parts: Vec<_> = units.iter().map(|unit| (unit.as_str(), " ")).collect();
    broken(screen, label, &" ".repeat(LABEL), &parts)
}

/// Pieces side by side, two blanks apart, broken only between pieces.
///
/// # Errors
/// As [`Screen::line`].
pub fn pieces(screen: &mut Screen<'_>, indent: usize, pieces: &[String]) -> Result<(), ScreenFault> {
    let pieces: Vec<String> = pieces.iter().map(|piece| visible(piece).into_owned()).collect();
    let parts: Vec<_> = pieces.iter().map(|piece| (piece.as_str(), "  ")).collect();
    broken(screen, " ".repeat(indent), &" ".repeat(indent + DEEPER), &parts)
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
    next: &str,
    units: &[(&str, &str)],
) -> Result<(), ScreenFault> {
    let width = screen.columns().map_or(WIDTH, |columns| columns.clamp(NARROWEST, WIDTH));
    let (mut line, mut empty) = (start, true);
    for (unit, gap) in units {
        let gap = if empty { "" } else { gap };
        if !empty && line.chars().count() + gap.len() + unit.trim_end().chars().count() > width {
            screen.line(line.trim_end())?;
            next.clone_into(&mut line);
        } else {
            line.push_str(gap);
        }
        line.push_str(unit);
        empty = false;
    }
    screen.line(line.trim_end())
}

/// The name of a token that is longer than a line, between its attributes; anything else whole. Only in sentences: a name
/// that stands as a fact is there to be copied.
fn between_attributes(unit: &str) -> Vec<(&str, &'static str)> {
    if !unit.starts_with("pkcs11:") || unit.chars().count() <= WIDTH - DEEPER {
        return vec![(unit, " ")];
    }
    unit.split_inclusive(';').enumerate().map(|(at, part)| (part, if at == 0 { " " } else { "" })).collect()
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
    fn the_words_of_others_are_broken_between_them_behind_a_bar() {
        let words = "nothing else is odd ".repeat(8);
        let shown =
            shown(|s| quotation(s, 2, "Line 4, remark by olga:", &format!("\"{}\"", words.trim_end())));
        let mut lines = shown.lines();
        assert!(
            lines.next().is_some_and(|l| l.starts_with("  Line 4, remark by olga: \"nothing")),
            "{shown}"
        );
        assert!(lines.all(|l| l.starts_with("      | ")), "{shown}");
        assert!(shown.lines().all(|l| l.chars().count() <= WIDTH), "{shown}");
        let whole = shown.replace(" | ", " ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(whole.ends_with(&format!("\"{}\"", words.trim_end())), "{shown}");
    }

    #[test]
    fn in_a_sentence_the_name_of_a_token_is_broken_between_its_attributes_where_it_is_too_long() {
        let uri = "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=c531f93dd7c1281b;token=dora;id=%01";
        let text = format!("! Line 4: the token {uri} gave no signature.");
        let long = shown(|s| sentence(s, 2, &text));
        assert!(long.lines().all(|line| line.chars().count() <= WIDTH), "{long}");
        assert!(long.lines().any(|line| line.trim_start().starts_with("serial=c531")), "{long}");
        assert!(long.split_whitespace().collect::<String>().contains(uri), "{long}");
        // Where it is a fact it can be copied.
        assert!(shown(|s| fact(s, "name it", uri)).contains(uri));
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
