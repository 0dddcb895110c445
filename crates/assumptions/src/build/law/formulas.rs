use std::sync::Arc;

use perennis_scheme as scheme;

use super::provisions::{Provisions, unknown};
use super::steps::{Around, steps};
use crate::at::At;
use crate::diagnostics::Code;

impl Provisions<'_> {
    /// Looks up a formula.
    pub(super) fn formula(&self, name: &str, named: &At<'_>) -> Option<Arc<scheme::Formula>> {
        let Some(raw) = self.raw.formulas.get(name) else {
            return unknown(named, "a formula", name, self.raw.formulas.keys());
        };
        self.once(&self.formulas, ("formulas", name), named, |at| {
            let citation = at.citation();
            let assessed_at = self.optional_age(raw.assessed_at.as_ref(), &at.key("assessed_at"));
            let around = Around { groups: None, payments_a_year: None };
            let steps = steps(self, &raw.steps, around, &at.key("steps"));
            if raw.steps.is_empty() {
                at.fault(
                    Code::NoSteps,
                    format!("formula `{name}` has no steps, so it has no result"),
                    "add steps = [ { flat = { … } } ] or another first step",
                );
                return None;
            }
            Some(Arc::new(scheme::Formula {
                name: name.to_owned(),
                assessed_at: assessed_at?,
                steps: steps?,
                citation: citation?,
            }))
        })
    }
}
