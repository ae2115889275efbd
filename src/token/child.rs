//! The child's side: this program executed again to load one vendor module and answer for it.
//!
//! Promises: no core dump, not readable by other processes of the user, dies with its parent, and keeps its
//! standard input and output and the person's terminal away from the module. It holds no state beyond one login and ends with the socket.
//!
//! Deliberately trusts its parent, which is the same executable; everything else here may be corrupted by the
//! module at any time, which is why the parent believes none of it.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::ExitCode;

use rustix::net::sockopt;
use rustix::process::Signal;
use tuf_ceremony::digest::Digest;

use super::condition::{OwnPin, Preparation};
use super::entry::{Entry, EntryKind};
use super::fault::{Call, TokenFault};
use super::frame::{HEADER, Header, Kind};
use super::loaded::Loaded;
use super::message::{self, Mapped};
use super::wire::{Answer, Question};
use crate::fence;
use crate::files::{self, FilesFault};
use crate::pin::{self, Pin};

/// The first argument that turns this program into the child. Not for people: it is refused without a socket.
pub const HIDDEN_ARGUMENT: &str = "__token-host";

/// Runs the child until its parent is done or gone. Exit code 2: this was not started by our parent; 5: the
/// line or the process could not be prepared.
#[must_use]
pub fn child_main() -> ExitCode {
    let stdin = rustix::stdio::stdin();
    if sockopt::socket_type(stdin).is_err() {
        return ExitCode::from(2);
    }
    match prepare().and_then(serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(5),
    }
}

/// Hardens the process and moves the socket away from standard input.
fn prepare() -> io::Result<UnixStream> {
    pin::forbid_dumps()?;
    // Started from a link of the kernel's, it would have the link's name in a list of processes.
    rustix::thread::set_name(c"conclave")?;
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    // Without a controlling terminal: a module that opens /dev/tty could write over what the person is asked, read what
    // she answers, or ask for a PIN itself.
    rustix::process::setsid()?;
    let socket = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
    // Standard output is already the null device; a module that reads must find nothing either.
    rustix::stdio::dup2_stdin(rustix::stdio::stdout())?;
    Ok(UnixStream::from(socket))
}

fn serve(mut socket: UnixStream) -> io::Result<()> {
    let mut module: Option<Loaded> = None;
    loop {
        let Some(header) = next_header(&mut socket)? else { return Ok(()) };
        if header.kind != Kind::Question {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut body = vec![0; header.length];
        socket.read_exact(&mut body)?;
        let question = serde_json::from_slice(&body).map_err(io::Error::other)?;
        match question {
            Question::Load { module: path, pinned, init, network } => {
                let loaded = checked(&path.into_path(), pinned.as_deref(), init.as_deref(), network);
                reply(&mut socket, header.question, keep(&mut module, loaded))?;
            }
            Question::LoadPiv { network } => {
                let loaded = fenced(network).and_then(|()| Loaded::piv());
                reply(&mut socket, header.question, keep(&mut module, loaded))?;
            }
            Question::List => {
                let answer = loaded(&mut module, Call::List).and_then(|module| module.list());
                reply(&mut socket, header.question, answer.map(Answer::Listed))?;
            }
            Question::Login { slot, expected, entry } => {
                let entry = follow_up_entry(&mut socket, entry)?;
                let answer = loaded(&mut module, Call::Login)
                    .and_then(|module| module.login(slot, expected.as_ref(), entry))
                    .map(Answer::LoggedIn);
                reply(&mut socket, header.question, answer)?;
            }
            Question::Sign { key, scheme, again } => {
                let again = again.map(|kind| follow_up_entry(&mut socket, kind)).transpose()?;
                let message = follow_up_message(&mut socket)?;
                match loaded(&mut module, Call::Sign)
                    .and_then(|module| module.sign(&key, scheme, &message, again))
                {
                    Ok(signature) => send(&mut socket, Kind::Signature, header.question, &signature)?,
                    Err(fault) => reply(&mut socket, header.question, Err(fault))?,
                }
            }
            Question::Generate { scheme, label, id } => {
                let answer = loaded(&mut module, Call::Generate)
                    .and_then(|module| module.generate(scheme, &label, &id.0));
                reply(&mut socket, header.question, answer.map(Answer::Generated))?;
            }
            Question::Evidence { key } => {
                let answer = loaded(&mut module, Call::List).and_then(|module| module.evidence(&key));
                reply(&mut socket, header.question, answer.map(Answer::Evidence))?;
            }
            Question::Attest { key } => {
                let answer = loaded(&mut module, Call::List).and_then(|module| module.attestation(&key));
                reply(&mut socket, header.question, answer.map(Answer::Attested))?;
            }
            Question::Readers => {
                let answer = loaded(&mut module, Call::List).and_then(|module| module.readers());
                reply(&mut socket, header.question, answer.map(Answer::Readers))?;
            }
            Question::Make { scheme, new } => {
                let answer = loaded(&mut module, Call::Generate).and_then(|module| module.make(scheme, new));
                reply(&mut socket, header.question, answer.map(Answer::Generated))?;
            }
            Question::Condition { slot, expected } => {
                let answer = loaded(&mut module, Call::List).and_then(|m| m.condition(slot, &expected));
                reply(&mut socket, header.question, answer.map(Answer::Condition))?;
            }
            Question::Told { slot, expected, key } => {
                let answer = loaded(&mut module, Call::List).and_then(|m| m.told(slot, &expected, &key));
                reply(
                    &mut socket,
                    header.question,
                    answer.map(|(said, certified)| Answer::Told(said, certified)),
                )?;
            }
            Question::Prepare { slot, expected, new_pin, new_puk } => {
                let pin = follow_up_secret(&mut socket)?;
                let pin = if new_pin { OwnPin::New(pin) } else { OwnPin::Kept(pin) };
                let puk = new_puk.then(|| follow_up_secret(&mut socket)).transpose()?;
                let answer = loaded(&mut module, Call::Change)
                    .and_then(|module| module.prepare(slot, &expected, Preparation { pin, puk }));
                reply(&mut socket, header.question, answer.map(Answer::Prepared))?;
            }
            Question::Unblock { slot, expected } => {
                let puk = follow_up_secret(&mut socket)?;
                let pin = follow_up_secret(&mut socket)?;
                let answer = loaded(&mut module, Call::Change)
                    .and_then(|module| module.unblock(slot, &expected, puk, pin));
                reply(&mut socket, header.question, answer.map(Answer::Unblocked))?;
            }
            Question::Close => {
                if let Some(module) = module.take() {
                    module.close();
                }
                return reply(&mut socket, header.question, Ok(Answer::Closed));
            }
        }
    }
}

fn keep(module: &mut Option<Loaded>, loaded: Result<Loaded, TokenFault>) -> Result<Answer, TokenFault> {
    let facts = loaded.map(|loaded| module.insert(loaded).facts())??;
    Ok(Answer::Loaded(facts))
}

/// A process without a network is fenced before any code of others runs.
fn fenced(network: bool) -> Result<(), TokenFault> {
    if network {
        return Ok(());
    }
    fence::forbid_network().map_err(|fault| TokenFault::NoFence { reason: fault.to_string() })
}

/// Loads the module if its file is the one that is pinned, behind a fence where it is to have no network.
fn checked(
    path: &Path,
    pinned: Option<&str>,
    init: Option<&str>,
    network: bool,
) -> Result<Loaded, TokenFault> {
    fenced(network)?;
    if let Some(pinned) = pinned {
        let module = path.display().to_string();
        let found = match files::read_capped(path, files::MODULE_FILE) {
            Ok(bytes) => Digest::of(&bytes).to_string(),
            Err(FilesFault::NotFound { .. }) => return Err(TokenFault::ModuleMissing { module }),
            Err(fault) => return Err(TokenFault::ModuleRefused { module, reason: fault.to_string() }),
        };
        if found != pinned {
            return Err(TokenFault::ModuleAltered { module, pinned: pinned.to_owned(), found });
        }
    }
    Loaded::module(path, init)
}

fn loaded(module: &mut Option<Loaded>, during: Call) -> Result<&mut Loaded, TokenFault> {
    module.as_mut().ok_or_else(|| TokenFault::Protocol { during, what: "no module is loaded".into() })
}

/// The next header, or `None` when the parent hung up between two questions.
fn next_header(socket: &mut UnixStream) -> io::Result<Option<Header>> {
    let mut bytes = [0; HEADER];
    let first = socket.read(&mut bytes)?;
    if first == 0 {
        return Ok(None);
    }
    socket.read_exact(&mut bytes[first..])?;
    Header::decode(bytes).map(Some).map_err(io::Error::other)
}

fn follow_up(socket: &mut UnixStream, kind: Kind) -> io::Result<usize> {
    match next_header(socket)? {
        Some(header) if header.kind == kind => Ok(header.length),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// What opens the token: a PIN goes from the socket straight into a locked page.
fn follow_up_entry(socket: &mut UnixStream, kind: EntryKind) -> io::Result<Entry> {
    if kind == EntryKind::Keypad {
        return Ok(Entry::Keypad);
    }
    follow_up_secret(socket).map(Entry::Pin)
}

fn follow_up_secret(socket: &mut UnixStream) -> io::Result<Pin> {
    let length = follow_up(socket, Kind::Pin)?;
    Pin::filled_by(length, |page| socket.read_exact(page))
}

/// The message, in the file that comes with its header.
fn follow_up_message(socket: &mut UnixStream) -> io::Result<Mapped> {
    let mut bytes = [0; HEADER];
    let (got, file) = message::receive_with(&*socket, &mut bytes)?;
    socket.read_exact(&mut bytes[got..])?;
    let header = Header::decode(bytes).map_err(io::Error::other)?;
    match file {
        Some(file) if header.kind == Kind::Message => Mapped::of(&file, header.length),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}

fn reply(socket: &mut UnixStream, question: u32, answer: Result<Answer, TokenFault>) -> io::Result<()> {
    let answer = answer.unwrap_or_else(Answer::Fault);
    let body = serde_json::to_vec(&answer).map_err(io::Error::other)?;
    send(socket, Kind::Answer, question, &body)
}

fn send(socket: &mut UnixStream, kind: Kind, question: u32, body: &[u8]) -> io::Result<()> {
    let header = Header { kind, question, length: body.len() };
    let header = header.encode().ok_or(io::ErrorKind::FileTooLarge)?;
    socket.write_all(&header)?;
    socket.write_all(body)
}
