//! The provisions behind operands and tests.

use perennis_units::Citation;

use crate::context::Context;
use crate::parts::Part;
use crate::{Amount, CountedAs, Measure, Operand, Rule, Test};

impl<'a> Context<'a> {
    /// Adds the provision that is in force of a rule.
    pub(crate) fn cite<T>(&self, rule: &Rule<T>, provisions: &mut Vec<Citation>) {
        if let Ok(row) = rule.at(self.asked()) {
            add(&row.citation, provisions);
        }
    }

    pub(crate) fn provisions_of_test(&self, test: &'a Test, provisions: &mut Vec<Citation>) {
        test.operands().for_each(|operand| self.provisions_of(operand, provisions));
    }

    /// Collects the provisions that fix the numbers of an operand.
    pub(crate) fn provisions_of(&self, operand: &'a Operand, provisions: &mut Vec<Citation>) {
        match operand {
            Operand::Rule(rule) => self.cite(rule, provisions),
            Operand::Amount(amount) => {
                if let Some(citation) = amount.citation(self.asked()) {
                    add(citation, provisions);
                }
                if let Amount::Times { of, .. } = amount
                    && let Some(citation) = of.citation_at(self.asked().date)
                {
                    add(citation, provisions);
                }
            }
            Operand::Measure(measure) | Operand::Years { measure, .. } => {
                self.provisions_of_measure(measure, provisions);
            }
            Operand::Scale { scale, by } => {
                self.cite(scale, provisions);
                self.provisions_of_measure(by, provisions);
            }
            Operand::MonthsUntil(age)
            | Operand::MonthsSince(age)
            | Operand::MonthsSinceAtStartOfYear(age) => self.cite(age, provisions),
            Operand::ReferenceEarnings(rules) => {
                if let Ok(rule) = self.reference_rule(rules, 0) {
                    add(&rule.citation, provisions);
                }
            }
            Operand::Points(rule) => add(&rule.citation, provisions),
            Operand::Balance(rule) => add(&rule.citation, provisions),
            Operand::Formula(formula) => add(&formula.citation, provisions),
            Operand::Divisor(divisor) => add(&divisor.citation, provisions),
            Operand::Brackets { brackets, of } => {
                add(brackets.citation(), provisions);
                self.provisions_of(of, provisions);
            }
            Operand::Choose(choice) => {
                for test in &choice.only_if {
                    self.provisions_of_test(test, provisions);
                }
                let passed = self.every::<f64>(&choice.only_if).unwrap_or(0.0);
                let chosen = if 0.0 < passed { &choice.then } else { &choice.otherwise };
                self.provisions_of(chosen, provisions);
            }
            Operand::AnyOf(tests) => {
                tests.iter().for_each(|test| self.provisions_of_test(test, provisions));
            }
            Operand::Rounded { of, rounding } => {
                self.provisions_of(of, provisions);
                self.cite(&rounding.to, provisions);
            }
            Operand::Benefit(_) | Operand::OfDeceased(_) => {}
            _ => Part::Operand(operand).each(&mut |part| {
                if let Part::Operand(of) = part {
                    self.provisions_of(of, provisions);
                }
            }),
        }
    }

    fn provisions_of_measure(&self, measure: &'a Measure, provisions: &mut Vec<Citation>) {
        let Measure::Named(named) = measure else { return };
        add(&named.citation, provisions);
        if let CountedAs::Operand(operand) = &named.counted {
            self.provisions_of(operand, provisions);
        }
    }
}

fn add(citation: &Citation, provisions: &mut Vec<Citation>) {
    if !provisions.contains(citation) {
        provisions.push(citation.clone());
    }
}
