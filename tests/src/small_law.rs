use perennis_scheme::{ClaimResult, PaidYear};

use crate::{LawFolder, found};

/// A rule, an amount or the pensionable age with one row from 1950 on.
#[must_use]
pub fn row(table: &str, unit: &str, value: f64) -> String {
    format!("[{table}]\nunit = \"{unit}\"\nin_force = [{{ from = 1950-01-01, value = {value} }}]\n")
}

/// A rule in shares.
#[must_use]
pub fn share(name: &str, value: f64) -> String {
    row(&format!("rules.{name}"), "share", value)
}

/// A rule in years.
#[must_use]
pub fn years(name: &str, value: f64) -> String {
    row(&format!("rules.{name}"), "years", value)
}

/// An amount in crown a month.
#[must_use]
pub fn monthly(name: &str, value: f64) -> String {
    row(&format!("amounts.{name}"), "crown a month", value)
}

/// A scale of shares over `of` from 1950 on.
#[must_use]
pub fn scale(name: &str, of: &str, points: &str) -> String {
    format!(
        "[scales.{name}]\nunit = \"share\"\nof = \"{of}\"\nin_force = [{{ from = 1950-01-01, value = {points} }}]\n"
    )
}

/// A pension from 65, or from 60 where it is claimed early.
#[must_use]
pub fn pension(name: &str, more: &str, steps: &str) -> String {
    format!(
        "[benefits.{name}]\nkind = \"pension\"\naccount = \"fund\"\n\
         condition = {{ event = \"age\", age = \"pensionable_age\", early_from = \"earliest\" }}\n\
         {more}\nsteps = [{steps}]\n"
    )
}

/// The mean of all years as they were earned.
pub const CAREER: &str =
    "[reference_earnings.career]\nwindow = \"career\"\nrevalued = { by = \"hold\" }\n";

/// A law of a pensionable age of 65 years and an `earliest` of 60, with these parts.
#[must_use]
pub fn small_law(parts: &[String]) -> String {
    let age = row("pensionable_age", "years", 65.0) + &years("earliest", 60.0);
    format!("source = \"made up\"\n{age}{}", parts.concat())
}

/// Born in 1960, at 65 with 40 years of 1,000 a month, unless a part of the text says otherwise.
#[must_use]
pub fn person(more: &str) -> String {
    let default = |table: &str, text: &str| {
        if more.contains(&format!("[{table}]")) {
            String::new()
        } else {
            format!("[{table}]\n{text}\n")
        }
    };
    [
        "source = \"made up\"\ncurrency = \"crown\"\nlaws = [\"law.toml\"]\nhorizon = 10\n"
            .to_owned(),
        default("person", "born = 1960-01-01\nsex = \"female\""),
        default("claim", "age = 65"),
        default(
            "record",
            "unit = \"crown a month\"\nspans = [{ from = 1985, to = 2024, earnings = 1_000 }]",
        ),
        more.to_owned(),
    ]
    .concat()
}

/// Values the first claim of a person under a law.
///
/// # Panics
///
/// With all faults when there are any.
#[must_use]
pub fn claim_under(law: &str, more: &str) -> ClaimResult {
    LawFolder::new(&[("law.toml", law), ("person.toml", &person(more))]).claim("person.toml")
}

/// Compares to nine digits.
///
/// # Panics
///
/// When they differ.
pub fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * expected.max(1.0), "{found} is not {expected}");
}

/// Compares what a claim gives under a name, as [`found`] does, to nine digits: nothing but the order of sums differs.
///
/// # Panics
///
/// When they differ.
pub fn gives(claim: &ClaimResult, what: &str, expected: f64) {
    let found = found(claim, what).unwrap_or(f64::NAN);
    assert!(
        (found - expected).abs() < 1e-9 * expected.max(1.0),
        "{what}: {found} is not {expected}"
    );
}

/// Returns a year of payments.
///
/// # Panics
///
/// When it is not followed.
#[must_use]
pub fn paid_year(claim: &ClaimResult, year: i32) -> &PaidYear {
    claim.years.iter().find(|one| one.year.get() == year).unwrap_or_else(|| panic!("no {year}"))
}
