//! Degrees of invalidity, invalids from the inactive insured, sums paid once, recovery and mortality by the years since the
//! award, from TOML alone.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_assumptions::{Overlays, load};
use perennis_pensions::{Beneficiaries, Pensions};
use perennis_tests::{SmallCountry, contribution};
use perennis_units::Sex;
use perennis_valuation::{Act, Change, Quantity, run};

const LAW: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 65 }]

[rules.qualifying]
unit = "years"
in_force = [{ from = 1900-01-01, value = 10 }]

[rules.whole]
unit = "share"
in_force = [{ from = 1900-01-01, value = 0.8 }]

[amounts.basic]
unit = "crown a month"
in_force = [{ from = 1900-01-01, value = 100 }]

[benefits.old_age]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age" }
steps = [{ flat = { amount = "basic" } }]

[benefits.total]
kind = "pension"
account = "fund"
condition = { event = "invalidity", credit_at_least = "qualifying", all = [{ measure = "degree", at_least = "whole" }] }
ends = { converts_to = "old_age" }
steps = [{ flat = { amount = "basic" } }]

[benefits.partial]
kind = "pension"
account = "fund"
condition = { event = "invalidity", credit_at_least = "qualifying", all = [{ measure = "degree", below = "whole" }] }
ends = { converts_to = "old_age" }
steps = [{ flat = { amount = "basic" } }, { times = "whole" }]

[benefits.short]
kind = "grant"
account = "fund"
condition = { event = "invalidity", credit_below = "qualifying" }
steps = [{ flat = { amount = "basic" } }]

[benefits.funeral]
kind = "grant"
account = "fund"
condition = { event = "death" }
steps = [{ flat = { amount = "basic" } }]
"#;

const PEOPLE: &str = r#"
[invalidity]
source = "made up"
incidence = { unit = "probability", all_ages = { value = 0.02 } }
inactive = { unit = "probability", all_ages = { value = 0.05 } }
benefits.total = { share = { unit = "share", value = 0.6 }, degree = { unit = "share", value = 0.9 } }
benefits.partial = { share = { unit = "share", male.value = 0.4, female.value = 0.3 }, degree = { unit = "share", value = 0.5 } }
"#;

const RECOVERY: &str = r#"
[invalidity.recovery]
rates = { file = "recovery.csv", unit = "probability" }
active = { unit = "share", value = 0.75 }

[mortality.pensioners.total]
source = "made up"
table = { file = "own.csv", unit = "probability" }
since_award = { file = "select.csv", unit = "factor" }
"#;

/// Five hundred active insured at each age without a gap, a hundred inactive at each from 40 to 44 with twelve years.
fn country(people: &str) -> SmallCountry {
    let group = SmallCountry::GROUP.replace(
        "coverage = { unit = \"share\", source = \"made up\", all_ages = { value = 1 } }",
        "closed = true",
    );
    let group = group.replace("employed = \"formal\"\n", "").replace(
        "\n[groups.formal.earnings]",
        "inactive.counted = { file = \"inactive.csv\", unit = \"persons\", source = \"made up\" }\n\n[groups.formal.earnings]",
    );
    let all = [SmallCountry::HEAD, LAW, &contribution("fund", 0.1), people, &group];
    SmallCountry::new()
        .years(20)
        .fund("fund")
        .file(SmallCountry::SCHEME, &all.join("\n"))
        .by_age("members.csv", "credit_months,persons", 20..65, |_, age| {
            format!("{},500", 12 * (age - 20) + 6)
        })
        .by_age("inactive.csv", "credit_months,persons", 40..45, |_, _| "144,100".to_owned())
        .by_age(
            "own.csv",
            "qx",
            20..102,
            |_, age| {
                if age < 101 { "0.1".to_owned() } else { "1".to_owned() }
            },
        )
        .file("recovery.csv", "duration,rate\n1,0.3\n2,0.1\n3,0\n")
        .file("select.csv", "duration,factor\n0,2\n1,1.5\n2,1\n")
}

fn pensions(people: &str) -> Pensions {
    country(people).value().pensions.unwrap()
}

fn benefit<'a>(pensions: &'a Pensions, name: &str) -> &'a Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == name).unwrap()
}

fn flow(pensions: &Pensions, year: i32, name: &str) -> f64 {
    let of_year = pensions.flows.iter().filter(|flows| flows.year.get() == year);
    of_year.flat_map(|flows| &flows.flows).filter(|flow| flow.0 == name).map(|flow| flow.1).sum()
}

fn faults(people: &str, law: (&str, &str)) -> Vec<String> {
    let country = country(people).with(SmallCountry::SCHEME, law.0, law.1);
    let folder = country.folder();
    let loaded = load(&folder.path().join("valuation.toml"), &Overlays::default());
    let faults = loaded.err().map(|rejected| rejected.faults).unwrap_or_default();
    faults.iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect()
}

#[test]
fn each_degree_has_its_share_and_short_careers_a_sum_paid_once() {
    let found = pensions(PEOPLE);
    let new = |name: &str, sex: Sex, age: usize| benefit(&found, name).new_awards.get(0, sex, age);
    let close =
        |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
    // Two in a hundred of 500, and five in a hundred of the inactive of 40 to 44.
    close(new("total", Sex::Male, 50), 500.0 * 0.02 * 0.6);
    close(new("partial", Sex::Male, 50), 500.0 * 0.02 * 0.4);
    close(new("partial", Sex::Female, 50), 500.0 * 0.02 * 0.3);
    close(new("total", Sex::Female, 42), (500.0 * 0.02 + 100.0 * 0.05) * 0.6);
    // Nobody with less than ten years has a pension; they have the sum and leave the insured.
    close(new("total", Sex::Male, 25), 0.0);
    close(new("short", Sex::Male, 25), 500.0 * 0.02);
    close(new("short", Sex::Male, 50), 0.0);
    let awards: f64 = ["total", "partial", "short"]
        .map(|name| benefit(&found, name).new_awards.total(0))
        .iter()
        .sum();
    let inactive = flow(&found, 2024, "invalidity_from_inactive");
    close(inactive, 5.0 * 100.0 * 0.05 * (1.0 + 0.9));
    close(flow(&found, 2024, "invalidity_from_active") + inactive, awards);
    close(flow(&found, 2024, "retirements_from_inactive"), 0.0);
    // The partial pension is eight tenths of the other.
    let mean = |name: &str| {
        benefit(&found, name).new_award_amount.total(0) / benefit(&found, name).new_awards.total(0)
    };
    close(mean("partial"), 0.8 * mean("total"));
}

#[test]
fn stocks_change_by_the_flows_with_recovery_and_degrees_together() {
    let people = format!("{PEOPLE}\n{RECOVERY}");
    let found = pensions(&people);
    let stock = &found.insured[0];
    let all = |at: usize| stock.active.total(at) + stock.inactive.total(at);
    let out = [
        "retirements_from_active",
        "retirements_from_inactive",
        "withdrawals",
        "deaths_active",
        "deaths_inactive",
        "invalidity_from_active",
        "invalidity_from_inactive",
    ];
    let mut recovered = 0.0;
    for (at, year) in (2024..2044).enumerate() {
        let sum =
            |names: &[&str]| -> f64 { names.iter().map(|name| flow(&found, year, name)).sum() };
        let back = sum(&["recovered_to_active", "recovered_to_inactive"]);
        let change = back - sum(&out) + sum(&["first_entries"]);
        assert!((all(at + 1) - all(at) - change).abs() < 1e-7, "{year}");
        let active = flow(&found, year, "recovered_to_active");
        assert!((active - 0.75 * back).abs() < 1e-9, "{year}");
        recovered += back;
    }
    assert!(100.0 < recovered);
    // Every pension of the run that began and did not end is there: awards less terminations are the change of the stock,
    // of which the person-years of a year are the mean.
    assert!(found.warnings.is_empty());
}

#[test]
fn those_who_die_in_the_year_of_the_award_leave_survivors() {
    let people = format!("{PEOPLE}\n{RECOVERY}");
    let found = pensions(&people);
    // Nobody dies but invalids. Of a cell nine in ten live through the year by the table, and 0.9 squared in the first.
    let new = benefit(&found, "total").new_awards.total(0);
    let funerals = benefit(&found, "funeral").beneficiaries.total(0);
    assert!((funerals / new - 0.5 * (1.0 - 0.81)).abs() < 1e-9, "{}", funerals / new);
}

#[test]
fn invalids_recover_and_die_by_the_years_since_the_award() {
    let people = format!("{PEOPLE}\n{RECOVERY}");
    let found = pensions(&people);
    let total = benefit(&found, "total");
    let alive = |factor: f64| 0.9_f64.powf(factor);
    let staying = 1.0 - 0.5 * (1.0 - alive(2.0));
    let ended = |at: usize, age: usize| total.terminations.get(at, Sex::Male, age);
    let close =
        |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-9, "{found} {wanted}");
    // Men: at each age 500, then 490, are active at the start of the first two years; all are born evenly, none retires.
    let new = |active: f64| active * 0.02 * 0.6;
    let leaves = |duration: usize| match duration {
        0 => 0.5 * (1.0 - alive(2.0)),
        1 => 1.0 - alive(1.5) + 0.3,
        _ => 1.0 - alive(1.0) + 0.1,
    };
    close(ended(0, 36), new(500.0) * leaves(0));
    // Those who are 36 at the start of 2025 and awards to those who become 36 in it.
    let first = new(500.0) * staying;
    close(ended(1, 36), first * leaves(1) + new(490.0) * leaves(0));
    // A year later the awards of 2025 and of 2024, and awards to those who become 37, some of them back from invalidity: of
    // those with the partial pension, who do not die, too.
    let second = new(490.0) * staying;
    let back = 0.75 * 0.3 * (first + 500.0 * 0.02 * 0.4);
    let active = 490.0 * 0.98 + back;
    let inactive = back / 0.75 * 0.25 * 0.05 * 0.6;
    let stock = second * leaves(1) + first * (alive(1.5) - 0.3) * leaves(2);
    close(ended(2, 37), stock + (new(active) + inactive) * leaves(0));
}

#[test]
fn more_invalidity_takes_more_of_the_insured_from_the_second_year_on() {
    let folder = country(PEOPLE).folder();
    let model = load(&folder.path().join("valuation.toml"), &Overlays::default()).unwrap().model;
    let change = Change::new(Quantity::Invalidity, Act::Times(1.2));
    let (changed, acted) = model.changed(std::slice::from_ref(&change)).unwrap();
    assert!(0 < acted[0].values && acted[0].limited == 0);
    let [before, after] = [&model, &changed].map(|model| run(model).unwrap().pensions.unwrap());
    let first = before.flows.iter().map(|flows| flows.year.get()).min().unwrap();
    for name in ["invalidity_from_active", "invalidity_from_inactive"] {
        let ratio = |year| flow(&after, year, name) / flow(&before, year, name);
        // The first year belongs to the data; in the second the insured are still the same.
        assert!((ratio(first) - 1.0).abs() < 1e-12, "{name}");
        assert!((ratio(first + 1) - 1.2).abs() < 1e-9, "{name}");
        // Fewer are left to become invalids later.
        assert!((1.0..1.2 - 1e-3).contains(&ratio(first + 8)), "{name}");
    }
    let added = Change::new(Quantity::Invalidity, Act::Adds(0.01));
    assert!(model.changed(&[added]).is_err());
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let none = ("credit_step = 6", "credit_step = 6");
    assert!(faults(&format!("{PEOPLE}\n{RECOVERY}"), none).is_empty());
    let much = PEOPLE.replace("male.value = 0.4", "male.value = 0.5");
    assert_eq!(faults(&much, none), ["A605 schemes.tested.invalidity"]);
    let other =
        format!("{PEOPLE}benefits.old_age = {{ share = {{ unit = \"share\", value = 0.1 }} }}\n");
    assert_eq!(faults(&other, none), ["A609 schemes.tested.invalidity.benefits.old_age"]);
    let no_degree = PEOPLE.replace(", degree = { unit = \"share\", value = 0.9 }", "");
    assert_eq!(faults(&no_degree, none), ["A711 schemes.tested.benefits.total"]);
    let forever = ("ends = { converts_to = \"old_age\" }", "");
    assert_eq!(
        faults(&format!("{PEOPLE}\n{RECOVERY}"), forever),
        ["A609 schemes.tested.invalidity.recovery"]
    );
    let insured = format!(
        "{PEOPLE}\n[mortality.insured]\nsource = \"made up\"\nsince_award = {{ file = \"select.csv\", unit = \"factor\" }}\n"
    );
    assert_eq!(faults(&insured, none).len(), 1);
}
