//! Card readers: whether pcscd answers, what is in each reader, and which other programs have a card. They are named with their
//! numbers, out of what the kernel tells of processes, so that whoever sits here can close them herself; nothing is ever ended.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::Line;
use crate::files::kernel::Kernel;
use crate::operator::clean::{bare, quoted};
use crate::operator::wording::cards::PASS_IT_ON;
use crate::operator::wording::doctor as said;
use crate::report::{CLAUSE, NAME};
use crate::token::{Reader, ReaderState, SOCKET_VARIABLE, TokenFault, keeps_socket_back};

/// Where clients find pcscd, unless this variable says otherwise.
const SOCKET: &str = "/run/pcscd/pcscd.comm";

/// pcscd's name as a process.
const SERVICE: &str = "pcscd";

/// What every program that speaks to cards has in its memory.
const LIBRARY: &str = "libpcsclite";

/// GnuPG's program for cards: it takes any card that it can, for itself, also past pcscd.
const GNUPG: &str = "scdaemon";

/// Most programs that are named.
const PROGRAMS: usize = 5;

/// Most bytes of the list of what a process has in its memory.
const MAPS: usize = 1 << 20;

/// Another process that speaks to cards.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Program {
    name: String,
    number: u32,
}

/// Looks at them. `told` is what pcscd said, asked with `environment`.
#[must_use]
pub fn readers(
    kernel: &Kernel,
    environment: &[(OsString, OsString)],
    told: Result<Vec<Reader>, TokenFault>,
) -> Vec<Line> {
    let programs = programs(kernel);
    match told {
        // A build without PIV cards may still have modules that speak to pcscd, so whoever has the cards is told.
        Err(TokenFault::NoDriver { .. }) => {
            let built = Line::finding("cards", said::NO_CARDS_BUILT_IN, said::USE_A_MODULE);
            [vec![built], gnupg(&programs, false)].concat()
        }
        Err(fault) => {
            let line = unanswered(kernel, environment, &fault);
            [vec![line], gnupg(&programs, false)].concat()
        }
        Ok(readers) => {
            let has_others = readers.iter().any(|reader| is_others(reader.state));
            let mut lines = vec![Line::ok("pcscd", said::pcscd_answers(readers.len() as u64))];
            if readers.is_empty() {
                lines.push(Line::finding("reader", said::NO_READER, said::PLUG_ONE_IN));
            }
            lines.extend(readers.iter().map(|reader| one(reader, &programs)));
            lines.extend(gnupg(&programs, has_others));
            lines.extend(unseen(kernel, has_others));
            lines
        }
    }
}

/// Whether another program has the card.
fn is_others(state: ReaderState) -> bool {
    matches!(state, ReaderState::Held | ReaderState::Shared)
}

fn one(reader: &Reader, programs: &[Program]) -> Line {
    let name = quoted(&reader.name, NAME);
    let who = named(programs);
    match reader.state {
        ReaderState::Empty => Line::ok("reader", said::is_empty(&name)),
        ReaderState::Free => Line::ok("reader", said::has_card(&name)),
        ReaderState::Mute => Line::finding("reader", said::is_mute(&name), said::TURN_IT_AROUND),
        ReaderState::Held => Line::bad("reader", said::is_held(&name, &who), close(programs)),
        ReaderState::Shared => Line::finding("reader", said::is_shared(&name, &who), close(programs)),
    }
}

/// The first of them, and how many more there are: more than a few are no help to anybody.
fn named(programs: &[Program]) -> String {
    let first = programs.iter().take(PROGRAMS);
    let mut who: Vec<String> =
        first.map(|program| said::program(&bare(&program.name), program.number)).collect();
    if let Some(more @ 1..) = programs.len().checked_sub(PROGRAMS) {
        who.push(said::more_programs(more as u64));
    }
    who.join(", ")
}

/// How she ends them herself.
fn close(programs: &[Program]) -> &'static str {
    match programs {
        [] => said::CLOSE_OTHERS_UNSEEN,
        some if some.iter().any(|program| program.name == GNUPG) => said::CLOSE_GNUPG,
        _ => said::CLOSE_OTHERS,
    }
}

/// GnuPG's program takes a card at any time, also one that it does not have yet. `is_told` says that a reader's line named it.
fn gnupg(programs: &[Program], is_told: bool) -> Vec<Line> {
    let found = programs.iter().find(|program| program.name == GNUPG && !is_told);
    let line = |program: &Program| {
        let says = said::may_take_cards(&said::program(&program.name, program.number));
        Line::finding("cards", says, said::CLOSE_GNUPG)
    };
    found.map(line).into_iter().collect()
}

/// pcscd gave no answer: whether it is there at all.
fn unanswered(kernel: &Kernel, environment: &[(OsString, OsString)], fault: &TokenFault) -> Line {
    let named = environment.iter().find(|(name, _)| name == SOCKET_VARIABLE).map(|(_, value)| value);
    let socket = named.map_or_else(|| PathBuf::from(SOCKET), PathBuf::from);
    let runs = processes(kernel).any(|(_, name)| name == SERVICE);
    match (fault, kernel.is_socket(&socket), runs) {
        (TokenFault::NoCardService { .. }, ..) if keeps_socket_back(environment) => {
            Line::finding("pcscd", said::PCSCD_NOT_PASSED, PASS_IT_ON)
        }
        (TokenFault::ModuleHung { seconds, .. }, ..) => {
            Line::bad("pcscd", said::pcscd_hangs(*seconds), said::START_PCSCD_AGAIN)
        }
        (TokenFault::NoCardService { .. }, Some(true), _) => {
            Line::finding("pcscd", said::PCSCD_IS_DEAF, said::START_PCSCD_AGAIN)
        }
        (TokenFault::NoCardService { .. }, _, true) => {
            Line::finding("pcscd", said::pcscd_elsewhere(&socket_shown(&socket)), said::START_PCSCD_AGAIN)
        }
        (TokenFault::NoCardService { .. }, ..) => Line::finding("pcscd", said::NO_PCSCD, said::START_PCSCD),
        (fault, ..) => {
            let says = said::pcscd_fails(&quoted(&fault.to_string(), CLAUSE));
            Line::finding("pcscd", says, said::START_PCSCD_AGAIN)
        }
    }
}

fn socket_shown(socket: &Path) -> String {
    crate::operator::clean::quoted_path(socket)
}

/// Every process, by number and name.
fn processes(kernel: &Kernel) -> impl Iterator<Item = (u32, String)> {
    let numbers = kernel.names("proc").into_iter().filter_map(|name| name.parse().ok());
    numbers.filter_map(|number: u32| Some((number, kernel.says(&format!("proc/{number}/comm"), 64)?)))
}

/// How many processes could not be looked at: whatever uses cards may be among them.
fn unseen(kernel: &Kernel, has_others: bool) -> Option<Line> {
    let numbers: Vec<u32> = processes(kernel).map(|(number, _)| number).collect();
    // The kernel's own threads have no command line.
    let is_program = |number: &&u32| {
        kernel.says(&format!("proc/{number}/cmdline"), 1).is_some_and(|said| !said.is_empty())
    };
    let is_shut = |number: &&u32| kernel.says(&format!("proc/{number}/maps"), 1).is_none();
    let shut = numbers.iter().filter(is_program).filter(is_shut).count() as u64;
    // The first process is everybody's to see, unless each account sees its own alone.
    let says = match (numbers.first(), numbers.contains(&1)) {
        (None, _) => return None,
        (_, false) => said::SEES_ITS_OWN.to_owned(),
        (_, true) if shut == 0 => return None,
        (_, true) => said::unread_processes(shut),
    };
    Some(if has_others {
        Line::finding("programs", says, said::LOOK_AS_ADMINISTRATOR)
    } else {
        Line::ok("programs", says)
    })
}

/// Other programs that have the library for cards in their memory, and GnuPG's. Those of other accounts cannot be seen: [`unseen`] says so.
fn programs(kernel: &Kernel) -> Vec<Program> {
    let ours = std::process::id();
    let others = processes(kernel).filter(|(number, name)| *number != ours && name != SERVICE);
    let speaks = |(number, name): &(u32, String)| {
        let maps = || kernel.says(&format!("proc/{number}/maps"), MAPS);
        name == GNUPG || maps().is_some_and(|maps| maps.contains(LIBRARY))
    };
    let mut found: Vec<Program> =
        others.filter(speaks).map(|(number, name)| Program { name, number }).collect();
    // The one that is known to take cards first, then the youngest: it began last.
    found.sort_by_key(|program| (program.name != GNUPG, std::cmp::Reverse(program.number)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Standing;
    use crate::token::Call;

    /// A machine with these processes: number, name, and whether it speaks to cards.
    fn machine(processes: &[(u32, &str, bool)]) -> (tempfile::TempDir, Kernel) {
        let root = tempfile::tempdir().unwrap();
        for (number, name, speaks) in processes {
            let folder = root.path().join(format!("proc/{number}"));
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(folder.join("comm"), format!("{name}\n")).unwrap();
            let maps = if *speaks { "7f00-7f01 r-xp 0 fe:00 1 /usr/lib/libpcsclite.so.1.0.0\n" } else { "" };
            std::fs::write(folder.join("maps"), maps).unwrap();
            std::fs::write(folder.join("cmdline"), name).unwrap();
        }
        let kernel = Kernel::under(root.path());
        (root, kernel)
    }

    fn reader(state: ReaderState) -> Vec<Reader> {
        vec![Reader { name: "Yubico YubiKey 00 00".into(), state }]
    }

    fn no_service() -> TokenFault {
        TokenFault::NoCardService { reason: "none".into() }
    }

    #[test]
    fn a_card_that_somebody_holds_is_bad_and_who_could_hold_it_is_named_with_what_to_do() {
        let (_root, kernel) = machine(&[(1, "init", false), (70, "pcscd", true), (4711, "ykman", true)]);
        let lines = readers(&kernel, &[], Ok(reader(ReaderState::Held)));
        assert_eq!(lines[1].standing, Standing::Bad);
        assert!(lines[1].says.contains("ykman (process 4711)"), "{}", lines[1].says);
        assert!(
            !lines[1].says.contains("init") && !lines[1].says.contains("process 70"),
            "{}",
            lines[1].says
        );
        let shared = readers(&kernel, &[], Ok(reader(ReaderState::Shared)));
        assert_eq!(shared[1].standing, Standing::Finding);
        let (_root, kernel) = machine(&[]);
        let lines = readers(&kernel, &[], Ok(reader(ReaderState::Held)));
        assert_eq!(lines[1].now.as_deref(), Some(said::CLOSE_OTHERS_UNSEEN));
    }

    #[test]
    fn gnupg_is_named_whether_or_not_it_has_the_card_yet() {
        let (_root, kernel) = machine(&[(99, "scdaemon", false), (98, "gpg-agent", false)]);
        for (state, standing) in [(ReaderState::Free, Standing::Finding), (ReaderState::Held, Standing::Bad)]
        {
            let lines = readers(&kernel, &[], Ok(reader(state)));
            let named: Vec<&Line> =
                lines.iter().filter(|line| line.says.contains("scdaemon (process 99)")).collect();
            assert_eq!(named.len(), 1, "{lines:?}");
            assert_eq!((named[0].standing, named[0].now.as_deref()), (standing, Some(said::CLOSE_GNUPG)));
        }
        let lines = readers(&kernel, &[], Err(no_service()));
        assert!(lines[1].says.contains("scdaemon"), "{lines:?}");
    }

    #[test]
    fn readers_that_are_free_empty_or_mute_are_told_apart() {
        let (_root, kernel) = machine(&[]);
        let standing = |state| readers(&kernel, &[], Ok(reader(state)))[1].standing;
        assert_eq!(
            [ReaderState::Empty, ReaderState::Free, ReaderState::Mute].map(standing),
            [Standing::Ok, Standing::Ok, Standing::Finding]
        );
        let none = readers(&kernel, &[], Ok(Vec::new()));
        assert_eq!((none.len(), none[1].standing), (2, Standing::Finding));
    }

    #[test]
    fn a_service_that_is_not_there_is_told_from_one_that_is_deaf_and_one_that_hangs() {
        let (root, kernel) = machine(&[]);
        let told =
            |environment: &[(OsString, OsString)], fault| readers(&kernel, environment, Err(fault)).remove(0);
        let gone = told(&[], no_service());
        assert_eq!((gone.standing, gone.says.as_str()), (Standing::Finding, said::NO_PCSCD));
        std::fs::create_dir_all(root.path().join("run/pcscd")).unwrap();
        let _socket =
            std::os::unix::net::UnixListener::bind(root.path().join("run/pcscd/pcscd.comm")).unwrap();
        assert_eq!(told(&[], no_service()).says, said::PCSCD_IS_DEAF);
        let elsewhere = [(SOCKET_VARIABLE.into(), "/nowhere/pcscd.comm".into())];
        assert_eq!(told(&elsewhere, no_service()).says, said::NO_PCSCD);
        let hung = told(&[], TokenFault::ModuleHung { during: Call::List, seconds: 10 });
        assert_eq!((hung.standing, hung.says.contains("10 seconds")), (Standing::Bad, true));
        let (_root, kernel) = machine(&[(5, "pcscd", true)]);
        let line = readers(&kernel, &[], Err(no_service())).remove(0);
        assert!(line.says.contains("/run/pcscd/pcscd.comm"), "{}", line.says);
    }

    #[test]
    fn processes_of_other_accounts_that_cannot_be_looked_at_are_counted() {
        let all = [(1, "init", false), (7, "kthread", false), (8, "other", true), (9, "another", true)];
        let (root, kernel) = machine(&all);
        let programs = |state| {
            let lines = readers(&kernel, &[], Ok(reader(state)));
            lines.into_iter().find(|line| line.part == "programs")
        };
        assert_eq!(programs(ReaderState::Held), None, "all of them were looked at");
        for number in [7, 8, 9] {
            std::fs::remove_file(root.path().join(format!("proc/{number}/maps"))).unwrap();
        }
        std::fs::write(root.path().join("proc/7/cmdline"), "").unwrap();
        let held = programs(ReaderState::Held).unwrap();
        assert!(held.says.starts_with("2 processes of other accounts"), "{}", held.says);
        assert_eq!((held.standing, held.now.is_some()), (Standing::Finding, true));
        let free = programs(ReaderState::Free).unwrap();
        assert_eq!((free.standing, free.says == held.says), (Standing::Ok, true));
        std::fs::remove_dir_all(root.path().join("proc/1")).unwrap();
        assert_eq!(programs(ReaderState::Free).unwrap().says, said::SEES_ITS_OWN);
    }

    #[test]
    fn a_build_without_cards_says_so() {
        let (_root, kernel) = machine(&[]);
        let line = readers(&kernel, &[], Err(TokenFault::NoDriver { name: "piv".into() })).remove(0);
        assert_eq!((line.part, line.standing), ("cards", Standing::Finding));
    }
}
