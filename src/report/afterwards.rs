//! What comes after a ceremony: the boxes of whoever carries its files across the air gap, and the words of a keyholder far away.

use std::collections::BTreeSet;

use tuf_ceremony::digest::Digest;
use tuf_ceremony::metadata::{Metadata, RoleType};
use tuf_ceremony::plan::PersonPart;
use tuf_ceremony::state::{Decision, DraftNow, Outcome, State};
use tuf_ceremony::transcript::event::Event;
use tuf_ceremony::words::words_of;

use super::columns::{few, sentence};
use super::{NAME, trouble};
use crate::operator::clean::{cell, identifier, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::afterwards as said;

/// Words on one line of a digest, as [`super::digest`] numbers them.
const WORDS_A_LINE: usize = 4;

/// The boxes behind a close; nothing before it. Digests stand unbroken, as `sha256sum -c` wants them.
///
/// # Errors
/// As [`Screen::line`].
pub fn publication(screen: &mut Screen<'_>, state: &State) -> Result<(), ScreenFault> {
    let Some(head) = state.closed_head() else { return Ok(()) };
    screen.heading(said::WHAT_COMES_NEXT)?;
    tick(screen, &said::head_on_paper(&head.to_string()[..8]))?;
    let owed: Vec<String> = trouble::owed(state).iter().map(|owed| owed.holders.join("/")).collect();
    if !owed.is_empty() {
        tick(screen, &said::countersign(&few(&owed, false)))?;
    }
    let finals: Vec<DraftNow<'_>> = state.drafts().filter(|draft| draft.final_file().is_some()).collect();
    if !finals.is_empty() {
        tick(screen, said::TWO_MEDIA)?;
        for file in finals.iter().filter_map(DraftNow::final_file) {
            screen.line(&said::manifest(&file.sha256.to_string(), &name(&file.path)))?;
        }
        match state.opened().rehearsal {
            true => tick(screen, said::PUBLISH_NOTHING)?,
            false => publish(screen, &finals)?,
        }
    }
    let absent = absent(state);
    if !absent.is_empty() {
        tick(screen, &said::send_the_head(&few(&absent, false)))?;
    }
    tick(screen, said::REPLAY)?;
    let last = finals.iter().filter_map(|draft| draft.part().draft().metadata().expires().ok()).max();
    tick(screen, &last.map_or_else(|| said::KEEP.to_owned(), |last| said::keep(&last.spelled()[..10])))?;
    tick(screen, said::WRITE_IT_DOWN)
}

fn tick(screen: &mut Screen<'_>, text: &str) -> Result<(), ScreenFault> {
    sentence(screen, 0, &said::a_box(text))
}

/// The name of a final file in its folder.
fn name(path: &str) -> String {
    cell(path.rsplit('/').next().unwrap_or(path), 2 * NAME)
}

/// Which file is published when: a client fetches the root first and the rest from the timestamp on, so that stands last.
fn publish(screen: &mut Screen<'_>, finals: &[DraftNow<'_>]) -> Result<(), ScreenFault> {
    let of = |wanted: RoleType| {
        finals.iter().filter(move |draft| draft.part().draft().metadata().role_type() == wanted)
    };
    let file = |draft: &DraftNow<'_>| name(&draft.part().draft().final_name());
    for root in of(RoleType::Root) {
        let told = match root.part().draft().metadata().version() {
            1 => said::publish_first_root(&file(root)),
            _ => said::publish_root(&file(root)),
        };
        tick(screen, &told)?;
    }
    let has_root = of(RoleType::Root).next().is_some();
    let mut is_first = !has_root;
    for draft in of(RoleType::Targets).chain(of(RoleType::Snapshot)) {
        let told = match is_consistent(draft, finals) {
            false => said::publish_as(&file(draft), &unversioned(draft)),
            true if is_first => said::publish(&file(draft)),
            true => said::publish_then(&file(draft)),
        };
        is_first = false;
        tick(screen, &told)?;
    }
    let (targets, snapshot) = (of(RoleType::Targets).count(), of(RoleType::Snapshot).count());
    match (targets, snapshot, of(RoleType::Timestamp).next()) {
        (_, _, Some(timestamp)) => tick(screen, &said::publish_last(&file(timestamp))),
        (0, 0, None) => tick(screen, said::ROOT_ALONE),
        (_, 0, None) => tick(screen, &said::made_anew(said::SNAPSHOT_AND_TIMESTAMP)),
        (_, _, None) => tick(screen, &said::made_anew(said::TIMESTAMP)),
    }
}

/// Whether published names carry versions: this ceremony's root says so, else the trusted root. A delegated role is judged by
/// targets, which do not say it.
fn is_consistent(draft: &DraftNow<'_>, finals: &[DraftNow<'_>]) -> bool {
    let says = |metadata: &Metadata| metadata.root().ok().and_then(|root| root.consistent_snapshot);
    let made_here = finals.iter().find_map(|draft| says(draft.part().draft().metadata()));
    let trusted = || {
        let all = std::iter::once(draft).chain(finals);
        all.filter_map(|draft| draft.part().trusted()).find_map(says)
    };
    made_here.or_else(trusted).unwrap_or(true)
}

fn unversioned(draft: &DraftNow<'_>) -> String {
    cell(&format!("{}.json", draft.part().draft().role()), NAME)
}

/// Keyholders of the plan who do not say that they are here.
fn absent(state: &State) -> Vec<String> {
    let here: BTreeSet<&str> = state.present().collect();
    let people = state.plan().people.iter();
    let absent =
        people.filter(|(name, person)| person.part == PersonPart::Keyholder && !here.contains(name.as_str()));
    absent.map(|(_, person)| quoted(&person.name, NAME)).collect()
}

/// What a keyholder says by phone once her reply is written: the ceremony, what she signed and declined, and the head of her own
/// folder, by the first line of each; and how to answer.
#[must_use]
pub fn by_phone(state: &State, person: &str) -> Vec<String> {
    let called = state.plan().people.get(person).map(|known| quoted(&known.name, NAME));
    let called = called.unwrap_or_else(|| identifier(person, NAME));
    let mut told = vec![said::this_is(&called, &quoted(&state.plan().title, NAME))];
    let mut decided = false;
    for draft in state.drafts() {
        let role = identifier(draft.part().draft().role(), NAME);
        let (letter, version) = (draft.letter(), draft.part().draft().metadata().version());
        let by_her = |attempt: &&tuf_ceremony::state::Attempt| {
            attempt.begun.person == person
                && attempt.begun.draft == draft.payload()
                && attempt.outcome == Some(Outcome::Signed)
        };
        let has_declined = matches!(draft.decision(person), Some(Decision::Declined(_)));
        if state.attempts().iter().any(|attempt| by_her(&attempt)) {
            told.push(said::i_signed(letter, &role, version, &first_line(draft.payload())));
        } else if has_declined {
            told.push(said::i_declined(letter, &role, version));
        } else {
            continue;
        }
        decided = true;
    }
    if !decided {
        told.push(said::I_SIGNED_NOTHING.to_owned());
    }
    let (lines, head) = known_at_home(state);
    told.push(said::my_head(lines, &first_line(head)));
    told.push(said::LISTEN.to_owned());
    told.push(said::IF_NOT.to_owned());
    told
}

/// Her lines as her reply carries them: all before the one that tells of it, which nobody else can have.
fn known_at_home(state: &State) -> (u64, Digest) {
    let transcript = state.transcript();
    let replies = transcript.entries().iter().rev();
    let mut before =
        replies.filter(|entry| matches!(entry.event, Event::BundleExported(_))).map(|entry| entry.n - 1);
    let told = before.next().and_then(|lines| Some((lines, transcript.head_after(lines)?)));
    told.unwrap_or_else(|| (state.lines(), state.head()))
}

fn first_line(digest: Digest) -> String {
    words_of(digest.as_bytes())[..WORDS_A_LINE].join(" ")
}
