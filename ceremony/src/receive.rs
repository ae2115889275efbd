//! Receiving: what a bundle or a foreign file brings to a ceremony. Whether its drafts are those of its plan ([`reseal`]),
//! whether it builds on the root that its reader trusts ([`walk`]), and what of it is new to a machine ([`arrivals`]). All of
//! it is worked out again on replay, so nothing here asks where a file came from.

pub mod arrivals;
pub mod reseal;
pub mod walk;
