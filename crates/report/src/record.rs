/// What a run was made from; the part of the output that is not a result.
///
/// Nothing in it may change from one run of the same inputs to the next: no time of day, no host, no output folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunRecord {
    /// Version of the program.
    pub version: String,
    /// The valuation file, as the first path of `inputs`.
    pub valuation: String,
    /// Options that change results, in the order in which they apply: name and value.
    pub options: Vec<(String, String)>,
    /// Every file that was read, in a fixed order.
    pub inputs: Vec<InputFile>,
    /// Seed of the random numbers; none in a deterministic run.
    pub seed: Option<u64>,
    /// Every value of substance, in the order of the assumption tree.
    pub assumptions: Vec<AssumptionRecord>,
    /// Remarks of the assumption files and of the run that a reader of the report needs.
    pub notes: Vec<String>,
    /// What the assumption files give cause to warn of, and [`Results::warnings`](perennis_valuation::Results::warnings).
    /// Checks that failed and figures of the base year that are missed are shown by the report on its own.
    pub warnings: Vec<String>,
    /// What the assumption files say is left out of the valuation.
    pub not_modelled: Vec<String>,
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputFile {
    /// Path as another person can find it again, with `/`: relative to the folder of the valuation file.
    pub path: String,
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
}

/// One assumption as the report shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssumptionRecord {
    /// Path in the assumption tree, as in `--set` and in error messages.
    pub path: String,
    /// The value as text: a number, a list of years and values, or the name of a table.
    pub value: String,
    /// Unit of the value.
    pub unit: String,
    /// Where the value comes from.
    pub source: String,
    /// Whether the value was read in that source.
    pub checked: bool,
    /// Whether the program worked it out from other values or took a default.
    pub derived: bool,
    /// A remark of the file beside the value; empty when there is none.
    pub note: String,
}
