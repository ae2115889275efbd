//! `conclave completions` and `conclave man`: made from the command line itself, so they cannot go stale.

use clap::CommandFactory;

use super::Outcome;
use crate::cli::Cli;
use crate::fault::Fault;
use crate::operator::bytes::print_bytes;

/// Prints completions for one shell.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<Outcome, Fault> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "conclave", &mut out);
    print_bytes(&out)?;
    Ok(Outcome::Done)
}

/// Prints the manual: one page, every verb a section of it.
pub(super) fn man() -> Result<Outcome, Fault> {
    let mut command = Cli::command();
    command.build();
    let mut out = Vec::new();
    let mut verbs = Vec::new();
    collect(&command, &mut verbs);
    let written = clap_mangen::Man::new(command).render(&mut out).and_then(|()| {
        verbs.into_iter().try_for_each(|verb| {
            let man = clap_mangen::Man::new(verb);
            man.render_synopsis_section(&mut out)?;
            man.render_description_section(&mut out)?;
            man.render_options_section(&mut out)?;
            man.render_extra_section(&mut out)
        })
    });
    written.expect("a Vec takes every write");
    print_bytes(&out)?;
    Ok(Outcome::Done)
}

fn collect(command: &clap::Command, verbs: &mut Vec<clap::Command>) {
    for verb in command.get_subcommands() {
        if verb.has_subcommands() { collect(verb, verbs) } else { verbs.push(verb.clone()) }
    }
}
