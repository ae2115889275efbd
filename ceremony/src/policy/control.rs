//! The table of controls: a name that runs from here through a finding on screen to `docs/controls.md` and a test.

use crate::metadata::RoleType;

/// One named rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Control {
    /// Versions start at 1.
    Version,
    /// There is an expiry, spelled as everybody reads it.
    Expiry,
    /// The specification version is 1.
    SpecVersion,
    /// Fields that the specification does not know.
    UnknownField,
    /// Signature entries that are placeholders or stand twice.
    Entries,
    /// A root gives keys to the four roles.
    FourRoles,
    /// Consistent snapshots are on.
    ConsistentSnapshot,
    /// A threshold can be met.
    Threshold,
    /// Every key that a role lists is in the table.
    KeyMissing,
    /// Every key in the table is listed by a role.
    Unreferenced,
    /// One public key under two key ids of one role.
    TwoIds,
    /// One key for root and an online role.
    SharedKey,
    /// A key that cannot count.
    Key,
    /// A keytype or scheme that we do not know.
    Scheme,
    /// The key id is the hash of the key.
    KeyId,
    /// A target has a hash.
    TargetHashes,
    /// A target's path is one that clients accept.
    TargetPath,
    /// A delegated role's name is fit for a file name.
    RoleName,
    /// Path patterns use only what every client knows.
    PathPattern,
    /// Content that known clients canonicalize differently.
    Clients,
    /// The kind of a plan is what its changes are.
    Kind,
    /// No published document loses its signatures' worth.
    Orphan,
    /// A version is above every version that was seen.
    Seen,
    /// A version is the next one.
    NextVersion,
    /// Nothing is made that is expired.
    Expired,
    /// What needs an exception has one in the plan.
    Unasked,
    /// An exception of the plan is for something.
    Needless,
    /// One signature suffices for root or targets.
    ThresholdOne,
    /// A threshold is lowered.
    ThresholdLowered,
    /// A new key for people without a card that proves it.
    Unproven,
    /// An expiry far away.
    ExpiryFar,
    /// An expiry just behind the ceremony.
    ExpirySoon,
    /// One person can meet a threshold alone.
    OneHolder,
    /// Clients forget the snapshot and timestamp that they know.
    FastForward,
    /// Nobody may fail, or there are too few already.
    Margin,
    /// A delegated predecessor that its delegation does not ask for.
    Predecessor,
    /// A key of a real root or of real targets lies on a token that is a program.
    SoftwareToken,
    /// A key on a PIV card is proven to live in hardware.
    Unattested,
    /// The maker warns of a card's firmware.
    Advisory,
    /// Keys of a scheme that few clients know, so that others cannot read the document.
    FewClients,
}

/// The controls with their codes and sources.
const TABLE: [(Control, &str, &str); 40] = [
    (Control::Version, "version", "TUF 4.3"),
    (Control::Expiry, "expiry", "TUF 4.2.3"),
    (Control::SpecVersion, "spec-version", "TUF 4.3"),
    (Control::UnknownField, "unknown-field", "MODEL 9"),
    (Control::Entries, "signature-entries", "TUF 4.2.1, MODEL 10"),
    (Control::FourRoles, "four-roles", "TUF 4.3"),
    (Control::ConsistentSnapshot, "consistent-snapshot", "TUF 6.2.1"),
    (Control::Threshold, "threshold", "TUF 4.3"),
    (Control::KeyMissing, "key-missing", "TUF 4.3"),
    (Control::Unreferenced, "key-unreferenced", "TUF 4.3"),
    (Control::TwoIds, "key-two-ids", "MODEL 8"),
    (Control::SharedKey, "key-shared", "house rule"),
    (Control::Key, "key-unfit", "TUF 4.2"),
    (Control::Scheme, "key-scheme", "TUF 4.2"),
    (Control::KeyId, "key-id", "TUF 4.2"),
    (Control::TargetHashes, "target-hashes", "TUF 4.5"),
    (Control::TargetPath, "target-path", "TUF 4.5"),
    (Control::RoleName, "role-name", "TUF 4.5"),
    (Control::PathPattern, "path-pattern", "TUF 4.5"),
    (Control::Clients, "clients-differ", "TUF 4.2.1"),
    (Control::Kind, "kind", "MODEL 6"),
    (Control::Orphan, "orphan", "TUF 5.6.3"),
    (Control::Seen, "version-seen", "TUF 5.5.5"),
    (Control::NextVersion, "version-next", "house rule"),
    (Control::Expired, "expired", "TUF 5.3.10"),
    (Control::Unasked, "exception-unasked", "house rule"),
    (Control::Needless, "exception-needless", "house rule"),
    (Control::ThresholdOne, "threshold-one", "house rule"),
    (Control::ThresholdLowered, "threshold-lowered", "house rule"),
    (Control::Unproven, "key-unproven", "house rule"),
    (Control::ExpiryFar, "expiry-far", "house rule"),
    (Control::ExpirySoon, "expiry-soon", "house rule"),
    (Control::OneHolder, "one-holder", "house rule"),
    (Control::FastForward, "fast-forward", "TUF 5.3.11"),
    (Control::Margin, "margin", "house rule"),
    (Control::Predecessor, "predecessor-unproven", "house rule"),
    (Control::SoftwareToken, "token-software", "house rule"),
    (Control::Unattested, "key-unattested", "MODEL 29"),
    (Control::Advisory, "token-advisory", "house rule"),
    (Control::FewClients, "clients-too-old", "TAP 21"),
];

impl Control {
    /// All controls.
    pub fn all() -> impl Iterator<Item = Control> {
        TABLE.iter().map(|(control, _, _)| *control)
    }

    fn row(self) -> &'static (Control, &'static str, &'static str) {
        TABLE
            .iter()
            .find(|(control, _, _)| *control == self)
            .expect("every control has a row: a test says so")
    }

    /// Its name in reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// Where the rule comes from.
    #[must_use]
    pub fn source(self) -> &'static str {
        self.row().2
    }
}

impl serde::Serialize for Control {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Control {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Control, D::Error> {
        let code = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let known = Control::all().find(|control| control.code() == code);
        known.ok_or_else(|| serde::de::Error::custom(format!("{code:?} is no control of this version")))
    }
}

/// The members of `signed` that the specification knows.
pub(super) fn known_members(role: RoleType) -> &'static [&'static str] {
    match role {
        RoleType::Root => {
            &["_type", "consistent_snapshot", "expires", "keys", "roles", "spec_version", "version"]
        }
        RoleType::Targets => &["_type", "delegations", "expires", "spec_version", "targets", "version"],
        RoleType::Snapshot | RoleType::Timestamp => &["_type", "expires", "meta", "spec_version", "version"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_every_control_has_a_row() {
        let mut codes: Vec<_> = Control::all().map(Control::code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), TABLE.len());
        // The last variant's number counts the variants: a new one without a row fails here.
        assert_eq!(Control::FewClients as usize + 1, TABLE.len());
    }
}
