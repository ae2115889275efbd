//! Sentences of the rehearsal: what is played, scene by scene.

/// The first line.
pub const WELCOME: &str = "A rehearsal: a first root and first targets, signed by two of three people";
/// What follows it.
pub const WHAT_IS_PLAYED: &[&str] = &[
    "Anna, Bela and Carla hold a token each; a fourth token stands for the online machine.",
    "Anna sits in the room with Olga, the officer. Carla is at home, at a machine of her own.",
    "The tokens are software and worth nothing. Their PINs are shown here; a real one never is.",
    "Everything is marked as practice, and a real ceremony refuses it.",
];
/// Between screens.
pub const ENTER_TO_GO_ON: &str = "[Enter to go on]";

/// Before an answer.
pub fn enter_to_type(who: &str) -> String {
    format!("[Enter, and {who} types]")
}

/// The title of a scene.
pub fn scene(number: u32, of: u32, title: &str) -> String {
    format!("{number} of {of}. {title}")
}

/// Scene: keys.
pub const SCENE_KEYS: &str = "Keys are made on the tokens";
/// About it.
pub const ABOUT_KEYS: &[&str] =
    &["Each key is made inside its token and never leaves it. Each person makes her own, in her own scheme."];
/// Scene: cards.
pub const SCENE_CARDS: &str = "Key cards";
/// About it.
pub const ABOUT_CARDS: &[&str] = &[
    "A card says whose key it is and what the token says of it. The key itself signs the card: that proves that the token works and that she knows its PIN, before anybody travels.",
];
/// Scene: the plan.
pub const SCENE_PLAN: &str = "The plan is reviewed";
/// About it.
pub const ABOUT_PLAN: &[&str] =
    &["What is reviewed is what runs: the drafts follow from the plan and its files alone."];
/// Scene: opening.
pub const SCENE_OPEN: &str = "The ceremony is opened, on two devices";
/// About it.
pub const ABOUT_OPEN: &[&str] = &["From here on every step is a line in the transcript before it counts."];
/// Scene: signing.
pub const SCENE_SIGN: &str = "Anna signs in the room";
/// About it.
pub const ABOUT_SIGNING: &[&str] =
    &["She reads what she signs, danger first, types her consent for each draft, and then her PIN."];
/// Scene: the online token.
pub const SCENE_ONLINE: &str = "The online token signs snapshot and timestamp";
/// About it.
pub const ABOUT_ONLINE: &[&str] = &["Nobody holds it: Olga puts it in, and the line says so."];
/// Scene: the remote keyholder.
pub const SCENE_CARLA: &str = "Carla signs at home, from one file";
/// About it.
pub const ABOUT_CARLA: &[&str] = &[
    "The bundle is all that she gets. Her machine verifies everything in it again and keeps a folder of its own; her answer travels back in one file, with her machine's lines in it.",
];
/// Scene: the end.
pub const SCENE_FINISH: &str = "Both thresholds are met: final files, and the close";
/// About it.
pub const ABOUT_FINISHING: &[&str] =
    &["The head behind the last line goes onto paper. It is all that an auditor needs."];
/// Scene: replay.
pub const SCENE_REPLAY: &str = "An auditor replays it";
/// About it.
pub const ABOUT_REPLAY: &[&str] = &[
    "Plan, drafts, every line and every signature are gone through again, on both devices, against the head.",
];

/// A plan was made.
pub fn plan_written(file: &str) -> String {
    format!("The plan is in {file}.")
}

/// A file went from one machine to the other.
pub fn carried(from: &str, to: &str) -> String {
    format!("A medium carries {from} to {to}.")
}

/// A PIN is typed by the script.
pub fn pin_typed(question: &str, pin: &str) -> String {
    format!("{question}{pin}   (shown in a rehearsal only)")
}

/// A question that the play does not know.
pub fn unexpected(question: &str) -> String {
    format!("{question}: (the rehearsal has no answer to this)")
}

/// A check said no.
pub const STOPPED: &str = "The rehearsal stopped: the last command found something wrong.";
/// Advice.
pub const READ_ABOVE: &str = "Read what it says above; play again in a new folder once it is mended.";

/// Somebody left.
pub const LEFT: &str = "You left the rehearsal.";
/// Advice.
pub const PLAY_AGAIN: &str = "Play it again in a new folder; what is there may be looked at or thrown away.";

/// The last heading.
pub const DONE: &str = "Done: the rehearsal left these files";
/// The final root.
pub const ROOT_FILE: &str = "root";
/// The final targets.
pub const TARGETS_FILE: &str = "targets";
/// The transcript.
pub const TRANSCRIPT_FILE: &str = "transcript";
/// The bundle.
pub const BUNDLE_FILE: &str = "bundle";

/// One of them.
pub fn where_it_is(what: &str, file: &str) -> String {
    format!("  {what:<12}{file}")
}

/// The head.
pub const HEAD_ON_PAPER: &str = "The head, as it stands on paper";
/// Before the two commands.
pub const CHECK_WITHOUT_US: &str =
    "Check it without us. The first prints the head above; the second needs python-tuf (pip install tuf).";

/// The first command.
pub fn check_head(folder: &str) -> String {
    format!("  sha256sum {folder}/transcript.jsonl")
}

/// The second command.
pub fn check_with_python(folder: &str) -> String {
    format!(
        "  python3 -c 'from tuf.api.metadata import Metadata as M; d=\"{folder}/final/\"; r=M.from_file(d+\"1.root.json\"); t=M.from_file(d+\"1.targets.json\"); r.verify_delegate(\"root\", r); r.verify_delegate(\"targets\", t); print(\"python-tuf accepts both\")'"
    )
}

/// The heading of the second act.
pub const SECOND_ACT: &str = "A rehearsal by hand: you play every part";
/// What it is about.
pub const WHAT_IS_PLAYED_BY_HAND: &[&str] = &[
    "A year ago Anna, Bela and Carla signed root 1, two of three. Now Dora takes over from Bela.",
    "In the room are Olga, the officer, Anna, Bela, Dora, and Wim, who watches. Carla is at home.",
    "Dora's key is made first. Then the new root needs two of three of the old keys, and two of three of the new ones: one signature by Anna counts for both.",
    "The tokens are software; all that are in the room are plugged in all the time. Everything is marked as practice, and a real ceremony refuses it.",
    "Keep paper and a pen at hand, as on the day.",
];
/// The PIN, which is nobody's secret here.
pub fn every_pin_is(pin: &str) -> String {
    format!("(Rehearsal: the PIN of every token is {pin}. A real PIN is never shown.)")
}
/// How the remote part is played.
pub const CARLA_AT_HOME: &str = "Carla can sign at home: choose \"Write a file for somebody who is not here\", name the file as at the end of this command, and play her in a second terminal:";
/// How to come back.
pub const TO_COME_BACK: &str = "Ctrl-C leaves at any question. To come back:";
/// A refusal: nothing to go on from.
pub const NO_FIRST_ACT: &str = "The folder holds no first root of a rehearsal with its key cards.";
/// Advice.
pub const PLAY_THE_FIRST_ACT: &str =
    "Play the first act first: the same command with --auto, into a new folder.";
/// At the end of the second act.
pub const NOW_THE_AUDITOR: &str = "Now be the auditor, who has nothing but the folders and your paper, with the 32 words of the head after the close:";
/// What stands for the words.
pub const WORDS_OF_THE_PAPER: &str = "the words on the paper";
