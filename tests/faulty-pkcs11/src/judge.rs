//! Which rule a call falls under: counted, logged, and what needs no arguments done at once.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use crate::crimes;
use crate::fault::Fault;
use crate::rules::Rule;
use crate::sockets;

/// The rules as they were last read, and the calls since then.
struct Counted {
    text: String,
    calls: BTreeMap<&'static str, u32>,
}

static COUNTED: Mutex<Counted> = Mutex::new(Counted { text: String::new(), calls: BTreeMap::new() });

/// Counts and logs the call, and says which fault it has. What needs no arguments happens here.
pub(crate) fn fault_of(function: &'static str) -> Option<Fault> {
    fault_with(function, None)
}

/// The same for a call that names a mechanism.
pub(crate) fn fault_with(function: &'static str, mechanism: Option<u64>) -> Option<Fault> {
    log(function);
    let text = variable("RULES").map(|path| std::fs::read_to_string(path).expect("the rules can be read"))?;
    let count = {
        let mut counted = COUNTED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if counted.text != text {
            counted.calls.clear();
            counted.text.clone_from(&text);
        }
        let count = counted.calls.entry(function).or_insert(0);
        *count += 1;
        *count
    };
    // A rule that cannot be read must not let a test pass by doing nothing: the process ends.
    let rules = Rule::parse_all(&text).unwrap_or_else(|wrong| stop(&wrong));
    let fault = rules.into_iter().find(|rule| rule.applies(function, count, mechanism))?.fault;
    match fault {
        Fault::Hang(milliseconds) => {
            std::thread::sleep(Duration::from_millis(milliseconds));
            None
        }
        Fault::Sockets => {
            sockets::attempt(log);
            None
        }
        Fault::Abort => stop("a rule says abort"),
        Fault::Crime(crime) => {
            crimes::commit(crime, log);
            None
        }
        other => Some(other),
    }
}

/// Adds a line to the log.
pub(crate) fn log(line: &str) {
    if let Some(path) = variable("LOG") {
        let mut log =
            std::fs::File::options().create(true).append(true).open(path).expect("the call log opens");
        // In one piece: threads and forks of this process may write too.
        log.write_all(format!("{line}\n").as_bytes()).expect("the call log takes a line");
    }
}

pub(crate) fn stop(why: &str) -> ! {
    // Said on standard error, where the token host keeps it as the module's chatter.
    let _ = writeln!(std::io::stderr(), "faulty-pkcs11: {why}");
    std::process::abort()
}

pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(format!("FAULTY_PKCS11_{name}"))
}
