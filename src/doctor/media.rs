//! The media that the folder of a ceremony will lie on: room, whether they are two, and whether they give back what is written.

use std::path::{Path, PathBuf};

use super::Line;
use crate::fault::Fault;
use crate::files::FilesFault;
use crate::files::media::{Medium, medium, try_out};
use crate::operator::clean::quoted_path;
use crate::operator::wording::doctor as said;

/// Less free room than this is worth a word: a bundle and a transcript at their caps, on the way out and back.
const ENOUGH: u64 = 256 << 20;

/// What is written to a medium and read back: more than a page, and no two pages alike.
fn sample() -> Vec<u8> {
    (0_u32..16 * 1024).flat_map(u32::to_be_bytes).collect()
}

/// Looks at the medium of the folder, and at that of its mirror. A folder that is still to be made is looked for one above.
#[must_use]
pub fn media(folder: &Path, mirror: Option<&Path>) -> Vec<Line> {
    let places = [Some(folder), mirror].into_iter().flatten().map(standing);
    let (mut lines, mut devices) = (Vec::new(), Vec::new());
    for (place, medium) in places {
        match medium {
            Ok(medium) => {
                devices.push(medium.device);
                lines.push(room(&place, medium));
                lines.push(tried(&place, try_out(&place, &sample())));
            }
            Err(fault) => lines.push(bad(fault)),
        }
    }
    if let [one, other] = devices[..] {
        lines.push(apart(one, other));
    }
    lines
}

fn standing(place: &Path) -> (PathBuf, Result<Medium, FilesFault>) {
    match medium(place) {
        Err(FilesFault::NotFound { .. }) => {
            let above = place.parent().filter(|above| !above.as_os_str().is_empty());
            let above = above.unwrap_or_else(|| Path::new("."));
            (above.to_owned(), medium(above))
        }
        found => (place.to_owned(), found),
    }
}

fn room(place: &Path, medium: Medium) -> Line {
    let (path, megabytes) = (quoted_path(place), medium.free >> 20);
    match medium {
        Medium { read_only: true, .. } => {
            Line::bad("disk", said::read_only(&path), said::TAKE_PROTECTION_OFF)
        }
        Medium { free: 0..ENOUGH, .. } => {
            Line::finding("disk", said::room(&path, megabytes), said::MAKE_ROOM)
        }
        Medium { .. } => Line::ok("disk", said::room(&path, megabytes)),
    }
}

fn tried(place: &Path, tried: Result<(), FilesFault>) -> Line {
    match tried {
        Ok(()) => Line::ok("disk", said::gives_back(&quoted_path(place))),
        Err(fault) => bad(fault),
    }
}

fn bad(fault: FilesFault) -> Line {
    let fault = Fault::from(fault);
    Line::bad("disk", fault.to_string(), fault.advice())
}

fn apart(one: u64, other: u64) -> Line {
    if one == other {
        Line::finding("disk", said::ONE_MEDIUM, said::USE_ANOTHER_MEDIUM)
    } else {
        Line::ok("disk", said::TWO_MEDIA)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Standing;

    #[test]
    fn little_room_is_a_finding_and_a_medium_that_takes_nothing_is_bad() {
        let of = |free, read_only| room(Path::new("a"), Medium { free, device: 1, read_only }).standing;
        assert_eq!(
            (of(ENOUGH, false), of(ENOUGH - 1, false), of(ENOUGH, true)),
            (Standing::Ok, Standing::Finding, Standing::Bad)
        );
        let other = tried(Path::new("a"), Err(FilesFault::NotAsWritten { path: "a".into() }));
        assert_eq!(other.standing, Standing::Bad);
        assert_eq!((apart(1, 2).standing, apart(1, 1).standing), (Standing::Ok, Standing::Finding));
    }

    #[test]
    fn a_folder_that_is_still_to_be_made_is_looked_for_one_above_and_no_further() {
        let folder = tempfile::tempdir().unwrap();
        let standings = |place: &str, mirror: Option<&Path>| -> Vec<Standing> {
            media(&folder.path().join(place), mirror).iter().map(|line| line.standing).collect()
        };
        assert_eq!(standings("new", None).len(), 2);
        assert_eq!(standings("no/such", None), [Standing::Bad]);
        let both = standings("new", Some(folder.path()));
        assert_eq!((both.len(), both[4]), (5, Standing::Finding));
    }
}
