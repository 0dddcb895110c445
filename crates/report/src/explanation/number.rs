/// How a number comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// Its parts, added and taken off.
    Sum,
    /// Its parts, multiplied and divided by.
    Product,
    /// It stands in the assumption files, or follows from them alone.
    Input,
    /// The projection carries it from year to year; its formula says how, and what moves it stands behind it.
    Carried,
    /// It is not taken apart here; its own row says more.
    Row,
}

impl How {
    /// Returns the word used in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Product => "product",
            Self::Input => "input",
            Self::Carried => "carried",
            Self::Row => "row",
        }
    }
}

/// What a part does to the number it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is added.
    Plus,
    /// It is taken off.
    Minus,
    /// It is multiplied with.
    Times,
    /// It is divided by.
    Over,
}

impl Role {
    /// Returns the sign of arithmetic.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Plus => "+",
            Self::Minus => "−",
            Self::Times => "×",
            Self::Over => "÷",
        }
    }
}

/// A number that another one is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// What it does.
    pub role: Role,
    /// The number.
    pub number: Explanation,
}

/// A number, how it comes about, and where its inputs stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What it is, in words.
    pub label: String,
    /// The value; absent for a text, and for a date that does not come.
    pub value: Option<f64>,
    /// The value where it is a text.
    pub said: String,
    /// Its unit.
    pub unit: String,
    /// The row of the tables in which it stands, as an address that can be explained in turn; empty for none.
    pub row: String,
    /// The formula, one line; empty where the parts say everything.
    pub formula: String,
    /// How it comes about.
    pub how: How,
    /// What it is made of.
    pub parts: Vec<Part>,
    /// Numbers that move it without adding or multiplying to it.
    pub behind: Vec<Explanation>,
    /// Paths in the tree of assumptions of what it reads, each a value or all values below it.
    pub reads: Vec<String>,
    /// The year for which these are read.
    pub year: Option<i32>,
    /// Its row is named and not opened, however deep the walk goes.
    pub(crate) closed: bool,
}

impl Explanation {
    /// A number of which nothing is known yet but its value.
    pub(crate) fn new(label: impl Into<String>, value: f64, unit: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: Some(value),
            said: String::new(),
            unit: unit.into(),
            row: String::new(),
            formula: String::new(),
            how: How::Input,
            parts: Vec::new(),
            behind: Vec::new(),
            reads: Vec::new(),
            year: None,
            closed: false,
        }
    }

    /// A number that stands in a row of its own.
    pub(crate) fn of_row(
        label: impl Into<String>,
        value: f64,
        unit: impl Into<String>,
        row: impl Into<String>,
    ) -> Self {
        Self { row: row.into(), how: How::Row, ..Self::new(label, value, unit) }
    }

    /// Names the row and leaves it closed.
    #[must_use]
    pub(crate) fn closed(mut self) -> Self {
        self.closed = true;
        self
    }

    /// Says how it comes about.
    #[must_use]
    pub(crate) fn why(mut self, why: Why) -> Self {
        self.formula = why.formula;
        self.how = why.how;
        self.parts = why.parts;
        self.behind = why.behind;
        self.reads = why.reads;
        self
    }

    /// Says that it follows from the assumptions alone, by this formula and from these paths.
    #[must_use]
    pub(crate) fn given_by<S: Into<String>>(
        self,
        formula: impl Into<String>,
        reads: impl IntoIterator<Item = S>,
    ) -> Self {
        self.why(Why::new(How::Input, formula).reads(reads))
    }

    /// Returns what its parts add up or multiply to; nothing for a number without parts.
    #[must_use]
    pub fn computed(&self) -> Option<f64> {
        let mut parts = self.parts.iter().map(|part| (part.role, part.number.value));
        match self.how {
            How::Sum => parts.try_fold(0.0, |sum, (role, value)| {
                Some(if role == Role::Minus { sum - value? } else { sum + value? })
            }),
            How::Product => parts.try_fold(1.0, |product, (role, value)| {
                Some(if role == Role::Over { product / value? } else { product * value? })
            }),
            How::Input | How::Carried | How::Row => None,
        }
    }

    /// Returns how far its parts, and theirs in turn, are from what they make, over the largest number among them.
    #[must_use]
    pub fn residual(&self) -> f64 {
        let inner = self.parts.iter().map(|part| part.number.residual()).fold(0.0, f64::max);
        let Some((computed, value)) = self.computed().zip(self.value) else { return inner };
        let largest = match self.how {
            How::Sum => self.parts.iter().filter_map(|part| part.number.value).fold(value, larger),
            _ => value,
        };
        let apart = (computed - value).abs();
        // Zero of both is no difference; a difference from nothing is whole.
        let own = if apart <= 0.0 { 0.0 } else { apart / largest.abs().max(f64::MIN_POSITIVE) };
        inner.max(own)
    }
}

fn larger(one: f64, other: f64) -> f64 {
    one.abs().max(other.abs())
}

/// How a number comes about, before it is given to the number.
#[derive(Clone, Debug)]
pub(crate) struct Why {
    formula: String,
    how: How,
    parts: Vec<Part>,
    behind: Vec<Explanation>,
    reads: Vec<String>,
}

impl Why {
    pub(crate) fn new(how: How, formula: impl Into<String>) -> Self {
        let (parts, behind, reads) = (Vec::new(), Vec::new(), Vec::new());
        Self { formula: formula.into(), how, parts, behind, reads }
    }

    /// The parts are added.
    pub(crate) fn sum(formula: impl Into<String>) -> Self {
        Self::new(How::Sum, formula)
    }

    /// The parts are multiplied.
    pub(crate) fn product(formula: impl Into<String>) -> Self {
        Self::new(How::Product, formula)
    }

    /// The projection carries it.
    pub(crate) fn carried(formula: impl Into<String>) -> Self {
        Self::new(How::Carried, formula)
    }

    fn part(mut self, role: Role, number: Explanation) -> Self {
        self.parts.push(Part { role, number });
        self
    }

    #[must_use]
    pub(crate) fn plus(self, number: Explanation) -> Self {
        self.part(Role::Plus, number)
    }

    #[must_use]
    pub(crate) fn plus_all(self, numbers: impl IntoIterator<Item = Explanation>) -> Self {
        numbers.into_iter().fold(self, Self::plus)
    }

    #[must_use]
    pub(crate) fn minus(self, number: Explanation) -> Self {
        self.part(Role::Minus, number)
    }

    #[must_use]
    pub(crate) fn times(self, number: Explanation) -> Self {
        self.part(Role::Times, number)
    }

    #[must_use]
    pub(crate) fn over(self, number: Explanation) -> Self {
        self.part(Role::Over, number)
    }

    /// Names a number that moves this one.
    #[must_use]
    pub(crate) fn behind(mut self, numbers: impl IntoIterator<Item = Explanation>) -> Self {
        self.behind.extend(numbers);
        self
    }

    /// Names what is read.
    #[must_use]
    pub(crate) fn reads<S: Into<String>>(mut self, paths: impl IntoIterator<Item = S>) -> Self {
        self.reads.extend(paths.into_iter().map(Into::into));
        self
    }
}

/// Adds numbers of one unit.
pub(crate) fn total(
    label: impl Into<String>,
    unit: impl Into<String>,
    numbers: Vec<Explanation>,
) -> Explanation {
    let value = numbers.iter().filter_map(|number| number.value).fold(0.0, |sum, one| sum + one);
    Explanation::new(label, value, unit).why(Why::sum("").plus_all(numbers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_that_misses_a_part_has_a_residual() {
        let part = |value: f64| Explanation::new("part", value, "persons");
        let whole = |value: f64| {
            Explanation::new("whole", value, "persons")
                .why(Why::sum("").plus(part(5.0)).minus(part(2.0)))
        };
        assert!(whole(3.0).residual() < 1e-15);
        assert!((whole(4.0).residual() - 0.2).abs() < 1e-15);
        let outer = Explanation::new("outer", 8.0, "crowns")
            .why(Why::product("").times(whole(4.0)).times(part(2.0)));
        assert!((outer.residual() - 0.2).abs() < 1e-15, "an inner residual is found");
    }

    #[test]
    fn a_product_divides_by_what_stands_below() {
        let part = |value: f64| Explanation::new("part", value, "persons");
        let ratio = Explanation::new("ratio", 2.5, "share")
            .why(Why::product("").times(part(5.0)).over(part(2.0)));
        assert!((ratio.computed().unwrap() - 2.5).abs() < 1e-15);
        assert!(ratio.residual() < 1e-15);
    }
}
