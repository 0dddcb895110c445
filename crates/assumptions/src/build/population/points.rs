use perennis_units::{Year, YearRange};

use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Gaps, fill};
use crate::read::population::Periods;

/// The rows of a table in time, and how each year of the valuation is reached from them.
pub(super) struct Points {
    /// For each year the points before and after it, and the part of the way between them.
    pub(super) around: Vec<(usize, usize, f64)>,
}

/// What the columns `year` and `period` of a table say.
pub(super) struct Times<'a> {
    /// Years that have rows, ascending.
    pub(super) years: &'a [i32],
    /// Periods that have rows, ascending as text.
    pub(super) periods: &'a [String],
    /// How periods run.
    pub(super) run: Option<Periods>,
    /// How missing years are filled.
    pub(super) gaps: Option<Gaps>,
}

impl Times<'_> {
    /// Returns the points around each year; the last holds to the end.
    pub(super) fn points(&self, at: &At<'_>, years: YearRange) -> Option<Points> {
        match (self.years.is_empty(), self.periods.is_empty()) {
            (false, false) => {
                let reason = "the table has a column `year` and a column `period`";
                at.key("file").fault(Code::TwoWays, reason, "keep one of the two");
                None
            }
            (true, true) => {
                at.extrapolated(format!(
                    "one table holds from {} to {}",
                    years.first(),
                    years.last()
                ));
                Some(Points { around: vec![(0, 0, 0.0); years.count()] })
            }
            (false, true) => self.of_years(at, years),
            (true, false) => self.of_periods(at, years),
        }
    }

    fn of_years(&self, at: &At<'_>, years: YearRange) -> Option<Points> {
        let numbered = self.years.iter().zip(0_i32..);
        let points: Vec<_> = numbered.map(|(year, number)| (*year, f64::from(number))).collect();
        let gaps = self.gaps.unwrap_or(Gaps::None);
        let (first, ways) = fill(&points, gaps, years, &at.key("file"))?;
        let around = |year: Year| {
            let way = ways[usize::try_from(year.since(first)).unwrap_or(0)];
            let before = self.years.iter().zip(0_i32..).take_while(|(_, n)| f64::from(*n) <= way);
            let before = before.count().saturating_sub(1);
            let part = way - way.floor();
            (before, (before + 1).min(self.years.len() - 1), part)
        };
        Some(Points { around: years.iter().map(around).collect() })
    }

    fn of_periods(&self, at: &At<'_>, years: YearRange) -> Option<Points> {
        let file = at.key("file");
        let Some(run) = self.run else {
            file.fault(
                Code::MissingKey,
                "the table has periods and the file does not say how they run",
                "add periods = \"mid_year\" (1 July to 1 July) or periods = \"calendar\"",
            );
            return None;
        };
        let mut spans = Vec::new();
        for period in self.periods {
            let Some(span) = span(period, run) else {
                file.fault(
                    Code::NotAYear,
                    format!("`{period}` is not a period"),
                    "write the first and the last year, such as 2025-2030",
                );
                return None;
            };
            spans.push(span);
        }
        if let Some(at_fault) = spans.windows(2).position(|two| 0.25 < (two[1].0 - two[0].1).abs())
        {
            let (one, two) = (&self.periods[at_fault], &self.periods[at_fault + 1]);
            file.fault(
                Code::YearMissing,
                format!("the period {one} does not end where {two} begins"),
                "periods follow each other without gap or overlap; see periods",
            );
            return None;
        }
        let (from, until) = (spans[0].0, spans[spans.len() - 1].1);
        let start = f64::from(years.first().get());
        if start < from {
            let reason =
                format!("the first period is {}; the valuation starts in {start}", self.periods[0]);
            file.fault(Code::StartsLate, reason, "add the periods before it");
            return None;
        }
        if until < f64::from(years.last().get()) {
            let last = &self.periods[self.periods.len() - 1];
            at.extrapolated(format!("the period {last} holds to {}", years.last()));
        }
        at.derived("years are interpolated between the middles of the periods");
        let middles: Vec<f64> = spans.iter().map(|span| 0.5 * (span.0 + span.1)).collect();
        Some(Points { around: years.iter().map(|year| around(&middles, year)).collect() })
    }
}

fn around(middles: &[f64], year: Year) -> (usize, usize, f64) {
    let date = f64::from(year.get()) + 0.5;
    let after = middles.partition_point(|middle| *middle <= date);
    if after == 0 || after == middles.len() {
        let end = after.saturating_sub(1);
        return (end, end, 0.0);
    }
    let before = after - 1;
    (before, after, (date - middles[before]) / (middles[after] - middles[before]))
}

/// Returns the beginning and the end of a period in years with a fraction.
fn span(period: &str, run: Periods) -> Option<(f64, f64)> {
    let (first, last) = period.split_once('-')?;
    let year = |text: &str| {
        text.trim().parse::<i32>().ok().filter(|year| (1900..=2300).contains(year)).map(f64::from)
    };
    let (first, last) = (year(first)?, year(last)?);
    let span = match run {
        Periods::MidYear => (first + 0.5, last + 0.5),
        Periods::Calendar => (first, last + 1.0),
    };
    (span.0 < span.1).then_some(span)
}
