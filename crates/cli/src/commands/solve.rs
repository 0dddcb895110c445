use std::collections::HashMap;
use std::path::{Path, PathBuf};

use perennis_assumptions::{
    Code, Fault, FileKind, Loaded, Rejected, did_you_mean, file_kind, load,
};
use perennis_report::{ComparedRun, RunLabel};
use perennis_units::Year;
use perennis_valuation::{
    Act, Begins, Change, Course, Found, Goal, LeverCost, LeverRange, Results, run, search,
};
use rayon::prelude::*;
use serde_json::json;

use super::finance::solve_accounts;
use super::lever::{Laid, Lever, NAMED};
use super::value::{name, use_threads};
use crate::args::{Format, LeversArgs, SolveArgs, Threads};
use crate::exit::Failure;
use crate::faults::{load_or_report, refuse, report_faults};
use crate::progress::Progress;
use crate::terminal::{complain, print};

/// Steps in which the range of a lever is looked through.
const STEPS: u16 = 8;

/// Turns a lever of a valuation until a target is met; of a file of accounts, the levers that it names.
pub(crate) fn solve(args: &SolveArgs) -> Result<(), Failure> {
    let Some(lever) = &args.lever else {
        if file_kind(&args.file) == FileKind::Valuation
            && args.file.is_file()
            && args.target.is_some()
        {
            return Err(Failure::Usage("--target needs --lever".into()));
        }
        return solve_accounts(&args.file, args.format);
    };
    let Some(target) = &args.target else {
        return Err(Failure::Usage("--lever needs --target".into()));
    };
    use_threads(args.threads);
    let loaded = load_or_report(&args.file, &args.overlays, args.format)?;
    let target = Wanted::read(target)?;
    let lever = Lever::find(lever, &loaded, &target.scope)?;
    if lever.quantity.is_some() && args.out.is_some() {
        return Err(Failure::Usage(format!(
            "a reform cannot say a factor on `{}`; leave out --out, and value it with `perennis sensitivity --shifts`",
            lever.name
        )));
    }
    let years = loaded.model.demography.years;
    let from = args.from.unwrap_or_else(|| years.first().plus(2).get());
    if years.position(Year::new(from)).is_none() {
        let (first, last) = (years.first(), years.last());
        return Err(Failure::Usage(format!(
            "--from {from} is not one of the years {first} to {last}"
        )));
    }
    let before = match run(&loaded.model) {
        Ok(results) => results,
        Err(error) => return Err(refuse(&loaded, &error, args.format)?),
    };
    target.above(&before, &loaded)?;
    let problem = Problem { args, loaded: &loaded, lever, target, from };
    let range = problem.range()?;
    let found = problem.search(range)?;
    if found.values.is_empty() {
        return problem.without(&found, range);
    }
    let solutions: Vec<Solution> = found
        .values
        .iter()
        .map(|value| problem.solution(*value, &before))
        .collect::<Result<_, _>>()?;
    problem.say(&found, &solutions, &before)?;
    problem.write(&solutions)
}

/// Says for an account what one point of contributions buys of every other lever.
pub(crate) fn levers(args: &LeversArgs) -> Result<(), Failure> {
    use_threads(args.threads);
    let loaded = load_or_report(&args.file, &args.overlays, args.format)?;
    let years = loaded.model.demography.years;
    let from = args.from.unwrap_or_else(|| years.first().plus(2).get());
    let period = [75, 50].into_iter().find(|period| *period <= years.count()).unwrap_or(25);
    let solving = SolveArgs {
        file: args.file.clone(),
        lever: None,
        target: None,
        from: Some(from),
        lowest: None,
        highest: None,
        out: None,
        overlays: args.overlays.clone(),
        threads: Threads::default(),
        format: args.format,
    };
    let target = |value: f64| Wanted {
        text: format!("{}/actuarial_balance_{period}={value}", args.account),
        scope: args.account.clone(),
        name: format!("actuarial_balance_{period}"),
        year: None,
        value,
    };
    let problem = |name: &str, value: f64| -> Result<Problem<'_>, Failure> {
        let lever = Lever::find(name, &loaded, &args.account)?;
        Ok(Problem { args: &solving, loaded: &loaded, lever, target: target(value), from })
    };
    let point = problem("contribution_rate", 0.0)?;
    let (before, after) = (point.above(0.0)?, point.above(0.01)?);
    let unit = point.lever.unit;
    let mut rows = vec![Bought { name: "contribution_rate".into(), unit, value: Some(0.01) }];
    for name in NAMED.iter().skip(1) {
        // A law without such a lever has no row.
        let Ok(problem) = problem(name, after) else { continue };
        let found = problem.search(problem.range()?)?;
        let value = match problem.least(found.values.iter().copied()) {
            Some(value) if problem.lever.whole => Some(problem.between_months(value)?),
            least => least,
        };
        rows.push(Bought { name: (*name).to_owned(), unit: problem.lever.unit, value });
    }
    say_levers(args, (from, period), (before, after), &rows)
}

/// What a lever has to do for the effect of a point of contributions.
struct Bought {
    name: String,
    unit: &'static str,
    value: Option<f64>,
}

fn say_levers(
    args: &LeversArgs,
    (from, period): (i32, usize),
    (before, after): (f64, f64),
    rows: &[Bought],
) -> Result<(), Failure> {
    if args.format == Format::Json {
        let row = |row: &Bought| json!({ "lever": row.name, "unit": row.unit, "value": row.value });
        return print(&format!(
            "{:#}",
            json!({
                "status": "ok", "account": args.account, "from": from, "period": period,
                "actuarial_balance": before, "with_one_point": after,
                "levers": rows.iter().map(row).collect::<Vec<_>>(),
            })
        ));
    }
    let mut lines = vec![
        format!("What one point of contributions from {from} buys in account `{}`", args.account),
        format!(
            "actuarial balance, {period} years: {:.3} % of insured earnings, with the point {:.3} %",
            100.0 * before,
            100.0 * after
        ),
    ];
    for row in rows {
        let value =
            row.value.map_or_else(|| "not in its range".to_owned(), |value| format!("{value:.4}"));
        lines.push(format!("  {:<20} {value:>16}  {}", row.name, row.unit));
    }
    print(&format!("{}\n", lines.join("\n")))
}

/// A figure and the value it is to have.
#[derive(Clone, Debug)]
struct Wanted {
    text: String,
    scope: String,
    name: String,
    year: Option<i32>,
    value: f64,
}

impl Wanted {
    fn read(text: &str) -> Result<Self, Failure> {
        let bad = || {
            Failure::Usage(format!(
                "`{text}` is no target; write SCOPE/MEASURE=VALUE, SCOPE/INDICATOR/YEAR=VALUE, or \
                 ACCOUNT/not_exhausted_before/YEAR"
            ))
        };
        let (figure, value) = match text.split_once('=') {
            Some((figure, value)) => (figure, value.trim().parse::<f64>().map_err(|_| bad())?),
            None if text.contains("/not_exhausted_before/") => (text, 0.0),
            None => return Err(bad()),
        };
        let parts: Vec<&str> = figure.split('/').map(str::trim).collect();
        let (scope, name, year) = match parts.as_slice() {
            [scope, name] => (*scope, *name, None),
            [scope, name, year] => (*scope, *name, Some(year.parse().map_err(|_| bad())?)),
            _ => return Err(bad()),
        };
        if !value.is_finite() || (name == "not_exhausted_before" && year.is_none()) {
            return Err(bad());
        }
        Ok(Self {
            text: text.to_owned(),
            scope: scope.to_owned(),
            name: name.to_owned(),
            year,
            value,
        })
    }

    /// Says whether more than the target is as good.
    fn is_floor(&self) -> bool {
        self.name == "not_exhausted_before"
    }

    fn goal(&self) -> Option<Goal> {
        let year = Year::new(self.year?);
        match self.name.as_str() {
            "not_exhausted_before" => Some(Goal::NotExhaustedBefore(year)),
            "reserve_end_over_expenditure" => Some(Goal::Reserve { year, times: self.value }),
            _ => None,
        }
    }

    /// Returns by how much a run is above the target.
    fn above(&self, results: &Results, loaded: &Loaded) -> Result<f64, Failure> {
        if let Some(goal) = self.goal() {
            let above = results.above(&self.scope, goal);
            return above
                .map_err(|error| Failure::Usage(format!("--target {}: {error}", self.text)));
        }
        let run = ComparedRun::of(RunLabel::default(), &loaded.model, results);
        let value = match self.year {
            Some(year) => run.value(&self.scope, &self.name, year),
            None => run.measure_of(&self.scope, &self.name).map(|(value, _)| value),
        };
        value.map(|value| value - self.value).ok_or_else(|| self.unknown(&run))
    }

    fn unknown(&self, run: &ComparedRun) -> Failure {
        let given = format!("{}/{}", self.scope, self.name);
        let known: Vec<String> = match self.year {
            Some(_) => run.indicators().map(|(scope, name)| format!("{scope}/{name}")).collect(),
            None => run.measures().map(|(scope, name)| format!("{scope}/{name}")).collect(),
        };
        if known.contains(&given) {
            return Failure::Usage(format!(
                "--target {}: the figure has no value there",
                self.text
            ));
        }
        let near = did_you_mean(&given, known.iter().map(String::as_str));
        let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Failure::Usage(format!("there is no `{given}`{hint}"))
    }
}

/// A lever, a target, and the valuation between them.
struct Problem<'a> {
    args: &'a SolveArgs,
    loaded: &'a Loaded,
    lever: Lever,
    target: Wanted,
    from: i32,
}

/// A value of the lever that meets the target.
struct Solution {
    value: f64,
    laid: Vec<Laid>,
    /// By how much the target is missed.
    above: f64,
    cost: Option<LeverCost>,
}

impl Problem<'_> {
    fn range(&self) -> Result<LeverRange, Failure> {
        let (low, high) = match (self.args.lowest, self.args.highest, self.lever.range) {
            (Some(low), Some(high), _) => (low, high),
            (low, high, Some(own)) => (low.unwrap_or(own.0), high.unwrap_or(own.1)),
            _ => {
                return Err(Failure::Usage(
                    "a lever by its path needs --lowest and --highest".into(),
                ));
            }
        };
        if !(low.is_finite() && high.is_finite() && low < high) {
            return Err(Failure::Usage(format!(
                "the range of the lever runs from {low} to {high}"
            )));
        }
        let (low, high) = if self.lever.whole { (low.ceil(), high.floor()) } else { (low, high) };
        Ok(LeverRange { low, high, steps: STEPS })
    }

    fn laid(&self, value: f64) -> Result<Vec<Laid>, Failure> {
        self.lever.laid(self.loaded, value, self.from)
    }

    /// Runs the valuation with the lever at a value.
    fn results(&self, value: f64) -> Result<(Results, Loaded), Failure> {
        let mut overlays = self.args.overlays.overlays();
        overlays.set.extend(self.laid(value)?.iter().map(Laid::set));
        let loaded = match load(&self.args.file, &overlays) {
            Ok(loaded) => loaded,
            Err(rejected) => {
                complain(&format!("with the lever at {value}:"));
                return Err(report_faults(&rejected, self.args.format)?);
            }
        };
        let mut loaded = loaded;
        if let Some(quantity) = self.lever.quantity {
            let begins = Begins::In(Year::new(self.from));
            let change = Change { begins, ..Change::new(quantity, Act::Times(value)) };
            let changed = loaded.model.changed(&[change]);
            let changed = changed.map_err(|error| Failure::Usage(error.to_string()))?;
            loaded.model = changed.0;
        }
        match run(&loaded.model) {
            Ok(results) => Ok((results, loaded)),
            Err(error) => Err(refuse(&loaded, &error, self.args.format)?),
        }
    }

    fn above(&self, value: f64) -> Result<f64, Failure> {
        let (results, loaded) = self.results(value)?;
        self.target.above(&results, &loaded)
    }

    /// Looks the range through on all cores, then closes in on each change of sign.
    fn search(&self, range: LeverRange) -> Result<Found, Failure> {
        let width = (range.high - range.low) / f64::from(range.steps);
        let grid: Vec<f64> =
            (0..=range.steps)
                .map(|step| {
                    if step == range.steps {
                        range.high
                    } else {
                        range.low + width * f64::from(step)
                    }
                })
                .collect();
        let progress = Progress::start("looking the range through", grid.len());
        let known: Vec<(u64, Result<f64, Failure>)> = grid
            .par_iter()
            .map(|value| {
                let above = self.above(self.whole(*value));
                progress.step();
                (self.whole(*value).to_bits(), above)
            })
            .collect();
        drop(progress);
        let _closing_in = Progress::start("closing in", 1);
        let mut cache = HashMap::new();
        for (value, above) in known {
            cache.insert(value, above?);
        }
        let mut found = search(range, |value| -> Result<f64, Failure> {
            let value = self.whole(value);
            if let Some(above) = cache.get(&value.to_bits()) {
                return Ok(*above);
            }
            let above = self.above(value)?;
            cache.insert(value.to_bits(), above);
            Ok(above)
        })?;
        if self.lever.whole {
            for value in &mut found.values {
                *value = self.nearest_whole(*value, &cache);
            }
        }
        Ok(found)
    }

    fn whole(&self, value: f64) -> f64 {
        if self.lever.whole { value.round() } else { value }
    }

    /// Of the whole numbers around a change of sign, the one that meets a floor, else the one that comes nearest.
    fn nearest_whole(&self, value: f64, known: &HashMap<u64, f64>) -> f64 {
        let around = (-2..=2).map(|step| value.round() + f64::from(step));
        let looked = around.filter_map(|whole| Some((whole, *known.get(&whole.to_bits())?)));
        let serves = looked.filter(|(_, above)| !self.target.is_floor() || 0.0 <= *above);
        let best = serves.min_by(|one, other| one.1.abs().total_cmp(&other.1.abs()));
        best.map_or_else(|| value.round(), |(whole, _)| whole)
    }

    fn solution(&self, value: f64, before: &Results) -> Result<Solution, Failure> {
        let (results, loaded) = self.results(value)?;
        let above = self.target.above(&results, &loaded)?;
        let cost = results.cost_against(before, &self.target.scope);
        Ok(Solution { value, laid: self.laid(value)?, above, cost })
    }

    /// Returns the value that changes least.
    fn least(&self, values: impl Iterator<Item = f64>) -> Option<f64> {
        let change = |value: &f64| (value - self.lever.idle()).abs();
        values.min_by(|one, other| change(one).total_cmp(&change(other)))
    }

    /// Returns the part of a month at which a straight line between two whole numbers meets the target.
    fn between_months(&self, whole: f64) -> Result<f64, Failure> {
        let here = self.above(whole)?;
        for next in [whole + 1.0, whole - 1.0] {
            let there = self.above(next)?;
            if here * there <= 0.0 && 0.0 < (here - there).abs() {
                return Ok(whole + (next - whole) * here / (here - there));
            }
        }
        Ok(whole)
    }

    /// Reports that no value serves, or that every one does.
    fn without(&self, found: &Found, range: LeverRange) -> Result<(), Failure> {
        if self.target.is_floor() && found.points.iter().all(|point| 0.0 <= point.1) {
            return match self.args.format {
                Format::Text => {
                    print("the target is met by every value of the lever in the range\n")
                }
                Format::Json => print(&format!(
                    "{:#}",
                    json!({ "status": "ok", "met_by_all": true, "solutions": [] })
                )),
            };
        }
        let (nearest, miss) = found.nearest();
        let side = if miss < 0.0 { "below" } else { "above" };
        let reason = format!(
            "no {} from {} to {} meets {}: at {nearest}, the nearest, the figure is {:.6} {side} it",
            self.lever.name,
            range.low,
            range.high,
            self.target.text,
            miss.abs()
        );
        let remedy = match found.beyond() {
            Some(value) => format!(
                "a straight line through the end of the range meets the target near {value:.4}: widen the range with \
                 --lowest and --highest, or ask for less or later"
            ),
            None => {
                "no wider range of this lever comes nearer: turn another, or ask for less or later"
                    .into()
            }
        };
        let path = self.lever.paths.first().cloned().unwrap_or_default();
        let fault = Fault { code: Code::NoSolution, path, place: None, reason, remedy, more: 0 };
        let rejected = Rejected { faults: vec![fault], warnings: Vec::new() };
        Err(report_faults(&rejected, self.args.format)?)
    }

    fn say(&self, found: &Found, solutions: &[Solution], before: &Results) -> Result<(), Failure> {
        let unique = solutions.len() == 1 && matches!(found.course, Course::Rises | Course::Falls);
        let currency = &self.loaded.model.title.currency;
        if self.args.format == Format::Json {
            let one = |one: &Solution| {
                let cost = one.cost.map(|cost| {
                    json!({
                        "contributions": cost.contributions, "other_income": cost.other_income,
                        "outgo": cost.outgo, "state_paid": cost.state_paid, "insured_earnings": cost.earnings,
                    })
                });
                let laid: Vec<String> = one.laid.iter().map(Laid::set).collect();
                json!({ "value": one.value, "above_target": one.above, "present_values": cost, "set": laid })
            };
            return print(&format!(
                "{:#}",
                json!({
                    "status": "ok", "lever": self.lever.name, "unit": self.lever.unit, "from": self.from,
                    "target": self.target.text, "unique": unique, "currency": currency,
                    "without": self.target.above(before, self.loaded)?,
                    "solutions": solutions.iter().map(one).collect::<Vec<_>>(),
                })
            ));
        }
        let mut lines = vec![
            format!("{}, {} ({})", self.loaded.model.title.title, self.lever.name, self.lever.unit),
            format!("target {}, from {}", self.target.text, self.from),
        ];
        for one in solutions {
            lines.push(format!("  {:.6}  misses the target by {:.1e}", one.value, one.above));
            if let Some(cost) = one.cost {
                lines.extend(costs(cost, currency));
            }
        }
        lines.push(match (unique, solutions.len()) {
            (true, _) => "The only solution in the range: the figure moves one way.".into(),
            (false, 1) => {
                "One solution was found; the figure turns in the range, so there may be others."
                    .into()
            }
            (false, count) => format!("{count} solutions: the figure turns in the range."),
        });
        print(&format!("{}\n", lines.join("\n")))
    }

    /// Writes the reform that reaches the target; of several, the one that changes least.
    fn write(&self, solutions: &[Solution]) -> Result<(), Failure> {
        let Some(out) = &self.args.out else { return Ok(()) };
        let least = self.least(solutions.iter().map(|one| one.value));
        let least =
            solutions.iter().find(|one| Some(one.value.to_bits()) == least.map(f64::to_bits));
        let Some(one) = least else { return Ok(()) };
        let mut text = format!(
            "title = \"{} {:?} from {}, which meets {}\"\nsource = \"perennis solve {}, lever {}, target {}\"\n",
            self.lever.name,
            one.value,
            self.from,
            self.target.text,
            name(&self.args.file),
            self.lever.name,
            self.target.text
        );
        for laid in &one.laid {
            text.push_str(&format!("\n[{}]\n{} = {}\n", laid.table, laid.key, laid.text));
        }
        write_reform(out, &text)?;
        self.check(out)
    }

    /// Runs the valuation again with the file written.
    fn check(&self, out: &Path) -> Result<(), Failure> {
        let mut overlays = self.args.overlays.overlays();
        overlays.reforms.push(PathBuf::from(out));
        let loaded = match load(&self.args.file, &overlays) {
            Ok(loaded) => loaded,
            Err(rejected) => return Err(report_faults(&rejected, self.args.format)?),
        };
        let results = match run(&loaded.model) {
            Ok(results) => results,
            Err(error) => return Err(refuse(&loaded, &error, self.args.format)?),
        };
        let above = self.target.above(&results, &loaded)?;
        complain(&format!(
            "{} is written; valued with it, the target is missed by {above:.1e}",
            out.display()
        ));
        Ok(())
    }
}

fn write_reform(out: &Path, text: &str) -> Result<(), Failure> {
    let written = std::fs::OpenOptions::new().write(true).create_new(true).open(out);
    let written =
        written.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
    written.map_err(|error| Failure::System(format!("cannot write `{}`: {error}", out.display())))
}

/// Says what a solution costs: present values, and the same over those of insured earnings.
fn costs(cost: LeverCost, currency: &str) -> Vec<String> {
    let line = |what: &str, value: f64| {
        let share = if 0.0 < cost.earnings { 100.0 * value / cost.earnings } else { 0.0 };
        format!("    {what:<28} {value:>+14.4e} {currency}  {share:>+8.3} % of insured earnings")
    };
    let all = [
        ("contributions", cost.contributions),
        ("other income", cost.other_income),
        ("expenditure", cost.outgo),
        ("the State for deficits", cost.state_paid),
    ];
    let mut lines = vec!["    present values at the start, more than without the lever".to_owned()];
    lines.extend(
        all.into_iter()
            .filter(|(_, value)| 0.0 < value.abs())
            .map(|(what, value)| line(what, value)),
    );
    lines
}
