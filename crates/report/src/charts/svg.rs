use std::fmt::Write;

use super::{Chart, Size};

/// Height of the text of a chart.
pub(super) const TEXT: f64 = 12.0;

/// An SVG under construction.
pub(super) struct Svg {
    text: String,
    /// The room of the drawing.
    pub(super) size: Size,
}

/// Where a text stands relative to its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    /// Opens the drawing with its title and description.
    pub(super) fn open(chart: &Chart, size: Size, variant: &str) -> Self {
        let Size { width, height } = size;
        let id = format!("{}-{variant}", chart.id);
        let mut svg = Self { text: String::with_capacity(8192), size };
        svg.write(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart {variant}\" viewBox=\"0 0 {} {}\" \
             role=\"img\" aria-labelledby=\"{id}-t {id}-d\" data-chart=\"{}\" \
             font-family=\"system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif\" font-size=\"{}\">",
            rounded(width),
            rounded(height),
            chart.id,
            rounded(TEXT),
        ));
        svg.write(format_args!("<title id=\"{id}-t\">{}</title>", escaped(&chart.title)));
        svg.write(format_args!("<desc id=\"{id}-d\">{}</desc>", escaped(&chart.description)));
        svg
    }

    /// Returns the whole drawing.
    pub(super) fn close(mut self) -> String {
        self.text.push_str("</svg>");
        self.text
    }

    /// Draws a straight line.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), style: &str) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(rounded);
        self.write(format_args!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" {style}/>"));
    }

    /// Draws a rectangle from its upper left corner.
    pub(super) fn rectangle(&mut self, corner: (f64, f64), size: (f64, f64), style: &str) {
        let [x, y, width, height] = [corner.0, corner.1, size.0, size.1].map(rounded);
        self.write(format_args!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" {style}/>"
        ));
    }

    /// Draws a path.
    pub(super) fn path(&mut self, path: &str, style: &str) {
        self.write(format_args!("<path d=\"{path}\" {style}/>"));
    }

    /// Writes a line of text whose base line is at `at`.
    pub(super) fn label(&mut self, at: (f64, f64), anchor: Anchor, text: &str) {
        self.styled_label(at, anchor, text, "fill=\"#3a4450\"");
    }

    /// Writes a line of text with attributes of its own.
    pub(super) fn styled_label(&mut self, at: (f64, f64), anchor: Anchor, text: &str, style: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let (x, y) = (rounded(at.0), rounded(at.1));
        let text = escaped(text);
        self.write(format_args!("<text x=\"{x}\" y=\"{y}\"{anchor} {style}>{text}</text>"));
    }

    /// Tells the script where the plot is: the axis that is read (`x` or `y`) and its ends in the drawing.
    pub(super) fn reading_area(&mut self, axis: &str, corner: (f64, f64), size: (f64, f64)) {
        let style =
            format!("class=\"reading\" data-axis=\"{axis}\" fill=\"none\" pointer-events=\"all\"");
        self.rectangle(corner, size, &style);
    }

    fn write(&mut self, arguments: std::fmt::Arguments<'_>) {
        self.text.write_fmt(arguments).expect("writing to a string cannot fail");
    }
}

/// Returns the room that a line of text needs at most, in the widest of the usual sans-serif fonts.
pub(super) fn text_width(text: &str) -> f64 {
    let letter = |letter: char| match letter {
        'i' | 'j' | 'l' | 'I' | 't' | 'f' | 'r' | ' ' | '.' | ',' | ':' | ';' | '\'' | '('
        | ')' => 4.8,
        'm' | 'w' | 'M' | 'W' | '%' => 11.9,
        'A'..='Z' => 9.2,
        _ => 7.7,
    };
    text.chars().map(letter).sum()
}

/// Writes a coordinate with at most two decimals.
pub(super) fn rounded(value: f64) -> String {
    #[allow(clippy::cast_possible_truncation, reason = "a drawing is some thousand units wide")]
    let hundredths = (value * 100.0).round_ties_even() as i64;
    let (whole, part) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    let sign = if hundredths < 0 { "-" } else { "" };
    // A page holds many thousands of coordinates: formatting floats would take a tenth of its time.
    match part {
        0 => format!("{sign}{whole}"),
        part if part % 10 == 0 => format!("{sign}{whole}.{}", part / 10),
        part => format!("{sign}{whole}.{part:02}"),
    }
}

/// Returns the path through points; a gap begins anew.
pub(super) fn path_through(points: impl Iterator<Item = Option<(f64, f64)>>) -> String {
    let mut path = String::new();
    let mut pen = 'M';
    for point in points {
        match point {
            Some((x, y)) => {
                write!(path, "{pen}{} {}", rounded(x), rounded(y))
                    .expect("writing to a string cannot fail");
                pen = 'L';
            }
            None => pen = 'M',
        }
    }
    path
}

/// Writes a text so that it cannot become markup.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_at_most_two_decimals_and_no_negative_zero() {
        assert_eq!(rounded(1.0 / 3.0), "0.33");
        assert_eq!(rounded(120.0), "120");
        assert_eq!(rounded(-0.001), "0");
    }

    #[test]
    fn a_gap_in_the_values_breaks_the_line() {
        let points = [Some((0.0, 1.0)), None, Some((2.0, 3.0)), Some((4.0, 5.0))];
        assert_eq!(path_through(points.into_iter()), "M0 1M2 3L4 5");
    }

    #[test]
    fn names_from_files_cannot_become_markup() {
        assert_eq!(escaped("<a> & b"), "&lt;a&gt; &amp; b");
    }
}
