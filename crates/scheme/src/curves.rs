use crate::context::Context;
use crate::schedule::{add, choose};
use crate::value::{BaseRef, Value, is_zero};
use crate::{LawError, Piece, RoundingDirection, ScheduleView};

/// One number for all claims, or one for each.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Numbers {
    Once(f64),
    Each(Vec<f64>),
}

/// Amounts of claims that differ in months of credit, as functions of the base.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Curves {
    /// Straight lines; numbers that do not depend on the base have no slope.
    Lines { at_zero: Numbers, slope: Numbers },
    /// Schedules with bends, in one array; one for all claims when there is one only.
    Bent(Bent),
}

/// Schedules one after the other.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bent {
    /// Where each schedule begins, and the end of the last.
    starts: Vec<usize>,
    pieces: Vec<Piece>,
}

impl Numbers {
    fn at(&self, row: usize) -> f64 {
        match self {
            Self::Once(number) => *number,
            Self::Each(numbers) => numbers[row],
        }
    }

    fn rows(&self) -> usize {
        match self {
            Self::Once(_) => 1,
            Self::Each(numbers) => numbers.len(),
        }
    }

    pub(crate) fn all(&self, is: impl Fn(f64) -> bool) -> bool {
        match self {
            Self::Once(number) => is(*number),
            Self::Each(numbers) => numbers.iter().all(|number| is(*number)),
        }
    }

    fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        match self {
            Self::Once(number) => Self::Once(change(*number)),
            Self::Each(numbers) => {
                Self::Each(numbers.iter().map(|number| change(*number)).collect())
            }
        }
    }

    fn zip(&self, other: &Self, combine: impl Fn(f64, f64) -> f64) -> Self {
        match (self, other) {
            (Self::Once(one), other) => other.map(|other| combine(*one, other)),
            (one, Self::Once(other)) => one.map(|one| combine(one, *other)),
            (Self::Each(ones), Self::Each(others)) => {
                let pairs = ones.iter().zip(others);
                Self::Each(pairs.map(|(one, other)| combine(*one, *other)).collect())
            }
        }
    }
}

impl Bent {
    fn with_rows(rows: usize) -> Self {
        let mut starts = Vec::with_capacity(rows + 1);
        starts.push(0);
        Self { starts, pieces: Vec::with_capacity(2 * rows) }
    }

    fn rows(&self) -> usize {
        self.starts.len() - 1
    }

    fn row(&self, row: usize) -> &[Piece] {
        let row = if self.rows() == 1 { 0 } else { row };
        &self.pieces[self.starts[row]..self.starts[row + 1]]
    }

    /// Ends a schedule whose pieces were appended.
    fn close(&mut self) {
        self.starts.push(self.pieces.len());
    }

    /// Schedules without a bend are lines.
    fn simplified(self) -> Curves {
        if self.pieces.len() != self.rows() {
            return Curves::Bent(self);
        }
        let each = |of: fn(&Piece) -> f64| match self.pieces.as_slice() {
            [line] => Numbers::Once(of(line)),
            lines => Numbers::Each(lines.iter().map(of).collect()),
        };
        Curves::Lines { at_zero: each(|line| line.at_zero), slope: each(|line| line.slope) }
    }
}

impl Curves {
    const fn numbers(numbers: Numbers) -> Self {
        Self::Lines { at_zero: numbers, slope: Numbers::Once(0.0) }
    }

    /// The numbers, when they do not depend on the base.
    pub(crate) fn as_numbers(&self) -> Option<&Numbers> {
        match self {
            Self::Lines { at_zero, slope } if slope.all(is_zero) => Some(at_zero),
            _ => None,
        }
    }

    fn rows(&self) -> usize {
        match self {
            Self::Lines { at_zero, slope } => at_zero.rows().max(slope.rows()),
            Self::Bent(bent) => bent.rows(),
        }
    }

    /// Lends the pieces of one claim.
    fn with_row<R>(&self, row: usize, lend: impl FnOnce(&[Piece]) -> R) -> R {
        match self {
            Self::Lines { at_zero, slope } => lend(&[Piece::line(at_zero.at(row), slope.at(row))]),
            Self::Bent(bent) => lend(bent.row(row)),
        }
    }

    fn combined(
        &self,
        other: &Self,
        combine: impl Fn(&[Piece], &[Piece], &mut Vec<Piece>),
    ) -> Self {
        let rows = self.rows().max(other.rows());
        let mut bent = Bent::with_rows(rows);
        for row in 0..rows {
            self.with_row(row, |one| {
                other.with_row(row, |other| combine(one, other, &mut bent.pieces));
            });
            bent.close();
        }
        bent.simplified()
    }

    /// The larger for a sign of 1, the smaller for -1.
    fn chosen(&self, other: &Self, sign: f64) -> Self {
        if let (Some(one), Some(other)) = (self.as_numbers(), other.as_numbers()) {
            let larger =
                |one: f64, other: f64| if sign < 0.0 { one.min(other) } else { one.max(other) };
            return Self::numbers(one.zip(other, larger));
        }
        self.combined(other, |one, other, chosen| choose(one, other, sign, chosen))
    }

    /// Says whether no amount is ever below nothing, without looking at bends.
    fn is_surely_positive(&self) -> bool {
        let positive = |number: f64| 0.0 <= number;
        match self {
            Self::Lines { at_zero, slope } => at_zero.all(positive) && slope.all(positive),
            Self::Bent(bent) => {
                bent.pieces.iter().all(|line| 0.0 <= line.at_zero && 0.0 <= line.slope)
            }
        }
    }

    /// Gives the pieces of all claims, one claim after the other, with where each begins; one schedule only when all have
    /// the same.
    pub(crate) fn into_pieces(self) -> (Vec<usize>, Vec<Piece>) {
        match self {
            Self::Bent(bent) => (bent.starts, bent.pieces),
            other => {
                let rows = other.rows();
                let mut starts = Vec::with_capacity(rows + 1);
                starts.push(0);
                let mut pieces = Vec::with_capacity(2 * rows);
                for row in 0..rows {
                    other.with_row(row, |of_row| pieces.extend_from_slice(of_row));
                    starts.push(pieces.len());
                }
                (starts, pieces)
            }
        }
    }
}

impl Value for Curves {
    fn number(number: f64) -> Self {
        Self::numbers(Numbers::Once(number))
    }

    fn by_rows(
        context: &Context<'_>,
        mut number: impl FnMut(usize) -> Result<f64, LawError>,
    ) -> Result<Self, LawError> {
        let mut numbers = Vec::with_capacity(context.rows());
        for row in 0..context.rows() {
            numbers.push(number(row)?);
        }
        Ok(Self::numbers(Numbers::Each(numbers)))
    }

    fn base<'a>(
        context: &Context<'_>,
        varies: bool,
        of: impl FnMut(usize) -> Result<BaseRef<'a>, LawError>,
    ) -> Result<Self, LawError> {
        context.note_bases(varies, of)?;
        Ok(Self::Lines { at_zero: Numbers::Once(0.0), slope: Numbers::Once(1.0) })
    }

    fn plus(&self, other: &Self) -> Self {
        match (self, other) {
            (
                Self::Lines { at_zero, slope },
                Self::Lines { at_zero: at_zero_beside, slope: slope_beside },
            ) => Self::Lines {
                at_zero: at_zero.zip(at_zero_beside, |one, other| one + other),
                slope: slope.zip(slope_beside, |one, other| one + other),
            },
            _ => self.combined(other, add),
        }
    }

    fn scaled(&self, factor: f64) -> Self {
        match self {
            Self::Lines { at_zero, slope } => Self::Lines {
                at_zero: at_zero.map(|number| number * factor),
                slope: slope.map(|number| number * factor),
            },
            Self::Bent(bent) => {
                let pieces = bent.pieces.iter().map(|line| line.scaled(factor)).collect();
                Self::Bent(Bent { starts: bent.starts.clone(), pieces })
            }
        }
    }

    fn times(&self, other: &Self) -> Option<Self> {
        let (factors, of) = match (self.as_numbers(), other.as_numbers()) {
            (Some(factors), _) => (factors, other),
            (None, Some(factors)) => (factors, self),
            (None, None) => return None,
        };
        Some(match (of, factors) {
            (of, Numbers::Once(factor)) => of.scaled(*factor),
            (Self::Lines { at_zero, slope }, factors) => Self::Lines {
                at_zero: at_zero.zip(factors, |number, factor| number * factor),
                slope: slope.zip(factors, |number, factor| number * factor),
            },
            (Self::Bent(bent), Numbers::Each(factors)) => {
                let mut product = Bent::with_rows(factors.len());
                for (row, factor) in factors.iter().enumerate() {
                    product.pieces.extend(bent.row(row).iter().map(|line| line.scaled(*factor)));
                    product.close();
                }
                Self::Bent(product)
            }
        })
    }

    fn greater(&self, other: &Self) -> Self {
        self.chosen(other, 1.0)
    }

    fn lesser(&self, other: &Self) -> Self {
        self.chosen(other, -1.0)
    }

    fn not_negative(self) -> Self {
        if self.is_surely_positive() { self } else { self.chosen(&Self::number(0.0), 1.0) }
    }

    fn map(&self, change: impl Fn(f64) -> f64) -> Option<Self> {
        Some(Self::numbers(self.as_numbers()?.map(change)))
    }

    fn zip(&self, other: &Self, combine: impl Fn(f64, f64) -> f64) -> Option<Self> {
        Some(Self::numbers(self.as_numbers()?.zip(other.as_numbers()?, combine)))
    }

    fn choose(answer: &Self, yes: &Self, no: &Self) -> Option<Self> {
        let answers = answer.as_numbers()?;
        if answers.all(is_zero) {
            return Some(no.clone());
        }
        if answers.all(|answer| !is_zero(answer)) {
            return Some(yes.clone());
        }
        if let (Some(yes), Some(no)) = (yes.as_numbers(), no.as_numbers()) {
            let of = |row| if is_zero(answers.at(row)) { no.at(row) } else { yes.at(row) };
            return Some(Self::numbers(Numbers::Each((0..answers.rows()).map(of).collect())));
        }
        let mut bent = Bent::with_rows(answers.rows());
        for row in 0..answers.rows() {
            let chosen = if is_zero(answers.at(row)) { no } else { yes };
            chosen.with_row(row, |pieces| bent.pieces.extend_from_slice(pieces));
            bent.close();
        }
        Some(bent.simplified())
    }

    fn has_zero(&self) -> bool {
        self.as_numbers().is_some_and(|numbers| !numbers.all(|number| !is_zero(number)))
    }

    fn has_other_than_zero(&self) -> bool {
        self.as_numbers().is_none_or(|numbers| !numbers.all(is_zero))
    }

    fn rounded(&self, _: RoundingDirection, _: f64, _: f64) -> Self {
        self.clone()
    }

    fn of_person(&self) -> Option<f64> {
        None
    }
}

/// The schedule of one claim among those of an array, which holds one only when all claims have the same.
#[inline]
pub(crate) fn view<'a>(starts: &[usize], pieces: &'a [Piece], row: usize) -> ScheduleView<'a> {
    let row = if starts.len() == 2 { 0 } else { row };
    ScheduleView::new(&pieces[starts[row]..starts[row + 1]])
}
