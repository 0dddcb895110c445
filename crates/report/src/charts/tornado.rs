use super::labels::{lines, lines_height};
use super::palette::{INK, colour};
use super::scale::{tick_decimals, ticks};
use super::svg::{Anchor, Svg, text_width};
use super::{Size, TornadoBar, TornadoRow};
use crate::format::grouped;

/// Height of a line of a label.
const LINE: f64 = 15.0;
/// Height of one bar with the gap under it.
const BAR: f64 = 13.0;
/// Gap between a label and its bars.
const UNDER_LABEL: f64 = 4.0;
/// Gap between two rows.
const GAP: f64 = 10.0;
/// Text that stands over the lines of the grid.
const OVER_LINES: &str =
    "fill=\"#3a4450\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\"";
/// Height of the axis and its unit under the bars.
const FOOT: f64 = 40.0;
/// Height of the value of the baseline above the bars.
const HEAD: f64 = 20.0;
/// Room beside the axis for half a number.
const MARGIN: f64 = 26.0;

/// Returns the height that a chart of `rows` needs at a width.
pub(super) fn height(rows: &[TornadoRow], width: f64) -> f64 {
    HEAD + rows.iter().map(|row| row_height(row, width)).sum::<f64>() + FOOT
}

/// Draws for each row a bar from the baseline to each of its values; the axis need not begin at zero.
pub(super) fn draw(svg: &mut Svg, rows: &[TornadoRow], baseline: (f64, &str), unit: &str) {
    let Size { width, .. } = svg.size;
    let (base, base_text) = baseline;
    let ends = || rows.iter().flat_map(|row| &row.bars).map(|bar| bar.to).chain([base]);
    let (low, high) = (ends().fold(f64::INFINITY, f64::min), ends().fold(f64::MIN, f64::max));
    // Texts stand outside the bars, so both ends need room for one.
    let widest = rows.iter().flat_map(|row| &row.bars).map(|bar| text_width(&bar.text));
    let beside = widest.fold(0.0, f64::max) + 10.0;
    let room = (high - low).max(1e-6 * base.abs()).max(f64::MIN_POSITIVE);
    let values = ticks(low - 0.02 * room, high + 0.02 * room, if width < 600.0 { 4 } else { 7 });
    let (first, last) = (values[0], values[values.len() - 1]);
    let (left, right) = (MARGIN.max(beside), width - MARGIN.max(beside));
    let bottom = height(rows, width) - FOOT;
    let x = |value: f64| left + (right - left) * (value - first) / (last - first);
    let decimals = tick_decimals(&values);
    for value in &values {
        svg.line((x(*value), HEAD), (x(*value), bottom), "stroke=\"#e1e6eb\" stroke-width=\"1\"");
        svg.label((x(*value), bottom + 16.0), Anchor::Middle, &grouped(*value, decimals));
    }
    let style = "fill=\"#3a4450\" font-weight=\"600\"";
    svg.styled_label((width / 2.0, bottom + 34.0), Anchor::Middle, unit, style);
    let bold = format!("fill=\"{INK}\" font-weight=\"600\"");
    let half = text_width(base_text) / 2.0;
    let centre = x(base).clamp(half, width - half);
    svg.styled_label((centre, HEAD - 6.0), Anchor::Middle, base_text, &bold);
    svg.line((x(base), HEAD), (x(base), bottom), &format!("stroke=\"{INK}\" stroke-width=\"1\""));
    let mut top = HEAD;
    for row in rows {
        let mut baseline = top;
        for line in lines(&row.label, width - 8.0) {
            baseline += LINE;
            svg.styled_label((0.0, baseline - 4.0), Anchor::Start, &line, OVER_LINES);
        }
        baseline += UNDER_LABEL;
        for bar in &row.bars {
            draw_bar(svg, bar, (x(base), x(bar.to)), baseline);
            baseline += BAR;
        }
        top += row_height(row, width);
    }
}

fn draw_bar(svg: &mut Svg, bar: &TornadoBar, (from, to): (f64, f64), top: f64) {
    let (left, right) = (from.min(to), from.max(to));
    let (left, wide) =
        if right - left < 2.0 { ((left + right) / 2.0 - 1.0, 2.0) } else { (left, right - left) };
    let fill = if bar.up { colour(1) } else { colour(0) };
    svg.rectangle((left, top), (wide, BAR - 2.0), &format!("fill=\"{fill}\""));
    let (at, anchor) =
        if from <= to { (right + 5.0, Anchor::Start) } else { (left - 5.0, Anchor::End) };
    svg.styled_label((at, top + 10.0), anchor, &bar.text, OVER_LINES);
}

fn row_height(row: &TornadoRow, width: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a row has a few bars")]
    let bars = row.bars.len() as f64;
    lines_height(&row.label, width - 8.0) + UNDER_LABEL + BAR * bars + GAP
}
