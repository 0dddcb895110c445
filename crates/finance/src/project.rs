use perennis_cohort::{AccountYear, Entry, InPayment, Item};
use perennis_labour::Economy;
use perennis_units::{Payer, Year};

use crate::administration::Indices;
use crate::payg::{self, WageBill};
use crate::transfers::Before;
use crate::{
    Balance, FinanceBasis, FinanceError, FlowsAt, FundBasis, FundPath, FundSystem, FundYear,
    MoneyPaths, Reserve, Roll, Terms, WhenExhausted, roll,
};

/// A benefit in payment may differ from what is booked for it by this share: rounding of sums in another order.
const ROUNDING: f64 = 1e-9;

/// All funds, filled as the years are stepped.
#[derive(Clone, Debug)]
pub struct Finance {
    /// The funds, in the order of the basis.
    pub funds: Vec<FundPath>,
    basis: FinanceBasis,
    paths: MoneyPaths,
    states: Vec<State>,
}

/// A fund between two years.
#[derive(Clone, Debug)]
struct State {
    balance: Balance,
    /// Shares of the classes of assets.
    shares: Vec<f64>,
    /// Returns above those expected, year by year.
    gains: Vec<f64>,
}

impl Finance {
    /// Opens the funds at the start of the first year of the economy.
    ///
    /// # Errors
    ///
    /// [`FinanceError`] for two funds of one name, a transfer of an account that is not there, a negative reserve or a
    /// negative margin.
    pub fn open(basis: &FinanceBasis, economy: &Economy) -> Result<Self, FinanceError> {
        Self::open_on(basis, economy.into())
    }

    /// Opens the funds on paths that do not come from an economy.
    ///
    /// # Errors
    ///
    /// As for [`Self::open`].
    pub fn open_on(basis: &FinanceBasis, paths: MoneyPaths) -> Result<Self, FinanceError> {
        for (position, fund) in basis.funds.iter().enumerate() {
            if basis.funds[..position].iter().any(|other| other.account == fund.account) {
                return Err(FinanceError::DuplicateAccount(fund.account.clone()));
            }
            check(fund)?;
        }
        let known = |name: &&String| basis.funds.iter().any(|fund| fund.account == **name);
        let mut named = basis.transfers.iter().flat_map(|one| [&one.from, &one.to]);
        if let Some(name) = named.find(|name| !known(name)) {
            return Err(FinanceError::UnknownAccount(name.clone()));
        }
        let path = |fund: &FundBasis| FundPath {
            account: fund.account.clone(),
            keeps_reserve: matches!(fund.system, FundSystem::Reserve(_)),
            flows_at: basis.flows_at,
            years: Vec::with_capacity(paths.years.count()),
        };
        Ok(Self {
            funds: basis.funds.iter().map(path).collect(),
            states: basis.funds.iter().map(State::open).collect(),
            basis: basis.clone(),
            paths,
        })
    }

    /// Rolls every fund through `year` with what the branches booked; what several branches book to one account is
    /// added up, by item and payer. Then transfers are paid, in their order, and last the returns.
    ///
    /// # Errors
    ///
    /// [`FinanceError`] when a branch books to an account without a fund, books what is not an amount, reports a
    /// benefit in payment with another amount than it books, when a year is left out, or when a reserve is gone and
    /// nobody is named who pays.
    pub fn step(&mut self, year: Year, booked: Vec<AccountYear>) -> Result<(), FinanceError> {
        let position = self.position(year)?;
        let mut accounts = self.gathered(year, booked)?;
        for (fund, account) in self.basis.funds.iter().zip(&mut accounts) {
            check_in_payment(account)?;
            if let Some(administration) = &fund.administration {
                let wages = self.paths.wage_index[position];
                let indices = Indices { wages, prices: self.paths.price_index[position] };
                let cost = administration.cost(year, account.insured_earnings, indices);
                add(&mut account.entries, Item::Administration, None, cost);
            }
        }
        let earned: Vec<Earned> = self
            .basis
            .funds
            .iter()
            .zip(&self.states)
            .map(|(fund, state)| fund.earned(state, year, self.paths.interest[position]))
            .collect();
        self.transfer(year, &mut accounts, &earned);
        for (index, account) in accounts.into_iter().enumerate() {
            let fund = &self.basis.funds[index];
            let closed = close(
                fund,
                account,
                (&mut self.states[index], &earned[index]),
                self.basis.flows_at,
            )?;
            self.funds[index].years.push(closed);
        }
        Ok(())
    }

    /// Adds up what was booked, by account.
    fn gathered(
        &self,
        year: Year,
        booked: Vec<AccountYear>,
    ) -> Result<Vec<AccountYear>, FinanceError> {
        let accounts = self.funds.iter().map(|fund| AccountYear::new(fund.account.clone(), year));
        let mut accounts: Vec<AccountYear> = accounts.collect();
        for booking in booked {
            check_booking(&booking)?;
            let into = accounts.iter_mut().find(|account| account.account == booking.account);
            let Some(into) = into else {
                return Err(FinanceError::UnknownAccount(booking.account));
            };
            merge(into, booking);
        }
        Ok(accounts)
    }

    /// Pays the transfers, each on what those before it have left.
    fn transfer(&self, year: Year, accounts: &mut [AccountYear], earned: &[Earned]) {
        let named = |name: &str| self.funds.iter().position(|fund| fund.account == name);
        for transfer in &self.basis.transfers {
            let (Some(from), Some(to)) = (named(&transfer.from), named(&transfer.to)) else {
                continue;
            };
            let left = |index: usize| {
                let terms = earned[index].terms(self.basis.flows_at);
                roll(self.states[index].balance, net(&accounts[index]), terms).left
            };
            let unlimited = !self.funds[from].keeps_reserve && !transfer.rule.is_surplus();
            let before = Before {
                contributions: total(&accounts[from], |item| *item == Item::Contributions),
                earnings: accounts[from].insured_earnings,
                outgo: total(&accounts[from], Item::is_outgo),
                held: if unlimited { f64::INFINITY } else { left(from) },
                wanted: left(to),
            };
            let amount = transfer.rule.amount(year, before);
            add(&mut accounts[from].entries, Item::TransfersOut, None, amount);
            add(&mut accounts[to].entries, Item::TransfersIn, Some(Payer::Funds), amount);
        }
    }

    /// Returns the fund of an account.
    #[must_use]
    pub fn fund(&self, account: &str) -> Option<&FundPath> {
        self.funds.iter().find(|fund| fund.account == account)
    }

    /// Returns the reserve of an account at the end of `year` over its expenditure of `year`.
    ///
    /// `None` while the year has not been stepped, and for an account without reserve or expenditure.
    #[must_use]
    pub fn reserve_ratio_end(&self, account: &str, year: Year) -> Option<f64> {
        self.fund(account)?.reserve_end_over_expenditure(year)
    }

    /// Finds `year` in the paths and checks that it is the next.
    fn position(&self, year: Year) -> Result<usize, FinanceError> {
        let years = self.paths.years;
        let done =
            self.funds.first().map_or_else(|| years.position(year), |fund| Some(fund.years.len()));
        match (years.position(year), done) {
            (Some(position), Some(done)) if position == done => Ok(position),
            (_, done) => Err(FinanceError::YearOutOfOrder {
                found: year,
                expected: years.at(done.unwrap_or(0)),
                last: years.last(),
            }),
        }
    }
}

fn check(fund: &FundBasis) -> Result<(), FinanceError> {
    let FundSystem::Reserve(Reserve { opening, opening_debt, when_exhausted, .. }) = &fund.system
    else {
        return Ok(());
    };
    let account = || fund.account.clone();
    if let Some(negative) = [opening, opening_debt].into_iter().find(|held| held.get() < 0.0) {
        return Err(FinanceError::NegativeReserve { account: account(), opening: negative.get() });
    }
    if 0.0 < opening.get() && 0.0 < opening_debt.get() {
        return Err(FinanceError::ReserveAndDebt(account()));
    }
    match when_exhausted {
        WhenExhausted::Borrow { margin } if margin.get() < 0.0 => {
            Err(FinanceError::NegativeMargin { account: account(), margin: margin.get() })
        }
        _ => Ok(()),
    }
}

fn check_booking(booking: &AccountYear) -> Result<(), FinanceError> {
    let entries = booking.entries.iter().map(|entry| (entry.item.label(), entry.amount));
    let persons = booking.in_payment.iter().flat_map(|benefit| {
        [benefit.person_years, benefit.amount].map(|amount| (benefit.benefit.clone(), amount))
    });
    let totals = [
        ("insured earnings".into(), booking.insured_earnings),
        ("contributor-years".into(), booking.contributor_years),
    ];
    let bad = |(_, amount): &(String, f64)| !(amount.is_finite() && 0.0 <= *amount);
    match entries.chain(persons).chain(totals).find(bad) {
        Some((item, amount)) => Err(FinanceError::NotAnAmount {
            account: booking.account.clone(),
            year: booking.year,
            item,
            amount,
        }),
        None => Ok(()),
    }
}

fn check_in_payment(account: &AccountYear) -> Result<(), FinanceError> {
    for benefit in &account.in_payment {
        let item = Item::Benefit(benefit.benefit.clone());
        let of_benefit = account.entries.iter().filter(|entry| entry.item == item);
        let booked: f64 = of_benefit.map(|entry| entry.amount).sum();
        if ROUNDING * booked.max(benefit.amount) < (booked - benefit.amount).abs() {
            return Err(FinanceError::InPayment {
                account: account.account.clone(),
                year: account.year,
                benefit: benefit.benefit.clone(),
                booked,
                in_payment: benefit.amount,
            });
        }
    }
    Ok(())
}

/// Adds what a branch books to what others have booked to the same account.
fn merge(into: &mut AccountYear, booking: AccountYear) {
    into.insured_earnings += booking.insured_earnings;
    into.contributor_years += booking.contributor_years;
    for entry in booking.entries {
        add(&mut into.entries, entry.item, entry.payer, entry.amount);
    }
    for benefit in booking.in_payment {
        match into.in_payment.iter_mut().find(|other| other.benefit == benefit.benefit) {
            Some(other) => {
                other.person_years += benefit.person_years;
                other.amount += benefit.amount;
            }
            None => into.in_payment.push(benefit),
        }
    }
}

/// Books an amount, nothing for zero, with an entry of the same item and payer where there is one.
fn add(entries: &mut Vec<Entry>, item: Item, payer: Option<Payer>, amount: f64) {
    if amount.abs() <= 0.0 {
        return;
    }
    match entries.iter_mut().find(|entry| entry.item == item && entry.payer == payer) {
        Some(entry) => entry.amount += amount,
        None => entries.push(Entry { item, payer, amount }),
    }
}

fn total(account: &AccountYear, counts: fn(&Item) -> bool) -> f64 {
    let counted = account.entries.iter().filter(|entry| counts(&entry.item));
    // `sum` gives -0 for nothing, which a table would print.
    counted.fold(0.0, |sum, entry| sum + entry.amount)
}

fn net(account: &AccountYear) -> f64 {
    total(account, Item::is_primary_income) - total(account, Item::is_outgo)
}

/// What a fund earns and owes in one year, as shares.
#[derive(Clone, Copy, Debug)]
struct Earned {
    interest: f64,
    expected: f64,
    debt_interest: Option<f64>,
}

impl Earned {
    fn terms(&self, flows_at: FlowsAt) -> Terms {
        Terms { interest: self.interest, debt_interest: self.debt_interest, flows_at }
    }
}

impl State {
    fn open(fund: &FundBasis) -> Self {
        let (balance, shares) = match &fund.system {
            FundSystem::Reserve(Reserve { opening, opening_debt, assets, .. }) => (
                Balance { reserve: opening.get(), debt: opening_debt.get() },
                assets.as_ref().map(crate::Portfolio::opening).unwrap_or_default(),
            ),
            FundSystem::Budget => (Balance { reserve: 0.0, debt: 0.0 }, Vec::new()),
        };
        Self { balance, shares, gains: Vec::new() }
    }
}

impl FundBasis {
    fn earned(&self, state: &State, year: Year, interest: f64) -> Earned {
        let FundSystem::Reserve(reserve) = &self.system else {
            return Earned { interest: 0.0, expected: 0.0, debt_interest: None };
        };
        let expected = reserve.interest.as_ref().map_or(interest, |path| path.at(year).get());
        let interest =
            reserve.assets.as_ref().map_or(expected, |mix| mix.net_return(&state.shares, year));
        let debt_interest = match &reserve.when_exhausted {
            WhenExhausted::Borrow { margin } => Some(interest + margin.get()),
            WhenExhausted::StatePays => None,
            // An opening debt is the reserve below zero until it is paid.
            WhenExhausted::Refused => Some(interest),
        };
        Earned { interest, expected, debt_interest }
    }
}

/// Closes the year of one account: returns, debt and what the State pays.
fn close(
    fund: &FundBasis,
    mut account: AccountYear,
    (state, earned): (&mut State, &Earned),
    flows_at: FlowsAt,
) -> Result<FundYear, FinanceError> {
    let net = net(&account);
    let start = state.balance;
    let terms = earned.terms(flows_at);
    let FundSystem::Reserve(reserve) = &fund.system else {
        add(&mut account.entries, Item::TransfersOut, Some(Payer::State), net.max(0.0));
        let closed = Roll { exhausted: false, ..roll(start, net.min(0.0), terms) };
        add(&mut account.entries, Item::StateSubsidy, Some(Payer::State), closed.state_pays);
        return Ok(fund_year(account, (start, earned.interest), &closed, None));
    };
    let rolled = roll(start, net, terms);
    if reserve.when_exhausted == WhenExhausted::Refused && start.debt <= 0.0 && rolled.exhausted {
        let (account, year) = (fund.account.clone(), account.year);
        return Err(FinanceError::ReserveGone { account, year, short: -rolled.left });
    }
    add(&mut account.entries, Item::StateSubsidy, Some(Payer::State), rolled.state_pays);
    let hoped = roll(start, net, Terms { interest: earned.expected, ..terms });
    state.gains.push(rolled.investment_income - hoped.investment_income);
    if let Some(mix) = &reserve.assets {
        let gone = rolled.end.reserve <= 0.0;
        state.shares = if gone { mix.opening() } else { mix.drift(&state.shares, account.year) };
    }
    state.balance = rolled.end;
    let smoothed = reserve.smoothing.map(|rule| rule.value(rolled.end.reserve, &state.gains));
    Ok(fund_year(account, (start, earned.interest), &rolled, smoothed))
}

fn fund_year(
    mut account: AccountYear,
    (start, interest): (Balance, f64),
    rolled: &Roll,
    reserve_smoothed: Option<f64>,
) -> FundYear {
    let outgo = total(&account, Item::is_outgo);
    let primary_income = total(&account, Item::is_primary_income);
    let contributions = total(&account, |item| *item == Item::Contributions);
    for (item, amount) in [
        (Item::InvestmentIncome, rolled.investment_income),
        (Item::Borrowing, rolled.borrowing),
        (Item::DebtInterest, rolled.debt_interest),
        (Item::Repayment, rolled.repayment),
        (Item::ReserveStart, start.reserve),
        (Item::ReserveEnd, rolled.end.reserve),
        (Item::DebtEnd, rolled.end.debt),
    ] {
        add(&mut account.entries, item, None, amount);
    }
    account.entries.sort_by(|one, other| (&one.item, one.payer).cmp(&(&other.item, other.payer)));
    let earnings = account.insured_earnings;
    let bill = WageBill { earnings, contributor_years: account.contributor_years };
    let in_payment: Vec<InPayment> = account.in_payment;
    FundYear {
        year: account.year,
        payg_rate: (0.0 < earnings).then(|| outgo / earnings),
        payg_parts: payg::parts(&account.entries, &in_payment, bill),
        entries: account.entries,
        insured_earnings: earnings,
        contributor_years: account.contributor_years,
        in_payment,
        primary_income,
        contributions,
        investment_income: rolled.investment_income,
        outgo,
        interest,
        reserve_start: start.reserve,
        debt_start: start.debt,
        reserve_end: rolled.end.reserve,
        reserve_smoothed,
        debt_end: rolled.end.debt,
        left: rolled.left,
        state_paid: rolled.state_pays,
        exhausted: rolled.exhausted,
    }
}

#[cfg(test)]
mod tests {
    use perennis_labour::{EconomyBasis, WageGrowth};
    use perennis_units::{Growth, Money, Path, Share, YearRange};
    use proptest::prelude::*;

    use super::*;
    use crate::{Administration, GrowsWith};

    const FIRST: Year = Year::new(2024);

    fn economy(years: usize) -> Economy {
        let constant = |growth: f64| Path::constant(Growth::new(growth).unwrap());
        let basis = EconomyBasis {
            gdp: Money::new(1e6).unwrap(),
            gdp_year: FIRST,
            productivity: constant(0.02),
            prices: constant(0.03),
            wages: WageGrowth::Nominal(constant(0.05)),
            interest: constant(0.06),
            wage_share: None,
            government_expenditure: None,
        };
        basis.project(YearRange::new(FIRST, years), &vec![1.0; years]).unwrap()
    }

    fn fund(account: &str, opening: f64, when_exhausted: WhenExhausted) -> FundBasis {
        let opening = Money::new(opening).unwrap();
        FundBasis {
            account: account.into(),
            administration: None,
            system: FundSystem::Reserve(Reserve::new(opening, when_exhausted)),
        }
    }

    fn borrows() -> WhenExhausted {
        WhenExhausted::Borrow { margin: Growth::new(0.02).unwrap() }
    }

    fn booking(account: &str, year: Year, income: f64, outgo: f64) -> AccountYear {
        let mut booked = AccountYear::new(account.into(), year);
        booked.book(Item::Contributions, Some(Payer::Employers), income);
        booked.book(Item::Benefit("old_age".into()), None, outgo);
        booked
    }

    fn run(fund: FundBasis, flows: &[(f64, f64)]) -> Finance {
        let account = fund.account.clone();
        let basis = FinanceBasis::of(vec![fund]);
        let mut finance = Finance::open(&basis, &economy(flows.len())).unwrap();
        for (offset, (income, outgo)) in flows.iter().enumerate() {
            let year = FIRST.plus(i32::try_from(offset).unwrap());
            finance.step(year, vec![booking(&account, year, *income, *outgo)]).unwrap();
        }
        finance
    }

    fn assert_books_balance(finance: &Finance) {
        for year in finance.funds.iter().flat_map(|fund| &fund.years) {
            let end = year.sum(&Item::ReserveStart)
                + year.primary_income
                + year.sum(&Item::InvestmentIncome)
                + year.sum(&Item::Borrowing)
                - year.outgo
                - year.sum(&Item::DebtInterest)
                - year.sum(&Item::Repayment);
            let scale = 1.0 + year.reserve_start + year.primary_income + year.outgo + year.debt_end;
            assert!((end - year.reserve_end).abs() < 1e-11 * scale, "{year:?}");
            assert!(0.0 <= year.reserve_end && 0.0 <= year.debt_end);
        }
    }

    #[test]
    fn a_reserve_with_geometric_flows_meets_the_closed_form() {
        // V_n = V_0 r^n + r^½ (c (r^n - a^n) / (r - a) - b (r^n - g^n) / (r - g)), r = 1.06, a = 1.03, g = 1.045.
        let flows: Vec<(f64, f64)> =
            (0..40).map(|year| (10.0 * 1.03_f64.powi(year), 9.0 * 1.045_f64.powi(year))).collect();
        let finance = run(fund("main", 150.0, borrows()), &flows);
        let sum = |growth: f64| (1.06_f64.powi(40) - growth.powi(40)) / (1.06 - growth);
        let expected =
            150.0 * 1.06_f64.powi(40) + 1.06_f64.sqrt() * (10.0 * sum(1.03) - 9.0 * sum(1.045));
        let found = finance.funds[0].years[39].reserve_end;
        assert!((found - expected).abs() < 1e-11 * expected, "{found} {expected}");
        assert_books_balance(&finance);
    }

    #[test]
    fn the_first_years_in_which_something_happens_are_found() {
        let flows = [(10.0, 8.0), (10.0, 10.5), (10.0, 14.0), (10.0, 40.0), (10.0, 10.0)];
        let finance = run(fund("main", 20.0, borrows()), &flows);
        let dates = finance.funds[0].key_dates();
        assert_eq!(dates.outgo_above_contributions, Some(FIRST.plus(1)));
        assert_eq!(dates.outgo_above_income, Some(FIRST.plus(2)));
        assert_eq!(dates.exhausted, Some(FIRST.plus(3)));
        assert_books_balance(&finance);
    }

    #[test]
    fn a_year_that_balances_is_not_an_event() {
        let finance = run(fund("main", 0.0, borrows()), &[(10.0, 10.0), (0.1 + 0.2, 0.3)]);
        let dates = finance.funds[0].key_dates();
        assert_eq!(dates.outgo_above_contributions, None);
        assert_eq!(dates.exhausted, None);
    }

    #[test]
    fn a_guarantee_of_the_state_is_a_subsidy_and_still_counts_as_exhaustion() {
        let finance = run(fund("main", 0.0, WhenExhausted::StatePays), &[(10.0, 12.0)]);
        let year = &finance.funds[0].years[0];
        assert!((year.sum(&Item::StateSubsidy) - 2.0).abs() < 1e-12);
        assert!((year.contributions - 10.0).abs() < 1e-12);
        assert_eq!(finance.funds[0].key_dates().outgo_above_income, Some(FIRST));
        assert_eq!(finance.funds[0].key_dates().exhausted, Some(FIRST));
        assert_books_balance(&finance);
    }

    #[test]
    fn the_state_budget_pays_what_other_income_does_not_and_takes_what_is_left() {
        let budget = FundBasis {
            account: "budget".into(),
            administration: None,
            system: FundSystem::Budget,
        };
        let finance = run(budget, &[(2.0, 12.0), (5.0, 3.0)]);
        let [gap, surplus] = [0, 1].map(|year| &finance.funds[0].years[year]);
        assert!((gap.sum(&Item::StateSubsidy) - 10.0).abs() < 1e-12);
        assert!((surplus.sum(&Item::TransfersOut) - 2.0).abs() < 1e-12);
        let nothing = run(
            FundBasis { account: "b".into(), administration: None, system: FundSystem::Budget },
            &[(0.0, 0.0)],
        );
        let nothing = &nothing.funds[0].years[0];
        assert!(nothing.contributions.is_sign_positive() && nothing.outgo.is_sign_positive());
        assert_eq!(finance.reserve_ratio_end("budget", FIRST), None);
        assert_eq!(finance.funds[0].key_dates().exhausted, None);
        assert_books_balance(&finance);
    }

    #[test]
    fn the_three_reserve_ratios_differ_in_moment_and_year() {
        let finance = run(fund("main", 100.0, borrows()), &[(10.0, 8.0), (10.0, 16.0)]);
        let path = &finance.funds[0];
        let end = path.years[0].reserve_end;
        let close = |ratio: Option<f64>, expected: f64| (ratio.unwrap() - expected).abs() < 1e-12;
        assert!(close(path.reserve_end_over_expenditure(FIRST), end / 8.0));
        assert!(close(path.reserve_start_over_expenditure(FIRST), 100.0 / 8.0));
        assert!(close(path.reserve_end_over_next_expenditure(FIRST), end / 16.0));
        assert_eq!(path.reserve_end_over_next_expenditure(FIRST.plus(1)), None);
        assert_eq!(finance.reserve_ratio_end("main", FIRST.plus(2)), None);
    }

    #[test]
    fn administration_is_a_share_of_earnings_or_grows_with_an_index() {
        let mut share = fund("share", 10.0, borrows());
        let half_percent = Path::constant(Share::new(0.005).unwrap());
        share.administration = Some(Administration::ShareOfEarnings(half_percent));
        let mut amount = fund("amount", 10.0, borrows());
        let first_year = Money::new(7.0).unwrap();
        let grows_with = GrowsWith::Wages;
        amount.administration = Some(Administration::Amount { first_year, grows_with });
        let basis = FinanceBasis::of(vec![share, amount]);
        let mut finance = Finance::open(&basis, &economy(2)).unwrap();
        for year in [FIRST, FIRST.plus(1)] {
            let mut booked = booking("share", year, 20.0, 10.0);
            booked.insured_earnings = 1000.0;
            finance.step(year, vec![booked]).unwrap();
        }
        let cost = |fund: usize| finance.funds[fund].years[1].sum(&Item::Administration);
        assert!((cost(0) - 5.0).abs() < 1e-12);
        assert!((cost(1) - 7.0 * 1.05).abs() < 1e-12);
    }

    #[test]
    fn what_two_branches_book_to_one_account_is_added_up() {
        let basis = FinanceBasis::of(vec![fund("main", 10.0, borrows())]);
        let mut finance = Finance::open(&basis, &economy(1)).unwrap();
        let both = vec![booking("main", FIRST, 3.0, 2.0), booking("main", FIRST, 4.0, 1.0)];
        finance.step(FIRST, both).unwrap();
        let year = &finance.funds[0].years[0];
        let contributions =
            year.entries.iter().filter(|entry| entry.item == Item::Contributions).count();
        assert_eq!(contributions, 1);
        assert!((year.contributions - 7.0).abs() < 1e-12 && (year.outgo - 3.0).abs() < 1e-12);
    }

    #[test]
    fn accounts_that_cannot_be_rolled_are_refused() {
        let basis = FinanceBasis::of(vec![fund("main", 10.0, borrows())]);
        let open = || Finance::open(&basis, &economy(1)).unwrap();
        let other = open().step(FIRST, vec![booking("other", FIRST, 1.0, 1.0)]);
        assert_eq!(other, Err(FinanceError::UnknownAccount("other".into())));
        let mut nan = booking("main", FIRST, 1.0, 1.0);
        nan.insured_earnings = f64::NAN;
        assert!(matches!(open().step(FIRST, vec![nan]), Err(FinanceError::NotAnAmount { .. })));
        let late = open().step(FIRST.plus(1), Vec::new());
        assert!(matches!(late, Err(FinanceError::YearOutOfOrder { .. })));
        let negative = FinanceBasis::of(vec![fund("main", -1.0, borrows())]);
        let refused = Finance::open(&negative, &economy(1));
        assert!(matches!(refused, Err(FinanceError::NegativeReserve { .. })));
        let mut paid = booking("main", FIRST, 1.0, 5.0);
        let benefit = "old_age".into();
        paid.in_payment.push(InPayment { benefit, person_years: 1.0, amount: 4.0 });
        assert!(matches!(open().step(FIRST, vec![paid]), Err(FinanceError::InPayment { .. })));
    }

    proptest! {
        #[test]
        fn the_parts_of_the_payg_rate_add_up_to_it(
            pensions in prop::collection::vec((1.0..1e6_f64, 1.0..1e9_f64), 1..5),
            grants in 0.0..1e9_f64, transfers in 0.0..1e9_f64,
            earnings in 1e3..1e12_f64, contributors in 1.0..1e7_f64,
        ) {
            let mut booked = AccountYear::new("main".into(), FIRST);
            booked.insured_earnings = earnings;
            booked.contributor_years = contributors;
            booked.book(Item::Benefit("grant".into()), None, grants);
            booked.book(Item::TransfersOut, None, transfers);
            for (number, (person_years, amount)) in pensions.iter().enumerate() {
                let (benefit, amount, person_years) = (format!("pension_{number}"), *amount, *person_years);
                booked.book(Item::Benefit(benefit.clone()), None, amount);
                booked.in_payment.push(InPayment { benefit, person_years, amount });
            }
            let mut kept = fund("main", 1.0, borrows());
            let share = Path::constant(Share::new(0.01).unwrap());
            kept.administration = Some(Administration::ShareOfEarnings(share));
            let basis = FinanceBasis::of(vec![kept]);
            let mut finance = Finance::open(&basis, &economy(1)).unwrap();
            finance.step(FIRST, vec![booked]).unwrap();
            let year = &finance.funds[0].years[0];
            let rate = year.payg_rate.unwrap();
            let sum: f64 = year.payg_parts.iter().map(|part| part.rate).sum();
            // Four benefits and three other parts: a few units in the last place.
            prop_assert!((sum - rate).abs() <= 1e-14 * rate.max(1.0) * 8.0);
            for part in &year.payg_parts {
                if let Some((dependency, replacement)) = part.dependency.zip(part.replacement) {
                    prop_assert!((dependency * replacement - part.rate).abs() <= 1e-14 * part.rate.max(1.0) * 8.0);
                }
            }
        }

        #[test]
        fn whatever_the_flows_the_books_balance(
            flows in prop::collection::vec((0.0..100.0_f64, 0.0..100.0_f64), 1..60),
            opening in 0.0..500.0_f64, borrow: bool,
        ) {
            let rule = if borrow { borrows() } else { WhenExhausted::StatePays };
            let finance = run(fund("main", opening, rule), &flows);
            assert_books_balance(&finance);
            for pair in finance.funds[0].years.windows(2) {
                prop_assert!((pair[0].reserve_end - pair[1].reserve_start).abs() <= 0.0);
            }
        }
    }
}
