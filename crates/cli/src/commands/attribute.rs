use std::path::{Path, PathBuf};

use perennis_assumptions::{
    Code, Fault, Loaded, Overlays, Rejected, Subject, did_you_mean, load_delayed, load_mixed,
};
use perennis_report::{
    AttributedStep, Attribution, ComparedRun, ComparisonRecord, FreshFolder, RunLabel,
    attribution_text, write_attribution,
};
use perennis_valuation::{
    Effect, Model, Results, ValuationError, alone, run_all, shapley, waterfall,
};
use rayon::prelude::*;
use serde_json::json;

use super::compare::{distinct_names, in_words, settle, stem};
use super::value::{failure, name, use_threads};
use crate::args::{AttributeArgs, Format, Method};
use crate::exit::Failure;
use crate::faults::{refuse, report_faults};
use crate::progress::Progress;
use crate::terminal::{paths_exist, print, tell};

/// Most patches of which all subsets are valued: 1,024 runs.
const MOST_IN_SUBSETS: usize = 10;
/// Runs that are held in memory at once.
const AT_ONCE: usize = 16;

/// Says what each of several patches, or what changed since a previous valuation, adds to an indicator.
pub(crate) fn attribute(args: &AttributeArgs) -> Result<(), Failure> {
    use_threads(args.threads);
    let paths = args.patches.iter().chain(&args.previous).chain(&args.scenario);
    paths_exist(std::iter::once(&args.file).chain(paths).map(PathBuf::as_path))?;
    let wanted: Vec<Wanted> =
        args.of.iter().map(|text| Wanted::read(text)).collect::<Result<_, _>>()?;
    let folder = args.out.as_ref().map(|out| FreshFolder::open(out)).transpose();
    let folder = folder.map_err(|error| failure(error.into()))?;
    let all = match &args.previous {
        Some(previous) => since(args, previous, &wanted)?,
        None => by_patch(args, &wanted)?,
    };
    if let Some(folder) = folder {
        let record = ComparisonRecord {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            valuation: name(&args.file),
            options: options(args),
        };
        write_attribution(folder, &all, method(args), &record).map_err(failure)?;
    }
    say(args, &all)
}

fn say(args: &AttributeArgs, all: &[Attribution]) -> Result<(), Failure> {
    if args.format == Format::Json {
        let step = |step: &AttributedStep| {
            json!({
                "label": step.label,
                "title": step.title,
                "from": step.effect.from,
                "to": step.effect.to,
                "effect": step.effect.amount(),
            })
        };
        let one = |one: &Attribution| {
            json!({
                "scope": one.scope,
                "indicator": one.indicator,
                "year": one.year,
                "unit": one.unit,
                "steps": one.steps.iter().map(step).collect::<Vec<_>>(),
                "residual": one.residual(),
            })
        };
        let found = all.iter().map(one).collect::<Vec<_>>();
        let object = json!({ "status": "ok", "method": method(args), "attributions": found });
        return print(&format!("{object:#}"));
    }
    print(&attribution_text(all))?;
    if let Some(out) = &args.out {
        let out = out.display();
        tell(&format!("results are in {out}; open {out}/report.html"));
    }
    Ok(())
}

/// An indicator in a year, or a measure of financing of the whole run.
struct Wanted {
    scope: String,
    name: String,
    year: Option<i32>,
}

/// A figure of a run with its unit.
type Found = (f64, String, String);

impl Wanted {
    fn read(text: &str) -> Result<Self, Failure> {
        let parts: Vec<&str> = text.split('/').collect();
        let part = |at: usize| parts[at].to_owned();
        let year = |text: &str| text.parse::<i32>().ok();
        match parts.as_slice() {
            [_, _] => Ok(Self { scope: part(0), name: part(1), year: None }),
            [.., last] if parts.len() == 3 && year(last).is_some() => {
                Ok(Self { scope: part(0), name: part(1), year: year(last) })
            }
            _ => Err(Failure::Usage(format!(
                "`{text}` names no figure; write SCOPE/INDICATOR/YEAR, such as retirement/payg_rate/2060, or \
                 SCOPE/MEASURE for a figure of financing.csv"
            ))),
        }
    }

    fn of(&self, run: &ComparedRun) -> Result<Found, Failure> {
        let found = match self.year {
            Some(year) => {
                run.value(&self.scope, &self.name, year).zip(run.unit(&self.scope, &self.name))
            }
            None => run.measure_of(&self.scope, &self.name),
        };
        match found {
            Some((value, unit)) => Ok((value, unit.to_owned(), run.currency().to_owned())),
            None => Err(self.unknown(run)),
        }
    }

    fn unknown(&self, run: &ComparedRun) -> Failure {
        let known: Vec<String> = match self.year {
            Some(_) => run.indicators().map(|(scope, name)| format!("{scope}/{name}")).collect(),
            None => run.measures().map(|(scope, name)| format!("{scope}/{name}")).collect(),
        };
        let given = format!("{}/{}", self.scope, self.name);
        if known.contains(&given) {
            let year = self.year.map_or(String::new(), |year| format!(" in {year}"));
            return Failure::Usage(format!("`{given}` has no value{year} in one of the runs"));
        }
        let near = did_you_mean(&given, known.iter().map(String::as_str));
        let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Failure::Usage(format!("there is no `{given}`{hint}"))
    }
}

/// Takes patches one by one, in order or in all subsets.
fn by_patch(args: &AttributeArgs, wanted: &[Wanted]) -> Result<Vec<Attribution>, Failure> {
    let count = args.patches.len();
    if args.method == Method::Shapley && MOST_IN_SUBSETS < count {
        return Err(Failure::Usage(format!(
            "{count} patches have too many subsets; name at most {MOST_IN_SUBSETS}, or use --method order"
        )));
    }
    let whole = 1_usize << count.min(usize::BITS as usize - 1);
    let subsets: Vec<Vec<usize>> = match args.method {
        Method::Order => (0..=count).map(|last| (0..last).collect()).collect(),
        Method::Shapley => (0..whole).map(|subset| members(subset, count)).collect(),
        Method::Alone => std::iter::once(Vec::new())
            .chain((0..count).map(|patch| vec![patch]))
            .chain((1 < count).then(|| (0..count).collect()))
            .collect(),
    };
    let every = (0..count).collect::<Vec<_>>();
    let named = apart(args, &every)?;
    let figures = figures(args, &subsets, wanted)?;
    let labels = distinct_names(args.patches.iter().map(|path| stem(path)), &[]);
    let of = |(at, wanted): (usize, &Wanted)| {
        let values: Vec<f64> = figures.iter().map(|run| run[at].0).collect();
        let effects = match args.method {
            Method::Order => waterfall(&values),
            Method::Shapley => shapley(&values),
            Method::Alone => together(&values, count),
        };
        let step = |(position, effect): (usize, Effect)| AttributedStep {
            label: labels
                .get(position)
                .map_or_else(|| "Together".to_owned(), |name| in_words(name)),
            title: named.patches.get(position).map(|patch| patch.title.clone()).unwrap_or_default(),
            together: count <= position,
            effect,
        };
        let found = &figures[0][at];
        let steps = effects.into_iter().enumerate().map(step).collect();
        attribution(wanted, found, ("Baseline", "With all"), steps)
    };
    Ok(wanted.iter().enumerate().map(of).collect())
}

fn attribution(
    wanted: &Wanted,
    found: &Found,
    (start, end): (&str, &str),
    steps: Vec<AttributedStep>,
) -> Attribution {
    let (_, unit, currency) = found.clone();
    Attribution {
        scope: wanted.scope.clone(),
        indicator: wanted.name.clone(),
        year: wanted.year,
        unit,
        currency,
        start: start.to_owned(),
        end: end.to_owned(),
        steps,
    }
}

/// Puts the values of none, of each and of all patches where [`alone`] looks for them.
fn together(values: &[f64], count: usize) -> Vec<Effect> {
    let last = values[values.len() - 1];
    if count < 2 {
        return waterfall(values);
    }
    let mut subsets = vec![0.0; 1 << count];
    subsets[0] = values[0];
    for patch in 0..count {
        subsets[1 << patch] = values[1 + patch];
    }
    subsets[(1 << count) - 1] = last;
    alone(&subsets)
}

fn members(subset: usize, count: usize) -> Vec<usize> {
    (0..count).filter(|patch| subset >> patch & 1 == 1).collect()
}

fn overlays(args: &AttributeArgs, patches: &[usize]) -> Overlays {
    let reforms = patches.iter().map(|at| args.patches[*at].clone()).collect();
    Overlays {
        scenario: args.scenario.clone(),
        reforms,
        set: args.set.clone(),
        ..Overlays::default()
    }
}

/// Loads all patches together. Two that set the same value are a warning where they are laid in order, and a fault
/// where no order is to matter.
fn apart(args: &AttributeArgs, every: &[usize]) -> Result<Loaded, Failure> {
    let loaded = load_delayed(&args.file, &overlays(args, every), 0);
    if let (Method::Shapley | Method::Alone, Ok(loaded)) = (args.method, &loaded) {
        let twice = loaded.warnings.iter().filter(|fault| fault.code == Code::SetTwice);
        if let Some(fault) = no_order(args, &twice.collect::<Vec<_>>()) {
            let rejected = Rejected { faults: vec![fault], warnings: loaded.warnings.clone() };
            return Err(report_faults(&rejected, args.format)?);
        }
    }
    Ok(settle(vec![loaded], args.format)?.remove(0))
}

/// Says why patches that set the same value have no effect that does not depend on their order.
fn no_order(args: &AttributeArgs, twice: &[&Fault]) -> Option<Fault> {
    let first = *twice.first()?;
    let more = match twice.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(Fault {
        code: Code::NotForOverlays,
        reason: format!(
            "with --method {} no order of the patches is to matter, and two of them set `{}`{more}: \
             the one laid last would hold",
            method(args),
            first.path
        ),
        remedy: "use --method order, or take the value out of one of the two".to_owned(),
        ..first.clone()
    })
}

/// Returns what is wanted of the run of every subset.
fn figures(
    args: &AttributeArgs,
    subsets: &[Vec<usize>],
    wanted: &[Wanted],
) -> Result<Vec<Vec<Found>>, Failure> {
    let progress = Progress::start("valuing", subsets.len());
    let mut all = Vec::with_capacity(subsets.len());
    for chunk in subsets.chunks(AT_ONCE) {
        let read = |patches: &Vec<usize>| load_delayed(&args.file, &overlays(args, patches), 0);
        let loaded = quietly(chunk.par_iter().map(read).collect(), args.format)?;
        all.extend(of_runs(args, (&loaded, &progress), wanted)?);
    }
    Ok(all)
}

/// Returns what was loaded without its warnings, which were printed before, or reports the faults.
fn quietly(
    loaded: Vec<Result<Loaded, Box<Rejected>>>,
    format: Format,
) -> Result<Vec<Loaded>, Failure> {
    let mut sound = Vec::with_capacity(loaded.len());
    for one in loaded {
        match one {
            Ok(loaded) => sound.push(loaded),
            Err(rejected) => return Err(report_faults(&rejected, format)?),
        }
    }
    Ok(sound)
}

fn of_runs(
    args: &AttributeArgs,
    (loaded, progress): (&[Loaded], &Progress),
    wanted: &[Wanted],
) -> Result<Vec<Vec<Found>>, Failure> {
    let models: Vec<&Model> = loaded.iter().map(|loaded| &loaded.model).collect();
    let keep = |at: usize, results: Result<Results, ValuationError>| {
        let run = results.map(|results| ComparedRun::of(RunLabel::default(), models[at], &results));
        progress.step();
        run
    };
    let mut found = Vec::with_capacity(loaded.len());
    for (at, run) in run_all(&models, keep).into_iter().enumerate() {
        match run {
            Ok(run) => found.push(wanted.iter().map(|one| one.of(&run)).collect::<Result<_, _>>()?),
            Err(error) => return Err(refuse(&loaded[at], &error, args.format)?),
        }
    }
    Ok(found)
}

/// Takes the subjects of the new valuation in the place of those of the previous one; subjects that cannot stand alone
/// beside the others are one step.
fn since(
    args: &AttributeArgs,
    previous: &Path,
    wanted: &[Wanted],
) -> Result<Vec<Attribution>, Failure> {
    let ends =
        [&[][..], &Subject::ALL[..]].map(|subjects| load_mixed(previous, &args.file, subjects));
    let ends = settle(ends.into(), args.format)?;
    let progress = Progress::start("valuing", 1 + Subject::ALL.len());
    let mut runs = of_runs(args, (&ends[..1], &progress), wanted)?;
    let mut labels: Vec<String> = Vec::new();
    let mut waiting: Vec<&str> = Vec::new();
    for count in 1..=Subject::ALL.len() {
        waiting.push(Subject::ALL[count - 1].as_str());
        let mixed = load_mixed(previous, &args.file, &Subject::ALL[..count]);
        let Ok(loaded) = mixed else { continue };
        let run = of_runs_if_they_run(&loaded, wanted)?;
        progress.step();
        if let Some(run) = run {
            runs.push(run);
            labels.push(in_words(&waiting.join(" and ")));
            waiting.clear();
        }
    }
    if !waiting.is_empty() {
        return Err(refuse_last(args, &ends[1])?);
    }
    let of = |(at, wanted): (usize, &Wanted)| {
        let values: Vec<f64> = runs.iter().map(|run| run[at].0).collect();
        let step = |(position, effect): (usize, Effect)| AttributedStep {
            label: labels[position].clone(),
            title: String::new(),
            together: false,
            effect,
        };
        let found = &runs[0][at];
        let steps = waterfall(&values).into_iter().enumerate().map(step).collect();
        attribution(wanted, found, ("Previous valuation", "New valuation"), steps)
    };
    Ok(wanted.iter().enumerate().map(of).collect())
}

/// A mix of two valuations that cannot be run is no step of its own.
fn of_runs_if_they_run(loaded: &Loaded, wanted: &[Wanted]) -> Result<Option<Vec<Found>>, Failure> {
    let keep = |_: usize, results: Result<Results, ValuationError>| {
        results.map(|results| ComparedRun::of(RunLabel::default(), &loaded.model, &results))
    };
    let run = run_all(&[&loaded.model], keep).into_iter().next();
    let Some(Ok(run)) = run else { return Ok(None) };
    Ok(Some(wanted.iter().map(|one| one.of(&run)).collect::<Result<_, _>>()?))
}

/// Reports why the new valuation itself cannot be run.
fn refuse_last(args: &AttributeArgs, new: &Loaded) -> Result<Failure, Failure> {
    match perennis_valuation::run(&new.model) {
        Err(error) => refuse(new, &error, args.format),
        Ok(_) => panic!("the new valuation runs and its mix with the previous one does not"),
    }
}

const fn method(args: &AttributeArgs) -> &'static str {
    match (&args.previous, args.method) {
        (Some(_), _) => "reconciliation",
        (None, Method::Order) => "order",
        (None, Method::Shapley) => "shapley",
        (None, Method::Alone) => "alone",
    }
}

fn options(args: &AttributeArgs) -> Vec<(String, String)> {
    let patches = args.patches.iter().map(|path| ("patch", name(path)));
    let previous = args.previous.iter().map(|path| ("previous", name(path)));
    let scenario = args.scenario.iter().map(|path| ("scenario", name(path)));
    let set = args.set.iter().map(|text| ("set", text.clone()));
    let of = args.of.iter().map(|text| ("of", text.clone()));
    let method = [("method", method(args).to_owned())];
    let all = scenario.chain(patches).chain(previous).chain(set).chain(method).chain(of);
    all.map(|(option, value)| (option.to_owned(), value)).collect()
}
