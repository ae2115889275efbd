//! Sentences on exceptions: who grants what, whose word it is, and when it counts.

/// The heading of the page; `draft` names it with letter, role and version.
pub fn asked(draft: &str) -> String {
    format!("An exception for {draft}")
}
/// A label: the finding.
pub const FOUND: &str = "found";
/// A label: the plan's reason.
pub const REASON: &str = "plan's reason";
/// A label: who grants.
pub const BY: &str = "granted by";
/// A label: how it was heard.
pub const HEARD: &str = "heard";
/// What a finding says; all three are cleaned.
pub fn found(control: &str, about: &str, says: &str) -> String {
    format!("[{control}] {about}: {says}")
}
/// How somebody's word came here.
pub fn heard(how: &str, by: &str) -> String {
    format!("{how}, by {by}")
}
/// Nobody's lines tell this grant.
pub fn not_told(person: &str) -> String {
    format!("! No machine's lines that this folder knows tell that {person} granted this.")
}
/// What is written down of a grant that was heard.
pub fn remark(person: &str, control: &str, about: &str, payload: &str, how: &str) -> String {
    format!("{person} granted [{control}] {about} for the draft {payload}; heard: {how}")
}
/// The phrase of somebody who grants for herself.
pub fn phrase(control: &str, short: &str) -> String {
    format!("grant {control} {short}")
}
/// The phrase of somebody who heard it.
pub fn heard_phrase(person: &str, control: &str, short: &str) -> String {
    format!("heard {person} grant {control} {short}")
}
/// What to type to write it down.
pub fn to_grant_type(phrase: &str) -> String {
    format!("To write it down, type: {phrase}")
}
/// It was not agreed to.
pub const NOT_GRANTED: &str = "Nothing was written down: the exception is not granted.";
/// Advice: grant another time, or do not.
pub const GRANT_LATER: &str =
    "If it should be granted, start `conclave grant` again; if not, `conclave decline` says so.";
/// Nobody could be asked.
pub const NOBODY_ANSWERED: &str = "The grant could not be asked for.";
/// Advice: no terminal.
pub const NEEDS_A_TERMINAL: &str = "Run `conclave grant` at a terminal: what is granted is typed there.";
/// It was written down before.
pub fn granted_before(person: &str, control: &str, about: &str) -> String {
    format!("That {person} grants [{control}] for {about} is written down already.")
}
/// Nothing needs it.
pub fn nothing_to_grant(letter: &str, control: &str) -> String {
    format!("Draft {letter} needs no exception from the control {control}.")
}
/// Advice: what needs an exception.
pub fn name_an_exception(wanted: &[String]) -> String {
    match wanted {
        [] => "There is nothing to grant for it: sign it, or decline.".to_owned(),
        wanted => format!("What needs one is: {}.", wanted.join(", ")),
    }
}
/// Several findings of one control.
pub fn several(control: &str) -> String {
    format!(
        "The control {control} found several things that need an exception, and each is granted by itself."
    )
}
/// Advice: several findings.
pub fn name_what_about(abouts: &[String]) -> String {
    format!("Name one with --about: {}.", abouts.join(", "))
}
/// Somebody cannot hear herself.
pub const HEARD_FROM_HERSELF: &str = "Whoever grants cannot be the one who heard it from her.";
/// Advice: somebody hears herself.
pub const LEAVE_HEARD_OUT: &str = "If she is here, leave --heard and --by out; else name who heard her.";
/// Written down.
pub fn wrote_down(person: &str, control: &str, about: &str, letter: &str) -> String {
    format!(
        "Written down: {person} grants the exception that [{control}] needs for {about} in draft {letter}."
    )
}
/// A grant that another machine's lines tell; the machines stand below.
pub fn told(person: &str, control: &str, about: &str) -> String {
    format!(
        "{person} granted the exception that [{control}] needs for {about} by the word of another machine; it counts when this machine writes it down."
    )
}
/// Next: grants that other machines tell.
pub const NEXT_HEAR: &str = "Next: hear from each signer what another machine tells of her, and write it down with `conclave grant --heard`; and collect the signatures that are missing.";
/// Advice: grants that other machines tell.
pub const WRITE_IT_DOWN: &str = "Ask each signer whose grant another machine tells, and write down what you heard: `conclave grant --heard`; `conclave status` names them.";
/// A bundle alone cannot tell who granted what.
pub fn needs_a_folder(bundle: &str) -> String {
    format!(
        "The drafts in {bundle} need exceptions, and a bundle alone is nobody's word that they were granted."
    )
}
/// Advice: a bundle whose drafts need exceptions.
pub const FINALIZE_IN_A_FOLDER: &str =
    "Finalize in the ceremony's folder, where grants are written down; `conclave open --bundle` makes one.";
