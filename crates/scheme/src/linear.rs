//! Whether a law is a straight line in what it is proportional to, found from its words alone.

use crate::parts::Part;
use crate::{
    Accrual, Benefit, Change, CountedAs, LawError, Measure, Operand, PerYear, PerYearOf, Step, Test,
};

impl Operand {
    /// Says whether the operand depends on what the record gives.
    #[must_use]
    pub fn depends_on_base(&self) -> bool {
        Part::Operand(self).depends_on_base()
    }

    /// Returns the part that bends with every amount of the base.
    fn bends(&self) -> Option<String> {
        let name = || Some(self.name().to_owned());
        match self {
            Self::Product(of) if 1 < of.iter().filter(|of| of.depends_on_base()).count() => name(),
            Self::Quotient(of) if of[1].depends_on_base() => name(),
            Self::Years { measure, .. } | Self::Scale { by: measure, .. }
                if measure.depends_on_base() =>
            {
                name()
            }
            Self::Brackets { brackets, .. } if brackets.operands().any(Self::depends_on_base) => {
                name()
            }
            Self::Power(of) if of.iter().any(Self::depends_on_base) => name(),
            Self::AnyOf(tests) if tests.iter().any(Test::depends_on_base) => name(),
            Self::Choose(choice) => {
                let tests = choice.only_if.iter().any(Test::depends_on_base);
                let of_tests = tests.then(|| self.name().to_owned());
                of_tests.or_else(|| choice.then.bends()).or_else(|| choice.otherwise.bends())
            }
            Self::Rounded { of, .. } => of.bends(),
            Self::OfDeceased(benefits) => {
                benefits.iter().find_map(|benefit| bent(&benefit.steps).map(|(_, what)| what))
            }
            Self::Measure(measure) => measure.bends(),
            Self::Brackets { of, .. } => of.bends(),
            Self::Benefit(benefit) => bent(&benefit.steps).map(|(_, what)| what),
            Self::Formula(formula) => bent(&formula.steps).map(|(_, what)| what),
            Self::Sum(of) | Self::Product(of) | Self::Lesser(of) | Self::Greater(of) => {
                of.iter().find_map(Self::bends)
            }
            Self::Difference(of) | Self::Excess(of) | Self::Quotient(of) => {
                of.iter().find_map(Self::bends)
            }
            _ => None,
        }
    }
}

impl Measure {
    fn operand(&self) -> Option<&Operand> {
        match self {
            Self::Named(named) => match &named.counted {
                CountedAs::Operand(operand) => Some(operand),
                CountedAs::Months(_) | CountedAs::Residence(_) | CountedAs::Stated => None,
            },
            _ => None,
        }
    }

    fn depends_on_base(&self) -> bool {
        Part::Measure(self).depends_on_base()
    }

    fn bends(&self) -> Option<String> {
        self.operand().and_then(Operand::bends)
    }
}

impl Test {
    fn depends_on_base(&self) -> bool {
        self.operands().any(Operand::depends_on_base)
    }
}

impl Change {
    fn bends(&self) -> Option<String> {
        let test = self.only_if.iter().find(|test| test.depends_on_base());
        test.map(|_| "only_if".to_owned()).or_else(|| self.by.bends())
    }
}

impl Step {
    /// Returns what of the step bends with every amount of the base; `so_far` says whether the amount before depends on it.
    fn bends(&self, so_far: bool) -> Option<String> {
        let by_years = |by: &Measure| by.depends_on_base().then(|| by.name().to_owned());
        match self {
            Self::Flat(operand) => operand.bends(),
            Self::Formula(formula) => bent(&formula.steps).map(|(_, what)| what),
            Self::OfDeceased(benefits) => {
                benefits.iter().find_map(|benefit| bent(&benefit.steps).map(|(_, what)| what))
            }
            Self::Accrual(Accrual { by, .. }) => by_years(by),
            Self::EarlyReduction(PerYear { by: Some(by), .. })
            | Self::LateIncrease(PerYear { by: Some(by), .. }) => by_years(by),
            Self::Prorate { by, over } => {
                let depends = by.depends_on_base() || over.depends_on_base();
                depends.then(|| by.name().to_owned())
            }
            Self::Times(change) if so_far && change.by.depends_on_base() => {
                Some(change.by.name().to_owned())
            }
            Self::Times(change)
            | Self::Plus(change)
            | Self::Minus(change)
            | Self::AtLeast(change)
            | Self::AtMost(change) => change.bends(),
            Self::Brackets(brackets) => {
                let bends = brackets.operands().any(Operand::depends_on_base);
                bends.then(|| brackets.name().to_owned())
            }
            _ => None,
        }
    }
}

/// The first step that bends, and what of it.
fn bent(steps: &[Step]) -> Option<(usize, String)> {
    let mut depends = false;
    for (index, step) in steps.iter().enumerate() {
        if let Some(what) = step.bends(depends) {
            return Some((index + 1, what));
        }
        let sets = matches!(
            step,
            Step::ReferenceEarnings(_)
                | Step::Points(_)
                | Step::Balance(_)
                | Step::Formula(_)
                | Step::Flat(_)
                | Step::OfDeceased(_)
        );
        depends = Part::Step(step).depends_on_base() || (depends && !sets) || adds_reference(step);
    }
    None
}

fn adds_reference(step: &Step) -> bool {
    match step {
        Step::EarlyReduction(rule) | Step::LateIncrease(rule) => {
            rule.of == PerYearOf::ReferenceEarnings
        }
        Step::LumpSum(_) | Step::ExcessLumpSum(_) => true,
        _ => false,
    }
}

impl Benefit {
    /// Checks that the amount is a straight line, with bends at known places, in what the benefit is proportional to, so
    /// that cells can be valued. Persons need no straight line.
    ///
    /// # Errors
    ///
    /// [`LawError::NotLinear`] with the first step that is none.
    pub fn linear(&self) -> Result<(), LawError> {
        match bent(&self.steps) {
            None => Ok(()),
            Some((position, what)) => {
                Err(LawError::NotLinear { place: self.name.clone(), position, what })
            }
        }
    }
}
