use std::path::Path;

use perennis_assumptions::{Fault, LoadedAccounts, Rejected, load_accounts};
use perennis_report::{
    InputFile, RunRecord, WriteError, solutions_json, solutions_text, study_json, study_text,
    write_study,
};

use crate::args::{FinanceArgs, Format};
use crate::exit::Failure;
use crate::faults::{complain_of, report_faults};
use crate::terminal::{paths_exist, print, tell};

/// Rolls accounts that are given as tables forward, measures them and prints or writes what comes of it.
pub(crate) fn finance(args: &FinanceArgs) -> Result<(), Failure> {
    let loaded = loaded(&args.file, args.format)?;
    let study = &loaded.study;
    let results = match study.run() {
        Ok(results) => results,
        Err(errors) => {
            let faults = errors.iter().map(|error| loaded.fault_of(error)).collect();
            return refuse(&loaded, faults, args.format);
        }
    };
    if let Some(out) = &args.out {
        write_study(study, &results, &record(&loaded, &args.file), out).map_err(failure)?;
    }
    match args.format {
        Format::Text => print(&study_text(study, &results))?,
        Format::Json => print(&format!("{:#}", study_json(study, &results)))?,
    }
    if let (Some(out), Format::Text) = (&args.out, args.format) {
        tell(&format!("results are in {}", out.display()));
    }
    Ok(())
}

/// Turns the levers that a file of accounts names until their targets are met.
pub(super) fn solve_accounts(file: &Path, format: Format) -> Result<(), Failure> {
    let loaded = loaded(file, format)?;
    if loaded.study.problems.is_empty() {
        let file = file.display();
        return Err(Failure::Usage(format!("`{file}` names no problem; add [solve.<name>]")));
    }
    match loaded.study.solve() {
        Ok(solved) => match format {
            Format::Text => print(&solutions_text(&loaded.study, &solved)),
            Format::Json => print(&format!("{:#}", solutions_json(&loaded.study, &solved))),
        },
        Err(errors) => {
            let faults = errors.iter().map(|error| loaded.fault_of(error)).collect();
            refuse(&loaded, faults, format)
        }
    }
}

fn loaded(file: &Path, format: Format) -> Result<LoadedAccounts, Failure> {
    paths_exist(std::iter::once(file))?;
    match load_accounts(file) {
        Ok(loaded) => {
            if format == Format::Text {
                complain_of(&loaded.warnings);
            }
            Ok(loaded)
        }
        Err(rejected) => Err(report_faults(&rejected, format)?),
    }
}

/// Reports why accounts that were read without fault give no answer.
fn refuse(loaded: &LoadedAccounts, faults: Vec<Fault>, format: Format) -> Result<(), Failure> {
    let shown_already = format == Format::Text;
    let warnings = if shown_already { Vec::new() } else { loaded.warnings.clone() };
    Err(report_faults(&Rejected { faults, warnings }, format)?)
}

fn record(loaded: &LoadedAccounts, file: &Path) -> RunRecord {
    let inputs = loaded.inputs.iter();
    let name =
        file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    RunRecord {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        valuation: name,
        inputs: inputs
            .map(|input| InputFile { path: input.name.clone(), sha256: input.sha256.clone() })
            .collect(),
        ..RunRecord::default()
    }
}

/// A table that cannot be made is a fault of the program, and ends it as one.
fn failure(error: WriteError) -> Failure {
    match error {
        WriteError::Folder(error) => Failure::System(error.to_string()),
        WriteError::Table(_) | WriteError::Html(_) => panic!("{error}"),
    }
}
