use perennis_assumptions::{Rejected, load_liabilities};
use perennis_report::{
    InputFile, RunRecord, WriteError, liabilities_json, liabilities_text, write_liabilities,
};

use crate::args::{Format, LiabilitiesArgs};
use crate::exit::Failure;
use crate::faults::{complain_of, report_faults};
use crate::terminal::{paths_exist, print, tell};

/// Values the liabilities of a plan and prints or writes them.
pub(crate) fn liabilities(args: &LiabilitiesArgs) -> Result<(), Failure> {
    paths_exist(std::iter::once(args.file.as_path()))?;
    let loaded = match load_liabilities(&args.file) {
        Ok(loaded) => loaded,
        Err(rejected) => return Err(report_faults(&rejected, args.format)?),
    };
    if args.format == Format::Text {
        complain_of(&loaded.warnings);
    }
    let study = &loaded.study;
    let results = match study.run() {
        Ok(results) => results,
        Err(error) => {
            let shown_already = args.format == Format::Text;
            let warnings = if shown_already { Vec::new() } else { loaded.warnings.clone() };
            let faults = vec![loaded.fault_of(&error)];
            return Err(report_faults(&Rejected { faults, warnings }, args.format)?);
        }
    };
    if let Some(out) = &args.out {
        let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned());
        let inputs = loaded.inputs.iter();
        let record = RunRecord {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            valuation: name.unwrap_or_default(),
            inputs: inputs
                .map(|input| InputFile { path: input.name.clone(), sha256: input.sha256.clone() })
                .collect(),
            ..RunRecord::default()
        };
        write_liabilities(study, &results, &record, out).map_err(failure)?;
    }
    match args.format {
        Format::Text => print(&liabilities_text(study, &results))?,
        Format::Json => print(&format!("{:#}", liabilities_json(study, &results)))?,
    }
    if let (Some(out), Format::Text) = (&args.out, args.format) {
        tell(&format!("results are in {}", out.display()));
    }
    Ok(())
}

/// A table that cannot be made is a fault of the program, and ends it as one.
fn failure(error: WriteError) -> Failure {
    match error {
        WriteError::Folder(error) => Failure::System(error.to_string()),
        WriteError::Table(_) | WriteError::Html(_) => panic!("{error}"),
    }
}
