//! The verbs of two words.

use std::path::PathBuf;

use clap::Subcommand;

use super::{AttestationRoots, Output};

/// What can be done with a plan.
#[derive(Debug, Subcommand)]
pub enum PlanVerb {
    /// Say what a plan would make, what the rules say of it, and whether the people announced can sign it all
    #[command(
        after_help = "Example:\n  conclave plan check --absent bela rotation.plan.toml\n\nFiles that the plan names are read from the plan's folder. Nothing is written."
    )]
    Check {
        /// The plan
        plan: PathBuf,
        /// People who will not come, by the plan's names of them
        #[arg(long, value_name = "NAME", value_delimiter = ',')]
        absent: Vec<String>,
        /// The date of the ceremony; the opening of the plan's window if it is not given
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
        /// Read this machine profile as well
        #[arg(long, value_name = "FILE")]
        profile: Option<PathBuf>,
        /// Show every change and finding, however many there are
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        roots: AttestationRoots,
        #[command(flatten)]
        output: Output,
    },
}

/// What can be verified.
#[derive(Debug, Subcommand)]
pub enum Verify {
    /// Verify roots one after the other; the first is the anchor
    #[command(
        after_help = "Example:\n  conclave verify chain --at 2027-03-05 1.root.json 2.root.json 3.root.json"
    )]
    Chain {
        /// The roots, oldest first
        #[arg(required = true, value_name = "ROOT")]
        roots: Vec<PathBuf>,
        /// Judge the expiry of the last root at this date (2027-03-05, or with a time)
        #[arg(long, value_name = "DATE")]
        at: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Verify one signature over one file
    #[command(
        after_help = "Example:\n  conclave verify signature --key key.json --scheme ed25519 --message signed.bin --sig 0a1b..."
    )]
    Signature {
        /// The public key: a TUF key object as JSON, or a PEM
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The scheme, as TUF names it
        #[arg(long, value_name = "S")]
        scheme: String,
        /// The signed bytes
        #[arg(long, value_name = "FILE")]
        message: PathBuf,
        /// The signature in hex
        #[arg(long, value_name = "HEX")]
        sig: String,
        #[command(flatten)]
        output: Output,
    },
}
