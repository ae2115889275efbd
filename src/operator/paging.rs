//! Pages for a reader who is led through many commands: once [`begin`] was called, standard output stops before a line would
//! push the first unread one off the terminal, and goes on when whoever was asked says so. Off unless begun; what goes to files
//! and pipes is never stopped.

use std::sync::Mutex;

/// How a terminal is read, page by page.
struct Pages {
    rows: usize,
    columns: usize,
    used: usize,
    go_on: fn() -> bool,
    left: bool,
}

static PAGES: Mutex<Option<Pages>> = Mutex::new(None);

/// Stops at every full page of `rows` and `columns` from now on, and asks `go_on`, which says false when the reader left. A verb that
/// another one types begins nothing anew.
pub fn begin(rows: usize, columns: usize, go_on: fn() -> bool) {
    let mut pages = lock();
    if pages.is_none() && rows > 2 && columns > 0 {
        *pages = Some(Pages { rows: rows - 1, columns, used: 0, go_on, left: false });
    }
}

/// No more pages: whoever left is asked nothing.
pub fn end() {
    *lock() = None;
}

/// A page begins here: something was answered, so everything above was read.
pub fn turn() {
    if let Some(pages) = lock().as_mut() {
        pages.used = 0;
    }
}

/// A page begins here if so many rows do not fit below what stands on this one: a question and its answers are read together.
/// False when the reader left.
#[must_use]
pub fn keeps_together(rows: usize) -> bool {
    let asks = {
        let mut pages = lock();
        let Some(pages) = pages.as_mut() else { return true };
        let is_full = pages.used > 0 && pages.used + rows > pages.rows;
        pages.used = if is_full { 0 } else { pages.used };
        is_full.then_some(pages.go_on)
    };
    asks.is_none_or(goes_on)
}

/// Whether the reader left in the middle of a page.
#[must_use]
pub fn was_left() -> bool {
    lock().as_ref().is_some_and(|pages| pages.left)
}

fn goes_on(go_on: fn() -> bool) -> bool {
    let goes_on = go_on();
    if let Some(pages) = lock().as_mut() {
        pages.left |= !goes_on;
    }
    goes_on
}

/// How wide the terminal is, where somebody is led.
pub(super) fn columns() -> Option<usize> {
    lock().as_ref().map(|pages| pages.columns)
}

/// Rows that a text takes; none unless pages were begun.
#[must_use]
pub fn rows_of(text: &str) -> usize {
    columns().map_or(0, |columns| text.lines().map(|line| rows(line, columns)).sum())
}

fn rows(line: &str, columns: usize) -> usize {
    line.chars().count().div_ceil(columns).max(1)
}

/// Makes room for a line; false when the reader left.
pub(super) fn makes_room_for(line: &str) -> bool {
    let (asks, rows) = {
        let mut pages = lock();
        let Some(pages) = pages.as_mut() else { return true };
        let rows = rows(line, pages.columns);
        let is_full = pages.used + rows > pages.rows;
        pages.used += rows;
        (is_full.then_some(pages.go_on), rows)
    };
    let Some(go_on) = asks else { return true };
    if !goes_on(go_on) {
        return false;
    }
    // The answer turned the page, and the line is the first of the new one.
    if let Some(pages) = lock().as_mut() {
        pages.used = rows;
    }
    true
}

fn lock() -> std::sync::MutexGuard<'static, Option<Pages>> {
    // Counts alone are kept here, and no panic leaves them half changed.
    PAGES.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    static ASKED: AtomicUsize = AtomicUsize::new(0);

    /// As a terminal does it: whoever answers turns the page.
    fn answers_once() -> bool {
        turn();
        ASKED.fetch_add(1, Ordering::SeqCst) < 1
    }

    #[test]
    fn a_full_page_asks_before_the_line_that_would_push_the_first_away() {
        assert!(makes_room_for("nothing begun"));
        begin(4, 10, answers_once);
        for line in ["one", "two", "three"] {
            assert!(makes_room_for(line));
        }
        assert_eq!(ASKED.load(Ordering::SeqCst), 0);
        assert!(makes_room_for("four"), "the reader goes on");
        assert!(makes_room_for("a line of two rows"), "and what wraps counts twice");
        assert_eq!(ASKED.load(Ordering::SeqCst), 1);
        assert!(!makes_room_for("four and two are three rows, and that is all of a page"), "the reader left");
        turn();
        assert!(makes_room_for("after an answer") && makes_room_for("x"));
        assert!(!makes_room_for("y"), "the reader left");
        turn();
        assert!(makes_room_for("1") && keeps_together(2), "two more rows fit");
        assert!(!keeps_together(3), "three do not, and the reader left");
        assert!(keeps_together(9), "a page that is empty is all that there is");
        assert!(was_left());
        begin(4, 10, || true);
        assert!(was_left(), "a second beginning begins nothing anew");
        end();
        assert!(!was_left());
        // As a terminal does when it is answered.
        begin(4, 10, || {
            turn();
            true
        });
        assert!(["1", "2", "3", "4"].iter().all(|row| makes_room_for(row)));
        let used = lock().as_ref().map(|pages| pages.used);
        assert_eq!(used, Some(1), "the row that had no room is the first of the next page");
        *lock() = None;
    }
}
