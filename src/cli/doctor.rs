//! `doctor`: what is looked at, and how it is reached.

use std::path::PathBuf;

use clap::Args;

use super::{ModuleChoice, Output};

/// What to look at, beside this build and this machine.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  conclave doctor --date 2027-03-05 --profile machine.toml --folder a/root-2 --mirror b/root-2\n\nNothing is changed that stays, and no PIN is asked for. Exit code 1 says that something is bad; findings alone give 0."
)]
pub struct Doctor {
    #[command(flatten)]
    pub module: ModuleChoice,
    /// Where the ceremony's folder is or will be; the current folder if it is not given
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// Where it is or will be on a second device
    #[arg(long, value_name = "FOLDER")]
    pub mirror: Option<PathBuf>,
    /// Today's date, read off a clock that you trust: the machine's is compared with it
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    #[command(flatten)]
    pub output: Output,
}
