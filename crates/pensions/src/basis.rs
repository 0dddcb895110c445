use perennis_cohort::{AgeGrid, MonthsPaid, YearGrid};
use perennis_scheme::Law;
use perennis_units::{Calibration, Growth, Path, Probability, Sex, Share, Year};

use crate::collection::Collection;
use crate::{Family, Invalidity, SchemeMortality};

/// Everything that determines insured persons and pensioners.
#[derive(Clone, Debug)]
pub struct PensionBasis {
    /// The schemes, each with the register whose credits it reads.
    pub schemes: Vec<SchemeBasis>,
}

/// A scheme: its law, its register and how its members behave.
#[derive(Clone, Debug)]
pub struct SchemeBasis {
    /// Name of the register.
    pub register: String,
    /// The law; its name is the scheme's.
    pub law: Law,
    /// Months of credit between two cells: 1, 3, 6 or 12.
    pub credit_step: usize,
    /// Lowest and highest age at the end of a year at which persons are insured for the first time.
    pub entry_ages: (usize, usize),
    /// Groups of insured persons.
    pub groups: Vec<GroupBasis>,
    /// What grows exactly as the economy's wages do.
    pub wages_grow: WagesGrow,
    /// Share of the persons who join in a year that come from the inactive insured of the same group, sex and age.
    pub re_entry: Path<Share>,
    /// When those claim who may.
    pub claiming: Claiming,
    /// Share of the inactive insured entitled to a withdrawal who take it in a year, by year of the run, sex and age at
    /// its start.
    pub withdrawal: YearGrid,
    /// Pensions in payment at the start.
    pub pensions: Vec<PensionStart>,
    /// How insured and pensioners die.
    pub mortality: SchemeMortality,
    /// Who becomes an invalid, and who recovers.
    pub invalidity: Invalidity,
    /// Whom they leave behind.
    pub family: Family,
    /// Collected in its year over due on declared wages.
    pub compliance: Path<Share>,
    /// What is declared, and what becomes of what is not collected in its year.
    pub collection: Collection,
    /// Corrections of the contributions collected, by account.
    pub contribution_calibration: Vec<(String, Calibration)>,
    /// Corrections of the expenditure, by benefit.
    pub benefit_calibration: Vec<(String, Calibration)>,
    /// Benefits that are not modelled by persons.
    pub loadings: Vec<Loading>,
    /// Contributor-years of the past, to be found again at the start; where they are known.
    pub service_paid: Option<ServicePaid>,
}

/// Contributor-years that were paid before the start, and what became of them.
#[derive(Clone, Debug, PartialEq)]
pub struct ServicePaid {
    /// All that were paid, person-years.
    pub paid: f64,
    /// Those that awards, refunds, deaths or something else has consumed, by name; person-years.
    pub consumed: Vec<(String, f64)>,
}

/// What grows exactly as the economy's wages do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WagesGrow {
    /// The wage of each sex, age and class: newcomers on low wages leave the others alone, and the mean moves with who is
    /// insured.
    FixedComposition,
    /// The mean wage of the employed whom the groups of the scheme cover, insured or not.
    NationalMean,
    /// The mean wage of the active insured at the start of each year.
    MeanOfInsured,
}

/// What the number of contributors of a group counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Persons insured at a date, or the mean of the months; gaps are movements to the inactive insured.
    Average,
    /// Persons who pay at least once in a year; density is what they pay of it.
    Any,
}

/// A group of insured persons and the work it comes from, or one class of such a group.
#[derive(Clone, Debug)]
pub struct GroupBasis {
    /// Name of the group, as in the law. The classes of a group stand one after another under its name.
    pub name: String,
    /// Which class of the group it is; a group without classes is one class of all.
    pub class: Option<GroupClass>,
    /// What decides how many are active.
    pub membership: Membership,
    /// What the number of insured counts.
    pub count: Count,
    /// Months paid in a year.
    pub months: MonthsPaid,
    /// Mean wage for a full year of work, before floor and ceiling, in `wages_year`; currency a year. Axes: sex, age.
    pub wages: AgeGrid,
    /// The same for members with one completed year of credit, with two and so on, the last open; `wages` are then those of
    /// less than a year. Empty where wages do not follow from credit.
    pub wages_of_service: Vec<AgeGrid>,
    /// The year of `wages`.
    pub wages_year: Year,
    /// Coefficient of variation of wages among persons of the same sex and age.
    pub wage_spread: f64,
    /// Correlation of the logarithms of a member's wages, over the mean of the age, from one year to the next: 1 keeps a rank
    /// for life.
    pub persistence: f64,
    /// Share of the active insured who leave to the inactive in a year, of those who neither die nor retire.
    pub turnover: Turnover,
    /// Share of the active insured who move to another group at the start of a year, keeping their rights: by name of the
    /// group, year of the run, sex and age.
    pub moves: Vec<(String, YearGrid)>,
    /// Active insured at the start.
    pub active: Members,
    /// Inactive insured at the start.
    pub inactive: Members,
    /// Share of the records of inactive insured whose owners are dead or abroad; they are not in `inactive` any more.
    pub dormant: Share,
}

/// What decides how many active insured a group has.
#[derive(Clone, Debug)]
pub enum Membership {
    /// A share of the employed: who is missing enters or comes back, who is too many becomes inactive.
    Coverage {
        /// Name of the employment group whose members it covers.
        employed: String,
        /// Insured as a share of the employed of the group, by year of the run, sex and age; mean of the year.
        coverage: YearGrid,
    },
    /// The number of active insured grows by a rate; who is missing to it joins by an age distribution in the course of the
    /// year.
    Growth {
        /// Growth of the active insured from one start of a year to the next.
        rate: Path<Growth>,
        /// Share of those who join at each sex and age at the end of the year of joining; all add up to 1.
        joining: AgeGrid,
    },
    /// Nobody joins.
    Closed,
}

/// Rates at which active insured become inactive.
#[derive(Clone, Debug)]
pub enum Turnover {
    /// By year of the run, sex and age at its start.
    ByAge(YearGrid),
    /// By completed years of credit at the start of the year, the last open, then by sex and age.
    ByService(Vec<AgeGrid>),
}

/// A class of a group: its members stay in it for life, with a density or a place among the wages of their own.
///
/// Coverage, the number of contributors and the balance of entries are those of the group; its classes differ in who
/// enters, in months paid and in wages.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupClass {
    /// Name of the class.
    pub name: String,
    /// Share of those insured for the first time; the classes of a group add up to 1.
    pub entrants: f64,
    /// Share of the active insured at the start where they are the employed times coverage; the classes of a group add up
    /// to 1.
    pub start: f64,
}

/// Insured persons of a group at the start.
#[derive(Clone, Debug)]
pub enum Members {
    /// Counted by sex, age and credit.
    Counted(Vec<MemberCell>),
    /// Spread over credits around a mean: each step of credit is held or not with a chance that differs between persons
    /// (beta-binomial).
    Spread(CreditSpread),
}

/// Insured persons with the same sex, age and credit.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberCell {
    /// The sex.
    pub sex: Sex,
    /// Age last birthday at the start.
    pub age: usize,
    /// Months of credit.
    pub credit_months: u32,
    /// Persons.
    pub persons: f64,
    /// Insured earnings of the whole career of one person, revalued to the start; cast back when absent, as points and
    /// balances always are.
    pub past_earnings: Option<f64>,
}

/// Past service of a group known by its means only.
#[derive(Clone, Debug)]
pub struct CreditSpread {
    /// Persons by sex and age; `None` takes the employed times coverage.
    pub persons: Option<AgeGrid>,
    /// Mean credit, years. Axes: sex, age.
    pub mean_credit: AgeGrid,
    /// Sum of the parameters of the beta distribution of the chance: the larger, the closer persons stand to the mean.
    pub concentration: f64,
    /// Mean years since inactive insured left.
    pub years_away: f64,
}

/// When persons claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Claiming {
    /// Active insured.
    pub active: Behaviour,
    /// Inactive insured; as the active when absent.
    pub inactive: Option<Behaviour>,
}

/// What those do to whom a pension is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Behaviour {
    /// They claim by whole years from the age at which a pension is theirs without being early.
    Distance {
        /// The first distance: -5 is five years before the age.
        first: i32,
        /// Probability of claiming at each distance of those who may and have not yet, by sex (outer); at the last
        /// distance all claim.
        probability: [Vec<Probability>; 2],
    },
    /// They claim on the day a pension opens, early or not, and on each birthday after it, with the rate of their age and
    /// credit; by credit, the least first.
    Age(Vec<RatesOfService>),
    /// A share, by sex, takes the early pension on the day it opens; the rest waits for the age.
    EarlyShare([Share; 2]),
}

/// Rates of claiming of those with a credit or more.
#[derive(Clone, Debug, PartialEq)]
pub struct RatesOfService {
    /// Months of credit from which they hold.
    pub from_credit_months: i32,
    /// The year at the first position of `rates`.
    pub first_year: Year,
    /// Probability of claiming by year, sex and age last birthday on the day of the claim.
    pub rates: YearGrid,
}

impl Claiming {
    /// Everyone claims on reaching the age.
    #[must_use]
    pub fn at_the_age() -> Self {
        Self::by_distance(0, [vec![Probability::ONE], vec![Probability::ONE]])
    }

    /// All claim by whole years from the age; see [`Behaviour::Distance`].
    #[must_use]
    pub const fn by_distance(first: i32, probability: [Vec<Probability>; 2]) -> Self {
        Self { active: Behaviour::Distance { first, probability }, inactive: None }
    }
}

/// A pension at the start of the run.
#[derive(Clone, Debug)]
pub struct PensionStart {
    /// Name of the benefit in the law.
    pub benefit: String,
    /// Persons in payment by sex and age: the ages of the population, or those of a longer table of their own.
    pub persons: AgeGrid,
    /// Amounts in force at the start, summed over the persons, currency a year.
    pub amount: AgeGrid,
}

/// A benefit that is a share of the expenditure on another one.
#[derive(Clone, Debug)]
pub struct Loading {
    /// Name in the tables.
    pub name: String,
    /// Name of the benefit it follows.
    pub of: String,
    /// The account that pays it.
    pub account: String,
    /// Share of the expenditure on `of`.
    pub share: Path<Share>,
}
