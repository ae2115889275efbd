//! Sentences on plans: what is wrong with one, what it would make, and who can sign it.

use tuf_ceremony::forecast::Outlook;

use super::counted;

/// A plan that is refused.
pub fn plan_refused(file: &str) -> String {
    format!("{file} is refused as a plan.")
}

/// Advice: the plan is wrong.
pub const MEND_THE_PLAN: &str =
    "Mend the plan and have it reviewed again; docs/spec/plan.md says every field.";

/// A file that the plan names is another one.
pub fn another_file(file: &str) -> String {
    format!("{file} is not the file that the plan names.")
}

/// Two digests.
pub fn digests(named: &str, found: &str) -> String {
    format!("the plan says SHA-256 {named}, and the file has {found}")
}

/// Advice: another file.
pub const FIND_THE_REVIEWED_FILE: &str =
    "Find the file that was reviewed with the plan, or have the plan reviewed with this one.";

/// What the plan adds cannot be.
pub const CANNOT_ADD: &str = "What the plan adds to targets cannot be written down.";
/// What takes its time.
pub const HASHING: &str = "hashing";

/// Advice: a link or a device among targets.
pub const ONLY_FILES_ARE_TARGETS: &str =
    "Put the file itself in its place, or leave it out: links and devices are not followed.";

/// A file's name is no text.
pub fn name_is_no_text(file: &str) -> String {
    format!("The name of {file} is no UTF-8, and paths in TUF are text.")
}

/// Advice: a file's name is no text.
pub const RENAME_IT: &str = "Give the file a name of plain letters, or leave it out of the folder.";

/// Two files for one path.
pub fn added_twice(path: &str) -> String {
    format!("The plan adds {path} twice.")
}

/// The plan gives no drafts.
pub fn cannot_seal(file: &str) -> String {
    format!("{file} gives no drafts.")
}

/// A profile that is refused.
pub fn profile_refused(file: &str) -> String {
    format!("{file} is refused as a machine profile.")
}

/// Advice: the profile is wrong.
pub const MEND_THE_PROFILE: &str = "Mend the profile; docs/spec/profile.md says every field.";
/// No date.
pub const NO_DATE: &str = "The plan has no window, and no date was given to judge expiries by.";
/// The heading above keys on tokens that are programs.
pub const PROGRAMS: &str = "Keys on tokens that are programs";
/// A key whose card says that its token is a program.
pub fn is_on_a_program(key: &str, code: &str) -> String {
    format!(
        "{key}: its own card says that its token is a program. Without an exception `conclave sign` refuses it for a real root and real targets. [{code}]"
    )
}
/// Advice: a program where a device belongs.
pub const DEVICE_OR_EXCEPTION: &str = "now: Plan a key on a device; or let the plan ask for the exception token-software for this key, with a reason, and have it reviewed.";
/// The heading over clients that cannot read what is planned.
pub const CLIENTS: &str = "Clients that cannot read this";
/// Advice: clients that cannot read it.
pub const CLIENTS_FIRST: &str = "now: See that your clients were updated before such a document is published; or plan keys of another kind.";
/// Advice: no date.
pub const GIVE_A_DATE: &str = "Give the date of the ceremony: --date 2027-03-05.";
/// A name that is none of the plan's.
pub const NOBODY_OF_THAT_NAME: &str = "The plan knows nobody of that name.";

/// Advice: the names.
pub fn name_one_of(names: &str) -> String {
    format!("Name one of: {names}.")
}

/// The title.
pub fn plan_titled(title: &str) -> String {
    format!("Plan {title}")
}

/// A label: the kind.
pub const KIND: &str = "kind";
/// A label: the plan's digest.
pub const PLAN_SHA256: &str = "plan";
/// A label: the date.
pub const JUDGED_AT: &str = "judged at";
/// A label: the window.
pub const WINDOW: &str = "window";
/// A label: the payload digest.
pub const SIGNED_PART: &str = "signed part";

/// The kind.
pub fn kind(kind: &str, rehearsal: bool) -> String {
    format!(
        "{kind}; {}",
        if rehearsal { "a REHEARSAL: everything in it is marked" } else { "a real ceremony" }
    )
}

/// The window.
pub fn window(opens: &str, closes: &str) -> String {
    format!("{opens} to {closes}")
}

/// A key whose card a ceremony waits for, and whether the key itself was made in it.
pub fn still_to_be_made(key: &str, is_made: bool) -> String {
    if is_made { format!("The key {key} is made; its card is still to be made.") } else { to_be_made(key) }
}
/// A key that is to be made.
pub fn to_be_made(key: &str) -> String {
    format!("The key {key} and its card are still to be made.")
}

/// The root that a plan asks for, before it can be made.
pub fn root_wish(version: u64, expires: &str) -> String {
    format!("It asks for root version {version}, which expires {expires}:")
}
/// Who is to sign for a role.
pub fn role_wish(threshold: u64, keys: &[String]) -> String {
    format!("{threshold} of {} must sign: {}", keys.len(), keys.join(", "))
}

/// A heading: the forecast.
pub const WHO_CAN_SIGN: &str = "Who can sign";
/// A heading: the forecast of roles that the plan makes no document of.
pub const WHO_CAN_SIGN_LATER: &str = "Who can sign under the new root what this plan does not make";
/// A heading: findings.
pub const WHAT_THE_RULES_SAY: &str = "What the rules say";

/// One authority's outlook.
pub fn outlook(outlook: &Outlook, side: &str) -> String {
    let Outlook { letter, role, needed, available, .. } = outlook;
    let needs = counted(*needed, "signature is needed", "signatures are needed");
    let can = counted(*available, "key", "keys");
    let margin = match outlook.margin() {
        m @ ..=-1 => format!("{} TOO FEW", m.unsigned_abs()),
        0 => "margin 0: NOBODY may fail".to_owned(),
        m => format!("margin {m}"),
    };
    // Only a root has two sides; any other draft is judged by one document.
    let side = if role == "root" { format!(", {side} side") } else { String::new() };
    format!("{letter} {role}{side}: {needs}, {can} can sign; {margin}.")
}

/// Who can.
pub fn these_can(keys: &str) -> String {
    format!("can sign: {keys}")
}

/// People without whom it fails.
pub fn single(people: &str) -> String {
    format!("not without: {people}")
}

/// Keys without which it fails.
pub fn single_keys(keys: &str) -> String {
    format!("not without these keys: {keys}")
}

/// Keys that the plan gives to nobody.
pub fn held_by_nobody(count: u64) -> String {
    format!(
        "{} of this side stand in no line of the plan and are not counted on.",
        counted(count, "key", "keys")
    )
}

/// A control that refuses.
pub fn refused_by(code: &str, says: &str) -> String {
    format!("REFUSED [{code}]: {says}.")
}

/// A finding.
pub fn finding(draft: &str, code: &str, about: &str, says: &str) -> String {
    let draft = if draft.is_empty() { String::new() } else { format!("{draft} ") };
    format!("{draft}[{code}] {about}: {says}")
}

/// A finding for which the plan asks an exception.
pub fn asked(reason: &str) -> String {
    format!("each signer is asked to grant it: {reason}")
}

/// A finding that needs an exception and has none.
pub const UNASKED: &str = "it needs an exception, and the plan asks for none";
/// Nothing to say.
pub const NOTHING: &str = "  Nothing.";
/// The verdict: keys first.
pub const KEYS_FIRST: &str =
    "The plan is read. Its drafts can be made, and judged, once the cards of these keys are made.";
/// The verdict: refused.
pub const NOT_ALLOWED: &str = "This plan may NOT go on as it is.";
/// The verdict: too few people.
pub const NOT_ENOUGH_PEOPLE: &str =
    "The rules allow this plan, but the people announced can NOT sign all of it.";
/// The verdict: yes.
pub const MAY_GO_ON: &str = "This plan may go on.";
