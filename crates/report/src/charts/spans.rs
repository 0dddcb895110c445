use super::labels::{LINE, lines, lines_height};
use super::palette::{INK, colour};
use super::scale::{tick_decimals, ticks};
use super::svg::{Anchor, Svg, text_width};
use super::{Size, Span, SpanKind};
use crate::format::grouped;

/// Room that a label leaves beside it.
const SIDE: f64 = 8.0;
/// Height of a bar with the gap under it.
const BAR: f64 = 24.0;
/// Height of the axis and its unit under the bars.
const FOOT: f64 = 40.0;
/// Room beside the axis for half a number.
const MARGIN: f64 = 26.0;

/// Returns the height that a chart of `spans` needs at a width.
pub(super) fn height(spans: &[Span], width: f64) -> f64 {
    spans.iter().map(|span| row_height(span, width)).sum::<f64>() + FOOT
}

/// Draws bars from one value to another under their labels, each joined to the next; the axis need not begin at zero.
pub(super) fn draw(svg: &mut Svg, spans: &[Span], unit: &str) {
    let Size { width, .. } = svg.size;
    let ends = || spans.iter().flat_map(|span| [span.from, span.to]);
    let (low, high) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::MIN, f64::max));
    let room = (high - low).max(1e-9 * high.abs()).max(f64::MIN_POSITIVE) * 0.04;
    let values = ticks(low - room, high + room, if width < 600.0 { 4 } else { 6 });
    let (first, last) = (values[0], values[values.len() - 1]);
    let bottom = height(spans, width) - FOOT;
    let x = |value: f64| MARGIN + (width - 2.0 * MARGIN) * (value - first) / (last - first);
    let decimals = tick_decimals(&values);
    for value in &values {
        svg.line((x(*value), 0.0), (x(*value), bottom), "stroke=\"#e1e6eb\" stroke-width=\"1\"");
        let text = match unit {
            "year" => format!("{value:.decimals$}"),
            _ => grouped(*value, decimals),
        };
        svg.label((x(*value), bottom + 16.0), Anchor::Middle, &text);
    }
    let style = "fill=\"#3a4450\" font-weight=\"600\"";
    svg.styled_label((width / 2.0, bottom + 34.0), Anchor::Middle, unit, style);
    let mut top = 0.0;
    for (at, span) in spans.iter().enumerate() {
        let mut baseline = top;
        for line in lines(&span.label, width - SIDE) {
            baseline += LINE;
            svg.label((0.0, baseline - 2.0), Anchor::Start, &line);
        }
        bar(svg, span, (x(span.from), x(span.to)), baseline + 2.0);
        top += row_height(span, width);
        if at + 1 < spans.len() {
            let joint = "stroke=\"#7b8794\" stroke-width=\"1\" stroke-dasharray=\"2 2\"";
            svg.line((x(span.to), baseline + 2.0), (x(span.to), top + 2.0), joint);
        }
    }
}

fn bar(svg: &mut Svg, span: &Span, (from, to): (f64, f64), top: f64) {
    let (left, right) = (from.min(to), from.max(to));
    let fill = match span.kind {
        SpanKind::Level => INK,
        SpanKind::Together => "#5c6670",
        SpanKind::Effect if span.to < span.from => colour(0),
        SpanKind::Effect => colour(1),
    };
    let (left, wide) =
        if right - left < 3.0 { ((left + right) / 2.0 - 1.5, 3.0) } else { (left, right - left) };
    svg.rectangle((left, top), (wide, 12.0), &format!("fill=\"{fill}\""));
    let style = format!("fill=\"{INK}\" font-weight=\"600\"");
    let beside = left + wide + 6.0;
    let fits = beside + text_width(&span.text) <= svg.size.width;
    let (x, anchor) = if fits { (beside, Anchor::Start) } else { (left - 6.0, Anchor::End) };
    svg.styled_label((x, top + 10.0), anchor, &span.text, &style);
}

fn row_height(span: &Span, width: f64) -> f64 {
    lines_height(&span.label, width - SIDE) + BAR
}
