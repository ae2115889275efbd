//! `rehearse`: where the play's tokens are, and where it is played.

use std::path::PathBuf;

use clap::Args;

/// What to play with.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  softhsm-token rehearsal tokens\n  conclave rehearse --tokens tokens play\n\nsofthsm/rehearse does both, and builds them first. Without a terminal, or with --auto, it plays by itself.\nA second act is played by hand: conclave rehearse --by-hand --tokens tokens play"
)]
pub struct Rehearse {
    /// The throwaway tokens: a folder made by `softhsm-token rehearsal`
    #[arg(long, value_name = "DIR")]
    pub tokens: PathBuf,
    /// Do not wait for Enter between screens
    #[arg(long)]
    pub auto: bool,
    /// Play the second act by hand, at the guided ceremony: the folder is that of a first act
    #[arg(long, conflicts_with = "auto")]
    pub by_hand: bool,
    /// No colour and no bold
    #[arg(long)]
    pub plain: bool,
    /// The folder to play in; it must not exist, unless the second act is played in it
    pub folder: PathBuf,
}
