//! `run`: the guided ceremony, and its four ways in.

use std::path::PathBuf;

use clap::Args;

use super::{AttestationRoots, FolderAccess, ModuleChoice, Trust};

/// Where to begin, and with what.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  conclave run --new rotation.plan.toml --profile room.toml --mirror b/root-2 a/root-2\n  conclave run --profile room.toml --mirror b/root-2 a/root-2\n  conclave run --trust 1.root.json --profile mine.toml root-2.bundle.json\n  conclave run --from root-2.bundle.json --trust 1.root.json --profile c.toml c/root-2\n\nIt leads through every step and types the other verbs. Ctrl-C stops it at any question; the same command without --new or --from goes on."
)]
pub struct Run {
    /// The ceremony's folder; or a ceremony's bundle, for a keyholder's whole visit
    pub place: PathBuf,
    /// Begin a new ceremony by this reviewed plan; the folder must not exist
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["from", "trust", "head"])]
    pub new: Option<PathBuf>,
    /// Take over, on this machine, a ceremony that another one began: its bundle; the folder must not exist
    #[arg(long, value_name = "BUNDLE", conflicts_with = "head")]
    pub from: Option<PathBuf>,
    #[command(flatten)]
    pub trust: Trust,
    /// Where a keyholder's reply goes, for a bundle
    #[arg(long, value_name = "REPLY", conflicts_with_all = ["new", "from"])]
    pub out: Option<PathBuf>,
    /// A keyholder's own log of what she signs, for a bundle
    #[arg(long, value_name = "FILE", conflicts_with_all = ["new", "from"])]
    pub log: Option<PathBuf>,
    #[command(flatten)]
    pub roots: AttestationRoots,
    #[command(flatten)]
    pub module: ModuleChoice,
    #[command(flatten)]
    pub access: FolderAccess,
    /// No colour, no bold, and no cursor movement: for a screen reader
    #[arg(long)]
    pub plain: bool,
}
