/// What an indicator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Name used in tables.
    pub name: &'static str,
    /// Unit of the value.
    pub unit: &'static str,
    /// What is counted, over what, and at which moment.
    pub meaning: &'static str,
}

/// One indicator for both sexes together and for each.
#[derive(Clone, Copy)]
pub(crate) struct BySex {
    pub(crate) both: Definition,
    pub(crate) male: Definition,
    pub(crate) female: Definition,
}

const fn share(name: &'static str, meaning: &'static str) -> Definition {
    Definition { name, unit: "share", meaning }
}

macro_rules! by_sex {
    ($name:literal, $meaning:literal) => {
        BySex {
            both: share($name, $meaning),
            male: share(concat!($name, "_male"), concat!($meaning, "; men")),
            female: share(concat!($name, "_female"), concat!($meaning, "; women")),
        }
    };
}

pub(crate) const OLD_AGE_RATIO: Definition =
    share("old_age_ratio", "population aged 65 and over to those aged 15 to 64, mean of the year");
pub(crate) const INFORMALITY: BySex =
    by_sex!("informal_share", "employed in informal groups over all employed, mean of the year");
pub(crate) const COVERAGE_OF_EMPLOYED: BySex = by_sex!(
    "coverage_of_employed",
    "contributors of all pension schemes over the employed, mean of the year; in two schemes counts twice"
);
pub(crate) const COVERAGE_OF_LABOUR_FORCE: BySex = by_sex!(
    "coverage_of_labour_force",
    "contributors of all pension schemes over the labour force, mean of the year; in two schemes counts twice"
);
pub(crate) const PENSION_COVERAGE: BySex = by_sex!(
    "pension_coverage_65",
    "person-years of periodic pensions at 65 and over to the population of those ages; two pensions count twice"
);
pub(crate) const HEALTH_COVERAGE: BySex = by_sex!(
    "health_coverage",
    "insured of the health branch over the population, mean of the year"
);
pub(crate) const DEPENDENCY: Definition = share(
    "dependency_ratio",
    "person-years in payment of all periodic benefits of the scheme over its contributors, mean of the year",
);
pub(crate) const REPLACEMENT: Definition = share(
    "replacement_ratio",
    "mean yearly periodic benefit of the scheme over mean yearly insured earnings",
);
pub(crate) const MEAN_BENEFIT: Definition = Definition {
    name: "mean_benefit",
    unit: "currency a year",
    meaning: "periodic benefits of the scheme over person-years in payment, current prices",
};
pub(crate) const MEAN_INSURED_EARNINGS: Definition = Definition {
    name: "mean_insured_earnings",
    unit: "currency a year",
    meaning: "insured earnings of the scheme over contributors, current prices",
};
pub(crate) const PAYG_RATE: Definition =
    share("payg_rate", "outgo of the account over its insured earnings");
pub(crate) const LEGAL_RATE: Definition = share(
    "legal_rate",
    "contributions due to the account from insured earnings over these earnings, all payers",
);
pub(crate) const EXPENDITURE_OVER_GDP: Definition = share(
    "expenditure_over_gdp",
    "outgo of the account, for the nation benefits and administration of all accounts, over gross domestic product",
);
pub(crate) const CONTRIBUTIONS_OVER_GDP: Definition = share(
    "contributions_over_gdp",
    "contributions collected by the account, for the nation by all accounts, over gross domestic product",
);
pub(crate) const EXPENDITURE_OVER_GOVERNMENT: Definition = share(
    "expenditure_over_government_expenditure",
    "the same expenditure over the expenditure of general government",
);
pub(crate) const RESERVE_OVER_GDP: Definition = share(
    "reserve_over_gdp",
    "reserve of the account at the end of the year over gross domestic product",
);
pub(crate) const RESERVE_END: Definition = Definition {
    name: "reserve_end_over_expenditure",
    unit: "years of expenditure",
    meaning: "reserve at the end of the year over the expenditure of the year",
};
pub(crate) const RESERVE_START: Definition = Definition {
    name: "reserve_start_over_expenditure",
    unit: "years of expenditure",
    meaning: "reserve at the start of the year over the expenditure of the year",
};
pub(crate) const RESERVE_NEXT: Definition = Definition {
    name: "reserve_end_over_next_expenditure",
    unit: "years of expenditure",
    meaning: "reserve at the end of the year over the expenditure of the next year; absent in the last",
};
pub(crate) const COST_PER_INSURED: Definition = Definition {
    name: "cost_per_insured",
    unit: "currency a year",
    meaning: "cost of the health branch over its insured, current prices",
};

/// Every indicator, in the order of the crate: people, work, schemes, health, accounts.
pub const INDICATORS: [Definition; 30] = [
    OLD_AGE_RATIO,
    INFORMALITY.both,
    INFORMALITY.male,
    INFORMALITY.female,
    COVERAGE_OF_EMPLOYED.both,
    COVERAGE_OF_EMPLOYED.male,
    COVERAGE_OF_EMPLOYED.female,
    COVERAGE_OF_LABOUR_FORCE.both,
    COVERAGE_OF_LABOUR_FORCE.male,
    COVERAGE_OF_LABOUR_FORCE.female,
    PENSION_COVERAGE.both,
    PENSION_COVERAGE.male,
    PENSION_COVERAGE.female,
    DEPENDENCY,
    REPLACEMENT,
    MEAN_BENEFIT,
    MEAN_INSURED_EARNINGS,
    HEALTH_COVERAGE.both,
    HEALTH_COVERAGE.male,
    HEALTH_COVERAGE.female,
    COST_PER_INSURED,
    PAYG_RATE,
    LEGAL_RATE,
    EXPENDITURE_OVER_GDP,
    EXPENDITURE_OVER_GOVERNMENT,
    CONTRIBUTIONS_OVER_GDP,
    RESERVE_OVER_GDP,
    RESERVE_END,
    RESERVE_START,
    RESERVE_NEXT,
];
