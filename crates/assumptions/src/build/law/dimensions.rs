//! Whether what a step adds to an amount, or holds it to, is an amount.

use super::provisions::Provisions;
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::scheme::law::{self, Form, NameOr};

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dimension {
    /// An amount.
    Money,
    /// A share, a factor, a number of points or persons.
    Number,
    /// A length of time.
    Time,
}

impl Dimension {
    const fn words(self) -> &'static str {
        match self {
            Self::Money => "an amount",
            Self::Number => "a share or a number",
            Self::Time => "a length of time",
        }
    }
}

impl Provisions<'_> {
    /// Checks the steps of a benefit: to an amount only amounts are added, and only by amounts it is limited. Where it
    /// cannot be said what something is, nothing is checked.
    pub(super) fn check_dimensions(&self, steps: &[law::Step], at: &At<'_>) {
        let mut amount = None;
        for (index, step) in steps.iter().enumerate() {
            let at = at.index(index);
            let (key, operand) = match step {
                law::Step::ReferenceEarnings(_)
                | law::Step::Balance(_)
                | law::Step::OfDeceased(_) => {
                    amount = Some(Dimension::Money);
                    continue;
                }
                law::Step::Flat(raw) => {
                    amount = self.dimension(raw);
                    continue;
                }
                law::Step::Points(_) | law::Step::Formula(_) => {
                    amount = None;
                    continue;
                }
                law::Step::Plus(raw) => ("plus", &raw.operand),
                law::Step::Minus(raw) => ("minus", &raw.operand),
                law::Step::AtMost(raw) => ("at_most", &raw.operand),
                law::Step::AtLeast(raw) => ("at_least", &raw.operand),
                _ => continue,
            };
            let found = self.dimension(operand);
            if let (Some(Dimension::Money), Some(other)) = (amount, found)
                && other != Dimension::Money
            {
                at.key(key).fault(
                    Code::Incoherent,
                    format!("`{key}` stands after an amount, and this is {}", other.words()),
                    "take an amount, or multiply by one: { product = [{ rule = \"share\" }, { amount = \"name\" }] }",
                );
            }
        }
    }

    /// Says what an operand gives; `None` where the form does not tell.
    fn dimension(&self, raw: &law::Operand) -> Option<Dimension> {
        use Dimension::{Money, Number, Time};
        Some(match raw.form()? {
            Form::Rule(name) => return self.dimension_of_rule(name),
            Form::Amount(name) => {
                return self.raw.amounts.contains_key(name).then_some(Money);
            }
            Form::ShareOfInsuredWage(_)
            | Form::ReferenceEarnings(_)
            | Form::Balance(_)
            | Form::Benefit(_)
            | Form::OfDeceased(_) => Money,
            Form::Times(_, NameOr::Name(_)) => Money,
            Form::Times(_, NameOr::Table(of)) => return self.dimension(of),
            Form::Measure("work_income" | "other_income" | "assets") => Money,
            Form::Measure("credit" | "contributed" | "months_early" | "months_late" | "age") => {
                Time
            }
            Form::MonthsUntil(_) | Form::MonthsSince(..) => Time,
            Form::Years(..) | Form::Points(_) => Number,
            Form::Sum(list)
            | Form::Lesser(list)
            | Form::Greater(list)
            | Form::Difference(list)
            | Form::Excess(list) => {
                return list.iter().find_map(|raw| self.dimension(raw));
            }
            Form::Product(list) => {
                let all: Vec<_> = list.iter().map(|raw| self.dimension(raw)).collect();
                if all.contains(&Some(Money)) {
                    return Some(Money);
                }
                return all.iter().all(|one| *one == Some(Number)).then_some(Number);
            }
            Form::Quotient([of, over]) => match (self.dimension(of), self.dimension(over)) {
                (Some(Money), Some(Number | Time)) => Money,
                (Some(Money), Some(Money)) => Number,
                _ => return None,
            },
            _ => return None,
        })
    }

    fn dimension_of_rule(&self, name: &str) -> Option<Dimension> {
        let place = match self.raw.rules.get(name) {
            Some(_) => self.at.key("rules").key(name),
            None => return (name == "pensionable_age").then_some(Dimension::Time),
        };
        let (unit, _) = place.find_unit().or_else(|| place.key("in_force").index(0).find_unit())?;
        let fits = |kind: Kind| kind.factor(&unit, place.currency()).is_ok();
        if fits(Kind::MONTHS) {
            Some(Dimension::Time)
        } else if fits(Kind::RATE_OF_LAW)
            || fits(Kind::MULTIPLE)
            || unit == "number"
            || unit == "points"
        {
            Some(Dimension::Number)
        } else {
            fits(Kind::AMOUNT_OF_LAW).then_some(Dimension::Money)
        }
    }
}
