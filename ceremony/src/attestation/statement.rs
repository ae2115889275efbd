//! What the maker's extensions say of a key and its card (1.3.6.1.4.1.41482.3, as the maker documents it).

use x509_cert::der::Decode as _;
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};

use super::certificate::Certificate;

const FIRMWARE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.3");
const SERIAL: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.7");
const POLICIES: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.8");
const FORM: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.41482.3.9");

/// What a card certifies of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Statement {
    /// The card's firmware.
    pub firmware: Firmware,
    /// The card's serial number.
    pub serial: u32,
    /// When the key asks for the PIN.
    pub pin: PinPolicy,
    /// When the key asks for a touch.
    pub touch: TouchPolicy,
    /// What kind of device it is; YubiKeys 4 do not tell.
    pub form: Option<FormFactor>,
}

/// A version of a card's firmware.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Firmware {
    /// The first number.
    pub major: u8,
    /// The second.
    pub minor: u8,
    /// The third.
    pub patch: u8,
}

/// When a key asks for the PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinPolicy {
    /// Never.
    Never,
    /// Once, until the card is let go.
    Once,
    /// For each signature.
    Always,
    /// By a number that is not known here: a fingerprint in place of a PIN, for one.
    Other(u8),
}

/// When a key asks for a touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TouchPolicy {
    /// Never.
    Never,
    /// For each signature.
    Always,
    /// For a signature, and then for none during 15 seconds.
    Cached,
    /// By a number that is not known here.
    Other(u8),
}

/// What kind of device it is, as the maker numbers them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FormFactor(pub u8);

impl Statement {
    pub(super) fn read(certificate: &Certificate) -> Result<Statement, &'static str> {
        let firmware =
            certificate.extension(FIRMWARE).ok_or("it does not say which firmware the card has")?;
        let Ok([major, minor, patch]) = <[u8; 3]>::try_from(firmware) else {
            return Err("its firmware is not three bytes");
        };
        let serial =
            certificate.extension(SERIAL).ok_or("it does not say which serial number the card has")?;
        let policies =
            certificate.extension(POLICIES).ok_or("it does not say when PIN and touch are asked for")?;
        let Ok([pin, touch]) = <[u8; 2]>::try_from(policies) else {
            return Err("its policies are not two bytes");
        };
        let form = match certificate.extension(FORM) {
            None => None,
            Some([form]) => Some(FormFactor(*form)),
            Some(_) => return Err("its form factor is not one byte"),
        };
        Ok(Statement {
            firmware: Firmware { major, minor, patch },
            serial: number(serial).ok_or("its serial number is no number of 32 bits")?,
            pin: PinPolicy::of(pin),
            touch: TouchPolicy::of(touch),
            form,
        })
    }
}

/// A whole number of at most 32 bits.
fn number(der: &[u8]) -> Option<u32> {
    let read = UintRef::from_der(der).ok()?;
    let bytes = read.as_bytes();
    (bytes.len() <= 4).then(|| bytes.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
}

impl Firmware {
    /// Reads three numbers with dots between, such as `5.7.1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Firmware> {
        let mut numbers = text.split('.').map(|number| number.parse::<u8>().ok());
        let found = (numbers.next()??, numbers.next()??, numbers.next()??);
        let firmware = Firmware { major: found.0, minor: found.1, patch: found.2 };
        (numbers.next().is_none() && firmware.to_string() == text).then_some(firmware)
    }
}

impl std::fmt::Display for Firmware {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl PinPolicy {
    fn of(number: u8) -> PinPolicy {
        match number {
            1 => PinPolicy::Never,
            2 => PinPolicy::Once,
            3 => PinPolicy::Always,
            other => PinPolicy::Other(other),
        }
    }
}

impl std::fmt::Display for PinPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            PinPolicy::Never => f.write_str("never"),
            PinPolicy::Once => f.write_str("once"),
            PinPolicy::Always => f.write_str("always"),
            PinPolicy::Other(number) => write!(f, "policy {number}"),
        }
    }
}

impl TouchPolicy {
    fn of(number: u8) -> TouchPolicy {
        match number {
            1 => TouchPolicy::Never,
            2 => TouchPolicy::Always,
            3 => TouchPolicy::Cached,
            other => TouchPolicy::Other(other),
        }
    }
}

impl std::fmt::Display for TouchPolicy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            TouchPolicy::Never => f.write_str("never"),
            TouchPolicy::Always => f.write_str("always"),
            TouchPolicy::Cached => f.write_str("cached"),
            TouchPolicy::Other(number) => write!(f, "policy {number}"),
        }
    }
}

impl FormFactor {
    /// Whether it has a fingerprint reader (YubiKey Bio); the upper half of the byte is marks of the series.
    #[must_use]
    pub fn is_bio(self) -> bool {
        matches!(self.0 & 0x0f, 6 | 7)
    }
}
