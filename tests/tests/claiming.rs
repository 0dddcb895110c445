//! When persons claim: by distance, by age, by age and credit, a share early, and several ages at once, from files.

use perennis_pensions::{Beneficiaries, Pensions};
use perennis_tests::{SmallCountry, contribution};
use perennis_units::Sex;

const AGE: &str = r#"
[pensionable_age]
unit = "years"
source = "s. 2"
in_force = [{ from = 2000-01-01, value = 62 }]
[rules.early]
unit = "years"
source = "s. 2"
in_force = [{ from = 2000-01-01, value = 2 }]
[rules.flat]
unit = "crown a year"
source = "s. 3"
in_force = [{ from = 2000-01-01, value = 6000 }]
"#;

const PENSION: &str = r#"
[benefits.pension]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", early_by = "early" }
steps = [{ flat = { rule = "flat" } }]
"#;

/// Half of everyone from 20 to 69 is insured at the start but those past 60, who have claimed.
fn country(law: &str) -> SmallCountry {
    let scheme =
        [SmallCountry::HEAD, &contribution("fund", 0.1), AGE, law, SmallCountry::GROUP].concat();
    let members = |_, age: usize| format!("{},500", 12 * (age - 20) + 6);
    let works = |_, age: usize| u8::from((20..70).contains(&age)).to_string();
    SmallCountry::new()
        .fund("fund")
        .file(SmallCountry::SCHEME, &scheme)
        .by_age("participation.csv", "share", 0..101, works)
        .by_age("members.csv", "credit_months,persons", 20..60, members)
}

fn run(country: &SmallCountry) -> Pensions {
    country.value().pensions.expect("the country has a scheme")
}

fn awards(table: &Beneficiaries, at: usize, ages: std::ops::Range<usize>) -> f64 {
    let cells = ages.flat_map(|age| Sex::ALL.map(|sex| table.new_awards.get(at, sex, age)));
    cells.sum()
}

fn named<'a>(pensions: &'a Pensions, name: &str) -> &'a Beneficiaries {
    let mut tables = pensions.beneficiaries.iter();
    tables.find(|table| table.benefit == name).expect("the law has this benefit")
}

fn close(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() < 1e-6
}

#[test]
fn claims_by_distance_are_the_same_whether_the_inactive_have_a_table_of_their_own_or_not() {
    let by_distance = "first = -2\nprobability = { unit = \"probability\", source = \"s\", male = [0.2, 0, 0.5, 1], female = [0.3, 0.1, 0.9, 1] }\n";
    let one = run(&country(&format!("{PENSION}\n[claiming]\n{by_distance}")));
    let two = run(&country(&format!(
        "{PENSION}\n[claiming]\n{by_distance}\n[claiming.inactive]\n{by_distance}"
    )));
    let (one, two) = (&one.beneficiaries[0], &two.beneficiaries[0]);
    for at in 0..12 {
        assert!(100.0 < one.new_awards.total(at), "{at}");
        let pairs = [
            (one.new_awards.total(at), two.new_awards.total(at)),
            (one.beneficiaries.total(at), two.beneficiaries.total(at)),
            (one.amount.total(at), two.amount.total(at)),
        ];
        for (one, two) in pairs {
            assert!((one - two).abs() <= 1e-9 * one.abs(), "{at}: {one} {two}");
        }
    }
}

#[test]
fn a_share_takes_the_early_pension_when_it_opens_and_the_rest_waits_for_the_age() {
    let share = "\n[claiming]\nearly_share = { unit = \"share\", source = \"s\", value = 0.3 }\n";
    let table = &run(&country(&format!("{PENSION}{share}"))).beneficiaries[0];
    for at in 0..12 {
        // At 60 three tenths of a thousand, at 62 seven; awards stand at the age reached in the year.
        let early = awards(table, at, 60..61);
        assert!(close(early, 300.0), "{at}: {early}");
        let normal = awards(table, at, 62..63);
        let wanted = if at < 2 { 0.0 } else { 700.0 };
        assert!(close(normal, wanted), "{at}: {normal}");
    }
}

#[test]
fn by_age_those_claim_to_whom_a_pension_is_open() {
    let rates = "\n[claiming.rates]\nunit = \"probability\"\nsource = \"s\"\nby_age = { file = \"rates.csv\", ages = \"single\" }\n";
    let half = |_, age: usize| if age < 62 { "0.5" } else { "1" }.to_owned();
    let country = country(&format!("{PENSION}{rates}")).by_age("rates.csv", "rate", 0..101, half);
    let table = &run(&country).beneficiaries[0];
    for at in 3..12 {
        for (age, wanted) in [(60, 500.0), (61, 250.0), (62, 250.0)] {
            let found = awards(table, at, age..age + 1);
            assert!(close(found, wanted), "{at} {age}: {found}");
        }
        assert!(close(table.new_awards.total(at), 1_000.0));
    }
}

#[test]
fn rates_by_credit_are_those_of_the_credit_held_on_the_day() {
    let law = format!(
        "{PENSION}\n[[claiming.by_service]]\nfrom_years = 0\nrates = {{ unit = \"probability\", source = \"s\", by_age = {{ file = \"late.csv\", ages = \"single\" }} }}\n\
         [[claiming.by_service]]\nfrom_years = 30\nrates = {{ unit = \"probability\", source = \"s\", all_ages = {{ value = 1 }} }}\n"
    );
    let late = |_, age: usize| if age < 62 { "0" } else { "1" }.to_owned();
    // Those insured at the start at 50 or above have 25 years less.
    let members = |_, age: usize| {
        let years = if age < 50 { age - 20 } else { age - 45 };
        format!("{},500", 12 * years + 6)
    };
    let country = country(&law).by_age("late.csv", "rate", 0..101, late).by_age(
        "members.csv",
        "credit_months,persons",
        20..60,
        members,
    );
    let table = &run(&country).beneficiaries[0];
    // Of short careers nobody claims before 62, of long ones all at 60: those of 49 at the start are 60 in the eleventh year.
    for at in 0..12 {
        let wanted = if at < 10 { 0.0 } else { 1_000.0 };
        assert!(close(awards(table, at, 60..61), wanted), "{at}");
        let wanted = if at < 2 { 0.0 } else { 1_000.0 };
        assert!(close(awards(table, at, 62..63), wanted), "{at}");
    }
}

#[test]
fn thirty_years_at_any_age_or_the_age_with_fewer_whichever_comes_first() {
    let law = r#"
[rules.any_age]
unit = "years"
source = "s. 2"
in_force = [{ from = 2000-01-01, value = 40 }]
[rules.long]
unit = "years"
source = "s. 2"
in_force = [{ from = 2000-01-01, value = 30 }]
[rules.short]
unit = "years"
source = "s. 2"
in_force = [{ from = 2000-01-01, value = 5 }]
[benefits.pension]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", credit_at_least = "short" }
steps = [{ flat = { rule = "flat" } }]
[benefits.after_long_work]
kind = "pension"
account = "fund"
condition = { event = "age", age = "any_age", credit_at_least = "long", without = ["pension"] }
steps = [{ flat = { rule = "flat" } }]
"#;
    // Those of 40 and above have twenty years at 62.
    let members = |_, age: usize| {
        let months = if age < 40 { 12 * (age - 20) + 6 } else { 12 * (age + 20 - 62) };
        format!("{},500", months.max(6))
    };
    let country = country(law).by_age("members.csv", "credit_months,persons", 42..60, members);
    let pensions = run(&country);
    let (age, long) = (named(&pensions, "pension"), named(&pensions, "after_long_work"));
    for at in 0..12 {
        let wanted = if at < 2 { 0.0 } else { 1_000.0 };
        assert!(close(awards(age, at, 62..63), wanted), "{at}");
        assert!(close(long.new_awards.total(at), 0.0), "{at}");
        let unawarded =
            pensions.flows.iter().flat_map(|of| &of.flows).filter(|f| f.0 == "unawarded");
        assert!(close(unawarded.map(|flow| flow.1).sum(), 0.0));
    }
    let members = |_, age: usize| format!("{},500", 12 * (age - 20) + 6);
    let country = country.by_age("members.csv", "credit_months,persons", 42..50, members);
    let pensions = run(&country);
    let (age, long) = (named(&pensions, "pension"), named(&pensions, "after_long_work"));
    for at in 0..12 {
        // Thirty years after first insurance at 20 on average: in the year in which they are 50, whatever their birthday.
        let wanted = if at < 8 { 1_000.0 } else { 0.0 };
        assert!(close(awards(long, at, 50..51), wanted), "{at} {}", awards(long, at, 50..51));
        assert!(close(age.new_awards.total(at), 0.0), "{at}");
    }
}
