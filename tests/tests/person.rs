//! One person under one law or several: from the file to the public function, and how it goes on.

#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fs;
use std::path::{Path, PathBuf};

use perennis_assumptions::{Code, LoadedPerson, Rejected, read_person};
use perennis_scheme::{Cause, ClaimResult, EndReason, PersonResult, Status};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A person file in a folder of its own, beside a law.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn read(&self) -> Result<LoadedPerson, Box<Rejected>> {
        read_person(&self.0.path().join("person.toml"), &[])
    }

    fn result(&self) -> PersonResult {
        self.read().map_err(|rejected| rejected.faults).unwrap().entitlements().unwrap()
    }

    fn codes(&self) -> Vec<Code> {
        match self.read() {
            Ok(loaded) => match loaded.entitlements() {
                Ok(_) => Vec::new(),
                Err(error) => vec![loaded.fault_of(&error).code],
            },
            Err(rejected) => rejected.faults.iter().map(|fault| fault.code).collect(),
        }
    }
}

const HEAD: &str = "source = \"made up\"\ncurrency = \"crown\"\nlaws = [\"law.toml\"]\n";

/// A law of a pension of half the last earnings, of invalidity by degree, and of survivors.
const LAW: &str = r#"
source = "Act 1 (fictional)"

[pensionable_age]
unit = "years"
in_force = [{ from = 1900-01-01, value = 65 }]

[rules]
qualifying = { unit = "years", in_force = [{ from = 1900-01-01, value = 10 }] }
half = { unit = "share", in_force = [{ from = 1900-01-01, value = 0.5 }] }
widow = { unit = "share", in_force = [{ from = 1900-01-01, value = 0.6 }] }
orphan = { unit = "share", in_force = [{ from = 1900-01-01, value = 0.3 }] }
adult = { unit = "years", in_force = [{ from = 1900-01-01, value = 18 }] }
least_degree = { unit = "share", in_force = [{ from = 1900-01-01, value = 0.4 }] }

[reference_earnings.career]
window = "career"
revalued = { by = "hold" }

[indexation.prices]
after = { by = "prices", month = 7, lag = 1 }

[benefits.old_age]
kind = "pension"
account = "fund"
indexation = "prices"
condition = { event = "age", age = "pensionable_age", credit_at_least = "qualifying" }
steps = [{ reference_earnings = ["career"] }, { times = { rule = "half" } }]

[benefits.invalidity]
kind = "pension"
account = "fund"
indexation = "prices"
condition = { event = "invalidity", all = [{ measure = "degree", at_least = "least_degree" }] }
steps = [{ reference_earnings = ["career"] }, { times = { rule = "half" } }, { times = { measure = "degree" } }]
ends = { converts_to = "old_age" }

[benefits.widow]
kind = "pension"
account = "fund"
indexation = "prices"
condition = { event = "death", recipient = "spouse" }
steps = [{ of_deceased = ["old_age", "invalidity"] }, { times = { rule = "widow" } }]
ends = { remarriage = true }

[benefits.orphan]
kind = "pension"
account = "fund"
condition = { event = "death", recipient = "child" }
steps = [{ of_deceased = ["old_age"] }, { times = { rule = "orphan" } }]
ends = { age = "adult" }

[cumulation.family]
source = "Act 1, s. 9 (fictional)"
benefits = ["widow", "orphan"]
pays = "sum"
reduce = "proportional"
at_most = { reference_earnings = ["career"] }
"#;

const RECORD: &str =
    "[record]\nunit = \"crown a year\"\nspans = [{ from = 2000, to = 2029, earnings = 1_000 }]\n";
const PERSON: &str = "[person]\nborn = 1965-01-01\nsex = \"male\"\n";
const PRICES: &str = "[indices]\nprices = { unit = \"share a year\", value = 0.1 }\n";

fn person(parts: &[&str]) -> Folder {
    let text = std::iter::once(HEAD).chain(parts.iter().copied()).collect::<Vec<_>>().join("\n");
    Folder::new(&[("law.toml", LAW), ("person.toml", &text)])
}

fn close(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{found} is not {expected}"
    );
}

fn paid(claim: &ClaimResult, year: i32) -> f64 {
    claim.years.iter().find(|paid| paid.year.get() == year).unwrap().paid
}

#[test]
fn a_pension_begins_on_its_day_follows_prices_and_keeps_its_real_value() {
    let claim = "[claim]\nage = 65\n";
    let result = person(&["horizon = 3", PRICES, PERSON, claim, RECORD]).result();
    let claim = &result.claims[0];
    assert_eq!(claim.date.to_string(), "2030-01-01");
    close(claim.benefit("old_age").unwrap().amount().unwrap(), 500.0);
    assert_eq!(claim.schemes[0].record.months, [("work".to_owned(), 360)]);
    // July 2030 brings the 10 % of 2029.
    assert_eq!(claim.years.len(), 4);
    close(paid(claim, 2030), 0.5 * 500.0 + 0.5 * 550.0);
    close(paid(claim, 2031), 0.5 * 550.0 + 0.5 * 605.0);
    close(claim.years[1].in_force, 605.0);
    // Index 1.1 over the year of the claim.
    close(claim.years[1].in_prices.unwrap(), 605.0 / 1.1);
    assert_eq!(claim.years[1].in_wages, None, "no index of wages is given");
    let change = &claim.years[1].benefits[0].changes[0];
    assert_eq!(change.date.to_string(), "2031-07-01");
    close(change.amount, 605.0);
    assert!(matches!(&change.cause, Cause::Adjusted { indexation, .. } if indexation == "prices"));
}

#[test]
fn what_lies_after_the_claim_does_not_count() {
    let claim = "[claim]\ndate = 2030-04-01\n";
    let record = "[record]\nunit = \"crown a month\"\nspans = [{ from = 2019, to = 2031, earnings = 100 }]\n";
    let result = person(&[PERSON, claim, record]).result();
    let scheme = &result.claims[0].schemes[0];
    // Eleven whole years and the three months before April.
    assert_eq!(scheme.record.months, [("work".to_owned(), 135)]);
    assert_eq!(scheme.record.after_claim, 21);
    close(scheme.benefits[0].amount().unwrap(), 600.0);
}

#[test]
fn claims_at_several_ages_stand_side_by_side() {
    let claim = "[claim]\nages = [64, 65, 66.5]\n";
    let result = person(&[PERSON, claim, RECORD]).result();
    let ages: Vec<i32> = result.claims.iter().map(|claim| claim.age.in_months()).collect();
    assert_eq!(ages, [768, 780, 798]);
    let old_age = |at: usize| result.claims[at].benefit("old_age").unwrap();
    assert!(old_age(0).award.is_none());
    assert!(old_age(0).tests.iter().any(|test| !test.met && test.what.contains("age")));
    assert!(old_age(1).award.is_some() && old_age(2).award.is_some());
    assert!(result.claims[0].years.iter().all(|year| year.benefits.is_empty()));
}

#[test]
fn the_questions_of_a_condition_are_all_met_exactly_when_the_benefit_is_due() {
    for (from, degree) in [(2000, 0.3), (2025, 0.3), (2000, 0.5), (2029, 1.0)] {
        for event in ["age", "invalidity"] {
            let claim =
                format!("[claim]\ndate = 2030-01-01\nevent = \"{event}\"\ndegree = {degree}\n");
            let record = format!(
                "[record]\nunit = \"crown a year\"\nspans = [{{ from = {from}, to = 2029, earnings = 1_000 }}]\n"
            );
            let result = person(&[PERSON, &claim, &record]).result();
            for benefit in result.claims[0].benefits() {
                let all = benefit.tests.iter().all(|test| test.met);
                assert_eq!(all, benefit.award.is_some(), "{} {from} {degree}", benefit.name);
                assert!(!benefit.tests.is_empty());
            }
        }
    }
}

#[test]
fn survivors_share_within_the_limit_of_the_family_until_each_of_them_ends() {
    let claim = "[claim]\ndate = 2030-01-01\nevent = \"death\"\n";
    let family = "[family]\nspouse = { born = 1970-01-01, remarries = 2034-07-01 }\n\
        children = [{ born = 2013-01-01 }, { born = 2014-01-01 }, { born = 2000-01-01 }]\n";
    let who = "[person]\nborn = 1963-01-01\nsex = \"male\"\n";
    let record = "[record]\nunit = \"crown a year\"\nspans = [{ from = 2000, to = 2029, earnings = 1_000 }]\n";
    let result = person(&["horizon = 5", who, claim, record, family]).result();
    let claim = &result.claims[0];
    let of =
        |name: &str| claim.benefits().filter(|benefit| benefit.name == name).collect::<Vec<_>>();
    // Half of 1,000, of which 60 and twice 30 per cent: 300 and 150 each, together 600 below the limit of 1,000.
    close(of("widow")[0].amount().unwrap(), 300.0);
    let orphans: Vec<Option<f64>> = of("orphan").iter().map(|benefit| benefit.amount()).collect();
    assert_eq!(orphans, [Some(150.0), Some(150.0), None], "the third is of age");
    assert!(of("orphan")[2].tests.iter().any(|test| !test.met));
    close(claim.value("reference_earnings", "career").unwrap(), 1_000.0);
    close(paid(claim, 2030), 600.0);
    close(paid(claim, 2031), 450.0);
    close(paid(claim, 2032), 300.0);
    close(paid(claim, 2034), 150.0);
    assert_eq!(of("widow")[0].end, Some(("2034-07-01".parse().unwrap(), EndReason::Remarriage)));
    close(paid(claim, 2035), 0.0);
}

#[test]
fn a_limit_on_a_family_holds_each_in_proportion_and_lets_go_when_one_ends() {
    let claim = "[claim]\ndate = 2030-01-01\nevent = \"death\"\n";
    let family = "[family]\nspouse = { born = 1970-01-01 }\nchildren = [{ born = 2013-01-01 }]\n";
    // The widow's share is 60 per cent of what the file states to be in payment: more than the limit of 1,000.
    let stated = "[stated]\nbenefits.old_age = { value = 2_000, unit = \"crown a year\" }\n";
    let result = person(&["horizon = 2", PERSON, claim, RECORD, family, stated]).result();
    let claim = &result.claims[0];
    let award = |name: &str| claim.benefit(name).unwrap().award.clone().unwrap();
    close(award("widow").amount.get(), 1_200.0);
    close(award("widow").paid.get(), 1_200.0 * 1_000.0 / 1_800.0);
    close(award("orphan").paid.get(), 600.0 * 1_000.0 / 1_800.0);
    assert_eq!(claim.limits[0].name, "family");
    assert_eq!(claim.limits[0].provisions[0].source, "Act 1, s. 9 (fictional)");
    close(paid(claim, 2030), 1_000.0);
    // Alone the widow is still above the limit.
    close(paid(claim, 2031), 1_000.0);
}

#[test]
fn an_invalid_becomes_a_pensioner_at_the_age_and_the_widow_follows() {
    let claim = "[claim]\ndate = 2026-01-01\nevent = \"invalidity\"\ndegree = 0.5\n";
    let who = "[person]\nborn = 1965-01-01\nsex = \"male\"\ndies = 2032-07-01\n";
    let record = "[record]\nunit = \"crown a year\"\nspans = [{ from = 2000, to = 2025, earnings = 1_000 }]\n";
    let family = "[family]\nspouse = { born = 1970-01-01 }\n";
    let result = person(&["horizon = 8", who, claim, record, family]).result();
    let claim = &result.claims[0];
    close(claim.benefit("invalidity").unwrap().amount().unwrap(), 250.0);
    assert_eq!(claim.conversions.len(), 1);
    assert_eq!(claim.conversions[0].date.to_string(), "2030-01-01");
    close(claim.conversions[0].award.as_ref().unwrap().amount.get(), 500.0);
    close(paid(claim, 2029), 250.0);
    close(paid(claim, 2030), 500.0);
    // Half a year of the pension, half a year of 60 per cent of it.
    close(paid(claim, 2032), 250.0 + 150.0);
    close(paid(claim, 2033), 300.0);
    close(claim.after_death[0].benefits[0].amount().unwrap(), 300.0);
}

#[test]
fn a_pension_in_payment_is_stated_and_goes_on() {
    let stated = "[stated]\nbenefits.old_age = { value = 40, unit = \"crown a month\" }\n";
    let claim = "[claim]\ndate = 2030-01-01\n";
    let result = person(&["horizon = 1", PRICES, PERSON, claim, stated]).result();
    let award = result.benefit("old_age").unwrap().award.as_ref().unwrap();
    assert!(award.stated && award.steps.is_empty());
    close(award.per_payment(), 40.0);
    close(paid(&result.claims[0], 2030), 0.5 * 480.0 + 0.5 * 528.0);
}

#[test]
fn several_laws_are_several_tiers_of_one_person() {
    let path = root().join("tests/law/persons/flat_and_final_pay.toml");
    let result = read_person(&path, &[]).map_err(|r| r.faults).unwrap().entitlements().unwrap();
    let claim = &result.claims[0];
    let names: Vec<&str> = claim.schemes.iter().map(|scheme| scheme.scheme.as_str()).collect();
    assert_eq!(names, ["flat_pension", "final_pay"]);
    close(claim.benefit("basic_pension").unwrap().amount().unwrap(), 12_000.0);
    close(claim.benefit("old_age").unwrap().amount().unwrap(), 23_040.0);
    close(paid(claim, 2028), 35_040.0);
    // The laws of the command line stand in the place of those of the file.
    let alone = read_person(&path, &[root().join("tests/law/flat_pension.toml")]);
    let alone = alone.map_err(|rejected| rejected.faults).unwrap().entitlements().unwrap();
    assert_eq!(alone.claims[0].schemes.len(), 1);
}

// Prospects.

const COUPLE: &str = "[person]\nborn = 1960-01-01\nsex = \"male\"\n[claim]\ndate = 2025-01-01\n\
    [family]\nspouse = { born = 1965-01-01 }\n";

fn present_values(result: &PersonResult) -> Vec<(String, f64)> {
    let expected = result.claims[0].expected.as_ref().unwrap();
    let all = expected.annuities.iter().chain(&expected.insurances);
    all.map(|valued| (valued.name.clone(), valued.present_value)).collect()
}

#[test]
fn a_reversion_is_that_of_the_geometric_series() {
    // Reference case ana-21 (own derivation, 40 digits).
    let prospects = "[prospects]\ninterest = { value = 0.04, unit = \"share a year\" }\n\
        person.survival = { value = 0.97, unit = \"probability a year\" }\n\
        spouse.survival = { value = 0.98, unit = \"probability a year\" }\n\
        [prospects.annuities]\n\
        joint.to = \"both\"\nlast.to = \"either\"\nreversion.to = \"spouse_after_person\"\n\
        widow = { to = \"spouse_after_person\", amount = { value = 0.6, unit = \"crown a year\" } }\n";
    let result = person(&[COUPLE, prospects]).result();
    let found = present_values(&result);
    for (name, expected) in [
        ("reversion", 5.700_223_713_646_532),
        ("widow", 3.420_134_228_187_919_7),
        ("joint", 11.633_109_619_686_8),
        ("last", 20.557_366_570_789_39),
    ] {
        let (_, value) = found.iter().find(|(known, _)| known == name).unwrap();
        close(*value, expected);
    }
    let states = &result.claims[0].expected.as_ref().unwrap().states;
    let widows = |years: usize| states[years].of(Status::SpouseAfterPerson).unwrap();
    for (years, expected) in [
        (1, 0.0294),
        (5, 0.127_693_252_049_984_33),
        (10, 0.214_543_605_658_909_3),
        (20, 0.304_566_533_421_874_45),
    ] {
        close(widows(years), expected);
    }
}

#[test]
fn the_three_states_of_invalidity_are_those_of_the_closed_form() {
    // Reference case ana-20 (own derivation, 40 digits): one entrant a year at 20.
    let who = "[person]\nborn = 2000-01-01\nsex = \"male\"\n[claim]\ndate = 2020-01-01\n";
    let prospects = |interest: f64| {
        format!(
            "[prospects]\nuntil_age = 65\ninterest = {{ value = {interest}, unit = \"share a year\" }}\n\
             [prospects.invalidity]\nunit = \"probability a year\"\nincidence.value = 0.006\n\
             death_when_active.value = 0.004\ndeath_when_invalid.value = 0.03\n\
             [prospects.annuities]\nactive.to = \"active\"\ninvalid.to = \"invalid\"\n"
        )
    };
    let result = person(&[who, &prospects(0.03)]).result();
    let expected = result.claims[0].expected.as_ref().unwrap();
    let of = |status, years: usize| expected.states[years].of(status).unwrap();
    for (years, active, invalid) in [
        (10, 0.904_382_075_008_804_5, 0.050_087_384_434_162_87),
        (20, 0.817_906_937_597_230_9, 0.082_233_778_401_145_08),
        (45, 0.636_185_486_063_871_3, 0.114_674_184_916_997_56),
    ] {
        close(of(Status::Active, years), active);
        close(of(Status::Invalid, years), invalid);
    }
    let annuity = |name: &str| expected.annuities.iter().find(|one| one.name == name).unwrap();
    close(annuity("invalid").present_value, 1.621_235_693_769_626_2);
    // Undiscounted sums over one life are the stocks of a stationary population.
    let (actives, invalids) = (annuity("active").expected, annuity("invalid").expected);
    close(actives, 36.381_451_393_612_88);
    close(invalids, 3.453_817_448_155_99);
    close(0.5 * invalids / actives, 0.047_466_735_326_045_04);
}

#[test]
fn the_pension_and_its_reversion_by_law_are_valued_over_both_lives() {
    // A pension of 500 from 65 and 60 per cent of it to the widow, nothing indexed: the law pays what annuities of the same
    // amounts pay, with payments in the middle of the year and deaths at its end.
    let claim = "[claim]\ndate = 2030-01-01\n[family]\nspouse = { born = 1970-01-01 }\n";
    let prospects = "[prospects]\ninterest = { value = 0.04, unit = \"share a year\" }\n\
        person.survival = { value = 0.9, unit = \"probability a year\" }\n\
        spouse.survival = { value = 0.95, unit = \"probability a year\" }\n";
    let result = person(&[PERSON, claim, RECORD, prospects]).result();
    let expected = result.claims[0].expected.as_ref().unwrap();
    let [old_age] = &expected.benefits[..] else { panic!() };
    let [widow] = &expected.survivors[..] else { panic!() };
    // Sums of geometric series: sum over k of v^k p^k from 0, of which the middle is the mean of start and end.
    let due = |p: f64| 1.0 / (1.0 - p / 1.04);
    let middle = |p: f64| due(p) - 0.5;
    // What the program follows ends 120 years after the claim.
    let ends = |p: f64| 1.0 - (p / 1.04).powi(120);
    close(old_age.present_value, 500.0 * middle(0.9) * ends(0.9));
    // Of a death at the end of year k the widow is paid from the middle of year k + 1 on.
    let (v, p, s) = (1.0 / 1.04, 0.9_f64, 0.95_f64);
    let deaths: f64 = (0..120_i32)
        .map(|k| {
            let die = p.powi(k) * (1.0 - p);
            let from = (v * s).powi(k + 1);
            let left = (v * s).powi(120) * middle(s);
            die * (from * middle(s) - left)
        })
        .sum();
    close(widow.present_value, 300.0 * deaths);
}

#[test]
fn a_person_without_the_lives_that_a_payment_asks_for_is_refused() {
    let prospects = "[prospects]\nperson.survival = { value = 0.97, unit = \"probability a year\" }\n\
        annuities.x.to = \"both\"\n";
    assert_eq!(person(&[COUPLE, prospects]).codes(), [Code::LifeNotGiven]);
    let immortal = "[prospects]\nperson.survival = { value = 1, unit = \"probability a year\" }\n\
        annuities.x.to = \"person\"\n";
    assert_eq!(person(&[COUPLE, immortal]).codes(), [Code::NoEnd]);
}

/// Persons of every age under a law of `tests/law`, born so that each has the age on 1 January 2100 and entered at 20;
/// wages are 1 in 1955 and grow by 2 per cent.
fn of_age(law: &str, age: i32, (claim, horizon): (&str, i32)) -> ClaimResult {
    let born = 2100 - age;
    let (entry, last) = (born + 20, (2100 - 1).min(born + 64));
    let law = root().join(format!("tests/law/{law}.toml"));
    let wage = 1.02_f64.powi(entry - 1955);
    let text = format!(
        "source = \"steady state\"\ncurrency = \"unit\"\nlaws = [\"{}\"]\nhorizon = {horizon}\n\
         [indices]\nwages = {{ unit = \"share a year\", values = {{ 1956 = 0.02 }} }}\n\
         [person]\nborn = {born}-01-01\nsex = \"male\"\n[claim]\n{claim}\n\
         [record]\nunit = \"unit a year\"\n\
         spans = [{{ from = {entry}, to = {last}, earnings = {wage}, grows = \"wages\" }}]\n",
        law.display()
    );
    Folder::new(&[("person.toml", &text)]).result().claims.remove(0)
}

/// Survivors at an age of a straight line from 20 to 100, in a population that grows by 1 per cent a year.
fn cohort(age: i32) -> f64 {
    f64::from(100 - age) * 1.01_f64.powi(-age)
}

/// The average wage of 2100.
fn wage() -> f64 {
    1.02_f64.powi(2100 - 1955)
}

#[test]
fn notional_accounts_in_a_steady_state_pay_out_what_comes_in() {
    // Reference case ana-10 (own derivation, 40 digits), by one person of each age.
    let balance = |age: i32| {
        let claim =
            of_age("steady_accounts", age, ("date = 2100-01-01\nevent = \"withdrawal\"", 0));
        claim.benefit("balance").unwrap().amount().unwrap() / wage()
    };
    for (age, expected) in [
        (25, 0.857_514_024_102_4),
        (35, 2.928_843_594_221_792),
        (45, 5.685_781_440_189_638),
        (55, 9.576_755_316_682_094),
        (65, 15.561_519_042_716_02),
    ] {
        close(balance(age), expected);
    }
    let pension = |age: i32| {
        let claim = of_age("steady_accounts", age, ("age = 65", age - 65));
        claim.years.last().unwrap().in_force
    };
    close(pension(65) / wage(), 0.964_442_966_794_189_8);
    let benefits: f64 = (65..100).map(|age| cohort(age) * pension(age)).sum();
    let contributions: f64 = (20..65).map(|age| cohort(age) * 0.16 * wage()).sum();
    close(benefits / contributions, 1.0);
}

#[test]
fn a_point_value_that_balances_the_year_gives_the_steady_replacement_rate() {
    // Reference case ana-14 (own derivation, 40 digits): the value of a point is what the contributions of the year pay for.
    let points = |age: i32| {
        let claim = of_age("steady_points", age, ("age = 65", 0));
        claim.benefit("old_age").unwrap().counted("base").unwrap().amount
    };
    close(points(65), 45.0);
    let in_payment: f64 = (65..100).map(|age| cohort(age) * points(age)).sum();
    let contributions: f64 = (20..65).map(|age| cohort(age) * 0.18 * wage()).sum();
    let value = contributions / in_payment;
    close(value / wage(), 0.024_111_074_169_854_745);
    close(value * points(65) / wage(), 1.084_998_337_643_463_5);
}

/// A stream of numbers that are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

/// Values that no person has, and some that one may have.
const ODD: [&str; 34] = [
    "-1",
    "0",
    "13",
    "1e300",
    "-1e300",
    "nan",
    "inf",
    "9223372036854775807",
    "-9223372036854775808",
    "1850",
    "2300",
    "0.5",
    "1.0000001",
    "\"\"",
    "\"work\"",
    "\"\\u0000\"",
    "true",
    "[]",
    "{}",
    "[[]]",
    "1850-01-01",
    "2300-12-31",
    "2024-02-29",
    "9999-12-31",
    "0001-01-01",
    "2020-01-01T10:00:00Z",
    "10:00:00",
    "{ value = 1, unit = \"years\" }",
    "{ value = -1, unit = \"share\" }",
    "{ value = 1e12, unit = \"crown a year\" }",
    "{ value = 1 }",
    "\"person.toml\"",
    "[\"law.toml\", \"law.toml\"]",
    "65",
];

#[test]
fn odd_values_give_faults_and_never_a_panic() {
    let whole = format!(
        "{HEAD}horizon = 40\n{PRICES}wages = {{ unit = \"index\", values = {{ 1990 = 1, 2000 = 2 }}, gaps = \"linear\" }}\n\
         [indicators]\nratio = {{ unit = \"ratio\", value = 1 }}\n\
         [person]\nborn = 1965-01-01\nsex = \"male\"\ngroup = \"all\"\nentered = 1990-01-01\ndies = 2040-01-01\n\
         [claim]\ndate = 2030-01-01\nevent = \"age\"\ndegree = 0.5\nshare_claimed = 1\n\
         [record]\nunit = \"crown a year\"\nyears = [{{ year = 1995, months = 6, earnings = 100, kind = \"work\" }}]\n\
         spans = [{{ from = 2000, to = 2029, months = 12, earnings = 1_000, grows = \"wages\" }}]\n\
         [family]\ndependants = 1\nspouse = {{ born = 1970-01-01, married = 1990-01-01, remarries = 2050-01-01 }}\n\
         children = [{{ born = 2015-01-01 }}]\nparents = [{{ born = 1940-01-01 }}]\n\
         [means]\nassets = {{ value = 1, unit = \"crown\" }}\nresidence = [{{ from = 1990-01-01, to = 2020-01-01 }}]\n\
         [stated]\nmeasures.children = 2\nbenefits.invalidity = 10\n\
         [prospects]\nuntil_age = 90\ninterest = {{ value = 0.03, unit = \"share a year\" }}\n\
         person.survival = {{ value = 0.9, unit = \"probability a year\" }}\nannuities.a.to = \"person\"\n"
    );
    assert_eq!(Folder::new(&[("law.toml", LAW), ("person.toml", &whole)]).codes(), []);
    let lines: Vec<&str> = whole.lines().collect();
    let mut numbers = Numbers(7);
    let (mut refused, mut taken) = (0, 0);
    for _ in 0..120 {
        let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        for _ in 0..=numbers.next(2) {
            let at = numbers.next(changed.len());
            changed[at] = odd_line(&changed[at], &mut numbers);
        }
        let folder = Folder::new(&[("law.toml", LAW), ("person.toml", &changed.join("\n"))]);
        if folder.codes().is_empty() { taken += 1 } else { refused += 1 }
    }
    assert!(40 < refused && 2 < taken, "{refused} refused, {taken} taken");
}

/// Puts an odd value in the place of one value of a line.
fn odd_line(line: &str, numbers: &mut Numbers) -> String {
    let starts: Vec<usize> = line.match_indices("= ").map(|(at, _)| at + 2).collect();
    if starts.is_empty() {
        return String::new();
    }
    let start = starts[numbers.next(starts.len())];
    let rest = &line[start..];
    let end = if rest.starts_with(['{', '[']) {
        rest.len()
    } else {
        rest.find([',', '}', ']']).unwrap_or(rest.len())
    };
    format!("{}{}{}", &line[..start], ODD[numbers.next(ODD.len())], &rest[end..])
}

/// A law of a pension of 100 a month at 65 and one of invalidity that is named to end as the caller says.
fn with_ends(ends: &str, start: &str) -> String {
    format!(
        r#"
source = "Act 2 (fictional)"
[pensionable_age]
unit = "years"
in_force = [{{ from = 1900-01-01, value = 65 }}]
[rules.least_age]
unit = "years"
in_force = [{{ from = 1900-01-01, value = 65 }}]
[amounts.flat]
unit = "crown a month"
in_force = [{{ from = 1900-01-01, value = 100 }}]
[benefits.old_age]
kind = "pension"
account = "fund"
condition = {{ event = "age", age = "pensionable_age"{start}, all = [{{ measure = "age", at_least = "least_age" }}] }}
steps = [{{ flat = {{ amount = "flat" }} }}]
[benefits.invalidity]
kind = "pension"
account = "fund"
condition = {{ event = "invalidity" }}
steps = [{{ flat = {{ amount = "flat" }} }}, {{ times = {{ constant = 0.7 }} }}]
ends = {ends}
"#
    )
}

#[test]
fn a_benefit_that_ends_at_an_age_and_becomes_another_becomes_it_at_that_age() {
    let file = format!(
        "{HEAD}horizon = 3\n[person]\nborn = 1962-01-15\nsex = \"male\"\n[claim]\ndate = 2025-06-01\nevent = \"invalidity\"\n"
    );
    let both = "{ age = \"pensionable_age\", converts_to = \"old_age\" }";
    for (start, day) in [("", "2027-01-15"), (", payment_start = \"next_month\"", "2027-02-01")] {
        let law = with_ends(both, start);
        let result = Folder::new(&[("law.toml", &law), ("person.toml", &file)]).result();
        let claim = &result.claims[0];
        assert_eq!(claim.conversions.len(), 1);
        assert_eq!(claim.conversions[0].date.to_string(), day);
        close(claim.conversions[0].award.as_ref().unwrap().amount.get(), 1_200.0);
        let (end, reason) = claim.benefit("invalidity").unwrap().end.clone().unwrap();
        assert_eq!(
            (end.to_string().as_str(), reason),
            (day, EndReason::ConvertsTo("old_age".into()))
        );
        close(paid(claim, 2026), 840.0);
        close(claim.years[2].in_force, 1_200.0);
        close(paid(claim, 2028), 1_200.0);
    }
    let ends = with_ends("{ age = \"pensionable_age\" }", "");
    let result = Folder::new(&[("law.toml", &ends), ("person.toml", &file)]).result();
    assert!(result.claims[0].conversions.is_empty(), "nothing follows what only ends");
    assert_eq!(paid(&result.claims[0], 2028).to_bits(), 0.0_f64.to_bits(), "nothing is plain zero");
}

#[test]
fn who_is_born_on_29_february_has_an_age_on_28_february_everywhere() {
    let law = with_ends("{ converts_to = \"old_age\" }", "");
    let file = format!(
        "{HEAD}horizon = 0\n[person]\nborn = 1960-02-29\nsex = \"male\"\n[claim]\nage = 65\n"
    );
    let result = Folder::new(&[("law.toml", &law), ("person.toml", &file)]).result();
    let claim = &result.claims[0];
    assert_eq!((claim.date.to_string().as_str(), claim.age.in_months()), ("2025-02-28", 780));
    let benefit = claim.benefit("old_age").unwrap();
    // The measure `age` is asked for 65 years too.
    close(benefit.amount().unwrap(), 1_200.0);
    assert!(benefit.tests.iter().any(|test| test.formula.contains("age 65 years on 2025-02-28")));
}

#[test]
fn a_limit_names_benefits_of_the_laws_and_a_law_that_is_not_read_is_noted() {
    let limited = |name: &str, laws: &str| {
        let law = with_ends("{ converts_to = \"old_age\" }", "");
        let limit = format!(
            "{law}\n[cumulation.all]\nsource = \"Act 2, s. 3\"\nbenefits = [\"old_age\", \"{name}\"]\npays = \"highest\"\n"
        );
        let file = format!(
            "source = \"made up\"\ncurrency = \"crown\"\nlaws = {laws}\n{PERSON}[claim]\nage = 65\n"
        );
        Folder::new(&[("law.toml", &limit), ("other.toml", &law), ("person.toml", &file)])
    };
    let both = "[\"law.toml\", \"other.toml\"]";
    assert_eq!(limited("other.old_age", both).codes(), []);
    let rejected = limited("other.oldage", both).read().unwrap_err();
    let fault = &rejected.faults[0];
    assert_eq!((fault.code, rejected.faults.len()), (Code::UnknownName, 1));
    assert_eq!(fault.path, "schemes.law.cumulation.all.benefits[1]");
    assert!(fault.remedy.starts_with("did you mean `other.old_age`?"), "{}", fault.remedy);
    assert_eq!(limited("law.invalidity", both).codes(), [Code::UnknownName]);
    assert_eq!(limited("oldage", both).codes(), [Code::UnknownName]);
    let alone = limited("other.oldage", "[\"law.toml\"]").read().unwrap();
    let noted = |text: &str| alone.notes.iter().any(|note| note.text.contains(text));
    assert!(noted("law `other` is not among the laws"), "{:?}", alone.notes);
}

#[test]
fn what_is_stated_keeps_the_unit_in_which_it_is_written() {
    let stated = "[stated]\nmeasures.credit = 160\nreference_earnings.career = { value = 3_000, unit = \"crown a month\" }\nbenefits.old_age = 500\n";
    let loaded = person(&[PERSON, "[claim]\nage = 65\n", stated]).read();
    let loaded = loaded.map_err(|rejected| rejected.faults).unwrap();
    let written: Vec<(&str, f64, &str)> =
        loaded.stated.iter().map(|one| (one.table, one.value, one.unit.as_str())).collect();
    let expected = [
        ("measures", 160.0, "months"),
        ("reference_earnings", 3_000.0, "crown a month"),
        ("benefits", 500.0, "crown a year"),
    ];
    assert_eq!(written, expected);
}
