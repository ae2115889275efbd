//! Writing a delta entry by entry: roles in order, paths in order, nothing held but the last names.

use std::fmt::{Error, Write};

use super::{Added, DeltaFault, FORMAT, REPEATED, TYPE, is_role};
use crate::layout::quote_ascii;
use crate::policy::odd_path;

/// Writes a delta: [`Writer::into`], then for each role in order [`Writer::role`] and [`Writer::add`], then
/// [`Writer::finish`].
#[derive(Debug)]
pub struct Writer<W> {
    out: W,
    role: Option<String>,
    path: Option<String>,
}

/// An entry cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteFault {
    /// No role that gets files.
    #[error("{role:?} is no role that files can be added to")]
    Role {
        /// The name.
        role: String,
    },
    /// A role after a later one or after itself.
    #[error("the role {role:?} is not in order")]
    RoleOrder {
        /// The name.
        role: String,
    },
    /// A file before any role.
    #[error("a file was added before any role was begun")]
    NoRole,
    /// A role, or a whole delta, that adds nothing.
    #[error("it adds nothing{}", .role.as_ref().map(|role| format!(" to {role:?}")).unwrap_or_default())]
    Nothing {
        /// The role, if it is one.
        role: Option<String>,
    },
    /// A path that clients do not take alike.
    #[error("{path:?} is no path of a target: {why}")]
    Path {
        /// The path.
        path: String,
        /// Why.
        why: &'static str,
    },
    /// A path after a later one or after itself.
    #[error("the path {path:?} is not in order")]
    PathOrder {
        /// The path.
        path: String,
    },
    /// A SHA-512 that is none.
    #[error("the SHA-512 of {path:?} is not 128 lower-case hex digits")]
    Sha512 {
        /// The path.
        path: String,
    },
    /// What is written into takes no more.
    #[error("the delta could not be written")]
    Out,
}

impl From<Error> for WriteFault {
    fn from(_: Error) -> WriteFault {
        WriteFault::Out
    }
}

fn cut(text: &str) -> String {
    text.chars().take(REPEATED).collect()
}

impl<W: Write> Writer<W> {
    /// Begins a delta.
    ///
    /// # Errors
    /// When `out` takes nothing.
    pub fn into(mut out: W) -> Result<Writer<W>, WriteFault> {
        write!(out, "{{\n \"_type\": \"{TYPE}\",\n \"format\": {FORMAT},\n \"roles\": {{")?;
        Ok(Writer { out, role: None, path: None })
    }

    /// Begins a role; roles come sorted by name.
    ///
    /// # Errors
    /// When the name is none of a role that files can be added to, or is out of order, or the role before got nothing.
    pub fn role(&mut self, name: &str) -> Result<(), WriteFault> {
        if !is_role(name) {
            return Err(WriteFault::Role { role: cut(name) });
        }
        match &self.role {
            Some(before) if before.as_str() >= name => {
                return Err(WriteFault::RoleOrder { role: cut(name) });
            }
            Some(_) => {
                self.end_role()?;
                self.out.write_str(",")?;
            }
            None => {}
        }
        write!(self.out, "\n  {}: {{\n   \"targets\": {{", quoted(name))?;
        self.role = Some(name.to_owned());
        self.path = None;
        Ok(())
    }

    /// Adds a file to the role; paths come sorted by code point.
    ///
    /// # Errors
    /// When no role was begun, the path is no target's or out of order, or a hash is none.
    pub fn add(&mut self, file: &Added<'_>) -> Result<(), WriteFault> {
        let path = file.path.as_ref();
        if self.role.is_none() {
            return Err(WriteFault::NoRole);
        }
        if let Some(why) = odd_path(path) {
            return Err(WriteFault::Path { path: cut(path), why });
        }
        if self.path.as_deref().is_some_and(|before| before >= path) {
            return Err(WriteFault::PathOrder { path: cut(path) });
        }
        let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if file.sha512.as_ref().is_some_and(|hex| hex.len() != 128 || !hex.bytes().all(digit)) {
            return Err(WriteFault::Sha512 { path: cut(path) });
        }
        let comma = if self.path.is_some() { "," } else { "" };
        write!(self.out, "{comma}\n    {}: {{\n     \"hashes\": {{", quoted(path))?;
        write!(self.out, "\n      \"sha256\": \"{}\"", file.sha256)?;
        if let Some(sha512) = &file.sha512 {
            write!(self.out, ",\n      \"sha512\": \"{sha512}\"")?;
        }
        write!(self.out, "\n     }},\n     \"length\": {}\n    }}", file.length)?;
        self.path = Some(path.to_owned());
        Ok(())
    }

    /// Ends the delta.
    ///
    /// # Errors
    /// When it adds nothing.
    pub fn finish(mut self) -> Result<W, WriteFault> {
        if self.role.is_none() {
            return Err(WriteFault::Nothing { role: None });
        }
        self.end_role()?;
        self.out.write_str("\n }\n}\n")?;
        Ok(self.out)
    }

    fn end_role(&mut self) -> Result<(), WriteFault> {
        if self.path.is_none() {
            return Err(WriteFault::Nothing { role: self.role.clone() });
        }
        self.out.write_str("\n   }\n  }")?;
        Ok(())
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    quote_ascii(text, &mut out);
    out
}

/// While a delta is read, the text that it should have is what is written into.
impl From<WriteFault> for DeltaFault {
    fn from(fault: WriteFault) -> DeltaFault {
        match fault {
            WriteFault::Out => DeltaFault::NotOurText,
            other => DeltaFault::Entry(other),
        }
    }
}
