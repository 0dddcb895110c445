//! Tables and charts over several runs: what the chapters of the page are made of.

use super::key::{InYear, KeyValues};
use super::run::ComparedRun;
use super::tables::baseline_of;
use super::words::Shown;
use crate::charts::Series;
use crate::format::{Quantity, Scale, identifier};
use crate::view::{GroupView, Heading, Picture, RowView, TableView};

/// Lines of reforms in one chart; more are drawn in another.
const LINES: usize = 8;
/// Values that differ by less than this share of the larger are the same: rounding.
const SAME: f64 = 1e-12;
/// What stands where there is no value.
pub(crate) const NONE: &str = "\u{2013}";

/// A chart over runs, and which of them are not in it because they are as the baseline.
pub(crate) struct Drawn {
    pub(crate) pictures: Vec<Picture>,
    pub(crate) unchanged: Vec<String>,
}

/// The runs under the assumptions of the valuation itself.
pub(crate) fn own(runs: &[ComparedRun]) -> impl Iterator<Item = &ComparedRun> {
    runs.iter().filter(|run| run.label.under.is_empty())
}

/// An indicator of a scope.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) scope: &'a str,
    pub(crate) shown: &'a Shown,
    /// The ending of the name: empty, `_male` or `_female`.
    pub(crate) sex: &'a str,
}

impl<'a> Wanted<'a> {
    pub(crate) const fn new(scope: &'a str, shown: &'a Shown) -> Self {
        Self { scope, shown, sex: "" }
    }

    /// Returns the values of a run; `None` where it has none.
    fn values<'r>(&self, run: &'r ComparedRun) -> Option<&'r [Option<f64>]> {
        let name = format!("{}{}", self.shown.name, self.sex);
        Some(&run.path(self.scope, &name)?.values)
    }

    pub(crate) fn key(&self, run: &ComparedRun) -> Option<KeyValues> {
        let name = format!("{}{}", self.shown.name, self.sex);
        KeyValues::of(run, run.path(self.scope, &name)?)
    }
}

/// Draws the paths of the baseline and of every reform that changes them; reforms some years later stay out.
pub(crate) fn levels(runs: &[ComparedRun], title: &str, wanted: Wanted<'_>) -> Drawn {
    drawn(runs, (title, "level"), wanted)
}

/// Draws the differences from the baseline of every reform that changes the path.
pub(crate) fn differences(runs: &[ComparedRun], title: &str, wanted: Wanted<'_>) -> Drawn {
    drawn(runs, (title, "difference"), wanted)
}

fn drawn(runs: &[ComparedRun], (title, kind): (&str, &str), wanted: Wanted<'_>) -> Drawn {
    let in_time: Vec<&ComparedRun> = own(runs).filter(|run| run.label.delay == 0).collect();
    let Some((baseline, reforms)) = in_time.split_first() else {
        return Drawn { pictures: Vec::new(), unchanged: Vec::new() };
    };
    let Some(below) = wanted.values(baseline) else {
        return Drawn { pictures: Vec::new(), unchanged: Vec::new() };
    };
    let scale = common_scale(&in_time, wanted);
    let is_level = kind == "level";
    let unit = if is_level {
        unit(wanted.shown, &scale)
    } else {
        unit_of_difference(wanted.shown, &scale)
    };
    let (mut pictures, mut unchanged) = (Vec::new(), Vec::new());
    let count = reforms.chunks(LINES).len();
    for (part, chunk) in reforms.chunks(LINES).enumerate() {
        let mut lines = Vec::new();
        if is_level {
            lines.push((0, series(&baseline.label.label, below, |value, _| value, &scale)));
        }
        for (at, run) in chunk.iter().enumerate() {
            let values = wanted.values(run).unwrap_or_default();
            if alike(values, below) {
                unchanged.push(run.label.label.clone());
                continue;
            }
            let value = |value: f64, below: f64| if is_level { value } else { value - below };
            let line = against(&run.label.label, (values, below), value, &scale);
            lines.push((at + 1, line));
        }
        let of = if count == 1 { String::new() } else { format!(" ({} of {count})", part + 1) };
        let title = format!("{title}{of}");
        let id =
            format!("{kind}-{}-{}-{part}", identifier(wanted.scope), identifier(wanted.shown.name));
        let heading = Heading { id, title: &title, unit: &unit, decimals: scale.decimals() };
        let years = baseline.years.iter().map(perennis_units::Year::get).collect();
        let alone = is_level && lines.len() == 1 && !reforms.is_empty() && 0 < part;
        if !alone {
            pictures.extend(Picture::styled_lines(years, heading, lines));
        }
    }
    Drawn { pictures, unchanged }
}

fn series(
    name: &str,
    values: &[Option<f64>],
    value: impl Fn(f64, f64) -> f64,
    scale: &Scale,
) -> Series {
    against(name, (values, values), value, scale)
}

fn against(
    name: &str,
    (values, below): (&[Option<f64>], &[Option<f64>]),
    value: impl Fn(f64, f64) -> f64,
    scale: &Scale,
) -> Series {
    let pairs = values.iter().zip(below.iter().chain(std::iter::repeat(&None)));
    let values = pairs.map(|(one, below)| Some(scale.factor() * value((*one)?, below.or(*one)?)));
    Series { name: name.to_owned(), values: values.collect() }
}

fn alike(one: &[Option<f64>], other: &[Option<f64>]) -> bool {
    let same = |(one, other): (&Option<f64>, &Option<f64>)| match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() <= SAME * one.abs().max(other.abs()),
        (None, None) => true,
        _ => false,
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

fn common_scale(runs: &[&ComparedRun], wanted: Wanted<'_>) -> Scale {
    let values = runs.iter().filter_map(|run| wanted.values(run)).flatten().flatten().copied();
    let currency = runs.first().map_or("", |run| run.title.currency.as_str());
    let scale = Scale::of(wanted.shown.quantity, currency, values);
    // What options change in a rate is often in its second decimal.
    if wanted.shown.quantity == Quantity::Share { scale.with_decimals(2) } else { scale }
}

/// Returns the unit of a figure as it is shown.
fn unit(shown: &Shown, scale: &Scale) -> String {
    if shown.unit.is_empty() { scale.unit.clone() } else { shown.unit.to_owned() }
}

/// Returns the unit of a difference: of percentages, points.
fn unit_of_difference(shown: &Shown, scale: &Scale) -> String {
    match unit(shown, scale).strip_prefix('%') {
        Some(of) => format!("percentage points{of}"),
        None => unit(shown, scale),
    }
}

/// Returns a table of indicators at their four moments, a row for each run and the difference at the horizon.
pub(crate) fn moments(
    runs: &[ComparedRun],
    caption: &str,
    wanted: &[(String, Wanted<'_>)],
) -> TableView {
    let shown: Vec<&ComparedRun> = own(runs).collect();
    let years = shown.first().map(|run| (run.years.first().get(), run.years.last().get()));
    let (first, last) = years.unwrap_or((0, 0));
    let columns = [
        first.to_string(),
        "Lowest".into(),
        "in".into(),
        "Highest".into(),
        "in".into(),
        last.to_string(),
        format!("Against the baseline in {last}"),
    ];
    let groups = wanted.iter().filter_map(|(title, wanted)| group(runs, &shown, title, *wanted));
    TableView { caption: caption.to_owned(), columns: columns.into(), groups: groups.collect() }
}

fn group(
    runs: &[ComparedRun],
    shown: &[&ComparedRun],
    title: &str,
    wanted: Wanted<'_>,
) -> Option<GroupView> {
    let scale = common_scale(shown, wanted);
    let rows: Vec<RowView> = shown
        .iter()
        .filter_map(|run| {
            let key = wanted.key(run)?;
            let below = baseline_of(runs, run).and_then(|below| wanted.key(below));
            let below = below.filter(|_| !run.label.is_baseline());
            Some(RowView {
                label: run.label.label.clone(),
                unit: String::new(),
                cells: cells(&key, below, &scale),
            })
        })
        .collect();
    let unit = unit(wanted.shown, &scale);
    let note = match unit_of_difference(wanted.shown, &scale) {
        points if points != unit => " (against the baseline: percentage points)",
        _ => "",
    };
    let title = format!("{title}, {unit}{note}");
    (!rows.is_empty()).then_some(GroupView { title, rows })
}

fn cells(key: &KeyValues, below: Option<KeyValues>, scale: &Scale) -> Vec<String> {
    let number = |one: InYear| scale.number(one.value);
    let difference = below.map(|below| signed(scale, key.horizon.value - below.horizon.value));
    vec![
        number(key.now),
        number(key.trough),
        key.trough.year.to_string(),
        number(key.peak),
        key.peak.year.to_string(),
        number(key.horizon),
        difference.unwrap_or_else(|| NONE.to_owned()),
    ]
}

/// Writes a difference with its sign; none where it rounds to nothing.
pub(crate) fn signed(scale: &Scale, difference: f64) -> String {
    let text = scale.number(difference);
    let nothing = !text.bytes().any(|letter| (b'1'..=b'9').contains(&letter));
    if nothing || text.starts_with('\u{2212}') { text } else { format!("+{text}") }
}
