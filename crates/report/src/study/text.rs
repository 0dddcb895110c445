use perennis_finance::{
    Course, FinancingMeasure, FundPath, FundYear, LeverCost, ReserveRatio, Solved, Study,
    StudyResults, Target,
};

/// Years between the rows of the table of an account, the first and the last aside.
const STEP: usize = 5;
/// An account of at most so many years is shown in every year.
const WHOLE: usize = 20;
/// Columns of the table of an account.
const HEADS: [&str; 9] = [
    "earnings",
    "income",
    "outgo",
    "returns",
    "reserve end",
    "debt end",
    "income rate",
    "payg rate",
    "ratio start",
];

/// Returns what `perennis finance` prints: the accounts, their measures and key dates.
#[must_use]
pub fn study_text(study: &Study, results: &StudyResults) -> String {
    let mut lines = vec![study.title.clone()];
    let (power, word) = scale(results.finance.funds.iter());
    lines.push(format!("amounts in {word}{} at current prices, rates in percent", study.currency));
    for fund in &results.finance.funds {
        lines.push(String::new());
        lines.extend(account(fund, power));
        lines.push(String::new());
        lines.extend(measures(&results.measures, &fund.account, (power, word, &study.currency)));
    }
    finish(&lines)
}

/// Returns what `perennis solve` prints: for each problem its solutions, whether there are others, and the cost.
#[must_use]
pub fn solutions_text(study: &Study, solved: &[Solved]) -> String {
    let mut lines = vec![study.title.clone()];
    for one in solved {
        lines.push(String::new());
        lines.extend(solution(one, &study.currency));
    }
    finish(&lines)
}

fn finish(lines: &[String]) -> String {
    let mut text = lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

/// Returns the power of ten by which amounts are divided and its word.
fn scale<'a>(funds: impl Iterator<Item = &'a FundPath>) -> (f64, &'static str) {
    let largest = funds.flat_map(|fund| &fund.years).fold(0.0_f64, |most, year| {
        most.max(year.insured_earnings).max(year.outgo).max(year.reserve_end).max(year.debt_end)
    });
    power(largest)
}

fn power(largest: f64) -> (f64, &'static str) {
    [
        (1e14, 1e12, "trillion "),
        (1e11, 1e9, "billion "),
        (1e8, 1e6, "million "),
        (1e5, 1e3, "thousand "),
    ]
    .into_iter()
    .find(|(from, ..)| *from <= largest)
    .map_or((1.0, ""), |(_, power, word)| (power, word))
}

fn account(fund: &FundPath, power: f64) -> Vec<String> {
    let mut head = format!("{:>6}", "year");
    for title in HEADS {
        head.push_str(&format!(" {title:>12}"));
    }
    let mut lines = vec![format!("Account `{}`", fund.account), head];
    let count = fund.years.len();
    for (at, year) in fund.years.iter().enumerate() {
        if count <= WHOLE
            || at % STEP == 0
            || at + 1 == count
            || year.exhausted && first_gone(fund, at)
        {
            lines.push(row(fund, year, power));
        }
    }
    lines
}

fn first_gone(fund: &FundPath, at: usize) -> bool {
    !fund.years[..at].iter().any(|year| year.exhausted)
}

fn row(fund: &FundPath, year: &FundYear, power: f64) -> String {
    let money = |amount: f64| number(amount / power);
    let rate = |amount: f64| {
        let known = 0.0 < year.insured_earnings;
        if known { format!("{:.2}", 100.0 * amount / year.insured_earnings) } else { "-".into() }
    };
    let ratio = ReserveRatio::StartOverExpenditure.of(fund, year.year);
    let cells = [
        money(year.insured_earnings),
        money(year.primary_income),
        money(year.outgo),
        money(year.investment_income),
        money(year.reserve_end),
        money(year.debt_end),
        rate(year.primary_income),
        rate(year.outgo),
        ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.3}")),
    ];
    let mut line = format!("{:>6}", year.year.get());
    for cell in cells {
        line.push_str(&format!(" {cell:>12}"));
    }
    line
}

/// Writes a number to one decimal, small ones to four digits.
fn number(value: f64) -> String {
    if value.abs() < 10.0 && value.abs() > 0.0 {
        format!("{value:.3}")
    } else {
        format!("{value:.1}")
    }
}

fn measures(
    all: &[FinancingMeasure],
    account: &str,
    (power, word, currency): (f64, &str, &str),
) -> Vec<String> {
    let of_account: Vec<&FinancingMeasure> =
        all.iter().filter(|one| one.scope == account).collect();
    let width = of_account.iter().map(|one| one.measure.chars().count()).max().unwrap_or(0);
    let line = |one: &&FinancingMeasure| {
        let value = match (one.value, one.unit) {
            (None, "year") => "not within the years".to_owned(),
            (None, _) => "does not exist".to_owned(),
            (Some(value), "year") => format!("{value:.0}"),
            (Some(value), "share of insured earnings") => {
                format!("{:.4} % of insured earnings", 100.0 * value)
            }
            (Some(value), "share") => format!("{:.2} %", 100.0 * value),
            (Some(value), "currency") => format!("{} {word}{currency}", number(value / power)),
            (Some(value), "1 yes, 0 no") => if 0.5 < value { "yes" } else { "no" }.to_owned(),
            (Some(value), unit) => format!("{value:.6} ({unit})"),
        };
        format!("  {:width$}  {value}", one.measure)
    };
    of_account.iter().map(line).collect()
}

fn solution(solved: &Solved, currency: &str) -> Vec<String> {
    let mut lines = vec![format!("Problem `{}`", solved.name)];
    let lever = solved.lever.as_str().replace('_', " ");
    lines.push(format!(
        "  {lever} of account `{}` from {} on, {} to {}, so that {}",
        solved.account,
        solved.lever.from(),
        solved.range.low,
        solved.range.high,
        wanted(&solved.target)
    ));
    if solved.values.is_empty() {
        lines.push("  the target is met by every value of the range".to_owned());
        return lines;
    }
    for (value, cost) in solved.values.iter().zip(&solved.costs) {
        let shown = if solved.lever.unit() == "factor" {
            format!("{value:.6}")
        } else {
            format!("{:.4} % of insured earnings", 100.0 * value)
        };
        lines.push(format!("  {lever}: {shown}"));
        lines.extend(cost_lines(cost, currency));
    }
    lines.push(format!("  {}", uniqueness(solved)));
    lines
}

fn wanted(target: &Target) -> String {
    match target {
        Target::Reserve { ratio, year, value } => {
            format!("{} is {value} in {year}", ratio.as_str())
        }
        Target::ReserveAllThrough { ratio, period, value } => {
            format!(
                "{} is at least {value} from {} to {}",
                ratio.as_str(),
                period.first,
                period.last
            )
        }
        Target::GeneralAverage { first, rate, .. } => {
            format!("the general average premium from {first} on is {:.4} %", 100.0 * rate)
        }
        Target::NotExhaustedBefore { year } => format!("the reserve lasts until {year}"),
        Target::Balanced { period, .. } => {
            format!("the actuarial balance from {} to {} is zero", period.first, period.last)
        }
    }
}

fn uniqueness(solved: &Solved) -> String {
    let steps = solved.range.steps;
    match (solved.is_unique(), solved.course) {
        (true, Course::Rises) => {
            "the only value in the range: what is measured rises throughout it".into()
        }
        (true, _) => "the only value in the range: what is measured falls throughout it".into(),
        (false, _) => format!(
            "what is measured rises and falls over the range, looked at in {steps} steps: {} found, others may lie \
             closer together than a step",
            solved.values.len()
        ),
    }
}

fn cost_lines(cost: &LeverCost, currency: &str) -> Vec<String> {
    let parts = [
        ("contributions", cost.contributions),
        ("subsidies and other income", cost.other_income),
        ("outgo", cost.outgo),
        ("paid by the State for what is lacking", cost.state_paid),
    ];
    let (power, word) = power(parts.iter().fold(0.0_f64, |most, part| most.max(part.1.abs())));
    let moved = parts.iter().filter(|part| 1e-12 * cost.earnings.abs() < part.1.abs());
    let line = |(what, amount): &(&str, f64)| {
        let share = if 0.0 < cost.earnings {
            format!(" ({:+.4} % of insured earnings)", 100.0 * amount / cost.earnings)
        } else {
            String::new()
        };
        format!(
            "    changes the present value of {what} by {:+.3} {word}{currency}{share}",
            amount / power
        )
    };
    moved.map(line).collect()
}
