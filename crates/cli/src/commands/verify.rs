use std::fs;
use std::path::Path;

use perennis_assumptions::Loaded;
use perennis_report::{
    Identity, RunRecord, identities, identities_by_generations, identities_of, tables,
    verification_json, verification_text,
};
use perennis_valuation::{Results, SecondError, by_generations, run};

use crate::args::{Format, VerifyArgs};
use crate::exit::Failure;
use crate::faults::{load_or_report, refuse};
use crate::terminal::{complain, paths_exist, print};

use super::explain::Found;

/// Asks every identity of a result, or of a valuation that is run for it.
pub(crate) fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    let found = if args.input.is_dir() { of_folder(args)? } else { of_valuation(args)? };
    match args.format {
        Format::Text => print(&verification_text(&found))?,
        Format::Json => print(&format!("{:#}", verification_json(&found)))?,
    }
    if found.iter().all(Identity::holds) { Ok(()) } else { Err(Failure::Different) }
}

fn of_valuation(args: &VerifyArgs) -> Result<Vec<Identity>, Failure> {
    paths_exist(std::iter::once(args.input.as_path()))?;
    let loaded = load_or_report(&args.input, &args.overlays, args.format)?;
    let results = match run(&loaded.model) {
        Ok(results) => results,
        Err(error) => return Err(refuse(&loaded, &error, args.format)?),
    };
    let made = tables(&results, &RunRecord::default()).unwrap_or_else(|error| panic!("{error}"));
    let mut found = identities_of(&made);
    let bytes = made.iter().map(|table| (table.file, table.bytes.as_slice()));
    found.extend(second(&loaded, (&results, bytes), args.format)?);
    Ok(found)
}

/// Calculates the schemes a second time, by generations, and compares.
fn second<'a>(
    loaded: &Loaded,
    (results, made): (&Results, impl Iterator<Item = (&'a str, &'a [u8])>),
    format: Format,
) -> Result<Vec<Identity>, Failure> {
    match by_generations(&loaded.model, results) {
        Ok(schemes) => Ok(identities_by_generations(made, (results, &schemes))),
        Err(SecondError::Run(error)) => Err(refuse(loaded, &error, format)?),
        Err(SecondError::Generations(error)) => {
            complain(&format!("warning: there is no second calculation by generations: {error}"));
            Ok(Vec::new())
        }
    }
}

fn of_folder(args: &VerifyArgs) -> Result<Vec<Identity>, Failure> {
    let folder = args.input.as_path();
    if !folder.join("manifest.json").is_file() {
        let folder = folder.display();
        return Err(Failure::Usage(format!(
            "`{folder}` is no result folder: it has no manifest.json"
        )));
    }
    let home = folder.join("tables");
    let failed = |path: &Path, error: std::io::Error| {
        Failure::System(format!("reading `{}` failed: {error}", path.display()))
    };
    let entries = fs::read_dir(&home).map_err(|error| failed(&home, error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| failed(&home, error))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let bytes = fs::read(&path).map_err(|error| failed(&path, error))?;
        files.push((name.unwrap_or_default(), bytes));
    }
    files.sort();
    let made = || files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    let mut found = identities(made());
    let Some(of_run) = Found::of_folder(folder) else {
        complain(
            "warning: the files from which the run was made are changed or not below the working directory, so that there \
             is no second calculation by generations",
        );
        return Ok(found);
    };
    match run(&of_run.loaded.model) {
        Ok(results) => found.extend(second(&of_run.loaded, (&results, made()), args.format)?),
        Err(error) => return Err(refuse(&of_run.loaded, &error, args.format)?),
    }
    Ok(found)
}
