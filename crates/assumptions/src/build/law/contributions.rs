use perennis_scheme as scheme;
use perennis_units::Payer;

use super::numbers::Use;
use super::provisions::Provisions;
use crate::at::At;
use crate::build::given;
use crate::diagnostics::Code;
use crate::parts::Provision;
use crate::read::scheme::law;

/// Builds every contribution.
pub(super) fn contributions(provisions: &Provisions<'_>) -> Option<Vec<scheme::ContributionLaw>> {
    let at = provisions.at.key("contributions");
    let named = provisions.raw.contributions.iter();
    let built: Vec<_> =
        named.map(|(name, raw)| contribution(provisions, name, raw, &at.key(name))).collect();
    built.into_iter().collect()
}

fn contribution(
    provisions: &Provisions<'_>,
    name: &str,
    raw: &law::Contribution,
    at: &At<'_>,
) -> Option<scheme::ContributionLaw> {
    let amount = |raw: &Option<law::Operand>, key: &str| {
        given(raw.as_ref().map(|raw| provisions.amount_of(raw, &at.key(key))))
    };
    let groups = provisions.groups(raw.groups.as_ref(), &at.key("groups"));
    let rates = rates(provisions, &raw.rates, &at.key("rates"));
    let floor = amount(&raw.floor, "floor");
    let ceiling = amount(&raw.ceiling, "ceiling");
    let stepping =
        given(raw.stepping.as_ref().map(|raw| stepping(provisions, raw, &at.key("stepping"))));
    Some(scheme::ContributionLaw {
        name: name.to_owned(),
        account: raw.account.clone(),
        groups: groups?,
        rates: rates?,
        floor: floor?,
        ceiling: ceiling?,
        stepping: stepping?,
    })
}

fn rates(
    provisions: &Provisions<'_>,
    raw: &law::Rates,
    at: &At<'_>,
) -> Option<Vec<scheme::PayerRate>> {
    let given: [(Payer, &Option<Provision>); 5] = [
        (Payer::Employees, &raw.employees),
        (Payer::Employers, &raw.employers),
        (Payer::SelfEmployed, &raw.self_employed),
        (Payer::State, &raw.state),
        (Payer::Funds, &raw.funds),
    ];
    let given = given.iter().filter_map(|(payer, rate)| Some((*payer, rate.as_ref()?)));
    let built: Vec<_> = given
        .map(|(payer, rate)| {
            let rate = provisions.share_here(rate, &at.key(payer.as_str()))?;
            Some(scheme::PayerRate { payer, rate })
        })
        .collect();
    if built.is_empty() {
        at.fault(
            Code::NoRows,
            "nobody pays",
            "add a rate for employees, employers, self_employed, state or funds",
        );
        return None;
    }
    built.into_iter().collect()
}

fn stepping(
    provisions: &Provisions<'_>,
    raw: &law::Stepping,
    at: &At<'_>,
) -> Option<scheme::Stepping> {
    let place = at.key("reserve_ratio_floor");
    let floor = provisions.number(&raw.reserve_ratio_floor, &place, Use::Multiple);
    let rise = provisions.share(&raw.rise, &at.key("rise"));
    let most = provisions.share(&raw.most, &at.key("most"));
    Some(scheme::Stepping {
        payer: match raw.payer {
            law::Payer::Employees => Payer::Employees,
            law::Payer::Employers => Payer::Employers,
            law::Payer::SelfEmployed => Payer::SelfEmployed,
            law::Payer::State => Payer::State,
            law::Payer::Funds => Payer::Funds,
        },
        reserve_ratio_floor: floor?,
        rise: rise?,
        most: most?,
    })
}
