use perennis_cohort::{AgeGrid, Row};
use perennis_scheme::{Environment, LawError, LegalIndices, Limits, Lognormal};
use perennis_units::{Money, Sex, Year};

use crate::basis::SchemeBasis;

/// Insured earnings of a full year by group, sex and age, and their history.
#[derive(Clone, Debug)]
pub(crate) struct Earnings {
    first: Year,
    /// The contribution whose floor and ceiling define the insured earnings of each group.
    pub(crate) defining: Vec<usize>,
    /// By year of the run, then group: insured earnings by sex and age under the defining contribution.
    history: Vec<Vec<AgeGrid>>,
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
        Ok(Self { first, defining, history: Vec::new() })
    }

    /// Returns the mean wage of a full year before floor and ceiling, weighted with `persons` by group, sex and age.
    pub(crate) fn mean_wage(
        basis: &SchemeBasis,
        year: Year,
        indices: &LegalIndices,
        persons: impl Fn(usize, Sex, usize) -> f64,
    ) -> Option<Money> {
        let (mut wages, mut heads) = (0.0, 0.0);
        for (at, group) in basis.groups.iter().enumerate() {
            let growth = indices.wages.at(year) / indices.wages.at(group.wages_year);
            for sex in Sex::ALL {
                for (age, wage) in group.wages.row(sex.index()).iter().enumerate() {
                    let number = persons(at, sex, age);
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
        let mut limits_before = Vec::new();
        for law in &basis.law.contributions {
            let limits = law.limits(year, env)?;
            let same = limits_before.iter().position(|before| *before == limits);
            let mut groups = Vec::new();
            for (at, group) in basis.groups.iter().enumerate() {
                let known = same.and_then(|same: usize| all[same][at].clone());
                groups.push(law.groups.contains(&group.name).then(|| {
                    known.unwrap_or_else(|| insured(basis, at, year, &limits, env.indices))
                }));
            }
            limits_before.push(limits);
            all.push(groups);
        }
        let defining = self.defining.iter().enumerate();
        self.history.push(defining.filter_map(|(group, law)| all[*law][group].clone()).collect());
        Ok(all)
    }

    /// Takes back the last step.
    pub(crate) fn forget(&mut self) {
        self.history.pop();
    }

    /// Returns the insured earnings of a full year in any year: before the run those of its first year at the wages of
    /// then.
    pub(crate) fn of(&self, row: Row, year: Year, indices: &LegalIndices) -> f64 {
        if let Ok(at) = usize::try_from(year.since(self.first)) {
            return self.at(at.min(self.history.len() - 1), row);
        }
        self.at(0, row) * indices.wages.at(year) / indices.wages.at(self.first)
    }

    /// Earnings at ages without any are those of the nearest age with some.
    fn at(&self, position: usize, row: Row) -> f64 {
        let wages = self.history[position][row.group].row(row.sex.index());
        let mut ages = (row.age..wages.len()).chain((0..row.age).rev());
        ages.find(|age| 0.0 < wages[*age]).map_or(0.0, |age| wages[age])
    }
}

fn insured(
    basis: &SchemeBasis,
    at: usize,
    year: Year,
    limits: &Limits,
    indices: &LegalIndices,
) -> AgeGrid {
    let group = &basis.groups[at];
    let growth = indices.wages.at(year) / indices.wages.at(group.wages_year);
    // Wages are often given by groups of ages: neighbours with the same wage need one integral.
    let mut last = (0.0, 0.0);
    group.wages.mapv(|wage| {
        if wage.to_bits() != f64::to_bits(last.0) {
            let wages = Lognormal::new(wage * growth, group.wage_spread);
            last = (wage, limits.insured_earnings(&wages).mean);
        }
        last.1
    })
}
