use std::sync::Arc;

use perennis_units::{Date, Duration, When, Year, date_of_year, months_between};

use crate::answers::day_number;
use crate::condition::date_reached;
use crate::context::Context;
use crate::value::{BaseRef, Value};
use crate::{
    Benefit, Brackets, CountedAs, Counting, Divisor, Event, Fact, Formula, LawError, Measure,
    Operand, ReferenceRule, Rule, Scale, ScaleOf, StatedKind,
};

impl<'a> Context<'a> {
    /// Finds what an operand gives.
    pub(crate) fn operand<V: Value>(&self, operand: &'a Operand) -> Result<V, LawError> {
        match operand {
            Operand::Rule(rule) => self.rule(rule),
            Operand::Amount(amount) => self.amount(amount),
            Operand::Measure(measure) => self.measure(measure),
            Operand::Scale { scale, by } => {
                let measure: V = self.measure(by)?;
                self.scale(scale, &measure)
            }
            Operand::Years { measure, counting } => self.years(measure, *counting),
            Operand::MonthsUntil(age) => {
                self.months_to(age, self.on_day.date, |months| (0.0 - months).max(0.0))
            }
            Operand::MonthsSince(age) => {
                self.months_to(age, self.on_day.date, |months| months.max(0.0))
            }
            Operand::MonthsSinceAtStartOfYear(age) => {
                let start = date_of_year(Year::new(i32::from(self.on_day.date.year())));
                self.months_to(age, start, |months| months.max(0.0))
            }
            Operand::OfDeceased(benefits) => self.of_deceased(benefits),
            Operand::Choose(choice) => self.choice(choice),
            Operand::AnyOf(tests) => self.any(tests),
            Operand::InGroups(groups) => {
                Ok(V::number(f64::from(u8::from(groups.contains(self.claim.group)))))
            }
            Operand::Day(of) => self.day(*of),
            Operand::On(date) => Ok(V::number(day_number(*date))),
            Operand::ReferenceEarnings(rules) => self.reference_earnings(rules),
            Operand::Points(rule) => V::base(self, false, |_| Ok(BaseRef::Points(rule))),
            Operand::Balance(rule) => V::base(self, false, |_| Ok(BaseRef::Balance(rule))),
            Operand::Benefit(benefit) => self.other_benefit(benefit),
            Operand::Formula(formula) => self.formula(formula),
            Operand::Divisor(divisor) => self.divisor(divisor),
            Operand::Brackets { brackets, of } => {
                let of: V = self.operand(of)?;
                self.brackets(brackets, &of)
            }
            _ => self.arithmetic(operand),
        }
    }

    fn arithmetic<V: Value>(&self, operand: &'a Operand) -> Result<V, LawError> {
        let pair = |of: &'a [Operand; 2]| -> Result<(V, V), LawError> {
            Ok((self.operand(&of[0])?, self.operand(&of[1])?))
        };
        match operand {
            Operand::Constant(number) => Ok(V::number(*number)),
            Operand::Sum(of) => self.all(of, 0.0, |sum: &V, next| Some(sum.plus(next))),
            Operand::Product(of) => self.all(of, 1.0, V::times),
            Operand::Lesser(of) => {
                self.all(of, f64::INFINITY, |least: &V, next| Some(least.lesser(next)))
            }
            Operand::Greater(of) => {
                self.all(of, f64::NEG_INFINITY, |most: &V, next| Some(most.greater(next)))
            }
            Operand::Difference(of) => pair(of).map(|(of, less)| of.minus(&less)),
            Operand::Excess(of) => pair(of).map(|(of, less)| of.minus(&less).not_negative()),
            Operand::Quotient(of) => {
                let (of_it, by) = pair(of)?;
                self.quotient(&of_it, &by, of[1].name())
            }
            Operand::Power(of) => {
                let (of_it, to) = pair(of)?;
                let power = of_it.zip(&to, libm::pow);
                power.ok_or_else(|| self.not_linear(operand.name()))
            }
            Operand::Rounded { of, rounding } => {
                let of: V = self.operand(of)?;
                let to = rounding.to.at(&self.when)?.value;
                let payments = f64::from(rounding.payments_a_year);
                let rounded = of.map(|of| rounding.direction.round(of / payments, to) * payments);
                Ok(rounded.unwrap_or(of))
            }
            _ => Err(self.not_linear(operand.name())),
        }
    }

    /// Combines operands from the first on; `of_none` is the result without any.
    fn all<V: Value>(
        &self,
        of: &'a [Operand],
        of_none: f64,
        combine: impl Fn(&V, &V) -> Option<V>,
    ) -> Result<V, LawError> {
        let mut so_far: Option<V> = None;
        for operand in of {
            let next = self.operand(operand)?;
            so_far = Some(match so_far {
                None => next,
                Some(before) => {
                    combine(&before, &next).ok_or_else(|| self.not_linear(operand.name()))?
                }
            });
        }
        Ok(so_far.unwrap_or_else(|| V::number(of_none)))
    }

    /// Divides by a number that does not depend on the base and is nowhere zero.
    pub(crate) fn quotient<V: Value>(&self, of: &V, by: &V, what: &str) -> Result<V, LawError> {
        if by.has_zero() {
            return Err(self.divided_by_zero(what));
        }
        if let Some(quotient) = of.zip(by, |of, by| of / by) {
            return Ok(quotient);
        }
        let inverse = by.map(|by| 1.0 / by).ok_or_else(|| self.not_linear(what))?;
        of.times(&inverse).ok_or_else(|| self.not_linear(what))
    }

    /// Looks a measure up in a scale; months become years where the scale is one of years.
    fn scale<V: Value>(&self, scale: &'a Rule<Scale>, by: &V) -> Result<V, LawError> {
        self.look_up(scale, by, |scale, measure| match scale.is_of() {
            ScaleOf::Years => scale.share(measure / 12.0),
            ScaleOf::Months | ScaleOf::Number => scale.share(measure),
        })
    }

    /// Looks years up in a scale.
    pub(crate) fn scale_of_years<V: Value>(
        &self,
        scale: &'a Rule<Scale>,
        years: &V,
    ) -> Result<V, LawError> {
        self.look_up(scale, years, |scale, years| match scale.is_of() {
            ScaleOf::Years | ScaleOf::Number => scale.share(years),
            // Twelfths must not miss a point by a binary fraction.
            ScaleOf::Months => scale.share((12.0 * years * 1e6).round() / 1e6),
        })
    }

    fn look_up<V: Value>(
        &self,
        scale: &'a Rule<Scale>,
        by: &V,
        share: impl Fn(&Scale, f64) -> f64,
    ) -> Result<V, LawError> {
        let mut in_force: Vec<&Scale> = Vec::new();
        let days = scale.entry_days();
        let which: V = self.by_entry(&self.when, &days, |when| {
            in_force.push(&scale.at(when)?.value);
            Ok(f64::from(u32::try_from(in_force.len() - 1).unwrap_or(0)))
        })?;
        let shares = match in_force.as_slice() {
            [only] => by.map(|measure| share(only, measure)),
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a position"
            )]
            several => by.zip(&which, |measure, at| share(several[at as usize], measure)),
        };
        shares.ok_or_else(|| self.not_linear(&scale.name))
    }

    pub(crate) fn years<V: Value>(
        &self,
        measure: &'a Measure,
        counting: Counting,
    ) -> Result<V, LawError> {
        let months: V = self.measure(measure)?;
        let years = months.map(|months| counting.years(months.max(0.0)));
        years.ok_or_else(|| self.not_linear(measure.name()))
    }

    /// Months from the day on which the person reaches an age to another day; negative before it.
    fn months_to<V: Value>(
        &self,
        age: &Rule<Duration>,
        day: Date,
        change: impl Fn(f64) -> f64,
    ) -> Result<V, LawError> {
        self.by_entry(&self.on_day, &age.entry_days(), |when| {
            let reached = date_reached(age, when.born, when.entered, when.sex);
            let reached = reached
                .ok_or_else(|| LawError::NotInForce { rule: age.name.clone(), date: when.date })?;
            let months = if day < reached {
                -months_between(day, reached)
            } else {
                months_between(reached, day)
            };
            Ok(change(f64::from(months)))
        })
    }

    /// Finds what is counted about the person.
    pub(crate) fn measure<V: Value>(&self, measure: &'a Measure) -> Result<V, LawError> {
        if let Some(stated) = self.stated(StatedKind::Measure, measure.name()) {
            return Ok(V::number(stated));
        }
        let not_known = || LawError::NotKnown { measure: measure.name().to_owned() };
        match measure {
            Measure::Credit => V::by_rows(self, |row| self.months(row)),
            Measure::Contributed => {
                V::by_rows(self, |row| self.months_of(row, &[crate::WORK.to_owned()]))
            }
            Measure::MonthsEarly => self.months_after_age(|months| (0.0 - months).max(0.0)),
            Measure::MonthsLate => self.months_after_age(|months| months.max(0.0)),
            Measure::Age => {
                let insured = &self.claim.when;
                Ok(V::number(f64::from(months_between(insured.born, insured.date))))
            }
            Measure::RecipientAge => {
                let survivor = self.claim.known.and_then(|known| known.survivor);
                let born = survivor.ok_or_else(not_known)?.born;
                Ok(V::number(f64::from(months_between(born, self.claim.when.date))))
            }
            Measure::Fact(fact) => {
                let whole = (*fact == Fact::ShareClaimed).then_some(1.0);
                let known = self.claim.known.map_or(whole, |known| known.fact(*fact));
                known.map(V::number).ok_or_else(not_known)
            }
            Measure::Named(named) => match &named.counted {
                CountedAs::Operand(operand) => self.operand(operand),
                CountedAs::Months(months) => self.credited_months(months),
                CountedAs::Residence(of) => self.lived_months(of),
                CountedAs::Stated => Err(not_known()),
            },
        }
    }

    fn months_of(&self, row: usize, kinds: &[String]) -> Result<f64, LawError> {
        self.credit(row).of_kinds(kinds, &self.claim.when)
    }

    /// Months from the age of the condition to the claim, negative before it; nothing where the age is not asked.
    fn months_after_age<V: Value>(&self, change: impl Fn(f64) -> f64) -> Result<V, LawError> {
        let condition = &self.benefit.condition;
        let days = condition.age.as_ref().map_or_else(Vec::new, Rule::entry_days);
        self.by_entry(&self.on_day, &days, |when| {
            let months = f64::from(condition.months_after_age(when)?);
            Ok(change(if self.age_waived { months.max(0.0) } else { months }))
        })
    }

    pub(crate) fn reference_earnings<V: Value>(
        &self,
        rules: &'a [Arc<ReferenceRule>],
    ) -> Result<V, LawError> {
        // The first rule for the group decides, unless one before it is for some who entered on a day or later.
        let mut of_group = rules.iter().filter(|rule| rule.groups.contains(self.claim.group));
        let varies = of_group.next().is_some_and(|rule| rule.entered_from.is_some());
        V::base(self, varies, |row| self.reference_rule(rules, row).map(BaseRef::ReferenceEarnings))
    }

    /// The first rule that applies to the person of a claim.
    pub(crate) fn reference_rule(
        &self,
        rules: &'a [Arc<ReferenceRule>],
        row: usize,
    ) -> Result<&'a Arc<ReferenceRule>, LawError> {
        let (group, entered) = (self.claim.group, self.entered(row));
        rules.iter().find(|rule| rule.applies_to(group, entered)).ok_or_else(|| {
            LawError::NoReferenceRule {
                benefit: self.benefit.name.clone(),
                group: group.to_owned(),
                entered,
            }
        })
    }

    pub(crate) fn formula<V: Value>(&self, formula: &'a Formula) -> Result<V, LawError> {
        if let Some(stated) = self.stated(StatedKind::Formula, &formula.name) {
            return Ok(V::number(stated));
        }
        self.of_formula(formula).steps(&formula.steps)
    }

    /// The amount of another benefit where it is due, else nothing.
    /// The amount of another benefit; for a member of the family beside it, what is in payment.
    fn other_benefit<V: Value>(&self, benefit: &'a Benefit) -> Result<V, LawError> {
        let asking = &self.benefit.condition;
        if asking.recipient.is_some() && asking.event != Event::Death {
            let paid = self.claim.known.map(|known| &known.in_payment);
            if paid.is_some_and(|paid| paid.contains_key(&benefit.name)) {
                return V::base(self, false, |_| Ok(BaseRef::InPayment(&benefit.name)));
            }
        }
        let context = self.inside(benefit, false)?;
        let due: V = context.in_silence().condition(&benefit.condition)?;
        if !due.has_other_than_zero() {
            return Ok(V::number(0.0));
        }
        let amount: V = context.steps(&benefit.steps)?;
        let nothing = V::number(0.0);
        V::choose(&due, &amount, &nothing).ok_or_else(|| self.not_linear(&benefit.name))
    }

    /// The first of some benefits that the deceased had, or would have had at death, no age being asked.
    pub(crate) fn of_deceased<V: Value>(
        &self,
        benefits: &'a [Arc<Benefit>],
    ) -> Result<V, LawError> {
        let in_payment = |benefit: &&Arc<Benefit>| {
            self.claim.known.is_some_and(|known| known.in_payment.contains_key(&benefit.name))
        };
        if let Some(benefit) = benefits.iter().find(in_payment) {
            return V::base(self, false, |_| Ok(BaseRef::InPayment(&benefit.name)));
        }
        let mut amount = V::number(0.0);
        let mut left = V::number(1.0);
        for benefit in benefits {
            let context = self.inside(benefit, true)?;
            let due: V = context.in_silence().condition(&benefit.condition)?;
            let due = due.lesser(&left);
            if due.has_other_than_zero() {
                let of_benefit: V = context.steps(&benefit.steps)?;
                amount = V::choose(&due, &of_benefit, &amount)
                    .ok_or_else(|| self.not_linear(&benefit.name))?;
                left = left.minus(&due);
            }
        }
        Ok(amount)
    }

    /// The divisor at the age of the claim or the age at which it is fixed.
    pub(crate) fn divisor<V: Value>(&self, divisor: &'a Divisor) -> Result<V, LawError> {
        let fixed = divisor.fixed_at.as_ref();
        let days = fixed.map_or_else(Vec::new, Rule::entry_days);
        self.by_entry(&self.when, &days, |when| {
            let months = match fixed {
                Some(age) => age.at(when)?.value.in_months(),
                None => months_between(self.on_day.born, self.on_day.date),
            };
            divisor.at(f64::from(months) / 12.0, when, self.env)
        })
    }

    /// Applies marginal rates.
    ///
    /// # Formula
    ///
    /// `sum over k of rate_k * (min(x, t_k) - min(x, t_(k-1)))`, the first threshold zero, the last none
    pub(crate) fn brackets<V: Value>(&self, brackets: &'a Brackets, of: &V) -> Result<V, LawError> {
        let mut sum = V::number(0.0);
        let mut below = of.lesser(&V::number(0.0));
        let mut before: Option<V> = None;
        for (at, rate) in brackets.rates().iter().enumerate() {
            let up_to = match brackets.thresholds().get(at) {
                None => of.clone(),
                Some(threshold) => {
                    let threshold: V = self.operand(threshold)?;
                    self.increasing(brackets, before.as_ref(), &threshold)?;
                    before = Some(threshold.clone());
                    of.lesser(&threshold)
                }
            };
            let rate: V = self.operand(rate)?;
            let part = up_to.minus(&below).times(&rate);
            sum = sum.plus(&part.ok_or_else(|| self.not_linear(brackets.name()))?);
            below = up_to;
        }
        Ok(sum)
    }

    fn increasing<V: Value>(
        &self,
        brackets: &Brackets,
        before: Option<&V>,
        threshold: &V,
    ) -> Result<(), LawError> {
        let zero = V::number(0.0);
        let before = before.unwrap_or(&zero);
        let falls = before.zip(threshold, |before, next| f64::from(u8::from(next < before)));
        let falls = falls.ok_or_else(|| self.not_linear(brackets.name()))?;
        if falls.has_other_than_zero() {
            let [before, after] = [before, threshold].map(|of| of.of_person().unwrap_or(0.0));
            let brackets = brackets.name().to_owned();
            return Err(LawError::Thresholds { brackets, before, after });
        }
        Ok(())
    }

    /// The person and the day, for rules that are asked for themselves.
    pub(crate) const fn asked(&self) -> &When {
        &self.when
    }
}
