/// The specification of a chart: everything a renderer needs and nothing about how it looks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chart {
    /// Identifier within the report.
    pub(crate) id: String,
    /// What it shows, as a heading.
    pub(crate) title: String,
    /// One sentence for those who do not see it.
    pub(crate) description: String,
    /// Unit of the values.
    pub(crate) unit: String,
    /// Decimals of a value in words.
    pub(crate) decimals: usize,
    /// The calendar years of the horizontal axis; empty for pyramids and bars.
    pub(crate) years: Vec<i32>,
    /// The values.
    pub(crate) kind: ChartKind,
}

/// The kinds of chart and their values, in [`Chart::unit`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ChartKind {
    /// A line for each series.
    Lines {
        /// The lines.
        series: Vec<Series>,
        /// Position in the palette of each line; their order where this is empty.
        styles: Vec<usize>,
        /// Years to point out.
        marks: Vec<Mark>,
    },
    /// Areas on top of one another, the first at the bottom.
    Stack {
        /// The areas; no value is negative.
        series: Vec<Series>,
        /// Lines drawn over the areas.
        over: Vec<Series>,
    },
    /// Men to the left and women to the right, by single age from the bottom.
    Pyramid {
        /// Men by age.
        men: Vec<f64>,
        /// Women by age.
        women: Vec<f64>,
        /// Another year to compare with.
        outline: Option<Outline>,
        /// The largest value of the charts to be compared.
        largest: f64,
    },
    /// Horizontal bars.
    Bars {
        /// The bars, from the top.
        bars: Vec<Bar>,
        /// Bounds within which a value is as it should be.
        within: (f64, f64),
    },
    /// Horizontal bars from one value to another, each beginning where the one above ends: a waterfall.
    Spans {
        /// The bars, from the top.
        spans: Vec<Span>,
    },
    /// For each row, bars from one common value to others.
    Tornado {
        /// The rows, from the top.
        rows: Vec<TornadoRow>,
        /// The common value.
        baseline: f64,
        /// What stands over it.
        text: String,
    },
}

/// A row of a tornado.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TornadoRow {
    /// What it is.
    pub(crate) label: String,
    /// Its bars, from the top.
    pub(crate) bars: Vec<TornadoBar>,
}

/// A bar from the common value of a tornado.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TornadoBar {
    /// Where it ends.
    pub(crate) to: f64,
    /// What stands at its end.
    pub(crate) text: String,
    /// Whether the assumption is larger.
    pub(crate) up: bool,
}

/// A horizontal bar from one value to another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Span {
    /// What it is.
    pub(crate) label: String,
    /// Where it begins.
    pub(crate) from: f64,
    /// Where it ends.
    pub(crate) to: f64,
    /// What stands beside it.
    pub(crate) text: String,
    /// How it is drawn.
    pub(crate) kind: SpanKind,
}

/// How a bar of a waterfall is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpanKind {
    /// A value and no change.
    Level,
    /// What one step adds.
    Effect,
    /// What several steps add together.
    Together,
}

/// A named path of values, one for each year.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Series {
    /// Name in words.
    pub(crate) name: String,
    /// A value for each year, where there is one.
    pub(crate) values: Vec<Option<f64>>,
}

/// A year to point out.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    /// The calendar year.
    pub(crate) year: i32,
    /// What happens in it.
    pub(crate) label: String,
}

/// The outline of another pyramid.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outline {
    /// What it is, such as a year.
    pub(crate) label: String,
    /// Men by age.
    pub(crate) men: Vec<f64>,
    /// Women by age.
    pub(crate) women: Vec<f64>,
}

/// A horizontal bar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    /// What it is.
    pub(crate) label: String,
    /// Its value.
    pub(crate) value: f64,
    /// Whether it is to be pointed out.
    pub(crate) marked: bool,
}
