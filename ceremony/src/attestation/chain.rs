//! The way from a key's certificate to a root: by names and signatures first, then what each certificate on it allows, then
//! the date. Certificates between are the maker's own and those that somebody named; evidence brings none, so a key that a
//! card attested can never stand in the way as if it were a card.

use super::certificate::Certificate;
use super::roots::{Authority, Root, Roots};
use super::unproven::{Bearer, Unproven};
use crate::time::Moment;

/// Most certificates above the card's own.
const MOST: usize = 6;

/// A way whose names and signatures hold.
pub(super) struct Path<'c> {
    key: &'c Certificate,
    card: &'c Certificate,
    /// From the one that made the card's to the root, which is the last.
    above: Vec<&'c Authority>,
    /// Whether the root is the maker's.
    is_makers: bool,
}

/// Finds the way. One that ends at the maker is taken before one that ends at a root that was named.
pub(super) fn climb<'c>(
    key: &'c Certificate,
    card: &'c Certificate,
    roots: &'c Roots,
) -> Result<Path<'c>, Unproven> {
    if !key.names_as_issuer(card) {
        return Err(Unproven::OtherCard { issuer: key.issuer(), card: card.name() });
    }
    if !key.is_signed_by(card) {
        return Err(Unproven::Signature { bearer: Bearer::Key });
    }
    for (is_makers, ends) in
        [(true, Authority::is_makers_root as fn(&Authority) -> bool), (false, Authority::is_named)]
    {
        let (mut above, mut seen) = (Vec::new(), Vec::new());
        if found(card, roots, ends, &mut above, &mut seen) {
            return Ok(Path { key, card, above, is_makers });
        }
    }
    match roots.all().any(|authority| card.names_as_issuer(&authority.certificate)) {
        true if !roots.all().any(|authority| is_by(card, authority)) => {
            Err(Unproven::Signature { bearer: Bearer::Card })
        }
        _ => Err(Unproven::UnknownRoot { issuer: last(card, roots) }),
    }
}

/// Goes up from `from` to one of the `ends`. Nobody is asked twice, however those that were named certify each other.
fn found<'c>(
    from: &Certificate,
    roots: &'c Roots,
    ends: fn(&Authority) -> bool,
    above: &mut Vec<&'c Authority>,
    seen: &mut Vec<&'c Authority>,
) -> bool {
    if above.len() == MOST {
        return false;
    }
    let signers: Vec<&Authority> = roots.all().filter(|authority| is_by(from, authority)).collect();
    if let Some(end) = signers.iter().find(|authority| ends(authority)) {
        above.push(end);
        return true;
    }
    for next in signers {
        if seen.iter().any(|before| std::ptr::eq(*before, next)) {
            continue;
        }
        seen.push(next);
        above.push(next);
        if found(&next.certificate, roots, ends, above, seen) {
            return true;
        }
        above.pop();
    }
    false
}

fn is_by(certificate: &Certificate, authority: &Authority) -> bool {
    certificate.names_as_issuer(&authority.certificate) && certificate.is_signed_by(&authority.certificate)
}

/// The name at which a way ends that leads to no root.
fn last(card: &Certificate, roots: &Roots) -> String {
    let mut at = card;
    for _ in 0..MOST {
        match roots.all().find(|authority| is_by(at, authority)) {
            Some(next) => at = &next.certificate,
            None => break,
        }
    }
    at.issuer()
}

impl Path<'_> {
    /// What was signed by whom is one thing; that it was allowed is another (RFC 5280 4.2.1.9, 4.2.1.3).
    pub(super) fn check_constraints(&self) -> Result<(), Unproven> {
        for (below, (bearer, certificate)) in self.issuers().enumerate() {
            let refused = Err(Unproven::NotAnIssuer { bearer: bearer.clone() });
            match certificate.constraints() {
                // Cards of the YubiKey 4 have none. What a card's own may sign is settled by its place: a key's, and no more.
                None if bearer == Bearer::Card => {}
                None => return refused,
                Some(constraints) if !constraints.ca => return refused,
                Some(constraints) => {
                    if constraints.path_len_constraint.is_some_and(|most| usize::from(most) < below) {
                        return refused;
                    }
                }
            }
            if !certificate.may_sign() {
                return refused;
            }
        }
        Ok(())
    }

    /// Every certificate is valid at the date, the root's among them.
    pub(super) fn check_dates(&self, at: &Moment) -> Result<(), Unproven> {
        for (bearer, certificate) in std::iter::once((Bearer::Key, self.key)).chain(self.issuers()) {
            let (from, to) = certificate.validity();
            if at < from || at > to {
                let (from, to, at) = (from.written(), to.written(), at.spelled().to_owned());
                return Err(Unproven::NotValid { bearer, from, to, at });
            }
        }
        Ok(())
    }

    /// At whom it ends.
    pub(super) fn root(&self) -> Root {
        let name = self.above.last().map(|root| root.certificate.name()).unwrap_or_default();
        if self.is_makers { Root::Maker(name) } else { Root::Named(name) }
    }

    /// The names of all of it, the key's first.
    pub(super) fn names(&self) -> Vec<String> {
        let above = self.above.iter().map(|authority| &authority.certificate);
        [self.key, self.card].into_iter().chain(above).map(Certificate::name).collect()
    }

    /// Those that signed another, the card's first.
    fn issuers(&self) -> impl Iterator<Item = (Bearer, &Certificate)> {
        let above = self.above.iter().map(|authority| &authority.certificate);
        std::iter::once((Bearer::Card, self.card))
            .chain(above.map(|certificate| (Bearer::Above(certificate.name()), certificate)))
    }
}
