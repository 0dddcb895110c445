//! A pensionable age that follows life expectancy, against the rows that somebody would have to write by hand.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

use std::fmt::Write;

use perennis_pensions::Pensions;
use perennis_tests::{SmallCountry, contribution};
use perennis_units::Sex;
use perennis_valuation::{Act, Change, Quantity, run};

const FIRST: i32 = 2024;
const YEARS: i32 = 30;

fn law(age: &str) -> String {
    format!(
        r#"
source = "A law of nobody"

[pensionable_age]
unit = "months"
{age}

[rules.early]
unit = "months"
in_force = [{{ from = 1900-01-01, value = 24 }}]

[rules.reduction]
unit = "share a year"
in_force = [{{ from = 1900-01-01, value = 0.05 }}]

[amounts.pension]
unit = "crown a month"
in_force = [{{ from = 1900-01-01, value = 100 }}]

[benefits.old_age]
kind = "pension"
account = "fund"
condition = {{ event = "age", age = "pensionable_age", early_by = "early" }}
steps = [
    {{ flat = {{ amount = "pension" }} }},
    {{ plus = {{ product = [{{ months_until = "pensionable_age" }}, {{ amount = "pension" }}] }} }},
    {{ early_reduction = {{ rate = "reduction", of = "amount" }} }},
]
"#
    )
}

fn country(age: &str) -> SmallCountry {
    let (head, group) = (SmallCountry::HEAD, SmallCountry::GROUP);
    let claiming =
        "[claiming]\nearly_share = { value = 0.3, unit = \"share\", source = \"made up\" }\n";
    let scheme =
        format!("{head}\n{}\n{}\n{claiming}\n{group}", law(age), contribution("fund", 0.1));
    SmallCountry::new()
        .years(usize::try_from(YEARS).unwrap())
        .fund("fund")
        .with("labour.toml", "value = 0.5", "value = 1")
        .file(SmallCountry::SCHEME, &scheme)
        .by_age("members.csv", "credit_months,persons", 20..62, |_, age| {
            format!("{},1000.0", 12 * (age - 20) + 6)
        })
}

const STATED: &str = "in_force = [\n{ from = 1900-01-01, value = 744 },\n{ from = 1900-01-01, sex = \"female\", value = 732 }";

/// Life expectancy at 60 of a year, published: two months a year longer, and a year in which it falls.
fn published(year: i32) -> f64 {
    let back = if year == FIRST + 8 { 1.0 } else { 0.0 };
    20.0 + f64::from(year - FIRST) / 6.0 - back
}

fn link(more: &str) -> String {
    let mut values = String::new();
    for year in FIRST - 5..FIRST + YEARS + 80 {
        let _ = write!(values, "{year} = {:?}, ", published(year));
    }
    format!(
        "{STATED}]\n[pensionable_age.after]\nlife_expectancy_at = 60\nshare = {{ value = 0.75, unit = \"share\" }}\n\
         reference = {{ value = 20, unit = \"years\" }}\n\
         published = {{ values = {{ {values} }}, unit = \"years\" }}\n{more}\n"
    )
}

/// Everything that the schemes pay, to the last bit.
fn paid(country: &SmallCountry) -> Vec<u64> {
    let pensions: Pensions = country.value().pensions.unwrap();
    let tables = pensions.beneficiaries.iter();
    tables
        .flat_map(|table| [&table.amount, &table.new_awards, &table.beneficiaries])
        .flat_map(|grid| grid.values().iter().map(|value| value.to_bits()))
        .collect()
}

/// The rows of the law and those of each year after them: steps are taken one by one while the wish of three quarters of the
/// gain since a life expectancy of 20 asks for them, and at most so many months in a year. `day` is the key that dates a row.
fn rows(
    years: impl Iterator<Item = i32>,
    day: &str,
    read: impl Fn(i32) -> i32,
    (step, most): (i32, i32),
) -> String {
    let (mut rows, mut months) = (STATED.to_owned(), 0);
    let from = if day == "from" { "" } else { "from = 1900-01-01, " };
    for year in years {
        let wish = whole_months(9.0 * (published(read(year)) - 20.0));
        let before = months;
        while months + step <= wish && months + step - before <= most {
            months += step;
        }
        for (sex, stated) in [("male", 744), ("female", 732)] {
            let value = stated + months;
            let _ = write!(
                rows,
                ",\n{{ {from}{day} = {year}-01-01, sex = \"{sex}\", value = {value} }}"
            );
        }
    }
    rows.push_str("\n]");
    rows
}

/// Whole months of a wish; a binary fraction below a whole one is that one.
fn whole_months(wish: f64) -> i32 {
    (0..2000).take_while(|month| f64::from(*month) <= wish + 1e-6).last().unwrap_or(-1)
}

#[test]
fn an_age_by_date_is_that_of_rows_written_by_hand() {
    let linked = link("first = 2027\nlag = 2\nstep_months = 2\nat_most_months = 4");
    let by_hand = rows(2027..FIRST + YEARS + 60, "from", |year| year - 2, (2, 4));
    assert_eq!(paid(&country(&linked)), paid(&country(&by_hand)));
    let still = format!("{STATED}]");
    assert_ne!(paid(&country(&still)), paid(&country(&by_hand)), "the age moves");
}

#[test]
fn an_age_by_birth_is_that_of_rows_written_by_hand() {
    let linked = link("first = 1968\nby = \"birth\"\nfixed_at = 60\nlag = 1");
    let by_hand = rows(1968..2040, "born_from", |year| year + 59, (1, 1000));
    assert_eq!(paid(&country(&linked)), paid(&country(&by_hand)));
}

#[test]
fn longer_lives_of_a_sensitivity_raise_the_age() {
    let age = format!(
        "{STATED}]\n[pensionable_age.after]\nlife_expectancy_at = 60\nshare = {{ value = 1, unit = \"share\" }}\n\
         reference_year = 2024\nfirst = 2025\n"
    );
    let folder = country(&age).folder();
    let model = folder.load().model;
    let change = Change::new(Quantity::Mortality, Act::Times(0.8));
    let (changed, _) = model.changed(&[change]).unwrap();
    let months = |model| {
        let ages = run(model).unwrap().pensions.unwrap().followed_ages;
        let of = ages.into_iter().filter(|age| age.sex == Sex::Male);
        of.map(|age| age.age.in_months()).collect::<Vec<_>>()
    };
    assert!(months(&model).iter().all(|age| *age == 744));
    let longer = months(&changed);
    assert_eq!(longer[0], 744, "the life table of 2025 is the first that moves: {longer:?}");
    assert!(longer[1..].iter().all(|age| 744 < *age), "{longer:?}");
    let awards = |model| {
        let pensions = run(model).unwrap().pensions.unwrap();
        pensions.beneficiaries[0].new_awards.total(2)
    };
    assert!(awards(&changed) < awards(&model));
}
