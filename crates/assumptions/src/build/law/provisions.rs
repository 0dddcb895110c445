use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use perennis_scheme as scheme;
use perennis_units::{Date, Dated};

use super::Around;
use super::memo::Memo;
use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Kind, Provision, silent_for};
use crate::read::scheme::law::Law;

/// The named provisions of a law while it is built.
pub(super) struct Provisions<'a> {
    pub(super) raw: &'a Law,
    /// The place of the scheme.
    pub(super) at: &'a At<'a>,
    groups: Option<&'a [&'a str]>,
    start: Option<Date>,
    pub(super) stated: Option<&'a BTreeMap<String, f64>>,
    used: RefCell<BTreeSet<(&'static str, String)>>,
    /// What is being built, the outermost first.
    pub(super) open: RefCell<Vec<(&'static str, String)>>,
    pub(super) amounts: Memo<scheme::NamedAmount>,
    pub(super) series: Memo<Arc<scheme::Series>>,
    pub(super) measures: Memo<Arc<scheme::NamedMeasure>>,
    pub(super) periods: Memo<Arc<scheme::Period>>,
    pub(super) reference: Memo<Arc<scheme::ReferenceRule>>,
    pub(super) points: Memo<Arc<scheme::PointsRule>>,
    pub(super) balances: Memo<Arc<scheme::BalanceRule>>,
    pub(super) life_tables: Memo<Arc<scheme::Rule<scheme::LifeTable>>>,
    pub(super) divisors: Memo<Arc<scheme::Divisor>>,
    pub(super) brackets: Memo<Arc<scheme::Brackets>>,
    pub(super) formulas: Memo<Arc<scheme::Formula>>,
    pub(super) benefits: Memo<Arc<scheme::Benefit>>,
}

impl<'a> Provisions<'a> {
    pub(super) fn new(raw: &'a Law, at: &'a At<'a>, around: Around<'a>) -> Self {
        Self {
            raw,
            at,
            groups: around.groups,
            start: around.start,
            stated: around.stated,
            used: RefCell::default(),
            open: RefCell::default(),
            amounts: Memo::default(),
            series: Memo::default(),
            measures: Memo::default(),
            periods: Memo::default(),
            reference: Memo::default(),
            points: Memo::default(),
            balances: Memo::default(),
            life_tables: Memo::default(),
            divisors: Memo::default(),
            brackets: Memo::default(),
            formulas: Memo::default(),
            benefits: Memo::default(),
        }
    }

    /// Says whether the law is that of a valuation, whose cells ask for straight lines in one base.
    pub(super) fn is_valued(&self) -> bool {
        self.start.is_some()
    }

    /// Builds everything that is counted under a name, used by a benefit or not.
    pub(super) fn named(&self) -> scheme::Named {
        let raw = self.raw;
        let at = |table: &str, name: &str| self.at.key(table).key(name);
        for name in raw.series.keys() {
            let _ = self.series_of(name, &at("series", name));
        }
        for name in raw.life_tables.keys() {
            let _ = self.life_table(name, &at("life_tables", name));
        }
        for name in raw.brackets.keys() {
            let _ = self.brackets_of(name, &at("brackets", name));
        }
        scheme::Named {
            reference_earnings: (raw.reference_earnings.keys())
                .filter_map(|name| self.reference_earnings(name, &at("reference_earnings", name)))
                .collect(),
            points: (raw.points.keys())
                .filter_map(|name| self.points_of(name, &at("points", name)))
                .collect(),
            balances: (raw.balances.keys())
                .filter_map(|name| self.balance(name, &at("balances", name)))
                .collect(),
            measures: (raw.measures.keys())
                .filter_map(|name| self.measure(name, &at("measures", name)))
                .filter_map(|measure| match measure {
                    scheme::Measure::Named(named) => Some(named),
                    _ => None,
                })
                .collect(),
            formulas: (raw.formulas.keys())
                .filter_map(|name| self.formula(name, &at("formulas", name)))
                .collect(),
            divisors: (raw.divisors.keys())
                .filter_map(|name| self.divisor(name, &at("divisors", name)))
                .collect(),
        }
    }

    /// Checks names of groups; without a list all are meant.
    pub(super) fn groups(&self, raw: Option<&Vec<String>>, at: &At<'_>) -> Option<scheme::Groups> {
        let Some(names) = raw else { return Some(scheme::Groups::All) };
        let Some(groups) = self.groups else { return Some(scheme::Groups::Only(names.clone())) };
        let mut known = true;
        for (index, name) in names.iter().enumerate() {
            if !groups.contains(&name.as_str()) {
                known = false;
                let groups: Vec<String> = groups.iter().map(ToString::to_string).collect();
                let _: Option<()> = unknown(&at.index(index), "a group", name, groups.iter());
            }
        }
        known.then(|| scheme::Groups::Only(names.clone()))
    }

    /// Returns the groups of the scheme that are among `groups`.
    pub(super) fn members(&self, groups: &scheme::Groups) -> Vec<&str> {
        self.groups
            .iter()
            .copied()
            .flatten()
            .copied()
            .filter(|group| groups.contains(group))
            .collect()
    }

    /// Notes that a named table is used.
    pub(super) fn use_of(&self, table: &'static str, name: &str) {
        self.used.borrow_mut().insert((table, name.to_owned()));
    }

    /// Warns of what is named nowhere in some of the tables.
    pub(super) fn warn_of_unused(&self, of: &[&str]) {
        let raw = self.raw;
        let tables = [
            ("rules", raw.rules.keys().collect::<Vec<_>>()),
            ("scales", raw.scales.keys().collect()),
            ("reference_earnings", raw.reference_earnings.keys().collect()),
            ("indexation", raw.indexation.keys().collect()),
        ];
        let used = self.used.borrow();
        for (table, names) in tables.into_iter().filter(|(table, _)| of.contains(table)) {
            for name in names {
                if !used.contains(&(table, name.clone())) {
                    self.at.key(table).key(name).warn(
                        Code::Unused,
                        format!("no benefit and no contribution uses {table}.{name}"),
                        "name it where it applies, or leave it out",
                    );
                }
            }
        }
    }

    pub(super) fn dated(
        &self,
        provision: &Provision,
        at: &At<'_>,
        kind: Kind,
    ) -> Option<Dated<f64>> {
        let values = provision.read(at, &kind)?;
        self.check_start(&values, at)?;
        Some(values)
    }

    /// Checks that a provision speaks on the first day of the valuation, for men and women.
    pub(super) fn check_start<T>(&self, values: &Dated<T>, at: &At<'_>) -> Option<()> {
        let Some(date) = self.start else { return Some(()) };
        let Some(sex) = silent_for(values, date) else { return Some(()) };
        at.key("in_force").fault(
            Code::NotInForce,
            format!("`{}` has no value in force on {date} ({})", at.path(), sex.as_str()),
            format!("add the row that is in force on {date}, with the day from which it has been"),
        );
        None
    }
}

/// Reports a name that nothing has.
pub(super) fn unknown<'n, T>(
    named: &At<'_>,
    noun: &str,
    name: &str,
    known: impl Iterator<Item = &'n String> + Clone,
) -> Option<T> {
    named.fault(
        Code::UnknownName,
        format!("`{name}` is not the name of {noun} here"),
        suggest(name, known.map(String::as_str)),
    );
    None
}

pub(super) fn within(value: i64, low: i64, high: i64, at: &At<'_>) -> Option<i64> {
    if (low..=high).contains(&value) {
        return Some(value);
    }
    at.fault(
        Code::OutOfBounds,
        format!("{value} is outside {low} to {high}"),
        format!("write a whole number from {low} to {high}"),
    );
    None
}

/// Checks that no row is for some persons only.
pub(super) fn for_all<T>(values: &Dated<T>, at: &At<'_>) -> Option<()> {
    let rows = values.rows().iter();
    let mut some = rows
        .filter(|row| row.born_from.is_some() || row.entered_from.is_some() || row.sex.is_some());
    let Some(row) = some.next() else { return Some(()) };
    at.key("in_force").fault(
        Code::ForSomeOnly,
        format!(
            "the row from {} is for some persons only, and `{}` is one for all",
            row.from,
            at.path()
        ),
        "leave out born_from, entered_from and sex, or write groups of their own",
    );
    None
}
