use crate::at::At;
use crate::diagnostics::Code;
use crate::tree::Node;

/// How the units of a kind are written.
#[derive(Clone, Copy, Debug)]
enum Units {
    /// Each with the factor to the first.
    Listed(&'static [(&'static str, f64)]),
    /// Persons, also in thousands and millions.
    Persons,
    /// The currency of the valuation.
    Money(Per),
    /// Whatever a number of the law may be in; only to say what is accepted.
    OfLaw,
}

/// The time to which an amount refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Per {
    Nothing,
    Year,
    Month,
    /// A part of the year: so many make one.
    Part(u8),
    /// One named year: `dong` and `dong a year` say the same.
    NamedYear,
    /// Any: an amount a month counts twelve times, a sum as it is.
    Any,
}

/// What a number measures: its accepted units and its bounds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    noun: &'static str,
    units: Units,
    low: f64,
    high: f64,
}

const SHARES: Units = Units::Listed(&[("share", 1.0)]);
const SHARES_A_YEAR: Units = Units::Listed(&[("share a year", 1.0)]);

impl Kind {
    /// A part of a whole, 0 to 1.
    pub(crate) const SHARE: Self = Self { noun: "a share", units: SHARES, low: 0.0, high: 1.0 };
    /// The probability of an event within a year, 0 to 1.
    pub(crate) const PROBABILITY: Self = Self {
        noun: "a probability",
        units: Units::Listed(&[
            ("probability", 1.0),
            ("probability a year", 1.0),
            ("share a year", 1.0),
        ]),
        low: 0.0,
        high: 1.0,
    };
    /// A relative change a year, -0.5 to 1; also interest.
    pub(crate) const GROWTH: Self =
        Self { noun: "a growth a year", units: SHARES_A_YEAR, low: -0.5, high: 1.0 };
    /// A rate of contribution, accrual or reduction: a share, 0 to 1; the unit may name the time.
    pub(crate) const RATE_OF_LAW: Self = Self {
        noun: "a rate",
        units: Units::Listed(&[("share", 1.0), ("share a year", 1.0), ("share a month", 12.0)]),
        low: 0.0,
        high: 1.0,
    };
    /// A growth or an interest that a law fixes, -1 to 1; both units are of a year.
    pub(crate) const GROWTH_OF_LAW: Self = Self {
        noun: "a growth",
        units: Units::Listed(&[("share", 1.0), ("share a year", 1.0)]),
        low: -1.0,
        high: 1.0,
    };
    /// Deaths per person-year, 0 to 2: at a rate of 2 nobody survives a year of age.
    pub(crate) const DEATH_RATE: Self = Self {
        noun: "a death rate",
        units: Units::Listed(&[
            ("deaths per person-year", 1.0),
            ("per person-year", 1.0),
            ("deaths per thousand person-years", 1e-3),
            ("per thousand person-years", 1e-3),
        ]),
        low: 0.0,
        high: 2.0,
    };
    /// Births per woman-year, 0 to 1.
    pub(crate) const BIRTH_RATE: Self = Self {
        noun: "a fertility rate",
        units: Units::Listed(&[
            ("births per woman-year", 1.0),
            ("per woman-year", 1.0),
            ("births per thousand woman-years", 1e-3),
            ("per thousand woman-years", 1e-3),
        ]),
        low: 0.0,
        high: 1.0,
    };
    /// Visits, admissions or days per person-year, 0 to 400.
    pub(crate) const CONTACTS: Self = Self {
        noun: "a number of contacts",
        units: Units::Listed(&[("per person-year", 1.0), ("per thousand person-years", 1e-3)]),
        low: 0.0,
        high: 400.0,
    };
    /// Persons, 0 to 1e10.
    pub(crate) const PERSONS: Self =
        Self { noun: "a number of persons", units: Units::Persons, low: 0.0, high: 1e10 };
    /// Years lived or paid by persons, 0 to 1e12.
    pub(crate) const PERSON_YEARS: Self = Self {
        noun: "a number of person-years",
        units: Units::Listed(&[
            ("person-years", 1.0),
            ("thousand person-years", 1e3),
            ("million person-years", 1e6),
        ]),
        low: 0.0,
        high: 1e12,
    };
    /// Persons with a sign: net migrants.
    pub(crate) const NET_PERSONS: Self =
        Self { noun: "a net number of persons", units: Units::Persons, low: -1e10, high: 1e10 };
    /// Years: expectations of life, ages with a fraction; 0 to 130.
    pub(crate) const YEARS: Self = Self {
        noun: "a number of years",
        units: Units::Listed(&[("years", 1.0)]),
        low: 0.0,
        high: 130.0,
    };
    /// A length of time of the law in months, also written in years; 0 to 1,560.
    pub(crate) const MONTHS: Self = Self {
        noun: "a length of time",
        units: Units::Listed(&[("months", 1.0), ("quarters", 3.0), ("years", 12.0)]),
        low: 0.0,
        high: 1560.0,
    };
    /// Children per woman, 0 to 15.
    pub(crate) const CHILDREN: Self = Self {
        noun: "a total fertility rate",
        units: Units::Listed(&[("children per woman", 1.0)]),
        low: 0.0,
        high: 15.0,
    };
    /// Boys per girl at birth, 0.8 to 1.4.
    pub(crate) const SEX_RATIO: Self = Self {
        noun: "a sex ratio at birth",
        units: Units::Listed(&[("boys per girl", 1.0), ("boys per 100 girls", 0.01)]),
        low: 0.8,
        high: 1.4,
    };
    /// A factor, 0 to 1,000: a multiple of something else.
    pub(crate) const FACTOR: Self = Self {
        noun: "a factor",
        units: Units::Listed(&[("factor", 1.0), ("ratio", 1.0), ("multiple", 1.0)]),
        low: 0.0,
        high: 1000.0,
    };
    /// A multiple or a part of something else, 0 to 1,000.
    pub(crate) const MULTIPLE: Self = Self {
        noun: "a multiple",
        units: Units::Listed(&[("factor", 1.0), ("ratio", 1.0), ("multiple", 1.0), ("share", 1.0)]),
        low: 0.0,
        high: 1000.0,
    };
    /// Months of earnings for each year of credit, 0 to 24.
    pub(crate) const EARNINGS_MONTHS: Self = Self {
        noun: "a number of months of earnings for a year of credit",
        units: Units::Listed(&[("months a year", 1.0)]),
        low: 0.0,
        high: 24.0,
    };
    /// A national stock, such as a reserve; 0 to 1e18.
    pub(crate) const MONEY: Self =
        Self { noun: "an amount", units: Units::Money(Per::Nothing), low: 0.0, high: 1e18 };
    /// A national amount of one named year, such as output or a published account; 0 to 1e18.
    pub(crate) const MONEY_OF_THE_YEAR: Self = Self {
        noun: "an amount of a year",
        units: Units::Money(Per::NamedYear),
        low: 0.0,
        high: 1e18,
    };
    /// An amount per person a year, 0 to 1e12; an amount a month counts twelve times.
    pub(crate) const PAY_A_YEAR: Self = Self {
        noun: "an amount per person a year",
        units: Units::Money(Per::Year),
        low: 0.0,
        high: 1e12,
    };
    /// An amount per person or per contact without a period, 0 to 1e12.
    pub(crate) const PAY: Self = Self {
        noun: "an amount per person",
        units: Units::Money(Per::Nothing),
        low: 0.0,
        high: 1e12,
    };

    /// The level of an index, above 0 and up to 1e12; only ratios matter.
    pub(crate) const INDEX_LEVEL: Self = Self {
        noun: "the level of an index",
        units: Units::Listed(&[("index", 1.0)]),
        low: 1e-12,
        high: 1e12,
    };
    /// An age in years, also written in months; 0 to 130.
    pub(crate) const AGE: Self = Self {
        noun: "an age",
        units: Units::Listed(&[("years", 1.0), ("months", 1.0 / 12.0)]),
        low: 0.0,
        high: 130.0,
    };
    /// A length of time stated of a person in months, also written in quarters or years; 0 to 1,560.
    pub(crate) const STATED_MONTHS: Self = Self {
        noun: "a length of time",
        units: Units::Listed(&[("months", 1.0), ("quarters", 3.0), ("years", 12.0)]),
        low: 0.0,
        high: 1560.0,
    };
    /// A number stated of a person: points, a share, a ratio, heads; -1e12 to 1e12.
    pub(crate) const STATED_NUMBER: Self = Self {
        noun: "a number",
        units: Units::Listed(&[
            ("number", 1.0),
            ("points", 1.0),
            ("share", 1.0),
            ("ratio", 1.0),
            ("factor", 1.0),
            ("persons", 1.0),
        ]),
        low: -1e12,
        high: 1e12,
    };

    /// A number of a whole nation that a law reads, such as a balance ratio or a life expectancy.
    pub(crate) const INDICATOR: Self = Self {
        noun: "a number",
        units: Units::Listed(&[
            ("number", 1.0),
            ("points", 1.0),
            ("share", 1.0),
            ("ratio", 1.0),
            ("factor", 1.0),
            ("persons", 1.0),
            ("years", 1.0),
        ]),
        low: -1e12,
        high: 1e12,
    };

    /// An amount of the law, 0 to 1e12: a year, a month (counts twelve times), or a sum.
    pub(crate) const AMOUNT_OF_LAW: Self =
        Self { noun: "an amount", units: Units::Money(Per::Any), low: 0.0, high: 1e12 };
    /// The level of an index, 0 to 1e12.
    pub(crate) const INDEX: Self = Self {
        noun: "a level of an index",
        units: Units::Listed(&[("index", 1.0)]),
        low: 0.0,
        high: 1e12,
    };
    /// Those alive of any number at the first age, 0 to 1e9.
    pub(crate) const SURVIVORS: Self = Self {
        noun: "a number of survivors",
        units: Units::Listed(&[("persons", 1.0), ("share", 1.0), ("probability", 1.0)]),
        low: 0.0,
        high: 1e9,
    };
    const SHARE_OF_LAW: Self = Self {
        noun: "a share",
        units: Units::Listed(&[("share", 1.0), ("share a year", 1.0), ("share a month", 1.0)]),
        low: -10.0,
        high: 10.0,
    };
    const NUMBER_OF_LAW: Self = Self {
        noun: "a number",
        units: Units::Listed(&[
            ("number", 1.0),
            ("factor", 1.0),
            ("ratio", 1.0),
            ("multiple", 1.0),
            ("points", 1.0),
            ("points a year", 1.0),
            ("persons", 1.0),
        ]),
        low: -1e9,
        high: 1e9,
    };
    const OF_LAW: Self =
        Self { noun: "a number of the law", units: Units::OfLaw, low: 0.0, high: 0.0 };

    /// Returns what a number of the law is in arithmetic, by its unit alone.
    pub(crate) fn of_law(unit: &str, currency: &str) -> Self {
        let kinds = [
            Self::MONTHS,
            Self::SHARE_OF_LAW,
            Self::NUMBER_OF_LAW,
            Self::EARNINGS_MONTHS,
            Self::AMOUNT_OF_LAW,
        ];
        let fits = kinds.into_iter().find(|kind| kind.factor(unit, currency).is_ok());
        fits.unwrap_or(Self::OF_LAW)
    }

    /// The same kind with other bounds, in the unit of the result.
    pub(crate) const fn within(self, low: f64, high: f64) -> Self {
        Self { low, high, ..self }
    }

    /// The same kind under another name in messages, with the article.
    pub(crate) const fn called(self, noun: &'static str) -> Self {
        Self { noun, ..self }
    }

    /// Says whether it is a relative change a year.
    pub(crate) fn is_growth(&self) -> bool {
        matches!(self.units, Units::Listed([("share a year", _)])) && self.low < 0.0
    }

    /// Returns the factor from `unit` to the unit of the result, or what is accepted instead.
    pub(crate) fn factor(&self, unit: &str, currency: &str) -> Result<f64, String> {
        match self.units {
            Units::Listed(list) => list
                .iter()
                .find(|(word, _)| *word == unit)
                .map(|(_, factor)| *factor)
                .ok_or_else(|| {
                    list.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ")
                }),
            Units::Persons => multiple(unit)
                .and_then(|(factor, rest)| (rest == "persons").then_some(factor))
                .ok_or_else(|| "`persons`, `thousand persons`, `million persons`".to_owned()),
            Units::Money(per) => {
                money(unit, currency, per).ok_or_else(|| accepted_money(currency, per))
            }
            Units::OfLaw => Err(format!(
                "`months`, `quarters`, `years`, `share`, `share a year`, `factor`, `number`, `points`, `months a year`, {}",
                accepted_money(currency, Per::Any)
            )),
        }
    }

    /// Checks a value already in the unit of the result, reporting at `at` what no such quantity can be.
    pub(crate) fn check(&self, value: f64, at: &At<'_>) -> Option<f64> {
        match self.fault(value) {
            None => Some(value),
            Some((code, reason, remedy)) => {
                let written = at.node().map(Node::written).unwrap_or_default();
                at.fault(code, beside(reason, &written, value), remedy);
                None
            }
        }
    }

    /// Returns what is wrong with a value in the unit of the result: code, reason, remedy.
    pub(crate) fn fault(&self, value: f64) -> Option<(Code, String, String)> {
        let Self { noun, low, high, .. } = *self;
        if !value.is_finite() {
            return Some((
                Code::NotFinite,
                format!("{value} is not {noun}"),
                "give a finite number".into(),
            ));
        }
        if low <= value && value <= high {
            return None;
        }
        let is_share = matches!(self.units, Units::Listed(list) if list[0].0.starts_with("share") || list[0].0 == "probability");
        let bounds = format!("{} to {}", plain(low), plain(high));
        if is_share && 1.0 < value.abs() && value.abs() <= 100.0 && (0.0 <= value || low < 0.0) {
            let reason = format!(
                "{} is outside {bounds}, the bounds of {noun}; it stands for {} %",
                plain(value),
                plain(value * 100.0)
            );
            let remedy = format!(
                "a rate typed as a percentage? write {} for {} %",
                plain(value / 100.0),
                plain(value)
            );
            return Some((Code::Percentage, reason, remedy));
        }
        if value < 0.0 && 0.0 <= low {
            return Some((
                Code::Negative,
                format!("{} is below zero, which {noun} cannot be", plain(value)),
                format!("the bounds are {bounds}"),
            ));
        }
        Some((
            Code::OutOfBounds,
            format!("{} is outside {bounds}, the bounds of {noun}", plain(value)),
            "check the figure and its unit".into(),
        ))
    }
}

/// Adds what was written, where the unit makes another number of it.
pub(crate) fn beside(reason: String, written: &str, value: f64) -> String {
    let same =
        written.parse::<f64>().is_ok_and(|typed| (typed - value).abs() <= 1e-9 * value.abs());
    if same || !value.is_finite() { reason } else { format!("{reason} (written {written})") }
}

/// Writes a number without noise: at most twelve significant digits, powers of ten where they are shorter.
pub(crate) fn plain(value: f64) -> String {
    let rounded: f64 = format!("{value:.11e}").parse().unwrap_or(value);
    let (digits, power) = (format!("{rounded}"), format!("{rounded:e}"));
    if power.len() + 3 < digits.len() { power } else { digits }
}

fn multiple(unit: &str) -> Option<(f64, &str)> {
    let words = [("thousand ", 1e3), ("million ", 1e6), ("billion ", 1e9), ("trillion ", 1e12)];
    let found = words.iter().find_map(|(word, factor)| Some((*factor, unit.strip_prefix(word)?)));
    Some(found.unwrap_or((1.0, unit)))
}

fn money(unit: &str, currency: &str, wanted: Per) -> Option<f64> {
    let (factor, rest) = multiple(unit)?;
    let given = match rest.strip_prefix(currency)? {
        "" => Per::Nothing,
        " a year" => Per::Year,
        " a month" => Per::Month,
        " a quarter" => Per::Part(4),
        " a fortnight" => Per::Part(26),
        " a week" => Per::Part(52),
        _ => return None,
    };
    match (given, wanted) {
        (Per::Nothing, Per::Nothing) | (Per::Year, Per::Year) | (Per::Month, Per::Month) => {
            Some(factor)
        }
        (Per::Nothing | Per::Year, Per::NamedYear) => Some(factor),
        (Per::Month, Per::Year) => Some(12.0 * factor),
        (Per::Year, Per::Month) => Some(factor / 12.0),
        (Per::Nothing | Per::Year, Per::Any) => Some(factor),
        (Per::Month, Per::Any) => Some(12.0 * factor),
        (Per::Part(parts), Per::Year | Per::Any) => Some(f64::from(parts) * factor),
        _ => None,
    }
}

fn accepted_money(currency: &str, per: Per) -> String {
    let ends: &[&str] = match per {
        Per::Nothing => &[""],
        Per::NamedYear => &["", " a year"],
        Per::Month | Per::Part(_) => &[" a month", " a year"],
        Per::Year => &[" a month", " a year", " a quarter", " a fortnight", " a week"],
        Per::Any => &[" a month", " a year", "", " a quarter", " a fortnight", " a week"],
    };
    let listed: Vec<String> = ends.iter().map(|end| format!("`{currency}{end}`")).collect();
    format!("{}, also after `thousand`, `million`, `billion` or `trillion`", listed.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(kind: Kind, value: f64) -> Option<Code> {
        kind.fault(value).map(|(code, _, _)| code)
    }

    #[test]
    fn what_no_quantity_can_be_is_a_fault() {
        assert_eq!(code(Kind::SHARE, 8.0), Some(Code::Percentage));
        assert_eq!(code(Kind::SHARE, -0.1), Some(Code::Negative));
        assert_eq!(code(Kind::SHARE, f64::NAN), Some(Code::NotFinite));
        assert_eq!(code(Kind::GROWTH, 97.3), Some(Code::Percentage));
        assert_eq!(code(Kind::GROWTH, -0.6), Some(Code::OutOfBounds));
        assert_eq!(code(Kind::GROWTH, 973.0), Some(Code::OutOfBounds));
        assert_eq!(code(Kind::PAY_A_YEAR, 1e300), Some(Code::OutOfBounds));
        assert_eq!(code(Kind::SHARE, 1.0), None);
        assert_eq!(code(Kind::GROWTH, -0.5), None);
    }

    #[test]
    fn money_is_brought_to_the_period_that_is_wanted() {
        let near = |given: Result<f64, String>, wanted: f64| {
            (given.unwrap() - wanted).abs() < 1e-9 * wanted
        };
        assert!(near(Kind::PAY_A_YEAR.factor("thousand crown a month", "crown"), 12_000.0));
        assert!(near(Kind::MONEY.factor("billion crown", "crown"), 1e9));
        assert!(Kind::MONEY.factor("billion crown a year", "crown").is_err());
        assert!(Kind::PAY_A_YEAR.factor("dollar a month", "crown").is_err());
        assert!(near(Kind::PERSONS.factor("thousand persons", "crown"), 1000.0));
    }

    #[test]
    fn numbers_are_written_without_noise() {
        assert_eq!(plain(0.1 + 0.2), "0.3");
        assert_eq!(plain(9_730.000_000_000_001), "9730");
        assert_eq!(plain(1e300), "1e300");
    }
}
