//! What to do about a ceremony's folder.

/// Advice: there is no ceremony in the folder.
pub const NAME_A_CEREMONY: &str = "Name the folder of a ceremony, or open a new one.";
/// Advice: a new ceremony needs an empty folder.
pub const NAME_A_NEW_FOLDER: &str = "Name a folder that does not exist yet or is empty.";
/// Advice: something foreign is in the folder.
pub const TAKE_IT_OUT: &str =
    "Find out who put it there, take it out of the folder, then start this step again.";
/// Advice: a folder inside the folder of a ceremony.
pub const NAME_A_FOLDER_OUTSIDE: &str =
    "Name a folder outside of it; a bundle is copied to a place of its own first.";
/// Advice: two paths lead to one folder.
pub const NAME_A_SECOND_DEVICE: &str = "Name a folder on a second device.";
/// Advice: the second device holds another ceremony.
pub const NAME_ITS_OWN: &str =
    "Name the second device of this ceremony: the path may be mistyped. Nothing was changed in either.";
/// Advice: a ceremony was continued twice.
pub const KEEP_BOTH: &str = "Keep both folders as they are, and decide together which one goes on; start this step with that one alone.";
/// Advice: the folder is an older copy.
pub const FIND_THE_LATEST: &str =
    "Find the folder with the latest copy, and compare its head with the paper.";
/// Advice: a file of the folder is altered or gone.
pub const BRING_IT_BACK: &str = "Bring the file back from the other device or another copy of the folder.";
/// Advice: a step was not stored.
pub const RESUME: &str = "Check the medium, then resume the ceremony: it says whether this step is there.";
/// Advice: a step is on one of two devices.
pub const RESUME_WITH_ONE: &str = "Check the second device, then resume the ceremony: the step is brought there, \
                                   or name one device alone and say why.";
/// Advice: a mistake of ours.
pub const REPORT: &str = "Keep the folder and report this: it should not happen.";
