//! Sentences on a machine before a ceremony.

use super::counted;

/// The heading.
pub const HEADING: &str = "This machine before a ceremony";
/// The word of a line that is well.
pub const OK: &str = "ok";
/// The word of a line that is worth knowing.
pub const FINDING: &str = "FINDING";
/// The word of a line that is bad.
pub const BAD: &str = "BAD";
/// A label: the one thing to do.
pub const NOW: &str = "now";
/// The end: nothing is bad.
pub fn nothing_bad(findings: u64) -> String {
    match findings {
        0 => "All is well.".to_owned(),
        n => format!("Nothing is bad; {} to know.", counted(n, "thing", "things")),
    }
}
/// The end: something is bad.
pub fn something_bad(bad: u64) -> String {
    let what = counted(bad, "thing is bad", "things are bad");
    format!("{what}: hold no ceremony on this machine before that is mended.")
}

/// What this build is.
pub fn versions(tool: &str, formats: &str, rules: u64, spec: &str) -> String {
    format!("conclave {tool}; formats: {formats}; rules {rules}; TUF specification {spec}.")
}
/// The self-test passed.
pub fn right_answers(count: u64) -> String {
    format!(
        "{} recorded answers came out again: every scheme, SHA-256, the canonical form, the PGP words.",
        super::grouped(count)
    )
}
/// The self-test failed.
pub fn wrong_answer(what: &str, wrong: &str) -> String {
    format!("This build computes something else than was recorded: {what}: {wrong}.")
}
/// Advice: a build that computes something else.
pub const DO_NOT_USE_THIS_BUILD: &str =
    "Do not use this build on this machine; build it anew, and test the machine's memory.";

/// The clock.
pub fn clock(now: &str) -> String {
    format!("The machine's clock says {now}; nothing is judged by it.")
}
/// The clock agrees.
pub fn clock_agrees(now: &str) -> String {
    format!("The machine's clock says {now}, which agrees with the date that you stated.")
}
/// The clock does not agree.
pub fn clock_differs(now: &str, away: &str, later: bool) -> String {
    let side = if later { "after" } else { "before" };
    format!("The machine's clock says {now}, {away} {side} the date that you stated.")
}
/// Advice: a clock that is away.
pub const SET_THE_CLOCK: &str =
    "Check the date that you stated, then set the clock; what it says stands in every line.";

/// A sentence and its cause.
pub fn because(sentence: &str, cause: &str) -> String {
    format!("{} ({cause}).", sentence.trim_end_matches('.'))
}
/// No dumps.
pub const NO_DUMPS: &str = "This process forbids its core dumps, and so does every child.";
/// Dumps.
pub const DUMPS: &str = "This process cannot forbid its core dumps, and a dump may hold a PIN.";
/// Advice: dumps.
pub const TYPE_NO_PIN_HERE: &str = "Type no PIN on this machine; use another kernel or account.";
/// Nobody knows where dumps go.
pub const NO_PATTERN: &str = "The kernel does not say what becomes of core dumps.";
/// Advice: nobody knows where dumps go.
pub const LOOK_AT_THE_PATTERN: &str =
    "Look at /proc/sys/kernel/core_pattern as root; it should not begin with a |.";
/// Dumps of others go to a program.
pub fn dumps_to_a_program(program: &str) -> String {
    format!("Core dumps of other programs, such as token daemons, go to a program: {program}.")
}
/// Advice: dumps that go to a program.
pub const TURN_DUMPS_OFF: &str = "For the day, as root: sysctl kernel.core_pattern=core";
/// Dumps go to a file.
pub fn dumps_to_a_file(file: &str) -> String {
    format!("Core dumps of other programs become files, as their own limits say: {file}.")
}

/// Memory locks.
pub fn memory_locks(limit: Option<u64>) -> String {
    let limit = match limit {
        Some(bytes) => format!("the limit is {}", counted(bytes, "byte", "bytes")),
        None => "there is no limit".to_owned(),
    };
    format!("The page of a PIN can be kept out of the swap; {limit}.")
}
/// Memory does not lock.
pub const MEMORY_DOES_NOT_LOCK: &str = "The page of a PIN cannot be kept out of the swap.";
/// Advice: memory does not lock.
pub const RAISE_THE_LIMIT: &str =
    "Raise the limit of locked memory (ulimit -l) to 64 KiB or more, in a new login.";

/// A terminal.
pub const TERMINAL: &str = "There is a terminal at which a person can answer.";
/// No terminal.
pub const NO_TERMINAL: &str = "There is no terminal here: nobody could consent or type a PIN.";
/// Advice: no terminal.
pub const SIT_AT_A_TERMINAL: &str = "Start `conclave doctor` at the terminal of the ceremony itself.";

/// Room.
pub fn room(path: &str, megabytes: u64) -> String {
    format!("{path} has {} MB of free room.", super::grouped(megabytes))
}
/// Advice: little room.
pub const MAKE_ROOM: &str = "Make room, or take another medium.";
/// Nothing can be written.
pub fn read_only(path: &str) -> String {
    format!("{path} lies on a medium to which nothing can be written.")
}
/// Advice: nothing can be written.
pub const TAKE_PROTECTION_OFF: &str = "Take the write protection off, or mount it for writing.";
/// It gives back what was written.
pub fn gives_back(path: &str) -> String {
    format!("{path} gave back what was written and synced to it.")
}
/// Two media.
pub const TWO_MEDIA: &str = "The folder and its mirror lie on two media.";
/// One medium.
pub const ONE_MEDIUM: &str = "The folder and its mirror lie on one medium: if it is lost, both are.";
/// Advice: one medium.
pub const USE_ANOTHER_MEDIUM: &str = "Name a folder on another medium with --mirror.";

/// No module was named.
pub const NO_MODULE: &str = "No module was named, so none was tried.";
/// Advice: no module was named.
pub const NAME_MODULES: &str = "Name the machine's modules with --profile, or one with --module.";
/// A module that answers; all are cleaned.
pub fn module_answers(name: &str, description: &str, version: &str, tokens: u64) -> String {
    let tokens = counted(tokens, "token", "tokens");
    format!("{name}: {description} {version} loads and lists {tokens}.")
}
/// A module's file is the one that is pinned.
pub fn pinned(name: &str, sha256: &str) -> String {
    format!("{name}: its file is the one that is pinned, SHA-256 {sha256}.")
}
/// A module's file, which nothing pins.
pub fn not_pinned(name: &str, sha256: &str) -> String {
    format!("{name}: nothing pins its file, SHA-256 {sha256}.")
}
/// Advice: nothing pins a module.
pub const PIN_IT: &str = "Write a machine profile with this SHA-256 and name it with --profile.";
/// A module that fails; both are cleaned.
pub fn module_fails(name: &str, cause: &str) -> String {
    format!("{name}: {cause}.")
}
/// A module that answered and did not end well.
pub fn module_ends_badly(name: &str, cause: &str) -> String {
    format!("{name}: it answered and did not end well: {cause}.")
}
/// Advice: a module that does not end well.
pub const WATCH_IT: &str = "Its answers count; rehearse with it before the day.";
/// A module with a slot that cannot be read.
pub fn unreadable_slot(name: &str, trouble: &str) -> String {
    format!("{name}: one of its tokens cannot be read whole: {trouble}.")
}
/// Advice: a slot that cannot be read.
pub const TAKE_IT_OUT_AND_IN: &str = "Take that token out and put it in again, then look again.";
