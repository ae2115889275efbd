//! The engine of conclave: bytes in, bytes out. It reads TUF metadata losslessly, judges signatures, counts
//! thresholds in one place, and merges partial signatures. It touches no disk, network, clock, environment,
//! terminal, random source or token.
//!
//! Rooms, each seeing only those before it: [`limits`], [`digest`], [`time`], [`document`], [`canonical`], [`layout`],
//! [`key`], [`metadata`], [`keyset`], [`draft`], [`card`] with [`attestation`] and [`close`], [`signable`], [`splice`], [`changes`], [`policy`],
//! [`chain`], [`bundle`], [`dialect`], [`gather`]; [`strict`], [`plan`], [`profile`], [`delta`], [`forecast`]; [`materials`],
//! [`seal`], [`policy::ceremony`] and [`receive`] behind all of them; [`transcript`] and [`holder_log`], [`state`], [`conduct`]
//! and [`replay`]; [`words`], [`paper`] and [`places`] beside [`digest`]; and [`known`], which asks the others whether they still compute what they did.

#![forbid(unsafe_code)]

pub mod attestation;
pub mod bundle;
pub mod canonical;
pub mod card;
pub mod chain;
pub mod changes;
pub mod close;
pub mod conduct;
pub mod delta;
pub mod dialect;
pub mod digest;
pub mod document;
pub mod draft;
pub mod forecast;
pub mod gather;
pub mod holder_log;
pub mod key;
pub mod keyset;
pub mod known;
pub mod layout;
pub mod limits;
pub mod materials;
pub mod metadata;
pub mod paper;
pub mod places;
pub mod plan;
pub mod policy;
pub mod profile;
pub mod receive;
pub mod replay;
pub mod seal;
pub mod signable;
pub mod splice;
pub mod state;
pub mod strict;
pub mod time;
pub mod transcript;
pub mod words;
