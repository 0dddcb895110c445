use perennis_units::{Date, Sex, Year};

/// A model person under the law of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelPerson {
    /// Name of the career.
    pub career: String,
    /// What the career is.
    pub title: String,
    /// The class of wages for which it stands.
    pub wage_class: String,
    /// The class of density for which it stands.
    pub density_class: String,
    /// The group in which the person is insured.
    pub group: String,
    /// The sex.
    pub sex: Sex,
    /// The year of birth; the day is the first of July.
    pub born: Year,
    /// What the law gives; the reason where it cannot be found.
    pub found: Result<ModelFigures, String>,
}

/// What the law gives to a model person.
///
/// Average earnings are the mean insured earnings of the first year, moved with wages.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelFigures {
    /// The first day of payment.
    pub claimed: Date,
    /// Age on that day, years.
    pub claim_age: f64,
    /// Credit from work, years.
    pub credit: f64,
    /// Own earnings of a full year, of the year of the claim, currency.
    pub own_earnings: f64,
    /// Pension at award, currency a year; none where the conditions are not met.
    pub pension: Option<f64>,
    /// Sums paid once at the claim, currency.
    pub grant: f64,
    /// Pension at award over own earnings of a full year, of the year of the claim.
    pub replacement: Option<f64>,
    /// Pension at award, and ten and twenty years later, over the average earnings of its year.
    pub over_average: [Option<f64>; 3],
    /// Pension at award, and ten and twenty years later, over the poverty line of its year.
    pub over_poverty_line: [Option<f64>; 3],
    /// Present value at the claim of all that is paid, over the average earnings of that year.
    pub wealth: f64,
    /// Contributions of the insured and the employer with interest up to the claim, over the same.
    pub paid_in: f64,
    /// Age at which payments received, with interest, reach the contributions with interest; none where they do not.
    pub break_even_age: Option<f64>,
    /// Present value at the start of the valuation of what is paid from then on, over the average earnings of its first
    /// year.
    pub benefits_from_start: f64,
    /// Present value at the start of the valuation of contributions from then on, over the same.
    pub contributions_from_start: f64,
    /// The whole life.
    pub fairness: Fairness,
}

/// What a scheme returns for the contributions of the insured and the employer over a whole life.
///
/// All amounts are those that one who lives at the start of the year of the first contribution may expect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fairness {
    /// Rate a year, at constant prices, at which benefits are worth the contributions; none where only one of them is
    /// paid.
    pub internal_rate_of_return: Option<f64>,
    /// Benefits less contributions at the interest of the run, worth at the start of that year, over its average earnings.
    pub net_present_value: f64,
    /// Contributions less benefits over insured earnings, all worth at the same start; below zero it is a transfer. None
    /// without earnings.
    pub lifetime_tax: Option<f64>,
}

impl ModelFigures {
    /// Returns benefits less contributions from the start of the valuation on, in years of average earnings.
    #[must_use]
    pub fn net_from_start(&self) -> f64 {
        self.benefits_from_start - self.contributions_from_start
    }
}
