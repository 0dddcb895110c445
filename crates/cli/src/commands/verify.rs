use std::fs;
use std::path::Path;

use perennis_report::{
    Identity, RunRecord, identities, identities_of, tables, verification_json, verification_text,
};
use perennis_valuation::run;

use crate::args::{Format, VerifyArgs};
use crate::exit::Failure;
use crate::faults::{load_or_report, refuse};
use crate::terminal::{paths_exist, print};

/// Asks every identity of a result, or of a valuation that is run for it.
pub(crate) fn verify(args: &VerifyArgs) -> Result<(), Failure> {
    let found = if args.input.is_dir() { of_folder(&args.input)? } else { of_valuation(args)? };
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
    let made = tables(&results, &RunRecord::default());
    Ok(identities_of(&made.unwrap_or_else(|error| panic!("{error}"))))
}

fn of_folder(folder: &Path) -> Result<Vec<Identity>, Failure> {
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
    Ok(identities(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))))
}
