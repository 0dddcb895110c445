//! Labour force estimates of the ILO: the labour force is population times participation.

use std::path::Path;

use ndarray::{Array2, Array3};
use perennis_cohort::YearGrid;
use perennis_demography::Population;
use perennis_labour::{EconomyBasis, EmploymentGroup, LabourBasis, WageGrowth, project};
use perennis_tests::Table;
use perennis_units::{Growth, Money, Path as Years, Sex, Year, YearRange};

/// Every country and year of the estimates, with a cell for each age group.
pub(crate) fn labour_force_is_population_times_participation(folder: &Path) {
    let table = Table::read(&folder.join("labour/eapep_6th_edition.csv.gz"));
    let mut cells = 0;
    for (country, rows) in table.split("iso3") {
        for (year, rows) in rows.split("year") {
            cells += compare(&format!("{country} {year}"), &rows);
        }
    }
    assert!(10_000 < cells, "only {cells} cells were compared");
}

fn compare(name: &str, rows: &Table) -> usize {
    let sexes = [["mpop", "mlf", "mpr"], ["fpop", "flf", "fpr"]]
        .map(|columns| columns.map(|column| rows.numbers(column)));
    let groups = rows.text("age_group");
    let single = |at: &usize| !groups[*at].starts_with("total") && sexes[0][2][*at].is_finite();
    let kept: Vec<usize> = (0..groups.len()).filter(single).collect();
    if kept.is_empty() {
        return 0;
    }
    let of = |sex: usize, column: usize, group: usize| sexes[sex][column][kept[group]];
    let shape = (1, 2, kept.len());
    let participation =
        YearGrid::new(Array3::from_shape_fn(shape, |(_, sex, group)| of(sex, 2, group) / 100.0));
    let persons = Array3::from_shape_fn((2, 2, kept.len()), |(_, sex, group)| of(sex, 0, group));
    let labour = project(&basis(participation), &population(persons)).unwrap();
    for sex in Sex::ALL {
        for group in 0..kept.len() {
            let found = labour.labour_force.get(0, sex, group);
            let expected = of(sex.index(), 1, group);
            // Rates are printed to 0.0001 of a point and hold within 0.001; the force to six figures.
            let tolerance = 1e-5 * of(sex.index(), 0, group) + 1e-5 * expected;
            let cell = groups[kept[group]];
            assert!(
                (found - expected).abs() <= tolerance,
                "{name} {} {cell}: {found} against {expected}",
                sex.as_str()
            );
        }
    }
    2 * kept.len()
}

fn basis(participation: YearGrid) -> LabourBasis {
    let (years, ages) = (participation.years(), participation.ages());
    let mut all = YearGrid::zeros(years, ages);
    all.values_mut().fill(1.0);
    let none = Years::constant(Growth::ZERO);
    LabourBasis {
        participation,
        unemployment: YearGrid::zeros(years, ages),
        groups: vec![EmploymentGroup { name: "all".into(), informal: false, share: all }],
        economy: EconomyBasis {
            gdp: Money::new(1.0).unwrap(),
            gdp_year: Year::new(2000),
            productivity: none.clone(),
            prices: none.clone(),
            wages: WageGrowth::Nominal(none.clone()),
            interest: none,
            wage_share: None,
            government_expenditure: None,
        },
    }
}

fn population(persons: Array3<f64>) -> Population {
    let ages = persons.len_of(ndarray::Axis(2));
    Population {
        years: YearRange::new(Year::new(2000), 1),
        persons: YearGrid::new(persons),
        births: Array2::zeros((1, 2)),
        deaths: YearGrid::zeros(1, ages),
        infant_deaths: Array2::zeros((1, 2)),
        migrants: YearGrid::zeros(1, ages),
        mortality: Vec::new(),
        shortfalls: Vec::new(),
    }
}
