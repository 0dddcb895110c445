use crate::context::Context;
use crate::{LawError, RoundingDirection};

/// What the law computes with: one number for a person, or amounts by months of credit as functions of the base for cells.
///
/// Numbers that do not depend on the base (months, shares, amounts of the law, answers of tests as 0 and 1) are values too.
pub(crate) trait Value: Clone {
    /// The same number for everyone.
    fn number(number: f64) -> Self;

    /// A number for each of the claims of the context.
    fn by_rows(
        context: &Context<'_>,
        number: impl FnMut(usize) -> Result<f64, LawError>,
    ) -> Result<Self, LawError>;

    /// What the record gives; where the rule `varies` it may differ between the claims of the context.
    fn base<'a>(
        context: &Context<'_>,
        varies: bool,
        of: impl FnMut(usize) -> Result<BaseRef<'a>, LawError>,
    ) -> Result<Self, LawError>;

    fn plus(&self, other: &Self) -> Self;

    fn scaled(&self, factor: f64) -> Self;

    /// The product; `None` when both depend on the base and the value is a function of it.
    fn times(&self, other: &Self) -> Option<Self>;

    fn greater(&self, other: &Self) -> Self;

    fn lesser(&self, other: &Self) -> Self;

    /// Lifts what is below nothing to nothing.
    fn not_negative(self) -> Self;

    /// Changes a number that does not depend on the base; `None` for one that does.
    fn map(&self, change: impl Fn(f64) -> f64) -> Option<Self>;

    /// Combines two numbers that do not depend on the base; `None` when one does.
    fn zip(&self, other: &Self, combine: impl Fn(f64, f64) -> f64) -> Option<Self>;

    /// One where `yes` is not zero, the other elsewhere; `None` when `yes` depends on the base.
    fn choose(answer: &Self, yes: &Self, no: &Self) -> Option<Self>;

    /// Says whether the number is zero for some claim.
    fn has_zero(&self) -> bool;

    /// Says whether the number is not zero for some claim.
    fn has_other_than_zero(&self) -> bool;

    /// Rounds each payment of a person; cells are not rounded.
    fn rounded(&self, direction: RoundingDirection, to: f64, payments: f64) -> Self;

    /// The number of a person.
    fn of_person(&self) -> Option<f64>;

    fn minus(&self, other: &Self) -> Self {
        self.plus(&other.scaled(-1.0))
    }
}

/// A sum that a record gives, by its rule.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BaseRef<'a> {
    ReferenceEarnings(&'a std::sync::Arc<crate::ReferenceRule>),
    Points(&'a std::sync::Arc<crate::PointsRule>),
    Balance(&'a std::sync::Arc<crate::BalanceRule>),
    InPayment(&'a str),
}

impl Value for f64 {
    fn number(number: f64) -> Self {
        number
    }

    fn by_rows(
        _: &Context<'_>,
        mut number: impl FnMut(usize) -> Result<f64, LawError>,
    ) -> Result<Self, LawError> {
        number(0)
    }

    fn base<'a>(
        context: &Context<'_>,
        _: bool,
        mut of: impl FnMut(usize) -> Result<BaseRef<'a>, LawError>,
    ) -> Result<Self, LawError> {
        context.counted(of(0)?)
    }

    fn plus(&self, other: &Self) -> Self {
        self + other
    }

    fn scaled(&self, factor: f64) -> Self {
        self * factor
    }

    fn times(&self, other: &Self) -> Option<Self> {
        Some(self * other)
    }

    fn greater(&self, other: &Self) -> Self {
        self.max(*other)
    }

    fn lesser(&self, other: &Self) -> Self {
        self.min(*other)
    }

    fn not_negative(self) -> Self {
        self.max(0.0)
    }

    fn map(&self, change: impl Fn(f64) -> f64) -> Option<Self> {
        Some(change(*self))
    }

    fn zip(&self, other: &Self, combine: impl Fn(f64, f64) -> f64) -> Option<Self> {
        Some(combine(*self, *other))
    }

    fn choose(answer: &Self, yes: &Self, no: &Self) -> Option<Self> {
        Some(if is_zero(*answer) { *no } else { *yes })
    }

    fn has_zero(&self) -> bool {
        is_zero(*self)
    }

    fn has_other_than_zero(&self) -> bool {
        !is_zero(*self)
    }

    fn rounded(&self, direction: RoundingDirection, to: f64, payments: f64) -> Self {
        direction.round(self / payments, to) * payments
    }

    fn of_person(&self) -> Option<f64> {
        Some(*self)
    }
}

pub(crate) fn is_zero(number: f64) -> bool {
    number.abs() <= 0.0
}
