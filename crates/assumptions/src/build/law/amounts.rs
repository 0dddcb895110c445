use std::sync::Arc;

use perennis_scheme as scheme;
use perennis_units::{Path, Year};

use super::numbers::{Use, money, moneys};
use super::provisions::{Provisions, for_all, unknown, within};
use super::steps::direction;
use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::{InForce, Kind, Provision, Series};
use crate::read::scheme::law::{self, AmountAfter, Index, Revalued, Rounded};

impl Provisions<'_> {
    /// Every amount that is the same for everyone.
    pub(super) fn amounts(&self) -> Vec<scheme::NamedAmount> {
        let named = self.raw.amounts.iter();
        let same = named.filter(|(_, raw)| raw.after.is_some() || !has_persons(&raw.in_force));
        same.filter_map(|(name, _)| self.amount(name, &self.at.key("amounts").key(name))).collect()
    }

    /// Looks up an amount that is the same for everyone.
    pub(super) fn amount(&self, name: &str, named: &At<'_>) -> Option<scheme::NamedAmount> {
        let Some(raw) = self.raw.amounts.get(name) else {
            return unknown(named, "an amount", name, self.raw.amounts.keys());
        };
        self.once(&self.amounts, ("amounts", name), named, |at| {
            let values =
                self.dated(&Provision { in_force: raw.in_force.clone() }, at, Kind::AMOUNT_OF_LAW);
            let values = values.and_then(|values| for_all(&values, at).map(|()| values));
            let hold = scheme::Adjustment { by: scheme::Index::Hold, month: 1, lag: 0 };
            let after = match &raw.after {
                Some(after) => self.amount_after(after, &at.key("after")),
                None => Some((hold, None)),
            };
            let (after, rounded) = after?;
            Some(scheme::NamedAmount {
                name: name.to_owned(),
                values: values?.map(|value| money(*value)),
                after,
                rounded,
            })
        })
    }

    fn amount_after(
        &self,
        raw: &AmountAfter,
        at: &At<'_>,
    ) -> Option<(scheme::Adjustment, Option<scheme::Rounding>)> {
        let adjustment = self.adjustment((&raw.by, raw.month, raw.lag), at);
        let monthly = at.find_unit().is_some_and(|(unit, _)| unit.ends_with(" a month"));
        let payments = if monthly { 12 } else { 1 };
        let rounded = self.rounded(raw.rounded.as_ref(), payments, &at.key("rounded"));
        Some((adjustment?, rounded?))
    }

    /// A rounding to a multiple of a number.
    pub(super) fn rounded(
        &self,
        raw: Option<&Rounded>,
        payments_a_year: i32,
        at: &At<'_>,
    ) -> Option<Option<scheme::Rounding>> {
        let Some(raw) = raw else { return Some(None) };
        let to = self.number(&raw.to, &at.key("to"), Use::Term)?;
        let direction = direction(raw.direction);
        Some(Some(scheme::Rounding { to, payments_a_year, direction }))
    }

    /// An amount as a rule of law uses it: by name; it may differ between persons when it is not carried on by a rule.
    pub(super) fn plain_amount(&self, name: &str, named: &At<'_>) -> Option<scheme::Amount> {
        let Some(raw) = self.raw.amounts.get(name) else {
            if self.raw.series.contains_key(name) {
                return self.series_amount(name, named).map(scheme::Amount::Series);
            }
            let known: Vec<&String> =
                self.raw.amounts.keys().chain(self.raw.series.keys()).collect();
            return unknown(named, "an amount", name, known.into_iter());
        };
        if raw.after.is_some() || !has_persons(&raw.in_force) {
            return self.amount(name, named).map(scheme::Amount::Named);
        }
        let at = self.at.key("amounts").key(name);
        let provision = Provision { in_force: raw.in_force.clone() };
        let values = self.dated(&provision, &at, Kind::AMOUNT_OF_LAW)?;
        let rule = scheme::Rule { name: name.to_owned(), values };
        Some(scheme::Amount::Fixed(moneys(rule)))
    }

    /// Reads an operand that must be an amount alone.
    pub(super) fn amount_of(&self, raw: &law::Operand, at: &At<'_>) -> Option<scheme::Amount> {
        match self.operand(raw, at)? {
            scheme::Operand::Amount(amount) => Some(amount),
            other => {
                at.fault(
                    Code::WrongType,
                    format!("`{}` is no amount fixed by law", other.name()),
                    "write one of { amount = \"name\" }, { times = \"rule\", of = \"name\" }, { share_of_insured_wage = \"rule\" }",
                );
                None
            }
        }
    }

    fn series_amount(&self, name: &str, named: &At<'_>) -> Option<Arc<scheme::Series>> {
        let at = self.at.key("series").key(name);
        let unit = at.find_unit().map(|(unit, _)| unit).unwrap_or_default();
        if Kind::AMOUNT_OF_LAW.factor(&unit, at.currency()).is_err() {
            named.fault(
                Code::UnknownUnit,
                format!("series `{name}` is in `{unit}`, and an amount is wanted"),
                format!("name a series in `{} a year`", at.currency()),
            );
            return None;
        }
        self.series_of(name, named)
    }

    /// Looks up a series of the law.
    pub(super) fn series_of(&self, name: &str, named: &At<'_>) -> Option<Arc<scheme::Series>> {
        let Some(raw) = self.raw.series.get(name) else {
            return unknown(named, "a series", name, self.raw.series.keys());
        };
        self.once(&self.series, ("series", name), named, |at| {
            let unit = at.find_unit().map(|(unit, _)| unit).unwrap_or_default();
            let growth = Kind::GROWTH.factor(&unit, at.currency()).is_ok();
            let kind = match () {
                () if growth => Kind::GROWTH,
                () if Kind::AMOUNT_OF_LAW.factor(&unit, at.currency()).is_ok() => {
                    Kind::AMOUNT_OF_LAW
                }
                () => Kind::INDEX,
            };
            let series = Series {
                value: None,
                values: raw.values.clone(),
                file: raw.file.clone(),
                column: raw.column.clone(),
                gaps: raw.gaps,
            };
            let citation = at.citation();
            let given = series.recorded(at, &kind)?;
            let values = if growth { levels(&given)? } else { given };
            if !growth && values.years().iter().any(|year| values.at(year) <= 0.0) {
                let reason = format!("series `{name}` has a level that is not above zero");
                at.fault(
                    Code::OutOfBounds,
                    reason,
                    "others follow it, which needs ratios of levels",
                );
                return None;
            }
            let after = match raw.after {
                None | Some(law::SeriesAfter::Hold) if growth => scheme::SeriesAfter::LastGrowth,
                None | Some(law::SeriesAfter::Hold) => scheme::SeriesAfter::Hold,
                Some(law::SeriesAfter::Prices) => scheme::SeriesAfter::Prices,
                Some(law::SeriesAfter::Wages) => scheme::SeriesAfter::Wages,
            };
            if raw.after.is_none() {
                at.defaulted("the last value of the series holds");
            }
            Some(Arc::new(scheme::Series {
                name: name.to_owned(),
                values,
                after,
                citation: citation?,
            }))
        })
    }

    /// Reads an adjustment by index, month and lag; `at` stands at the table that holds them.
    pub(super) fn adjustment(
        &self,
        (by, month, lag): (&Index, Option<i64>, Option<i64>),
        at: &At<'_>,
    ) -> Option<scheme::Adjustment> {
        let month = within(month.unwrap_or(1), 1, 12, &at.key("month"));
        let lag = within(lag.unwrap_or(0), 0, 5, &at.key("lag"));
        let by = self.index(by, &at.key("by"));
        Some(scheme::Adjustment {
            by: by?,
            month: i8::try_from(month?).ok()?,
            lag: i32::try_from(lag?).ok()?,
        })
    }

    pub(super) fn revaluation(&self, raw: &Revalued, at: &At<'_>) -> Option<scheme::Revaluation> {
        let lag = within(raw.lag.unwrap_or(0), 0, 5, &at.key("lag"));
        let by = self.index(&raw.by, &at.key("by"));
        let to_age = self.optional_age(raw.to_age.as_ref(), &at.key("to_age"));
        let mean_of = given(raw.mean_of.as_ref().map(|name| self.years(name, &at.key("mean_of"))));
        let rounded = self.rounded(raw.rounded.as_ref(), 1, &at.key("rounded"));
        let lag = i32::try_from(lag?).ok()?;
        Some(scheme::Revaluation {
            by: by?,
            lag,
            to_age: to_age?,
            mean_of: mean_of?,
            rounded: rounded?,
        })
    }

    pub(super) fn index(&self, raw: &Index, at: &At<'_>) -> Option<scheme::Index> {
        Some(match raw {
            Index::Hold => scheme::Index::Hold,
            Index::Prices => scheme::Index::Prices,
            Index::Wages => scheme::Index::Wages,
            Index::Mix(mix) => {
                let weight = mix.wage_weight.share(&at.key("mix").key("wage_weight"))?;
                scheme::Index::Mix { wage_weight: weight.get() }
            }
            Index::Amount(name) if !self.raw.amounts.contains_key(name) => {
                scheme::Index::Series(self.series_of(name, &at.key("amount"))?)
            }
            Index::Amount(name) => {
                let amount = self.amount(name, &at.key("amount"))?;
                self.never_zero(name)?;
                scheme::Index::Amount(Box::new(amount))
            }
            Index::Series(name) => scheme::Index::Series(self.series_of(name, &at.key("series"))?),
            Index::Greater(list) => scheme::Index::Greater(self.indices(list, &at.key("greater"))?),
            Index::Product(list) => scheme::Index::Product(self.indices(list, &at.key("product"))?),
            Index::Average(raw) => {
                let at = at.key("average");
                let of = self.index(&raw.of, &at.key("of"));
                let years = self.years(&raw.years, &at.key("years"));
                scheme::Index::Average { of: Box::new(of?), years: years? }
            }
            Index::Balanced(raw) => {
                let of = self.index(&raw.index, &at.key("balanced").key("index"))?;
                scheme::Index::Balanced { of: Box::new(of), indicator: raw.indicator.clone() }
            }
            Index::Sustainability(raw) => {
                let place = at.key("sustainability").key("weight");
                let weight = self.number(&raw.weight, &place, Use::Share)?;
                scheme::Index::Sustainability { indicator: raw.indicator.clone(), weight }
            }
            Index::Lesser(list) => scheme::Index::Lesser(self.indices(list, &at.key("lesser"))?),
        })
    }

    fn indices(&self, raw: &[Index], at: &At<'_>) -> Option<Vec<scheme::Index>> {
        if raw.is_empty() {
            at.fault(Code::NoRows, "the list is empty", "write at least one index");
            return None;
        }
        let read = |(index, raw)| self.index(raw, &at.index(index));
        let built: Vec<_> = raw.iter().enumerate().map(read).collect();
        built.into_iter().collect()
    }

    /// Checks that an amount which others follow has a ratio from each of its rows to the next.
    fn never_zero(&self, name: &str) -> Option<()> {
        let rows = &self.raw.amounts.get(name)?.in_force;
        let Some(index) = rows.iter().position(|row| row.value <= 0.0) else { return Some(()) };
        let place = self.at.key("amounts").key(name).key("in_force").index(index).key("value");
        place.fault(
            Code::OutOfBounds,
            format!("`{name}` is zero and others follow it, which needs the ratio of two years"),
            "give the amount of that time, or let them follow prices or wages",
        );
        None
    }
}

/// Turns growth of each year over the year before into levels, 1 in the year before the first.
fn levels(growth: &Path<f64>) -> Option<Path<f64>> {
    let years = growth.years();
    let mut level = 1.0;
    let mut levels = vec![level];
    for year in years.iter() {
        level *= 1.0 + growth.at(year);
        levels.push(level);
    }
    Path::new(Year::new(years.first().get() - 1), levels)
}

fn has_persons<V>(rows: &[InForce<V>]) -> bool {
    rows.iter()
        .any(|row| row.born_from.is_some() || row.entered_from.is_some() || row.sex.is_some())
}
