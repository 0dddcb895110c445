use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::{Day, Kind};
use crate::at::At;

/// A bare number in the unit that is meant where it stands, or a table of `value` and `unit`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given {
    /// The number as written.
    pub(crate) value: f64,
    /// The day to which it refers, where that is said.
    pub(crate) day: Option<Day>,
    bare: bool,
}

impl Given {
    /// Says whether the number stands without a unit of its own.
    pub(crate) const fn is_bare(&self) -> bool {
        self.bare
    }

    /// Returns the number in the unit of `kind`: a bare number is in that unit already.
    pub(crate) fn read(&self, at: &At<'_>, kind: &Kind) -> Option<f64> {
        self.read_as(at, |_| Some(*kind))
    }

    /// Returns the number in the unit of the kind that `choose` finds for the unit written: `None` for a bare number.
    pub(crate) fn read_as(
        &self,
        at: &At<'_>,
        choose: impl Fn(Option<&str>) -> Option<Kind>,
    ) -> Option<f64> {
        if self.bare {
            let cited = at.citation();
            let kind = choose(None)?;
            return cited.and_then(|_| kind.check(self.value, at));
        }
        let value = at.key("value");
        let cited = value.citation();
        let unit = value.find_unit();
        let kind = choose(unit.as_ref().map(|(unit, _)| unit.as_str()))?;
        let factor = value.unit(&kind);
        cited.and(factor).and_then(|factor| kind.check(self.value * factor, &value))
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Whole {
            value: f64,
            at: Option<Day>,
        }
        match toml::Value::deserialize(deserializer)? {
            table @ toml::Value::Table(_) => {
                let Whole { value, at } = table.try_into().map_err(D::Error::custom)?;
                Ok(Self { value, day: at, bare: false })
            }
            number => {
                let value = number.try_into().map_err(D::Error::custom)?;
                Ok(Self { value, day: None, bare: true })
            }
        }
    }
}

impl JsonSchema for Given {
    fn schema_name() -> Cow<'static, str> {
        "Given".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number in the unit that is meant here, or a table of value and unit.",
            "anyOf": [
                { "type": "number", "description": "The number." },
                {
                    "type": "object",
                    "description": "A number with its unit.",
                    "additionalProperties": false,
                    "required": ["value"],
                    "properties": {
                        "value": { "type": "number", "description": "The number." },
                        "at": {
                            "type": "string",
                            "format": "date",
                            "description": "The day to which it refers; what was credited later is added."
                        }
                    }
                }
            ]
        })
    }
}
