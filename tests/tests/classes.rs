//! Classes of density and of wages: members who differ for life.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use perennis_pensions::Pensions;
use perennis_tests::{SmallCountry, contribution};
use perennis_units::Sex;

/// One crown a month for whoever has 25 years at 65.
const LAW: &str = r#"
[pensionable_age]
unit = "years"
source = "made up"
in_force = [{ from = 1900-01-01, value = 65 }]
[amounts.crown]
unit = "crown a month"
source = "made up"
in_force = [{ from = 1900-01-01, value = 1 }]
[rules.qualifying]
unit = "years"
source = "made up"
in_force = [{ from = 1900-01-01, value = 25 }]
[benefits.basic]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", credit_at_least = "qualifying" }
steps = [{ flat = { amount = "crown" } }]
"#;

const TWO: &str = r#"
count = "any"
months_paid = "full_or_none"
[groups.formal.density_classes]
regular = { entrants.value = 0.5, density.value = 0.9, unit = "share", source = "made up" }
irregular = { entrants.value = 0.5, density.value = 0.3, unit = "share", source = "made up" }
"#;

const ONE: &str = r#"
count = "any"
months_paid = "full_or_none"
density = { value = 0.6, unit = "share", source = "made up" }
"#;

fn country(group: &str) -> SmallCountry {
    let (before, after) = SmallCountry::GROUP.split_once("count = \"average\"\n").unwrap();
    let keys: String = after.split("[groups.formal.earnings]").next().unwrap().to_owned();
    let earnings = &after[keys.len()..];
    let people = format!("{before}{keys}{group}\n{earnings}");
    SmallCountry::new()
        .years(48)
        .fund("fund")
        .file(
            SmallCountry::SCHEME,
            &format!(
                "{}\n{LAW}\n{}\n{people}",
                SmallCountry::HEAD.replace("credit_step = 6", "credit_step = 12"),
                contribution("fund", 0.1)
            ),
        )
        .file("members.csv", "sex,age,credit_months,persons\nmale,20,0,500\nfemale,20,0,500\n")
}

fn value(country: &SmallCountry) -> Pensions {
    country.value().pensions.unwrap()
}

/// Share of a birth cohort, 500 men and women, awarded in the year in which the first whole careers end: of those who
/// entered at 20 in 2024.
fn qualifying(pensions: &Pensions) -> f64 {
    pensions.beneficiaries[0].new_awards.total(46) / 1_000.0
}

/// Share of persons with at least 25 of 45 years, each paid with a chance of `density`.
fn binomial(density: f64) -> f64 {
    let mut shares = vec![1.0];
    for _ in 0..45 {
        let mut next = vec![0.0; shares.len() + 1];
        for (paid, share) in shares.iter().enumerate() {
            next[paid] += share * (1.0 - density);
            next[paid + 1] += share * density;
        }
        shares = next;
    }
    shares[25..].iter().sum()
}

#[test]
fn two_persistent_densities_and_their_mean_give_different_shares_who_qualify() {
    let (two, one) = (qualifying(&value(&country(TWO))), qualifying(&value(&country(ONE))));
    // The year of entry counts half, so a career has 44.5 years and not 45.
    let expected_two = 0.5 * (binomial(0.9) + binomial(0.3));
    assert!((two - expected_two).abs() < 0.005, "{two} {expected_two}");
    assert!((one - binomial(0.6)).abs() < 0.04, "{one} {}", binomial(0.6));
    assert!(0.2 < one - two);
}

#[test]
fn the_classes_of_a_group_add_up_to_it_and_keep_their_shares() {
    let pensions = value(&country(TWO));
    assert_eq!(pensions.contributors.len(), 1);
    let years = pensions.classes.iter().map(|class| class.year).collect::<Vec<_>>();
    assert_eq!(years.len(), 48 * 2 * 2);
    for (at, year) in (0..48).map(|at| (at, years[0].plus(i32::try_from(at).unwrap()))) {
        for sex in Sex::ALL {
            let of = pensions.classes.iter().filter(|class| class.year == year && class.sex == sex);
            let of: Vec<_> = of.collect();
            let active: f64 = of.iter().map(|class| class.active).sum();
            // Sums of a few hundred cells of stocks of 22,500.
            assert!((active - pensions.insured[0].active.total_of(at, sex)).abs() < 1e-6);
            let months: f64 = of.iter().map(|class| class.months_paid).sum();
            let all = pensions.contributors[0].months_paid.total_of(at, sex);
            assert!((months - all).abs() < 1e-6);
        }
    }
    let of = |name: &str| {
        let found = pensions
            .classes
            .iter()
            .find(|class| class.class == name && class.year == years[0].plus(30));
        found.unwrap().months_paid / found.unwrap().active
    };
    // Nobody leaves or dies before 65, so half of the group pays 0.9 of its time and half 0.3.
    assert!((of("regular") / of("irregular") - 3.0).abs() < 0.01);
}

#[test]
fn wage_classes_by_spread_keep_the_mean_and_have_no_spread_of_their_own() {
    let classes = "count = \"average\"\n[groups.formal.wage_classes_by_spread]\nshares = [0.3, 0.4, 0.3]\n\
                   unit = \"share\"\nsource = \"made up\"\n";
    let spread = |country: SmallCountry| {
        country.with(SmallCountry::SCHEME, "spread = { value = 0,", "spread = { value = 0.8,")
    };
    let with = value(&spread(country(classes)));
    let without = value(&spread(country("count = \"average\"\n")));
    let earnings = |pensions: &Pensions| pensions.contributors[0].insured_earnings.total(20);
    assert!((earnings(&with) / earnings(&without) - 1.0).abs() < 1e-12);
    let wage = |name: &str| {
        let found = with.classes.iter().find(|class| class.class == name).unwrap();
        found.insured_earnings / found.months_paid * 12.0
    };
    // 1,000 a month; sigma^2 = ln(1 + 0.8^2) = 0.494 696, mean of the lowest 30 %: Phi(-0.524 401 - 0.703 346) / 0.3.
    assert!((wage("1") / 12_000.0 - 0.365_8).abs() < 5e-4, "{}", wage("1"));
    assert!(wage("3") > wage("2"));
}

#[test]
fn classes_that_do_not_add_up_or_that_nobody_knows_are_refused() {
    let folder = country(&TWO.replace(
        "entrants.value = 0.5, density.value = 0.3",
        "entrants.value = 0.4, density.value = 0.3",
    ));
    let faults = folder.folder().faults();
    assert!(faults.iter().any(|fault| fault.contains("A605")), "{faults:?}");
    let unknown = country(TWO).file(
        "members.csv",
        "sex,age,credit_months,density_class,persons\nmale,20,0,regularly,500\n",
    );
    let faults = unknown.folder().faults();
    assert!(faults.iter().any(|fault| fault.contains("A604")), "{faults:?}");
}
