//! From a draft to her consent: she sees it, grants what it needs, and types that she agrees; or she declines, and that is written
//! down too. Here it is asked in few words; `guided` asks the same step by step and ends in the same lines.

use tuf_ceremony::conduct::{self, NewFile, Step};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::holder_log::Intent;
use tuf_ceremony::state::{DraftNow, State};
use tuf_ceremony::transcript::event::{Consented, Declined, Event, ExceptionGranted, SealedFinding};

use super::attention::Attention;
use super::page::Page;
use super::seat::{Seat, Waiting};
use super::signer::HeldKey;
use super::{DeskFault, consent, plain, remember};
use crate::operator::clean::cell;
use crate::operator::wording;
use crate::report::NAME;

/// What her log will say of each signature that she agreed to, and what it said before.
pub(super) type Intents = Vec<(Intent, Option<Digest>)>;

/// A draft that is declined: her reason and the very text that she saw.
#[must_use]
pub fn declined(state: &State, draft: Digest, person: &str, reason: &str, text: Vec<u8>) -> Step {
    let shown = conduct::shown(text);
    let event = Event::Declined(Declined {
        draft,
        person: person.to_owned(),
        reason: reason.to_owned(),
        shown: shown.stored(),
    });
    Step { files: unkept(state, shown), event }
}

/// The same page again is the same file, and it is there.
fn unkept(state: &State, shown: NewFile) -> Vec<NewFile> {
    if state.files().contains_key(&shown.path) { Vec::new() } else { vec![shown] }
}

impl Seat<'_> {
    /// She sees one draft, grants what it needs and consents, or nothing of it is signed.
    pub(super) fn agree(
        &mut self,
        payload: Digest,
        asked: &[(Waiting, HeldKey)],
        with: &mut Attention<'_, '_>,
    ) -> Result<Intents, DeskFault> {
        let keys: Vec<&HeldKey> = asked.iter().map(|(_, held)| held).collect();
        let page = self.page(payload, &keys)?;
        let shown = conduct::shown(page.text()?);
        page.show(with.screen)?;
        self.grant(payload, with)?;
        let intents = self.intents(payload, asked, with)?;
        consent(self.draft(payload).part(), with.person, with.screen)?;
        self.consented(payload, shown, self.wish.reference.map(str::to_owned), &intents)?;
        Ok(intents)
    }

    /// What she reads of it.
    pub(super) fn page<'p>(
        &'p self,
        payload: Digest,
        keys: &'p [&'p HeldKey],
    ) -> Result<Page<'p>, DeskFault> {
        let state = self.table.state();
        let draft = state.draft(payload).map_err(|why| DeskFault::from(crate::fault::Fault::from(why)))?;
        Ok(Page { state, draft, own: self.wish.own, names: self.wish.names, keys })
    }

    /// What her own log will say, and what she answers where it tells of another document.
    pub(super) fn intents(
        &self,
        payload: Digest,
        asked: &[(Waiting, HeldKey)],
        with: &mut Attention<'_, '_>,
    ) -> Result<Intents, DeskFault> {
        let (state, part) = (self.table.state(), self.draft(payload).part());
        let ceremony = (state.ceremony(), state.plan().title.clone());
        let mut intents = Vec::new();
        for (waiting, _) in asked {
            let intent = remember::intent(Some(ceremony.clone()), part, waiting.key);
            let memory = self.memory.as_deref();
            let over =
                memory.map_or(Ok(None), |memory| remember::ask(memory, &intent, with.person, with.screen))?;
            intents.push((intent, over));
        }
        Ok(intents)
    }

    /// Her consent is stored, with the text that she saw.
    pub(super) fn consented(
        &mut self,
        payload: Digest,
        shown: NewFile,
        reference: Option<String>,
        intents: &Intents,
    ) -> Result<(), DeskFault> {
        let event = Event::Consented(Consented {
            draft: payload,
            earlier: intents.iter().find_map(|(_, over)| *over),
            person: self.wish.person.to_owned(),
            reference,
            shown: shown.stored(),
        });
        let files = unkept(self.table.state(), shown);
        self.table.take(&Step { files, event })?;
        self.unchanged(payload)
    }

    /// What the draft needs is granted by typed words, each by itself, or she stops (DESIGN 4).
    pub(super) fn grant(&mut self, payload: Digest, with: &mut Attention<'_, '_>) -> Result<(), DeskFault> {
        let asked: Vec<SealedFinding> = self.draft(payload).exceptions().cloned().collect();
        while let Some(found) = self.draft(payload).missing_grant(self.wish.person).cloned() {
            let number = asked.iter().position(|other| *other == found).map_or(1, |at| at + 1);
            let about = cell(&found.about, NAME);
            let phrase = wording::grant_phrase(found.control.code(), number);
            with.screen.together(&[&wording::to_grant_type(number, &phrase), wording::TO_STOP_TYPE])?;
            let typed = with.person.type_back(wording::ANSWER, &phrase)?;
            with.screen.blank()?;
            let reason = self.draft(payload).reasons(&found).first().map(|reason| (*reason).to_owned());
            let (Some(reason), true) = (reason, plain(&typed) == plain(&phrase)) else {
                let letter = self.draft(payload).letter().to_owned();
                return Err(DeskFault::NotGranted { letter, control: found.control, about });
            };
            let SealedFinding { control, about, .. } = found;
            let person = self.wish.person.to_owned();
            let granted = ExceptionGranted { about, control, draft: payload, person, reason };
            self.table.take(&Event::ExceptionGranted(granted).into())?;
        }
        Ok(())
    }

    /// What is signed is what was shown, from the same memory; a file that was changed meanwhile says that somebody is at the
    /// folder who should not be.
    fn unchanged(&self, payload: Digest) -> Result<(), DeskFault> {
        use tuf_ceremony::materials::Materials as _;
        let draft = self.draft(payload);
        let sha256 = Digest::of(draft.part().draft().metadata().document().text().as_bytes());
        let is_kept = self.table.state().files().values().any(|file| file.sha256 == sha256);
        if is_kept && self.table.materials().bytes(sha256).is_none() {
            return Err(DeskFault::DraftChanged { letter: draft.letter().to_owned() });
        }
        Ok(())
    }

    pub(super) fn draft(&self, payload: Digest) -> DraftNow<'_> {
        self.table
            .state()
            .draft(payload)
            .expect("what is shown is a draft of the plan, and no step here changes that")
    }
}
