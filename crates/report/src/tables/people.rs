use perennis_units::Sex;
use perennis_valuation::Results;

use super::grid::{Series, grid_table};
use crate::RunRecord;
use crate::csv::CsvWriter;
use crate::table::{Table, TableError};

/// Persons at the start of each year and at the end of the last.
pub(crate) fn population(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let series = [Series { keys: vec![], grids: vec![&results.population.persons] }];
    let columns = &["year", "sex", "age", "population"];
    grid_table("population.csv", columns, results.population.years, &series)
}

/// Births, deaths (those of the newly born included) and net migrants of each year.
pub(crate) fn population_flows(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let population = &results.population;
    let columns = &["year", "sex", "births", "deaths", "net_migrants"];
    let mut csv = CsvWriter::new("population_flows.csv", columns, 2 * population.years.count());
    for (position, year) in population.years.iter().enumerate() {
        for sex in Sex::ALL {
            csv.number(f64::from(year.get()));
            csv.text(sex.as_str());
            csv.number(population.births[[position, sex.index()]]);
            csv.number(population.deaths_of(position, sex));
            csv.number(population.migrants.total_of(position, sex));
            csv.end_row();
        }
    }
    Table::finish("population_flows.csv", csv).map(Some)
}

/// Labour force and unemployed at the start of each year and at the end of the last.
pub(crate) fn labour(results: &Results, _record: &RunRecord) -> Result<Option<Table>, TableError> {
    let Some(labour) = &results.labour else { return Ok(None) };
    let series = [Series { keys: vec![], grids: vec![&labour.labour_force, &labour.unemployed] }];
    let columns = &["year", "sex", "age", "labour_force", "unemployed"];
    grid_table("labour.csv", columns, results.population.years, &series)
}

/// Employed of each group at the start of each year and at the end of the last.
pub(crate) fn employment(
    results: &Results,
    _record: &RunRecord,
) -> Result<Option<Table>, TableError> {
    let Some(labour) = &results.labour else { return Ok(None) };
    let series: Vec<_> = labour
        .employed
        .iter()
        .map(|group| Series { keys: vec![&group.name], grids: vec![&group.persons] })
        .collect();
    let columns = &["year", "group", "sex", "age", "employed"];
    grid_table("employment.csv", columns, results.population.years, &series)
}

/// Paths of output, prices, wages and interest.
pub(crate) fn economy(results: &Results, _record: &RunRecord) -> Result<Option<Table>, TableError> {
    let Some(labour) = &results.labour else { return Ok(None) };
    let economy = &labour.economy;
    let columns = &[
        "year",
        "gdp",
        "government_expenditure",
        "price_index",
        "wage_index",
        "price_growth",
        "wage_growth",
        "interest",
    ];
    let mut csv = CsvWriter::new("economy.csv", columns, economy.gdp.len());
    for (position, gdp) in economy.gdp.iter().enumerate() {
        let government = economy.government_expenditure.as_ref();
        csv.number(f64::from(economy.first.get()) + position as f64);
        csv.number(*gdp);
        csv.number_or_blank(government.map(|path| path[position]));
        csv.number(economy.price_index[position]);
        csv.number(economy.wage_index[position]);
        csv.number(economy.price_growth[position]);
        csv.number(economy.wage_growth[position]);
        csv.number(economy.interest[position]);
        csv.end_row();
    }
    Table::finish("economy.csv", csv).map(Some)
}
