//! PKCS#11 URIs (RFC 7512): how a token and a key on it are named; and the short ones of PIV cards.
//!
//! Promises: strict reading. Unknown, vendor and repeated attributes are refused by name, because an attribute
//! that is skipped would widen what the URI fits. PINs are never read from a URI.
//!
//! Two doors: a URI typed on the command line may say which module to load, a URI out of a plan, card or
//! bundle may not, since a document from elsewhere must not choose the code that sees a PIN.

mod class;
mod hints;
mod piv;

use std::ffi::OsString;
use std::fmt;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use super::facts::{ModuleFacts, SlotFacts, TokenKey, is_serial};
use super::percent::{self, Broken, Part};
pub use class::KeyClass;
use class::{class, class_word};
pub(super) use piv::MANUFACTURER as PIV_MANUFACTURER;

/// Longest URI in bytes; a real one has under 300.
const LONGEST: usize = 4096;

/// What a PKCS#11 URI asks for; an absent attribute asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenUri {
    token: Option<String>,
    manufacturer: Option<String>,
    model: Option<String>,
    serial: Option<String>,
    object: Option<String>,
    id: Option<Vec<u8>>,
    class: Option<KeyClass>,
    slot_id: Option<u64>,
    slot_manufacturer: Option<String>,
    slot_description: Option<String>,
    library_manufacturer: Option<String>,
    library_description: Option<String>,
    library_version: Option<(u8, u8)>,
    module_path: Option<PathBuf>,
    module_name: Option<String>,
}

/// Why a text is no PKCS#11 URI that this program takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UriFault {
    /// Over the cap.
    #[error("the URI is longer than {LONGEST} bytes")]
    TooLong,
    /// Another scheme or none.
    #[error("a token's URI starts with pkcs11: or piv:")]
    Scheme,
    /// A piece without `=`.
    #[error("\"{piece}\" is not of the form name=value")]
    NoValue {
        /// The piece.
        piece: String,
    },
    /// A name that is not in RFC 7512, or stands in the wrong half.
    #[error("the attribute \"{name}\" is not known in this part of a PKCS#11 URI")]
    Unknown {
        /// The name.
        name: String,
    },
    /// Twice the same name.
    #[error("the attribute \"{name}\" stands there twice")]
    Repeated {
        /// The name.
        name: String,
    },
    /// `%` without two hex digits.
    #[error("the value of \"{name}\" has a % that two hex digits do not follow")]
    Escape {
        /// The attribute.
        name: String,
    },
    /// A byte outside the grammar.
    #[error("the value of \"{name}\" has the byte {byte:#04x}, which must be written as %{byte:02X}")]
    Character {
        /// The attribute.
        name: String,
        /// The byte.
        byte: u8,
    },
    /// A value that does not have the attribute's form.
    #[error("the value of \"{name}\" is not {wanted}")]
    Form {
        /// The attribute.
        name: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// `pin-value` or `pin-source`.
    #[error("\"{name}\" is refused: PINs come from the terminal only")]
    Pin {
        /// The attribute.
        name: String,
    },
    /// `module-path` or `module-name` out of a document.
    #[error("\"{name}\" is refused in a document: the machine's own settings choose the module")]
    Module {
        /// The attribute.
        name: String,
    },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    CommandLine,
    Document,
}

impl TokenUri {
    /// Reads a URI that the person at this machine typed; `module-path` and `module-name` are taken.
    ///
    /// # Errors
    /// [`UriFault`] names the attribute; nothing was looked up yet.
    pub fn from_command_line(text: &str) -> Result<Self, UriFault> {
        Self::parse(text, Origin::CommandLine)
    }

    /// Reads a URI out of a plan, card or bundle; it cannot name a module.
    ///
    /// # Errors
    /// As [`TokenUri::from_command_line`], and [`UriFault::Module`].
    pub fn from_document(text: &str) -> Result<Self, UriFault> {
        Self::parse(text, Origin::Document)
    }

    /// The URI that names the token in `slot`, and `key` on it: model, manufacturer, serial and label, or the
    /// slot's number for a token that tells nothing, or neither label nor serial.
    #[must_use]
    pub fn naming(slot: &SlotFacts, key: Option<&TokenKey>) -> Self {
        if let Some(uri) = piv::naming(slot, key) {
            return uri;
        }
        let mut uri = match slot.token.as_ref().filter(|token| !token.is_nameless()) {
            Some(token) => Self {
                token: Some(token.label.clone()),
                manufacturer: Some(token.manufacturer.clone()),
                model: Some(token.model.clone()),
                serial: Some(token.serial.clone()),
                ..Self::default()
            },
            None => Self { slot_id: Some(slot.slot), ..Self::default() },
        };
        if let Some(key) = key {
            uri.object = (!key.label.is_empty()).then(|| key.label.clone());
            uri.id = (!key.id.is_empty()).then(|| key.id.clone());
        }
        uri
    }

    /// A shorter one, to be read and typed: by the serial, or by the label where there is none; and of a key the label, or the id
    /// where there is none or `is_repeated` says that another key has it as well.
    #[must_use]
    pub fn in_short(slot: &SlotFacts, key: Option<&TokenKey>, is_repeated: bool) -> Self {
        let whole = Self::naming(slot, key);
        if whole.is_piv() || whole.slot_id.is_some() {
            return whole;
        }
        let serial = whole.serial.filter(|serial| is_serial(serial));
        let token = if serial.is_none() { whole.token } else { None };
        let object = whole.object.filter(|_| !is_repeated || whole.id.is_none());
        let id = if object.is_none() { whole.id } else { None };
        Self { serial, token, object, id, ..Self::default() }
    }

    /// The module file that the command line names.
    #[must_use]
    pub fn module_path(&self) -> Option<&Path> {
        self.module_path.as_deref()
    }

    /// The module name that the command line gives; the machine's settings say which file that is.
    #[must_use]
    pub fn module_name(&self) -> Option<&str> {
        self.module_name.as_deref()
    }

    /// The serial that the token must have.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.serial.as_deref()
    }

    /// Whether the URI says anything about which key is meant.
    #[must_use]
    pub fn names_a_key(&self) -> bool {
        self.object.is_some() || self.id.is_some()
    }

    /// Whether `slot` of `module` is what the URI asks for (RFC 7512 2.4: all given attributes are equal). A card that tells no
    /// serial is never meant: its reader says nothing of which card it is, and none is opened by that.
    #[must_use]
    pub fn fits_slot(&self, module: &ModuleFacts, slot: &SlotFacts) -> bool {
        let told = slot.token.as_ref();
        (told.is_some() || !slot.is_card())
            && fits(&self.token, told.map(|token| &token.label))
            && fits(&self.manufacturer, told.map(|token| &token.manufacturer))
            && fits(&self.model, told.map(|token| &token.model))
            && fits(&self.serial, told.map(|token| &token.serial))
            && fits(&self.slot_id, Some(&slot.slot))
            && fits(&self.slot_manufacturer, Some(&slot.manufacturer))
            && fits(&self.slot_description, Some(&slot.description))
            && fits(&self.library_manufacturer, Some(&module.manufacturer))
            && fits(&self.library_description, Some(&module.description))
            && fits(&self.library_version, Some(&module.version))
    }

    /// Whether `key` is what the URI asks for; label and id are hints, the public key decides elsewhere.
    #[must_use]
    pub fn fits_key(&self, key: &TokenKey) -> bool {
        fits(&self.object, Some(&key.label))
            && fits(&self.id, Some(&key.id))
            && self.class.is_none_or(|class| matches!(class, KeyClass::Public | KeyClass::Private))
    }

    fn parse(text: &str, origin: Origin) -> Result<Self, UriFault> {
        if text.len() > LONGEST {
            return Err(UriFault::TooLong);
        }
        let (scheme, rest) = text.split_once(':').ok_or(UriFault::Scheme)?;
        if scheme.eq_ignore_ascii_case("piv") {
            return piv::parse(rest);
        }
        if !scheme.eq_ignore_ascii_case("pkcs11") {
            return Err(UriFault::Scheme);
        }
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        let mut uri = Self::default();
        let mut seen = Vec::new();
        for piece in path.split(';').filter(|_| !path.is_empty()) {
            let (name, value) = split(piece, &mut seen)?;
            uri.take_path_attribute(name, value)?;
        }
        for piece in query.into_iter().flat_map(|query| query.split('&')) {
            let (name, value) = split(piece, &mut seen)?;
            uri.take_query_attribute(name, value, origin)?;
        }
        Ok(uri)
    }

    fn take_path_attribute(&mut self, name: &str, value: &str) -> Result<(), UriFault> {
        let place = match name {
            "token" => &mut self.token,
            "manufacturer" => &mut self.manufacturer,
            "model" => &mut self.model,
            "serial" => &mut self.serial,
            "object" => &mut self.object,
            "slot-manufacturer" => &mut self.slot_manufacturer,
            "slot-description" => &mut self.slot_description,
            "library-manufacturer" => &mut self.library_manufacturer,
            "library-description" => &mut self.library_description,
            "id" => {
                self.id = Some(decoded(name, value, Part::Path)?);
                return Ok(());
            }
            "type" => {
                self.class = Some(class(value).ok_or_else(|| form(name, "a type of RFC 7512"))?);
                return Ok(());
            }
            "slot-id" => {
                self.slot_id = Some(number(value).ok_or_else(|| form(name, "a decimal number"))?);
                return Ok(());
            }
            "library-version" => {
                self.library_version = Some(version(value).ok_or_else(|| form(name, "a version M.N"))?);
                return Ok(());
            }
            _ => return Err(UriFault::Unknown { name: name.into() }),
        };
        *place = Some(text(name, decoded(name, value, Part::Path)?)?);
        Ok(())
    }

    fn take_query_attribute(&mut self, name: &str, value: &str, origin: Origin) -> Result<(), UriFault> {
        match name {
            "pin-value" | "pin-source" => return Err(UriFault::Pin { name: name.into() }),
            "module-path" | "module-name" => {}
            _ => return Err(UriFault::Unknown { name: name.into() }),
        }
        if origin == Origin::Document {
            return Err(UriFault::Module { name: name.into() });
        }
        let bytes = decoded(name, value, Part::Query)?;
        if bytes.is_empty() || bytes.contains(&0) {
            return Err(form(name, "a file's name"));
        }
        if name == "module-path" {
            self.module_path = Some(OsString::from_vec(bytes).into());
        } else {
            self.module_name = Some(text(name, bytes)?);
        }
        Ok(())
    }
}

impl fmt::Display for TokenUri {
    /// The URI again, attributes in one fixed order, everything but plain letters encoded.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(short) = piv::written(self) {
            return f.write_str(&short);
        }
        let path_text = |value: &String| percent::encode(value.as_bytes(), Part::Path);
        let path = [
            ("library-manufacturer", self.library_manufacturer.as_ref().map(path_text)),
            ("library-description", self.library_description.as_ref().map(path_text)),
            ("library-version", self.library_version.map(|(major, minor)| format!("{major}.{minor}"))),
            ("slot-manufacturer", self.slot_manufacturer.as_ref().map(path_text)),
            ("slot-description", self.slot_description.as_ref().map(path_text)),
            ("slot-id", self.slot_id.map(|id| id.to_string())),
            ("model", self.model.as_ref().map(path_text)),
            ("manufacturer", self.manufacturer.as_ref().map(path_text)),
            ("serial", self.serial.as_ref().map(path_text)),
            ("token", self.token.as_ref().map(path_text)),
            ("object", self.object.as_ref().map(path_text)),
            ("type", self.class.map(|class| class_word(class).to_owned())),
            ("id", self.id.as_ref().map(|id| percent::encode_all(id))),
        ];
        let query = [
            (
                "module-path",
                self.module_path.as_ref().map(|p| percent::encode(p.as_os_str().as_bytes(), Part::Query)),
            ),
            ("module-name", self.module_name.as_ref().map(|n| percent::encode(n.as_bytes(), Part::Query))),
        ];
        f.write_str("pkcs11:")?;
        write_pieces(f, &path, "", ";")?;
        write_pieces(f, &query, "?", "&")
    }
}

fn write_pieces(
    f: &mut fmt::Formatter<'_>,
    pieces: &[(&str, Option<String>)],
    before: &str,
    between: &str,
) -> fmt::Result {
    let mut lead = before;
    for (name, value) in pieces {
        if let Some(value) = value {
            write!(f, "{lead}{name}={value}")?;
            lead = between;
        }
    }
    Ok(())
}

fn fits<T: PartialEq>(wanted: &Option<T>, found: Option<&T>) -> bool {
    wanted.as_ref().is_none_or(|wanted| found == Some(wanted))
}

fn split<'a>(piece: &'a str, seen: &mut Vec<&'a str>) -> Result<(&'a str, &'a str), UriFault> {
    let (name, value) = piece.split_once('=').ok_or_else(|| UriFault::NoValue { piece: piece.into() })?;
    if seen.contains(&name) {
        return Err(UriFault::Repeated { name: name.into() });
    }
    seen.push(name);
    Ok((name, value))
}

fn decoded(name: &str, value: &str, part: Part) -> Result<Vec<u8>, UriFault> {
    percent::decode(value, part).map_err(|broken| match broken {
        Broken::Escape => UriFault::Escape { name: name.into() },
        Broken::Character(byte) => UriFault::Character { name: name.into(), byte },
    })
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, UriFault> {
    String::from_utf8(bytes).map_err(|_| form(name, "UTF-8 text"))
}

fn form(name: &str, wanted: &'static str) -> UriFault {
    UriFault::Form { name: name.into(), wanted }
}

fn number<N: std::str::FromStr>(value: &str) -> Option<N> {
    // `parse` alone would take a sign.
    value.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.parse().ok()).flatten()
}

/// `M` or `M.N`; a missing minor number is 0 (RFC 7512 2.3).
fn version(value: &str) -> Option<(u8, u8)> {
    match value.split_once('.') {
        Some((major, minor)) => Some((number(major)?, number(minor)?)),
        None => Some((number(value)?, 0)),
    }
}

#[cfg(test)]
mod tests;
