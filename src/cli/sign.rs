//! `sign`: who signs what with which token, and what she compares it with.

use std::path::PathBuf;

use clap::Args;

use super::{AttestationRoots, FolderAccess, ModuleChoice, Output, PassphraseChoice, Trust};

/// A visit of somebody who signs.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  conclave sign --as anna --module /usr/lib/softhsm/libsofthsm2.so --module-env SOFTHSM2_CONF root-2\n  conclave sign --guided --as anna --module MODULE root-2\n  conclave sign --as carla --trust 1.root.json --date 2027-03-05 --one-device 'a visit' --module MODULE root-2.bundle.json\n  conclave sign --token 'pkcs11:token=alice' --module MODULE --trust 1.root.json draft.bundle.json\n\nA ceremony's bundle is signed in your own folder beside it, named like it with .conclave; your reply is written beside it too,\nas root-2.reply.bundle.json, if --out names no other place."
)]
pub struct Sign {
    /// The ceremony's folder; or a bundle, of a ceremony or of a foreign document, which is replaced by one with your signature
    pub place: PathBuf,
    /// Who you are, by the plan's name of you; a ceremony writes it down
    #[arg(long = "as", value_name = "NAME")]
    pub person: Option<String>,
    /// One draft of a ceremony, by its letter; every draft that waits for you if it is not given
    #[arg(long, value_name = "LETTER")]
    pub draft: Option<String>,
    /// Which token or key, as an RFC 7512 URI; in a ceremony the token is known by your key, and this only tells several apart
    #[arg(long, value_name = "URI")]
    pub token: Option<String>,
    /// Your key's card, for the bundle of a foreign document, where your token does not show the key before its PIN: the card gives the
    /// key, and names the token by its serial
    #[arg(long, value_name = "CARD", conflicts_with = "key_file")]
    pub card: Option<PathBuf>,
    /// Where you have the digest from that you compare, in your words: a ceremony writes it down
    #[arg(long, value_name = "TEXT")]
    pub reference: Option<String>,
    /// Ask step by step what you need to see and compare before you sign, as in the locked room; it needs a person
    #[arg(long, conflicts_with = "json")]
    pub guided: bool,
    /// Your own log of what you sign, on your own medium: a second document for the same role and version is noticed
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,
    #[command(flatten)]
    pub trust: Trust,
    /// The date of today, where a folder is opened for you beside the bundle
    #[arg(long, value_name = "DATE")]
    pub date: Option<String>,
    /// Take the PIN from this file, which you alone may open: for rehearsals and online roles only
    #[arg(long, value_name = "FILE")]
    pub pin_source: Option<PathBuf>,
    /// Sign with the key in this encrypted file, in a ceremony: for rehearsals and online roles only
    #[arg(long, value_name = "FILE", conflicts_with_all = ["token", "pin_source", "module", "profile"])]
    pub key_file: Option<PathBuf>,
    #[command(flatten)]
    pub passphrase: PassphraseChoice,
    /// Where your reply goes, for a ceremony's bundle
    #[arg(long, value_name = "REPLY")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub roots: AttestationRoots,
    #[command(flatten)]
    pub module: ModuleChoice,
    #[command(flatten)]
    pub access: FolderAccess,
    #[command(flatten)]
    pub output: Output,
}
