//! `conclave rehearse`: a whole ceremony with throwaway tokens, from keys to replay, by the very verbs that a real one takes.
//! Each command stands on the screen as it would be typed, is parsed as if it had been, and runs here; only the answers are
//! given by a script, and every PIN is shown, because nothing on these tokens is worth one.
//!
//! Deliberately absent: a second path. What a real ceremony refuses stops the rehearsal.

mod by_hand;
mod plan;
mod script;

use std::path::PathBuf;

use clap::Parser as _;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::limits::{BUNDLE, SMALL_FILE};

use super::{Outcome, run as run_verb};
use crate::cli::{Cli, Rehearse};
use crate::clock;
use crate::desk::table::Glance;
use crate::fault::Fault;
use crate::files;
use crate::operator::Operator;
use crate::operator::clean::quoted_path;
use crate::operator::screen::Screen;
use crate::operator::terminal::Terminal;
use crate::operator::wording::{rehearsal as said, typed};
use crate::report;
use crate::report::columns::sentence;
use script::Script;

/// What the target file of the first release holds.
const APP: &[u8] = b"the first release of the app, TEST ONLY\n";

/// Plays.
pub(super) fn run(request: &Rehearse, person: &mut dyn Operator) -> Result<Outcome, Fault> {
    if request.by_hand {
        return by_hand::play(request, person);
    }
    let today = clock::now();
    let date = today.get(..10).unwrap_or(&today).to_owned();
    // Before anything is written: without tokens there is no play.
    for machine in ["room", "carla"] {
        files::read_capped(&request.tokens.join(format!("{machine}.profile.toml")), SMALL_FILE.most as u64)?;
    }
    for folder in [&request.folder, &request.folder.join("room"), &request.folder.join("carla")] {
        files::create_dir_new(folder)?;
    }
    let waits = !request.auto && Terminal::is_there();
    if waits {
        Terminal::begin_pages();
    }
    let mut stage =
        Stage { request, script: Script::new(request.tokens.join("pins"), waits), scene: 0, date };
    stage.play().map_err(|fault| fault.having_written(quoted_path(&request.folder)))?;
    Ok(Outcome::Done)
}

/// The stage: where things lie, and how far the play is.
struct Stage<'r> {
    request: &'r Rehearse,
    script: Script,
    scene: u32,
    date: String,
}

/// Scenes in all, for the screen.
const SCENES: u32 = 9;

impl Stage<'_> {
    fn play(&mut self) -> Result<(), Fault> {
        self.screen().heading(said::WELCOME)?;
        said::WHAT_IS_PLAYED.iter().try_for_each(|line| sentence(&mut self.screen(), 0, line))?;
        self.make_keys()?;
        self.make_cards()?;
        self.plan()?;
        let folder = self.open()?;
        self.sign_in_the_room(&folder)?;
        self.visit_carla(&folder)?;
        self.finish(&folder)?;
        self.replay(&folder)?;
        self.ending(&folder)
    }

    fn make_keys(&mut self) -> Result<(), Fault> {
        self.next_scene(said::SCENE_KEYS, said::ABOUT_KEYS)?;
        let room = self.profile("room");
        self.run("anna", &["tokens", "--profile", &room])?;
        for (who, scheme, profile) in [
            ("anna", "ed25519", "room"),
            ("bela", "ecdsa-sha2-nistp256", "room"),
            ("carla", "rsassa-pss-sha256", "carla"),
        ] {
            let (profile, token) = (self.profile(profile), token_of(who));
            self.run(
                who,
                &[
                    "key",
                    "generate",
                    "--profile",
                    &profile,
                    "--token",
                    &token,
                    "--scheme",
                    scheme,
                    "--label",
                    "root-key",
                ],
            )?;
        }
        let public = self.place("room/online.pem");
        self.run(
            "online",
            &[
                "key",
                "generate",
                "--profile",
                &room,
                "--token",
                &token_of("online"),
                "--scheme",
                "ecdsa-sha2-nistp256",
                "--label",
                "online-key",
                "--public-out",
                &public,
            ],
        )
    }

    fn make_cards(&mut self) -> Result<(), Fault> {
        self.next_scene(said::SCENE_CARDS, said::ABOUT_CARDS)?;
        for (who, name, profile) in plan::HOLDERS {
            let (profile, token) = (self.profile(profile), token_of(who));
            let out = self.place(&format!("room/{who}.key.json"));
            self.run(
                who,
                &[
                    "key",
                    "card",
                    "--rehearsal",
                    "--holder",
                    name,
                    "--profile",
                    &profile,
                    "--token",
                    &token,
                    "--out",
                    &out,
                ],
            )?;
        }
        Ok(())
    }

    fn plan(&mut self) -> Result<(), Fault> {
        self.next_scene(said::SCENE_PLAN, said::ABOUT_PLAN)?;
        files::create_new(&self.path("room/app-1.0.txt"), APP)?;
        let text = plan::text(&self.date, |file| {
            let bytes = files::read_capped(&self.path("room").join(file), SMALL_FILE.most as u64)?;
            Ok(Digest::of(&bytes))
        })?;
        let plan = self.path(PLAN);
        files::create_new(&plan, text.as_bytes())?;
        self.screen().line(&said::plan_written(&quoted_path(&plan)))?;
        let date = self.date.clone();
        self.run("olga", &["plan", "check", "--date", &date, &self.place(PLAN)])
    }

    fn open(&mut self) -> Result<String, Fault> {
        self.next_scene(said::SCENE_OPEN, said::ABOUT_OPEN)?;
        let (folder, date) = (self.place(FOLDER), self.date.clone());
        self.run(
            "olga",
            &[
                "open",
                "--date",
                &date,
                "--profile",
                &self.profile("room"),
                "--mirror",
                &self.place(MIRROR),
                &self.place(PLAN),
                &folder,
            ],
        )?;
        Ok(folder)
    }

    fn sign_in_the_room(&mut self, folder: &str) -> Result<(), Fault> {
        self.next_scene(said::SCENE_SIGN, said::ABOUT_SIGNING)?;
        let (room, mirror) = (self.profile("room"), self.place(MIRROR));
        self.run(
            "anna",
            &[
                "sign",
                "--as",
                "anna",
                "--profile",
                &room,
                "--token",
                &token_of("anna"),
                "--mirror",
                &mirror,
                folder,
            ],
        )?;
        self.next_scene(said::SCENE_ONLINE, said::ABOUT_ONLINE)?;
        self.run(
            "online",
            &[
                "sign",
                "--as",
                "olga",
                "--profile",
                &room,
                "--token",
                &token_of("online"),
                "--mirror",
                &mirror,
                folder,
            ],
        )
    }

    fn visit_carla(&mut self, folder: &str) -> Result<(), Fault> {
        self.next_scene(said::SCENE_CARLA, said::ABOUT_CARLA)?;
        let (mirror, date) = (self.place(MIRROR), self.date.clone());
        let (out, bundle, reply) = (
            self.place("room/root-1.bundle.json"),
            self.place("carla/root-1.bundle.json"),
            self.place("carla/carla.bundle.json"),
        );
        self.run("olga", &["export", "--mirror", &mirror, "--out", &out, folder])?;
        self.carry("room/root-1.bundle.json", "carla/root-1.bundle.json")?;
        self.run(
            "carla",
            &[
                "sign",
                "--as",
                "carla",
                "--date",
                &date,
                "--profile",
                &self.profile("carla"),
                "--token",
                &token_of("carla"),
                "--out",
                &reply,
                &bundle,
            ],
        )?;
        self.carry("carla/carla.bundle.json", "room/from-carla.bundle.json")?;
        let home = self.place("room/from-carla.bundle.json");
        self.run("olga", &["import", "--mirror", &mirror, "--into", folder, &home])
    }

    fn finish(&mut self, folder: &str) -> Result<(), Fault> {
        self.next_scene(said::SCENE_FINISH, said::ABOUT_FINISHING)?;
        let mirror = self.place(MIRROR);
        self.run("olga", &["finalize", "--mirror", &mirror, folder])?;
        self.run("olga", &["close", "--as", "olga", "--mirror", &mirror, folder])
    }

    fn replay(&mut self, folder: &str) -> Result<(), Fault> {
        self.next_scene(said::SCENE_REPLAY, said::ABOUT_REPLAY)?;
        let head = self.head()?.to_string();
        let mirror = self.place(MIRROR);
        self.run("auditor", &["replay", "--head", &head, "--head", &head, folder, &mirror])
    }

    fn head(&self) -> Result<Digest, Fault> {
        let glance = Glance::at(&self.path(FOLDER))?;
        Ok(glance.state().closed_head().unwrap_or_else(|| glance.state().head()))
    }

    fn ending(&self, folder: &str) -> Result<(), Fault> {
        let head = self.head()?;
        let mut screen = self.screen();
        screen.blank()?;
        screen.heading(said::DONE)?;
        for (what, file) in [
            (said::ROOT_FILE, "final/1.root.json"),
            (said::TARGETS_FILE, "final/1.targets.json"),
            (said::TRANSCRIPT_FILE, "transcript.jsonl"),
        ] {
            screen.line(&said::where_it_is(what, &format!("{folder}/{file}")))?;
        }
        screen.line(&said::where_it_is(said::BUNDLE_FILE, &self.place("room/from-carla.bundle.json")))?;
        screen.blank()?;
        screen.heading(said::HEAD_ON_PAPER)?;
        report::digest(&mut screen, head)?;
        screen.blank()?;
        sentence(&mut screen, 0, said::CHECK_WITHOUT_US)?;
        screen.line(&said::check_head(folder))?;
        screen.line(&said::check_with_python(folder))?;
        Ok(())
    }

    fn next_scene(&mut self, title: &str, about: &[&str]) -> Result<(), Fault> {
        self.script
            .pause(said::ENTER_TO_GO_ON)
            .map_err(|fault| Fault::stopped(said::LEFT).because(&fault).now(said::PLAY_AGAIN).as_a_stop())?;
        self.scene += 1;
        let mut screen = self.screen();
        screen.blank()?;
        screen.heading(&said::scene(self.scene, SCENES, title))?;
        about.iter().try_for_each(|line| sentence(&mut screen, 0, line))?;
        Ok(())
    }

    /// Shows a command as it is typed, and runs it.
    fn run(&mut self, who: &str, arguments: &[&str]) -> Result<(), Fault> {
        let mut screen = self.screen();
        screen.blank()?;
        let prompt = format!("{who}$ ");
        typed::command(&prompt, arguments.iter().copied()).iter().try_for_each(|line| screen.line(line))?;
        let plain = self.request.plain.then_some("--plain");
        let words = ["conclave"].into_iter().chain(arguments.iter().copied()).chain(plain);
        let cli = Cli::try_parse_from(words).expect("the rehearsal types commands that exist");
        self.script.play(who);
        match run_verb(cli.verb, &mut self.script)? {
            Outcome::Done => Ok(()),
            Outcome::No => Err(Fault::refused(said::STOPPED).now(said::READ_ABOVE)),
        }
    }

    /// A medium carries a file from one machine to another.
    fn carry(&self, from: &str, to: &str) -> Result<(), Fault> {
        let bytes = files::read_capped(&self.path(from), BUNDLE.most as u64)?;
        files::create_new(&self.path(to), &bytes)?;
        Ok(self.screen().line(&said::carried(&self.place(from), &self.place(to)))?)
    }

    fn path(&self, inside: &str) -> PathBuf {
        self.request.folder.join(inside)
    }

    fn place(&self, inside: &str) -> String {
        self.path(inside).display().to_string()
    }

    fn profile(&self, machine: &str) -> String {
        self.request.tokens.join(format!("{machine}.profile.toml")).display().to_string()
    }

    fn screen(&self) -> Screen<'static> {
        Screen::stdout(self.request.plain)
    }
}

/// The ceremony's folder, its second device, and its plan, inside the folder of the play.
const FOLDER: &str = "room/root-1";
const MIRROR: &str = "second-device";
const PLAN: &str = "room/root-1.plan.toml";

fn token_of(who: &str) -> String {
    format!("pkcs11:token={who}")
}
