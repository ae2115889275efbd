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
}
