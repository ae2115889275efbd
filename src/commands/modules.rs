//! `conclave modules`: which PKCS#11 modules a machine has, by their files, and the text of a profile that pins some of them.
//! Nothing is loaded, nothing is written; whatever could be listed exits with 0.

use std::path::PathBuf;

use serde::Serialize;
use tuf_ceremony::profile::Profile;

use super::{Outcome, plan};
use crate::cli::Modules;
use crate::discovery::{Discovery, Fit, Found, ModuleFile, Origin, Search, name_for};
use crate::fault::Fault;
use crate::files::image::Image;
use crate::operator::clean::{quoted, quoted_path, visible};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::modules as said;
use crate::report::CLAUSE;
use crate::report::columns::{fact, sentence};

mod pinning;

#[derive(Serialize)]
struct Facts {
    modules: Vec<Row>,
    remote: Vec<RemoteRow>,
    unread: Vec<UnreadRow>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    path: String,
    also: Vec<String>,
    found: Vec<String>,
    /// By its name alone; none where the name is not known.
    what: Option<&'static str>,
    serves: bool,
    sha256: Option<String>,
    /// The name under which a profile pins this file; none without a profile.
    pinned: Option<String>,
    trouble: Option<String>,
    toml: Option<String>,
}

#[derive(Serialize)]
struct RemoteRow {
    file: String,
    command: String,
}

#[derive(Serialize)]
struct UnreadRow {
    file: String,
    because: String,
}

/// A module and what it is called here.
struct Named {
    name: String,
    found: Found,
    pin: Pin,
}

/// What a profile says of it.
#[derive(Debug, PartialEq, Eq)]
enum Pin {
    NoProfile,
    Not,
    As(String),
    Otherwise { name: String, pinned: String },
}

/// Looks, and tells or writes down.
pub(super) fn run(asked: &Modules) -> Result<Outcome, Fault> {
    let profile = asked.profile.as_deref().map(plan::read_profile).transpose()?.map(|(profile, _)| profile);
    let image = asked.root.as_deref().map_or_else(|| Ok(Image::ours()), Image::under)?;
    // Another system's people are not known.
    let home =
        std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute() && image.is_ours());
    let pinned = profile.iter().flat_map(Profile::modules).map(|(_, module)| PathBuf::from(&module.path));
    let search = Search { image: &image, home: home.as_deref(), profile: &pinned.collect::<Vec<_>>() };
    let mut found = search.look();
    let modules = named(std::mem::take(&mut found.found), profile.as_ref());
    if asked.output.json {
        let chosen = match asked.names.as_slice() {
            [] => modules.iter().collect(),
            names => pinning::chosen(&modules, names)?,
        };
        print_json(&Facts {
            modules: chosen.into_iter().map(row).collect(),
            remote: found
                .remote
                .iter()
                .map(|remote| RemoteRow {
                    file: remote.file.display().to_string(),
                    command: remote.command.clone(),
                })
                .collect(),
            unread: found
                .unread
                .iter()
                .map(|unread| UnreadRow {
                    file: unread.file.display().to_string(),
                    because: unread.why.clone(),
                })
                .collect(),
        })?;
    } else if asked.names.is_empty() {
        tell(&mut Screen::stdout(asked.output.plain), &modules, &found)?;
    } else {
        let text = pinning::profile(&pinning::chosen(&modules, &asked.names)?)?;
        let mut screen = Screen::stdout(true);
        for line in text.lines() {
            screen.line(line)?;
        }
    }
    Ok(Outcome::Done)
}

/// Each under a name of its own.
fn named(found: Vec<Found>, profile: Option<&Profile>) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    for found in found {
        let base = name_for(&found.path);
        let taken = |name: &str| named.iter().any(|known| known.name == name);
        let numbered = (2..).map(|number| format!("{base}-{number}"));
        let name = std::iter::once(base.clone()).chain(numbered).find(|name| !taken(name));
        let pin = profile.map_or(Pin::NoProfile, |profile| pin(&found, profile));
        named.push(Named { name: name.unwrap_or(base), found, pin });
    }
    named
}

fn pin(found: &Found, profile: &Profile) -> Pin {
    let paths: Vec<String> =
        std::iter::once(&found.path).chain(&found.also).map(|p| p.display().to_string()).collect();
    let here = profile.modules().filter(|(_, module)| paths.contains(&module.path));
    let sha256 = found.file.as_ref().map(|file| file.sha256);
    let mut other = Pin::Not;
    for (name, module) in here {
        match sha256 {
            Ok(sha256) if sha256 == module.sha256 => return Pin::As(name.to_owned()),
            Ok(_) => other = Pin::Otherwise { name: name.to_owned(), pinned: module.sha256.to_string() },
            Err(_) => {}
        }
    }
    other
}

fn row(named: &Named) -> Row {
    let found = &named.found;
    Row {
        name: named.name.clone(),
        path: found.path.display().to_string(),
        also: found.also.iter().map(|path| path.display().to_string()).collect(),
        found: found
            .by
            .iter()
            .map(|by| match by {
                Origin::Configured { file, .. } => file.display().to_string(),
                Origin::Profile => "profile".to_owned(),
                Origin::Usual => "usual place".to_owned(),
            })
            .collect(),
        what: found.known.map(|known| said::nature(known.nature)),
        serves: found.known.is_none_or(|known| known.nature.serves()),
        sha256: found.file.as_ref().ok().map(|file| file.sha256.to_string()),
        pinned: match &named.pin {
            Pin::As(name) => Some(name.clone()),
            _ => None,
        },
        trouble: trouble(named),
        toml: pinning::entry(named).ok(),
    }
}

/// What keeps it from being used.
fn trouble(named: &Named) -> Option<String> {
    match (&named.found.file, &named.pin) {
        (Err(fault), _) => Some(fault.to_string().trim_end_matches('.').to_owned()),
        (Ok(ModuleFile { fit: Fit::OtherMachine, .. }), _) => Some(said::OTHER_MACHINE.to_owned()),
        (Ok(ModuleFile { fit: Fit::NoLibrary, .. }), _) => Some(said::NO_LIBRARY.to_owned()),
        (Ok(_), Pin::Otherwise { name, pinned }) => Some(said::pinned_otherwise(name, pinned)),
        (Ok(_), _) => None,
    }
}

fn tell(screen: &mut Screen<'_>, modules: &[Named], rest: &Discovery) -> Result<(), Fault> {
    screen.heading(said::HEADING)?;
    for named in modules {
        let Named { name, found, pin } = named;
        screen.line(name)?;
        fact(screen, said::FILE, &quoted_path(&found.path))?;
        if !found.also.is_empty() {
            let others: Vec<String> = found.also.iter().map(|other| quoted_path(other)).collect();
            fact(screen, "", &said::also(&others.join(", ")))?;
        }
        fact(screen, said::WHAT, found.known.map_or(said::UNKNOWN, |known| said::nature(known.nature)))?;
        let by: Vec<String> = found
            .by
            .iter()
            .map(|by| match by {
                Origin::Configured { file, for_us } => said::configured(&quoted_path(file), *for_us),
                Origin::Profile => said::IN_PROFILE.to_owned(),
                Origin::Usual => said::USUAL_PLACE.to_owned(),
            })
            .collect();
        fact(screen, said::FOUND, &by.join("; "))?;
        if let Ok(file) = &found.file {
            fact(screen, said::SHA256, &file.sha256.to_string())?;
        }
        match pin {
            Pin::As(name) => fact(screen, said::PINNED, &said::pinned(name))?,
            Pin::Not => fact(screen, said::PINNED, said::NOT_PINNED)?,
            Pin::NoProfile | Pin::Otherwise { .. } => {}
        }
        if let Some(trouble) = trouble(named) {
            fact(screen, said::ODD, &trouble)?;
        }
    }
    for remote in &rest.remote {
        sentence(screen, 0, &said::remote(&quoted_path(&remote.file), &quoted(&remote.command, CLAUSE)))?;
    }
    for unread in &rest.unread {
        sentence(screen, 0, &said::unread(&quoted_path(&unread.file), &visible(&unread.why)))?;
    }
    screen.blank()?;
    end(screen, modules)
}

fn end(screen: &mut Screen<'_>, modules: &[Named]) -> Result<(), Fault> {
    let with_profile = modules.iter().any(|named| named.pin != Pin::NoProfile);
    let pinned = modules.iter().filter(|named| matches!(named.pin, Pin::As(_))).count() as u64;
    let usable = modules.iter().find(|named| pinning::entry(named).is_ok());
    let last = match (modules.is_empty(), with_profile, usable) {
        (true, _, _) => said::NONE_FOUND.to_owned(),
        (_, true, _) => said::pinned_count(pinned, modules.len() as u64),
        (_, _, Some(named)) => said::pin_some(&named.name),
        (_, _, None) => return Ok(()),
    };
    Ok(sentence(screen, 0, &last)?)
}
