use perennis_scheme::{Law, LegalIndices, Outlook, Timing};
use perennis_units::{Growth, Path, Sex, Share, Year};

use crate::{Annuity, Mortality, RateTable, Sharing};

/// Why a member leaves active service; it decides which benefits of the law are claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Retirement: benefits on reaching an age, else as on withdrawal.
    Retirement,
    /// Leaving for another work: a refund, or a pension from a later age.
    Withdrawal,
    /// Invalidity.
    Invalidity,
    /// Death: benefits of survivors.
    Death,
}

impl Cause {
    /// All causes, in the order of tables.
    pub const ALL: [Self; 4] = [Self::Retirement, Self::Withdrawal, Self::Invalidity, Self::Death];

    /// Returns the word in files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Retirement => "retirement",
            Self::Withdrawal => "withdrawal",
            Self::Invalidity => "invalidity",
            Self::Death => "death",
        }
    }

    /// Returns the position in [`Cause::ALL`].
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Retirement => 0,
            Self::Withdrawal => 1,
            Self::Invalidity => 2,
            Self::Death => 3,
        }
    }
}

/// Those who leave by one cause.
#[derive(Clone, Debug, PartialEq)]
pub struct ExitRates {
    /// Name in the file.
    pub name: String,
    /// Why they leave.
    pub cause: Cause,
    /// Probability of leaving within the year; none where no row fits.
    pub rates: RateTable,
    /// When in the year they leave. Those at the start leave first, of all who are there.
    pub at: Timing,
}

/// What a member who withdraws takes, where the law gives both a refund and a pension from a later age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnWithdrawal {
    /// The refund.
    Refund,
    /// The pension.
    Pension,
    /// What is worth more.
    Larger,
}

/// The age at which a deferred pension is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeferredClaim {
    /// As soon as the law gives one.
    Earliest,
    /// At the pensionable age of the benefit, without reduction.
    PensionableAge,
}

/// What is assumed of those who survive a member.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FamilyAssumption {
    /// Share of the members who leave a spouse.
    pub married: f64,
    /// Years by which a husband is older than his wife.
    pub husband_older: i32,
}

/// Names of the tables of mortality, by who dies.
#[derive(Clone, Debug, PartialEq)]
pub struct MortalityOf {
    /// Old-age pensioners: position in [`Plan::mortality`].
    pub pensioners: usize,
    /// Those who wait for a deferred pension.
    pub deferred: usize,
    /// Invalidity pensioners.
    pub invalids: usize,
    /// Widows and widowers.
    pub spouses: usize,
}

/// How earnings of a member rise.
#[derive(Clone, Debug, PartialEq)]
pub struct PayScale {
    /// Level by age or service, of which the ratio of two years counts, or growth from one year to the next.
    pub merit: Merit,
    /// Growth of all earnings a year.
    pub growth: Path<Growth>,
    /// When in the year they are paid.
    pub paid: Timing,
}

/// The part of the rise of earnings that comes with age and service.
#[derive(Clone, Debug, PartialEq)]
pub enum Merit {
    /// None.
    Flat,
    /// Levels.
    Levels(RateTable),
    /// Growth from a year to the next.
    Growth(RateTable),
}

/// A cell of present members, or a profile of new entrants.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The group of the law.
    pub group: String,
    /// The sex.
    pub sex: Sex,
    /// Age at the valuation (at entry for new entrants), whole years.
    pub age: i32,
    /// Service at the valuation, whole years; none of new entrants.
    pub service: i32,
    /// Persons.
    pub persons: f64,
    /// Earnings of the coming year if all of it is worked, currency; of new entrants in the first year of the plan.
    pub earnings: f64,
}

/// A cell of pensioners or of those who wait for a pension.
#[derive(Clone, Debug, PartialEq)]
pub struct Pensioner {
    /// Name of the benefit in the law, which gives indexation and kind.
    pub benefit: String,
    /// The group.
    pub group: String,
    /// The sex.
    pub sex: Sex,
    /// Age at the valuation, whole years.
    pub age: i32,
    /// The age from which it is paid; in payment when absent.
    pub from_age: Option<i32>,
    /// Persons.
    pub persons: f64,
    /// Amount in force at the valuation, or to be paid from the age on, of all of them together, currency a year.
    pub amount: f64,
}

/// An actuarial cost method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CostMethod {
    /// Entry age normal, a level share of earnings.
    EntryAge,
    /// Entry age normal, a level amount of money.
    EntryAgeMoney,
    /// Projected unit credit, the benefit of each exit in proportion to service.
    ProjectedUnit,
    /// Projected unit credit, the benefit of each exit in proportion to earnings.
    ProjectedUnitByEarnings,
    /// Current unit credit: the benefit that the service and the earnings up to now give.
    CurrentUnit,
    /// Individual level premium: level amounts from entry, and from each rise of earnings.
    IndividualLevel,
    /// Aggregate: what assets do not cover, as a share of the earnings to come of all members.
    Aggregate,
}

impl CostMethod {
    /// All methods.
    pub const ALL: [Self; 7] = [
        Self::EntryAge,
        Self::EntryAgeMoney,
        Self::ProjectedUnit,
        Self::ProjectedUnitByEarnings,
        Self::CurrentUnit,
        Self::IndividualLevel,
        Self::Aggregate,
    ];

    /// Returns the word in files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EntryAge => "entry_age",
            Self::EntryAgeMoney => "entry_age_money",
            Self::ProjectedUnit => "projected_unit",
            Self::ProjectedUnitByEarnings => "projected_unit_by_earnings",
            Self::CurrentUnit => "current_unit",
            Self::IndividualLevel => "individual_level",
            Self::Aggregate => "aggregate",
        }
    }
}

/// Everything that determines the liabilities of a plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The valuation is on 1 January of this year; a plan year that begins on another day bears the name of that January.
    pub start: Year,
    /// The laws that pay benefits; a member may have rights under each.
    pub laws: Vec<Law>,
    /// Prices, wages and indicators.
    pub indices: LegalIndices,
    /// What the law reads beside.
    pub outlook: Outlook,
    /// Interest by year.
    pub interest: Path<Growth>,
    /// Earnings.
    pub pay: PayScale,
    /// Who leaves.
    pub exits: Vec<ExitRates>,
    /// How the rates of those who leave after the start of the year share it; they are dependent when absent.
    pub sharing: Option<Sharing>,
    /// The age at which all who are still active retire.
    pub last_age: i32,
    /// Tables of mortality.
    pub mortality: Vec<Mortality>,
    /// Which of them holds for whom.
    pub mortality_of: MortalityOf,
    /// How often and when pensions are paid.
    pub payments: Annuity,
    /// Survivors.
    pub family: FamilyAssumption,
    /// What is taken on withdrawal.
    pub on_withdrawal: OnWithdrawal,
    /// When a deferred pension is claimed.
    pub deferred_claim: DeferredClaim,
    /// Degree of those who leave as invalids, a share.
    pub invalidity_degree: f64,
    /// Contributions, as shares of earnings: of members, and of employers where they are fixed.
    pub contributions: [Path<Share>; 2],
    /// Active members.
    pub members: Vec<Member>,
    /// Pensioners and those who wait for a pension.
    pub pensioners: Vec<Pensioner>,
    /// Methods that are asked for.
    pub methods: Vec<CostMethod>,
}

impl Plan {
    /// Returns the interest of a plan year, counted from the valuation; before it that of its first year.
    #[must_use]
    pub fn interest_of(&self, year: i32) -> f64 {
        self.interest.at(self.start.plus(year.max(0))).get()
    }

    /// Returns the discount factor from a time to the valuation, both in years.
    #[must_use]
    pub fn discount(&self, time: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, reason = "years of a plan fit i32")]
        let whole = time.floor() as i32;
        let mut factor = 1.0;
        for year in 0..whole {
            factor /= 1.0 + self.interest_of(year);
        }
        for year in whole..0 {
            factor *= 1.0 + self.interest_of(year);
        }
        factor * libm::pow(1.0 + self.interest_of(whole), -(time - f64::from(whole)))
    }
}
