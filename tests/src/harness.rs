use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use crate::reference_folder;

/// A test that needs the reference folder; it panics when it fails.
#[derive(Clone, Copy)]
pub struct ReferenceTest {
    /// The claim, in words joined by underscores.
    pub name: &'static str,
    /// Compares; the argument is the reference folder.
    pub body: fn(&Path),
}

/// Runs the tests whose name contains the first argument of the command line, all without one, and prints
/// `reference tests: N ran, M passed over` last.
///
/// A test is passed over when the reference folder is not there. The exit code is 1 when a test failed.
#[must_use]
pub fn run(tests: &[ReferenceTest]) -> ExitCode {
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let wanted = |test: &&ReferenceTest| filter.as_ref().is_none_or(|f| test.name.contains(f));
    let chosen: Vec<_> = tests.iter().filter(wanted).collect();
    let (mut ran, mut passed_over, mut failed) = (0, 0, 0);
    for test in chosen {
        let Some(folder) = reference_folder() else {
            say(&format!("test {} ... passed over: no reference folder", test.name));
            passed_over += 1;
            continue;
        };
        let start = Instant::now();
        let fine = catch_unwind(AssertUnwindSafe(|| (test.body)(&folder))).is_ok();
        ran += 1;
        failed += usize::from(!fine);
        let verdict = if fine { "ok" } else { "FAILED" };
        say(&format!("test {} ... {verdict} ({:.1} s)", test.name, start.elapsed().as_secs_f64()));
    }
    say(&format!("reference tests: {ran} ran, {passed_over} passed over"));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn say(line: &str) {
    // A closed pipe is no reason to fail a comparison of figures.
    let _ = writeln!(std::io::stdout(), "{line}");
}
