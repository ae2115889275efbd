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
/// Not a date.
pub const NOT_A_DATE: &str = "The date is none.";
/// The folder was put back.
pub const OLDER_COPY: &str = "This folder is an older copy: somebody has met more of its lines.";
/// A file of something else.
pub const DOES_NOT_BELONG_HERE: &str = "This file does not belong to this ceremony.";
/// Advice: a file of something else.
pub const ASK_FOR_THE_RIGHT_ONE: &str =
    "Ask the sender which ceremony it is of; `conclave show FILE` says what it holds.";
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
