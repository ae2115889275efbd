//! `grant`: who grants which exception, and how this machine came to know it.

use std::path::PathBuf;

use clap::Args;

use super::{FolderAccess, Output};

/// What is granted, by whom, and how it was heard.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  conclave grant --as anna --draft A --control expiry-soon root-2\n  conclave grant --as bela --draft A --control expiry-soon --heard 'by telephone, with the words of her head' --by olga root-2\n\nA grant that another machine's lines tell does not count until it is written down here."
)]
pub struct Grant {
    /// The ceremony's folder
    pub folder: PathBuf,
    /// Who grants it: the plan's name of her
    #[arg(long = "as", value_name = "NAME")]
    pub person: String,
    /// The letter of the draft
    #[arg(long, value_name = "LETTER")]
    pub draft: String,
    /// The control that found something, by its code
    #[arg(long, value_name = "CODE")]
    pub control: String,
    /// What the finding is about, where the control found several things
    #[arg(long, value_name = "TEXT")]
    pub about: Option<String>,
    /// She is not here: how her word was heard, and what was compared
    #[arg(long, value_name = "TEXT", requires = "by")]
    pub heard: Option<String>,
    /// Who heard it, and writes it down
    #[arg(long, value_name = "NAME", requires = "heard")]
    pub by: Option<String>,
    #[command(flatten)]
    pub access: FolderAccess,
    #[command(flatten)]
    pub output: Output,
}
