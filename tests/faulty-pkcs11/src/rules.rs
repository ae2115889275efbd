//! Rules: which call fails or lies, and how.
//!
//! One rule a line, `#` starts a comment:
//!
//! ```text
//! C_Login rv=0xa4            # every call answers this code instead of being forwarded
//! C_Sign nth=2 corrupt       # only the second call: one bit of the signature is wrong
//! C_Sign flip=511            # this bit of it
//! C_Sign short               # the signature is one byte short
//! C_Sign told=0x0            # or has this many bytes, the module says
//! C_Sign-length size=0x10    # asked for a length alone, it says this one
//! C_Sign other-message       # a good signature by the key, over something else
//! C_SignInit other-key       # another private key of the same type signs
//! C_SignInit mechanism=0xd rv=0x70   # only for this mechanism
//! C_OpenSession other-slot   # another slot's token is opened
//! C_GetSlotList hang=3000    # wait this many milliseconds, then go on
//! C_GetSlotList sockets      # open sockets of each kind first, and log which were allowed
//! C_GetSlotList grows        # one slot more in each call
//! C_GetSlotList size=0x100   # so many slots, it says
//! C_FindObjects endless      # as many objects as fit, in each call
//! C_FindObjects size=0xb     # so many, it says, whatever was asked for
//! C_Login abort              # end the process
//! C_Login keypad=4711        # a login without a PIN gets this one, as if it was typed on the token
//! C_GetTokenInfo flags=+0x100-0x4    # set and clear flags in what the token tells
//! C_GetTokenInfo model=YubiKey       # the token tells this model
//! C_GetTokenInfo text=label:1b5b     # these bytes in a field (label, serial, model, maker, description, time)
//! C_GetTokenInfo blank               # the token tells no label, serial, model and maker
//! C_GetTokenInfo pins=0x4:0x8        # the lengths of a PIN
//! C_GetAttributeValue claims=0x202:0 # the boolean attribute is told with this value
//! C_GetAttributeValue length=0x3:0x0 # the attribute is told to have this length
//! C_GetAttributeValue bytes=0x3:1b5b # and these bytes
//! C_Sign exit=0              # a crime, then on: exit=N, segfault, fork, print, close-descriptors, speak, signals, threads, terminal
//! ```
//!
//! `nth` counts the calls of that function since the text of the rules was another one. A line that says anything else is an
//! error: a misspelt rule must not let a test pass.

use crate::fault::{Fault, number};

/// One line of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    function: String,
    nth: Option<u32>,
    /// Only for this mechanism.
    pub mechanism: Option<u64>,
    /// What goes wrong.
    pub fault: Fault,
}

impl Rule {
    /// Reads all rules of a file.
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

    /// Whether the rule is for the `count`th call (from 1) of `function`, with this mechanism.
    #[must_use]
    pub fn applies(&self, function: &str, count: u32, mechanism: Option<u64>) -> bool {
        self.function == function
            && self.nth.is_none_or(|nth| nth == count)
            && (self.mechanism.is_none() || self.mechanism == mechanism)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let function = words.next().filter(|name| crate::functions().any(|known| known == *name))?.to_owned();
        let (mut nth, mut mechanism, mut fault) = (None, None, None);
        for word in words {
            match (function.as_str(), word.split_once('=')) {
                (_, Some(("nth", value))) if nth.is_none() => nth = Some(value.parse().ok()?),
                ("C_SignInit", Some(("mechanism", value))) if mechanism.is_none() => {
                    mechanism = Some(number(value)?);
                }
                _ => {
                    if fault.replace(Fault::named(&function, word)?).is_some() {
                        return None;
                    }
                }
            }
        }
        Some(Self { function, nth, mechanism, fault: fault? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_rule_is_read() {
        let rules = Rule::parse_all(
            "# all of them\nC_Login rv=0xa4\nC_Sign nth=2 corrupt # second\n\nC_Sign short\nC_GetSlotList hang=30\nC_Login abort\n\
             C_SignInit mechanism=0xd rv=0x70\nC_Login keypad=1-2\nC_GetTokenInfo flags=+0x100-0x4\n\
             C_GetAttributeValue claims=0x202:0\nC_SignInit other-key\nC_Sign other-message\nC_Logout sockets\nC_GetTokenInfo model=M\n",
        )
        .unwrap();
        let faults: Vec<Fault> = rules.iter().map(|rule| rule.fault.clone()).collect();
        assert_eq!(
            faults,
            [
                Fault::Code(0xa4),
                Fault::Flip(0),
                Fault::Told(None),
                Fault::Hang(30),
                Fault::Abort,
                Fault::Code(0x70),
                Fault::Keypad("1-2".into()),
                Fault::Flags { set: 0x100, clear: 4 },
                Fault::Claims { attribute: 0x202, value: 0 },
                Fault::OtherKey,
                Fault::OtherMessage,
                Fault::Sockets,
                Fault::Text { field: "model".into(), bytes: b"M".to_vec() },
            ]
        );
        assert!(rules[1].applies("C_Sign", 2, None));
        assert!(!rules[1].applies("C_Sign", 1, None) && !rules[1].applies("C_SignInit", 2, None));
        assert!(rules[0].applies("C_Login", 1, None) && rules[0].applies("C_Login", 9, None));
        assert!(rules[5].applies("C_SignInit", 1, Some(0xd)));
        assert!(!rules[5].applies("C_SignInit", 1, Some(0xe)) && !rules[5].applies("C_SignInit", 1, None));
    }

    #[test]
    fn a_misspelt_rule_is_an_error() {
        for wrong in [
            "C_Sing rv=0x1",
            "C_Sign",
            "C_Sign rv=1",
            "C_Sign rv=0xzz",
            "C_Sign nth=x abort",
            "C_Sign nth=1 nth=2 abort",
            "C_Sign corrupt short",
            "C_Login corrupt",
            "C_Sign hang",
            "C_Sign other-key",
            "C_Login mechanism=0xd abort",
            "C_Login flags=+0x1-0x2",
            "C_GetTokenInfo flags=0x1",
            "C_GetAttributeValue claims=0x202",
            "c_sign abort",
        ] {
            assert!(Rule::parse_all(wrong).is_err(), "{wrong}");
        }
    }
}
