//! p11-kit's configuration, read as pkcs11.conf(5) describes it: files of `name: value` lines, a user's before the system's
//! before a package's, each filling in only what the ones before left out.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::Unread;
use crate::files::FilesFault;
use crate::files::image::Image;

/// Most bytes of one file of it.
const FILE: u64 = 1 << 20;

const SYSTEM: &str = "/etc/pkcs11";
const PACKAGES: &str = "/usr/share/p11-kit/modules";
const USERS: &str = ".config/pkcs11";

type Settings = BTreeMap<String, String>;

/// One module of it.
pub(super) struct Configured {
    name: String,
    /// The first file that says something of it.
    pub(super) file: PathBuf,
    of_user: bool,
    settings: Settings,
}

/// How much a user's own files count (`user-config`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UserFiles {
    None,
    Merge,
    Only,
}

/// Every module, by priority and then by name.
pub(super) fn all(image: &Image, home: Option<&Path>, unread: &mut Vec<Unread>) -> Vec<Configured> {
    let users = home.map(|home| home.join(USERS));
    let mut mode =
        user_files(image, &Path::new(SYSTEM).join("pkcs11.conf"), unread).unwrap_or(UserFiles::Merge);
    if let Some(users) = users.as_ref().filter(|_| mode != UserFiles::None) {
        mode = user_files(image, &users.join("pkcs11.conf"), unread).unwrap_or(mode);
    }
    let mut found = Vec::new();
    if let Some(users) = users.filter(|_| mode != UserFiles::None) {
        folder(image, &users.join("modules"), true, &mut found, unread);
    }
    if mode != UserFiles::Only {
        folder(image, &Path::new(SYSTEM).join("modules"), false, &mut found, unread);
        folder(image, Path::new(PACKAGES), false, &mut found, unread);
    }
    found.sort_by(|a, b| b.priority().cmp(&a.priority()).then_with(|| a.name.cmp(&b.name)));
    found
}

impl Configured {
    /// The file of the module, or what stands for one (`remote`); nothing where the value is empty, which takes a module away.
    pub(super) fn leads_to(&self, home: Option<&Path>) -> Option<Result<PathBuf, String>> {
        let set = |name| self.settings.get(name).filter(|value| !value.is_empty());
        if let Some(command) = set("remote") {
            return Some(Err(command.clone()));
        }
        let module = set("module")?;
        let at_home = module.strip_prefix("~/").filter(|_| self.of_user);
        Some(Ok(match (at_home, home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(module),
        }))
    }

    /// Whether it is meant for a program of this name; of the two lists `enable-in` goes first.
    pub(super) fn is_for(&self, program: &str) -> bool {
        let named = |list: &String| list.split([',', ' ', '\t']).any(|name| name == program);
        match (self.settings.get("enable-in"), self.settings.get("disable-in")) {
            (Some(list), _) => named(list),
            (None, Some(list)) => !named(list),
            (None, None) => true,
        }
    }

    fn priority(&self) -> i64 {
        self.settings.get("priority").and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

fn user_files(image: &Image, file: &Path, unread: &mut Vec<Unread>) -> Option<UserFiles> {
    let settings = read(image, file, unread)?;
    match settings.get("user-config").map(String::as_str)? {
        "none" => Some(UserFiles::None),
        "merge" => Some(UserFiles::Merge),
        "only" | "override" => Some(UserFiles::Only),
        other => {
            let why = format!("user-config is {other:?}, which is none of none, merge, only");
            unread.push(Unread { file: file.to_owned(), why });
            None
        }
    }
}

fn folder(
    image: &Image,
    folder: &Path,
    of_user: bool,
    found: &mut Vec<Configured>,
    unread: &mut Vec<Unread>,
) {
    let names = match image.names(folder) {
        Ok(names) => names,
        Err(FilesFault::NotFound { .. } | FilesFault::NotAFolder { .. }) => return,
        Err(fault) => return unread.push(Unread { file: folder.to_owned(), why: fault.to_string() }),
    };
    for file in names {
        let path = folder.join(&file);
        let Some(settings) = read(image, &path, unread) else { continue };
        let name = name_of(&file);
        match found.iter_mut().find(|known| known.name == name) {
            Some(known) => {
                for (name, value) in settings {
                    known.settings.entry(name).or_insert(value);
                }
            }
            None => found.push(Configured { name, file: path, of_user, settings }),
        }
    }
}

/// The file's name without `.module`; p11-kit still reads files of other names.
fn name_of(file: &OsStr) -> String {
    let file = file.to_string_lossy();
    file.strip_suffix(".module").unwrap_or(&file).to_owned()
}

fn read(image: &Image, file: &Path, unread: &mut Vec<Unread>) -> Option<Settings> {
    let why = match image.read(file, FILE) {
        Ok(bytes) => match settings(&String::from_utf8_lossy(&bytes)) {
            Ok(settings) => return Some(settings),
            Err(line) => format!("line {line} is no \"name: value\""),
        },
        Err(FilesFault::NotFound { .. } | FilesFault::NotAFolder { .. }) => return None,
        Err(fault) => fault.to_string(),
    };
    unread.push(Unread { file: file.to_owned(), why });
    None
}

/// The settings of a file, or the number of the first line that is none: then nothing in it counts.
fn settings(text: &str) -> Result<Settings, usize> {
    let mut settings = Settings::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (name, value) = line.split_once(':').ok_or(number)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        let name = name.trim_end();
        if name.is_empty() || !name.chars().all(fits) {
            return Err(number);
        }
        settings.insert(name.to_owned(), value.trim().to_owned());
    }
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Configured {
        let settings = settings(text).unwrap();
        Configured { name: "a".into(), file: "/a".into(), of_user: true, settings }
    }

    #[test]
    fn lines_are_names_and_values_and_anything_else_takes_the_whole_file_out() {
        let read = settings("# a comment\n\n module : a b.so \r\nx-custom:\nx-custom: c:d\n").unwrap();
        assert_eq!((read["module"].as_str(), read["x-custom"].as_str()), ("a b.so", "c:d"));
        for (text, line) in [("module a.so\n", 1), ("a: b\n[section]\n", 2), (": x", 1), ("na me: x", 1)] {
            assert_eq!(settings(text), Err(line), "{text}");
        }
    }

    #[test]
    fn programs_are_let_in_and_kept_out_by_name() {
        for (text, is_for) in [
            ("module: m", true),
            ("enable-in: conclave, firefox", true),
            ("enable-in: firefox", false),
            ("disable-in: firefox conclave", false),
            ("disable-in: firefox", true),
            ("enable-in: conclave\ndisable-in: conclave", true),
        ] {
            assert_eq!(of(text).is_for("conclave"), is_for, "{text}");
        }
    }

    #[test]
    fn a_module_is_a_file_a_program_or_taken_away() {
        let home = Path::new("/home/anna");
        let leads = |text: &str| of(text).leads_to(Some(home));
        assert_eq!(leads("module: ~/m.so"), Some(Ok("/home/anna/m.so".into())));
        assert_eq!(leads("module: m.so"), Some(Ok("m.so".into())));
        assert_eq!(leads("module: m.so\nremote: |ssh host"), Some(Err("|ssh host".into())));
        assert_eq!(leads("module:"), None);
        assert_eq!(leads("trust-policy: yes"), None);
    }
}
