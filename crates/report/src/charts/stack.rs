use super::frame::Frame;
use super::labels::{EndLabel, Look, draw_at_ends};
use super::lines::draw_line;
use super::svg::{Svg, path_through};
use super::{Chart, Series};

/// Draws areas on top of one another and lines over them.
pub(super) fn draw(svg: &mut Svg, chart: &Chart, series: &[Series], over: &[Series]) {
    let bounds = cumulated(chart.years.len(), series);
    let areas = series.iter().enumerate().map(|(at, one)| (one.name.as_str(), Look::Area(at)));
    let lines = over.iter().enumerate().map(|(at, one)| (one.name.as_str(), Look::Over(at)));
    let entries: Vec<(&str, Look)> = areas.rev().chain(lines).collect();
    let highest = bounds
        .iter()
        .flatten()
        .copied()
        .chain(over.iter().flat_map(|one| one.values.iter().flatten().copied()));
    let highest = highest.fold(0.0, f64::max);
    let frame = Frame::draw(svg, chart, &entries, (0.0, highest));
    for (at, pair) in bounds.windows(2).enumerate() {
        draw_area(svg, &frame, chart, (&pair[0], &pair[1]), Look::Area(at));
    }
    for (at, one) in over.iter().enumerate() {
        draw_line(svg, &frame, chart, one, Look::Over(at));
    }
    if svg.size.labels_at_ends() {
        draw_at_ends(
            svg,
            frame.right,
            (frame.top - 6.0, frame.bottom + 8.0),
            labels(&frame, &bounds, series, over),
        );
    }
    frame.reading_area(svg);
}

fn labels<'a>(
    frame: &Frame,
    bounds: &[Vec<f64>],
    series: &'a [Series],
    over: &'a [Series],
) -> Vec<EndLabel<'a>> {
    let end = |values: &[f64]| values.last().copied().unwrap_or(0.0);
    let areas = series.iter().enumerate().map(|(at, one)| {
        let middle = 0.5 * (end(&bounds[at]) + end(&bounds[at + 1]));
        EndLabel { name: &one.name, look: Look::Area(at), y: frame.y(middle) }
    });
    let lines = over.iter().enumerate().filter_map(|(at, one)| {
        let last = one.values.iter().rev().find_map(|value| *value)?;
        Some(EndLabel { name: &one.name, look: Look::Over(at), y: frame.y(last) })
    });
    // Areas from the top down, so that equal heights keep the order of the areas.
    let areas: Vec<_> = areas.collect();
    areas.into_iter().rev().chain(lines).collect()
}

/// Returns the lower bound of the first area and the upper bound of each.
fn cumulated(years: usize, series: &[Series]) -> Vec<Vec<f64>> {
    let mut bounds = vec![vec![0.0; years]];
    for one in series {
        let below = bounds.last().expect("the first bound stands");
        let above = below.iter().zip(&one.values).map(|(sum, value)| sum + value.unwrap_or(0.0));
        bounds.push(above.collect());
    }
    bounds
}

fn draw_area(
    svg: &mut Svg,
    frame: &Frame,
    chart: &Chart,
    (below, above): (&[f64], &[f64]),
    look: Look,
) {
    let point = |year: &i32, value: &f64| Some((frame.x(*year), frame.y(*value)));
    let forth = chart.years.iter().zip(above).map(|(year, value)| point(year, value));
    let back = chart.years.iter().zip(below).rev().map(|(year, value)| point(year, value));
    let path = path_through(forth.chain(back));
    let style = format!("fill=\"{}\" stroke=\"#fff\" stroke-width=\"0.75\"", look.colour());
    svg.path(&format!("{path}Z"), &style);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_stand_on_one_another() {
        let series =
            [2.0, 3.0].map(|value| Series { name: "a".into(), values: vec![Some(value), None] });
        assert_eq!(cumulated(2, &series), [[0.0, 0.0], [2.0, 0.0], [5.0, 0.0]]);
    }
}
