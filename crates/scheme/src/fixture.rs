//! Short ways to write rules in unit tests.

use perennis_units::{Citation, Dated, InForce};

use crate::Rule;

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
