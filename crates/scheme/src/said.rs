//! Operands and tests with their numbers, in words.

use crate::context::Context;
use crate::words::{in_months, number};
use crate::{CountedAs, LawError, Measure, Operand, StatedKind, Test};

impl<'a> Context<'a> {
    /// Writes a test with its numbers.
    pub(crate) fn test_words(&self, test: &'a Test) -> Result<String, LawError> {
        let in_months = is_in_months(&test.of);
        let of = self.said_of(&test.of, in_months)?;
        let mut limits = Vec::new();
        for (kind, limit) in test.limits_by_kind() {
            limits.push(format!("{} {}", kind.words(), self.said_of(limit, in_months)?));
        }
        Ok(format!("{of} is {}", limits.join(" and ")))
    }

    /// Writes what a test asks about or its limit: a name with its number, which may be one of months.
    fn said_of(&self, operand: &'a Operand, is_time: bool) -> Result<String, LawError> {
        let name = match operand {
            Operand::Rule(rule) if is_time => rule.name.clone(),
            Operand::Measure(measure) if is_time => self.measure_name(measure),
            _ => return self.said(operand),
        };
        let months: f64 = self.operand(operand)?;
        Ok(format!("{} ({name})", in_months(months)))
    }

    /// Writes an operand with its numbers.
    pub(crate) fn said(&self, operand: &'a Operand) -> Result<String, LawError> {
        let value = || self.operand::<f64>(operand).map(number);
        let list = |of: &'a [Operand], between: &str| -> Result<String, LawError> {
            let parts: Result<Vec<String>, LawError> = of.iter().map(|of| self.said(of)).collect();
            Ok(parts?.join(between))
        };
        let named = |name: &str| value().map(|value| format!("{value} ({name})"));
        Ok(match operand {
            Operand::Rule(rule) => named(&rule.name)?,
            Operand::Amount(amount) => named(&amount.name())?,
            Operand::Measure(measure) => named(&self.measure_name(measure))?,
            Operand::Scale { scale, by } => {
                let of: f64 = self.measure(by)?;
                let of = if by.is_in_months() { in_months(of) } else { number(of) };
                named(&format!("{} for {of} ({})", scale.name, self.measure_name(by)))?
            }
            Operand::Years { measure, .. } => named(&format!("years of {}", measure.name()))?,
            Operand::MonthsUntil(age) => named(&format!("months until {}", age.name))?,
            Operand::MonthsSince(age) => named(&format!("months since {}", age.name))?,
            Operand::ReferenceEarnings(rules) => {
                named(&format!("reference earnings {}", self.reference_rule(rules, 0)?.name))?
            }
            Operand::Points(rule) => named(&format!("points {}", rule.name))?,
            Operand::Balance(rule) => named(&format!("balance {}", rule.name))?,
            Operand::Benefit(benefit) => named(&benefit.name)?,
            Operand::Formula(formula) => named(&formula.name)?,
            Operand::Divisor(divisor) => named(&divisor.name)?,
            Operand::Brackets { brackets, of } => {
                let of: f64 = self.operand(of)?;
                named(&format!("{} of {}", brackets.name(), number(of)))?
            }
            Operand::MonthsSinceAtStartOfYear(age) => {
                named(&format!("months since {} at the start of the year", age.name))?
            }
            Operand::OfDeceased(_) => named("of the deceased")?,
            Operand::Choose(choice) => {
                let passed: f64 = self.every(&choice.only_if)?;
                let chosen = if 0.0 < passed { &choice.then } else { &choice.otherwise };
                self.said(chosen)?
            }
            Operand::AnyOf(tests) => {
                let tests: Result<Vec<String>, LawError> =
                    tests.iter().map(|test| self.test_words(test)).collect();
                format!("{} ({})", value()?, tests?.join(", or "))
            }
            Operand::InGroups(_) => named("member of the group")?,
            Operand::Day(of) => of.name().to_owned(),
            Operand::On(date) => date.to_string(),
            Operand::Power(of) => format!("{}^{}", self.said(&of[0])?, self.said(&of[1])?),
            Operand::Rounded { .. } => named("rounded")?,
            Operand::Constant(constant) => number(*constant),
            Operand::Sum(of) => format!("({})", list(of, " + ")?),
            Operand::Product(of) => list(of, " × ")?,
            Operand::Lesser(of) => format!("min({})", list(of, ", ")?),
            Operand::Greater(of) => format!("max({})", list(of, ", ")?),
            Operand::Difference(of) => format!("({})", list(of.as_slice(), " − ")?),
            Operand::Excess(of) => format!("max(0, {})", list(of.as_slice(), " − ")?),
            Operand::Quotient(of) => format!("({})", list(of.as_slice(), " / ")?),
        })
    }

    /// The name of a measure in words.
    pub(crate) fn measure_name(&self, measure: &Measure) -> String {
        let stated = self.stated(StatedKind::Measure, measure.name()).is_some();
        let name = measure.name().replace('_', " ");
        if stated { format!("{name}, stated") } else { name }
    }
}

/// Says whether a test asks about a length of time, which is counted in months.
fn is_in_months(of: &Operand) -> bool {
    match of {
        Operand::Measure(Measure::Named(named)) => {
            matches!(named.counted, CountedAs::Months(_) | CountedAs::Residence(_))
        }
        Operand::Measure(measure) => measure.is_in_months(),
        _ => false,
    }
}
