//! One short line for each change.

use tuf_ceremony::changes::{Change, KeyName};

fn key(key: &KeyName<'_>) -> String {
    let known = key.fingerprint.map_or_else(|| key.scheme.clone(), |_| String::new());
    format!("{}{}", key.keyid.chars().take(8).collect::<String>(), known)
}

pub fn line(change: &Change<'_>) -> String {
    let text = |text: &Option<&str>| text.unwrap_or(".").to_owned();
    match change {
        Change::Version { from, to } => format!("version {from} > {to}"),
        Change::Field { name, from, to } => format!("field {name} {} > {}", text(from), text(to)),
        Change::Inside { path, from, to } => {
            format!("inside {} {} > {}", path.join("/"), text(from), text(to))
        }
        Change::RoleAdded { role, threshold } => format!("role + {role} {threshold}"),
        Change::RoleRemoved { role } => format!("role - {role}"),
        Change::Threshold { role, from, to } => format!("threshold {role} {from} > {to}"),
        Change::KeyAdded { role, key: k } => format!("key + {role} {}", key(k)),
        Change::KeyRemoved { role, key: k } => format!("key - {role} {}", key(k)),
        Change::KeyRenamed { role, from, to } => format!("key ~ {role} {} > {}", key(from), key(to)),
        Change::KeyObject { keyid, .. } => format!("object {}", keyid.chars().take(8).collect::<String>()),
        Change::Reach { role, .. } => format!("reach {role}"),
        Change::DelegationOrder => "order".to_owned(),
        Change::EntryAdded { name, .. } => format!("+ {name}"),
        Change::EntryRemoved { name, .. } => format!("- {name}"),
        Change::EntryChanged { name, .. } => format!("~ {name}"),
    }
}
