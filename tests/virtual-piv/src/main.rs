//! `virtual-piv`: a virtual card to try things with by hand, and the small programs that a station needs around it.
//!
//! By hand: `virtual-piv serve 5.7.1 12345678 [RULES]` makes a card with a P-256 key in 9c, puts it into a reader of its own
//! and prints the variable that leads clients there. It ends with its standard input.

use std::error::Error;
use std::ffi::CString;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use pcsc::{Context, Disposition, Protocols, ReaderState, Scope, ShareMode, State};
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy, relay};

/// How long a reader may take to notice a card.
const PATIENCE: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["plug", pairs @ ..] => plug(pairs),
        ["present", reader] => await_state(reader, State::PRESENT),
        ["absent", reader] => await_state(reader, State::EMPTY),
        ["hold", reader] => hold(reader),
        ["disturb", reader] => disturb(reader),
        ["serve", firmware, serial, rules @ ..] if rules.len() < 2 => serve(firmware, serial, rules.first()),
        _ => Err("usage: virtual-piv serve FIRMWARE SERIAL [RULES]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "virtual-piv: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Sockets of cards and ports of readers, in pairs.
fn plug(pairs: &[&str]) -> Result<(), Box<dyn Error>> {
    std::thread::scope(|scope| {
        for pair in pairs.chunks(2) {
            let &[socket, port] = pair else { return Err("a socket without a port".into()) };
            let port = port.parse()?;
            scope.spawn(move || relay(Path::new(socket), port));
        }
        Ok(())
    })
}

fn await_state(reader: &str, wanted: State) -> Result<(), Box<dyn Error>> {
    let context = established()?;
    let until = Instant::now() + PATIENCE;
    let mut states = [ReaderState::new(CString::new(reader)?, State::UNAWARE)];
    while let Some(left) = until.checked_duration_since(Instant::now()) {
        match context.get_status_change(Some(left.min(Duration::from_millis(200))), &mut states) {
            Ok(()) | Err(pcsc::Error::Timeout) => {}
            Err(pcsc::Error::UnknownReader) => std::thread::sleep(Duration::from_millis(20)),
            Err(error) => return Err(error.into()),
        }
        if states[0].event_state().contains(wanted) {
            return Ok(());
        }
        states[0].sync_current_state();
        // A reader whose state is in doubt answers at once, again and again.
        std::thread::sleep(Duration::from_millis(5));
    }
    Err(format!("{:?} after {} s", states[0].event_state(), PATIENCE.as_secs()).into())
}

/// pcscd answers a moment after its socket is there.
fn established() -> Result<Context, pcsc::Error> {
    let until = Instant::now() + PATIENCE;
    loop {
        match Context::establish(Scope::System) {
            Err(pcsc::Error::NoService) if Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(20));
            }
            context => return context,
        }
    }
}

fn hold(reader: &str) -> Result<(), Box<dyn Error>> {
    let context = established()?;
    let _card = context.connect(&CString::new(reader)?, ShareMode::Exclusive, Protocols::ANY)?;
    std::io::stdout().write_all(b"held")?;
    std::io::stdout().flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

fn disturb(reader: &str) -> Result<(), Box<dyn Error>> {
    let card = established()?.connect(&CString::new(reader)?, ShareMode::Shared, Protocols::ANY)?;
    card.disconnect(Disposition::ResetCard).map_err(|(_, error)| error.into())
}

fn serve(firmware: &str, serial: &str, rules: Option<&&str>) -> Result<(), Box<dyn Error>> {
    let firmware = Firmware::named(firmware).ok_or("no such firmware")?;
    let card = Card::new(firmware, serial.parse()?);
    card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    card.certify(0x9c);
    if let Some(file) = rules {
        card.obey_file(Path::new(file));
    }
    let station = Station::start_with(std::env::current_exe()?, &[card])?;
    let mut out = std::io::stdout();
    for (name, value) in station.environment() {
        writeln!(out, "export {}={}", name.display(), value.display())?;
    }
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
