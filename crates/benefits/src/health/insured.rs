use ndarray::{ArrayView2, Zip};
use perennis_cohort::{AgeGrid, YearGrid};
use perennis_pensions::{Beneficiaries, Contributors, Pensions};
use perennis_units::{Path, Share};

use super::{ContributionBase, PayerRate};
use crate::BenefitsError;

/// Who belongs to a group.
#[derive(Clone, Debug)]
pub enum Members {
    /// Contributors of a scheme, mean of the year.
    Contributors {
        /// The scheme.
        scheme: String,
        /// Its groups; all of them when empty.
        groups: Vec<String>,
    },
    /// Persons in payment of periodic benefits of a scheme, person-years.
    Pensioners {
        /// The scheme.
        scheme: String,
        /// The benefits, of which a person draws at most one.
        benefits: Vec<String>,
    },
    /// A share of those whom no earlier group has insured, by year, sex and age; one position a year of the run.
    NotYetInsured {
        /// The share.
        share: YearGrid,
    },
}

/// A group of the insured of a health branch.
#[derive(Clone, Debug)]
pub struct InsuredGroup {
    /// Name used in files and tables.
    pub name: String,
    /// Who belongs to it.
    pub members: Members,
    /// Those insured among the members.
    pub take_up: Path<Share>,
    /// What contributions are assessed on.
    pub base: ContributionBase,
    /// Who pays how much of the base; nobody when empty.
    pub payers: Vec<PayerRate>,
    /// Collected over due, of what employees, employers and the insured themselves pay; the State and funds pay in full.
    pub collection: Path<Share>,
}

/// Members of a group in one year before others are counted, by sex and age.
#[derive(Clone, Debug)]
pub(crate) struct Candidates {
    /// Persons, mean of the year.
    pub(crate) persons: AgeGrid,
    /// Their insured earnings or pensions of the year, currency.
    pub(crate) income: AgeGrid,
}

/// What the schemes found, as far as health insurance reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SchemePeople<'pensions> {
    pub(crate) contributors: &'pensions [Contributors],
    pub(crate) beneficiaries: &'pensions [Beneficiaries],
}

impl<'pensions> From<&'pensions Pensions> for SchemePeople<'pensions> {
    fn from(pensions: &'pensions Pensions) -> Self {
        Self { contributors: &pensions.contributors, beneficiaries: &pensions.beneficiaries }
    }
}

/// Collects the members of a group at a year position; `rest` are those not yet insured.
pub(crate) fn candidates(
    group: &InsuredGroup,
    schemes: SchemePeople<'_>,
    at: usize,
    rest: &AgeGrid,
) -> Result<Candidates, BenefitsError> {
    let mut found = Candidates {
        persons: AgeGrid::zeros(rest.raw_dim()),
        income: AgeGrid::zeros(rest.raw_dim()),
    };
    match &group.members {
        Members::Contributors { scheme, groups } => {
            let of_scheme = schemes.contributors.iter().filter(|row| row.scheme == *scheme);
            let mut seen = Vec::new();
            for row in of_scheme.filter(|row| groups.is_empty() || groups.contains(&row.group)) {
                found.persons += &row.contributors.year(at);
                found.income += &row.insured_earnings.year(at);
                seen.push(&row.group);
            }
            let missing = groups.iter().find(|name| !seen.contains(name));
            if let (None, true) = (missing, seen.is_empty()) {
                return Err(unknown(group, scheme, "contributors"));
            }
            missing.map_or(Ok(found), |name| Err(unknown(group, scheme, name)))
        }
        Members::Pensioners { scheme, benefits } => {
            for name in benefits {
                let row = schemes
                    .beneficiaries
                    .iter()
                    .find(|row| row.scheme == *scheme && row.benefit == *name)
                    .ok_or_else(|| unknown(group, scheme, name))?;
                add_to_open(&mut found.persons, &row.beneficiaries.year(at));
                add_to_open(&mut found.income, &row.amount.year(at));
            }
            Ok(found)
        }
        Members::NotYetInsured { share } => {
            found.persons = rest * &share.year(at);
            Ok(found)
        }
    }
}

/// Adds persons of possibly more ages: the last one of the sum is open.
fn add_to_open(sum: &mut AgeGrid, of: &ArrayView2<'_, f64>) {
    let last = sum.ncols() - 1;
    for ((sex, age), value) in of.indexed_iter() {
        sum[[sex, age.min(last)]] += value;
    }
}

/// Insures `take_up` of the candidates as far as persons are left, takes them out of `rest` and scales their income.
///
/// Returns the insured and the persons whom nobody of their sex and age was left to be.
pub(crate) fn place(
    mut candidates: Candidates,
    take_up: f64,
    rest: &mut AgeGrid,
) -> (Candidates, AgeGrid) {
    let mut unplaced = AgeGrid::zeros(rest.raw_dim());
    Zip::from(&mut candidates.persons)
        .and(&mut candidates.income)
        .and(rest)
        .and(&mut unplaced)
        .for_each(|persons, income, rest, unplaced| {
            let wanted = *persons * take_up;
            let insured = wanted.min(*rest);
            if 0.0 < *persons {
                *income *= insured / *persons;
            }
            *persons = insured;
            *rest -= insured;
            *unplaced = wanted - insured;
        });
    (candidates, unplaced)
}

fn unknown(group: &InsuredGroup, scheme: &str, name: &str) -> BenefitsError {
    BenefitsError::Unknown {
        group: group.name.clone(),
        scheme: scheme.to_owned(),
        name: name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn who_is_not_left_to_be_insured_is_counted_and_income_follows_the_insured() {
        let wanted = Candidates {
            persons: array![[10.0, 20.0], [0.0, 40.0]],
            income: array![[100.0, 400.0], [0.0, 800.0]],
        };
        let mut rest = array![[50.0, 12.0], [5.0, 40.0]];
        let (insured, unplaced) = place(wanted, 0.8, &mut rest);
        assert_eq!(insured.persons, array![[8.0, 12.0], [0.0, 32.0]]);
        assert_eq!(insured.income, array![[80.0, 240.0], [0.0, 640.0]]);
        assert_eq!(unplaced, array![[0.0, 4.0], [0.0, 0.0]]);
        assert_eq!(rest, array![[42.0, 0.0], [5.0, 8.0]]);
    }
}
