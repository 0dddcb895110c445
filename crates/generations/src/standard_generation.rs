use thiserror::Error;

use crate::combined::{Combined, Instant};
use crate::smooth::between;

/// Constant forces of change, a year: logarithms of yearly factors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forces {
    /// Growth of the number of those who enter.
    pub entrants: f64,
    /// Growth of all earnings.
    pub earnings: f64,
    /// Adjustment of pensions in payment.
    pub indexation: f64,
    /// Interest.
    pub interest: f64,
}

impl Forces {
    /// Returns the growth of insured earnings, and of expenditure once the scheme is mature.
    #[must_use]
    pub fn growth(&self) -> f64 {
        self.entrants + self.earnings
    }
}

/// Whether service before the start of the scheme counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PastService {
    /// It counts in full.
    Recognised,
    /// It does not count.
    NotRecognised,
}

/// One generation of entrants from which all others differ by their time and number only.
///
/// All enter at the same age, retire at the same age with a share of their last earnings for each year of service, and are paid
/// until they die. Tables stand at exact ages, a year apart, and run smoothly between them; time runs without steps and is summed up over cells of
/// a part of a year.
///
/// # Source
///
/// S. Iyer, *Actuarial mathematics of social security pensions*, ILO/ISSA 1999, ch. 1 and 2.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardGeneration {
    /// Those in service, from the age of entry to that of retirement.
    pub in_service: Vec<f64>,
    /// Pensioners alive, from the age of retirement to an age that nobody survives.
    pub in_payment: Vec<f64>,
    /// Earnings of a year at the prices of the start, from the age of entry to that of retirement, currency.
    pub earnings: Vec<f64>,
    /// Share of the last earnings that a year of service gives as a pension.
    pub accrual: f64,
    /// Whether service before the start counts. Nobody is in payment at the start.
    pub past_service: PastService,
    /// Growth, indexation and interest.
    pub forces: Forces,
    /// Cells into which a year is cut.
    pub cells_a_year: u16,
}

/// Why a scheme of standard generations has no value.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum StandardError {
    /// A table that does not fit.
    #[error("the table of `{table}` {reason}")]
    Table {
        /// Its name.
        table: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
    /// A year is not cut.
    #[error("a year has no cells")]
    NoCells,
    /// A sum for ever that has no end.
    #[error("interest of a force of {interest} does not exceed the growth of {growth}")]
    NoTail {
        /// Force of interest.
        interest: f64,
        /// Force of growth.
        growth: f64,
    },
    /// The scheme is not mature at the last instant.
    #[error("the scheme is followed for {years} years and is mature after {mature}")]
    NotMature {
        /// Years for which it is followed.
        years: u16,
        /// Years from which on all pensioners have had a whole career in it.
        mature: usize,
    },
}

/// Contribution rate and reserve of projected unit credit of one who is in service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitCredit {
    /// Normal cost as a share of earnings at the instant.
    pub rate: f64,
    /// Accrued liability of an entrant, for all who are left of him, currency.
    pub accrued: f64,
}

/// The middle of a part of a year of a life, per entrant.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    /// Years since entry, or since retirement.
    pub(crate) since: f64,
    /// Those who are left of one entrant, times the length of the cell.
    pub(crate) left: f64,
    /// Earnings at the prices of the start, or what one of the first amount of a pension is worth from here on, for `left`.
    pub(crate) worth: f64,
}

impl StandardGeneration {
    /// Years of a whole career.
    pub(crate) fn career(&self) -> f64 {
        crate::annuity::count(self.in_service.len() - 1)
    }

    /// Years after which everybody who entered has died.
    #[must_use]
    pub fn lifetime(&self) -> usize {
        self.in_service.len().saturating_sub(1) + self.in_payment.len().saturating_sub(1)
    }

    fn check(&self) -> Result<(), StandardError> {
        let fault = |table, reason| Err(StandardError::Table { table, reason });
        for (table, values) in [
            ("in_service", &self.in_service),
            ("in_payment", &self.in_payment),
            ("earnings", &self.earnings),
        ] {
            if values.len() < 2 {
                return fault(table, "has fewer than two ages");
            }
            if values.iter().any(|value| !value.is_finite() || *value < 0.0) {
                return fault(table, "has a value below zero, or none");
            }
            let falls = values.windows(2).all(|pair| pair[1] <= pair[0]);
            if table != "earnings" && (!falls || values[0] <= 0.0) {
                return fault(table, "does not begin with somebody and fall from age to age");
            }
        }
        if self.earnings.len() != self.in_service.len() {
            return fault("earnings", "has other ages than that of those in service");
        }
        if self.earnings.iter().all(|value| *value <= 0.0) {
            return fault("earnings", "has no earnings");
        }
        if self.cells_a_year == 0 { Err(StandardError::NoCells) } else { Ok(()) }
    }

    /// Length of a cell, years.
    pub(crate) fn width(&self) -> f64 {
        1.0 / f64::from(self.cells_a_year)
    }

    fn middles(&self, table: &[f64]) -> impl Iterator<Item = f64> + use<> {
        let width = self.width();
        let cells = (table.len() - 1) * usize::from(self.cells_a_year);
        (0..cells).map(move |cell| (crate::annuity::count(cell) + 0.5) * width)
    }

    /// Those of one entrant who retire.
    pub(crate) fn retiring(&self) -> f64 {
        self.in_service[self.in_service.len() - 1] / self.in_service[0]
    }

    /// Cells of the time in service.
    pub(crate) fn service(&self) -> Vec<Cell> {
        let of = |since: f64| {
            let left = between(&self.in_service, since) / self.in_service[0];
            let earnings = between(&self.earnings, since);
            Cell { since, left: left * self.width(), worth: earnings }
        };
        self.middles(&self.in_service).map(of).collect()
    }

    /// Cells of the time in payment.
    pub(crate) fn payment(&self) -> Vec<Cell> {
        let net = self.forces.indexation - self.forces.interest;
        let mut later = 0.0;
        let mut cells: Vec<Cell> = Vec::new();
        let middles: Vec<f64> = self.middles(&self.in_payment).collect();
        for since in middles.into_iter().rev() {
            let alive = between(&self.in_payment, since) / self.in_payment[0];
            let left = self.retiring() * alive * self.width();
            let here = left * libm::exp(net * since);
            let worth = (later + 0.5 * here) * libm::exp(-net * since) * self.width();
            cells.push(Cell { since, left, worth });
            later += here;
        }
        cells.reverse();
        cells
    }

    /// Returns the value at retirement of a pension of one a year that follows its indexation, for life.
    #[must_use]
    pub fn annuity(&self) -> f64 {
        let net = self.forces.indexation - self.forces.interest;
        let paid = self.payment().into_iter().map(|cell| cell.left * libm::exp(net * cell.since));
        paid.fold(0.0, |sum, value| sum + value) / self.retiring()
    }

    /// Returns service that counts, years, of those who entered so many years before an instant.
    pub(crate) fn counted(&self, since_entry: f64, time: f64) -> f64 {
        match self.past_service {
            PastService::Recognised => since_entry,
            PastService::NotRecognised => since_entry.min(time.max(0.0)),
        }
    }

    /// Returns the value of one year of service of one who entered so many years ago, at an instant and of those who are left of one
    /// entrant: `accrual · final earnings · l(r)/l(e) · v^(r-x) · ā(r)`.
    pub(crate) fn unit(&self, since_entry: f64, time: f64, annuity: f64) -> f64 {
        let ahead = self.career() - since_entry;
        let net = self.forces.earnings - self.forces.interest;
        let last = self.earnings[self.earnings.len() - 1];
        let then = libm::exp(self.forces.earnings * time + net * ahead);
        self.accrual * last * then * self.retiring() * annuity
    }

    /// Returns the contribution rate and the reserve of projected unit credit, so many years after the entry of one who entered at
    /// the start of the scheme.
    ///
    /// # Formula
    ///
    /// The pension of each year of service is paid for in that year: the rate is the value of one year's service over earnings, the
    /// reserve that value times the years served.
    ///
    /// # Errors
    ///
    /// [`StandardError`] when a table does not fit or a year is not cut.
    ///
    /// # Source
    ///
    /// Iyer 1999, (2.7) to (2.15).
    pub fn unit_credit(&self, since_entry: f64) -> Result<UnitCredit, StandardError> {
        self.check()?;
        let unit = self.unit(since_entry, since_entry, self.annuity());
        let left = between(&self.in_service, since_entry) / self.in_service[0];
        let grown = libm::exp(self.forces.earnings * since_entry);
        let earnings = between(&self.earnings, since_entry) * grown;
        Ok(UnitCredit { rate: unit / (left * earnings), accrued: unit * since_entry })
    }

    /// Follows all generations of a scheme from its start on, with so many contributors of all ages at that instant and entrants of
    /// every time as their force of growth has them.
    ///
    /// # Errors
    ///
    /// [`StandardError`] when a table does not fit or a year is not cut.
    pub fn combine(&self, contributors: f64, years: u16) -> Result<Combined, StandardError> {
        self.check()?;
        let (service, payment) = (self.service(), self.payment());
        let of_one = |cell: &Cell| cell.left * libm::exp(-self.forces.entrants * cell.since);
        let entrants = contributors / service.iter().fold(0.0, |sum, cell| sum + of_one(cell));
        let annuity = self.annuity();
        let all = (&service[..], &payment[..]);
        let instants = usize::from(years) * usize::from(self.cells_a_year);
        let instants = (0..=instants).map(|instant| {
            let time = crate::annuity::count(instant) * self.width();
            self.at(time, (entrants, annuity), all)
        });
        Ok(Combined::new(self.clone(), instants.collect(), years))
    }

    /// Sums the generations up at an instant.
    fn at(
        &self,
        time: f64,
        (entrants, annuity): (f64, f64),
        (service, payment): (&[Cell], &[Cell]),
    ) -> Instant {
        let entered = |since: f64| entrants * libm::exp(self.forces.entrants * (time - since));
        let grown = libm::exp(self.forces.earnings * time);
        let mut sums = Instant { time, ..Instant::default() };
        for cell in service {
            let entered = entered(cell.since);
            sums.contributors += entered * cell.left;
            let earned = entered * cell.left * cell.worth * grown;
            sums.earnings.add(time < cell.since, earned);
            let unit = entered * self.unit(cell.since, time, annuity) * self.width();
            sums.normal_cost += unit;
            sums.accrued_active += unit * self.counted(cell.since, time);
        }
        let career = self.career();
        let award = |at: f64| {
            let last = self.earnings[self.earnings.len() - 1];
            let service = self.counted(career, at);
            self.accrual * service * last * libm::exp(self.forces.earnings * at)
        };
        sums.capital = entered(career) * self.retiring() * award(time) * annuity;
        for cell in payment.iter().filter(|cell| cell.since <= time) {
            let entered = entered(career + cell.since);
            let amount = award(time - cell.since) * libm::exp(self.forces.indexation * cell.since);
            sums.pensioners += entered * cell.left;
            let paid = entered * cell.left * amount;
            sums.outgo.add(time < career + cell.since, paid);
            sums.accrued_pensions += entered * cell.worth * amount;
        }
        sums
    }
}
