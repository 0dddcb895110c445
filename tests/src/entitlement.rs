use std::path::{Path, PathBuf};

use perennis_assumptions::read_person;
use perennis_scheme::ClaimResult;
use tempfile::TempDir;

/// Returns the folder of the laws and persons that the tests value.
#[must_use]
pub fn laws() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("law")
}

/// Reads a person file with its laws and values the first claim.
///
/// # Panics
///
/// With all faults when there are any.
#[must_use]
pub fn claim_of(file: &Path) -> ClaimResult {
    let loaded = read_person(file, &[]).unwrap_or_else(|rejected| {
        let faults: Vec<String> = rejected.faults.iter().map(ToString::to_string).collect();
        panic!("{}", faults.join("\n"))
    });
    let result = loaded.entitlements();
    let result = result.unwrap_or_else(|fault| panic!("{}: {fault}", file.display()));
    result.claims.into_iter().next().unwrap_or_else(|| panic!("{}: no claim", file.display()))
}

/// Returns what a claim gives under `what`: `benefit.x` is one payment of a benefit that is due, `paid.x` what all its
/// recipients have a year after limits, `together` what all benefits pay a year, and `formula.x`, `measure.x`,
/// `points.x`, `balance.x` and `reference_earnings.x` what the law finds under the name.
#[must_use]
pub fn found(claim: &ClaimResult, what: &str) -> Option<f64> {
    let awards = || claim.benefits().filter_map(|benefit| Some((benefit, benefit.award.as_ref()?)));
    let pensions =
        || awards().filter(|(benefit, _)| benefit.kind == perennis_scheme::BenefitKind::Pension);
    if what == "together" {
        return Some(pensions().map(|(_, award)| award.paid.get()).sum());
    }
    let (kind, name) = what.split_once('.')?;
    match kind {
        "benefit" => Some(claim.benefit(name)?.award.as_ref()?.per_payment()),
        "paid" => Some(
            awards()
                .filter(|(benefit, _)| benefit.name == name)
                .map(|(_, award)| award.paid.get())
                .sum(),
        ),
        _ => claim.value(kind, name),
    }
}

/// A folder with texts of laws and persons that a test writes.
pub struct LawFolder(TempDir);

impl LawFolder {
    /// Writes each text under its name.
    ///
    /// # Panics
    ///
    /// When the system refuses.
    #[must_use]
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder =
            tempfile::tempdir().unwrap_or_else(|fault| panic!("no temporary folder: {fault}"));
        for (name, text) in files {
            let path = folder.path().join(name);
            std::fs::write(&path, text)
                .unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        }
        Self(folder)
    }

    /// Values the first claim of one of the files.
    #[must_use]
    pub fn claim(&self, person: &str) -> ClaimResult {
        claim_of(&self.0.path().join(person))
    }
}
