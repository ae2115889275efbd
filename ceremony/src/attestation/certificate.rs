//! One X.509 certificate (RFC 5280), with what a chain of attestation needs of it. The library reads the structure; what is
//! signed is taken from the bytes themselves and never written anew.

use p384::ecdsa::signature::hazmat::PrehashVerifier as _;
use sha2::{Digest as _, Sha256};
use spki::ObjectIdentifier;
use x509_cert::Certificate as X509;
use x509_cert::der::asn1::ObjectIdentifier as Oid;
use x509_cert::der::{Decode as _, Encode as _, Reader as _, SliceReader};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};
use x509_cert::name::Name;
use x509_cert::time::Time;

use crate::key::{PublicKey, Scheme};
use crate::time::Moment;

const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const RSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.12");
const RSA_SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.13");
const ECDSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
const ECDSA_SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.3");

/// Extensions that may be critical, because they are understood here: basicConstraints and keyUsage.
const UNDERSTOOD: [Oid; 2] = [Oid::new_unwrap("2.5.29.19"), Oid::new_unwrap("2.5.29.15")];

/// Most characters of a name that are told.
const NAME: usize = 200;

/// A certificate that could be read. Nothing of it is believed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Certificate {
    /// What its issuer signed.
    body: Vec<u8>,
    signature: Vec<u8>,
    spki: Vec<u8>,
    from: Moment,
    to: Moment,
    parsed: X509,
}

impl Certificate {
    /// Reads one certificate in DER, with nothing behind it.
    pub(super) fn read(der: &[u8]) -> Result<Certificate, &'static str> {
        let parsed = X509::from_der(der).map_err(|_| "it is no X.509 certificate in DER")?;
        let inside = parsed.tbs_certificate();
        if inside.signature() != parsed.signature_algorithm() {
            return Err("it names two algorithms for its signature");
        }
        let extensions = inside.extensions().map_or(&[][..], Vec::as_slice);
        for (at, extension) in extensions.iter().enumerate() {
            if extensions[..at].iter().any(|before| before.extn_id == extension.extn_id) {
                return Err("an extension stands in it twice");
            }
            if extension.critical && !UNDERSTOOD.contains(&extension.extn_id) {
                return Err("it has a critical extension that is not known here");
            }
        }
        for known in
            [inside.get_extension::<BasicConstraints>().is_err(), inside.get_extension::<KeyUsage>().is_err()]
        {
            if known {
                return Err("its constraints cannot be read");
            }
        }
        let signature = parsed.signature().as_bytes().ok_or("its signature is not whole bytes")?.to_vec();
        let spki = inside.subject_public_key_info().to_der().map_err(|_| "its key cannot be read")?;
        let (from, to) = (moment(inside.validity().not_before)?, moment(inside.validity().not_after)?);
        let body = body(der).ok_or("it is no X.509 certificate in DER")?;
        Ok(Certificate { body, signature, spki, from, to, parsed })
    }

    /// Its public key, as a DER `SubjectPublicKeyInfo`.
    pub(super) fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Whose it is, for people: untrusted text.
    pub(super) fn name(&self) -> String {
        told(self.parsed.tbs_certificate().subject())
    }

    /// Who made it, for people: untrusted text.
    pub(super) fn issuer(&self) -> String {
        told(self.parsed.tbs_certificate().issuer())
    }

    /// Whether it says that it was made by `issuer`. Names are compared as they are written.
    pub(super) fn names_as_issuer(&self, issuer: &Certificate) -> bool {
        self.parsed.tbs_certificate().issuer() == issuer.parsed.tbs_certificate().subject()
    }

    /// Whether `issuer` signed it.
    pub(super) fn is_signed_by(&self, issuer: &Certificate) -> bool {
        let spki = issuer.parsed.tbs_certificate().subject_public_key_info();
        let curve = || spki.algorithm.parameters.as_ref().and_then(|told| told.decode_as::<Oid>().ok());
        let is_rsa = spki.algorithm.oid == RSA;
        let scheme = match self.parsed.signature_algorithm().oid {
            RSA_SHA256 if is_rsa => Scheme::RsaPkcs1v15Sha256,
            RSA_SHA384 if is_rsa => Scheme::RsaPkcs1v15Sha384,
            RSA_SHA512 if is_rsa => Scheme::RsaPkcs1v15Sha512,
            ECDSA_SHA256 if curve() == Some(P256) => Scheme::EcdsaP256Sha256,
            ECDSA_SHA384 if curve() == Some(P384) => Scheme::EcdsaP384Sha384,
            // What cards with an attestation key on P-384 do: their firmware knows SHA-256 only.
            ECDSA_SHA256 if curve() == Some(P384) => return self.is_signed_with_sha256_by_p384(issuer),
            _ => return false,
        };
        PublicKey::from_spki_der(&issuer.spki, scheme)
            .is_ok_and(|key| key.verify(&self.body, &self.signature).is_ok())
    }

    fn is_signed_with_sha256_by_p384(&self, issuer: &Certificate) -> bool {
        let key = PublicKey::from_spki_der(&issuer.spki, Scheme::EcdsaP384Sha384);
        let point = issuer.parsed.tbs_certificate().subject_public_key_info().subject_public_key.as_bytes();
        let (Ok(_), Some(point)) = (key, point) else { return false };
        let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(point);
        let pair = p384::ecdsa::Signature::from_der(&self.signature);
        key.is_ok_and(|key| {
            pair.is_ok_and(|pair| key.verify_prehash(&Sha256::digest(&self.body), &pair).is_ok())
        })
    }

    /// Its constraints as an issuer; none where it has none.
    pub(super) fn constraints(&self) -> Option<BasicConstraints> {
        self.parsed.tbs_certificate().get_extension().ok().flatten().map(|(_, constraints)| constraints)
    }

    /// Whether it may sign certificates, as far as it says for what it may be used.
    pub(super) fn may_sign(&self) -> bool {
        let usage = self.parsed.tbs_certificate().get_extension::<KeyUsage>().ok().flatten();
        usage.is_none_or(|(_, usage)| usage.key_cert_sign())
    }

    /// The value of an extension, unread.
    pub(super) fn extension(&self, oid: Oid) -> Option<&[u8]> {
        let extensions = self.parsed.tbs_certificate().extensions()?;
        let found: Option<&Extension> = extensions.iter().find(|extension| extension.extn_id == oid);
        found.map(|extension| extension.extn_value.as_bytes())
    }

    /// From when to when it is valid, both included.
    pub(super) fn validity(&self) -> (&Moment, &Moment) {
        (&self.from, &self.to)
    }
}

fn moment(time: Time) -> Result<Moment, &'static str> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok();
    seconds.and_then(Moment::after_1970).ok_or("its dates cannot be read")
}

fn told(name: &Name) -> String {
    name.to_string().chars().take(NAME).collect()
}

/// The bytes of the first part, which is what was signed.
fn body(der: &[u8]) -> Option<Vec<u8>> {
    let parts = SliceReader::new(der).ok()?.sequence(|inner| {
        let body = inner.tlv_bytes()?.to_vec();
        inner.tlv_bytes()?;
        inner.tlv_bytes()?;
        Ok::<_, x509_cert::der::Error>(body)
    });
    parts.ok()
}
