//! Whose word is taken: the maker's roots and the certificates between, which are part of this program, and what somebody
//! names. `maker/README.md` has their sources; a test pins each by its SHA-256.

use super::certificate::Certificate;
use crate::digest::Digest;
use crate::limits::{ATTESTATION, ATTESTATION_ROOTS, Limit, SMALL_FILE};

/// The maker's, and whether each is a root. The first root is up to firmware 5.7.3, the second from 5.7.4 on.
const MAKER: [(&str, bool); 6] = [
    (include_str!("maker/yubico-piv-ca-1.pem"), true),
    (include_str!("maker/yubico-ca-1.pem"), true),
    (include_str!("maker/yubico-attestation-intermediate-a-1.pem"), false),
    (include_str!("maker/yubico-attestation-intermediate-b-1.pem"), false),
    (include_str!("maker/yubico-piv-attestation-a-1.pem"), false),
    (include_str!("maker/yubico-piv-attestation-b-1.pem"), false),
];

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// On whose word a key is proven. The name stands in the root's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Root {
    /// The maker's, which is part of this program.
    Maker(String),
    /// Of a root that somebody named.
    Named(String),
}

/// Everybody whose word is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roots {
    all: Vec<Authority>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authority {
    pub(super) certificate: Certificate,
    sha256: Digest,
    standing: Standing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    MakersRoot,
    MakersBetween,
    Named,
}

/// A file of roots is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RootsFault {
    /// It holds no certificate.
    #[error("it holds no certificate in PEM")]
    Empty,
    /// One of them cannot be read.
    #[error("its certificate number {number} cannot be read: {why}")]
    Certificate {
        /// Which, from 1 on.
        number: usize,
        /// What is wrong, as a clause.
        why: &'static str,
    },
    /// More than a cap allows.
    #[error("it is past a limit: {0}")]
    Past(Limit),
}

impl Roots {
    /// The maker's alone.
    #[must_use]
    pub fn of_maker() -> Roots {
        let read = |(pem, is_root): &(&str, bool)| {
            let der = opened(pem).expect("a certificate that is part of this program is PEM");
            let standing = if *is_root { Standing::MakersRoot } else { Standing::MakersBetween };
            Authority::read(&der, standing).expect("a certificate that is part of this program can be read")
        };
        Roots { all: MAKER.iter().map(read).collect() }
    }

    /// Takes the certificates of a PEM file as roots, beside those that are there. One that leads to the maker's root itself
    /// serves as a certificate between, too. Text around them is passed over, as `openssl` writes it.
    ///
    /// # Errors
    /// [`RootsFault`]: nothing was taken.
    pub fn name(&mut self, pem: &str) -> Result<usize, RootsFault> {
        if !SMALL_FILE.allows(pem.len()) {
            return Err(RootsFault::Past(SMALL_FILE));
        }
        let mut found = Vec::new();
        for (number, block) in (1..).zip(pem.split(BEGIN).skip(1)) {
            let certificate = |why| RootsFault::Certificate { number, why };
            let inside = block.split(END).next().unwrap_or_default();
            let der = opened(&format!("{BEGIN}{inside}{END}\n")).ok_or(certificate("it is no PEM"))?;
            if !ATTESTATION.allows(der.len()) {
                return Err(RootsFault::Past(ATTESTATION));
            }
            found.push(Authority::read(&der, Standing::Named).map_err(certificate)?);
        }
        let named = self.all.iter().filter(|authority| authority.is_named()).count() + found.len();
        match found.len() {
            0 => Err(RootsFault::Empty),
            _ if !ATTESTATION_ROOTS.allows(named) => Err(RootsFault::Past(ATTESTATION_ROOTS)),
            taken => {
                self.all.extend(found);
                Ok(taken)
            }
        }
    }

    /// The name and the SHA-256 of each that somebody named.
    pub fn named(&self) -> impl Iterator<Item = (String, Digest)> {
        let named = self.all.iter().filter(|authority| authority.is_named());
        named.map(|authority| (authority.certificate.name(), authority.sha256))
    }

    /// The name and the SHA-256 of each that is part of this program, and whether it is a root.
    pub fn makers(&self) -> impl Iterator<Item = (String, Digest, bool)> {
        let makers = self.all.iter().filter(|authority| !authority.is_named());
        makers.map(|authority| (authority.certificate.name(), authority.sha256, authority.is_makers_root()))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Authority> {
        self.all.iter()
    }
}

impl Authority {
    fn read(der: &[u8], standing: Standing) -> Result<Authority, &'static str> {
        Ok(Authority { certificate: Certificate::read(der)?, sha256: Digest::of(der), standing })
    }

    pub(super) fn is_makers_root(&self) -> bool {
        self.standing == Standing::MakersRoot
    }

    pub(super) fn is_named(&self) -> bool {
        self.standing == Standing::Named
    }
}

fn opened(pem: &str) -> Option<Vec<u8>> {
    pem_rfc7468::decode_vec(pem.as_bytes())
        .ok()
        .filter(|(label, _)| *label == "CERTIFICATE")
        .map(|(_, der)| der)
}
