//! What steps, operands and measures are made of: the one list of their parts, for every walk over a law.

use crate::{Benefit, Change, CountedAs, Measure, Operand, Step, Test};

/// A part of an award.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// Another benefit, of which the amount is asked.
    Benefit(&'a Benefit),
    /// A step.
    Step(&'a Step),
    /// An operand.
    Operand(&'a Operand),
    /// A measure.
    Measure(&'a Measure),
}

impl<'a> Part<'a> {
    /// Shows each part that this one is made of, one level down, in the order in which it is written.
    ///
    /// Of a benefit these are its steps, not its condition. What the record gives (reference earnings, points, a balance)
    /// has no parts: its own rules are of other dates.
    pub fn each(self, see: &mut dyn FnMut(Self)) {
        match self {
            Self::Benefit(benefit) => steps(&benefit.steps, see),
            Self::Step(step) => of_step(step, see),
            Self::Operand(operand) => of_operand(operand, see),
            Self::Measure(measure) => {
                if let Measure::Named(named) = measure
                    && let CountedAs::Operand(operand) = &named.counted
                {
                    see(Self::Operand(operand));
                }
            }
        }
    }

    /// Says whether the part, or one that it is made of, depends on what the record gives.
    pub(crate) fn depends_on_base(self) -> bool {
        match self {
            Self::Step(Step::ReferenceEarnings(_) | Step::Points(_) | Step::Balance(_))
            | Self::Operand(
                Operand::ReferenceEarnings(_) | Operand::Points(_) | Operand::Balance(_),
            ) => true,
            part => {
                let mut depends = false;
                part.each(&mut |part| depends = depends || part.depends_on_base());
                depends
            }
        }
    }
}

fn of_step<'a>(step: &'a Step, see: &mut dyn FnMut(Part<'a>)) {
    match step {
        Step::Formula(formula) => steps(&formula.steps, see),
        Step::Flat(operand) => see(Part::Operand(operand)),
        Step::OfDeceased(benefits) => {
            benefits.iter().for_each(|benefit| see(Part::Benefit(benefit)));
        }
        Step::Accrual(accrual) => see(Part::Measure(&accrual.by)),
        Step::Brackets(brackets) => operands(brackets.operands(), see),
        Step::Prorate { by, over } => {
            see(Part::Measure(by));
            see(Part::Operand(over));
        }
        Step::EarlyReduction(rule) | Step::LateIncrease(rule) => {
            rule.by.iter().for_each(|by| see(Part::Measure(by)));
        }
        Step::Times(Change { by, only_if })
        | Step::Plus(Change { by, only_if })
        | Step::Minus(Change { by, only_if })
        | Step::AtLeast(Change { by, only_if })
        | Step::AtMost(Change { by, only_if }) => {
            see(Part::Operand(by));
            tests(only_if, see);
        }
        Step::ReferenceEarnings(_)
        | Step::Points(_)
        | Step::Balance(_)
        | Step::Annuitise(_)
        | Step::LumpSum(_)
        | Step::ExcessLumpSum(_)
        | Step::AdjustedSinceAssessment { .. }
        | Step::Round(_) => {}
    }
}

fn of_operand<'a>(operand: &'a Operand, see: &mut dyn FnMut(Part<'a>)) {
    match operand {
        Operand::Measure(measure)
        | Operand::Scale { by: measure, .. }
        | Operand::Years { measure, .. } => see(Part::Measure(measure)),
        Operand::Benefit(benefit) => see(Part::Benefit(benefit)),
        Operand::OfDeceased(benefits) => {
            benefits.iter().for_each(|benefit| see(Part::Benefit(benefit)));
        }
        Operand::Formula(formula) => steps(&formula.steps, see),
        Operand::Brackets { brackets, of } => {
            operands(brackets.operands(), see);
            see(Part::Operand(of));
        }
        Operand::Choose(choice) => {
            tests(&choice.only_if, see);
            operands([&choice.then, &choice.otherwise], see);
        }
        Operand::AnyOf(of) => tests(of, see),
        Operand::Sum(of) | Operand::Product(of) | Operand::Lesser(of) | Operand::Greater(of) => {
            operands(of, see);
        }
        Operand::Difference(of)
        | Operand::Excess(of)
        | Operand::Quotient(of)
        | Operand::Power(of) => operands(of.iter(), see),
        Operand::Rounded { of, .. } => see(Part::Operand(of)),
        Operand::Rule(_)
        | Operand::Amount(_)
        | Operand::MonthsUntil(_)
        | Operand::MonthsSince(_)
        | Operand::MonthsSinceAtStartOfYear(_)
        | Operand::ReferenceEarnings(_)
        | Operand::Points(_)
        | Operand::Balance(_)
        | Operand::Divisor(_)
        | Operand::InGroups(_)
        | Operand::Day(_)
        | Operand::On(_)
        | Operand::Constant(_) => {}
    }
}

fn steps<'a>(of: &'a [Step], see: &mut dyn FnMut(Part<'a>)) {
    of.iter().for_each(|step| see(Part::Step(step)));
}

fn operands<'a>(of: impl IntoIterator<Item = &'a Operand>, see: &mut dyn FnMut(Part<'a>)) {
    of.into_iter().for_each(|operand| see(Part::Operand(operand)));
}

fn tests<'a>(of: &'a [Test], see: &mut dyn FnMut(Part<'a>)) {
    of.iter().for_each(|test| operands(test.operands(), see));
}
