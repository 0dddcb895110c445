use std::collections::BTreeMap;

use perennis_scheme::EarningsByMonth;
use perennis_units::Money;

use super::record::{Row, earned, kind};
use crate::at::At;
use crate::diagnostics::Code;
use crate::read::person as raw;

/// One calendar month of a record.
pub(super) struct Month<'a> {
    pub(super) year: i32,
    /// January is 0.
    pub(super) month: usize,
    pub(super) kind: String,
    pub(super) earnings: f64,
    pub(super) at: At<'a>,
}

/// Reads the months of a span.
pub(super) fn span<'a>(raw: &raw::Months, at: &At<'a>) -> Option<Vec<Month<'a>>> {
    let from = raw.from.read(&at.key("from"));
    let to = match raw.to {
        None => from,
        Some(to) => to.read(&at.key("to")),
    };
    // A month is a twelfth of a year, whatever the unit.
    let earnings = match raw.earnings {
        None => at.citation().map(|_| 0.0),
        Some(earnings) => earned(earnings, None, &at.key("earnings")).map(|year| year / 12.0),
    };
    let (from, to, earnings) = (from?, to?, earnings?);
    let count = |day: perennis_units::Date| 12 * i32::from(day.year()) + i32::from(day.month()) - 1;
    if count(to) < count(from) {
        let reason = format!("the span ends on {to}, before it begins on {from}");
        at.key("to").fault(Code::DatesContradict, reason, "correct one of the two days");
        return None;
    }
    let months = (count(from)..=count(to)).map(|month| Month {
        year: month.div_euclid(12),
        month: usize::try_from(month.rem_euclid(12)).unwrap_or(0),
        kind: kind(raw.kind.as_deref()),
        earnings,
        at: at.clone(),
    });
    Some(months.collect())
}

/// Puts months together into years of each kind; the same month twice is a fault.
pub(super) fn years(months: Vec<Month<'_>>) -> Vec<Row<'_>> {
    let mut years: BTreeMap<(i32, String), (EarningsByMonth, At<'_>)> = BTreeMap::new();
    let mut taken: BTreeMap<(i32, usize), String> = BTreeMap::new();
    for month in months {
        let named = format!("{}-{:02}", month.year, month.month + 1);
        if let Some(kind) = taken.insert((month.year, month.month), month.kind.clone()) {
            let reason = format!("{named} is credited twice, as `{kind}` and as `{}`", month.kind);
            let remedy = "a month counts once: give it to one kind of period";
            month.at.fault(Code::MonthsAboveTwelve, reason, remedy);
        }
        let key = (month.year, month.kind);
        let (of_year, _) = years
            .entry(key)
            .or_insert_with(|| (EarningsByMonth::new([None; 12]), month.at.clone()));
        let mut known = *of_year.months();
        known[month.month] = Money::new(month.earnings).ok();
        *of_year = EarningsByMonth::new(known);
    }
    let mut rows = Vec::with_capacity(years.len());
    for ((year, kind), (by_month, at)) in years {
        let (months, earnings) = (i64::from(by_month.credited()), by_month.earnings());
        rows.push(Row { year, kind, months, earnings, by_month: Some(by_month), at });
    }
    rows
}
