//! What a test does to the changes of the disk that its own thread makes: it counts them, and one of them goes wrong. It
//! exists in tests only, and one test never meets another's.

use std::cell::RefCell;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, ExitStatus};

use rustix::io::Errno;
use rustix::process::{Signal, getpid, kill_process};

pub(crate) use super::Deed;

/// What happens to the chosen change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It is not made, and the system says why.
    Fails(Errno),
    /// Of a write half is made, then the system says why not more; any other change just fails.
    HalfThenFails(Errno),
    /// The process is killed just before it.
    KilledBefore,
    /// Of a write half is made, then the process is killed; as `KilledBefore` for any other change.
    KilledHalfway,
    /// The process is killed just after it.
    KilledAfter,
}

#[derive(Default)]
struct Watch {
    chosen: Option<(usize, Fate)>,
    seen: Vec<Deed>,
}

thread_local! {
    static WATCH: RefCell<Watch> = RefCell::default();
}

/// From now on changes are counted from 0, and the one at `index` meets its fate.
pub(crate) fn arm(index: usize, fate: Fate) {
    WATCH.with_borrow_mut(|watch| *watch = Watch { chosen: Some((index, fate)), seen: Vec::new() });
}

/// From now on changes are counted from 0, and nothing happens to them.
pub(crate) fn count() {
    WATCH.with_borrow_mut(|watch| *watch = Watch::default());
}

/// The changes since [`arm`] or [`count`]; nothing happens to those that follow.
pub(crate) fn disarm() -> Vec<Deed> {
    WATCH.take().seen
}

fn next(deed: Deed) -> Option<Fate> {
    WATCH.with_borrow_mut(|watch| {
        watch.seen.push(deed);
        watch.chosen.filter(|(index, _)| *index == watch.seen.len() - 1).map(|(_, fate)| fate)
    })
}

/// The fate of the change that comes next, where it is to be made by half.
fn halves() -> Option<Fate> {
    WATCH
        .with_borrow(|watch| {
            watch.chosen.filter(|(index, _)| *index == watch.seen.len()).map(|(_, fate)| fate)
        })
        .filter(|fate| matches!(fate, Fate::KilledHalfway | Fate::HalfThenFails(_)))
}

/// Writes half of `bytes` where that is the fate of this write; else nothing, and the door is next.
pub(super) fn half(
    bytes: &[u8],
    write: impl FnOnce(&[u8]) -> Result<(), Errno>,
) -> Option<Result<(), Errno>> {
    let fate = halves()?;
    next(Deed::Write);
    let written = write(&bytes[..bytes.len() / 2]);
    match fate {
        Fate::HalfThenFails(errno) => Some(written.and(Err(errno))),
        _ => die(),
    }
}

pub(super) fn around<T>(deed: Deed, act: impl FnOnce() -> Result<T, Errno>) -> Result<T, Errno> {
    match next(deed) {
        None => act(),
        Some(Fate::Fails(errno) | Fate::HalfThenFails(errno)) => Err(errno),
        Some(Fate::KilledBefore | Fate::KilledHalfway) => die(),
        Some(Fate::KilledAfter) => {
            let _ = act();
            die()
        }
    }
}

fn die() -> ! {
    let _ = kill_process(getpid(), Signal::KILL);
    loop {
        std::thread::park();
    }
}

/// Tells a child which change it is to be killed at: the index, the fate, and the folder to work in.
const TOLD: &str = "CONCLAVE_TEST_KILL";

/// What a child exits with when it was not killed; nothing else exits so.
const LIVED: i32 = 42;

/// Kills `act` at every one of its changes of the disk, before, half way and after, each time in a process of its own and in
/// a new folder that `ready` made ready; `judge` then looks at what is left. Gives how many kills there were. `test` is
/// the full name of the test that calls this, because the process is that test again.
pub(crate) fn kill_everywhere(
    test: &str,
    ready: impl Fn(&Path),
    act: impl Fn(&Path),
    judge: impl Fn(&Path, (usize, Fate)),
) -> usize {
    if let Some(told) = std::env::var_os(TOLD) {
        child(told.to_str().unwrap(), act);
    }
    let folder = tempfile::tempdir().unwrap();
    ready(folder.path());
    count();
    act(folder.path());
    let deeds = disarm();
    let mut kills = 0;
    for (index, deed) in deeds.iter().enumerate() {
        for fate in [Fate::KilledBefore, Fate::KilledHalfway, Fate::KilledAfter] {
            if fate == Fate::KilledHalfway && *deed != Deed::Write {
                continue;
            }
            let folder = tempfile::tempdir().unwrap();
            ready(folder.path());
            kill(test, folder.path(), index, fate);
            judge(folder.path(), (index, fate));
            kills += 1;
        }
    }
    kills
}

/// Runs `act` in `folder` in a process of its own, and waits until it is done.
pub(crate) fn elsewhere(test: &str, folder: &Path, act: impl Fn(&Path)) {
    if let Some(told) = std::env::var_os(TOLD) {
        child(told.to_str().unwrap(), act);
    }
    // No change has the last number.
    let (status, said) = again(test, folder, usize::MAX, Fate::KilledBefore);
    assert_eq!(status.code(), Some(LIVED), "{status}: {said}");
}

fn kill(test: &str, folder: &Path, index: usize, fate: Fate) {
    let (status, said) = again(test, folder, index, fate);
    assert_eq!(status.signal(), Some(9), "change {index}, {fate:?}: {status}: {said}");
}

fn again(test: &str, folder: &Path, index: usize, fate: Fate) -> (ExitStatus, String) {
    let told = format!("{index} {fate:?} {}", folder.to_str().unwrap());
    let mut again = Command::new(std::env::current_exe().unwrap());
    let out = again.args([test, "--exact", "--nocapture"]).env(TOLD, told).output().unwrap();
    (out.status, String::from_utf8_lossy(&out.stderr).into_owned())
}

fn child(told: &str, act: impl Fn(&Path)) -> ! {
    let mut parts = told.splitn(3, ' ');
    let index = parts.next().unwrap().parse().unwrap();
    let fate = match parts.next().unwrap() {
        "KilledBefore" => Fate::KilledBefore,
        "KilledHalfway" => Fate::KilledHalfway,
        "KilledAfter" => Fate::KilledAfter,
        other => panic!("{other}"),
    };
    arm(index, fate);
    act(Path::new(parts.next().unwrap()));
    std::process::exit(LIVED)
}
