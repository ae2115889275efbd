//! The second act, played by hand: the root of the first act is a year old, Dora takes over from Bela, and whoever sits here plays
//! every part at the guided ceremony itself. The PINs are shown, because nothing on these tokens is worth one; everything else is as
//! on the day.

use std::path::Path;

use clap::Parser as _;
use tuf_ceremony::card::Card;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::keyset::Authority;
use tuf_ceremony::limits::{DOCUMENT, SMALL_FILE};
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::state::Phase;

use super::plan::{self, Kept};
use crate::cli::{Cli, Rehearse};
use crate::clock;
use crate::commands::{Outcome, run as run_verb};
use crate::desk::table::{Glance, is_folder};
use crate::fault::Fault;
use crate::files;
use crate::operator::clean::quoted_path;
use crate::operator::screen::Screen;
use crate::operator::secret::SecretFault;
use crate::operator::wording::{rehearsal as said, typed};
use crate::operator::{Operator, OperatorFault};
use crate::pin::{self, Pin};
use crate::report::columns::sentence;

/// What the first act left, by the names under which the plan asks for them.
const PUBLISHED: [(&str, &str); 4] = [
    ("1.root.json", "1.root.json"),
    ("1.targets.json", "1.targets.json"),
    ("1.snapshot.json", "1.snapshot.json"),
    ("timestamp.json", "timestamp.json"),
];

/// Plays, or goes on with what was left.
pub(super) fn play(request: &Rehearse, person: &mut dyn Operator) -> Result<Outcome, Fault> {
    let room = request.folder.join("room");
    let folder = room.join("root-2");
    let begun = is_folder(&folder);
    if !begun {
        write_the_plan(&room)?;
    }
    let pins = request.tokens.join("pins").join("anna");
    let pin = files::read_capped(&pins, pin::CAPACITY as u64)?;
    let pin = String::from_utf8_lossy(pin.trim_ascii()).into_owned();
    let place = |path: &Path| path.display().to_string();
    let profile = |machine: &str| place(&request.tokens.join(format!("{machine}.profile.toml")));
    let mut screen = Screen::stdout(request.plain);
    screen.heading(said::SECOND_ACT)?;
    said::WHAT_IS_PLAYED_BY_HAND.iter().try_for_each(|line| sentence(&mut screen, 0, line))?;
    sentence(&mut screen, 0, &said::every_pin_is(&pin))?;
    screen.blank()?;
    sentence(&mut screen, 0, said::CARLA_AT_HOME)?;
    let (root, home) = (place(&room.join("1.root.json")), profile("carla"));
    let bundle = place(&request.folder.join("carla/root-2.bundle.json"));
    let at_home = ["run", "--trust", &root, "--profile", &home, &bundle];
    typed::command("  ", at_home).iter().try_for_each(|line| screen.line(line))?;
    let (plan, mirror) = (place(&room.join(PLAN)), place(&request.folder.join("second-root-2")));
    let (room_profile, folder) = (profile("room"), place(&folder));
    let mut words = vec!["run", "--profile", &room_profile, "--mirror", &mirror];
    sentence(&mut screen, 0, said::TO_COME_BACK)?;
    let again = words.iter().copied().chain([folder.as_str()]);
    typed::command("  ", again).iter().try_for_each(|line| screen.line(line))?;
    if !begun {
        words.extend(["--new", &plan]);
    }
    if request.plain {
        words.push("--plain");
    }
    words.push(&folder);
    let mut shown = PinShown { person, pin: &pin };
    shown
        .type_line(said::ENTER_TO_GO_ON)
        .map_err(|fault| Fault::stopped(said::LEFT).because(&fault).now(said::PLAY_AGAIN).as_a_stop())?;
    let cli = Cli::try_parse_from(["conclave"].iter().chain(&words));
    let outcome = run_verb(cli.expect("the rehearsal types commands that exist").verb, &mut shown)?;
    if Glance::at(Path::new(&folder)).is_ok_and(|glance| glance.state().phase() == Phase::Closed) {
        screen.blank()?;
        sentence(&mut screen, 0, said::NOW_THE_AUDITOR)?;
        let replay = ["replay", "--head", said::WORDS_OF_THE_PAPER, &folder, &mirror];
        typed::command("  ", replay).iter().try_for_each(|line| screen.line(line))?;
    }
    Ok(outcome)
}

/// The plan's name in the room.
const PLAN: &str = "root-2.plan.toml";

/// What was published a year ago lies beside the plan, as it would come from a repository.
fn write_the_plan(room: &Path) -> Result<(), Fault> {
    let first = room.join("root-1/final");
    for (from, to) in PUBLISHED {
        let bytes = files::read_capped(&first.join(from), DOCUMENT.most as u64)?;
        if files::refuse_existing(&room.join(to)).is_ok() {
            files::create_new(&room.join(to), &bytes)?;
        }
    }
    let root = files::read_capped(&room.join("1.root.json"), DOCUMENT.most as u64)?;
    let unusable = || Fault::refused(said::NO_FIRST_ACT).now(said::PLAY_THE_FIRST_ACT);
    let root = Document::read(root).ok().and_then(|document| Metadata::of(document.into()).ok());
    let signers = root.and_then(|root| Authority::in_document(&root, "root").ok()).ok_or_else(unusable)?;
    let keyid = |who: &str| -> Result<String, Fault> {
        let card = files::read_capped(&room.join(format!("{who}.key.json")), SMALL_FILE.most as u64)?;
        let key = Card::read(&card).map_err(|_| unusable())?.key().fingerprint();
        let of_key = |member: &&tuf_ceremony::keyset::Member| {
            member.key.as_ref().is_ok_and(|known| known.fingerprint() == key)
        };
        signers.members().iter().find(of_key).map(|member| member.keyid.clone()).ok_or_else(unusable)
    };
    let kept = Kept { anna: keyid("anna")?, bela: keyid("bela")?, carla: keyid("carla")? };
    let today = clock::now();
    let text = plan::rotation(today.get(..10).unwrap_or(&today), &kept, |file| {
        let bytes = files::read_capped(&room.join(file), DOCUMENT.most as u64)?;
        Ok(Digest::of(&bytes))
    })?;
    let plan = room.join(PLAN);
    if files::refuse_existing(&plan).is_ok() {
        files::create_new(&plan, text.as_bytes())?;
        Screen::stdout(true).line(&said::plan_written(&quoted_path(&plan)))?;
    }
    Ok(())
}

/// Somebody at the terminal who is told the PIN before she is asked for it.
struct PinShown<'p> {
    person: &'p mut dyn Operator,
    pin: &'p str,
}

impl Operator for PinShown<'_> {
    fn is_there(&self) -> bool {
        self.person.is_there()
    }

    fn type_line(&mut self, question: &str) -> Result<String, OperatorFault> {
        self.person.type_line(question)
    }

    fn type_back(&mut self, question: &str, phrase: &str) -> Result<String, OperatorFault> {
        self.person.type_back(question, phrase)
    }

    fn pick(&mut self, question: &str, choices: &[String]) -> Option<Result<usize, OperatorFault>> {
        self.person.pick(question, choices)
    }

    fn pin(&mut self, question: &str) -> Result<Pin, SecretFault> {
        let told = Screen::stdout(true).line(&said::every_pin_is(self.pin));
        told.map_err(|fault| SecretFault::Terminal(std::io::Error::other(fault)))?;
        self.person.pin(question)
    }
}
