//! A person's entitlements as one JSON object.

use perennis_assumptions::LoadedPerson;
use perennis_scheme::{
    AmountChange, Award, BenefitKind, BenefitResult, Cause, ClaimEvent, ClaimResult, Conversion,
    Counted, EndReason, Expected, LaterResult, LimitResult, NamedValue, PaidYear, PersonResult,
    Recipient, SchemeResult, Status, SurvivorOf, TracedStep, TracedTest, Valued,
};
use perennis_units::Citation;
use serde_json::{Map, Value, json};

use crate::faults::as_json;

/// Returns everything that was found; amounts of pensions are currency a year, those of grants currency.
pub(super) fn json(loaded: &LoadedPerson, result: &PersonResult) -> Value {
    let person = &loaded.person;
    let notes = loaded
        .notes
        .iter()
        .map(|note| json!({ "path": note.path, "kind": note.kind.as_str(), "text": note.text }));
    json!({
        "status": "ok",
        "currency": loaded.currency,
        "born": person.born.to_string(),
        "sex": person.sex.as_str(),
        "warnings": as_json(&loaded.warnings),
        "notes": notes.collect::<Vec<_>>(),
        "claims": list(&result.claims, claim),
    })
}

fn list<T>(items: &[T], write: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(write).collect())
}

fn claim(claim: &ClaimResult) -> Value {
    let event = match claim.event {
        ClaimEvent::Age => "age",
        ClaimEvent::Invalidity => "invalidity",
        ClaimEvent::Death => "death",
        ClaimEvent::Withdrawal => "withdrawal",
    };
    json!({
        "date": claim.date.to_string(),
        "age_months": claim.age.in_months(),
        "event": event,
        "schemes": list(&claim.schemes, scheme),
        "limits": list(&claim.limits, limit),
        "conversions": list(&claim.conversions, conversion),
        "later": claim.later.as_ref().map(later),
        "after_death": list(&claim.after_death, scheme),
        "years": list(&claim.years, year),
        "expected": claim.expected.as_ref().map(expected),
    })
}

fn later(later: &LaterResult) -> Value {
    json!({
        "date": later.date.to_string(),
        "age_months": later.age.in_months(),
        "schemes": list(&later.schemes, scheme),
    })
}

fn scheme(scheme: &SchemeResult) -> Value {
    let months: Map<String, Value> =
        scheme.record.months.iter().map(|(kind, months)| (kind.clone(), json!(months))).collect();
    json!({
        "scheme": scheme.scheme,
        "group": scheme.group,
        "record": {
            "months": months,
            "months_after_claim": scheme.record.after_claim,
            "first_year": scheme.record.years.map(|(first, _)| first.get()),
            "last_year": scheme.record.years.map(|(_, last)| last.get()),
        },
        "benefits": list(&scheme.benefits, benefit),
        "values": list(&scheme.values, named),
    })
}

fn named(value: &NamedValue) -> Value {
    json!({
        "kind": value.kind.as_str(),
        "name": value.name,
        "value": value.value,
        "stated": value.stated,
        "steps": list(&value.steps, step),
        "counted": list(&value.counted, counted),
    })
}

fn benefit(benefit: &BenefitResult) -> Value {
    let kind = match benefit.kind {
        BenefitKind::Pension => "pension",
        BenefitKind::Grant => "grant",
    };
    json!({
        "benefit": benefit.name,
        "kind": kind,
        "survivor": benefit.survivor.as_ref().map(survivor),
        "due": benefit.not_known.is_none().then_some(benefit.award.is_some()),
        "not_known": benefit.not_known,
        "conditions": list(&benefit.tests, test),
        "award": benefit.award.as_ref().map(award),
        "ends": benefit.end.as_ref().map(|(date, reason)| {
            json!({ "date": date.to_string(), "reason": end(reason) })
        }),
    })
}

fn survivor(of: &SurvivorOf) -> Value {
    let kind = match of.kind {
        Recipient::Spouse => "spouse",
        Recipient::FormerSpouse => "former_spouse",
        Recipient::Child => "child",
        Recipient::Parent => "parent",
    };
    json!({ "kind": kind, "position": of.position, "born": of.born.to_string() })
}

fn test(test: &TracedTest) -> Value {
    json!({
        "what": test.what,
        "met": test.met,
        "formula": test.formula,
        "provisions": list(&test.provisions, provision),
    })
}

fn provision(citation: &Citation) -> Value {
    json!({ "source": citation.source, "checked": citation.checked })
}

fn award(award: &Award) -> Value {
    json!({
        "from": award.from.to_string(),
        "amount": award.amount.get(),
        "paid": award.paid.get(),
        "payments_a_year": award.payments_a_year,
        "per_payment": award.paid.get() / f64::from(award.payments_a_year.max(1)),
        "stated": award.stated,
        "steps": list(&award.steps, step),
        "counted": list(&award.counted, counted),
    })
}

fn step(step: &TracedStep) -> Value {
    json!({
        "step": step.step,
        "part_of": step.part_of,
        "formula": step.formula,
        "amount": step.amount.get(),
        "provisions": list(&step.provisions, provision),
    })
}

fn counted(counted: &Counted) -> Value {
    let years = counted.years.iter().map(|year| {
        json!({
            "year": year.year.get(),
            "kind": year.kind,
            "months": year.months,
            "earnings": year.earnings,
            "factor": year.factor,
            "counted": year.counted,
        })
    });
    json!({
        "name": counted.name,
        "amount": counted.amount,
        "formula": counted.formula,
        "years": years.collect::<Vec<_>>(),
        "provisions": list(&counted.provisions, provision),
    })
}

fn limit(limit: &LimitResult) -> Value {
    let amounts = limit
        .amounts
        .iter()
        .map(|(name, before, after)| json!({ "benefit": name, "before": before, "after": after }));
    json!({
        "scheme": limit.scheme,
        "limit": limit.name,
        "formula": limit.formula,
        "amounts": amounts.collect::<Vec<_>>(),
        "provisions": list(&limit.provisions, provision),
    })
}

fn conversion(conversion: &Conversion) -> Value {
    json!({
        "scheme": conversion.scheme,
        "from": conversion.from,
        "to": conversion.to,
        "date": conversion.date.to_string(),
        "award": conversion.award.as_ref().map(award),
    })
}

fn year(year: &PaidYear) -> Value {
    let benefits = year.benefits.iter().map(|benefit| {
        json!({
            "scheme": benefit.scheme,
            "benefit": benefit.name,
            "survivor": benefit.survivor.as_ref().map(survivor),
            "changes": list(&benefit.changes, change),
            "paid": benefit.paid,
            "in_force": benefit.in_force,
        })
    });
    json!({
        "year": year.year.get(),
        "paid": year.paid,
        "in_force": year.in_force,
        "in_wages": year.in_wages,
        "in_prices": year.in_prices,
        "benefits": benefits.collect::<Vec<_>>(),
    })
}

fn change(change: &AmountChange) -> Value {
    let (cause, more) = match &change.cause {
        Cause::Begins => ("begins", Value::Null),
        Cause::Adjusted { indexation, factor } => {
            ("adjusted", json!({ "indexation": indexation, "factor": factor }))
        }
        Cause::Limited => ("limited", Value::Null),
        Cause::Ends(reason) => ("ends", end(reason)),
    };
    json!({ "date": change.date.to_string(), "cause": cause, "by": more, "amount": change.amount })
}

fn end(reason: &EndReason) -> Value {
    match reason {
        EndReason::Age => json!("age"),
        EndReason::Education => json!("education"),
        EndReason::Time => json!("time"),
        EndReason::Remarriage => json!("remarriage"),
        EndReason::Death => json!("death"),
        EndReason::ConvertsTo(name) => json!({ "converts_to": name }),
    }
}

fn expected(expected: &Expected) -> Value {
    let states = expected.states.iter().map(|state| {
        let mut row = Map::from_iter([("years".to_owned(), json!(state.years))]);
        for status in Status::ALL {
            if let Some(probability) = state.of(status) {
                row.insert(status.as_str().to_owned(), json!(probability));
            }
        }
        Value::Object(row)
    });
    json!({
        "interest": expected.interest.get(),
        "states": states.collect::<Vec<_>>(),
        "annuities": list(&expected.annuities, valued),
        "insurances": list(&expected.insurances, valued),
        "benefits": list(&expected.benefits, valued),
        "survivors": list(&expected.survivors, valued),
    })
}

fn valued(valued: &Valued) -> Value {
    json!({
        "name": valued.name,
        "expected_payments": valued.expected,
        "present_value": valued.present_value,
    })
}
