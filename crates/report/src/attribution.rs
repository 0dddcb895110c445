//! What each of several steps adds to an indicator: table, text and chart of a waterfall.

use minijinja::value::Serde;
use perennis_valuation::Effect;
use serde::Serialize;

use crate::charts::{Span, SpanKind};
use crate::comparison::shown;
use crate::csv::CsvWriter;
use crate::format::{Quantity, Scale, grouped, identifier, words};
use crate::html::render;
use crate::manifest::{attribution_manifest, file_records};
use crate::table::{Table, TableError};
use crate::view::{GroupView, Picture, RowView, TableView};
use crate::{ComparisonRecord, FreshFolder, HtmlError, WriteError};

/// A step of an attribution.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributedStep {
    /// What it is, short: a patch or a subject.
    pub label: String,
    /// What it is as its file says; may be empty.
    pub title: String,
    /// Whether it is what several patches do together.
    pub together: bool,
    /// The value before and after.
    pub effect: Effect,
}

/// An indicator, and what each step adds to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// `nation`, a scheme or an account.
    pub scope: String,
    /// Name of the indicator or of the measure of financing.
    pub indicator: String,
    /// The year; none for a measure of financing.
    pub year: Option<i32>,
    /// Unit of the values, as in the tables.
    pub unit: String,
    /// The currency, for amounts.
    pub currency: String,
    /// What the value without any step is.
    pub start: String,
    /// What the value with all steps is.
    pub end: String,
    /// The steps, each beginning where the one before ends.
    pub steps: Vec<AttributedStep>,
}

/// How a figure is shown: what it is, its unit, the unit of differences, and the scale.
struct Shown {
    title: String,
    unit: String,
    points: String,
    scale: Scale,
    /// Decimals of a year, where the figure is one: a mean over orders may lie between two years.
    year: Option<usize>,
}

impl Shown {
    /// Writes a value: a year without commas.
    fn value(&self, value: f64) -> String {
        match self.year {
            Some(decimals) => format!("{value:.decimals$}"),
            None => self.scale.number(value),
        }
    }

    /// Writes a difference without a sign of its own.
    fn difference(&self, difference: f64) -> String {
        match self.year {
            Some(decimals) => grouped(difference, decimals),
            None => self.scale.number(difference),
        }
    }

    /// Writes a difference with its sign; none where it is nothing.
    fn signed(&self, difference: f64) -> String {
        let text = self.difference(difference);
        let nothing = !text.bytes().any(|letter| (b'1'..=b'9').contains(&letter));
        if nothing || text.starts_with('\u{2212}') { text } else { format!("+{text}") }
    }
}

impl Attribution {
    fn shown(&self) -> Shown {
        let (label, unit, quantity) = shown(&self.indicator, &self.unit);
        let values = self.steps.iter().flat_map(|step| [step.effect.from, step.effect.to]);
        let scale = Scale::of(quantity, &self.currency, values.clone());
        let scale = if quantity == Quantity::Share { scale.with_decimals(3) } else { scale };
        let unit = if unit.is_empty() { scale.unit.clone() } else { unit };
        let points = match unit.strip_prefix('%') {
            Some(of) => format!("percentage points{of}"),
            None if self.unit == "year" => "years".to_owned(),
            None => unit.clone(),
        };
        let whole = values.clone().all(|value| value.fract().abs() < 1e-9);
        let decimals = (self.unit == "year").then_some(if whole { 0 } else { 2 });
        let year = self.year.map_or(String::new(), |year| format!(", {year}"));
        let title = format!("{label}: {}{year}", words(&self.scope));
        Shown { title, unit, points, scale, year: decimals }
    }

    fn ends(&self) -> Option<(f64, f64)> {
        Some((self.steps.first()?.effect.from, self.steps.last()?.effect.to))
    }

    /// What the steps leave unexplained: the value at the end less that at the start and every step in its order, each
    /// read from where it begins to where it ends.
    #[must_use]
    pub fn residual(&self) -> f64 {
        let gaps = self.steps.windows(2).map(|pair| pair[1].effect.from - pair[0].effect.to);
        gaps.fold(0.0, |sum, gap| sum + gap)
    }
}

/// Returns the attributions as text for a terminal, one table each.
#[must_use]
pub fn attribution_text(all: &[Attribution]) -> String {
    let mut lines = Vec::new();
    for one in all {
        let Some((start, end)) = one.ends() else { continue };
        let shown = one.shown();
        let Shown { title, unit, points, .. } = &shown;
        let plain = |text: String| text.replace('\u{2212}', "-");
        let longest = one.steps.iter().map(|step| step.label.chars().count());
        let width = longest.chain([one.start.len(), one.end.len()]).max().unwrap_or(0).min(60);
        lines.push(format!("{title} ({unit})"));
        lines.push(format!("  {:width$}  {:>14}  {:>14}", "", "effect", "value after"));
        lines.push(format!(
            "  {:width$}  {:>14}  {:>14}",
            one.start,
            "",
            plain(shown.value(start))
        ));
        for step in &one.steps {
            let effect = plain(shown.signed(step.effect.amount()));
            let after = plain(shown.value(step.effect.to));
            lines.push(format!("  {:width$}  {effect:>14}  {after:>14}", step.label));
        }
        let whole = plain(shown.signed(end - start));
        lines.push(format!("  {:width$}  {whole:>14}  {:>14}", one.end, plain(shown.value(end))));
        lines.push(format!(
            "  residual {}; effects in {points}",
            plain(shown.difference(one.residual()))
        ));
        lines.push(String::new());
    }
    lines.join("\n")
}

/// Writes `tables/attribution.csv`, the page and the manifest, and puts the folder in place.
///
/// # Errors
///
/// [`WriteError`]; an earlier result stays as it was.
pub fn write_attribution(
    folder: FreshFolder,
    all: &[Attribution],
    method: &str,
    record: &ComparisonRecord,
) -> Result<(), WriteError> {
    let table = table(all, method)?;
    let html = html(all, method, record)?;
    let files = file_records(std::slice::from_ref(&table), Some(&html));
    let manifest = attribution_manifest(record, files);
    let contents = [
        ("manifest.json".to_owned(), manifest.as_slice()),
        (format!("tables/{}", table.file), table.bytes.as_slice()),
        ("report.html".to_owned(), html.as_bytes()),
    ];
    folder.write("", &contents)?;
    Ok(folder.put_in_place()?)
}

fn table(all: &[Attribution], method: &str) -> Result<Table, TableError> {
    let columns = &[
        "scope",
        "indicator",
        "year",
        "method",
        "step",
        "label",
        "title",
        "from",
        "to",
        "effect",
        "unit",
    ];
    let rows = all.iter().map(|one| one.steps.len()).sum();
    let mut csv = CsvWriter::new("attribution.csv", columns, rows);
    for one in all {
        for (step, number) in one.steps.iter().zip(1..) {
            csv.text(&one.scope);
            csv.text(&one.indicator);
            csv.number_or_blank(one.year.map(f64::from));
            csv.text(method);
            csv.number(f64::from(number));
            csv.text(&step.label);
            csv.text(&step.title);
            csv.number(step.effect.from);
            csv.number(step.effect.to);
            csv.number(step.effect.amount());
            csv.text(&one.unit);
            csv.end_row();
        }
    }
    Table::finish("attribution.csv", csv)
}

#[derive(Serialize)]
struct Page<'a> {
    title: String,
    valuation: &'a str,
    version: &'a str,
    options: &'a [(String, String)],
    method: &'a str,
    style: &'static str,
    figures: Vec<FigureView>,
}

#[derive(Serialize)]
struct FigureView {
    picture: Picture,
    table: TableView,
}

fn html(all: &[Attribution], method: &str, record: &ComparisonRecord) -> Result<String, HtmlError> {
    let figures: Vec<FigureView> = all.iter().filter_map(figure).collect();
    let title = match figures.as_slice() {
        [only] => only.picture.title.clone(),
        several => format!("{} figures", several.len()),
    };
    let page = Page {
        title,
        valuation: &record.valuation,
        version: &record.version,
        options: &record.options,
        method,
        style: include_str!("templates/style.css"),
        figures,
    };
    render("attribution.html", Serde(page))
}

fn figure(one: &Attribution) -> Option<FigureView> {
    let (start, end) = one.ends()?;
    let shown = one.shown();
    let scaled = |value: f64| shown.scale.factor() * value;
    let level = |label: &str, value: f64| Span {
        label: label.to_owned(),
        from: scaled(value),
        to: scaled(value),
        text: shown.value(value),
        kind: SpanKind::Level,
    };
    let mut spans = vec![level(&one.start, start)];
    spans.extend(one.steps.iter().map(|step| Span {
        label: step.label.clone(),
        from: scaled(step.effect.from),
        to: scaled(step.effect.to),
        text: shown.signed(step.effect.amount()),
        kind: if step.together { SpanKind::Together } else { SpanKind::Effect },
    }));
    spans.push(level(&one.end, end));
    let year = one.year.map_or(String::new(), |year| year.to_string());
    let id = format!("{}-{}-{year}", identifier(&one.scope), identifier(&one.indicator));
    let picture = Picture::spans(&id, &shown.title, &shown.unit, spans);
    Some(FigureView { picture, table: steps(one, &shown, (start, end)) })
}

fn steps(one: &Attribution, shown: &Shown, (start, end): (f64, f64)) -> TableView {
    let row = |label: &str, effect: String, after: String| RowView {
        label: label.to_owned(),
        unit: String::new(),
        cells: vec![effect, after],
    };
    let number = |value: f64| shown.value(value);
    let mut rows = vec![row(&one.start, String::new(), number(start))];
    rows.extend(one.steps.iter().map(|step| {
        let named = match step.title.as_str() {
            "" => step.label.clone(),
            title => format!("{}: {title}", step.label),
        };
        row(&named, shown.signed(step.effect.amount()), number(step.effect.to))
    }));
    rows.push(row(&one.end, shown.signed(end - start), number(end)));
    rows.push(row("Residual", shown.difference(one.residual()), String::new()));
    TableView {
        caption: shown.title.clone(),
        columns: vec![format!("Effect, {}", shown.points), format!("Value after, {}", shown.unit)],
        groups: vec![GroupView { title: String::new(), rows }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribution() -> Attribution {
        let step = |label: &str, from: f64, to: f64, together: bool| AttributedStep {
            label: label.into(),
            title: String::new(),
            together,
            effect: Effect { from, to },
        };
        Attribution {
            scope: "main".into(),
            indicator: "payg_rate".into(),
            year: Some(2060),
            unit: "share".into(),
            currency: "crowns".into(),
            start: "Baseline".into(),
            end: "All".into(),
            steps: vec![
                step("Age", 0.2, 0.17, false),
                step("Accrual", 0.17, 0.15, false),
                step("Together", 0.15, 0.155, true),
            ],
        }
    }

    #[test]
    fn the_text_has_every_step_with_its_sign_and_no_residual() {
        let text = attribution_text(&[attribution()]);
        for part in ["% of insured earnings", "Main, 2060", "-3.000", "-2.000", "+0.500", "-4.500"]
        {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(text.contains("residual 0.000"), "{text}");
    }

    #[test]
    fn a_year_has_no_comma_and_its_effects_are_years() {
        let mut one = attribution();
        one.indicator = "first_year_outgo_above_contributions".into();
        (one.unit, one.year) = ("year".into(), None);
        for (step, (from, to)) in
            one.steps.iter_mut().zip([(2068.0, 2073.0), (2073.0, 2071.0), (2071.0, 2071.0)])
        {
            step.effect = Effect { from, to };
        }
        let text = attribution_text(&[one.clone()]);
        let page = html(&[one.clone()], "order", &ComparisonRecord::default()).unwrap();
        for part in ["(year)", " 2073\n", " +5 ", " -2 ", " +3 ", "residual 0; effects in years"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("2,07") && !page.contains("2,07"), "{text}");
        one.steps[0].effect.to = 2070.5;
        one.steps[1].effect.from = 2070.5;
        assert!(attribution_text(&[one]).contains("2070.50"));
    }

    #[test]
    fn a_gap_between_two_steps_is_a_residual() {
        let mut one = attribution();
        one.steps[1].effect.from = 0.16;
        assert!((one.residual() + 0.01).abs() < 1e-15);
    }

    #[test]
    fn the_page_draws_every_step_in_both_sizes() {
        let page = html(&[attribution()], "order", &ComparisonRecord::default()).unwrap();
        assert_eq!(page.matches("<svg ").count(), 2);
        assert!(page.contains("\u{2212}3.000") && page.contains("+0.500"));
        assert!(!page.contains("NaN"));
    }

    #[test]
    fn nothing_that_changes_nothing_breaks_the_drawing() {
        let mut one = attribution();
        for step in &mut one.steps {
            step.effect = Effect { from: 0.0, to: 0.0 };
        }
        let page = html(&[one], "order", &ComparisonRecord::default()).unwrap();
        assert!(!page.contains("NaN") && !page.contains("inf\""));
    }
}
