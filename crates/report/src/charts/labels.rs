use super::svg::{Anchor, Svg, TEXT, text_width};
use super::{Size, palette};
use crate::format::broken;

/// Distance between the base lines of two labels.
pub(super) const LINE: f64 = 15.0;
/// Letters in a line of a label at the end of a series.
const LETTERS: usize = 24;
/// Width of a key of the legend with the gap after it.
const KEY: f64 = 26.0;

/// How a series is drawn, for its key.
#[derive(Clone, Copy)]
pub(super) enum Look {
    /// A line of the palette.
    Line(usize),
    /// An area of the palette.
    Area(usize),
    /// A line over areas; the position tells such lines apart.
    Over(usize),
}

impl Look {
    /// Returns the colour of the key.
    pub(super) fn colour(self) -> &'static str {
        match self {
            Self::Line(position) => palette::colour(position),
            Self::Area(position) => palette::area(position),
            Self::Over(_) => palette::INK,
        }
    }

    /// Returns the attributes of the stroke of a line.
    pub(super) fn stroke(self) -> String {
        let dashes = match self {
            Self::Line(position) => palette::dashes(position),
            Self::Over(0) | Self::Area(_) => "",
            Self::Over(_) => "5 3",
        };
        let colour = self.colour();
        let dashed = if dashes.is_empty() {
            String::new()
        } else {
            format!(" stroke-dasharray=\"{dashes}\"")
        };
        format!(
            "fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-linejoin=\"round\"{dashed}"
        )
    }
}

/// The name of a series where its line ends.
pub(super) struct EndLabel<'a> {
    /// The name.
    pub(super) name: &'a str,
    /// How it is drawn.
    pub(super) look: Look,
    /// Height of the end of the series in the drawing.
    pub(super) y: f64,
}

/// Returns the room to the right that the labels need.
pub(super) fn room_at_ends<'a>(names: impl Iterator<Item = &'a str>) -> f64 {
    let widest = names
        .flat_map(|name| broken(name, LETTERS))
        .map(|line| text_width(&line))
        .fold(0.0, f64::max);
    widest + KEY
}

/// Writes the names beside the ends of their series, moved apart so that none overlaps.
pub(super) fn draw_at_ends(
    svg: &mut Svg,
    x: f64,
    (top, bottom): (f64, f64),
    mut labels: Vec<EndLabel<'_>>,
) {
    labels.sort_by(|one, other| one.y.total_cmp(&other.y));
    let heights: Vec<f64> =
        labels.iter().map(|label| LINE * count(broken(label.name, LETTERS).len())).collect();
    let wanted: Vec<f64> = labels.iter().map(|label| label.y).collect();
    let centres = spread(&wanted, &heights, (top, bottom));
    for ((label, centre), height) in labels.iter().zip(centres).zip(heights) {
        let colour = label.look.colour();
        let guide = format!("stroke=\"{colour}\" stroke-width=\"1\" opacity=\"0.7\"");
        svg.line((x + 2.0, label.y), (x + 10.0, centre), &guide);
        key(svg, (x + 10.0, centre), 10.0, label.look);
        let mut baseline = centre - height / 2.0 + LINE - 3.5;
        for line in broken(label.name, LETTERS) {
            svg.label((x + KEY, baseline), Anchor::Start, &line);
            baseline += LINE;
        }
    }
}

/// Writes a legend in rows from the top left and returns the height it took.
pub(super) fn draw_legend(svg: &mut Svg, top: f64, entries: &[(&str, Look)]) -> f64 {
    let Size { width, .. } = svg.size;
    let (mut x, mut y) = (0.0, top);
    for (name, look) in entries {
        let needed = KEY + text_width(name) + 12.0;
        if 0.0 < x && width < x + needed {
            x = 0.0;
            y += LINE + 2.0;
        }
        key(svg, (x, y + TEXT / 2.0), 20.0, *look);
        svg.label((x + KEY, y + TEXT - 2.0), Anchor::Start, name);
        x += needed;
    }
    if entries.is_empty() { 0.0 } else { y + LINE + 4.0 - top }
}

fn key(svg: &mut Svg, (x, y): (f64, f64), width: f64, look: Look) {
    match look {
        Look::Area(_) => {
            let style = format!("fill=\"{}\"", look.colour());
            svg.rectangle((x, y - 5.0), (width, 10.0), &style);
        }
        Look::Line(_) | Look::Over(_) => svg.line((x, y), (x + width, y), &look.stroke()),
    }
}

/// Moves centres apart so that blocks of the given heights neither overlap nor leave the range, in their order.
fn spread(wanted: &[f64], heights: &[f64], (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut centres = Vec::with_capacity(wanted.len());
    let mut free_from = top;
    for (want, height) in wanted.iter().zip(heights) {
        let centre = want.max(free_from + height / 2.0);
        centres.push(centre);
        free_from = centre + height / 2.0;
    }
    let mut free_to = bottom;
    for (centre, height) in centres.iter_mut().zip(heights).rev() {
        *centre = centre.min(free_to - height / 2.0);
        free_to = *centre - height / 2.0;
    }
    centres
}

/// Breaks a label into lines that fit a width.
pub(super) fn lines(label: &str, width: f64) -> Vec<String> {
    let letters = width / text_width("n");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 40 to 150")]
    let letters = letters.max(1.0) as usize;
    broken(label, letters)
}

/// Returns the height of a label broken into lines that fit a width.
pub(super) fn lines_height(label: &str, width: f64) -> f64 {
    LINE * count(lines(label, width).len())
}

#[expect(clippy::cast_precision_loss, reason = "a label has a few lines")]
fn count(lines: usize) -> f64 {
    lines as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_end_together_are_moved_apart_and_stay_inside() {
        let heights = [15.0, 30.0, 15.0];
        let centres = spread(&[98.0, 98.0, 99.0], &heights, (0.0, 100.0));
        for pair in 0..2 {
            let gap =
                (centres[pair + 1] - centres[pair]) - (heights[pair] + heights[pair + 1]) / 2.0;
            assert!(-1e-9 <= gap, "{centres:?}");
        }
        assert!(centres[2] + 7.5 <= 100.0 + 1e-9 && 0.0 <= centres[0] - 7.5);
    }

    #[test]
    fn labels_far_apart_stay_where_their_series_end() {
        let centres = spread(&[20.0, 80.0], &[15.0, 15.0], (0.0, 100.0));
        assert!((centres[0] - 20.0).abs() + (centres[1] - 80.0).abs() < 1e-9);
    }
}
