//! Ceremonies that went as chance would have it, gone through again: live and replayed are the same.

use std::collections::{BTreeMap, BTreeSet};

use tuf_ceremony::conduct::Ceremony;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::replay::{PaperSays, Replay, Verdict, across};
use tuf_ceremony::state::{Illegal, State};
use tuf_ceremony::transcript::event::*;

use crate::folder::{Folder, Machine};
use crate::mint::Counter;
use crate::stage::{self, Plan, note, text};

/// Chance that is the same on every run.
pub struct Dice(Counter);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(Counter(seed << 40))
    }

    /// A number below `sides`.
    pub fn roll(&mut self, sides: usize) -> usize {
        use rsa::rand_core::TryRng as _;
        let Ok(number) = self.0.try_next_u64();
        usize::try_from(number % sides as u64).unwrap()
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

/// How often each kind of event was taken.
pub type Taken = BTreeMap<&'static str, usize>;

/// Two machines in one ceremony.
pub struct Play {
    pub plan: Plan,
    pub machines: Vec<Machine>,
    dice: Dice,
    /// What was exported before, for late arrivals.
    sent: Vec<Vec<u8>>,
    people: [&'static str; 3],
}

const ROLES: [&str; 3] = ["root", "targets", "app"];

impl Play {
    pub fn begun(seed: u64) -> Play {
        let mut dice = Dice::new(seed);
        let (plan, people) = match dice.roll(2) {
            0 => (stage::first(), ["anna", "bela", "carla"]),
            _ => (stage::next(), ["anna", "bela", "dora"]),
        };
        let mut a = stage::sealed(&plan, "a");
        if dice.roll(2) == 0 {
            a.sign("root", "anna", "anna-1", 1).unwrap();
        }
        let sent = a.export();
        let b = Machine::from_bundle(&sent, plan.trust.as_deref(), "b");
        Play { plan, machines: vec![a, b], dice, sent: vec![sent], people }
    }

    /// A key that may sign for a role, mostly, and who comes with it.
    fn signer(&mut self, role: &str) -> (&'static str, String) {
        if role == "app" {
            return (*self.dice.pick(&self.people), text("app"));
        }
        let mut people = self.people.to_vec();
        // Of the published root, too.
        if role == "root" {
            people.push("carla");
        }
        let person = *self.dice.pick(&people);
        (person, format!("{person}-1"))
    }

    /// One step of one of them. What is not legal then leaves nothing; the caller sees to that.
    fn step(&mut self) -> Result<(), Illegal> {
        let at = self.dice.roll(2);
        let role = *self.dice.pick(&ROLES);
        let (person, key) = self.signer(role);
        let nonce = self.dice.roll(1000) as u64;
        let what = self.dice.roll(20);
        let machine = &mut self.machines[at];
        match what {
            0..5 => machine.sign(role, person, &key, nonce),
            5 => {
                machine.consent(role, person)?;
                let begun = machine.begin_signing(role, person, &key)?;
                let outcome = *self.dice.pick(&[Failure::NotSigned, Failure::Unknown]);
                machine.fail(begun, outcome)
            }
            6 => machine.decline(role, person),
            7 => machine.consent(role, person),
            8 => machine.grant(role, person),
            9 => machine.take(Event::PersonPresent(PersonPresent { person: text(person), role: text("x") })),
            10 => machine.take(Event::PersonLeft(PersonLeft { person: text(person) })),
            11 => {
                machine.take(Event::BreakBegan(note("lunch")))?;
                machine.take(Event::Remarked(note("quiet")))?;
                machine.take(Event::BreakEnded(BreakEnded { by: text("anna"), watched_by: None }))
            }
            12 => machine.take(Event::IncidentNoted(note("the lights went out \u{1f4a1}"))),
            13 => {
                let date = format!("2027-03-{:02}", 5 + self.dice.roll(20));
                machine.take(Event::DateStated(DateStated { by: text("anna"), date }))
            }
            14..16 => {
                let bundle = machine.export();
                self.sent.push(bundle.clone());
                self.machines[1 - at].import(Form::Bundle, &bundle)
            }
            16 => {
                let late = self.dice.pick(&self.sent).clone();
                machine.import(Form::Bundle, &late)
            }
            17 => {
                let sig = machine.signature(role, &key, nonce);
                let id = &stage::key(&key).id;
                let entry = format!("[{{\"keyid\":\"{id}\",\"sig\":\"{sig}\"}}]");
                let state = machine.ceremony.state();
                let draft = state.draft(machine.payload(role))?;
                let document = draft.part().draft().metadata().document().text();
                let partial = document.replacen("\"signatures\": []", &format!("\"signatures\": {entry}"), 1);
                machine.import(Form::Foreign, partial.as_bytes())
            }
            18 => machine.finalize(role),
            _ if self.dice.roll(3) == 0 => {
                let year = 2029 + u32::try_from(self.dice.roll(3)).unwrap();
                let plan = self.plan.changed(year);
                for machine in &mut self.machines {
                    machine.replan(&plan)?;
                    machine.seal();
                }
                Ok(())
            }
            _ => {
                let words = format!("cut off, {nonce}");
                machine.set_aside(&words);
                Ok(())
            }
        }
    }

    /// So many steps, and the end of a story: done, aborted, or left as it stands.
    pub fn played(seed: u64, steps: usize) -> Play {
        let mut play = Play::begun(seed);
        for _ in 0..steps {
            let before = play.machines.clone();
            if play.step().is_err() {
                // Parts of a step in several lines may stand; what was refused left nothing.
                for (before, after) in before.iter().zip(&play.machines) {
                    let text = after.ceremony.state().transcript().text().as_bytes();
                    assert_eq!(text, after.folder.transcript());
                    assert!(text.starts_with(before.folder.transcript()));
                }
            }
        }
        match play.dice.roll(4) {
            0 => play.machines[0].take(Event::Aborted(note("enough"))).unwrap(),
            1 => {}
            _ => play.finish(),
        }
        play
    }

    /// Everything that is missing is signed on the first machine; then all ends well.
    pub fn finish(&mut self) {
        let bundle = self.machines[1].export();
        let machine = &mut self.machines[0];
        let _ = machine.import(Form::Bundle, &bundle);
        for person in ["anna", "bela"] {
            let here = PersonPresent { person: text(person), role: text("keyholder") };
            let _ = machine.take(Event::PersonPresent(here));
            for role in ["root", "targets"] {
                machine.sign(role, person, &format!("{person}-1"), 1).unwrap();
            }
        }
        machine.sign("app", "anna", "app", 1).unwrap();
        for role in ROLES {
            if !machine.ceremony.state().finals().contains_key(&machine.payload(role)) {
                machine.finalize(role).unwrap();
            }
        }
        machine.close();
        machine.countersign("anna", "anna-1").unwrap();
        let external = Some(External { kept: text("the vault"), sha256: Digest::of(b"a video") });
        machine.say(Event::Addendum(Addendum { by: text("anna"), external, text: text("the video") }));
    }

    pub fn taken(&self, taken: &mut Taken) {
        for entry in self.machines.iter().flat_map(|m| m.ceremony.state().transcript().entries()) {
            *taken.entry(entry.event.name()).or_default() += 1;
        }
    }
}

/// Everything that a state says, as text.
fn facts(state: &State) -> String {
    let drafts: Vec<String> = state
        .drafts()
        .map(|d| {
            let signatures: Vec<_> = d.part().signatures().all().collect();
            let decisions: Vec<_> = d.decisions().collect();
            format!("{} {} {signatures:?} {decisions:?} {:?}", d.letter(), d.payload(), d.ungranted_keys())
        })
        .collect();
    let dead: Vec<_> = state.dead().iter().map(|d| (d.generation, &d.letter, &d.signers)).collect();
    let parts = [
        format!("{:?} {:?} {}", state.phase(), state.machine(), state.transcript().text()),
        format!("{drafts:?} {dead:?} {:?}", state.findings()),
        format!("{:?} {:?}", state.attempts(), state.grants().collect::<Vec<_>>()),
        format!("{:?} {:?}", state.known_chains(), state.split_chains()),
        format!("{:?}", state.others().iter().map(|(m, c)| (m, c.text())).collect::<Vec<_>>()),
        format!("{:?} {:?} {:?}", state.finals(), state.files(), state.not_recomputed()),
        format!("{:?} {:?}", state.present().collect::<Vec<_>>(), state.dates()),
        format!("{:?} {:?}", state.closed_head(), state.countersignatures()),
    ];
    parts.join("\n")
}

fn proved(folder: &Folder) -> Replay {
    let replay = folder.replay(Some(folder.head()));
    let others: Vec<_> = replay.others.iter().map(|other| &other.walked.divergence).collect();
    let own = (&replay.walked.divergence, &replay.unexplained);
    assert_eq!(replay.verdict(), Verdict::Proved, "{own:?} {others:?}");
    replay
}

const SEEDS: u64 = 24;

#[test]
fn what_is_resumed_and_what_is_replayed_is_what_happened() {
    let (mut taken, mut plans) = (Taken::new(), BTreeSet::new());
    for seed in 0..SEEDS {
        let play = Play::played(seed, 20);
        play.taken(&mut taken);
        plans.insert(play.plan.trust.is_some());
        let replays: Vec<Replay> = play.machines.iter().map(|machine| proved(&machine.folder)).collect();
        for (machine, replay) in play.machines.iter().zip(&replays) {
            let live = facts(machine.ceremony.state());
            let Machine { folder, .. } = machine;
            let resumed = Ceremony::resume(folder.transcript(), &folder.shelf()).unwrap();
            assert_eq!(facts(resumed.state()), live, "seed {seed}");
            assert_eq!(facts(replay.walked.state.as_ref().unwrap()), live, "seed {seed}");
            let lines = machine.ceremony.state().lines();
            assert_eq!(
                replay.paper,
                PaperSays::Holds { line: lines, unreadable: 0, afterwards: 0, later: 0 }
            );
            assert_eq!(folder.verdict(None), Verdict::Consistent);
            // What each knows of the other is legal too, as far as anybody can see.
            assert!(replay.others.iter().all(|other| other.walked.divergence.is_none()), "seed {seed}");
        }
        let across = across(&replays.iter().collect::<Vec<_>>());
        assert_eq!((across.contradictions, across.copies), (vec![], vec![]), "seed {seed}");
        assert!(!across.seen.is_empty());
    }
    assert_eq!(plans.len(), 2);
    // Chance met everything that it was to meet.
    let must = [
        "Opened",
        "Sealed",
        "DateStated",
        "PersonPresent",
        "PersonLeft",
        "ExceptionGranted",
        "Consented",
        "Declined",
        "SigningBegun",
        "SignatureAdmitted",
        "SigningFailed",
        "IncidentNoted",
        "Remarked",
        "BreakBegan",
        "BreakEnded",
        "BundleExported",
        "BundleImported",
        "Replanned",
        "Finalized",
        "Aborted",
        "Closed",
        "Countersigned",
        "Addendum",
        "SetAside",
    ];
    for event in must {
        assert!(taken.get(event).is_some_and(|times| *times >= 2), "{event}: {taken:?}");
    }
}
