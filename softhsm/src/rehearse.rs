//! The rehearsal: plays a whole signing of a first root, 3 of 5, with throwaway SoftHSM2 tokens, in two folders that
//! stand for two machines. It runs the real `conclave` as a person would: consent and PIN are typed at a terminal of
//! its own. With a terminal it waits for the reader between screens. The keys and PINs are TEST ONLY and shown.

use std::collections::BTreeMap;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Parser;
use conclave_softhsm::TokenDir;
use rexpect::session::{Options, spawn_with_options};

/// Plays a whole signing with throwaway tokens.
#[derive(Parser)]
struct Cli {
    /// The binary conclave
    #[arg(long)]
    conclave: PathBuf,
    /// The folder with draft.json and keys.json
    #[arg(long)]
    case: PathBuf,
    /// The folder to play in; it must not exist
    #[arg(long)]
    folder: PathBuf,
    /// Do not wait between screens
    #[arg(long)]
    auto: bool,
}

/// One key of `keys.json`.
#[derive(serde::Deserialize)]
struct TestKey {
    private_pem: String,
}

type Failure = Box<dyn std::error::Error>;

/// Lines of a page: fewer than a small terminal has.
const PAGE: usize = 20;

/// The PIN of every token here.
const PIN: &str = "135790";

/// Lines of the play go to standard output and nowhere else.
fn say(text: &str) -> std::io::Result<()> {
    std::io::stdout().write_all(text.as_bytes())?;
    std::io::stdout().write_all(b"\n")
}

fn main() -> ExitCode {
    match play(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = say(&format!("the rehearsal stopped: {failure}"));
            ExitCode::FAILURE
        }
    }
}

/// What is played with.
struct Stage<'c> {
    cli: &'c Cli,
    waits: bool,
}

fn play(cli: &Cli) -> Result<(), Failure> {
    let stage =
        Stage { cli, waits: !cli.auto && std::io::stdin().is_terminal() && std::io::stdout().is_terminal() };
    let keys: BTreeMap<String, TestKey> =
        serde_json::from_slice(&std::fs::read(cli.case.join("keys.json"))?)?;
    let [office, alice] = ["office", "alice"].map(|name| cli.folder.join(name));
    std::fs::create_dir(&cli.folder)?;
    std::fs::create_dir(&office)?;
    std::fs::create_dir(&alice)?;
    std::fs::copy(cli.case.join("draft.json"), office.join("draft.json"))?;

    say("\n======== A rehearsal: a first root, to be signed by 3 of 5 keyholders.")?;
    say("Two folders stand for two machines: office and alice. Three throwaway tokens")?;
    say("are made now; their PIN is 135790 and their keys are test keys.")?;
    let mut tokens = BTreeMap::new();
    for (holder, key) in [("alice", "k1"), ("bob", "k2"), ("carol", "k3")] {
        let dir = TokenDir::new()?;
        dir.add_token(holder, "24680135", PIN)?;
        let pem = &keys.get(key).ok_or("keys.json lacks a key")?.private_pem;
        dir.import(holder, PIN, &format!("{holder}-root-TEST-ONLY"), &[1], pem)?;
        tokens.insert(holder, dir);
    }

    stage.scene("1. In the office, the unsigned draft becomes a bundle.")?;
    stage.run(&office, &["import", "--out", "root-1.bundle.json", "draft.json"])?;
    stage.scene("2. Anyone can look at it.")?;
    stage.run(&office, &["show", "root-1.bundle.json"])?;
    stage.scene("3. The bundle is carried to Alice, who signs on her own machine.")?;
    say("The officer reads the digest to her by phone; she compares it with her screen.")?;
    carry(&office.join("root-1.bundle.json"), &alice.join("root-1.bundle.json"))?;
    let environment = |holder: &str| tokens.get(holder).map(TokenDir::environment).unwrap_or_default();
    let module = tokens.get("alice").ok_or("no token")?.module_path().display().to_string();
    stage.run_with(
        &alice,
        &["tokens", "--module", &module, "--module-env", "SOFTHSM2_CONF"],
        &environment("alice"),
    )?;
    stage.sign(&alice, "alice", &module, &environment("alice"))?;
    stage.scene("4. Meanwhile Bob signs in the office.")?;
    stage.sign(&office, "bob", &module, &environment("bob"))?;
    stage.scene("   And after him Carol.")?;
    stage.sign(&office, "carol", &module, &environment("carol"))?;
    stage.scene("5. Alice's bundle comes back; both are merged, and the status is looked at.")?;
    carry(&alice.join("root-1.bundle.json"), &office.join("from-alice.bundle.json"))?;
    stage.run(
        &office,
        &["merge", "--out", "all.bundle.json", "root-1.bundle.json", "from-alice.bundle.json"],
    )?;
    stage.run(&office, &["status", "all.bundle.json"])?;
    stage.scene("6. The threshold is met: the root becomes final, and is verified as a client would.")?;
    stage.run(&office, &["finalize", "--out", "final", "all.bundle.json"])?;
    stage.run(&office, &["verify", "chain", "final/1.root.json"])?;
    ending(&office)
}

fn ending(office: &Path) -> Result<(), Failure> {
    let root = office.join("final/1.root.json");
    say("")?;
    say("Done. The rehearsal left these files:")?;
    say(&format!("  the final root  {}", root.display()))?;
    say(&format!("  the bundle      {}", office.join("all.bundle.json").display()))?;
    say("")?;
    say("Check the root without us, with python-tuf (in any environment: pip install tuf):")?;
    say(&format!(
        "  python3 -c 'import sys; from tuf.api.metadata import Metadata, Root; m = Metadata[Root].from_file(sys.argv[1]); m.verify_delegate(\"root\", m); print(\"python-tuf accepts it\")' {}",
        root.display()
    ))?;
    Ok(())
}

/// A medium carries a file from one machine to another.
fn carry(from: &Path, to: &Path) -> Result<(), Failure> {
    std::fs::copy(from, to)?;
    Ok(())
}

impl Stage<'_> {
    fn scene(&self, text: &str) -> Result<(), Failure> {
        self.pause("\n[Enter to go on]")?;
        say(&format!("\n======== {text}"))?;
        Ok(())
    }

    fn pause(&self, text: &str) -> Result<(), Failure> {
        if self.waits {
            say(text)?;
            std::io::stdin().read_line(&mut String::new())?;
        }
        Ok(())
    }

    /// Prints a long text a screen at a time where somebody reads along.
    fn pages(&self, text: &str) -> Result<(), Failure> {
        let lines: Vec<&str> = text.lines().collect();
        for (at, page) in lines.chunks(PAGE).enumerate() {
            if at > 0 {
                self.pause("[Enter for more]")?;
            }
            say(&page.join("\n"))?;
        }
        Ok(())
    }

    fn told(&self, folder: &Path, arguments: &[&str]) -> Result<(), Failure> {
        let quoted: Vec<String> = arguments
            .iter()
            .map(|a| if a.contains([':', ' ']) { format!("'{a}'") } else { (*a).to_owned() })
            .collect();
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        say(&format!("\n{name}$ conclave {}", quoted.join(" ")))?;
        Ok(())
    }

    fn run(&self, folder: &Path, arguments: &[&str]) -> Result<(), Failure> {
        self.run_with(folder, arguments, &[])
    }

    fn run_with(
        &self,
        folder: &Path,
        arguments: &[&str],
        environment: &[(std::ffi::OsString, std::ffi::OsString)],
    ) -> Result<(), Failure> {
        self.told(folder, arguments)?;
        let mut command = Command::new(std::path::absolute(&self.cli.conclave)?);
        let done = command
            .args(arguments)
            .current_dir(folder)
            .envs(environment.iter().cloned())
            .stderr(std::process::Stdio::inherit())
            .output()?;
        self.pages(&String::from_utf8_lossy(&done.stdout))?;
        if done.status.success() {
            Ok(())
        } else {
            Err(format!("conclave {} ended with {}", arguments[0], done.status).into())
        }
    }

    /// Signs at a pseudo-terminal: reads the phrase from the screen, types it, then the PIN.
    fn sign(
        &self,
        folder: &Path,
        holder: &str,
        module: &str,
        environment: &[(std::ffi::OsString, std::ffi::OsString)],
    ) -> Result<(), Failure> {
        let token = format!("pkcs11:token={holder}");
        let arguments = [
            "sign",
            "--token",
            &token,
            "--module",
            module,
            "--module-env",
            "SOFTHSM2_CONF",
            "root-1.bundle.json",
        ];
        self.told(folder, &arguments)?;
        let mut command = Command::new(std::path::absolute(&self.cli.conclave)?);
        command.args(arguments).current_dir(folder).envs(environment.iter().cloned());
        command.env("NO_COLOR", "1");
        let options = Options::new().timeout_ms(Some(60_000)).strip_ansi_escape_codes(true);
        let mut session = spawn_with_options(command, options)?;
        let before = session.exp_string("To sign, type: ")?;
        let phrase = session.read_line()?;
        let rest = session.exp_string("Your answer: ")?;
        self.pages(&plain(&before))?;
        session.send_line(&phrase)?;
        // The terminal echoes what is typed.
        session.exp_string(&phrase)?;
        say(&format!("To sign, type: {phrase}\n{}Your answer: {phrase}", plain(&rest)))?;
        let asked = session.exp_regex("PIN of token [^\r\n]*: $")?;
        say(&format!("{}{}(types {PIN}; it is not shown)", plain(&asked.0).trim_start(), plain(&asked.1)))?;
        session.send_line(PIN)?;
        self.pages(plain(&session.exp_eof()?).trim())?;
        match session.process().wait()? {
            rexpect::process::WaitStatus::Exited(_, 0) => Ok(()),
            other => Err(format!("conclave sign ended with {other:?}").into()),
        }
    }
}

fn plain(text: &str) -> String {
    text.replace('\r', "")
}
