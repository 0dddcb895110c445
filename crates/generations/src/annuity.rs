use perennis_scheme::Timing;

use crate::Lives;

/// Returns the part of a time that has gone by when something falls into it.
#[must_use]
pub const fn part_of(timing: Timing) -> f64 {
    match timing {
        Timing::Start => 0.0,
        Timing::Middle => 0.5,
        Timing::End => 1.0,
    }
}

/// How the value of several payments a year is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// Survivors lie on straight lines between whole ages; each payment is valued at its time.
    StraightLines,
    /// Yearly payments, less `(m - 1)/(2m)` of each end (Woolhouse, two terms).
    TwoTerms,
}

/// An annuity of one unit a year while a status holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Annuity {
    /// Years before the first payment may fall.
    pub deferred: usize,
    /// At most so many years of payments; for life when absent.
    pub years: Option<usize>,
    /// When in each of its parts of the year a payment falls.
    pub paid: Timing,
    /// Payments a year, at least 1.
    pub times_a_year: u16,
    /// How several payments a year are valued.
    pub within: Within,
}

impl Annuity {
    /// One payment a year at its start, for life.
    pub const DUE: Self = Self {
        deferred: 0,
        years: None,
        paid: Timing::Start,
        times_a_year: 1,
        within: Within::StraightLines,
    };

    /// Returns the present value.
    ///
    /// # Formula
    ///
    /// `sum over k of v^t p(t) / m`, with `t = n + (k + w)/m` the time of payment k, n the deferment and w its moment.
    ///
    /// # Source
    ///
    /// Bowers et al., Actuarial Mathematics, 1997, ch. 5 and 9; for [`Within::TwoTerms`] 5.6.
    #[must_use]
    pub fn value(&self, lives: &Lives, interest: f64) -> f64 {
        let end = self.years.map_or(lives.years(), |years| self.deferred + years);
        let end = end.min(lives.years());
        let times = f64::from(self.times_a_year.max(1));
        if self.within == Within::TwoTerms && 1 < self.times_a_year {
            let once = Self { times_a_year: 1, paid: Timing::Start, ..*self };
            let ends = endowment(lives, interest, self.deferred)
                - self.years.map_or(0.0, |years| endowment(lives, interest, self.deferred + years));
            let less = (times - 1.0) / (2.0 * times) + part_of(self.paid) / times;
            return once.value(lives, interest) - less * ends;
        }
        let mut sum = 0.0;
        for year in self.deferred..end {
            let (now, next) = (lives.after(year), lives.after(year + 1));
            for part in 0..self.times_a_year.max(1) {
                let gone = (f64::from(part) + part_of(self.paid)) / times;
                sum += discount(interest, count(year) + gone) * (now + (next - now) * gone);
            }
        }
        sum / times
    }
}

/// Returns the value of one unit at the end of the year in which a status ends, within some years from `deferred` on.
///
/// # Formula
///
/// `sum over k of v^(k+1) (p(k) - p(k+1))`; with twice the force of interest it is the second moment.
///
/// # Source
///
/// Bowers et al., Actuarial Mathematics, 1997, ch. 4.
#[must_use]
pub fn insurance(lives: &Lives, interest: f64, deferred: usize, years: Option<usize>) -> f64 {
    let end = years.map_or(lives.years(), |years| deferred + years).min(lives.years());
    (deferred..end).fold(0.0, |sum, year| {
        sum + discount(interest, count(year) + 1.0) * (lives.after(year) - lives.after(year + 1))
    })
}

/// Returns the value of one unit after so many years if the status still holds.
#[must_use]
pub fn endowment(lives: &Lives, interest: f64, years: usize) -> f64 {
    discount(interest, count(years)) * lives.after(years)
}

/// Returns `(1 + i)^-t`.
pub(crate) fn discount(interest: f64, years: f64) -> f64 {
    libm::pow(1.0 + interest, -years)
}

/// Years of a life as a number.
pub(crate) fn count(years: usize) -> f64 {
    f64::from(u32::try_from(years).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use perennis_scheme::LifeTable;
    use proptest::prelude::*;

    use super::*;

    fn linear() -> LifeTable {
        LifeTable::new(0, (0..=10).map(|age| 100.0 - 10.0 * f64::from(age)).collect()).unwrap()
    }

    #[test]
    fn an_annuity_on_a_straight_line_is_its_closed_sum() {
        // Reference case life-linear-table.
        let lives = Lives::of(&linear(), 5).unwrap();
        let three = Annuity { years: Some(3), ..Annuity::DUE };
        assert!((Annuity::DUE.value(&lives, 0.04) - 2.850_523_878_715_730_8).abs() < 1e-12);
        assert!((three.value(&lives, 0.04) - 2.323_964_497_041_419_7).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn insurance_and_annuity_of_any_status_make_one(
            interest in 0.0..0.2_f64, one in 0_usize..9, other in 0_usize..9,
        ) {
            let (one, other) = (Lives::of(&linear(), one), Lives::of(&linear(), other));
            let (one, other) = (one.unwrap(), other.unwrap());
            for lives in [one.joint(&other), one.last(&other), one.clone()] {
                let whole = insurance(&lives, interest, 0, None)
                    + interest / (1.0 + interest) * Annuity::DUE.value(&lives, interest);
                prop_assert!((whole - 1.0).abs() < 1e-12);
            }
            let due = |lives: &Lives| Annuity::DUE.value(lives, interest);
            let parts = due(&one.joint(&other)) + due(&other.after_death_of(&one));
            prop_assert!((parts - due(&other)).abs() < 1e-12);
        }

        #[test]
        fn payments_within_the_year_lie_between_due_and_immediate(
            interest in 0.0..0.2_f64, times in 1_u16..13,
        ) {
            let lives = Lives::of(&linear(), 2).unwrap();
            let value = |paid, times_a_year, within| {
                Annuity { paid, times_a_year, within, ..Annuity::DUE }.value(&lives, interest)
            };
            let many = value(Timing::End, times, Within::StraightLines);
            let immediate = value(Timing::End, 1, Within::StraightLines);
            prop_assert!(immediate - 1e-12 <= many && many <= Annuity::DUE.value(&lives, interest));
            let near = value(Timing::End, times, Within::TwoTerms);
            // Two terms leave out the square of the force of interest and of mortality: a few hundredths here.
            prop_assert!((near - many).abs() < 0.05);
        }
    }
}
