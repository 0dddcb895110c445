/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// Act and section, or author, year and page.
    pub source: String,
    /// Whether the value was read in the source; shown in the report where it was not.
    pub checked: bool,
}
