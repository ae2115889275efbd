//! `conclave key check`: cards are read and their proofs verified; with a token, its key signs a fresh test of which nothing
//! is kept.

use std::path::{Path, PathBuf};

use serde::Serialize;
use tuf_ceremony::card::Card;
use tuf_ceremony::limits::SMALL_FILE;

use super::card::CardFacts;
use super::fault::told;
use super::{Held, Reached, close, file, reach};
use crate::chance;
use crate::cli::{ModuleChoice, Output};
use crate::commands::{Outcome, reading};
use crate::desk::keys::card::{Whose, test};
use crate::desk::keys::{Sitting, Usable, the_key};
use crate::desk::unshown;
use crate::fault::Fault;
use crate::files;
use crate::operator::Operator;
use crate::operator::clean::{quoted_path, visible_path};
use crate::operator::json::print_json;
use crate::operator::screen::Screen;
use crate::operator::wording::{ceremony, keys as said};
use crate::report::{self, attested::Judging};

/// What was asked.
pub(crate) struct Request {
    pub cards: Vec<PathBuf>,
    /// Where the key is that is to be tested.
    pub held: Option<Held>,
    /// By what attestations are judged.
    pub judging: Judging,
    pub module: ModuleChoice,
}

#[derive(Serialize)]
struct Facts {
    cards: Vec<CardFacts>,
    tested: Option<Tested>,
}

#[derive(Serialize)]
struct Tested {
    held_by: String,
    fingerprint: String,
}

/// Reads the cards, and tests the token.
pub(crate) fn run(
    request: &Request,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Outcome, Fault> {
    reading::few_enough(&request.cards)?;
    if request.held.is_some() && request.cards.len() > 1 {
        return Err(Fault::usage(said::ONE_CARD_A_TEST).now(said::NAME_ONE_CARD));
    }
    let cards = request.cards.iter().map(|path| read(path)).collect::<Result<Vec<_>, _>>()?;
    let shown = request.cards.iter().zip(&cards).filter(|_| !output.json);
    for (path, card) in shown {
        report::card::card(screen, &quoted_path(path), card, &request.judging)?;
        screen.blank()?;
    }
    let tested = match (&request.held, cards.as_slice()) {
        (Some(Held::Token(token)), [card]) => {
            Some(tested(token, &request.module, card, person, screen, output)?)
        }
        (Some(Held::File(path, passphrase)), [card]) => {
            file::test(path, passphrase, card, person, screen)?;
            let fingerprint = card.key().fingerprint().to_string();
            Some(Tested { held_by: visible_path(path).into_owned(), fingerprint })
        }
        _ => None,
    };
    if output.json {
        let facts = request
            .cards
            .iter()
            .zip(&cards)
            .map(|(path, card)| CardFacts::of(card, Some(path), &request.judging));
        print_json(&Facts { cards: facts.collect(), tested })?;
    }
    Ok(Outcome::Done)
}

/// A card whose proof holds.
pub(in crate::commands) fn read(path: &Path) -> Result<Card, Fault> {
    let bytes = files::read_capped(path, SMALL_FILE.most as u64)?;
    Card::read(&bytes).map_err(|fault| {
        Fault::refused(said::bad_card(&quoted_path(path))).because(&fault).now(said::ASK_FOR_ANOTHER_CARD)
    })
}

fn tested(
    token: &str,
    module: &ModuleChoice,
    card: &Card,
    person: &mut dyn Operator,
    screen: &mut Screen<'_>,
    output: Output,
) -> Result<Tested, Fault> {
    let fingerprint = card.key().fingerprint();
    let Reached { mut drivers, seen, wanted } = reach(token, module)?;
    let named = unshown::on_token(card, &seen, &wanted).map_err(|fault| told(fault.into(), ""))?;
    let key = match named.as_ref().and_then(Usable::named) {
        Some(named) => named,
        None => the_key(&seen.slot, &wanted, |key| key.fingerprint() == fingerprint)
            .map_err(|fault| told(fault, ""))?,
    };
    let nonce = chance::bytes();
    let nonce = nonce.map_err(|fault| {
        Fault::files(ceremony::NO_CHANCE).because(&fault).now(ceremony::START_AGAIN_LATER)
    })?;
    let host = drivers.host_mut(&seen.driver).map_err(|fault| told(fault.into(), ""))?;
    let whose = Whose { holders: card.holders().to_vec(), rehearsal: card.is_rehearsal() };
    test(&mut Sitting { host, slot: &seen.slot, person, screen }, &key, &whose, &nonce)
        .map_err(|fault| told(fault, &drivers.chatter()))?;
    close(drivers, output)?;
    let name = seen.slot.name().to_string();
    screen.line(&said::token_signs(&name))?;
    Ok(Tested { held_by: name, fingerprint: fingerprint.to_string() })
}
