//! The way between a card and vpcd: two bytes of length, then a command or an answer; commands of one byte are about power.
//!
//! vpcd listens on every interface of its network, so it runs in a network of its own with nothing but a loopback. The card
//! stays outside, with the test; a process inside ([`relay`]) connects the two whenever the card goes into the reader.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::linux::net::TcpStreamExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::card::{ATR, Card};

/// Sent to the relay when the card goes into the reader.
const PLUG: u8 = b'p';

/// How often a card that has nothing to do looks whether it was taken out.
const LOOK: Duration = Duration::from_millis(20);

const POWER_OFF: u8 = 0;
const RESET: u8 = 2;
const ASK_ATR: u8 = 4;

/// Speaks for `card` to the relays that come to `listener`, until `stop` or the relay is gone.
pub(crate) fn serve(card: &Card, listener: &UnixListener, stop: &Arc<AtomicBool>) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    while !stop.load(Ordering::Relaxed) {
        let mut relay = match listener.accept() {
            Ok((relay, _)) => relay,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                thread::sleep(LOOK);
                continue;
            }
            Err(error) => return Err(error),
        };
        relay.set_nonblocking(false)?;
        while !card.inserted_within(LOOK) {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
        }
        // An end of the conversation, whoever brings it about, is a card that left the reader.
        let _ = relay.write_all(&[PLUG]).and_then(|()| converse(card, &mut relay, stop));
        let _ = relay.shutdown(Shutdown::Both);
        card.power_off();
    }
    Ok(())
}

fn converse(card: &Card, relay: &mut UnixStream, stop: &AtomicBool) -> io::Result<()> {
    relay.set_read_timeout(Some(LOOK))?;
    loop {
        let mut length = [0; 2];
        match relay.read(&mut length[..1]) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                if stop.load(Ordering::Relaxed) || !card.is_inserted() {
                    return Ok(());
                }
                continue;
            }
            Err(error) => return Err(error),
        }
        relay.set_read_timeout(None)?;
        relay.read_exact(&mut length[1..])?;
        let mut message = vec![0; u16::from_be_bytes(length).into()];
        relay.read_exact(&mut message)?;
        relay.set_read_timeout(Some(LOOK))?;
        let answer = match message.as_slice() {
            [ASK_ATR] => Some(ATR.to_vec()),
            [POWER_OFF] => {
                card.power_off();
                continue;
            }
            [RESET] => {
                card.reset_by_reader();
                continue;
            }
            [_] => continue,
            command => card.transmit(command),
        };
        let Some(answer) = answer.filter(|_| card.is_inserted()) else { return Ok(()) };
        let length = u16::try_from(answer.len()).map_err(io::Error::other)?;
        relay.write_all(&[&length.to_be_bytes(), answer.as_slice()].concat())?;
    }
}

/// The other side: connects the card at `socket` with vpcd at `port` each time the card says so. Ends only with an error,
/// which is how it notices that the card's program is gone.
///
/// # Errors
/// The card's socket cannot be reached.
pub fn relay(socket: &Path, port: u16) -> io::Result<()> {
    loop {
        let mut card = UnixStream::connect(socket)?;
        let mut said = [0];
        card.read_exact(&mut said)?;
        // vpcd opens its port a moment after pcscd starts.
        let Some(reader) = (0..100).find_map(|_| {
            let found = TcpStream::connect(("127.0.0.1", port)).ok();
            if found.is_none() {
                thread::sleep(Duration::from_millis(50));
            }
            found
        }) else {
            return Err(io::Error::other(format!("nothing listens on port {port}")));
        };
        reader.set_nodelay(true)?;
        thread::scope(|scope| {
            scope.spawn(|| to_reader(&card, &reader));
            to_card(&reader, &card);
        });
    }
}

fn to_reader(mut card: &UnixStream, mut reader: &TcpStream) {
    let _ = io::copy(&mut card, &mut reader);
    let _ = reader.shutdown(Shutdown::Both);
}

fn to_card(mut reader: &TcpStream, mut card: &UnixStream) {
    let mut some = [0; 4096];
    loop {
        // vpcd sends the length and the rest one after the other and waits for the first to be acknowledged, which the
        // kernel puts off for 40 ms unless it is told each time not to.
        let _ = reader.set_quickack(true);
        match reader.read(&mut some) {
            Ok(read @ 1..) if card.write_all(&some[..read]).is_ok() => {}
            _ => break,
        }
    }
    let _ = card.shutdown(Shutdown::Both);
}
