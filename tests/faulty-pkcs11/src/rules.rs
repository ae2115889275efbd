//! Rules: which call fails, and how.
//!
//! One rule a line, `#` starts a comment:
//!
//! ```text
//! C_Login rv=0xa4            # every call answers this code instead of being forwarded
//! C_Sign nth=2 corrupt       # only the second call: one bit of the signature is wrong
//! C_Sign short               # the signature is one byte short
//! C_GetSlotList hang=3000    # wait this many milliseconds, then go on
//! C_Login abort              # end the process
//! ```
//!
//! A line that says anything else is an error: a misspelt rule must not let a test pass.

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This return value, without asking the real module.
    Code(u64),
    /// One bit of the result is wrong.
    Corrupt,
    /// The result is one byte short.
    Short,
    /// This many milliseconds pass first.
    Hang(u64),
    /// The process ends.
    Abort,
}

/// One line of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    function: String,
    nth: Option<u32>,
    /// What goes wrong.
    pub fault: Fault,
}

/// Functions that can have a rule.
const FUNCTIONS: [&str; 9] = [
    "C_Initialize",
    "C_Finalize",
    "C_GetSlotList",
    "C_GetTokenInfo",
    "C_OpenSession",
    "C_Login",
    "C_FindObjectsInit",
    "C_SignInit",
    "C_Sign",
];

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

    /// Whether the rule is for the `count`th call (from 1) of `function`.
    #[must_use]
    pub fn applies(&self, function: &str, count: u32) -> bool {
        self.function == function && self.nth.is_none_or(|nth| nth == count)
    }

    fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let function = words.next().filter(|name| FUNCTIONS.contains(name))?.to_owned();
        let (mut nth, mut fault) = (None, None);
        for word in words {
            let found = match word.split_once('=') {
                Some(("nth", value)) if nth.is_none() => {
                    nth = Some(value.parse().ok()?);
                    continue;
                }
                Some(("rv", value)) => Fault::Code(u64::from_str_radix(value.strip_prefix("0x")?, 16).ok()?),
                Some(("hang", value)) => Fault::Hang(value.parse().ok()?),
                None if word == "abort" => Fault::Abort,
                None if word == "corrupt" && function == "C_Sign" => Fault::Corrupt,
                None if word == "short" && function == "C_Sign" => Fault::Short,
                _ => return None,
            };
            if fault.replace(found).is_some() {
                return None;
            }
        }
        Some(Self { function, nth, fault: fault? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_rule_is_read() {
        let rules = Rule::parse_all(
            "# all of them\nC_Login rv=0xa4\nC_Sign nth=2 corrupt # second\n\nC_Sign short\nC_GetSlotList hang=30\nC_Login abort\n",
        )
        .unwrap();
        let faults: Vec<Fault> = rules.iter().map(|rule| rule.fault).collect();
        assert_eq!(faults, [Fault::Code(0xa4), Fault::Corrupt, Fault::Short, Fault::Hang(30), Fault::Abort]);
        assert!(rules[1].applies("C_Sign", 2));
        assert!(!rules[1].applies("C_Sign", 1) && !rules[1].applies("C_SignInit", 2));
        assert!(rules[0].applies("C_Login", 1) && rules[0].applies("C_Login", 9));
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
            "c_sign abort",
        ] {
            assert!(Rule::parse_all(wrong).is_err(), "{wrong}");
        }
    }
}
