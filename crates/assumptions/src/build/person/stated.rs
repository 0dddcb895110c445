use std::collections::BTreeMap;

use perennis_scheme::{Measure, Stated};
use perennis_units::{Date, Money};

use crate::at::At;
use crate::build::given;
use crate::parts::{Given, Kind};
use crate::read::person as raw;

/// Builds what replaces the record, by name; durations in months, amounts of a pension a year.
pub(super) fn stated(raw: Option<&raw::Stated>, at: &At<'_>) -> Option<Stated> {
    let Some(raw) = raw else { return Some(Stated::default()) };
    let of = |raw: Option<&BTreeMap<String, Given>>, table: &str, bare: Kind| {
        let at = at.key(table);
        let read = |(name, stated): (&String, &Given)| {
            let at = at.key(name);
            let value = stated.read_as(&at, |unit| Some(kind(unit, at.currency(), bare)))?;
            Some((name.clone(), value))
        };
        let read: Vec<_> = raw.into_iter().flatten().map(read).collect();
        read.into_iter().collect::<Option<BTreeMap<String, f64>>>()
    };
    let measures = of(raw.measures.as_ref(), "measures", Kind::STATED_NUMBER);
    let points = of(raw.points.as_ref(), "points", Kind::STATED_NUMBER.within(0.0, 1e12));
    let points = of_a_day(raw.points.as_ref(), points, &at.key("points"));
    let balances = of(raw.balances.as_ref(), "balances", Kind::PAY);
    let balances = of_a_day(raw.balances.as_ref(), balances, &at.key("balances"));
    let reference = of(raw.reference_earnings.as_ref(), "reference_earnings", Kind::PAY_A_YEAR);
    let formulas = of(raw.formulas.as_ref(), "formulas", Kind::STATED_NUMBER);
    let benefits = of(raw.benefits.as_ref(), "benefits", Kind::PAY_A_YEAR);
    let money = |(name, amount)| Money::new(amount).ok().map(|amount| (name, amount));
    Some(Stated {
        measures: measures?,
        points: points?,
        balances: balances?,
        reference_earnings: reference?,
        formulas: formulas?,
        benefits: benefits?.into_iter().map(money).collect::<Option<_>>()?,
    })
}

/// A number that a person file states, as it is written there.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedNumber {
    /// The table: `measures`, `points`, `balances`, `reference_earnings`, `formulas` or `benefits`.
    pub table: &'static str,
    /// The name.
    pub name: String,
    /// The number, in its unit.
    pub value: f64,
    /// The unit; of a number without one the unit that is meant, and empty where that is the law's own.
    pub unit: String,
}

/// Lists what is stated, in the order of tables and names.
pub(super) fn as_written(raw: Option<&raw::Stated>, at: &At<'_>) -> Vec<StatedNumber> {
    let Some(raw) = raw else { return Vec::new() };
    let money = at.currency();
    let a_year = format!("{money} a year");
    let tables = [
        ("measures", &raw.measures, ""),
        ("points", &raw.points, ""),
        ("balances", &raw.balances, money),
        ("reference_earnings", &raw.reference_earnings, a_year.as_str()),
        ("formulas", &raw.formulas, ""),
        ("benefits", &raw.benefits, a_year.as_str()),
    ];
    let mut all = Vec::new();
    for (table, given, meant) in tables {
        let at = at.key(table);
        all.extend(given.iter().flatten().map(|(name, given)| {
            let of_months = table == "measures"
                && Measure::built_in(name).is_some_and(|measure| measure.is_in_months());
            let meant = if of_months { "months" } else { meant };
            let written = at.key(name).key("value").find_unit().filter(|_| !given.is_bare());
            let unit = written.map_or(meant.to_owned(), |(unit, _)| unit);
            StatedNumber { table, name: name.clone(), value: given.value, unit }
        }));
    }
    all
}

/// Adds the days to which values refer.
fn of_a_day(
    raw: Option<&BTreeMap<String, Given>>,
    values: Option<BTreeMap<String, f64>>,
    at: &At<'_>,
) -> Option<BTreeMap<String, (f64, Option<Date>)>> {
    let day = |(name, stated): (&String, &Given)| {
        let day = given(stated.day.map(|day| day.read(&at.key(name).key("at"))));
        day.map(|day| (name.clone(), day))
    };
    let days: Vec<Option<(String, Option<Date>)>> = raw.into_iter().flatten().map(day).collect();
    let days: BTreeMap<String, Option<Date>> = days.into_iter().collect::<Option<_>>()?;
    let dated = values?.into_iter().map(|(name, value)| {
        let day = days.get(&name).copied().flatten();
        (name, (value, day))
    });
    Some(dated.collect())
}

/// Finds the kind of quantity that a unit measures; `bare` for a number without one and for a unit that none knows.
fn kind(unit: Option<&str>, currency: &str, bare: Kind) -> Kind {
    let Some(unit) = unit else { return bare };
    // Assets and liabilities of a scheme may be stated, to which the bounds of one person's pay do not apply.
    let national = |kind: Kind| kind.within(0.0, 1e18).called("an amount");
    let kinds = [
        bare,
        Kind::STATED_MONTHS,
        Kind::STATED_NUMBER,
        national(Kind::PAY_A_YEAR),
        national(Kind::PAY),
    ];
    kinds.into_iter().find(|kind| kind.factor(unit, currency).is_ok()).unwrap_or(bare)
}
