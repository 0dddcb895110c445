//! One assumption at a time, sets and shocks beside a baseline: tables, page and text.

mod page;
mod tables;
mod text;
mod write;

use perennis_valuation::StressSize;

use crate::ComparedRun;

pub use text::{sensitivity_json, sensitivity_text};
pub use write::write_sensitivity;

/// A run with one assumption, or several together, changed.
#[derive(Clone, Debug)]
pub struct SensitivityRun {
    /// `shift`, `set`, `shock` or `scenario`.
    pub kind: &'static str,
    /// Name in its file.
    pub name: String,
    /// Title in its file.
    pub title: String,
    /// Where its size comes from.
    pub source: String,
    /// `down`, `up`, or empty.
    pub side: String,
    /// What it is, with its size.
    pub alternative: String,
    /// Each change in words.
    pub changes: Vec<String>,
    /// Shares that stopped at nobody or everybody.
    pub limited: usize,
    /// What came of it.
    pub run: ComparedRun,
}

/// A sensitivity that was not run, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotRun {
    /// Its name, with its side.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Why.
    pub why: String,
}

/// How large a shift or shock has to be for a reserve to be gone by the end of a year.
#[derive(Clone, Debug, PartialEq)]
pub struct ReverseStress {
    /// `shift`, `set` or `shock`.
    pub kind: &'static str,
    /// Name in its file.
    pub name: String,
    /// Title in its file.
    pub title: String,
    /// `down`, `up`, or empty.
    pub side: String,
    /// What it is at size one.
    pub alternative: String,
    /// The account.
    pub account: String,
    /// The year by whose end the reserve is gone.
    pub year: i32,
    /// What was found.
    pub size: StressSize,
    /// The changes of the smallest size in words.
    pub changes: Vec<String>,
}

/// A baseline and what single assumptions, sets and shocks make of it.
#[derive(Clone, Debug)]
pub struct SensitivityResult {
    /// The valuation as its files have it.
    pub baseline: ComparedRun,
    /// The runs, shifts first, in the order of their names.
    pub runs: Vec<SensitivityRun>,
    /// What was not run.
    pub not_run: Vec<NotRun>,
    /// The reverse stresses asked for.
    pub reverse: Vec<ReverseStress>,
}

/// Indicators that are kept of every run.
pub(crate) const KEPT: [&str; 10] = [
    "population",
    "dependency_ratio",
    "coverage_of_employed",
    "payg_rate",
    "contributions_over_gdp",
    "expenditure_over_gdp",
    "reserve_over_gdp",
    "reserve_end_over_expenditure",
    "state_pays_over_gdp",
    "mean_pension_over_earnings",
];

/// A run by name and side, as tables have it.
pub(crate) fn full_name(name: &str, side: &str) -> String {
    if side.is_empty() { name.to_owned() } else { format!("{name}.{side}") }
}

/// A figure of an account on which sensitivities are compared.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    /// Short heading.
    pub(crate) heading: String,
    /// The value in a run.
    pub(crate) value: fn(&ComparedRun, &str) -> Option<f64>,
    /// Whether it is a calendar year.
    pub(crate) is_year: bool,
    /// Unit in words.
    pub(crate) unit: &'static str,
}

/// The figures of an account beside one another: premium, rate at the end, balance, key date, reserve.
pub(crate) fn compared(baseline: &ComparedRun) -> [Compared; 5] {
    let end = baseline.years.last().get();
    let rate = "% of insured earnings";
    let of =
        |heading: String, value, unit| Compared { heading, value, unit, is_year: unit == "year" };
    [
        of("General average premium".into(), premium, rate),
        of(format!("Pay-as-you-go rate in {end}"), last_rate, rate),
        of(format!("Actuarial balance, {} years", balance_years(baseline)), balance, rate),
        of("Reserve exhausted".into(), exhausted, "year"),
        of(format!("Reserve in {end}"), last_reserve, "% of GDP"),
    ]
}

fn premium(run: &ComparedRun, account: &str) -> Option<f64> {
    run.measure(account, "general_average_premium")?.value
}

fn last_rate(run: &ComparedRun, account: &str) -> Option<f64> {
    run.measure(account, "payg_rate_last_year")?.value
}

fn exhausted(run: &ComparedRun, account: &str) -> Option<f64> {
    run.measure(account, "reserve_exhausted_in")?.value
}

fn last_reserve(run: &ComparedRun, account: &str) -> Option<f64> {
    run.value(account, "reserve_over_gdp", run.years.last().get())
}

/// The longest period of which a run of this length has an actuarial balance.
fn balance_years(run: &ComparedRun) -> usize {
    [75, 50].into_iter().find(|years| *years <= run.years.count()).unwrap_or(25)
}

fn balance(run: &ComparedRun, account: &str) -> Option<f64> {
    run.measure(account, &format!("actuarial_balance_{}", balance_years(run)))?.value
}

/// The accounts, those with the largest change of a rate first.
pub(crate) fn accounts_of(result: &SensitivityResult) -> Vec<String> {
    let mut runs = vec![result.baseline.clone()];
    runs.extend(result.runs.iter().map(|one| one.run.clone()));
    crate::comparison::accounts(&runs).into_iter().map(str::to_owned).collect()
}

/// Names of what changes a figure of an account, the largest change first; with the runs of each.
pub(crate) fn by_width<'a>(
    result: &'a SensitivityResult,
    (account, figure): (&str, &Compared),
    kinds: &[&str],
) -> Vec<Vec<&'a SensitivityRun>> {
    let below = (figure.value)(&result.baseline, account);
    let mut groups: Vec<Vec<&SensitivityRun>> = Vec::new();
    for run in result.runs.iter().filter(|run| kinds.contains(&run.kind)) {
        match groups
            .iter_mut()
            .find(|group| (&group[0].kind, &group[0].name) == (&run.kind, &run.name))
        {
            Some(group) => group.push(run),
            None => groups.push(vec![run]),
        }
    }
    let width = |group: &[&SensitivityRun]| {
        let changes = group
            .iter()
            .filter_map(|one| Some(((figure.value)(&one.run, account)? - below?).abs()));
        changes.fold(0.0, f64::max)
    };
    groups.sort_by(|one, other| width(other).total_cmp(&width(one)));
    groups
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::comparison::{ComparedPath, RunLabel};
    use crate::sample;

    fn rate(scope: String, years: usize) -> ComparedPath {
        let (indicator, unit) = ("payg_rate", "share of insured earnings");
        ComparedPath { scope, indicator, unit, values: vec![Some(0.2); years] }
    }

    /// A baseline with one shift of two sides and a shock, of which the numbers are those of runs of other lengths.
    pub(crate) fn result() -> SensitivityResult {
        let of = |years: usize| {
            let results = sample::nation(years);
            let measures: Vec<_> =
                results.finance.iter().flat_map(|finance| finance.measures()).collect();
            let mut accounts: Vec<String> = measures.iter().map(|one| one.scope.clone()).collect();
            accounts.dedup();
            ComparedRun {
                label: RunLabel::default(),
                title: results.title.clone(),
                years: results.population.years,
                paths: accounts.into_iter().map(|scope| rate(scope, years)).collect(),
                lives: Default::default(),
                measures: measures
                    .into_iter()
                    .map(|one| crate::comparison::ComparedMeasure {
                        scope: one.scope,
                        measure: one.measure.to_string(),
                        value: one.value,
                        unit: one.unit,
                    })
                    .collect(),
            }
        };
        let run = |kind: &'static str, name: &str, side: &str, by: f64| {
            let mut run = of(20);
            for one in run.measures.iter_mut().filter(|one| one.unit.starts_with("share of")) {
                one.value = one.value.map(|value| value + by);
            }
            SensitivityRun {
                kind,
                name: name.into(),
                title: format!("{name} <title>"),
                source: "Assumption".into(),
                side: side.into(),
                alternative: format!("{side} a little"),
                changes: vec!["× 0.9".into()],
                limited: 3,
                run,
            }
        };
        SensitivityResult {
            baseline: of(20),
            runs: vec![
                run("shift", "wages", "down", 0.002),
                run("shift", "wages", "up", -0.001),
                run("shift", "coverage", "up", -0.01),
                run("shock", "recession", "", 0.004),
            ],
            not_run: vec![NotRun {
                name: "density.up".into(),
                title: "Density".into(),
                why: "nothing of the kind".into(),
            }],
            reverse: Vec::new(),
        }
    }
}
