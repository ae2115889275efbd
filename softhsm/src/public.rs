//! What a token shows of a key's public half, changed into what other tokens show: nothing before the PIN, nothing at all, or a
//! certificate alone.

use std::path::Path;

use cryptoki::object::{Attribute, AttributeType, CertificateType, ObjectClass};

use crate::token::{TokenError, open, user_session};

/// How a public half is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Shown {
    /// Once the token is open (`CKA_PRIVATE`).
    Hidden,
    /// Not at all.
    Absent,
    /// By a certificate that nobody signed; of Ed25519 and P-256 keys.
    Certificate,
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Hidden => "hidden",
            Self::Absent => "absent",
            Self::Certificate => "certificate",
        })
    }
}

/// Changes how the public half of the key with this label and id is shown.
///
/// # Errors
/// The module refused.
pub fn show_public(
    module: &Path,
    token: &str,
    user_pin: &str,
    (label, id): (&str, &[u8]),
    shown: Shown,
) -> Result<(), TokenError> {
    let context = open(module)?;
    let session = user_session(&context, token, user_pin)?;
    let name =
        [Attribute::Token(true), Attribute::Label(label.as_bytes().to_vec()), Attribute::Id(id.to_vec())];
    let wanted = [&[Attribute::Class(ObjectClass::PUBLIC_KEY)][..], &name[1..]].concat();
    let old = session.find_objects(&wanted)?.into_iter().next().ok_or(TokenError::NotAKey)?;
    let shape = [AttributeType::KeyType, AttributeType::EcParams, AttributeType::EcPoint];
    let told = session.get_attributes(old, &shape)?;
    let value = |wanted: fn(&Attribute) -> Option<&Vec<u8>>| {
        told.iter().find_map(wanted).cloned().unwrap_or_default()
    };
    let parameters = value(|told| if let Attribute::EcParams(value) = told { Some(value) } else { None });
    let point = value(|told| if let Attribute::EcPoint(value) = told { Some(value) } else { None });
    match shown {
        Shown::Absent => {}
        Shown::Hidden => {
            let hidden = [
                Attribute::Class(ObjectClass::PUBLIC_KEY),
                Attribute::Private(true),
                Attribute::Verify(true),
            ];
            session.create_object(&[&hidden[..], &name, &told].concat())?;
        }
        Shown::Certificate => {
            let certificate = [
                Attribute::Class(ObjectClass::CERTIFICATE),
                Attribute::CertificateType(CertificateType::X_509),
                Attribute::Private(false),
                Attribute::Subject(tagged(0x30, &[])),
                Attribute::Value(certificate(&parameters, &point)),
            ];
            session.create_object(&[&certificate[..], &name].concat())?;
        }
    }
    session.destroy_object(old)?;
    session.close()?;
    Ok(context.finalize()?)
}

/// An X.509 certificate (RFC 5280 4.1) for the key, with empty names and a signature of zeros.
fn certificate(parameters: &[u8], point: &[u8]) -> Vec<u8> {
    const EC: &[u8] = &[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    const ED25519: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
    let algorithm = match parameters.first() {
        Some(0x06) if parameters != ED25519 => [EC, parameters].concat(),
        _ => ED25519.to_vec(),
    };
    let bits = |bytes: &[u8]| tagged(0x03, &[&[0][..], bytes].concat());
    // The point stands in an OCTET STRING.
    let key = tagged(0x30, &[tagged(0x30, &algorithm), bits(point.get(2..).unwrap_or_default())].concat());
    let signed_with = tagged(0x30, ED25519);
    let (nobody, always) =
        (tagged(0x30, &[]), [tagged(0x17, b"260101000000Z"), tagged(0x17, b"490101000000Z")]);
    let body = [
        tagged(0xa0, &tagged(0x02, &[2])),
        tagged(0x02, &[1]),
        signed_with.clone(),
        nobody.clone(),
        tagged(0x30, &always.concat()),
        nobody,
        key,
    ];
    tagged(0x30, &[tagged(0x30, &body.concat()), signed_with, bits(&[0; 64])].concat())
}

/// DER of bodies of up to 65,535 bytes.
fn tagged(tag: u8, body: &[u8]) -> Vec<u8> {
    let [.., high, low] = body.len().to_be_bytes();
    let mut out = match (high, low) {
        (0, 0..=0x7f) => vec![tag, low],
        (0, _) => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    out.extend_from_slice(body);
    out
}
