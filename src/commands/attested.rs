//! By whose word keys on PIV cards are proven: the maker's roots, which are part of this program, and the files that were named.

use tuf_ceremony::attestation::Roots;
use tuf_ceremony::limits::SMALL_FILE;

use crate::cli::AttestationRoots;
use crate::fault::Fault;
use crate::files;
use crate::operator::clean::quoted_path;
use crate::operator::wording::attested as said;

/// Reads the files that were named.
pub(super) fn roots(named: &AttestationRoots) -> Result<Roots, Fault> {
    let mut roots = Roots::of_maker();
    for path in &named.attestation_roots {
        let bytes = files::read_capped(path, SMALL_FILE.most as u64)?;
        let refused = || Fault::refused(said::bad_roots(&quoted_path(path)));
        // Whatever is no text holds no certificate in PEM either.
        let text = String::from_utf8_lossy(&bytes);
        roots.name(&text).map_err(|fault| refused().because(&fault).now(said::NAME_A_CERTIFICATE))?;
    }
    Ok(roots)
}
