use perennis_scheme as scheme;

use super::provisions::{Provisions, unknown, within};
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::scheme::law::{Indicator, IndicatorOf};

/// Builds the indicators that the law defines.
pub(super) fn indicators(provisions: &Provisions<'_>) -> Option<Vec<scheme::IndicatorLaw>> {
    let at = provisions.at.key("indicators");
    let named = provisions.raw.indicators.iter();
    let built: Vec<_> =
        named.map(|(name, raw)| indicator(provisions, (name, raw), &at.key(name))).collect();
    built.into_iter().collect()
}

fn indicator(
    provisions: &Provisions<'_>,
    (name, raw): (&str, &Indicator),
    at: &At<'_>,
) -> Option<scheme::IndicatorLaw> {
    let citation = at.citation();
    let of = figures(provisions, &raw.of, &at.key("of"));
    let lag = within(raw.lag.unwrap_or(0), 0, 5, &at.key("lag"));
    let published = raw.published.recorded(&at.key("published"), &Kind::INDICATOR);
    Some(scheme::IndicatorLaw {
        name: name.to_owned(),
        of: of?,
        lag: i32::try_from(lag?).ok()?,
        published: published?,
        scaled: raw.scaled.unwrap_or(false),
        citation: citation?,
    })
}

fn figures(
    provisions: &Provisions<'_>,
    raw: &IndicatorOf,
    at: &At<'_>,
) -> Option<scheme::IndicatorOf> {
    match raw {
        IndicatorOf::Dependency(benefits) => {
            let at = at.key("dependency");
            if benefits.is_empty() {
                at.fault(
                    Code::NoRows,
                    "no benefit is counted",
                    "name the pensions that count: { dependency = [\"old_age\"] }",
                );
                return None;
            }
            let of_law = &provisions.raw.benefits;
            let known = benefits.iter().enumerate().map(|(index, name)| {
                let known = of_law.contains_key(name).then_some(());
                known.or_else(|| unknown(&at.index(index), "a benefit", name, of_law.keys()))
            });
            known.collect::<Vec<_>>().into_iter().collect::<Option<Vec<()>>>()?;
            Some(scheme::IndicatorOf::Dependency { benefits: benefits.clone() })
        }
        IndicatorOf::ReserveRatio(account) => {
            Some(scheme::IndicatorOf::ReserveRatio { account: account.clone() })
        }
    }
}
