//! What differs from one rehearsal to the next, and nothing else, is masked before its dialogue is compared. This is the whole list:
//!
//! - today, as a date and in words, and the years of the expiry dates that the rehearsal's plan counts from today;
//! - the serials of the tokens;
//! - values that follow from new keys and salts: digests, key ids, fingerprints, heads, and what is abbreviated of them, in hex and
//!   in words. Only values count that the folder, its files and the tokens name when they are asked: hex or words of any other
//!   value stay as they are, and the comparison fails;
//! - the order of keys, which stand in the order of their key ids: here in that of their lines, their numbers left out;
//! - what the self-check found on the machine of the test.
//!
//! The pauses at a full page are left out as well: where they fall follows from the order of keys.

use std::collections::BTreeSet;

use tuf_ceremony::words::words_of;

/// How a question shows what a date looks like.
const EXAMPLE: &str = "(as 2027-03-05)";

/// What is masked in one rehearsal.
pub struct Mask {
    /// Dates, and what stands for them.
    dates: Vec<(String, &'static str)>,
    /// Eight hex digits that are the beginning or a group of a known value.
    groups: BTreeSet<String>,
    /// Known values, whole.
    whole: BTreeSet<String>,
    /// Lines of four words of known values.
    words: BTreeSet<String>,
    serials: BTreeSet<String>,
}

impl Mask {
    /// For a rehearsal of `today` (`2027-03-05`, and in words) with these values of 64 hex digits, and these serials.
    pub fn new(today: (&str, &str), values: &[String], serials: &[String]) -> Mask {
        let year: u32 = today.0[..4].parse().unwrap();
        let dates = vec![
            (format!("{} ({})", today.0, today.1), "(today)"),
            (today.0.to_owned(), "(today)"),
            (format!("{}-03-05 (5 March {})", year + 2, year + 2), "(5 March in two years)"),
            (format!("{}-03-05", year + 2), "(5 March in two years)"),
        ];
        let mut mask = Mask {
            dates,
            groups: BTreeSet::new(),
            whole: values.iter().cloned().collect(),
            words: BTreeSet::new(),
            serials: serials.iter().cloned().collect(),
        };
        for value in values {
            let bytes = hex::decode(value).unwrap();
            for group in bytes.chunks(4) {
                mask.groups.insert(hex::encode(group));
                mask.words.insert(words_of(group).join(" "));
            }
        }
        mask
    }

    /// A dialogue without what differs.
    pub fn over(&self, text: &str) -> String {
        // The example in a question is no date of today, not even on that day.
        let mut out = text.replace(EXAMPLE, "(as an example)");
        for (date, stands) in &self.dates {
            out = out.replace(date, stands);
        }
        let out = out.replace("(as an example)", EXAMPLE);
        let lines: Vec<String> = out.lines().map(|line| self.line(line)).collect();
        let mut out = in_their_order(&without_the_machine(&lines)).join("\n");
        out.push('\n');
        out
    }

    fn line(&self, line: &str) -> String {
        if let Some(masked) = self.words_line(line) {
            return masked;
        }
        let mut out = String::new();
        let mut word = String::new();
        for letter in line.chars().chain(['\n']) {
            if letter.is_ascii_alphanumeric() {
                word.push(letter);
                continue;
            }
            out.push_str(&self.word(&word));
            word.clear();
            out.push(letter);
        }
        out.truncate(out.len() - 1);
        numbers_of_keys(&out)
    }

    fn word(&self, word: &str) -> String {
        let is_known = [&self.groups, &self.whole, &self.serials].iter().any(|known| known.contains(word));
        if is_known { "x".repeat(word.len()) } else { word.to_owned() }
    }

    /// A line of four words, with its number, as it is shown; or without, as it is typed.
    fn words_line(&self, line: &str) -> Option<String> {
        let (lead, rest) = match line.strip_prefix("> ") {
            Some(rest) => ("> ".to_owned(), rest),
            None => {
                let rest = line.trim_start();
                let (number, rest) = rest.split_once("  ")?;
                number.parse::<usize>().ok().filter(|number| (1..=8).contains(number))?;
                (line[..line.len() - rest.len()].to_owned(), rest)
            }
        };
        let words: Vec<&str> = rest.split_whitespace().collect();
        self.words.contains(&words.join(" ")).then(|| format!("{lead}(four words)"))
    }
}

/// `2 of 3 keys must sign: 1, 2, 4`: the numbers follow from the key ids.
fn numbers_of_keys(line: &str) -> String {
    match line.find(" must sign: ") {
        Some(at) if line.contains(" of ") => format!("{} must sign: (numbers)", &line[..at]),
        _ => line.to_owned(),
    }
}

/// What was found on the machine stands between these lines.
const LOOKS: &str = "Looking at this machine";

fn without_the_machine(lines: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut inside = false;
    for line in lines {
        if line.starts_with(LOOKS) {
            inside = true;
            out.push(format!("{LOOKS} (what was found on it stands here)"));
        } else if line.is_empty() {
            inside = false;
        }
        if !inside {
            out.push(line.clone());
        }
    }
    out
}

/// Lists of keys in the order of their lines. An entry may go on in lines that are indented further.
fn in_their_order(lines: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut list: Vec<String> = Vec::new();
    let mut depth = 0;
    for line in lines {
        let indent = line.len() - line.trim_start().len();
        match as_entry(line) {
            Some(entry) => {
                list.push(entry);
                depth = indent;
            }
            None if !list.is_empty() && indent > depth => {
                let last = list.last_mut().unwrap();
                last.push('\n');
                last.push_str(line);
            }
            None => {
                list.sort();
                out.append(&mut list);
                out.push(line.clone());
            }
        }
    }
    list.sort();
    out.append(&mut list);
    out
}

/// A line that begins with a key, without its number.
fn as_entry(line: &str) -> Option<String> {
    const KEY: &str = "xxxxxxxx...";
    let text = line.trim_start();
    let indent = &line[..line.len() - text.len()];
    if ["can sign ", "signed "].iter().any(|state| text.starts_with(state)) && text.contains(KEY) {
        return Some(line.to_owned());
    }
    let (number, rest) = text.split_once("  ")?;
    (number.parse::<usize>().is_ok() && rest.starts_with(KEY)).then(|| format!("{indent}-  {rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "133a9608a3f4e7506d44011891d227a3a455e1f1dd744d560f778729ef19a27a";

    fn mask() -> Mask {
        Mask::new(("2026-11-27", "27 November 2026"), &[VALUE.to_owned()], &["42a98c054193276b".to_owned()])
    }

    fn same(text: &str) {
        assert_eq!(mask().over(text), format!("{text}\n"));
    }

    #[test]
    fn known_values_are_masked_whole_and_in_groups_and_words() {
        let words = words_of(&hex::decode(VALUE).unwrap()[8..12]).join(" ");
        let text = format!("a {VALUE} b\n  133a9608 ef19a27a\n  3  {words}\n> {words}\nsign root 2 133a9608");
        let x = "x".repeat(64);
        assert_eq!(
            mask().over(&text),
            format!(
                "a {x} b\n  xxxxxxxx xxxxxxxx\n  3  (four words)\n> (four words)\nsign root 2 xxxxxxxx\n"
            )
        );
    }

    #[test]
    fn other_values_words_numbers_and_dates_stay() {
        same("  133a9609 deadbeef 3a9608a3 a3f4");
        same(&VALUE.replace('1', "2"));
        same("  3  indoors asteroid absurd decadence");
        same("> indoors asteroid absurd decadence");
        same("21 lines, 2 of 3, 2026-11-28, 28 November 2026, 12345678, 1234567890123456");
        same("  1  Anna Berg reads and signs\n  2  Bela Costa reads and signs");
        same("serial 42a98c054193276c");
    }

    #[test]
    fn today_serials_and_the_years_of_the_plan_are_masked() {
        assert_eq!(
            mask().over("That is 2026-11-27 (27 November 2026). Until 2028-03-05 (5 March 2028), 00:00"),
            "That is (today). Until (5 March in two years), 00:00\n"
        );
        assert_eq!(
            mask().over("\"dora\" (serial 42a98c054193276b), serial \"42a98c054193276b\""),
            "\"dora\" (serial xxxxxxxxxxxxxxxx), serial \"xxxxxxxxxxxxxxxx\"\n"
        );
    }

    #[test]
    fn the_example_of_a_date_stays_on_its_own_day() {
        let mask = Mask::new(("2027-03-05", "5 March 2027"), &[], &[]);
        assert_eq!(mask.over("Today (as 2027-03-05): 2027-03-05"), "Today (as 2027-03-05): (today)\n");
    }

    #[test]
    fn keys_stand_in_the_order_of_their_lines_and_nothing_else_is_moved() {
        let one = "  1  133a9608...  RSA 3072\n    \"Carla\"\n  2  133a9608...  Ed25519  \"Anna\"\nz\na";
        let other = "  1  133a9608...  Ed25519  \"Anna\"\n  2  133a9608...  RSA 3072\n    \"Carla\"\nz\na";
        assert_eq!(mask().over(one), mask().over(other));
        let wanted = "  -  xxxxxxxx...  Ed25519  \"Anna\"\n  -  xxxxxxxx...  RSA 3072\n    \"Carla\"\nz\na\n";
        assert_eq!(mask().over(one), wanted);
        assert_ne!(mask().over(one), mask().over(&one.replace("Carla", "Bela")));
        assert_eq!(
            mask().over("root 2 of 3 keys must sign: 1, 2"),
            "root 2 of 3 keys must sign: (numbers)\n"
        );
    }

    #[test]
    fn what_was_found_on_the_machine_ends_at_the_next_empty_line() {
        let text =
            "before\nLooking at this machine: known answers.\n19 things are well\n  FINDING  x\n\nThe plan";
        let wanted = "before\nLooking at this machine (what was found on it stands here)\n\nThe plan\n";
        assert_eq!(mask().over(text), wanted);
    }
}
