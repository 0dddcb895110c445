//! The key figures of a run, shared by the terminal summary and the report.

use perennis_cohort::Item;
use perennis_finance::FundPath;
use perennis_units::{Payer, Year, YearRange};
use perennis_valuation::Results;

use crate::format::{Quantity, Scale, words};

/// Years after the first that key tables show, beside the first and the last.
const KEY_OFFSETS: [usize; 3] = [10, 25, 50];

/// One row of a key table.
pub(crate) struct Figure {
    /// What it is, in words.
    pub(crate) label: String,
    /// How it is shown.
    pub(crate) quantity: Quantity,
    /// The value in each year of the table, where there is one.
    pub(crate) values: Vec<Option<f64>>,
}

/// Rows about one subject.
pub(crate) struct FigureGroup {
    /// The subject.
    pub(crate) title: String,
    /// Its rows.
    pub(crate) rows: Vec<Figure>,
}

/// The scales of the money of several rows, so that they are shown in one unit.
#[derive(Clone)]
pub(crate) struct MoneyScales {
    whole: Scale,
    each: Scale,
}

impl MoneyScales {
    /// Chooses the scales that suit all `rows`.
    pub(crate) fn of<'a>(rows: impl Iterator<Item = &'a Figure> + Clone, currency: &str) -> Self {
        let scale = |quantity: Quantity| {
            let money = rows.clone().filter(|row| row.quantity == quantity);
            let values = money.flat_map(|row| &row.values).flatten().copied();
            Scale::of(quantity, currency, values)
        };
        Self { whole: scale(Quantity::Money), each: scale(Quantity::MoneyEach) }
    }
}

impl Figure {
    /// Returns the scale of the row: that of `money`, which rows of one subject share; else what suits its own years.
    pub(crate) fn scale(&self, money: &MoneyScales) -> Scale {
        match self.quantity {
            Quantity::Money => money.whole.clone(),
            Quantity::MoneyEach => money.each.clone(),
            quantity => Scale::of(quantity, "", self.values.iter().flatten().copied()),
        }
    }

    /// Says whether the row shows nothing but zeros and gaps.
    pub(crate) fn is_empty(&self) -> bool {
        self.values.iter().flatten().all(|value| value.abs() <= 0.0)
    }
}

/// Returns the positions of the years that key tables show: now, +10, +25, +50 and the end.
pub(crate) fn key_positions(years: YearRange) -> Vec<usize> {
    let last = years.count().saturating_sub(1);
    let mut positions = vec![0];
    positions.extend(KEY_OFFSETS.into_iter().filter(|offset| *offset < last));
    if 0 < last {
        positions.push(last);
    }
    positions
}

/// Returns an indicator for each year of the run, or `None` when no year has one.
pub(crate) fn indicator(results: &Results, scope: &str, name: &str) -> Option<Vec<Option<f64>>> {
    let years = results.population.years;
    let mut path = vec![None; years.count()];
    let mut any = false;
    for one in &results.measured.indicators {
        let same = one.indicator == name && one.scope == scope;
        if let Some(at) = years.position(Year::new(one.year)).filter(|_| same) {
            path[at] = Some(one.value);
            any = true;
        }
    }
    any.then_some(path)
}

/// Returns the key figures of every stage that ran, at the given year positions.
pub(crate) fn key_figures(results: &Results, positions: &[usize]) -> Vec<FigureGroup> {
    let rows = Rows { results, positions };
    let mut groups = vec![rows.population()];
    groups.extend(rows.work());
    groups.extend(schemes(results).into_iter().map(|scheme| rows.scheme(scheme)));
    groups.extend(health_schemes(results).into_iter().map(|scheme| rows.health(scheme)));
    let funds = results.finance.iter().flat_map(|finance| &finance.funds);
    groups.extend(funds.map(|fund| rows.fund(fund)));
    groups.retain(|group| !group.rows.is_empty());
    groups
}

/// Says whether anything of the run is in currency.
pub(crate) const fn has_money(results: &Results) -> bool {
    results.labour.is_some() || results.finance.is_some()
}

/// Returns the names of the pension schemes in the order in which they first appear.
pub(crate) fn schemes(results: &Results) -> Vec<&str> {
    let pensions = results.pensions.as_ref();
    let contributors = pensions.into_iter().flat_map(|all| &all.contributors);
    let benefits = pensions.into_iter().flat_map(|all| &all.beneficiaries);
    distinct(
        contributors.map(|one| one.scheme.as_str()).chain(benefits.map(|one| one.scheme.as_str())),
    )
}

/// Returns the names of the health schemes in the order in which they first appear.
pub(crate) fn health_schemes(results: &Results) -> Vec<&str> {
    let insured = results.benefits.iter().flat_map(|benefits| &benefits.insured);
    distinct(insured.map(|one| one.scheme.as_str()))
}

/// Keeps the first of equal names.
pub(crate) fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut kept: Vec<&str> = Vec::new();
    for name in names {
        if !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

/// Returns persons in a range of ages at the start of the year at a position.
pub(crate) fn persons_aged(
    results: &Results,
    position: usize,
    ages: std::ops::Range<usize>,
) -> f64 {
    let grid = results.population.persons.year(position);
    let ages = ages.start.min(grid.ncols())..ages.end.min(grid.ncols());
    grid.slice(ndarray::s![.., ages]).sum()
}

/// Builds rows at the same year positions.
struct Rows<'a> {
    results: &'a Results,
    positions: &'a [usize],
}

impl Rows<'_> {
    fn row(&self, label: &str, quantity: Quantity, value: impl Fn(usize) -> Option<f64>) -> Figure {
        let values = self.positions.iter().map(|position| value(*position)).collect();
        Figure { label: label.to_owned(), quantity, values }
    }

    fn indicator(
        &self,
        label: &str,
        quantity: Quantity,
        scope: &str,
        name: &str,
    ) -> Option<Figure> {
        let path = indicator(self.results, scope, name)?;
        let figure = self.row(label, quantity, |position| path[position]);
        figure.values.iter().any(Option::is_some).then_some(figure)
    }

    fn population(&self) -> FigureGroup {
        let population = &self.results.population.persons;
        let mut rows = vec![
            self.row("Population, 1 January", Quantity::Persons, |at| Some(population.total(at))),
            self.row("Aged 65 and over, of the population", Quantity::Share, |at| {
                let old = persons_aged(self.results, at, 65..usize::MAX);
                let all = population.total(at);
                (0.0 < all).then(|| old / all)
            }),
        ];
        let ratio = "Aged 65 and over, per person aged 15 to 64";
        rows.extend(self.indicator(ratio, Quantity::Share, "nation", "old_age_ratio"));
        FigureGroup { title: "Population".into(), rows }
    }

    fn work(&self) -> Option<FigureGroup> {
        let labour = self.results.labour.as_ref()?;
        let employed = self.row("Employed, mean of the year", Quantity::Persons, |at| {
            Some(labour.employed_mean(at).sum())
        });
        let share = Quantity::Share;
        let others = [
            self.indicator("Informal, of the employed", share, "nation", "informal_share"),
            self.indicator(
                "Pension contributors, of the employed",
                share,
                "nation",
                "coverage_of_employed",
            ),
            self.indicator(
                "Pensions in payment, per person 65+",
                share,
                "nation",
                "pension_coverage_65",
            ),
            self.indicator("Cost of all accounts, of GDP", share, "nation", "expenditure_over_gdp"),
        ];
        let rows = std::iter::once(employed).chain(others.into_iter().flatten()).collect();
        Some(FigureGroup { title: "Work and coverage".into(), rows })
    }

    fn scheme(&self, scheme: &str) -> FigureGroup {
        let share = Quantity::Share;
        let mut rows = Vec::new();
        if let Some(pensions) = &self.results.pensions {
            rows.push(self.row("Contributors, mean of the year", Quantity::Persons, |at| {
                let groups = pensions.contributors.iter().filter(|group| group.scheme == scheme);
                Some(groups.map(|group| group.contributors.total(at)).sum())
            }));
            rows.push(self.row("Pensions in payment", Quantity::Persons, |at| {
                let benefits = pensions.beneficiaries.iter();
                let periodic = benefits.filter(|one| one.scheme == scheme && one.periodic);
                Some(periodic.map(|one| one.beneficiaries.total(at)).sum())
            }));
        }
        rows.extend(self.indicator("Pensions per contributor", share, scheme, "dependency_ratio"));
        rows.extend(self.indicator(
            "Mean pension, of mean insured earnings",
            share,
            scheme,
            "replacement_ratio",
        ));
        rows.retain(has_a_value);
        FigureGroup { title: format!("Scheme: {}", words(scheme)), rows }
    }

    fn health(&self, scheme: &str) -> FigureGroup {
        let mut rows = Vec::new();
        if let Some(benefits) = &self.results.benefits {
            rows.push(self.row("Insured, mean of the year", Quantity::Persons, |at| {
                let groups = benefits.insured.iter().filter(|group| group.scheme == scheme);
                Some(groups.map(|group| group.insured.total(at)).sum())
            }));
            let cost = |at: usize| {
                let services = benefits.services.iter().filter(|one| one.scheme == scheme);
                Some(services.map(|service| service.cost.total(at)).sum::<f64>())
            };
            rows.push(self.row("Cost of services", Quantity::Money, cost));
            let gdp = self.results.labour.as_ref().map(|labour| &labour.economy.gdp);
            rows.push(self.row("Cost of services, of GDP", Quantity::Share, |at| {
                Some(cost(at)? / gdp?.get(at)?)
            }));
        }
        rows.extend(self.indicator(
            "Insured, of the population",
            Quantity::Share,
            scheme,
            "health_coverage",
        ));
        rows.retain(has_a_value);
        FigureGroup { title: format!("Insured and cost: {}", words(scheme)), rows }
    }

    fn fund(&self, fund: &FundPath) -> FigureGroup {
        let share = Quantity::Share;
        let account = fund.account.as_str();
        let of_year = |at: usize| fund.years.get(at);
        let mut rows = vec![
            self.row("Contributions", Quantity::Money, |at| Some(of_year(at)?.contributions)),
            self.row("Expenditure", Quantity::Money, |at| Some(of_year(at)?.outgo)),
        ];
        rows.extend(self.indicator("Expenditure, of GDP", share, account, "expenditure_over_gdp"));
        rows.extend(self.indicator(
            "Pay-as-you-go rate, of insured earnings",
            share,
            account,
            "payg_rate",
        ));
        rows.extend(self.indicator(
            "Legal contribution rate, of insured earnings",
            share,
            account,
            "legal_rate",
        ));
        rows.push(self.row("State subsidy", Quantity::Money, |at| {
            let subsidy = of_year(at)?.sum(&Item::StateSubsidy);
            (0.0 < subsidy).then_some(subsidy)
        }));
        rows.push(self.row(STATE_COVER, Quantity::Money, |at| {
            state_cover(self.results, fund, at).filter(|cover| 0.0 < *cover)
        }));
        if fund.keeps_reserve {
            rows.push(
                self.row("Reserve, end of year", Quantity::Money, |at| {
                    Some(of_year(at)?.reserve_end)
                }),
            );
            rows.push(self.row("Debt, end of year", Quantity::Money, |at| {
                Some(of_year(at)?.debt_end).filter(|debt| 0.0 < *debt)
            }));
            let ratio = "reserve_end_over_expenditure";
            let label = "Reserve over expenditure, end of year";
            rows.extend(self.indicator(label, Quantity::YearsOfExpenditure, account, ratio));
        }
        rows.retain(|figure| has_a_value(figure) && (fund.keeps_reserve || !figure.is_empty()));
        FigureGroup { title: format!("Account: {}", words(account)), rows }
    }
}

/// What a reader sees beside [`state_cover`].
pub(crate) const STATE_COVER: &str = "of which to cover the deficit";

/// Returns what the State pays because the reserve is exhausted: its subsidy less the contributions that the law asks
/// of it. `None` for an account without reserve.
pub(crate) fn state_cover(results: &Results, fund: &FundPath, at: usize) -> Option<f64> {
    let year = fund.years.get(at).filter(|_| fund.keeps_reserve)?;
    if !year.exhausted {
        return Some(0.0);
    }
    let branches = results.benefits.iter().flat_map(|benefits| &benefits.contributions);
    let schemes = results.pensions.iter().flat_map(|pensions| &pensions.contributions);
    let of_state = branches.chain(schemes).filter(|one| {
        one.year == year.year && one.account == fund.account && one.payer == Payer::State
    });
    let by_law = of_state.fold(0.0, |sum, one| sum + one.collected);
    Some((year.sum(&Item::StateSubsidy) - by_law).max(0.0))
}

fn has_a_value(figure: &Figure) -> bool {
    figure.values.iter().any(Option::is_some)
}

/// What happens to a fund, in words, with the first year or `None` when it does not within the horizon.
pub(crate) fn key_events(fund: &FundPath) -> Vec<(&'static str, Option<Year>)> {
    if !fund.keeps_reserve {
        return Vec::new();
    }
    let dates = fund.key_dates();
    vec![
        ("Expenditure above contributions", dates.outgo_above_contributions),
        ("Expenditure above all income", dates.outgo_above_income),
        ("Reserve exhausted", dates.exhausted),
    ]
}
