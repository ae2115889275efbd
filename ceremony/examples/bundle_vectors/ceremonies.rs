//! Bundles of ceremonies: some that are accepted, and one failure of each kind.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::layout::Plain;
use tuf_ceremony::transcript::Transcript;
use tuf_ceremony::transcript::event::{CardCompared, Event, Opened, Sealed, Stored};

use crate::Vector;
use crate::ceremony::{self, World, say, with};
use crate::hand::Hand;
use crate::mint::{Key, written};
use crate::refused::{NOT_OURS, vectors};

fn world() -> World {
    ceremony::world("Renewal", false)
}

/// The lines of a machine whose opening was changed.
fn opened(world: &World, change: impl FnOnce(&mut Opened)) -> Transcript {
    let mut opened = world.opened.clone();
    change(&mut opened);
    let mut chain = Transcript::default();
    say(&mut chain, Event::Opened(Box::new(opened)));
    say(&mut chain, Event::Sealed(world.sealed.clone()));
    chain
}

/// The ceremony as its first machine and one that says otherwise tell it.
fn otherwise(change: impl FnOnce(&mut Opened)) -> String {
    let world = world();
    let first = world.first();
    let origin = world.other("b", &first).entries()[0].clone();
    let Event::Opened(origin) = origin.event else { unreachable!() };
    let second = opened(&world, |opened| {
        *opened = *origin;
        change(opened);
    });
    Hand::of(&world, &[&first, &second]).text()
}

fn replanned(chain: &Transcript, to: &World) -> Transcript {
    let mut chain = chain.clone();
    say(&mut chain, to.replan());
    say(&mut chain, Event::Sealed(to.sealed.clone()));
    chain
}

pub fn accepted() -> Vec<Vector> {
    let world = world();
    let k = ceremony::keys();
    let first = world.first();
    let other = with(&world.other("b", &first), &["é"]);
    let (practice, later) = (ceremony::world("Practice", true), world.replanned("2033"));
    let by: [&Key; 2] = [&k.bob, &k.online];
    let made = |name, what, bundle| Vector { name, text: written(&bundle), layer: "", what, refusal: "" };
    vec![
        made("ceremony", "a ceremony that nobody has signed", world.bundle(&[&first], &[])),
        made("ceremony-two-machines", "two machines, both drafts signed by one", {
            world.bundle(&[&with(&first, &["waiting"]), &other], &by)
        }),
        made("ceremony-rehearsal", "practice", practice.bundle(&[&practice.first()], &[])),
        made("ceremony-replanned", "the second plan; one machine stopped at the first", {
            later.bundle(&[&replanned(&first, &later), &other], &[])
        }),
    ]
}

pub fn refused() -> Vec<Vector> {
    [lines(), agreement(), files(), drafts(), claims()].concat()
}

fn lines() -> Vec<Vector> {
    let world = world();
    let first = with(&world.first(), &["one", "two"]);
    let hand = || Hand::of(&world, &[&first]);
    let mut renamed = hand();
    let lines = renamed.chains.pop_first().unwrap().1;
    renamed.chains.insert(Digest::of(b"another machine").to_string(), lines);
    let mut none = hand();
    none.chains.clear();
    let closed = with(&Transcript::default(), &["before opening"]);
    let mut twice = world.first();
    say(&mut twice, Event::Opened(Box::new(world.opened.clone())));
    let mut skipped = world.first();
    say(&mut skipped, world.replanned("2033").replanned("2034").replan());
    vectors(
        "ceremony",
        [
            ("chains-none", "no machine", "holds no line of it", none.text()),
            (
                "chain-empty",
                "a machine without lines",
                "holds no line of it",
                hand().lines(Vec::clear).text(),
            ),
            ("machine-renamed", "lines under another machine's name", "under the name of", renamed.text()),
            (
                "line-changed",
                "one word of a line changed",
                "line 4 of the transcript was written behind other lines",
                hand().lines(|l| l[2] = l[2].replace("one", "uno")).text(),
            ),
            (
                "line-cut-out",
                "a line cut out",
                "line 3 of the transcript says that it is line 4",
                hand().lines(|l| drop(l.remove(2))).text(),
            ),
            (
                "line-spaced",
                "a space in the last line",
                "is not spelled as this version writes it",
                hand().lines(|l| l[3] = l[3].replace(":\"alice\"", ": \"alice\"")).text(),
            ),
            (
                "line-unknown",
                "an event that no format knows",
                "is no entry of a transcript",
                hand().lines(|l| l[3] = l[3].replace("Remarked", "Rumoured")).text(),
            ),
            (
                "chain-not-opened",
                "a machine that begins without opening",
                "is an opening where none may stand, or stands where one must",
                Hand::of(&world, &[&closed]).text(),
            ),
            (
                "chain-opened-twice",
                "a machine that opens twice",
                "is an opening where none may stand",
                Hand::of(&world, &[&twice]).text(),
            ),
            (
                "generation-skipped",
                "a second plan that is called the third",
                "does not raise the generation by one",
                Hand::of(&world, &[&skipped]).text(),
            ),
        ],
    )
}

fn agreement() -> Vec<Vector> {
    let world = world();
    let first = world.first();
    let other = world.other("b", &first);
    let sealed_otherwise = {
        let mut chain = Transcript::default();
        say(&mut chain, other.entries()[0].event.clone());
        say(&mut chain, Event::Sealed(Sealed { drafts: vec![], findings: vec![] }));
        chain
    };
    let card = |chain: &Transcript, text: &[u8]| {
        let mut chain = chain.clone();
        let sha256 = Digest::of(text);
        let card = Stored { bytes: text.len() as u64, path: "cards/k.0.json".to_owned(), sha256 };
        say(&mut chain, Event::CardCompared(CardCompared { card, key: "k".to_owned() }));
        chain
    };
    let cards = Hand::of(&world, &[&card(&first, b"one"), &card(&other, b"two")]);
    let cards = cards.file(Digest::of(b"one"), Some(b"one")).file(Digest::of(b"two"), Some(b"two"));
    vectors(
        "ceremony",
        [
            (
                "first-missing",
                "only a machine that was opened from a bundle",
                "the machine on which the ceremony began",
                Hand::of(&world, &[&other]).text(),
            ),
            (
                "machines-of-two-ceremonies",
                "another ceremony on one machine",
                "tells another ceremony",
                otherwise(|o| o.ceremony = Digest::of(b"elsewhere")),
            ),
            (
                "machines-two-salts",
                "another salt on one machine",
                "tells another salt",
                otherwise(|o| o.salt = Digest::of(b"pepper")),
            ),
            (
                "machines-two-marks",
                "a rehearsal on one machine",
                "tells another rehearsal mark",
                otherwise(|o| o.rehearsal = true),
            ),
            (
                "machines-two-plans",
                "another plan on one machine",
                "tells another first plan",
                otherwise(|o| o.plan.sha256 = Digest::of(b"plan")),
            ),
            (
                "machines-two-inputs",
                "one input less on one machine",
                "tells another inputs",
                otherwise(|o| drop(o.inputs.pop())),
            ),
            (
                "machines-two-deltas",
                "no delta on one machine",
                "tells another delta",
                otherwise(|o| o.delta = None),
            ),
            (
                "machines-two-drafts",
                "other drafts on one machine",
                "tells another drafts",
                Hand::of(&world, &[&first, &sealed_otherwise]).text(),
            ),
            ("machines-two-cards", "two cards for one key", "two key cards for the key", cards.text()),
        ],
    )
}

fn files() -> Vec<Vector> {
    let world = world();
    let first = world.first();
    let hand = || Hand::of(&world, &[&first]);
    let plan = world.opened.plan.sha256;
    let replaced = |bytes: &[u8]| {
        let sha256 = Digest::of(bytes);
        let chain = opened(&world, |o| {
            o.plan = Stored { bytes: bytes.len() as u64, path: o.plan.path.clone(), sha256 };
        });
        Hand::of(&world, &[&chain]).file(plan, None).file(sha256, Some(bytes)).text()
    };
    let plan_text = String::from_utf8(world.files[&plan].clone()).unwrap();
    let practice = plan_text.replace("rehearsal = false", "rehearsal = true");
    let longer = opened(&world, |o| o.plan.bytes += 1);
    let unnamed = opened(&world, |o| drop(o.inputs.remove(1)));
    vectors(
        "ceremony",
        [
            ("file-missing", "the plan is not there", "does not hold it", hand().file(plan, None).text()),
            (
                "file-changed",
                "a plan with one more byte",
                "under the name",
                hand().file(plan, Some((plan_text.clone() + "\n").as_bytes())).text(),
            ),
            (
                "file-of-another-length",
                "a line that says another length of the plan",
                "bytes, and it has",
                Hand::of(&world, &[&longer]).text(),
            ),
            (
                "file-stowed-away",
                "a file that no line names",
                NOT_OURS,
                hand().file(Digest::of(b"stowed"), Some(b"stowed")).text(),
            ),
            ("plan-unreadable", "a plan that is none", "its plan cannot be read", replaced(b"format = 1\n")),
            (
                "plan-of-a-rehearsal",
                "a rehearsal's plan in a real ceremony",
                "do not agree whether it is a rehearsal",
                replaced(practice.as_bytes()),
            ),
            (
                "root-not-named",
                "lines that do not name the root of the plan",
                "does not hold it",
                Hand::of(&world, &[&unnamed]).text(),
            ),
        ],
    )
}

fn drafts() -> Vec<Vector> {
    let world = world();
    let later = world.replanned("2033");
    let mut others = Hand::of(&world, &[&world.first()]);
    others.drafts = later;
    let practice = ceremony::world("Renewal", true);
    let mut unmarked = Hand::of(&practice, &[&practice.first()]);
    unmarked.drafts = world.clone();
    let mut fewer = Hand::of(&world, &[&world.first()]);
    fewer.drafts.parts.truncate(1);
    let mut unsealed = Transcript::default();
    say(&mut unsealed, world.first().entries()[0].event.clone());
    vectors(
        "ceremony",
        [
            (
                "drafts-of-another-plan",
                "drafts that its lines do not tell",
                "it holds other drafts",
                others.text(),
            ),
            ("drafts-not-all", "one of two drafts", "it holds other drafts", fewer.text()),
            (
                "drafts-not-sealed",
                "drafts that were not sealed yet",
                "it holds other drafts",
                Hand::of(&world, &[&unsealed]).text(),
            ),
            (
                "draft-without-mark",
                "real drafts in a rehearsal",
                "the ceremony is marked as a rehearsal and the draft of",
                unmarked.text(),
            ),
        ],
    )
}

fn claims() -> Vec<Vector> {
    let world = world();
    let first = world.first();
    let hand = || Hand::of(&world, &[&first]);
    let other = Digest::of(b"another");
    let unmade = opened(&world, |o| o.ceremony = other);
    let mut note = hand();
    note.rest.insert("note".to_owned(), Plain::text(""));
    let claim = |member, value| hand().says(member, value).text();
    vectors(
        "ceremony",
        [
            (
                "id-changed",
                "another id than its lines say",
                "it names the ceremony",
                claim("id", Plain::text(other)),
            ),
            (
                "id-not-made",
                "lines with an id that plan, root and salt do not make",
                "first plan, root and salt make",
                Hand::of(&world, &[&unmade]).text(),
            ),
            ("generation-changed", "another generation", NOT_OURS, claim("generation", Plain::Number(1))),
            ("plan-changed", "another plan", NOT_OURS, claim("plan", Plain::text(other))),
            ("rehearsal-changed", "another mark", NOT_OURS, claim("rehearsal", Plain::Bool(true))),
            ("salt-changed", "another salt", NOT_OURS, claim("salt", Plain::text(other))),
            ("unknown-member-of-ceremony", "a member that no format knows", NOT_OURS, note.text()),
        ],
    )
}
