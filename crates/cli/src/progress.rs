use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::terminal::{Talk, talks};

/// One line on stderr that says how far long work is; on a terminal only, and gone when the work is done.
pub(crate) struct Progress {
    what: &'static str,
    total: usize,
    done: AtomicUsize,
    shown: bool,
}

impl Progress {
    /// Begins; a total of one shows no count.
    pub(crate) fn start(what: &'static str, total: usize) -> Self {
        let shown = std::io::stderr().is_terminal() && talks(Talk::Usual);
        let progress = Self { what, total, done: AtomicUsize::new(0), shown };
        progress.show(0);
        progress
    }

    /// Counts one more as done; several threads may.
    pub(crate) fn step(&self) {
        let done = 1 + self.done.fetch_add(1, Ordering::Relaxed);
        self.show(done);
    }

    fn show(&self, done: usize) {
        if !self.shown {
            return;
        }
        let count =
            if 1 < self.total { format!(" {done} of {}", self.total) } else { String::new() };
        // A terminal that went away is nobody's loss.
        let mut stderr = std::io::stderr().lock();
        let _ = write!(stderr, "\r\u{1b}[K{}{count} …", self.what);
        let _ = stderr.flush();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(std::io::stderr().lock(), "\r\u{1b}[K");
        }
    }
}
