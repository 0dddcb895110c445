//! Deaths, survivors and invalids of a scheme, from TOML alone.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_assumptions::{Overlays, load};
use perennis_pensions::{Beneficiaries, Pensions};
use perennis_tests::{SmallCountry, contribution};
use perennis_units::Sex;

const LAW: &str = r#"
source = "A law of nobody"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 65 }]

[amounts.basic]
unit = "crown a month"
in_force = [{ from = 1900-01-01, value = 100 }]

[benefits.old_age]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age" }
steps = [{ flat = { amount = "basic" } }]
"#;

/// The small country with a scheme of this law and these persons.
fn scheme(law: &str, people: &str) -> SmallCountry {
    let all = [SmallCountry::HEAD, law, &contribution("fund", 0.1), people, SmallCountry::GROUP];
    SmallCountry::new().fund("fund").file(SmallCountry::SCHEME, &all.join("\n")).by_age(
        "members.csv",
        "credit_months,persons",
        20..65,
        |_, age| format!("{},500", 12 * (age - 20) + 6),
    )
}

fn pensions(country: &SmallCountry) -> Pensions {
    country.value().pensions.unwrap()
}

fn benefit<'a>(pensions: &'a Pensions, name: &str) -> &'a Beneficiaries {
    pensions.beneficiaries.iter().find(|table| table.benefit == name).unwrap()
}

/// Faults as `code path`.
fn faults(country: &SmallCountry) -> Vec<String> {
    let folder = country.folder();
    let loaded = load(&folder.path().join("valuation.toml"), &Overlays::default());
    let faults = loaded.err().map(|rejected| rejected.faults).unwrap_or_default();
    faults.iter().map(|fault| format!("{} {}", fault.code, fault.path)).collect()
}

/// Falls by 1 % of a straight line to 110, where it is 1.
fn falling(age: usize) -> f64 {
    1.0 / f64::from(u8::try_from(111 - age).unwrap())
}

const OWN: &str = r#"
[mortality.pensioners.old_age]
source = "made up"
table = { file = "own.csv", unit = "probability" }
year = 2020
improvement = { unit = "share a year", all_ages = { value = 0.1 } }

[pensioners.old_age]
counted = { file = "pensioners.csv", source = "made up", units = { persons = "persons", amount = "crown a year" } }
"#;

#[test]
fn pensioners_die_by_the_improved_probabilities_of_their_own_table() {
    let country = scheme(LAW, OWN)
        .by_age("own.csv", "qx", 50..111, |_, age| falling(age).to_string())
        .by_age("pensioners.csv", "persons,amount", 70..71, |_, _| "100,1200".to_owned());
    let table = pensions(&country);
    let old_age = benefit(&table, "old_age");
    // A tenth is taken off each probability each year from 2021 on, four times until 2024.
    let (q, next) = (falling(70) * 0.9_f64.powi(4), falling(71) * 0.9_f64.powi(4));
    let alive = (1.0 - q) * (1.0 - next / 2.0) / (1.0 - q / 2.0);
    let dead = old_age.terminations.get(0, Sex::Male, 70);
    assert!((dead - 100.0 * (1.0 - alive)).abs() < 1e-9, "{dead}");
}

#[test]
fn a_table_that_does_not_end_or_goes_past_120_is_refused() {
    let with = |rows: std::ops::Range<usize>, last: &str| {
        let end = rows.end - 1;
        scheme(LAW, OWN)
            .by_age("own.csv", "qx", rows, |_, age| {
                if age == end { last.to_owned() } else { "0.1".to_owned() }
            })
            .by_age("pensioners.csv", "persons,amount", 70..71, |_, _| "100,1200".to_owned())
    };
    let place = "schemes.tested.mortality.pensioners.old_age.table";
    assert_eq!(faults(&with(50..101, "0.3")), [format!("A609 {place}")]);
    assert_eq!(faults(&with(50..123, "1")).len(), 1);
    assert!(faults(&with(50..121, "1")).is_empty());
    // Nobody can be in payment past the end of the table.
    assert_eq!(faults(&with(50..70, "1")).len(), 1);
}

#[test]
fn insured_die_by_a_factor_on_the_population() {
    let people = "[mortality.insured]\nsource = \"made up\"\ntimes = { unit = \"factor\", all_ages = { value = 2 } }\n";
    let rate = |_, age: usize| if age < 99 { "0.01".to_owned() } else { "0.5".to_owned() };
    let once = scheme(LAW, "").by_age("mortality.csv", "rate", 0..101, rate);
    let twice = scheme(LAW, people).by_age("mortality.csv", "rate", 0..101, rate);
    let deaths = |country: &SmallCountry| {
        let flows = pensions(country).flows;
        let first = &flows[0].flows;
        first.iter().find(|flow| flow.0 == "deaths_active").unwrap().1
    };
    let (once, twice) = (deaths(&once), deaths(&twice));
    // A constant force of 0.01 and of 0.02: 1 - e^-0.01 and 1 - e^-0.02, but for the conventions of a life table.
    let ratio = (1.0 - (-0.02_f64).exp()) / (1.0 - (-0.01_f64).exp());
    assert!((twice / once - ratio).abs() < 1e-4, "{}", twice / once);
}

const SURVIVORS: &str = r#"
[rules.spouse]
unit = "share"
in_force = [{ from = 1900-01-01, value = 0.6 }]

[rules.child]
unit = "share"
in_force = [{ from = 1900-01-01, value = 0.2 }]

[rules.child_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 18 }]

[rules.qualifying]
unit = "years"
in_force = [{ from = 1900-01-01, value = 10 }]

[rules.accrual]
unit = "share a year"
in_force = [{ from = 1900-01-01, value = 0.02 }]

[reference_earnings.career]
window = "career"
revalued = { by = "wages" }

[benefits.widow]
kind = "pension"
account = "fund"
condition = { event = "death", recipient = "spouse", credit_at_least = "qualifying" }
ends = { remarriage = true }
steps = [{ of_deceased = ["old_age"] }, { times = "spouse" }, { at_least = { amount = "basic" } }]

[benefits.orphan]
kind = "pension"
account = "fund"
condition = { event = "death", recipient = "child", credit_at_least = "qualifying", all = [{ measure = "recipient_age", below = "child_age" }] }
ends = { age = "child_age" }
steps = [{ of_deceased = ["old_age"] }, { times = "child" }]

[benefits.funeral]
kind = "grant"
account = "fund"
condition = { event = "death" }
steps = [{ flat = { amount = "basic" } }]
"#;

const FAMILY: &str = r#"
[family]
source = "made up"
remarriage = { unit = "probability", all_ages = { value = 0.01 } }

[family.spouse]
expected = { unit = "share", all_ages = { male.value = 0.8, female.value = 0.5 } }
age_difference = { unit = "years", mean = { male.value = -3, female.value = 3 }, deviation = { value = 2 } }

[family.child]
expected = { unit = "persons", all_ages = { value = 0.5 } }
age_difference = { unit = "years", mean = { value = -30 }, deviation = { value = 5 } }
"#;

fn earnings_law() -> String {
    let old = "steps = [{ flat = { amount = \"basic\" } }]";
    let new =
        "steps = [{ reference_earnings = [\"career\"] }, { accrual = { rate = \"accrual\" } }]";
    format!("{}\n{SURVIVORS}", LAW.replace(old, new))
}

#[test]
fn survivors_have_a_share_of_what_was_paid_or_would_have_been() {
    let rate = |_, age: usize| if age < 99 { "0.01".to_owned() } else { "0.5".to_owned() };
    let people = format!(
        "{FAMILY}\n[pensioners.old_age]\ncounted = {{ file = \"pensioners.csv\", source = \"made up\", units = {{ persons = \"persons\", amount = \"crown a year\" }} }}\n"
    );
    let country = scheme(&earnings_law(), &people)
        .by_age("mortality.csv", "rate", 0..101, rate)
        .by_age("pensioners.csv", "persons,amount", 70..71, |sex, _| {
            if sex == Sex::Male { "100,10000".to_owned() } else { "100,1500".to_owned() }
        })
        .years(30);
    let table = pensions(&country);
    let widow = benefit(&table, "widow");
    let dead = 1.0 - (-0.01_f64).exp();
    // The widows of the men of 70 are between 56 and 79; three fifths of 10,000. Widowers of women of 70 have the least.
    let flow = |sex: Sex, name: &str| -> f64 {
        let of_sex =
            table.flows.iter().filter(|flows| flows.year.get() == 2024 && flows.sex == sex);
        of_sex.flat_map(|flows| &flows.flows).filter(|flow| flow.0 == name).map(|flow| flow.1).sum()
    };
    let men = 100.0 * dead * 0.8;
    assert!(men < widow.new_awards.total_of(0, Sex::Female));
    // Every death has its grant: of insured persons, of those who die after their claim, of pensioners.
    let deaths = flow(Sex::Male, "deaths_active")
        + flow(Sex::Female, "deaths_active")
        + benefit(&table, "old_age").terminations.total(0);
    let grants = benefit(&table, "funeral").beneficiaries.total(0);
    assert!((grants / deaths - 1.0).abs() < 1e-9, "{grants} {deaths}");
    assert!(200.0 * dead < deaths);
    // Ages at which only the widows of pensioners, or nobody else's widows, are: of 79 to 81 at the end of the year there
    // are few, and no insured person is that old.
    let mean = |age: usize, sex: Sex| {
        widow.new_award_amount.get(0, sex, age) / widow.new_awards.get(0, sex, age)
    };
    // Six deviations of the difference away from everyone else's widows, some millionths of them are of the insured.
    assert!((mean(76, Sex::Female) - 6_000.0).abs() < 1.0, "{}", mean(76, Sex::Female));
    assert!(
        (mean(79, Sex::Male) - 1_200.0).abs() < 1.0,
        "the least is 1,200: {}",
        mean(79, Sex::Male)
    );
    // A woman of 40, insured without a gap since 20 at 12,000 a year, leaves 0.6 * 2 % * 20 years * 12,000 a year.
    assert!(mean(43, Sex::Male) > 1_200.0);
    // In the long run every orphan has passed the age: nobody is paid at 18 or later but in part of the year of the birthday.
    let orphan = benefit(&table, "orphan");
    for age in 0..101 {
        let paid: f64 = Sex::ALL.iter().map(|sex| orphan.beneficiaries.get(29, *sex, age)).sum();
        assert!((18 < age) == (paid == 0.0) || age < 18, "{age}: {paid}");
    }
    assert!(table.warnings.is_empty());
}

#[test]
fn survivors_of_whom_nothing_is_said_are_a_fault() {
    let country = scheme(&earnings_law(), "");
    let missing = "A104 schemes.tested.family";
    assert_eq!(faults(&country), [missing, missing]);
    let of_spouse = FAMILY.split("[family.child]").next().unwrap();
    assert_eq!(faults(&scheme(&earnings_law(), of_spouse)), [missing]);
    let sign = FAMILY.replace("mean = { value = -30 }", "mean = { value = 300 }");
    assert_eq!(faults(&scheme(&earnings_law(), &sign)).len(), 1);
}

#[test]
fn a_limit_on_survivors_together_is_for_persons() {
    let limit = r#"
[cumulation.family]
benefits = ["widow", "orphan"]
pays = "sum"
at_most = { of_deceased = ["old_age"] }
reduce = "proportional"
"#;
    let with = |more: &str| scheme(&format!("{}\n{limit}{more}", earnings_law()), FAMILY);
    assert_eq!(faults(&with("")), ["A711 schemes.tested.cumulation.family"]);
    assert!(faults(&with("persons_only = true\n")).is_empty());
}

#[test]
fn invalids_are_valued_from_files_and_leave_survivors() {
    let law = format!(
        "{}\n{}",
        earnings_law(),
        r#"
[benefits.invalidity]
kind = "pension"
account = "fund"
condition = { event = "invalidity", credit_at_least = "qualifying" }
ends = { converts_to = "old_age" }
steps = [{ reference_earnings = ["career"] }, { accrual = { rate = "accrual" } }]
"#
    )
    .replace("of_deceased = [\"old_age\"]", "of_deceased = [\"old_age\", \"invalidity\"]");
    let missing = scheme(&law, FAMILY);
    assert_eq!(faults(&missing), ["A104 schemes.tested"]);
    let people = format!(
        "{FAMILY}\n[invalidity]\nsource = \"made up\"\nincidence = {{ unit = \"probability\", all_ages = {{ value = 0.01 }} }}\n\
         [mortality.pensioners.invalidity]\nsource = \"made up\"\ntimes = {{ unit = \"factor\", all_ages = {{ value = 3 }} }}\n"
    );
    let rate = |_, age: usize| if age < 99 { "0.01".to_owned() } else { "0.5".to_owned() };
    let country = scheme(&law, &people).by_age("mortality.csv", "rate", 0..101, rate);
    let table = pensions(&country);
    let invalid = benefit(&table, "invalidity");
    let flow = |name: &str| -> f64 {
        let of_year = table.flows.iter().filter(|flows| flows.year.get() == 2024);
        of_year
            .flat_map(|flows| &flows.flows)
            .filter(|flow| flow.0 == name)
            .map(|flow| flow.1)
            .sum()
    };
    assert!((invalid.new_awards.total(0) / flow("invalidity_from_active") - 1.0).abs() < 1e-9);
    // Of 500 at each age with ten years of credit one in a hundred; nobody below thirty has them.
    for sex in Sex::ALL {
        assert!((invalid.new_awards.get(0, sex, 45) - 5.0).abs() < 1e-9);
        assert!(invalid.new_awards.get(0, sex, 28).abs() < 1e-12);
    }
    // 2 % a year of 12,000, wages at their level, 24 and a half years at 44 and a half on average, and half a year more.
    let mean =
        invalid.new_award_amount.get(0, Sex::Male, 45) / invalid.new_awards.get(0, Sex::Male, 45);
    assert!((mean / (0.02 * 12_000.0) - 25.0).abs() < 0.2, "{}", mean / 240.0);
    assert!((0..12).all(|at| invalid.beneficiaries.get(at, Sex::Male, 67).abs() < 1e-9));
    assert!(0.0 < invalid.beneficiaries.get(5, Sex::Male, 60));
}
