//! Months of credit of some kinds, in a part of life, by what was earned in them.

use perennis_units::{Date, Duration, Year, add_months, months_between};

use crate::average::{RecordYear, mean_of_year, record_years};
use crate::by_month::credited_before;
use crate::context::{Context, Rows};
use crate::value::Value;
use crate::{Credit, CreditedMonths, LawError, LivedMonths, MonthsBought, Rule};

/// The part of life in which months count.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    from: Option<Date>,
    /// The first day that does not count.
    until: Option<Date>,
    /// Months of the record that come before.
    beyond: f64,
}

impl<'a> Context<'a> {
    /// Months of credit of some kinds of periods.
    pub(crate) fn credited_months<V: Value>(&self, of: &'a CreditedMonths) -> Result<V, LawError> {
        let span = self.span(of)?;
        let mut months: V = V::by_rows(self, |row| match self.credit(row) {
            Credit::Record(_) => self.months_of_record(of, span),
            credit => {
                if of.earnings_at_least.is_some() || of.bought.is_some() {
                    return Err(LawError::NotKnown { measure: "earnings of each year".to_owned() });
                }
                let all = credit.of_kinds(&of.kinds, &self.claim.when)?;
                let before = |day| f64::from(credit.months_before(day));
                let to = span.until.map_or(all, before);
                Ok((to - span.from.map_or(0.0, before).max(span.beyond)).max(0.0))
            }
        })?;
        if let Some(most) = &of.at_most {
            let most: V = self.duration(most)?;
            months = months.lesser(&most);
        }
        Ok(months)
    }

    /// Months of residence in a part of life; nothing is known of them where no spans are.
    pub(crate) fn lived_months<V: Value>(&self, of: &'a LivedMonths) -> Result<V, LawError> {
        let unknown = || LawError::NotKnown { measure: "spans of residence".to_owned() };
        let spans = self.claim.known.map(|known| &known.residence);
        let spans = spans.filter(|spans| !spans.is_empty()).ok_or_else(unknown)?;
        let (mut from, until) = of.life.days(&self.when)?;
        if let Some(last) = &of.within_last {
            let last = last.at(&self.when)?.value.in_months();
            from = from.max(Some(add_months(self.claim.when.date, -last)));
        }
        let inside = |(first, end): &(Date, Date)| {
            let first = from.map_or(*first, |from| from.max(*first));
            let end = until.map_or(*end, |until| until.min(*end));
            f64::from(months_between(first, end).max(0))
        };
        let months = spans.iter().map(inside).fold(0.0, |sum, months| sum + months);
        let months = V::number(months);
        let Some(most) = &of.at_most else { return Ok(months) };
        let most: V = self.duration(most)?;
        Ok(months.lesser(&most))
    }

    fn span(&self, of: &CreditedMonths) -> Result<Span, LawError> {
        let months = |rule: &Rule<Duration>| -> Result<i32, LawError> {
            Ok(rule.at(&self.when)?.value.in_months())
        };
        let (from, until) = of.life.days(&self.when)?;
        let mut span = Span { from, until, ..Span::default() };
        if let Some(last) = &of.within_last {
            span.from = span.from.max(Some(add_months(self.claim.when.date, -months(last)?)));
        }
        if let Some(beyond) = &of.beyond {
            span.beyond = f64::from(months(beyond)?);
        }
        Ok(span)
    }

    /// Counts year by year; months of a year are taken as spread evenly over it, whole months count.
    fn months_of_record(&self, of: &CreditedMonths, span: Span) -> Result<f64, LawError> {
        let Credit::Record(record) = self.claim.credit else { return Ok(0.0) };
        let all: Vec<String>;
        let kinds = if of.kinds.is_empty() {
            let periods = record.periods().iter().map(|(period, _)| period.name.clone());
            all = std::iter::once(crate::WORK.to_owned()).chain(periods).collect();
            &all
        } else {
            &of.kinds
        };
        let (mut sum, mut before) = (0.0, 0.0);
        for year in record_years(record, kinds, self.claim, self.env)? {
            if let Some(least) = &of.earnings_at_least {
                let least = mean_of_year(least, year.year, self.claim, self.env)?;
                let of_a_year = year.earnings * 12.0 / year.months;
                if of_a_year < least - 1e-9 * least.abs() {
                    continue;
                }
            }
            let months = match &of.bought {
                None => year.months,
                Some(bought) => self.bought(bought, year.year, year.earnings)?,
            };
            let to = span.until.map_or(months, |day| year.part_before(months, day));
            let from = span.from.map_or(0.0, |day| year.part_before(months, day));
            sum += (before + to - (before + from).max(span.beyond)).max(0.0);
            before += months;
        }
        Ok(sum)
    }

    fn bought(&self, bought: &MonthsBought, year: Year, earnings: f64) -> Result<f64, LawError> {
        let price = mean_of_year(&bought.for_earnings, year, self.claim, self.env)?;
        if price <= 0.0 {
            return Err(self.divided_by_zero("for_earnings"));
        }
        let each = f64::from(bought.each.at(&self.when)?.value.in_months());
        let most = match &bought.at_most_a_year {
            None => 12.0,
            Some(rule) => f64::from(rule.at(&self.when)?.value.in_months()),
        };
        Ok(((earnings / price + 1e-9).floor() * each).min(most))
    }
}

/// A day, and the months from it to the end of the credit where all claims of a context end theirs together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    pub(crate) day: Date,
    months_to_end: Option<i32>,
}

impl Context<'_> {
    /// Prepares to count the months of many claims before a day.
    pub(crate) fn cut(&self, day: Date) -> Cut {
        let months_to_end = match self.rows {
            Rows::Months(rows) => Some(months_between(day, rows.until)),
            Rows::One | Rows::Held(_) => None,
        };
        Cut { day, months_to_end }
    }

    /// All months of credit of a claim.
    pub(crate) fn months(&self, row: usize) -> Result<f64, LawError> {
        match self.credit(row) {
            Credit::Ending { months, .. } => Ok(f64::from(months)),
            record => record.of_kinds(&[], &self.claim.when),
        }
    }

    /// The months of credit of a claim before a day.
    pub(crate) fn months_before(&self, row: usize, cut: &Cut) -> Result<f64, LawError> {
        match (self.credit(row), cut.months_to_end) {
            (Credit::Ending { months, .. }, Some(after)) => {
                Ok(f64::from(months - after.clamp(0, months)))
            }
            (credit, _) => credit.before(cut.day, &[], &self.claim.when),
        }
    }
}

impl RecordYear {
    /// Those of the months counted in the year that lie before a day, by the months of the record or spread evenly over the
    /// year; whole months count.
    fn part_before(&self, months: f64, day: Date) -> f64 {
        let of_day = i32::from(day.year());
        match (self.year.get(), &self.by_month) {
            (earlier, _) if earlier < of_day => months,
            (later, _) if of_day < later => 0.0,
            (_, Some(by_month)) if 0.0 < self.months => {
                let part = credited_before(by_month, day.month()) / self.months;
                (months * part + 1e-9).floor()
            }
            _ => (months * f64::from(day.month() - 1) / 12.0 + 1e-9).floor(),
        }
    }
}
