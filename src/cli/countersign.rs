//! The options of `conclave countersign`.

use std::path::PathBuf;

use clap::Args;

use super::{FolderAccess, ModuleChoice, Output};

/// Who countersigns, and with which token.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  conclave countersign --as anna --module MODULE root-2\n\nOnly where the plan says countersign = \"keys\", once for each key. The head is the one on the paper record, not a later one."
)]
pub struct Countersign {
    /// The ceremony's folder
    pub folder: PathBuf,
    /// Who countersigns: the plan's name of her
    #[arg(long = "as", value_name = "NAME")]
    pub person: String,
    /// Which token or key, where several fit, as an RFC 7512 URI
    #[arg(long, value_name = "URI")]
    pub token: Option<String>,
    #[command(flatten)]
    pub module: ModuleChoice,
    #[command(flatten)]
    pub access: FolderAccess,
    #[command(flatten)]
    pub output: Output,
}
