//! A key card as people read it: whose key, on which token, what the token says of it, and what of that is odd.

use tuf_ceremony::card::{Card, Evidence};

use super::attested::{self, Judging};
use super::columns::{fact, sentence};
use super::evidence::{odd, told};
use super::{CLAUSE, NAME, fingerprint};
use crate::operator::clean::{cell, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::keys as said;

/// A card whose proof was verified.
///
/// # Errors
/// As [`Screen::line`].
pub fn card(screen: &mut Screen<'_>, file: &str, card: &Card, judging: &Judging) -> Result<(), ScreenFault> {
    screen.heading(&said::card_in(file))?;
    whose(screen, card.holders(), card.is_rehearsal())?;
    fact(screen, said::TOKEN, &card.token().map_or(said::NO_TOKEN.to_owned(), |uri| cell(uri, CLAUSE)))?;
    fact(screen, said::SCHEME, card.key().scheme().name())?;
    fact(screen, said::KIND, &card.key().kind())?;
    fact(screen, said::FINGERPRINT, "")?;
    fingerprint(screen, card.key().fingerprint())?;
    fact(screen, said::PROOF, said::PROOF_HOLDS)?;
    evidence(screen, card.evidence())?;
    judging.of(card).map_or(Ok(()), |found| attested::home(screen, &found))
}

/// Whose key it is.
///
/// # Errors
/// As [`Screen::line`].
pub fn whose(screen: &mut Screen<'_>, holders: &[String], rehearsal: bool) -> Result<(), ScreenFault> {
    let names: Vec<String> = holders.iter().map(|name| quoted(name, NAME)).collect();
    let names = if names.is_empty() { said::A_MACHINE.to_owned() } else { names.join(", ") };
    fact(screen, said::HOLDER, &names)?;
    if rehearsal {
        fact(screen, said::MARK, said::REHEARSAL)?;
    }
    Ok(())
}

/// What the token says of the key, and what is odd about it.
///
/// # Errors
/// As [`Screen::line`].
pub fn evidence(screen: &mut Screen<'_>, evidence: Option<&Evidence>) -> Result<(), ScreenFault> {
    if let Some(evidence) = evidence {
        screen.line(said::THE_TOKEN_SAYS)?;
        for (name, value) in told(evidence) {
            sentence(screen, 4, &format!("{}: {}", cell(&name, NAME), cell(&value, NAME)))?;
        }
    }
    for odd in odd(evidence) {
        sentence(screen, 2, odd.sentence())?;
    }
    Ok(())
}
