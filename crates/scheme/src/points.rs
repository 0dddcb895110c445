use perennis_units::{Citation, Date, When, Year, date_of_year};

use crate::average::{RecordYear, mean_of_year, part_of_year, record_years};
use crate::known::StatedValue;
use crate::{
    Claim, Counted, CountedYear, Credit, Environment, LawError, Operand, Rounding, Rule, Schedule,
    StatedKind, WORK,
};

/// How earnings buy points.
#[derive(Clone, Debug, PartialEq)]
pub struct PointsRule {
    /// Name in the file; the same name is the same rule.
    pub name: String,
    /// Earnings of a year that buy one point, mean in force of the year.
    pub price: Operand,
    /// Share of earnings that buys points; all when absent.
    pub rate: Option<Rule<f64>>,
    /// Points a year at most.
    pub at_most: Option<Rule<f64>>,
    /// Earnings of a year that count at most, mean in force of the year.
    pub ceiling: Option<Operand>,
    /// Points for a year of credited periods, by name of the period; months count as twelfths.
    pub credited: Vec<(String, Rule<f64>)>,
    /// Kinds of periods whose earnings buy points; insured work when empty.
    pub kinds: Vec<String>,
    /// Only earnings of a year above this buy points, after the ceiling; mean in force of the year.
    pub above: Option<Operand>,
    /// Only years whose earnings, as of a whole year, reach this buy points; mean in force of the year.
    pub earnings_at_least: Option<Operand>,
    /// Points a year at least, by the months of the year.
    pub at_least: Option<Rule<f64>>,
    /// Rounding of the points of each year.
    pub rounded: Option<Rounding>,
    /// Act and section.
    pub citation: Citation,
}

impl PointsRule {
    /// Returns the points of a person's record up to the claim, by the law of each year.
    ///
    /// # Formula
    ///
    /// `sum over years of min(at_most, max(at_least, rate * max(0, min(earnings, ceiling) - above) / price))`, rounded year by
    /// year where the law rounds; the limits are those of the months credited; for credited periods points a year by months. Points stated of a day come first, and then
    /// only the years from that day's on.
    ///
    /// # Units
    ///
    /// Points.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked, or no record is known.
    pub fn of_record(
        &self,
        claim: &Claim<'_>,
        _assessed: Date,
        env: &Environment<'_>,
    ) -> Result<Counted, LawError> {
        let Credit::Record(record) = claim.credit else {
            return Err(LawError::NotKnown { measure: self.name.clone() });
        };
        let (mut years, first) = opening(claim, StatedKind::Points, &self.name);
        let work = [WORK.to_owned()];
        let kinds = if self.kinds.is_empty() { &work[..] } else { &self.kinds };
        for of in record_years(record, kinds, claim, env)? {
            if first <= of.year {
                let bought = self.bought(&of, claim, env);
                years.push(bought.map_err(|because| self.not_counted(of.year, because))?);
            }
        }
        for (period, of_period) in record.periods() {
            let Some((_, points)) = self.credited.iter().find(|(name, _)| *name == period.name)
            else {
                continue;
            };
            for credited in of_period.iter().filter(|credited| first <= credited.year) {
                let when = When { date: date_of_year(credited.year), ..claim.when };
                let months = f64::from(credited.months);
                let a_year = points.at(&when).map_err(|of| self.not_counted(credited.year, of))?;
                years.push(CountedYear {
                    year: credited.year,
                    kind: period.name.clone(),
                    months,
                    earnings: 0.0,
                    factor: 0.0,
                    counted: self.rounded_points(a_year.value * months / 12.0, &when)?,
                });
            }
        }
        years.sort_by_key(|year| year.year);
        let amount = years.iter().fold(0.0, |sum, year| sum + year.counted);
        let formula = format!("sum of {} years", years.len());
        let provisions = vec![self.citation.clone()];
        Ok(Counted { name: self.name.clone(), amount, years, formula, provisions })
    }

    /// The points that the earnings of a year buy.
    fn bought(
        &self,
        of: &RecordYear,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<CountedYear, LawError> {
        let law = self.of_year(of.year, claim, env)?;
        let part = part_of_year(of.months);
        let mut counted = CountedYear {
            year: of.year,
            kind: of.kinds.join(", "),
            months: of.months,
            earnings: (of.earnings.min(part * law.ceiling) - part * law.above).max(0.0),
            factor: law.points_a_unit,
            counted: 0.0,
        };
        let of_a_year = of.earnings * 12.0 / of.months;
        if of_a_year < law.earnings_at_least - 1e-9 * law.earnings_at_least {
            return Ok(counted);
        }
        let when = When { date: date_of_year(of.year), ..claim.when };
        let points = counted.earnings * law.points_a_unit;
        let points = points.max(part * law.at_least).min(part * law.at_most);
        counted.counted = self.rounded_points(points, &when)?;
        Ok(counted)
    }

    fn rounded_points(&self, points: f64, when: &When) -> Result<f64, LawError> {
        self.rounded.as_ref().map_or(Ok(points), |rounding| rounding.of(points, when))
    }

    fn not_counted(&self, year: Year, because: LawError) -> LawError {
        LawError::YearNotCounted { rule: self.name.clone(), year, because: Box::new(because) }
    }

    /// Returns what buys points in a year; of the claim only the person is read.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked, or the price is nothing.
    pub fn of_year(
        &self,
        year: Year,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<PointsOfYear, LawError> {
        let when = When { date: date_of_year(year), ..claim.when };
        let value = |rule: &Option<Rule<f64>>| {
            rule.as_ref().map(|rule| rule.at(&when).map(|row| row.value)).transpose()
        };
        let rate = value(&self.rate)?.unwrap_or(1.0);
        let at_most = value(&self.at_most)?.unwrap_or(f64::INFINITY);
        let price = mean_of_year(&self.price, year, claim, env)?;
        if price <= 0.0 {
            let (place, what) = (self.name.clone(), format!("price of a point in {year}"));
            return Err(LawError::DividedByZero { place, position: 0, what });
        }
        let limit = |operand: &Option<Operand>, without: f64| match operand {
            None => Ok(without),
            Some(operand) => mean_of_year(operand, year, claim, env),
        };
        Ok(PointsOfYear {
            points_a_unit: rate / price,
            ceiling: limit(&self.ceiling, f64::INFINITY)?,
            above: limit(&self.above, 0.0)?,
            earnings_at_least: limit(&self.earnings_at_least, 0.0)?,
            at_least: value(&self.at_least)?.unwrap_or(0.0),
            at_most,
        })
    }
}

/// What buys points in one year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointsOfYear {
    /// Points for each currency unit of earnings.
    pub points_a_unit: f64,
    /// Earnings that count at most, currency a year; infinite without a ceiling.
    pub ceiling: f64,
    /// Only earnings above this count, currency a year.
    pub above: f64,
    /// Earnings of a whole year below which no points are bought, currency.
    pub earnings_at_least: f64,
    /// Points at least.
    pub at_least: f64,
    /// Points at most; infinite without a limit.
    pub at_most: f64,
}

impl PointsOfYear {
    /// Returns the points of a year as a function of its earnings. Rounding is for persons, and so is the least that a year
    /// must earn.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        let counted = counted_earnings(self.above, self.ceiling);
        let bought = counted.times(self.points_a_unit).at_least(self.at_least);
        if self.at_most.is_finite() { bought.at_most(self.at_most) } else { bought }
    }
}

/// Earnings that count between two limits, as a function of all earnings.
pub(crate) fn counted_earnings(above: f64, ceiling: f64) -> Schedule {
    let below = Schedule::identity();
    let below = if ceiling.is_finite() { below.at_most(ceiling) } else { below };
    if above <= 0.0 { below } else { below.plus(&Schedule::flat(-above)).at_least(0.0) }
}

/// What was stated of a day, as a year of the record, and the first year that counts on top.
pub(crate) fn opening(claim: &Claim<'_>, kind: StatedKind, name: &str) -> (Vec<CountedYear>, Year) {
    let stated = claim.known.and_then(|known| known.stated_value(kind, name));
    let Some(StatedValue { value, on: Some(day) }) = stated else {
        return (Vec::new(), Year::new(i32::MIN));
    };
    let year = Year::new(i32::from(day.year()));
    let kind = "stated".to_owned();
    let stated =
        CountedYear { year, kind, months: 0.0, earnings: value, factor: 1.0, counted: value };
    (vec![stated], year)
}
