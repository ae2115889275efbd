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

/// The network cannot be looked at.
pub const NETWORK_UNTOLD: &str = "The kernel does not say which network interfaces there are.";
/// Advice: the network cannot be looked at.
pub const LOOK_AT_CABLES: &str = "See yourself that no cable is in and no radio is on.";
/// No network.
pub const NO_INTERFACES: &str = "This machine has no network interface.";
/// Interfaces that are off; cleaned.
pub fn interfaces_are_down(names: &str) -> String {
    format!("No network interface is on; these are there and off: {names}.")
}
/// A network; all are cleaned.
pub fn is_networked(up: &str, addresses: &str, leads_out: bool) -> String {
    let mut parts = Vec::new();
    if !up.is_empty() {
        parts.push(format!("on: {up}"));
    }
    if !addresses.is_empty() {
        parts.push(format!("addresses: {addresses}"));
    }
    if leads_out {
        parts.push("a default route leads out of this room".to_owned());
    }
    format!("This machine has a network ({}).", parts.join("; "))
}
/// Advice: a network.
pub const TAKE_IT_OFF_THE_NETWORK: &str = "Pull the cable and switch it off (as root: ip link set NAME down). If it must stay, the reason is to be written down: a real ceremony that is guided asks for it; else type it with `conclave note`.";
/// No radio.
pub const NO_RADIOS: &str = "No radio is known (wireless network, Bluetooth, telephone).";
/// Radios that are blocked.
pub fn radios_are_blocked(count: u64) -> String {
    format!(
        "{} there, blocked.",
        if count == 1 { "1 radio is".to_owned() } else { format!("{count} radios are") }
    )
}
/// A radio; both are cleaned.
pub fn radio(kind: &str, name: &str) -> String {
    format!("{kind} {name}")
}
/// Radios that are on; cleaned.
pub fn radios_are_on(list: &str) -> String {
    format!("A radio is on: {list}.")
}
/// Advice: radios that are on.
pub const BLOCK_THE_RADIOS: &str = "Switch it off: rfkill block all, as root, or its own switch.";

/// Chance; the source is cleaned.
pub fn chance(source: Option<&str>) -> String {
    match source {
        Some(source) => format!("The system's random generator has started; it also draws on {source}."),
        None => "The system's random generator has started.".to_owned(),
    }
}
/// No chance yet.
pub const NO_CHANCE_YET: &str = "The system's random generator has not started yet.";
/// Advice: no chance yet.
pub const GIVE_IT_TIME: &str = "Wait a minute, type on the keyboard, and look again.";

/// No swap.
pub const NO_SWAP: &str = "Nothing in memory is written to a disk: there is no swap.";
/// A swap in memory.
pub const SWAP_IN_MEMORY: &str = "Nothing in memory is written to a disk: the swap is memory itself (zram).";
/// The swap cannot be looked at.
pub const SWAP_UNTOLD: &str = "The kernel does not say whether memory is written to a disk (swap).";
/// A swap on a disk; cleaned.
pub fn swaps_to(places: &str) -> String {
    format!(
        "Memory may be written to {places}. Our page of a PIN never is; a token's module may keep a copy of its own."
    )
}
/// Advice: a swap on a disk.
pub const TURN_SWAP_OFF: &str = "For the day, as root: swapoff -a";
/// It may sleep to a disk.
pub const SLEEPS_TO_DISK: &str = "If this machine is put to sleep, all of its memory may be written to disk.";
/// Advice: it may sleep to a disk.
pub const DO_NOT_CLOSE_THE_LID: &str =
    "Without a swap it cannot. Until then do not close the lid, and switch the machine off at the end.";
/// It does not sleep to a disk.
pub const SLEEPS_NOWHERE: &str = "This machine has no place to which it could sleep with its memory.";
/// It does not sleep to a disk.
pub const SLEEPS_NOT: &str = "This machine does not write its memory to disk when it sleeps.";

/// Programs look into each other.
pub const LOOK_INTO_EACH_OTHER: &str =
    "Programs of one account may look into each other here. Not into this one, but into a token's daemon.";
/// Advice: programs look into each other.
pub const RAISE_THE_SCOPE: &str = "For the day, as root: sysctl kernel.yama.ptrace_scope=1";
/// Advice: programs look into each other, and the kernel knows no other way.
pub const NOBODY_ELSE_HERE: &str = "Run nothing else in this account during the ceremony.";
/// Programs do not look into each other.
pub const LOOK_INTO_NONE: &str = "Programs of one account may not look into each other.";

/// How long it runs.
pub fn has_run_for(seconds: u64) -> String {
    let (hours, days) = (seconds / 3600, seconds / 86_400);
    let long = match (hours, days) {
        (0, _) => "less than an hour".to_owned(),
        (_, 0) => counted(hours, "hour", "hours"),
        _ => counted(days, "day", "days"),
    };
    format!("This machine was started {long} ago.")
}
/// Advice: it runs for long.
pub const START_IT_ANEW: &str = "Start it anew before the ceremony: nobody knows what is left of those days.";

/// pcscd answers.
pub fn pcscd_answers(readers: u64) -> String {
    format!("pcscd answers, and knows {}.", counted(readers, "reader", "readers"))
}
/// No pcscd.
pub const NO_PCSCD: &str = "pcscd does not run, so YubiKeys and smart cards cannot be reached.";
/// Advice: no pcscd.
pub const START_PCSCD: &str =
    "If such a card is used: systemctl start pcscd.socket, or install the package pcscd. Else nothing.";
/// A socket without a service.
pub const PCSCD_IS_DEAF: &str = "pcscd does not answer, although its socket is there.";
/// A service without its socket; the place is cleaned.
pub fn pcscd_elsewhere(socket: &str) -> String {
    format!("pcscd runs and is not reached at {socket}.")
}
/// A service that hangs.
pub fn pcscd_hangs(seconds: u64) -> String {
    format!("pcscd has not answered for {}.", counted(seconds, "second", "seconds"))
}
/// Another trouble of the service; cleaned.
pub fn pcscd_fails(cause: &str) -> String {
    format!("pcscd cannot be asked ({cause}).")
}
/// pcscd is elsewhere, and its place was not passed on.
pub const PCSCD_NOT_PASSED: &str =
    "pcscd is not reached: PCSCLITE_CSOCK_NAME is set here, and was not passed on.";
/// Advice: cards behind a pcscd that has a line of its own.
pub const SEE_PCSCD: &str = "See the line of pcscd.";
/// Advice: pcscd does not do its work.
pub const START_PCSCD_AGAIN: &str = "As root: systemctl restart pcscd. Then look again.";
/// No cards in this build.
pub const NO_CARDS_BUILT_IN: &str = "This build does not speak to YubiKeys by itself.";
/// Advice: no cards in this build.
pub const USE_A_MODULE: &str = "Reach them through a module, or use a build with the feature piv.";
/// No reader.
pub const NO_READER: &str = "There is no card reader, and no YubiKey is in.";
/// Advice: no reader.
pub const PLUG_ONE_IN: &str = "If one is used: plug it in, without a hub in between, and look again.";
/// A reader; cleaned.
pub fn is_empty(reader: &str) -> String {
    format!("{reader}: no card is in it.")
}
/// A reader; cleaned.
pub fn has_card(reader: &str) -> String {
    format!("{reader}: a card is in it, and nobody else uses it.")
}
/// A reader; cleaned.
pub fn is_mute(reader: &str) -> String {
    format!("{reader}: the card in it does not answer.")
}
/// Advice: a card that does not answer.
pub const TURN_IT_AROUND: &str = "Take it out, see that it is the right way round, and put it in again.";
/// A reader whose card somebody holds; both are cleaned.
pub fn is_held(reader: &str, who: &str) -> String {
    format!("{reader}: another program holds its card, so nobody else can use it{}.", among(who))
}
/// A reader whose card somebody uses; both are cleaned.
pub fn is_shared(reader: &str, who: &str) -> String {
    format!("{reader}: another program uses its card, and may disturb a signature{}.", among(who))
}

fn among(who: &str) -> String {
    if who.is_empty() { String::new() } else { format!("; programs that speak to cards: {who}") }
}

/// A program; its name is cleaned.
pub fn program(name: &str, number: u32) -> String {
    format!("{name} (process {number})")
}
/// Programs that are not named.
pub fn more_programs(more: u64) -> String {
    format!("and {more} more")
}
/// Processes whose memory was not shown to this account.
pub fn unread_processes(count: u64) -> String {
    let processes = if count == 1 { "process" } else { "processes" };
    format!(
        "{count} {processes} of other accounts could not be looked at: a program that uses cards may be there and is not named here."
    )
}
/// An account that is shown no others.
pub const SEES_ITS_OWN: &str =
    "This account is shown its own processes alone: programs of others that use cards are not named here.";
/// Advice: what has the card may be of another account.
pub const LOOK_AS_ADMINISTRATOR: &str =
    "To see every program that uses cards, let this machine's administrator run: conclave doctor";
/// A program that may take a card; cleaned.
pub fn may_take_cards(program: &str) -> String {
    format!("GnuPG's {program} runs, and may take a card for itself at any time.")
}
/// Advice: GnuPG has it.
pub const CLOSE_GNUPG: &str = "Stop it yourself: gpgconf --kill scdaemon. Then look again.";
/// Advice: others have it.
pub const CLOSE_OTHERS: &str = "Close that program yourself, then look again; nothing is closed for you.";
/// Advice: others that are not seen have it.
pub const CLOSE_OTHERS_UNSEEN: &str = "It is not to be seen from this account: ask who else works on this machine, or take the card out and put it in.";
/// Advice: a slot that cannot be read because somebody has its card.
pub const SEE_WHO_IS_BUSY: &str =
    "See the lines of the readers: the program that uses a card must be done with it, or be closed.";
/// What to do.
pub const SEE_WHO_HOLDS_IT: &str = "See the line of its reader: another program has the card.";
