use perennis_units::{Citation, When};

use crate::{
    Amount, AtLeast, Benefit, Claim, Environment, ExcessLumpSum, LawError, LumpSum, PerYear,
    PerYearOf, Rounding, RoundingDirection, Schedule, Step,
};

/// What a step does to the amount of one claim, with the numbers of the law filled in.
///
/// It is linear, or bends at one amount, in whatever stood before: the same operation carries the amount of a person and
/// the schedule of a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operation {
    /// Sets the amount to reference earnings.
    Reference,
    /// Multiplies by a share found for so many years.
    Share { share: f64, years: f64 },
    /// Multiplies by `1 + rate * years`.
    PerYear { rate: f64, years: f64 },
    /// Adds `rate * years` of reference earnings; the amount never falls below nothing.
    Points { rate: f64, years: f64 },
    /// Multiplies.
    Times(f64),
    /// Sets the amount.
    Set(f64),
    /// Adds.
    Plus(f64),
    /// Lifts.
    AtLeast(f64),
    /// Holds down.
    AtMost(f64),
    /// Sets the amount to so many months of reference earnings.
    MonthsOfReference(f64),
    /// Rounds each of the payments of a year.
    Round { to: f64, payments_a_year: f64, direction: RoundingDirection },
    /// Leaves the amount as it is.
    Nothing,
}

impl Operation {
    /// Finds the operation of `step` for a claim, and the provision behind it.
    pub(crate) fn of<'law>(
        step: &'law Step,
        benefit: &'law Benefit,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Found<'law> {
        let when = &claim.when;
        let set = |amount: &'law Amount, make: fn(f64) -> Self| {
            Ok((make(amount.at(when, env)?.get()), amount.citation(when)))
        };
        match step {
            Step::ReferenceEarnings(_) => {
                let rule = benefit.reference_rule(claim)?;
                Ok((Self::Reference, rule.map(|rule| &rule.citation)))
            }
            Step::Accrual { scale, counting } => {
                let row = scale.at(when)?;
                let years = counting.years(claim.credit.months());
                let share = row.value.share(years);
                Ok((Self::Share { share, years }, Some(&row.citation)))
            }
            Step::EarlyReduction(rule) => {
                let months = -benefit.condition.months_after_age(when)?;
                per_year(rule, when, months, -1.0)
            }
            Step::LateIncrease(rule) => {
                per_year(rule, when, benefit.condition.months_after_age(when)?, 1.0)
            }
            Step::Times(rule) => {
                let row = rule.at(when)?;
                Ok((Self::Times(row.value), Some(&row.citation)))
            }
            Step::Flat(amount) => set(amount, Self::Set),
            Step::Plus(amount) => set(amount, Self::Plus),
            Step::AtMost(amount) => set(amount, Self::AtMost),
            Step::AtLeast(minimum) if !minimum.is_for(claim)? => {
                Ok((Self::Nothing, minimum.amount.citation(when)))
            }
            Step::AtLeast(minimum) => set(&minimum.amount, Self::AtLeast),
            Step::LumpSum(rule) => lump_sum(rule, claim),
            Step::ExcessLumpSum(rule) => excess_lump_sum(rule, benefit, claim),
            Step::Round(rule) => round(rule, when),
        }
    }

    /// Carries the amount of a person.
    pub(crate) fn amount(&self, before: f64, reference: f64) -> f64 {
        match self {
            Self::Reference => reference,
            Self::Share { share, .. } => before * share,
            Self::PerYear { rate, years } => before * (1.0 + rate * years).max(0.0),
            Self::Points { rate, years } => (before + rate * years * reference).max(0.0),
            Self::Times(factor) => before * factor,
            Self::Set(amount) => *amount,
            Self::Plus(amount) => before + amount,
            Self::AtLeast(amount) => before.max(*amount),
            Self::AtMost(amount) => before.min(*amount),
            Self::MonthsOfReference(months) => reference * months / 12.0,
            Self::Round { to, payments_a_year, direction } => {
                rounded(before / payments_a_year, *to, *direction) * payments_a_year
            }
            Self::Nothing => before,
        }
    }

    /// Carries the schedule of a cell; rounding is for persons only.
    pub(crate) fn schedule(&self, before: Schedule) -> Schedule {
        match self {
            Self::Reference => Schedule::identity(),
            Self::Share { share, .. } => before.times(*share),
            Self::PerYear { rate, years } => before.times((1.0 + rate * years).max(0.0)),
            Self::Points { years, .. } if *years <= 0.0 => before,
            Self::Points { rate, years } => {
                before.plus(&Schedule::identity().times(rate * years)).at_least(0.0)
            }
            Self::Times(factor) => before.times(*factor),
            Self::Set(amount) => Schedule::flat(*amount),
            Self::Plus(amount) => before.plus(&Schedule::flat(*amount)),
            Self::AtLeast(amount) => before.at_least(*amount),
            Self::AtMost(amount) => before.at_most(*amount),
            Self::MonthsOfReference(months) => Schedule::identity().times(months / 12.0),
            Self::Round { .. } | Self::Nothing => before,
        }
    }

    /// Writes the formula with its numbers.
    pub(crate) fn formula(&self, before: f64, reference: f64) -> String {
        match self {
            Self::Reference => format!("reference earnings of a year = {reference:.2}"),
            Self::Share { share, years } => {
                format!("{before:.2} * {share} (share for {years} years of credit)")
            }
            Self::PerYear { rate, years } => format!("{before:.2} * (1 + {rate} * {years} years)"),
            Self::Points { rate, years } => {
                format!("{before:.2} + {rate} * {years} years * {reference:.2}")
            }
            Self::Times(factor) => format!("{before:.2} * {factor}"),
            Self::Set(amount) => format!("{amount:.2}"),
            Self::Plus(amount) => format!("{before:.2} + {amount:.2}"),
            Self::AtLeast(amount) => format!("max({before:.2}, {amount:.2})"),
            Self::AtMost(amount) => format!("min({before:.2}, {amount:.2})"),
            Self::MonthsOfReference(months) => {
                format!("{months} months of {reference:.2} / 12")
            }
            Self::Round { to, payments_a_year, .. } => {
                format!("{before:.2} in {payments_a_year} payments, each to a multiple of {to}")
            }
            Self::Nothing => format!("{before:.2}, as the condition is not met"),
        }
    }
}

/// An operation and the provision behind it.
type Found<'law> = Result<(Operation, Option<&'law Citation>), LawError>;

impl AtLeast {
    /// Says whether a claim has the credit for the minimum.
    pub(crate) fn is_for(&self, claim: &Claim<'_>) -> Result<bool, LawError> {
        let Some(rule) = &self.credit_at_least else { return Ok(true) };
        Ok(rule.at(&claim.when)?.value.in_months() <= claim.credit.months())
    }
}

/// A rate for each year of the distance, which counts as nothing on the other side of the age.
fn per_year<'law>(rule: &'law PerYear, when: &When, months: i32, sign: f64) -> Found<'law> {
    let row = rule.rate.at(when)?;
    let years = rule.counting.years(months.max(0));
    let rate = sign * row.value;
    let operation = match rule.of {
        PerYearOf::Amount => Operation::PerYear { rate, years },
        PerYearOf::ReferenceEarnings => Operation::Points { rate, years },
    };
    Ok((operation, Some(&row.citation)))
}

/// Months of reference earnings by period of credit.
///
/// # Formula
///
/// `sum over periods of months_a_year * (years up to its end - years up to its start)`; completed years at every
/// boundary but the last, so that odd months are carried into the later period.
fn lump_sum<'law>(rule: &'law LumpSum, claim: &Claim<'_>) -> Found<'law> {
    let (mut months, mut years_before) = (0.0, 0.0);
    let mut citation = None;
    let days = rule.months_a_year.days();
    let all = claim.credit.months();
    for (period, from) in days.iter().enumerate() {
        let next = days.get(period + 1).map(|day| claim.credit.months_before(*day));
        if period == 0 && 0 < claim.credit.months_before(*from) {
            let rule = rule.months_a_year.name.clone();
            return Err(LawError::NotInForce { rule, date: *from });
        }
        let years = match next {
            Some(before_next) if before_next < all => f64::from(before_next.div_euclid(12)),
            _ => rule.counting.years(all),
        };
        if years <= years_before {
            continue;
        }
        let row = rule.months_a_year.at(&When { date: *from, ..claim.when })?;
        months += row.value * (years - years_before);
        years_before = years;
        citation = Some(&row.citation);
    }
    Ok((Operation::MonthsOfReference(months), citation))
}

/// Months of reference earnings for the years above the scale; those earned after the pensionable age come first.
fn excess_lump_sum<'law>(
    rule: &'law ExcessLumpSum,
    benefit: &Benefit,
    claim: &Claim<'_>,
) -> Found<'law> {
    let (when, credit) = (&claim.when, &claim.credit);
    let scale = rule.scale.at(when)?;
    let above = scale.value.years_above(rule.counting.years(credit.months()));
    let row = rule.months_a_year.at(when)?;
    let mut months = row.value * above;
    if let Some(after_age) = &rule.months_a_year_after_age {
        let condition = &benefit.condition;
        let reached = condition.reached(when.born, when.entered, when.sex);
        let worked = reached.map_or(0, |day| {
            credit.months() - credit.months_before(condition.payment_start.after(day))
        });
        let above_after_age = above.min(rule.counting.years(worked));
        months += (after_age.at(when)?.value - row.value) * above_after_age;
    }
    Ok((Operation::MonthsOfReference(months), Some(&row.citation)))
}

fn round<'law>(rule: &'law Rounding, when: &When) -> Found<'law> {
    let row = rule.to.at(when)?;
    let operation = Operation::Round {
        to: row.value.get(),
        payments_a_year: f64::from(rule.payments_a_year),
        direction: rule.direction,
    };
    Ok((operation, Some(&row.citation)))
}

fn rounded(amount: f64, to: f64, direction: RoundingDirection) -> f64 {
    let multiples = amount / to;
    to * match direction {
        RoundingDirection::Up => multiples.ceil(),
        RoundingDirection::Down => multiples.floor(),
        RoundingDirection::Nearest => (multiples + 0.5).floor(),
    }
}
