use perennis_units::{Duration, Money};

use crate::context::{Context, Notes, Rows};
use crate::curves::Curves;
use crate::{
    Claim, Condition, Environment, Indexation, LawError, PersonAward, ReferenceRule, Rule,
    Schedule, Step,
};

/// How a benefit is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BenefitKind {
    /// A yearly amount for life.
    Pension,
    /// A sum paid once.
    Grant,
}

/// When a benefit ends before the death of its recipient.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Ends {
    /// At this age of the recipient.
    pub age: Option<Rule<Duration>>,
    /// After so many months in payment.
    pub after: Option<Rule<Duration>>,
    /// At this age of a recipient in education, where it is another.
    pub age_in_education: Option<Rule<Duration>>,
    /// On remarriage.
    pub remarriage: bool,
    /// It becomes the benefit of this name at the age of its condition.
    pub converts_to: Option<String>,
}

/// A benefit: who may have it, how its amount is found, how it is adjusted and who pays it.
#[derive(Clone, Debug, PartialEq)]
pub struct Benefit {
    /// Name in the file and in the tables.
    pub name: String,
    /// How it is paid.
    pub kind: BenefitKind,
    /// The account that pays it.
    pub account: String,
    /// Who may have it.
    pub condition: Condition,
    /// How the amount is found, in the order of the law.
    pub steps: Vec<Step>,
    /// How it is adjusted in payment; `None` for grants and for amounts that never change.
    pub indexation: Option<Indexation>,
    /// Payments a year: 12 for a monthly pension, 13 with a thirteenth payment, 1 for a grant.
    pub payments_a_year: i32,
    /// The age of the person to which the law is that of 1 January of the year, or of the year of the claim where that is
    /// earlier; the law of the first day of payment when absent.
    pub assessed_at: Option<Rule<Duration>>,
    /// When it ends before death.
    pub ends: Ends,
}

impl Benefit {
    /// A benefit without name or steps, for questions that no benefit asks.
    pub(crate) const fn asking() -> Self {
        Self {
            name: String::new(),
            kind: BenefitKind::Pension,
            account: String::new(),
            condition: Condition::open_to(crate::Event::Age, crate::Groups::All),
            steps: Vec::new(),
            indexation: None,
            payments_a_year: 12,
            assessed_at: None,
            ends: Ends {
                age: None,
                after: None,
                age_in_education: None,
                remarriage: false,
                converts_to: None,
            },
        }
    }

    /// Returns whether the conditions are met on the day of the claim.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked, or a test asks for what is not known.
    pub fn is_met(&self, claim: &Claim<'_>, env: &Environment<'_>) -> Result<bool, LawError> {
        let notes = Notes::default();
        let met: f64 = Context::new(self, claim, env, (&Rows::One, &notes))?
            .in_silence()
            .condition(&self.condition)?;
        Ok(0.0 < met)
    }

    /// Returns the amount as a function of its base when the conditions are met, else `None`.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked.
    pub fn award(
        &self,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<Option<Schedule>, LawError> {
        if self.is_met(claim, env)? { self.amount(claim, env).map(Some) } else { Ok(None) }
    }

    /// Returns the amount as a function of its base without asking whether the conditions are met.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked.
    pub fn amount(&self, claim: &Claim<'_>, env: &Environment<'_>) -> Result<Schedule, LawError> {
        let notes = Notes::default();
        let context = Context::new(self, claim, env, (&Rows::One, &notes))?;
        let curves: Curves = context.steps(&self.steps)?;
        let (_, pieces) = curves.into_pieces();
        Ok(Schedule::of(pieces))
    }

    /// Returns the rule of reference earnings that applies to a claim; `None` for a benefit without.
    ///
    /// # Errors
    ///
    /// [`LawError::NoReferenceRule`].
    pub fn reference_rule(&self, claim: &Claim<'_>) -> Result<Option<&ReferenceRule>, LawError> {
        let rules = self.steps.iter().find_map(|step| match step {
            Step::ReferenceEarnings(rules) => Some(rules),
            _ => None,
        });
        let Some(rules) = rules else { return Ok(None) };
        let entered = claim.when.entered;
        let rule = rules.iter().find(|rule| rule.applies_to(claim.group, entered));
        rule.map(|rule| Some(&**rule)).ok_or_else(|| LawError::NoReferenceRule {
            benefit: self.name.clone(),
            group: claim.group.to_owned(),
            entered,
        })
    }

    /// Returns the amount for one person, whose conditions are taken as met; currency a year, of a grant the sum.
    ///
    /// # Errors
    ///
    /// [`LawError`] as for [`Benefit::award_person`].
    pub fn amount_of_person(
        &self,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<Money, LawError> {
        let notes = Notes::default();
        let context = Context::new(self, claim, env, (&Rows::One, &notes))?;
        let amount: f64 = context.steps(&self.steps)?;
        Ok(Money::new(amount)?)
    }

    /// Awards the benefit to one person, step by step, statutory rounding included; `None` when the conditions are not met.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked, or something is not known of the person.
    pub fn award_person(
        &self,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<Option<PersonAward>, LawError> {
        if !self.is_met(claim, env)? {
            return Ok(None);
        }
        let notes = Notes::tracing();
        let context = Context::new(self, claim, env, (&Rows::One, &notes))?;
        let amount: f64 = context.steps(&self.steps)?;
        let (steps, counted) = notes.into_trace();
        Ok(Some(PersonAward { amount: Money::new(amount)?, steps, counted }))
    }
}

#[cfg(test)]
mod tests;
