use std::borrow::Cow;

use perennis_cohort::{AgeGrid, Row};
use perennis_scheme::{Environment, LawError, LegalIndices, Limits, Lognormal, Schedule};
use perennis_units::{Money, Sex, Year};

use crate::basis::{GroupBasis, SchemeBasis};
use crate::carried::AskedYear;
use crate::collection::declared;
use crate::parts::Held;
use crate::service_wages::{completed, mean_over_service, of_years};

/// Insured earnings of a full year by group, sex and age, and their history.
#[derive(Clone, Debug)]
pub(crate) struct Earnings {
    first: Year,
    /// The contribution whose floor and ceiling define the insured earnings of each group.
    pub(crate) defining: Vec<usize>,
    /// By year of the run, then group: insured earnings by sex and age under the defining contribution; ages without any
    /// have those of the nearest age with some.
    history: Vec<Vec<AgeGrid>>,
    /// The same of members with one completed year of credit, with two and so on.
    history_of_service: Vec<Vec<Vec<AgeGrid>>>,
    /// Floor and ceiling of the last year stepped, by group.
    limits: Vec<Limits>,
}

/// Insured earnings of one year under one contribution, by group; a group that does not pay has none.
pub(crate) type ByContribution = Vec<Vec<Option<AgeGrid>>>;

impl Earnings {
    /// Finds the contribution that defines insured earnings; the group without one is the error.
    pub(crate) fn new(basis: &SchemeBasis, first: Year) -> Result<Self, usize> {
        let mut defining = Vec::new();
        for (at, group) in basis.groups.iter().enumerate() {
            let contributions = &basis.law.contributions;
            defining.push(
                contributions.iter().position(|law| law.groups.contains(&group.name)).ok_or(at)?,
            );
        }
        Ok(Self {
            first,
            defining,
            history: Vec::new(),
            history_of_service: Vec::new(),
            limits: Vec::new(),
        })
    }

    /// Returns the mean wage of a full year before floor and ceiling; `persons` gives the active insured of each group and
    /// their wages by sex and age.
    pub(crate) fn mean_wage<'a>(
        basis: &'a SchemeBasis,
        year: Year,
        indices: &LegalIndices,
        persons: impl Fn(usize) -> (&'a AgeGrid, Cow<'a, AgeGrid>),
    ) -> Option<Money> {
        let (mut wages, mut heads) = (0.0, 0.0);
        for (at, group) in basis.groups.iter().enumerate() {
            let growth = indices.wages.at(year) / indices.wages.at(group.wages_year);
            let (persons, paid) = persons(at);
            for sex in Sex::ALL {
                for (age, wage) in paid.row(sex.index()).iter().enumerate() {
                    let number = persons[[sex.index(), age]];
                    wages += wage * growth * number;
                    heads += number;
                }
            }
        }
        if 0.0 < heads { Money::new(wages / heads).ok() } else { None }
    }

    /// Computes the insured earnings of the next year of the run under every contribution.
    ///
    /// Floor and ceiling are integrated over the lognormal spread of wages at each sex and age.
    pub(crate) fn step(
        &mut self,
        basis: &SchemeBasis,
        year: Year,
        env: &Environment<'_>,
    ) -> Result<ByContribution, LawError> {
        let mut all: ByContribution = Vec::new();
        let mut limits_before: Vec<Limits> = Vec::new();
        for law in &basis.law.contributions {
            let limits = law.limits(year, env)?;
            let same = limits_before.iter().position(|before| *before == limits);
            let mut groups = Vec::new();
            for (at, group) in basis.groups.iter().enumerate() {
                let known = same.and_then(|same: usize| all[same][at].clone());
                groups.push(law.groups.contains(&group.name).then(|| {
                    known.unwrap_or_else(|| {
                        let declared = declared(basis, at, year);
                        insured((group, &group.wages), declared, (year, &limits, env))
                    })
                }));
            }
            limits_before.push(limits);
            all.push(groups);
        }
        let defining = self.defining.iter().enumerate();
        let of_groups = defining.filter_map(|(group, law)| all[*law][group].as_ref().map(filled));
        self.history.push(of_groups.collect());
        self.limits = self.defining.iter().map(|law| limits_before[*law].clone()).collect();
        let of_service = basis.groups.iter().zip(&self.limits).enumerate();
        let of_service = of_service.map(|(at, (group, limits))| {
            let declared = declared(basis, at, year);
            let of = |wages| filled(&insured((group, wages), declared, (year, limits, env)));
            group.wages_of_service.iter().map(of).collect()
        });
        self.history_of_service.push(of_service.collect());
        Ok(all)
    }

    /// Returns the insured earnings of a year if all wages were declared; `None` where all are.
    pub(crate) fn undeclared(
        &self,
        basis: &SchemeBasis,
        year: Year,
        env: &Environment<'_>,
    ) -> Result<Option<ByContribution>, LawError> {
        if basis.collection.declared.is_empty() {
            return Ok(None);
        }
        let mut all = Vec::new();
        for law in &basis.law.contributions {
            let limits = law.limits(year, env)?;
            let groups = basis.groups.iter();
            let of = |group: &GroupBasis| {
                law.groups
                    .contains(&group.name)
                    .then(|| insured((group, &group.wages), 1.0, (year, &limits, env)))
            };
            all.push(groups.map(of).collect());
        }
        Ok(Some(all))
    }

    /// Returns insured earnings of a group in the last year stepped, by sex and age; ages without any have those of the
    /// nearest age.
    pub(crate) fn this_year(&self, group: usize) -> &AgeGrid {
        &self.history[self.history.len() - 1][group]
    }

    /// As [`Earnings::this_year`] for members with one completed year of credit, with two and so on.
    pub(crate) fn this_year_of_service(&self, group: usize) -> &[AgeGrid] {
        &self.history_of_service[self.history_of_service.len() - 1][group]
    }

    /// Brings the insured earnings of groups whose wages follow from credit to their mean over the active insured at the
    /// start and at the end of the year, at each sex and age; `whole` when all wages are declared.
    pub(crate) fn average(
        &self,
        basis: &SchemeBasis,
        (year, env): (Year, &Environment<'_>),
        (held, is_declared): ([&[Held]; 2], impl Fn(usize) -> f64),
        all: &mut ByContribution,
    ) -> Result<(), LawError> {
        if basis.groups.iter().all(|group| group.wages_of_service.is_empty()) {
            return Ok(());
        }
        for (law, of_groups) in basis.law.contributions.iter().zip(all) {
            let limits = law.limits(year, env)?;
            for (at, (group, found)) in basis.groups.iter().zip(of_groups).enumerate() {
                let Some(found) = found.as_mut().filter(|_| !group.wages_of_service.is_empty())
                else {
                    continue;
                };
                let of = |wages| insured((group, wages), is_declared(at), (year, &limits, env));
                let of_service: Vec<AgeGrid> = group.wages_of_service.iter().map(of).collect();
                let there: Vec<AgeGrid> = (0..=of_service.len())
                    .map(|years| {
                        let [before, after] = held.map(|held| &held[at].active_of_service[years]);
                        before + after
                    })
                    .collect();
                *found = mean_over_service(found, &of_service, &there);
            }
        }
        Ok(())
    }

    /// Returns what `counts` gives for the insured earnings of a year, mean over their spread: floor and ceiling of the
    /// contribution bound the earnings of everyone. `wages` are those of the group, of some completed years of credit.
    pub(crate) fn counted(
        &self,
        asked: &AskedYear<'_>,
        (group, sex, age): (usize, Sex, usize),
        (counts, wages): (&Schedule, &AgeGrid),
    ) -> f64 {
        let of = &asked.basis.groups[group];
        let growth =
            asked.env.indices.wages.at(asked.year) / asked.env.indices.wages.at(of.wages_year);
        let wages = wages.row(sex.index());
        let wage = wages[nearest(wages.as_slice().unwrap_or(&[]), age)];
        let wage = wage * growth * declared(asked.basis, group, asked.year);
        bounded(counts, &Lognormal::new(wage, of.wage_spread), &self.limits[group])
    }

    /// Takes back the last step.
    pub(crate) fn forget(&mut self) {
        self.history.pop();
        self.history_of_service.pop();
    }

    /// Returns the insured earnings of a full year in any year: before the run those of its first year at the wages of
    /// then.
    pub(crate) fn of(&self, row: Row, year: Year, indices: &LegalIndices) -> f64 {
        if let Ok(at) = usize::try_from(year.since(self.first)) {
            return self.at(at.min(self.history.len() - 1), row);
        }
        self.at(0, row) * indices.wages.at(year) / indices.wages.at(self.first)
    }

    /// As [`Earnings::of`] for one with so many years of credit at that age.
    pub(crate) fn of_service(
        &self,
        row: Row,
        years: f64,
        (year, indices): (Year, &LegalIndices),
    ) -> f64 {
        let at = usize::try_from(year.since(self.first)).map_or(0, |at| at);
        let grids = &self.history_of_service[at.min(self.history_of_service.len() - 1)][row.group];
        let Some(grid) = of_years(grids, completed(years)) else {
            return self.of(row, year, indices);
        };
        let earned = grid[[row.sex.index(), row.age.min(grid.ncols() - 1)]];
        if year < self.first {
            return earned * indices.wages.at(year) / indices.wages.at(self.first);
        }
        earned
    }

    fn at(&self, position: usize, row: Row) -> f64 {
        let earnings = &self.history[position][row.group];
        earnings[[row.sex.index(), row.age.min(earnings.ncols() - 1)]]
    }
}

/// Gives ages without earnings those of the nearest age with some, a later one first.
fn filled(earnings: &AgeGrid) -> AgeGrid {
    let mut filled = earnings.clone();
    for (row, mut to) in earnings.rows().into_iter().zip(filled.rows_mut()) {
        for age in (0..row.len()).filter(|age| row[*age] <= 0.0) {
            to[age] = row[nearest(row.as_slice().unwrap_or(&[]), age)];
        }
    }
    filled
}

/// The nearest age, from `age` up and then down, at which there is something.
fn nearest(values: &[f64], age: usize) -> usize {
    let mut ages = (age..values.len()).chain((0..age).rev());
    ages.find(|age| 0.0 < values[*age]).unwrap_or(age)
}

/// Mean of a function of earnings that are wages between a floor and a ceiling.
fn bounded(of: &Schedule, wages: &Lognormal, limits: &Limits) -> f64 {
    let floor = limits.floor().unwrap_or(0.0);
    let ceiling = limits.ceiling().unwrap_or(f64::INFINITY).max(floor);
    let mut slope = 0.0;
    let mut mean = of.at(floor);
    for piece in of.pieces().iter().filter(|piece| piece.from < ceiling) {
        mean += (piece.slope - slope) * wages.expected_excess(piece.from.max(floor));
        slope = piece.slope;
    }
    if ceiling.is_finite() {
        mean -= slope * wages.expected_excess(ceiling);
    }
    mean
}

/// Insured earnings of a group that declares a share of its wages.
fn insured(
    (group, wages): (&GroupBasis, &AgeGrid),
    declared: f64,
    (year, limits, env): (Year, &Limits, &Environment<'_>),
) -> AgeGrid {
    let index = &env.indices.wages;
    let growth = declared * index.at(year) / index.at(group.wages_year);
    // Wages are often given by groups of ages: neighbours with the same wage need one integral.
    let mut last = (0.0, 0.0);
    wages.mapv(|wage| {
        if wage.to_bits() != f64::to_bits(last.0) {
            let wages = Lognormal::new(wage * growth, group.wage_spread);
            last = (wage, limits.insured_earnings(&wages).mean);
        }
        last.1
    })
}
