//! The rooms of the binary `conclave`, as a library so that the end-to-end tests reach the same doors. Nothing here is a
//! public API: the engine that others may build on is `tuf-ceremony`.

pub mod chance;
mod cli;
pub mod clock;
pub mod commands;
pub mod desk;
pub mod discovery;
pub mod doctor;
pub mod dossier;
pub mod fault;
pub mod fence;
pub mod files;
pub mod memory;
pub mod operator;
pub mod passphrase;
pub mod pin;
pub mod record;
pub mod report;
pub mod token;
