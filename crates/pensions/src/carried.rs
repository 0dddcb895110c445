use std::sync::Arc;

use perennis_cohort::AgeGrid;
use perennis_scheme::{
    BalanceRule, Claim, Credit, Environment, LawError, PointsRule, ReferenceRule, Revaluation,
    Schedule,
};
use perennis_units::{Sex, When, Year, add_months, date_of_year};

use crate::basis::SchemeBasis;
use crate::claim_dates::born_on;
use crate::earnings::Earnings;
use crate::service_wages::{completed, of_years};

/// What a travelling sum of a register adds up for each person.
#[derive(Clone, Debug)]
pub(crate) enum CarriedSum {
    /// Insured earnings of the career at the level that awards of the running year ask for.
    Earnings(Arc<ReferenceRule>),
    /// Points.
    Points(Arc<PointsRule>),
    /// A balance at the start of the year.
    Balance(Arc<BalanceRule>),
    /// The contributions to a balance, which its law guarantees.
    Paid(Arc<BalanceRule>),
}

/// What a year does to a travelling sum, by sex and age.
#[derive(Clone, Debug)]
pub(crate) struct CarriedYear {
    /// The factor on what stood at the start of the year.
    pub(crate) keep: AgeGrid,
    /// By group: what a whole year of credit counts for, as it stands for a claim within the year.
    pub(crate) counted: Vec<AgeGrid>,
    /// The same of members with one completed year of credit, with two and so on; nothing where wages do not follow from it.
    pub(crate) of_service: Vec<Vec<AgeGrid>>,
    /// The factor on it at the end of the year.
    pub(crate) grown: AgeGrid,
}

impl CarriedYear {
    /// Returns what a whole year of credit counts for at a sex and age, with so many years of credit.
    pub(crate) fn counted_at(&self, group: usize, cell: [usize; 2], credit: f64) -> f64 {
        let of_service = &self.of_service[group];
        let grid = of_years(of_service, completed(credit)).unwrap_or(&self.counted[group]);
        grid[cell]
    }

    /// Returns what a whole year of credit counts for in the course of a year, half of it at the age and the credit of its
    /// start and half at those of its end.
    pub(crate) fn whole_year(
        &self,
        (group, (sex, age, next)): (usize, (Sex, usize, usize)),
        (start, end): (f64, f64),
    ) -> f64 {
        let at = |age, credit| self.counted_at(group, [sex.index(), age], credit);
        0.5 * (at(age, start) + at(next, end))
    }
}

/// What a year does to the sum of one person.
struct OfPerson {
    keep: f64,
    counts: Counts,
    grown: f64,
}

/// What earnings of a year count for.
enum Counts {
    Themselves,
    Schedule(Schedule),
}

/// A year and what it is asked with.
#[derive(Clone, Copy)]
pub(crate) struct AskedYear<'a> {
    pub(crate) basis: &'a SchemeBasis,
    pub(crate) year: Year,
    pub(crate) env: &'a Environment<'a>,
}

impl CarriedSum {
    /// Says whether another sum would be the same.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Earnings(one), Self::Earnings(other)) => {
                one.revaluation == other.revaluation
                    && (&one.ceiling, &one.floor, &one.above)
                        == (&other.ceiling, &other.floor, &other.above)
            }
            (Self::Points(one), Self::Points(other)) => one.name == other.name,
            (Self::Balance(one), Self::Balance(other)) | (Self::Paid(one), Self::Paid(other)) => {
                one.name == other.name
            }
            _ => false,
        }
    }

    /// Returns what a year does to the sum.
    ///
    /// The law is asked for a person of each sex and age who was born in the middle of the year and entered at the first
    /// age. What bends in the earnings of a year (a ceiling, points at most) is integrated over their spread; a year paid
    /// in part counts as that part of a whole one.
    pub(crate) fn year(
        &self,
        asked: &AskedYear<'_>,
        earnings: &Earnings,
    ) -> Result<CarriedYear, LawError> {
        let groups = asked.basis.groups.len();
        let ages = asked.basis.groups.first().map_or(0, |group| group.wages.ncols());
        let zeros = || AgeGrid::zeros((2, ages));
        let mut found = CarriedYear {
            keep: AgeGrid::ones((2, ages)),
            counted: (0..groups).map(|_| zeros()).collect(),
            of_service: asked
                .basis
                .groups
                .iter()
                .map(|group| vec![zeros(); group.wages_of_service.len()])
                .collect(),
            grown: AgeGrid::ones((2, ages)),
        };
        let same_for_all = self.is_same_for_all();
        let mut known: Option<OfPerson> = None;
        for sex in Sex::ALL {
            for age in 0..ages {
                let of = match known.take().filter(|_| same_for_all) {
                    Some(of) => of,
                    None => self.of_person(asked, (sex, age))?,
                };
                let cell = [sex.index(), age];
                found.keep[cell] = of.keep;
                found.grown[cell] = of.grown;
                for (group, basis) in asked.basis.groups.iter().enumerate() {
                    let count = |insured: &AgeGrid, wages: &AgeGrid| match &of.counts {
                        Counts::Themselves => insured[cell],
                        Counts::Schedule(counts) => {
                            earnings.counted(asked, (group, sex, age), (counts, wages))
                        }
                    };
                    found.counted[group][cell] = count(earnings.this_year(group), &basis.wages);
                    let of_service = earnings.this_year_of_service(group);
                    let of_service = of_service.iter().zip(&basis.wages_of_service);
                    for (to, (insured, wages)) in found.of_service[group].iter_mut().zip(of_service)
                    {
                        to[cell] = count(insured, wages);
                    }
                }
                known = Some(of);
            }
        }
        Ok(found)
    }

    /// Returns what a whole year of credit with these earnings, before the run, adds to the sum at the end of that year,
    /// and the factor of the year on what stood. Where all are alike, `known` keeps the answer for others.
    pub(crate) fn of_past_year(
        &self,
        asked: &AskedYear<'_>,
        of: (Sex, usize),
        earned: f64,
        known: Option<&mut Option<(f64, f64)>>,
    ) -> Result<(f64, f64), LawError> {
        if let Some(Some((grown, keep))) = known {
            return Ok((*grown * earned, *keep));
        }
        let of = self.of_person(asked, of)?;
        let counted = match &of.counts {
            Counts::Themselves => {
                if let Some(known) = known.filter(|_| self.is_same_for_all()) {
                    *known = Some((of.grown, of.keep));
                }
                earned
            }
            Counts::Schedule(counts) => counts.at(earned),
        };
        Ok((counted * of.grown, of.keep))
    }

    /// Revalued earnings without limits are asked once for everyone.
    fn is_same_for_all(&self) -> bool {
        match self {
            Self::Earnings(rule) => rule.revaluation.to_age.is_none() && !has_limits(rule),
            _ => false,
        }
    }

    fn of_person(
        &self,
        asked: &AskedYear<'_>,
        (sex, age): (Sex, usize),
    ) -> Result<OfPerson, LawError> {
        let AskedYear { basis, year, env } = *asked;
        let born = born_on(year.plus(-i32::try_from(age).unwrap_or(0) - 1), 6);
        let entered = add_months(born, 12 * i32::try_from(basis.entry_ages.0).unwrap_or(0));
        let when = When { date: date_of_year(year), born, entered, sex };
        let credit = Credit::Ending { months: 0, until: when.date };
        let claim = Claim::new(when, &basis.groups[0].name, credit);
        Ok(match self {
            Self::Earnings(rule) => {
                let (keep, grown) = level(&rule.revaluation, &when, env)?;
                let counts = if has_limits(rule) {
                    Counts::Schedule(rule.of_year(year, &claim, env)?)
                } else {
                    Counts::Themselves
                };
                OfPerson { keep, counts, grown }
            }
            Self::Points(rule) => {
                let counts = Counts::Schedule(rule.of_year(year, &claim, env)?.schedule());
                OfPerson { keep: 1.0, counts, grown: 1.0 }
            }
            Self::Balance(rule) => {
                let of_year = match rule.of_year(year, &claim, env) {
                    // Nobody is left in the table to inherit from.
                    Err(LawError::NoSurvivors { .. }) => {
                        let alone = BalanceRule { inheritance: None, ..rule.as_ref().clone() };
                        alone.of_year(year, &claim, env)?
                    }
                    of_year => of_year?,
                };
                let (keep, grown) = (of_year.growth, of_year.growth_of_paid);
                OfPerson { keep, counts: Counts::Schedule(of_year.schedule()), grown }
            }
            Self::Paid(rule) => {
                let alone = BalanceRule { inheritance: None, ..rule.as_ref().clone() };
                let counts = Counts::Schedule(alone.of_year(year, &claim, env)?.schedule());
                OfPerson { keep: 1.0, counts, grown: 1.0 }
            }
        })
    }
}

/// Says whether not all earnings of a year count.
const fn has_limits(rule: &ReferenceRule) -> bool {
    rule.ceiling.is_some() || rule.floor.is_some() || rule.above.is_some()
}

/// Returns the factor of a year on revalued earnings that stood at its start, and the one on the earnings of the year, so
/// that at the next start all is at the level that awards of the next year ask for.
///
/// Of a revaluation that lags by more than a year the earnings of the last years stand below their own level until the lag
/// has passed, by the growth of the index in between.
fn level(rule: &Revaluation, when: &When, env: &Environment<'_>) -> Result<(f64, f64), LawError> {
    let year = Year::new(i32::from(when.date.year()));
    let now = rule.level_year(when)?;
    let next = rule.level_year(&When { date: date_of_year(year.plus(1)), ..*when })?;
    let keep = rule.by.factor(now, next, env.indices)?;
    let reached_age = rule.to_age.is_some() && next < year.plus(1 - rule.lag);
    // Earnings after the year to which others are brought stay as they are.
    let added = if reached_age { 1.0 } else { rule.by.factor(year, next, env.indices)? };
    Ok((keep, added))
}
