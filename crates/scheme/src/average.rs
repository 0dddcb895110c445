use perennis_units::{Date, When, Year, months_between};

use crate::context::{Context, Notes, Rows};
use crate::words::number;
use crate::{
    Benefit, Claim, Counted, CountedYear, Credit, DividedBy, Environment, LawError, Length,
    Operand, Record, ReferenceRule, Schedule, WORK, Window,
};

/// A year of a record, all kinds together.
#[derive(Clone, Debug)]
pub(crate) struct RecordYear {
    pub(crate) year: Year,
    pub(crate) kinds: Vec<String>,
    pub(crate) months: f64,
    pub(crate) earnings: f64,
}

/// A part of a year that enters an average, with the months that count.
struct Taken {
    at: usize,
    months: f64,
}

impl ReferenceRule {
    /// Returns the reference earnings of a person's record, currency a year at the level of the award, for the law of the
    /// day `assessed`.
    ///
    /// # Formula
    ///
    /// `12 * (sum of earnings * revaluation) / (sum of months)` over the window. Last years are counted back from the last
    /// credited month: of a year that lies partly in the window the earnings of as many months enter, each a like part of
    /// the year's. Best years are calendar years ranked by their revalued earnings. Over all months of the window missing
    /// ones count as nothing: those from the first contribution to the claim, or of so many calendar years before it. A
    /// ceiling, a floor and the earnings above which others count are those of the months credited: of a year with seven
    /// months seven twelfths.
    ///
    /// # Units
    ///
    /// Currency a year; nothing for a record without credit.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked, or no record is known.
    pub fn of_record(
        &self,
        claim: &Claim<'_>,
        assessed: Date,
        env: &Environment<'_>,
    ) -> Result<Counted, LawError> {
        let Credit::Record(record) = claim.credit else {
            return Err(LawError::NotKnown { measure: self.name.clone() });
        };
        let when = When { date: assessed, ..claim.when };
        let kinds: Vec<String> =
            std::iter::once(WORK.to_owned()).chain(self.credited.iter().cloned()).collect();
        let mut years = record_years(record, &kinds, claim, env)?;
        self.fill_missing(&mut years, &when, (claim, env))?;
        let mut counted = Vec::with_capacity(years.len());
        let level = self.revaluation.level_year(&when)?;
        for of in &years {
            let earnings = self.within_limits(of, claim, env)?;
            let mut factor = self.revaluation.to_level_of(level, of.year, env.indices)?;
            if let Some(rounding) = &self.revaluation.rounded
                && 0.0 < earnings
            {
                factor = rounding.of(earnings * factor, &when)? / earnings;
            }
            counted.push(CountedYear {
                year: of.year,
                kind: of.kinds.join(", "),
                months: of.months,
                earnings,
                factor,
                counted: 0.0,
            });
        }
        let (taken, all_months) = self.window_of(&counted, &when, (claim, env))?;
        self.average(counted, &taken, (all_months, self.dropped(&when)?))
    }

    /// Returns the earnings of a year that count as a function of those earned, for a whole year of credit; of the claim
    /// only the person is read.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked.
    pub fn of_year(
        &self,
        year: Year,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<Schedule, LawError> {
        let mut counts = Schedule::identity();
        if let Some(floor) = &self.floor {
            counts = counts.at_least(mean_of_year(floor, year, claim, env)?);
        }
        if let Some(ceiling) = &self.ceiling {
            counts = counts.at_most(mean_of_year(ceiling, year, claim, env)?);
        }
        if let Some(above) = &self.above {
            let above = mean_of_year(above, year, claim, env)?;
            counts = counts.plus(&Schedule::flat(-above)).at_least(0.0);
        }
        Ok(counts)
    }

    fn within_limits(
        &self,
        of: &RecordYear,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<f64, LawError> {
        let counts = self.of_year(of.year, claim, env)?;
        let part = part_of_year(of.months);
        Ok(part * counts.at(of.earnings / part))
    }

    /// Puts earnings into the months of the window that have no record, where the law does so.
    fn fill_missing(
        &self,
        years: &mut Vec<RecordYear>,
        when: &When,
        (claim, env): (&Claim<'_>, &Environment<'_>),
    ) -> Result<(), LawError> {
        let Some(missing) = &self.missing else { return Ok(()) };
        let claimed = i32::from(claim.when.date.year());
        let first = match &self.window {
            #[expect(clippy::cast_possible_truncation, reason = "years of a law fit i32")]
            Window::Last(last) => claimed - last.at(when)?.value.ceil() as i32,
            _ => i32::from(claim.when.entered.year()),
        };
        for year in (first..claimed).map(Year::new) {
            let at = years.partition_point(|known| known.year < year);
            let known = years.get(at).filter(|known| known.year == year);
            let entered = i32::from(claim.when.entered.year()) == year.get();
            let not_yet = if entered { f64::from(claim.when.entered.month() - 1) } else { 0.0 };
            let months = 12.0 - not_yet - known.map_or(0.0, |known| known.months);
            if months <= 0.0 {
                continue;
            }
            let earnings = mean_of_year(missing, year, claim, env)? * months / 12.0;
            match years.get_mut(at).filter(|known| known.year == year) {
                Some(known) => {
                    known.months += months;
                    known.earnings += earnings;
                    known.kinds.push("missing".to_owned());
                }
                None => {
                    let kinds = vec!["missing".to_owned()];
                    years.insert(at, RecordYear { year, kinds, months, earnings });
                }
            }
        }
        Ok(())
    }

    fn dropped(&self, when: &When) -> Result<f64, LawError> {
        self.drop.as_ref().map_or(Ok(0.0), |rule| Ok(rule.at(when)?.value))
    }

    /// The parts of years in the window, and all its months where missing ones count.
    fn window_of(
        &self,
        years: &[CountedYear],
        when: &When,
        (claim, env): (&Claim<'_>, &Environment<'_>),
    ) -> Result<(Vec<Taken>, Option<f64>), LawError> {
        let claimed = Year::new(i32::from(claim.when.date.year()));
        let over_window = self.divided_by == DividedBy::Window;
        let all = |years: &[CountedYear]| {
            let parts = years.iter().enumerate();
            parts.map(|(at, year)| Taken { at, months: year.months }).collect::<Vec<_>>()
        };
        Ok(match &self.window {
            Window::Career => {
                let months = f64::from(months_between(claim.when.entered, claim.when.date).max(0));
                (all(years), over_window.then_some(months))
            }
            Window::Last(last) if over_window => {
                let last = last.at(when)?.value;
                let mut taken = all(years);
                let first = f64::from(claimed.get()) - last;
                taken.retain(|part| {
                    let year = f64::from(years[part.at].year.get());
                    first <= year && years[part.at].year < claimed
                });
                (taken, Some(12.0 * last))
            }
            Window::Last(last) => (last_months(years, 12.0 * last.at(when)?.value), None),
            Window::LastOf(months) => {
                let months = asked(months, when, claim, env)?;
                (last_months(years, months), over_window.then_some(months))
            }
            Window::Best { years: best, of_last, consecutive } => {
                let wanted = match best {
                    Length::Years(rule) => rule.at(when)?.value,
                    Length::Months(operand) => asked(operand, when, claim, env)? / 12.0,
                };
                let earliest = match of_last {
                    None => f64::NEG_INFINITY,
                    Some(last) => f64::from(claimed.get()) - last.at(when)?.value,
                };
                let among = |year: Year| {
                    earliest <= f64::from(year.get()) && (of_last.is_none() || year < claimed)
                };
                let taken = if *consecutive {
                    best_run(years, wanted, among)
                } else {
                    best_years(years, wanted, among)
                };
                (taken, over_window.then_some(12.0 * wanted))
            }
        })
    }

    /// Averages what was taken, without the lowest months where the law leaves them out.
    fn average(
        &self,
        mut years: Vec<CountedYear>,
        taken: &[Taken],
        (all_months, drop): (Option<f64>, f64),
    ) -> Result<Counted, LawError> {
        let credited: f64 = taken.iter().fold(0.0, |sum, part| sum + part.months);
        let of_years = || {
            let parts = taken.iter().filter(|part| 0.0 < years[part.at].earnings);
            parts.fold(0.0, |sum, part| sum + 12.0 * part.months / years[part.at].months)
        };
        let by_years = self.divided_by == DividedBy::Years;
        let mut months = all_months.unwrap_or(if by_years { of_years() } else { credited });
        let mut left_out = drop * months;
        months -= left_out;
        // Missing months are the lowest of all.
        left_out = (left_out - (all_months.unwrap_or(credited) - credited).max(0.0)).max(0.0);
        let a_month = |year: &CountedYear| year.earnings * year.factor / year.months.max(1e-12);
        let mut order: Vec<&Taken> = taken.iter().collect();
        order.sort_by(|one, other| a_month(&years[one.at]).total_cmp(&a_month(&years[other.at])));
        let kept: Vec<(usize, f64)> = order
            .into_iter()
            .map(|part| {
                let out = part.months.min(left_out);
                left_out -= out;
                (part.at, part.months - out)
            })
            .collect();
        for (at, months) in kept {
            let year = &mut years[at];
            let part = if 0.0 < year.months { months / year.months } else { 0.0 };
            year.counted = part * (year.earnings * year.factor);
        }
        let sum = years.iter().fold(0.0, |sum, year| sum + year.counted);
        let amount = if 0.0 < months { 12.0 * sum / months } else { 0.0 };
        if !amount.is_finite() {
            return Err(LawError::NotMoney(perennis_units::NotMoney(amount)));
        }
        Ok(Counted {
            name: self.name.clone(),
            amount,
            years,
            formula: format!("12 × {} / {} months", number(sum), number(months)),
            provisions: vec![self.citation.clone()],
        })
    }
}

/// So many months counted back from the last credited one.
fn last_months(years: &[CountedYear], months: f64) -> Vec<Taken> {
    let mut wanted = months;
    let mut taken = Vec::new();
    for (at, year) in years.iter().enumerate().rev().filter(|(_, year)| 0.0 < year.months) {
        let months = year.months.min(wanted);
        if months <= 0.0 {
            break;
        }
        taken.push(Taken { at, months });
        wanted -= months;
    }
    taken
}

/// The years with the highest revalued earnings; of the last the part that is still wanted.
fn best_years(years: &[CountedYear], wanted: f64, among: impl Fn(Year) -> bool) -> Vec<Taken> {
    let worth = |at: usize| years[at].earnings * years[at].factor;
    let mut order: Vec<usize> = (0..years.len()).filter(|at| among(years[*at].year)).collect();
    order.sort_by(|one, other| worth(*other).total_cmp(&worth(*one)).then(other.cmp(one)));
    let mut left = wanted;
    let mut taken = Vec::new();
    for at in order {
        let part = left.min(1.0);
        if part <= 0.0 {
            break;
        }
        taken.push(Taken { at, months: part * years[at].months });
        left -= part;
    }
    taken
}

/// The calendar years in a row with the highest revalued earnings together.
fn best_run(years: &[CountedYear], wanted: f64, among: impl Fn(Year) -> bool) -> Vec<Taken> {
    let run = |first: usize| {
        let from = f64::from(years[first].year.get());
        let parts = years.iter().enumerate().skip(first);
        let parts = parts.take_while(move |(_, year)| f64::from(year.year.get()) < from + wanted);
        parts.map(|(at, year)| Taken { at, months: year.months }).collect::<Vec<_>>()
    };
    let worth = |taken: &[Taken]| {
        taken.iter().fold(0.0, |sum, part| sum + years[part.at].earnings * years[part.at].factor)
    };
    let mut best = Vec::new();
    for first in (0..years.len()).filter(|at| among(years[*at].year)) {
        let next: Vec<Taken> =
            run(first).into_iter().filter(|part| among(years[part.at].year)).collect();
        if worth(&best) <= worth(&next) {
            best = next;
        }
    }
    best
}

/// Years of a record of some kinds, insured work among them where it is named, the months and earnings of a year together.
pub(crate) fn record_years(
    record: &Record,
    kinds: &[String],
    claim: &Claim<'_>,
    env: &Environment<'_>,
) -> Result<Vec<RecordYear>, LawError> {
    let mut years: Vec<RecordYear> = Vec::new();
    let mut add = |year: Year, kind: &str, months: f64, earnings: f64| {
        let at = years.partition_point(|known| known.year < year);
        match years.get_mut(at).filter(|known| known.year == year) {
            Some(known) => {
                known.months += months;
                known.earnings += earnings;
                if known.kinds.iter().all(|known| known != kind) {
                    known.kinds.push(kind.to_owned());
                }
            }
            None => {
                let kinds = vec![kind.to_owned()];
                years.insert(at, RecordYear { year, kinds, months, earnings });
            }
        }
    };
    let work = kinds.iter().any(|kind| kind == WORK);
    for year in record.work().iter().filter(|_| work) {
        add(year.year, WORK, f64::from(year.months), year.insured_earnings.get());
    }
    for (period, of_period) in record.periods().iter().filter(|(p, _)| kinds.contains(&p.name)) {
        let of_a_month = period.credit_of_a_month(&claim.when)?;
        for year in of_period {
            let months = f64::from(year.months);
            let earnings = match &period.earnings {
                None => year.insured_earnings.get(),
                Some(operand) => mean_of_year(operand, year.year, claim, env)? * months / 12.0,
            };
            add(year.year, &period.name, months * of_a_month, earnings);
        }
    }
    years.retain(|year| 0.0 < year.months);
    Ok(years)
}

/// What an operand gives by the law in `when`.
pub(crate) fn asked(
    operand: &Operand,
    when: &When,
    claim: &Claim<'_>,
    env: &Environment<'_>,
) -> Result<f64, LawError> {
    let (benefit, notes) = (Benefit::asking(), Notes::default());
    let context = Context::new(&benefit, claim, env, (&Rows::One, &notes))?;
    Context { when: *when, ..context }.operand(operand)
}

/// The part of a year to which its limits apply: the months credited; all of it for earnings without months.
pub(crate) const fn part_of_year(months: f64) -> f64 {
    if 0.0 < months { (months / 12.0).min(1.0) } else { 1.0 }
}

/// What an operand gives in a year: the mean of what is in force on the first day of each month.
pub(crate) fn mean_of_year(
    operand: &Operand,
    year: Year,
    claim: &Claim<'_>,
    env: &Environment<'_>,
) -> Result<f64, LawError> {
    let benefit = Benefit::asking();
    let notes = Notes::default();
    let mut sum = 0.0;
    for month in 1..=12 {
        let date = crate::rule::first_of_month(year, month);
        let context = Context::new(&benefit, claim, env, (&Rows::One, &notes))?;
        let context = Context { when: When { date, ..context.when }, ..context };
        let value: f64 = context.operand(operand)?;
        sum += value;
    }
    Ok(sum / 12.0)
}
