use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use perennis_assumptions::{Fault, Loaded, Provenance};
use perennis_report::{AssumptionRecord, InputFile, RunRecord, WriteError, summary, write_results};
use perennis_valuation::{Results, run};
use serde_json::{Value, json};

use crate::args::{Format, OverlayArgs, Threads, ValueArgs};
use crate::exit::Failure;
use crate::faults::{as_json, load_or_report, refuse};
use crate::progress::Progress;
use crate::terminal::{complain, detail, print, tell, width};

/// Runs a valuation and writes its results.
pub(crate) fn value(args: &ValueArgs) -> Result<(), Failure> {
    use_threads(args.threads);
    let start = Instant::now();
    let loaded = load_or_report(&args.file, &args.overlays, args.format)?;
    let counts = (loaded.provenance.len(), loaded.inputs.len());
    detail(&format!("read {} values in {} files", counts.0, counts.1), start);
    let progress = Progress::start("valuing", 1);
    let start = Instant::now();
    let results = match run(&loaded.model) {
        Ok(results) => results,
        Err(error) => {
            drop(progress);
            return Err(refuse(&loaded, &error, args.format)?);
        }
    };
    drop(progress);
    detail(&format!("valued {} years", results.population.years.count()), start);
    let progress = Progress::start("writing", 1);
    let start = Instant::now();
    let record = record(&loaded, &results, (name(&args.file), options(&args.overlays)));
    write_results(&results, &record, &args.out).map_err(failure)?;
    drop(progress);
    detail("wrote tables and report", start);
    let out = args.out.display();
    match args.format {
        Format::Text => {
            print(&summary(&results, &record, width()))?;
            tell(&format!("results are in {out}; open {out}/report.html"));
            Ok(())
        }
        Format::Json => print(&format!(
            "{:#}",
            json!({
                "status": "ok",
                "out": args.out,
                "report": args.out.join("report.html"),
                "warnings": as_json(&loaded.warnings),
                "run_warnings": results.warnings(),
                "figures": figures(&results),
                "financing": financing(&results),
            })
        )),
    }
}

/// Returns every indicator of the first and of the last year.
fn figures(results: &Results) -> Vec<Value> {
    let years = results.population.years;
    let ends = [years.first().get(), years.last().get()];
    let all = results.measured.indicators.iter().filter(|one| ends.contains(&one.year));
    let figure = all.map(|one| {
        json!({
            "year": one.year,
            "scope": one.scope,
            "indicator": one.indicator,
            "value": one.value,
            "unit": one.unit,
        })
    });
    figure.collect()
}

/// Returns premiums, balances and key dates; a date that does not come is null.
fn financing(results: &Results) -> Vec<Value> {
    let measures = results.finance.as_ref().map(|finance| finance.measures());
    let measures = measures.into_iter().flatten();
    let measure = measures.map(|one| {
        json!({
            "scope": one.scope,
            "measure": one.measure,
            "value": one.value,
            "unit": one.unit,
        })
    });
    measure.collect()
}

/// Sets the number of threads of this process; all cores when none is asked for.
pub(crate) fn use_threads(threads: Threads) {
    let wanted = threads.count.map(usize::from).and_then(NonZeroUsize::new);
    let Some(wanted) = wanted else { return };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(wanted.get());
    if let Err(error) = pool.build_global() {
        complain(&format!("warning: the number of threads stays as it is: {error}"));
    }
}

/// A table or a page that cannot be made is a fault of the program, and ends it as one.
pub(crate) fn failure(error: WriteError) -> Failure {
    match error {
        WriteError::Folder(error) => Failure::System(error.to_string()),
        WriteError::Table(_) | WriteError::Html(_) => panic!("{error}"),
    }
}

/// Gathers what the results were made from; nothing that changes from run to run.
pub(crate) fn record(
    loaded: &Loaded,
    results: &Results,
    (valuation, options): (String, Vec<(String, String)>),
) -> RunRecord {
    let derived: Vec<&str> = loaded.notes.iter().map(|note| note.path.as_str()).collect();
    let inputs = loaded
        .inputs
        .iter()
        .map(|input| InputFile { path: input.name.clone(), sha256: input.sha256.clone() });
    let mut warnings: Vec<String> = loaded.warnings.iter().map(warning).collect();
    warnings.extend(results.warnings());
    RunRecord {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        valuation,
        options,
        inputs: inputs.collect(),
        seed: None,
        assumptions: loaded.provenance.iter().map(|value| assumption(value, &derived)).collect(),
        notes: loaded
            .notes
            .iter()
            .map(|note| format!("{} ({}): {}", note.path, note.kind.as_str(), note.text))
            .collect(),
        warnings,
        not_modelled: loaded.not_modelled.clone(),
    }
}

/// Overlays are named by their files alone, so that the same files in another folder give the same bytes.
pub(crate) fn options(overlays: &OverlayArgs) -> Vec<(String, String)> {
    let scenario = overlays.scenario.iter().map(|path| ("scenario".to_owned(), name(path)));
    let reforms = overlays.reforms.iter().map(|path| ("reform".to_owned(), name(path)));
    let set = overlays.set.iter().map(|text| ("set".to_owned(), text.clone()));
    let behaviour = overlays.behaviour.then(|| ("behaviour".to_owned(), "declared".to_owned()));
    scenario.chain(reforms).chain(behaviour).chain(set).collect()
}

pub(crate) fn name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// A value counts as derived when a note says so of itself or of a table that holds it.
fn is_derived(path: &str, derived: &[&str]) -> bool {
    derived.iter().any(|noted| {
        let rest = path.strip_prefix(noted);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    })
}

fn assumption(value: &Provenance, derived: &[&str]) -> AssumptionRecord {
    AssumptionRecord {
        path: value.path.clone(),
        value: value.value.clone(),
        unit: value.unit.clone().unwrap_or_default(),
        source: value.source.clone().unwrap_or_default(),
        checked: value.checked,
        derived: is_derived(&value.path, derived),
        note: value.note.clone().unwrap_or_default(),
    }
}

/// Names the place by its path in the assumptions: files are named differently from other working directories.
pub(crate) fn warning(fault: &Fault) -> String {
    let path = if fault.path.is_empty() { String::new() } else { format!("{}: ", fault.path) };
    format!("{} {path}{}", fault.code.as_str(), fault.reason)
}
