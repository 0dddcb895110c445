use perennis_scheme::{Condition, LawError, PaymentStart};
use perennis_units::{Date, Sex, When, Year, add_months, date_of_year};

use crate::open::Opening;
use crate::openings::Openings;

/// Months since the start of year 0; parts of a month count.
pub(crate) type Month = f64;

/// The claims that the law and the behaviour give to a cohort (sex and year of birth): one for each month of birth and
/// each whole year from the pensionable age.
#[derive(Clone, Debug)]
pub(crate) struct Cohort {
    /// First payment on reaching the age, by month of birth.
    pub(crate) reached: [Option<Month>; 12],
    /// By month of birth, then by date.
    pub(crate) claims: Vec<ClaimDate>,
    /// Position of the first claim of each month of birth, and the number of claims.
    first: [usize; 13],
    /// Where persons do not all claim by distance from one age: when something opens to whom. There are no claims then.
    pub(crate) openings: Option<Box<Openings>>,
}

/// One month of birth at one distance from the pensionable age.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClaimDate {
    pub(crate) born: usize,
    pub(crate) distance: i32,
    pub(crate) month: Month,
    /// Probability of claiming of those who may and have not yet.
    pub(crate) chance: f64,
    pub(crate) last: bool,
    /// Months of credit for a pension.
    pub(crate) pension: i32,
    /// Months of credit for the grant of short careers, where there is one.
    pub(crate) grant: Option<i32>,
}

impl Cohort {
    pub(crate) fn new(birth_year: Year, sex: Sex, opening: &Opening<'_>) -> Result<Self, LawError> {
        let mut claims = Vec::new();
        let mut reached = [None; 12];
        let mut first = [0; 13];
        let Some(condition) = opening.age_condition() else {
            return Ok(Self { reached, claims, first, openings: None });
        };
        let Some((first_distance, probability)) = opening.by_distance() else {
            let openings = Some(Box::new(Openings::new(birth_year, sex, opening)?));
            return Ok(Self { reached, claims, first, openings });
        };
        let entered = add_months(date_of_year(birth_year), opening.months_to_entry());
        let first_payments = condition.first_payments(birth_year, entered, sex);
        for (born, first_payment) in first_payments.into_iter().enumerate() {
            first[born] = claims.len();
            let Some(normal) = first_payment else { continue };
            let birthday = born_on(birth_year, born);
            let earliest = condition.earliest_payment(birthday, entered, sex);
            reached[born] = Some(month_in(normal, condition));
            let chances = &probability[sex.index()];
            for (offset, chance) in chances.iter().enumerate() {
                let last = offset + 1 == chances.len();
                let chance = if last { 1.0 } else { chance.get() };
                let distance = first_distance + i32::try_from(offset).unwrap_or(i32::MAX);
                let date = add_months(normal, 12 * distance);
                if chance <= 0.0 || (distance < 0 && earliest.is_none_or(|day| date < day)) {
                    continue;
                }
                let when = When { date, born: birthday, entered, sex };
                let (pension, grant) = opening.credit_needed(&when, distance)?;
                let month = month_in(date, condition);
                claims.push(ClaimDate { born, distance, month, chance, last, pension, grant });
            }
        }
        first[12] = claims.len();
        Ok(Self { reached, claims, first, openings: None })
    }

    /// Returns the positions of the claims of a month of birth.
    pub(crate) const fn of_month(&self, born: usize) -> std::ops::Range<usize> {
        self.first[born]..self.first[born + 1]
    }
}

/// The credit of the members of a state in the course of a year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CreditAt {
    pub(crate) state: usize,
    pub(crate) credits: usize,
    pub(crate) step: f64,
    /// One over `step`.
    pub(crate) a_step: f64,
    /// Months credited a month.
    pub(crate) pace: f64,
    /// 1 January.
    pub(crate) start: Month,
}

/// Rounding of a sum of months.
pub(crate) const SLACK: f64 = 1e-9;

impl CreditAt {
    /// Months held in a month by those who stand at credit `at` on 1 January.
    pub(crate) fn held(&self, at: usize, month: Month) -> f64 {
        count(at) * self.step + (month - self.start) * self.pace
    }

    pub(crate) fn may_have_pension(&self, claim: &ClaimDate, at: usize) -> bool {
        self.has(claim.pension, claim.month, at)
    }

    pub(crate) fn may_have_grant(&self, claim: &ClaimDate, at: usize) -> bool {
        self.grant_open(claim).is_some_and(|needed| self.has(needed, claim.month, at))
    }

    /// Returns the months asked for a grant, where it may be had. Active insured stay for a pension; at their last claim
    /// they take the grant too.
    pub(crate) fn grant_open(&self, claim: &ClaimDate) -> Option<i32> {
        claim.grant.filter(|_| 0 <= claim.distance && (self.state == INACTIVE || claim.last))
    }

    /// Returns the least credit on 1 January with which `needed` months are held in a month; the number of credits where
    /// none has them.
    pub(crate) fn first_with(&self, needed: i32, month: Month) -> usize {
        let missing = f64::from(needed) - SLACK - (month - self.start) * self.pace;
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number of credits: the cast gives none for what is below nothing"
        )]
        let mut at = ((missing * self.a_step) as usize).min(self.credits);
        // The product is cut and may miss by a binary fraction.
        while 0 < at && self.has(needed, month, at - 1) {
            at -= 1;
        }
        while at < self.credits && !self.has(needed, month, at) {
            at += 1;
        }
        at
    }

    fn has(&self, needed: i32, month: Month, at: usize) -> bool {
        f64::from(needed) <= self.held(at, month) + SLACK
    }
}

pub(crate) const INACTIVE: usize = 1;

pub(crate) fn count(steps: usize) -> f64 {
    f64::from(u32::try_from(steps).unwrap_or(u32::MAX))
}

/// The month, 0 to 11, in which a payment begins.
pub(crate) fn whole_month(offset: f64) -> u8 {
    (1..12_u8).rev().find(|month| f64::from(*month) <= offset + SLACK).unwrap_or(0)
}

pub(crate) fn month_of(year: Year) -> Month {
    f64::from(year.get() * 12)
}

/// The month of a first payment. Where it is the birthday itself, births fall evenly over their month: its middle.
fn month_in(date: Date, condition: &Condition) -> Month {
    let whole = f64::from(i32::from(date.year()) * 12 + i32::from(date.month()) - 1);
    match condition.payment_start {
        PaymentStart::NextMonth => whole,
        PaymentStart::SameDay => whole + 0.5,
    }
}

/// The day of birth that stands for those of a month.
pub(crate) fn born_on(year: Year, month: usize) -> Date {
    add_months(date_of_year(year), i32::try_from(month).unwrap_or(0))
}
