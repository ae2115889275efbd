//! One file per verb, thin: read, ask the engine, print. The dispatch here is the only place that ends the process.

mod attested;
mod canonical;
mod completions;
mod countersign;
mod decline;
mod doctor;
mod ending;
mod export;
mod finalize;
mod grant;
mod import;
pub(crate) mod key;
mod merge;
mod module;
mod modules;
mod open;
mod own_folder;
mod plan;
mod planned;
mod programs;
mod reading;
mod receive;
mod rehearse;
mod replay;
mod run;
mod show;
mod sign;
mod standing;
mod status;
mod token;
mod tokens;
mod verify;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Cli, DeviceChoice, KeyVerb, Output, PlanVerb, TokenVerb, Verb, Verify, spoken};
use crate::fault::{Fault, Trouble};
use crate::fence;
use crate::operator::manner;
use crate::operator::screen::Screen;
use crate::operator::terminal::Terminal;
use crate::operator::{Operator, wording};
use crate::token::{HIDDEN_ARGUMENT, child_main};

/// What a verb gives back: whether the check it made was passed.
pub(crate) enum Outcome {
    /// Exit code 0.
    Done,
    /// The result was printed, and it is a no: exit code 1.
    No,
}

/// Parses the arguments, does what they ask, and gives the exit code.
#[must_use]
pub fn main() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|argument| argument == HIDDEN_ARGUMENT) {
        return child_main();
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let output = cli.verb.output();
    manner::begin(output.plain, cli.ascii);
    // These only read a profile.
    let loads_none = matches!(cli.verb, Verb::Plan(_) | Verb::Open { .. } | Verb::Modules(_));
    if (loads_none || !names_another_program(std::env::args_os()))
        && let Err(fault) = fence::forbid_network()
    {
        return module::no_fence(&fault).report(output.json, output.plain);
    }
    match run(cli.verb, &mut Terminal) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::No) => ExitCode::from(1),
        Err(fault) => fault.report(output.json, output.plain),
    }
}

/// Whether an option may start what is allowed a network: a module of an online role, as the machine's profile says, or a
/// secret manager's client. The fence is inherited, so it cannot stand around this process then; every module without a
/// network still has its own, and a profile that allows none puts it up here as well (`module::drivers`).
fn names_another_program(arguments: impl Iterator<Item = OsString>) -> bool {
    const OPTIONS: [&str; 2] = ["--profile", "--passphrase-command"];
    let mut options = arguments.filter_map(|argument| Some(argument.to_str()?.split('=').next()?.to_owned()));
    options.any(|option| OPTIONS.contains(&option.as_str()))
}

/// Help and version are answers; everything else that clap says is a fault like any other.
fn usage(error: &clap::Error) -> ExitCode {
    let has = |option: &str| std::env::args_os().any(|argument| argument == option);
    manner::begin(true, has("--ascii"));
    use clap::error::ErrorKind::{DisplayHelp, DisplayHelpOnMissingArgumentOrSubcommand, DisplayVersion};
    let text = error.render().to_string();
    if matches!(error.kind(), DisplayHelp | DisplayVersion | DisplayHelpOnMissingArgumentOrSubcommand) {
        let mut screen = if error.use_stderr() { Screen::stderr(true) } else { Screen::stdout(true) };
        for line in text.lines() {
            if screen.line(line).is_err() {
                break;
            }
        }
        return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
    }
    misunderstood(&text).report(has("--json"), true)
}

/// Clap tells what is wrong, indents what it is about, and ends with how the verb is used. It quotes arguments, which
/// pass the sanitiser like everything else.
fn misunderstood(text: &str) -> Fault {
    let (mut told, mut tips, mut usage) = (Vec::new(), Vec::new(), None);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match (line.strip_prefix("Usage: "), line.strip_prefix("tip: ")) {
            (Some(line), _) => usage = Some(line),
            (_, Some(tip)) => tips.push(tip),
            _ if usage.is_some() || line.starts_with("For more information") => break,
            _ => told.push(line),
        }
    }
    let told = told.join(" ");
    let told = told.strip_prefix("error: ").unwrap_or(&told);
    let trouble = Fault::usage(wording::MISUNDERSTOOD).because_of(told);
    tips.into_iter().fold(trouble, Trouble::because_of).now(wording::type_it_like(usage))
}

/// Does what a verb asks; whatever it asks back goes to `person`.
pub(crate) fn run(verb: Verb, person: &mut dyn Operator) -> Result<Outcome, Fault> {
    match verb {
        Verb::Canonical { file, signed, output } => canonical::run(&file, signed, output),
        Verb::Verify(Verify::Chain { roots, at, output }) => verify::chain(&roots, at.as_deref(), output),
        Verb::Verify(Verify::Signature { key, scheme, message, sig, output }) => {
            verify::signature(&key, &scheme, &message, &sig, output)
        }
        Verb::Plan(PlanVerb::Check { plan, absent, date, profile, all, roots, output }) => {
            plan::check(&plan::Request { plan, absent, date, profile, all, roots }, output)
        }
        Verb::Show { place, draft, trust, record, against, role, all, output } => {
            let (trust, record) = (trust.trust, record.record);
            show::run(&show::Request { place, draft, trust, record, against, role, all }, output)
        }
        Verb::Import { files, trust, predecessor, role, out, into, access, output } => match (into, out) {
            (Some(folder), _) => receive::run(&access.to(folder)?, &files, output),
            (None, Some(_)) if access.is_given() => {
                Err(Fault::usage(wording::ceremony::FOR_FOLDERS).now(wording::ceremony::LEAVE_THEM_OUT))
            }
            (None, out) => {
                let out = out.expect("the command line asks for --out where there is no --into");
                import::run(&import::Request { files, trust: trust.trust, predecessor, role, out }, output)
            }
        },
        Verb::Merge { bundles, out, output } => merge::run(&bundles, &out, output),
        Verb::Open { places, bundle, trust, date, profile, roots, devices, output } => {
            let DeviceChoice { mirror, one_device } = devices;
            spoken("--one-device", one_device.as_deref())?;
            open::run(
                &open::Request {
                    places,
                    bundle,
                    trust: trust.trust,
                    date,
                    profile,
                    mirror,
                    one_device,
                    takes_over: None,
                    roots,
                },
                output,
            )
        }
        Verb::Decline { place, draft, person, reason, trust, date, access, output } => {
            spoken("--reason", Some(&reason))?;
            let access = access.to(place.clone())?;
            let request = decline::Request { place, draft, person, reason, trust: trust.trust, date, access };
            decline::run(&request, output)
        }
        Verb::Grant(asked) => grant::run(asked, person),
        Verb::Countersign(asked) => countersign::run(asked, person),
        Verb::Export { folder, out, access, output } => export::run(&access.to(folder)?, &out, output),
        Verb::Close { folder, by, unfinished, access, output } => {
            spoken("--as", Some(&by))?;
            ending::close(&access.to(folder)?, &by, unfinished, output)
        }
        Verb::Abort { folder, by, reason, access, output } => {
            [("--as", &by), ("--reason", &reason)]
                .iter()
                .try_for_each(|(of, text)| spoken(of, Some(text)))?;
            ending::abort(&access.to(folder)?, &by, &reason, output)
        }
        Verb::Replan { folder, plan, by, reason, access, output } => {
            [("--as", &by), ("--reason", &reason)]
                .iter()
                .try_for_each(|(of, text)| spoken(of, Some(text)))?;
            ending::replan(&access.to(folder)?, &plan, &by, &reason, output)
        }
        Verb::Note { folder, by, text, incident, addendum, access, output } => {
            [("--as", &by), ("the note", &text)].iter().try_for_each(|(of, text)| spoken(of, Some(text)))?;
            let kind = match (incident, addendum) {
                (true, _) => ending::Kind::Incident,
                (_, true) => ending::Kind::Addendum,
                _ => ending::Kind::Remark,
            };
            ending::note(&access.to(folder)?, kind, &by, &text, output)
        }
        Verb::Replay { folders, heads, targets, roots, output } => {
            replay::run(&replay::Request { folders, heads, targets, roots }, output)
        }
        Verb::Status { place, record, roots, output } => {
            status::run(&place, record.record.as_deref(), &roots, output)
        }
        Verb::Finalize { place, draft, out, access, output } => {
            let given = access.is_given();
            let access = access.to(place)?;
            match (access.means_folder(), out) {
                (true, None) => ending::finalize(&access, draft.as_deref(), output),
                (true, Some(_)) => Err(Fault::usage(wording::ceremony::FINAL_IN_THE_FOLDER)
                    .now(wording::ceremony::LEAVE_OUT_OUT)),
                (false, Some(_)) if draft.is_some() || given => {
                    Err(Fault::usage(wording::ceremony::FOR_FOLDERS).now(wording::ceremony::LEAVE_THEM_OUT))
                }
                (false, Some(out)) => finalize::run(&access.folder, &out, output),
                (false, None) => {
                    Err(Fault::usage(wording::ceremony::NO_OUT).now(wording::ceremony::GIVE_OUT))
                }
            }
        }
        Verb::Tokens(asked) => tokens::run(&asked),
        Verb::Token(verb) => token::run(verb, person),
        Verb::Key(verb) => key::run(verb, person),
        Verb::Sign(asked) => sign::run(*asked, person),
        Verb::Run(asked) => run::run(asked, person),
        Verb::Doctor(asked) => doctor::run(&asked),
        Verb::Modules(asked) => modules::run(&asked),
        Verb::Rehearse(asked) => rehearse::run(&asked, person),
        Verb::Completions { shell } => completions::completions(shell),
        Verb::Man => completions::man(),
    }
}

impl Verb {
    fn output(&self) -> Output {
        match self {
            Verb::Canonical { output, .. }
            | Verb::Show { output, .. }
            | Verb::Import { output, .. }
            | Verb::Merge { output, .. }
            | Verb::Status { output, .. }
            | Verb::Finalize { output, .. }
            | Verb::Open { output, .. }
            | Verb::Decline { output, .. }
            | Verb::Export { output, .. }
            | Verb::Close { output, .. }
            | Verb::Abort { output, .. }
            | Verb::Replan { output, .. }
            | Verb::Note { output, .. }
            | Verb::Replay { output, .. }
            | Verb::Plan(PlanVerb::Check { output, .. })
            | Verb::Key(
                KeyVerb::Generate { output, .. }
                | KeyVerb::Card { output, .. }
                | KeyVerb::Check { output, .. },
            )
            | Verb::Token(TokenVerb::Prepare { output, .. } | TokenVerb::Unblock { output, .. })
            | Verb::Verify(Verify::Chain { output, .. } | Verify::Signature { output, .. }) => *output,
            Verb::Grant(asked) => asked.output,
            Verb::Countersign(asked) => asked.output,
            Verb::Sign(asked) => asked.output,
            Verb::Tokens(asked) => asked.output,
            Verb::Doctor(asked) => asked.output,
            Verb::Modules(asked) => asked.output,
            Verb::Run(asked) => Output { json: false, plain: asked.plain },
            Verb::Rehearse(asked) => Output { json: false, plain: asked.plain },
            Verb::Completions { .. } | Verb::Man => Output { json: false, plain: true },
        }
    }
}
