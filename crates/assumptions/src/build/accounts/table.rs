use std::collections::BTreeMap;

use perennis_cohort::{AccountYear, InPayment, Item};
use perennis_finance::{AccountFigures, InitialGroup, PopulationCounts};
use perennis_units::{Growth, Path, Payer, Year, YearRange};

use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Axis, Column, Kind, Layout, Rows};
use crate::read::accounts::TableAccount;

/// Parts of the outgo may exceed it by this share: figures are printed rounded.
const ROUNDED: f64 = 1e-6;

/// What a table gives of an account.
pub(super) struct AccountTable {
    pub(super) years: YearRange,
    pub(super) booked: Vec<AccountYear>,
    pub(super) interest: Option<Path<Growth>>,
    pub(super) figures: AccountFigures,
}

const MONEY: Kind = Kind::MONEY_OF_THE_YEAR;

const fn rate(name: &'static str, most: f64) -> Column {
    Column::optional(name, Kind::SHARE.within(0.0, most).called("a rate")).always_in("share")
}

const COLUMNS: [Column; 18] = [
    Column::optional("insured_earnings", MONEY),
    Column::optional("contributions", MONEY),
    rate("contribution_rate", 1.0),
    Column::optional("state_contributions", MONEY),
    Column::optional("state_subsidy", MONEY),
    Column::optional("other_income", MONEY),
    rate("other_income_rate", 1.0),
    Column::optional("outgo", MONEY),
    rate("outgo_rate", 2.0),
    Column::optional("administration", MONEY),
    Column::optional("interest", Kind::GROWTH).always_in("share a year"),
    Column::optional("contributors", Kind::PERSONS),
    Column::optional("initial_earnings", MONEY),
    Column::optional("initial_outgo", MONEY),
    Column::optional("capital_value_of_awards", MONEY),
    Column::optional("working_age_population", Kind::PERSONS),
    Column::optional("older_population", Kind::PERSONS),
    Column::optional("gdp", MONEY),
];

/// Reads the table of an account.
pub(super) fn table(name: &str, raw: &TableAccount, at: &At<'_>) -> Option<AccountTable> {
    let place = at.key("table");
    let before = place.reading().count();
    let layout = Layout { axes: &[Axis::Year], optional: &[], columns: &COLUMNS };
    let rows = raw.table.rows(&place, &layout)?;
    let columns = Columns::new(&rows, &place)?;
    let years = columns.years;
    let earnings = columns.of("insured_earnings");
    let contributions = columns.amount_or_rate("contributions", "contribution_rate", &earnings);
    let other = columns.amount_or_rate("other_income", "other_income_rate", &earnings);
    let outgo = columns.amount_or_rate("outgo", "outgo_rate", &earnings);
    if outgo.is_none() && place.reading().count() == before {
        rows.fault_at_header(
            &place.key("file"),
            Code::ColumnMissing,
            (
                "the table has no column `outgo`".to_owned(),
                "add outgo, or outgo_rate and insured_earnings".to_owned(),
            ),
        );
    }
    let benefits = benefits(raw, at, years);
    let nothing = || vec![0.0; years.count()];
    let of = |name| columns.of(name).unwrap_or_else(nothing);
    let amounts = Amounts {
        contributions: contributions.unwrap_or_else(nothing),
        state: of("state_contributions"),
        subsidies: of("state_subsidy"),
        other: other.unwrap_or_else(nothing),
        administration: of("administration"),
        contributors: of("contributors"),
        earnings: earnings.unwrap_or_else(nothing),
        outgo: outgo?,
    };
    let benefits = benefits?;
    let rest_of = if raw.benefits.is_some() { "other" } else { "all" };
    let mut booked = Vec::with_capacity(years.count());
    for (position, year) in years.iter().enumerate() {
        let paid = benefits.get(&year).map_or(&[][..], Vec::as_slice);
        let account = AccountYear::new(name.to_owned(), year);
        let (account, rest) = amounts.book(position, account, paid);
        booked.push(with_rest(account, rest, rest_of));
        if rest < -ROUNDED * amounts.outgo[position] {
            let reason = format!("administration and benefits of {year} are more than its outgo");
            let remedy = "outgo is all outgo of the year, these included".to_owned();
            rows.fault(columns.order[position], &place, Code::Incoherent, (reason, remedy));
        }
    }
    let interest = columns.interest();
    let figures = columns.figures();
    (place.reading().count() == before).then_some(AccountTable { years, booked, interest, figures })
}

/// Amounts of an account by year.
struct Amounts {
    contributions: Vec<f64>,
    state: Vec<f64>,
    subsidies: Vec<f64>,
    other: Vec<f64>,
    administration: Vec<f64>,
    contributors: Vec<f64>,
    earnings: Vec<f64>,
    outgo: Vec<f64>,
}

impl Amounts {
    /// Books a year; returns what of its outgo is neither administration nor one of the benefits.
    fn book(&self, at: usize, mut account: AccountYear, paid: &[InPayment]) -> (AccountYear, f64) {
        account.insured_earnings = self.earnings[at];
        account.contributor_years = self.contributors[at];
        account.book(Item::Contributions, None, self.contributions[at]);
        account.book(Item::Contributions, Some(Payer::State), self.state[at]);
        account.book(Item::StateSubsidy, Some(Payer::State), self.subsidies[at]);
        account.book(Item::OtherIncome, None, self.other[at]);
        account.book(Item::Administration, None, self.administration[at]);
        for benefit in paid {
            account.book(Item::Benefit(benefit.benefit.clone()), None, benefit.amount);
        }
        account.in_payment = paid.to_vec();
        let parts = paid.iter().fold(self.administration[at], |sum, one| sum + one.amount);
        (account, self.outgo[at] - parts)
    }
}

/// Books the outgo that no benefit of the tables names.
fn with_rest(mut account: AccountYear, rest: f64, name: &str) -> AccountYear {
    account.book(Item::Benefit(name.to_owned()), None, rest);
    account
}

/// Reads the periodic benefits by year.
fn benefits(
    raw: &TableAccount,
    at: &At<'_>,
    years: YearRange,
) -> Option<BTreeMap<Year, Vec<InPayment>>> {
    let mut found: BTreeMap<Year, Vec<InPayment>> = BTreeMap::new();
    let Some(table) = &raw.benefits else { return Some(found) };
    let place = at.key("benefits");
    let layout = Layout {
        axes: &[Axis::Year, Axis::Name("benefit")],
        optional: &[],
        columns: &[Column::needed("amount", MONEY), Column::needed("persons", Kind::PERSONS)],
    };
    let rows = table.rows(&place, &layout)?;
    for (position, row) in rows.rows.iter().enumerate() {
        let year = Year::new(row.year?);
        let (benefit, amount, person_years) =
            (row.names.first()?.clone(), row.values[0]?, row.values[1]?);
        if years.position(year).is_none() {
            let reason = format!("{year} is not a year of the table of the account");
            let remedy = "give the benefits of the years of the account".to_owned();
            rows.fault(position, &place, Code::Incoherent, (reason, remedy));
        }
        found.entry(year).or_default().push(InPayment { benefit, person_years, amount });
    }
    Some(found)
}

/// The columns of a table in the order of the years.
struct Columns<'a> {
    rows: &'a Rows,
    at: &'a At<'a>,
    years: YearRange,
    /// The row of each year.
    order: Vec<usize>,
}

impl<'a> Columns<'a> {
    /// Puts the rows in the order of their years, of which none may be missing.
    fn new(rows: &'a Rows, at: &'a At<'a>) -> Option<Self> {
        let mut order: Vec<(i32, usize)> = rows
            .rows
            .iter()
            .enumerate()
            .filter_map(|(position, row)| Some((row.year?, position)))
            .collect();
        order.sort_unstable();
        let first = order.first()?.0;
        for pair in order.windows(2).filter(|pair| pair[1].0 != pair[0].0 + 1) {
            let reason =
                format!("the table has {} and {} and no year between", pair[0].0, pair[1].0);
            let remedy = "give every year from the first to the last".to_owned();
            rows.fault(pair[1].1, at, Code::YearMissing, (reason, remedy));
        }
        let order: Vec<usize> = order.into_iter().map(|(_, position)| position).collect();
        let years = YearRange::new(Year::new(first), order.len());
        Some(Self { rows, at, years, order })
    }

    /// Returns a column that is there; one with an empty cell is a fault, and one that is empty throughout is not there.
    fn of(&self, name: &str) -> Option<Vec<f64>> {
        let column = self.rows.column(name)?;
        let values: Vec<Option<f64>> =
            self.order.iter().map(|row| self.rows.rows[*row].values[column]).collect();
        if values.iter().all(Option::is_none) {
            return None;
        }
        if let Some(at) = values.iter().position(Option::is_none) {
            let reason = format!("`{name}` is empty in {}", self.years.at(at));
            let remedy = "give it in every year, or leave the column out".to_owned();
            self.rows.fault(self.order[at], self.at, Code::EmptyCell, (reason, remedy));
        }
        values.into_iter().collect()
    }

    /// Returns an amount that is given as such, or as a rate on insured earnings.
    fn amount_or_rate(
        &self,
        amount: &str,
        rate: &str,
        earnings: &Option<Vec<f64>>,
    ) -> Option<Vec<f64>> {
        let fault = |code, reason: String, remedy: &str| {
            self.rows.fault_at_header(&self.at.key("file"), code, (reason, remedy.to_owned()));
        };
        match (self.of(amount), self.of(rate), earnings) {
            (Some(_), Some(_), _) => {
                let reason = format!("the table gives `{amount}` and `{rate}`");
                fault(Code::TwoWays, reason, "keep one of the two columns");
                None
            }
            (Some(amounts), None, _) => Some(amounts),
            (None, Some(rates), Some(earnings)) => {
                Some(rates.iter().zip(earnings).map(|(rate, earnings)| rate * earnings).collect())
            }
            (None, Some(_), None) => {
                let reason = format!("the table gives `{rate}` and no `insured_earnings`");
                fault(Code::ColumnMissing, reason, "add the column insured_earnings");
                None
            }
            (None, None, _) => None,
        }
    }

    fn interest(&self) -> Option<Path<Growth>> {
        let values = self.of("interest")?;
        let growth = |value: f64| Growth::new(value).ok();
        let values = values.into_iter().map(growth).collect::<Option<Vec<_>>>()?;
        Path::new(self.years.first(), values)
    }

    fn figures(&self) -> AccountFigures {
        let both = |one: &str, other: &str| match (self.of(one), self.of(other)) {
            (Some(values), Some(others)) => Some((values, others)),
            (None, None) => None,
            (found, _) => {
                let (there, absent) = if found.is_some() { (one, other) } else { (other, one) };
                let reason = format!("the table gives `{there}` and no `{absent}`");
                let remedy = format!("add the column {absent}");
                let file = self.at.key("file");
                self.rows.fault_at_header(&file, Code::ColumnMissing, (reason, remedy));
                None
            }
        };
        let initial = both("initial_earnings", "initial_outgo");
        let counts = both("working_age_population", "older_population");
        let counted = |(working_age, older): (Vec<f64>, Vec<f64>)| {
            let pairs = working_age.into_iter().zip(older);
            pairs.map(|(working_age, older)| PopulationCounts { older, working_age }).collect()
        };
        AccountFigures {
            initial: initial.map(|(earnings, outgo)| InitialGroup { earnings, outgo }),
            capital_values: self.of("capital_value_of_awards"),
            counts: counts.map(counted),
            gdp: self.of("gdp"),
        }
    }
}
