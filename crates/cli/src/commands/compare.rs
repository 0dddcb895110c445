use std::path::{Path, PathBuf};
use std::time::Instant;

use perennis_assumptions::{
    Behaviour, Fault, Loaded, LoadedModelPersons, Overlays, Rejected, declares_behaviour,
    load_delayed, load_model_persons,
};
use perennis_report::{
    BASELINE, ComparedRun, ComparisonRecord, FreshFolder, RunFiles, RunLabel, WriteError,
    comparison_summary, write_comparison, write_run,
};
use perennis_valuation::{Model, Results, ValuationError, run_all};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::value::{failure, name, record, use_threads, warning};
use crate::args::{CompareArgs, Format};
use crate::exit::Failure;
use crate::faults::{as_json, complain_of, refuse, report_faults};
use crate::progress::Progress;
use crate::terminal::{detail, paths_exist, print, tell, width};

/// Values reforms beside a baseline and writes them side by side.
pub(crate) fn compare(args: &CompareArgs) -> Result<(), Failure> {
    use_threads(args.threads);
    let paths = args.reforms.iter().chain(&args.scenario).chain(&args.under);
    let paths = paths.chain(&args.model_persons);
    paths_exist(std::iter::once(&args.file).chain(paths).map(PathBuf::as_path))?;
    let plans = plans(args);
    let loaded = load_all(&args.file, plans.iter().map(|plan| plan.request()), args.format)?;
    let persons = model_persons(args, &loaded[0])?;
    let folder = FreshFolder::open(&args.out).map_err(|error| failure(error.into()))?;
    let models: Vec<&Model> = loaded.iter().map(|loaded| &loaded.model).collect();
    let progress = Progress::start("valuing", models.len());
    let start = Instant::now();
    let run = |at: usize, results: Result<Results, ValuationError>| {
        let kept = keep(&plans[at], (&loaded[at], &loaded[0]), results, (args, &folder, &persons));
        progress.step();
        kept
    };
    let (mut runs, mut kept) = (Vec::new(), Vec::new());
    let all = run_all(&models, run);
    drop(progress);
    detail(&format!("valued and wrote {} runs", models.len()), start);
    for (at, done) in all.into_iter().enumerate() {
        match done {
            Ok((run, files)) => {
                runs.push(run);
                kept.extend(files);
            }
            Err(Stopped::Valuation(error)) => {
                return Err(refuse(&loaded[at], &error, args.format)?);
            }
            Err(Stopped::Writing(error)) => return Err(failure(error)),
        }
    }
    let whole = ComparisonRecord {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        valuation: name(&args.file),
        options: options(args, &persons),
    };
    write_comparison(folder, &runs, &kept, &whole).map_err(failure)?;
    say(args, &runs, &loaded[0])
}

fn say(args: &CompareArgs, runs: &[ComparedRun], baseline: &Loaded) -> Result<(), Failure> {
    let out = args.out.display();
    if args.format == Format::Text {
        print(&comparison_summary(runs, width()))?;
        tell(&format!("results are in {out}; open {out}/report.html"));
        return Ok(());
    }
    let run = |run: &ComparedRun| {
        json!({
            "scenario": run.label.name,
            "under": run.label.under,
            "title": run.label.title,
            "delay_years": run.label.delay,
            "warnings": run.label.warnings,
            "figures": figures(run),
            "financing": financing(run),
        })
    };
    print(&format!(
        "{:#}",
        json!({
            "status": "ok",
            "out": args.out,
            "report": args.out.join("report.html"),
            "runs": runs.iter().map(run).collect::<Vec<_>>(),
            "warnings": as_json(&baseline.warnings),
        })
    ))
}

/// Returns every indicator of a run in its first and its last year.
fn figures(run: &ComparedRun) -> Vec<Value> {
    let (first, last) = run.ends();
    let of_year = |year: i32| {
        run.indicators().filter_map(move |(scope, name)| {
            let value = run.value(scope, name, year)?;
            let unit = run.unit(scope, name).unwrap_or_default();
            Some(json!({
                "year": year, "scope": scope, "indicator": name, "value": value, "unit": unit,
            }))
        })
    };
    of_year(first).chain(of_year(last)).collect()
}

/// Returns premiums, balances and key dates of a run.
fn financing(run: &ComparedRun) -> Vec<Value> {
    let measure = run.measures().filter_map(|(scope, name)| {
        let (value, unit) = run.measure_of(scope, name)?;
        Some(json!({ "scope": scope, "measure": name, "value": value, "unit": unit }))
    });
    measure.collect()
}

/// A run to make: its names, what lies over the valuation, and by how many years reforms are later.
struct Plan {
    label: RunLabel,
    overlays: Overlays,
}

impl Plan {
    fn request(&self) -> (Overlays, i32) {
        (self.overlays.clone(), self.label.delay)
    }

    /// What changes the results of this run, for its manifest.
    fn options(&self) -> Vec<(String, String)> {
        let scenario = self.overlays.scenario.iter().map(|path| ("scenario", name(path)));
        let reforms = self.overlays.reforms.iter().map(|path| ("reform", name(path)));
        let set = self.overlays.set.iter().map(|text| ("set", text.clone()));
        let delay = (self.label.delay != 0).then(|| ("delay", self.label.delay.to_string()));
        let behaviour = self.overlays.behaviour == Behaviour::Declared;
        let behaviour = behaviour.then(|| ("behaviour", "declared".to_owned()));
        let all = scenario.chain(reforms).chain(behaviour).chain(delay).chain(set);
        all.map(|(option, value)| (option.to_owned(), value)).collect()
    }
}

/// Returns the runs in the order of the tables: under each set of assumptions the baseline, then each reform, beside it
/// the same with the behaviour that it declares, and both some years later.
fn plans(args: &CompareArgs) -> Vec<Plan> {
    let unders = std::iter::once(None).chain(args.under.iter().map(Some));
    let under_names = distinct_names(args.under.iter().map(|path| stem(path)), &[]);
    let responds: Vec<bool> = args.reforms.iter().map(|path| declares_behaviour(path)).collect();
    let names = reform_names(args, &responds);
    let mut plans = Vec::new();
    for (position, under) in unders.enumerate() {
        let under_name = match position.checked_sub(1) {
            Some(before) => under_names[before].clone(),
            None => String::new(),
        };
        let mut plan = |kind: Option<(&PathBuf, &str)>, behaviour: Behaviour, delay: i32| {
            let reform = kind.map(|(path, _)| path);
            let (name, label) = named(kind.map(|(_, name)| name), behaviour, delay);
            plans.push(Plan {
                label: RunLabel {
                    name,
                    label,
                    file: reform.map(|path| self::name(path)).unwrap_or_default(),
                    delay,
                    with_behaviour: behaviour == Behaviour::Declared,
                    under: under_name.clone(),
                    ..RunLabel::default()
                },
                overlays: Overlays {
                    scenario: under.or(args.scenario.as_ref()).cloned(),
                    reforms: reform.into_iter().cloned().collect(),
                    behaviour,
                    set: args.set.clone(),
                },
            });
        };
        plan(None, Behaviour::Static, 0);
        for ((path, name), responds) in args.reforms.iter().zip(&names).zip(&responds) {
            let later = args.delay.map(i32::from);
            for delay in std::iter::once(0).chain(later) {
                plan(Some((path, name)), Behaviour::Static, delay);
                if *responds {
                    plan(Some((path, name)), Behaviour::Declared, delay);
                }
            }
        }
    }
    plans
}

/// Returns the names of the reforms, kept apart from one another and from those of their runs with behaviour or some years
/// later.
fn reform_names(args: &CompareArgs, responds: &[bool]) -> Vec<String> {
    let mut taken = vec![BASELINE.to_owned(), "tables".to_owned()];
    for (path, responds) in args.reforms.iter().zip(responds) {
        let behaviours = [Behaviour::Static, Behaviour::Declared];
        for behaviour in behaviours.into_iter().take(if *responds { 2 } else { 1 }) {
            for delay in std::iter::once(0).chain(args.delay.map(i32::from)) {
                let (name, _) = named(Some(&stem(path)), behaviour, delay);
                if name != stem(path) {
                    taken.push(name);
                }
            }
        }
    }
    let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
    distinct_names(args.reforms.iter().map(|path| stem(path)), &taken)
}

/// Returns name and label of a run.
fn named(reform: Option<&str>, behaviour: Behaviour, delay: i32) -> (String, String) {
    let Some(reform) = reform else { return (BASELINE.to_owned(), "Baseline".to_owned()) };
    let (mut name, mut label) = (reform.to_owned(), in_words(reform));
    if behaviour == Behaviour::Declared {
        name.push_str("_with_behaviour");
        label.push_str(", with behaviour");
    }
    if delay != 0 {
        name.push_str(&format!("_delayed_{delay}"));
        label.push_str(&format!(", {delay} years later"));
    }
    (name, label)
}

/// Keeps names apart from one another and from those that are taken: the second `age` is `age_2`.
pub(crate) fn distinct_names(names: impl Iterator<Item = String>, taken: &[&str]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names {
        let free = |name: &String| !kept.contains(name) && !taken.contains(&name.as_str());
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let name = std::iter::once(name.clone()).chain(numbered).find(free);
        kept.extend(name);
    }
    kept
}

/// Returns the name of a file without its ending.
pub(crate) fn stem(path: &Path) -> String {
    path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// Turns the name of a file into words.
pub(crate) fn in_words(name: &str) -> String {
    let spaced = name.replace(['_', '-'], " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Loads every run; the faults of all are reported together, each once.
pub(crate) fn load_all(
    file: &Path,
    requests: impl Iterator<Item = (Overlays, i32)>,
    format: Format,
) -> Result<Vec<Loaded>, Failure> {
    let requests: Vec<(Overlays, i32)> = requests.collect();
    let read = |(overlays, delay): &(Overlays, i32)| load_delayed(file, overlays, *delay);
    let loaded: Vec<Result<Loaded, Box<Rejected>>> = requests.par_iter().map(read).collect();
    settle(loaded, format)
}

/// Returns what was loaded, or reports the faults of all runs together, each once.
pub(crate) fn settle(
    loaded: Vec<Result<Loaded, Box<Rejected>>>,
    format: Format,
) -> Result<Vec<Loaded>, Failure> {
    let (mut sound, mut faults, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    for one in loaded {
        match one {
            Ok(loaded) => {
                add_new(&mut warnings, loaded.warnings.clone());
                sound.push(loaded);
            }
            Err(rejected) => {
                add_new(&mut faults, rejected.faults);
                add_new(&mut warnings, rejected.warnings);
            }
        }
    }
    if !faults.is_empty() {
        return Err(report_faults(&Rejected { faults, warnings }, format)?);
    }
    if format == Format::Text {
        complain_of(&warnings);
    }
    Ok(sound)
}

fn add_new(known: &mut Vec<Fault>, found: Vec<Fault>) {
    for fault in found {
        if !known.iter().any(|known| is_same(known, &fault)) {
            known.push(fault);
        }
    }
}

/// Says whether two runs found the same: other layers number the files otherwise.
fn is_same(one: &Fault, other: &Fault) -> bool {
    let place = |fault: &Fault| {
        fault.place.as_ref().map(|place| (place.file.clone(), place.line, place.column))
    };
    one.code == other.code && one.reason == other.reason && place(one) == place(other)
}

/// Why a run was not made or not written.
enum Stopped {
    Valuation(ValuationError),
    Writing(WriteError),
}

/// Writes the results of a run under the assumptions of the valuation, and keeps of every run what is compared.
fn keep(
    plan: &Plan,
    (loaded, baseline): (&Loaded, &Loaded),
    results: Result<Results, ValuationError>,
    (args, folder, persons): (&CompareArgs, &FreshFolder, &LoadedModelPersons),
) -> Result<(ComparedRun, Option<RunFiles>), Stopped> {
    let results = results.map_err(Stopped::Valuation)?;
    let files = plan.label.under.is_empty().then(|| {
        let record = record(loaded, &results, (name(&args.file), plan.options()));
        write_run(folder, &plan.label.name, &results, &record)
    });
    let files = files.transpose().map_err(Stopped::Writing)?;
    let mut label = plan.label.clone();
    if let Some(patch) = loaded.patches.iter().rfind(|patch| patch.layer == "reform") {
        label.title.clone_from(&patch.title);
        label.source.clone_from(&patch.source);
        if label.delay != 0 && !patch.moved {
            label.label.push_str(" (not moved)");
        }
    }
    let known = |fault: &Fault| baseline.warnings.iter().any(|known| is_same(known, fault));
    let new = loaded.warnings.iter().filter(|fault| !known(fault));
    label.warnings = new.map(warning).collect();
    let model = &loaded.model;
    let run = ComparedRun::of(label, model, &results);
    Ok((run.with_lives(model, &results, &persons.persons), files))
}

/// Options of the whole comparison, in the order in which they apply.
fn options(args: &CompareArgs, persons: &LoadedModelPersons) -> Vec<(String, String)> {
    let scenario = args.scenario.iter().map(|path| ("scenario", name(path)));
    let reforms = args.reforms.iter().map(|path| ("reform", name(path)));
    let delay = args.delay.map(|years| ("delay", years.to_string()));
    let under = args.under.iter().map(|path| ("under", name(path)));
    let set = args.set.iter().map(|text| ("set", text.clone()));
    let own = persons.inputs.iter();
    let own = own.map(|input| ("model_persons", format!("{} ({})", input.name, input.sha256)));
    let all = scenario.chain(reforms).chain(delay).chain(under).chain(set).chain(own);
    all.map(|(option, value)| (option.to_owned(), value)).collect()
}

/// Reads the model persons that are followed under every option.
fn model_persons(args: &CompareArgs, baseline: &Loaded) -> Result<LoadedModelPersons, Failure> {
    let currency = &baseline.model.title.currency;
    match load_model_persons(args.model_persons.as_deref(), currency) {
        Ok(persons) => {
            if args.format == Format::Text {
                complain_of(&persons.warnings);
            }
            Ok(persons)
        }
        Err(rejected) => Err(report_faults(&rejected, args.format)?),
    }
}
