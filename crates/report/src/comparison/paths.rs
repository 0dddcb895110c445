use std::collections::HashMap;

use perennis_cohort::{Item, YearGrid};
use perennis_finance::{FundPath, FundYear};
use perennis_pensions::{Beneficiaries, Pensions};
use perennis_units::{Payer, Sex, Year};
use perennis_valuation::{Model, Results, grants_for_want_of_credit};

use crate::figures::schemes;

/// An indicator of a run over its years.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ComparedPath {
    /// `nation`, a scheme or an account.
    pub(crate) scope: String,
    /// Name of the indicator.
    pub(crate) indicator: &'static str,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// A value for each year of the run, where there is one.
    pub(crate) values: Vec<Option<f64>>,
}

/// The scope of figures about the whole country.
pub(crate) const NATION: &str = "nation";
const PERSONS: &str = "persons";
const CURRENCY: &str = "currency";
const SHARE: &str = "share";

/// Returns every indicator of `indicators.csv` and those that comparisons add, in the order of the tables.
pub(crate) fn paths(model: &Model, results: &Results) -> Vec<ComparedPath> {
    let mut all = measured(results);
    let mut more = More { results, found: Vec::new() };
    more.of_people();
    for scheme in schemes(results) {
        more.of_scheme(scheme, &grants_for_want_of_credit(model));
    }
    for fund in results.finance.iter().flat_map(|finance| &finance.funds) {
        more.of_account(fund);
    }
    more.of_payers();
    all.extend(more.found);
    all.retain(|path| path.values.iter().any(Option::is_some));
    all
}

fn measured(results: &Results) -> Vec<ComparedPath> {
    let years = results.population.years;
    let mut places: HashMap<(&str, &str), usize> = HashMap::new();
    let mut paths: Vec<ComparedPath> = Vec::new();
    for one in &results.measured.indicators {
        let Some(at) = years.position(Year::new(one.year)) else { continue };
        let place = *places.entry((&one.scope, one.indicator)).or_insert_with(|| {
            let (scope, indicator, unit) = (one.scope.clone(), one.indicator, one.unit);
            paths.push(ComparedPath { scope, indicator, unit, values: vec![None; years.count()] });
            paths.len() - 1
        });
        paths[place].values[at] = Some(one.value);
    }
    paths
}

/// An indicator for both sexes together, men and women: the three names.
type BySex = [&'static str; 3];

macro_rules! by_sex {
    ($name:literal) => {
        [$name, concat!($name, "_male"), concat!($name, "_female")]
    };
}

/// Counts of both sexes together, men and women.
type Counts = [f64; 3];

struct More<'a> {
    results: &'a Results,
    found: Vec<ComparedPath>,
}

impl More<'_> {
    fn add(
        &mut self,
        scope: &str,
        (indicator, unit): (&'static str, &'static str),
        value: impl Fn(usize) -> Option<f64>,
    ) {
        let values = (0..self.results.population.years.count()).map(value).collect();
        self.found.push(ComparedPath { scope: scope.to_owned(), indicator, unit, values });
    }

    fn add_by_sex(
        &mut self,
        scope: &str,
        (names, unit): (BySex, &'static str),
        value: impl Fn(usize) -> [Option<f64>; 3],
    ) {
        for (which, name) in names.into_iter().enumerate() {
            self.add(scope, (name, unit), |at| value(at)[which]);
        }
    }

    fn of_people(&mut self) {
        let persons = &self.results.population.persons;
        self.add(NATION, ("population", PERSONS), |at| Some(persons.total(at)));
    }

    /// Contributors, pensions, awards and those who reach the age with too little credit.
    fn of_scheme(&mut self, scheme: &str, for_want: &[(String, String)]) {
        let Some(pensions) = &self.results.pensions else { return };
        let groups = || pensions.contributors.iter().filter(|group| group.scheme == scheme);
        let paying = |at: usize| sum(groups().map(|group| &group.contributors), at);
        let earned = |at: usize| sum(groups().map(|group| &group.insured_earnings), at);
        let mean_earnings = |at: usize| ratio(earned(at)[0], paying(at)[0]);
        let periodic = |one: &&Beneficiaries| one.periodic;
        let grants = |one: &&Beneficiaries| {
            for_want.iter().any(|(law, grant)| *law == scheme && *grant == one.benefit)
        };
        let paid = Of { pensions, scheme };
        let in_payment = |at| paid.sum(at, periodic, |one| &one.beneficiaries);
        let awarded = |at| paid.sum(at, periodic, |one| &one.new_awards);
        let below = |at| paid.sum(at, grants, |one| &one.new_awards);
        let persons = |counts: Counts| counts.map(Some);
        self.add_by_sex(scheme, (by_sex!("contributors"), PERSONS), |at| persons(paying(at)));
        let name = by_sex!("pensions_in_payment");
        self.add_by_sex(scheme, (name, PERSONS), |at| persons(in_payment(at)));
        self.add_by_sex(scheme, (by_sex!("new_pensions"), PERSONS), |at| persons(awarded(at)));
        let mean = |above: Counts, below: Counts, at: usize| {
            let mean = mean_earnings(at);
            [0, 1, 2].map(|which| ratio(ratio(above[which], below[which])?, mean?))
        };
        self.add_by_sex(scheme, (by_sex!("mean_pension_over_earnings"), SHARE), |at| {
            mean(paid.sum(at, periodic, |one| &one.amount), in_payment(at), at)
        });
        self.add_by_sex(scheme, (by_sex!("new_pension_over_earnings"), SHARE), |at| {
            mean(paid.sum(at, periodic, |one| &one.new_award_amount), awarded(at), at)
        });
        if pensions.beneficiaries.iter().any(|one| one.scheme == scheme && grants(&one)) {
            let name = by_sex!("below_qualifying_credit");
            self.add_by_sex(scheme, (name, PERSONS), |at| persons(below(at)));
            let name = by_sex!("below_qualifying_credit_share");
            self.add_by_sex(scheme, (name, SHARE), |at| {
                let (short, enough) = (below(at), awarded(at));
                [0, 1, 2].map(|which| ratio(short[which], short[which] + enough[which]))
            });
            let name = by_sex!("grant_over_earnings");
            self.add_by_sex(scheme, (name, "years of earnings"), |at| {
                mean(paid.sum(at, grants, |one| &one.amount), below(at), at)
            });
        }
    }

    /// Money of an account, and what the State pays into it.
    fn of_account(&mut self, fund: &FundPath) {
        let scope = fund.account.as_str();
        let amount = |at: usize, value: fn(&FundYear) -> f64| fund.years.get(at).map(value);
        self.add(scope, ("contributions", CURRENCY), |at| amount(at, |year| year.contributions));
        self.add(scope, ("expenditure", CURRENCY), |at| amount(at, |year| year.outgo));
        if fund.keeps_reserve {
            self.add(scope, ("reserve_end", CURRENCY), |at| amount(at, |year| year.reserve_end));
            self.add(scope, ("debt_end", CURRENCY), |at| amount(at, |year| year.debt_end));
        }
        self.add(scope, ("state_pays", CURRENCY), |at| amount(at, state_pays));
        let economy = self.results.labour.as_ref().map(|labour| &labour.economy);
        self.add(scope, ("state_pays_over_gdp", SHARE), |at| {
            ratio(amount(at, state_pays)?, *economy?.gdp.get(at)?)
        });
    }

    /// What the State, employers and insured persons pay, all accounts together.
    fn of_payers(&mut self) {
        let Some(finance) = &self.results.finance else { return };
        let Some(labour) = &self.results.labour else { return };
        let economy = &labour.economy;
        let all = |at: usize, value: &dyn Fn(&FundYear) -> f64| -> Option<f64> {
            let years = finance.funds.iter().map(|fund| fund.years.get(at).map(value));
            years.sum()
        };
        self.add(NATION, ("state_pays", CURRENCY), |at| all(at, &state_pays));
        self.add(NATION, ("state_pays_over_gdp", SHARE), |at| {
            ratio(all(at, &state_pays)?, *economy.gdp.get(at)?)
        });
        self.add(NATION, ("state_pays_over_government_expenditure", SHARE), |at| {
            ratio(all(at, &state_pays)?, *economy.government_expenditure.as_ref()?.get(at)?)
        });
        let payers = [
            ("employees_pay_over_gdp", Payer::Employees),
            ("employers_pay_over_gdp", Payer::Employers),
            ("self_employed_pay_over_gdp", Payer::SelfEmployed),
        ];
        for (name, payer) in payers {
            self.add(NATION, (name, SHARE), |at| {
                ratio(all(at, &|year| paid_by(year, payer))?, *economy.gdp.get(at)?)
            });
        }
    }
}

/// The benefits of one scheme.
struct Of<'a> {
    pensions: &'a Pensions,
    scheme: &'a str,
}

impl Of<'_> {
    fn sum(
        &self,
        at: usize,
        which: impl Fn(&&Beneficiaries) -> bool,
        grid: impl Fn(&Beneficiaries) -> &YearGrid,
    ) -> Counts {
        let of_scheme = self.pensions.beneficiaries.iter().filter(|one| one.scheme == self.scheme);
        sum(of_scheme.filter(which).map(grid), at)
    }
}

fn sum<'a>(grids: impl Iterator<Item = &'a YearGrid>, at: usize) -> Counts {
    grids.fold([0.0; 3], |[_, male, female], grid| {
        let male = male + grid.total_of(at, Sex::Male);
        let female = female + grid.total_of(at, Sex::Female);
        [male + female, male, female]
    })
}

/// Returns everything that the State pays to an account: its contributions, subsidies and what covers a deficit.
fn state_pays(year: &FundYear) -> f64 {
    year.sum(&Item::StateSubsidy) + paid_by(year, Payer::State)
}

fn paid_by(year: &FundYear, payer: Payer) -> f64 {
    let paid = year
        .entries
        .iter()
        .filter(|entry| entry.item == Item::Contributions && entry.payer == Some(payer));
    paid.fold(0.0, |sum, entry| sum + entry.amount)
}

fn ratio(above: f64, below: f64) -> Option<f64> {
    (0.0 < below).then(|| above / below)
}
