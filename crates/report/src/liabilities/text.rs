use super::balance_rows;
use perennis_generations::{
    Cause, FundingYear, LiabilityResults, LiabilityStudy, PlanValues, sum_of,
};

/// Returns what `perennis liabilities` prints: sums by method and cause, the funding, values of lives.
#[must_use]
pub fn liabilities_text(study: &LiabilityStudy, results: &LiabilityResults) -> String {
    let mut lines = vec![study.title.clone()];
    if let (Some(plan), Some(basis)) = (&results.plan, &study.plan) {
        let place = format!("1 January {}, amounts in {}", basis.start, study.currency);
        lines.push(place);
        lines.push(String::new());
        lines.extend(sums(plan));
    }
    if let Some(path) = &results.funding {
        lines.push(String::new());
        lines.push("Balance sheets and implicit debt".to_owned());
        let rows = balance_rows(results).into_iter();
        lines.extend(rows.map(|(name, value)| {
            format!("  {:<44} {:>20}", name.replace('_', " "), amount(value))
        }));
        lines.push(String::new());
        lines.extend(funding(&path.years));
    }
    if !results.values.is_empty() {
        lines.push(String::new());
        lines.push("Values of lives, for one unit".to_owned());
        let width = results.values.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in &results.values {
            let value =
                value.map_or_else(|| "nobody is left".to_owned(), |value| format!("{value:.6}"));
            lines.push(format!("  {name:width$}  {value}"));
        }
    }
    let mut text = lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

fn sums(plan: &PlanValues) -> Vec<String> {
    let present = &plan.present;
    let mut lines = vec![
        line("Active members", plan.persons),
        line("Expected earnings of the year", present.earnings_of_year),
        line("Present value of earnings", present.earnings),
        line("Present value of benefits, active", sum_of(&present.benefits)),
        line("Present value of pensions", plan.of_pensioners()),
    ];
    for total in &plan.totals {
        lines.push(String::new());
        let method = total.method.as_str().replace('_', " ");
        let rate = total.normal_cost_rate(present.earnings_of_year);
        let rate =
            rate.map_or_else(String::new, |rate| format!("{:.4} % of earnings", 100.0 * rate));
        lines.push(format!(
            "{:<28} {:>20} {:>20}  {rate}",
            format!("Method {method}"),
            "accrued liability",
            "normal cost"
        ));
        for cause in Cause::ALL {
            let at = cause.index();
            lines.push(format!(
                "  {:<26} {:>20} {:>20}",
                cause.as_str(),
                amount(total.accrued_active[at]),
                amount(total.normal_cost[at])
            ));
        }
        let active = sum_of(&total.accrued_active);
        lines.push(format!(
            "  {:<26} {:>20} {:>20}",
            "active members",
            amount(active),
            amount(sum_of(&total.normal_cost))
        ));
        lines.push(format!(
            "  {:<26} {:>20}",
            "with pensioners",
            amount(active + plan.of_pensioners())
        ));
    }
    lines
}

fn line(title: &str, value: f64) -> String {
    format!("{title:<40} {:>20}", amount(value))
}

/// Writes an amount with two decimals; small ones to six digits.
fn amount(value: f64) -> String {
    if value.abs() < 1000.0 { format!("{value:.6}") } else { format!("{value:.2}") }
}

fn funding(years: &[FundingYear]) -> Vec<String> {
    let mut head = format!("{:>6}", "year");
    for title in [
        "active",
        "earnings",
        "accrued",
        "assets",
        "unfunded",
        "normal cost",
        "contributions",
        "paid",
    ] {
        head.push_str(&format!(" {title:>18}"));
    }
    head.push_str("   funded");
    let mut lines = vec!["Funding, stocks at the start of the year".to_owned(), head];
    for year in years {
        let mut row = format!("{:>6}", year.year);
        for value in [
            year.active,
            year.earnings,
            year.accrued(),
            year.assets,
            year.unfunded(),
            year.normal_cost,
            year.members_pay + year.employers_pay,
            year.paid,
        ] {
            row.push_str(&format!(" {:>18}", amount(value)));
        }
        let ratio = year.funded_ratio();
        row.push_str(
            &ratio.map_or_else(|| "        -".into(), |one| format!(" {:>7.2}%", 100.0 * one)),
        );
        lines.push(row);
    }
    lines
}
