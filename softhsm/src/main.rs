//! `softhsm-token`: makes throwaway tokens and keys for tests and the rehearsal.
//!
//! PINs are arguments here, in plain sight, because nothing on such a token is worth a secret. The configuration
//! comes from `SOFTHSM2_CONF`, or `KRYOPTIC_CONF` for tokens of kryoptic.

use std::error::Error;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use conclave_softhsm::{Curve, Shown, Software, generate, import, init, rehearsal, show_public};

#[derive(Parser)]
#[command(name = "softhsm-token", about = "Throwaway software tokens for tests and the rehearsal", version)]
struct Arguments {
    /// Whose tokens
    #[arg(long, default_value = "softhsm")]
    software: Software,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Initialise a new token and its user PIN
    Init {
        #[arg(long)]
        label: String,
        #[arg(long)]
        so_pin: String,
        #[arg(long)]
        user_pin: String,
    },
    /// Make the tokens, profiles and PIN files of a rehearsal in a new folder
    Rehearsal {
        /// The folder; it must not exist
        folder: PathBuf,
    },
    /// Put a private key (PKCS#8 PEM, Ed25519 or P-256) and its public key onto a token
    Import {
        #[command(flatten)]
        place: Place,
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// The PIN is wanted for each signature
        #[arg(long)]
        always_authenticate: bool,
    },
    /// Let a token generate a key pair
    Generate {
        #[command(flatten)]
        place: Place,
        #[arg(long)]
        curve: Curve,
        /// The PIN is wanted for each signature
        #[arg(long)]
        always_authenticate: bool,
    },
    /// Change how a key's public half is shown
    Public {
        #[command(flatten)]
        place: Place,
        #[arg(long = "as", value_name = "HOW")]
        shown: Shown,
    },
}

#[derive(clap::Args)]
struct Place {
    /// Label of the token
    #[arg(long)]
    token: String,
    #[arg(long)]
    user_pin: String,
    /// Label of the key
    #[arg(long)]
    label: String,
    /// CKA_ID of the key
    #[arg(long, value_name = "HEX", value_parser = |text: &str| hex::decode(text).map(Id))]
    id: Id,
}

#[derive(Clone)]
struct Id(Vec<u8>);

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do when even standard error is closed.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::from(4)
        }
    }
}

fn run(Arguments { software, verb }: Arguments) -> Result<(), Box<dyn Error>> {
    let module = &software.module_path()?;
    if let Verb::Rehearsal { folder } = &verb {
        return Ok(rehearsal(folder, &std::env::current_exe()?)?);
    }
    // Without it a module would write to the system's or the user's own store, where real tokens may lie.
    let variable = software.variable();
    if std::env::var_os(variable).is_none() {
        return Err(format!(
            "{variable} is not set: it names the configuration of the throwaway token folder"
        )
        .into());
    }
    match verb {
        // Its stores have configurations of their own, so it needs none from outside.
        Verb::Rehearsal { .. } => {}
        Verb::Init { label, so_pin, user_pin } => init(module, &label, &so_pin, &user_pin)?,
        Verb::Import { place, key, always_authenticate } => {
            let pem = std::fs::read_to_string(&key).map_err(|e| format!("{}: {e}", key.display()))?;
            import(
                module,
                &place.token,
                &place.user_pin,
                &place.label,
                &place.id.0,
                (&pem, always_authenticate),
            )?;
        }
        Verb::Generate { place, curve, always_authenticate } => {
            let kind = (curve, always_authenticate);
            generate(module, &place.token, &place.user_pin, &place.label, &place.id.0, kind)?;
        }
        Verb::Public { place, shown } => {
            let key = (place.label.as_str(), place.id.0.as_slice());
            show_public(module, &place.token, &place.user_pin, key, shown)?;
        }
    }
    Ok(())
}
