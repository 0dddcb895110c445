use perennis_units::{Money, Share};
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use crate::at::At;

/// One number: value, unit and source.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quantity {
    /// The number, in the unit that stands beside it or at the head of a table around it.
    pub(crate) value: f64,
}

impl Quantity {
    /// Returns the number in the unit of `kind`; unit, source and bounds are checked.
    pub(crate) fn read(&self, at: &At<'_>, kind: &Kind) -> Option<f64> {
        let value = at.key("value");
        let cited = value.citation();
        let factor = value.unit(kind);
        cited.and(factor).and_then(|factor| kind.check(self.value * factor, &value))
    }

    /// Returns a share, 0 to 1.
    pub(crate) fn share(&self, at: &At<'_>) -> Option<Share> {
        self.read(at, &Kind::SHARE).and_then(|value| Share::new(value).ok())
    }

    /// Returns an amount of a kind of money.
    pub(crate) fn money(&self, at: &At<'_>, kind: &Kind) -> Option<Money> {
        self.read(at, kind).and_then(|value| Money::new(value).ok())
    }
}
