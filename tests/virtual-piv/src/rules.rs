//! Rules: at which command the card misbehaves, and how.
//!
//! One rule a line, `#` starts a comment; the words for commands are those of [`Instruction`]:
//!
//! ```text
//! VERIFY sw=6983            # every such command ends so instead of being carried out
//! SIGN nth=2 corrupt        # only the second: one bit of the signature is wrong
//! SIGN short                # the signature is one byte short
//! SIGN other-message        # a good signature by the key, over something else
//! SIGN other-key            # another key of the same kind signs; also GENERATE, METADATA, ATTEST: is told
//! TRIES tries=3             # the card tells so many tries; also VERIFY (once the PIN was refused), METADATA
//! SIGN hang=3000            # wait this many milliseconds, then go on
//! SIGN vanish               # the card leaves the reader before it does anything
//! SIGN then-vanish          # the card leaves the reader when it is done, before it answers
//! SERIAL empty              # success, without data
//! ```
//!
//! A line that says anything else is an error: a misspelt rule must not let a test pass.

use crate::apdu::Status;

/// Commands, by what they are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Instruction {
    /// SELECT.
    Select,
    /// VERIFY without data: how many tries are left?
    Tries,
    /// VERIFY with a PIN.
    Verify,
    /// CHANGE REFERENCE DATA: PIN or PUK.
    Change,
    /// RESET RETRY COUNTER: a new PIN by the PUK.
    Unblock,
    /// GENERAL AUTHENTICATE with the management key.
    Manage,
    /// GENERAL AUTHENTICATE with a slot.
    Sign,
    /// GENERATE ASYMMETRIC KEY PAIR.
    Generate,
    /// GET DATA.
    GetData,
    /// PUT DATA.
    PutData,
    /// GET METADATA.
    Metadata,
    /// ATTEST.
    Attest,
    /// GET SERIAL, in whichever applet.
    Serial,
    /// GET VERSION.
    Version,
    /// SET PIN RETRIES.
    SetTries,
    /// SET MANAGEMENT KEY.
    SetManagement,
    /// RESET.
    Reset,
    /// Anything else.
    Other,
}

const WORDS: [(&str, Instruction); 17] = [
    ("SELECT", Instruction::Select),
    ("TRIES", Instruction::Tries),
    ("VERIFY", Instruction::Verify),
    ("CHANGE", Instruction::Change),
    ("UNBLOCK", Instruction::Unblock),
    ("MANAGE", Instruction::Manage),
    ("SIGN", Instruction::Sign),
    ("GENERATE", Instruction::Generate),
    ("GET_DATA", Instruction::GetData),
    ("PUT_DATA", Instruction::PutData),
    ("METADATA", Instruction::Metadata),
    ("ATTEST", Instruction::Attest),
    ("SERIAL", Instruction::Serial),
    ("VERSION", Instruction::Version),
    ("SET_TRIES", Instruction::SetTries),
    ("SET_MANAGEMENT", Instruction::SetManagement),
    ("RESET", Instruction::Reset),
];

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The command ends so and is not carried out.
    Status(Status),
    /// The command ends well, with no data, and is not carried out.
    Empty,
    /// One bit of the result is wrong.
    Corrupt,
    /// The result is one byte short.
    Short,
    /// Something else is signed.
    OtherMessage,
    /// Another key signs, or is told.
    OtherKey,
    /// So many tries are told.
    Tries(u8),
    /// This many milliseconds pass first.
    Hang(u64),
    /// The card leaves first.
    Vanish,
    /// The card leaves then.
    ThenVanish,
}

/// One line of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    instruction: Instruction,
    nth: Option<u32>,
    /// What goes wrong.
    pub fault: Fault,
}

impl Rule {
    /// Reads all rules of a text.
    ///
    /// # Errors
    /// The first line that is no rule.
    pub fn parse_all(text: &str) -> Result<Vec<Self>, String> {
        text.lines()
            .map(|line| line.split('#').next().unwrap_or("").trim())
            .filter(|line| !line.is_empty())
            .map(|line| Self::parse(line).ok_or_else(|| format!("not a rule: {line}")))
            .collect()
    }

    /// Whether the rule is for the `count`th command (from 1) of this kind.
    #[must_use]
    pub fn applies(&self, instruction: Instruction, count: u32) -> bool {
        self.instruction == instruction && self.nth.is_none_or(|nth| nth == count)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let instruction = Instruction::of(words.next()?)?;
        let (mut nth, mut fault) = (None, None);
        for word in words {
            let found = match word.split_once('=') {
                Some(("nth", value)) if nth.is_none() => {
                    nth = Some(value.parse().ok()?);
                    continue;
                }
                Some(("sw", value)) if value.len() == 4 => {
                    Fault::Status(Status(u16::from_str_radix(value, 16).ok()?))
                }
                Some(("hang", value)) => Fault::Hang(value.parse().ok()?),
                Some(("tries", value)) => Fault::Tries(value.parse().ok()?),
                None => Fault::of(word)?,
                Some(_) => return None,
            };
            if !found.is_possible_in(instruction) || fault.replace(found).is_some() {
                return None;
            }
        }
        Some(Self { instruction, nth, fault: fault? })
    }
}

impl Fault {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "empty" => Self::Empty,
            "corrupt" => Self::Corrupt,
            "short" => Self::Short,
            "other-message" => Self::OtherMessage,
            "other-key" => Self::OtherKey,
            "vanish" => Self::Vanish,
            "then-vanish" => Self::ThenVanish,
            _ => return None,
        })
    }

    fn is_possible_in(self, instruction: Instruction) -> bool {
        use Instruction::{Attest, Generate, Metadata, Sign, Tries, Verify};
        match self {
            Self::Corrupt | Self::Short | Self::OtherMessage => instruction == Sign,
            Self::OtherKey => matches!(instruction, Sign | Generate | Metadata | Attest),
            Self::Tries(_) => matches!(instruction, Tries | Verify | Metadata),
            _ => true,
        }
    }
}

impl Instruction {
    /// The command of this name, as rules and logs write it.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        WORDS.iter().find(|(known, _)| *known == word).map(|(_, instruction)| *instruction)
    }
}

impl std::fmt::Display for Instruction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(WORDS.iter().find(|(_, known)| known == self).map_or("OTHER", |(word, _)| word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_rule_is_read() {
        let rules = Rule::parse_all(
            "# all of them\nVERIFY sw=6983\nSIGN nth=2 corrupt # second\n\nSIGN short\nSIGN other-message\n\
             METADATA other-key\nTRIES tries=3\nSIGN hang=30\nSIGN vanish\nVERIFY then-vanish\nSERIAL empty\n",
        )
        .unwrap();
        let faults: Vec<Fault> = rules.iter().map(|rule| rule.fault).collect();
        assert_eq!(
            faults,
            [
                Fault::Status(Status::BLOCKED),
                Fault::Corrupt,
                Fault::Short,
                Fault::OtherMessage,
                Fault::OtherKey,
                Fault::Tries(3),
                Fault::Hang(30),
                Fault::Vanish,
                Fault::ThenVanish,
                Fault::Empty,
            ]
        );
        assert!(rules[1].applies(Instruction::Sign, 2) && !rules[1].applies(Instruction::Sign, 1));
        assert!(rules[0].applies(Instruction::Verify, 7) && !rules[0].applies(Instruction::Tries, 7));
    }

    #[test]
    fn a_misspelt_rule_is_an_error() {
        for wrong in [
            "SING corrupt",
            "SIGN",
            "SIGN nth=2",
            "SIGN nth=x corrupt",
            "SIGN nth=1 nth=2 corrupt",
            "SIGN corrupt short",
            "VERIFY corrupt",
            "VERIFY other-key",
            "SIGN tries=3",
            "VERIFY sw=63",
            "VERIFY sw=zzzz",
            "SIGN hang",
            "sign corrupt",
            "OTHER empty",
        ] {
            assert!(Rule::parse_all(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_word_is_written_as_it_is_read() {
        for (word, instruction) in WORDS {
            assert_eq!(instruction.to_string(), word);
            assert_eq!(Instruction::of(word), Some(instruction));
        }
    }
}
