use std::path::{Path, PathBuf};

use serde_json::Value;

/// A published or computed case: inputs, what must come out, and how near.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name of the case.
    pub id: String,
    /// Kind of calculation.
    pub area: String,
    /// What goes in.
    pub inputs: Value,
    /// What must come out.
    pub expected: Value,
    /// How near: `rel`, `abs` and other keys.
    pub tolerance: Value,
    /// Folder of the tables that the inputs name.
    pub tables: PathBuf,
}

impl Case {
    /// Returns one tolerance.
    ///
    /// # Panics
    ///
    /// When the case has no tolerance of that name.
    #[must_use]
    pub fn tolerance(&self, key: &str) -> f64 {
        self.tolerance[key]
            .as_f64()
            .unwrap_or_else(|| panic!("case {} has no tolerance {key}", self.id))
    }
}

/// What the tests do with an area of the cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A reference test compares it.
    Compared,
    /// The engine does not calculate it yet.
    NotYet,
    /// The product has no business with it; the reason.
    NotOurs(&'static str),
}

/// Says what the tests do with a case, by its id and area.
#[must_use]
pub fn treatment(id: &str, area: &str) -> Outcome {
    let matrices =
        "a projection matrix by stages, without a life table, is no population of a country";
    match (id, area) {
        (_, "projection_matrix") | ("ana-27-leslie-3x3", _) => Outcome::NotOurs(matrices),
        ("soa-faml-3-3", _) => {
            Outcome::NotOurs("select tables by duration belong to life insurance, not to nations")
        }
        (
            "trs-funding-projection-2024"
            | "frs-amortisation-8-0.068"
            | "frs-amortisation-20-0.068"
            | "fr-cor-2019-scenario3"
            | "ana-01-payg-stationary"
            | "ana-02-payg-stable-growth-1pct"
            | "ana-06-aaron-samuelson"
            | "ana-08-gap-new-scheme-full-past-service"
            | "ana-18-geometric-projection-balance"
            | "iyer-table3-demography"
            | "iyer-table3-variant2"
            | "iyer-table4a-gap-variant1"
            | "iyer-table4b-scp1"
            | "iyer-table5b-acc2"
            | "iyer-table6-acc2"
            | "iyer-table7-2"
            | "iyer-table7-4"
            | "ana-22-minimum-pension-lognormal"
            | "ana-24-health-cost-rate"
            | "win-plan-termination-liability"
            | "pf-disability-benefit_prorate_constant_dollar"
            | "puc-ean-tv7377",
            _,
        )
        | (
            _,
            "life_table"
            | "average_indexed_earnings_db"
            | "bend_point_formula"
            | "flat_proportional"
            | "points"
            | "ndc"
            | "minimum_guarantee"
            | "early_late"
            | "annuity"
            | "joint_life"
            | "commutation"
            | "multiple_decrement"
            | "funding"
            | "salary_scale"
            | "normal_cost"
            | "survivors"
            | "invalidity",
        ) => Outcome::Compared,
        _ => Outcome::NotYet,
    }
}

/// Reads all cases below `folder/cases`, in the order of the files' names.
///
/// # Panics
///
/// When a file cannot be read or is not of the form described there.
#[must_use]
pub fn cases(folder: &Path) -> Vec<Case> {
    let folder = folder.join("cases");
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|f| panic!("{}: {f}", folder.display()));
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    paths.iter().flat_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Vec<Case> {
    let fault = |what: &dyn std::fmt::Display| -> ! { panic!("{}: {what}", path.display()) };
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| fault(&error));
    let file: Value = serde_json::from_str(&text).unwrap_or_else(|error| fault(&error));
    let Some(listed) = file["cases"].as_array() else { fault(&"no list of cases") };
    let word = |value: &Value| value.as_str().unwrap_or_else(|| fault(&"no id or area")).to_owned();
    let case = |value: &Value| Case {
        id: word(&value["id"]),
        area: word(&value["area"]),
        inputs: value["inputs"].clone(),
        expected: value["expected"].clone(),
        tolerance: value["tolerance"].clone(),
        tables: path.with_file_name("tables"),
    };
    listed.iter().map(case).collect()
}
