//! Answers that are more than agreement: a draft can be declined, and the visit can stop, wherever something is asked.

use crate::desk::attention::Attention;
use crate::desk::{DeskFault, plain};
use crate::operator::OperatorFault;
use crate::operator::choice::{AskFault, choose};
use crate::operator::clean::holds_controls;
use crate::operator::screen::ScreenFault;
use crate::operator::wording::guided::NO_CONTROLS;
use crate::operator::wording::visiting as said;

/// Why a draft is not gone on with.
pub(super) enum Turn {
    /// She will not sign it.
    Decline,
    /// She stops for now.
    Stop,
    /// What she has on paper is another digest.
    NotThePaper,
    /// Something failed.
    Fault(DeskFault),
}

impl From<DeskFault> for Turn {
    fn from(fault: DeskFault) -> Turn {
        Turn::Fault(fault)
    }
}

impl From<ScreenFault> for Turn {
    fn from(fault: ScreenFault) -> Turn {
        Turn::Fault(fault.into())
    }
}

impl From<OperatorFault> for Turn {
    fn from(fault: OperatorFault) -> Turn {
        Turn::Fault(fault.into())
    }
}

impl From<AskFault> for Turn {
    fn from(fault: AskFault) -> Turn {
        Turn::Fault(fault.into())
    }
}

/// Asks until one of the choices is taken.
pub(in crate::desk) fn pick<const N: usize>(
    question: &str,
    choices: [&str; N],
    with: &mut Attention<'_, '_>,
) -> Result<usize, AskFault> {
    let choices = choices.map(str::to_owned);
    let taken = choose(with.person, with.screen, question, &choices)?;
    with.screen.blank()?;
    Ok(taken)
}

/// Whether she declines; else she stops.
pub(super) fn declines_or_stops(with: &mut Attention<'_, '_>) -> Result<bool, AskFault> {
    Ok(pick(said::WHAT_NOW, [said::DECLINE, said::STOP], with)? == 0)
}

/// Whether one thing that was told is acknowledged; else she wants to see it again.
pub(super) fn acknowledged(with: &mut Attention<'_, '_>) -> Result<bool, Turn> {
    loop {
        let typed = with.person.type_back(said::SEEN, said::YES)?;
        match plain(&typed).as_str() {
            said::YES => {
                with.screen.blank()?;
                return Ok(true);
            }
            "no" | "stop" | "decline" => {
                return match pick(said::WHAT_NOW, [said::AGAIN, said::DECLINE, said::STOP], with)? {
                    0 => Ok(false),
                    1 => Err(Turn::Decline),
                    _ => Err(Turn::Stop),
                };
            }
            _ => with.screen.line(said::YES_OR_NO)?,
        }
    }
}

/// A line of her own words; an empty one is asked for again.
pub(super) fn text(question: &str, with: &mut Attention<'_, '_>) -> Result<String, DeskFault> {
    loop {
        let typed = with.person.type_line(question)?;
        if holds_controls(&typed) {
            with.screen.line(NO_CONTROLS)?;
            continue;
        }
        let words: Vec<&str> = typed.split_whitespace().collect();
        if !words.is_empty() {
            with.screen.blank()?;
            return Ok(words.join(" "));
        }
    }
}
