use perennis_scheme::{Environment, Indexation, LawError};
use perennis_units::Year;

/// How amounts in payment move in one year.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct YearPayment {
    /// Months from 1 January of each adjustment and the factor in force from then on; the first is 1 January.
    steps: Vec<(f64, f64)>,
}

impl YearPayment {
    /// Takes the adjustments of `year`.
    pub(crate) fn new(
        indexation: Option<&Indexation>,
        year: Year,
        env: &Environment<'_>,
    ) -> Result<Self, LawError> {
        let mut steps = vec![(0.0, 1.0)];
        let mut factor = 1.0;
        let adjustments = indexation.map(|rule| rule.adjustments(year, env)).transpose()?;
        for (date, change) in adjustments.unwrap_or_default() {
            factor *= change;
            let month = f64::from(date.month() - 1)
                + f64::from(date.day() - 1) / f64::from(date.days_in_month());
            steps.push((month, factor));
        }
        Ok(Self { steps })
    }

    /// Returns what is paid in the year and what is in force at its end, for an amount of one a year awarded so many
    /// months after 1 January. An adjustment on the day of the award is part of the award.
    pub(crate) fn of_award(&self, offset: f64) -> (f64, f64) {
        self.of_award_until(offset, 12.0)
    }

    /// No adjustment.
    #[cfg(test)]
    pub(crate) fn still() -> Self {
        Self { steps: vec![(0.0, 1.0)] }
    }

    /// Returns the factor in force at a month.
    pub(crate) fn factor_at(&self, month: f64) -> f64 {
        let before = self.steps.iter().take_while(|step| step.0 <= month).last();
        before.map_or(1.0, |step| step.1)
    }

    /// Returns the months at which something is adjusted.
    pub(crate) fn months(&self) -> impl Iterator<Item = f64> {
        self.steps.iter().map(|step| step.0)
    }

    /// As [`YearPayment::of_award`] for one paid to a month of the year only.
    pub(crate) fn of_award_until(&self, offset: f64, last: f64) -> (f64, f64) {
        let at_award = self.factor_at(offset);
        let paid: f64 = self
            .spans()
            .map(|(from, to, factor)| (to.min(last) - from.max(offset)).max(0.0) * factor)
            .sum();
        (paid / 12.0 / at_award, self.end() / at_award)
    }

    /// Returns what is paid in the year for an amount of one a year in force before 1 January, when a share `survival`
    /// lives to its end and deaths fall evenly.
    pub(crate) fn of_stock(&self, survival: f64) -> f64 {
        self.of_stock_until(survival, 12.0)
    }

    /// As [`YearPayment::of_stock`] for one paid to a month of the year only.
    pub(crate) fn of_stock_until(&self, survival: f64, last: f64) -> f64 {
        let alive = |month: f64| 1.0 - (1.0 - survival) * month / 12.0;
        let paid = |(from, to, factor): (f64, f64, f64)| {
            let to = to.min(last);
            let mean = 0.5 * (alive(from) + alive(to));
            if from < to { (to - from) / 12.0 * factor * mean } else { 0.0 }
        };
        self.spans().map(paid).sum()
    }

    /// Returns the amount at the end of the year over the amount at its start.
    pub(crate) fn end(&self) -> f64 {
        self.steps.last().map_or(1.0, |step| step.1)
    }

    fn spans(&self) -> impl Iterator<Item = (f64, f64, f64)> {
        let ends = self.steps.iter().skip(1).map(|step| step.0).chain([12.0]);
        self.steps.iter().zip(ends).map(|((from, factor), to)| (*from, to, *factor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn july() -> YearPayment {
        YearPayment { steps: vec![(0.0, 1.0), (6.0, 1.1)] }
    }

    #[test]
    fn an_adjustment_in_july_is_paid_for_half_the_year() {
        assert!((july().of_stock(1.0) - 1.05).abs() < 1e-15);
        assert!((july().end() - 1.1).abs() < 1e-15);
        // Of the second half only three quarters of those dying are there on average.
        let expected = 0.5 * 0.95 + 1.1 * 0.5 * 0.85;
        assert!((july().of_stock(0.8) - expected).abs() < 1e-15);
    }

    #[test]
    fn an_adjustment_touches_only_pensions_awarded_before_its_day() {
        let (paid, in_force) = july().of_award(6.0);
        assert!((paid - 0.5).abs() < 1e-15 && (in_force - 1.0).abs() < 1e-15);
        let (paid, in_force) = july().of_award(3.0);
        assert!((paid - (0.25 + 0.55)).abs() < 1e-15 && (in_force - 1.1).abs() < 1e-15);
    }
}
