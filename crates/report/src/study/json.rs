use perennis_finance::{Course, LeverCost, Solved, Study, StudyResults};
use serde_json::{Value, json};

/// Returns a study as one JSON object: accounts by year, measures, figures by year and the State's side.
#[must_use]
pub fn study_json(study: &Study, results: &StudyResults) -> Value {
    let years = |fund: &perennis_finance::FundPath| -> Vec<Value> {
        let one = |year: &perennis_finance::FundYear| {
            json!({
                "year": year.year.get(),
                "insured_earnings": year.insured_earnings,
                "contributions": year.contributions,
                "primary_income": year.primary_income,
                "outgo": year.outgo,
                "interest": year.interest,
                "investment_income": year.investment_income,
                "reserve_start": year.reserve_start,
                "reserve_end": year.reserve_end,
                "debt_end": year.debt_end,
                "state_paid": year.state_paid,
                "exhausted": year.exhausted,
            })
        };
        fund.years.iter().map(one).collect()
    };
    let accounts =
        results.finance.funds.iter().map(|fund| (fund.account.clone(), json!(years(fund))));
    let measures = results.measures.iter().map(|one| {
        json!({ "scope": one.scope, "measure": one.measure, "value": one.value, "unit": one.unit })
    });
    let by_year = results.by_year.iter().map(|one| {
        json!({ "year": one.year.get(), "scope": one.scope, "indicator": one.name, "value": one.value, "unit": one.unit })
    });
    let state = results.state.iter().map(|one| {
        json!({
            "year": one.year.get(),
            "account": one.account,
            "contributions": one.contributions,
            "subsidies": one.subsidies,
            "shortfalls": one.shortfalls,
            "returned": one.returned,
            "net": one.net(),
        })
    });
    json!({
        "status": "ok",
        "title": study.title,
        "currency": study.currency,
        "accounts": accounts.collect::<serde_json::Map<String, Value>>(),
        "financing": measures.collect::<Vec<_>>(),
        "indicators": by_year.collect::<Vec<_>>(),
        "state_budget": state.collect::<Vec<_>>(),
    })
}

/// Returns solved problems as one JSON object.
#[must_use]
pub fn solutions_json(study: &Study, solved: &[Solved]) -> Value {
    let one = |solved: &Solved| {
        let solutions = solved
            .values
            .iter()
            .zip(&solved.costs)
            .map(|(value, cost)| json!({ "value": value, "cost": cost_json(cost) }));
        json!({
            "problem": solved.name,
            "account": solved.account,
            "lever": solved.lever.as_str(),
            "from_year": solved.lever.from().get(),
            "unit": solved.lever.unit(),
            "lowest": solved.range.low,
            "highest": solved.range.high,
            "solutions": solutions.collect::<Vec<_>>(),
            "unique": solved.is_unique(),
            "met_everywhere": solved.values.is_empty(),
            "course": course_word(solved.course),
        })
    };
    json!({
        "status": "ok",
        "title": study.title,
        "currency": study.currency,
        "solved": solved.iter().map(one).collect::<Vec<_>>(),
    })
}

fn cost_json(cost: &LeverCost) -> Value {
    json!({
        "contributions": cost.contributions,
        "other_income": cost.other_income,
        "outgo": cost.outgo,
        "state_paid": cost.state_paid,
        "insured_earnings": cost.earnings,
    })
}

const fn course_word(course: Course) -> &'static str {
    match course {
        Course::Rises => "rises",
        Course::Falls => "falls",
        Course::Turns => "turns",
        Course::Stands => "stands",
    }
}
