//! TEST ONLY: ceremonies of the example plans in `docs/plans`, as lines alone: no folder, no token, no terminal.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tuf_ceremony::card::Card;
use tuf_ceremony::conduct::{self, Ceremony, NewFile, Opening, Step};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::state::{DraftNow, State};
use tuf_ceremony::transcript::event::*;
use tuf_conclave::operator::screen::{Screen, ScreenFault};
use tuf_conclave::report::columns::sentence;
use tuf_conclave::report::{Names, board};

use crate::mint::Key;

const CLOCK: &str = "2027-03-05T09:00:00Z";

/// Draft B beside the root of a rotation: the published targets, renewed.
pub const AND_TARGETS: &str = "\n[targets]\nversion = 2\nexpires = \"2027-09-05T00:00:00Z\"\n";
const TARGETS: &str = "targets = { file = \"inputs/1.targets.json\", sha256 = \"fe2ebe469763673cfaff2e49b6cba871ebb78695bd425bdf2e83c8bae7ffd6fd\" }\n";

pub fn text(text: &str) -> String {
    text.to_owned()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/plans")
}

/// An example plan.
pub fn example(kind: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{kind}.plan.toml"))).unwrap()
}

/// The rotation of the officer's guide with the targets renewed beside it: drafts A and B.
pub fn rotation() -> String {
    example("rotation").replace("\n[seen]", &format!("{TARGETS}\n[seen]")) + AND_TARGETS
}

/// The key of a name in the example plans.
pub fn key(name: &str) -> Key {
    match name {
        "bela" | "online" => Key::p256(&format!("plan {name}")),
        "bela-2" => Key::p256("plan bela 2"),
        _ => Key::ed25519(&format!("plan {name}")),
    }
}

/// A ceremony as far as it went.
pub struct Stage {
    files: BTreeMap<Digest, Vec<u8>>,
    ceremony: Ceremony,
}

fn stored(_: &[NewFile], _: &str) -> Result<(), std::convert::Infallible> {
    Ok(())
}

impl Stage {
    /// Opened, and its drafts made where every key is there.
    pub fn of(plan: &str) -> Stage {
        Stage::with(plan, &[])
    }

    /// As [`Stage::of`], with more files that the plan names.
    pub fn with(plan: &str, more: &[String]) -> Stage {
        let mut files: BTreeMap<Digest, Vec<u8>> = BTreeMap::new();
        files.extend(more.iter().map(|text| (Digest::of(text.as_bytes()), text.as_bytes().to_vec())));
        for file in std::fs::read_dir(folder().join("inputs")).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            files.insert(Digest::of(&bytes), bytes);
        }
        let delta = std::fs::read(folder().join("inputs/app.delta.json")).unwrap();
        let adds = plan.contains("add = ") || plan.contains("delta = ");
        let step = conduct::open(Opening {
            plan: plan.as_bytes(),
            materials: &files,
            delta: adds.then_some(&delta),
            date: text("2027-03-05"),
            nonce: Digest::of(b"nonce"),
            salt: Digest::of(b"salt"),
            tool: text("a test"),
            profile: None,
            devices: 2,
            one_device: None,
            origin: None,
        });
        let step = step.unwrap();
        keep(&mut files, &step);
        let ceremony = Ceremony::begin(&step, CLOCK, &files, stored).unwrap();
        let mut stage = Stage { files, ceremony };
        if stage.state().cards_to_make().next().is_none() {
            stage.seal();
        }
        stage
    }

    pub fn state(&self) -> &State {
        self.ceremony.state()
    }

    pub fn seal(&mut self) {
        let step = conduct::seal(self.state(), &self.files).unwrap();
        self.step(&step);
    }

    pub fn step(&mut self, step: &Step) {
        keep(&mut self.files, step);
        self.ceremony.take(step, CLOCK, &self.files, stored).unwrap_or_else(|fault| panic!("{fault}"));
    }

    pub fn take(&mut self, event: Event) -> &mut Stage {
        self.step(&event.into());
        self
    }

    pub fn draft(&self, letter: &str) -> DraftNow<'_> {
        self.state().lettered(letter).unwrap()
    }

    fn shown(&self) -> (Stored, NewFile) {
        let bytes = b"what she saw".to_vec();
        let path = format!("shown/{}.txt", &Digest::of(&bytes).to_string()[..16]);
        let file = NewFile { path, bytes };
        (file.stored(), file)
    }

    pub fn come(&mut self, people: &[&str]) -> &mut Stage {
        for person in people {
            let role = text("a part");
            self.take(Event::PersonPresent(PersonPresent { person: text(person), role }));
        }
        self
    }

    pub fn leave(&mut self, person: &str) -> &mut Stage {
        self.take(Event::PersonLeft(PersonLeft { person: text(person) }))
    }

    pub fn decline(&mut self, letter: &str, person: &str) -> &mut Stage {
        let (shown, file) = self.shown();
        let draft = self.draft(letter).payload();
        let reason = text("the expiry is wrong");
        let event = Event::Declined(Declined { draft, person: text(person), reason, shown });
        self.step(&Step { files: vec![file], event });
        self
    }

    /// Consent and intent.
    pub fn begin(&mut self, letter: &str, person: &str, name: &str) -> &mut Stage {
        let (shown, file) = self.shown();
        let draft = self.draft(letter).payload();
        let event = Event::Consented(Consented {
            draft,
            earlier: None,
            person: text(person),
            reference: None,
            shown,
        });
        self.step(&Step { files: vec![file], event });
        let public = key(name).public();
        self.take(Event::SigningBegun(SigningBegun {
            draft,
            key: public.fingerprint(),
            person: text(person),
            scheme: text(public.scheme().name()),
            token: format!("pkcs11:serial={name}"),
        }))
    }

    pub fn sign(&mut self, letter: &str, person: &str, name: &str) -> &mut Stage {
        self.begin(letter, person, name);
        let begun = self.state().lines();
        let sig = hex::encode(key(name).sign_draft(self.draft(letter).part().draft(), 1));
        self.take(Event::SignatureAdmitted(SignatureAdmitted { begun, sig }))
    }

    /// What the draft asks of her, in the plan's words.
    pub fn grant(&mut self, letter: &str, person: &str) -> &mut Stage {
        let draft = self.draft(letter);
        let asked = draft.exceptions().next().unwrap();
        let event = Event::ExceptionGranted(ExceptionGranted {
            about: asked.about.clone(),
            control: asked.control,
            draft: draft.payload(),
            person: text(person),
            reason: draft.reasons(asked)[0].to_owned(),
        });
        self.take(event)
    }

    pub fn fail(&mut self, letter: &str, person: &str, name: &str, why: &str) -> &mut Stage {
        self.begin(letter, person, name);
        let (begun, outcome) = (self.state().lines(), Failure::NotSigned);
        self.take(Event::SigningFailed(SigningFailed { begun, outcome, why: text(why) }))
    }

    pub fn lock(&mut self, person: &str, name: &str) -> &mut Stage {
        let token = format!("pkcs11:serial={name}");
        self.take(Event::TokenLocked(TokenLocked { person: text(person), token }))
    }

    pub fn finalize(&mut self, letter: &str) -> &mut Stage {
        let draft = self.draft(letter).payload();
        let step = conduct::finalize(self.state(), draft).unwrap();
        self.step(&step);
        self
    }

    pub fn close(&mut self) -> &mut Stage {
        let unfinished = self.state().unfinished();
        self.take(Event::Closed(Closed { by: text("olga"), unfinished }))
    }

    pub fn countersign(&mut self, person: &str, name: &str) -> &mut Stage {
        use tuf_ceremony::signable::Signable;
        let close = self.state().close_document().unwrap();
        let sig = hex::encode(key(name).sign(&Signable::close(&close).message(), 1));
        let key = key(name).public().fingerprint();
        self.take(Event::Countersigned(Countersigned { key, person: text(person), sig }))
    }

    pub fn note(by: &str, said: &str) -> Note {
        Note { by: text(by), text: text(said) }
    }

    pub fn names(&self) -> Names {
        let mut names = Names::default();
        names.say_plan(self.state().plan(), &self.state().plan_keys());
        names
    }

    pub fn board(&self) -> String {
        shown(|screen| board(screen, self.state(), &self.names()))
    }

    /// Sentences as they stand on a screen.
    pub fn told(sentences: &[String]) -> String {
        shown(|screen| sentences.iter().try_for_each(|text| sentence(screen, 0, text)))
    }

    /// Whether the board says exactly this, and leaves room for a question on the page.
    #[track_caller]
    pub fn says(&self, expected: &str) {
        is(&self.board(), expected);
    }

    pub fn generate(&mut self, key: &str) -> &mut Stage {
        let bytes = std::fs::read(folder().join(format!("inputs/{key}.key.json"))).unwrap();
        let card = Card::read(&bytes).unwrap();
        self.take(Event::KeyGenerated(KeyGenerated {
            fingerprint: card.key().fingerprint(),
            key: text(key),
            scheme: text(card.key().scheme().name()),
            token: text("pkcs11:serial=1"),
        }))
    }

    pub fn compare(&mut self, key: &str) -> &mut Stage {
        let bytes = std::fs::read(folder().join(format!("inputs/{key}.key.json"))).unwrap();
        let file = NewFile { path: format!("cards/{key}.0.json"), bytes };
        let event = Event::CardCompared(CardCompared { card: file.stored(), key: text(key) });
        self.step(&Step { files: vec![file], event });
        self
    }
}

fn keep(files: &mut BTreeMap<Digest, Vec<u8>>, step: &Step) {
    files.extend(step.files.iter().map(|file| (Digest::of(&file.bytes), file.bytes.clone())));
}

/// Whether a page is exactly this.
#[track_caller]
pub fn is(page: &str, expected: &str) {
    assert_eq!(page, expected.trim_start_matches('\n'));
}

/// What a page shows, and that each line of it has its place on a screen.
pub fn shown(show: impl FnOnce(&mut Screen<'_>) -> Result<(), ScreenFault>) -> String {
    let mut sink = Vec::new();
    show(&mut Screen::onto(&mut sink, false)).unwrap();
    let text = String::from_utf8(sink).unwrap();
    // Lines for `sha256sum -c` stay whole.
    let is_long = |line: &&str| line.chars().count() > 80 && line.find("  ") != Some(64);
    let long = text.lines().find(is_long);
    assert_eq!(long, None, "\n{text}");
    text
}
