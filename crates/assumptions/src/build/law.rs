//! The raw form of a law to the law of one scheme.

mod amounts;
mod benefits;
mod contributions;
mod dimensions;
mod formulas;
mod indicators;
mod linked_age;
mod measures;
mod memo;
mod numbers;
mod operands;
mod payment;
mod provisions;
mod record;
mod steps;
mod tables;

use std::collections::BTreeMap;

use perennis_scheme as scheme;
use perennis_units::Date;

use crate::at::At;
use crate::diagnostics::Code;
use crate::read::scheme::law::Law;
use provisions::Provisions;

/// What is known around a law when it is built.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Around<'a> {
    /// Names of the groups; any name will do when absent.
    pub(crate) groups: Option<&'a [&'a str]>,
    /// The first day of the valuation, on which every provision in use must have a value.
    pub(crate) start: Option<Date>,
    /// Measures that are the same for all, which no cell knows of its members.
    pub(crate) stated: Option<&'a BTreeMap<String, f64>>,
}

/// Builds the law of a scheme; `at` stands at the scheme.
pub(crate) fn law(raw: &Law, at: &At<'_>, around: Around<'_>) -> Option<scheme::Law> {
    let before = at.reading().count();
    let provisions = Provisions::new(raw, at, around);
    let pensionable_age =
        raw.pensionable_age.as_ref().and_then(|_| provisions.age("pensionable_age", at));
    let linked_age =
        linked_age::linked_age(raw.pensionable_age.as_ref(), pensionable_age.as_ref(), at);
    let amounts = provisions.amounts();
    let contributions = contributions::contributions(&provisions);
    let benefits = benefits::benefits(&provisions);
    let periods = provisions.periods();
    let cumulations = payment::cumulations(&provisions);
    let indicators = indicators::indicators(&provisions);
    provisions.warn_of_unused(&["reference_earnings", "indexation"]);
    let named = provisions.named();
    provisions.warn_of_unused(&["rules", "scales"]);
    if raw.benefits.is_empty() && raw.contributions.is_empty() {
        at.fault(
            Code::NoSteps,
            "the scheme has neither contributions nor benefits",
            "add a table under contributions or benefits",
        );
    }
    (at.reading().count() == before).then_some(())?;
    Some(scheme::Law {
        scheme: at.name().to_owned(),
        pensionable_age,
        linked_age,
        amounts,
        contributions: contributions?,
        benefits: benefits?,
        periods: periods?,
        cumulations: cumulations?,
        indicators: indicators?,
        named,
    })
}

/// Builds one amount of a law that is the same for everyone, for another branch that uses it; `at` stands at the scheme,
/// whose own builder checks that the amount is in force.
pub(crate) fn named_amount(raw: &Law, name: &str, at: &At<'_>) -> Option<scheme::NamedAmount> {
    let provisions = Provisions::new(raw, at, Around::default());
    provisions.amount(name, &at.key("amounts").key(name))
}
