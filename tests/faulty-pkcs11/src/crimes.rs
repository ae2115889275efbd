//! What a module may do to the process that it is loaded in, besides answering.

use std::ffi::c_int;
use std::io::Write as _;
use std::os::fd::BorrowedFd;
use std::time::Duration;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crime {
    /// It leaves with this exit code.
    Exit(i32),
    /// It reads where nothing is.
    Segfault,
    /// It leaves a process behind that holds every descriptor.
    Fork,
    /// It writes 1 MiB to standard output and to standard error.
    Print,
    /// It closes every descriptor from 3 on.
    Descriptors,
    /// It writes nonsense to every descriptor from 3 on.
    Speak,
    /// It ignores the signals that may be ignored.
    Signals,
    /// It leaves threads behind that never end.
    Threads,
    /// It writes to the terminal, and asks for a PIN there.
    Terminal,
}

impl Crime {
    /// By its word in a rule.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "segfault" => Self::Segfault,
            "fork" => Self::Fork,
            "print" => Self::Print,
            "close-descriptors" => Self::Descriptors,
            "speak" => Self::Speak,
            "signals" => Self::Signals,
            "threads" => Self::Threads,
            "terminal" => Self::Terminal,
            other => Self::Exit(other.strip_prefix("exit=")?.parse().ok()?),
        })
    }
}

// Not in the crates at hand; the C library is loaded in any case.
unsafe extern "C" {
    fn fork() -> c_int;
    fn signal(number: c_int, handler: usize) -> usize;
    fn close(descriptor: c_int) -> c_int;
}

/// Does it, and logs what is worth knowing afterwards.
pub(crate) fn commit(crime: Crime, log: fn(&str)) {
    match crime {
        Crime::Exit(code) => std::process::exit(code),
        Crime::Segfault => {
            // SAFETY: none; that is the point. The kernel ends the process.
            unsafe { std::ptr::null_mut::<u8>().write_volatile(1) }
        }
        Crime::Fork => {
            // SAFETY: the new process only sleeps.
            if unsafe { fork() } == 0 {
                log(&format!("forked {}", std::process::id()));
                std::thread::sleep(Duration::from_secs(120));
                std::process::abort();
            }
        }
        Crime::Print => {
            let much = "\u{1b}[31mtype your PIN here\u{7} ".repeat((1 << 20) / 25);
            let _ = std::io::stdout().write_all(much.as_bytes());
            let _ = std::io::stderr().write_all(much.as_bytes());
        }
        Crime::Descriptors => {
            for descriptor in 3..64 {
                // SAFETY: whoever owns it is the victim of this test.
                unsafe { close(descriptor) };
            }
        }
        Crime::Speak => {
            for descriptor in 3..64 {
                // SAFETY: one that is not open is refused by the kernel; one that is stays open.
                let borrowed = unsafe { BorrowedFd::borrow_raw(descriptor) };
                let _ = rustix::io::write(borrowed, b"HTTP/1.1 200 OK\r\n\r\nsigned");
            }
        }
        Crime::Signals => {
            for number in 1..=31 {
                // SAFETY: 1 is SIG_IGN.
                unsafe { signal(number, 1) };
            }
        }
        Crime::Threads => {
            for _ in 0..4 {
                std::thread::spawn(|| {
                    loop {
                        std::thread::sleep(Duration::from_millis(5));
                    }
                });
            }
        }
        Crime::Terminal => {
            let opened = std::fs::File::options().read(true).write(true).open("/dev/tty");
            log(if opened.is_ok() { "terminal opened" } else { "terminal refused" });
            if let Ok(mut terminal) = opened {
                let _ = terminal.write_all(b"\x1b[2JEnter your PIN: ");
            }
        }
    }
}

/// What happens while the file is loaded, before any function is called: `FAULTY_PKCS11_AT_LOAD` holds the word of a crime.
extern "C" fn at_load() {
    let word = crate::judge::variable("AT_LOAD");
    if let Some(crime) = word.as_ref().and_then(|word| Crime::named(word.to_str()?)) {
        commit(crime, crate::judge::log);
    }
}

#[used]
// SAFETY: the loader calls what stands in this section without arguments.
#[unsafe(link_section = ".init_array")]
static AT_LOAD: extern "C" fn() = at_load;
