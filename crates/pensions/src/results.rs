use perennis_cohort::YearGrid;
use perennis_demography::Population;
use perennis_scheme::{Law, LinkedBy};
use perennis_units::{Duration, Payer, Sex, Year};

/// Contributors of one group of a scheme. Every grid has one position a year of the run.
#[derive(Clone, Debug)]
pub struct Contributors {
    /// Name of the scheme.
    pub scheme: String,
    /// Name of the group.
    pub group: String,
    /// Contributors, mean of the year, persons.
    pub contributors: YearGrid,
    /// Persons who paid at least once in the year.
    pub contributors_any: YearGrid,
    /// Months for which contributions were paid in the year.
    pub months_paid: YearGrid,
    /// Insured earnings of the year, currency.
    pub insured_earnings: YearGrid,
}

/// Contributions of one payer to one account of a scheme in one year, currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The year.
    pub year: Year,
    /// Name of the scheme.
    pub scheme: String,
    /// Name of the account that receives them.
    pub account: String,
    /// Who pays.
    pub payer: Payer,
    /// Rate of the year applied to insured earnings, mean over the year.
    pub rate: f64,
    /// Due under the law on the whole wages.
    pub due: f64,
    /// Of that, due on the part of the wages that is not declared and lost.
    pub undeclared: f64,
    /// Of what is due of the year, collected in it.
    pub collected_current: f64,
    /// Collected of what was due in earlier years, without interest.
    pub collected_late: f64,
    /// Interest on it.
    pub interest_on_late: f64,
    /// Given up in the year of what is not paid.
    pub written_off: f64,
    /// Owed at the start of the year.
    pub arrears_start: f64,
    /// Owed at the end of the year: what was owed at its start and what is due, less what is not declared, collected and written off.
    pub arrears_end: f64,
    /// Received in the year, interest and calibration included.
    pub collected: f64,
}

/// A benefit of a scheme in payment. Every grid has one position a year of the run.
#[derive(Clone, Debug)]
pub struct Beneficiaries {
    /// Name of the scheme.
    pub scheme: String,
    /// Name of the benefit.
    pub benefit: String,
    /// Whether it is paid periodically; grants and lump sums are not.
    pub periodic: bool,
    /// Person-years in payment; for grants the persons paid in the year.
    pub beneficiaries: YearGrid,
    /// Persons whose benefit begins in the year.
    pub new_awards: YearGrid,
    /// Persons whose benefit ends in the year.
    pub terminations: YearGrid,
    /// Yearly amount of the new awards at award, summed, currency.
    pub new_award_amount: YearGrid,
    /// Paid in the year, currency.
    pub amount: YearGrid,
}

/// Insured persons of one group at the start of each year and at the end of the last.
#[derive(Clone, Debug)]
pub struct InsuredStock {
    /// Name of the register.
    pub register: String,
    /// Name of the group.
    pub group: String,
    /// Active insured, persons.
    pub active: YearGrid,
    /// Inactive insured with rights, persons.
    pub inactive: YearGrid,
    /// Sum of the credits of the active insured, years.
    pub active_credit: YearGrid,
    /// Sum of the credits of the inactive insured, years.
    pub inactive_credit: YearGrid,
}

/// One class of a group in one year and sex: what the tables of the group add up.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassYear {
    /// The year.
    pub year: Year,
    /// Name of the register.
    pub register: String,
    /// Name of the group.
    pub group: String,
    /// Name of the class.
    pub class: String,
    /// The sex.
    pub sex: Sex,
    /// Active insured at the start of the year, persons.
    pub active: f64,
    /// Inactive insured at the start of the year, persons.
    pub inactive: f64,
    /// Sum of the credits of the active insured at the start of the year, years.
    pub active_credit: f64,
    /// Sum of the credits of the inactive insured at the start of the year, years.
    pub inactive_credit: f64,
    /// Months for which contributions were paid in the year.
    pub months_paid: f64,
    /// Insured earnings of the year, currency.
    pub insured_earnings: f64,
    /// Persons of the class whose claim at the age ends their insurance, with or without an award.
    pub retirements: f64,
    /// Awards of pensions to members of the class.
    pub pension_awards: f64,
}

/// Persons of the schemes who are not there in the population.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TooManyPersons {
    /// The start of this year.
    pub year: Year,
    /// The sex.
    pub sex: Sex,
    /// The lowest age at which it happens.
    pub age: usize,
    /// Active, inactive and pensioners above the population, summed over the ages of that sex and year.
    pub excess: f64,
}

/// Gross flows of one group in one year and sex, persons.
#[derive(Clone, Debug, PartialEq)]
pub struct InsuredFlows {
    /// The year.
    pub year: Year,
    /// Name of the register.
    pub register: String,
    /// Name of the group.
    pub group: String,
    /// male or female, by [`perennis_units::Sex::as_str`].
    pub sex: Sex,
    /// Name of the flow and persons: first_entries, re_entries, re_entries_for_want (those of the re-entries who come
    /// back beyond the share of the file, because nobody without credit is left to enter), turnover, net_withdrawals,
    /// retirements_from_active, retirements_from_inactive, invalidity_from_active, withdrawals, deaths_active, deaths_inactive; moved_out and moved_in of active
    /// insured between groups, where groups have moves; invalidity_from_inactive, where inactive insured become invalids;
    /// recovered_to_active and recovered_to_inactive, where invalids recover; and what is no
    /// flow but counted: unfilled (missing to coverage), held_at_top (credit past the end of the grid), unawarded
    /// (claims to which the law gives nothing).
    pub flows: Vec<(&'static str, f64)>,
}

/// A pensionable age that follows life expectancy, in a year of the calendar or of birth.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowedAge {
    /// Name of the scheme.
    pub scheme: String,
    /// Whether the year is that of the calendar or of birth.
    pub by: LinkedBy,
    /// The year.
    pub year: Year,
    /// The sex.
    pub sex: Sex,
    /// Life expectancy that decided it, the mean of men and women at the age of the link, years.
    pub life_expectancy: f64,
    /// The pensionable age.
    pub age: Duration,
}

impl FollowedAge {
    /// Finds those of a scheme; none where its age follows nothing.
    pub(crate) fn of_law(law: &Law, population: &Population) -> Vec<Self> {
        let Some(link) = &law.linked_age else { return Vec::new() };
        let projected = |year| population.life_expectancy(year, link.at);
        let mut found = Vec::new();
        for adjustment in link.adjustments(&projected).unwrap_or_default() {
            for sex in Sex::ALL {
                let Some(stated) = link.stated_for(sex) else { continue };
                found.push(Self {
                    scheme: law.scheme.clone(),
                    by: link.by,
                    year: adjustment.year,
                    sex,
                    life_expectancy: adjustment.life_expectancy,
                    age: Duration::months(stated.in_months() + adjustment.months),
                });
            }
        }
        found
    }
}
