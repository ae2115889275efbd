//! The key phase: tokens that got their PINs, keys that were made, and cards that were compared with their holders.

use std::sync::Arc;

use super::{Illegal, Phase, State};
use crate::materials::Materials;
use crate::places;
use crate::transcript::event::{CardCompared, KeyGenerated, TokenPrepared, TokenSeen};

impl State {
    pub(super) fn prepare(&mut self, prepared: &TokenPrepared) -> Result<(), Illegal> {
        self.check_to_be_made(&prepared.key)
    }

    /// A second key for one name takes the place of the first: the card decides which is used.
    pub(super) fn generate(&mut self, generated: &KeyGenerated) -> Result<(), Illegal> {
        self.check_to_be_made(&generated.key)?;
        self.generated.insert(generated.key.clone(), generated.clone());
        Ok(())
    }

    pub(super) fn compare(
        &mut self,
        compared: &CardCompared,
        materials: &dyn Materials,
    ) -> Result<(), Illegal> {
        let CardCompared { card, key } = compared;
        self.check_to_be_made(key)?;
        self.folder.keep(card, &places::card(key, self.basis.generation))?;
        let basis = Arc::make_mut(&mut self.basis);
        let found = basis.take_card(key, card, materials)?;
        if let Some(made) = self.generated.get(key).map(|g| g.fingerprint).filter(|made| *made != found) {
            return Err(Illegal::OtherKeyMade { key: key.clone(), card: found, made });
        }
        if basis.to_be_made().next().is_none() {
            self.phase = Phase::Sealing;
        }
        Ok(())
    }

    fn check_to_be_made(&self, key: &str) -> Result<(), Illegal> {
        if self.basis.to_be_made().any(|name| name == key) {
            return Ok(());
        }
        Err(Illegal::NotToBeMade { key: key.to_owned() })
    }

    /// Of the keys on a token only those are written down that may sign a draft.
    pub(super) fn see(&mut self, seen: &TokenSeen) -> Result<(), Illegal> {
        let may_sign = |key| self.authorities().any(|a| a.key(key).is_some());
        match seen.keys.iter().find(|key| !may_sign(**key)) {
            Some(key) => Err(Illegal::NotASigner { key: *key }),
            None => Ok(()),
        }
    }
}
