use std::cell::RefCell;
use std::collections::BTreeSet;

use perennis_scheme as scheme;
use perennis_units::{Date, Dated, Duration, Money, Share};

use crate::at::At;
use crate::diagnostics::{Code, suggest};
use crate::parts::{Kind, Provision, silent_for};
use crate::read::scheme::law::{Adjustment, Index, Law, Revalued};

/// What a named number is used as; decides the units that fit and the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    /// A length of time.
    Months,
    /// A share of something, such as a contribution rate.
    Share,
    /// A share a year.
    Rate,
    /// A multiple or a share.
    Multiple,
    /// Months of earnings for each year of credit.
    EarningsMonths,
    /// An amount without a period.
    Money,
}

impl Use {
    const fn kind(self) -> Kind {
        match self {
            Self::Months => Kind::MONTHS,
            Self::Share => Kind::SHARE,
            Self::Rate => Kind::RATE_OF_LAW,
            Self::Multiple => Kind::MULTIPLE,
            Self::EarningsMonths => Kind::EARNINGS_MONTHS,
            Self::Money => Kind::PAY,
        }
    }
}

/// The named provisions of a law while it is built.
pub(super) struct Provisions<'a> {
    pub(super) raw: &'a Law,
    /// The place of the scheme.
    pub(super) at: &'a At<'a>,
    groups: &'a [&'a str],
    start: Date,
    used: RefCell<BTreeSet<(&'static str, String)>>,
}

impl<'a> Provisions<'a> {
    pub(super) fn new(raw: &'a Law, at: &'a At<'a>, groups: &'a [&'a str], start: Date) -> Self {
        Self { raw, at, groups, start, used: RefCell::default() }
    }

    /// Looks up a rule named at `named` and reads it as `wanted`.
    pub(super) fn number(
        &self,
        name: &str,
        named: &At<'_>,
        wanted: Use,
    ) -> Option<scheme::Rule<f64>> {
        let Some(provision) = self.raw.rules.get(name) else {
            return unknown(named, "a rule", name, self.raw.rules.keys());
        };
        self.use_of("rules", name);
        let values = self.dated(provision, &self.at.key("rules").key(name), wanted.kind())?;
        Some(scheme::Rule { name: name.to_owned(), values })
    }

    /// A rule whose values are a length of time in whole months.
    pub(super) fn months(&self, name: &str, named: &At<'_>) -> Option<scheme::Rule<Duration>> {
        let rule = self.number(name, named, Use::Months)?;
        whole_months(&rule, &self.at.key("rules").key(name))
    }

    /// An age: the pensionable age or a rule.
    pub(super) fn age(&self, name: &str, named: &At<'_>) -> Option<scheme::Rule<Duration>> {
        let Some(provision) =
            self.raw.pensionable_age.as_ref().filter(|_| name == "pensionable_age")
        else {
            let ages = self.raw.pensionable_age.as_ref().map(|_| "pensionable_age".to_owned());
            if !self.raw.rules.contains_key(name) {
                return unknown(named, "an age", name, self.raw.rules.keys().chain(&ages));
            }
            return self.months(name, named);
        };
        let place = self.at.key(name);
        let values = self.dated(provision, &place, Kind::MONTHS)?;
        whole_months(&scheme::Rule { name: name.to_owned(), values }, &place)
    }

    /// A rule whose values are shares.
    pub(super) fn share(&self, name: &str, named: &At<'_>) -> Option<scheme::Rule<Share>> {
        Some(shares(&self.number(name, named, Use::Share)?))
    }

    /// A rule whose values are amounts without a period.
    pub(super) fn money(&self, name: &str, named: &At<'_>) -> Option<scheme::Rule<Money>> {
        Some(moneys(self.number(name, named, Use::Money)?))
    }

    /// A provision that stands where it is used, as shares.
    pub(super) fn share_here(
        &self,
        provision: &Provision,
        at: &At<'_>,
    ) -> Option<scheme::Rule<Share>> {
        let values = self.dated(provision, at, Kind::SHARE)?;
        for_all(&values, at)?;
        Some(shares(&scheme::Rule { name: at.path(), values }))
    }

    /// Decided increases; they need no value before the first.
    pub(super) fn decisions(&self, provision: &Provision, at: &At<'_>) -> Option<Dated<f64>> {
        let values = provision.read(at, &Kind::GROWTH)?;
        for_all(&values, at)?;
        Some(values)
    }

    pub(super) fn scale(&self, name: &str, named: &At<'_>) -> Option<scheme::Rule<scheme::Scale>> {
        let Some(raw) = self.raw.scales.get(name) else {
            return unknown(named, "a scale", name, self.raw.scales.keys());
        };
        self.use_of("scales", name);
        let at = self.at.key("scales").key(name);
        let provision = Provision { in_force: raw.in_force.clone() };
        let values = provision.read_with(&at, |points, place| {
            place.unit(&Kind::RATE_OF_LAW)?;
            if points.iter().flatten().any(|value| !value.is_finite()) {
                return None;
            }
            let points = points.iter().map(|[years, share]| (*years, *share)).collect();
            match scheme::Scale::new(points) {
                Ok(scale) => Some(scale),
                Err(fault) => {
                    place.fault(
                        Code::NotAScale,
                        fault.to_string(),
                        "write points as [years of credit, share] with years increasing, such as [[15, 0.4], [20, 0.45]]",
                    );
                    None
                }
            }
        })?;
        self.check_start(&values, &at)?;
        Some(scheme::Rule { name: name.to_owned(), values })
    }

    pub(super) fn adjustment(&self, raw: &Adjustment, at: &At<'_>) -> Option<scheme::Adjustment> {
        let month = within(raw.month.unwrap_or(1), 1, 12, &at.key("month"));
        let lag = within(raw.lag.unwrap_or(0), 0, 5, &at.key("lag"));
        let by = self.index(&raw.by, &at.key("by"));
        Some(scheme::Adjustment {
            by: by?,
            month: i8::try_from(month?).ok()?,
            lag: i32::try_from(lag?).ok()?,
        })
    }

    pub(super) fn revaluation(&self, raw: &Revalued, at: &At<'_>) -> Option<scheme::Revaluation> {
        let lag = within(raw.lag.unwrap_or(0), 0, 5, &at.key("lag"));
        let by = self.index(&raw.by, &at.key("by"));
        Some(scheme::Revaluation { by: by?, lag: i32::try_from(lag?).ok()? })
    }

    fn index(&self, raw: &Index, at: &At<'_>) -> Option<scheme::Index> {
        Some(match raw {
            Index::Hold => scheme::Index::Hold,
            Index::Prices => scheme::Index::Prices,
            Index::Wages => scheme::Index::Wages,
            Index::Mix(mix) => {
                let weight = mix.wage_weight.share(&at.key("mix").key("wage_weight"))?;
                scheme::Index::Mix { wage_weight: weight.get() }
            }
            Index::Amount(name) => {
                let amount = self.amount(name, &at.key("amount"))?;
                self.never_zero(name)?;
                scheme::Index::Amount(Box::new(amount))
            }
        })
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

    /// Checks names of groups; without a list all are meant.
    pub(super) fn groups(&self, raw: Option<&Vec<String>>, at: &At<'_>) -> Option<scheme::Groups> {
        let Some(names) = raw else { return Some(scheme::Groups::All) };
        let mut known = true;
        for (index, name) in names.iter().enumerate() {
            if !self.groups.contains(&name.as_str()) {
                known = false;
                let groups: Vec<String> = self.groups.iter().map(ToString::to_string).collect();
                let _: Option<()> = unknown(&at.index(index), "a group", name, groups.iter());
            }
        }
        known.then(|| scheme::Groups::Only(names.clone()))
    }

    /// Returns the groups of the scheme that are among `groups`.
    pub(super) fn members(&self, groups: &scheme::Groups) -> Vec<&str> {
        self.groups.iter().copied().filter(|group| groups.contains(group)).collect()
    }

    /// Notes that a named table is used.
    pub(super) fn use_of(&self, table: &'static str, name: &str) {
        self.used.borrow_mut().insert((table, name.to_owned()));
    }

    pub(super) fn warn_of_unused(&self) {
        let raw = self.raw;
        let tables = [
            ("rules", raw.rules.keys().collect::<Vec<_>>()),
            ("scales", raw.scales.keys().collect()),
            ("reference_earnings", raw.reference_earnings.keys().collect()),
            ("indexation", raw.indexation.keys().collect()),
        ];
        let used = self.used.borrow();
        for (table, names) in tables {
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
    fn check_start<T>(&self, values: &Dated<T>, at: &At<'_>) -> Option<()> {
        let date = self.start;
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

fn whole_months(rule: &scheme::Rule<f64>, at: &At<'_>) -> Option<scheme::Rule<Duration>> {
    let odd = rule.values.rows().iter().find(|row| 1e-6 < (row.value - row.value.round()).abs());
    if let Some(row) = odd {
        at.key("in_force").fault(
            Code::OutOfBounds,
            format!("{} months from {} are not a whole number of months", row.value, row.from),
            "write it in months: 723 for 60 years and 3 months",
        );
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded by 1,560 months")]
    let values = rule.values.map(|months| Duration::months(months.round() as i32));
    Some(scheme::Rule { name: rule.name.clone(), values })
}

pub(super) fn money(value: f64) -> Money {
    Money::new(value).expect("the reader lets no infinite amount through")
}

pub(super) fn moneys(rule: scheme::Rule<f64>) -> scheme::Rule<Money> {
    scheme::Rule { name: rule.name, values: rule.values.map(|value| money(*value)) }
}

fn shares(rule: &scheme::Rule<f64>) -> scheme::Rule<Share> {
    let share = |value: &f64| Share::new(*value).expect("the reader keeps shares within 0 to 1");
    scheme::Rule { name: rule.name.clone(), values: rule.values.map(share) }
}
