use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

use crate::exit::Failure;

/// Writes to stdout: the data that was asked for.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let text = visible(text);
    let mut stdout = std::io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| {
        if !text.ends_with('\n') {
            stdout.write_all(b"\n")?;
        }
        stdout.flush()
    });
    written.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::Closed,
        _ => Failure::System(format!("writing to stdout failed: {error}")),
    })
}

/// Makes control characters visible, so that a title in a file cannot steer the terminal.
fn visible(text: &str) -> std::borrow::Cow<'_, str> {
    let steers = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t' | '\r');
    if !text.contains(steers) {
        return text.into();
    }
    text.replace(steers, "\u{fffd}").into()
}

/// How much is said on stderr beside faults and errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Talk {
    /// Nothing.
    Quiet,
    /// Warnings, where results are, and progress on a terminal.
    Usual,
    /// Also what is done and how long it took.
    Verbose,
}

static LEVEL: AtomicU8 = AtomicU8::new(Talk::Usual as u8);

/// Sets how much is said; once, before anything is.
pub(crate) fn set_level(talk: Talk) {
    LEVEL.store(talk as u8, Ordering::Relaxed);
}

/// Says whether so much is said.
pub(crate) fn talks(least: Talk) -> bool {
    least as u8 <= LEVEL.load(Ordering::Relaxed)
}

/// Writes talk to stderr: where results are, what to do next.
pub(crate) fn tell(text: &str) {
    if talks(Talk::Usual) {
        complain(text);
    }
}

/// Writes to stderr what was done, for whoever asked for it, with the time since `start`.
pub(crate) fn detail(text: &str, start: Instant) {
    if talks(Talk::Verbose) {
        complain(&format!("{text} ({:.2} s)", start.elapsed().as_secs_f64()));
    }
}

/// Writes to stderr: faults, warnings and progress. A closed stderr is nobody's loss.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{}", text.trim_end());
}

/// Says whether stderr takes colours: a terminal, unless `NO_COLOR` is set or `TERM` is `dumb`.
pub(crate) fn colours() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    std::io::stderr().is_terminal() && !refused && !dumb
}

/// Checks that the paths of the command line are files; one that is not is a fault of usage.
pub(crate) fn paths_exist<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<(), Failure> {
    for path in paths {
        let shown = path.display();
        match std::fs::metadata(path) {
            Ok(data) if data.is_dir() => {
                let inside = path.join("valuation.toml");
                let hint = if inside.is_file() {
                    format!("; name {}", inside.display())
                } else {
                    String::new()
                };
                return Err(Failure::Usage(format!("`{shown}` is a folder, not a file{hint}")));
            }
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                return Err(Failure::System(format!("`{shown}` cannot be read: {error}")));
            }
            Err(_) => return Err(Failure::Usage(format!("there is no file `{shown}`"))),
        }
    }
    Ok(())
}

/// Returns the columns of the terminal that stdout writes to; 100 where it is none.
pub(crate) fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    columns.filter(|columns| std::io::stdout().is_terminal() && 40 <= *columns).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn a_text_of_the_files_cannot_steer_the_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\n"), "a\u{fffd}[31mb\n");
        assert_eq!(visible("Việt Nam\t1\n"), "Việt Nam\t1\n");
    }
}
