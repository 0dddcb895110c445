use std::path::{Path, PathBuf};

use perennis_assumptions::{
    Alternative, Loaded, Overlays, STANDARD_SENSITIVITIES, Sensitivity, SensitivityKind,
    did_you_mean, load, load_sensitivities,
};
use perennis_report::{
    ComparedRun, FreshFolder, InputFile, NotRun, RunLabel, RunRecord, SensitivityResult,
    SensitivityRun, sensitivity_json, sensitivity_text, write_sensitivity,
};
use perennis_units::YearRange;
use perennis_valuation::{Model, Results, ValuationError, run, run_all};
use rayon::prelude::*;

use super::compare::{settle, stem};
use super::reverse_stress::{Asked, reverse_stress};
use super::value::{failure, name, options, record, use_threads};
use crate::args::{Format, SensitivityArgs};
use crate::exit::Failure;
use crate::faults::{load_or_report, refuse, report_faults};
use crate::progress::Progress;
use crate::terminal::{paths_exist, print, tell};

/// Moves one assumption at a time, sets of them and shocks, and writes what each changes.
pub(crate) fn sensitivity(args: &SensitivityArgs) -> Result<(), Failure> {
    if args.standard {
        return print(STANDARD_SENSITIVITIES);
    }
    let Some(file) = &args.file else { return Ok(()) };
    use_threads(args.threads);
    let paths = args.overlays.paths().chain(&args.shifts).chain(&args.under);
    paths_exist(std::iter::once(file).chain(paths).map(PathBuf::as_path))?;
    let loaded = load_or_report(file, &args.overlays, args.format)?;
    let set = match load_sensitivities(args.shifts.as_deref()) {
        Ok(set) => set,
        Err(rejected) => return Err(report_faults(&rejected, args.format)?),
    };
    let chosen = chosen(args, &set.all)?;
    let folder = args.out.as_ref().map(|out| FreshFolder::open(out)).transpose();
    let folder = folder.map_err(|error| failure(error.into()))?;
    let mut not_run = Vec::new();
    let plans = plans(args, (file, &loaded), &chosen, &mut not_run)?;
    let mut result = valued(args, &loaded, &plans, not_run)?;
    if let Some(year) = args.exhausted_by {
        let asked = Asked {
            model: &loaded.model,
            year,
            account: args.account.as_deref(),
            largest: args.largest,
        };
        result.reverse = reverse_stress(&asked, &chosen)?;
    }
    if let Some(folder) = folder {
        let mut record = base(args, file, &loaded)?;
        let own = set.inputs.iter();
        record.inputs.extend(
            own.map(|one| InputFile { path: one.name.clone(), sha256: one.sha256.clone() }),
        );
        write_sensitivity(folder, &result, &record).map_err(failure)?;
    }
    say(args, &result)
}

fn say(args: &SensitivityArgs, result: &SensitivityResult) -> Result<(), Failure> {
    if args.format == Format::Json {
        return print(&format!("{:#}", sensitivity_json(result)));
    }
    print(&sensitivity_text(result))?;
    if let Some(out) = &args.out {
        let out = out.display();
        tell(&format!("results are in {out}; open {out}/report.html"));
    }
    Ok(())
}

/// What the results were made from.
fn base(args: &SensitivityArgs, file: &Path, loaded: &Loaded) -> Result<RunRecord, Failure> {
    let results = match run(&loaded.model) {
        Ok(results) => results,
        Err(error) => return Err(refuse(loaded, &error, args.format)?),
    };
    let mut all = options(&args.overlays);
    let shifts = args.shifts.iter().map(|path| ("shifts", name(path)));
    let only = args.only.iter().map(|name| ("only", name.clone()));
    let stress = args.stress.then(|| ("stress", "yes".to_owned()));
    let under = args.under.iter().map(|path| ("under", name(path)));
    let by = args.exhausted_by.map(|year| ("exhausted_by", year.to_string()));
    let account = args.account.iter().map(|name| ("account", name.clone()));
    let largest = args.exhausted_by.map(|_| ("largest", args.largest.to_string()));
    let more =
        shifts.chain(only).chain(stress).chain(under).chain(by).chain(account).chain(largest);
    all.extend(more.map(|(option, value)| (option.to_owned(), value)));
    Ok(record(loaded, &results, (name(file), all)))
}

/// A shift, set or shock with the sides that are asked for.
pub(super) type Chosen<'a> = (&'a Sensitivity, Vec<&'a Alternative>);

/// Returns what `--only` and `--stress` ask for; a name that there is not is a fault of usage.
fn chosen<'a>(args: &SensitivityArgs, all: &'a [Sensitivity]) -> Result<Vec<Chosen<'a>>, Failure> {
    let full = |one: &Sensitivity, side: &Alternative| match side.side.as_str() {
        "" => one.name.clone(),
        side => format!("{}.{side}", one.name),
    };
    for wanted in &args.only {
        let names =
            || all.iter().flat_map(|one| one.alternatives.iter().map(move |side| full(one, side)));
        if names().chain(all.iter().map(|one| one.name.clone())).all(|name| name != *wanted) {
            let known: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
            let near = did_you_mean(wanted, known.iter().copied());
            let hint = near.map_or_else(
                || format!("; there are {}", known.join(", ")),
                |near| format!("; did you mean `{near}`?"),
            );
            return Err(Failure::Usage(format!("there is no sensitivity `{wanted}`{hint}")));
        }
    }
    let of_kind = |one: &&Sensitivity| {
        !args.only.is_empty() || args.stress || one.kind != SensitivityKind::Shock
    };
    let chosen = all.iter().filter(of_kind).map(|one| {
        let named = |side: &&Alternative| {
            args.only.is_empty()
                || args.only.contains(&one.name)
                || args.only.contains(&full(one, side))
        };
        (one, one.alternatives.iter().filter(named).collect::<Vec<_>>())
    });
    Ok(chosen.filter(|(_, sides)| !sides.is_empty()).collect())
}

/// A run to make: what it is, and its model.
struct Plan {
    kind: &'static str,
    name: String,
    title: String,
    source: String,
    side: String,
    alternative: String,
    changes: Vec<String>,
    limited: usize,
    model: Model,
}

/// Changes the model for every run; what the valuation has nothing of is kept in `not_run`.
fn plans(
    args: &SensitivityArgs,
    (file, loaded): (&Path, &Loaded),
    chosen: &[Chosen<'_>],
    not_run: &mut Vec<NotRun>,
) -> Result<Vec<Plan>, Failure> {
    let all: Vec<(&Sensitivity, &Alternative)> = chosen
        .iter()
        .flat_map(|(one, sides)| sides.iter().map(move |side| (*one, *side)))
        .collect();
    let again = |set: &[String]| -> Overlays {
        let mut overlays = args.overlays.overlays();
        overlays.set.extend(set.iter().cloned());
        overlays
    };
    let others: Vec<Option<Loaded>> = all
        .par_iter()
        .map(|(_, side)| (!side.set.is_empty()).then(|| load(file, &again(&side.set))))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|found| found.map(|found| Ok(settle(vec![found], args.format)?.remove(0))).transpose())
        .collect::<Result<_, Failure>>()?;
    let years = loaded.model.demography.years;
    let made: Vec<Result<Plan, NotRun>> = all
        .par_iter()
        .zip(&others)
        .map(|((one, side), other)| {
            let model = other.as_ref().map_or(&loaded.model, |other| &other.model);
            plan((one, side), model, years)
        })
        .collect();
    let mut plans = Vec::new();
    for one in made {
        match one {
            Ok(plan) => plans.push(plan),
            Err(why) => not_run.push(why),
        }
    }
    plans.extend(scenarios(args, file)?);
    Ok(plans)
}

fn plan(
    (one, side): (&Sensitivity, &Alternative),
    model: &Model,
    years: YearRange,
) -> Result<Plan, NotRun> {
    let not = |why: String| NotRun {
        name: match side.side.as_str() {
            "" => one.name.clone(),
            side => format!("{}.{side}", one.name),
        },
        title: one.title.clone(),
        why,
    };
    let (model, acted) = model.changed(&side.changes).map_err(|error| not(error.to_string()))?;
    let touched: usize = acted.iter().map(|one| one.values).sum();
    if touched == 0 && side.set.is_empty() {
        return Err(not("the valuation has nothing of the kind, or it is zero".into()));
    }
    let changes = side.changes.iter().map(|change| change.words(years));
    Ok(Plan {
        kind: one.kind.as_str(),
        name: one.name.clone(),
        title: one.title.clone(),
        source: one.source.clone(),
        side: side.side.clone(),
        alternative: side.title.clone(),
        changes: changes.chain(side.set.iter().cloned()).collect(),
        limited: acted.iter().map(|one| one.limited).sum(),
        model,
    })
}

/// Loads the scenario files that are run as sets.
fn scenarios(args: &SensitivityArgs, file: &Path) -> Result<Vec<Plan>, Failure> {
    let loaded = args.under.iter().map(|path| {
        let mut overlays = args.overlays.overlays();
        overlays.reforms.insert(0, path.clone());
        load(file, &overlays)
    });
    let loaded = settle(loaded.collect(), args.format)?;
    let plan = |(path, loaded): (&PathBuf, Loaded)| {
        let patch = loaded.patches.iter().find(|patch| patch.layer == "reform");
        let title = patch.map(|patch| patch.title.clone()).unwrap_or_default();
        Plan {
            kind: "scenario",
            name: stem(path),
            alternative: title.clone(),
            title,
            source: patch.map(|patch| patch.source.clone()).unwrap_or_default(),
            side: String::new(),
            changes: vec![name(path)],
            limited: 0,
            model: loaded.model,
        }
    };
    Ok(args.under.iter().zip(loaded).map(plan).collect())
}

/// Runs the baseline and every plan; a run that fails is kept with its reason.
fn valued(
    args: &SensitivityArgs,
    loaded: &Loaded,
    plans: &[Plan],
    mut not_run: Vec<NotRun>,
) -> Result<SensitivityResult, Failure> {
    let models: Vec<&Model> =
        std::iter::once(&loaded.model).chain(plans.iter().map(|plan| &plan.model)).collect();
    let progress = Progress::start("valuing", models.len());
    let keep = |at: usize, results: Result<Results, ValuationError>| {
        let run = results.map(|results| ComparedRun::of(RunLabel::default(), models[at], &results));
        progress.step();
        run
    };
    let mut done = run_all(&models, keep).into_iter();
    drop(progress);
    let baseline = match done.next() {
        Some(Ok(run)) => run,
        Some(Err(error)) => return Err(refuse(loaded, &error, args.format)?),
        None => return Err(Failure::Usage("there is nothing to run".into())),
    };
    let mut runs = Vec::new();
    for (plan, done) in plans.iter().zip(done) {
        match done {
            Ok(run) => runs.push(SensitivityRun {
                kind: plan.kind,
                name: plan.name.clone(),
                title: plan.title.clone(),
                source: plan.source.clone(),
                side: plan.side.clone(),
                alternative: plan.alternative.clone(),
                changes: plan.changes.clone(),
                limited: plan.limited,
                run,
            }),
            Err(error) => not_run.push(NotRun {
                name: match plan.side.as_str() {
                    "" => plan.name.clone(),
                    side => format!("{}.{side}", plan.name),
                },
                title: plan.title.clone(),
                why: error.to_string(),
            }),
        }
    }
    Ok(SensitivityResult { baseline, runs, not_run, reverse: Vec::new() })
}
