//! Before the last try of a PIN, and at a locked one: stopping comes first, with what the quorum is without her; then the PUK; then,
//! while there is a try, the typed override (DESIGN 9).

use tuf_ceremony::forecast;
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::state::State;
use tuf_ceremony::transcript::event::{Event, TokenLocked};

use super::answers;
use crate::desk::ask::OpenToken;
use crate::desk::attention::Attention;
use crate::desk::seat::Wish;
use crate::desk::table::Table;
use crate::desk::{DeskFault, plain};
use crate::operator::clean::identifier;
use crate::operator::wording::{self, visiting as said};
use crate::report::columns::sentence;
use crate::report::{self, NAME, Names};
use crate::token::PinTries;

/// How the name of a card begins that this program unblocks itself.
const CARD: &str = "piv:";

impl OpenToken<'_> {
    /// What the token says of its tries, where she is asked step by step.
    pub(in crate::desk) fn tries_in_order(
        &mut self,
        table: &mut Table,
        her: &Wish<'_>,
        with: &mut Attention<'_, '_>,
    ) -> Result<(), DeskFault> {
        let Some(tries) = (if self.opened { None } else { self.signer.tries() }) else { return Ok(()) };
        let token = self.signer.name();
        match tries {
            PinTries::Unsaid | PinTries::Low | PinTries::Left(_) => {
                return Ok(sentence(with.screen, 0, &wording::tries(&tries.to_string()))?);
            }
            PinTries::Last => sentence(with.screen, 0, &wording::last_try(&token))?,
            PinTries::Locked => {
                sentence(with.screen, 0, &said::locked(&token))?;
                let (person, token) = (her.person.to_owned(), self.signer.uri());
                table.take(&Event::TokenLocked(TokenLocked { person, token }).into())?;
            }
        }
        let gone: Vec<Fingerprint> = self.signer.keys().iter().map(|held| held.key).collect();
        for line in without(table.state(), &gone, her.names) {
            sentence(with.screen, 2, &line)?;
        }
        with.screen.blank()?;
        let taken = match tries {
            PinTries::Last => {
                answers::pick(said::WHAT_NOW, [said::STOP_IS_SAFE, said::UNBLOCK, said::USE_LAST_TRY], with)?
            }
            _ => answers::pick(said::WHAT_NOW, [said::STOP_IS_SAFE, said::UNBLOCK], with)?,
        };
        match taken {
            0 => Err(DeskFault::StoppedHere),
            1 => {
                let uri = self.signer.uri();
                let card = uri.starts_with(CARD).then_some(uri);
                let how =
                    card.as_deref().map_or_else(|| said::HOW_TO_UNBLOCK.to_owned(), said::how_to_unblock);
                sentence(with.screen, 0, &how)?;
                with.screen.blank()?;
                Err(DeskFault::Unblock { token, is_card: card.is_some() })
            }
            _ => {
                with.screen.line(&wording::to_go_on_type())?;
                let typed = with.person.type_line(wording::ANSWER)?;
                if plain(&typed) == plain(wording::LAST_TRY) { Ok(()) } else { Err(DeskFault::StoppedHere) }
            }
        }
    }
}

/// What each draft that is not final has and can still get without the keys on her token, a line for each side.
fn without(state: &State, gone: &[Fingerprint], names: &Names) -> Vec<String> {
    let keys = state.plan_keys();
    let is_open = |letter: &str| state.lettered(letter).is_some_and(|draft| draft.final_file().is_none());
    let mut told = Vec::new();
    for outlook in forecast::now(state).into_iter().filter(|outlook| is_open(&outlook.letter)) {
        let others = outlook.keys.iter().filter(|key| keys.get(*key).is_none_or(|key| !gone.contains(key)));
        let others: Vec<String> = others
            .map(|key| {
                let named = names.of(keys.get(key).copied(), None);
                named.map_or_else(|| identifier(key, NAME), |named| named.quoted())
            })
            .collect();
        let role = report::role_name(&outlook.role);
        told.push(said::without_her(
            &said::side(&outlook.letter, &role, outlook.side),
            (outlook.valid, outlook.needed),
            &others.join(", "),
            outlook.valid + others.len() as u64 >= outlook.needed,
        ));
    }
    told
}
