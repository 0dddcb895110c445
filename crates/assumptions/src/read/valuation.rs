use std::collections::BTreeMap;

use perennis_units::{Date, Year, YearRange};
use perennis_valuation::Title;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::at::At;
use crate::diagnostics::Code;
use crate::parts::Day;

/// The entry of a valuation: what it is called, when it starts, how far it looks, and the files it reads.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Valuation {
    /// Title of the valuation, for the report.
    pub(crate) title: String,
    /// The country, for the report.
    pub(crate) country: String,
    /// The currency as written in units: with "dong", amounts are in "dong a month", "billion dong" and so on.
    pub(crate) currency: String,
    /// The day on which the stocks of the start stand: 1 January of the first year, 2024-01-01.
    pub(crate) start: Day,
    /// Number of years projected, 1 to 150.
    pub(crate) horizon: i64,
    /// What the valuation leaves out, a sentence each; the report lists it.
    pub(crate) not_modelled: Option<Vec<String>>,
    #[expect(dead_code, reason = "read from the tree, where every file has its place")]
    /// The files of the subjects, relative to this file. Only the population is required.
    pub(crate) files: Option<Subjects>,
}

/// The file of each subject.
#[expect(dead_code, reason = "read from the tree, where every file has its place")]
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Subjects {
    /// Fertility, mortality, migration and the population at the start.
    pub(crate) population: Option<String>,
    /// Participation, unemployment and groups of the employed.
    pub(crate) labour: Option<String>,
    /// Output, prices, wages and interest.
    pub(crate) economy: Option<String>,
    /// Schemes by name.
    pub(crate) schemes: Option<BTreeMap<String, String>>,
    /// Branches of health insurance by name.
    pub(crate) health: Option<BTreeMap<String, String>>,
    /// Funds.
    pub(crate) finance: Option<String>,
    /// The last published year.
    pub(crate) base_year: Option<String>,
}

impl Valuation {
    /// Returns the title and the years; a start other than 1 January and a horizon out of range
    /// are faults, and the files are read on as if they were sound, so that all faults come at once.
    pub(crate) fn read(self, at: &At<'_>) -> Option<(Title, YearRange)> {
        let start =
            self.start.read(&at.key("start")).and_then(|start| first_year(start, &at.key("start")));
        let horizon = usize::try_from(self.horizon).ok().filter(|years| (1..=150).contains(years));
        let horizon = horizon.unwrap_or_else(|| {
            at.key("horizon").fault(
                Code::Horizon,
                format!("a horizon of {} years is outside 1 to 150", self.horizon),
                "75 years are usual",
            );
            75
        });
        let title = Title { title: self.title, country: self.country, currency: self.currency };
        Some((title, YearRange::new(start?, horizon)))
    }
}

fn first_year(start: Date, at: &At<'_>) -> Option<Year> {
    if !(1950..=2150).contains(&start.year()) {
        at.fault(
            Code::StartDate,
            format!("the start {start} is outside 1950 to 2150"),
            "write the year in which the valuation starts",
        );
        return None;
    }
    if (start.month(), start.day()) != (1, 1) {
        at.fault(
            Code::StartDate,
            format!("the start {start} is not a 1 January"),
            format!(
                "stocks stand on 1 January: write {}-01-01 and give the tables of that day",
                start.year()
            ),
        );
    }
    Some(Year::new(i32::from(start.year())))
}
