use std::collections::BTreeMap;

use ndarray::Array2;
use perennis_demography::{AgeGroups, FertilityPattern, fertility_by_single_age};
use perennis_units::Path;

use super::Extent;
use super::points::{Points, Times};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Ages, Axis, Column, Kind, Layout, Rows, TableFile, plain};
use crate::read::population::Fertility as Raw;

/// Width of the age groups of mothers.
const GROUP: usize = 5;
/// Shares of a distribution add up to one but for the rounding of printed figures.
const ROUNDING: f64 = 0.005;
/// Births per woman-year below which an age without a row is one without births and not an oversight.
const NEGLIGIBLE: f64 = 0.001;

const LAYOUT: Layout<'_> = Layout {
    axes: &[Axis::Age],
    optional: &[Axis::Year, Axis::Name("period")],
    columns: &[
        Column::optional("rate", Kind::BIRTH_RATE),
        Column::optional("share", Kind::SHARE.called("a share of the total fertility rate")),
    ],
};

/// Fertility as the table has it: figures by age at each point in time; ages not listed have none.
struct Source<'a> {
    at: &'a At<'a>,
    rows: &'a Rows,
    shares: bool,
    width: usize,
    given: Vec<BTreeMap<usize, f64>>,
}

/// Builds births per woman-year. Axes: year, single age.
pub(super) fn read(raw: &Raw, at: &At<'_>, (years, ages): Extent) -> Option<Array2<f64>> {
    let total =
        raw.total.as_ref().map(|series| series.read(&at.key("total"), &Kind::CHILDREN, years));
    let mean = raw.mean_age.as_ref().map(|series| {
        let kind = Kind::YEARS.within(12.0, 55.0).called("a mean age at childbearing");
        series.read(&at.key("mean_age"), &kind, years)
    });
    let table = TableFile {
        file: raw.file.clone(),
        ages: raw.ages,
        gaps: raw.gaps,
        units: raw.units.clone(),
    };
    let rows = table.rows(at, &LAYOUT)?;
    let (years_given, periods) = times_of(&rows);
    let times = Times { years: &years_given, periods: &periods, run: raw.periods, gaps: raw.gaps };
    let points = times.points(at, years);
    let source =
        Source::new(at, &rows, raw.ages.unwrap_or(Ages::Single), (&years_given, &periods))?;
    source.totals_fit(raw)?;
    let total: Option<Path<f64>> = total.map_or(Some(None), |read| read.map(Some))?;
    let mean: Option<Path<f64>> = mean.map_or(Some(None), |read| read.map(Some))?;
    let points = points?;
    if source.shares || source.width == GROUP {
        return source.derived(&points, (total.as_ref(), mean.as_ref()), (years, ages));
    }
    let singles: Vec<Vec<f64>> = source.given.iter().map(|given| listed(given, ages)).collect();
    let mut fertility = Array2::zeros((years.count(), ages));
    for (year, (before, after, part)) in points.around.iter().enumerate() {
        for age in 0..ages {
            let (from, to) = (singles[*before][age], singles[*after][age]);
            fertility[[year, age]] = from + (to - from) * part;
        }
    }
    Some(fertility)
}

fn listed(given: &BTreeMap<usize, f64>, ages: usize) -> Vec<f64> {
    (0..ages).map(|age| given.get(&age).copied().unwrap_or(0.0)).collect()
}

fn times_of(rows: &Rows) -> (Vec<i32>, Vec<String>) {
    let mut years: Vec<i32> = rows.rows.iter().filter_map(|row| row.year).collect();
    years.sort_unstable();
    years.dedup();
    let mut periods: Vec<String> = rows.rows.iter().flat_map(|row| row.names.clone()).collect();
    periods.sort_unstable();
    periods.dedup();
    (years, periods)
}

impl<'a> Source<'a> {
    fn new(
        at: &'a At<'a>,
        rows: &'a Rows,
        ages: Ages,
        (years, periods): (&[i32], &[String]),
    ) -> Option<Self> {
        let fault = |code: Code, reason: String, remedy: &str| {
            rows.fault_at_header(at, code, (reason, remedy.into()));
            None
        };
        let width = match ages {
            Ages::Single => 1,
            Ages::FiveYear => GROUP,
            Ages::Abridged => {
                let reason = "ages of mothers are not abridged".to_owned();
                return fault(
                    Code::NotAnAge,
                    reason,
                    "say ages = \"single\" or ages = \"five_year\"",
                );
            }
        };
        let has =
            |name| rows.column(name).map(|at| rows.rows.iter().any(|row| row.values[at].is_some()));
        let (rates, shares) = (has("rate")?, has("share")?);
        if rates == shares {
            let code = if rates { Code::TwoWays } else { Code::ColumnMissing };
            let reason = "the table needs one of the columns `rate` and `share`".to_owned();
            return fault(code, reason, "give births per woman-year, or shares of a total");
        }
        let value = rows.column(if rates { "rate" } else { "share" })?;
        let mut given = vec![BTreeMap::new(); years.len().max(periods.len()).max(1)];
        for (position, row) in rows.rows.iter().enumerate() {
            let year = row.year.and_then(|year| years.binary_search(&year).ok());
            let period = row.names.first().and_then(|name| periods.binary_search(name).ok());
            let words = |reason: &str, remedy: &str| (reason.to_owned(), remedy.to_owned());
            let age = usize::from(row.age?);
            if !(1..=70).contains(&age) || age % width != 0 {
                let words = words(
                    "no mother is of this age",
                    "ages from 1 to 70; groups begin at multiples of five",
                );
                rows.fault(position, at, Code::NotAnAge, words);
                return None;
            }
            let Some(figure) = row.values[value] else {
                let words = words("the figure is empty", "give it, or leave the row out");
                rows.fault(position, at, Code::EmptyCell, words);
                return None;
            };
            given[year.or(period).unwrap_or(0)].insert(age, figure);
        }
        let source = Self { at, rows, shares, width, given };
        source.is_whole(years, periods).then_some(source)
    }

    /// Returns the ages before and after each stretch of ages without a row.
    fn holes(&self, given: &BTreeMap<usize, f64>) -> Vec<(usize, usize)> {
        let ages: Vec<usize> = given.keys().copied().collect();
        let pairs = ages.windows(2).map(|two| (two[0], two[1]));
        pairs.filter(|(low, high)| low + self.width != *high).collect()
    }

    /// Reports ages missing between others, rates that add up to too many children and shares that do not add up.
    fn is_whole(&self, years: &[i32], periods: &[String]) -> bool {
        for (point, given) in self.given.iter().enumerate() {
            let when =
                years.get(point).map(ToString::to_string).or_else(|| periods.get(point).cloned());
            let when = when.map(|when| format!(" for {when}")).unwrap_or_default();
            let fault = |code: Code, reason: String, remedy: &str| {
                self.rows.fault_at_header(self.at, code, (reason, remedy.into()));
                false
            };
            for (low, high) in self.holes(given) {
                if !self.shares && given[&low].max(given[&high]) < NEGLIGIBLE {
                    self.at.defaulted(
                        "ages without a row between others have no births, where few are born at \
                            the ages beside them",
                    );
                    continue;
                }
                let reason = format!("no row{when} between the ages {low} and {high}");
                let remedy = "only ages below the first and above the last may be left out";
                return fault(Code::RowsMissing, reason, remedy);
            }
            let sum: f64 = given.values().sum();
            if self.shares && ROUNDING < (sum - 1.0).abs() {
                let reason = format!("the shares{when} add up to {}", plain(sum));
                return fault(
                    Code::SharesDoNotAdd,
                    reason,
                    "shares of the total fertility rate add up to 1",
                );
            }
            let children = sum * if self.width == GROUP { 5.0 } else { 1.0 };
            if !self.shares && 15.0 < children {
                let reason =
                    format!("the rates{when} add up to {} children per woman", plain(children));
                return fault(
                    Code::OutOfBounds,
                    reason,
                    "rates per thousand need unit = \"births per thousand woman-years\"",
                );
            }
        }
        true
    }

    /// Reports a total that is missing or has no effect.
    fn totals_fit(&self, raw: &Raw) -> Option<()> {
        if self.shares && raw.total.is_none() {
            let remedy = "add [fertility.total] with the total fertility rate by year";
            self.at.fault(
                Code::MissingKey,
                "a distribution needs the total it distributes",
                remedy,
            );
            return None;
        }
        let beside = [("total", raw.total.is_some()), ("mean_age", raw.mean_age.is_some())];
        if let Some((key, _)) = beside.iter().find(|(_, given)| *given && !self.shares) {
            let reason = format!("rates by age and `{key}` say the same in two ways");
            self.at.key(key).fault(
                Code::TwoWays,
                reason,
                "leave it out, or give `share` in place of `rate`",
            );
            return None;
        }
        Some(())
    }

    fn derived(
        &self,
        points: &Points,
        (total, mean): (Option<&Path<f64>>, Option<&Path<f64>>),
        (years, ages): Extent,
    ) -> Option<Array2<f64>> {
        self.at.derived(
            "births by single age of the mother follow a smooth curve through the \
            distribution by age group",
        );
        if mean.is_some() {
            self.at.derived(
                "the distribution is tilted so that it has the mean age at \
                childbearing of the year",
            );
        }
        let lowest = self.given.iter().filter_map(|given| given.keys().next()).min()?;
        let highest = self.given.iter().filter_map(|given| given.keys().next_back()).max()?;
        let starts: Vec<usize> = (*lowest..=highest + self.width).step_by(self.width).collect();
        let mut fertility = Array2::zeros((years.count(), ages));
        for (position, (year, (before, after, part))) in
            years.iter().zip(&points.around).enumerate()
        {
            let mix = |start: &usize| {
                let of = |point: usize| self.given[point].get(start).copied().unwrap_or(0.0);
                of(*before) + (of(*after) - of(*before)) * part
            };
            let figures: Vec<f64> = starts[..starts.len() - 1].iter().map(mix).collect();
            let children =
                total.map_or_else(|| 5.0 * figures.iter().sum::<f64>(), |path| path.at(year));
            let mean = mean.map(|path| path.at(year));
            let rates = AgeGroups::new(starts.clone())
                .and_then(|groups| FertilityPattern::new(groups, figures))
                .and_then(|pattern| fertility_by_single_age(&pattern, children, mean, ages));
            match rates {
                Ok(rates) => rates
                    .into_iter()
                    .enumerate()
                    .for_each(|(age, rate)| fertility[[position, age]] = rate),
                Err(error) => {
                    let words = (
                        format!("{year}: {error}"),
                        "check the distribution and the mean age".into(),
                    );
                    self.rows.fault_at_header(self.at, Code::Incoherent, words);
                    return None;
                }
            }
        }
        Some(fertility)
    }
}
