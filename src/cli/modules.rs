//! `modules`: where PKCS#11 modules are looked for, and which of them a profile is written for.

use std::path::PathBuf;

use clap::Args;

use super::Output;

/// Where to look, and what to write.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  conclave modules\n  conclave modules --profile machine.toml\n  conclave modules softhsm2 ykcs11 > machine.toml\n\nFiles are read and hashed; no module is loaded and nothing is written. Without names everything that was found is listed. With names the text of a machine profile is printed that pins these: read it, complete it, then use it with --profile."
)]
pub struct Modules {
    /// Print a profile that pins these modules, in this order, by their names in the list
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Say of each module whether this machine profile pins it
    #[arg(long, value_name = "FILE", conflicts_with = "names")]
    pub profile: Option<PathBuf>,
    /// Look at the system under this folder, such as a mounted boot image, instead of this machine
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
    #[command(flatten)]
    pub output: Output,
}
