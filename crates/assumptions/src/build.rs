//! Raw forms to the bases of the stages, and what must hold between files.

pub(crate) mod accounts;
pub(crate) mod base_year;
pub(crate) mod economy;
pub(crate) mod finance;
pub(crate) mod health;
pub(crate) mod labour;
pub(crate) mod law;
pub(crate) mod liabilities;
pub(crate) mod model_persons;
pub(crate) mod pensions;
pub(crate) mod person;
pub(crate) mod population;
pub(crate) mod sensitivity;

use std::collections::BTreeMap;

use perennis_demography::DemographicBasis;
use perennis_labour::{EconomyBasis, LabourBasis};
use perennis_pensions::PensionBasis;
use perennis_units::YearRange;
use perennis_valuation::{Model, Title};

use crate::at::At;
use crate::diagnostics::Code;
use crate::read::base_year::BaseYear;
use crate::read::economy::Economy;
use crate::read::finance::Finance;
use crate::read::health::Health;
use crate::read::labour::Labour;
use crate::read::population::Population;
use crate::read::scheme::Scheme;

/// The raw form of every subject that the valuation names and that has no fault of form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Raw {
    /// population
    pub(crate) population: Option<Population>,
    /// labour
    pub(crate) labour: Option<Labour>,
    /// economy
    pub(crate) economy: Option<Economy>,
    /// schemes by name
    pub(crate) schemes: BTreeMap<String, Scheme>,
    /// branches of health insurance by name
    pub(crate) health: BTreeMap<String, Health>,
    /// finance
    pub(crate) finance: Option<Finance>,
    /// base_year
    pub(crate) base_year: Option<BaseYear>,
}

/// What a builder may look at beside its own form: the years, the raw forms of all subjects, and the bases built
/// before it (population, economy, labour, pensions, in that order).
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The years of the valuation.
    pub(crate) years: YearRange,
    /// Every raw form.
    pub(crate) raw: Raw,
    /// The population, once built without fault.
    pub(crate) population: Option<DemographicBasis>,
    /// The economy, once built without fault.
    pub(crate) economy: Option<EconomyBasis>,
    /// Work, once built without fault.
    pub(crate) labour: Option<LabourBasis>,
    /// Schemes, once built without fault.
    pub(crate) pensions: Option<PensionBasis>,
}

impl Frame {
    /// A frame in which nothing is built yet.
    pub(crate) const fn new(years: YearRange, raw: Raw) -> Self {
        Self { years, raw, population: None, economy: None, labour: None, pensions: None }
    }
}

/// Builds every subject that is there, in order, and puts the model together when none is at fault.
pub(crate) fn assemble(title: Title, mut frame: Frame, at: &At<'_>) -> Option<Model> {
    needs(at);
    accounts_of_schemes(&frame, &at.key("schemes"));
    let raw = frame.raw.clone();
    let of = |name: &str| at.key(name);
    frame.population = raw
        .population
        .as_ref()
        .and_then(|raw| population::population(raw, &of("population"), &frame));
    frame.economy =
        raw.economy.as_ref().and_then(|raw| economy::economy(raw, &of("economy"), &frame));
    frame.labour = raw.labour.as_ref().and_then(|raw| labour::labour(raw, &of("labour"), &frame));
    if !raw.schemes.is_empty() {
        frame.pensions = pensions::pensions(&raw.schemes, &of("schemes"), &frame);
    }
    let benefits = if raw.health.is_empty() {
        None
    } else {
        health::health(&raw.health, &of("health"), &frame)
    };
    let finance =
        raw.finance.as_ref().and_then(|raw| finance::finance(raw, &of("finance"), &frame));
    let base_year =
        raw.base_year.as_ref().and_then(|raw| base_year::base_year(raw, &of("base_year"), &frame));
    if at.reading().count() != 0 {
        return None;
    }
    Some(Model {
        title,
        demography: frame.population?,
        labour: frame.labour,
        pensions: frame.pensions,
        benefits,
        finance,
        base_year: base_year.unwrap_or_default(),
    })
}

/// Checks that finance keeps every account that a law names.
fn accounts_of_schemes(frame: &Frame, at: &At<'_>) {
    for (name, scheme) in &frame.raw.schemes {
        for (key, contribution) in &scheme.law.contributions {
            let place = at.key(name).key("contributions").key(key).key("account");
            finance::is_account(&contribution.account, &place, frame);
        }
        for (key, benefit) in &scheme.law.benefits {
            let place = at.key(name).key("benefits").key(key).key("account");
            finance::is_account(&benefit.account, &place, frame);
        }
    }
}

/// Subjects, each with those that read it.
const NEEDED: [(&str, &[&str]); 4] = [
    ("labour", &["economy", "schemes", "health", "finance"]),
    ("economy", &["labour"]),
    ("finance", &["schemes", "health", "base_year"]),
    ("schemes", &["health", "base_year"]),
];

fn needs(at: &At<'_>) {
    let exists = |name: &str| at.key(name).exists() || at.key("files").key(name).exists();
    for (needed, readers) in NEEDED {
        let there: Vec<&str> = readers.iter().copied().filter(|reader| exists(reader)).collect();
        if let (Some(first), false) = (there.first(), exists(needed)) {
            at.key(first).fault_at_key(
                Code::SubjectMissing,
                format!("the valuation has no `{needed}`, which is needed by {}", there.join(", ")),
                format!("name a file of `{needed}` in [files]"),
            );
        }
    }
}

/// Turns what was given and could not be read into a failure, and keeps what was not given.
pub(crate) fn given<T>(read: Option<Option<T>>) -> Option<Option<T>> {
    read.map_or(Some(None), |read| read.map(Some))
}
