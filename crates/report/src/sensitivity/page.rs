use minijinja::value::Serde;
use serde::Serialize;

use super::text::{KINDS, cell, has, label, moves, reverse_words};
use super::{Compared, SensitivityResult, SensitivityRun, accounts_of, by_width, compared};
use crate::charts::{Series, TornadoBar, TornadoRow};
use crate::comparison::signed;
use crate::format::{Quantity, Scale, identifier, words};
use crate::html::render;
use crate::view::{GroupView, Heading, Picture, RowView, TableView};
use crate::{HtmlError, RunRecord};

/// Rows of a tornado; the others stand in the table.
const ROWS: usize = 14;
/// Changes of a rate below this are not drawn.
const NOTHING: f64 = 5e-5;

#[derive(Serialize)]
struct Page<'a> {
    title: &'a str,
    country: &'a str,
    first_year: i32,
    last_year: i32,
    version: &'a str,
    options: &'a [(String, String)],
    style: &'static str,
    script: &'static str,
    count: usize,
    accounts: Vec<AccountView>,
    reverse: Vec<String>,
    runs: Vec<RunView<'a>>,
    not_run: &'a [super::NotRun],
}

impl Serialize for super::NotRun {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.name, &self.title, &self.why).serialize(serializer)
    }
}

#[derive(Serialize)]
struct AccountView {
    name: String,
    tornados: Vec<Picture>,
    table: TableView,
    together: Option<TableView>,
    paths: Vec<Picture>,
}

#[derive(Serialize)]
struct RunView<'a> {
    title: &'a str,
    alternative: &'a str,
    changes: &'a [String],
    source: &'a str,
    limited: usize,
}

/// Returns the page as one HTML file that needs no other file and no network.
pub(super) fn page(result: &SensitivityResult, record: &RunRecord) -> Result<String, HtmlError> {
    let baseline = &result.baseline;
    let page = Page {
        title: &baseline.title.title,
        country: &baseline.title.country,
        first_year: baseline.years.first().get(),
        last_year: baseline.years.last().get(),
        version: &record.version,
        options: &record.options,
        style: include_str!("../templates/style.css"),
        script: include_str!("../templates/charts.js"),
        count: result.runs.len(),
        accounts: accounts_of(result).iter().map(|name| account(result, name)).collect(),
        reverse: result.reverse.iter().map(reverse_words).collect(),
        runs: result.runs.iter().map(run_view).collect(),
        not_run: &result.not_run,
    };
    render("sensitivity.html", Serde(page))
}

fn run_view(run: &SensitivityRun) -> RunView<'_> {
    let (title, alternative) = if run.side.is_empty() {
        (run.name.as_str(), run.title.as_str())
    } else {
        (run.title.as_str(), run.alternative.as_str())
    };
    RunView { title, alternative, changes: &run.changes, source: &run.source, limited: run.limited }
}

fn account(result: &SensitivityResult, name: &str) -> AccountView {
    let figures = compared(&result.baseline);
    let shown: Vec<&Compared> =
        figures.iter().filter(|one| one.is_year || has(result, one, name)).collect();
    let rates = shown.iter().filter(|one| !one.is_year && one.unit.ends_with("earnings"));
    let tornados = rates.filter_map(|figure| tornado(result, (name, figure)));
    let first = shown.first().copied();
    let table = |(caption, kinds): (&str, &[&str])| {
        let groups = first.map(|first| by_width(result, (name, first), kinds)).unwrap_or_default();
        table(result, (name, &shown), &groups, caption)
    };
    let together = table(KINDS[1]);
    AccountView {
        name: words(name),
        tornados: tornados.collect(),
        table: table(KINDS[0]),
        together: (1 < together.groups.len()).then_some(together),
        paths: paths(result, name),
    }
}

fn tornado(result: &SensitivityResult, (account, figure): (&str, &Compared)) -> Option<Picture> {
    let base = (figure.value)(&result.baseline, account)?;
    let scale = Scale::of(Quantity::Share, "", [base].into_iter()).with_decimals(2);
    let bars = |group: Vec<&SensitivityRun>| {
        let bar = |run: &&SensitivityRun| {
            let value = (figure.value)(&run.run, account)?;
            let text = signed(&scale, value - base);
            Some((
                TornadoBar { to: 100.0 * value, text, up: run.side == "up" },
                (value - base).abs(),
            ))
        };
        let bars: Vec<(TornadoBar, f64)> = group.iter().filter_map(bar).collect();
        let widest = bars.iter().map(|(_, wide)| *wide).fold(0.0, f64::max);
        let sides: Vec<&str> = group.iter().map(|run| run.alternative.as_str()).collect();
        let label = format!("{}: {}", group[0].title, sides.join(" / "));
        let bars = bars.into_iter().map(|(bar, _)| bar).collect();
        (NOTHING < widest).then_some(TornadoRow { label, bars })
    };
    let groups = by_width(result, (account, figure), &["shift"]);
    let rows: Vec<TornadoRow> = groups.into_iter().filter_map(bars).take(ROWS).collect();
    if rows.is_empty() {
        return None;
    }
    let title = format!("{}: {}", words(account), figure.heading);
    let id = format!("tornado-{}-{}", identifier(account), identifier(&figure.heading));
    let heading = Heading { id, title: &title, unit: figure.unit, decimals: scale.decimals() };
    Some(Picture::tornado(
        heading,
        rows,
        (100.0 * base, format!("Baseline {}", scale.number(base))),
    ))
}

fn table(
    result: &SensitivityResult,
    (account, figures): (&str, &[&Compared]),
    groups: &[Vec<&SensitivityRun>],
    caption: &str,
) -> TableView {
    let cells = |run, below| -> Vec<String> {
        figures.iter().map(|figure| cell(figure, (run, below), account)).collect()
    };
    let row = |label: String, cells: Vec<String>| RowView { label, unit: String::new(), cells };
    let baseline = row("Baseline".into(), cells(&result.baseline, None));
    let (moved, still): (Vec<&SensitivityRun>, Vec<&SensitivityRun>) = groups
        .iter()
        .flatten()
        .partition(|run| moves(figures, (&run.run, &result.baseline), account));
    let changes = moved.into_iter();
    let changes = changes.map(|run| row(label(run), cells(&run.run, Some(&result.baseline))));
    let changes: Vec<RowView> = changes.collect();
    let mut views = vec![GroupView { title: String::new(), rows: vec![baseline] }];
    if !changes.is_empty() {
        let title = "Change against the baseline; of the reserve exhausted the year".to_owned();
        views.push(GroupView { title, rows: changes });
    }
    if !still.is_empty() {
        let names: Vec<String> = still.into_iter().map(label).collect();
        let title = format!("Without a change here: {}", names.join("; "));
        views.push(GroupView { title, rows: Vec::new() });
    }
    let heading = |figure: &&Compared| match figure.is_year {
        true => figure.heading.clone(),
        false => format!("{}, {}", figure.heading, figure.unit),
    };
    TableView {
        caption: format!("{}: {caption}", words(account)),
        columns: figures.iter().map(heading).collect(),
        groups: views,
    }
}

/// Draws rates and reserves of sets and shocks over the years.
fn paths(result: &SensitivityResult, account: &str) -> Vec<Picture> {
    let wanted = [
        ("payg_rate", "Pay-as-you-go rate", "% of insured earnings"),
        ("reserve_over_gdp", "Reserve at the end of the year", "% of GDP"),
    ];
    let years: Vec<i32> = result.baseline.years.iter().map(perennis_units::Year::get).collect();
    let together = ["set", "scenario", "shock"];
    let drawn = wanted.into_iter().filter_map(|(indicator, what, unit)| {
        let values = |run: &crate::ComparedRun| -> Option<Vec<Option<f64>>> {
            let path = run.path(account, indicator)?;
            Some(path.values.iter().map(|value| value.map(|value| 100.0 * value)).collect())
        };
        let mut lines = vec![("Baseline".to_owned(), values(&result.baseline)?)];
        let runs = result.runs.iter().filter(|run| together.contains(&run.kind));
        lines.extend(runs.filter_map(|run| Some((label(run), values(&run.run)?))));
        if lines.len() < 2 {
            return None;
        }
        let series = lines.into_iter().enumerate();
        let series = series.map(|(at, (name, values))| (at, Series { name, values })).collect();
        let title = format!("{}: {what}, sets and shocks", words(account));
        let id = format!("together-{}-{indicator}", identifier(account));
        let heading = Heading { id, title: &title, unit, decimals: 2 };
        Picture::styled_lines(years.clone(), heading, series)
    });
    drawn.collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::result;
    use super::*;

    #[test]
    fn the_page_draws_a_tornado_in_both_sizes_and_lets_no_markup_in() {
        let page = page(&result(), &RunRecord::default()).unwrap();
        assert!(page.contains("<svg ") && page.contains("coverage &lt;title&gt;"));
        assert!(!page.contains("coverage <title>") && !page.contains("NaN"));
        let page = page.replace("http://www.w3.org/2000/svg", "");
        for word in ["http:", "https:", "src=", "@import", "url(", "fetch("] {
            assert!(!page.contains(word), "{word}");
        }
    }

    #[test]
    fn a_set_that_changes_nothing_has_a_page_without_a_chart() {
        let mut result = result();
        for run in &mut result.runs {
            run.run = result.baseline.clone();
        }
        let page = page(&result, &RunRecord::default()).unwrap();
        assert!(!page.contains("NaN") && page.contains("Without a change here"));
    }
}
