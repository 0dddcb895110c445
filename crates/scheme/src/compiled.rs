use perennis_units::{Date, NotMoney, When};

use crate::context::{Bases, Context, MonthRows, Notes, Rows};
use crate::curves::{Curves, Numbers, view};
use crate::{
    Base, Benefit, Claim, Credit, Environment, Known, LawError, Lognormal, Piece, ScheduleView,
};

/// When the members of a cell first contributed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entry {
    /// On one day, whatever their credit.
    On(Date),
    /// As many months before the end of their credit as it takes at this density, a share of the months.
    Density(f64),
}

/// Claims of one day, day of birth, sex and group, which differ in months of credit only.
#[derive(Clone, Copy, Debug)]
pub struct ClaimsOfDay<'a> {
    /// The first day of payment, birth and sex; `entered` holds where no first contribution is asked for by credit.
    pub when: When,
    /// The group.
    pub group: &'a str,
    /// The day after the last credited month.
    pub until: Date,
    /// The most months of credit; the vector runs from 0.
    pub months: usize,
    /// When they entered.
    pub entry: Entry,
    /// What else is known of all of them, such as a survivor.
    pub known: Option<&'a Known>,
}

/// The amounts of a benefit by months of credit, as functions of what it is proportional to.
///
/// Found once for a day; nothing of the law is asked again when an amount is looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct CompiledBenefit {
    /// The first number of months for which the benefit is open, and how many there are from it on.
    first: usize,
    count: usize,
    /// Whether it is open, from the first on; for all when empty.
    open: Vec<bool>,
    /// Where the pieces of each number of months begin, and the end of the last.
    starts: Vec<usize>,
    pieces: Vec<Piece>,
    bases: Bases,
}

/// The credit of a claim: months without a gap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CreditHeld {
    /// Months credited.
    pub months: i32,
    /// The day after the last credited one.
    pub until: Date,
    /// The first contribution.
    pub entered: Date,
}

/// Claims of one day, day of birth, sex and group, in any order of credit.
#[derive(Clone, Copy, Debug)]
pub struct HeldOnDay<'a> {
    /// The first day of payment, birth and sex; first contributions are those of `held`.
    pub when: When,
    /// The group.
    pub group: &'a str,
    /// The credit of each claim.
    pub held: &'a [CreditHeld],
    /// What else is known of all of them, such as a survivor.
    pub known: Option<&'a Known>,
}

/// Which conditions are asked of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All.
    Conditions,
    /// None: whoever claims is known to meet them.
    AmountsOnly,
}

/// The amounts of a benefit for the claims of a list, as functions of what it is proportional to.
///
/// Nothing of the law is asked again when an amount is looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct CompiledClaims {
    /// Whether the benefit is open to each claim; to all when empty.
    open: Vec<bool>,
    starts: Vec<usize>,
    pieces: Vec<Piece>,
    bases: Bases,
}

impl Benefit {
    /// Finds the amounts of several claims of one day at once.
    ///
    /// # Errors
    ///
    /// As [`Benefit::compile`].
    pub fn compile_held(
        &self,
        claims: &HeldOnDay<'_>,
        asked: Asked,
        env: &Environment<'_>,
    ) -> Result<CompiledClaims, LawError> {
        let HeldOnDay { when, group, held, known } = *claims;
        let until = held.first().map_or(when.date, |held| held.until);
        let credit = Credit::Ending { months: 0, until };
        let claim = Claim { when, group, credit, known };
        let (rows, notes) = (Rows::Held(held), Notes::default());
        let context = Context::new(self, &claim, env, (&rows, &notes))?;
        let mut open = Vec::new();
        if asked == Asked::Conditions {
            let met: Curves = context.in_silence().condition(&self.condition)?;
            let met = met.as_numbers().ok_or_else(|| context.not_linear("condition"))?;
            let nobody = |met: f64| met <= 0.0;
            if met.all(nobody) {
                let (starts, pieces, bases) = (Vec::new(), Vec::new(), Bases::default());
                return Ok(CompiledClaims { open: vec![false; held.len()], starts, pieces, bases });
            }
            if let Numbers::Each(met) = met {
                open.extend(met.iter().map(|met| 0.0 < *met));
            }
        }
        let curves: Curves = context.steps(&self.steps)?;
        let (starts, pieces) = curves.into_pieces();
        let odd = |piece: &&Piece| !(piece.at_zero.is_finite() && piece.slope.is_finite());
        if let Some(odd) = pieces.iter().find(odd) {
            return Err(NotMoney(odd.at_zero + odd.slope).into());
        }
        Ok(CompiledClaims { open, starts, pieces, bases: notes.into_bases() })
    }

    /// Finds the amounts for every number of months of credit at once.
    ///
    /// Conditions that turn on the credit close some numbers of months; the others close all or none.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked, or what it asks cannot be known of a cell.
    pub fn compile(
        &self,
        claims: &ClaimsOfDay<'_>,
        env: &Environment<'_>,
    ) -> Result<CompiledBenefit, LawError> {
        self.compiled(claims, env, true)
    }

    /// Finds the amounts for every number of months of credit, whether the conditions are met or not.
    ///
    /// # Errors
    ///
    /// As [`Benefit::compile`].
    pub fn compile_amounts(
        &self,
        claims: &ClaimsOfDay<'_>,
        env: &Environment<'_>,
    ) -> Result<CompiledBenefit, LawError> {
        self.compiled(claims, env, false)
    }

    fn compiled(
        &self,
        claims: &ClaimsOfDay<'_>,
        env: &Environment<'_>,
        conditions: bool,
    ) -> Result<CompiledBenefit, LawError> {
        let credit = Credit::Ending { months: 0, until: claims.until };
        let ClaimsOfDay { when, group, known, .. } = *claims;
        let claim = Claim { when, group, credit, known };
        let (mut first, mut count, mut open) = (0, claims.months + 1, Vec::new());
        if conditions {
            let rows = MonthRows::new(0, count, claims.until, claims.entry);
            (first, open) = self.open(&claim, env, rows)?;
            count = open.len();
            if open.iter().all(|open| *open) {
                open.clear();
            }
        }
        if count == 0 {
            let (starts, pieces, bases) = (vec![0], Vec::new(), Bases::default());
            return Ok(CompiledBenefit { first, count, open, starts, pieces, bases });
        }
        let rows = Rows::Months(MonthRows::new(first, count, claims.until, claims.entry));
        let notes = Notes::default();
        let context = Context::new(self, &claim, env, (&rows, &notes))?;
        let curves: Curves = context.steps(&self.steps)?;
        let (starts, pieces) = curves.into_pieces();
        let finite = |piece: &&Piece| !(piece.at_zero.is_finite() && piece.slope.is_finite());
        if let Some(odd) = pieces.iter().find(finite) {
            return Err(NotMoney(odd.at_zero + odd.slope).into());
        }
        Ok(CompiledBenefit { first, count, open, starts, pieces, bases: notes.into_bases() })
    }

    /// The first number of months with which the conditions are met, and whether each from there to the last is.
    fn open(
        &self,
        claim: &Claim<'_>,
        env: &Environment<'_>,
        rows: MonthRows,
    ) -> Result<(usize, Vec<bool>), LawError> {
        let count = rows.count;
        let (rows, notes) = (Rows::Months(rows), Notes::default());
        let context = Context::new(self, claim, env, (&rows, &notes))?;
        let met: Curves = context.condition(&self.condition)?;
        let met = met.as_numbers().ok_or_else(|| context.not_linear("condition"))?;
        Ok(match met {
            Numbers::Once(met) if 0.0 < *met => (0, vec![true; count]),
            Numbers::Once(_) => (0, Vec::new()),
            Numbers::Each(met) => {
                let is_met = |met: &f64| 0.0 < *met;
                let first = met.iter().position(is_met).unwrap_or(count);
                let end = met.iter().rposition(is_met).map_or(first, |last| last + 1);
                (first, met[first..end].iter().map(is_met).collect())
            }
        })
    }
}

impl CompiledClaims {
    /// Returns the amount of a claim of the list; `None` where the conditions are not met.
    #[inline]
    #[must_use]
    pub fn amount(&self, claim: usize) -> Option<ScheduleView<'_>> {
        self.is_open(claim).then(|| view(&self.starts, &self.pieces, claim))
    }

    /// Says whether the benefit is open to a claim of the list.
    #[inline]
    #[must_use]
    pub fn is_open(&self, claim: usize) -> bool {
        self.open.get(claim).copied().unwrap_or(true)
    }

    /// Says whether the benefit is open to nobody of the list.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.starts.is_empty()
    }

    /// Returns everything that amounts are proportional to; nothing where they are the same for every record.
    #[must_use]
    pub fn bases(&self) -> &[Base] {
        &self.bases.of
    }

    /// Returns the position in [`CompiledClaims::bases`] of what the amount of a claim is proportional to.
    #[must_use]
    pub fn base(&self, claim: usize) -> usize {
        self.bases.by_row.get(claim).copied().unwrap_or(0)
    }
}

impl CompiledBenefit {
    /// Returns the amount for so many months of credit; `None` where the conditions are not met.
    #[must_use]
    pub fn amount(&self, months: usize) -> Option<ScheduleView<'_>> {
        let row = self.row(months)?;
        Some(view(&self.starts, &self.pieces, row))
    }

    /// Returns the mean amount for so many months of credit of persons whose base is spread lognormally; nothing where the
    /// conditions are not met. A straight line needs no spread.
    #[must_use]
    pub fn expected(&self, months: usize, spread: &Lognormal) -> f64 {
        let Some(amount) = self.amount(months) else { return 0.0 };
        match amount.line() {
            Some((at_zero, slope)) => at_zero + slope * spread.mean(),
            None => amount.expected(spread),
        }
    }

    /// Returns what the amount is proportional to; `None` where it is the same for every record, or nothing is paid.
    #[must_use]
    pub fn base(&self, months: usize) -> Option<&Base> {
        let row = self.row(months)?;
        self.bases.of.get(self.bases.by_row.get(row).copied().unwrap_or(0))
    }

    /// Returns the numbers of months for which the benefit is open, without those between that are closed.
    pub fn open_months(&self) -> impl Iterator<Item = usize> {
        let rows = 0..self.count;
        rows.filter(|row| self.is_open(*row)).map(|row| self.first + row)
    }

    fn row(&self, months: usize) -> Option<usize> {
        let row = months.checked_sub(self.first)?;
        (row < self.count && self.is_open(row)).then_some(row)
    }

    fn is_open(&self, row: usize) -> bool {
        self.open.get(row).copied().unwrap_or(self.open.is_empty())
    }
}

#[cfg(test)]
mod tests;
