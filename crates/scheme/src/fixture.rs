//! Short ways to write rules in unit tests.

use perennis_units::{Citation, Dated, InForce, Money, Sex};

use crate::{
    Adjustment, DividedBy, Groups, Index, NamedAmount, Operand, PointsRule, ReferenceRule,
    Revaluation, Rule, Window,
};

fn row<T>(from: &str, value: T) -> InForce<T> {
    InForce {
        from: from.parse().unwrap(),
        born_from: None,
        entered_from: None,
        sex: None,
        value,
        citation: Citation { source: "test".to_owned(), checked: true },
    }
}

pub(crate) fn dated<T>(from: &str, value: T) -> Dated<T> {
    Dated::new(vec![row(from, value)]).unwrap()
}

pub(crate) fn rule<T>(name: &str, rows: Vec<(String, T)>) -> Rule<T> {
    let rows = rows.into_iter().map(|(from, value)| row(&from, value)).collect();
    Rule { name: name.to_owned(), values: Dated::new(rows).unwrap() }
}

pub(crate) fn always<T>(name: &str, value: T) -> Rule<T> {
    rule(name, vec![("1900-01-01".to_owned(), value)])
}

pub(crate) fn citation() -> Citation {
    Citation { source: "test".to_owned(), checked: true }
}

/// A rule with another value for those who first contributed on a day or later.
pub(crate) fn by_entry<T>(name: &str, before: T, (day, after): (&str, T)) -> Rule<T> {
    let mut rows = vec![row("1900-01-01", before)];
    rows.push(InForce { entered_from: Some(day.parse().unwrap()), ..row("1900-01-01", after) });
    Rule { name: name.to_owned(), values: Dated::new(rows).unwrap() }
}

/// An amount a year that follows prices.
pub(crate) fn amount(name: &str, amount: f64) -> NamedAmount {
    NamedAmount {
        name: name.to_owned(),
        values: dated("1990-01-01", Money::new(amount).unwrap()),
        after: Adjustment { by: Index::Prices, month: 1, lag: 0 },
        rounded: None,
    }
}

/// A rule for one sex only.
pub(crate) fn for_sex<T>(name: &str, sex: Sex, value: T) -> Rule<T> {
    let values = Dated::new(vec![InForce { sex: Some(sex), ..row("1900-01-01", value) }]).unwrap();
    Rule { name: name.to_owned(), values }
}

/// A rule with rows for all, for women, for those born from 1970 on and, when settled, for such women.
pub(crate) fn for_sex_and_birth(name: &str, settled: bool) -> Rule<f64> {
    let born_from = Some("1970-01-01".parse().unwrap());
    let sex = Some(Sex::Female);
    let mut rows = vec![
        row("1900-01-01", 1.0),
        InForce { sex, ..row("1900-01-01", 2.0) },
        InForce { born_from, ..row("1900-01-01", 3.0) },
    ];
    rows.extend(settled.then(|| InForce { sex, born_from, ..row("1900-01-01", 4.0) }));
    Rule { name: name.to_owned(), values: Dated::new(rows).unwrap() }
}

/// A point for each `price` of earnings.
pub(crate) fn points(name: &str, price: f64) -> PointsRule {
    PointsRule {
        name: name.to_owned(),
        price: Operand::Constant(price),
        rate: None,
        at_most: None,
        ceiling: None,
        credited: Vec::new(),
        kinds: Vec::new(),
        above: None,
        earnings_at_least: None,
        at_least: None,
        rounded: None,
        citation: citation(),
    }
}

/// The mean of the career's credited months at the level of wages.
pub(crate) fn reference(name: &str) -> ReferenceRule {
    ReferenceRule {
        name: name.to_owned(),
        groups: Groups::All,
        entered_from: None,
        window: Window::Career,
        revaluation: Revaluation::following(Index::Wages, 0),
        divided_by: DividedBy::Credited,
        drop: None,
        ceiling: None,
        floor: None,
        above: None,
        missing: None,
        limits: crate::LimitsOf::Year,
        life: crate::PartOfLife::default(),
        credited: Vec::new(),
        citation: citation(),
    }
}
