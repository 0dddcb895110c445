//! Benefits for the family of a pensioner, several marriages, and a second claim: law and person from files.

use perennis_scheme::{BenefitResult, ClaimResult, EndReason, Recipient};
use perennis_tests::LawFolder;

/// A basic pension of 1,000 a month from 62, 5 % a year less before 65; what follows it is of the test.
const LAW: &str = r#"
source = "made up"

[pensionable_age]
unit = "years"
in_force = [{ from = 1980-01-01, value = 65 }]

[rules.earliest]
unit = "years"
in_force = [{ from = 1980-01-01, value = 62 }]

[rules.early]
unit = "share a year"
in_force = [{ from = 1980-01-01, value = 0.05 }]

[rules.half]
unit = "share"
in_force = [{ from = 1980-01-01, value = 0.5 }]

[amounts.basic]
unit = "crown a month"
in_force = [{ from = 1980-01-01, value = 1_000 }]
"#;

const OLD_AGE: &str = r#"
[benefits.old_age]
kind = "pension"
account = "fund"
condition = { event = "age", age = "pensionable_age", early_from = "earliest" }
steps = [
    { flat = { amount = "basic" } },
    { early_reduction = { rate = "early", of = "amount" } },
    { times = { measure = "share_claimed" } },
]
"#;

fn claim(law: &str, person: &str) -> ClaimResult {
    let law = format!("{LAW}{OLD_AGE}{law}");
    let head = "source = \"made up\"\ncurrency = \"crown\"\nlaws = [\"law.toml\"]\n";
    LawFolder::new(&[("law.toml", &law), ("person.toml", &format!("{head}{person}"))])
        .claim("person.toml")
}

/// Monthly amount of each benefit of a name that is due, with whose it is.
fn due<'a>(claim: &'a ClaimResult, name: &str) -> Vec<(&'a BenefitResult, f64)> {
    let named = claim.benefits().filter(|benefit| benefit.name == name);
    named.filter_map(|benefit| Some((benefit, benefit.amount()? / 12.0))).collect()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9 * expected, "{found} is not {expected}");
}

const OF_SPOUSE: &str = r#"
[benefits.spouse]
kind = "pension"
account = "fund"
condition = { event = "age", recipient = "spouse", age = "pensionable_age", early_from = "earliest" }
steps = [
    { flat = { product = [{ rule = "half" }, { benefit = "old_age" }] } },
    { early_reduction = { rate = "early", of = "amount" } },
]

[benefits.child]
kind = "pension"
account = "fund"
condition = { event = "age", recipient = "child" }
ends = { age = "majority" }
steps = [{ flat = { product = [{ rule = "half" }, { benefit = "old_age" }] } }]

[rules.majority]
unit = "years"
in_force = [{ from = 1980-01-01, value = 18 }]

[benefits.widow]
kind = "pension"
account = "fund"
condition = { event = "death", recipient = "spouse" }
steps = [{ of_deceased = ["old_age"] }]
"#;

const COUPLE: &str = r#"
[person]
born = 1960-01-01
sex = "male"
dies = 2030-01-01

[claim]
age = 64

[family]
spouse = { born = 1963-01-01, sex = "female", married = 1990-01-01, claims = 2026-01-01 }
children = [{ born = 2010-01-01 }]
"#;

#[test]
fn a_spouse_is_paid_beside_the_pensioner_by_her_own_age_until_the_widow_s_pension() {
    let claim = claim(OF_SPOUSE, COUPLE);
    // He claims a year early; she, born in 1963, two years.
    near(due(&claim, "old_age")[0].1, 950.0);
    let (spouse, amount) = due(&claim, "spouse")[0];
    near(amount, 0.5 * 950.0 * 0.9);
    assert_eq!(spouse.survivor.unwrap().kind, Recipient::Spouse);
    assert_eq!(spouse.award.as_ref().unwrap().from.to_string(), "2026-01-01");
    near(due(&claim, "widow")[0].1, 950.0);
    let paid = |year: i32, name: &str| {
        let year = claim.years.iter().find(|one| one.year.get() == year).unwrap();
        let of = year.benefits.iter().filter(|benefit| benefit.name == name);
        of.map(|benefit| benefit.paid).sum::<f64>()
    };
    near(paid(2029, "spouse"), 12.0 * 427.5);
    assert!(paid(2030, "spouse").abs() < 1e-9);
    near(paid(2030, "widow"), 12.0 * 950.0);
}

#[test]
fn a_child_of_a_pensioner_is_paid_until_the_age_at_which_it_ends() {
    let claim = claim(OF_SPOUSE, COUPLE);
    let (child, amount) = due(&claim, "child")[0];
    near(amount, 475.0);
    let (day, reason) = child.end.clone().unwrap();
    assert_eq!((day.to_string().as_str(), reason), ("2028-01-01", EndReason::Age));
}

const OF_MARRIAGES: &str = r#"
[measures.part_of_marriages]
quotient = [{ measure = "married" }, { measure = "marriages" }]

[benefits.widow]
kind = "pension"
account = "fund"
condition = { event = "death", recipient = "spouse" }
steps = [{ of_deceased = ["old_age"] }, { times = { measure = "part_of_marriages" } }]

[benefits.divorced]
kind = "pension"
account = "fund"
condition = { event = "death", recipient = "former_spouse", all = [{ measure = "recipient_age", at_least = "earliest" }] }
ends = { remarriage = true }
steps = [{ of_deceased = ["old_age"] }, { times = { measure = "part_of_marriages" } }]
"#;

#[test]
fn survivors_of_several_marriages_share_by_their_length() {
    let person = r#"
        [person]
        born = 1960-01-01
        sex = "male"
        [claim]
        date = 2025-01-01
        event = "death"
        [family]
        spouse = { born = 1980-01-01, married = 2020-01-01 }
        former_spouses = [
            { born = 1960-06-01, married = 1985-01-01, divorced = 2000-01-01 },
            { born = 1961-06-01, married = 2001-01-01, divorced = 2011-01-01, remarries = 2015-01-01 },
        ]
    "#;
    let claim = claim(OF_MARRIAGES, person);
    // 5, 15 and 10 of 30 years; the third has married again.
    near(due(&claim, "widow")[0].1, 1_000.0 * 5.0 / 30.0);
    let divorced = due(&claim, "divorced");
    assert_eq!(divorced.len(), 1);
    near(divorced[0].1, 1_000.0 * 15.0 / 30.0);
}

#[test]
fn half_a_pension_early_and_the_rest_later_are_each_reduced_by_their_own_age() {
    let person = r#"
        [person]
        born = 1962-01-01
        sex = "female"
        [claim]
        age = 62
        share_claimed = 0.5
        later = { age = 64 }
    "#;
    let claim = claim("", person);
    let shares: Vec<f64> = due(&claim, "old_age").iter().map(|(_, amount)| *amount).collect();
    assert_eq!(shares.len(), 2);
    near(shares[0], 0.5 * 850.0);
    near(shares[1], 0.5 * 950.0);
    let later = claim.later.as_ref().unwrap();
    assert_eq!(later.date.to_string(), "2026-01-01");
    near(claim.years[2].in_force, 12.0 * 900.0);
}

#[test]
fn a_later_claim_takes_what_was_not_due_and_nothing_twice() {
    let bonus = r#"
        [benefits.bonus]
        kind = "grant"
        account = "fund"
        condition = { event = "age", age = "pensionable_age" }
        steps = [{ flat = { amount = "basic" } }]

        [benefits.whole]
        kind = "pension"
        account = "fund"
        condition = { event = "age", age = "pensionable_age", early_from = "earliest" }
        steps = [{ flat = { amount = "basic" } }]
    "#;
    let person = r#"
        [person]
        born = 1962-01-01
        sex = "female"
        [claim]
        age = 62
        share_claimed = 0.25
        later = { date = 2027-01-01, share_claimed = 0.5 }
    "#;
    let claim = claim(bonus, person);
    let names: Vec<&str> = claim.later.as_ref().unwrap().schemes[0]
        .benefits
        .iter()
        .map(|benefit| benefit.name.as_str())
        .collect();
    assert_eq!(names, ["old_age", "bonus"]);
    near(due(&claim, "old_age")[1].1, 500.0);
}
