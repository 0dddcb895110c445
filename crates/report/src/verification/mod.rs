//! Identities that the tables of a result must meet, each with its residual and tolerance.

mod accounts;
mod figures;
mod generations;
mod people;
mod premiums;
mod text;

pub use text::{verification_json, verification_text};

use perennis_valuation::{Results, SchemeByGenerations};

use crate::Table;
use figures::Figures;

/// An identity, how far it is from holding, and where it is farthest.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Name, in words joined by underscores.
    pub name: &'static str,
    /// What must be equal, or at most.
    pub says: &'static str,
    /// How many times it was asked.
    pub asked: usize,
    /// The largest difference, as a share of the largest amount in it.
    pub residual: f64,
    /// Where that is.
    pub at: String,
    /// The largest residual with which it holds, and why.
    pub tolerance: (f64, &'static str),
    /// Why the residual is only stated: then nothing is broken whatever it is.
    pub stated: Option<&'static str>,
}

/// Rounding of sums of many numbers.
pub(crate) const ROUNDING: (f64, &str) = (1e-9, "rounding of sums");

impl Identity {
    pub(crate) const fn new(
        name: &'static str,
        says: &'static str,
        tolerance: (f64, &'static str),
    ) -> Self {
        Self { name, says, asked: 0, residual: 0.0, at: String::new(), tolerance, stated: None }
    }

    /// Says whether it holds wherever it was asked; what is no number does not, and what is only stated does.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.stated.is_some() || self.residual <= self.tolerance.0
    }

    /// Compares two figures of which the largest part is `scale`.
    pub(crate) fn equal(&mut self, (found, expected): (f64, f64), scale: f64, at: &str) {
        self.enter((found - expected).abs(), scale.max(found.abs()).max(expected.abs()), at);
    }

    /// Asks that a figure is at most another.
    pub(crate) fn at_most(&mut self, (found, most): (f64, f64), at: &str) {
        let above =
            if found.is_nan() || most.is_nan() { f64::NAN } else { (found - most).max(0.0) };
        self.enter(above, found.abs().max(most.abs()), at);
    }

    fn enter(&mut self, difference: f64, scale: f64, at: &str) {
        self.asked += 1;
        let residual = if difference == 0.0 { 0.0 } else { difference / scale };
        // A figure that is no number breaks the identity for good.
        let residual = if residual.is_nan() { f64::INFINITY } else { residual };
        if self.asked == 1 || self.residual < residual {
            self.residual = residual;
            at.clone_into(&mut self.at);
        }
    }
}

/// Asks whether a second calculation of the schemes by generations agrees with the tables of a result.
#[must_use]
pub fn identities_by_generations<'a>(
    tables: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    (results, schemes): (&Results, &[SchemeByGenerations]),
) -> Vec<Identity> {
    let figures = Figures::read(tables);
    let mut all = generations::identities(&figures, (results, schemes));
    all.retain(|identity| 0 < identity.asked);
    all
}

/// Asks every identity of which the tables hold the figures; those that were not asked are left out.
#[must_use]
pub fn identities<'a>(tables: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<Identity> {
    let figures = Figures::read(tables);
    let mut all = people::identities(&figures);
    all.extend(accounts::identities(&figures));
    all.extend(premiums::identities(&figures));
    all.retain(|identity| 0 < identity.asked);
    all
}

/// Asks every identity of tables that were just made.
#[must_use]
pub fn identities_of(tables: &[Table]) -> Vec<Identity> {
    identities(tables.iter().map(|table| (table.file, table.bytes.as_slice())))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POPULATION: &str =
        "year,sex,age,population\n2024,male,0,10\n2024,male,1,20\n2025,male,0,11\n2025,male,1,18\n";

    fn with_births(births: &str) -> Vec<Identity> {
        let flows = format!("year,sex,births,deaths,net_migrants\n2024,male,{births},2,-1\n");
        identities([
            ("population.csv", POPULATION.as_bytes()),
            ("population_flows.csv", flows.as_bytes()),
        ])
    }

    #[test]
    fn a_figure_that_is_changed_breaks_its_identity_and_no_other() {
        let whole = with_births("2");
        assert_eq!(whole.len(), 1);
        assert!(whole[0].holds(), "{whole:?}");
        let broken = with_births("2.1");
        assert!(!broken[0].holds() && broken[0].at == "2024, male", "{broken:?}");
        assert!((broken[0].residual - 0.1 / 30.0).abs() < 1e-12);
        assert!(!with_births("nothing")[0].holds());
    }
}
