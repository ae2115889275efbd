//! `conclave sign` at a terminal of its own, answered as soon as it asks: what a person would wait for if she typed in no time.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use conclave_softhsm::TokenDir;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::PIN;

/// Somebody with a token, and a bundle that she may sign.
pub struct Seat<'t> {
    tokens: &'t TokenDir,
    label: &'t str,
    bundle: PathBuf,
}

impl<'t> Seat<'t> {
    /// Makes the bundle of a draft.
    pub fn of(tokens: &'t TokenDir, label: &'t str, document: &Path) -> Seat<'t> {
        let bundle = tokens.path().join("draft.bundle.json");
        let mut import = Command::new(env!("CARGO_BIN_EXE_conclave"));
        import.args(["import", "--out"]).arg(&bundle).arg(document).stdout(Stdio::null());
        assert!(import.status().unwrap().success());
        Seat { tokens, label, bundle }
    }

    /// Signs a copy of the bundle, and gives the time from the process' start to its end.
    pub fn signs(&self, number: usize) -> Duration {
        let bundle = self.tokens.path().join(format!("{number}.bundle.json"));
        std::fs::copy(&self.bundle, &bundle).unwrap();
        let mut master = File::from(openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap());
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let slave = File::options().read(true).write(true).open(name).unwrap();
        let mut command = Command::new("setsid");
        command.args(["--ctty", env!("CARGO_BIN_EXE_conclave"), "sign", "--token"]);
        command.arg(format!("pkcs11:token={}", self.label)).arg("--module").arg(self.tokens.module_path());
        command.args(["--module-env", "SOFTHSM2_CONF"]).arg(&bundle).envs(self.tokens.environment());
        command.stdin(slave.try_clone().unwrap()).stdout(slave.try_clone().unwrap()).stderr(slave);
        let start = Instant::now();
        let mut child = command.spawn().unwrap();
        // With ours closed, the terminal ends when the process does.
        drop(command);
        let said = answered(&mut master);
        let status = child.wait().unwrap();
        let took = start.elapsed();
        assert!(status.success(), "{said}");
        took
    }
}

fn answered(master: &mut File) -> String {
    let (mut said, mut part) = (String::new(), [0; 4096]);
    let (mut consented, mut opened) = (false, false);
    // A terminal whose other side is closed gives an error, not an end.
    while let Ok(length @ 1..) = master.read(&mut part) {
        said.push_str(&String::from_utf8_lossy(&part[..length]));
        if let (false, Some(at), true) =
            (consented, said.find("To sign, type: "), said.ends_with("Your answer: "))
        {
            let phrase = said[at..].lines().next().unwrap().trim_start_matches("To sign, type: ").trim_end();
            writeln!(master, "{phrase}").unwrap();
            consented = true;
        }
        if let (false, Some(at)) = (opened, said.find("PIN of token"))
            && said[at..].ends_with(": ")
        {
            writeln!(master, "{PIN}").unwrap();
            opened = true;
        }
    }
    said
}
