use perennis_units::{Date, Dated, Sex, When};

use crate::operation::Operation;
use crate::{
    Amount, AtLeast, Benefit, Claim, Environment, LawError, PerYear, Rule, Schedule, Step,
};

/// The amount of a benefit for claims of one day, day of birth and sex, which differ in credit and entry only.
///
/// What does not depend on these two is found once: a register asks for the same day with many credits.
#[derive(Clone, Debug)]
pub struct Terms<'law> {
    benefit: &'law Benefit,
    when: When,
    terms: Vec<Term<'law>>,
}

/// A step with as much of the law filled in as is the same for all.
#[derive(Clone, Debug)]
enum Term<'law> {
    /// Everything.
    Settled(Operation),
    /// The named amount of which a minimum is a multiple.
    Minimum { minimum: &'law AtLeast, times: &'law Rule<f64>, of: f64 },
    /// Nothing.
    Open(&'law Step),
}

impl<'law> Terms<'law> {
    pub(crate) fn new(
        benefit: &'law Benefit,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<Self, LawError> {
        let mut terms = Vec::with_capacity(benefit.steps.len());
        for step in &benefit.steps {
            terms.push(match step {
                Step::AtLeast(minimum) => match &minimum.amount {
                    Amount::Times { times, of } => {
                        let of = of.at(claim.when.date, env.indices)?.get();
                        Term::Minimum { minimum, times, of }
                    }
                    _ => Term::Open(step),
                },
                step if is_settled(step, benefit) => {
                    Term::Settled(Operation::of(step, benefit, claim, env)?.0)
                }
                step => Term::Open(step),
            });
        }
        Ok(Self { benefit, when: claim.when, terms })
    }

    /// Says whether a claim is of the same day, day of birth and sex.
    #[must_use]
    pub fn hold_for(&self, date: Date, born: Date, sex: Sex) -> bool {
        (self.when.date, self.when.born, self.when.sex) == (date, born, sex)
    }

    /// Returns the amount as [`Benefit::amount`] does.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked.
    pub fn amount(&self, claim: &Claim<'_>, env: &Environment<'_>) -> Result<Schedule, LawError> {
        let mut schedule = Schedule::flat(0.0);
        for term in &self.terms {
            schedule = match term {
                Term::Settled(operation) => operation.schedule(schedule),
                Term::Open(step) => {
                    Operation::of(step, self.benefit, claim, env)?.0.schedule(schedule)
                }
                Term::Minimum { minimum, times, of } => {
                    if minimum.is_for(claim)? {
                        let amount = times.at(&claim.when)?.value * of;
                        Operation::AtLeast(amount).schedule(schedule)
                    } else {
                        schedule
                    }
                }
            };
        }
        Ok(schedule)
    }
}

/// Says whether neither the credit nor the entry of a person changes what a step does.
fn is_settled(step: &Step, benefit: &Benefit) -> bool {
    let by_entry = |rule: &PerYear| {
        let age = benefit.condition.age.as_ref();
        asks_entry(&rule.rate.values) || age.is_some_and(|age| asks_entry(&age.values))
    };
    match step {
        Step::EarlyReduction(rule) | Step::LateIncrease(rule) => !by_entry(rule),
        Step::Times(rule) => !asks_entry(&rule.values),
        Step::Flat(amount) | Step::Plus(amount) | Step::AtMost(amount) => match amount {
            Amount::Fixed(rule) => !asks_entry(&rule.values),
            Amount::Times { times: rule, .. } | Amount::OfInsuredWage(rule) => {
                !asks_entry(&rule.values)
            }
            Amount::Named(_) => true,
        },
        Step::Round(_) => true,
        Step::ReferenceEarnings(_)
        | Step::Accrual { .. }
        | Step::AtLeast(_)
        | Step::LumpSum(_)
        | Step::ExcessLumpSum(_) => false,
    }
}

fn asks_entry<T>(values: &Dated<T>) -> bool {
    values.rows().iter().any(|row| row.entered_from.is_some())
}
