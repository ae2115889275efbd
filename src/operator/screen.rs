//! The only writer of text for people, on standard output and standard error.
//!
//! Promises: every line passes the sanitiser once more, whatever its author promised, and only then is style added;
//! a line is one line; style is never the only carrier of a meaning and appears on a terminal only, unless `NO_COLOR`
//! is set, the terminal is dumb or `--plain` was given; with `--ascii` (see `manner`) standard output and standard error get
//! printable ASCII only. A reader who closes the pipe is a [`ScreenFault::Closed`], not a
//! panic. It asks nothing (that is `terminal`) and wraps nothing (the terminal does).

use std::borrow::Cow;
use std::ffi::OsStr;
use std::io::{self, IsTerminal as _, Write};

use super::clean::{visible, visible_in_ascii};
use super::terminal::Terminal;
use super::wrapped::wrapped;
use super::{manner, paging};

pub(super) const BOLD: &str = "\x1b[1m";
pub(super) const ORDINARY: &str = "\x1b[0m";

/// Where lines for people go.
pub struct Screen<'a> {
    sink: Box<dyn Write + 'a>,
    styled: bool,
    ascii: bool,
    paged: bool,
    columns: Option<usize>,
}

/// Why a line could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum ScreenFault {
    /// The reader is gone (`conclave show … | head`). End quietly.
    #[error("the reader of the output has closed it")]
    Closed,
    /// Somebody who read page by page stopped between two.
    #[error("the reader stopped between two pages")]
    Left,
    /// Exact bytes were to go to a terminal that would obey some of them; nothing was written.
    #[error("The output holds characters that would command this terminal.")]
    CommandsTheTerminal,
    /// The output took no more, for another reason.
    #[error("the output could not be written")]
    Failed(#[source] io::Error),
}

impl From<io::Error> for ScreenFault {
    fn from(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Failed(source) }
    }
}

impl Screen<'static> {
    /// Standard output; `plain` (`--plain`) takes the style off.
    pub fn stdout(plain: bool) -> Self {
        let is_terminal = io::stdout().is_terminal();
        let columns = Terminal::size().map(|(_, columns)| columns).filter(|columns| *columns > 0);
        Self { paged: is_terminal, columns, ..Self::standard(io::stdout(), styled(is_terminal, plain)) }
    }

    /// Standard error, if somebody watches it.
    pub fn watched() -> Option<Self> {
        io::stderr().is_terminal().then(|| Self::stderr(true))
    }

    /// Standard error; `plain` (`--plain`) takes the style off.
    pub fn stderr(plain: bool) -> Self {
        Self::standard(io::stderr(), styled(io::stderr().is_terminal(), plain))
    }

    fn standard(sink: impl Write + 'static, styled: bool) -> Self {
        Self { ascii: manner::is_ascii(), ..Self::onto(sink, styled) }
    }
}

impl<'a> Screen<'a> {
    /// Any sink, with or without style: files for people, and tests.
    pub fn onto(sink: impl Write + 'a, styled: bool) -> Self {
        Self { sink: Box::new(sink), styled, ascii: false, paged: false, columns: None }
    }

    /// Columns of the terminal that it goes to, where there is one that tells.
    #[must_use]
    pub fn columns(&self) -> Option<usize> {
        self.columns
    }

    /// One line.
    ///
    /// # Errors
    /// [`ScreenFault`], as for everything here: stop, there is nobody to tell.
    pub fn line(&mut self, text: &str) -> Result<(), ScreenFault> {
        let text = self.clean(text);
        self.broken(&text).iter().try_for_each(|part| self.put(part))
    }

    /// Lines that are read together, as how a question is answered: they stand on one page with what is typed below them.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn together(&mut self, lines: &[&str]) -> Result<(), ScreenFault> {
        self.keep(paging::rows_of(&lines.join("\n")))?;
        lines.iter().try_for_each(|line| self.line(line))
    }

    /// Begins a page if so many rows, which are read or copied together, do not fit on what is left of this one.
    ///
    /// # Errors
    /// [`ScreenFault::Left`].
    pub fn keep(&self, rows: usize) -> Result<(), ScreenFault> {
        if self.paged && !paging::keeps_together(rows) { Err(ScreenFault::Left) } else { Ok(()) }
    }

    /// An empty line.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn blank(&mut self) -> Result<(), ScreenFault> {
        self.put("")
    }

    /// A heading: the text, underlined with hyphens; bold where there is style.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn heading(&mut self, text: &str) -> Result<(), ScreenFault> {
        let text = self.clean(text);
        let rule = "-".repeat(text.chars().count());
        let shown = self.bold(&text);
        self.put(&shown)?;
        self.put(&rule)
    }

    /// A line that begins with a label, as `error: …`; the label is bold where there is style.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn labelled(&mut self, label: &str, text: &str) -> Result<(), ScreenFault> {
        let label = format!("{}:", self.clean(label));
        let whole = format!("{label} {}", self.clean(text));
        let parts = self.broken(&whole);
        let (first, rest) = parts.split_first().expect("a line has a first part");
        let told = first.strip_prefix(&label).unwrap_or(first);
        self.put(&format!("{}{told}", self.bold(&label)))?;
        rest.iter().try_for_each(|part| self.put(part))
    }

    /// Rows under a head, in columns as wide as their widest cell (in characters), two spaces apart. A row may be
    /// shorter than the head; what is longer stands unaligned.
    ///
    /// # Errors
    /// As [`Screen::line`].
    pub fn table(&mut self, head: &[&str], rows: &[Vec<String>]) -> Result<(), ScreenFault> {
        let head: Vec<Cow<'_, str>> = head.iter().map(|cell| self.clean(cell)).collect();
        let rows: Vec<Vec<Cow<'_, str>>> =
            rows.iter().map(|row| row.iter().map(|cell| self.clean(cell)).collect()).collect();
        let widths: Vec<usize> = (0..head.len())
            .map(|column| {
                let cells = rows.iter().filter_map(|row| row.get(column)).chain([&head[column]]);
                cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
            })
            .collect();
        let titles = aligned(&head, &widths);
        let shown = self.bold(&titles);
        self.put(&shown)?;
        rows.iter().try_for_each(|row| self.put(&aligned(row, &widths)))
    }

    /// For a reader who is led page by page a line that is too wide is broken between words, and goes on deeper: the terminal would
    /// break it anywhere.
    fn broken<'t>(&self, text: &'t str) -> Vec<Cow<'t, str>> {
        match paging::columns().filter(|columns| self.paged && text.chars().count() > *columns) {
            Some(columns) => broken(text, columns),
            None => vec![Cow::Borrowed(text)],
        }
    }

    fn clean<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.ascii { visible_in_ascii(text) } else { visible(text) }
    }

    fn bold<'t>(&self, clean: &'t str) -> Cow<'t, str> {
        if self.styled { Cow::Owned(format!("{BOLD}{clean}{ORDINARY}")) } else { Cow::Borrowed(clean) }
    }

    /// The one place that writes: clean text, styled by us or not, and its line end.
    fn put(&mut self, finished: &str) -> Result<(), ScreenFault> {
        if self.paged && !paging::makes_room_for(finished) {
            return Err(ScreenFault::Left);
        }
        self.sink.write_all(format!("{finished}\n").as_bytes())?;
        Ok(self.sink.flush()?)
    }
}

/// How much deeper the lines after the first stand.
const DEEPER: usize = 4;

/// A text whose words all fit, in lines of so many columns; another is left to the terminal, because a long name that is broken here
/// could not be copied from it.
fn broken(text: &str, columns: usize) -> Vec<Cow<'_, str>> {
    let indent = text.len() - text.trim_start_matches(' ').len();
    let room = columns.saturating_sub(indent + DEEPER);
    if text.split(' ').any(|word| word.chars().count() > room) {
        return vec![Cow::Borrowed(text)];
    }
    let (first, next) = (" ".repeat(indent), " ".repeat(indent + DEEPER));
    wrapped(text, &first, &next, columns).into_iter().map(Cow::Owned).collect()
}

fn aligned(row: &[Cow<'_, str>], widths: &[usize]) -> String {
    let mut out = String::new();
    for (column, cell) in row.iter().enumerate() {
        out.push_str(cell);
        if column + 1 < row.len() {
            let width = widths.get(column).copied().unwrap_or(0);
            out.push_str(&" ".repeat(width.saturating_sub(cell.chars().count()) + 2));
        }
    }
    out
}

/// Whether a terminal may get style.
pub(super) fn styled(terminal: bool, plain: bool) -> bool {
    allows_style(
        terminal,
        plain || manner::is_plain(),
        std::env::var_os("NO_COLOR").as_deref(),
        std::env::var_os("TERM").as_deref(),
    )
}

/// `NO_COLOR` counts when it is set and not empty, as no-color.org defines it.
fn allows_style(terminal: bool, plain: bool, no_color: Option<&OsStr>, term: Option<&OsStr>) -> bool {
    terminal && !plain && no_color.is_none_or(OsStr::is_empty) && term.is_some_and(|term| term != "dumb")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(styled: bool, show: impl FnOnce(&mut Screen<'_>) -> Result<(), ScreenFault>) -> String {
        let mut sink = Vec::new();
        show(&mut Screen::onto(&mut sink, styled)).unwrap();
        String::from_utf8(sink).unwrap()
    }

    /// A sink whose every write fails in one way.
    struct Failing(io::ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_that_nobody_cleaned_is_cleaned_here() {
        for styled in [false, true] {
            assert_eq!(shown(styled, |s| s.line("a\x1b[2J\rb\n")), "a<U+001B>[2J<U+000D>b<U+000A>\n");
        }
    }

    #[test]
    fn every_door_of_the_screen_cleans() {
        let nasty = "\x1b]52;c;AAAA\x07";
        let text = shown(false, |s| {
            s.heading(nasty)?;
            s.labelled(nasty, nasty)?;
            s.table(&[nasty], &[vec![nasty.to_owned(), nasty.to_owned()]])
        });
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert_eq!(text.matches("<U+0007>").count(), 6);
    }

    #[test]
    fn style_only_adds_to_the_text() {
        let page = |s: &mut Screen<'_>| {
            s.heading("Root 3")?;
            s.labelled("error", "no")?;
            s.blank()?;
            s.table(&["key", "role"], &[vec!["a".to_owned(), "root".to_owned()]])
        };
        let (bare, styled) = (shown(false, page), shown(true, page));
        assert_eq!(bare, "Root 3\n------\nerror: no\n\nkey  role\na    root\n");
        assert!(styled.contains("\x1b[1mRoot 3\x1b[0m\n------\n\x1b[1merror:\x1b[0m no\n"));
        assert_eq!(styled.replace(BOLD, "").replace(ORDINARY, ""), bare);
    }

    #[test]
    fn a_line_that_is_too_wide_is_broken_between_words_and_a_long_name_is_left_whole() {
        assert_eq!(broken("  one two three", 12), ["  one two", "      three"]);
        assert_eq!(broken("a-word-that-does-not-fit x", 10), ["a-word-that-does-not-fit x"]);
        let text = "some words that go on and on";
        let again: Vec<String> = broken(text, 12).iter().map(|part| part.trim().to_owned()).collect();
        assert_eq!(again.join(" "), text, "nothing is lost");
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [vec!["timestamp".to_owned(), "1".to_owned()], vec!["root".to_owned()]];
        assert_eq!(shown(false, |s| s.table(&["role", "of"], &rows)), "role       of\ntimestamp  1\nroot\n");
    }

    #[test]
    fn style_needs_a_terminal_and_nobody_against_it() {
        let (set, empty) = (Some(OsStr::new("1")), Some(OsStr::new("")));
        let xterm = Some(OsStr::new("xterm"));
        assert!(allows_style(true, false, None, xterm));
        assert!(allows_style(true, false, empty, xterm));
        assert!(!allows_style(false, false, None, xterm));
        assert!(!allows_style(true, true, None, xterm));
        assert!(!allows_style(true, false, set, xterm));
        assert!(!allows_style(true, false, None, Some(OsStr::new("dumb"))));
        assert!(!allows_style(true, false, None, None));
    }

    #[test]
    fn a_screen_for_ascii_gets_nothing_else_and_its_columns_still_stand() {
        let mut sink = Vec::new();
        let mut screen = Screen { ascii: true, ..Screen::onto(&mut sink, false) };
        screen.heading("K\u{f6}ln").unwrap();
        screen.labelled("\u{e4}", "\u{fc}").unwrap();
        screen.table(&["a", "b"], &[vec!["\u{f6}".to_owned(), "x".to_owned()]]).unwrap();
        drop(screen);
        let said = String::from_utf8(sink).unwrap();
        assert_eq!(said, "K<U+00F6>ln\n-----------\n<U+00E4>: <U+00FC>\na         b\n<U+00F6>  x\n");
    }

    #[test]
    fn a_closed_pipe_is_told_apart_from_a_full_medium() {
        let closed = Screen::onto(Failing(io::ErrorKind::BrokenPipe), false).line("x").unwrap_err();
        assert!(matches!(closed, ScreenFault::Closed));
        let full = Screen::onto(Failing(io::ErrorKind::StorageFull), false).line("x").unwrap_err();
        assert!(matches!(full, ScreenFault::Failed(source) if source.kind() == io::ErrorKind::StorageFull));
    }

    #[test]
    fn a_real_pipe_without_a_reader_is_closed() {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        assert!(matches!(Screen::onto(writer, false).line("x"), Err(ScreenFault::Closed)));
    }
}
