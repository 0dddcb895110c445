use perennis_pensions::ServicePaid;

use super::Context;
use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::scheme::people as raw;

/// Adds up what was paid before the start, where the scheme at `scheme` says it.
#[expect(clippy::option_option, reason = "a scheme need not say it")]
pub(super) fn paid(
    raw: Option<&raw::ServiceBank>,
    scheme: &At<'_>,
    context: &Context<'_>,
) -> Option<Option<ServicePaid>> {
    given(raw.map(|raw| read(raw, &scheme.key("service_bank"), context)))
}

fn read(raw: &raw::ServiceBank, at: &At<'_>, context: &Context<'_>) -> Option<ServicePaid> {
    let place = at.key("paid");
    let by_year = raw.paid.recorded(&place, &Kind::PERSON_YEARS)?;
    let first = context.frame.years.first();
    let last = by_year.years().last();
    if first <= last {
        place.fault(
            Code::DatesContradict,
            format!(
                "contributor-years of {last} are not of the past of a valuation from {first} on"
            ),
            format!("give the years up to {}", first.plus(-1)),
        );
        return None;
    }
    let one = |(name, value): (&String, &crate::parts::Quantity)| {
        let years = value.read(&at.key("consumed").key(name), &Kind::PERSON_YEARS)?;
        Some((name.clone(), years))
    };
    let consumed: Option<Vec<_>> = raw.consumed.iter().flatten().map(one).collect();
    let paid = by_year.years().iter().map(|year| by_year.at(year)).sum();
    Some(ServicePaid { paid, consumed: consumed? })
}
