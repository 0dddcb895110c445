//! One specification for each chart, and a renderer that draws it as static SVG.
//!
//! The renderer is ours: a general plotting library was tried and left unrounded coordinates, legends that take a third
//! of the width, no unit on large amounts, and no hook for values on top.

mod bars;
mod chart;
mod frame;
mod labels;
mod lines;
mod palette;
mod pyramid;
mod scale;
mod spans;
mod stack;
mod svg;
mod tornado;

pub(crate) use chart::{
    Bar, Chart, ChartKind, Mark, Outline, Series, Span, SpanKind, TornadoBar, TornadoRow,
};

pub(crate) use svg::escaped;

use svg::Svg;

/// The room a chart has, in CSS pixels; text is 12 pixels high at this size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    /// Width.
    pub(crate) width: f64,
    /// Height.
    pub(crate) height: f64,
}

impl Size {
    /// A page of paper or a screen.
    pub(crate) const WIDE: Self = Self { width: 860.0, height: 330.0 };
    /// A phone.
    pub(crate) const NARROW: Self = Self { width: 340.0, height: 300.0 };
    /// One of three beside each other, or a phone.
    pub(crate) const THIRD: Self = Self { width: 300.0, height: 320.0 };

    /// The room that a chart of bars needs at the width of `self`.
    pub(crate) fn for_bars(self, bars: &[Bar]) -> Self {
        Self { width: self.width, height: bars::height(bars, self.width) }
    }

    /// The room that a waterfall needs at the width of `self`.
    pub(crate) fn for_spans(self, spans: &[Span]) -> Self {
        Self { width: self.width, height: spans::height(spans, self.width) }
    }

    /// The room that a tornado needs at the width of `self`.
    pub(crate) fn for_tornado(self, rows: &[TornadoRow]) -> Self {
        Self { width: self.width, height: tornado::height(rows, self.width) }
    }

    /// The room that a chart of so many lines needs: their names stand in a column beside it or in rows above.
    pub(crate) fn for_lines(self, lines: usize) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "a chart has a few lines")]
        let more = lines.saturating_sub(4) as f64;
        let row = if self.labels_at_ends() { 10.0 } else { 17.0 };
        Self { width: self.width, height: self.height + row * more }
    }

    /// Says whether series are named at their ends; otherwise in a legend above.
    pub(crate) const fn labels_at_ends(self) -> bool {
        600.0 <= self.width
    }
}

/// Turns the specification of a chart into a picture.
pub(crate) trait Renderer {
    /// Draws `chart`; `variant` keeps the identifiers of two drawings of one chart apart.
    fn render(&self, chart: &Chart, size: Size, variant: &str) -> String;
}

/// Draws static SVG: no script, no font file, coordinates of at most two decimals.
pub(crate) struct SvgRenderer;

impl Renderer for SvgRenderer {
    fn render(&self, chart: &Chart, size: Size, variant: &str) -> String {
        let mut svg = Svg::open(chart, size, variant);
        match &chart.kind {
            ChartKind::Lines { series, styles, marks } => {
                lines::draw(&mut svg, chart, (series, styles), marks);
            }
            ChartKind::Stack { series, over } => stack::draw(&mut svg, chart, series, over),
            ChartKind::Pyramid { men, women, outline, largest } => {
                pyramid::draw(&mut svg, men, women, (outline.as_ref(), *largest));
            }
            ChartKind::Bars { bars, within } => bars::draw(&mut svg, bars, *within),
            ChartKind::Spans { spans } => spans::draw(&mut svg, spans, &chart.unit),
            ChartKind::Tornado { rows, baseline, text } => {
                tornado::draw(&mut svg, rows, (*baseline, text), &chart.unit);
            }
        }
        svg.close()
    }
}
