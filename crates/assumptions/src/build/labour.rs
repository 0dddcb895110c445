use perennis_cohort::YearGrid;
use perennis_labour::{EmploymentGroup, LabourBasis};
use perennis_units::{Sex, YearRange};

use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::{Kind, plain};
use crate::read::by_age::{Below, Wanted};
use crate::read::labour::{Group, Labour};

use super::Frame;

/// Differences that only the rounding of sums explains.
const ROUNDING: f64 = 1e-9;

const PARTICIPATION: Wanted = Wanted {
    column: "share",
    kind: Kind::SHARE.called("a rate of participation"),
    below: Below::Zero,
};
const UNEMPLOYMENT: Wanted = Wanted {
    column: "share",
    kind: Kind::SHARE.called("a rate of unemployment"),
    below: Below::First,
};
const SHARE_OF_EMPLOYED: Wanted =
    Wanted { column: "share", kind: Kind::SHARE, below: Below::First };

/// Ages of a population that could not be read: enough to find the other faults.
const AGES: usize = 101;

/// Builds the basis of work over the years of the valuation, by the single ages of the population.
pub(crate) fn labour(file: &Labour, at: &At<'_>, frame: &Frame) -> Option<LabourBasis> {
    let years = frame.years;
    let ages = frame.population.as_ref().map_or(AGES, |population| population.base.ncols());
    let participation =
        file.participation.read(&at.key("participation"), &PARTICIPATION, years, ages);
    let unemployment = file.unemployment.read(&at.key("unemployment"), &UNEMPLOYMENT, years, ages);
    let groups = groups(file, &at.key("groups"), years, ages);
    Some(LabourBasis {
        participation: participation?,
        unemployment: unemployment?,
        groups: groups?,
        economy: frame.economy.clone()?,
    })
}

fn groups(
    file: &Labour,
    at: &At<'_>,
    years: YearRange,
    ages: usize,
) -> Option<Vec<EmploymentGroup>> {
    if file.groups.is_empty() {
        at.fault(
            Code::MissingKey,
            "there is no group of the employed",
            "add at least one: [groups.all] with informal = false and residual = true",
        );
        return None;
    }
    let before = at.reading().count();
    let mut residual: Option<usize> = None;
    let mut found = Vec::with_capacity(file.groups.len());
    for (position, (name, form)) in file.groups.iter().enumerate() {
        let place = at.key(name);
        let share = match share_of(form, &place) {
            Share::Given => {
                let given = form.share.as_ref()?;
                given.read(&place.key("share"), &SHARE_OF_EMPLOYED, years, ages)
            }
            Share::Residual if residual.is_none() => {
                residual = Some(position);
                Some(YearGrid::zeros(years.count(), ages))
            }
            Share::Residual => {
                place.key("residual").fault(
                    Code::TwoWays,
                    "two groups hold the rest of the employed",
                    "keep residual = true for one group and give the others a share",
                );
                None
            }
            Share::Faulty => None,
        };
        let (name, informal) = (name.clone(), form.informal);
        found.extend(share.map(|share| EmploymentGroup { name, informal, share }));
    }
    if at.reading().count() != before {
        return None;
    }
    close(&mut found, residual, years, at)?;
    Some(found)
}

enum Share {
    Given,
    Residual,
    Faulty,
}

fn share_of(form: &Group, at: &At<'_>) -> Share {
    match (&form.share, form.residual.unwrap_or(false)) {
        (Some(_), false) => Share::Given,
        (None, true) => Share::Residual,
        (None, false) => {
            at.fault(
                Code::NoValues,
                format!("`{}` has no share of the employed", at.path()),
                "give share.by_age or share.all_ages, or residual = true for one group",
            );
            Share::Faulty
        }
        (Some(_), true) => {
            at.fault(
                Code::TwoWays,
                format!("`{}` has a share and is the rest", at.path()),
                "keep one of share and residual",
            );
            Share::Faulty
        }
    }
}

/// Gives the residual group what is left, or checks that nothing is; the first cell that does not fit is the fault.
fn close(
    groups: &mut [EmploymentGroup],
    residual: Option<usize>,
    years: YearRange,
    at: &At<'_>,
) -> Option<()> {
    let ages = groups.first()?.share.ages();
    for year in 0..years.count() {
        for sex in Sex::ALL {
            for age in 0..ages {
                let sum: f64 = groups.iter().map(|group| group.share.get(year, sex, age)).sum();
                let left = 1.0 - sum;
                let fits = match residual {
                    Some(_) => -ROUNDING <= left,
                    None => left.abs() <= ROUNDING,
                };
                if !fits {
                    at.fault(
                        Code::SharesDoNotAdd,
                        format!(
                            "the shares of the groups add up to {} for {} aged {age} in {}",
                            plain(sum),
                            sex.as_str(),
                            years.at(year)
                        ),
                        "shares add up to 1 at every age; residual = true gives one group the rest",
                    );
                    return None;
                }
                if let Some(position) = residual {
                    groups[position].share.set(year, sex, age, left.max(0.0));
                }
            }
        }
    }
    Some(())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::scratch::Folder;

    const VALUATION: &str = r#"
title = "t"
country = "c"
currency = "crown"
start = 2024-01-01
horizon = 3

[files]
population = "population.toml"
labour = "labour.toml"
economy = "economy.toml"
"#;

    const POPULATION: &str = r#"
source = "made up"
base = { file = "base.csv", unit = "persons", date = 2024-01-01 }
mortality = { file = "mortality.csv", unit = "deaths per person-year" }
fertility = { file = "fertility.csv", unit = "births per woman-year" }
sex_ratio_at_birth = { value = 1.05, unit = "boys per girl" }
migration.total = { value = 0, unit = "persons" }
"#;

    pub(crate) const ECONOMY: &str = r#"
source = "made up"
unit = "share a year"
gdp = { value = 5, unit = "million crown", year = 2024 }
productivity = { value = 0.02 }
prices = { values = { 2020 = 0.10, 2024 = 0.05 }, gaps = "hold" }
wages.real = { value = 0.03 }
interest = { value = 0.06 }
"#;

    const LABOUR: &str = r#"
source = "made up"
unit = "share"
participation.by_age = { file = "participation.csv", ages = "five_year" }
unemployment.all_ages = { male = { value = 0.1 }, female = { value = 0.2 } }
groups.formal = { informal = false, share.all_ages = { values = { 2024 = 0.3, 2026 = 0.5 }, gaps = "linear" } }
groups.other = { informal = true, residual = true }
"#;

    const PARTICIPATION: &str =
        "sex,age,share\nmale,15,0.4\nmale,20,0.9\nfemale,15,0.3\nfemale,20,0.7\n";

    /// A folder with a small population, work and an economy.
    pub(crate) fn folder(labour: &str, economy: &str, participation: &str) -> Folder {
        let rows = |columns: &str, row: &dyn Fn(usize) -> String| {
            let rows: Vec<String> = (0..=100).map(row).collect();
            format!("{columns}\n{}\n", rows.join("\n"))
        };
        let base = rows("sex,age,population", &|age| format!("male,{age},1000\nfemale,{age},1000"));
        let mortality = rows("sex,age,rate", &|age| format!("male,{age},0.02\nfemale,{age},0.02"));
        Folder::new(&[
            ("valuation.toml", VALUATION),
            ("population.toml", POPULATION),
            ("base.csv", &base),
            ("mortality.csv", &mortality),
            ("fertility.csv", "age,rate\n25,0.5\n26,0.5\n27,0.5\n"),
            ("labour.toml", labour),
            ("participation.csv", participation),
            ("economy.toml", economy),
        ])
    }

    fn basis(labour: &str) -> LabourBasis {
        let loaded = folder(labour, ECONOMY, PARTICIPATION).load();
        let loaded = loaded.unwrap_or_else(|rejected| panic!("{:?}", rejected.faults));
        loaded.model.labour.unwrap()
    }

    #[test]
    fn the_rate_of_a_group_holds_at_its_ages_and_nobody_takes_part_below_the_first() {
        let basis = basis(LABOUR);
        let rate = |sex, age| basis.participation.get(2, sex, age);
        let men: Vec<f64> = [14, 15, 19, 20, 100].map(|age| rate(Sex::Male, age)).to_vec();
        assert_eq!(men, [0.0, 0.4, 0.4, 0.9, 0.9]);
        assert!((rate(Sex::Female, 17) - 0.3).abs() < 1e-15);
        assert!((basis.unemployment.get(0, Sex::Female, 50) - 0.2).abs() < 1e-15);
    }

    #[test]
    fn the_residual_group_holds_all_who_are_in_no_other() {
        let basis = basis(LABOUR);
        let share = |at: usize, group: usize| basis.groups[group].share.get(at, Sex::Male, 30);
        assert_eq!(basis.groups[1].name, "other");
        assert!((share(0, 1) - 0.7).abs() < 1e-15);
        assert!((share(1, 0) - 0.4).abs() < 1e-15 && (share(2, 1) - 0.5).abs() < 1e-15);
    }

    fn faults(labour: &str) -> Vec<String> {
        folder(labour, ECONOMY, PARTICIPATION).faults("labour")
    }

    #[test]
    fn groups_above_one_or_short_of_one_are_a_fault() {
        let above = LABOUR.replace("2024 = 0.3", "2024 = 0.9").replace(
            "groups.other = { informal = true, residual = true }",
            "groups.other = { informal = true, share.all_ages = { value = 0.2 } }",
        );
        assert_eq!(faults(&above), ["A605 labour.groups 6"]);
        let two = above.replace("value = 0.2 }", "value = 0.15 }");
        assert_eq!(faults(&two), ["A605 labour.groups 6"]);
        let sums = LABOUR.replace("groups.other = { informal = true, residual = true }", "");
        assert_eq!(faults(&sums), ["A605 labour.groups 6"]);
    }

    #[test]
    fn two_residual_groups_and_a_share_typed_as_a_percentage_are_faults() {
        let two = LABOUR.replace(
            "share.all_ages = { values = { 2024 = 0.3, 2026 = 0.5 }, gaps = \"linear\" }",
            "residual = true",
        );
        assert_eq!(faults(&two), ["A403 labour.groups.other.residual 7"]);
        let percent = LABOUR.replace("2024 = 0.3", "2024 = 30");
        assert_eq!(faults(&percent).len(), 1);
        assert!(faults(&percent)[0].starts_with("A301 labour.groups.formal.share.all_ages"));
    }
}
