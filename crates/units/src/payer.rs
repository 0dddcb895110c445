/// Who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payer {
    /// Insured employees.
    Employees,
    /// Their employers.
    Employers,
    /// The self-employed, for themselves.
    SelfEmployed,
    /// The State budget.
    State,
    /// Another fund.
    Funds,
}

impl Payer {
    /// All payers, in the order of the tables.
    pub const ALL: [Self; 5] =
        [Self::Employees, Self::Employers, Self::SelfEmployed, Self::State, Self::Funds];

    /// Returns the word used in files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Employees => "employees",
            Self::Employers => "employers",
            Self::SelfEmployed => "self_employed",
            Self::State => "state",
            Self::Funds => "funds",
        }
    }
}
