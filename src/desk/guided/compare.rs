//! Two lines of a digest from a source of her own, typed before anything of it is on the screen: whoever shows her a forged draft
//! cannot know which two she will take.

use tuf_ceremony::digest::Digest;

use super::answers::{self, Turn};
use super::lines::{self, Line};
use crate::desk::attention::Attention;
use crate::desk::{DeskFault, plain};
use crate::operator::clean::quoted;
use crate::operator::wording::visiting as said;
use crate::report::CLAUSE;
use crate::report::columns::sentence;

/// Lines that she types.
const LINES: usize = 2;
/// Lines in all that may fit nothing.
const MISSES: usize = 3;

/// How the two lines came out.
enum Typed {
    /// Which they were.
    Fit(Vec<Line>),
    /// It is another digest.
    Another,
}

/// Where she has the digest from and which lines of it she typed; none where she has no source.
pub(super) fn from_her_source(
    payload: Digest,
    given: Option<&str>,
    with: &mut Attention<'_, '_>,
) -> Result<Option<String>, Turn> {
    sentence(with.screen, 0, said::BEFORE_THE_DIGEST)?;
    let source = match given {
        Some(given) => {
            sentence(with.screen, 0, &said::source_given(&quoted(given, CLAUSE)))?;
            given.to_owned()
        }
        None => {
            match answers::pick(said::YOUR_SOURCE, [said::HAVE_SOURCE, said::NO_SOURCE, said::STOP], with)? {
                0 => answers::text(said::WHERE_FROM, with)?,
                1 => {
                    sentence(with.screen, 0, said::UNREFERENCED)?;
                    with.screen.blank()?;
                    return Ok(None);
                }
                _ => return Err(Turn::Stop),
            }
        }
    };
    match typed(payload, with)? {
        Typed::Fit(lines) => Ok(Some(said::reference(&source, &told(&lines)))),
        Typed::Another => Err(Turn::NotThePaper),
    }
}

/// Whether she knows a document by two lines of its digest on her own paper: which lines they were, or none where it is another.
///
/// # Errors
/// [`DeskFault::StoppedHere`], and whatever asking can fail with.
pub fn knows_by_paper(payload: Digest, with: &mut Attention<'_, '_>) -> Result<Option<String>, DeskFault> {
    match typed(payload, with) {
        Ok(Typed::Fit(lines)) => Ok(Some(told(&lines))),
        Ok(Typed::Another) | Err(Turn::NotThePaper) => Ok(None),
        Err(Turn::Fault(fault)) => Err(fault),
        Err(Turn::Stop | Turn::Decline) => Err(DeskFault::StoppedHere),
    }
}

fn typed(payload: Digest, with: &mut Attention<'_, '_>) -> Result<Typed, Turn> {
    sentence(with.screen, 0, said::TYPE_TWO_LINES)?;
    let (mut fit, mut misses): (Vec<Line>, usize) = (Vec::new(), 0);
    while fit.len() < LINES {
        let typed = with.person.type_line(&said::line_number(fit.len() + 1, LINES))?;
        match plain(&typed).as_str() {
            "" => continue,
            "no" | "stop" => return Err(Turn::Stop),
            _ => {}
        }
        let parts = fit.iter().fold(0, |parts, line| parts | line.parts());
        match lines::read(&typed, payload) {
            Some(line) if line.parts() & !parts == 0 => sentence(with.screen, 0, said::THE_SAME_LINE)?,
            Some(line) => fit.push(line),
            None => {
                misses += 1;
                if misses == MISSES {
                    return Ok(Typed::Another);
                }
                sentence(with.screen, 0, &said::no_such_line(MISSES - misses))?;
            }
        }
    }
    sentence(with.screen, 0, said::BOTH_FIT)?;
    with.screen.blank()?;
    Ok(Typed::Fit(fit))
}

fn told(lines: &[Line]) -> String {
    let told: Vec<String> = lines
        .iter()
        .map(|line| match line {
            Line::Words(number) => said::words_line(*number),
            Line::Group(number) => said::hex_group(*number),
            Line::Hex(number) => said::hex_line(*number),
        })
        .collect();
    told.join(", ")
}
