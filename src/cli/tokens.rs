//! `tokens`: which modules are asked, and what says whose keys they show.

use std::path::PathBuf;

use clap::Args;

use super::{ModuleChoice, Output, OwnRecord};

/// Which tokens, and whose keys are looked for.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  conclave tokens --module /usr/lib/softhsm/libsofthsm2.so --module-env SOFTHSM2_CONF\n  conclave tokens --module piv:\n  conclave tokens --profile machine.toml --plan rotation.plan.toml\n\nA module that fails does not hide the others; it is named on standard error. No PIN is asked for."
)]
#[command(group(clap::ArgGroup::new("ceremony").args(["plan", "bundle", "folder"])))]
pub struct Tokens {
    #[command(flatten)]
    pub module: ModuleChoice,
    /// Say whose keys they are by this plan, and which of its keys are missing
    #[arg(long, value_name = "FILE")]
    pub plan: Option<PathBuf>,
    /// The same by a bundle
    #[arg(long, value_name = "FILE")]
    pub bundle: Option<PathBuf>,
    /// The same by a ceremony's folder
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    #[command(flatten)]
    pub record: OwnRecord,
    #[command(flatten)]
    pub output: Output,
}
