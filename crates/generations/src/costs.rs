use crate::annuity::part_of;
use crate::capital::{Capital, Capitals};
use crate::rights::{Earned, Paid, Right, rights};
use crate::{Cause, CostMethod, Course, Exit, GenerationError};

/// Figures by cause of exit, in the order of [`Cause::ALL`].
pub type ByCause = [f64; 4];

/// Returns the sum over the causes.
#[must_use]
pub fn sum_of(by_cause: &ByCause) -> f64 {
    by_cause.iter().fold(0.0, |sum, value| sum + value)
}

/// A course of service with what each exit is worth.
#[derive(Clone, Debug)]
pub(crate) struct Valued {
    pub(crate) course: Course,
    /// Rights of each exit.
    pub(crate) rights: Vec<Vec<Right>>,
    /// Value of each exit to one who leaves by it, discounted to the valuation.
    pub(crate) values: Vec<f64>,
    /// Discount factors of the earnings of each year of service.
    earnings_discount: Vec<f64>,
}

/// What one active member is worth to a method at the start of a plan year, currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// The method.
    pub method: CostMethod,
    /// Normal cost of the year, at the moment at which earnings are paid, by cause.
    pub normal_cost: ByCause,
    /// Accrued liability, by cause.
    pub accrued: ByCause,
}

/// Present values of one active member at the start of a plan year, currency.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Present {
    /// Of benefits, by cause.
    pub benefits: ByCause,
    /// Of earnings to come.
    pub earnings: f64,
    /// Of one unit in each year to come in which earnings are paid.
    pub years: f64,
    /// Expected earnings of the coming year, undiscounted.
    pub earnings_of_year: f64,
}

impl Valued {
    pub(crate) fn new(of: &Capitals<'_>, course: Course) -> Result<Self, GenerationError> {
        let earned = Earned { earnings: &course.earnings, until: None };
        let found = course.exits.iter().map(|exit| rights(of, &course, *exit, earned));
        let rights = found.collect::<Result<Vec<_>, _>>()?;
        let value = |rights: &Vec<Right>| rights.iter().fold(0.0, |sum, one| sum + one.value());
        let values = rights.iter().map(value).collect();
        let part = part_of(of.plan().pay.paid);
        let years = (0..).take(course.earnings.len());
        let times = years.map(|year: i32| f64::from(course.of.entry + year) + part);
        let earnings_discount = times.map(|time| of.discount(time)).collect();
        Ok(Self { course, rights, values, earnings_discount })
    }

    /// Returns present values at the start of a year of service, to one who is then active.
    pub(crate) fn present(&self, of: &Capitals<'_>, service: i32) -> Present {
        let mut present = Present::default();
        for (exit, value) in self.exits_from(service) {
            present.benefits[exit.cause.index()] += exit.probability * value;
        }
        let paid = of.plan().pay.paid;
        let first = usize::try_from(service.max(0)).unwrap_or(0);
        for year in first..self.course.earnings.len() {
            let weight = self.course.paid(year, paid) * self.earnings_discount[year];
            present.earnings += weight * self.course.earnings[year];
            present.years += weight;
        }
        let scale = self.scale(of, service);
        present.benefits.iter_mut().for_each(|value| *value *= scale);
        present.earnings *= scale;
        present.years *= scale;
        present.earnings_of_year = self.earnings_of(of, service);
        present
    }

    /// Returns the present value of the contributions of members and employers at the start of a year of service, to one who is
    /// then active.
    pub(crate) fn contributed(&self, of: &Capitals<'_>, service: i32) -> f64 {
        let plan = of.plan();
        let first = usize::try_from(service.max(0)).unwrap_or(0);
        let mut sum = 0.0;
        for (year, served) in (0..self.course.earnings.len()).zip(0_i32..).skip(first) {
            let weight = self.course.paid(year, plan.pay.paid) * self.earnings_discount[year];
            let calendar = plan.start.plus(self.course.of.entry + served);
            let rate =
                plan.contributions.iter().fold(0.0, |sum, rates| sum + rates.at(calendar).get());
            sum += weight * rate * self.course.earnings[year];
        }
        sum * self.scale(of, service)
    }

    /// Exits from a year of service on, with their values.
    pub(crate) fn exits_from(&self, service: i32) -> impl Iterator<Item = (&Exit, f64)> {
        let exits = self.course.exits.iter().zip(&self.values);
        exits.filter(move |(exit, _)| service <= exit.year).map(|(exit, value)| (exit, *value))
    }

    /// Turns sums per entrant at the valuation into values per active member at the start of a year of service.
    fn scale(&self, of: &Capitals<'_>, service: i32) -> f64 {
        let at = usize::try_from(service.max(0)).unwrap_or(0);
        let active = self.course.active.get(at).copied().unwrap_or(0.0);
        let time = f64::from(self.course.of.entry + service.max(0));
        if active <= 0.0 { 0.0 } else { 1.0 / (active * of.discount(time)) }
    }

    fn earnings_of(&self, of: &Capitals<'_>, service: i32) -> f64 {
        let at = usize::try_from(service.max(0)).unwrap_or(0);
        let active = self.course.active.get(at).copied().unwrap_or(0.0);
        let earnings = self.course.earnings.get(at).copied().unwrap_or(0.0);
        if active <= 0.0 {
            return 0.0;
        }
        earnings * self.course.paid(at, of.plan().pay.paid) / active
    }

    /// Returns the cost of a method at the start of a year of service; the aggregate method has one for all only.
    pub(crate) fn cost(
        &self,
        of: &Capitals<'_>,
        method: CostMethod,
        service: i32,
    ) -> Result<Cost, GenerationError> {
        let (normal_cost, accrued) = match method {
            CostMethod::EntryAge | CostMethod::EntryAgeMoney => self.entry_age(of, method, service),
            CostMethod::ProjectedUnit => self.unit(of, service, |exit, year| {
                if exit.service() <= 0.0 { 1.0 } else { (year / exit.service()).min(1.0) }
            }),
            CostMethod::ProjectedUnitByEarnings => {
                self.unit(of, service, |exit, year| self.part_of_earnings(exit, year))
            }
            CostMethod::CurrentUnit => self.current_unit(of, service)?,
            CostMethod::IndividualLevel => self.individual_level(of, service)?,
            CostMethod::Aggregate => ([0.0; 4], self.present(of, service).benefits),
        };
        Ok(Cost { method, normal_cost, accrued })
    }

    /// # Formula
    ///
    /// `NC = PVB(entry) / PVS(entry)` of the earnings of the year, `AL = PVB - NC rate * PVS`; by money with a level unit
    /// a year in the place of earnings (Winklevoss, Pension Mathematics, 1993, ch. 5 and 6).
    fn entry_age(&self, of: &Capitals<'_>, method: CostMethod, service: i32) -> (ByCause, ByCause) {
        let (entry, now) = (self.present(of, 0), self.present(of, service));
        let money = method == CostMethod::EntryAgeMoney;
        let base = |present: &Present| if money { present.years } else { present.earnings };
        let (whole, left) = (base(&entry), base(&now));
        let at = usize::try_from(service.max(0)).unwrap_or(0);
        let active = self.course.active.get(at).copied().unwrap_or(0.0);
        let of_year = if money && 0.0 < active {
            self.course.paid(at, of.plan().pay.paid) / active
        } else {
            now.earnings_of_year
        };
        let mut cost = ([0.0; 4], now.benefits);
        if 0.0 < whole {
            for cause in Cause::ALL.map(Cause::index) {
                let rate = entry.benefits[cause] / whole;
                cost.0[cause] = rate * of_year;
                cost.1[cause] -= rate * left;
            }
        }
        cost
    }

    /// # Formula
    ///
    /// `AL = sum over exits of value * part earned up to now`, `NC = the part that the coming year adds`, brought to the
    /// moment of earnings (Winklevoss 1993, ch. 5 and 6).
    fn unit(
        &self,
        of: &Capitals<'_>,
        service: i32,
        earned: impl Fn(&Exit, f64) -> f64,
    ) -> (ByCause, ByCause) {
        let (mut cost, mut accrued) = ([0.0; 4], [0.0; 4]);
        let now = f64::from(service.max(0));
        for (exit, value) in self.exits_from(service) {
            let (before, after) = (earned(exit, now), earned(exit, now + 1.0));
            accrued[exit.cause.index()] += exit.probability * value * before;
            cost[exit.cause.index()] += exit.probability * value * (after - before);
        }
        self.scaled(of, service, (cost, accrued))
    }

    fn scaled(
        &self,
        of: &Capitals<'_>,
        service: i32,
        (mut cost, mut accrued): (ByCause, ByCause),
    ) -> (ByCause, ByCause) {
        let scale = self.scale(of, service);
        let start = f64::from(self.course.of.entry + service.max(0));
        let moment = start + part_of(of.plan().pay.paid);
        let to_moment = of.discount(start) / of.discount(moment);
        cost.iter_mut().for_each(|value| *value *= scale * to_moment);
        accrued.iter_mut().for_each(|value| *value *= scale);
        (cost, accrued)
    }

    fn part_of_earnings(&self, exit: &Exit, service: f64) -> f64 {
        let earned = |until: f64| {
            let years = self.course.earnings.iter().zip(0..);
            years.fold(0.0, |sum, (earnings, year)| {
                sum + earnings * (until - f64::from(year)).clamp(0.0, 1.0)
            })
        };
        let whole = earned(exit.service());
        if whole <= 0.0 { 1.0 } else { (earned(service) / whole).min(1.0) }
    }

    /// # Formula
    ///
    /// As unit credit, with the amounts that the law gives for the service and earnings up to now and up to a year later;
    /// conditions are those of the whole career.
    fn current_unit(
        &self,
        of: &Capitals<'_>,
        service: i32,
    ) -> Result<(ByCause, ByCause), GenerationError> {
        let (mut cost, mut accrued) = ([0.0; 4], [0.0; 4]);
        let value = |exit: &Exit, until: i32| {
            let earned = Earned { earnings: &self.course.earnings, until: Some(until) };
            let rights = rights(of, &self.course, *exit, earned)?;
            Ok::<f64, GenerationError>(rights.iter().fold(0.0, |sum, right| sum + right.value()))
        };
        for (exit, _) in self.exits_from(service) {
            let (before, after) = (value(exit, service)?, value(exit, service + 1)?);
            accrued[exit.cause.index()] += exit.probability * before;
            cost[exit.cause.index()] += exit.probability * (after - before);
        }
        Ok(self.scaled(of, service, (cost, accrued)))
    }

    /// # Formula
    ///
    /// In each year since entry the rise of the value of the benefit on the earnings of that year, spread by level amounts
    /// over the years to come; `AL = PVB on present earnings - PV of the amounts` (Winklevoss 1993, ch. 6).
    fn individual_level(
        &self,
        of: &Capitals<'_>,
        service: i32,
    ) -> Result<(ByCause, ByCause), GenerationError> {
        let mut amount: ByCause = [0.0; 4];
        let mut benefits: ByCause = [0.0; 4];
        let years = |service| self.present(of, service).years;
        for year in 0..=service.max(0) {
            let now = self.on_earnings_of(of, year, year)?;
            let before =
                if year == 0 { [0.0; 4] } else { self.on_earnings_of(of, year - 1, year)? };
            let left = years(year);
            for cause in Cause::ALL.map(Cause::index) {
                if 0.0 < left {
                    amount[cause] += (now[cause] - before[cause]) / left;
                }
            }
            benefits = now;
        }
        let at = usize::try_from(service.max(0)).unwrap_or(0);
        let active = self.course.active.get(at).copied().unwrap_or(0.0);
        let paid = self.course.paid(at, of.plan().pay.paid);
        let of_year = if 0.0 < active { paid / active } else { 0.0 };
        let left = years(service);
        let accrued =
            Cause::ALL.map(|cause| benefits[cause.index()] - amount[cause.index()] * left);
        Ok((amount.map(|amount| amount * of_year), accrued))
    }

    /// Present value at `service` of benefits on earnings that do not rise after year `frozen`.
    fn on_earnings_of(
        &self,
        of: &Capitals<'_>,
        frozen: i32,
        service: i32,
    ) -> Result<ByCause, GenerationError> {
        let at = usize::try_from(frozen).unwrap_or(0);
        let level = self.course.earnings.get(at).copied().unwrap_or(0.0);
        let mut earnings = self.course.earnings.clone();
        earnings.iter_mut().skip(at).for_each(|earnings| *earnings = level);
        let mut benefits = [0.0; 4];
        for (exit, _) in self.exits_from(service) {
            let earned = Earned { earnings: &earnings, until: None };
            let found = rights(of, &self.course, *exit, earned)?;
            let value = found.iter().fold(0.0, |sum, right| sum + right.value());
            benefits[exit.cause.index()] += exit.probability * value;
        }
        let scale = self.scale(of, service);
        Ok(benefits.map(|value| value * scale))
    }

    /// Adds the expected payments of an exit, per entrant, to sums by plan year from the valuation on.
    pub(crate) fn pay(&self, exit: usize, weight: f64, years: &mut Flows) {
        let weight = weight * self.course.exits[exit].probability;
        for right in &self.rights[exit] {
            let amount = weight * right.weight * right.amount;
            match &right.paid {
                Paid::Pension(capital) => years.add_capital(capital, amount),
                Paid::Once { year, discount } => years.add(*year, amount, amount * discount),
            }
        }
    }
}

/// Payments by plan year from the valuation on.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Flows {
    pub(crate) paid: Vec<f64>,
    /// Discounted to the valuation.
    pub(crate) discounted: Vec<f64>,
}

impl Flows {
    pub(crate) fn add(&mut self, year: i32, paid: f64, discounted: f64) {
        let Ok(at) = usize::try_from(year) else { return };
        if self.paid.len() <= at {
            self.paid.resize(at + 1, 0.0);
            self.discounted.resize(at + 1, 0.0);
        }
        self.paid[at] += paid;
        self.discounted[at] += discounted;
    }

    pub(crate) fn add_capital(&mut self, capital: &Capital, amount: f64) {
        let years = (capital.first..).zip(capital.paid.iter().zip(&capital.discounted));
        for (year, (paid, discounted)) in years {
            self.add(year, amount * paid, amount * discounted);
        }
    }

    /// Returns the payments of a plan year.
    pub(crate) fn paid_in(&self, year: usize) -> f64 {
        self.paid.get(year).copied().unwrap_or(0.0)
    }

    /// Returns what is paid from a plan year on, discounted to the valuation.
    pub(crate) fn discounted_from(&self, year: usize) -> f64 {
        let later = self.discounted.get(year..).unwrap_or(&[]);
        later.iter().rev().fold(0.0, |sum, value| sum + value)
    }
}
