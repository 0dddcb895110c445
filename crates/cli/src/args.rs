use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use perennis_assumptions::Overlays;

/// Values a nation's social security over 75 years and more from TOML files and CSV tables.
#[derive(Debug, Parser)]
#[command(name = "perennis", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 2 usage, also a path on the command line that does not exist; \
3 assumptions at fault; 4 the system failed to read or write; 70 a bug of ours.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Reports every fault of the assumptions, each with its place, the reason and a remedy.
    Check(CheckArgs),
    /// Runs a valuation and writes its tables and report.
    Value(ValueArgs),
    /// Lists the values of the assumptions under the paths that `--set` takes.
    Show(ShowArgs),
    /// Prints or writes the JSON schemas of the assumption files, for editors.
    Schema(SchemaArgs),
}

/// How results of a command are written to stdout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON object.
    Json,
}

/// What lies over the valuation.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct OverlayArgs {
    /// Lays a scenario file over the valuation.
    #[arg(long, value_name = "FILE")]
    pub(crate) scenario: Option<PathBuf>,
    /// Lays a reform file over it; may be given several times, the first is laid first.
    #[arg(long = "reform", value_name = "FILE")]
    pub(crate) reforms: Vec<PathBuf>,
    /// Sets one value, written as in TOML; may be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
}

impl OverlayArgs {
    /// Returns the overlays in the order in which they are laid.
    pub(crate) fn overlays(&self) -> Overlays {
        Overlays {
            scenario: self.scenario.clone(),
            reforms: self.reforms.clone(),
            set: self.set.clone(),
        }
    }

    /// Returns every path named.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.scenario.iter().chain(&self.reforms)
    }
}

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// The valuation file.
    #[arg(required_unless_present = "explain")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) overlays: OverlayArgs,
    /// Explains a code such as A301 instead.
    #[arg(long, value_name = "CODE", conflicts_with = "file")]
    pub(crate) explain: Option<String>,
    /// How the faults are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `value`.
#[derive(Debug, clap::Args)]
pub(crate) struct ValueArgs {
    /// The valuation file.
    pub(crate) file: PathBuf,
    /// The folder for the results; an earlier run in it is replaced.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) overlays: OverlayArgs,
    /// Number of threads; results do not depend on it. All cores when left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) threads: Option<u16>,
    /// How the summary, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `show`.
#[derive(Debug, clap::Args)]
pub(crate) struct ShowArgs {
    /// The valuation file.
    pub(crate) file: PathBuf,
    /// Only the values under this path, such as `economy.prices`.
    pub(crate) path: Option<String>,
    /// Adds file, line, layer and source of each value.
    #[arg(long)]
    pub(crate) origin: bool,
    #[command(flatten)]
    pub(crate) overlays: OverlayArgs,
    /// How the values are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `schema`.
#[derive(Debug, clap::Args)]
pub(crate) struct SchemaArgs {
    /// The kind of file; all kinds when left out.
    #[arg(value_parser = clap::builder::PossibleValuesParser::new(perennis_assumptions::KINDS))]
    pub(crate) kind: Option<String>,
    /// Writes `<kind>.json` into this folder instead of printing.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
