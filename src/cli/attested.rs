//! By whose word keys on PIV cards are proven to live in hardware.

use std::path::PathBuf;

use clap::Args;

/// Roots beside the maker's.
#[derive(Debug, Clone, Default, Args)]
pub struct AttestationRoots {
    /// Certificates in PEM that prove keys on PIV cards beside the roots of their maker (may be repeated)
    #[arg(long = "attestation-root", value_name = "FILE")]
    pub attestation_roots: Vec<PathBuf>,
}
