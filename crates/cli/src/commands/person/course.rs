//! How a person's benefits go on, and what is to be expected of them.

use perennis_scheme::{AmountChange, Cause, ClaimResult, Expected, PaidYear, Status, Valued};

use super::page::{Page, amount, number, plain};
use super::text::{Writer, end, survivor};

impl Writer<'_> {
    pub(super) fn years(&self, page: &mut Page, claim: &ClaimResult) {
        if claim.years.iter().all(|year| year.benefits.is_empty()) {
            return;
        }
        page.space();
        page.write(
            0,
            &format!("Over time, {}: in force at the end of the year, paid in it", self.currency),
        );
        let first = claim.years.first();
        let wages = first.is_some_and(|year| year.in_wages.is_some());
        let prices = first.is_some_and(|year| year.in_prices.is_some());
        let mut heading = vec!["year", "changes (month-day)", "in force a year", "paid"];
        let of = i32::from(claim.date.year());
        let (in_wages, in_prices) = (format!("at {of} wages"), format!("at {of} prices"));
        heading.extend(wages.then_some(in_wages.as_str()));
        heading.extend(prices.then_some(in_prices.as_str()));
        let numbers = heading.len() - 2;
        let mut rows = vec![heading.into_iter().map(str::to_owned).collect::<Vec<_>>()];
        for alike in claim.years.chunk_by(repeats) {
            let mut lines = self.year(&alike[0]);
            if let [first, .., last] = alike {
                lines[0][0] = format!("{} to {}", first.year, last.year);
            }
            rows.extend(lines);
        }
        page.table(2, &rows, numbers);
    }

    /// Writes one year; what changes in it takes a line each.
    fn year(&self, year: &PaidYear) -> Vec<Vec<String>> {
        let several = 1 < year.benefits.len();
        let mut lines: Vec<String> = Vec::new();
        for benefit in &year.benefits {
            let to = benefit.survivor.map_or(String::new(), |of| format!(" ({})", survivor(&of)));
            for change in benefit.changes.iter().filter(|change| moves(change)) {
                let adjusted = matches!(change.cause, Cause::Adjusted { .. });
                let name = if several || !adjusted {
                    format!("{}{to} ", benefit.name)
                } else {
                    String::new()
                };
                let stands = if several && 0.0 < change.amount {
                    format!(": {}", amount(change.amount))
                } else {
                    String::new()
                };
                lines.push(format!("{name}{}{stands}", change_words(change)));
            }
        }
        let first = if lines.is_empty() { String::new() } else { lines.remove(0) };
        let mut row = vec![year.year.to_string(), first, amount(year.in_force), amount(year.paid)];
        row.extend([year.in_wages, year.in_prices].into_iter().flatten().map(amount));
        let more = lines.into_iter().map(|line| vec![String::new(), line]);
        std::iter::once(row).chain(more).collect()
    }

    pub(super) fn expected(&self, page: &mut Page, expected: &Expected) {
        page.space();
        let interest = plain(100.0 * expected.interest.get());
        let money = self.currency;
        page.write(
            0,
            &format!("To be expected at the claim, {money}, interest {interest} % a year"),
        );
        let mut rows = vec![["", "expected payments", "present value"].map(str::to_owned).to_vec()];
        let all =
            [&expected.annuities, &expected.insurances, &expected.benefits, &expected.survivors];
        for Valued { name, expected, present_value } in all.into_iter().flatten() {
            let decimals = if expected.abs() < 1e3 { 6 } else { 2 };
            rows.push(vec![
                name.clone(),
                number(*expected, decimals),
                number(*present_value, decimals),
            ]);
        }
        if 1 < rows.len() {
            page.table(2, &rows, 2);
        }
        let given: Vec<Status> = Status::ALL
            .into_iter()
            .filter(|one| expected.states.iter().any(|s| s.of(*one).is_some()))
            .collect();
        let heading =
            std::iter::once("after years").chain(given.iter().map(|status| status.as_str()));
        let mut rows = vec![heading.map(|name| name.replace('_', " ")).collect::<Vec<_>>()];
        for state in &expected.states {
            let shown = state.years <= 5 || state.years % 5 == 0;
            if shown || state.years + 1 == i32::try_from(expected.states.len()).unwrap_or(0) {
                let values = given
                    .iter()
                    .map(|status| state.of(*status).map_or("-".to_owned(), |p| number(p, 6)));
                rows.push(std::iter::once(state.years.to_string()).chain(values).collect());
            }
        }
        page.space();
        page.write(2, "Probability of each state");
        page.table(2, &rows, given.len());
    }
}

/// Says whether a year repeats the one before: nothing changes in it or before, and every figure stays.
fn repeats(before: &PaidYear, year: &PaidYear) -> bool {
    let figures = |year: &PaidYear| {
        let [wages, prices] = [year.in_wages, year.in_prices].map(|one| one.map(amount));
        (amount(year.in_force), amount(year.paid), wages, prices)
    };
    let quiet =
        |year: &PaidYear| !year.benefits.iter().flat_map(|benefit| &benefit.changes).any(moves);
    quiet(before) && quiet(year) && figures(before) == figures(year)
}

/// An adjustment by a factor of one moves nothing.
fn moves(change: &AmountChange) -> bool {
    !matches!(change.cause, Cause::Adjusted { factor, .. } if (factor - 1.0).abs() < 1e-12)
}

fn change_words(change: &AmountChange) -> String {
    let day = format!("{:02}-{:02}", change.date.month(), change.date.day());
    match &change.cause {
        Cause::Begins => format!("{day} begins"),
        Cause::Adjusted { indexation, factor } => {
            format!("{day} x {} {indexation}", number(*factor, 4))
        }
        Cause::Limited => format!("{day} by a limit"),
        Cause::Ends(reason) => format!("{day} ends: {}", end(reason)),
    }
}
