//! The plan of the rehearsal: a first root and the first targets, signed by two of three people, and one machine's token for
//! snapshot and timestamp.

use std::fmt::Write as _;

use tuf_ceremony::digest::Digest;

use crate::fault::Fault;

/// Those who hold keys: short name, full name, and the machine at which they sit.
pub(super) const HOLDERS: [(&str, &str, &str); 3] =
    [("anna", "Anna Berg", "room"), ("bela", "Bela Costa", "room"), ("carla", "Carla Dietz", "carla")];

/// The plan's text. What people sign expires some two years after `today` (`2027-03-05`), the rest within one; `digest` gives the SHA-256 of a file beside the plan.
pub(super) fn text(today: &str, digest: impl Fn(&str) -> Result<Digest, Fault>) -> Result<String, Fault> {
    let mut out = String::from(
        "# A rehearsal: everything that it makes is marked as practice.\nformat = 1\n\
         title = \"Rehearsal of a first root\"\nkind = \"bootstrap\"\nrehearsal = true\n\n[people]\n",
    );
    let mut keys = String::from("\n[keys]\n");
    for (who, name, _) in HOLDERS {
        let file = format!("{who}.key.json");
        let sha256 = digest(&file)?;
        let _ = writeln!(out, "{who} = {{ name = \"{name}\", part = \"keyholder\" }}");
        let _ = writeln!(
            keys,
            "{who} = {{ holders = [\"{who}\"], card = {{ file = \"{file}\", sha256 = \"{sha256}\" }} }}"
        );
    }
    let online = digest("online.pem")?;
    let _ = writeln!(out, "olga = {{ name = \"Olga Fries\", part = \"officer\" }}");
    let _ = writeln!(
        keys,
        "online = {{ public = {{ file = \"online.pem\", sha256 = \"{online}\", scheme = \"ecdsa-sha2-nistp256\" }} }}"
    );
    out.push_str(&keys);
    let year: u32 = today.get(..4).and_then(|year| year.parse().ok()).unwrap_or(2027);
    let (long, short) = (year + 2, format!("{}-{}-01", year + 1, today.get(5..7).unwrap_or("01")));
    let _ = write!(
        out,
        "\n[root]\nversion = 1\nexpires = \"{long}-03-05T00:00:00Z\"\nconsistent-snapshot = true\n\n\
         [root.roles]\nroot = {{ keys = [\"anna\", \"bela\", \"carla\"], threshold = 2 }}\n\
         targets = {{ keys = [\"anna\", \"bela\", \"carla\"], threshold = 2 }}\n\
         snapshot = {{ keys = [\"online\"], threshold = 1 }}\ntimestamp = {{ keys = [\"online\"], threshold = 1 }}\n\n\
         [targets]\nversion = 1\nexpires = \"{long}-03-05T00:00:00Z\"\nadd = {{ \"app-1.0.txt\" = \"app-1.0.txt\" }}\n\n\
         [snapshot]\nversion = 1\nexpires = \"{short}T00:00:00Z\"\n\n\
         [timestamp]\nversion = 1\nexpires = \"{short}T00:00:00Z\"\n"
    );
    Ok(out)
}

/// The key ids of the first root's keys.
pub(super) struct Kept {
    pub anna: String,
    pub bela: String,
    pub carla: String,
}

/// The plan of the second act: Dora takes over from Bela, and her key is to be made. `digest` gives the SHA-256 of a file beside
/// the plan.
pub(super) fn rotation(
    today: &str,
    kept: &Kept,
    digest: impl Fn(&str) -> Result<Digest, Fault>,
) -> Result<String, Fault> {
    let mut out = String::from(
        "# A rehearsal: everything that it makes is marked as practice.\nformat = 1\n\
         title = \"Dora takes over from Bela\"\nkind = \"rotation\"\nrehearsal = true\n\n[predecessor]\n",
    );
    for (what, file) in [
        ("root", "1.root.json"),
        ("targets", "1.targets.json"),
        ("snapshot", "1.snapshot.json"),
        ("timestamp", "timestamp.json"),
    ] {
        let _ = writeln!(out, "{what} = {{ file = \"{file}\", sha256 = \"{}\" }}", digest(file)?);
    }
    out.push_str("\n[seen]\nroot = 1\ntargets = 1\nsnapshot = 1\ntimestamp = 1\n\n[people]\n");
    let holders = HOLDERS.iter().map(|(who, name, _)| (*who, *name, "keyholder"));
    let others = [
        ("dora", "Dora Engel", "keyholder"),
        ("olga", "Olga Fries", "officer"),
        ("wim", "Wim Grote", "witness"),
    ];
    for (who, name, part) in holders.chain(others) {
        let _ = writeln!(out, "{who} = {{ name = \"{name}\", part = \"{part}\" }}");
    }
    out.push_str("\n[keys]\n");
    for (who, keyid) in [("anna", &kept.anna), ("bela", &kept.bela), ("carla", &kept.carla)] {
        let _ = writeln!(out, "{who} = {{ holders = [\"{who}\"], keyid = \"{keyid}\" }}");
    }
    let year: u32 = today.get(..4).and_then(|year| year.parse().ok()).unwrap_or(2027);
    let _ = write!(
        out,
        "dora = {{ holders = [\"dora\"], card = \"to be made\" }}\n\n\
         [root]\nversion = 2\nexpires = \"{}-03-05T00:00:00Z\"\n\n[root.roles]\n\
         root = {{ keys = [\"anna\", \"carla\", \"dora\"], threshold = 2 }}\n\
         targets = {{ keys = [\"anna\", \"carla\", \"dora\"], threshold = 2 }}\n",
        year + 2
    );
    Ok(out)
}

#[cfg(test)]
mod tests {
    use tuf_ceremony::plan::Plan;

    use super::*;

    #[test]
    fn the_rehearsals_plan_is_read_as_a_plan_and_marked() {
        let text = text("2027-03-05", |file| Ok(Digest::of(file.as_bytes()))).unwrap();
        let plan = Plan::read(text.as_bytes()).unwrap();
        assert!(plan.rehearsal);
        assert_eq!(plan.people.len(), HOLDERS.len() + 1);
    }

    #[test]
    fn the_second_acts_plan_is_read_as_a_plan_and_marked() {
        let kept = Kept { anna: "aa".repeat(32), bela: "bb".repeat(32), carla: "cc".repeat(32) };
        let text = rotation("2027-03-05", &kept, |file| Ok(Digest::of(file.as_bytes()))).unwrap();
        let plan = Plan::read(text.as_bytes()).unwrap();
        assert!(plan.rehearsal);
        assert_eq!(plan.people.len(), HOLDERS.len() + 3);
    }
}
