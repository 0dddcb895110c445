use super::frame::Frame;
use super::labels::{EndLabel, Look, draw_at_ends};
use super::svg::{Anchor, Svg, path_through, text_width};
use super::{Chart, Mark, Series};

/// Draws a line for each series in its style, and the years to point out.
pub(super) fn draw(
    svg: &mut Svg,
    chart: &Chart,
    (series, styles): (&[Series], &[usize]),
    marks: &[Mark],
) {
    let look = |at: usize| Look::Line(styles.get(at).copied().unwrap_or(at));
    let entries: Vec<(&str, Look)> =
        series.iter().enumerate().map(|(at, one)| (one.name.as_str(), look(at))).collect();
    let values = || series.iter().flat_map(|one| &one.values).flatten().copied();
    let bounds = (values().fold(0.0, f64::min), values().fold(0.0, f64::max));
    // A line alone is named by the heading of the chart.
    let named = if series.len() == 1 { &[][..] } else { &entries };
    let frame = Frame::draw(svg, chart, named, bounds);
    draw_marks(svg, &frame, marks);
    for (one, (_, look)) in series.iter().zip(&entries) {
        draw_line(svg, &frame, chart, one, *look);
    }
    if svg.size.labels_at_ends() && 1 < series.len() {
        let labels = series.iter().zip(&entries).filter_map(|(one, (name, look))| {
            let last = one.values.iter().rev().find_map(|value| *value)?;
            Some(EndLabel { name, look: *look, y: frame.y(last) })
        });
        draw_at_ends(svg, frame.right, (frame.top - 6.0, frame.bottom + 8.0), labels.collect());
    }
    frame.reading_area(svg);
}

/// Draws one line; a single value, which makes no line, becomes a dot.
pub(super) fn draw_line(svg: &mut Svg, frame: &Frame, chart: &Chart, series: &Series, look: Look) {
    let points: Vec<Option<(f64, f64)>> = chart
        .years
        .iter()
        .zip(&series.values)
        .map(|(year, value)| value.map(|value| (frame.x(*year), frame.y(value))))
        .collect();
    if let [Some((x, y))] = points.iter().filter(|point| point.is_some()).collect::<Vec<_>>()[..] {
        let style = format!("fill=\"{}\"", look.colour());
        svg.rectangle((x - 2.0, y - 2.0), (4.0, 4.0), &style);
        return;
    }
    svg.path(&path_through(points.into_iter()), &look.stroke());
}

fn draw_marks(svg: &mut Svg, frame: &Frame, marks: &[Mark]) {
    let mut y = frame.top - 2.0;
    for mark in marks {
        let x = frame.x(mark.year);
        svg.line(
            (x, y),
            (x, frame.bottom),
            "stroke=\"#7b8794\" stroke-width=\"1\" stroke-dasharray=\"3 3\"",
        );
        let text = format!("{} {}", mark.year, mark.label);
        let fits = x + 5.0 + text_width(&text) <= frame.right;
        let (x, anchor) = if fits { (x + 5.0, Anchor::Start) } else { (x - 5.0, Anchor::End) };
        svg.styled_label((x, y + 8.0), anchor, &text, "fill=\"#3a4450\" class=\"mark\"");
        y += 15.0;
    }
}
