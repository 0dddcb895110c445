//! The raw form of a law to the law of one scheme.

mod amounts;
mod benefits;
mod contributions;
mod provisions;
mod steps;

use perennis_scheme as scheme;
use perennis_units::Date;

use crate::at::At;
use crate::diagnostics::Code;
use crate::read::scheme::law::Law;
use provisions::Provisions;

/// Builds the law of a scheme; `at` stands at the scheme, `groups` are the names of its groups, `start` is the first day
/// of the valuation, on which every provision in use must have a value.
pub(crate) fn law(raw: &Law, at: &At<'_>, groups: &[&str], start: Date) -> Option<scheme::Law> {
    let before = at.reading().count();
    let provisions = Provisions::new(raw, at, groups, start);
    let pensionable_age =
        raw.pensionable_age.as_ref().map(|_| provisions.age("pensionable_age", at));
    let amounts = provisions.amounts();
    let contributions = contributions::contributions(&provisions);
    let benefits = benefits::benefits(&provisions);
    provisions.warn_of_unused();
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
        pensionable_age: pensionable_age.flatten(),
        amounts,
        contributions: contributions?,
        benefits: benefits?,
    })
}

/// Builds one amount of a law that is the same for everyone, for another branch that uses it; `at` stands at the scheme,
/// whose own builder checks that the amount is in force.
pub(crate) fn named_amount(raw: &Law, name: &str, at: &At<'_>) -> Option<scheme::NamedAmount> {
    let provisions = Provisions::new(raw, at, &[], Date::MAX);
    provisions.amount(name, &at.key("amounts").key(name))
}
