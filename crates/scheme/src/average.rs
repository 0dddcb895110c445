use perennis_units::{Date, Money, When, Year, months_between};

use crate::by_month::{MonthsOfYear, together};
use crate::context::{Context, Notes, Rows};
use crate::window::{Parts, Taken, month_of};
use crate::words::number;
use crate::{
    Benefit, Claim, Counted, CountedYear, Credit, DividedBy, Environment, LawError, LimitsOf,
    Operand, Record, ReferenceRule, Schedule, WORK, Window,
};

/// A year of a record, all kinds together.
#[derive(Clone, Debug)]
pub(crate) struct RecordYear {
    pub(crate) year: Year,
    pub(crate) kinds: Vec<String>,
    pub(crate) months: f64,
    pub(crate) earnings: f64,
    /// Each month, where the record tells it of every kind.
    pub(crate) by_month: Option<MonthsOfYear>,
}

impl ReferenceRule {
    /// Returns the reference earnings of a person's record, currency a year at the level of the award, for the law of the
    /// day `assessed`.
    ///
    /// # Formula
    ///
    /// `12 * (sum of earnings * revaluation) / (sum of months)` over the window. Last years are counted back from the last
    /// credited month: of a year that lies partly in the window the earnings of as many months enter, those that the record
    /// tells, else each a like part of the year's. Best years are calendar years ranked by their revalued earnings. Over all months of the window missing
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
        for of in &mut years {
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
        let by_month: Vec<_> = years.iter().map(|of| of.by_month).collect();
        let (from, until) = self.life.days(&when)?;
        let start = from.unwrap_or(claim.when.entered);
        let end = until.map_or(claim.when.date, |until| until.min(claim.when.date));
        let career = f64::from(months_between(start, end).max(0));
        let parts = Parts::of(&counted, &by_month).within(from, until);
        let (taken, all_months) = parts.window(self, &when, (claim, env), career)?;
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

    /// The earnings of a year, or of its months, that count.
    fn within_limits(
        &self,
        of: &mut RecordYear,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<f64, LawError> {
        let counts = self.of_year(of.year, claim, env)?;
        if let (LimitsOf::Month, Some(months)) = (self.limits, &mut of.by_month) {
            let mut sum = 0.0;
            for (credited, earned) in months.iter_mut().filter(|(credited, _)| 0.0 < *credited) {
                let part = credited.min(1.0) / 12.0;
                *earned = part * counts.at(*earned / part);
                sum += *earned;
            }
            return Ok(sum);
        }
        let part = part_of_year(of.months);
        Ok(part * counts.at(of.earnings / part))
    }

    /// Puts earnings into the months of the window that have no record, where the law does so; the months nearest to the
    /// claim first.
    fn fill_missing(
        &self,
        years: &mut Vec<RecordYear>,
        when: &When,
        (claim, env): (&Claim<'_>, &Environment<'_>),
    ) -> Result<(), LawError> {
        let Some(missing) = &self.missing else { return Ok(()) };
        let (first, end) = self.window_months(when, (claim, env))?;
        let mut left = match &missing.beyond {
            None => f64::INFINITY,
            Some((years, _)) => 12.0 * years.at(when)?.value,
        };
        for year in (first.div_euclid(12)..=(end - 1).div_euclid(12)).rev().map(Year::new) {
            let at = years.partition_point(|known| known.year < year);
            let known = years.get(at).filter(|known| known.year == year);
            // Of a year that is known as a whole, what lies in the window is taken to be credited first.
            let within = (end.min(12 * year.get() + 12) - first.max(12 * year.get())).min(12);
            let months = f64::from(within) - known.map_or(0.0, |known| known.months);
            if months <= 0.0 {
                continue;
            }
            let nearest = months.min(left);
            left -= nearest;
            let mut earned = mean_of_year(&missing.earnings, year, claim, env)? / 12.0 * nearest;
            if let Some((_, rest)) = missing.beyond.as_ref().filter(|_| nearest < months) {
                earned += mean_of_year(rest, year, claim, env)? / 12.0 * (months - nearest);
            }
            match years.get_mut(at).filter(|known| known.year == year) {
                Some(known) => {
                    if let Some(by_month) = &mut known.by_month {
                        let here = |month: i32| {
                            first <= 12 * year.get() + month && 12 * year.get() + month < end
                        };
                        let free = (0..).zip(by_month.iter_mut());
                        for (_, month) in free.filter(|(at, month)| here(*at) && month.0 <= 0.0) {
                            *month = (1.0, earned / months);
                        }
                    }
                    known.months += months;
                    known.earnings += earned;
                    known.kinds.push("missing".to_owned());
                }
                None => {
                    let kinds = vec!["missing".to_owned()];
                    let by_month = None;
                    years
                        .insert(at, RecordYear { year, kinds, months, earnings: earned, by_month });
                }
            }
        }
        Ok(())
    }

    /// The first month of the window and the month after its last, counted from January of the year 0.
    fn window_months(
        &self,
        when: &When,
        (claim, env): (&Claim<'_>, &Environment<'_>),
    ) -> Result<(i32, i32), LawError> {
        let claimed = i32::from(claim.when.date.year());
        let (from, _) = self.life.days(when)?;
        let start = month_of(from.unwrap_or(claim.when.entered));
        #[expect(clippy::cast_possible_truncation, reason = "years and months of a law fit i32")]
        Ok(match &self.window {
            Window::Last(last) => {
                (12 * (claimed - last.at(when)?.value.ceil() as i32), 12 * claimed)
            }
            Window::LastOf(months) => {
                let end = month_of(claim.when.date);
                (end - asked(months, when, claim, env)?.ceil() as i32, end)
            }
            _ => (start, 12 * claimed),
        })
    }

    fn dropped(&self, when: &When) -> Result<f64, LawError> {
        self.drop.as_ref().map_or(Ok(0.0), |rule| Ok(rule.at(when)?.value))
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
        let a_month = |part: &Taken| {
            let year = &years[part.at];
            part.share * year.earnings * year.factor / part.months.max(1e-12)
        };
        let mut order: Vec<&Taken> = taken.iter().collect();
        order.sort_by(|one, other| a_month(one).total_cmp(&a_month(other)));
        let kept: Vec<(usize, f64)> = order
            .into_iter()
            .map(|part| {
                let out = part.months.min(left_out);
                left_out -= out;
                let kept = if 0.0 < part.months { (part.months - out) / part.months } else { 0.0 };
                (part.at, kept * part.share)
            })
            .collect();
        for (at, share) in kept {
            let year = &mut years[at];
            year.counted += share * (year.earnings * year.factor);
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

/// Years of a record of some kinds, insured work among them where it is named, the months and earnings of a year together.
pub(crate) fn record_years(
    record: &Record,
    kinds: &[String],
    claim: &Claim<'_>,
    env: &Environment<'_>,
) -> Result<Vec<RecordYear>, LawError> {
    let mut years: Vec<RecordYear> = Vec::new();
    let mut add = |year: Year, kind: &str, (months, earnings): (f64, f64), by_month| {
        let at = years.partition_point(|known| known.year < year);
        match years.get_mut(at).filter(|known| known.year == year) {
            Some(known) => {
                known.months += months;
                known.earnings += earnings;
                known.by_month = together(known.by_month, by_month);
                if known.kinds.iter().all(|known| known != kind) {
                    known.kinds.push(kind.to_owned());
                }
            }
            None => {
                let kinds = vec![kind.to_owned()];
                years.insert(at, RecordYear { year, kinds, months, earnings, by_month });
            }
        }
    };
    let work = kinds.iter().any(|kind| kind == WORK);
    for year in record.work().iter().filter(|_| work) {
        let earnings = year.insured_earnings.get();
        let told = record.months_of(WORK, year.year);
        let each = |earned: &Option<Money>| earned.map_or((0.0, 0.0), |earned| (1.0, earned.get()));
        let by_month = told.map(|of| of.months().each_ref().map(each));
        add(year.year, WORK, (f64::from(year.months), earnings), by_month);
    }
    for (period, of_period) in record.periods().iter().filter(|(p, _)| kinds.contains(&p.name)) {
        let of_a_month = period.credit_of_a_month(&claim.when)?;
        for year in of_period {
            let months = f64::from(year.months);
            let earnings = match &period.earnings {
                None => year.insured_earnings.get(),
                Some(operand) => mean_of_year(operand, year.year, claim, env)? * months / 12.0,
            };
            let each = |earned: &Option<Money>| match (earned, &period.earnings) {
                (None, _) => (0.0, 0.0),
                (Some(earned), None) => (of_a_month, earned.get()),
                (Some(_), Some(_)) => (of_a_month, earnings / months),
            };
            let told = record.months_of(&period.name, year.year);
            let by_month = told.map(|of| of.months().each_ref().map(each));
            add(year.year, &period.name, (months * of_a_month, earnings), by_month);
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
