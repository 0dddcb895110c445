use perennis_benefits::Benefits;
use perennis_cohort::YearGrid;
use perennis_demography::Population;
use perennis_finance::Finance;
use perennis_indicators::Measured;
use perennis_labour::{Finding, Labour, Verdict, contributors_against_employed, economy_findings};
use perennis_pensions::{Pensions, ServiceBank};
use perennis_units::{Sex, Year, with_commas};

use crate::Title;

/// Everything a run found.
#[derive(Clone, Debug)]
pub struct Results {
    /// What the valuation is called.
    pub title: Title,
    /// Population.
    pub population: Population,
    /// Work and the economy.
    pub labour: Option<Labour>,
    /// Insured persons and pensioners.
    pub pensions: Option<Pensions>,
    /// Other branches.
    pub benefits: Option<Benefits>,
    /// Funds.
    pub finance: Option<Finance>,
    /// Indicators.
    pub measured: Measured,
    /// Whether the assumptions agree with one another: wages and productivity, interest and growth, contributors and
    /// employed.
    pub findings: Vec<Finding>,
}

impl Results {
    /// Says in words what the run met that the assumptions did not foresee; one sentence for each kind.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let shortfalls = self.population.shortfalls.iter();
        let emigrants = Excess::of(shortfalls.map(|found| (found.year, found.persons)));
        let crowd = self.pensions.iter().flat_map(|pensions| &pensions.warnings);
        let crowd = Excess::of(crowd.map(|found| (found.year, found.excess)));
        let emigrants = emigrants.map(|found| {
            format!(
                "net emigrants exceed the persons who are there, first in {}: {} persons in all stay instead; \
                 population_flows.csv holds the migrants as applied",
                found.first, counted(found.persons)
            )
        });
        let crowd = crowd.map(|found| {
            format!(
                "the schemes have more persons than the population at some age, first in {}, by at most {} \
                 persons of one sex in {}: review past service and the inactive insured",
                found.first, counted(found.most), found.worst
            )
        });
        let unplaced = self.benefits.iter().flat_map(|benefits| &benefits.unplaced);
        let unplaced = Excess::of(unplaced.map(|found| (found.year, found.persons)));
        let unplaced = unplaced.map(|found| {
            format!(
                "health insurance has members for whom nobody of their sex is left to be insured, first in {}, by at \
                 most {} persons of one group and sex in {}: review the groups and their order",
                found.first, counted(found.most), found.worst
            )
        });
        emigrants.into_iter().chain(crowd).chain(unplaced).collect()
    }
}

/// Writes a number of persons with commas between thousands.
fn counted(persons: f64) -> String {
    with_commas(&format!("{persons:.0}"))
}

/// Persons too many, by the year in which they were found.
struct Excess {
    first: Year,
    worst: Year,
    most: f64,
    persons: f64,
}

impl Excess {
    fn of(found: impl Iterator<Item = (Year, f64)>) -> Option<Self> {
        found.fold(None, |sum: Option<Self>, (year, persons)| {
            let sum = sum.unwrap_or(Self { first: year, worst: year, most: 0.0, persons: 0.0 });
            let worse = sum.most < persons;
            Some(Self {
                first: sum.first,
                worst: if worse { year } else { sum.worst },
                most: sum.most.max(persons),
                persons: sum.persons + persons,
            })
        })
    }
}

/// Runs every check of coherence that the stages of this run allow, in a fixed order.
pub(crate) fn findings(labour: Option<&Labour>, pensions: Option<&Pensions>) -> Vec<Finding> {
    let Some(labour) = labour else { return Vec::new() };
    let mut findings = economy_findings(&labour.economy);
    if let Some(all) = pensions.and_then(all_contributors) {
        findings.push(contributors_against_employed(&all, labour));
    }
    findings.extend(pensions.iter().flat_map(|pensions| &pensions.service_banks).map(service_bank));
    findings
}

/// Compares the contributor-years that were paid with those that are found again; as the figures of the base year they
/// should agree within 5 %.
fn service_bank(bank: &ServiceBank) -> Finding {
    const WITHIN: f64 = 0.05;
    let million = |years: f64| format!("{:.2} million", years / 1e6);
    let part = |years: f64| format!("{:.1} %", 100.0 * years / bank.paid);
    let found = bank.found.iter().filter(|(_, years)| 0.0 < *years);
    let found: Vec<String> =
        found.map(|(name, years)| format!("{} {}", name.replace('_', " "), part(*years))).collect();
    let rest = bank.unexplained();
    let text = format!(
        "of {} contributor-years paid into {} before the start: {}; {} not explained",
        million(bank.paid),
        bank.scheme,
        found.join(", "),
        part(rest)
    );
    let agrees = rest.abs() <= WITHIN * bank.paid;
    let verdict = if agrees { Verdict::Agrees } else { Verdict::Warning };
    Finding { name: "service_bank", text, verdict }
}

/// Adds up the contributors of all groups and schemes; a person in two schemes counts twice.
fn all_contributors(pensions: &Pensions) -> Option<YearGrid> {
    let mut groups = pensions.contributors.iter().map(|group| &group.contributors);
    let mut sum = groups.next()?.clone();
    for grid in groups {
        let (years, ages) = (grid.years().min(sum.years()), grid.ages().min(sum.ages()));
        for (year, sex) in (0..years).flat_map(|year| Sex::ALL.map(|sex| (year, sex))) {
            for age in 0..ages {
                sum.add(year, sex, age, grid.get(year, sex, age));
            }
        }
    }
    Some(sum)
}
