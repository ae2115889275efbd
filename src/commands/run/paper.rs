//! Going on with a ceremony: the head on paper, the folder, the date, and a break that nobody ended.

use std::path::{Path, PathBuf};

use tuf_ceremony::paper::PaperDigest;
use tuf_ceremony::state::State;
use tuf_ceremony::transcript::event::{BreakEnded, DateStated, Event};
use tuf_ceremony::words;

use super::start::Occasion;
use super::{Halt, Runner};
use crate::clock;
use crate::commands::standing;
use crate::desk::table::{Access, Glance, Table};
use crate::fault::Fault;
use crate::files;
use crate::operator::Operator as _;
use crate::operator::clean::{holds_controls, quoted_path};
use crate::operator::wording::guided as said;

/// Lines of a head on paper, and what stands for one that cannot be read.
const LINES: usize = 8;
const UNREADABLE: &str = "? ? ? ?";

/// How often the paper is read before its word stands against the folder.
const READ_AGAIN: usize = 2;

impl Runner<'_> {
    /// Goes on, wherever the folder stands.
    pub(super) fn resume(&mut self) -> Result<(), Halt> {
        if !self.access.means_folder() {
            files::refuse_existing(&self.access.folder).map_err(|_| {
                Fault::files(said::not_a_ceremony(&quoted_path(&self.access.folder))).now(said::HOW_TO_BEGIN)
            })?;
            return Err(nothing_at(&self.access.folder).into());
        }
        if !self.access.is_begun() {
            let fault = Fault::files(said::not_begun(&quoted_path(&self.access.folder)));
            return Err(fault.now(said::BEGIN_IT_AGAIN).into());
        }
        self.found = true;
        self.welcome(said::GOES_ON, &[])?;
        let has_paper = self.open_by_paper()?;
        let glance = self.look()?;
        let state = glance.state();
        if state.phase().is_over() {
            return Ok(());
        }
        let speaker = self.speaker(state)?;
        self.new_day(state, &speaker)?;
        if !has_paper {
            self.type_in(self.note("", &speaker, said::WITHOUT_PAPER))?;
        }
        if state.is_on_break() {
            self.end_break(&speaker)?;
        }
        self.settle()
    }

    /// Opens the folder by the head on paper; gives whether there was one.
    pub(super) fn open_by_paper(&mut self) -> Result<bool, Halt> {
        if self.access.head.is_none() {
            self.say(said::HEAD_FROM_PAPER)?;
        }
        self.find_the_second_device()?;
        let mut again = 0;
        loop {
            let head = match self.access.head.take() {
                Some(head) => Some(head),
                None => self.paper()?,
            };
            if let Some(head) = &head
                && again < READ_AGAIN
                && self.no_line_fits(head)
            {
                again += 1;
                self.say(said::READ_THE_PAPER_AGAIN)?;
                continue;
            }
            let has_paper = head.is_some();
            let (table, _) = Table::load(&Access { head: head.clone(), ..self.access.clone() })?;
            standing::mended(&mut self.screen(), &table)?;
            let lines = table.state().transcript();
            let fits = |line: &u64| {
                head.as_ref().zip(lines.head_after(*line)).is_some_and(|(head, found)| head.fits(found))
            };
            if let Some(line) = (1..=lines.count()).rev().find(fits) {
                self.say(&said::paper_fits(line, lines.count()))?;
            }
            return Ok(has_paper);
        }
    }

    /// A ceremony that is kept on two devices goes on with both, or somebody says why not.
    fn find_the_second_device(&mut self) -> Result<(), Halt> {
        let devices = Glance::at(&self.access.folder).map(|glance| glance.state().devices());
        if devices.ok() != Some(2) || self.access.one_device.is_some() {
            return Ok(());
        }
        if self.access.mirror.is_some() {
            return self.is_it_the_second();
        }
        let answers = [said::SECOND_DEVICE, said::SECOND_DEVICE_GONE].map(str::to_owned);
        if self.ask(said::WHERE_IS_THE_SECOND, &answers)? == 0 {
            self.access.mirror = Some(self.ask_path(said::MIRROR_PATH)?);
            self.is_it_the_second()
        } else {
            self.access.one_device = Some(self.ask_text(said::WHY_ONE_DEVICE)?);
            Ok(())
        }
    }

    /// A second device that holds no ceremony is a new one, or its folder was mistyped: it is filled only where somebody says so.
    fn is_it_the_second(&mut self) -> Result<(), Halt> {
        let is_there =
            |access: &Access, folder: PathBuf| Access { folder, mirror: None, ..access.clone() }.is_begun();
        while let Some(mirror) = self.access.mirror.clone()
            && !is_there(&self.access, mirror.clone())
        {
            self.say(&said::no_ceremony_there(&quoted_path(&mirror)))?;
            let answers = [said::MIRROR_AGAIN, said::MIRROR_IS_NEW].map(str::to_owned);
            if self.ask(said::IS_IT_THE_SECOND, &answers)? == 1 {
                break;
            }
            self.access.mirror = Some(self.ask_path(said::MIRROR_PATH)?);
        }
        Ok(())
    }

    /// Whether both devices can be read and none has a line with this head; then it may have been misread.
    fn no_line_fits(&self, head: &PaperDigest) -> bool {
        let folders = [Some(&self.access.folder), self.access.mirror.as_ref()].into_iter().flatten();
        let glances: Vec<Glance> = folders.filter_map(|folder| Glance::at(folder).ok()).collect();
        let fits = |glance: &Glance| {
            let lines = glance.state().transcript();
            (1..=lines.count()).any(|line| lines.head_after(line).is_some_and(|found| head.fits(found)))
        };
        !glances.is_empty() && !glances.iter().any(fits)
    }

    /// The head as it stands on paper, line by line; none where nobody has it.
    fn paper(&mut self) -> Result<Option<PaperDigest>, Halt> {
        'again: loop {
            let mut lines: Vec<String> = Vec::new();
            while lines.len() < LINES {
                let typed = self.keyboard.type_line(&said::paper_line(lines.len() + 1, LINES))?;
                let text = without_number(typed.trim(), lines.len() + 1).to_owned();
                let readable = lines.iter().filter(|line| *line != UNREADABLE).count();
                if readable == 0 && text.eq_ignore_ascii_case(said::NO_PAPER) {
                    self.say(said::OLDER_COPIES_PASS)?;
                    return Ok(None);
                }
                // The whole of it in one line, in hex or words.
                if let (true, Ok(whole)) = (lines.is_empty(), PaperDigest::read(&text)) {
                    return Ok(Some(whole));
                }
                if text.is_empty() {
                    // Enough is there: an Enter ends it.
                    let rest = if readable >= LINES / 2 { LINES - lines.len() } else { 1 };
                    lines.extend(std::iter::repeat_n(UNREADABLE.to_owned(), rest));
                    continue;
                }
                let count = text.split_whitespace().count();
                if count != 4 {
                    self.say(&said::not_four_words(count))?;
                    continue;
                }
                // A slip is told at once: each line begins at an even place of the words' two lists.
                if let (false, Err(fault)) = (text.contains('?'), words::bytes_of(&text)) {
                    self.say(&said::no_such_words(&fault.to_string()))?;
                    continue;
                }
                lines.push(text);
            }
            let readable = lines.iter().filter(|line| *line != UNREADABLE).count();
            if readable < LINES / 2 {
                self.say(&said::too_few_lines(readable, LINES / 2))?;
                continue 'again;
            }
            match PaperDigest::read(&lines.join(" ")) {
                Ok(head) => return Ok(Some(head)),
                Err(fault) => {
                    self.say(&said::not_the_head(&fault.to_string()))?;
                    continue 'again;
                }
            }
        }
    }

    /// Another day needs its date; the same one was stated.
    pub(super) fn new_day(&mut self, state: &State, speaker: &str) -> Result<(), Halt> {
        let (stated, occasion) = (state.date().spelled(), Occasion::of(state));
        let clock = clock::now();
        if clock.get(..10) == stated.get(..10) {
            return self.self_check(stated, &occasion);
        }
        self.say(&said::date_stated_last(stated))?;
        let date = self.date()?;
        self.self_check(&date, &occasion)?;
        if date != stated {
            self.write_down(Event::DateStated(DateStated { by: speaker.to_owned(), date }))?;
        }
        Ok(())
    }

    /// The break is over, and somebody watched, or nobody.
    pub(super) fn end_break(&mut self, speaker: &str) -> Result<(), Halt> {
        self.say(said::ON_A_BREAK)?;
        let watched = self.watched_by()?;
        let ended = BreakEnded { by: speaker.to_owned(), watched_by: watched };
        self.must_write(Event::BreakEnded(ended))
    }

    /// Who watched the folder; nobody is said as nobody.
    pub(super) fn watched_by(&mut self) -> Result<Option<String>, Halt> {
        loop {
            let typed = self.keyboard.type_line(said::WHO_WATCHED)?;
            let typed = typed.trim();
            if holds_controls(typed) {
                self.say(said::NO_CONTROLS)?;
                continue;
            }
            let is_nobody = typed.is_empty() || typed.eq_ignore_ascii_case(said::NOBODY);
            return Ok((!is_nobody).then(|| typed.to_owned()));
        }
    }
}

/// Neither a folder nor a file is there.
pub(super) fn nothing_at(place: &Path) -> Fault {
    Fault::files(said::nothing_there(&quoted_path(place))).now(said::HOW_TO_BEGIN)
}

/// A line without the number that stands before it on the paper.
fn without_number(text: &str, number: usize) -> &str {
    let number = number.to_string();
    match text.strip_prefix(&number) {
        Some(rest) if rest.starts_with(char::is_whitespace) => rest.trim_start(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::without_number;

    #[test]
    fn the_number_of_a_line_may_be_typed_too() {
        assert_eq!(without_number("2  acme  adroitness", 2), "acme  adroitness");
        assert_eq!(without_number("3f2a", 3), "3f2a");
        assert_eq!(without_number("acme", 1), "acme");
    }
}
