//! The key phase: for each key that is to be made, which token makes it, or holds it already, and its card.

use clap::ValueEnum as _;

use super::tokens::Wish;
use super::words::Words;
use super::{Halt, Runner};
use crate::cli::NewScheme;
use crate::operator::clean::cell;
use crate::operator::wording::guided as said;
use crate::report::CLAUSE;
use crate::token::TokenUri;

impl Runner<'_> {
    /// Makes a key, unless one was made for it here, and then its card.
    pub(super) fn make_key(&mut self, key: &str) -> Result<(), Halt> {
        let glance = self.look()?;
        let made = glance.state().generated(key).map(|made| made.token.clone());
        let is_made = made.is_some();
        if let Some(token) = made {
            let answers = answers(&token);
            self.say(&said::key_is_here(&cell(&token, CLAUSE)))?;
            match self.ask(&said::key_was_made(key), &answers)? {
                0 => return self.make_card(key, &token),
                1 => {}
                _ => return Ok(()),
            }
        }
        self.say(said::TOKEN_FOR_THE_KEY)?;
        self.wait(said::ENTER_WHEN_IT_IS_IN)?;
        let Some(seen) = self.which_token()? else { return Ok(()) };
        match self.what_of(&seen.slot, is_made)? {
            Wish::NewKey => {}
            Wish::CardOf(token) => {
                // The PIN that a card came with opens it for its preparing alone.
                return if self.readied(&seen, key, false)? { self.make_card(key, &token) } else { Ok(()) };
            }
            Wish::Nothing => return Ok(()),
        }
        if !self.readied(&seen, key, true)? {
            return Ok(());
        }
        let (token, is_card) = (TokenUri::naming(&seen.slot, None).to_string(), seen.slot.is_card());
        let schemes: Vec<String> = kinds(is_card).iter().map(scheme).collect();
        let choices: Vec<String> = schemes.iter().map(|name| said::scheme(name, is_card)).collect();
        let at = self.ask(said::WHICH_SCHEME, &choices)?;
        let mut words =
            Words::of(&["key", "generate"]).option("--token", token).option("--scheme", &schemes[at]);
        // The slots of cards have names already.
        if !is_card {
            words = words.option("--label", self.ask_text(said::LABEL_OF_THE_KEY)?);
        }
        let words = words.option("--into", &self.access.folder).option("--key", key).module(&self.module);
        if !self.type_in(self.with_access(words))?.is_done() {
            return Ok(());
        }
        let glance = self.look()?;
        match glance.state().generated(key).map(|made| made.token.clone()) {
            Some(token) => self.make_card(key, &token),
            None => Ok(()),
        }
    }

    fn make_card(&mut self, key: &str, token: &str) -> Result<(), Halt> {
        self.say(said::NOW_ITS_CARD)?;
        let words = Words::of(&["key", "card"])
            .option("--token", token)
            .option("--into", &self.access.folder)
            .option("--key", key)
            .roots(&self.roots)
            .module(&self.module);
        self.type_in(self.with_access(words)).map(drop)
    }
}

/// What may be done where a key was made before, by the URI of the first one.
fn answers(token: &str) -> [String; 3] {
    let is_on_a_card = TokenUri::from_command_line(token).is_ok_and(|token| token.is_piv());
    let another = if is_on_a_card { said::ANOTHER_KEY_OF_A_CARD } else { said::ANOTHER_KEY };
    [said::CARD_OF_THAT_KEY, another, said::BACK].map(str::to_owned)
}

/// Kinds of keys that a token may make. Cards make no others, and Ed25519 only on new firmware and for short documents.
fn kinds(is_card: bool) -> &'static [NewScheme] {
    if is_card {
        &[NewScheme::P256, NewScheme::P384, NewScheme::Rsa, NewScheme::Ed25519]
    } else {
        NewScheme::value_variants()
    }
}

/// The name of a scheme, as `key generate` takes it.
fn scheme(scheme: &NewScheme) -> String {
    scheme.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_key_is_not_said_to_leave_the_first_one_where_a_card_makes_it_in_the_same_slot() {
        let lost = |token: &str| answers(token).iter().any(|answer| answer.contains("lost for ever"));
        let stays = |token: &str| answers(token).iter().any(|answer| answer.contains("stays on its token"));
        for (token, is_on_a_card) in
            [("piv:serial=12345678;slot=9c", true), ("pkcs11:token=alice;object=root;id=%01", false)]
        {
            assert_eq!((lost(token), stays(token)), (is_on_a_card, !is_on_a_card), "{token}");
        }
    }

    #[test]
    fn a_card_is_offered_what_it_makes_and_first_what_signs_documents_of_any_length() {
        let offered: Vec<String> = kinds(true).iter().map(scheme).collect();
        let expected = ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "rsassa-pss-sha256", "ed25519"];
        assert_eq!(offered, expected);
        assert_eq!(kinds(false).len(), NewScheme::value_variants().len());
    }
}
