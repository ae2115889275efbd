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
    let mut verbs = Vec::new();
    collect(&command, &mut verbs);
    let page = clap_mangen::Man::new(command);
    let mut out = section(|out| {
        page.render_title(out)?;
        page.render_name_section(out)?;
        page.render_synopsis_section(out)
    });
    for verb in verbs {
        let heading = verb.get_display_name().unwrap_or_default().replace('-', " ").to_uppercase();
        let man = clap_mangen::Man::new(verb);
        let text = section(|out| {
            man.render_synopsis_section(out)?;
            man.render_description_section(out)?;
            man.render_options_section(out)?;
            man.render_extra_section(out)
        });
        let text =
            text.replace(".SH SYNOPSIS", &format!(".SH \"{heading}\"")).replace(".SH DESCRIPTION", ".PP");
        out += &text.replace(".SH OPTIONS", ".SS Options").replace(".SH EXTRA", ".SS Examples\n.nf");
        out += ".fi\n";
    }
    out += &section(|out| page.render_extra_section(out)).replace(".SH EXTRA", ".SH \"EXIT STATUS\"\n.nf");
    print_bytes(out.as_bytes())?;
    Ok(Outcome::Done)
}

fn section(render: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    render(&mut out).expect("a Vec takes every write");
    String::from_utf8(out).expect("the command line is described in ASCII")
}

fn collect(command: &clap::Command, verbs: &mut Vec<clap::Command>) {
    for verb in command.get_subcommands() {
        if verb.has_subcommands() { collect(verb, verbs) } else { verbs.push(verb.clone()) }
    }
}
