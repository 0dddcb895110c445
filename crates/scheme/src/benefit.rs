use perennis_units::Money;

use crate::operation::Operation;
use crate::{
    Claim, Condition, CreditedYear, Environment, Indexation, LawError, PersonAward, ReferenceRule,
    Schedule, Step, Terms, TracedStep,
};

/// How a benefit is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BenefitKind {
    /// A yearly amount for life.
    Pension,
    /// A sum paid once.
    Grant,
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
}

impl Benefit {
    /// Returns the amount as a function of reference earnings when the conditions are met, else `None`.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked.
    pub fn award(
        &self,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<Option<Schedule>, LawError> {
        if self.condition.is_met(claim)? { self.amount(claim, env).map(Some) } else { Ok(None) }
    }

    /// Returns the amount as a function of reference earnings without asking whether the conditions are met.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked.
    pub fn amount(&self, claim: &Claim<'_>, env: &Environment<'_>) -> Result<Schedule, LawError> {
        let mut schedule = Schedule::flat(0.0);
        for step in &self.steps {
            let (operation, _) = Operation::of(step, self, claim, env)?;
            schedule = operation.schedule(schedule);
        }
        Ok(schedule)
    }

    /// Returns the terms of claims that differ from `claim` in credit and entry only.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked.
    pub fn terms(&self, claim: &Claim<'_>, env: &Environment<'_>) -> Result<Terms<'_>, LawError> {
        Terms::new(self, claim, env)
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
        rule.map(Some).ok_or_else(|| LawError::NoReferenceRule {
            benefit: self.name.clone(),
            group: claim.group.to_owned(),
            entered,
        })
    }

    /// Awards the benefit to one person with a record, step by step, statutory rounding included.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked.
    pub fn award_person(
        &self,
        claim: &Claim<'_>,
        record: &[CreditedYear],
        env: &Environment<'_>,
    ) -> Result<Option<PersonAward>, LawError> {
        if !self.condition.is_met(claim)? {
            return Ok(None);
        }
        let reference = match self.reference_rule(claim)? {
            Some(rule) => rule.of_record(record, &claim.when, env.indices)?.get(),
            None => 0.0,
        };
        let mut amount = 0.0;
        let mut steps = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            let (operation, provision) = Operation::of(step, self, claim, env)?;
            let formula = operation.formula(amount, reference);
            amount = operation.amount(amount, reference);
            steps.push(TracedStep {
                step: step.name(),
                amount: Money::new(amount)?,
                formula,
                provision: provision.cloned(),
            });
        }
        Ok(Some(PersonAward { amount: Money::new(amount)?, steps }))
    }
}

#[cfg(test)]
mod tests;
