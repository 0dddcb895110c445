//! The medium variant of World Population Prospects 2024 from its own inputs, to 2101.

use std::collections::HashMap;
use std::path::Path;

use ndarray::{Array2, Array3};
use perennis_cohort::YearGrid;
use perennis_demography::{DemographicBasis, LifeTable, MigrationTiming, Population, project};
use perennis_tests::{CountryFolder, Table};
use perennis_units::{CentralRate, Sex, Year, YearRange};

const FIRST: i32 = 2024;
const YEARS: usize = 77;
const AGES: usize = 101;
/// The tables count in thousands.
const THOUSAND: f64 = 1000.0;

const VALUATION: &str = r#"
title = "World Population Prospects"
country = "One of 45"
currency = "none"
start = 2024-01-01
horizon = 77
[files]
population = "population.toml"
"#;
const POPULATION: &str = r#"
source = "United Nations, World Population Prospects 2024"
[base]
file = "base.csv"
unit = "thousand persons"
[mortality]
file = "mortality.csv"
unit = "deaths per person-year"
[fertility]
file = "fertility.csv"
unit = "births per woman-year"
[sex_ratio_at_birth]
file = "annual.csv"
column = "ratio"
unit = "boys per girl"
[migration.by_age]
file = "migration.csv"
unit = "thousand persons"
"#;

/// The tables of one country.
struct Country {
    base: Table,
    mortality: Table,
    fertility: Table,
    annual: Table,
    migration: Table,
    july: Table,
}

/// All 45 countries: the July population and its single ages stay within the stated shares of the published ones.
///
/// 0.1 % of the total and 0.15 % over single ages, because the single-age rates were derived from five-year ones;
/// 0.25 % and 0.5 % below a million, because migrants are rounded to whole persons in each cell; 0.5 % over single
/// ages where the years of a war lie inside one five-year period of mortality.
pub(crate) fn all_countries_meet_the_published_population(folder: &Path) {
    let mut faults = Vec::new();
    for (iso3, country) in countries(&folder.join("wpp")) {
        let population = project(&basis(&country)).unwrap();
        identity_holds(&iso3, &population);
        let (total, ages) = differences(&country.july, &population);
        let people = population.persons.total(0);
        let (most_total, most_ages) = match iso3.as_str() {
            _ if people < 1e6 => (0.0025, 0.005),
            "PSE" => (0.001, 0.005),
            _ => (0.001, 0.0015),
        };
        if !(total <= most_total && ages <= most_ages) {
            faults.push(format!("{iso3}: total {total:.5}, single ages {ages:.5}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The life tables give the published expectations of life.
///
/// Within 0.001 years: the single-age rates were fitted to these figures, which are printed with four decimals.
pub(crate) fn life_tables_meet_the_published_expectation_of_life(folder: &Path) {
    for (iso3, country) in countries(&folder.join("wpp")) {
        let basis = basis(&country);
        let years = country.annual.integers("year");
        for (sex, column) in [(Sex::Male, "e0M"), (Sex::Female, "e0F")] {
            for (year, published) in years.iter().zip(country.annual.numbers(column)) {
                let Some(at) = basis.years.position(Year::new(*year)) else { continue };
                let found = basis.mortality[at][sex.index()].life_expectancy(0);
                let apart = (found - published).abs();
                assert!(apart < 0.001, "{iso3} {year} {sex:?}: {found} against {published}");
            }
        }
    }
}

/// A large, a small and a war-struck country read from files in the public format have the same population as above.
pub(crate) fn files_in_the_public_format_give_the_same_population(folder: &Path) {
    for (iso3, country) in countries(&folder.join("wpp")) {
        if !["VNM", "CPV", "PSE"].contains(&iso3.as_str()) {
            continue;
        }
        let loaded = files(&country).load();
        let found = perennis_valuation::run(&loaded.model).unwrap().population;
        let expected = project(&basis(&country)).unwrap();
        assert_eq!(found.years, expected.years);
        // The same rounding everywhere but for thousands turned to persons.
        for (found, expected) in found.persons.values().iter().zip(expected.persons.values()) {
            assert!((found - expected).abs() <= 1e-9 * expected.max(1.0), "{iso3}");
        }
    }
}

/// Writes the inputs in the public format.
fn files(country: &Country) -> CountryFolder {
    let files = CountryFolder::new();
    files.write("valuation.toml", VALUATION);
    files.write("population.toml", POPULATION);
    let annual = Years { table: &country.annual, first: FIRST };
    files.write_rows("annual.csv", "year,ratio", annual.rows(&["year", "srb"], "").into_iter());
    let fertility = Years { table: &country.fertility, first: FIRST };
    let rates = fertility.rows(&["year", "age", "asfr"], "");
    files.write_rows("fertility.csv", "year,age,rate", rates.into_iter());
    let by_sex = |name: &str, value: &str, table: &Table, columns: [&str; 2]| {
        let years = Years { table, first: FIRST };
        let rows = columns
            .into_iter()
            .zip(["male,", "female,"])
            .flat_map(|(column, sex)| years.rows(&["year", "age", column], sex));
        files.write_rows(name, &format!("sex,year,age,{value}"), rows);
    };
    by_sex("base.csv", "population", &country.base, ["popM", "popF"]);
    by_sex("mortality.csv", "rate", &country.mortality, ["mxM", "mxF"]);
    by_sex("migration.csv", "persons", &country.migration, ["migM", "migF"]);
    files
}

/// The rows of a table from a year on.
struct Years<'a> {
    table: &'a Table,
    first: i32,
}

impl Years<'_> {
    fn rows(&self, columns: &[&str], prefix: &str) -> Vec<String> {
        let years = self.table.integers("year");
        let columns: Vec<Vec<&str>> =
            columns.iter().map(|column| self.table.text(column)).collect();
        let row = |row: usize| {
            let fields: Vec<&str> = columns.iter().map(|column| column[row]).collect();
            format!("{prefix}{}", fields.join(","))
        };
        (0..years.len()).filter(|at| self.first <= years[*at]).map(row).collect()
    }
}

fn countries(folder: &Path) -> Vec<(String, Country)> {
    let read = |name: &str| Table::read(&folder.join(name)).split("iso3");
    let mut base = read("pop_jan1_base.csv.gz");
    let mut mortality = read("mx1.csv.gz");
    let mut fertility = read("asfr1.csv.gz");
    let mut annual = read("annual.csv");
    let mut migration = read("mig1.csv.gz");
    let mut july = read("pop_july.csv.gz");
    let mut names: Vec<_> = base.keys().cloned().collect();
    names.sort();
    assert_eq!(names.len(), 45);
    let take = |name: String| {
        let of = |tables: &mut HashMap<String, Table>| tables.remove(&name).unwrap();
        let country = Country {
            base: of(&mut base),
            mortality: of(&mut mortality),
            fertility: of(&mut fertility),
            annual: of(&mut annual),
            migration: of(&mut migration),
            july: of(&mut july),
        };
        (name, country)
    };
    names.into_iter().map(take).collect()
}

fn basis(country: &Country) -> DemographicBasis {
    let years = YearRange::new(Year::new(FIRST), YEARS);
    let base = by_year_sex_age(&country.base, years, ["popM", "popF"]);
    let rates = by_year_sex_age(&country.mortality, years, ["mxM", "mxF"]);
    let table = |year: usize, sex: Sex| {
        let m_x = (0..AGES).map(|age| CentralRate::new(rates[[year, sex.index(), age]]).unwrap());
        LifeTable::from_rates(sex, &m_x.collect::<Vec<_>>(), &[None; AGES]).unwrap()
    };
    let mut fertility = Array2::zeros((YEARS, AGES));
    for ((year, age), rate) in country
        .fertility
        .integers("year")
        .into_iter()
        .zip(country.fertility.integers("age"))
        .zip(country.fertility.numbers("asfr"))
    {
        if let Some(at) = years.position(Year::new(year)) {
            fertility[[at, age as usize]] = rate;
        }
    }
    let mut sex_ratio_at_birth = vec![f64::NAN; YEARS];
    for (year, ratio) in
        country.annual.integers("year").into_iter().zip(country.annual.numbers("srb"))
    {
        if let Some(at) = years.position(Year::new(year)) {
            sex_ratio_at_birth[at] = ratio;
        }
    }
    let migration = by_year_sex_age(&country.migration, years, ["migM", "migF"]);
    DemographicBasis {
        years,
        base: base.index_axis(ndarray::Axis(0), 0).mapv(|persons| persons * THOUSAND),
        mortality: (0..YEARS).map(|year| Sex::ALL.map(|sex| table(year, sex))).collect(),
        fertility,
        sex_ratio_at_birth,
        migration: YearGrid::new(migration * THOUSAND),
        migration_timing: MigrationTiming::End,
    }
}

fn by_year_sex_age(table: &Table, years: YearRange, columns: [&str; 2]) -> Array3<f64> {
    let mut grid = Array3::from_elem((years.count(), 2, AGES), f64::NAN);
    let (year, age) = (table.integers("year"), table.integers("age"));
    for (sex, column) in columns.into_iter().enumerate() {
        for (row, value) in table.numbers(column).into_iter().enumerate() {
            if let Some(at) = years.position(Year::new(year[row])) {
                grid[[at, sex, age[row] as usize]] = value;
            }
        }
    }
    grid
}

/// Returns the largest relative difference of the total, and of the single ages summed over sexes, of all years.
fn differences(july: &Table, population: &Population) -> (f64, f64) {
    let published = by_year_sex_age(july, population.years, ["popM", "popF"]) * THOUSAND;
    let (mut most_total, mut most_ages) = (0.0_f64, 0.0_f64);
    for year in 0..population.years.count() {
        let (mut total, mut whole, mut apart) = (0.0, 0.0, 0.0);
        for sex in Sex::ALL {
            for age in 0..AGES {
                let mid = population.mean(year, sex, age);
                let expected = published[[year, sex.index(), age]];
                total += mid;
                whole += expected;
                apart += (mid - expected).abs();
            }
        }
        // A NaN must not pass for agreement.
        assert!(total.is_finite() && 0.0 < whole);
        most_total = most_total.max((total / whole - 1.0).abs());
        most_ages = most_ages.max(apart / whole);
    }
    (most_total, most_ages)
}

/// The compact figures shipped for one country meet the published population of every July to 2100.
///
/// Within 0.3 % of the total and 1.5 % of those aged 65 and over: single ages of the start and the ages of migrants are
/// derived from five-year groups and from a model schedule. The table of the country's own page is printed.
pub(crate) fn the_shipped_country_meets_the_published_population(folder: &Path) {
    let files = CountryFolder::new();
    let shipped =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../assumptions/viet-nam/population.toml");
    let shipped = shipped.canonicalize().unwrap();
    files.write("valuation.toml", &VALUATION.replace("population.toml", shipped.to_str().unwrap()));
    let loaded = files.load();
    let population = perennis_valuation::run(&loaded.model).unwrap().population;
    assert!(population.shortfalls.is_empty());
    identity_holds("VNM", &population);
    let july =
        Table::read(&folder.join("wpp/pop_july.csv.gz")).split("iso3").remove("VNM").unwrap();
    let published = by_year_sex_age(&july, population.years, ["popM", "popF"]) * THOUSAND;
    let (mut most_total, mut most_old) = (0.0_f64, 0.0_f64);
    for (position, year) in population.years.iter().enumerate() {
        let sum = |from: usize| -> (f64, f64) {
            let cells =
                Sex::ALL.into_iter().flat_map(|sex| (from..AGES).map(move |age| (sex, age)));
            cells.fold((0.0, 0.0), |(found, expected), (sex, age)| {
                let mid = population.mean(position, sex, age);
                (found + mid, expected + published[[position, sex.index(), age]])
            })
        };
        let [total, old] = [sum(0), sum(65)].map(|(found, expected)| found / expected - 1.0);
        if year.get() % 10 == 0 || position == 0 {
            println!("| {year} | {:+.2} % | {:+.2} % |", 100.0 * total, 100.0 * old);
        }
        most_total = most_total.max(total.abs());
        most_old = most_old.max(old.abs());
    }
    println!("| most | {:.2} % | {:.2} % |", 100.0 * most_total, 100.0 * most_old);
    assert!(most_total < 0.003 && most_old < 0.015, "{most_total} {most_old}");
}

fn identity_holds(iso3: &str, population: &Population) {
    for year in 0..population.years.count() {
        for sex in Sex::ALL {
            let start = population.persons.total_of(year, sex);
            let change = population.persons.total_of(year + 1, sex) - start;
            let flows = population.births[[year, sex.index()]] - population.deaths_of(year, sex)
                + population.migrants.total_of(year, sex);
            assert!((change - flows).abs() <= 1e-12 * start, "{iso3} {year} {sex:?}");
        }
    }
}
