mod base;
mod fertility;
mod migration;
mod mortality;
mod points;

use perennis_demography::{DemographicBasis, LifeTable, MigrationTiming};
use perennis_units::YearRange;

use super::Frame;
use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::Kind;
use crate::read::population::{Population, Timing};

/// Open ages that a population may have.
const OPEN_AGES: std::ops::RangeInclusive<usize> = 100..=130;

/// Builds the population; every fault is reported at its place.
pub(crate) fn population(raw: &Population, at: &At<'_>, frame: &Frame) -> Option<DemographicBasis> {
    let years = frame.years;
    let base = base::read(&raw.base, &at.key("base"), years);
    let open_age = open_age(raw, at, base.as_ref());
    let ages = open_age.unwrap_or(*OPEN_AGES.start()) + 1;
    let mortality = mortality::read(&raw.mortality, &at.key("mortality"), (years, ages - 1));
    let fertility = fertility::read(&raw.fertility, &at.key("fertility"), (years, ages));
    let ratio_at = at.key("sex_ratio_at_birth");
    let ratios = raw.sex_ratio_at_birth.read(&ratio_at, &Kind::SEX_RATIO, years);
    let tables = mortality.as_deref().and_then(|tables| tables.first());
    let migration = migration::read(&raw.migration, &at.key("migration"), (years, ages), tables);
    let base = base.zip(tables).and_then(|(base, tables)| base.grid(&at.key("base"), tables));
    let migration_timing = match raw.migration_timing {
        Some(Timing::End) => MigrationTiming::End,
        Some(Timing::Even) => MigrationTiming::Even,
        None => {
            at.key("migration_timing")
                .defaulted("migrants cross the border at the end of the year");
            MigrationTiming::End
        }
    };
    open_age?;
    let ratios = ratios?;
    Some(DemographicBasis {
        years,
        base: base?,
        fertility: fertility?,
        sex_ratio_at_birth: years.iter().map(|year| ratios.at(year)).collect(),
        migration: migration?,
        migration_timing,
        mortality: mortality?,
    })
}

fn open_age(raw: &Population, at: &At<'_>, base: Option<&base::Base>) -> Option<usize> {
    let given = raw.open_age.map(usize::from);
    if let Some(given) = given.filter(|age| !OPEN_AGES.contains(age)) {
        at.key("open_age").fault(
            Code::OutOfBounds,
            format!("an open age of {given} is outside 100 to 130"),
            "leave it out, or give 100 to 130",
        );
        return None;
    }
    let of_base = base.and_then(base::Base::last_single_age).unwrap_or(0);
    Some(given.unwrap_or_else(|| of_base.max(*OPEN_AGES.start())))
}

/// The life tables of one year: male, female.
type Tables = [LifeTable; 2];

/// The years of the valuation and a number of ages or the open age.
type Extent = (YearRange, usize);

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use perennis_demography::project;
    use perennis_units::Sex;

    use crate::scratch::Folder;

    const VALUATION: &str = r#"
title = "T"
country = "C"
currency = "crown"
start = 2030-01-01
horizon = 3
[files]
population = "population.toml"
"#;
    const POPULATION: &str = "source = \"S\"
[base]
file = \"base.csv\"
unit = \"persons\"
ages = \"five_year\"
date = 2030-01-01
[mortality]
file = \"mortality.csv\"
unit = \"deaths per person-year\"
ages = \"abridged\"
[fertility]
file = \"fertility.csv\"
unit = \"births per woman-year\"
ages = \"five_year\"
[sex_ratio_at_birth]
value = 1.05
unit = \"boys per girl\"
[migration.total]
value = -10
unit = \"persons\"
";

    const TOTAL: &str = r#"
[fertility.total]
value = 2.5
unit = "children per woman"
[fertility.mean_age]
value = 26.2
unit = "years"
[sex_ratio"#;

    /// Files of a small nation: five-year ages to 80, abridged rates to 85, one table for all years.
    fn files() -> Vec<(&'static str, String)> {
        let (mut base, mut rates) =
            (String::from("sex,age,population\n"), String::from("sex,age,rate\n"));
        for sex in ["male", "female"] {
            for age in (0..=80).step_by(5) {
                writeln!(base, "{sex},{age},{}", 1000 - 10 * age).unwrap();
            }
            for age in [0, 1].into_iter().chain((5..=85).step_by(5)) {
                let rate = if age == 0 { 0.01 } else { 1e-4 * (0.085 * f64::from(age)).exp() };
                writeln!(rates, "{sex},{age},{rate}").unwrap();
            }
        }
        let fertility = "age,rate\n15,0.02\n20,0.1\n25,0.15\n30,0.1\n35,0.04\n40,0.01\n".to_owned();
        vec![
            ("valuation.toml", VALUATION.to_owned()),
            ("population.toml", POPULATION.to_owned()),
            ("base.csv", base),
            ("mortality.csv", rates),
            ("fertility.csv", fertility),
        ]
    }

    /// Changes one text in one file and loads the folder.
    fn changed(name: &str, from: &str, to: &str) -> Folder {
        let mut files = files();
        let text = &mut files.iter_mut().find(|file| file.0 == name).unwrap().1;
        assert!(text.contains(from), "{name} does not hold {from}");
        *text = text.replacen(from, to, 1);
        folder(&files)
    }

    fn folder(files: &[(&str, String)]) -> Folder {
        Folder::new(&files.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>())
    }

    #[track_caller]
    fn gives(folder: &Folder, expected: &[&str]) {
        assert_eq!(folder.faults("population"), expected);
    }

    #[test]
    fn compact_figures_alone_make_a_population_and_say_what_was_derived() {
        let loaded = folder(&files()).load().unwrap();
        let basis = &loaded.model.demography;
        assert_eq!(basis.base.dim(), (2, 101));
        let total: f64 = basis.base.iter().sum();
        assert!((total - 2.0 * (17.0 * 1000.0 - 50.0 * 136.0)).abs() < 1e-6);
        assert!((basis.fertility.row(0).sum() - 5.0 * 0.42).abs() < 1e-12);
        assert!((basis.migration.total(1) + 10.0).abs() < 1e-9);
        let population = project(basis).unwrap();
        assert!(population.persons.values().iter().all(|persons| persons.is_finite()));
        let derived: Vec<&str> = loaded.notes.iter().map(|note| note.path.as_str()).collect();
        for path in [
            "population.base",
            "population.mortality",
            "population.fertility",
            "population.migration",
        ] {
            assert!(derived.contains(&path), "{path} is not among {derived:?}");
        }
    }

    #[test]
    fn a_life_expectancy_target_is_met_for_each_sex() {
        let target = r#"
[mortality.life_expectancy]
unit = "years"
male = { value = 70 }
female = { value = 76.5 }
[fertility]"#;
        let loaded = changed("population.toml", "[fertility]", target).load().unwrap();
        for (sex, years) in [(Sex::Male, 70.0), (Sex::Female, 76.5)] {
            let found = loaded.model.demography.mortality[2][sex.index()].life_expectancy(0);
            assert!((found - years).abs() < 1e-9);
        }
    }

    #[test]
    fn the_start_of_the_base_table_must_be_that_of_the_valuation() {
        gives(
            &changed("population.toml", "date = 2030-01-01", "date = 2029-01-01"),
            &["A603 population.base.date 6"],
        );
        gives(&changed("population.toml", "date = 2030-01-01", ""), &["A104 population.base 2"]);
        let mut other = files();
        other[1].1 = other[1].1.replacen("date = 2030-01-01\n", "", 1);
        other[2].1 = other[2].1.replace(",age", ",year,age").replace("male,", "male,2029,");
        gives(&folder(&other), &["A603 population.base 1"]);
    }

    #[test]
    fn impossible_people_and_rates_are_faults_at_their_cell() {
        gives(&changed("base.csv", "male,5,950", "male,5,-950"), &["A303 population.base.file 3"]);
        gives(
            &changed("mortality.csv", "rate\nmale,0,0.01", "rate\nmale,0,NaN"),
            &["A106 population.mortality.file 2"],
        );
        gives(
            &changed("mortality.csv", "rate\nmale,0,0.01", "rate\nmale,0,10"),
            &["A302 population.mortality.file 2"],
        );
        gives(&changed("fertility.csv", "20,0.1", "20,100"), &["A302 population.fertility.file 3"]);
    }

    #[test]
    fn five_year_death_rates_without_infants_are_refused() {
        let mut files = files();
        files[1].1 = files[1].1.replacen("abridged", "five_year", 1);
        files[3].1 = files[3].1.replace("female,1,", "no").replace("male,1,", "no");
        let rows = files[3].1.lines().filter(|line| !line.contains("no"));
        files[3].1 = rows.map(|line| format!("{line}\n")).collect();
        gives(&folder(&files), &["A305 population.mortality 1"]);
    }

    #[test]
    fn rates_per_thousand_without_their_unit_are_a_fault() {
        let mut files = files();
        files[3].1 = String::from("sex,age,rate\n");
        for sex in ["male", "female"] {
            for age in [0, 1].into_iter().chain((5..=85).step_by(5)) {
                writeln!(files[3].1, "{sex},{age},0.4").unwrap();
            }
        }
        gives(&folder(&files), &["A302 population.mortality 1"]);
    }

    #[test]
    fn probabilities_of_death_serve_by_single_age_to_the_end_of_life() {
        let mut files = files();
        files[1].1 =
            files[1].1.replace("deaths per person-year\"\nages = \"abridged\"", "probability\"");
        let table = |last: u32, end: f64| {
            let mut text = String::from("sex,age,qx\n");
            for sex in ["male", "female"] {
                for age in 0..last {
                    let q_x = (1e-4 * (0.085 * f64::from(age)).exp()).min(0.9);
                    writeln!(text, "{sex},{age},{q_x}").unwrap();
                }
                writeln!(text, "{sex},{last},{end}").unwrap();
            }
            text
        };
        files[3].1 = table(115, 1.0);
        let loaded = folder(&files).load().unwrap();
        let table_of_year = &loaded.model.demography.mortality[0][0];
        assert_eq!(table_of_year.open_age(), 100);
        assert!((table_of_year.death_probability(50) - 1e-4 * 4.25_f64.exp()).abs() < 1e-12);
        files[3].1 = table(115, 0.9);
        gives(&folder(&files), &["A609 population.mortality 1"]);
        files[3].1 = table(100, 1.0);
        gives(&folder(&files), &["A510 population.mortality 1"]);
        files[3].1 = table(115, 1.0).replacen("male,3,", "male,3,1", 1);
        assert_eq!(folder(&files).faults("population").len(), 1);
    }

    #[test]
    fn mothers_ages_may_be_left_out_at_the_ends_and_not_between() {
        gives(&changed("fertility.csv", "25,0.15\n", ""), &["A510 population.fertility 1"]);
        let mut few = files();
        few[4].1 = few[4].1.replacen("40,0.01", "40,0.0001\n50,0.00001", 1);
        assert!(folder(&few).load().is_ok());
        let loaded = changed("fertility.csv", "15,0.02\n", "").load().unwrap();
        assert!(loaded.model.demography.fertility[[0, 17]].abs() < 1e-300);
        gives(&changed("fertility.csv", "15,0.02", "17,0.02"), &["A305 population.fertility 2"]);
    }

    #[test]
    fn a_distribution_needs_its_total_and_adds_up() {
        let mut files = files();
        files[1].1 = files[1].1.replacen("births per woman-year", "share", 1);
        files[4].1 = "age,share\n20,0.5\n25,0.3\n30,0.2\n".to_owned();
        gives(&folder(&files), &["A104 population.fertility 11"]);
        files[1].1 = files[1].1.replacen("[sex_ratio", TOTAL, 1);
        let loaded = folder(&files).load().unwrap();
        let rates = loaded.model.demography.fertility.row(1).to_vec();
        assert!((rates.iter().sum::<f64>() - 2.5).abs() < 1e-12);
        files[4].1 = "age,share\n20,0.5\n25,0.3\n30,0.1\n".to_owned();
        gives(&folder(&files), &["A605 population.fertility 1"]);
    }

    #[test]
    fn periods_say_how_they_run_and_follow_each_other() {
        let mut files = files();
        let body = files[3].1.split_once('\n').unwrap().1.to_owned();
        let rows = |period: &str| {
            body.lines().map(|line| format!("{period},{line}\n")).collect::<String>()
        };
        files[3].1 = format!("period,sex,age,rate\n{}{}", rows("2025-2030"), rows("2030-2035"));
        gives(&folder(&files), &["A104 population.mortality.file 8"]);
        files[1].1 = files[1].1.replacen("[fertility]", "periods = \"mid_year\"\n[fertility]", 1);
        assert!(folder(&files).load().is_ok());
        files[3].1 = format!("period,sex,age,rate\n{}{}", rows("2025-2030"), rows("2035-2040"));
        gives(&folder(&files), &["A402 population.mortality.file 8"]);
        files[3].1 = format!("period,sex,age,rate\n{}", rows("2031-2036"));
        gives(&folder(&files), &["A404 population.mortality.file 8"]);
    }

    #[test]
    fn migrants_by_single_age_reach_the_open_age() {
        let mut files = files();
        files[1].1 = files[1].1.replacen(
            "[migration.total]\nvalue = -10",
            "[migration.by_age]\nfile = \"migration.csv\"",
            1,
        );
        let table = |last: u32| {
            let mut text = String::from("sex,age,persons\n");
            for sex in ["male", "female"] {
                (0..=last).for_each(|age| writeln!(text, "{sex},{age},{}", 0.5).unwrap());
            }
            text
        };
        files.push(("migration.csv", table(102)));
        let loaded = folder(&files).load().unwrap();
        assert!((loaded.model.demography.migration.get(0, Sex::Male, 100) - 1.5).abs() < 1e-12);
        files[5].1 = table(60);
        gives(&folder(&files), &["A510 population.migration.by_age 1"]);
    }

    #[test]
    fn an_open_age_beyond_the_tables_is_reached_by_graduation() {
        let loaded = changed("population.toml", "[base]", "open_age = 110\n[base]").load().unwrap();
        assert_eq!(loaded.model.demography.base.ncols(), 111);
        gives(
            &changed("population.toml", "[base]", "open_age = 90\n[base]"),
            &["A302 population.open_age 2"],
        );
    }
}
