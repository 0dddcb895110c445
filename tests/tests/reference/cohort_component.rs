//! Canada and Mexico 1950-2020 against the United Nations' own projection functions.

use std::path::Path;

use perennis_demography::Population;
use perennis_tests::{CountryFolder, Table, close};
use perennis_units::Sex;

const FIRST: i32 = 1950;
const SEXES: [(&str, &str); 2] = [("male", "M"), ("female", "F")];
const POPULATION: &str = r#"
source = "United Nations, example data of the projection functions"
migration_timing = "TIMING"
[base]
file = "base.csv"
unit = "persons"
date = 1950-01-01
[mortality]
file = "mortality.csv"
unit = "deaths per person-year"
[fertility]
file = "fertility.csv"
unit = "births per woman-year"
[sex_ratio_at_birth]
file = "ratios.csv"
column = "ratio"
unit = "boys per girl"
[migration.by_age]
file = "migration.csv"
unit = "persons"
"#;
/// The expected figures carry twelve digits; the inputs as many, and 70 years of projection add their rounding.
const RELATIVE: f64 = 1e-9;

/// Population, births and deaths by cohort, with migrants at the end of the year and evenly over it.
pub(crate) fn both_timings_equal_the_projection_functions_of_the_united_nations(folder: &Path) {
    for country in ["canada", "mexico"] {
        let folder = folder.join("ccmpp_exact").join(country);
        for (timing, file) in [("end", "expected_end.csv.gz"), ("even", "expected_even.csv.gz")] {
            let loaded = files(&folder, timing).load();
            let population = perennis_valuation::run(&loaded.model).unwrap().population;
            assert!(population.shortfalls.is_empty());
            compare(&population, &Table::read(&folder.join(file)), country);
        }
    }
}

fn compare(population: &Population, expected: &Table, country: &str) {
    let (year, age) = (expected.integers("year"), expected.integers("age"));
    let births = expected.numbers("births");
    let mut births_of_year = vec![0.0; population.years.count()];
    for (sex, people, dying) in [(Sex::Male, "popM", "deathsM"), (Sex::Female, "popF", "deathsF")] {
        let rows = expected.numbers(people).into_iter().zip(expected.numbers(dying)).enumerate();
        for (row, (persons, deaths)) in rows {
            let (at, age) = ((year[row] - FIRST) as usize, age[row] as usize);
            let what = format!("{country} {} {sex:?} {age}", year[row]);
            let found = population.persons.get(at, sex, age);
            assert!(close(found, persons, RELATIVE), "{what}: {found} against {persons} persons");
            let found = cohort_deaths(population, at - 1, sex, age);
            assert!(close(found, deaths, RELATIVE), "{what}: {found} against {deaths} deaths");
            if sex == Sex::Female {
                births_of_year[at - 1] += births[row];
            }
        }
    }
    for (at, expected) in births_of_year.into_iter().enumerate() {
        let found: f64 = population.births.row(at).iter().sum();
        assert!(close(found, expected, RELATIVE), "{country} {at}: {found}, {expected} births");
    }
}

/// Returns deaths by the age that those who die would have had at the end of the year.
fn cohort_deaths(population: &Population, year: usize, sex: Sex, age: usize) -> f64 {
    match age {
        0 => population.infant_deaths[[year, sex.index()]],
        100 => population.deaths.get(year, sex, 99) + population.deaths.get(year, sex, 100),
        _ => population.deaths.get(year, sex, age - 1),
    }
}

/// Writes the inputs in the public format.
fn files(folder: &Path, timing: &str) -> CountryFolder {
    let read = |name: &str| Table::read(&folder.join(name));
    let files = CountryFolder::new();
    let ratios = read("srb.csv");
    let horizon = ratios.integers("year").len();
    let head = "title = \"Exact\"\ncountry = \"Exact\"\ncurrency = \"none\"\nstart = 1950-01-01";
    files.write(
        "valuation.toml",
        &format!("{head}\nhorizon = {horizon}\n[files]\npopulation = \"population.toml\"\n"),
    );
    files.write("population.toml", &POPULATION.replace("TIMING", timing));
    let ratios = rows(&ratios, &["year", "srb"]);
    files.write_rows("ratios.csv", "year,ratio", ratios.into_iter());
    let base = read("base_pop_1950.csv");
    let base = SEXES.iter().flat_map(|(sex, letter)| {
        let rows = rows(&base, &["age", &format!("pop{letter}")]);
        rows.into_iter().map(move |row| format!("{sex},{row}"))
    });
    files.write_rows("base.csv", "sex,age,population", base);
    let tables = rows(&read("life_tables.csv.gz"), &["year", "sex", "age", "mx", "ax"]);
    files.write_rows("mortality.csv", "year,sex,age,rate,ax", tables.into_iter());
    let rates = rows(&read("asfr.csv.gz"), &["year", "age", "asfr"]);
    files.write_rows("fertility.csv", "year,age,rate", rates.into_iter());
    let migrants = read("net_migration.csv.gz");
    let migrants = SEXES.iter().flat_map(|(sex, letter)| {
        let rows = rows(&migrants, &["year", "age", &format!("mig{letter}")]);
        rows.into_iter().map(move |row| format!("{sex},{row}"))
    });
    files.write_rows("migration.csv", "sex,year,age,persons", migrants);
    files
}

fn rows(table: &Table, columns: &[&str]) -> Vec<String> {
    let columns: Vec<Vec<&str>> = columns.iter().map(|column| table.text(column)).collect();
    let row = |row: usize| columns.iter().map(|column| column[row]).collect::<Vec<_>>().join(",");
    (0..columns[0].len()).map(row).collect()
}
