use std::sync::Arc;

use perennis_units::{Citation, Date, When, Year, date_of_year, months_between};

use crate::average::{RecordYear, asked, mean_of_year, part_of_year, record_years};
use crate::points::opening;
use crate::words::number;
use crate::{
    Claim, Counted, CountedYear, Credit, Environment, Index, LawError, LifeTable, Operand, Rule,
    Schedule, StatedKind, WORK,
};

/// What a balance earns.
#[derive(Clone, Debug, PartialEq)]
pub enum Interest {
    /// The growth of an index, so many years before.
    Index {
        /// What it follows.
        by: Index,
        /// Years by which it lags.
        lag: i32,
    },
    /// A rate of the law, a share a year.
    Rate(Rule<f64>),
}

/// When in a year something is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// At its start.
    Start,
    /// In the middle, or evenly over it.
    Middle,
    /// At its end.
    End,
}

/// Whose mortality is meant.
#[derive(Clone, Debug, PartialEq)]
pub enum Mortality {
    /// A table of the law, by date, birth and sex.
    Table(Arc<Rule<LifeTable>>),
    /// That of the valuation.
    Scheme,
}

impl Mortality {
    /// The life table of a person.
    pub(crate) fn table<'a>(
        &'a self,
        rule: &str,
        when: &When,
        env: &Environment<'a>,
    ) -> Result<&'a LifeTable, LawError> {
        match self {
            Self::Table(tables) => Ok(&tables.at(when)?.value),
            Self::Scheme => env
                .outlook
                .and_then(|outlook| outlook.life_table(when.sex))
                .ok_or_else(|| LawError::NoMortality { rule: rule.to_owned() }),
        }
    }
}

/// A notional or real account.
#[derive(Clone, Debug, PartialEq)]
pub struct BalanceRule {
    /// Name in the file; the same name is the same rule.
    pub name: String,
    /// Share of insured earnings that is credited, by the law of each year and the age reached in it.
    pub rate: Operand,
    /// Earnings of a year that count at most, mean in force of the year.
    pub ceiling: Option<Operand>,
    /// Earnings of a year that count at least, by the months of the year; mean in force of the year.
    pub floor: Option<Operand>,
    /// Only earnings of a year above this count, after the ceiling; mean in force of the year.
    pub above: Option<Operand>,
    /// Kinds of periods whose earnings count; insured work when empty.
    pub kinds: Vec<String>,
    /// What the balance earns.
    pub interest: Interest,
    /// When contributions of a year are credited: they earn a whole, half or no year of interest in it.
    pub timing: Timing,
    /// Balances of the dead go to survivors of the same age.
    pub inheritance: Option<Mortality>,
    /// Share of the balance taken each year.
    pub fee: Option<Rule<f64>>,
    /// The sum of contributions is the least balance.
    pub guaranteed: bool,
    /// Act and section.
    pub citation: Citation,
}

impl BalanceRule {
    /// Returns the balance of a person's record at the claim.
    ///
    /// # Formula
    ///
    /// `B(t + 1) = (B(t) * g + c * g^k) * (1 - fee)` with `g = (1 + i) * l(x) / l(x + 1)` and `k` of 1, 1/2 or 0 for
    /// contributions at the start, in the middle or at the end of the year, and `x` the whole age at its start; up to the
    /// start of the year of the claim, to which contributions of that year are added as they are. Floor and ceiling are
    /// those of the months credited. Where contributions are
    /// guaranteed, at least their sum.
    ///
    /// # Units
    ///
    /// Currency.
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
        let claimed = Year::new(i32::from(claim.when.date.year()));
        let (mut years, from) = opening(claim, StatedKind::Balance, &self.name);
        let mut paid = years.iter().fold(0.0, |sum, year| sum + year.earnings);
        let work = [WORK.to_owned()];
        let kinds = if self.kinds.is_empty() { &work[..] } else { &self.kinds };
        let of_record = record_years(record, kinds, claim, env)?;
        let counts = |of: &&RecordYear| from <= of.year && of.year <= claimed;
        let mut of_record = of_record.iter().filter(counts).peekable();
        let first = of_record.peek().map_or(claimed, |of| of.year);
        let first = years.first().map_or(first, |stated| stated.year.min(first));
        for year in (first.get()..=claimed.get()).map(Year::new) {
            let law =
                self.of_year(year, claim, env).map_err(|because| LawError::YearNotCounted {
                    rule: self.name.clone(),
                    year,
                    because: Box::new(because),
                })?;
            if year < claimed {
                years.iter_mut().for_each(|before| before.factor *= law.growth);
            }
            if let Some(of) = of_record.next_if(|of| of.year == year) {
                let part = part_of_year(of.months);
                let held = of.earnings.max(part * law.floor).min(part * law.ceiling);
                let earnings = (held - part * law.above).max(0.0);
                paid += law.rate * earnings;
                years.push(CountedYear {
                    year,
                    kind: of.kinds.join(", "),
                    months: of.months,
                    earnings,
                    factor: law.rate * if year < claimed { law.growth_of_paid } else { 1.0 },
                    counted: 0.0,
                });
            }
        }
        years.iter_mut().for_each(|year| year.counted = year.earnings * year.factor);
        let balance = years.iter().fold(0.0, |sum, year| sum + year.counted);
        let lifted = self.guaranteed && balance < paid;
        Ok(Counted {
            name: self.name.clone(),
            amount: if lifted { paid } else { balance },
            years,
            formula: if lifted {
                format!(
                    "the contributions of {}, more than {} with interest",
                    number(paid),
                    number(balance)
                )
            } else {
                format!("contributions of {} with interest", number(paid))
            },
            provisions: vec![self.citation.clone()],
        })
    }

    /// Returns what a year does to a balance; of the claim only the person is read.
    ///
    /// # Errors
    ///
    /// [`LawError`] when the law says nothing where it is asked.
    pub fn of_year(
        &self,
        year: Year,
        claim: &Claim<'_>,
        env: &Environment<'_>,
    ) -> Result<BalanceOfYear, LawError> {
        let start = date_of_year(year);
        let when = When { date: start, ..claim.when };
        // A rate by age is that of the age reached in the year.
        let end = Date::new(start.year(), 12, 31).unwrap_or(start);
        let at_end = Claim { when: When { date: end, ..claim.when }, ..*claim };
        let rate = asked(&self.rate, &when, &at_end, env)?;
        let limit = |operand: &Option<Operand>, without: f64| match operand {
            None => Ok(without),
            Some(operand) => mean_of_year(operand, year, claim, env),
        };
        let interest = match &self.interest {
            Interest::Index { by, lag } => {
                by.factor(year.plus(-lag - 1), year.plus(-lag), env.indices)?
            }
            Interest::Rate(rate) => 1.0 + rate.at(&when)?.value,
        };
        let kept =
            1.0 - self.fee.as_ref().map_or(Ok(0.0), |fee| fee.at(&when).map(|row| row.value))?;
        let inherited = match &self.inheritance {
            None => 1.0,
            Some(mortality) => {
                let table = mortality.table(&self.name, &when, env)?;
                let age = usize::try_from(months_between(when.born, start) / 12).unwrap_or(0);
                inherited(table, age)
                    .ok_or_else(|| LawError::NoSurvivors { rule: self.name.clone(), age })?
            }
        };
        // What is paid at the start is there when those of the year die, and shares in what they leave.
        let of_paid = match self.timing {
            Timing::Start => interest * inherited,
            Timing::Middle => libm::sqrt((interest * inherited).max(0.0)),
            Timing::End => 1.0,
        };
        Ok(BalanceOfYear {
            rate,
            floor: limit(&self.floor, 0.0)?,
            ceiling: limit(&self.ceiling, f64::INFINITY)?,
            above: limit(&self.above, 0.0)?,
            growth: interest * inherited * kept,
            growth_of_paid: of_paid * kept,
        })
    }
}

/// `l(x) / l(x + 1)`; 1 at ages before the table, `None` where nobody survives.
fn inherited(table: &LifeTable, age: usize) -> Option<f64> {
    let Some(now) = table.survivors(age) else { return Some(1.0) };
    table.survivors(age + 1).filter(|later| 0.0 < *later).map(|later| now / later)
}

/// What one year does to a balance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BalanceOfYear {
    /// Share of the earnings that count which is credited.
    pub rate: f64,
    /// Earnings of a whole year that count at least, currency.
    pub floor: f64,
    /// Earnings that count at most, currency a year; infinite without a ceiling.
    pub ceiling: f64,
    /// Only earnings above this count, currency a year.
    pub above: f64,
    /// What a balance at its start becomes by its end: interest, inheritance and fee.
    pub growth: f64,
    /// What contributions of the year become by its end.
    pub growth_of_paid: f64,
}

impl BalanceOfYear {
    /// Returns what is credited for a whole year as a function of its earnings, before interest of the year.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        let lifted = Schedule::identity().at_least(self.floor);
        let held = if self.ceiling.is_finite() { lifted.at_most(self.ceiling) } else { lifted };
        let counted = held.plus(&Schedule::flat(-self.above)).at_least(0.0);
        counted.times(self.rate)
    }
}
