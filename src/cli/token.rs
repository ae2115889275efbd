//! What can be done with a PIV card itself: made ready for its holder, and unblocked.

use clap::Subcommand;

use super::{KeyPhase, ModuleChoice, Output};

/// What can be done with a PIV card.
#[derive(Debug, Subcommand)]
pub enum TokenVerb {
    /// Make a new PIV card ready: a PIN, a PUK and a management key of its own in the place of the factory's
    #[command(
        after_help = "Examples:\n  conclave token prepare --token piv:serial=12345678\n  conclave token prepare --token piv: --profile machine.toml\n  conclave token prepare --token piv:serial=12345678 --into root-1 --key anna --mirror /media/b/root-1\n\nA profile serves where it names \"piv\" among its drivers. PIN and PUK are typed, twice each; the management key is made at\nrandom and kept on the card under the PIN. Only what is still the factory's is replaced, after you typed your consent. The card\nis never reset, and its keys stay. If it was cut off, start it again: it shows what was done and goes on from there."
    )]
    Prepare {
        /// Which card, such as piv:serial=12345678
        #[arg(long, value_name = "URI")]
        token: String,
        #[command(flatten)]
        phase: KeyPhase,
        #[command(flatten)]
        module: ModuleChoice,
        #[command(flatten)]
        output: Output,
    },
    /// Give a PIV card a new PIN by its PUK, where the PIN is locked or forgotten
    #[command(
        after_help = "Example:\n  conclave token unblock --token piv:serial=12345678\n\nThe PUK is sent once. It has tries of its own; when they are used up as well, nobody can open the card any more."
    )]
    Unblock {
        /// Which card, such as piv:serial=12345678
        #[arg(long, value_name = "URI")]
        token: String,
        #[command(flatten)]
        module: ModuleChoice,
        #[command(flatten)]
        output: Output,
    },
}
