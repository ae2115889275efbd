//! Storing a step: its files on every device, then its line on every device. Only then has it happened.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::places::TRANSCRIPT;

use super::{Dossier, NewFile, Shelf, StoreFault};
use crate::files::Lock;

/// Writes one step down, and is used up by it.
#[derive(Debug)]
pub struct Pen<'d> {
    devices: &'d [Lock],
    shelf: &'d Shelf,
    text: &'d mut Vec<u8>,
    stopped: &'d mut bool,
    files: &'d [NewFile],
}

impl Dossier {
    /// Makes ready for a step with these files: what is stored, by which the engine judges it, and the pen that writes it down.
    pub fn step<'d>(&'d mut self, files: &'d [NewFile]) -> (&'d Shelf, Pen<'d>) {
        let Self { devices, shelf, text, stopped } = self;
        (shelf, Pen { devices, shelf, text, stopped, files })
    }
}

impl Pen<'_> {
    /// Stores the step with its line, which ends with a line end.
    ///
    /// # Errors
    /// [`StoreFault`]: the step has not happened. After every fault but `Files` the folder must be loaded again.
    pub fn store(self, line: &str) -> Result<(), StoreFault> {
        if *self.stopped {
            return Err(StoreFault::Stopped);
        }
        if !is_one_line(line) {
            return Err(StoreFault::NotALine);
        }
        for device in self.devices {
            for file in self.files {
                device.keep(&file.path, &file.bytes)?;
            }
        }
        // Until all of it is done nobody knows how far it went.
        *self.stopped = true;
        for (at, device) in self.devices.iter().enumerate() {
            device.append(TRANSCRIPT, self.text, line.as_bytes()).map_err(|fault| match at {
                0 => StoreFault::Line(fault),
                _ => StoreFault::OnOneDevice {
                    stored: self.devices[0].folder().path().to_owned(),
                    missing: device.folder().path().to_owned(),
                    source: fault,
                },
            })?;
        }
        *self.stopped = false;
        self.text.extend_from_slice(line.as_bytes());
        for file in self.files {
            let sha256 = Digest::of(&file.bytes);
            self.devices.iter().for_each(|device| self.shelf.add_one(device.folder(), &file.path, sha256));
        }
        Ok(())
    }
}

pub(super) fn is_one_line(line: &str) -> bool {
    line.len() > 1 && line.find('\n') == Some(line.len() - 1)
}

#[cfg(test)]
mod tests;
