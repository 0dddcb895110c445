//! Model persons, and who gains and who loses: tables over the lives of persons.

use perennis_units::Sex;
use perennis_valuation::{Model, ModelFigures, ModelPerson, ModelPersons, Results, model_persons};

use super::cohorts::{Cohort, WIDTH, average_earnings, cohorts};
use super::run::ComparedRun;
use super::tables::{baseline_of, under};
use crate::csv::CsvWriter;
use crate::table::{Table, TableError};

/// What a comparison keeps of the lives of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lives {
    pub(crate) persons: Vec<ModelPerson>,
    pub(crate) cohorts: Vec<Cohort>,
    /// Mean insured earnings of a full year in the first year, currency.
    pub(crate) average: Option<f64>,
}

/// A difference below this share of a year of average earnings is none: rounding.
const NOTHING: f64 = 1e-9;

impl Lives {
    pub(crate) fn of(model: &Model, results: &Results, wanted: &ModelPersons) -> Self {
        Self {
            persons: model_persons(model, results, wanted),
            cohorts: cohorts(results),
            average: average_earnings(results),
        }
    }

    /// Returns the same career, group, cohort and sex.
    pub(crate) fn same(&self, person: &ModelPerson) -> Option<&ModelPerson> {
        self.persons.iter().find(|other| {
            (&other.career, &other.group, other.sex, other.born)
                == (&person.career, &person.group, person.sex, person.born)
        })
    }

    /// Returns the same birth cohort and sex.
    pub(crate) fn same_cohort(&self, cohort: &Cohort) -> Option<&Cohort> {
        self.cohorts.iter().find(|other| (other.born, other.sex) == (cohort.born, cohort.sex))
    }
}

/// A figure of a model person, with its unit.
type Figure = (&'static str, &'static str, fn(&ModelFigures) -> Option<f64>);

/// The figures of a model person, in the order of the table.
pub(crate) const FIGURES: [Figure; 20] = [
    ("claim_age", "years", |one| Some(one.claim_age)),
    ("credit", "years", |one| Some(one.credit)),
    ("pension", "currency a year", |one| one.pension),
    ("grant", "currency", |one| (0.0 < one.grant).then_some(one.grant)),
    ("replacement_at_award", "share of own earnings", |one| one.replacement),
    ("pension_over_average_earnings", "share", |one| one.over_average[0]),
    ("pension_over_average_earnings_after_10", "share", |one| one.over_average[1]),
    ("pension_over_average_earnings_after_20", "share", |one| one.over_average[2]),
    ("pension_over_poverty_line", "share", |one| one.over_poverty_line[0]),
    ("pension_over_poverty_line_after_10", "share", |one| one.over_poverty_line[1]),
    ("pension_over_poverty_line_after_20", "share", |one| one.over_poverty_line[2]),
    ("pension_wealth", "years of average earnings", |one| Some(one.wealth)),
    ("contributions_with_interest", "years of average earnings", |one| Some(one.paid_in)),
    ("break_even_age", "years", |one| one.break_even_age),
    ("benefits_from_start", "years of average earnings", |one| Some(one.benefits_from_start)),
    ("contributions_from_start", "years of average earnings", |one| {
        Some(one.contributions_from_start)
    }),
    ("net_from_start", "years of average earnings", |one| Some(one.net_from_start())),
    ("internal_rate_of_return", "share a year, constant prices", |one| {
        one.fairness.internal_rate_of_return
    }),
    ("net_present_value", "years of average earnings", |one| Some(one.fairness.net_present_value)),
    ("lifetime_tax", "share of insured earnings", |one| one.fairness.lifetime_tax),
];

/// Every figure of every model person under every option; a figure that there is not has an empty value.
pub(crate) fn model_persons_table(runs: &[ComparedRun]) -> Result<Table, TableError> {
    let columns = &[
        "scenario",
        "under",
        "career",
        "group",
        "sex",
        "born",
        "figure",
        "value",
        "baseline",
        "difference",
        "unit",
        "remark",
    ];
    let rows = runs.iter().map(|run| FIGURES.len() * run.lives.persons.len()).sum();
    let mut csv = CsvWriter::new("model_persons.csv", columns, rows);
    for run in runs {
        let baseline = baseline_of(runs, run);
        for person in &run.lives.persons {
            let below = baseline.and_then(|below| below.lives.same(person));
            let below = below.and_then(|below| below.found.as_ref().ok());
            for (name, unit, figure) in FIGURES {
                let value = person.found.as_ref().ok().and_then(figure);
                let below = below.and_then(figure);
                csv.text(&run.label.name);
                csv.text(under(&run.label.under));
                csv.text(&person.career);
                csv.text(&person.group);
                csv.text(person.sex.as_str());
                csv.number(f64::from(person.born.get()));
                csv.text(name);
                csv.beside_baseline(value, below);
                csv.text(unit);
                csv.text(person.found.as_ref().err().map_or("", String::as_str));
                csv.end_row();
            }
        }
    }
    Table::finish("model_persons.csv", csv)
}

/// What a cohort, a class or a group has over its life from the start on, beside the baseline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gain {
    /// `birth_cohort`, `wage_class`, `density_class` or `group`.
    pub(crate) by: &'static str,
    /// The cohort, class or group.
    pub(crate) key: String,
    pub(crate) sex: Sex,
    /// Year of birth of a model person; of a cohort its first.
    pub(crate) born: i32,
    /// Persons of a cohort; none for a model person.
    pub(crate) persons: Option<f64>,
    /// Benefits, contributions and what is left, a person, in years of average earnings of the first year.
    pub(crate) amounts: [f64; 3],
    /// The same under the baseline.
    pub(crate) below: [f64; 3],
    /// Change of what is left of the whole cohort, currency.
    pub(crate) change: Option<f64>,
}

impl Gain {
    /// Returns what is left more than under the baseline, a person.
    pub(crate) fn each(&self) -> f64 {
        self.amounts[2] - self.below[2]
    }

    pub(crate) fn verdict(&self) -> &'static str {
        match self.each() {
            each if NOTHING < each => "gains",
            each if each < -NOTHING => "loses",
            _ => "unchanged",
        }
    }

    const fn method(&self) -> &'static str {
        if self.persons.is_some() { "projection" } else { "model careers" }
    }
}

/// A kind of class, and to which class of it a person belongs; an empty one is none.
type Class = (&'static str, fn(&ModelPerson) -> &str);

/// Returns who gains and who loses in a run: birth cohorts of the projection, then classes of model careers.
pub(crate) fn gains(run: &ComparedRun, baseline: &ComparedRun) -> Vec<Gain> {
    let mut all = of_cohorts(run, baseline);
    let classes: [Class; 3] = [
        ("wage_class", |one| &one.wage_class),
        ("density_class", |one| &one.density_class),
        ("group", |one| if one.career == "average" { &one.group } else { "" }),
    ];
    for (by, class) in classes {
        all.extend(of_class(run, baseline, (by, class)));
    }
    all
}

fn of_cohorts(run: &ComparedRun, baseline: &ComparedRun) -> Vec<Gain> {
    let Some(average) = baseline.lives.average else { return Vec::new() };
    let gain = |cohort: &Cohort| {
        let below = baseline.lives.same_cohort(cohort)?;
        let each = |of: &Cohort| {
            [of.benefits, of.contributions, of.net()].map(|amount| amount / below.persons / average)
        };
        Some(Gain {
            by: "birth_cohort",
            key: format!("{}-{}", cohort.born, cohort.born + WIDTH - 1),
            sex: cohort.sex,
            born: cohort.born,
            persons: Some(below.persons),
            amounts: each(cohort),
            below: each(below),
            change: Some(cohort.net() - below.net()),
        })
    };
    run.lives.cohorts.iter().filter_map(gain).collect()
}

/// The mean over the careers and groups of a class, by cohort and sex.
fn of_class(run: &ComparedRun, baseline: &ComparedRun, (by, class): Class) -> Vec<Gain> {
    let mut all: Vec<(Gain, f64)> = Vec::new();
    for person in run.lives.persons.iter().filter(|one| !class(one).is_empty()) {
        let Some(below) = baseline.lives.same(person) else { continue };
        let (Ok(found), Ok(below)) = (&person.found, &below.found) else { continue };
        let amounts = |of: &ModelFigures| {
            [of.benefits_from_start, of.contributions_from_start, of.net_from_start()]
        };
        let (found, below) = (amounts(found), amounts(below));
        let place = (class(person), person.sex, person.born.get());
        match all.iter_mut().find(|(one, _)| (one.key.as_str(), one.sex, one.born) == place) {
            Some((one, count)) => {
                *count += 1.0;
                for at in 0..3 {
                    one.amounts[at] += (found[at] - one.amounts[at]) / *count;
                    one.below[at] += (below[at] - one.below[at]) / *count;
                }
            }
            None => {
                let (key, sex, born) = (place.0.to_owned(), place.1, place.2);
                let (persons, change) = (None, None);
                let gain = Gain { by, key, sex, born, persons, amounts: found, below, change };
                all.push((gain, 1.0));
            }
        }
    }
    all.into_iter().map(|(gain, _)| gain).collect()
}

/// Who gains and who loses over life, by birth cohort, class of wages, class of density and group.
pub(crate) fn gains_table(runs: &[ComparedRun]) -> Result<Table, TableError> {
    let columns = &[
        "scenario",
        "under",
        "by",
        "key",
        "sex",
        "born",
        "method",
        "persons",
        "benefits",
        "contributions",
        "net",
        "baseline_benefits",
        "baseline_contributions",
        "baseline_net",
        "difference",
        "verdict",
        "difference_of_all",
    ];
    let mut csv = CsvWriter::new("who_gains.csv", columns, 0);
    for run in runs.iter().filter(|run| !run.label.is_baseline()) {
        let Some(baseline) = baseline_of(runs, run) else { continue };
        for gain in gains(run, baseline) {
            csv.text(&run.label.name);
            csv.text(under(&run.label.under));
            csv.text(gain.by);
            csv.text(&gain.key);
            csv.text(gain.sex.as_str());
            csv.number(f64::from(gain.born));
            csv.text(gain.method());
            csv.number_or_blank(gain.persons);
            gain.amounts.iter().chain(&gain.below).for_each(|amount| csv.number(*amount));
            csv.number(gain.each());
            csv.text(gain.verdict());
            csv.number_or_blank(gain.change);
            csv.end_row();
        }
    }
    Table::finish("who_gains.csv", csv)
}
