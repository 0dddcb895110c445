use perennis_scheme::{Law, LegalIndices};
use perennis_units::{Sex, Year};

/// Figures by year from the start, sex and single age; the last age stands for all above it.
pub type ByYearAndAge = Vec<[Vec<f64>; 2]>;

/// A scheme as a calculation by generations reads it: lives, wages and behaviour by year of the run, and the law.
#[derive(Clone, Debug)]
pub struct InsuredLives<'a> {
    /// The law, asked as for one person.
    pub law: &'a Law,
    /// Prices and wages, past years included.
    pub indices: &'a LegalIndices,
    /// The first year.
    pub first_year: Year,
    /// Number of years.
    pub years: usize,
    /// Share of active and of inactive insured of an age at the start of a year who live to its end.
    pub survival: [ByYearAndAge; 2],
    /// The same of pensioners, by benefit of the law.
    pub survival_of_pensioners: Vec<ByYearAndAge>,
    /// Probability that an active insured becomes an invalid within a year, beside that of death.
    pub incidence: Option<ByYearAndAge>,
    /// Share of the inactive insured entitled to a withdrawal who take it in a year.
    pub withdrawal: ByYearAndAge,
    /// Share of those who join that comes back from the inactive insured, by year.
    pub re_entry: Vec<f64>,
    /// Lowest and highest age at the end of a year of a first insurance.
    pub entry_ages: (usize, usize),
    /// When active and inactive insured claim.
    pub claims: [ClaimChances; 2],
    /// Groups of insured.
    pub groups: Vec<LivesGroup>,
    /// Insured persons at the start.
    pub members: Vec<StartMembers>,
    /// Pensions in payment at the start.
    pub pensions: Vec<StartPensions>,
}

/// Claims by whole years from the day on which a pension opens at its own age.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimChances {
    /// The first distance, years.
    pub first: i32,
    /// Probability of claiming at each distance of those who may and have not, by sex; at the last all claim.
    pub chances: [Vec<f64>; 2],
}

/// A group of insured persons.
#[derive(Clone, Debug)]
pub struct LivesGroup {
    /// Its name in the law.
    pub name: String,
    /// Share of a year that is paid.
    pub density: f64,
    /// Insured earnings of a full year, currency.
    pub earnings: ByYearAndAge,
    /// Wages of a full year before floor and ceiling, currency.
    pub wages: ByYearAndAge,
    /// Share of the active insured, of those who neither die nor claim, who become inactive within a year.
    pub turnover: ByYearAndAge,
    /// Who joins.
    pub joining: Joining,
}

/// Who joins a group.
#[derive(Clone, Debug)]
pub enum Joining {
    /// Nobody.
    Nobody,
    /// Whoever is missing to these active insured at the start of each year and at the end of the last; who is too many
    /// becomes inactive.
    Targets(ByYearAndAge),
    /// Whoever is missing to a number that grows.
    Growth {
        /// Growth from one start of a year to the next, by year.
        rate: Vec<f64>,
        /// Share of those who join by sex and age at the end of the year; all add up to 1.
        ages: [Vec<f64>; 2],
    },
}

/// Insured persons at the start with the same sex, age and credit.
#[derive(Clone, Debug, PartialEq)]
pub struct StartMembers {
    /// Position of the group.
    pub group: usize,
    /// Whether they are active.
    pub active: bool,
    /// The sex.
    pub sex: Sex,
    /// Age last birthday.
    pub age: usize,
    /// Months of credit, without a gap but for the density of the group.
    pub credit_months: f64,
    /// Years since the last credit.
    pub years_away: usize,
    /// Persons.
    pub persons: f64,
}

/// Pensions in payment at the start.
#[derive(Clone, Debug, PartialEq)]
pub struct StartPensions {
    /// Position of the benefit in the law.
    pub benefit: usize,
    /// Amounts in force by sex and age, summed over the persons, currency a year.
    pub amounts: [Vec<f64>; 2],
}

/// Returns a figure of a year, sex and age; beyond the table that of its last year and age.
pub(crate) fn of(table: &ByYearAndAge, year: usize, (sex, age): (Sex, usize)) -> f64 {
    let row = &table[year.min(table.len() - 1)][sex.index()];
    row[age.min(row.len() - 1)]
}
