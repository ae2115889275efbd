//! What every refusal looks like, to people and to scripts: read back strictly, so that a line more or less is noticed.

use serde_json::{Value, json};
use tuf_conclave::operator::clean::visible;

use crate::stage::Done;

/// A fault as it was told.
#[derive(Debug)]
pub struct Told {
    pub error: String,
    pub because: Vec<String>,
    pub now: String,
    pub signed: String,
}

impl Told {
    /// Whether the sentence or one of its causes says it.
    pub fn says(&self, words: &str) -> bool {
        self.error.contains(words) || self.because.iter().any(|line| line.contains(words))
    }
}

/// The last lines that a fault can have.
const SIGNED: [&str; 8] = [
    "The key signed its card, which was thrown away; nothing else was signed.",
    "The key signed its card, which is in ",
    "Nothing was signed, nothing was written.",
    "Nothing was signed; ",
    "1 signature made before this is stored in ",
    "2 signatures made before this are stored in ",
    "Whether the token signed is not known: ",
    "The token signed, and the signature is NOT stored in a file.",
];

/// Reads the fault on standard error: `error:` once, `because:` any number, `now:` once, whether anything was signed.
pub fn told(text: &str) -> Told {
    let mut lines = text.lines().peekable();
    let mut labelled = |label: &str| {
        let line = lines.next_if(|line| line.starts_with(label))?;
        Some(line[label.len()..].to_owned())
    };
    let error = labelled("error: ").unwrap_or_else(|| panic!("no error: line first in {text}"));
    let because = std::iter::from_fn(|| labelled("because: ")).collect();
    let now = labelled("now: ").unwrap_or_else(|| panic!("no now: line after the causes in {text}"));
    let signed = labelled("").unwrap_or_else(|| panic!("nothing on what was signed in {text}"));
    assert_eq!(labelled(""), None, "a line too many in {text}");
    assert!(SIGNED.iter().any(|line| signed.starts_with(line)), "{signed}");
    for sentence in [&error, &now] {
        assert!(sentence.ends_with(['.', '?']) && sentence.len() > 10, "{sentence:?} is no sentence");
    }
    Told { error, because, now, signed }
}

/// The fault of a command that refused with `code`: nothing on standard output, or with `--json` the same facts there.
pub fn refused(done: &Done, code: i32) -> Told {
    let text = done.err();
    assert_eq!(done.code, Some(code), "{text}{}", done.out());
    harmless(&text);
    let told = told(&text);
    if !done.stdout.is_empty() {
        harmless(&done.out());
        let found = done.json();
        let error = &found["error"];
        let signed = match told.signed.starts_with("Nothing") {
            true => json!({ "outcome": "nothing" }),
            false => json!({ "outcome": "unknown" }),
        };
        assert_eq!(found.as_object().unwrap().len(), 1, "{found}");
        assert_eq!(error["exit"], code);
        assert_eq!(error["signed"], signed);
        for (field, line) in [("sentence", &told.error), ("now", &told.now)] {
            assert_eq!(&visible(error[field].as_str().unwrap()), line, "{field}");
        }
        let causes: Vec<String> = error["because"]
            .as_array()
            .unwrap()
            .iter()
            .map(|cause: &Value| visible(cause.as_str().unwrap()).into_owned())
            .collect();
        assert_eq!(causes, told.because);
    }
    told
}

/// No character that a terminal obeys or hides: each line is what the sanitiser makes of it.
pub fn harmless(text: &str) {
    for line in text.lines() {
        assert_eq!(visible(line), line, "raw characters in the output");
    }
    assert!(text.is_empty() || text.ends_with('\n'), "{text:?} ends without a line end");
}
