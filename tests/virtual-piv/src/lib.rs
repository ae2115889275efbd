//! A virtual PIV card of our own, in a virtual reader, behind the real pcscd: what tests hold instead of a YubiKey.
//!
//! [`Card`] speaks PIV (SP 800-73-4) and the maker's extensions, and misbehaves as [`rules`] say. [`Station`] puts cards into
//! the readers of a pcscd of its own, which ends with the value and leaves no process behind.
//!
//! Deliberately absent: any care for secrets. Everything on these cards is a throwaway, their PINs stand in tests in plain
//! sight, and the keys behind their attestation are made of published text.

pub mod apdu;
mod applet;
mod card;
mod certificate;
mod controls;
mod firmware;
mod key;
mod management;
mod pins;
mod plug;
pub mod rules;
mod station;
pub mod tlv;

pub use card::{ATR, Card};
pub use certificate::root_certificate;
pub use controls::Touch;
pub use firmware::Firmware;
pub use key::{Algorithm, Origin, PinPolicy, TouchPolicy};
pub use management::{Cipher, DEFAULT_KEY};
pub use pins::{DEFAULT_PIN, DEFAULT_PUK};
pub use plug::relay;
pub use station::{Holder, Station, StationError};
