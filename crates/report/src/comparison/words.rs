use crate::format::{Quantity, words};

/// How an indicator is shown: in words, with its unit in words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shown {
    /// Name of the indicator in the tables.
    pub(crate) name: &'static str,
    /// What it is.
    pub(crate) label: &'static str,
    /// The unit after the number; empty where the scale gives it.
    pub(crate) unit: &'static str,
    /// How it is scaled.
    pub(crate) quantity: Quantity,
}

const fn share(name: &'static str, label: &'static str, unit: &'static str) -> Shown {
    Shown { name, label, unit, quantity: Quantity::Share }
}

const fn persons(name: &'static str, label: &'static str) -> Shown {
    Shown { name, label, unit: "", quantity: Quantity::Persons }
}

pub(crate) const PAYG: Shown = share("payg_rate", "Pay-as-you-go rate", "% of insured earnings");
pub(crate) const COST: Shown = share("expenditure_over_gdp", "Expenditure", "% of GDP");
pub(crate) const RESERVE: Shown =
    share("reserve_over_gdp", "Reserve at the end of the year", "% of GDP");
pub(crate) const RESERVE_RATIO: Shown = Shown {
    name: "reserve_end_over_expenditure",
    label: "Reserve at the end of the year over the expenditure of the year",
    unit: "years of expenditure",
    quantity: Quantity::YearsOfExpenditure,
};
pub(crate) const CONTRIBUTED: Shown = share("contributions_over_gdp", "Contributions", "% of GDP");
pub(crate) const STATE: Shown = share("state_pays_over_gdp", "What the State pays", "% of GDP");
pub(crate) const STATE_OF_BUDGET: Shown = share(
    "state_pays_over_government_expenditure",
    "What the State pays",
    "% of government expenditure",
);
pub(crate) const PAYERS: [Shown; 3] = [
    share("employers_pay_over_gdp", "What employers contribute", "% of GDP"),
    share("employees_pay_over_gdp", "What employees contribute", "% of GDP"),
    share(
        "self_employed_pay_over_gdp",
        "What the self-employed and households contribute",
        "% of GDP",
    ),
];
pub(crate) const CONTRIBUTORS: Shown = persons("contributors", "Contributors, mean of the year");
pub(crate) const IN_PAYMENT: Shown = persons("pensions_in_payment", "Pensions in payment");
pub(crate) const REPLACEMENT: Shown =
    share("mean_pension_over_earnings", "Mean pension in payment", "% of mean insured earnings");
pub(crate) const AWARD: Shown =
    share("new_pension_over_earnings", "Mean new pension", "% of mean insured earnings");
pub(crate) const DEPENDENCY: Shown =
    share("dependency_ratio", "Pensions in payment per 100 contributors", "%");
pub(crate) const COVERED: [Shown; 2] = [
    share("coverage_of_employed", "Contributors of pension schemes", "% of the employed"),
    share(
        "pension_coverage_65",
        "Pensions in payment at ages 65 and over, per person of those ages",
        "%",
    ),
];
pub(crate) const BELOW: [Shown; 3] = [
    persons(
        "below_qualifying_credit",
        "Persons who reach the age with too little credit, in the year",
    ),
    share(
        "below_qualifying_credit_share",
        "Of those who claim at the age, with too little credit",
        "% of the persons",
    ),
    Shown {
        name: "grant_over_earnings",
        label: "What they get once, on average",
        unit: "years of mean insured earnings",
        quantity: Quantity::Years,
    },
];

/// Every indicator that the page shows; sexes have the name of both with an ending.
const ALL: [Shown; 21] = [
    PAYG,
    COST,
    RESERVE,
    RESERVE_RATIO,
    CONTRIBUTED,
    STATE,
    STATE_OF_BUDGET,
    PAYERS[0],
    PAYERS[1],
    PAYERS[2],
    CONTRIBUTORS,
    IN_PAYMENT,
    REPLACEMENT,
    AWARD,
    DEPENDENCY,
    COVERED[0],
    COVERED[1],
    BELOW[0],
    BELOW[1],
    BELOW[2],
    share("legal_rate", "Legal contribution rate", "% of insured earnings"),
];

/// The endings of the names of indicators by sex, with the words for them.
pub(crate) const SEXES: [(&str, &str); 3] =
    [("", "both sexes"), ("_male", "men"), ("_female", "women")];

/// Returns words, unit and quantity of any indicator, by its name and its unit in the tables.
pub(crate) fn shown(name: &str, unit: &str) -> (String, String, Quantity) {
    let with_sex = SEXES.iter().rev().find_map(|(ending, sex)| {
        let bare = name.strip_suffix(ending)?;
        let found = ALL.iter().find(|one| one.name == bare)?;
        let label = if ending.is_empty() {
            found.label.to_owned()
        } else {
            format!("{}, {sex}", found.label)
        };
        Some((label, found.unit.to_owned(), found.quantity))
    });
    with_sex.unwrap_or_else(|| {
        let quantity = match unit {
            "share" | "share of insured earnings" => Quantity::Share,
            "persons" => Quantity::Persons,
            "currency" => Quantity::Money,
            "currency a year" => Quantity::MoneyEach,
            _ => Quantity::Years,
        };
        let unit = match unit {
            "share of insured earnings" => "% of insured earnings".to_owned(),
            unit if quantity == Quantity::Years => unit.to_owned(),
            _ => String::new(),
        };
        (measure(name), unit, quantity)
    })
}

/// Returns the words for a measure of financing.
pub(crate) fn measure(name: &str) -> String {
    match name {
        "payg_rate_first_year" => "Pay-as-you-go rate, first year".into(),
        "payg_rate_last_year" => "Pay-as-you-go rate, last year".into(),
        "payg_rate_mean" => "Pay-as-you-go rate, mean of the years".into(),
        "first_year_outgo_above_contributions" => "Expenditure above contributions from".into(),
        "first_year_outgo_above_income" => "Expenditure above all income from".into(),
        "reserve_exhausted_in" => "Reserve exhausted in".into(),
        "reserve_over_gdp_at_horizon" => "Reserve over GDP at the horizon".into(),
        "general_average_premium" => "General average premium, horizon".into(),
        "general_average_premium_infinite" => "General average premium, without end".into(),
        other => {
            let (name, years) = other.rsplit_once('_').unwrap_or((other, ""));
            match years {
                "25" | "50" | "75" => format!("{}, {years} years", words(name)),
                _ => words(other),
            }
        }
    }
}
