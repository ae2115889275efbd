//! Every cap on input in one table (MODEL 28). Each is tested at and past its value. Nothing else in the engine
//! decides how much is too much.

/// One cap: what it bounds, in which unit, and its greatest allowed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// What is bounded, as a person would say it.
    pub of: &'static str,
    /// The greatest value that is still accepted.
    pub most: usize,
    /// The unit of `most`.
    pub unit: &'static str,
}

impl Limit {
    const fn new(of: &'static str, most: usize, unit: &'static str) -> Limit {
        Limit { of, most, unit }
    }

    /// Whether `n` is still within the cap.
    #[must_use]
    pub const fn allows(&self, n: usize) -> bool {
        n <= self.most
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} may have at most {} {}", self.of, self.most, self.unit)
    }
}

/// Size of one metadata document; offsets on the tape keep their top bit for a mark (TUF 5.1 leaves the size to us).
pub const DOCUMENT: Limit = Limit::new("a metadata document", 512 << 20, "bytes");
/// Size of one bundle. Larger drafts travel beside it.
pub const BUNDLE: Limit = Limit::new("a bundle", 64 << 20, "bytes");
/// Drafts and authorities above this size travel beside the bundle (MODEL 5).
pub const EMBEDDED: Limit = Limit::new("a document inside a bundle", 8 << 20, "bytes");
/// Size of a key file, a signature file or another small input.
pub const SMALL_FILE: Limit = Limit::new("a small input file", 1 << 20, "bytes");
/// Nesting of arrays and objects.
pub const DEPTH: Limit = Limit::new("a document", 128, "levels of nesting");
/// Values and member names in one document.
pub const NODES: Limit = Limit::new("a document", 48 << 20, "values");
/// Digits of one integer: the value is kept as text, never rounded.
pub const INTEGER_DIGITS: Limit = Limit::new("an integer", 64, "digits");
/// Size of a holder's log: some tens of thousands of signatures.
pub const HOLDER_LOG: Limit = Limit::new("a holder's log", 16 << 20, "bytes");
/// Entries in one `signatures` array.
pub const SIGNATURES: Limit = Limit::new("a document", 1024, "signature entries");
/// Key ids of one role, and keys of one root or delegation.
pub const KEYS: Limit = Limit::new("a key table or role", 1024, "keys");
/// Key ids over all roles of one document: sixteen for each of the most delegated roles. Each is judged, compared and
/// told by itself.
pub const LISTED_KEYS: Limit = Limit::new("a document", 16 * DELEGATIONS.most, "key ids over all its roles");
/// The name of a role in a document that we read: no file system keeps a longer one.
pub const ROLE_TEXT: Limit = Limit::new("the name of a role", 255, "bytes");
/// The name of a key's holder, where a document claims one. A longer one is no name and is not told.
pub const OWNER: Limit = Limit::new("a holder's name", 1024, "bytes");
/// Delegated roles of one targets document.
pub const DELEGATIONS: Limit = Limit::new("a targets document", 16_384, "delegated roles");
/// Hex digits of one signature (ML-DSA-87 needs 9,254).
pub const SIGNATURE_HEX: Limit = Limit::new("a signature", 16_384, "hex digits");
/// The text of one public key (ML-DSA-87 in PEM is 3,600 bytes).
pub const PUBLIC_KEY_TEXT: Limit = Limit::new("a public key", 16_384, "bytes of text");
/// Characters of a role name in our own formats; it becomes a file name.
pub const ROLE_NAME: Limit = Limit::new("a role name", 200, "bytes");
/// Files in one import, merge or chain.
pub const FILES: Limit = Limit::new("one command", 1024, "files");
/// Drafts in one bundle.
pub const DRAFTS: Limit = Limit::new("a bundle", 64, "drafts");
/// Documents in one bundle: each draft, what judges it, and what its changes are shown against.
pub const DOCUMENTS: Limit = Limit::new("a bundle", 3 * DRAFTS.most, "documents");
/// Signatures on one draft in a bundle: as many as two authorities' keys can leave there.
pub const DRAFT_SIGNATURES: Limit =
    Limit::new("a draft in a bundle", 2 * KEYS.most * KEPT_SIGNATURES.most, "signatures");
/// Machines of one ceremony: each keyholder may have her own.
pub const CHAINS: Limit = Limit::new("a bundle", 256, "machines' chains");
/// Files of a plan, the plan itself included: predecessors, key cards and public keys.
pub const BUNDLE_FILES: Limit = Limit::new("a bundle", 4096, "files of its plan");
/// Characters of one source.
pub const SOURCE: Limit = Limit::new("a source", 306, "characters");
/// Sources remembered for one signature.
pub const SOURCES: Limit = Limit::new("one signature", 32, "sources");
/// Valid signatures kept for one draft and public key (MODEL 11).
pub const KEPT_SIGNATURES: Limit = Limit::new("one key on one draft", 4, "signatures");
/// Target files that one plan adds.
pub const TARGET_FILES: Limit = Limit::new("a plan", 2_000_000, "target files to add");
/// Size of one plan.
pub const PLAN: Limit = Limit::new("a plan", 1 << 20, "bytes");
/// The name of a person, key or module in a plan or profile: it becomes a part of a file name.
pub const NAME: Limit = Limit::new("a name of a person, key or module", 40, "characters");
/// A title, a person's full name, a key id or a file's path in a plan: one line on a screen or two.
pub const LINE: Limit = Limit::new("a title, full name, key id or path in a plan", 200, "characters");
/// A reason in a plan.
pub const REASON: Limit = Limit::new("a reason or longer text in a plan", 1000, "characters");
/// The signed part of a key card: PIV Ed25519 takes 1,014 bytes (MODEL 19).
pub const CARD: Limit = Limit::new("the signed part of a key card", 999, "bytes");
/// One certificate of an attestation: real ones have below 1,000 bytes.
pub const ATTESTATION: Limit = Limit::new("a certificate of an attestation", 16_384, "bytes");
/// Roots that somebody names for attestations.
pub const ATTESTATION_ROOTS: Limit = Limit::new("the roots that are named", 16, "certificates");
/// Length of one line of a transcript, its newline included.
pub const TRANSCRIPT_LINE: Limit = Limit::new("a line of a transcript", 4 << 20, "bytes");
/// Lines of one machine's transcript: each is judged with everything before it in mind.
pub const TRANSCRIPT_LINES: Limit = Limit::new("a transcript", 16_384, "lines");
/// Size of one machine's transcript. Bundles carry those of several machines.
pub const TRANSCRIPT: Limit = Limit::new("a transcript", 32 << 20, "bytes");
/// Files and folders of one ceremony's folder.
pub const FOLDER: Limit = Limit::new("a ceremony's folder", 32_768, "files");
