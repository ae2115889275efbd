//! The rooms of conclave that face people, tokens and files; the binary is a thin door to them.

pub mod cli;
pub mod commands;
pub mod fault;
pub mod files;
pub mod operator;
pub mod report;
