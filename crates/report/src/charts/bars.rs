use super::Bar;
use super::labels::{LINE, lines, lines_height};
use super::palette::{INK, colour};
use super::scale::{tick_decimals, ticks};
use super::svg::{Anchor, Svg};
use crate::format::grouped;

/// Room that a label leaves beside it.
const SIDE: f64 = 20.0;
/// Height of a bar with the gap under it.
const BAR: f64 = 22.0;
/// Height of the axis under the bars.
const FOOT: f64 = 22.0;

/// Returns the height that a chart of `bars` needs at a width.
pub(super) fn height(bars: &[Bar], width: f64) -> f64 {
    bars.iter().map(|bar| row_height(bar, width)).sum::<f64>() + FOOT
}

/// Draws horizontal bars with their label above and their value beside, and the bounds that are as they should be.
pub(super) fn draw(svg: &mut Svg, bars: &[Bar], (low, high): (f64, f64)) {
    let width = svg.size.width;
    let highest = bars.iter().map(|bar| bar.value).fold(high, f64::max);
    let values = ticks(0.0, highest, 5);
    let end = values.last().copied().unwrap_or(1.0);
    let (left, right) = (16.0, width - 56.0);
    let bottom = height(bars, width) - FOOT;
    let x = |value: f64| left + (right - left) * value / end;
    svg.rectangle((x(low), 0.0), (x(high) - x(low), bottom), "fill=\"#dfece4\"");
    let decimals = tick_decimals(&values);
    for value in &values {
        svg.line((x(*value), 0.0), (x(*value), bottom), "stroke=\"#e1e6eb\" stroke-width=\"1\"");
        svg.label((x(*value), bottom + 16.0), Anchor::Middle, &grouped(*value, decimals));
    }
    let mut top = 0.0;
    for bar in bars {
        let mut baseline = top;
        for line in lines(&bar.label, width - SIDE) {
            baseline += LINE;
            svg.label((left + 2.0, baseline - 2.0), Anchor::Start, &line);
        }
        let fill = if bar.marked { colour(1) } else { colour(0) };
        let style = format!("fill=\"{fill}\"");
        svg.rectangle((left, baseline + 2.0), (x(bar.value) - left, 12.0), &style);
        let style = format!("fill=\"{INK}\" font-weight=\"600\"");
        let value = grouped(bar.value, 3);
        svg.styled_label((x(bar.value) + 6.0, baseline + 12.0), Anchor::Start, &value, &style);
        top += row_height(bar, width);
    }
}

fn row_height(bar: &Bar, width: f64) -> f64 {
    lines_height(&bar.label, width - SIDE) + BAR
}
