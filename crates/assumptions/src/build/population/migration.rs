use perennis_cohort::YearGrid;
use perennis_demography::{LifeTable, MigrationSchedule};
use perennis_units::{Sex, YearRange};

use super::{Extent, Tables};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Ages, Axis, Column, Cube, Kind, Layout, TableFile, plain};
use crate::read::population::{Migration as Raw, Schedule};

/// Shares add up to one but for the rounding of printed figures.
const ROUNDING: f64 = 0.005;
/// A part of net migrants: where some ages leave and others come, parts pass one.
const PART: Kind = Kind::SHARE.within(-100.0, 100.0).called("a share of net migrants");

/// Builds net migrants of each year by sex and single age at the end of the year.
///
/// `tables` are the life tables of the first year; an open age group of the table follows them.
pub(super) fn read(
    raw: &Raw,
    at: &At<'_>,
    (years, ages): Extent,
    tables: Option<&Tables>,
) -> Option<YearGrid> {
    match (&raw.by_age, &raw.total) {
        (Some(table), None) => {
            let others = [
                ("male_share", raw.male_share.is_some()),
                ("shares", raw.shares.is_some()),
                ("schedule", raw.schedule.is_some()),
            ];
            if let Some((key, _)) = others.iter().find(|(_, given)| *given) {
                let reason =
                    format!("`{key}` goes with `total` and has no effect on figures by age");
                at.key(key).fault(Code::TwoWays, reason, "leave it out");
            }
            by_age(table, &at.key("by_age"), (years, ages), tables)
        }
        (None, Some(total)) => {
            let total = total.read(&at.key("total"), &Kind::NET_PERSONS, years);
            let shares = shares(raw, at, ages, tables);
            let (total, shares) = (total?, shares?);
            let mut grid = YearGrid::zeros(years.count(), ages);
            for (position, year) in years.iter().enumerate() {
                for sex in Sex::ALL {
                    for (age, share) in shares[sex.index()].iter().enumerate() {
                        grid.set(position, sex, age, total.at(year) * share);
                    }
                }
            }
            Some(grid)
        }
        (None, None) => {
            let remedy =
                "give by_age = { file = \"….csv\" }, or total = { value = 0 } where nobody moves";
            at.fault(Code::NoValues, "net migrants have no values", remedy);
            None
        }
        (Some(_), Some(_)) => {
            let reason = "net migrants are given by age and as a total";
            at.key("total").fault(Code::TwoWays, reason, "keep one of by_age and total");
            None
        }
    }
}

fn by_age(
    table: &TableFile,
    at: &At<'_>,
    (years, ages): (YearRange, usize),
    tables: Option<&Tables>,
) -> Option<YearGrid> {
    let layout = Layout {
        axes: &[Axis::Sex, Axis::Age],
        optional: &[Axis::Year],
        columns: &[Column::needed("persons", Kind::NET_PERSONS)],
    };
    let cube = table.read(at, &layout)?;
    let figures = cube.over("persons", table, years, at);
    let spread = Spread::new(&cube, table, at, ages)?;
    let (figures, tables) = (figures?, tables?);
    let mut grid = YearGrid::zeros(years.count(), ages);
    for (year, figures) in figures.outer_iter().enumerate() {
        for (sex, figures) in Sex::ALL.into_iter().zip(figures.outer_iter()) {
            let figures: Vec<f64> = figures.iter().copied().collect();
            for (age, persons) in
                spread.over(&figures, &tables[sex.index()]).into_iter().enumerate()
            {
                grid.set(year, sex, age, persons);
            }
        }
    }
    Some(grid)
}

/// Returns the share of the total by sex and age.
fn shares(raw: &Raw, at: &At<'_>, ages: usize, tables: Option<&Tables>) -> Option<[Vec<f64>; 2]> {
    let male = raw.male_share.map(|share| share.share(&at.key("male_share")));
    let male = male.map_or(Some(None), |read| read.map(|share| Some(share.get())))?;
    let of_sexes = |shares: [Vec<f64>; 2]| {
        let male = male.unwrap_or_else(|| {
            at.key("male_share").defaulted("half of net migrants are men and boys");
            0.5
        });
        let mut shares = shares;
        for (shares, part) in shares.iter_mut().zip([male, 1.0 - male]) {
            shares.iter_mut().for_each(|share| *share *= part);
        }
        shares
    };
    let Some(table) = &raw.shares else {
        let schedule = schedule(raw.schedule.as_ref(), &at.key("schedule"))?;
        at.derived(
            "net migrants by age follow the model schedule of Rogers and Castro, applied to the life table of the \
             first year",
        );
        return scheduled(&schedule, tables?, at).map(of_sexes);
    };
    if raw.schedule.is_some() {
        let reason = "net migrants by age are given by shares and by a schedule";
        at.key("schedule").fault(Code::TwoWays, reason, "keep one of the two");
        return None;
    }
    let place = at.key("shares");
    let layout = Layout {
        axes: &[Axis::Age],
        optional: &[Axis::Sex],
        columns: &[Column::needed("share", PART)],
    };
    let cube = table.read(&place, &layout)?;
    let spread = Spread::new(&cube, table, &place, ages)?;
    let given = cube.grid("share")?;
    let sum: f64 = given.iter().sum();
    if ROUNDING < (sum - 1.0).abs() {
        let reason = format!("the shares add up to {}", plain(sum));
        cube.fault(&place, Code::SharesDoNotAdd, reason, "shares of the total add up to 1");
        return None;
    }
    if cube.by_sex && male.is_some() {
        let reason = "the shares say how the sexes divide, and so does `male_share`";
        at.key("male_share").fault(Code::TwoWays, reason, "leave it out");
        return None;
    }
    let tables = tables?;
    let row = |row: usize| {
        let figures: Vec<f64> = given
            .iter()
            .skip(row * cube.ages.len())
            .take(cube.ages.len())
            .map(|share| share / sum)
            .collect();
        spread.over(&figures, &tables[row])
    };
    Some(if cube.by_sex { [row(0), row(1)] } else { of_sexes([row(0), row(0)]) })
}

/// Returns the shares of each sex that a schedule gives, each adding up to one.
fn scheduled(schedule: &MigrationSchedule, tables: &Tables, at: &At<'_>) -> Option<[Vec<f64>; 2]> {
    let [men, women] = [0, 1].map(|sex: usize| schedule.shares(tables[sex].person_years()));
    match (men, women) {
        (Ok(men), Ok(women)) => Some([men, women]),
        (Err(error), _) | (_, Err(error)) => {
            let remedy = "check the parameters and the share that moves back";
            at.key("schedule").fault(Code::Incoherent, error.to_string(), remedy);
            None
        }
    }
}

fn schedule(raw: Option<&Schedule>, at: &At<'_>) -> Option<MigrationSchedule> {
    let fundamental = MigrationSchedule::FUNDAMENTAL;
    let Some(raw) = raw else {
        at.defaulted(
            "net migrants have the fundamental schedule of Rogers and Castro, without returns",
        );
        return Some(fundamental);
    };
    let returning = raw.returning.map(|share| {
        share.read(
            &at.key("returning"),
            &Kind::SHARE.within(0.0, 0.95).called("a share of movers who return"),
        )
    });
    let years_away = raw.years_away.map(|years| {
        years.read(&at.key("years_away"), &Kind::YEARS.within(1.0, 60.0).called("a time away"))
    });
    let given = raw.parameters.map(|given| at.key("parameters").citation().map(|_| given));
    if returning.is_some() != years_away.is_some() {
        let reason = "`returning` and `years_away` need each other";
        at.fault(
            Code::MissingKey,
            reason,
            "give the share that moves back and after how many years",
        );
        return None;
    }
    let given = given.map_or(Some(None), |read| read.map(Some))?;
    let part = |choose: fn(&crate::read::population::Parameters) -> Option<f64>, value: f64| {
        given.as_ref().and_then(choose).unwrap_or(value)
    };
    let returning = returning.map_or(Some(0.0), |read| read)?;
    let away = years_away.map_or(Some(0.0), |read| read)?;
    let years_away = (0..=60_u16).find(|years| (f64::from(*years) - away).abs() < 1e-9);
    let Some(years_away) = years_away else {
        let reason = format!("{} years is not a whole number", plain(away));
        at.key("years_away").fault(Code::OutOfBounds, reason, "give whole years");
        return None;
    };
    Some(MigrationSchedule {
        children: part(|given| given.children, fundamental.children),
        children_decline: part(|given| given.children_decline, fundamental.children_decline),
        workers: part(|given| given.workers, fundamental.workers),
        workers_age: part(|given| given.workers_age, fundamental.workers_age),
        workers_rise: part(|given| given.workers_rise, fundamental.workers_rise),
        workers_decline: part(|given| given.workers_decline, fundamental.workers_decline),
        every_age: part(|given| given.every_age, fundamental.every_age),
        returning,
        years_away: usize::from(years_away),
    })
}

/// How figures of the ages of a table are spread over single ages.
struct Spread {
    lowest: Vec<usize>,
    ages: usize,
}

impl Spread {
    fn new(cube: &Cube, table: &TableFile, at: &At<'_>, ages: usize) -> Option<Self> {
        let lowest: Vec<usize> = cube.ages.iter().map(|age| usize::from(*age)).collect();
        let (first, last) = (*lowest.first()?, *lowest.last()?);
        let single = table.ages.unwrap_or(Ages::Single) == Ages::Single;
        if first != 0 || (single && last + 1 < ages) {
            let reason = format!("the ages run from {first} to {last}");
            let remedy =
                format!("give every age from 0 to {}, with 0 where nobody moves", ages - 1);
            cube.fault(at, Code::RowsMissing, reason, remedy);
            return None;
        }
        if !single {
            at.derived(
                "net migrants of age groups are spread evenly over the ages of the group, \
                those of the last by the life table",
            );
        }
        Some(Self { lowest, ages })
    }

    fn over(&self, figures: &[f64], table: &LifeTable) -> Vec<f64> {
        let mut ages = vec![0.0; self.ages];
        for (group, figure) in figures.iter().enumerate() {
            let from = self.lowest[group].min(self.ages - 1);
            match self.lowest.get(group + 1) {
                Some(next) => {
                    let until = (*next).min(self.ages).max(from + 1);
                    let width = (from..until).map(|_| 1.0).sum::<f64>();
                    ages[from..until].iter_mut().for_each(|age| *age += figure / width);
                }
                None => {
                    let lived = &table.person_years()[from..];
                    let whole: f64 = lived.iter().sum();
                    for (age, years) in ages[from..].iter_mut().zip(lived) {
                        *age += figure * years / whole;
                    }
                }
            }
        }
        ages
    }
}
