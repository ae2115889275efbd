//! The drafts on the board: by letter, and per side how many signed, who, who still can, and whether that is enough. A draft that
//! one document judges has one line; a root after another has one for each of the two.

use std::collections::BTreeMap;

use tuf_ceremony::forecast::{Out, Outlook, now};
use tuf_ceremony::key::Fingerprint;
use tuf_ceremony::keyset::Tally;
use tuf_ceremony::state::{DraftNow, State};

use super::{cut, fitting};
use crate::operator::clean::{cell, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::board as said;
use crate::report::columns::WIDTH;
use crate::report::standing::{Side, Sided, sides_of};
use crate::report::{NAME, Names};

/// Characters of a role's name.
const ROLE: usize = 30;

/// Blanks before a side, and before what belongs to a draft as a whole.
const INDENT: &str = "   ";

pub(super) fn tell(screen: &mut Screen<'_>, state: &State, names: &Names) -> Result<(), ScreenFault> {
    let outlooks = now(state);
    let (done, open): (Vec<DraftNow<'_>>, Vec<DraftNow<'_>>) =
        state.drafts().partition(|draft| draft.final_file().is_some());
    for draft in &open {
        let of_it: Vec<&Outlook> = outlooks.iter().filter(|o| o.letter == draft.letter()).collect();
        Lettered { state, names, draft, outlooks: &of_it, keys: &state.plan_keys() }.tell(screen)?;
    }
    if done.is_empty() {
        return Ok(());
    }
    let finals: Vec<String> =
        done.iter().map(|d| said::final_draft(d.letter(), &role(d), version(d))).collect();
    screen.line(&format!("{}{}", said::FINAL, fitting(&finals, WIDTH - said::FINAL.len())))
}

/// Of a draft that is not complete: who is not counted on, and what helps where too few are left; as the board says it.
///
/// # Errors
/// As [`Screen::line`].
pub fn lacking(
    screen: &mut Screen<'_>,
    state: &State,
    draft: &DraftNow<'_>,
    names: &Names,
) -> Result<(), ScreenFault> {
    let outlooks = now(state);
    let of_it: Vec<&Outlook> = outlooks.iter().filter(|o| o.letter == draft.letter()).collect();
    let lettered = Lettered { state, names, draft, outlooks: &of_it, keys: &state.plan_keys() };
    match draft.final_file().is_some() || state.phase().is_over() || lettered.is_complete() {
        true => Ok(()),
        false => lettered.lacking(screen),
    }
}

fn role(draft: &DraftNow<'_>) -> String {
    cut(&cell(draft.part().draft().role(), NAME), ROLE)
}

fn version(draft: &DraftNow<'_>) -> u64 {
    draft.part().draft().metadata().version()
}

/// Those who signed, behind the count; nothing where nobody has.
fn in_brackets(names: &[String], room: usize) -> String {
    match names.is_empty() {
        true => String::new(),
        false => format!(" ({})", fitting(names, room.saturating_sub(3))),
    }
}

/// One draft that is not final.
struct Lettered<'l> {
    state: &'l State,
    names: &'l Names,
    draft: &'l DraftNow<'l>,
    /// In the order of its authorities.
    outlooks: &'l [&'l Outlook],
    keys: &'l BTreeMap<String, Fingerprint>,
}

impl Lettered<'_> {
    fn tell(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let named = said::draft(self.draft.letter(), &role(self.draft), version(self.draft));
        if self.state.phase().is_over() {
            return screen.line(&(named + said::NEVER_FINAL));
        }
        let sides = sides_of(&self.draft.counting());
        let one_alone = sides.len() == 1;
        if !one_alone {
            screen.line(&(named.clone() + self.stands()))?;
        }
        // The old side first: it is what everybody trusts today.
        for (sided, outlook) in sides.iter().zip(self.outlooks).rev() {
            let start = match sided.side {
                _ if one_alone => named.clone(),
                Side::New => format!("{INDENT}{}", said::NEW_ROOT),
                Side::Old | Side::Trusted => format!("{INDENT}{}", said::OLD_ROOT),
            };
            let met = if one_alone { said::ENOUGH_ALONE } else { said::SIDE_ENOUGH };
            let line = self.side(start, sided, outlook, met);
            if one_alone && line.chars().count() > WIDTH {
                screen.line(&(named.clone() + self.stands()))?;
                screen.line(&self.side(INDENT.to_owned(), sided, outlook, said::SIDE_ENOUGH))?;
                continue;
            }
            screen.line(&line)?;
        }
        self.whole(screen)
    }

    fn stands(&self) -> &'static str {
        match () {
            () if self.is_complete() => said::ENOUGH,
            () if self.outlooks.iter().any(|outlook| !outlook.can_be_met) => said::OUT_OF_REACH,
            () => said::NOT_ENOUGH,
        }
    }

    fn is_complete(&self) -> bool {
        self.draft.counting().tallies().iter().all(Tally::is_met)
    }

    /// One side in one line: what must not be cut stands whole, and names take the room that is left.
    fn side(&self, start: String, sided: &Sided, outlook: &Outlook, met: &str) -> String {
        let start = start + &said::so_far(outlook.valid, outlook.needed);
        let (signed, can) = (self.signed(sided, outlook), self.labels(&outlook.keys, outlook));
        if sided.tally.is_met() {
            let room = WIDTH.saturating_sub(start.chars().count() + met.len());
            return start + &in_brackets(&signed, room) + met;
        }
        let ends = [said::margin(outlook.margin()), said::short_margin(outlook.margin())];
        let line = |end: &str, all: bool| {
            let room = if all { usize::MAX } else { WIDTH.saturating_sub(start.chars().count() + end.len()) };
            // As much for those who can as for those who have.
            let signed = in_brackets(&signed, if all { room } else { room / 2 });
            let can = match can.is_empty() {
                true => String::new(),
                false => {
                    let room = room.saturating_sub(signed.chars().count() + said::CAN_SIGN.len());
                    said::CAN_SIGN.to_owned() + &fitting(&can, room)
                }
            };
            format!("{start}{signed}{can}{end}")
        };
        let whole = ends.iter().map(|end| line(end, true)).find(|line| line.chars().count() <= WIDTH);
        whole.unwrap_or_else(|| line(&ends[1], false))
    }

    /// Those who signed for one side: whoever did it, where several hold a key; and those whom the plan does not know.
    fn signed(&self, sided: &Sided, outlook: &Outlook) -> Vec<String> {
        let mut signed: Vec<String> = self.labels(&outlook.signed, outlook);
        for (label, name) in signed.iter_mut().zip(&outlook.signed) {
            let signers = self.keys.get(name).map(|key| self.draft.signers_of(*key)).unwrap_or_default();
            let holders = self.state.plan().keys.get(name).map_or(0, |key| key.holders.len());
            if holders > 1 && !signers.is_empty() {
                *label = signers.iter().map(|name| cell(name, NAME)).collect::<Vec<_>>().join("/");
            }
        }
        let strangers = sided.tally.counted.iter().filter(|voice| outlook.strangers.contains(&voice.keyid));
        signed.extend(strangers.map(|voice| match self.names.of(Some(voice.key), voice.owner.as_deref()) {
            Some(named) => named.holders.iter().map(|name| quoted(name, NAME)).collect::<Vec<_>>().join("/"),
            None => cut(&cell(&voice.keyid, NAME), 11),
        }));
        signed
    }

    /// Keys by who holds them; by their own name where a machine does, and by both where one person holds two of a side.
    fn labels(&self, keys: &[String], outlook: &Outlook) -> Vec<String> {
        let all = || outlook.signed.iter().chain(&outlook.keys).chain(outlook.out.iter().map(|(key, _)| key));
        let label = |key: &String| {
            let holder = self.holder(key);
            match all().filter(|other| self.holder(other) == holder).count() {
                0 | 1 => holder,
                _ => said::person(&holder, &cell(key, NAME)),
            }
        };
        keys.iter().map(label).collect()
    }

    fn holder(&self, key: &str) -> String {
        let holders = self.state.plan().keys.get(key).map(|key| key.holders.as_slice()).unwrap_or_default();
        match holders {
            [] => cell(key, NAME),
            holders => holders.iter().map(|name| cell(name, NAME)).collect::<Vec<_>>().join("/"),
        }
    }

    /// Who is not counted on, what then, and signatures that wait for a grant.
    fn whole(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        if self.is_complete() {
            return Ok(());
        }
        self.lacking(screen)?;
        match self.draft.ungranted_keys().len() {
            0 => Ok(()),
            waiting => screen.line(&format!("{INDENT}{}", said::ungranted(waiting))),
        }
    }

    fn lacking(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let mut out: BTreeMap<&str, String> = BTreeMap::new();
        for outlook in self.outlooks {
            for (key, why) in &outlook.out {
                let who = self.labels(std::slice::from_ref(key), outlook).concat();
                out.insert(key, said::not_counted_on(&who, &cell(key, NAME), *why));
            }
        }
        let mut out: Vec<String> = out.into_values().collect();
        let unplanned = self.outlooks.iter().map(|outlook| outlook.unknown.len()).max().unwrap_or(0);
        if unplanned > 0 {
            out.push(said::unplanned(unplanned));
        }
        if !out.is_empty() {
            let room = WIDTH - INDENT.len() - said::NOT_COUNTED_ON.len();
            screen.line(&format!("{INDENT}{}{}", said::NOT_COUNTED_ON, fitting(&out, room)))?;
        }
        match self.outlooks.iter().all(|outlook| outlook.can_be_met) {
            true => Ok(()),
            false => self.what_then(screen),
        }
    }

    /// What still helps, and whose signatures are lost by it.
    fn what_then(&self, screen: &mut Screen<'_>) -> Result<(), ScreenFault> {
        let mut lost: Vec<String> = Vec::new();
        for (sided, outlook) in sides_of(&self.draft.counting()).iter().zip(self.outlooks) {
            let new = self.signed(sided, outlook).into_iter().filter(|name| !lost.contains(name));
            lost.extend(new.collect::<Vec<_>>());
        }
        let mut why = self.outlooks.iter().flat_map(|outlook| &outlook.out).map(|(_, why)| *why);
        let helps = match why.any(|why| why != Out::Lost) {
            true => said::ONE_OF_THESE_OR_REPLAN,
            false => said::REPLAN_OR_ABORT,
        };
        screen.line(&format!("{INDENT}{helps}"))?;
        if lost.is_empty() {
            return screen.line(&format!("{INDENT}{}", said::NOTHING_LOST));
        }
        let room = WIDTH.saturating_sub(INDENT.len() + said::LOST_THEN.len());
        screen.line(&format!("{INDENT}{}{}", said::LOST_THEN, fitting(&lost, room)))
    }
}
