use perennis_cohort::YearGrid;
use perennis_units::Sex;

use crate::{Economy, Labour};

/// Real wages and productivity may drift apart by this much a year in the long run.
const WAGE_DRIFT: f64 = 0.005;
/// Bounds of a wage share that has been seen in national accounts.
const WAGE_SHARES: (f64, f64) = (0.20, 0.75);
/// The long run begins this many years after the first; a shorter run is judged whole.
const LONG_RUN: usize = 10;
/// Persons above the employed of a cell that rounding explains, as a share of the cell.
const ROUNDING: f64 = 1e-9;

/// What a check of the assumptions found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The assumptions agree.
    Agrees,
    /// They do not, and a reader should know.
    Warning,
}

/// One check of the assumptions against one another, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Name of the check: a stable word for tables.
    pub name: &'static str,
    /// What was compared, with the figures.
    pub text: String,
    /// Whether it agrees.
    pub verdict: Verdict,
}

impl Finding {
    fn new(name: &'static str, text: String, agrees: bool) -> Self {
        Self { name, text, verdict: if agrees { Verdict::Agrees } else { Verdict::Warning } }
    }
}

/// Runs every check that the economy alone decides, in a fixed order.
#[must_use]
pub fn economy_findings(economy: &Economy) -> Vec<Finding> {
    let mut findings = vec![wages_against_productivity(economy), interest_against_growth(economy)];
    findings.extend(wage_share_path(economy));
    findings
}

/// Compares the growth of real wages with that of productivity in the long run.
///
/// Both are yearly means from the tenth year on. A difference above half a point a year is a warning: over 75 years it
/// moves the wage share by half of itself.
#[must_use]
pub fn wages_against_productivity(economy: &Economy) -> Finding {
    let from = long_run(economy);
    let real = mean(from, &economy.wage_growth, |at, wage| {
        (1.0 + wage) / (1.0 + economy.price_growth[at]) - 1.0
    });
    let productivity = mean(from, &economy.productivity_growth, |_, growth| growth);
    let text = format!(
        "real wages grow {} a year and productivity {} a year from {} on",
        percent(real),
        percent(productivity),
        economy.first.plus(from as i32),
    );
    Finding::new("wages_against_productivity", text, (real - productivity).abs() <= WAGE_DRIFT)
}

/// Compares interest with the growth of output in the long run.
///
/// Where interest is not above growth, a debt never has to be paid back and present values of an endless horizon do not
/// exist; a warning. Both are yearly means from the tenth year on, at current prices.
#[must_use]
pub fn interest_against_growth(economy: &Economy) -> Finding {
    let from = long_run(economy);
    let interest = mean(from, &economy.interest, |_, rate| rate);
    let growth = mean(from.max(1), &economy.gdp, |at, gdp| gdp / economy.gdp[at - 1] - 1.0);
    let text = format!(
        "interest is {} a year and output grows {} a year at current prices from {} on",
        percent(interest),
        percent(growth),
        economy.first.plus(from as i32),
    );
    Finding::new("interest_against_growth", text, growth < interest)
}

/// Follows the wage share that the assumptions imply; `None` where the first year's is not known.
///
/// A share that leaves 20 % to 75 % of output, or moves by more than a fifth of itself, is a warning.
#[must_use]
pub fn wage_share_path(economy: &Economy) -> Option<Finding> {
    let path = economy.wage_share.as_ref()?;
    let (start, end) = (*path.first()?, *path.last()?);
    let lowest = path.iter().copied().fold(start, f64::min);
    let highest = path.iter().copied().fold(start, f64::max);
    let text = format!(
        "the wage share of output goes from {} to {}, between {} and {}",
        percent(start),
        percent(end),
        percent(lowest),
        percent(highest),
    );
    let within = WAGE_SHARES.0 <= lowest && highest <= WAGE_SHARES.1;
    let steady = 0.8 * start <= lowest && highest <= 1.2 * start;
    Some(Finding::new("wage_share", text, within && steady))
}

/// Compares contributors with the employed of the same sex and age, mean of the year.
///
/// `contributors` has one position a year of the run and sums all schemes whose members are counted once. The finding
/// names the cell with the largest excess; the excess persons are summed over all cells.
#[must_use]
pub fn contributors_against_employed(contributors: &YearGrid, labour: &Labour) -> Finding {
    let mut excess = 0.0;
    let mut worst: Option<(f64, usize, Sex, usize)> = None;
    let mut highest: f64 = 0.0;
    for at in 0..contributors.years() {
        let employed = labour.employed_mean(at);
        let total = employed.sum();
        if 0.0 < total {
            highest = highest.max(contributors.total(at) / total);
        }
        for sex in Sex::ALL {
            for age in 0..contributors.ages() {
                let limit = employed[[sex.index(), age]];
                let above = contributors.get(at, sex, age) - limit;
                if limit * ROUNDING < above {
                    excess += above;
                    if worst.is_none_or(|(most, ..)| most < above) {
                        worst = Some((above, at, sex, age));
                    }
                }
            }
        }
    }
    let text = match worst {
        None => format!(
            "contributors are at most the employed at every sex and age; at most {} of all employed",
            percent(highest)
        ),
        Some((above, at, sex, age)) => format!(
            "contributors exceed the employed by {excess:.0} persons in all cells together, most in {} among {} aged \
             {age}: {above:.0}",
            labour.economy.first.plus(at as i32),
            sex.as_str(),
        ),
    };
    Finding::new("contributors_against_employed", text, worst.is_none())
}

fn long_run(economy: &Economy) -> usize {
    if LONG_RUN < economy.gdp.len() { LONG_RUN } else { 0 }
}

fn mean(from: usize, values: &[f64], each: impl Fn(usize, f64) -> f64) -> f64 {
    let count = values.len().saturating_sub(from).max(1) as f64;
    values.iter().enumerate().skip(from).map(|(at, value)| each(at, *value)).sum::<f64>() / count
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use perennis_units::{Growth, Money, Path, Year, YearRange};

    use super::*;
    use crate::{EconomyBasis, EmployedGroup, WageGrowth};

    fn economy(real_wages: f64, productivity: f64, interest: f64) -> Economy {
        let constant = |value: f64| Path::constant(Growth::new(value).unwrap());
        let basis = EconomyBasis {
            gdp: Money::new(100.0).unwrap(),
            gdp_year: Year::new(2030),
            productivity: constant(productivity),
            prices: constant(0.03),
            wages: WageGrowth::Real(constant(real_wages)),
            interest: constant(interest),
            wage_share: perennis_units::Share::new(0.5).ok(),
            government_expenditure: None,
        };
        basis.project(YearRange::new(Year::new(2030), 40), &[1.0; 40]).unwrap()
    }

    fn verdicts(economy: &Economy) -> Vec<Verdict> {
        economy_findings(economy).into_iter().map(|finding| finding.verdict).collect()
    }

    #[test]
    fn coherent_assumptions_agree_and_say_their_figures() {
        let economy = economy(0.02, 0.02, 0.06);
        assert_eq!(verdicts(&economy), [Verdict::Agrees; 3]);
        // Nominal growth 1.02 × 1.03 − 1 = 5.06 %.
        let text = interest_against_growth(&economy).text;
        assert_eq!(
            text,
            "interest is 6.0 % a year and output grows 5.1 % a year at current prices from 2040 on"
        );
    }

    #[test]
    fn wages_above_productivity_warn_twice_for_they_also_move_the_wage_share() {
        let findings = verdicts(&economy(0.03, 0.02, 0.06));
        assert_eq!(findings, [Verdict::Warning, Verdict::Agrees, Verdict::Warning]);
    }

    #[test]
    fn interest_at_or_below_growth_warns() {
        assert_eq!(interest_against_growth(&economy(0.02, 0.02, 0.05)).verdict, Verdict::Warning);
        assert_eq!(interest_against_growth(&economy(0.02, 0.02, 0.051)).verdict, Verdict::Agrees);
    }

    #[test]
    fn one_contributor_more_than_the_employed_of_a_cell_is_found_and_placed() {
        let mut persons = YearGrid::zeros(3, 2);
        persons.values_mut().fill(10.0);
        let labour = Labour {
            labour_force: persons.clone(),
            unemployed: YearGrid::zeros(3, 2),
            employed: vec![EmployedGroup { name: "all".into(), informal: false, persons }],
            economy: economy(0.02, 0.02, 0.06),
        };
        let mut contributors = YearGrid::zeros(2, 2);
        contributors.values_mut().fill(10.0);
        assert_eq!(contributors_against_employed(&contributors, &labour).verdict, Verdict::Agrees);
        contributors.set(1, Sex::Female, 1, 12.0);
        let finding = contributors_against_employed(&contributors, &labour);
        assert_eq!(finding.verdict, Verdict::Warning);
        assert!(
            finding.text.contains("by 2 persons")
                && finding.text.contains("2031 among female aged 1")
        );
    }
}
