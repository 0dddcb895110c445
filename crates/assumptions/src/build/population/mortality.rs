use ndarray::s;
use perennis_demography::{
    AgeGroups, GraduationError, LifeTable, life_table_meeting, mortality_by_single_age,
    rates_between,
};
use perennis_units::{CentralRate, Path, Probability, Sex, YearRange};

use super::points::{Points, Times};
use super::{Extent, Tables};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Ages, Axis, Column, Cube, Kind, Layout, TableFile};
use crate::read::population::Mortality as Raw;

/// Ages at which a table of probabilities may end without saying how long those live who reach its end.
const LAST_AGE_OF_PROBABILITIES: usize = 110;
/// Expectations of life at birth that no nation has had over a whole year.
const LIFE_EXPECTANCY: std::ops::RangeInclusive<f64> = 10.0..=110.0;

const LAYOUT: Layout<'_> = Layout {
    axes: &[Axis::Sex, Axis::Age],
    optional: &[Axis::Year, Axis::Name("period")],
    columns: &[
        Column::optional("rate", Kind::DEATH_RATE),
        Column::optional("qx", Kind::PROBABILITY.called("a probability of death")),
        Column::optional("ax", Kind::YEARS.called("a time lived")).always_in("years"),
    ],
};

/// The figures of one point in time and sex, by the ages of the table.
struct Given {
    figures: Vec<f64>,
    lived: Vec<Option<f64>>,
}

/// Mortality as the table has it.
struct Source<'a> {
    at: &'a At<'a>,
    cube: Cube,
    lowest: Vec<usize>,
    single: bool,
    probabilities: bool,
    /// By point in time and sex.
    given: Vec<[Given; 2]>,
}

/// Builds a life table for each year and sex, open at the open age.
pub(super) fn read(raw: &Raw, at: &At<'_>, (years, open_age): Extent) -> Option<Vec<Tables>> {
    let targets = raw.life_expectancy.as_ref().map(|series| {
        let kind = Kind::YEARS.within(*LIFE_EXPECTANCY.start(), *LIFE_EXPECTANCY.end());
        series.series(&at.key("life_expectancy"), &kind.called("a life expectancy at birth"), years)
    });
    let table = TableFile {
        file: raw.file.clone(),
        ages: raw.ages,
        gaps: raw.gaps,
        units: raw.units.clone(),
    };
    let cube = table.read(at, &LAYOUT)?;
    let times = Times {
        years: &cube.years,
        periods: cube.names.first().map_or(&[], Vec::as_slice),
        run: raw.periods,
        gaps: raw.gaps,
    };
    let points = times.points(at, years);
    let source = Source::new(at, cube, raw.ages.unwrap_or(Ages::Single), open_age)?;
    let (points, targets) = (points?, targets.map_or(Some(None), |read| read.map(Some))?);
    let tables = if source.is_exact(&points, open_age) && targets.is_none() {
        source.exact(&points, open_age)
    } else {
        source.derived(&points, targets.as_ref(), (years, open_age))
    };
    tables.filter(|tables| source.is_possible(tables, years))
}

impl<'a> Source<'a> {
    fn new(at: &'a At<'a>, cube: Cube, ages: Ages, open_age: usize) -> Option<Self> {
        let lowest: Vec<usize> = cube.ages.iter().map(|age| usize::from(*age)).collect();
        let filled = |name: &str| {
            cube.column(name).map_or(0, |column| column.iter().filter(|v| !v.is_nan()).count())
        };
        let (cells, rates, probabilities) =
            (cube.column("rate")?.len(), filled("rate"), filled("qx"));
        let fault = |code: Code, reason: &str, remedy: &str| {
            cube.fault(at, code, reason, remedy);
            None
        };
        if (rates == 0) == (probabilities == 0) {
            let (code, reason) = if rates == 0 {
                (Code::ColumnMissing, "the table has neither a column `rate` nor a column `qx`")
            } else {
                (Code::TwoWays, "the table has a column `rate` and a column `qx`")
            };
            return fault(
                code,
                reason,
                "give death rates in `rate` or probabilities of death in `qx`",
            );
        }
        if rates + probabilities != cells {
            let reason = "some cells of the death rates or probabilities are empty";
            return fault(Code::EmptyCell, reason, "give every cell");
        }
        if lowest.first() != Some(&0) || lowest.len() < 3 {
            let reason = "the ages do not begin at 0, or are fewer than three";
            return fault(Code::RowsMissing, reason, "add the rows; the last age is open");
        }
        if ages == Ages::FiveYear {
            let reason = "five-year groups do not tell infants from other children";
            return fault(
                Code::NotAnAge,
                reason,
                "give the groups 0, 1-4, 5-9, …: ages = \"abridged\"",
            );
        }
        let single = ages == Ages::Single;
        let reaches = single && open_age <= lowest[lowest.len() - 1];
        if 0 < probabilities && !reaches {
            let reason =
                format!("probabilities of death must be by single age and reach {open_age}");
            return fault(Code::NotAnAge, &reason, "give death rates in a column `rate` instead");
        }
        if 0 < filled("ax") && !reaches {
            let reason = format!("`ax` needs single ages that reach {open_age}");
            return fault(Code::NotAnAge, &reason, "leave `ax` out");
        }
        let probabilities = 0 < probabilities;
        let given = given(&cube, if probabilities { "qx" } else { "rate" })?;
        let source = Self { at, cube, lowest, single, probabilities, given };
        source.ends().then_some(source)
    }

    /// Says whether probabilities of death end the table and it is known how long the oldest live.
    fn ends(&self) -> bool {
        if !self.probabilities {
            return true;
        }
        let last = self.lowest.len() - 1;
        let all = || self.given.iter().flatten();
        if let Some(given) = all().find(|given| given.figures[last] < 1.0) {
            let (age, q_x) = (self.lowest[last], given.figures[last]);
            let reason = format!("the probability of death at the last age {age} is {q_x}, not 1");
            self.cube.fault(self.at, Code::Incoherent, reason, "end the table where it is 1");
            return false;
        }
        let known = LAST_AGE_OF_PROBABILITIES <= self.lowest[last];
        if !known && all().any(|given| given.lived[last].is_none()) {
            let age = self.lowest[last];
            let reason = format!("nothing says how long those live who reach the last age {age}");
            let remedy = "give `ax` there, or a table that ends at 110 or later";
            self.cube.fault(self.at, Code::RowsMissing, reason, remedy);
            return false;
        }
        true
    }

    /// Says whether the years of the valuation can be taken from the table as they stand.
    fn is_exact(&self, points: &Points, open_age: usize) -> bool {
        self.reaches(open_age) && points.around.iter().all(|(_, _, part)| *part <= 0.0)
    }

    fn reaches(&self, open_age: usize) -> bool {
        self.single && self.lowest.last().is_some_and(|last| open_age <= *last)
    }

    fn exact(&self, points: &Points, open_age: usize) -> Option<Vec<Tables>> {
        let mut built: Vec<Option<Tables>> = vec![None; self.given.len()];
        let mut tables = Vec::with_capacity(points.around.len());
        for (point, _, _) in &points.around {
            if built[*point].is_none() {
                let build = |sex: Sex| self.life_table(sex, &self.given[*point][sex.index()]);
                let both = self.both(build)?;
                built[*point] = Some(both.map(|table| table.open_at(open_age)));
            }
            tables.push(built[*point].clone()?);
        }
        Some(tables)
    }

    /// Builds the tables by graduation over ages and years and by targets.
    fn derived(
        &self,
        points: &Points,
        targets: Option<&[Path<f64>; 2]>,
        (years, open_age): Extent,
    ) -> Option<Vec<Tables>> {
        if self.given.iter().flatten().any(|given| given.lived.iter().any(Option::is_some)) {
            let reason = "`ax` holds for the rates as they stand, and these are interpolated or \
                brought to a target";
            self.cube.fault(self.at, Code::TwoWays, reason, "leave `ax` out, or give every year");
            return None;
        }
        self.note(targets.is_some(), open_age);
        let singles: Vec<[Vec<CentralRate>; 2]> = self
            .given
            .iter()
            .map(|given| self.both(|sex| self.by_single_age(sex, &given[sex.index()], open_age)))
            .collect::<Option<_>>()?;
        let tables = years.iter().zip(&points.around).map(|(year, (before, after, part))| {
            self.both(|sex| {
                let (before, after) =
                    (&singles[*before][sex.index()], &singles[*after][sex.index()]);
                let rates = rates_between(before, after, *part);
                let target = targets.map(|paths| paths[sex.index()].at(year));
                life_table_meeting(sex, &rates, target)
            })
        });
        tables.collect()
    }

    fn note(&self, meets_targets: bool, open_age: usize) {
        let last = self.lowest[self.lowest.len() - 1];
        if !self.single {
            self.at.derived(
                "death rates of age groups are brought to single ages; every group keeps its rate",
            );
        }
        if last < open_age {
            self.at.derived(format!(
                "death rates from age {last} to {open_age} follow a logistic curve with the \
                    expectation of life at {last}"
            ));
        }
        if meets_targets {
            self.at.derived(
                "death rates of all ages are multiplied by one factor a year that \
                gives the life expectancy at birth",
            );
        }
    }

    fn by_single_age(
        &self,
        sex: Sex,
        given: &Given,
        open_age: usize,
    ) -> Result<Vec<CentralRate>, GraduationError> {
        if self.reaches(open_age) {
            let table = self.life_table(sex, given)?.open_at(open_age);
            let m_x: Vec<f64> = (0..=open_age).map(|age| table.death_rate(age)).collect();
            return rates(&m_x);
        }
        let groups = AgeGroups::new(self.lowest.clone())?;
        mortality_by_single_age(sex, &groups, &rates(&given.figures)?, open_age)
    }

    /// Reports the first expectation of life that no nation has.
    fn is_possible(&self, tables: &[Tables], years: YearRange) -> bool {
        for (year, tables) in years.iter().zip(tables) {
            for sex in Sex::ALL {
                let expectation = tables[sex.index()].life_expectancy(0);
                if LIFE_EXPECTANCY.contains(&expectation) {
                    continue;
                }
                let (low, high) = LIFE_EXPECTANCY.into_inner();
                let reason = format!(
                    "the table gives {} a life expectancy at birth of {expectation:.1} years in \
                        {year}, outside {low} to {high}",
                    sex.as_str()
                );
                let remedy = "check the unit: rates per thousand need unit = \"deaths per \
                    thousand person-years\"";
                self.cube.fault(self.at, Code::OutOfBounds, reason, remedy);
                return false;
            }
        }
        true
    }

    fn life_table(&self, sex: Sex, given: &Given) -> Result<LifeTable, GraduationError> {
        if self.probabilities {
            let checked = |(age, q_x): (usize, &f64)| {
                Probability::new(*q_x).map_err(|_| GraduationError::Value { age, value: *q_x })
            };
            let q_x: Vec<_> =
                given.figures.iter().enumerate().map(checked).collect::<Result<_, _>>()?;
            return Ok(LifeTable::from_probabilities(sex, &q_x, &given.lived)?);
        }
        Ok(LifeTable::from_rates(sex, &rates(&given.figures)?, &given.lived)?)
    }

    /// Builds both sexes; an error becomes a fault of the table.
    fn both<T>(&self, build: impl Fn(Sex) -> Result<T, GraduationError>) -> Option<[T; 2]> {
        let built = Sex::ALL.map(|sex| {
            build(sex).map_err(|error| {
                let reason = format!("{}: {error}", sex.as_str());
                let remedy = "check the figures of the table and their unit";
                self.cube.fault(self.at, Code::Incoherent, reason, remedy);
            })
        });
        let [male, female] = built;
        Some([male.ok()?, female.ok()?])
    }
}

/// Takes the figures of every point in time and sex out of the table.
fn given(cube: &Cube, name: &str) -> Option<Vec<[Given; 2]>> {
    let (figures, lived) = (cube.column(name)?, cube.column("ax")?);
    // The axes before the last two are year and period, of which one at most is longer than one.
    let (sexes, ages) = (2, cube.ages.len());
    let points = figures.len() / (sexes * ages);
    let figures = figures.to_shape((points, sexes, ages)).ok()?;
    let lived = lived.to_shape((points, sexes, ages)).ok()?;
    let known = |value: &f64| Some(*value).filter(|value| !value.is_nan());
    let of = |point: usize, sex: Sex| Given {
        figures: figures.slice(s![point, sex.index(), ..]).to_vec(),
        lived: lived.slice(s![point, sex.index(), ..]).iter().map(known).collect(),
    };
    Some((0..points).map(|point| Sex::ALL.map(|sex| of(point, sex))).collect())
}

fn rates(figures: &[f64]) -> Result<Vec<CentralRate>, GraduationError> {
    let checked = |(age, rate): (usize, &f64)| {
        CentralRate::new(*rate).map_err(|_| GraduationError::Value { age, value: *rate })
    };
    figures.iter().enumerate().map(checked).collect()
}
