//! What the templates of the report see: pictures and tables that are already drawn and formatted.

use perennis_valuation::Results;
use serde::Serialize;

use crate::charts::{
    Bar, Chart, ChartKind, Mark, Renderer, Series, Size, Span, SvgRenderer, TornadoRow,
};
use crate::figures::{Figure, FigureGroup, MoneyScales, key_figures, key_positions};
use crate::format::{Scale, grouped};

/// Series beyond this many are added up as one, so that colours stay apart.
const MOST_SERIES: usize = 7;
/// Years between the rows of the table beside a chart.
const TABLE_STEP: i32 = 5;

/// A chart, its values for the script, and the same values as a table.
#[derive(Serialize)]
pub(crate) struct Picture {
    id: String,
    pub(crate) title: String,
    description: String,
    drawings: Vec<String>,
    values: String,
    table: TableView,
}

/// A table whose numbers are formatted.
#[derive(Default, Serialize)]
pub(crate) struct TableView {
    pub(crate) caption: String,
    pub(crate) columns: Vec<String>,
    pub(crate) groups: Vec<GroupView>,
}

/// Rows under a common heading; an empty title has no heading.
#[derive(Serialize)]
pub(crate) struct GroupView {
    pub(crate) title: String,
    pub(crate) rows: Vec<RowView>,
}

/// A row of a table.
#[derive(Serialize)]
pub(crate) struct RowView {
    pub(crate) label: String,
    pub(crate) unit: String,
    pub(crate) cells: Vec<String>,
}

/// Values under the axis and, for each, the text of every series; what the script shows.
#[derive(Serialize)]
struct Values<'a> {
    unit: &'a str,
    names: Vec<&'a str>,
    rows: Vec<(String, Vec<String>)>,
}

/// Heading and unit of a chart over years.
pub(crate) struct Heading<'a> {
    pub(crate) id: String,
    pub(crate) title: &'a str,
    pub(crate) unit: &'a str,
    pub(crate) decimals: usize,
}

impl Picture {
    /// Draws a line for each series that has a value; `None` when none has.
    pub(crate) fn lines(
        results: &Results,
        heading: Heading<'_>,
        series: Vec<Series>,
        marks: Vec<Mark>,
    ) -> Option<Self> {
        let series = with_values(series);
        let kind = ChartKind::Lines { series, styles: Vec::new(), marks };
        let drawn = all_series(&kind).next().is_some();
        drawn.then(|| Self::over_years(years(results), heading, kind))
    }

    /// Draws a line for each series in a style of its own, in the room that so many need; `None` without series.
    pub(crate) fn styled_lines(
        years: Vec<i32>,
        heading: Heading<'_>,
        series: Vec<(usize, Series)>,
    ) -> Option<Self> {
        let (styles, series): (Vec<usize>, Vec<Series>) = series.into_iter().unzip();
        let kind = ChartKind::Lines { series, styles, marks: Vec::new() };
        let drawn = all_series(&kind).next().is_some();
        drawn.then(|| Self::over_years(years, heading, kind))
    }

    /// Draws areas on top of one another with lines over them; lines alone where a value is negative.
    pub(crate) fn stack(
        results: &Results,
        heading: Heading<'_>,
        series: Vec<Series>,
        over: Vec<Series>,
    ) -> Option<Self> {
        let mut series = with_values(series);
        let over = with_values(over);
        if series.is_empty() {
            return None;
        }
        let negative =
            series.iter().flat_map(|one| &one.values).flatten().any(|value| *value < 0.0);
        let kind = if negative {
            series.extend(over);
            ChartKind::Lines { series, styles: Vec::new(), marks: Vec::new() }
        } else {
            ChartKind::Stack { series: merged(series), over }
        };
        Some(Self::over_years(years(results), heading, kind))
    }

    /// Draws one pyramid; those to be compared share `largest`.
    pub(crate) fn pyramid(id: String, title: String, unit: &str, kind: ChartKind) -> Self {
        let chart = Chart {
            id,
            description: format!("Men and women by single age, {title}."),
            title,
            unit: unit.to_owned(),
            decimals: 1,
            years: Vec::new(),
            kind,
        };
        Self::drawn(&chart, &[(Size::THIRD, "third")])
    }

    /// Draws horizontal bars.
    pub(crate) fn bars(id: &str, title: &str, description: &str, bars: Vec<Bar>) -> Self {
        let sizes =
            [(Size::WIDE.for_bars(&bars), "wide"), (Size::NARROW.for_bars(&bars), "narrow")];
        let chart = Chart {
            id: id.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
            unit: String::new(),
            decimals: 3,
            years: Vec::new(),
            kind: ChartKind::Bars { bars, within: (0.95, 1.05) },
        };
        Self::drawn(&chart, &sizes)
    }

    /// Draws a waterfall.
    pub(crate) fn spans(id: &str, title: &str, unit: &str, spans: Vec<Span>) -> Self {
        let sizes =
            [(Size::WIDE.for_spans(&spans), "wide"), (Size::NARROW.for_spans(&spans), "narrow")];
        let steps: Vec<String> =
            spans.iter().map(|span| format!("{} {}", span.label, span.text)).collect();
        let chart = Chart {
            id: id.to_owned(),
            title: title.to_owned(),
            description: format!("{title}, {unit}: {}.", steps.join("; ")),
            unit: unit.to_owned(),
            decimals: 3,
            years: Vec::new(),
            kind: ChartKind::Spans { spans },
        };
        Self::drawn(&chart, &sizes)
    }

    /// Draws a tornado around the value of the baseline, which has a text of its own.
    pub(crate) fn tornado(
        heading: Heading<'_>,
        rows: Vec<TornadoRow>,
        (baseline, text): (f64, String),
    ) -> Self {
        let sizes =
            [(Size::WIDE.for_tornado(&rows), "wide"), (Size::NARROW.for_tornado(&rows), "narrow")];
        let of_row = |row: &TornadoRow| {
            let ends: Vec<&str> = row.bars.iter().map(|bar| bar.text.as_str()).collect();
            format!("{}: {}", row.label, ends.join(", "))
        };
        let parts: Vec<String> = rows.iter().map(of_row).collect();
        let chart = Chart {
            id: heading.id,
            title: heading.title.to_owned(),
            description: format!(
                "{}, {}; {text}: {}.",
                heading.title,
                heading.unit,
                parts.join("; ")
            ),
            unit: heading.unit.to_owned(),
            decimals: heading.decimals,
            years: Vec::new(),
            kind: ChartKind::Tornado { rows, baseline, text },
        };
        Self::drawn(&chart, &sizes)
    }

    /// Returns the widest drawing as a file of its own: with its title, on white.
    pub(crate) fn alone(&self) -> Option<String> {
        let drawing = self.drawings.first()?;
        let inner = drawing.replacen("<svg ", "<svg y=\"40\" width=\"860\" height=\"330\" ", 1);
        let title = crate::charts::escaped(&self.title);
        Some(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"760\" viewBox=\"-16 0 892 384\">\
             <rect x=\"-16\" width=\"892\" height=\"384\" fill=\"#fff\"/>\
             <text y=\"26\" font-family=\"system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif\" \
             font-size=\"16\" font-weight=\"650\" fill=\"#1c2430\">{title}</text>{inner}</svg>\n"
        ))
    }

    fn over_years(years: Vec<i32>, heading: Heading<'_>, kind: ChartKind) -> Self {
        let names: Vec<&str> = all_series(&kind).map(|one| one.name.as_str()).collect();
        let description = format!(
            "{}, {}, {} to {}: {}.",
            heading.title,
            heading.unit,
            years.first().copied().unwrap_or(0),
            years.last().copied().unwrap_or(0),
            names.join(", "),
        );
        let chart = Chart {
            id: heading.id,
            title: heading.title.to_owned(),
            description,
            unit: heading.unit.to_owned(),
            decimals: heading.decimals,
            years,
            kind,
        };
        let lines = match &chart.kind {
            ChartKind::Lines { series, .. } => series.len(),
            _ => 0,
        };
        let sizes = [Size::WIDE, Size::NARROW].map(|size| size.for_lines(lines));
        Self::drawn(&chart, &[(sizes[0], "wide"), (sizes[1], "narrow")])
    }

    fn drawn(chart: &Chart, sizes: &[(Size, &str)]) -> Self {
        let renderer: &dyn Renderer = &SvgRenderer;
        Self {
            id: chart.id.clone(),
            title: chart.title.clone(),
            description: chart.description.clone(),
            drawings: sizes
                .iter()
                .map(|(size, variant)| renderer.render(chart, *size, variant))
                .collect(),
            values: values_of(chart),
            table: table_of(chart),
        }
    }
}

fn years(results: &Results) -> Vec<i32> {
    results.population.years.iter().map(perennis_units::Year::get).collect()
}

/// Returns the key figures of a run as a table.
pub(crate) fn key_table(results: &Results) -> TableView {
    let positions = key_positions(results.population.years);
    let groups = key_figures(results, &positions);
    table_of_figures(results, "Key figures", &positions, groups)
}

/// Returns rows over years as a table; the money of each group is shown in one unit.
pub(crate) fn table_of_figures(
    results: &Results,
    caption: &str,
    positions: &[usize],
    groups: Vec<FigureGroup>,
) -> TableView {
    let currency = &results.title.currency;
    let scales = groups.iter().map(|group| MoneyScales::of(group.rows.iter(), currency));
    let scales: Vec<MoneyScales> = scales.collect();
    table_in(results, caption, positions, groups.into_iter().zip(scales))
}

/// Returns rows over years as a table whose money is all shown in one unit.
pub(crate) fn table_in_one_unit(
    results: &Results,
    caption: &str,
    positions: &[usize],
    groups: Vec<FigureGroup>,
) -> TableView {
    let rows = groups.iter().flat_map(|group| &group.rows);
    let scale = MoneyScales::of(rows, &results.title.currency);
    table_in(results, caption, positions, groups.into_iter().map(|group| (group, scale.clone())))
}

fn table_in(
    results: &Results,
    caption: &str,
    positions: &[usize],
    groups: impl Iterator<Item = (FigureGroup, MoneyScales)>,
) -> TableView {
    let years = results.population.years;
    let row = |row: &Figure, money: &MoneyScales| {
        let scale = row.scale(money);
        let cells = row.values.iter().map(|value| cell(*value, &scale)).collect();
        RowView { label: row.label.clone(), unit: scale.unit, cells }
    };
    let groups = groups.filter(|(group, _)| !group.rows.is_empty()).map(|(group, money)| {
        let rows = group.rows.iter().map(|one| row(one, &money)).collect();
        GroupView { title: group.title, rows }
    });
    TableView {
        caption: caption.to_owned(),
        columns: positions.iter().map(|position| years.at(*position).to_string()).collect(),
        groups: groups.collect(),
    }
}

fn cell(value: Option<f64>, scale: &Scale) -> String {
    value.map_or_else(|| "\u{2013}".to_owned(), |value| scale.number(value))
}

fn with_values(mut series: Vec<Series>) -> Vec<Series> {
    series.retain(|one| one.values.iter().flatten().any(|value| 1e-12 < value.abs()));
    series
}

/// Keeps the largest series in their order and adds the others up.
fn merged(series: Vec<Series>) -> Vec<Series> {
    if series.len() <= MOST_SERIES {
        return series;
    }
    let sum = |one: &Series| one.values.iter().flatten().sum::<f64>();
    let mut sums: Vec<f64> = series.iter().map(sum).collect();
    sums.sort_by(|one, other| other.total_cmp(one));
    let limit = sums[MOST_SERIES - 2];
    let (mut kept, small): (Vec<_>, Vec<_>) = series.into_iter().partition(|one| limit <= sum(one));
    let years = small.iter().map(|one| one.values.len()).max().unwrap_or(0);
    let total =
        |at: usize| small.iter().filter_map(|one| one.values.get(at).copied().flatten()).sum();
    let values = (0..years).map(|at| Some(total(at))).collect();
    kept.push(Series { name: "All others".into(), values });
    kept
}

fn all_series(kind: &ChartKind) -> Box<dyn Iterator<Item = &Series> + '_> {
    match kind {
        ChartKind::Lines { series, .. } => Box::new(series.iter()),
        // From the top down, as the eye meets them.
        ChartKind::Stack { series, over } => Box::new(over.iter().chain(series.iter().rev())),
        ChartKind::Pyramid { .. }
        | ChartKind::Bars { .. }
        | ChartKind::Spans { .. }
        | ChartKind::Tornado { .. } => Box::new(std::iter::empty()),
    }
}

fn values_of(chart: &Chart) -> String {
    let shown = |value: f64| grouped(value, chart.decimals);
    let (names, rows) = match &chart.kind {
        ChartKind::Pyramid { men, women, .. } => {
            let rows = men.iter().zip(women).enumerate().map(|(age, (men, women))| {
                let open = if age + 1 == chart_ages(chart) { "+" } else { "" };
                (format!("Age {age}{open}"), vec![grouped(*men, 3), grouped(*women, 3)])
            });
            (vec!["Men", "Women"], rows.collect())
        }
        kind => {
            let series: Vec<&Series> = all_series(kind).collect();
            let rows = chart.years.iter().enumerate().map(|(at, year)| {
                let text =
                    |one: &&Series| one.values[at].map_or_else(|| "\u{2013}".to_owned(), shown);
                (year.to_string(), series.iter().map(text).collect())
            });
            (series.iter().map(|one| one.name.as_str()).collect(), rows.collect())
        }
    };
    let values = Values { unit: &chart.unit, names, rows };
    let json = serde_json::to_string(&values).expect("texts and lists are always JSON");
    json.replace('<', "\\u003c")
}

fn chart_ages(chart: &Chart) -> usize {
    if let ChartKind::Pyramid { men, .. } = &chart.kind { men.len() } else { 0 }
}

fn table_of(chart: &Chart) -> TableView {
    let series: Vec<&Series> = all_series(&chart.kind).collect();
    let last = chart.years.last().copied();
    let rows =
        chart.years.iter().enumerate().filter(|(at, year)| {
            *at == 0 || Some(**year) == last || year.rem_euclid(TABLE_STEP) == 0
        });
    let text = |value: Option<f64>| {
        value.map_or_else(|| "\u{2013}".to_owned(), |value| grouped(value, chart.decimals))
    };
    let rows = rows
        .map(|(at, year)| RowView {
            label: year.to_string(),
            unit: String::new(),
            cells: series.iter().map(|one| text(one.values[at])).collect(),
        })
        .collect();
    TableView {
        caption: format!("{}, {}", chart.title, chart.unit),
        columns: series.iter().map(|one| one.name.clone()).collect(),
        groups: vec![GroupView { title: String::new(), rows }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: &str, value: f64) -> Series {
        Series { name: name.into(), values: vec![Some(value), None] }
    }

    #[test]
    fn small_series_are_added_up_and_the_sum_is_kept() {
        let all: Vec<Series> =
            (1..=10).map(|size| series(&size.to_string(), f64::from(size))).collect();
        let merged = merged(all);
        assert_eq!(merged.len(), MOST_SERIES);
        let sum: f64 = merged.iter().flat_map(|one| &one.values).flatten().sum();
        assert!((sum - 55.0).abs() < 1e-9);
        assert_eq!(merged.last().unwrap().name, "All others");
    }

    #[test]
    fn a_series_without_a_value_is_not_drawn() {
        assert!(with_values(vec![series("nothing", 0.0)]).is_empty());
    }
}
