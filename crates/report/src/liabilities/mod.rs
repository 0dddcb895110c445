//! Liabilities of a plan and values of lives, for a terminal, for programs and for a folder.

mod json;
mod tables;
mod text;

pub use json::liabilities_json;
pub use tables::{liabilities_tables, write_liabilities};
pub use text::liabilities_text;

use perennis_generations::{
    Cause, ImplicitDebt, LiabilityResults, MethodTotals, PlanValues, sum_of,
};

/// A sum of a plan: method, status, cause, measure, value, unit; a method or cause that is empty is all of them.
pub(crate) type Row = ([&'static str; 4], f64, &'static str);

/// Returns every sum of a plan, in the order of tables.
pub(crate) fn rows(plan: &PlanValues) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let present = &plan.present;
    for cause in Cause::ALL {
        let value = present.benefits[cause.index()];
        let key = ["", "active", cause.as_str(), "present_value_of_benefits"];
        rows.push((key, value, "currency"));
    }
    let pensions = plan.of_pensioners();
    rows.push((
        ["", "active", "", "present_value_of_benefits"],
        sum_of(&present.benefits),
        "currency",
    ));
    rows.push((["", "pensioner", "", "present_value_of_benefits"], pensions, "currency"));
    rows.push((["", "active", "", "present_value_of_earnings"], present.earnings, "currency"));
    rows.push((["", "active", "", "earnings_of_the_year"], present.earnings_of_year, "currency"));
    rows.push((["", "active", "", "persons"], plan.persons, "persons"));
    for total in &plan.totals {
        rows.extend(of_method(total, (pensions, present.earnings_of_year)));
    }
    rows
}

fn of_method(total: &MethodTotals, (pensions, earnings): (f64, f64)) -> Vec<Row> {
    let method = total.method.as_str();
    let mut rows: Vec<Row> = Vec::new();
    for cause in Cause::ALL {
        let (at, name) = (cause.index(), cause.as_str());
        rows.push((
            [method, "active", name, "accrued_liability"],
            total.accrued_active[at],
            "currency",
        ));
        rows.push(([method, "active", name, "normal_cost"], total.normal_cost[at], "currency"));
    }
    let active = sum_of(&total.accrued_active);
    rows.push(([method, "active", "", "accrued_liability"], active, "currency"));
    rows.push(([method, "pensioner", "", "accrued_liability"], pensions, "currency"));
    rows.push(([method, "all", "", "accrued_liability"], active + pensions, "currency"));
    rows.push(([method, "active", "", "normal_cost"], sum_of(&total.normal_cost), "currency"));
    if let Some(rate) = total.normal_cost_rate(earnings) {
        rows.push(([method, "active", "", "normal_cost_rate"], rate, "share of earnings"));
    }
    rows
}

/// Returns the lines of the balance sheets and the implicit debt, currency; none without funding.
pub(crate) fn balance_rows(results: &LiabilityResults) -> Vec<(&'static str, f64)> {
    let (Some(path), Some(plan)) = (&results.funding, &results.plan) else { return Vec::new() };
    let sheet = &path.sheet;
    let debt = ImplicitDebt::of(plan, sheet);
    let mut rows = vec![
        ("assets", sheet.assets),
        ("present_value_of_contributions_of_members", sheet.contributions_active),
        ("present_value_of_benefits_of_members", sheet.benefits_active),
        ("present_value_of_pensions", sheet.pensions),
        ("balance_of_the_closed_group", sheet.closed()),
        ("present_value_of_contributions_of_entrants", sheet.contributions_entrants),
        ("present_value_of_benefits_of_entrants", sheet.benefits_entrants),
        ("balance_of_the_open_group", sheet.open()),
    ];
    rows.extend(debt.accrued_to_date.map(|value| ("implicit_debt_accrued_to_date", value)));
    rows.push(("implicit_debt_of_current_members", debt.current_members));
    rows.push(("implicit_debt_of_the_open_system", debt.open_system));
    rows
}
