/// Sex as recorded in the population statistics; the axis of every table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// Men and boys.
    Male,
    /// Women and girls.
    Female,
}

impl Sex {
    /// Both sexes, in the order of every grid and table.
    pub const ALL: [Self; 2] = [Self::Male, Self::Female];

    /// Returns the position on the sex axis of a grid: 0 male, 1 female.
    #[must_use]
    pub const fn index(self) -> usize {
        match self {
            Self::Male => 0,
            Self::Female => 1,
        }
    }

    /// Returns the word used in files and tables.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}
