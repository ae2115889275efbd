//! The command line: what can be asked, in clap's terms, with an example for each. It decides nothing.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::fault::EXIT_CODES;

/// Offline root ceremonies for The Update Framework: collect a threshold of signatures from hardware tokens.
#[derive(Debug, Parser)]
#[command(name = "conclave", version, max_term_width = 100, after_help = exit_codes())]
#[command(arg_required_else_help = true, disable_help_subcommand = true, infer_long_args = false)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

fn exit_codes() -> String {
    let lines: Vec<String> = EXIT_CODES.iter().map(|(code, what)| format!("  {code}  {what}")).collect();
    format!("Exit codes:\n{}", lines.join("\n"))
}

/// How results are printed.
#[derive(Debug, Clone, Copy, Args)]
pub struct Output {
    /// Print one JSON value for scripts instead of text for people
    #[arg(long)]
    pub json: bool,
    /// No colour and no bold
    #[arg(long)]
    pub plain: bool,
}

/// What may judge a document.
#[derive(Debug, Clone, Args)]
pub struct Trust {
    /// Your own copy of the trusted document: the root before a root, the root for other roles, the delegating
    /// targets file for a delegated role
    #[arg(long, value_name = "FILE")]
    pub trust: Option<PathBuf>,
}

/// Whose key is whose, by the keyholder's own word.
#[derive(Debug, Clone, Args)]
pub struct OwnRecord {
    /// Your own record of whose key is whose: a small TOML file with fingerprints and names
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
}

/// How a token's module is found.
#[derive(Debug, Clone, Args)]
pub struct ModuleChoice {
    /// The token's PKCS#11 module (a .so file); the URI's module-path serves as well
    #[arg(long, value_name = "FILE")]
    pub module: Option<PathBuf>,
    /// Pass this variable of our environment on to the module; it gets no other (may be repeated)
    #[arg(long = "module-env", value_name = "NAME")]
    pub env: Vec<String>,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Print the canonical bytes of a JSON document; of metadata, --signed gives what is hashed and signed
    #[command(after_help = "Example:\n  conclave canonical --signed 1.root.json | sha256sum")]
    Canonical {
        /// The document, or - for standard input
        file: PathBuf,
        /// Only the "signed" part of a metadata file: the bytes that signatures stand over
        #[arg(long)]
        signed: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Verify a chain of roots, or one signature
    #[command(subcommand, arg_required_else_help = true)]
    Verify(Verify),
    /// Work on a plan
    #[command(subcommand, arg_required_else_help = true)]
    Plan(PlanVerb),
    /// Show any metadata file or bundle: what it says, what changed, who signed, what is odd
    #[command(
        after_help = "Examples:\n  conclave show 2.root.json --trust 1.root.json --record names.toml\n  conclave show 8.targets.json --trust 2.root.json --against 7.targets.json\n  conclave show root-2.bundle.json\n\nIt is for looking: whatever could be shown exits with 0. To judge, use verify or status."
    )]
    Show {
        /// A metadata file, a partially signed file of any peer, or a bundle
        file: PathBuf,
        #[command(flatten)]
        trust: Trust,
        #[command(flatten)]
        record: OwnRecord,
        /// The older version to show the changes against
        #[arg(long, value_name = "OLD")]
        against: Option<PathBuf>,
        /// The role, where it is a delegated one
        #[arg(long, value_name = "NAME")]
        role: Option<String>,
        /// Show every change and finding, however many there are
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Make one bundle of partially or fully signed files of one document, as any peer writes them
    #[command(
        after_help = "Example:\n  conclave import --trust 1.root.json --out root-2.bundle.json alice.json bob.json"
    )]
    Import {
        /// The files; all must hold the same document
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        trust: Trust,
        /// The older version to show changes against; for a root it is the trusted root and either option serves
        #[arg(long, value_name = "FILE")]
        predecessor: Option<PathBuf>,
        /// The role, where it is a delegated one
        #[arg(long, value_name = "NAME")]
        role: Option<String>,
        /// The bundle to write; it must not exist
        #[arg(long, value_name = "BUNDLE")]
        out: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Make one bundle of several
    #[command(
        after_help = "Example:\n  conclave merge --out all.bundle.json alice.bundle.json bob.bundle.json"
    )]
    Merge {
        /// The bundles
        #[arg(required = true)]
        bundles: Vec<PathBuf>,
        /// The bundle to write; it must not exist
        #[arg(long, value_name = "BUNDLE")]
        out: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Say who has signed a bundle's drafts, who has not, and whether it suffices
    #[command(after_help = "Example:\n  conclave status root-2.bundle.json")]
    Status {
        /// The bundle
        bundle: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Write the final metadata files of a bundle, once every threshold is met
    #[command(after_help = "Example:\n  conclave finalize --out final root-2.bundle.json")]
    Finalize {
        /// The bundle
        bundle: PathBuf,
        /// The folder to write to; files in it are never replaced
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// List tokens and the keys on them
    #[command(
        after_help = "Example:\n  conclave tokens --module /usr/lib/softhsm/libsofthsm2.so --module-env SOFTHSM2_CONF"
    )]
    Tokens {
        #[command(flatten)]
        module: ModuleChoice,
        #[command(flatten)]
        output: Output,
    },
    /// Sign a bundle's draft with a key on a token, after it was shown and you typed your consent
    #[command(
        after_help = "Example:\n  conclave sign --token 'pkcs11:token=alice' --module /usr/lib/softhsm/libsofthsm2.so --module-env SOFTHSM2_CONF --trust 1.root.json root-2.bundle.json"
    )]
    Sign {
        /// The bundle; it is replaced by one with your signature
        bundle: PathBuf,
        /// Which token, as an RFC 7512 URI
        #[arg(long, value_name = "URI")]
        token: String,
        /// Your own log of what you sign, on your own medium: a second, different document for the same role and
        /// version is noticed
        #[arg(long, value_name = "FILE")]
        log: Option<PathBuf>,
        #[command(flatten)]
        trust: Trust,
        #[command(flatten)]
        module: ModuleChoice,
        #[command(flatten)]
        output: Output,
    },
    /// Print completions for a shell
    #[command(after_help = "Example:\n  conclave completions bash > /etc/bash_completion.d/conclave")]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    #[command(after_help = "Example:\n  conclave man > conclave.1 && man ./conclave.1")]
    Man,
}

/// What can be done with a plan.
#[derive(Debug, Subcommand)]
pub enum PlanVerb {
    /// Say what a plan would make, what the rules say of it, and whether the people announced can sign it all
    #[command(
        after_help = "Example:\n  conclave plan check --absent bela rotation.plan.toml\n\nFiles that the plan names are read from the plan's folder. Nothing is written."
    )]
    Check {
        /// The plan
        plan: PathBuf,
        /// People who will not come, by the plan's names of them
        #[arg(long, value_name = "NAME", value_delimiter = ',')]
        absent: Vec<String>,
        /// The date of the ceremony; the opening of the plan's window if it is not given
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
        /// Read this machine profile as well
        #[arg(long, value_name = "FILE")]
        profile: Option<PathBuf>,
        /// Show every change and finding, however many there are
        #[arg(long)]
        all: bool,
        #[command(flatten)]
        output: Output,
    },
}

/// What can be verified.
#[derive(Debug, Subcommand)]
pub enum Verify {
    /// Verify roots one after the other; the first is the anchor
    #[command(
        after_help = "Example:\n  conclave verify chain --at 2027-03-05 1.root.json 2.root.json 3.root.json"
    )]
    Chain {
        /// The roots, oldest first
        #[arg(required = true, value_name = "ROOT")]
        roots: Vec<PathBuf>,
        /// Judge the expiry of the last root at this date (2027-03-05, or with a time)
        #[arg(long, value_name = "DATE")]
        at: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Verify one signature over one file
    #[command(
        after_help = "Example:\n  conclave verify signature --key key.json --scheme ed25519 --message signed.bin --sig 0a1b..."
    )]
    Signature {
        /// The public key: a TUF key object as JSON, or a PEM
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The scheme, as TUF names it
        #[arg(long, value_name = "S")]
        scheme: String,
        /// The signed bytes
        #[arg(long, value_name = "FILE")]
        message: PathBuf,
        /// The signature in hex
        #[arg(long, value_name = "HEX")]
        sig: String,
        #[command(flatten)]
        output: Output,
    },
}
