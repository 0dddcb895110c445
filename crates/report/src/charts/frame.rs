use super::labels::{Look, draw_legend, room_at_ends};
use super::scale::{tick_decimals, ticks, year_ticks};
use super::svg::{Anchor, Svg, TEXT, text_width};
use super::{Chart, Size};
use crate::format::grouped;

/// Height of the years under the plot.
const FOOT: f64 = 24.0;

/// The plot of a chart over years: axes, grid, and where a value stands.
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    first: f64,
    last: f64,
    low: f64,
    high: f64,
}

impl Frame {
    /// Draws legend, unit, grid and axes for values from `low` to `high`, zero included.
    pub(super) fn draw(
        svg: &mut Svg,
        chart: &Chart,
        entries: &[(&str, Look)],
        (low, high): (f64, f64),
    ) -> Self {
        let Size { width, height } = svg.size;
        let at_ends = svg.size.labels_at_ends();
        let legend = if at_ends { 0.0 } else { draw_legend(svg, 2.0, entries) };
        svg.styled_label(
            (0.0, legend + TEXT),
            Anchor::Start,
            &chart.unit,
            "fill=\"#3a4450\" font-weight=\"600\"",
        );
        let top = legend + TEXT + 14.0;
        let bottom = height - FOOT;
        let values = ticks(low.min(0.0), high.max(0.0), if at_ends { 5 } else { 4 });
        let decimals = tick_decimals(&values);
        let texts: Vec<String> = values.iter().map(|value| grouped(*value, decimals)).collect();
        let left = texts.iter().map(|text| text_width(text)).fold(0.0, f64::max) + 8.0;
        let right = if at_ends && !entries.is_empty() {
            width - room_at_ends(entries.iter().map(|(name, _)| *name))
        } else {
            width - 12.0
        };
        let years =
            (chart.years.first().copied().unwrap_or(0), chart.years.last().copied().unwrap_or(1));
        let frame = Self {
            left,
            right,
            top,
            bottom,
            first: f64::from(years.0),
            last: f64::from(years.1),
            low: values.first().copied().unwrap_or(0.0),
            high: values.last().copied().unwrap_or(1.0),
        };
        frame.draw_grid(svg, &values, &texts);
        frame.draw_years(svg, years);
        frame
    }

    /// Returns where a year stands.
    pub(super) fn x(&self, year: i32) -> f64 {
        let span = (self.last - self.first).max(1.0);
        self.left + (self.right - self.left) * (f64::from(year) - self.first) / span
    }

    /// Returns where a value stands.
    pub(super) fn y(&self, value: f64) -> f64 {
        self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low)
    }

    /// Tells the script where values can be read.
    pub(super) fn reading_area(&self, svg: &mut Svg) {
        let size = (self.right - self.left, self.bottom - self.top);
        svg.reading_area("x", (self.left, self.top), size);
    }

    fn draw_grid(&self, svg: &mut Svg, values: &[f64], texts: &[String]) {
        for (value, text) in values.iter().zip(texts) {
            let y = self.y(*value);
            let colour = if value.abs() < 1e-12 { "#5b6673" } else { "#e1e6eb" };
            let style = format!("stroke=\"{colour}\" stroke-width=\"1\"");
            svg.line((self.left, y), (self.right, y), &style);
            svg.label((self.left - 8.0, y + 4.0), Anchor::End, text);
        }
    }

    fn draw_years(&self, svg: &mut Svg, (first, last): (i32, i32)) {
        let room = ((self.right - self.left) / 58.0).floor().max(2.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 2 to about 15"
        )]
        let wanted = room as usize;
        for year in year_ticks(first, last, wanted) {
            let x = self.x(year);
            svg.line(
                (x, self.bottom),
                (x, self.bottom + 4.0),
                "stroke=\"#5b6673\" stroke-width=\"1\"",
            );
            let half = text_width("2000") / 2.0;
            let centre = x.max(self.left - 8.0 + half).min(svg.size.width - half);
            svg.label((centre, self.bottom + 17.0), Anchor::Middle, &year.to_string());
        }
    }
}
