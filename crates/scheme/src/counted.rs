use perennis_units::{Citation, Year};

/// One year of a record and what it adds to reference earnings, points or a balance.
#[derive(Clone, Debug, PartialEq)]
pub struct CountedYear {
    /// The year.
    pub year: Year,
    /// "work" or the name of the period.
    pub kind: String,
    /// Months of credit that enter.
    pub months: f64,
    /// Earnings of the year in its own prices, after floor and ceiling, currency.
    pub earnings: f64,
    /// What a unit of earnings becomes: the revaluation, points a unit, or credit with interest.
    pub factor: f64,
    /// What enters: revalued earnings, points, or the balance at the claim; nothing for a year that is left out.
    pub counted: f64,
}

/// What a record gives: reference earnings, points or a balance, with the years behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Name of the rule.
    pub name: String,
    /// Reference earnings a year, points, or a balance.
    pub amount: f64,
    /// The years, the earliest first; none when the amount was stated.
    pub years: Vec<CountedYear>,
    /// The formula with its numbers.
    pub formula: String,
    /// The provisions used.
    pub provisions: Vec<Citation>,
}

impl Counted {
    /// An amount that was stated and not found.
    pub(crate) fn stated(name: &str, amount: f64) -> Self {
        Self {
            name: name.to_owned(),
            amount,
            years: Vec::new(),
            formula: "stated".to_owned(),
            provisions: Vec::new(),
        }
    }
}
