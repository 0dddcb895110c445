use std::path::Path;

use perennis_scheme::{Environment, Finding, Found, Indicator, IndicatorLaw, Law, LegalIndices};
use perennis_units::{Date, Path as Levels, Year, date_of_year};

use crate::at::Reading;
use crate::diagnostics::{Code, Fault};
use crate::load::{Input, Loaded, Rejected};
use crate::parts::plain;
use crate::provenance::{Note, Provenance, list};
use crate::refused::Places;
use crate::scheme_law::{Extent, Read, Wanted, read};

/// Years over which a law without a valuation is checked.
const YEARS: i32 = 75;

/// The law of a scheme file, read and checked without a valuation.
#[derive(Clone, Debug)]
pub struct CheckedLaw {
    /// The law.
    pub law: Law,
    /// The days between which it was looked at.
    pub days: (Date, Date),
    /// The number of the law that is the last to begin; the first day is its own unless another was asked for.
    pub last_to_begin: Option<String>,
    /// Every value of the file and where it comes from, in the order of the paths.
    pub provenance: Vec<Provenance>,
    /// Every file read, by name.
    pub inputs: Vec<Input>,
    /// What was derived, held or taken by convention.
    pub notes: Vec<Note>,
    /// What is worth a second look.
    pub warnings: Vec<Fault>,
}

/// Reads the law of one scheme file and looks for what seems wrong with it: days on which it says nothing, rows that
/// overlap, conditions that nobody meets, amounts that fall when earnings or service rise.
///
/// It is looked at from a day, else from the first on which every number in use has a value for somebody, over 75 years.
/// The currency is the one of its units. What the file says of people is checked with the valuation that names it.
///
/// # Errors
///
/// [`Rejected`] with every fault of the law.
pub fn check_law(file: &Path, from: Option<Date>) -> Result<CheckedLaw, Box<Rejected>> {
    let reading = Reading::default();
    let wanted = Wanted { path: file, named: None, currency: "", groups: None, start: None };
    let built = read(&reading, &wanted, Extent::Form);
    let rejected = reading.count() != 0;
    let provenance = built.as_ref().map(|read| list(&read.tree, &reading));
    let Reading { faults, notes, files, .. } = reading;
    let (faults, mut warnings) = faults.into_inner().sorted();
    match built.zip(provenance) {
        Some((Read { law, tree, .. }, provenance)) if !rejected => {
            let files = files.into_inner();
            let home = file.parent().unwrap_or(Path::new(""));
            let inputs = files.inputs(home).into_iter();
            let inputs = inputs.map(|(name, sha256)| Input { name, sha256 }).collect();
            let places = Places { tree, files };
            let indices = still(&law);
            let (speaks, last) = match law.speaks_from() {
                Some((day, last)) => (day, Some(last)),
                None => (date_of_year(Year::new(2000)), None),
            };
            let from = from.unwrap_or(speaks);
            let to = date_of_year(Year::new(i32::from(from.year()) + YEARS));
            let found = law.findings(from, to, &Environment::new(&indices));
            warnings.extend(found.iter().map(|found| places.of_finding(&law.scheme, found)));
            let notes = notes.into_inner();
            let days = (from, to);
            Ok(CheckedLaw { law, days, last_to_begin: last, provenance, inputs, notes, warnings })
        }
        _ => Err(Box::new(Rejected { faults, warnings })),
    }
}

impl Loaded {
    /// Looks for what seems wrong with the laws over the years of the valuation, as [`check_law`] does.
    #[must_use]
    pub fn law_findings(&self) -> Vec<Fault> {
        let Some(pensions) = &self.model.pensions else { return Vec::new() };
        let years = self.model.demography.years;
        let (from, to) = (date_of_year(years.first()), date_of_year(years.last()));
        let laws = pensions.schemes.iter().map(|scheme| &scheme.law);
        let found = laws.flat_map(|law| {
            let indices = still(law);
            let env = Environment::new(&indices);
            law.findings(from, to, &env).into_iter().map(|found| (law.scheme.as_str(), found))
        });
        found.map(|(scheme, found)| self.places.of_finding(scheme, &found)).collect()
    }
}

/// Prices, wages and indicators that stand still: what is looked for does not turn on their growth.
fn still(law: &Law) -> LegalIndices {
    let still = |indicator: &IndicatorLaw| {
        let years = indicator.published.years();
        Indicator::held(&indicator.name, &Levels::constant(indicator.published.at(years.first())))
    };
    LegalIndices {
        indicators: law.indicators.iter().map(still).collect(),
        ..LegalIndices::new(Levels::constant(1.0), Levels::constant(1.0))
    }
}

impl Places {
    /// Returns a finding about the law of a scheme as a warning at its place.
    fn of_finding(&self, scheme: &str, found: &Found) -> Fault {
        let home = format!("schemes.{scheme}");
        let of = &found.place.of;
        let tables = [
            "benefits",
            "formulas",
            "contributions",
            "measures",
            "brackets",
            "cumulation",
            "periods",
        ];
        let mut paths: Vec<String> = Vec::new();
        let rule = match &found.finding {
            Finding::Gap { rule } | Finding::Overlap { rule } => Some(rule),
            _ => None,
        };
        if let Some(rule) = rule {
            let tables = ["rules", "amounts", "scales", "series"];
            paths.extend(tables.map(|table| format!("{home}.{table}.{rule}")));
            paths.extend([format!("{home}.{rule}"), rule.clone()]);
        }
        for table in tables {
            let own = format!("{home}.{table}.{of}");
            let part = match (&found.finding, found.place.step) {
                (Finding::NobodyCan { .. } | Finding::NeverEarly { .. }, _) => {
                    Some("condition".to_owned())
                }
                (_, Some(step)) => Some(format!("steps[{}]", step.saturating_sub(1))),
                _ => None,
            };
            paths.extend(part.map(|part| format!("{own}.{part}")));
            paths.push(own);
        }
        paths.push(home);
        let node = paths.iter().find_map(|path| Some((path, self.node(path)?)));
        let (path, node) =
            node.map_or((String::new(), &self.tree), |(path, node)| (path.clone(), node));
        let place = Some(self.files.place(self.shown(node.origin)));
        let (code, reason, remedy) = words(found);
        Fault { code, path, place, reason, remedy: remedy.to_owned(), more: 0 }
    }
}

fn words(found: &Found) -> (Code, String, &'static str) {
    let place = &found.place;
    let sex = place.sex.map(|sex| format!(", {}", sex.as_str())).unwrap_or_default();
    let months =
        place.months.map(|months| format!(", {months} months of credit")).unwrap_or_default();
    let when = format!("{}{sex}{months}", place.date);
    let of = &place.of;
    match &found.finding {
        Finding::Gap { rule } => (
            Code::LawSilent,
            format!("`{rule}`, which `{of}` needs, has no value on {when}"),
            "add the row that is in force then, or one for those for whom it is missing",
        ),
        Finding::Overlap { rule } => (
            Code::LawTwice,
            format!("two rows of `{rule}` apply to the same persons from {when}"),
            "keep one of the two, or tell them apart by born_from, entered_from or sex",
        ),
        Finding::NobodyCan { because } => (
            Code::NobodyEver,
            format!("nobody meets the condition of `{of}` on {when}: {because}"),
            "check the numbers of the condition",
        ),
        Finding::NeverEarly { because } => (
            Code::NobodyEver,
            format!("nobody claims `{of}` early on {when}: {because}"),
            "let early_from be before the age, or leave it out",
        ),
        Finding::NoNumber { because } => (
            Code::NoNumber,
            format!("`{of}` has no amount on {when}: {because}"),
            "check the numbers of the step; a fact that may be nothing needs only_if or choose",
        ),
        Finding::FallsWithEarnings { from } => (
            Code::Falls,
            format!(
                "`{of}` falls when earnings, points or the balance rise above {} ({when})",
                plain(*from)
            ),
            "check the step; a law may mean it",
        ),
        Finding::FallsWithService { at, by } => (
            Code::Falls,
            format!(
                "`{of}` falls by {} with one more month of credit at {} ({when})",
                plain(*by),
                plain(*at)
            ),
            "check the scale and the steps; a law may mean it",
        ),
        Finding::NotLinear { what } => (
            Code::OneByOne,
            format!(
                "`{of}` is not made of straight lines in earnings, points or the balance: {what}"
            ),
            "it can be found for a person; a valuation cannot carry it",
        ),
    }
}
