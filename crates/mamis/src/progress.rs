//! How far a long command has come: a bar on a terminal, a line now and then elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

use crate::say::complain;

pub(crate) struct Progress {
    /// `None` where nobody watches a bar.
    bar: Option<ProgressBar>,
    what: &'static str,
    total: usize,
    done: usize,
}

impl Progress {
    pub(crate) fn new(what: &'static str, total: usize) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(u64::try_from(total).unwrap_or(u64::MAX));
            match ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} {elapsed}, {eta} left") {
                Ok(style) => bar.with_style(style).with_message(what),
                Err(_) => bar,
            }
        });
        Self { bar, what, total, done: 0 }
    }

    pub(crate) fn advance(&mut self) {
        self.advance_by(1);
    }

    pub(crate) fn advance_by(&mut self, count: usize) {
        let tenth = |done: usize| done.saturating_mul(10) / self.total.max(1);
        let before = tenth(self.done);
        self.done += count;
        match &self.bar {
            Some(bar) => bar.inc(u64::try_from(count).unwrap_or(0)),
            None if tenth(self.done) > before => complain!("{} of {} {}", self.done, self.total, self.what),
            None => {}
        }
    }

    pub(crate) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}
