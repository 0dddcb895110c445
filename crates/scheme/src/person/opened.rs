use perennis_units::{Date, Duration, Money, When, add_months};

use super::SurvivorOf;
use super::payments::Stream;
use super::result::{Award, BenefitResult, EndReason};
use super::setting::{Setting, spouse_of};
use crate::{Benefit, Environment, Known, LawError, PersonAward, Recipient, Rule, TracedTest};

/// A benefit that is claimed from a day.
pub(super) struct Opened<'a, 'b> {
    pub(super) setting: &'b Setting<'a>,
    pub(super) position: usize,
    pub(super) benefit: &'a Benefit,
    pub(super) from: Date,
}

impl<'a> Opened<'a, '_> {
    /// Asks the condition and takes the steps.
    pub(super) fn award(
        &self,
        known: &Known,
        env: &Environment<'_>,
    ) -> Result<BenefitResult, LawError> {
        let benefit = self.benefit;
        let claim = self.setting.claim(self.from, known);
        let found = benefit
            .condition_of_person(&claim, env)
            .and_then(|tests| Ok((tests, benefit.award_person(&claim, env)?)));
        let (tests, award, not_known) = match found {
            Ok((tests, award)) => (tests, award, None),
            // What nobody has said of the person bars this benefit only.
            Err(LawError::NotKnown { measure }) => (Vec::new(), None, Some(measure)),
            Err(error) => return Err(error),
        };
        Ok(BenefitResult {
            name: benefit.name.clone(),
            kind: benefit.kind,
            survivor: None,
            tests,
            award: award.map(|award| self.awarded(award)),
            not_known,
            end: self.end(None),
        })
    }

    /// Takes an amount that is in payment already.
    pub(super) fn stated(&self, amount: Money) -> BenefitResult {
        let award = PersonAward { amount, steps: Vec::new(), counted: Vec::new() };
        BenefitResult {
            name: self.benefit.name.clone(),
            kind: self.benefit.kind,
            survivor: None,
            tests: Vec::new(),
            award: Some(Award { stated: true, ..self.awarded(award) }),
            not_known: None,
            end: self.end(None),
        }
    }

    fn awarded(&self, award: PersonAward) -> Award {
        let PersonAward { amount, steps, counted } = award;
        Award {
            from: self.from,
            amount,
            paid: amount,
            payments_a_year: self.benefit.payments_a_year,
            steps,
            counted,
            stated: false,
        }
    }

    pub(super) fn stream(&self, result: &BenefitResult) -> Option<Stream<'a>> {
        let award = result.award.as_ref()?;
        let mut stream = self.at(award.amount);
        stream.survivor = result.survivor;
        stream.until = result.end.clone();
        Some(stream)
    }

    pub(super) fn at(&self, amount: Money) -> Stream<'a> {
        Stream::new(self.position, self.benefit, self.from, amount.get())
    }

    /// Returns the day on which the benefit ends before death, and why: the earliest of age, time and remarriage.
    pub(super) fn end(&self, survivor: Option<SurvivorOf>) -> Option<(Date, EndReason)> {
        let ends = &self.benefit.ends;
        let insured = self.setting.when(self.from);
        let when = When { born: survivor.map_or(insured.born, |of| of.born), ..insured };
        let months = |rule: &Rule<Duration>| Some(rule.at(&when).ok()?.value.in_months());
        let day_of = |rule: &Option<Rule<Duration>>, from: Date| {
            rule.as_ref().and_then(months).map(|months| add_months(from, months))
        };
        let family = &self.setting.person.family;
        let child = survivor.filter(|of| of.kind == Recipient::Child);
        let in_education = child
            .and_then(|of| family.children.get(of.position)?.in_education_until)
            .zip(day_of(&ends.age_in_education, when.born))
            .map(|(leaves, at_most)| (leaves.min(at_most), EndReason::Education));
        let age = day_of(&ends.age, when.born).map(|day| (day, EndReason::Age));
        let age = match (age, in_education) {
            (Some(age), Some(education)) if age.0 < education.0 => Some(education),
            (age, _) => age,
        };
        let time = day_of(&ends.after, self.from).map(|day| (day, EndReason::Time));
        let spouse = survivor.and_then(|of| spouse_of(self.setting.person, of));
        let remarries = spouse
            .and_then(|spouse| spouse.remarries)
            .filter(|_| ends.remarriage)
            .map(|day| (day, EndReason::Remarriage));
        [age, time, remarries].into_iter().flatten().min_by_key(|(day, _)| *day)
    }

    /// Sets the end for a survivor; who is past it has nothing.
    pub(super) fn end_for(&self, result: &mut BenefitResult, of: SurvivorOf) {
        result.end = self.end(Some(of));
        let Some((day, reason)) = result.end.as_ref().filter(|(day, _)| *day <= self.from) else {
            return;
        };
        let what = match reason {
            EndReason::Remarriage => "not married again",
            _ => "below the age at which it ends",
        };
        result.tests.push(TracedTest {
            what: what.to_owned(),
            met: false,
            formula: format!("it ends on {day}"),
            provisions: Vec::new(),
        });
        result.award = None;
    }
}
