//! Which months of a record enter an average.

use perennis_units::{Date, When, Year};

use crate::average::asked;
use crate::by_month::MonthsOfYear;
use crate::{Claim, CountedYear, DividedBy, Environment, LawError, Length, ReferenceRule, Window};

/// Credited months of one year that enter together: a month, or what is spread evenly over the year.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    /// The position of the year.
    pub(crate) at: usize,
    /// Months of credit.
    pub(crate) months: f64,
    /// Their share of the earnings of the year.
    pub(crate) share: f64,
    /// The month, counted from the year 0, where it is one.
    month: Option<i32>,
}

/// The months of a record that may enter an average, in the order of time.
pub(crate) struct Parts<'a> {
    years: &'a [CountedYear],
    parts: Vec<Taken>,
}

/// A month counted from January of the year 0.
pub(crate) fn month_of(day: Date) -> i32 {
    12 * i32::from(day.year()) + i32::from(day.month()) - 1
}

impl<'a> Parts<'a> {
    /// Takes years and, where the record tells them, their months.
    pub(crate) fn of(years: &'a [CountedYear], by_month: &[Option<MonthsOfYear>]) -> Self {
        let mut parts = Vec::with_capacity(years.len());
        for (at, year) in years.iter().enumerate() {
            let Some(months) = by_month[at].as_ref() else {
                parts.push(Taken { at, months: year.months, share: 1.0, month: None });
                continue;
            };
            let all = months.iter().fold(0.0, |sum, (_, earned)| sum + earned);
            for (month, (credited, earned)) in (0..).zip(months) {
                let share = if 0.0 < all { earned / all } else { credited / year.months };
                let month = Some(12 * year.year.get() + month);
                if 0.0 < *credited {
                    parts.push(Taken { at, months: *credited, share, month });
                }
            }
        }
        Self { years, parts }
    }

    /// Leaves out what lies before a day or from another on; of what is spread over a year a part by whole months.
    pub(crate) fn within(mut self, from: Option<Date>, until: Option<Date>) -> Self {
        if let Some(from) = from {
            self = self.cut(month_of(from), i32::MAX);
        }
        if let Some(until) = until {
            self = self.cut(i32::MIN, month_of(until));
        }
        self
    }

    /// Keeps the months from `from` and before `until`.
    fn cut(mut self, from: i32, until: i32) -> Self {
        let years = self.years;
        for part in &mut self.parts {
            let (first, months) = match part.month {
                Some(month) => (month, 1),
                None => (12 * years[part.at].year.get(), 12),
            };
            let kept = (first.saturating_add(months).min(until) - first.max(from)).clamp(0, months);
            let kept = f64::from(kept) / f64::from(months);
            part.months *= kept;
            part.share *= kept;
        }
        self.parts.retain(|part| 0.0 < part.months);
        self
    }

    /// Returns the parts that the window takes, and all its months where missing ones count.
    pub(crate) fn window(
        self,
        rule: &ReferenceRule,
        when: &When,
        (claim, env): (&Claim<'_>, &Environment<'_>),
        career: f64,
    ) -> Result<(Vec<Taken>, Option<f64>), LawError> {
        let claimed = Year::new(i32::from(claim.when.date.year()));
        let claimed_month = month_of(claim.when.date);
        let over_window = rule.divided_by == DividedBy::Window;
        let months_of = |length: &Length| match length {
            Length::Years(rule) => rule.at(when).map(|row| 12.0 * row.value),
            Length::Months(operand) => asked(operand, when, claim, env),
        };
        Ok(match &rule.window {
            Window::Career => (self.parts, over_window.then_some(career)),
            Window::Last(last) if over_window => {
                let last = last.at(when)?.value;
                let first = f64::from(claimed.get()) - last;
                let years = self.years;
                let mut taken = self.parts;
                taken.retain(|part| {
                    let year = f64::from(years[part.at].year.get());
                    first <= year && years[part.at].year < claimed
                });
                (taken, Some(12.0 * last))
            }
            Window::Last(last) => (self.last_months(12.0 * last.at(when)?.value), None),
            Window::LastOf(months) => {
                let months = asked(months, when, claim, env)?;
                (self.last_months(months), over_window.then_some(months))
            }
            Window::Best { years, of_last, consecutive } => {
                let wanted = months_of(years)? / 12.0;
                let earliest = match of_last {
                    None => f64::NEG_INFINITY,
                    Some(last) => f64::from(claimed.get()) - last.at(when)?.value,
                };
                let among = |year: Year| {
                    earliest <= f64::from(year.get()) && (of_last.is_none() || year < claimed)
                };
                let taken = if *consecutive {
                    self.best_run(wanted, among)
                } else {
                    self.best_years(wanted, among)
                };
                (taken, over_window.then_some(12.0 * wanted))
            }
            Window::BestMonths { months, of_last, consecutive } => {
                let wanted = months_of(months)?;
                let among = match of_last {
                    None => self,
                    #[expect(clippy::cast_possible_truncation, reason = "months of a law fit i32")]
                    Some(last) => {
                        let months = (12.0 * last.at(when)?.value).round() as i32;
                        self.cut(claimed_month - months, claimed_month)
                    }
                };
                let taken = if *consecutive {
                    among.best_months_in_a_row(wanted)
                } else {
                    among.best_months(wanted)
                };
                (taken, over_window.then_some(wanted))
            }
        })
    }

    /// What a part is worth after revaluation, currency.
    fn worth(&self, part: &Taken) -> f64 {
        part.share * self.years[part.at].earnings * self.years[part.at].factor
    }

    /// So many months counted back from the last credited one.
    fn last_months(&self, months: f64) -> Vec<Taken> {
        first_of(self.parts.iter().rev(), months)
    }

    /// The months with the highest revalued earnings; later ones first where they are alike.
    fn best_months(&self, wanted: f64) -> Vec<Taken> {
        let of_a_month = |part: &Taken| self.worth(part) / part.months;
        let mut order: Vec<(usize, &Taken)> = self.parts.iter().enumerate().collect();
        order.sort_by(|one, other| {
            of_a_month(other.1).total_cmp(&of_a_month(one.1)).then(other.0.cmp(&one.0))
        });
        first_of(order.into_iter().map(|(_, part)| part), wanted)
    }

    /// The calendar months in a row with the highest revalued earnings together, the last where they are alike.
    fn best_months_in_a_row(&self, wanted: f64) -> Vec<Taken> {
        let months = self.each_month();
        #[expect(clippy::cast_possible_truncation, reason = "months of a law fit i32")]
        let wanted = wanted.round() as i32;
        let mut best: (f64, &[Taken]) = (0.0, &[]);
        for (first, part) in months.iter().enumerate() {
            let Some(from) = part.month else { continue };
            let inside = |other: &Taken| other.month.is_some_and(|month| month < from + wanted);
            let run = &months[first..];
            let run = &run[..run.partition_point(inside)];
            let worth = run.iter().fold(0.0, |sum, part| sum + self.worth(part));
            if best.0 <= worth {
                best = (worth, run);
            }
        }
        best.1.to_vec()
    }

    /// All parts as months; what is spread over a year is a twelfth in each.
    fn each_month(&self) -> Vec<Taken> {
        let mut months = Vec::new();
        for part in &self.parts {
            if part.month.is_some() {
                months.push(*part);
                continue;
            }
            let first = 12 * self.years[part.at].year.get();
            months.extend((0..12).map(|month| Taken {
                months: part.months / 12.0,
                share: part.share / 12.0,
                month: Some(first + month),
                ..*part
            }));
        }
        months
    }

    /// The years with the highest revalued earnings; of the last the part that is still wanted.
    fn best_years(&self, wanted: f64, among: impl Fn(Year) -> bool) -> Vec<Taken> {
        let mut years: Vec<Taken> = Vec::new();
        for part in self.parts.iter().filter(|part| among(self.years[part.at].year)) {
            match years.last_mut().filter(|year| year.at == part.at) {
                Some(year) => {
                    year.months += part.months;
                    year.share += part.share;
                }
                None => years.push(Taken { month: None, ..*part }),
            }
        }
        let mut order: Vec<&Taken> = years.iter().collect();
        order.sort_by(|one, other| {
            self.worth(other).total_cmp(&self.worth(one)).then(other.at.cmp(&one.at))
        });
        let mut left = wanted;
        let mut taken = Vec::new();
        for year in order {
            let part = left.min(1.0);
            if part <= 0.0 {
                break;
            }
            taken.push(Taken { months: part * year.months, share: part * year.share, ..*year });
            left -= part;
        }
        taken
    }

    /// The calendar years in a row with the highest revalued earnings together.
    fn best_run(&self, wanted: f64, among: impl Fn(Year) -> bool) -> Vec<Taken> {
        let year_of = |part: &Taken| self.years[part.at].year;
        let run = |first: &Taken| {
            let from = f64::from(year_of(first).get());
            let inside = |part: &&Taken| {
                let year = f64::from(year_of(part).get());
                from <= year && year < from + wanted && among(year_of(part))
            };
            self.parts.iter().filter(inside).copied().collect::<Vec<_>>()
        };
        let worth = |taken: &[Taken]| taken.iter().fold(0.0, |sum, part| sum + self.worth(part));
        let mut best = Vec::new();
        for first in self.parts.iter().filter(|part| among(year_of(part))) {
            let next = run(first);
            if worth(&best) <= worth(&next) {
                best = next;
            }
        }
        best
    }
}

/// The first so many months of some parts; of the last the part that is still wanted.
fn first_of<'a>(parts: impl Iterator<Item = &'a Taken>, months: f64) -> Vec<Taken> {
    let mut wanted = months;
    let mut taken = Vec::new();
    for part in parts.filter(|part| 0.0 < part.months) {
        let months = part.months.min(wanted);
        if months <= 0.0 {
            break;
        }
        let share = part.share * (months / part.months);
        taken.push(Taken { months, share, ..*part });
        wanted -= months;
    }
    taken
}
