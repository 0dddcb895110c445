use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use perennis_assumptions::{Behaviour, Overlays};
use perennis_units::Date;

/// Values a nation's social security over 75 years and more from TOML files and CSV tables.
#[derive(Debug, Parser)]
#[command(name = "perennis", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Writes no talk, no warnings and no progress to stderr; faults and errors only.
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Says on stderr what is done and how long it took.
    #[arg(long, short, global = true)]
    pub(crate) verbose: bool,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 `diff` found a difference or `verify` an identity broken; 2 usage, also a path on the command line that does not exist; \
3 assumptions at fault; 4 the system failed to read or write; 70 a bug of ours.";

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes a folder of assumption files that runs at once, to be replaced step by step.
    Init(InitArgs),
    /// Reports every fault of the assumptions, each with its place, the reason and a remedy.
    Check(CheckArgs),
    /// Runs a valuation and writes its tables and report.
    Value(ValueArgs),
    /// Rolls accounts that are given as tables forward and measures their financing.
    Finance(FinanceArgs),
    /// Turns a lever of a valuation, or levers of such accounts, until targets are met.
    Solve(SolveArgs),
    /// Values the liabilities of a plan from its members, tables and law, and annuities of lives.
    Liabilities(LiabilitiesArgs),
    /// Says what one point of contributions buys of every other lever.
    Levers(LeversArgs),
    /// Prints what one person may have under some laws, step by step and over time.
    Person(PersonArgs),
    /// Values reforms beside a baseline, all at once, and writes them side by side.
    Compare(CompareArgs),
    /// Moves one assumption at a time, sets of them and shocks, and says what each changes.
    Sensitivity(SensitivityArgs),
    /// Says what each of several reforms or assumptions adds to an indicator.
    Attribute(AttributeArgs),
    /// Asks of a valuation or a result folder whether its figures agree with each other; exit code 1 when they do not.
    Verify(VerifyArgs),
    /// Shows where two valuations, or two result folders, differ; exit code 1 when they do.
    Diff(DiffArgs),
    /// Walks a number back to its formula, the numbers in between and the inputs with file and line; or says what a
    /// diagnostic code means.
    Explain(ExplainArgs),
    /// Lists the values of the assumptions under the paths that `--set` takes.
    Show(ShowArgs),
    /// Prints or writes the JSON schemas of the assumption files, for editors.
    Schema(SchemaArgs),
    /// Prints completions for a shell.
    Completions(CompletionsArgs),
    /// Prints the manual page, for `man -l`, or writes one for each command.
    Man(ManArgs),
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
    /// Lays the behaviour that the reforms declare over them; without it they are static.
    #[arg(long, requires = "reforms")]
    pub(crate) behaviour: bool,
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
            behaviour: match self.behaviour {
                true => Behaviour::Declared,
                false => Behaviour::Static,
            },
            set: self.set.clone(),
        }
    }

    /// Returns every path named.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &PathBuf> {
        self.scenario.iter().chain(&self.reforms)
    }
}

/// On how many threads a command runs.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct Threads {
    /// Number of threads; results do not depend on it. All cores when left out.
    #[arg(long = "threads", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) count: Option<u16>,
}

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(crate) struct CheckArgs {
    /// The valuation file; or a scheme file or a person file, each checked alone.
    #[arg(required_unless_present = "explain")]
    pub(crate) file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) overlays: OverlayArgs,
    /// Looks at the law of a scheme file from this day, 2024-01-01, on; from the first on which all its numbers have a
    /// value when left out.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<Date>,
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
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// How the summary, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `finance`.
#[derive(Debug, clap::Args)]
pub(crate) struct FinanceArgs {
    /// The file of accounts.
    pub(crate) file: PathBuf,
    /// The folder for the tables; an earlier result in it is replaced. Nothing is written when left out.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// How the results, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `solve`.
#[derive(Debug, clap::Args)]
pub(crate) struct SolveArgs {
    /// The valuation file; or a file of accounts, with the problems under `[solve]`.
    pub(crate) file: PathBuf,
    /// What is turned in a valuation: `contribution_rate`, `pensionable_age`, `accrual`, `indexation`, or the path of a
    /// provision, a series or a value.
    #[arg(long, value_name = "LEVER")]
    pub(crate) lever: Option<String>,
    /// What is to be reached: `SCOPE/MEASURE=VALUE`, `SCOPE/INDICATOR/YEAR=VALUE` or
    /// `ACCOUNT/not_exhausted_before/YEAR`.
    #[arg(long, value_name = "TARGET")]
    pub(crate) target: Option<String>,
    /// The year from which the lever acts; the third of the valuation when left out.
    #[arg(long, value_name = "YEAR", requires = "lever")]
    pub(crate) from: Option<i32>,
    /// The lowest value of the lever.
    #[arg(long, value_name = "VALUE", requires = "lever", allow_negative_numbers = true)]
    pub(crate) lowest: Option<f64>,
    /// The highest value of the lever.
    #[arg(long, value_name = "VALUE", requires = "lever", allow_negative_numbers = true)]
    pub(crate) highest: Option<f64>,
    /// Writes the reform that reaches the target; the file must not exist.
    #[arg(long, value_name = "FILE", requires = "lever")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) overlays: OverlayArgs,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// How the solutions, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `levers`.
#[derive(Debug, clap::Args)]
pub(crate) struct LeversArgs {
    /// The valuation file.
    pub(crate) file: PathBuf,
    /// The account.
    #[arg(long, value_name = "NAME")]
    pub(crate) account: String,
    /// The year from which the levers act; the third of the valuation when left out.
    #[arg(long, value_name = "YEAR")]
    pub(crate) from: Option<i32>,
    #[command(flatten)]
    pub(crate) overlays: OverlayArgs,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// How the table, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `person`.
#[derive(Debug, clap::Args)]
pub(crate) struct PersonArgs {
    /// The person file.
    pub(crate) file: PathBuf,
    /// A scheme file under whose law the person claims, instead of those that the file names; may be given several times.
    #[arg(long = "law", value_name = "FILE")]
    pub(crate) laws: Vec<PathBuf>,
    /// How the result, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `liabilities`.
#[derive(Debug, clap::Args)]
pub(crate) struct LiabilitiesArgs {
    /// The file of the plan.
    pub(crate) file: PathBuf,
    /// The folder for the tables; an earlier result in it is replaced. Without it, they are printed only.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// How the results, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `verify`.
#[derive(Debug, clap::Args)]
pub(crate) struct VerifyArgs {
    /// A valuation file, which is run, or a result folder.
    pub(crate) input: PathBuf,
    #[command(flatten)]
    pub(crate) overlays: OverlayArgs,
    /// How the identities are written.
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

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
pub(crate) struct CompareArgs {
    /// The valuation file: the baseline.
    pub(crate) file: PathBuf,
    /// The reform files, each valued alone beside the baseline.
    #[arg(required = true)]
    pub(crate) reforms: Vec<PathBuf>,
    /// The folder for the results; an earlier run in it is replaced.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// Lays a scenario file over the valuation, under every reform.
    #[arg(long, value_name = "FILE")]
    pub(crate) scenario: Option<PathBuf>,
    /// Sets one value in every run, written as in TOML; may be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) set: Vec<String>,
    /// Values each reform also so many years later: its dates and the years of its series are moved.
    #[arg(long, value_name = "YEARS", value_parser = clap::value_parser!(u8).range(1..=75))]
    pub(crate) delay: Option<u8>,
    /// Values everything also under this scenario file, to see whether the order of the options holds; may be given
    /// several times.
    #[arg(long, value_name = "FILE", conflicts_with = "scenario")]
    pub(crate) under: Vec<PathBuf>,
    /// A file with model persons of your own; a career with the name of a standard one takes its place.
    #[arg(long, value_name = "FILE")]
    pub(crate) model_persons: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// How the summary, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `sensitivity`.
#[derive(Debug, clap::Args)]
pub(crate) struct SensitivityArgs {
    /// The valuation file.
    #[arg(required_unless_present = "standard")]
    pub(crate) file: Option<PathBuf>,
    /// The folder for the results; an earlier one in it is replaced. Without it, the figures are printed only.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) overlays: OverlayArgs,
    /// A file with shifts, sets and shocks of your own; one with the name of a standard one takes its place.
    #[arg(long, value_name = "FILE")]
    pub(crate) shifts: Option<PathBuf>,
    /// Only these, by name, such as `wages` or `wages.down`; separated by commas, or given several times.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Also runs the shocks: pandemic, recession, conflict, drought and others.
    #[arg(long)]
    pub(crate) stress: bool,
    /// Also runs this scenario file as a set, such as the optimistic and the pessimistic one of a country; may be given
    /// several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) under: Vec<PathBuf>,
    /// Finds for each the smallest size that exhausts the reserve by the end of this year.
    #[arg(long, value_name = "YEAR")]
    pub(crate) exhausted_by: Option<i32>,
    /// The account of which the reserve is meant; every account with a reserve when left out.
    #[arg(long, value_name = "NAME", requires = "exhausted_by")]
    pub(crate) account: Option<String>,
    /// The largest size looked at, times the one in the file.
    #[arg(long, value_name = "TIMES", default_value_t = 5.0, requires = "exhausted_by")]
    pub(crate) largest: f64,
    /// Prints the standard set as a file that can be edited, and does nothing else.
    #[arg(long)]
    pub(crate) standard: bool,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// How the figures, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `attribute`.
#[derive(Debug, clap::Args)]
pub(crate) struct AttributeArgs {
    /// The valuation file; with `--previous`, the new one.
    pub(crate) file: PathBuf,
    /// Reform and scenario files, in the order in which they are laid.
    #[arg(required_unless_present = "previous", conflicts_with = "previous")]
    pub(crate) patches: Vec<PathBuf>,
    /// The previous valuation file: says what data, demography, economy, law and the rest changed since.
    #[arg(long, value_name = "FILE")]
    pub(crate) previous: Option<PathBuf>,
    /// What is explained: scope, indicator and year, such as `retirement/payg_rate/2060`; may be given several times.
    #[arg(long = "of", value_name = "SCOPE/INDICATOR/YEAR", required = true)]
    pub(crate) of: Vec<String>,
    /// How the effects are found.
    #[arg(long, value_enum, default_value_t, conflicts_with = "previous")]
    pub(crate) method: Method,
    /// Lays a scenario file over the valuation, under every patch.
    #[arg(long, value_name = "FILE", conflicts_with = "previous")]
    pub(crate) scenario: Option<PathBuf>,
    /// Sets one value in every run, written as in TOML; may be given several times.
    #[arg(long = "set", value_name = "PATH=VALUE", conflicts_with = "previous")]
    pub(crate) set: Vec<String>,
    /// The folder for the results; an earlier one in it is replaced. Without it, the tables are printed only.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// How the tables, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// How the effects of several patches are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    /// Each patch is laid over those before it.
    #[default]
    Order,
    /// The mean over all orders (Shapley), which does not depend on the order.
    Shapley,
    /// Each patch alone, and what they do together as an effect of its own.
    Alone,
}

/// Arguments of `diff`.
#[derive(Debug, clap::Args)]
pub(crate) struct DiffArgs {
    /// A valuation file or a result folder.
    pub(crate) first: PathBuf,
    /// Another of the same kind.
    pub(crate) second: PathBuf,
    /// How the differences are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

const ADDRESSES: &str = "\
A number is named by its table, the keys of its row in their order, the year, and the column where there are several:\n\n  \
  accounts/ACCOUNT/ITEM/PAYER/YEAR       accounts/retirement/benefit:old_age/2045\n  \
  beneficiaries/SCHEME/BENEFIT/SEX/AGE/YEAR/COLUMN\n  \
  indicators/SCOPE/INDICATOR/YEAR        financing/SCOPE/MEASURE\n\n\
Keys at the end may be left out, and * or a range of ages (65-, 15-64) names several rows, which are added. docs/explain.md \
lists the keys of every table.";

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = ADDRESSES)]
pub(crate) struct ExplainArgs {
    /// A result folder, a valuation file, or a diagnostic code such as A301.
    #[arg(value_name = "RUN|CODE")]
    pub(crate) target: PathBuf,
    /// The number, such as accounts/retirement/benefit:old_age/2045.
    #[arg(value_name = "TABLE/KEY/…/YEAR")]
    pub(crate) address: Option<String>,
    /// Names a row by its table instead.
    #[arg(long, value_name = "TABLE", requires = "row", conflicts_with = "address")]
    pub(crate) table: Option<String>,
    /// The row of that table; the first after the header is 1.
    #[arg(long, value_name = "N", requires = "table")]
    pub(crate) row: Option<usize>,
    /// How many rows of other tables deep the walk goes.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(0..=9))]
    pub(crate) depth: u8,
    /// The valuation file from which a result folder was made, where it is not found below the working directory.
    #[arg(long, value_name = "FILE")]
    pub(crate) inputs: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) overlays: OverlayArgs,
    /// How the explanation, or the faults, are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(crate) struct InitArgs {
    /// The folder to make; files that are there already are never overwritten.
    pub(crate) folder: PathBuf,
    /// What the valuation is about.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) template: Template,
    /// How the list of files is written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// What a new folder is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Template {
    /// Population, work and one pension scheme, with a reform and a scenario.
    #[default]
    Pension,
    /// The same with social health insurance, without reform and scenario.
    Health,
    /// Everything, with the last published year.
    All,
}

/// Arguments of `completions`.
#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

/// Arguments of `man`.
#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    /// Writes `perennis.1` and a page for each command into this folder instead of printing.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}
