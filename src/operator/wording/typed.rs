//! Commands as a person types them: words that a shell would take apart stand in quotes, and long ones go over several lines.

/// A text with a key in it that is no character. `option` is what it stands behind.
pub fn no_text(option: &str) -> String {
    format!("The text of {option} holds a key that is no character.")
}
/// Advice: a text with such a key.
pub const TYPE_IT_IN_ONE_LINE: &str = "Type it again in one line, without tabs, line breaks or arrow keys; what is pasted may bring some along.";

/// As much as stands on one line.
const LINE: usize = 78;

/// A word in single quotes, if a shell would read it otherwise.
#[must_use]
pub fn quoted(word: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./=:,+@%".contains(&b);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A command behind a prompt: several lines, each but the last ending as a shell wants it, where one would be too long.
pub fn command<'w>(prompt: &str, words: impl IntoIterator<Item = &'w str>) -> Vec<String> {
    let mut lines = vec![format!("{prompt}conclave")];
    for word in words.into_iter().map(quoted) {
        let last = lines.last_mut().expect("there is a first line");
        if last.chars().count() + word.chars().count() + 3 > LINE {
            last.push_str(" \\");
            lines.push(format!("    {word}"));
        } else {
            last.push_str(&format!(" {word}"));
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_takes_apart_is_quoted() {
        assert_eq!(command("anna$ ", ["sign", "it's", "a;b"]), ["anna$ conclave sign 'it'\\''s' 'a;b'"]);
        assert_eq!(quoted(""), "''");
    }

    #[test]
    fn long_commands_go_on_in_the_next_line() {
        let long = "x".repeat(64);
        let lines = command("", ["run", &long, "a/b"]);
        assert_eq!(lines, ["conclave run \\".to_owned(), format!("    {long} a/b")]);
    }
}
