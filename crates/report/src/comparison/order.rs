use super::run::{ComparedMeasure, ComparedRun};
use crate::format::grouped;

/// Name of the measure of the reserve, whose order is from the highest down.
const RESERVE: &str = "reserve_over_gdp_at_horizon";

/// Measures of financing by which options are put in order, with the sign that makes the lowest the best.
const MEASURES: [(&str, f64); 5] = [
    ("payg_rate_last_year", 1.0),
    ("payg_rate_mean", 1.0),
    ("general_average_premium", 1.0),
    ("general_average_premium_infinite", 1.0),
    ("actuarial_balance_75", -1.0),
];

/// The options in the order of one measure, under one set of assumptions.
#[derive(Clone, Debug)]
pub(crate) struct Order<'a> {
    /// Name of the scenario that lies under them; empty for the assumptions of the valuation.
    pub(crate) under: &'a str,
    /// The account.
    pub(crate) scope: String,
    /// The measure.
    pub(crate) measure: &'static str,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// Runs with their values, the best first: the lowest rate, the largest reserve.
    pub(crate) runs: Vec<(&'a ComparedRun, f64)>,
}

impl Order<'_> {
    /// Returns the place of a run, from 1; runs whose values are printed alike have the same place.
    pub(crate) fn place(&self, name: &str) -> Option<usize> {
        let (_, value) = self.runs.iter().find(|(run, _)| run.label.name == name)?;
        let before = self.runs.iter().take_while(|(_, other)| !same(*other, *value));
        Some(1 + before.count())
    }

    /// Returns the pairs of runs whose order is the other way round than in `other`.
    pub(crate) fn reversed<'a>(&'a self, other: &'a Self) -> Vec<(&'a str, &'a str)> {
        let name = |at: usize| self.runs[at].0.label.name.as_str();
        let mut pairs = Vec::new();
        for behind in 0..self.runs.len() {
            for ahead in 0..behind {
                let (ahead, behind) = (name(ahead), name(behind));
                let apart = self.place(ahead) < self.place(behind);
                if apart && other.place(behind) < other.place(ahead) {
                    pairs.push((ahead, behind));
                }
            }
        }
        pairs
    }
}

/// Returns the order of the options by every rate of financing that an account has, and by its reserve at the horizon.
pub(crate) fn orders(runs: &[ComparedRun]) -> Vec<Order<'_>> {
    let mut orders = Vec::new();
    let Some(first) = runs.first() else { return orders };
    let of = |one: &ComparedMeasure| {
        let known = MEASURES.into_iter().find(|(name, _)| *name == one.measure);
        known.map(|(measure, sign)| (one.scope.clone(), measure, one.unit, sign))
    };
    let rates: Vec<_> = first.measures.iter().filter_map(of).collect();
    let reserves = first.paths.iter().filter(|path| path.indicator == "reserve_over_gdp");
    let reserves: Vec<String> = reserves.map(|path| path.scope.clone()).collect();
    for under in unders(runs) {
        let alike = || runs.iter().filter(|run| run.label.under == under);
        for (scope, measure, unit, sign) in &rates {
            let values = alike().filter_map(|run| Some((run, run.measure(scope, measure)?.value?)));
            let (scope, runs) = (scope.clone(), sorted(values, *sign));
            orders.push(Order { under, scope, measure, unit, runs });
        }
        for scope in &reserves {
            let values = alike().filter_map(|run| {
                let path = run.path(scope, "reserve_over_gdp")?;
                Some((run, path.values.iter().rev().find_map(|value| *value)?))
            });
            let (scope, runs) = (scope.clone(), sorted(values, -1.0));
            orders.push(Order { under, scope, measure: RESERVE, unit: "share", runs });
        }
    }
    orders.retain(|order| order.runs.iter().any(|(_, value)| 0.0 < value.abs()));
    orders
}

/// Returns the names of the scenarios that lie under the runs, in the order of the runs; the first is empty.
pub(crate) fn unders(runs: &[ComparedRun]) -> Vec<&str> {
    crate::figures::distinct(runs.iter().map(|run| run.label.under.as_str()))
}

fn sorted<'a>(
    values: impl Iterator<Item = (&'a ComparedRun, f64)>,
    sign: f64,
) -> Vec<(&'a ComparedRun, f64)> {
    let mut runs: Vec<_> = values.collect();
    runs.sort_by(|one, other| (sign * one.1).total_cmp(&(sign * other.1)));
    runs
}

/// Writes a value of an order as the page prints it.
pub(crate) fn printed(value: f64) -> String {
    grouped(100.0 * value, 2)
}

fn same(one: f64, other: f64) -> bool {
    printed(one) == printed(other)
}

#[cfg(test)]
mod tests {
    use perennis_units::{Year, YearRange};
    use perennis_valuation::Title;

    use super::*;
    use crate::comparison::RunLabel;

    fn run(name: &str, under: &str, rate: f64) -> ComparedRun {
        let text = |text: &str| text.to_owned();
        let measure = ComparedMeasure {
            scope: text("main"),
            measure: text("payg_rate_mean"),
            value: Some(rate),
            unit: "share of insured earnings",
        };
        ComparedRun {
            label: RunLabel { name: text(name), under: text(under), ..RunLabel::default() },
            title: Title { title: text(""), country: text(""), currency: text("") },
            years: YearRange::new(Year::new(2030), 1),
            paths: Vec::new(),
            measures: vec![measure],
            lives: Default::default(),
        }
    }

    #[test]
    fn values_printed_alike_share_a_place_and_the_next_comes_after_both() {
        let runs = [("a", 0.2), ("b", 0.1), ("c", 0.200_04), ("d", 0.2001)];
        let runs = runs.map(|(name, rate)| run(name, "", rate));
        let all = orders(&runs);
        let places = ["b", "a", "c", "d"].map(|name| all[0].place(name).unwrap());
        assert_eq!(places, [1, 2, 2, 4]);
        assert_eq!(all[0].place("e"), None);
    }

    #[test]
    fn a_pair_changes_places_only_when_its_order_is_the_other_way_round() {
        let own = [("a", 0.1), ("b", 0.2), ("c", 0.3)].map(|(name, rate)| run(name, "", rate));
        let hard = [("a", 0.5), ("b", 0.4), ("c", 0.5)].map(|(name, rate)| run(name, "hard", rate));
        let runs: Vec<ComparedRun> = own.into_iter().chain(hard).collect();
        let all = orders(&runs);
        assert_eq!((all[0].under, all[1].under), ("", "hard"));
        // a and c are level under the other assumptions, which is no change of places.
        assert_eq!(all[0].reversed(&all[1]), [("a", "b")]);
        assert!(all[0].reversed(&all[0]).is_empty());
    }
}
