use perennis_units::with_commas;

/// What a figure counts; decides how it is scaled and how many digits a reader sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// People, or person-years.
    Persons,
    /// Currency of a whole scheme or account; rows of one subject are shown in the same unit.
    Money,
    /// Currency for one person.
    MoneyEach,
    /// A share, shown in percent.
    Share,
    /// A reserve in years of expenditure.
    YearsOfExpenditure,
    /// A length of life in years.
    Years,
    /// Events for each person in a year.
    Count,
}

/// One scale and one number of decimals for a row of a table or the axis of a chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    factor: f64,
    decimals: usize,
    /// The unit to print beside the numbers.
    pub(crate) unit: String,
}

impl Scale {
    /// Chooses the scale that suits the largest and the smallest of `values`, so that both keep digits.
    pub(crate) fn of(
        quantity: Quantity,
        currency: &str,
        values: impl Iterator<Item = f64>,
    ) -> Self {
        let (mut smallest, mut largest) = (f64::INFINITY, 0.0_f64);
        for value in values.map(f64::abs).filter(|value| 0.0 < *value) {
            smallest = smallest.min(value);
            largest = largest.max(value);
        }
        let middle =
            if 0.0 < largest { (smallest.max(1e-3 * largest) * largest).sqrt() } else { 0.0 };
        let (power, word) = match quantity {
            Quantity::Persons => large_number(middle, 1e4),
            Quantity::Money | Quantity::MoneyEach => large_number(middle, 1e6),
            Quantity::Share => (1e-2, ""),
            Quantity::YearsOfExpenditure | Quantity::Years | Quantity::Count => (1.0, ""),
        };
        let unit = match quantity {
            Quantity::Persons => joined(word, "persons"),
            Quantity::Money | Quantity::MoneyEach => joined(word, currency),
            Quantity::Share => "%".to_owned(),
            Quantity::YearsOfExpenditure | Quantity::Years => "years".to_owned(),
            Quantity::Count => "a year".to_owned(),
        };
        let decimals = match (quantity, word) {
            (Quantity::Persons | Quantity::Money | Quantity::MoneyEach, "") => 0,
            (Quantity::Share | Quantity::YearsOfExpenditure, _) => decimals(largest / power).min(2),
            _ => decimals(middle / power),
        };
        let decimals = if quantity == Quantity::Share { decimals.max(1) } else { decimals };
        Self { factor: 1.0 / power, decimals, unit }
    }

    /// Returns the same scale with at least so many decimals.
    pub(crate) fn with_decimals(self, decimals: usize) -> Self {
        Self { decimals: self.decimals.max(decimals), ..self }
    }

    /// Returns the number without its unit: commas between thousands, a true minus.
    pub(crate) fn number(&self, value: f64) -> String {
        grouped(value * self.factor, self.decimals)
    }

    /// Returns the number with its unit.
    pub(crate) fn with_unit(&self, value: f64) -> String {
        let space = if self.unit == "%" { "\u{202f}" } else { "\u{a0}" };
        format!("{}{space}{}", self.number(value), self.unit)
    }

    /// Returns what one shown unit counts, to scale the values of a chart.
    pub(crate) const fn factor(&self) -> f64 {
        self.factor
    }

    /// Returns the decimals shown.
    pub(crate) const fn decimals(&self) -> usize {
        self.decimals
    }
}

/// Writes a number with `decimals` decimals and commas between thousands, as in the terminal.
pub(crate) fn grouped(value: f64, decimals: usize) -> String {
    let plain = format!("{value:.decimals$}");
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) if digits.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) => {
            ("\u{2212}", digits)
        }
        Some(digits) => ("", digits),
        None => ("", plain.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = format!("{sign}{}", with_commas(whole));
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Turns a name of the files into words: `short_term` becomes `Short term`.
pub(crate) fn words(name: &str) -> String {
    let spaced = name.replace(['_', '-'], " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Turns a name of the files into an identifier for links and charts: ASCII letters, digits and hyphens.
pub(crate) fn identifier(name: &str) -> String {
    let keep = |letter: char| {
        if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '-' }
    };
    name.chars().map(keep).collect()
}

fn large_number(largest: f64, from: f64) -> (f64, &'static str) {
    match largest {
        _ if largest < from => (1.0, ""),
        _ if 1e12 <= largest => (1e12, "trillion"),
        _ if 1e9 <= largest => (1e9, "billion"),
        _ if 1e6 <= largest => (1e6, "million"),
        _ => (1e3, "thousand"),
    }
}

fn joined(word: &str, unit: &str) -> String {
    if word.is_empty() { unit.to_owned() } else { format!("{word} {unit}") }
}

fn decimals(largest: f64) -> usize {
    match largest {
        _ if 300.0 <= largest => 0,
        _ if 10.0 <= largest => 1,
        _ => 2,
    }
}

/// Breaks a text at spaces into lines of at most `letters`, longer words excepted.
pub(crate) fn broken(text: &str, letters: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && letters < line.chars().count() + 1 + word.chars().count() {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(quantity: Quantity, largest: f64) -> Scale {
        Scale::of(quantity, "crowns", [largest].into_iter())
    }

    #[test]
    fn large_amounts_are_named_and_keep_three_digits() {
        let money = scale(Quantity::Money, 4.256e12);
        assert_eq!(money.with_unit(4.256e12), "4.26\u{a0}trillion crowns");
        assert_eq!(money.number(3.1e10), "0.03");
        assert_eq!(
            scale(Quantity::Persons, 101_320_000.0).with_unit(101_320_000.0),
            "101.3\u{a0}million persons"
        );
        assert_eq!(scale(Quantity::Persons, 512.4).with_unit(512.4), "512\u{a0}persons");
    }

    #[test]
    fn a_row_that_grows_a_hundredfold_keeps_the_digits_of_its_start() {
        let scale = Scale::of(Quantity::Money, "crowns", [1.4e11, 0.0, 1.19e13].into_iter());
        assert_eq!((scale.number(1.4e11), scale.number(1.19e13)), ("0.14".into(), "11.90".into()));
        let scale = Scale::of(Quantity::Money, "crowns", [6e4, 2.3e6].into_iter());
        assert_eq!(scale.with_unit(6e4), "60,000\u{a0}crowns");
    }

    #[test]
    fn commas_stand_between_thousands() {
        assert_eq!(grouped(1234.0, 0), "1,234");
        assert_eq!(grouped(12_345.6, 1), "12,345.6");
        assert_eq!(grouped(-1_234_567.0, 0), "\u{2212}1,234,567");
    }

    #[test]
    fn a_number_that_rounds_to_nothing_has_no_sign() {
        assert_eq!(grouped(-0.001, 1), "0.0");
    }

    #[test]
    fn shares_are_shown_in_percent() {
        assert_eq!(scale(Quantity::Share, 0.22).with_unit(0.0853), "8.5\u{202f}%");
        assert_eq!(scale(Quantity::Share, 0.031).with_unit(0.0312), "3.12\u{202f}%");
    }

    #[test]
    fn names_of_files_become_words() {
        assert_eq!(words("sickness_and_maternity"), "Sickness and maternity");
        assert_eq!(identifier("Fund A"), "fund-a");
    }

    #[test]
    fn long_names_are_broken_at_spaces() {
        assert_eq!(
            broken("Expenditure of the branch on medicines", 24),
            ["Expenditure of the", "branch on medicines"]
        );
    }
}
