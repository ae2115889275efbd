//! The command line: what can be asked, in clap's terms, with an example for each. It decides nothing.

mod attested;
mod choices;
mod countersign;
mod doctor;
mod grant;
mod key;
mod modules;
mod parts;
mod rehearse;
mod run;
mod sign;
mod spoken;
mod token;
mod tokens;

pub use attested::AttestationRoots;
pub use choices::{DeviceChoice, FolderAccess, ModuleChoice, Output, OwnRecord, PassphraseChoice, Trust};
use clap::{Parser, Subcommand};
pub use countersign::Countersign;
pub use doctor::Doctor;
pub use grant::Grant;
pub use key::{KeyPhase, KeyVerb, NewScheme, PinWhen, SlotChoice, TouchWhen};
pub use modules::Modules;
pub use parts::{PlanVerb, Verify};
pub use rehearse::Rehearse;
pub use run::Run;
pub use sign::Sign;
pub use spoken::spoken;
use std::path::PathBuf;
pub use token::TokenVerb;
pub use tokens::Tokens;

use crate::fault::EXIT_CODES;

/// Offline root ceremonies for The Update Framework: collect a threshold of signatures from hardware tokens.
#[derive(Debug, Parser)]
#[command(name = "conclave", version, max_term_width = 100, after_help = exit_codes())]
#[command(arg_required_else_help = true, disable_help_subcommand = true, infer_long_args = false)]
pub struct Cli {
    /// Printable ASCII alone on the screen: other letters as <U+00E9>, and no list to move in
    #[arg(long, global = true)]
    pub ascii: bool,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

fn exit_codes() -> String {
    let lines: Vec<String> = EXIT_CODES.iter().map(|(code, what)| format!("  {code}  {what}")).collect();
    format!("Exit codes:\n{}", lines.join("\n"))
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
    /// Show any metadata file, bundle or ceremony's folder: what it says, what changed, who signed, what is odd
    #[command(
        after_help = "Examples:\n  conclave show 2.root.json --trust 1.root.json --record names.toml\n  conclave show 8.targets.json --trust 2.root.json --against 7.targets.json\n  conclave show --trust 1.root.json --draft A root-2.bundle.json\n  conclave show root-2\n\nIt is for looking: whatever could be shown exits with 0. To judge, use verify or status."
    )]
    Show {
        /// A metadata file, a partially signed file of any peer, a bundle, or a ceremony's folder
        place: PathBuf,
        /// One draft of a bundle or folder, by its letter; all of them if it is not given
        #[arg(long, value_name = "LETTER")]
        draft: Option<String>,
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
    /// Bring partially signed files of any peer, and bundles, into a ceremony's folder or a new bundle
    #[command(group(clap::ArgGroup::new("where").required(true).args(["out", "into"])))]
    #[command(
        after_help = "Examples:\n  conclave import --into root-2 alice.bundle.json bob.json\n  conclave import --trust 1.root.json --out root-2.bundle.json alice.json bob.json"
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
        out: Option<PathBuf>,
        /// The ceremony's folder to bring them into, instead of a bundle; bundles of the ceremony too
        #[arg(long, value_name = "FOLDER", conflicts_with_all = ["out", "trust", "predecessor", "role"])]
        into: Option<PathBuf>,
        #[command(flatten)]
        access: FolderAccess,
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
    /// Open a ceremony's folder, from a reviewed plan or from a bundle
    #[command(
        after_help = "Examples:\n  conclave open --date 2027-03-05 --mirror /media/b/root-2 rotation.plan.toml /media/a/root-2\n  conclave open --date 2027-03-05 --bundle root-2.bundle.json --trust 1.root.json --one-device 'a visit' alice"
    )]
    Open {
        /// The plan and the new folder; with --bundle the new folder alone
        #[arg(required = true, num_args = 1..=2, value_name = "PLAN> <FOLDER")]
        places: Vec<PathBuf>,
        /// A bundle of the ceremony, instead of a plan
        #[arg(long, value_name = "FILE")]
        bundle: Option<PathBuf>,
        #[command(flatten)]
        trust: Trust,
        /// Today's date, read off a clock that you trust
        #[arg(long, value_name = "DATE")]
        date: String,
        /// The machine profile; its digest goes into the transcript
        #[arg(long, value_name = "FILE")]
        profile: Option<PathBuf>,
        #[command(flatten)]
        roots: AttestationRoots,
        #[command(flatten)]
        devices: DeviceChoice,
        #[command(flatten)]
        output: Output,
    },
    /// Write down that a keyholder will not sign a draft, and why
    #[command(
        after_help = "Example:\n  conclave decline --draft A --as anna --reason 'the expiry is not what we agreed' root-2"
    )]
    Decline {
        /// The ceremony's folder, or a bundle: then it is written into BUNDLE.conclave
        place: PathBuf,
        /// The letter of the draft
        #[arg(long, value_name = "LETTER")]
        draft: String,
        /// Who declines: the plan's name of her
        #[arg(long = "as", value_name = "NAME")]
        person: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        trust: Trust,
        /// Today's date, where a bundle's own folder is opened for this
        #[arg(long, value_name = "DATE")]
        date: Option<String>,
        #[command(flatten)]
        access: FolderAccess,
        #[command(flatten)]
        output: Output,
    },
    /// Write down that an exception is granted, here or by somebody whose word was heard
    Grant(Grant),
    /// Countersign the head of a closed ceremony with a key on a token
    Countersign(Countersign),
    /// Write everything that a folder knows into one bundle, for another machine
    #[command(after_help = "Example:\n  conclave export --out root-2.bundle.json root-2")]
    Export {
        /// The ceremony's folder
        folder: PathBuf,
        /// The bundle to write; it must not exist
        #[arg(long, value_name = "BUNDLE")]
        out: PathBuf,
        #[command(flatten)]
        access: FolderAccess,
        #[command(flatten)]
        output: Output,
    },
    /// End a ceremony: its head goes onto paper
    #[command(after_help = "Example:\n  conclave close --as olga root-2")]
    Close {
        /// The ceremony's folder
        folder: PathBuf,
        /// Who closes
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        /// Close although drafts are not final
        #[arg(long)]
        unfinished: bool,
        #[command(flatten)]
        access: FolderAccess,
        #[command(flatten)]
        output: Output,
    },
    /// End a ceremony without its goal
    #[command(
        after_help = "Example:\n  conclave abort --as olga --reason 'the safe could not be opened' root-2"
    )]
    Abort {
        /// The ceremony's folder
        folder: PathBuf,
        /// Who decides
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        access: FolderAccess,
        #[command(flatten)]
        output: Output,
    },
    /// Put another reviewed plan in the place of the one before; signatures on drafts that it changes die
    #[command(
        after_help = "Example:\n  conclave replan --as olga --reason 'bela is ill' root-2 rotation-b.plan.toml"
    )]
    Replan {
        /// The ceremony's folder
        folder: PathBuf,
        /// The new plan
        plan: PathBuf,
        /// Who decides
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        access: FolderAccess,
        #[command(flatten)]
        output: Output,
    },
    /// Write a remark, an incident or an addendum into the transcript
    #[command(
        after_help = "Example:\n  conclave note --incident --as olga 'the power failed for a minute' root-2"
    )]
    Note {
        /// What happened
        text: String,
        /// The ceremony's folder
        folder: PathBuf,
        /// Who says it
        #[arg(long = "as", value_name = "NAME")]
        by: String,
        /// Something happened that should not have
        #[arg(long)]
        incident: bool,
        /// Something was kept after the end
        #[arg(long, conflicts_with = "incident")]
        addendum: bool,
        #[command(flatten)]
        access: FolderAccess,
        #[command(flatten)]
        output: Output,
    },
    /// Go through ceremonies' folders again, trusting nothing: plan, drafts, every step, final files
    #[command(
        after_help = "Examples:\n  conclave replay --head 'concert nebula brickyard ...' root-2\n  conclave replay --head HEAD --targets release root-2 root-2-bela\n\nNothing is changed. A ? stands for what cannot be read on the paper."
    )]
    Replay {
        /// The folders, of one machine or several
        #[arg(required = true, value_name = "FOLDER")]
        folders: Vec<PathBuf>,
        /// The head on paper, in words or hex; may be repeated, one for each folder
        #[arg(long = "head", value_name = "WORDS")]
        heads: Vec<String>,
        /// Compare the target files under this folder with what was sealed
        #[arg(long, value_name = "DIR")]
        targets: Option<PathBuf>,
        #[command(flatten)]
        roots: AttestationRoots,
        #[command(flatten)]
        output: Output,
    },
    /// Say where a ceremony or bundle stands: who has signed which draft, who has not, and whether it suffices
    #[command(after_help = "Examples:\n  conclave status root-2\n  conclave status root-2.bundle.json")]
    Status {
        /// The ceremony's folder, or a bundle
        place: PathBuf,
        #[command(flatten)]
        record: OwnRecord,
        #[command(flatten)]
        roots: AttestationRoots,
        #[command(flatten)]
        output: Output,
    },
    /// Write the final metadata files of a ceremony or bundle, once every threshold is met
    #[command(
        after_help = "Examples:\n  conclave finalize root-2\n  conclave finalize --out final root-2.bundle.json"
    )]
    Finalize {
        /// The ceremony's folder, which gets them under final/, or a bundle
        place: PathBuf,
        /// One draft of a folder, by its letter; every complete one if it is not given
        #[arg(long, value_name = "LETTER")]
        draft: Option<String>,
        /// For a bundle: the folder to write to; files in it are never replaced
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        #[command(flatten)]
        access: FolderAccess,
        #[command(flatten)]
        output: Output,
    },
    /// List tokens and the keys on them, whose they are, what is wrong with them and what to do
    Tokens(Tokens),
    /// Find the PKCS#11 modules of a machine by their files, and write a profile that pins some; none is loaded
    Modules(Modules),
    /// Make a PIV card ready for its holder, and give it a new PIN by its PUK
    #[command(subcommand, arg_required_else_help = true)]
    Token(TokenVerb),
    /// Make keys on tokens, their cards, and test tokens before the day
    #[command(subcommand, arg_required_else_help = true)]
    Key(KeyVerb),
    /// Sign with a key on a token: in a ceremony's folder, from a bundle; after it was shown and you typed your consent
    Sign(Box<Sign>),
    /// Lead people through a whole ceremony, or a keyholder through her visit
    Run(Run),
    /// Look at this build, this machine, its media and its modules before a ceremony
    Doctor(Doctor),
    /// Play a whole ceremony with throwaway tokens, from keys to replay
    Rehearse(Rehearse),
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
