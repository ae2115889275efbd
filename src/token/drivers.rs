//! Several modules of one machine, and what they show together: one key through several drivers is one candidate.
//!
//! Promises: only one module's process lives at a time, because some software tokens are damaged by two (SoftHSM2 races); the
//! drivers are asked in their order; one that fails does not hide the others; a key is told by its public half and its
//! token's serial, never by label, id or slot (DESIGN 8).

use std::path::PathBuf;

use tuf_ceremony::key::Fingerprint;

use super::driver::Driver;
use super::facts::{ModuleFacts, SlotFacts, TokenKey, TokenName};
use super::fault::TokenFault;
use super::host::{Deadlines, ExitWarning, Host};
use super::uri::TokenUri;

/// The modules that a person or a machine's profile names.
pub struct Drivers {
    program: PathBuf,
    deadlines: Deadlines,
    drivers: Vec<Driver>,
    live: Option<(String, Host)>,
}

/// A slot with a token, as one driver shows it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The driver's name.
    pub driver: String,
    /// What it says about itself.
    pub module: ModuleFacts,
    /// The slot.
    pub slot: SlotFacts,
}

/// A driver that showed nothing.
#[derive(Debug, Clone)]
pub struct Silent {
    /// The driver's name.
    pub driver: String,
    /// Why.
    pub fault: TokenFault,
    /// What it printed, cut; untrusted text.
    pub chatter: String,
}

/// What all drivers show.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Every slot with a token, in the order of the drivers; a token that two drivers show stands here twice.
    pub seen: Vec<Seen>,
    /// Drivers that answered, with what each says about itself.
    pub asked: Vec<(String, ModuleFacts)>,
    /// Drivers that did not.
    pub silent: Vec<Silent>,
    /// Drivers that did not end well after they were asked.
    pub warnings: Vec<ExitWarning>,
}

/// Whether a token showed a key before anything was asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Showing {
    /// Its public half is there.
    Shown,
    /// A card names the token by its serial, and the token does not show the key.
    Named,
}

/// One key on one token, through the first driver that shows it.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The driver to use.
    pub driver: String,
    /// The token's slot, as that driver numbers it.
    pub slot: SlotFacts,
    /// The key.
    pub key: TokenKey,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// Further drivers that show the same key on the same token.
    pub also: Vec<String>,
    /// Whether the token showed the key.
    pub showing: Showing,
}

impl Candidate {
    /// Whether both are on one token: in one slot of one driver, or told by the serial where the drivers are two. A name is no
    /// proof: some modules give all their tokens the same.
    #[must_use]
    pub fn is_beside(&self, other: &Candidate) -> bool {
        is_one_token((&self.driver, &self.slot), (&other.driver, &other.slot))
    }
}

impl Seen {
    /// Whether both are one token, as [`Candidate::is_beside`] tells it.
    #[must_use]
    pub fn is_the_token_of(&self, other: &Seen) -> bool {
        is_one_token((&self.driver, &self.slot), (&other.driver, &other.slot))
    }
}

fn is_one_token((driver, slot): (&str, &SlotFacts), (other_driver, other): (&str, &SlotFacts)) -> bool {
    if driver == other_driver { slot.slot == other.slot } else { slot.is_same_token(other) }
}

impl Drivers {
    /// These modules, run by our own program.
    #[must_use]
    pub fn of(drivers: Vec<Driver>) -> Self {
        Self::run_by(Host::own_program(), drivers, Deadlines::default())
    }

    /// The same, run by `program` with these deadlines.
    #[must_use]
    pub fn run_by(program: PathBuf, drivers: Vec<Driver>, deadlines: Deadlines) -> Self {
        Self { program, deadlines, drivers, live: None }
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.drivers.iter().map(|driver| driver.name.as_str())
    }

    /// Those whose processes may open internet sockets.
    pub fn with_network(&self) -> impl Iterator<Item = &str> {
        self.drivers.iter().filter(|driver| driver.network).map(|driver| driver.name.as_str())
    }

    /// Those that the profile allows a network, and this step does not.
    pub fn without_their_network(&self) -> impl Iterator<Item = &str> {
        self.drivers.iter().filter(|driver| driver.network_withheld).map(|driver| driver.name.as_str())
    }

    /// Asks every module, one after the other. The last one stays up.
    pub fn list(&mut self) -> Listing {
        let mut listing = Listing::default();
        for name in self.drivers.iter().map(|driver| driver.name.clone()).collect::<Vec<_>>() {
            if let Err(warning) = self.leave_for(&name) {
                listing.warnings.push(warning);
            }
            let asked = self.host_mut(&name).and_then(|host| {
                let slots = host.list()?;
                Ok((host.module().clone(), slots))
            });
            match asked {
                Ok((module, slots)) => {
                    let seen = |slot| Seen { driver: name.clone(), module: module.clone(), slot };
                    listing.seen.extend(slots.into_iter().map(seen));
                    listing.asked.push((name, module));
                }
                Err(fault) => {
                    let driver = self.drivers.iter().find(|driver| driver.name == name);
                    let fault = driver.map_or(fault.clone(), |driver| driver.explained(fault));
                    let chatter = self.live.take().map(|(_, host)| host.chatter()).unwrap_or_default();
                    listing.silent.push(Silent { driver: name, fault, chatter });
                }
            }
        }
        listing
    }

    /// The process of this driver; another one is ended first.
    ///
    /// # Errors
    /// [`TokenFault::NoDriver`], or what [`Host::spawn`] fails with.
    pub fn host_mut(&mut self, driver: &str) -> Result<&mut Host, TokenFault> {
        if self.live.as_ref().is_none_or(|(name, host)| name != driver || host.is_over()) {
            let found = self.drivers.iter().find(|known| known.name == driver);
            let found = found.ok_or_else(|| TokenFault::NoDriver { name: driver.to_owned() })?;
            if let Some((_, host)) = self.live.take() {
                // Whatever it answered stands; a bad end of a module that is left is told by `list` and `close`.
                let _ = host.close();
            }
            let host = Host::spawn(&self.program, found, self.deadlines)?;
            self.live = Some((driver.to_owned(), host));
        }
        Ok(self.live.as_mut().map(|(_, host)| host).expect("it is up, or was just started"))
    }

    /// The process that can reach a candidate, after its token was read again: other slot numbers, other flags and another
    /// token are seen here. To be called before any PIN is asked for, and again after a fault that ended the process.
    ///
    /// # Errors
    /// What [`Host::spawn`] and [`Host::list`] fail with; [`TokenFault::NoSuchToken`] when the key is not there any more.
    pub fn reach(&mut self, candidate: &mut Candidate) -> Result<&mut Host, TokenFault> {
        let host = self.host_mut(&candidate.driver)?;
        let slots = host.list()?;
        let wanted = candidate.slot.name();
        let shows =
            |slot: &SlotFacts| slot.keys.iter().any(|key| key.fingerprint() == Some(candidate.fingerprint));
        let holds =
            |slot: &&SlotFacts| slot.name() == wanted && (candidate.showing == Showing::Named || shows(slot));
        match slots.iter().find(holds) {
            Some(slot) => {
                candidate.showing = if shows(slot) { Showing::Shown } else { candidate.showing };
                candidate.slot = slot.clone();
                if candidate.showing == Showing::Named {
                    candidate.slot.keys.push(candidate.key.clone());
                }
                Ok(host)
            }
            None => Err(TokenFault::NoSuchToken {
                wanted: TokenUri::naming(&candidate.slot, Some(&candidate.key)).to_string(),
                present: slots.iter().map(SlotFacts::name).collect(),
            }),
        }
    }

    /// The same token in a new process of its driver, after it was missed: with all of these keys, whatever its slot's number is now.
    ///
    /// # Errors
    /// What [`Host::spawn`] and [`Host::list`] fail with; [`TokenFault::NoSuchToken`] when it is not there.
    pub fn again(
        &mut self,
        driver: &str,
        slot: &SlotFacts,
        keys: &[Fingerprint],
    ) -> Result<SlotFacts, TokenFault> {
        if let Some((_, host)) = self.live.take() {
            // What it answered stands; how a module ends that missed its token tells nothing.
            let _ = host.close();
        }
        let slots = self.host_mut(driver)?.list()?;
        let shows = |slot: &SlotFacts, key: &Fingerprint| {
            slot.keys.iter().any(|shown| shown.fingerprint() == Some(*key))
        };
        let same = |now: &&SlotFacts| now.name() == slot.name() && keys.iter().all(|key| shows(now, key));
        slots.iter().find(same).cloned().ok_or_else(|| TokenFault::NoSuchToken {
            wanted: TokenUri::naming(slot, None).to_string(),
            present: slots.iter().map(SlotFacts::name).collect(),
        })
    }

    /// What the module that is up printed so far, cut; untrusted text.
    #[must_use]
    pub fn chatter(&self) -> String {
        self.live.as_ref().map(|(_, host)| host.chatter()).unwrap_or_default()
    }

    /// Lets the module that is up finish.
    ///
    /// # Errors
    /// Only a warning: whatever was answered before stands.
    pub fn close(self) -> Result<(), ExitWarning> {
        self.live.map_or(Ok(()), |(_, host)| host.close())
    }

    fn leave_for(&mut self, next: &str) -> Result<(), ExitWarning> {
        match self.live.take() {
            Some((name, host)) if name != next => host.close(),
            same => {
                self.live = same;
                Ok(())
            }
        }
    }
}

impl Listing {
    /// The one token that `wanted` describes; through the first driver that shows it.
    ///
    /// # Errors
    /// [`TokenFault::NoSuchToken`] or [`TokenFault::AmbiguousToken`], naming what is there; where nothing fits because a
    /// module failed, that fault, with what the module printed.
    pub fn choose(&self, wanted: &TokenUri) -> Result<&Seen, (TokenFault, String)> {
        let mut found: Vec<&Seen> = Vec::new();
        for seen in self.seen.iter().filter(|seen| wanted.fits_slot(&seen.module, &seen.slot)) {
            if !found.iter().any(|known| known.driver != seen.driver && known.slot.is_same_token(&seen.slot))
            {
                found.push(seen);
            }
        }
        match (found.as_slice(), self.silent.first()) {
            ([only], _) => Ok(only),
            ([], Some(silent)) => Err((silent.fault.clone(), silent.chatter.clone())),
            ([], None) => {
                // A card that is held tells no serial: it may be the one that is meant.
                if let Some(reader) = self.held_in().filter(|_| wanted.is_piv()) {
                    return Err((TokenFault::CardHeld { reader }, String::new()));
                }
                let present = self.seen.iter().map(|seen| seen.slot.name()).collect();
                Err((TokenFault::NoSuchToken { wanted: wanted.to_string(), present }, String::new()))
            }
            (several, _) => {
                let candidates = several.iter().map(|seen| seen.slot.name()).collect();
                Err((TokenFault::AmbiguousToken { wanted: wanted.to_string(), candidates }, String::new()))
            }
        }
    }

    /// The reader whose card another program has for itself.
    #[must_use]
    pub fn held_in(&self) -> Option<String> {
        self.seen.iter().find_map(|seen| seen.slot.held_in())
    }

    /// Every key that can stand in metadata on every token that `wanted` fits, each once however many drivers show it.
    #[must_use]
    pub fn candidates(&self, wanted: &TokenUri) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for seen in self.seen.iter().filter(|seen| wanted.fits_slot(&seen.module, &seen.slot)) {
            for key in seen.slot.keys.iter().filter(|key| wanted.fits_key(key)) {
                let Some(fingerprint) = key.fingerprint() else { continue };
                let same = found
                    .iter_mut()
                    .find(|known| known.fingerprint == fingerprint && known.slot.is_same_token(&seen.slot));
                match same {
                    Some(known) => {
                        if known.driver != seen.driver && !known.also.contains(&seen.driver) {
                            known.also.push(seen.driver.clone());
                        }
                    }
                    None => found.push(Candidate {
                        driver: seen.driver.clone(),
                        slot: seen.slot.clone(),
                        key: key.clone(),
                        fingerprint,
                        also: Vec::new(),
                        showing: Showing::Shown,
                    }),
                }
            }
        }
        found
    }

    /// The one token that holds the key.
    ///
    /// # Errors
    /// [`TokenFault::KeyNowhere`], [`TokenFault::KeyOnSeveralTokens`], naming what is there.
    pub fn holding(&self, wanted: &TokenUri, key: Fingerprint) -> Result<Candidate, TokenFault> {
        let mut found = self.candidates(wanted);
        found.retain(|candidate| candidate.fingerprint == key);
        let tokens = |all: &mut dyn Iterator<Item = &SlotFacts>| -> Vec<TokenName> {
            let mut names: Vec<TokenName> = Vec::new();
            for name in all.map(SlotFacts::name) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            names
        };
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => Err(TokenFault::KeyNowhere {
                key: key.to_string(),
                tokens: tokens(&mut self.seen.iter().map(|seen| &seen.slot)),
            }),
            _ => Err(TokenFault::KeyOnSeveralTokens {
                key: key.to_string(),
                tokens: tokens(&mut found.iter().map(|candidate| &candidate.slot)),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::facts::tests::a_slot;
    use super::*;

    #[test]
    fn tokens_with_one_name_are_several_and_one_token_through_two_drivers_is_one() {
        let (one, other) = (a_slot(0, "PIV_II", "00000000"), a_slot(1, "PIV_II", "00000000"));
        assert!(!is_one_token(("opensc", &one), ("opensc", &other)), "one name tells nothing");
        assert!(!is_one_token(("opensc", &one), ("again", &one)), "nor does a serial of zeros");
        let (here, there) = (a_slot(0, "alice", "7"), a_slot(5, "alice", "7"));
        assert!(is_one_token(("one", &here), ("two", &there)));
        assert!(
            !is_one_token(("one", &here), ("one", &there)),
            "one driver that shows a serial twice has two"
        );
    }
}
