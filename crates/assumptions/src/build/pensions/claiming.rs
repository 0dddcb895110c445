use perennis_cohort::YearGrid;
use perennis_pensions::{Behaviour, Claiming, RatesOfService};
use perennis_units::{Probability, Sex, Share};

use super::Context;
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{BySex, Kind, Quantity};
use crate::read::by_age::{Below, ByAge, Wanted};
use crate::read::scheme::claiming as raw;

const RATES: Wanted = Wanted {
    column: "rate",
    kind: Kind::PROBABILITY.called("a rate of claiming"),
    below: Below::Zero,
};

/// The ways of claiming that a table may give.
struct Given<'a> {
    first: Option<i8>,
    probability: Option<&'a raw::Chances>,
    rates: Option<&'a ByAge>,
    by_service: Option<&'a [raw::ServiceRates]>,
    early_share: Option<&'a BySex<Quantity>>,
}

/// Reads when persons claim; `at` stands at the table.
pub(super) fn claiming(
    raw: &raw::Claiming,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<Claiming> {
    let active = Given {
        first: raw.first,
        probability: raw.probability.as_ref(),
        rates: raw.rates.as_ref(),
        by_service: raw.by_service.as_deref(),
        early_share: raw.early_share.as_ref(),
    };
    let active = behaviour(&active, at, context);
    let inactive = raw.inactive.as_ref().map(|raw| {
        let given = Given {
            first: raw.first,
            probability: raw.probability.as_ref(),
            rates: raw.rates.as_ref(),
            by_service: raw.by_service.as_deref(),
            early_share: raw.early_share.as_ref(),
        };
        behaviour(&given, &at.key("inactive"), context)
    });
    let inactive = match inactive {
        Some(inactive) => Some(inactive?),
        None => None,
    };
    Some(Claiming { active: active?, inactive })
}

fn behaviour(raw: &Given<'_>, at: &At<'_>, context: &Context<'_>) -> Option<Behaviour> {
    let Given { first, probability, rates, by_service: rows, early_share } = *raw;
    match (first, probability, rates, rows, early_share) {
        (Some(first), Some(chances), None, None, None) => {
            distance(first, chances, &at.key("probability"))
        }
        (None, None, Some(rates), None, None) => {
            let of = rates_of_service(0.0, rates, &at.key("rates"), context)?;
            Some(Behaviour::Age(vec![of]))
        }
        (None, None, None, Some(rows), None) => by_service(rows, &at.key("by_service"), context),
        (None, None, None, None, Some(share)) => {
            let shares = share.quantity(&at.key("early_share"), &Kind::SHARE)?;
            let [male, female] = shares.map(|share| Share::new(share).ok());
            Some(Behaviour::EarlyShare([male?, female?]))
        }
        (None, None, None, None, None) => {
            let remedy = "give first and probability, rates, by_service or early_share";
            at.fault(Code::NoValues, "nothing says when persons claim", remedy);
            None
        }
        (Some(_), None, ..) => {
            let reason = "`first` stands without the probabilities that begin with it";
            at.fault(Code::MissingKey, reason, "add probability, by sex");
            None
        }
        (None, Some(_), ..) => {
            let reason = "nothing says to which year from the age the first probability belongs";
            at.fault(Code::MissingKey, reason, "add first: 0 for the age itself");
            None
        }
        _ => {
            let remedy = "keep one of probability, rates, by_service and early_share";
            at.fault(Code::TwoWays, "when persons claim is given in several ways", remedy);
            None
        }
    }
}

fn distance(first: i8, raw: &raw::Chances, place: &At<'_>) -> Option<Behaviour> {
    let cited = place.citation();
    let factor = place.unit(&Kind::PROBABILITY);
    let mut by_sex = [Vec::new(), Vec::new()];
    let mut whole = true;
    for (list, (name, values)) in
        by_sex.iter_mut().zip([("male", &raw.male), ("female", &raw.female)])
    {
        let place = place.key(name);
        if values.is_empty() {
            place.fault(Code::NoValues, "there is no probability", "give one for each distance");
            whole = false;
        }
        for (at, value) in values.iter().enumerate() {
            let value = Kind::PROBABILITY.check(value * factor?, &place.index(at));
            match value.and_then(|value| Probability::new(value).ok()) {
                Some(value) => list.push(value),
                None => whole = false,
            }
        }
    }
    cited?;
    whole.then(|| Behaviour::Distance { first: i32::from(first), probability: by_sex })
}

fn by_service(rows: &[raw::ServiceRates], at: &At<'_>, context: &Context<'_>) -> Option<Behaviour> {
    let mut found: Vec<RatesOfService> = Vec::new();
    for (position, raw) in rows.iter().enumerate() {
        let place = at.index(position);
        let of = rates_of_service(raw.from_years, &raw.rates, &place.key("rates"), context)?;
        let rises = match found.last() {
            Some(before) => before.from_credit_months < of.from_credit_months,
            None => of.from_credit_months == 0,
        };
        if !rises {
            place.key("from_years").fault(
                Code::OutOfBounds,
                format!("rates from {} years of credit on are out of order", raw.from_years),
                "begin with 0 and let the years rise",
            );
            return None;
        }
        found.push(of);
    }
    if found.is_empty() {
        at.fault(Code::NoValues, "there are no rates by credit", "give from_years and rates");
        return None;
    }
    Some(Behaviour::Age(found))
}

fn rates_of_service(
    from_years: f64,
    raw: &ByAge,
    at: &At<'_>,
    context: &Context<'_>,
) -> Option<RatesOfService> {
    let rates = context.by_age(raw, at, &RATES)?;
    ends_with_all(&rates, at)?;
    let months =
        (0..=1200_i32).find(|months| (f64::from(*months) - 12.0 * from_years).abs() < 1e-6);
    let Some(from_credit_months) = months else {
        at.fault(
            Code::OutOfBounds,
            format!("{from_years} years of credit are no whole number of months"),
            "from 0 to 100 years",
        );
        return None;
    };
    Some(RatesOfService { from_credit_months, first_year: context.frame.years.first(), rates })
}

/// Somebody who never claims would wait for ever.
fn ends_with_all(rates: &YearGrid, at: &At<'_>) -> Option<()> {
    let last = rates.ages() - 1;
    for position in 0..rates.years() {
        for sex in Sex::ALL {
            let rate = rates.get(position, sex, last);
            if rate < 1.0 {
                at.fault(
                    Code::OutOfBounds,
                    format!("a rate of claiming of {rate} at the highest age leaves some without a pension"),
                    "end the table with the age at which all claim: a rate of 1",
                );
                return None;
            }
        }
    }
    Some(())
}
