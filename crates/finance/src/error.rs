use perennis_units::Year;
use thiserror::Error;

/// Accounts that cannot be rolled forward.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum FinanceError {
    /// A branch books to an account that has no fund.
    #[error("account `{0}` is booked to but has no fund")]
    UnknownAccount(String),
    /// Two funds have the same name.
    #[error("account `{0}` has two funds")]
    DuplicateAccount(String),
    /// A fund starts with less than nothing.
    #[error("account `{account}` starts with a reserve of {opening}; a reserve is not negative")]
    NegativeReserve {
        /// The account.
        account: String,
        /// The reserve given.
        opening: f64,
    },
    /// Debt would be cheaper than the reserve earns.
    #[error("account `{account}` borrows at a margin of {margin}; a margin is not negative")]
    NegativeMargin {
        /// The account.
        account: String,
        /// The margin given.
        margin: f64,
    },
    /// A fund starts with a reserve and a debt.
    #[error("account `{0}` starts with a reserve and a debt; give what is left of the two")]
    ReserveAndDebt(String),
    /// A reserve is gone and nobody is named who pays.
    #[error(
        "account `{account}`: the reserve is gone in {year}, {short:.2} are lacking and nobody is named who pays"
    )]
    ReserveGone {
        /// The account.
        account: String,
        /// The first year in which the reserve does not suffice.
        year: Year,
        /// What is lacking at the moment of the flows, currency.
        short: f64,
    },
    /// The shares of asset classes are no whole.
    #[error("the shares of the asset classes add up to {sum}")]
    Shares {
        /// Their sum.
        sum: f64,
    },
    /// A class of assets starts outside its limits.
    #[error("the asset class `{class}` starts outside its limits")]
    Limits {
        /// The class.
        class: String,
    },
    /// A year is stepped twice, left out or outside the economy's paths.
    #[error("year {found} is stepped where {expected} is next and the economy ends in {last}")]
    YearOutOfOrder {
        /// The year stepped.
        found: Year,
        /// The next year.
        expected: Year,
        /// The last year of the economy.
        last: Year,
    },
    /// An amount is negative or not a number.
    #[error("account `{account}`, {year}: {item} of {amount} is not an amount to book")]
    NotAnAmount {
        /// The account.
        account: String,
        /// The year.
        year: Year,
        /// Item, insured earnings, contributor-years or the benefit in payment.
        item: String,
        /// The amount found.
        amount: f64,
    },
    /// What is in payment is not what is booked.
    #[error(
        "account `{account}`, {year}: benefit `{benefit}` is booked with {booked} but in payment \
         with {in_payment}"
    )]
    InPayment {
        /// The account.
        account: String,
        /// The year.
        year: Year,
        /// The benefit.
        benefit: String,
        /// Sum of the entries, currency.
        booked: f64,
        /// Amount in payment, currency.
        in_payment: f64,
    },
}

/// A measure of financing that does not exist for the flows given.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum MeasureError {
    /// There are no flows.
    #[error("there are no years to measure")]
    NoYears,
    /// A flow is negative or no number, or interest is not above -100 %.
    #[error("{year} has a flow that is negative or no number, or interest at or below -100 %")]
    NotAFlow {
        /// The year.
        year: Year,
    },
    /// A year lies outside the flows.
    #[error("{year} is not one of the years {first} to {last} of the account")]
    OutsideHorizon {
        /// The year asked for.
        year: Year,
        /// The first year of the flows.
        first: Year,
        /// The last year of the flows.
        last: Year,
    },
    /// A period ends before it begins, or has no year in which the rate could act.
    #[error("no year lies between {first} and {last}")]
    EmptyPeriod {
        /// The first year.
        first: Year,
        /// The last year.
        last: Year,
    },
    /// Nobody earns anything on which a rate could be raised.
    #[error("there are no insured earnings from {first} to {last}")]
    NoEarnings {
        /// The first year.
        first: Year,
        /// The last year.
        last: Year,
    },
    /// There is no expenditure over which a reserve could be measured.
    #[error("there is no expenditure in {year}, so that a reserve ratio has no meaning")]
    NoOutgo {
        /// The year.
        year: Year,
    },
    /// Flows beyond the horizon grow as fast as they are discounted.
    #[error(
        "the flows beyond the horizon grow by {:.3} % a year and are discounted by {:.3} %: their sum has no end",
        100.0 * growth,
        100.0 * interest
    )]
    TailDiverges {
        /// Growth of the flows.
        growth: f64,
        /// Interest by which they are discounted.
        interest: f64,
    },
    /// A reserve that grows as the earnings needs interest above their growth.
    #[error(
        "earnings grow by {:.3} % after {year} and interest is {:.3} %: this scaled premium needs interest above growth",
        100.0 * growth,
        100.0 * interest
    )]
    GrowthAboveInterest {
        /// The last year of the control period.
        year: Year,
        /// Growth of earnings.
        growth: f64,
        /// Interest.
        interest: f64,
    },
    /// The initial group still lives when the flows end.
    #[error(
        "the initial group has earnings or more than a thousandth of the outgo in {last}, where the table ends"
    )]
    NotRunOff {
        /// The last year of the flows.
        last: Year,
    },
    /// Figures that a measure reads are not given.
    #[error("the account does not give {0}")]
    Missing(&'static str),
    /// A rate that has no effect cannot be solved for.
    #[error("the rate does not move the reserve ratios of {first} and {second} against each other")]
    NoEffect {
        /// The first year.
        first: Year,
        /// The second year.
        second: Year,
    },
}
