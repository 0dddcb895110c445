use perennis_units::{Citation, Duration};

use crate::{Rule, Step};

/// Steps under a name, which benefits and operands use.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// Name in the file.
    pub name: String,
    /// The age of the person to which the law is that of 1 January of the year; that of the benefit when absent.
    pub assessed_at: Option<Rule<Duration>>,
    /// How the result is found.
    pub steps: Vec<Step>,
    /// Act and section.
    pub citation: Citation,
}
