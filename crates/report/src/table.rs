use perennis_valuation::Results;
use rayon::prelude::*;
use thiserror::Error;

use crate::csv::CsvWriter;
use crate::{RunRecord, tables as content};

/// A table of the result folder, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// File name, with its ending.
    pub file: &'static str,
    /// Number of rows, the header not counted.
    pub rows: usize,
    /// The CSV, UTF-8.
    pub bytes: Vec<u8>,
}

/// A number that no table may hold; a fault of the program, not of the assumptions.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{file}, row {row}: `{column}` is not a finite number")]
pub struct TableError {
    /// The table.
    pub file: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row, the first after the header being 1.
    pub row: usize,
}

impl Table {
    /// Takes what was written.
    pub(crate) fn finish(file: &'static str, csv: CsvWriter) -> Result<Self, TableError> {
        let (bytes, rows) = csv.finish()?;
        Ok(Self { file, rows, bytes })
    }
}

/// How a table is made; `None` when the run has no such stage.
pub(crate) type Maker = fn(&Results, &RunRecord) -> Result<Option<Table>, TableError>;

/// The tables in the order of the manifest.
pub(crate) const MAKERS: [Maker; 22] = [
    content::population,
    content::population_flows,
    content::labour,
    content::employment,
    content::economy,
    content::insured,
    content::insured_flows,
    content::insured_classes,
    content::service_bank,
    content::pensionable_ages,
    content::law_indicators,
    content::contributors,
    content::contributions,
    content::contributions_by_account,
    content::beneficiaries,
    content::health_insured,
    content::health_services,
    content::accounts,
    content::indicators,
    content::financing,
    content::base_year,
    content::assumptions,
];

/// Writes every table of the stages that ran, in a fixed order whatever the number of threads.
///
/// # Errors
///
/// [`TableError`] for the first number that is not finite.
pub fn tables(results: &Results, record: &RunRecord) -> Result<Vec<Table>, TableError> {
    let made: Vec<_> = MAKERS.par_iter().map(|make| make(results, record)).collect();
    made.into_iter().filter_map(Result::transpose).collect()
}

#[cfg(test)]
mod tests {
    use perennis_units::Sex;

    use super::*;
    use crate::sample;

    fn written(results: &Results) -> Vec<Table> {
        tables(results, &sample::record()).unwrap()
    }

    fn lines<'a>(tables: &'a [Table], file: &str) -> Vec<&'a str> {
        let table = tables.iter().find(|table| table.file == file).unwrap();
        let lines: Vec<&str> = std::str::from_utf8(&table.bytes).unwrap().lines().collect();
        assert_eq!(lines.len(), table.rows + 1, "{file}");
        lines
    }

    #[test]
    fn the_columns_are_those_that_other_programs_read() {
        let tables = written(&sample::nation(3));
        let headers = [
            ("population.csv", "year,sex,age,population"),
            ("population_flows.csv", "year,sex,births,deaths,net_migrants"),
            ("labour.csv", "year,sex,age,labour_force,unemployed"),
            ("employment.csv", "year,group,sex,age,employed"),
            (
                "contributors.csv",
                "year,scheme,group,sex,age,contributors,contributors_any,months_paid,insured_earnings",
            ),
            (
                "contributions.csv",
                "year,scheme,payer,due,collected,undeclared,collected_current,collected_late,interest_on_late,\
                 written_off,arrears_start,arrears_end",
            ),
            (
                "beneficiaries.csv",
                "year,scheme,benefit,sex,age,beneficiaries,new_awards,terminations,new_award_amount,amount",
            ),
            ("accounts.csv", "year,account,item,payer,amount"),
            ("indicators.csv", "year,scope,indicator,value,unit"),
            ("financing.csv", "scope,measure,value,unit"),
        ];
        for (file, header) in headers {
            assert_eq!(lines(&tables, file)[0], header);
        }
    }

    #[test]
    fn every_row_has_a_field_for_each_column() {
        // Commas between an odd and an even quote belong to a field.
        let fields = |line: &str| {
            let outside = line.split('"').step_by(2);
            1 + outside.map(|part| part.matches(',').count()).sum::<usize>()
        };
        for table in written(&sample::nation(3)) {
            let text = std::str::from_utf8(&table.bytes).unwrap();
            let width = fields(text.lines().next().unwrap());
            assert!(1 < text.lines().count(), "{}", table.file);
            for line in text.lines() {
                assert_eq!(fields(line), width, "{}: {line}", table.file);
            }
        }
    }

    #[test]
    fn a_group_has_rows_only_at_ages_at_which_it_has_persons() {
        let tables = written(&sample::nation(3));
        let insured = lines(&tables, "insured.csv");
        assert_eq!(insured.len(), 2, "the header and the one cell with persons");
        assert!(insured[1].starts_with("2030,general,private,male,40,12.5,"), "{}", insured[1]);
        assert_eq!(lines(&tables, "population.csv").len(), 1 + 4 * 2 * 101);
    }

    #[test]
    fn stocks_end_one_year_after_the_flows() {
        let tables = written(&sample::nation(3));
        let years = |file: &str| {
            let mut years: Vec<String> =
                lines(&tables, file)[1..].iter().map(|line| line[..4].to_owned()).collect();
            years.dedup();
            years
        };
        assert_eq!(years("population.csv"), ["2030", "2031", "2032", "2033"]);
        assert_eq!(years("employment.csv"), ["2030", "2031", "2032", "2033"]);
        assert_eq!(years("population_flows.csv"), ["2030", "2031", "2032"]);
        assert_eq!(years("contributors.csv"), ["2030", "2031", "2032"]);
        assert_eq!(years("accounts.csv"), ["2030", "2031", "2032"]);
    }

    #[test]
    fn the_flows_of_the_tables_explain_their_stocks() {
        let results = sample::nation(3);
        let tables = written(&results);
        let number = |line: &str, field: usize| -> f64 {
            line.split(',').nth(field).unwrap().parse().unwrap()
        };
        let stock = |year: &str, sex: Sex| -> f64 {
            let rows = lines(&tables, "population.csv");
            let start = format!("{year},{},", sex.as_str());
            rows.iter().filter(|row| row.starts_with(&start)).map(|row| number(row, 3)).sum()
        };
        for sex in Sex::ALL {
            let rows = lines(&tables, "population_flows.csv");
            let row = rows
                .iter()
                .find(|row| row.starts_with(&format!("2031,{},", sex.as_str())))
                .unwrap();
            let change = number(row, 2) - number(row, 3) + number(row, 4);
            // Sums of a hundred numbers of a million: a few units in the last place.
            assert!((stock("2032", sex) - stock("2031", sex) - change).abs() < 1e-6);
        }
    }

    #[test]
    fn the_reserve_of_the_table_rolls_forward() {
        let tables = written(&sample::nation(5));
        let amount = |year: &str, item: &str| -> f64 {
            let start = format!("{year},pension_fund,{item},,");
            let rows = lines(&tables, "accounts.csv");
            let row = rows.iter().find(|row| row.starts_with(&start)).unwrap();
            row.rsplit(',').next().unwrap().parse().unwrap()
        };
        assert_eq!(
            amount("2031", "reserve_start").to_bits(),
            amount("2030", "reserve_end").to_bits()
        );
        assert!(0.0 < amount("2031", "benefit:old_age"));
    }

    #[test]
    fn an_account_of_the_state_budget_has_no_reserve_rows() {
        let tables = written(&sample::nation(3));
        let rows = lines(&tables, "accounts.csv");
        assert!(rows.iter().any(|row| row.contains(",state_pensions,benefit:old_age,")));
        assert!(!rows.iter().any(|row| row.contains(",state_pensions,reserve_")));
    }

    #[test]
    fn only_the_tables_of_stages_that_ran_are_written() {
        let files: Vec<&str> =
            written(&sample::people_alone(3)).iter().map(|table| table.file).collect();
        let expected =
            ["population.csv", "population_flows.csv", "indicators.csv", "assumptions.csv"];
        assert_eq!(files, expected);
    }

    #[test]
    fn the_number_of_threads_changes_no_byte() {
        let results = sample::nation(10);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| written(&results))
        };
        assert!(with(1) == with(4));
    }

    #[test]
    fn a_number_that_is_not_finite_stops_the_tables() {
        let mut results = sample::people_alone(3);
        results.population.persons.set(1, Sex::Female, 0, f64::NAN);
        let error = tables(&results, &sample::record()).unwrap_err();
        // Two sexes of 101 ages in the first year, the men of the second, then the first girl.
        assert_eq!((error.file, error.column, error.row), ("population.csv", "population", 304));
    }
}
