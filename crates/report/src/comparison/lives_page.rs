//! Model persons, and who gains and who loses: tables of the page.

use perennis_units::Sex;
use perennis_valuation::{ModelFigures, ModelPerson};

use super::lives::{Gain, gains};
use super::run::ComparedRun;
use super::tables::baseline_of;
use super::views::{NONE, own};
use crate::figures::distinct;
use crate::format::{grouped, words};
use crate::view::{GroupView, RowView, TableView};

/// Returns the tables of model persons: replacement by option, then under the baseline amounts, whole lives and rates of
/// return by cohort.
pub(super) fn model_persons_tables(runs: &[ComparedRun]) -> Vec<TableView> {
    let Some(born) = middle_cohort(runs) else { return Vec::new() };
    vec![replacement(runs, born), amounts(runs, born), lives(runs, born), rates_of_return(runs)]
}

/// Returns what each figure of the second table means, for those careers that could not be followed.
pub(super) fn not_followed(runs: &[ComparedRun]) -> Vec<String> {
    let all = own(runs).flat_map(|run| &run.lives.persons);
    let reasons: Vec<&str> =
        distinct(all.filter_map(|person| person.found.as_ref().err().map(String::as_str)));
    let count = |reason: &str| {
        let first = runs.iter().take(1).flat_map(|run| &run.lives.persons);
        first.filter(|one| one.found.as_ref().err().is_some_and(|found| found == reason)).count()
    };
    reasons.into_iter().map(|reason| format!("{} ({reason})", count(reason))).collect()
}

/// Returns the year of birth of the cohort that the page shows: the second youngest of those followed.
pub(super) fn middle_cohort(runs: &[ComparedRun]) -> Option<i32> {
    let mut born: Vec<i32> =
        runs.first()?.lives.persons.iter().map(|person| person.born.get()).collect();
    born.sort_unstable();
    born.dedup();
    born.get(born.len().checked_sub(1)?.saturating_sub(1)).copied()
}

/// A model person of the page: a career in the first group that has it.
fn shown<'a>(
    run: &'a ComparedRun,
    career: &str,
    (sex, born): (Sex, i32),
) -> Option<&'a ModelPerson> {
    run.lives.persons.iter().find(|one| {
        one.career == career && one.sex == sex && one.born.get() == born && one.found.is_ok()
    })
}

fn of<T>(
    run: &ComparedRun,
    career: &str,
    place: (Sex, i32),
    figure: impl Fn(&ModelFigures) -> Option<T>,
) -> Option<T> {
    figure(shown(run, career, place)?.found.as_ref().ok()?)
}

fn careers(runs: &[ComparedRun]) -> Vec<(&str, &str)> {
    let persons = || runs.iter().take(1).flat_map(|run| &run.lives.persons);
    let names = distinct(persons().map(|one| one.career.as_str()));
    let title = |name: &str| persons().find(|one| one.career == name).map(|one| one.title.as_str());
    names.into_iter().map(|name| (name, title(name).unwrap_or_default())).collect()
}

const SEXES: [(Sex, &str); 2] = [(Sex::Male, "Men"), (Sex::Female, "Women")];

fn percent(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |share| grouped(100.0 * share, 0))
}

fn years(value: Option<f64>) -> String {
    value.map_or_else(|| NONE.to_owned(), |years| grouped(years, 1))
}

/// Pension at award over own earnings: a row for each career, a column for each option.
fn replacement(runs: &[ComparedRun], born: i32) -> TableView {
    let careers = careers(runs);
    let group = |(sex, title): (Sex, &str)| {
        let followed = |name: &str| {
            let mut persons = runs.iter().flat_map(|run| &run.lives.persons);
            persons.any(|one| one.career == name && one.sex == sex)
        };
        let careers = careers.iter().filter(|(name, _)| followed(name));
        let rows = careers.map(|(name, _)| RowView {
            label: words(name),
            unit: String::new(),
            cells: own(runs)
                .map(|run| percent(of(run, name, (sex, born), |one| one.replacement)))
                .collect(),
        });
        GroupView { title: title.to_owned(), rows: rows.collect() }
    };
    TableView {
        caption: format!("Born in {born}: pension at award, % of own earnings of a full year"),
        columns: own(runs).map(|run| run.label.label.clone()).collect(),
        groups: SEXES.map(group).into(),
    }
}

/// Ages and amounts under the baseline: a row for each career.
fn amounts(runs: &[ComparedRun], born: i32) -> TableView {
    let has_line = runs.iter().take(1).flat_map(|run| &run.lives.persons).any(|one| {
        one.found.as_ref().is_ok_and(|found| found.over_poverty_line.iter().any(Option::is_some))
    });
    let mut columns = vec![
        "Age at the claim",
        "Years of credit",
        "Pension, % of own earnings",
        "% of average earnings",
        "10 years later",
        "20 years later",
    ];
    if has_line {
        columns.extend(["% of the poverty line", "10 years later", "20 years later"]);
    }
    columns.push("Paid once, years of own earnings");
    let cells = |found: &ModelFigures| {
        let mut cells = vec![
            years(Some(found.claim_age)),
            years(Some(found.credit)),
            percent(found.replacement),
        ];
        cells.extend(found.over_average.map(percent));
        if has_line {
            cells.extend(found.over_poverty_line.map(percent));
        }
        cells.push(years((0.0 < found.grant).then_some(found.grant / found.own_earnings)));
        cells
    };
    of_baseline(runs, born, (&format!("Born in {born}: the baseline"), &columns), cells)
}

/// Contributions against benefits under the baseline: a row for each career.
fn lives(runs: &[ComparedRun], born: i32) -> TableView {
    let columns = [
        "Pension wealth, years of average earnings",
        "Contributions with interest, years of average earnings",
        "Break-even age",
        "Internal rate of return, % a year at constant prices",
        "Net present value, years of average earnings",
        "Lifetime tax, % of insured earnings",
    ];
    let cells = |found: &ModelFigures| {
        let fairness = &found.fairness;
        vec![
            years(Some(found.wealth)),
            years(Some(found.paid_in)),
            years(found.break_even_age),
            rate(fairness.internal_rate_of_return),
            change(fairness.net_present_value),
            rate(fairness.lifetime_tax),
        ]
    };
    let caption = format!("Born in {born}: contributions and benefits over life, the baseline");
    of_baseline(runs, born, (&caption, &columns), cells)
}

/// Returns a share in percent, with one decimal.
fn rate(share: Option<f64>) -> String {
    share.map_or_else(|| NONE.to_owned(), |share| grouped(100.0 * share, 1))
}

/// A row of figures under the baseline for each career, men and women apart.
fn of_baseline(
    runs: &[ComparedRun],
    born: i32,
    (caption, columns): (&str, &[&str]),
    cells: impl Fn(&ModelFigures) -> Vec<String>,
) -> TableView {
    let Some(baseline) = runs.first() else { return TableView::default() };
    let group = |(sex, title): (Sex, &str)| {
        let row = |(name, title): &(&str, &str)| {
            let found = shown(baseline, name, (sex, born))?.found.as_ref().ok()?;
            let (label, unit) = ((*title).to_owned(), String::new());
            Some(RowView { label, unit, cells: cells(found) })
        };
        let rows = careers(runs).iter().filter_map(row).collect();
        GroupView { title: title.to_owned(), rows }
    };
    TableView {
        caption: caption.to_owned(),
        columns: columns.iter().map(|column| (*column).to_owned()).collect(),
        groups: SEXES.map(group).into(),
    }
}

/// What contributions return under the baseline: a row for each class of wages, a column for each year of birth.
fn rates_of_return(runs: &[ComparedRun]) -> TableView {
    let Some(baseline) = runs.first() else { return TableView::default() };
    let persons = || baseline.lives.persons.iter().filter(|one| !one.wage_class.is_empty());
    let mut born: Vec<i32> = persons().map(|one| one.born.get()).collect();
    born.sort_unstable();
    born.dedup();
    let classes = distinct(persons().map(|one| one.career.as_str()));
    let group = |(sex, title): (Sex, &str)| {
        let row = |career: &&str| {
            let class = persons().find(|one| one.career == **career)?.wage_class.as_str();
            let of_year = |born: &i32| {
                rate(of(baseline, career, (sex, *born), |one| one.fairness.internal_rate_of_return))
            };
            let (label, unit) = (format!("{} earnings", in_title(class)), String::new());
            Some(RowView { label, unit, cells: born.iter().map(of_year).collect() })
        };
        GroupView { title: title.to_owned(), rows: classes.iter().filter_map(row).collect() }
    };
    TableView {
        caption:
            "Internal rate of return by year of birth, the baseline, % a year at constant prices"
                .to_owned(),
        columns: born.iter().map(i32::to_string).collect(),
        groups: SEXES.map(group).into(),
    }
}

/// Returns the name of a class as the first word of a label.
fn in_title(class: &str) -> String {
    let class = words(class);
    let mut letters = class.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Returns the tables of who gains and who loses.
pub(super) fn gains_tables(runs: &[ComparedRun]) -> Vec<TableView> {
    let all: Vec<(&str, Vec<Gain>)> = own(runs)
        .filter(|run| !run.label.is_baseline())
        .filter_map(|run| Some((run.label.label.as_str(), gains(run, baseline_of(runs, run)?))))
        .collect();
    let kinds = [
        ("birth_cohort", "By year of birth, from the projection"),
        ("wage_class", "By class of wages, from model careers"),
        ("density_class", "By density of contributions, from model careers"),
        ("group", "By group of insured, from model careers of average earners"),
    ];
    let tables = kinds.iter().map(|(by, caption)| gains_by(&all, by, caption));
    let mut tables: Vec<TableView> = tables.collect();
    tables.push(gainers(&all));
    tables.retain(|table| !table.columns.is_empty() && !table.groups.is_empty());
    tables
}

/// The change a person: a row for each option, a column for each cohort or class.
fn gains_by(all: &[(&str, Vec<Gain>)], by: &str, caption: &str) -> TableView {
    let of_kind = || all.iter().flat_map(|(_, gains)| gains).filter(|gain| gain.by == by);
    let keys = distinct(of_kind().map(|gain| gain.key.as_str()));
    let group = |(sex, title): (Sex, &str)| {
        let cell = |gains: &[Gain], key: &str| {
            let same = gains.iter().filter(|one| one.by == by && one.key == key && one.sex == sex);
            let each: Vec<f64> = same.map(Gain::each).collect();
            let count = f64::from(u32::try_from(each.len()).unwrap_or(u32::MAX));
            match each.is_empty() {
                true => NONE.to_owned(),
                false => change(each.iter().fold(0.0, |sum, one| sum + one) / count),
            }
        };
        let rows = all.iter().map(|(label, gains)| RowView {
            label: (*label).to_owned(),
            unit: String::new(),
            cells: keys.iter().map(|key| cell(gains, key)).collect(),
        });
        GroupView { title: title.to_owned(), rows: rows.collect() }
    };
    let column = |key: &&str| match by {
        "birth_cohort" => key.replace('-', "\u{2013}"),
        _ => words(key),
    };
    TableView {
        caption: format!("{caption}: years of average earnings a person"),
        columns: keys.iter().map(column).collect(),
        groups: SEXES.map(group).into(),
    }
}

/// Persons of the cohorts that gain and that lose, and what they have more or less in all.
fn gainers(all: &[(&str, Vec<Gain>)]) -> TableView {
    let row = |(label, gains): &(&str, Vec<Gain>)| {
        let persons = |verdict: &str| {
            let of =
                gains.iter().filter(|one| one.by == "birth_cohort" && one.verdict() == verdict);
            of.filter_map(|one| one.persons).fold(0.0, |sum, one| sum + one)
        };
        let cell = |verdict: &str| grouped(persons(verdict) / 1e6, 2);
        RowView {
            label: (*label).to_owned(),
            unit: String::new(),
            cells: ["gains", "loses", "unchanged"].map(cell).into(),
        }
    };
    let any = all.iter().flat_map(|(_, gains)| gains).any(|one| one.by == "birth_cohort");
    let rows: Vec<RowView> = all.iter().filter(|_| any).map(row).collect();
    TableView {
        caption: "Persons of the cohorts that gain and that lose, million".into(),
        columns: ["Gain", "Lose", "Unchanged"].map(str::to_owned).into(),
        groups: if rows.is_empty() {
            Vec::new()
        } else {
            vec![GroupView { title: String::new(), rows }]
        },
    }
}

/// Writes a change in years of earnings with its sign.
fn change(years: f64) -> String {
    let text = grouped(years, 2);
    let nothing = !text.bytes().any(|letter| (b'1'..=b'9').contains(&letter));
    match (nothing, years < 0.0) {
        (true, _) => grouped(0.0, 2),
        (false, true) => text,
        (false, false) => format!("+{text}"),
    }
}
