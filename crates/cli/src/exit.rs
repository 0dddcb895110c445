use std::fmt;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::process::ExitCode;

use crate::terminal::complain;

/// Why a command was not carried out.
#[derive(Debug)]
pub(crate) enum Failure {
    /// `diff` found a difference, or `verify` an identity broken, which is printed already.
    Different,
    /// The command line asks for what there is not.
    Usage(String),
    /// The assumptions are at fault; the faults are printed already.
    Assumptions,
    /// The system failed to read or write.
    System(String),
    /// The reader of our output went away; nothing is left to say.
    Closed,
}

impl Failure {
    const fn code(&self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::Different => 1,
            Self::Usage(_) => 2,
            Self::Assumptions => 3,
            Self::System(_) => 4,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::System(text) => formatter.write_str(text),
            Self::Assumptions | Self::Closed | Self::Different => Ok(()),
        }
    }
}

/// Says why a command failed and returns its exit code.
pub(crate) fn exit_code(done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !matches!(failure, Failure::Assumptions | Failure::Closed | Failure::Different) {
                complain(&format!("error: {failure}"));
            }
            ExitCode::from(failure.code())
        }
    }
}

/// Says that a panic is a bug of ours and ends the program with code 70.
pub(crate) fn apologise(panic: &PanicHookInfo<'_>) {
    let text = panic.payload_as_str().unwrap_or("no message");
    let place = panic
        .location()
        .map_or(String::new(), |place| format!(" at {}:{}", place.file(), place.line()));
    let version = env!("CARGO_PKG_VERSION");
    let mut stderr = std::io::stderr().lock();
    let _ = writeln!(
        stderr,
        "error: this is a bug of perennis {version}, not of your files; we are sorry.\n  {text}{place}\n\
         Please report it with the command and, if you can, the files."
    );
    std::process::exit(70);
}
