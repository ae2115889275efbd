//! The card behind the real pcscd, asked by programs that others wrote.
#![expect(clippy::unwrap_used, reason = "a test stops by panicking")]

mod processes;
mod tools;

use std::process::Command;

use virtual_piv::Station;

/// What a program prints, standard error included, when it is led to the station.
fn told(station: &Station, program: &str, arguments: &[&str]) -> (String, bool) {
    let output = Command::new(program).args(arguments).envs(station.environment()).output();
    let output = output.unwrap_or_else(|error| {
        panic!("{program}: {error}; it is in one of the packages opensc, yubico-piv-tool and ykcs11")
    });
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8_lossy(&text).into_owned(), output.status.success())
}
