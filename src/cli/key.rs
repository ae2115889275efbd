//! What can be done with a key: made, carded, tested.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{AttestationRoots, FolderAccess, ModuleChoice, Output, PassphraseChoice};
use crate::token::SignScheme;

/// What can be done with a key.
#[derive(Debug, Subcommand)]
pub enum KeyVerb {
    /// Make a new key on a token, after you typed your consent; nothing on it is ever replaced
    #[command(
        after_help = "Examples:\n  conclave key generate --token 'pkcs11:token=anna' --module MODULE --scheme ecdsa-sha2-nistp256 --label root-2027\n  conclave key generate --token 'pkcs11:token=anna' --profile machine.toml --scheme ed25519 --label root --into root-1 --key anna --mirror /media/b/root-1\n  conclave key generate --token piv:serial=12345678 --scheme ecdsa-sha2-nistp256\n  conclave key generate --file online.key.pem --scheme ecdsa-sha2-nistp256 --public-out online.pem"
    )]
    Generate {
        /// Which token, as an RFC 7512 URI
        #[arg(long, value_name = "URI", required_unless_present = "file", conflicts_with = "file")]
        token: Option<String>,
        /// Make an encrypted key file instead, which must not exist: for online roles and rehearsals only
        #[arg(long, value_name = "FILE", conflicts_with_all = ["into", "id", "label"])]
        file: Option<PathBuf>,
        #[command(flatten)]
        passphrase: PassphraseChoice,
        /// The scheme that it will sign with
        #[arg(long, value_name = "SCHEME")]
        scheme: NewScheme,
        /// The new key's label on the token; keys on PIV cards have none
        #[arg(long, value_name = "TEXT")]
        label: Option<String>,
        /// The new key's id on the token, in hex; the first free number if it is not given
        #[arg(long, value_name = "HEX")]
        id: Option<String>,
        #[command(flatten)]
        in_slot: SlotChoice,
        /// Write the public key there as PEM, for a plan that names a key without a card; it must not exist
        #[arg(long, value_name = "FILE")]
        public_out: Option<PathBuf>,
        #[command(flatten)]
        phase: KeyPhase,
        #[command(flatten)]
        module: ModuleChoice,
        #[command(flatten)]
        output: Output,
    },
    /// Make a key's card: whose it is, on which token, what the token says of it, signed by the key itself
    #[command(
        after_help = "Examples:\n  conclave key card --holder 'Anna Berg' --token 'pkcs11:token=anna' --module MODULE --out anna.key.json\n  conclave key card --token 'pkcs11:token=anna' --profile machine.toml --into root-1 --key anna --mirror /media/b/root-1\n\nThe key is found by its public half; if the token holds several, name one in the URI: pkcs11:token=anna;object=root."
    )]
    Card {
        /// Full name of somebody who can sign with it (may be repeated); in a key phase the plan says who
        #[arg(long = "holder", value_name = "NAME", conflicts_with_all = ["machine", "into"])]
        holders: Vec<String>,
        /// A machine holds it, and no person
        #[arg(long, conflicts_with = "into")]
        machine: bool,
        /// Which token and key, as an RFC 7512 URI
        #[arg(long, value_name = "URI", required_unless_present = "file", conflicts_with = "file")]
        token: Option<String>,
        /// The key is in this encrypted key file: a machine's, or in a rehearsal
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        #[command(flatten)]
        passphrase: PassphraseChoice,
        /// The card to write; it must not exist
        #[arg(long, value_name = "FILE", required_unless_present = "into")]
        out: Option<PathBuf>,
        /// The card is practice, for a rehearsal alone; in a key phase the plan says so
        #[arg(long, conflicts_with = "into")]
        rehearsal: bool,
        /// Write the public key there as PEM as well; it must not exist
        #[arg(long, value_name = "FILE")]
        public_out: Option<PathBuf>,
        /// Today's date, with which the dates of a PIV card's certificates are compared; in a key phase the ceremony has one
        #[arg(long, value_name = "DATE", conflicts_with = "into")]
        date: Option<String>,
        #[command(flatten)]
        roots: AttestationRoots,
        #[command(flatten)]
        phase: KeyPhase,
        #[command(flatten)]
        module: ModuleChoice,
        #[command(flatten)]
        output: Output,
    },
    /// Read cards and verify their proofs; with --token, test that the token still signs with that key; with --ready, say
    /// whether a token is ready for a plan
    #[command(
        after_help = "Examples:\n  conclave key check anna.key.json bela.key.json\n  conclave key check --date 2027-03-05 --attestation-root roots.pem anna.key.json\n  conclave key check --token 'pkcs11:token=anna' --module MODULE anna.key.json\n  conclave key check --ready root-2.plan.toml --as anna --token 'pkcs11:token=anna' --module MODULE --date 2027-03-05\n\nWith --ready, exit code 1 says that the token is not ready, and each reason; the key signs a test once nothing else is in the way."
    )]
    Check {
        /// The cards
        #[arg(required_unless_present = "ready", value_name = "CARD")]
        cards: Vec<PathBuf>,
        /// Which token to test, as an RFC 7512 URI
        #[arg(long, value_name = "URI", conflicts_with = "file")]
        token: Option<String>,
        /// Which key file to test
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        #[command(flatten)]
        passphrase: PassphraseChoice,
        #[command(flatten)]
        ready: ReadyChoice,
        #[command(flatten)]
        roots: AttestationRoots,
        #[command(flatten)]
        module: ModuleChoice,
        #[command(flatten)]
        output: Output,
    },
}

/// Where on a PIV card a new key is made, and what it will ask for; that can never be changed later.
#[derive(Debug, Clone, Args)]
pub struct SlotChoice {
    /// The slot of a PIV card: 9c, which is for signatures, if neither this nor the URI says another
    #[arg(long, value_name = "SLOT", conflicts_with = "file")]
    pub slot: Option<String>,
    /// When the card wants its PIN for this key: always if it is not given
    #[arg(long, value_name = "WHEN", conflicts_with = "file")]
    pub pin_policy: Option<PinWhen>,
    /// When the card wants to be touched for this key: always if it is not given
    #[arg(long, value_name = "WHEN", conflicts_with = "file")]
    pub touch_policy: Option<TouchWhen>,
}

/// When a card wants its PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PinWhen {
    /// Before each signature
    Always,
    /// Once for a visit
    Once,
    /// Never
    Never,
}

/// When a card wants to be touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TouchWhen {
    /// For each signature
    Always,
    /// For a signature, and then not for 15 seconds
    Cached,
    /// Never
    Never,
}

/// Whether a token is ready for a plan.
#[derive(Debug, Clone, Args)]
pub struct ReadyChoice {
    /// Is the token ready for this plan? Nothing of it is opened or written
    #[arg(long, value_name = "PLAN", requires_all = ["whose", "token"], conflicts_with_all = ["cards", "file"])]
    pub ready: Option<PathBuf>,
    /// The plan's name of the key
    #[arg(long, value_name = "NAME", group = "whose", requires = "ready")]
    pub key: Option<String>,
    /// Whose key it is, by the plan's name of the person; of several it is the one on the token
    #[arg(long = "as", value_name = "PERSON", group = "whose", requires = "ready")]
    pub person: Option<String>,
    /// The day with which the dates of a PIV card's certificates are compared, and with --ready the window and the reply
    /// deadline (2027-03-05)
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
}

/// In which ceremony's key phase a step is written down.
#[derive(Debug, Clone, Args)]
pub struct KeyPhase {
    /// The ceremony's folder, in its key phase
    #[arg(long, value_name = "FOLDER", requires = "key")]
    pub into: Option<PathBuf>,
    /// The plan's name of the key
    #[arg(long, value_name = "NAME", requires = "into")]
    pub key: Option<String>,
    #[command(flatten)]
    pub access: FolderAccess,
}

/// The schemes that new keys are made for, by their names in metadata; of ML-DSA the version may be left out, there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NewScheme {
    /// Signs the whole document
    Ed25519,
    /// ECDSA on NIST P-256
    #[value(name = "ecdsa-sha2-nistp256")]
    P256,
    /// ECDSA on NIST P-384
    #[value(name = "ecdsa-sha2-nistp384")]
    P384,
    /// RSA with 3072 bits
    #[value(name = "rsassa-pss-sha256")]
    Rsa,
    /// Post-quantum; of few tokens, and verified by few clients
    #[value(name = "ml-dsa-44", alias = "ml-dsa-44/1")]
    MlDsa44,
    /// The same, stronger
    #[value(name = "ml-dsa-65", alias = "ml-dsa-65/1")]
    MlDsa65,
    /// The same, strongest
    #[value(name = "ml-dsa-87", alias = "ml-dsa-87/1")]
    MlDsa87,
}

impl From<NewScheme> for SignScheme {
    fn from(scheme: NewScheme) -> SignScheme {
        match scheme {
            NewScheme::Ed25519 => SignScheme::Ed25519,
            NewScheme::P256 => SignScheme::EcdsaP256Sha256,
            NewScheme::P384 => SignScheme::EcdsaP384Sha384,
            NewScheme::Rsa => SignScheme::RsaPssSha256,
            NewScheme::MlDsa44 => SignScheme::MlDsa44,
            NewScheme::MlDsa65 => SignScheme::MlDsa65,
            NewScheme::MlDsa87 => SignScheme::MlDsa87,
        }
    }
}
