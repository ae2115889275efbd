//! Sentences on a ceremony's folder: opening it, where it stands, what travels, how it ends.

/// Two devices, and one was named.
pub const SECOND_DEVICE_MISSING: &str =
    "This ceremony is kept on two devices, and only one of them was named.";
/// Advice: name the second.
pub const NAME_THE_MIRROR: &str =
    "Name the second with --mirror; if it is lost, say why one is enough: --one-device REASON.";
/// What is written down when a second device comes.
pub const DEVICE_ADDED: &str = "a second device was named";

/// A transcript that tells no ceremony.
pub fn does_not_tell_a_ceremony(folder: &str) -> String {
    format!("The transcript in {folder} does not tell a ceremony that holds together.")
}

/// Advice: look into it.
pub const REPLAY_IT: &str = "Change nothing in the folder; `conclave replay` says where it breaks.";
/// A head that is none.
pub const NOT_A_HEAD: &str = "What was given as the head is no digest.";
/// Advice: how a head is typed.
pub const TYPE_THE_HEAD: &str =
    "Type the 32 words or the 64 hex digits from the paper, in quotes; a ? stands for what cannot be read.";
/// The plan does not go on.
pub const PLAN_NOT_ALLOWED: &str = "This plan may not go on.";
/// A file is gone.
pub const SOMETHING_IS_GONE: &str = "Something that this step needs is not there.";
/// Advice: a file is gone.
pub const BRING_THE_FILE: &str = "Bring the file back from the other device or from where it came.";
/// No root of her own.
pub const NO_OWN_ROOT: &str = "This ceremony builds on a published root, and you gave no copy of your own.";
/// Advice: her own root.
pub const GIVE_YOUR_ROOT: &str =
    "Give your own copy with --trust: the root that you trust, from your medium, not the sender's.";
/// Another root.
pub const OTHER_ROOT: &str = "The ceremony does not build on the root that you trust.";
/// Advice: another root.
pub const ASK_WHICH_ROOT: &str =
    "Stop, and ask the security officer which root is current, by another way than this bundle came.";
/// One device.
pub const ONE_DEVICE: &str = "A real root ceremony is kept on two devices.";
/// Advice: one device.
pub const GIVE_A_MIRROR: &str =
    "Name a folder on a second device with --mirror, or say why one is enough: --one-device REASON.";
/// A reason without need.
pub const NO_REASON_NEEDED: &str = "This ceremony needs no reason for one device.";
/// Advice: a reason without need.
pub const LEAVE_ONE_DEVICE_OUT: &str = "Leave --one-device out.";
/// Advice: a predecessor that is not the latest.
pub const BUILD_ON_THE_PUBLISHED: &str =
    "Find the published version, and have a plan reviewed that builds on it.";
/// Advice: a mark of practice.
pub const KEEP_PRACTICE_APART: &str = "Keep practice apart: everything in a rehearsal carries its mark, and nothing in a real ceremony does. A card of practice is made with `key card --rehearsal`.";
/// Advice: a card that cannot be used.
pub const ASK_FOR_THE_CARD: &str =
    "Ask the key's holder for a card that is right, and have the plan reviewed with its SHA-256.";
/// Advice: expired.
pub const CHECK_THE_DATE: &str =
    "Check the date that you stated; if it is right, the plan needs a later expiry and another review.";
/// Advice: an exception that nobody asked for.
pub const ASK_OR_CHANGE: &str = "Change the plan so that nothing needs an exception, or let it ask for this one under [[exceptions]], with the reason.";
/// A file that does not hold.
pub const CANNOT_BE_READ: &str = "This file cannot be used: it does not hold together.";
/// Not a date.
pub const NOT_A_DATE: &str = "The date is none.";
/// The folder was put back.
pub const OLDER_COPY: &str = "This folder is an older copy: somebody has met more of its lines.";
/// A file of something else.
pub const DOES_NOT_BELONG_HERE: &str = "This file does not belong to this ceremony.";
/// Advice: a file of something else.
pub const ASK_FOR_THE_RIGHT_ONE: &str =
    "Ask the sender which ceremony it is of; `conclave show FILE` says what it holds.";
/// A bundle from before or after a change of the plan.
pub const OF_ANOTHER_PLAN: &str = "This bundle is of this ceremony, and of another plan than the one here.";
/// Advice: a bundle from before or after a change of the plan.
pub const ASK_FOR_ONE_OF_THIS_PLAN: &str = "If the plan was changed here, send the sender a new bundle to sign; if it was changed there, ask why you were not told.";
/// Not final.
pub const NOT_FINAL_YET: &str = "This draft cannot become final yet.";
/// Advice: the authority first.
pub const FINALIZE_THE_AUTHORITY: &str = "Finalize the draft that names its keys first.";
/// Advice: grants.
pub const ASK_FOR_GRANTS: &str = "Ask each signer to look at the exceptions and to grant or refuse them; `conclave status` names who has not.";
/// Final.
pub const FINAL_ALREADY: &str = "This draft is final already.";
/// Not now.
pub const NOT_NOW: &str = "This step is not possible now.";
/// Advice: where it stands.
pub const LOOK_AT_THE_STATUS: &str = "`conclave status FOLDER` says where the ceremony stands.";
/// No such draft.
pub const NO_SUCH_DRAFT: &str = "There is no such draft.";
/// Not possible.
pub const NOT_POSSIBLE: &str = "This step is not possible.";

/// Two places were needed.
pub const PLAN_AND_FOLDER: &str = "A ceremony is opened from a plan, in a new folder: two names are needed.";
/// Advice: both.
pub const NAME_BOTH: &str = "Type it like `conclave open PLAN FOLDER --date 2027-03-05`.";
/// One place was needed.
pub const FOLDER_ALONE: &str = "With --bundle only the new folder is named: the plan is in the bundle.";
/// Advice: the folder.
pub const NAME_THE_FOLDER: &str =
    "Type it like `conclave open --bundle BUNDLE --trust ROOT FOLDER --date 2027-03-05`.";
/// A root where the plan names it.
pub const TRUST_WITHOUT_BUNDLE: &str = "--trust judges a bundle, and no bundle was given.";
/// Advice: the plan names it.
pub const PLAN_NAMES_THE_ROOT: &str = "Leave --trust out: the plan names the trusted root with its SHA-256.";
/// A bundle of no ceremony.
pub fn plain_bundle(bundle: &str) -> String {
    format!("{bundle} holds drafts and signatures, and no ceremony that could be opened.")
}
/// Advice: a bundle of no ceremony.
pub const SIGN_IT_AS_IT_IS: &str =
    "Sign it as it is with `conclave sign`, or ask for the ceremony's own bundle.";
/// Drafts that are not the plan's.
pub fn not_its_plan(bundle: &str) -> String {
    format!("The drafts in {bundle} are not what its plan makes.")
}
/// A ceremony that cannot be opened.
pub fn cannot_open(from: &str) -> String {
    format!("No ceremony can be opened from {from}.")
}
/// A bundle on another root.
pub fn not_on_your_root(bundle: &str) -> String {
    format!("{bundle} does not build on a root that you trust.")
}
/// Advice: no root is needed.
pub const LEAVE_TRUST_OUT: &str = "Leave --trust out: nothing comes before a first root.";
/// Where the machine profile is.
pub const PROFILE_STAYS: &str = "the machine profile stays with its machine";
/// No chance.
pub const NO_CHANCE: &str = "The system gives no random bytes, which a new ceremony needs.";
/// Advice: no chance.
pub const START_AGAIN_LATER: &str = "Start the machine again, or use another one.";
/// Opened.
pub fn opened(title: &str) -> String {
    format!("Opened: {title}")
}
/// A label: the folder.
pub const FOLDER: &str = "folder";
/// A label: the ceremony.
pub const CEREMONY: &str = "ceremony";
/// Two devices, one medium.
pub const ONE_MEDIUM: &str = "! Both folders are on one medium: if it is lost, both are.";
/// The head.
pub fn head_in_short(lines: u64, head: &str) -> String {
    format!("Line {lines}; the head begins with {head}.")
}
/// The heading of the head.
pub fn head_after(lines: u64) -> String {
    format!("The head after line {lines}: write it on the paper record")
}

/// The title.
pub fn titled(title: &str) -> String {
    format!("Ceremony {title}")
}
/// A label: what the ceremony is called.
pub const TITLE: &str = "title";
/// A plan that was changed.
pub fn plan_changed(generation: u64) -> String {
    format!("The plan was changed {}.", super::counted(generation, "time", "times"))
}
/// A label: where it stands.
pub const STAGE: &str = "stage";
/// A label: the date that was stated.
pub const DATE: &str = "stated date";
/// A label: this machine's chain.
pub const MACHINE: &str = "machine";
/// Where it stands.
pub fn stage(phase: &str, generation: u64) -> String {
    match generation {
        0 => phase.to_owned(),
        n => format!("{phase}; the plan was changed {}", super::counted(n, "time", "times")),
    }
}
/// A line that was cut off.
pub const TORN: &str = "! The last line was cut off while it was written: that step has not happened. The next step sets it aside.";
/// A file that is gone.
pub fn missing(file: &str) -> String {
    format!(
        "! {file} is gone, and a line names it. The next step brings it back if it can be made again or another device has it."
    )
}
/// A file that no line names.
pub fn unexplained(file: &str) -> String {
    format!(
        "! No line names {file}: somebody put it there, or a step was cut off. The next step sets it aside."
    )
}
/// Lines that the head on paper does not cover.
pub fn behind_head(lines: u64) -> String {
    format!(
        "! {} behind the head that you gave. So it is after a power cut, or when somebody went on; if neither was so, find out who wrote there.",
        super::counted(lines, "line stands", "lines stand")
    )
}
/// An attempt without a clear outcome.
pub fn in_doubt(line: u64, person: &str, token: &str) -> String {
    format!(
        "! Line {line}: the token {token} was asked to sign for {person}, and what came of it is not known."
    )
}
/// A chain that is told in two ways.
pub fn told_in_two_ways(machine: &str) -> String {
    format!("! The chain of machine {machine} is told in two ways and not believed further.")
}
/// An import whose file is gone.
pub fn not_recomputed(line: u64, file: &str) -> String {
    format!("! Line {line} was not computed again: {file} is gone.")
}
/// Consent.
pub fn consented(person: &str) -> String {
    format!("{person} has agreed to sign.")
}
/// A refusal.
pub fn declined(person: &str, reason: &str) -> String {
    format!("{person} has DECLINED: {reason}")
}
/// A label: the other machine whose lines say so.
pub const TOLD_BY: &str = "on machine";
/// A signature that does not count yet.
pub fn not_counting(key: &str) -> String {
    format!(
        "! A signature by the key {key} is here and does NOT count: nobody who holds it has granted what the draft needs."
    )
}
/// An exception that waits.
pub fn not_granted(person: &str, control: &str, about: &str) -> String {
    format!(
        "{person} has not granted the exception that [{control}] needs for {about}: a signature of hers does not count yet."
    )
}
/// Final.
pub fn is_final(file: &str) -> String {
    format!("Final: {file}")
}
/// Next: keys.
pub const NEXT_KEYS: &str =
    "Next: make the key cards that are still to be made: `conclave key card --into` this folder.";
/// Next: drafts.
pub const NEXT_SEAL: &str = "Opening was stopped before the drafts were made. Next: any command that writes into this folder makes them.";
/// Next: signatures.
pub const NEXT_COLLECT: &str = "Next: collect the signatures that are missing.";
/// Next: nothing.
pub const NEXT_CLOSED: &str = "The ceremony is closed. Publish the files in final/, and keep this folder.";
/// Next: nothing, and not everything was reached.
pub fn closed_unfinished(open: u64, nothing: bool) -> String {
    let never = super::counted(open, "draft never became final", "drafts never became final");
    let publish = if nothing { "There is nothing to publish" } else { "Publish the files in final/" };
    format!("The ceremony is closed, and {never}. {publish}; keep this folder.")
}
/// Next: nothing.
pub const NEXT_ABORTED: &str = "The ceremony was aborted. Keep this folder.";
/// Next: the end.
pub const NEXT_CLOSE: &str = "Next: every draft is final; close the ceremony.";
/// Next: a final file.
pub fn next_finalize(letter: &str) -> String {
    format!(
        "Next: draft {letter} has enough signatures; finalize it, or wait for those who could still sign."
    )
}
/// A refusal was written down.
pub fn wrote_down_decline(person: &str, letter: &str, folder: &str) -> String {
    format!("Written down in {folder}: {person} declines draft {letter}. Nothing was signed.")
}
/// No such letter.
pub fn no_draft_lettered(letter: &str) -> String {
    format!("There is no draft {letter}.")
}
/// Advice: the letters.
pub fn name_a_letter(letters: &str) -> String {
    if letters.is_empty() {
        "No draft is made yet: key cards are missing.".to_owned()
    } else {
        format!("Name one of: {letters}.")
    }
}
/// A name that the plan does not know.
pub fn nobody_called(person: &str) -> String {
    format!("The plan of this ceremony knows nobody called {person}.")
}
/// A date is needed.
pub const DATE_FOR_A_FOLDER: &str = "A folder is opened beside the bundle for this, and no date was given.";
/// A bundle cannot be made.
pub const CANNOT_EXPORT: &str = "This folder cannot be written as a bundle.";
/// A bundle inside the folder.
pub fn inside_the_folder(bundle: &str, folder: &str) -> String {
    format!("{bundle} would lie inside {folder}, and a ceremony's folder holds only what its lines name.")
}
/// Advice: a bundle inside the folder.
pub const NAME_A_PLACE_OUTSIDE: &str = "Name a place outside of the folder, such as the medium that travels.";
/// Options of folders beside a bundle.
pub const FOR_FOLDERS: &str =
    "--draft, --mirror, --one-device and --head are for a ceremony's folder, and this is none.";
/// Advice: options of folders.
pub const LEAVE_THEM_OUT: &str = "Leave them out, or name the folder of the ceremony.";
/// Options of bundles beside a folder.
pub const FOR_BUNDLES: &str =
    "--trust and --date are for opening a bundle, and this is a folder that is open.";
/// Advice: options of bundles.
pub const LEAVE_TRUST_AND_DATE_OUT: &str = "Leave them out: the folder knows its root and its date.";
/// A folder of another ceremony beside a bundle.
pub fn other_folder_beside(folder: &str, bundle: &str) -> String {
    format!("{folder} was opened from another bundle than {bundle}, and the two do not belong together.")
}
/// Its cause.
pub fn two_ceremonies(folder: &str, bundle: &str) -> String {
    format!("the folder is of the ceremony {folder}, the bundle of {bundle}")
}
/// A file is another one than a moment ago.
pub fn changed_meanwhile(file: &str) -> String {
    format!("{file} was changed while it was read.")
}
/// Advice: a folder of another ceremony beside a bundle.
pub const KEEP_IT_ELSEWHERE: &str =
    "Give the bundle a name of its own, so that its folder does not stand beside an older one; keep both.";
/// A file where a folder belongs.
pub fn not_a_folder(path: &str) -> String {
    format!("{path} is no folder, and a ceremony's folder is needed.")
}
/// Advice: a file where a folder belongs.
pub const NAME_ITS_FOLDER: &str =
    "Name the ceremony's folder; a bundle becomes one with `conclave open --bundle`.";
/// What travels.
pub const CARRY_ALL: &str = "Carry all of these files together.";
/// What a file brought.
pub fn brought(file: &str, new: u64, known: u64) -> String {
    let new = super::counted(new, "new signature", "new signatures");
    format!("{file}: {new}, {} known before", super::grouped(known))
}
/// A fork.
pub fn fork(machine: &str, line: u64, known: &str, found: &str) -> String {
    format!(
        "! TOLD IN TWO WAYS: machine {machine} has another line {line} here than it had before. Known: {known}. Here: {found}. The signatures of both sides are kept; the chain is not believed further. Ask both machines' officers for their folders."
    )
}
/// Everything is final.
pub const ALL_FINAL: &str = "Every draft is final already.";
/// Nothing is complete.
pub const NONE_COMPLETE: &str = "No draft has enough signatures to become final.";
/// Drafts that are not final.
pub fn not_all_final(open: u64) -> String {
    let verb = if open == 1 { "is" } else { "are" };
    format!("{} {verb} not final.", super::counted(open, "draft", "drafts"))
}
/// Advice: drafts that are not final.
pub const FINALIZE_OR_SAY_SO: &str =
    "Finalize first, or close with --unfinished: what is not final then never will be.";
/// Put right: a line that was cut off.
pub fn cut_off(folder: &str, bytes: u64) -> String {
    let bytes = super::counted(bytes, "byte", "bytes");
    format!("! {folder}: an earlier step was stopped while its line was written; its {bytes} are kept aside.")
}
/// Put right: a file that no line explains.
pub fn set_aside(folder: &str, from: &str, to: &str) -> String {
    format!("! {folder}: {from} is of no step that happened, and is kept as {to}.")
}
/// Put right: a device that was behind.
pub fn caught_up(folder: &str, lines: u64) -> String {
    let lines = super::counted(lines, "line", "lines");
    format!("! {folder} was behind: it got {lines} from the other device.")
}
/// Put right: a device that lacked files.
pub fn filled_up(folder: &str, files: u64) -> String {
    let files = super::counted(files, "file", "files");
    format!("! {folder} lacked files: it got {files}.")
}
/// The end.
pub const CLOSED: &str = "Only countersignatures and addenda may follow.";
/// A remark behind the end.
pub const NO_REMARK_NOW: &str = "The ceremony is closed: remarks and incidents belong before its end.";
/// Advice: a remark behind the end.
pub const ADD_IT: &str = "Write it down with --addendum.";
/// The plan was changed.
pub fn replanned(generation: u64) -> String {
    format!("The plan is changed: {} by now", super::counted(generation, "change", "changes"))
}
/// Signatures that count no more.
pub fn died(draft: &str, signers: u64) -> String {
    let signatures = match signers {
        0 => "nobody had signed it".to_owned(),
        _ => super::counted(signers, "signature counts no more", "signatures count no more"),
    };
    format!("Left behind: {draft}; {signatures}.")
}
/// What is to be signed now.
pub fn to_sign_now(draft: &str) -> String {
    format!("To sign now: {draft}")
}
/// A folder to write to where there is one.
pub const FINAL_IN_THE_FOLDER: &str = "A ceremony's final files lie in its own folder, under final/.";
/// Advice: no --out.
pub const LEAVE_OUT_OUT: &str = "Leave --out away.";
/// No folder to write to.
pub const NO_OUT: &str = "A bundle's final files need a folder to be written to.";
/// Advice: --out.
pub const GIVE_OUT: &str = "Give one with --out DIR.";
