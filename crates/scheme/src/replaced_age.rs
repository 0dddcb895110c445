//! A pensionable age put in the place of another wherever a law uses it.

use std::sync::Arc;

use perennis_units::Duration;

use crate::{
    Amount, Benefit, Brackets, Change, Condition, CountedAs, Formula, Law, Length, Measure,
    Operand, PartOfLife, ReferenceRule, Rule, Step, Test, Window,
};

impl Law {
    /// Returns the law with the pensionable age `age` wherever an age of its name stands.
    #[must_use]
    pub fn with_pensionable_age(&self, age: Rule<Duration>) -> Self {
        let mut law = self.clone();
        let months = |age: &Duration| f64::from(age.in_months());
        let number = Rule { name: age.name.clone(), values: age.values.map(months) };
        let new = Replacement { age, number };
        if let Some(old) = &mut law.pensionable_age {
            new.age(old);
        }
        law.benefits.iter_mut().for_each(|benefit| new.benefit(benefit));
        for period in &mut law.periods {
            new.operands(&mut Arc::make_mut(period).earnings);
        }
        for cumulation in &mut law.cumulations {
            new.operands(&mut cumulation.at_most);
        }
        let named = &mut law.named;
        named.reference_earnings.iter_mut().for_each(|rule| new.reference(rule));
        named.points.iter_mut().for_each(|rule| new.points(rule));
        named.balances.iter_mut().for_each(|rule| new.balance(rule));
        for measure in &mut named.measures {
            new.counted(&mut Arc::make_mut(measure).counted);
        }
        named.formulas.iter_mut().for_each(|formula| new.formula(formula));
        named.divisors.iter_mut().for_each(|divisor| new.divisor(divisor));
        law
    }
}

/// The age that is put in, and the same as a number of months.
struct Replacement {
    age: Rule<Duration>,
    number: Rule<f64>,
}

impl Replacement {
    fn age(&self, old: &mut Rule<Duration>) {
        if old.name == self.age.name {
            *old = self.age.clone();
        }
    }

    fn ages<'a>(&self, old: impl IntoIterator<Item = &'a mut Rule<Duration>>) {
        old.into_iter().for_each(|age| self.age(age));
    }

    fn benefit(&self, benefit: &mut Benefit) {
        self.condition(&mut benefit.condition);
        self.ages(&mut benefit.assessed_at);
        self.ages(&mut benefit.ends.age);
        self.ages(&mut benefit.ends.age_in_education);
        self.steps(&mut benefit.steps);
    }

    fn benefits(&self, benefits: &mut [Arc<Benefit>]) {
        benefits.iter_mut().for_each(|benefit| self.benefit(Arc::make_mut(benefit)));
    }

    fn condition(&self, condition: &mut Condition) {
        self.ages(&mut condition.age);
        self.ages(&mut condition.early_from);
        self.measure(&mut condition.credit);
        self.tests(&mut condition.all);
        self.tests(&mut condition.any);
        self.benefits(&mut condition.without);
    }

    fn tests(&self, tests: &mut [Test]) {
        for test in tests {
            self.operand(&mut test.of);
            let limits = [
                &mut test.at_least,
                &mut test.above,
                &mut test.at_most,
                &mut test.below,
                &mut test.equals,
            ];
            limits.into_iter().for_each(|limit| self.operands(limit));
        }
    }

    fn steps(&self, steps: &mut [Step]) {
        steps.iter_mut().for_each(|step| self.step(step));
    }

    fn step(&self, step: &mut Step) {
        match step {
            Step::ReferenceEarnings(rules) => {
                rules.iter_mut().for_each(|rule| self.reference(rule))
            }
            Step::Points(rule) => self.points(rule),
            Step::Balance(rule) => self.balance(rule),
            Step::Formula(formula) => self.formula(formula),
            Step::Flat(operand) => self.operand(operand),
            Step::OfDeceased(benefits) => self.benefits(benefits),
            Step::Accrual(accrual) => self.measure(&mut accrual.by),
            Step::Brackets(brackets) => self.brackets(brackets),
            Step::Prorate { by, over } => {
                self.measure(by);
                self.operand(over);
            }
            Step::EarlyReduction(rule) | Step::LateIncrease(rule) => {
                rule.by.iter_mut().for_each(|by| self.measure(by));
            }
            Step::Times(Change { by, only_if })
            | Step::Plus(Change { by, only_if })
            | Step::Minus(Change { by, only_if })
            | Step::AtLeast(Change { by, only_if })
            | Step::AtMost(Change { by, only_if }) => {
                self.operand(by);
                self.tests(only_if);
            }
            Step::Annuitise(divisor) => self.divisor(divisor),
            Step::LumpSum(_)
            | Step::ExcessLumpSum(_)
            | Step::AdjustedSinceAssessment { .. }
            | Step::Round(_) => {}
        }
    }

    fn operands<'a>(&self, operands: impl IntoIterator<Item = &'a mut Operand>) {
        operands.into_iter().for_each(|operand| self.operand(operand));
    }

    fn operand(&self, operand: &mut Operand) {
        match operand {
            Operand::Rule(rule) if rule.name == self.number.name => *rule = self.number.clone(),
            Operand::MonthsUntil(age)
            | Operand::MonthsSince(age)
            | Operand::MonthsSinceAtStartOfYear(age) => self.age(age),
            Operand::Measure(measure)
            | Operand::Scale { by: measure, .. }
            | Operand::Years { measure, .. } => self.measure(measure),
            Operand::ReferenceEarnings(rules) => {
                rules.iter_mut().for_each(|rule| self.reference(rule));
            }
            Operand::Points(rule) => self.points(rule),
            Operand::Balance(rule) => self.balance(rule),
            Operand::Benefit(benefit) => self.benefit(Arc::make_mut(benefit)),
            Operand::OfDeceased(benefits) => self.benefits(benefits),
            Operand::Formula(formula) => self.formula(formula),
            Operand::Divisor(divisor) => self.divisor(divisor),
            Operand::Brackets { brackets, of } => {
                self.brackets(brackets);
                self.operand(of);
            }
            Operand::Choose(choice) => {
                self.tests(&mut choice.only_if);
                self.operands([&mut choice.then, &mut choice.otherwise]);
            }
            Operand::AnyOf(tests) => self.tests(tests),
            Operand::Sum(of)
            | Operand::Product(of)
            | Operand::Lesser(of)
            | Operand::Greater(of) => self.operands(of),
            Operand::Difference(of)
            | Operand::Excess(of)
            | Operand::Quotient(of)
            | Operand::Power(of) => self.operands(of.iter_mut()),
            Operand::Rounded { of, .. } => self.operand(of),
            Operand::Amount(
                Amount::Fixed(_)
                | Amount::Times { .. }
                | Amount::OfInsuredWage(_)
                | Amount::Named(_)
                | Amount::Series(_),
            )
            | Operand::Rule(_)
            | Operand::InGroups(_)
            | Operand::Day(_)
            | Operand::On(_)
            | Operand::Constant(_) => {}
        }
    }

    fn measure(&self, measure: &mut Measure) {
        if let Measure::Named(named) = measure {
            self.counted(&mut Arc::make_mut(named).counted);
        }
    }

    fn counted(&self, counted: &mut CountedAs) {
        match counted {
            CountedAs::Operand(operand) => self.operand(operand),
            CountedAs::Months(months) => {
                self.life(&mut months.life);
                self.operands(&mut months.earnings_at_least);
                self.operands(months.bought.iter_mut().map(|bought| &mut bought.for_earnings));
            }
            CountedAs::Residence(lived) => self.life(&mut lived.life),
            CountedAs::Stated => {}
        }
    }

    fn life(&self, life: &mut PartOfLife) {
        self.ages(&mut life.from_age);
        self.ages(&mut life.until_age);
    }

    fn reference(&self, rule: &mut Arc<ReferenceRule>) {
        let rule = Arc::make_mut(rule);
        self.life(&mut rule.life);
        self.ages(&mut rule.revaluation.to_age);
        match &mut rule.window {
            Window::LastOf(months)
            | Window::Best { years: Length::Months(months), .. }
            | Window::BestMonths { months: Length::Months(months), .. } => self.operand(months),
            Window::Career
            | Window::Last(_)
            | Window::Best { years: Length::Years(_), .. }
            | Window::BestMonths { months: Length::Years(_), .. } => {}
        }
        for limit in [&mut rule.ceiling, &mut rule.floor, &mut rule.above] {
            self.operands(limit);
        }
        if let Some(missing) = &mut rule.missing {
            self.operand(&mut missing.earnings);
            self.operands(missing.beyond.iter_mut().map(|(_, operand)| operand));
        }
    }

    fn points(&self, rule: &mut Arc<crate::PointsRule>) {
        let rule = Arc::make_mut(rule);
        self.operand(&mut rule.price);
        for limit in [&mut rule.ceiling, &mut rule.above, &mut rule.earnings_at_least] {
            self.operands(limit);
        }
    }

    fn balance(&self, rule: &mut Arc<crate::BalanceRule>) {
        let rule = Arc::make_mut(rule);
        self.operand(&mut rule.rate);
        for limit in [&mut rule.ceiling, &mut rule.floor, &mut rule.above] {
            self.operands(limit);
        }
    }

    fn formula(&self, formula: &mut Arc<Formula>) {
        let formula = Arc::make_mut(formula);
        self.ages(&mut formula.assessed_at);
        self.steps(&mut formula.steps);
    }

    fn divisor(&self, divisor: &mut Arc<crate::Divisor>) {
        self.ages(&mut Arc::make_mut(divisor).fixed_at);
    }

    fn brackets(&self, brackets: &mut Arc<Brackets>) {
        self.operands(Arc::make_mut(brackets).operands_mut());
    }
}
