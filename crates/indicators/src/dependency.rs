use perennis_pensions::{Beneficiaries, Contributors};
use perennis_units::Year;

use crate::definitions::{DEPENDENCY, MEAN_BENEFIT, MEAN_INSURED_EARNINGS, REPLACEMENT};
use crate::measure::{Figures, ratio};

/// Adds dependency and replacement of every scheme in one year.
///
/// Their product is the cost of the periodic benefits as a share of insured earnings.
pub(crate) fn of_schemes(
    (contributors, beneficiaries): (&[Contributors], &[Beneficiaries]),
    position: usize,
    year: Year,
    figures: &mut Figures,
) {
    for scheme in schemes(contributors, beneficiaries) {
        let (mut paying, mut earnings) = (0.0, 0.0);
        for group in contributors.iter().filter(|group| group.scheme == scheme) {
            paying += group.contributors.total(position);
            earnings += group.insured_earnings.total(position);
        }
        let (mut in_payment, mut paid) = (0.0, 0.0);
        let benefits = beneficiaries.iter().filter(|benefit| benefit.scheme == scheme);
        for benefit in benefits.filter(|benefit| benefit.periodic) {
            in_payment += benefit.beneficiaries.total(position);
            paid += benefit.amount.total(position);
        }
        let mean_benefit = ratio(paid, in_payment);
        let mean_earnings = ratio(earnings, paying);
        let replacement =
            mean_benefit.zip(mean_earnings).and_then(|(benefit, wage)| ratio(benefit, wage));
        figures.add(year, scheme, DEPENDENCY, ratio(in_payment, paying));
        figures.add(year, scheme, REPLACEMENT, replacement);
        figures.add(year, scheme, MEAN_BENEFIT, mean_benefit);
        figures.add(year, scheme, MEAN_INSURED_EARNINGS, mean_earnings);
    }
}

/// Returns the names of the schemes in the order in which they first appear.
fn schemes<'a>(
    contributors: &'a [Contributors],
    beneficiaries: &'a [Beneficiaries],
) -> Vec<&'a str> {
    let of_contributors = contributors.iter().map(|group| group.scheme.as_str());
    let of_benefits = beneficiaries.iter().map(|benefit| benefit.scheme.as_str());
    let mut names: Vec<&str> = Vec::new();
    for name in of_contributors.chain(of_benefits) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use perennis_cohort::YearGrid;
    use perennis_units::Sex;

    use super::*;

    fn grid(value: f64) -> YearGrid {
        let mut grid = YearGrid::zeros(1, 2);
        grid.set(0, Sex::Female, 1, value);
        grid
    }

    fn benefit(name: &str, periodic: bool, persons: f64, amount: f64) -> Beneficiaries {
        Beneficiaries {
            scheme: "main".into(),
            benefit: name.into(),
            periodic,
            beneficiaries: grid(persons),
            new_awards: grid(0.0),
            terminations: grid(0.0),
            new_award_amount: grid(0.0),
            amount: grid(amount),
        }
    }

    #[test]
    fn dependency_times_replacement_is_the_cost_of_periodic_benefits() {
        let contributors = Contributors {
            scheme: "main".into(),
            group: "all".into(),
            contributors: grid(40.0),
            contributors_any: grid(50.0),
            months_paid: grid(480.0),
            insured_earnings: grid(4_000.0),
        };
        let paid = [
            benefit("old_age", true, 8.0, 500.0),
            benefit("survivors", true, 2.0, 60.0),
            benefit("grant", false, 5.0, 900.0),
        ];
        let mut figures = Figures::new();
        of_schemes((&[contributors], &paid), 0, Year::new(2024), &mut figures);
        let value = |name: &str| figures.value("main", name).unwrap();
        assert!((value("dependency_ratio") - 0.25).abs() < 1e-15);
        assert!((value("replacement_ratio") - 56.0 / 100.0).abs() < 1e-15);
        let product = value("dependency_ratio") * value("replacement_ratio");
        assert!((product - 560.0 / 4_000.0).abs() < 1e-15);
    }

    #[test]
    fn a_scheme_that_nobody_pays_into_has_no_dependency() {
        let mut figures = Figures::new();
        of_schemes((&[], &[benefit("old", true, 8.0, 500.0)]), 0, Year::new(2024), &mut figures);
        assert!(figures.value("main", "dependency_ratio").is_none());
        assert!((figures.value("main", "mean_benefit").unwrap() - 62.5).abs() < 1e-15);
    }
}
