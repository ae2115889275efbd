//! A pcscd of one's own with virtual readers, and cards in them.
//!
//! Promises: nothing of it is seen by the machine's own pcscd, nor does it see real readers or tokens; many stations run side
//! by side; all its processes end with the value, and also when the test is killed.
//!
//! How: `unshare` gives it mounts, network and process ids of its own, as root or in a user namespace. Its first process waits
//! for the end of its standard input, which only the test holds, and the kernel ends all others with that first one. The
//! folder in which pcscd makes its socket is one that the test can see; clients are led there by `PCSCLITE_CSOCK_NAME`.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use conclave_softhsm::{Artifact, built};

use crate::card::Card;
use crate::plug;

/// The driver of the virtual reader, in Debian's package.
const DRIVERS: [&str; 2] =
    ["/usr/lib/pcsc/drivers/serial/libifdvpcd.so", "/usr/lib64/pcsc/drivers/serial/libifdvpcd.so"];

/// What readers call themselves: clients of YubiKeys look for their name.
const READER: &str = "Yubico YubiKey OTP+FIDO+CCID";

/// The first port; a network of its own has all of them free.
const PORT: u16 = 0x8c7b;

/// Slots of one vpcd, each a reader with a port of its own.
const SLOTS: usize = 2;

/// How long a station may take to begin and to end. Only a machine that is very busy comes near it.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long a card is out at least. pcscd looks every 400 ms; one that is back before it looked seems never to have left, and
/// is then absent for good if a client had already noticed.
const ABSENCE: Duration = Duration::from_millis(900);

/// $1: folder for the socket, $2: folder with the readers, $3: this crate's program, the rest: what it relays.
const INSIDE: &str = r#"
set -e
ip link set lo up
mount -t tmpfs tmpfs /run
mkdir /run/pcscd
mount --bind "$1" /run/pcscd
readers=$2 program=$3
shift 3
pcscd --foreground --error --config "$readers" &
"$program" plug "$@" &
read -r _ || :
"#;

/// Why there is no station.
#[derive(Debug, thiserror::Error)]
pub enum StationError {
    /// Something is not installed.
    #[error("{missing} is missing: install it with `apt-get install pcscd vsmartcard-vpcd iproute2`")]
    Missing {
        /// What.
        missing: String,
    },
    /// The processes could not be started, or ended at once.
    #[error("the reader did not start: {said}")]
    Start {
        /// What they said.
        said: String,
    },
    /// A reader did not notice in time what was done to its card.
    #[error("the reader {reader} did not notice its card: {said}")]
    Unnoticed {
        /// Which.
        reader: String,
        /// What the client said.
        said: String,
    },
    /// A folder, socket or thread could not be made.
    #[error("a folder, socket or thread for the reader cannot be made")]
    Io(#[from] io::Error),
}

/// Virtual readers behind a pcscd of their own. Dropping it ends all of it.
pub struct Station {
    folder: tempfile::TempDir,
    program: PathBuf,
    cards: Vec<Card>,
    inside: Child,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<io::Result<()>>>,
}

impl Station {
    /// Puts each card into a reader and returns when the readers have noticed. Readers come in twos, so with an odd
    /// number of cards one is empty.
    ///
    /// # Errors
    /// Something is not installed, or does not start.
    pub fn start(cards: &[Card]) -> Result<Self, StationError> {
        let program = built("virtual-piv", Artifact::Program("virtual-piv"))
            .map_err(|error| StationError::Start { said: error.to_string() })?;
        Self::start_with(program, cards)
    }

    /// The same with this crate's program at a known place.
    ///
    /// # Errors
    /// As [`Station::start`].
    pub fn start_with(program: PathBuf, cards: &[Card]) -> Result<Self, StationError> {
        let driver = DRIVERS.iter().find(|driver| Path::new(driver).is_file());
        let driver = driver.ok_or_else(|| StationError::Missing { missing: DRIVERS[0].into() })?;
        let folder = tempfile::Builder::new().prefix("piv-").tempdir()?;
        for name in ["run", "readers", "no-usb-drivers"] {
            std::fs::create_dir(folder.path().join(name))?;
        }
        let mut relayed: Vec<OsString> = Vec::new();
        let mut listeners = Vec::new();
        for (number, port) in (0..cards.len()).zip(PORT..) {
            let socket = folder.path().join(format!("card-{number}"));
            listeners.push(UnixListener::bind(&socket)?);
            relayed.extend([socket.into(), port.to_string().into()]);
        }
        for (number, port) in (0..cards.len().div_ceil(SLOTS)).zip((PORT..).step_by(SLOTS)) {
            let text = format!(
                "FRIENDLYNAME \"{READER}\"\nDEVICENAME /dev/null:0x{port:x}\nLIBPATH {driver}\nCHANNELID 0x{port:x}\n"
            );
            std::fs::write(folder.path().join("readers").join(format!("vpcd-{number}")), text)?;
        }
        let inside = unshared(folder.path(), &program, &relayed)?;
        let mut station = Self {
            folder,
            program,
            cards: cards.to_vec(),
            inside,
            stop: Arc::new(AtomicBool::new(false)),
            threads: Vec::new(),
        };
        for (card, listener) in station.cards.clone().into_iter().zip(listeners) {
            let stop = Arc::clone(&station.stop);
            let thread = std::thread::Builder::new().name("virtual card".into());
            station.threads.push(thread.spawn(move || plug::serve(&card, &listener, &stop))?);
        }
        station.await_socket()?;
        for (number, card) in cards.iter().enumerate() {
            if card.is_inserted() {
                station.await_reader(number, "present")?;
            }
        }
        Ok(station)
    }

    /// What a client needs in its environment to come here and nowhere else.
    #[must_use]
    pub fn environment(&self) -> Vec<(OsString, OsString)> {
        vec![("PCSCLITE_CSOCK_NAME".into(), self.socket().into())]
    }

    /// The name of the reader with the card of this number.
    #[must_use]
    pub fn reader(&self, number: usize) -> String {
        format!("{READER} {:02X} {:02X}", number / SLOTS, number % SLOTS)
    }

    /// Takes a card out and returns when its reader has noticed.
    ///
    /// # Errors
    /// It did not notice.
    pub fn remove(&self, number: usize) -> Result<(), StationError> {
        self.cards[number].set_inserted(false);
        self.await_reader(number, "absent")
    }

    /// Puts a card back and returns when its reader has noticed.
    ///
    /// # Errors
    /// It did not notice.
    pub fn insert(&self, number: usize) -> Result<(), StationError> {
        if let Some(left) = self.cards[number].left() {
            std::thread::sleep(ABSENCE.saturating_sub(left.elapsed()));
        }
        self.cards[number].set_inserted(true);
        self.await_reader(number, "present")
    }

    /// Another program takes the card for itself, until the value is dropped.
    ///
    /// # Errors
    /// It could not.
    pub fn hold(&self, number: usize) -> Result<Holder, StationError> {
        let mut child = self.client("hold", number).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut said = [0; 4];
        match child.stdout.as_mut().map(|out| out.read_exact(&mut said)) {
            Some(Ok(())) if said == *b"held" => Ok(Holder { child }),
            _ => {
                end(&mut child);
                Err(StationError::Start { said: format!("{} is not held", self.reader(number)) })
            }
        }
    }

    /// Another program comes by and resets the card when it leaves.
    ///
    /// # Errors
    /// It could not.
    pub fn disturb(&self, number: usize) -> Result<(), StationError> {
        self.run("disturb", number)
    }

    /// Process ids of the stations' outermost process, for a test that looks whether it is gone.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.inside.id()
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("run/pcscd.comm")
    }

    fn await_socket(&mut self) -> Result<(), StationError> {
        let until = Instant::now() + PATIENCE;
        while !self.socket().exists() {
            if self.inside.try_wait()?.is_some() || Instant::now() > until {
                let mut said = String::new();
                end(&mut self.inside);
                if let Some(stderr) = &mut self.inside.stderr {
                    let _ = stderr.read_to_string(&mut said);
                }
                return Err(StationError::Start { said });
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn await_reader(&self, number: usize, state: &str) -> Result<(), StationError> {
        self.run(state, number)
    }

    fn run(&self, what: &str, number: usize) -> Result<(), StationError> {
        let output = self.client(what, number).stdin(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(StationError::Unnoticed { reader: self.reader(number), said })
    }

    fn client(&self, what: &str, number: usize) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(what).arg(self.reader(number)).envs(self.environment());
        command
    }
}

impl Drop for Station {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        // The end of its standard input is what the first process inside waits for.
        drop(self.inside.stdin.take());
        let until = Instant::now() + PATIENCE;
        while matches!(self.inside.try_wait(), Ok(None)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(2));
        }
        end(&mut self.inside);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// A program that has a card for itself.
pub struct Holder {
    child: Child,
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

fn unshared(folder: &Path, program: &Path, relayed: &[OsString]) -> Result<Child, StationError> {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--net", "--pid", "--fork", "--kill-child=KILL", "--propagation=private"]);
    if !rustix::process::geteuid().is_root() {
        command.arg("--map-root-user");
    }
    let command = command
        .args(["sh", "-c", INSIDE, "sh"])
        .args([folder.join("run"), folder.join("readers"), program.to_owned()])
        .args(relayed)
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        // Without drivers for USB it leaves real readers and tokens alone.
        .env("PCSCLITE_HP_DROPDIR", folder.join("no-usb-drivers"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => StationError::Missing { missing: "unshare".into() },
        _ => StationError::Io(error),
    })
}

fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}
