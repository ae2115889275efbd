//! The prompt at a pseudo-terminal of its own, played from the other end.

use super::*;
use rustix::pty::OpenptFlags;
use std::io::Read;
use std::thread;

/// Both ends of a new pseudo-terminal: ours to type at, and the one that is asked.
fn pair() -> (File, File) {
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let ours = rustix::pty::openpt(flags).unwrap();
    rustix::pty::unlockpt(&ours).unwrap();
    let asked = rustix::pty::ioctl_tiocgptpeer(&ours, flags).unwrap();
    (File::from(ours), File::from(asked))
}

fn read_until(terminal: &mut File, wanted: &str) -> String {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(wanted) {
        let mut some = [0; 64];
        let read = terminal.read(&mut some).unwrap();
        seen.extend_from_slice(&some[..read]);
    }
    String::from_utf8(seen).unwrap()
}

/// Types `keys` once the prompt is there; returns the outcome and everything the screen showed.
fn play(typed_ahead: &[u8], keys: &[u8]) -> (Result<Pin, SecretFault>, String) {
    let (mut ours, mut asked) = pair();
    ours.write_all(typed_ahead).unwrap();
    let before = rustix::termios::tcgetattr(&asked).unwrap();
    let prompt = thread::spawn(move || {
        let outcome = read_from(&mut asked, |screen| screen.write_all(b"PIN: "));
        let after = rustix::termios::tcgetattr(&asked).unwrap();
        asked.write_all(b"END").unwrap();
        // The other end must stay open until the screen has been read.
        (outcome, after, asked)
    });
    let mut screen = read_until(&mut ours, "PIN: ");
    ours.write_all(keys).unwrap();
    screen += &read_until(&mut ours, "END");
    let (outcome, after, _asked) = prompt.join().unwrap();
    assert_eq!(after.local_modes, before.local_modes, "the terminal is as it was");
    assert_eq!(after.special_codes[SpecialCodeIndex::VMIN], before.special_codes[SpecialCodeIndex::VMIN]);
    (outcome, screen)
}

fn typed(keys: &[u8]) -> Result<Pin, SecretFault> {
    play(b"", keys).0
}

#[test]
fn a_pin_is_read_and_never_shown() {
    let (pin, screen) = play(b"", b"secret 47\n");
    assert!(pin.unwrap().bytes() == b"secret 47");
    assert!(!screen.contains("secret") && !screen.contains("47"), "{screen:?}");
    assert!(screen.ends_with("PIN: \r\nEND"), "{screen:?}");
}

#[test]
fn what_was_typed_before_the_prompt_is_no_answer() {
    let (pin, _) = play(b"early", b"4711\n");
    assert!(pin.unwrap().bytes() == b"4711");
    let (pin, _) = play(b"early\n", b"4711\n");
    assert!(pin.unwrap().bytes() == b"4711");
}

#[test]
fn a_line_can_be_corrected() {
    assert!(typed(b"12x\x7f3y\x084\r").unwrap().bytes() == b"1234");
    assert!(typed(b"\x7f\x7fwrong\x151234\n").unwrap().bytes() == b"1234");
    assert!(typed("\u{e4}\u{15}1234\n".as_bytes()).unwrap().bytes() == b"1234");
}

#[test]
fn a_pin_that_cannot_be_meant_is_refused() {
    assert!(matches!(typed(b"\n"), Err(SecretFault::Empty)));
    assert!(matches!(typed(b"12\x7f\x7f\n"), Err(SecretFault::Empty)));
    assert!(matches!(typed("12\u{e4}4\n".as_bytes()), Err(SecretFault::NotPrintable)));
    assert!(matches!(typed(b"12\x1b[A\n"), Err(SecretFault::NotPrintable)));
    assert!(matches!(typed(b"1\t2\n"), Err(SecretFault::NotPrintable)));
    let otp = b"cccccccbchvthlivuitriujjifivbvtrjkjfirllluur\n";
    assert!(matches!(typed(otp), Err(SecretFault::OneTimePassword)));
    let mut long = vec![b'1'; crate::pin::CAPACITY];
    long.push(b'\n');
    assert_eq!(typed(&long).unwrap().len(), crate::pin::CAPACITY);
    long.insert(0, b'1');
    assert!(matches!(typed(&long), Err(SecretFault::TooLong)));
}

#[test]
fn control_c_and_control_d_end_the_prompt() {
    assert!(matches!(typed(b"12\x03"), Err(SecretFault::Interrupted)));
    assert!(matches!(typed(b"\x04"), Err(SecretFault::Ended)));
    assert!(matches!(typed(b"12\x04"), Err(SecretFault::Ended)));
}

#[test]
fn a_terminal_that_goes_away_ends_the_prompt() {
    let (mut ours, mut asked) = pair();
    let prompt = thread::spawn(move || read_from(&mut asked, |screen| screen.write_all(b"PIN: ")));
    read_until(&mut ours, "PIN: ");
    ours.write_all(b"12").unwrap();
    drop(ours);
    assert!(matches!(prompt.join().unwrap(), Err(SecretFault::HungUp)));
}

#[test]
fn a_pipe_is_no_terminal() {
    let (pipe, _other) = io::pipe().unwrap();
    let mut file = File::from(OwnedFd::from(pipe));
    let outcome = read_from(&mut file, |_| panic!("nothing is asked where echo cannot be switched off"));
    assert!(matches!(outcome, Err(SecretFault::Terminal(_))));
}
