use perennis_units::YearRange;
use perennis_valuation::{Model, ModelPersons, Results, Title};

use super::lives::Lives;
use super::paths::{ComparedPath, paths};

/// Name of the run without reforms, of its folder and in the tables.
pub const BASELINE: &str = "baseline";

/// What a run of a comparison is: which reform, how late, and under which assumptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunLabel {
    /// Name of its folder, and the column `scenario` of the tables; [`BASELINE`] for the run without reforms.
    pub name: String,
    /// What it is called on the page; short.
    pub label: String,
    /// Title of the reform as its file gives it.
    pub title: String,
    /// Source of the reform as its file gives it.
    pub source: String,
    /// The file of the reform, by its name alone.
    pub file: String,
    /// Years by which the dates of the reform were moved.
    pub delay: i32,
    /// Whether the behaviour that the reform declares is laid over it.
    pub with_behaviour: bool,
    /// Name of the scenario that lies under it; empty for the assumptions of the valuation.
    pub under: String,
    /// What its assumptions give cause to warn of, beyond the warnings of the baseline.
    pub warnings: Vec<String>,
}

impl RunLabel {
    /// Says whether this is the run without reforms.
    #[must_use]
    pub fn is_baseline(&self) -> bool {
        self.name == BASELINE
    }
}

/// What a comparison keeps of a run.
#[derive(Clone, Debug)]
pub struct ComparedRun {
    /// Which run it is.
    pub label: RunLabel,
    pub(crate) title: Title,
    pub(crate) years: YearRange,
    pub(crate) paths: Vec<ComparedPath>,
    pub(crate) measures: Vec<ComparedMeasure>,
    pub(crate) lives: Lives,
}

/// A figure about the financing of an account: one value for the whole run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ComparedMeasure {
    /// The account.
    pub(crate) scope: String,
    /// Name of the measure.
    pub(crate) measure: String,
    /// The value, where there is one.
    pub(crate) value: Option<f64>,
    /// Its unit.
    pub(crate) unit: &'static str,
}

impl ComparedRun {
    /// Takes from the results of `model` what a comparison needs.
    #[must_use]
    pub fn of(label: RunLabel, model: &Model, results: &Results) -> Self {
        let measures = results.finance.iter().flat_map(|finance| finance.measures());
        let measures = measures.map(|one| ComparedMeasure {
            measure: one.measure.to_string(),
            scope: one.scope,
            value: one.value,
            unit: one.unit,
        });
        Self {
            label,
            title: results.title.clone(),
            years: results.population.years,
            paths: paths(model, results),
            measures: measures.collect(),
            lives: Lives::default(),
        }
    }

    /// Follows also model persons and birth cohorts over their lives under the same `model` and `results`.
    #[must_use]
    pub fn with_lives(mut self, model: &Model, results: &Results, persons: &ModelPersons) -> Self {
        self.lives = Lives::of(model, results, persons);
        self
    }

    /// Returns the value of an indicator in a year: one of `indicators.csv`, or one that comparisons add.
    #[must_use]
    pub fn value(&self, scope: &str, indicator: &str, year: i32) -> Option<f64> {
        let position = self.years.position(perennis_units::Year::new(year))?;
        *self.path(scope, indicator)?.values.get(position)?
    }

    /// Returns the first and the last year.
    #[must_use]
    pub fn ends(&self) -> (i32, i32) {
        (self.years.first().get(), self.years.last().get())
    }

    /// Returns the unit of an indicator.
    #[must_use]
    pub fn unit(&self, scope: &str, indicator: &str) -> Option<&'static str> {
        Some(self.path(scope, indicator)?.unit)
    }

    /// Returns scope and name of every indicator, in the order of the tables.
    pub fn indicators(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.paths.iter().map(|path| (path.scope.as_str(), path.indicator))
    }

    /// Returns a measure of `financing.csv` with its unit.
    #[must_use]
    pub fn measure_of(&self, scope: &str, measure: &str) -> Option<(f64, &'static str)> {
        let found = self.measure(scope, measure)?;
        Some((found.value?, found.unit))
    }

    /// Returns scope and name of every measure of `financing.csv`, in the order of the table.
    pub fn measures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.measures.iter().map(|one| (one.scope.as_str(), one.measure.as_str()))
    }

    /// Returns the currency of its amounts.
    #[must_use]
    pub fn currency(&self) -> &str {
        &self.title.currency
    }

    pub(crate) fn path(&self, scope: &str, indicator: &str) -> Option<&ComparedPath> {
        self.paths.iter().find(|path| path.scope == scope && path.indicator == indicator)
    }

    pub(crate) fn measure(&self, scope: &str, measure: &str) -> Option<&ComparedMeasure> {
        self.measures.iter().find(|one| one.scope == scope && one.measure == measure)
    }
}
