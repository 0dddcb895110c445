use perennis_units::{Money, When, Year};

use crate::context::Context;
use crate::credited::Cut;
use crate::value::{BaseRef, Value};
use crate::{
    Accrual, ByYears, Change, Counting, ExcessLumpSum, Indexation, LawError, LumpSum, Measure,
    Operand, PerYear, PerYearOf, Rounding, Rule, Scale, Step, TracedStep,
};

/// What stands after a step.
#[derive(Clone)]
struct State<V> {
    amount: V,
    /// Reference earnings, points or the balance, once a step has set the amount to them.
    reference: Option<V>,
}

impl<'a> Context<'a> {
    /// Takes the steps one after the other; the result is never below nothing.
    pub(crate) fn steps<V: Value>(&self, steps: &'a [Step]) -> Result<V, LawError> {
        let mut state = State { amount: V::number(0.0), reference: None };
        for (index, step) in steps.iter().enumerate() {
            let context = self.at_step(index + 1);
            let next = context.step(step, &state)?;
            context.trace(step, &state, &next)?;
            state = next;
        }
        Ok(state.amount.not_negative())
    }

    fn step<V: Value>(&self, step: &'a Step, before: &State<V>) -> Result<State<V>, LawError> {
        let base = |amount: V| State { reference: Some(amount.clone()), amount };
        let amount = match step {
            Step::ReferenceEarnings(rules) => {
                return self.reference_earnings(rules).map(base);
            }
            Step::Points(rule) => {
                return V::base(self, false, |_| Ok(BaseRef::Points(rule))).map(base);
            }
            Step::Balance(rule) => {
                return V::base(self, false, |_| Ok(BaseRef::Balance(rule))).map(base);
            }
            Step::Formula(formula) => self.formula(formula)?,
            Step::Flat(operand) => self.operand(operand)?,
            Step::OfDeceased(benefits) => self.of_deceased(benefits)?,
            Step::Accrual(accrual) => self.accrual(accrual, &before.amount)?,
            Step::Brackets(brackets) => self.brackets(brackets, &before.amount)?,
            Step::Prorate { by, over } => self.prorate(by, over, &before.amount)?,
            Step::EarlyReduction(rule) => self.per_year(rule, before, -1.0)?,
            Step::LateIncrease(rule) => self.per_year(rule, before, 1.0)?,
            Step::Times(change) => self.change(change, &before.amount, V::times)?,
            Step::Plus(change) => {
                self.change(change, &before.amount, |amount, by| Some(amount.plus(by)))?
            }
            Step::Minus(change) => {
                self.change(change, &before.amount, |amount, by| Some(amount.minus(by)))?
            }
            Step::AtLeast(change) => {
                self.change(change, &before.amount, |amount, by| Some(amount.greater(by)))?
            }
            Step::AtMost(change) => {
                self.change(change, &before.amount, |amount, by| Some(amount.lesser(by)))?
            }
            Step::Annuitise(divisor) => {
                let by: V = self.divisor(divisor)?;
                self.quotient(&before.amount, &by, &divisor.name)?
            }
            Step::LumpSum(rule) => {
                let months: V = self.lump_sum_months(rule)?;
                self.months_of_reference(before, &months)?
            }
            Step::ExcessLumpSum(rule) => {
                let months: V = self.excess_months(rule)?;
                self.months_of_reference(before, &months)?
            }
            Step::AdjustedSinceAssessment { rounded, indexation } => {
                let factors = self.factors_since_assessment(indexation.as_deref())?;
                self.adjusted((rounded.as_ref(), &factors), &before.amount)?
            }
            Step::Round(rounding) => self.rounded(rounding, &before.amount)?,
        };
        Ok(State { amount, reference: before.reference.clone() })
    }

    fn trace<V: Value>(
        &self,
        step: &'a Step,
        before: &State<V>,
        after: &State<V>,
    ) -> Result<(), LawError> {
        if self.silent || !self.notes.traces {
            return Ok(());
        }
        let (Some(amount), Some(amount_before)) =
            (after.amount.of_person(), before.amount.of_person())
        else {
            return Ok(());
        };
        let reference = before.reference.as_ref().and_then(Value::of_person);
        let words = self.in_silence().words(step, amount_before, reference)?;
        self.notes.steps.borrow_mut().push(TracedStep {
            step: step.name(),
            part_of: self.part_of.map(ToOwned::to_owned),
            amount: Money::new(amount)?,
            formula: words.formula,
            provisions: words.provisions,
        });
        Ok(())
    }

    /// Multiplies by a share by years.
    fn accrual<V: Value>(&self, accrual: &'a Accrual, amount: &V) -> Result<V, LawError> {
        let share: V = self.accrued(accrual)?;
        amount.times(&share).ok_or_else(|| self.not_linear("accrual"))
    }

    /// The share that an accrual gives.
    pub(crate) fn accrued<V: Value>(&self, accrual: &'a Accrual) -> Result<V, LawError> {
        match &accrual.share {
            ByYears::Rate(rate) if accrual.by == Measure::Credit && 1 < rate.days().len() => {
                self.by_periods(rate, accrual.counting)
            }
            share => self.share_by_years(share, &accrual.by, accrual.counting),
        }
    }

    /// A rate for each year, or the share that a scale gives for all.
    pub(crate) fn share_by_years<V: Value>(
        &self,
        share: &'a ByYears,
        by: &'a Measure,
        counting: Counting,
    ) -> Result<V, LawError> {
        let years: V = self.years(by, counting)?;
        match share {
            ByYears::Rate(rate) => {
                let rate: V = self.rule(rate)?;
                rate.times(&years).ok_or_else(|| self.not_linear(by.name()))
            }
            ByYears::Scale(scale) => self.scale_of_years(scale, &years),
        }
    }

    /// Multiplies by a measure over a number, at most by one.
    fn prorate<V: Value>(
        &self,
        by: &'a Measure,
        over: &'a Operand,
        amount: &V,
    ) -> Result<V, LawError> {
        let share: V = self.prorated(by, over)?;
        amount.times(&share).ok_or_else(|| self.not_linear(by.name()))
    }

    pub(crate) fn prorated<V: Value>(
        &self,
        by: &'a Measure,
        over: &'a Operand,
    ) -> Result<V, LawError> {
        let (measure, over): (V, V) = (self.measure(by)?, self.operand(over)?);
        Ok(self.quotient(&measure, &over, "prorate")?.lesser(&V::number(1.0)))
    }

    /// The share taken off (a sign of -1) or added for the time before or after the age.
    pub(crate) fn share_for_time<V: Value>(
        &self,
        rule: &'a PerYear,
        sign: f64,
    ) -> Result<V, LawError> {
        let by = match &rule.by {
            Some(measure) => measure,
            None if sign < 0.0 => &Measure::MonthsEarly,
            None => &Measure::MonthsLate,
        };
        self.share_by_years(&rule.rate, by, rule.counting)
    }

    fn per_year<V: Value>(
        &self,
        rule: &'a PerYear,
        before: &State<V>,
        sign: f64,
    ) -> Result<V, LawError> {
        let share: V = self.share_for_time(rule, sign)?;
        let not_linear = || self.not_linear("share for the time before or after the age");
        match rule.of {
            PerYearOf::Amount => {
                let factor = share.scaled(sign).plus(&V::number(1.0)).not_negative();
                before.amount.times(&factor).ok_or_else(not_linear)
            }
            PerYearOf::ReferenceEarnings => {
                let points = self.reference(before)?.times(&share).ok_or_else(not_linear)?;
                Ok(before.amount.plus(&points.scaled(sign)).not_negative())
            }
        }
    }

    /// Changes the amount of those who pass the tests.
    fn change<V: Value>(
        &self,
        change: &'a Change,
        amount: &V,
        apply: impl Fn(&V, &V) -> Option<V>,
    ) -> Result<V, LawError> {
        let passed: V = self.every(&change.only_if)?;
        if !passed.has_other_than_zero() {
            return Ok(amount.clone());
        }
        let not_linear = || self.not_linear(change.by.name());
        let by: V = self.operand(&change.by)?;
        let changed = apply(amount, &by).ok_or_else(not_linear)?;
        V::choose(&passed, &changed, amount).ok_or_else(not_linear)
    }

    fn reference<'v, V: Value>(&self, before: &'v State<V>) -> Result<&'v V, LawError> {
        before.reference.as_ref().ok_or_else(|| LawError::NoReferenceEarnings {
            place: self.place.to_owned(),
            position: self.position,
        })
    }

    fn months_of_reference<V: Value>(&self, before: &State<V>, months: &V) -> Result<V, LawError> {
        let product = self.reference(before)?.times(months);
        Ok(product.ok_or_else(|| self.not_linear("lump sum"))?.scaled(1.0 / 12.0))
    }

    pub(crate) fn lump_sum_months<V: Value>(&self, rule: &LumpSum) -> Result<V, LawError> {
        self.by_periods(&rule.months_a_year, rule.counting)
    }

    /// A rate for each year of credit, at the rate in force when it was earned.
    ///
    /// # Formula
    ///
    /// `sum over periods of rate * (years up to its end - years up to its start)`; completed years at every boundary but
    /// the last, so that odd months are carried into the later period, unless each month counts as a twelfth.
    fn by_periods<V: Value>(&self, rate: &Rule<f64>, counting: Counting) -> Result<V, LawError> {
        let days: Vec<Cut> = rate.days().into_iter().map(|day| self.cut(day)).collect();
        let by_entry = !rate.entry_days().is_empty();
        let mut known: Vec<Option<f64>> = vec![None; days.len()];
        V::by_rows(self, |row| {
            let all = self.months(row)?;
            let (mut sum, mut years_before) = (0.0, 0.0);
            for (period, from) in days.iter().enumerate() {
                if period == 0 && 0.0 < self.months_before(row, from)? {
                    return Err(LawError::NotInForce { rule: rate.name.clone(), date: from.day });
                }
                let next = days.get(period + 1).map(|day| self.months_before(row, day));
                let years = match next.transpose()? {
                    Some(next) if next < all && counting == Counting::Months => next / 12.0,
                    Some(next) if next < all => (next / 12.0).floor(),
                    _ => counting.years(all),
                };
                if years <= years_before {
                    continue;
                }
                let value = match known[period].filter(|_| !by_entry) {
                    Some(known) => known,
                    None => {
                        let entered = self.entered(row);
                        let when = When { date: from.day, entered, ..self.when };
                        *known[period].insert(rate.at(&when)?.value)
                    }
                };
                sum += value * (years - years_before);
                years_before = years;
            }
            Ok(sum)
        })
    }

    /// Months of reference earnings for the years above a scale; those earned after the pensionable age come first.
    pub(crate) fn excess_months<V: Value>(&self, rule: &'a ExcessLumpSum) -> Result<V, LawError> {
        let years: V = self.years(&Measure::Credit, rule.counting)?;
        let above: V = self.years_above(&rule.scale, &years)?;
        let rate: V = self.rule(&rule.months_a_year)?;
        let not_linear = || self.not_linear("excess lump sum");
        let months = above.times(&rate).ok_or_else(not_linear)?;
        let Some(after_age) = &rule.months_a_year_after_age else { return Ok(months) };
        let condition = &self.benefit.condition;
        let by_entry = condition.age.as_ref().is_some_and(|age| !age.entry_days().is_empty());
        let when = &self.claim.when;
        let of_all = condition.reached(when.born, when.entered, when.sex);
        let cut = self.cut(of_all.map_or(when.date, |day| condition.payment_start.after(day)));
        let worked: V = V::by_rows(self, |row| {
            let reached = if by_entry {
                condition.reached(when.born, self.entered(row), when.sex)
            } else {
                of_all
            };
            Ok(match reached {
                None => 0.0,
                Some(day) => {
                    let from = condition.payment_start.after(day);
                    let from = if by_entry { self.cut(from) } else { cut };
                    let after = self.months(row)? - self.months_before(row, &from)?;
                    rule.counting.years(after.max(0.0))
                }
            })
        })?;
        let more: V = self.rule(after_age)?;
        let more = more.minus(&rate).times(&above.lesser(&worked)).ok_or_else(not_linear)?;
        Ok(months.plus(&more))
    }

    fn years_above<V: Value>(&self, scale: &'a Rule<Scale>, years: &V) -> Result<V, LawError> {
        let last: V = self.by_entry(&self.when, &scale.entry_days(), |when| {
            Ok(scale.at(when)?.value.last_point())
        })?;
        Ok(years.minus(&last).not_negative())
    }

    /// The factors of the indexation of the benefit after the day of assessment and up to the claim.
    pub(crate) fn factors_since_assessment(
        &self,
        own: Option<&Indexation>,
    ) -> Result<Vec<f64>, LawError> {
        let Some(indexation) = own.or(self.benefit.indexation.as_ref()) else {
            return Ok(Vec::new());
        };
        let mut factors = Vec::new();
        for year in self.when.date.year()..=self.on_day.date.year() {
            let year = Year::new(i32::from(year));
            for (day, factor) in indexation.adjustments(year, self.env)? {
                if self.when.date < day && day <= self.on_day.date {
                    factors.push(factor);
                }
            }
        }
        Ok(factors)
    }

    fn adjusted<V: Value>(
        &self,
        (rounding, factors): (Option<&'a Rounding>, &[f64]),
        amount: &V,
    ) -> Result<V, LawError> {
        let mut amount = amount.clone();
        for factor in factors {
            amount = amount.scaled(*factor);
            if let Some(rounding) = rounding {
                amount = self.rounded(rounding, &amount)?;
            }
        }
        Ok(amount)
    }

    fn rounded<V: Value>(&self, rounding: &Rounding, amount: &V) -> Result<V, LawError> {
        let to = rounding.to.at(self.asked())?.value;
        let payments = f64::from(rounding.payments_a_year);
        Ok(amount.rounded(rounding.direction, to, payments))
    }
}
