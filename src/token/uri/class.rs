//! The kinds of objects that a URI may ask for, and how each is spelt (RFC 7512 2.3).

/// `type`: what kind of object is meant (RFC 7512 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyClass {
    /// `public`.
    Public,
    /// `private`.
    Private,
    /// `cert`.
    Certificate,
    /// `secret-key`.
    Secret,
    /// `data`.
    Data,
}

const CLASSES: [(&str, KeyClass); 5] = [
    ("public", KeyClass::Public),
    ("private", KeyClass::Private),
    ("cert", KeyClass::Certificate),
    ("secret-key", KeyClass::Secret),
    ("data", KeyClass::Data),
];

pub(super) fn class(value: &str) -> Option<KeyClass> {
    CLASSES.iter().find(|(word, _)| *word == value).map(|(_, class)| *class)
}

pub(super) fn class_word(class: KeyClass) -> &'static str {
    CLASSES.iter().find(|(_, known)| *known == class).map_or("", |(word, _)| word)
}
