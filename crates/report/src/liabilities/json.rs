use perennis_generations::{
    Entitlements, FundingYear, LiabilityResults, LiabilityStudy, MemberValues, sum_of,
};
use serde_json::{Map, Value, json};

use super::{balance_rows, rows};

/// Returns liabilities as one JSON object: sums, members, payments, funding and values of lives.
#[must_use]
pub fn liabilities_json(study: &LiabilityStudy, results: &LiabilityResults) -> Value {
    let values: Map<String, Value> =
        results.values.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let sums = results.plan.as_ref().map(|plan| {
        let one = |([method, status, cause, measure], value, unit): super::Row| {
            json!({
                "method": method, "status": status, "cause": cause, "measure": measure,
                "value": value, "unit": unit,
            })
        };
        rows(plan).into_iter().map(one).collect::<Vec<_>>()
    });
    let members =
        results.plan.as_ref().map(|plan| plan.members.iter().map(member).collect::<Vec<_>>());
    let funding = results.funding.as_ref();
    let balance =
        balance_rows(results).into_iter().map(|(name, value)| (name.to_owned(), json!(value)));
    let first = study.plan.as_ref().map(|plan| plan.start.get());
    json!({
        "status": "ok",
        "title": study.title,
        "currency": study.currency,
        "first_year": first,
        "liabilities": sums.unwrap_or_default(),
        "members": members.unwrap_or_default(),
        "payments": results.plan.as_ref().map(|plan| plan.payments.clone()).unwrap_or_default(),
        "earnings": results.plan.as_ref().map(|plan| plan.earnings.clone()).unwrap_or_default(),
        "funding": funding.map(|path| path.years.iter().map(year).collect::<Vec<_>>()),
        "balance_sheet": balance.collect::<Map<String, Value>>(),
        "entitlements": funding.map(|path| path.entitlements.iter().map(entitlements).collect::<Vec<_>>()),
        "values": values,
    })
}

fn member(member: &MemberValues) -> Value {
    let of = &member.of;
    let costs = member.costs.iter().map(|cost| {
        let value = json!({
            "normal_cost": sum_of(&cost.normal_cost),
            "accrued_liability": sum_of(&cost.accrued),
        });
        (cost.method.as_str().to_owned(), value)
    });
    json!({
        "group": of.group,
        "sex": of.sex.as_str(),
        "age": of.age,
        "service": of.service,
        "persons": of.persons,
        "earnings": of.earnings,
        "present_value_of_benefits": sum_of(&member.present.benefits),
        "present_value_of_earnings": member.present.earnings,
        "methods": costs.collect::<Map<String, Value>>(),
    })
}

fn entitlements(one: &Entitlements) -> Value {
    json!({
        "year": one.year,
        "opening": one.opening,
        "current_service": one.current_service,
        "unwinding": one.unwinding,
        "benefits_paid": one.paid,
        "closing": one.closing,
        "unexplained": one.unexplained(),
    })
}

fn year(year: &FundingYear) -> Value {
    json!({
        "year": year.year,
        "active": year.active,
        "entrants": year.entrants,
        "earnings": year.earnings,
        "present_value_of_benefits_active": year.benefits_active,
        "accrued_liability_active": year.accrued_active,
        "accrued_liability_inactive": year.accrued_inactive,
        "accrued_liability": year.accrued(),
        "assets": year.assets,
        "assets_counted": year.assets_counted,
        "unfunded_liability": year.unfunded(),
        "funded_ratio": year.funded_ratio(),
        "normal_cost": year.normal_cost,
        "members_contributions": year.members_pay,
        "employers_contributions": year.employers_pay,
        "amortisation": year.amortisation,
        "expenses": year.expenses,
        "benefits_paid": year.paid,
        "returns": year.returns,
        "gain": year.gain,
    })
}
