//! What can be written down: one event a line. The fields of each stand in alphabetical order, because a line has sorted
//! names (MODEL 15). An event says what was done and carries the raw bytes that prove it; whether it may happen is
//! [`crate::state`]'s, how a line is spelled [`super::line`]'s.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::key::Fingerprint;
use crate::policy::Control;

/// A file of the ceremony folder, bound by the event that names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// Its length.
    pub bytes: u64,
    /// Its path from the folder, with `/`.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// Something that is kept elsewhere: the folder does not hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct External {
    /// Where it is kept, in words.
    pub kept: String,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// How far a machine's chain is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainHead {
    /// SHA-256 of its first `lines` lines.
    pub head: Digest,
    /// How many lines.
    pub lines: u64,
    /// The machine: SHA-256 of its first line.
    pub machine: Digest,
}

/// One step of a ceremony.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A folder was opened: the first line of every chain, and only that.
    Opened(Opened),
    /// The drafts were made of the plan and its inputs.
    Sealed(Sealed),
    /// A person read the date off a clock that she trusts.
    DateStated(DateStated),
    /// Somebody is in the room, by her own claim.
    PersonPresent(PersonPresent),
    /// Somebody left the room.
    PersonLeft(PersonLeft),
    /// A token got its PINs.
    TokenPrepared(TokenPrepared),
    /// A key was made on a token.
    KeyGenerated(KeyGenerated),
    /// A key card was compared with its token and its holder, and belongs to the plan's key from now on.
    CardCompared(CardCompared),
    /// A token was put in.
    TokenSeen(TokenSeen),
    /// A signer saw a finding and grants the exception that the plan asks for.
    ExceptionGranted(ExceptionGranted),
    /// A signer saw a draft and agrees to sign it.
    Consented(Consented),
    /// A signer saw a draft and will not sign it.
    Declined(Declined),
    /// A token is about to be asked; without an outcome after it, a signature may exist.
    SigningBegun(SigningBegun),
    /// A signature was verified over the draft and counts from now on.
    SignatureAdmitted(SignatureAdmitted),
    /// The token gave none, or nobody knows.
    SigningFailed(SigningFailed),
    /// A token has no try left.
    TokenLocked(TokenLocked),
    /// Something happened that should not have.
    IncidentNoted(Note),
    /// Something worth writing down.
    Remarked(Note),
    /// People leave the folder alone for a while.
    BreakBegan(Note),
    /// They are back.
    BreakEnded(BreakEnded),
    /// This machine took over from another.
    MachineChanged(MachineChanged),
    /// A bundle was written.
    BundleExported(BundleExported),
    /// A bundle or a partially signed file was read, and what counts in it was admitted.
    BundleImported(BundleImported),
    /// Another plan takes the place of the one before; signatures on drafts that it changes die.
    Replanned(Replanned),
    /// A draft became final.
    Finalized(Finalized),
    /// The ceremony ended without its goal.
    Aborted(Note),
    /// The ceremony ended; the head behind this line is the one on paper.
    Closed(Closed),
    /// A key signed the head (MODEL 16).
    Countersigned(Countersigned),
    /// Something was kept afterwards.
    Addendum(Addendum),
    /// Files that no step explains were found and stay where they are: the rest of a step that was cut off.
    SetAside(SetAside),
    /// The folder is kept on another number of devices.
    DevicesChanged(DevicesChanged),
}

/// See [`Event::Opened`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The key cards and public keys that the plan names, by the plan's name of the key.
    pub cards: BTreeMap<String, Stored>,
    /// The ceremony: see [`super::ceremony_id`].
    pub ceremony: Digest,
    /// The date that a person stated.
    pub date: String,
    /// What was added to targets: names, lengths and hashes. None where the plan adds none.
    pub delta: Option<Stored>,
    /// How many devices hold the folder, 1 or 2.
    pub devices: u64,
    /// The format of the transcript.
    pub format: u64,
    /// How often the plan was changed before.
    pub generation: u64,
    /// The documents that the plan names, in its order: the chain of roots, then the predecessors.
    pub inputs: Vec<Stored>,
    /// Chance of this machine's own, so that its first line is no other's.
    pub nonce: Digest,
    /// Why one device is enough, where a real root ceremony is kept on one.
    pub one_device: Option<String>,
    /// Where the ceremony came from, on every machine but its first.
    pub origin: Option<Origin>,
    /// The plan.
    pub plan: Stored,
    /// The machine profile: it stays with its machine.
    pub profile: Option<External>,
    /// Whether everything is marked as a rehearsal.
    pub rehearsal: bool,
    /// Which set of rules judges (DESIGN 16).
    pub rules: u64,
    /// Chance, so that the same plan twice is two ceremonies.
    pub salt: Digest,
    /// The specification that new documents follow where the plan does not say.
    pub spec_version: String,
    /// The program that wrote this, and its version.
    pub tool: String,
}

/// Where a ceremony came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The bundle that it was opened from.
    pub bundle: Stored,
    /// The chains in it, sorted by machine.
    pub chains: Vec<ChainHead>,
    /// The opener's own copy of the trusted root; none where the ceremony makes version 1.
    pub trust: Option<Stored>,
}

/// See [`Event::Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    /// The drafts, A first.
    pub drafts: Vec<SealedDraft>,
    /// What the rules noticed, sorted.
    pub findings: Vec<SealedFinding>,
}

/// One draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedDraft {
    /// Payload digests of the documents that judge it, its own first where it judges itself.
    pub authorities: Vec<Digest>,
    /// Its file.
    pub file: Stored,
    /// Its letter on screen and paper: A to Z, then AA.
    pub letter: String,
    /// SHA-256 of what is signed.
    pub payload: Digest,
    /// Length of what is signed.
    pub payload_bytes: u64,
    /// Its role.
    pub role: String,
    /// Its version.
    pub version: u64,
}

/// One finding about a draft.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealedFinding {
    /// What it is about.
    pub about: String,
    /// The control that noticed.
    pub control: Control,
    /// The letter of the draft; empty for the ceremony as a whole.
    pub draft: String,
    /// Whether signatures are blocked until each signer grants the exception.
    pub needs_exception: bool,
    /// What was found.
    pub says: String,
}

/// See [`Event::DateStated`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DateStated {
    /// Who.
    pub by: String,
    /// The date.
    pub date: String,
}

/// See [`Event::PersonPresent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonPresent {
    /// The person: the plan's name of her, or the name she gives.
    pub person: String,
    /// What she is here for: a claim.
    pub role: String,
}

/// See [`Event::PersonLeft`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonLeft {
    /// The person.
    pub person: String,
}

/// See [`Event::TokenPrepared`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenPrepared {
    /// The plan's name of the key that will live on it.
    pub key: String,
    /// The token's URI.
    pub token: String,
}

/// See [`Event::KeyGenerated`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyGenerated {
    /// The fingerprint of its public half.
    pub fingerprint: Fingerprint,
    /// The plan's name of the key.
    pub key: String,
    /// Its scheme.
    pub scheme: String,
    /// The token's URI.
    pub token: String,
}

/// See [`Event::CardCompared`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardCompared {
    /// The card.
    pub card: Stored,
    /// The plan's name of the key.
    pub key: String,
}

/// See [`Event::TokenSeen`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenSeen {
    /// The keys on it that may sign a draft, by fingerprint.
    pub keys: Vec<Fingerprint>,
    /// The token's URI.
    pub token: String,
}

/// See [`Event::ExceptionGranted`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExceptionGranted {
    /// What the finding is about.
    pub about: String,
    /// The control.
    pub control: Control,
    /// Payload of the draft.
    pub draft: Digest,
    /// Who grants it.
    pub person: String,
    /// Why, in the plan's words.
    pub reason: String,
}

/// See [`Event::Consented`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consented {
    /// Payload of the draft.
    pub draft: Digest,
    /// Another payload of the same role and version that her own log holds, and that she chose to pass over.
    pub earlier: Option<Digest>,
    /// Who.
    pub person: String,
    /// Where she had the digest from, in words; none is recorded as unreferenced (DESIGN 4).
    pub reference: Option<String>,
    /// The exact text that she saw.
    pub shown: Stored,
}

/// See [`Event::Declined`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declined {
    /// Payload of the draft.
    pub draft: Digest,
    /// Who.
    pub person: String,
    /// Why.
    pub reason: String,
    /// The exact text that she saw.
    pub shown: Stored,
}

/// See [`Event::SigningBegun`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningBegun {
    /// Payload of the draft.
    pub draft: Digest,
    /// The key that is asked.
    pub key: Fingerprint,
    /// Whose key it is.
    pub person: String,
    /// Its scheme.
    pub scheme: String,
    /// The token's URI.
    pub token: String,
}

/// See [`Event::SignatureAdmitted`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureAdmitted {
    /// The line of its [`Event::SigningBegun`].
    pub begun: u64,
    /// The signature in hex.
    pub sig: String,
}

/// See [`Event::SigningFailed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningFailed {
    /// The line of its [`Event::SigningBegun`].
    pub begun: u64,
    /// What is known.
    pub outcome: Failure,
    /// What went wrong.
    pub why: String,
}

/// What is known after a token gave no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Failure {
    /// No signature was made.
    NotSigned,
    /// A signature may exist, or a try may be spent (MODEL 23).
    Unknown,
}

/// See [`Event::TokenLocked`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenLocked {
    /// Whose it is.
    pub person: String,
    /// The token's URI.
    pub token: String,
}

/// Words of a person: incidents, remarks, breaks, the reason for an end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Who says it.
    pub by: String,
    /// What.
    pub text: String,
}

/// See [`Event::BreakEnded`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreakEnded {
    /// Who says it.
    pub by: String,
    /// Who watched the folder meanwhile; none is said as none.
    pub watched_by: Option<String>,
}

/// See [`Event::MachineChanged`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineChanged {
    /// Who says it.
    pub by: String,
    /// The chain that goes on here.
    pub from: ChainHead,
    /// Why.
    pub reason: String,
    /// Who watched the folder meanwhile; none is said as none.
    pub watched_by: Option<String>,
}

/// See [`Event::BundleExported`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleExported {
    /// The bundle: it left the folder.
    pub bundle: External,
    /// How many signatures it holds.
    pub signatures: u64,
}

/// See [`Event::BundleImported`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleImported {
    /// The chains in it that this machine knows now, sorted by machine. A chain that is told in two ways is not among them.
    pub chains: Vec<ChainHead>,
    /// Chains that are told in two ways: named here and not believed further.
    pub equivocations: Vec<Equivocation>,
    /// The file, kept whole.
    pub file: Stored,
    /// What kind of file it is.
    pub form: Form,
    /// What counts in it, sorted by draft, key, scheme and bytes; also what was known already.
    pub signatures: Vec<Arrived>,
}

/// What kind of file was imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A bundle of this ceremony.
    Bundle,
    /// A partially signed document or loose signatures, as any peer writes them.
    Foreign,
}

/// A signature that came from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Arrived {
    /// Payload of the draft.
    pub draft: Digest,
    /// The key.
    pub key: Fingerprint,
    /// Its scheme.
    pub scheme: String,
    /// The signature in hex.
    pub sig: String,
    /// Where it was met, as the file says, sorted.
    pub sources: Vec<String>,
}

/// One machine's chain, told in two ways.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Equivocation {
    /// SHA-256 of the line that came.
    pub found: Digest,
    /// SHA-256 of the line that was known.
    pub known: Digest,
    /// The first line that differs, counted from 1.
    pub line: u64,
    /// The machine.
    pub machine: Digest,
}

/// See [`Event::Replanned`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replanned {
    /// Who decided it.
    pub by: String,
    /// As in [`Opened`].
    pub cards: BTreeMap<String, Stored>,
    /// As in [`Opened`].
    pub delta: Option<Stored>,
    /// One more than before.
    pub generation: u64,
    /// As in [`Opened`].
    pub inputs: Vec<Stored>,
    /// The new plan.
    pub plan: Stored,
    /// Why.
    pub reason: String,
}

/// See [`Event::Finalized`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finalized {
    /// Payload of the draft.
    pub draft: Digest,
    /// The final file.
    pub file: Stored,
}

/// See [`Event::Closed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// Who closes.
    pub by: String,
    /// Payloads of drafts that did not become final, sorted.
    pub unfinished: Vec<Digest>,
}

/// See [`Event::Countersigned`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countersigned {
    /// The key.
    pub key: Fingerprint,
    /// Whose it is.
    pub person: String,
    /// The signature over the close document, in hex.
    pub sig: String,
}

/// See [`Event::Addendum`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addendum {
    /// Who says it.
    pub by: String,
    /// What was kept, if something was.
    pub external: Option<External>,
    /// What it is.
    pub text: String,
}

/// See [`Event::SetAside`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// The files, sorted by path.
    pub files: Vec<Stored>,
}

/// See [`Event::DevicesChanged`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DevicesChanged {
    /// How many hold the folder now, 1 or 2.
    pub devices: u64,
    /// Why.
    pub reason: String,
}
