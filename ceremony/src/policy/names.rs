//! Names and texts on which known clients differ: paths, role names, and content whose canonical form other
//! implementations write otherwise (TUF-INTEROP 2).

use unicode_normalization::is_nfc;

use super::texts;
use crate::document::View;

/// What is odd about a target path (TUF 4.5: forward slashes, no leading slash).
pub(crate) fn odd_path(path: &str) -> Option<&'static str> {
    let segments = || path.split('/');
    match () {
        () if path.is_empty() => Some("the path is empty"),
        () if path.starts_with('/') => Some("the path starts with a slash"),
        () if path.contains('\\') => {
            Some("the path holds a backslash, which is a separator for some clients")
        }
        () if segments().any(|s| s == "." || s == "..") => Some("the path holds a dot name"),
        () if segments().any(str::is_empty) => Some("the path holds an empty name"),
        () if path.chars().any(char::is_control) => Some("the path holds a control character"),
        () => None,
    }
}

/// What is odd about a delegated role's name: it becomes a file name and part of a URL.
pub(crate) fn odd_role(name: &str) -> Option<&'static str> {
    match () {
        () if name.is_empty() || name.starts_with('.') => Some("the name is empty or a dot name"),
        () if name.contains(['/', '\\', ':', '?', '#', '%']) => {
            Some("the name holds a separator of paths or URLs")
        }
        () if name.chars().any(char::is_control) => Some("the name holds a control character"),
        () if ["root", "targets", "snapshot", "timestamp"].contains(&name) => {
            Some("the name is that of a top-level role")
        }
        () => None,
    }
}

/// Feeds each kind of content on which clients are known to differ once, with the first text that has it.
pub(super) fn disagreements(view: View<'_>, sink: &mut dyn FnMut(&str, &'static str)) {
    let mut said = [false; 4];
    texts(view, &mut |text, is_name| {
        if text.bytes().all(|b| b > b'!' && b < 0x7f) {
            return;
        }
        let kinds = [
            (!is_nfc(text), "the text is not NFC, and olpc-cjson (tough) normalizes before it hashes"),
            (
                is_name && text.chars().any(|c| c <= '!'),
                "a name holds a space or another character before the quote, and olpc-cjson (tough) may sort it otherwise",
            ),
            (
                is_name && text.chars().any(|c| c > '\u{d7ff}'),
                "a name holds a character beyond U+D7FF, and tuf-js may sort it otherwise",
            ),
            (
                text.chars().any(|c| c < ' ' && c != '\n' || c == '\u{7f}'),
                "the text holds a control character, and some clients escape it before they hash",
            ),
        ];
        for (said, (holds, fact)) in said.iter_mut().zip(kinds) {
            if holds && !std::mem::replace(said, true) {
                sink(text, fact);
            }
        }
    });
}
