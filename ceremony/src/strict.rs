//! Reviewed TOML files, read strictly: a field that nobody knows or that stands twice is refused with its line and its name,
//! and another format version before anything else of it. It knows no field itself.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::limits::{Limit, NAME};

/// A TOML file is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TomlFault {
    /// More than a cap allows.
    #[error("it is past a limit: {0}")]
    Past(Limit),
    /// Not UTF-8.
    #[error("line {line} is not UTF-8")]
    NotUtf8 {
        /// The line, from 1.
        line: usize,
    },
    /// Another format version, or none.
    #[error("it has the format {found}, and this version reads format {known}")]
    Format {
        /// What it says.
        found: i64,
        /// What is read.
        known: u64,
    },
    /// Not TOML, or a field that is unknown, missing, twice or of another kind.
    #[error("line {line}{}: {says}", in_field(field))]
    Field {
        /// The line, from 1.
        line: usize,
        /// The field, as far as it is known.
        field: String,
        /// What is wrong.
        says: String,
    },
}

fn in_field(field: &str) -> String {
    if field.is_empty() { String::new() } else { format!(", `{field}`") }
}

/// Whether a text can name a person, a key or a module: it becomes a part of a file name on any medium.
pub(crate) fn is_name(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    NAME.allows(text.len()) && !text.is_empty() && !text.starts_with('-') && text.bytes().all(fits)
}

/// Why a text is not one line that people read, if it is not.
pub(crate) fn readable(text: &str) -> Option<&'static str> {
    match () {
        () if text.is_empty() => Some("is empty"),
        () if text.trim() != text => Some("begins or ends with a space"),
        () if text.chars().any(char::is_control) => Some("holds a control character"),
        () => None,
    }
}

/// Characters of a foreign text that a fault repeats: it may be a megabyte.
const REPEATED: usize = 300;

#[derive(Deserialize)]
struct Versioned {
    format: i64,
}

/// A foreign text as a part of one sentence: not endless, and no control character.
pub(crate) fn repeated(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(REPEATED) {
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// Reads a file of one format version.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8], size: Limit, format: u64) -> Result<T, TomlFault> {
    if !size.allows(text.len()) {
        return Err(TomlFault::Past(size));
    }
    let text = std::str::from_utf8(text)
        .map_err(|fault| TomlFault::NotUtf8 { line: line_of(&text[..fault.valid_up_to()]) })?;
    let versioned: Versioned = toml::from_str(text).map_err(|fault| field(text, fault))?;
    if u64::try_from(versioned.format) != Ok(format) {
        return Err(TomlFault::Format { found: versioned.format, known: format });
    }
    toml::from_str(text).map_err(|fault| field(text, fault))
}

fn line_of(before: &[u8]) -> usize {
    before.iter().filter(|&&b| b == b'\n').count() + 1
}

fn field(text: &str, mut fault: toml::de::Error) -> TomlFault {
    let span = fault.span().unwrap_or_default();
    let line = line_of(&text.as_bytes()[..span.start.min(text.len())]);
    let says = repeated(&fault.message().replace('\n', "; "));
    // Without its input the fault says in a second line, and only there, to which field it belongs.
    fault.set_input(None);
    let said = fault.to_string();
    let path = said.rsplit_once("in `").and_then(|(_, path)| path.trim_end().strip_suffix('`'));
    let field = match path {
        Some(path) if said.trim_end().ends_with('`') && said.trim_end().contains('\n') => path,
        // A name at the top has no path; the place that is marked is the name itself.
        _ if says.starts_with("duplicate key") || says.starts_with("unknown field") => {
            text.get(span).unwrap_or_default()
        }
        _ => "",
    };
    TomlFault::Field { line, field: repeated(field), says }
}
