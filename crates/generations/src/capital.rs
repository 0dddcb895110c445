use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use perennis_scheme::{Benefit, Environment, LawError, Timing};
use perennis_units::{Date, Sex};

use crate::annuity::part_of;
use crate::{Plan, Who};

/// Years of a payment beyond which nobody lives.
const LONGEST: i32 = 150;

/// Positions of a law and of one of its benefits.
pub(crate) type BenefitAt = (usize, usize);
/// A life: table of mortality, sex and age in half years.
pub(crate) type LifeAt = (usize, Sex, i32);
/// Times of adjustment, years from the valuation, and factors.
type Adjustments = Rc<Vec<(f64, f64)>>;

/// On which lives a pension is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum On {
    /// The life of the one who receives it, by a table of mortality.
    Life { table: usize, sex: Sex, age_halves: i32 },
    /// The life of a spouse after the death of the pensioner.
    Reversion { of: LifeAt, spouse: LifeAt },
}

/// A pension of one unit a year from a time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Stream {
    /// Positions of the law and of the benefit whose indexation it follows.
    pub(crate) benefit: BenefitAt,
    pub(crate) on: On,
    /// Half years from the valuation to the first day.
    pub(crate) time_halves: i32,
    /// Months after which it ends at the latest.
    pub(crate) months: Option<i32>,
}

/// What is expected of a [`Stream`], by plan year.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Capital {
    /// The first plan year.
    pub(crate) first: i32,
    /// Expected payments of each year.
    pub(crate) paid: Vec<f64>,
    /// The same, discounted to the valuation.
    pub(crate) discounted: Vec<f64>,
    /// Sum of `discounted`.
    pub(crate) total: f64,
}

/// Values pensions; each distinct one once.
#[derive(Debug)]
pub(crate) struct Capitals<'a> {
    plan: &'a Plan,
    env: Environment<'a>,
    factors: Vec<f64>,
    known: RefCell<HashMap<Stream, Rc<Capital>>>,
    adjusted: RefCell<HashMap<(BenefitAt, i32), Adjustments>>,
}

const EARLIEST: i32 = -130;
const LATEST: i32 = 400;

impl<'a> Capitals<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let env = Environment { outlook: Some(&plan.outlook), ..Environment::new(&plan.indices) };
        let years = EARLIEST..=LATEST;
        let mut factors = vec![1.0; years.count()];
        let zero = usize::try_from(-EARLIEST).unwrap_or(0);
        for year in 0..LATEST {
            let at = zero + usize::try_from(year).unwrap_or(0);
            factors[at + 1] = factors[at] / (1.0 + plan.interest_of(year));
        }
        for at in (0..zero).rev() {
            factors[at] = factors[at + 1] * (1.0 + plan.interest_of(-1));
        }
        let (known, adjusted) = (RefCell::default(), RefCell::default());
        Self { plan, env, factors, known, adjusted }
    }

    pub(crate) const fn plan(&self) -> &'a Plan {
        self.plan
    }

    pub(crate) const fn env(&self) -> &Environment<'a> {
        &self.env
    }

    /// Returns the discount factor from a time, in years from the valuation, to the valuation.
    pub(crate) fn discount(&self, time: f64) -> f64 {
        let whole = floor(time);
        let at = usize::try_from((whole - EARLIEST).max(0)).unwrap_or(0);
        let factor = self.factors[at.min(self.factors.len() - 1)];
        let part = time - f64::from(whole);
        if part <= 0.0 {
            return factor;
        }
        factor * libm::pow(1.0 + self.plan.interest_of(whole), -part)
    }

    pub(crate) fn benefit(&self, (law, benefit): (usize, usize)) -> &'a Benefit {
        &self.plan.laws[law].benefits[benefit]
    }

    /// Returns the capital of a stream.
    pub(crate) fn of(&self, stream: Stream) -> Result<Rc<Capital>, LawError> {
        if let Some(known) = self.known.borrow().get(&stream) {
            return Ok(Rc::clone(known));
        }
        let capital = Rc::new(self.value(stream)?);
        self.known.borrow_mut().insert(stream, Rc::clone(&capital));
        Ok(capital)
    }

    /// # Formula
    ///
    /// `sum over payments at times u of v^u p(u) f(u) / m`: p the probability that it is paid, f the adjustments since the
    /// first day, m payments a year.
    fn value(&self, stream: Stream) -> Result<Capital, LawError> {
        let start = 0.5 * f64::from(stream.time_halves);
        let first = floor(start);
        let Lifetimes { own, spouse } = self.lifetimes(stream);
        let payments = &self.plan.payments;
        let times = payments.times_a_year.max(1);
        let each = 1.0 / f64::from(times);
        let end = stream.months.map_or(f64::INFINITY, |months| f64::from(months) / 12.0);
        let mut capital = Capital { first, paid: Vec::new(), discounted: Vec::new(), total: 0.0 };
        let mut level =
            Level { of: self, benefit: stream.benefit, year: first, next: 0, level: 1.0, start };
        for payment in 0..u32::from(times) * LONGEST.unsigned_abs() {
            let gone = (f64::from(payment) + part_of(payments.paid)) * each;
            // A payment for a time that is not finished is made in full, as pensions are.
            if end <= f64::from(payment) * each + 1e-9 {
                break;
            }
            let alive = match &spouse {
                None => own.at(gone),
                Some(spouse) => spouse.at(gone) * (1.0 - own.at(gone)),
            };
            let left = spouse.as_ref().map_or_else(|| own.at(gone), |spouse| spouse.at(gone));
            if left <= 0.0 {
                break;
            }
            let time = start + gone;
            let paid = each * alive * level.until(time)?;
            let shift = if payments.paid == Timing::End { 1e-9 } else { -1e-9 };
            let year = usize::try_from(floor(time - shift) - first).unwrap_or(0);
            capital.add(year, paid, paid * self.discount(time));
        }
        Ok(capital)
    }

    fn lifetimes(&self, stream: Stream) -> Lifetimes {
        let life = |(table, sex, age): LifeAt| self.lifetime(table, sex, (age, stream.time_halves));
        match stream.on {
            On::Life { table, sex, age_halves } => {
                Lifetimes { own: life((table, sex, age_halves)), spouse: None }
            }
            On::Reversion { of, spouse } => Lifetimes { own: life(of), spouse: Some(life(spouse)) },
        }
    }

    /// Follows one life of an age from a time on, both in half years; survivors lie on straight lines between birthdays.
    pub(crate) fn lifetime(&self, table: usize, sex: Sex, (age, time): (i32, i32)) -> Lifetime {
        let first = age.div_euclid(2);
        let born = self.plan.start.get() + (time - age).div_euclid(2);
        let mut survivors = vec![1.0];
        for x in first..LONGEST + first {
            let who = Who { group: "", sex, age: x, service: x - first, year: born + x };
            let q_x = self.plan.mortality[table].at(&who);
            let now = survivors[survivors.len() - 1];
            survivors.push(now * (1.0 - q_x));
            if 1.0 <= q_x {
                break;
            }
        }
        let offset = if age.rem_euclid(2) == 1 { 0.5 } else { 0.0 };
        let mut life = Lifetime { survivors, offset, base: 1.0 };
        life.base = life.raw(0.0);
        life
    }

    /// Returns when a benefit is adjusted in a plan year, years from the valuation, and by how much.
    fn adjustments(&self, benefit: BenefitAt, year: i32) -> Result<Adjustments, LawError> {
        if let Some(known) = self.adjusted.borrow().get(&(benefit, year)) {
            return Ok(Rc::clone(known));
        }
        let calendar = self.plan.start.plus(year);
        let found = match &self.benefit(benefit).indexation {
            None => Vec::new(),
            Some(indexation) => indexation.adjustments(calendar, &self.env)?,
        };
        let found =
            found.into_iter().map(|(day, factor)| (f64::from(year) + part_of_year(day), factor));
        let found = Rc::new(found.collect::<Vec<_>>());
        self.adjusted.borrow_mut().insert((benefit, year), Rc::clone(&found));
        Ok(found)
    }
}

fn part_of_year(day: Date) -> f64 {
    let days = f64::from(day.day() - 1) / f64::from(day.days_in_month());
    (f64::from(day.month() - 1) + days) / 12.0
}

/// The whole number at or below a time.
pub(crate) fn floor(time: f64) -> i32 {
    #[expect(clippy::cast_possible_truncation, reason = "years of a plan fit i32")]
    let whole = time.floor() as i32;
    whole
}

impl Capital {
    fn add(&mut self, year: usize, paid: f64, discounted: f64) {
        if self.paid.len() <= year {
            self.paid.resize(year + 1, 0.0);
            self.discounted.resize(year + 1, 0.0);
        }
        self.paid[year] += paid;
        self.discounted[year] += discounted;
        self.total += discounted;
    }
}

struct Lifetimes {
    own: Lifetime,
    spouse: Option<Lifetime>,
}

/// Probability of being alive some time after the start.
#[derive(Clone, Debug)]
pub(crate) struct Lifetime {
    survivors: Vec<f64>,
    offset: f64,
    base: f64,
}

impl Lifetime {
    fn raw(&self, years: f64) -> f64 {
        let at = years + self.offset;
        let whole = usize::try_from(floor(at)).unwrap_or(0);
        let of = |position: usize| self.survivors.get(position).copied().unwrap_or(0.0);
        let now = of(whole);
        now + (of(whole + 1) - now) * (at - at.floor())
    }

    /// Returns the probability of living so many years more; 0 for one who is past the table.
    pub(crate) fn at(&self, years: f64) -> f64 {
        if self.base <= 0.0 { 0.0 } else { self.raw(years) / self.base }
    }
}

/// The product of the adjustments since the start.
struct Level<'a, 'b> {
    of: &'b Capitals<'a>,
    benefit: BenefitAt,
    year: i32,
    next: usize,
    level: f64,
    start: f64,
}

impl Level<'_, '_> {
    /// Adjusts up to a time, that time included.
    fn until(&mut self, time: f64) -> Result<f64, LawError> {
        while f64::from(self.year) <= time + 1e-9 {
            let adjustments = self.of.adjustments(self.benefit, self.year)?;
            while let Some((day, factor)) = adjustments.get(self.next) {
                if time + 1e-9 < *day {
                    return Ok(self.level);
                }
                // An adjustment touches what was awarded before its day.
                if self.start + 1e-9 < *day {
                    self.level *= factor;
                }
                self.next += 1;
            }
            if time + 1e-9 < f64::from(self.year + 1) {
                return Ok(self.level);
            }
            self.year += 1;
            self.next = 0;
        }
        Ok(self.level)
    }
}
