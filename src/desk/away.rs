//! A token that is gone between consent and signature, or lost its connection, and that nothing was asked of: she puts it back in and
//! goes on at the same question. Where a signature may exist or a try may be used, nobody goes on here: the attempt ends, and that
//! is told.

use super::ask::OpenToken;
use super::attention::Attention;
use super::guided::pick;
use super::{DeskFault, plain};
use crate::operator::clean::cell;
use crate::operator::wording::{self, visiting as said};
use crate::report::CLAUSE;
use crate::report::columns::sentence;
use crate::token::TokenFault;

/// How often she is asked for the same token.
const TIMES: usize = 5;

impl OpenToken<'_> {
    /// Whether it is back and she goes on, with its PIN anew. `fault` is what was missed; where nobody can be asked it is the end.
    pub(super) fn is_put_back(
        &mut self,
        fault: &TokenFault,
        with: &mut Attention<'_, '_>,
    ) -> Result<bool, DeskFault> {
        with.screen.blank()?;
        sentence(with.screen, 0, wording::TOKEN_AWAY)?;
        sentence(with.screen, 2, &fault.to_string())?;
        with.screen.blank()?;
        for _ in 0..TIMES {
            if !self.says_it_is_back(with)? {
                return Ok(false);
            }
            match self.signer.come_back() {
                Ok(()) => {
                    // Its PIN is asked for again: what was typed before was not sent, or its session is gone.
                    self.opened = false;
                    if let Some(pins) = self.pins.as_mut() {
                        pins.begin_again();
                    }
                    // What it says of its tries may be something else by now.
                    self.tries(with)?;
                    return Ok(true);
                }
                Err(DeskFault::Token(_)) => {
                    sentence(with.screen, 0, &wording::not_back(&cell(&self.signer.name(), CLAUSE)))?
                }
                Err(other) => return Err(other),
            }
        }
        Ok(false)
    }

    fn says_it_is_back(&mut self, with: &mut Attention<'_, '_>) -> Result<bool, DeskFault> {
        if self.pins.is_some() {
            return Ok(pick(said::WHAT_NOW, [said::IT_IS_BACK, said::STOP_IS_SAFE], with)? == 0);
        }
        for _ in 0..3 {
            with.screen.together(&[wording::TO_GO_ON_WITH_IT_TYPE, wording::TO_STOP_TYPE])?;
            let Ok(typed) = with.person.type_back(wording::ANSWER, wording::BACK_IN) else { break };
            match plain(&typed).as_str() {
                typed if typed == plain(wording::BACK_IN) => return Ok(true),
                "no" | "stop" => break,
                _ => with.screen.line(wording::NOT_THE_PHRASE)?,
            }
        }
        Ok(false)
    }
}
