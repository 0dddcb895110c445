use super::Outline;
use super::palette::{INK, MEN, WOMEN};
use super::scale::{tick_decimals, ticks};
use super::svg::{Anchor, Svg, TEXT, path_through, rounded};
use crate::format::grouped;

/// Room for the ages.
const AGES: f64 = 30.0;

struct Frame {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    largest: f64,
    ages: usize,
}

impl Frame {
    fn centre(&self) -> f64 {
        0.5 * (self.left + self.right)
    }

    /// Returns where a value stands: to the left for men, to the right for women.
    fn x(&self, value: f64, side: f64) -> f64 {
        self.centre() + side * (self.right - self.left) / 2.0 * value / self.largest
    }

    /// Returns where an exact age stands.
    #[expect(clippy::cast_precision_loss, reason = "ages are small")]
    fn y(&self, age: usize) -> f64 {
        self.bottom - (self.bottom - self.top) * age as f64 / self.ages.max(1) as f64
    }

    /// Returns the outline of one side, a step for each single age.
    fn steps(&self, values: &[f64], side: f64) -> String {
        let corners = values.iter().enumerate().flat_map(|(age, value)| {
            let x = self.x(*value, side);
            [Some((x, self.y(age))), Some((x, self.y(age + 1)))]
        });
        path_through(corners)
    }
}

/// Draws men to the left and women to the right by single age, with another year as an outline.
pub(super) fn draw(
    svg: &mut Svg,
    men: &[f64],
    women: &[f64],
    (outline, largest): (Option<&Outline>, f64),
) {
    let wide = svg.size.width;
    let values = ticks(0.0, largest, 2);
    let scale = values.last().copied().unwrap_or(1.0);
    let frame = Frame {
        left: AGES,
        right: wide - 16.0,
        top: TEXT + 12.0,
        bottom: svg.size.height - 42.0,
        largest: scale,
        ages: men.len(),
    };
    draw_axes(svg, &frame, &values);
    for (people, side, colour) in [(men, -1.0, MEN), (women, 1.0, WOMEN)] {
        let steps = frame.steps(people, side).replacen('M', "L", 1);
        let [x, top, bottom] = [frame.centre(), frame.top, frame.bottom].map(rounded);
        let path = format!("M{x} {bottom}{steps}L{x} {top}Z");
        svg.path(&path, &format!("fill=\"{colour}\""));
    }
    if let Some(outline) = outline {
        let style = format!(
            "fill=\"none\" stroke=\"{INK}\" stroke-width=\"1.25\" stroke-dasharray=\"3 2\""
        );
        svg.path(&frame.steps(&outline.men, -1.0), &style);
        svg.path(&frame.steps(&outline.women, 1.0), &style);
        let text = format!("dashed: {}", outline.label);
        svg.label((wide - 16.0, svg.size.height - 4.0), Anchor::End, &text);
    }
    svg.styled_label(
        (frame.left, TEXT),
        Anchor::Start,
        "Men",
        &format!("fill=\"{MEN}\" font-weight=\"600\""),
    );
    svg.styled_label(
        (frame.right, TEXT),
        Anchor::End,
        "Women",
        "fill=\"#a9561c\" font-weight=\"600\"",
    );
    svg.reading_area(
        "y",
        (frame.left, frame.top),
        (frame.right - frame.left, frame.bottom - frame.top),
    );
}

fn draw_axes(svg: &mut Svg, frame: &Frame, values: &[f64]) {
    for age in (0..frame.ages).step_by(20) {
        let y = frame.y(age);
        svg.line((frame.left, y), (frame.right, y), "stroke=\"#e1e6eb\" stroke-width=\"1\"");
        svg.label((frame.left - 6.0, y + 4.0), Anchor::End, &age.to_string());
    }
    let decimals = tick_decimals(values);
    for value in values {
        for side in [-1.0, 1.0] {
            let x = frame.x(*value, side);
            svg.line((x, frame.top), (x, frame.bottom), "stroke=\"#e1e6eb\" stroke-width=\"1\"");
            if 0.0 < *value || 0.0 < side {
                svg.label((x, frame.bottom + 16.0), Anchor::Middle, &grouped(*value, decimals));
            }
        }
    }
}
