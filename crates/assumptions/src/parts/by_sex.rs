use std::borrow::Cow;

use perennis_units::{Path, Sex, YearRange};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::{Kind, Quantity, Series};
use crate::at::At;

/// A value written once for both sexes, or in sub-tables `male` and `female`.
#[derive(Clone, Debug)]
pub(crate) enum BySex<T> {
    /// The same for both.
    Both(T),
    /// One for each: male, female.
    Each([T; 2]),
}

impl<T> BySex<T> {
    /// Reads both sexes, male first; `read` gets the form and the place of each.
    pub(crate) fn read<U: Clone>(
        &self,
        at: &At<'_>,
        read: impl Fn(&T, &At<'_>) -> Option<U>,
    ) -> Option<[U; 2]> {
        match self {
            Self::Both(one) => read(one, at).map(|one| [one.clone(), one]),
            Self::Each(two) => {
                let [male, female] =
                    Sex::ALL.map(|sex| read(&two[sex.index()], &at.key(sex.as_str())));
                Some([male?, female?])
            }
        }
    }
}

impl BySex<Series> {
    /// Returns a series for each sex, male first.
    pub(crate) fn series(
        &self,
        at: &At<'_>,
        kind: &Kind,
        years: YearRange,
    ) -> Option<[Path<f64>; 2]> {
        self.read(at, |series, at| series.read(at, kind, years))
    }
}

impl BySex<Quantity> {
    /// Returns a number for each sex, male first.
    pub(crate) fn quantity(&self, at: &At<'_>, kind: &Kind) -> Option<[f64; 2]> {
        self.read(at, |quantity, at| quantity.read(at, kind))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for BySex<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut table = toml::Table::deserialize(deserializer)?;
        let [male, female] = Sex::ALL.map(|sex| table.remove(sex.as_str()));
        let read = |value: toml::Value| value.try_into().map_err(D::Error::custom);
        match (male, female) {
            (None, None) => read(toml::Value::Table(table)).map(Self::Both),
            (Some(male), Some(female)) => {
                let (male, female) = (beside(&table, male), beside(&table, female));
                Ok(Self::Each([read(male)?, read(female)?]))
            }
            _ => Err(D::Error::custom("male and female are both needed")),
        }
    }
}

/// Adds what stands beside male and female to the table of one of them.
fn beside(table: &toml::Table, mut one: toml::Value) -> toml::Value {
    if let toml::Value::Table(own) = &mut one {
        for (key, value) in table {
            own.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    one
}

impl<T: JsonSchema> JsonSchema for BySex<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("{}BySex", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        let mut each = T::json_schema(generator).to_value();
        each["required"] = json!(["male", "female"]);
        each["description"] =
            json!("One for each sex; what stands beside male and female holds for both.");
        for sex in Sex::ALL {
            each["properties"][sex.as_str()] = one.as_value().clone();
        }
        json_schema!({
            "description": "One value for both sexes, or the tables male and female.",
            "anyOf": [one, each]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_beside_male_and_female_holds_for_both() {
        let text = "gaps = \"hold\"\nmale.value = 1.0\n[female]\nvalue = 2.0\ngaps = \"linear\"";
        let BySex::Each([male, female]) = toml::from_str::<BySex<Series>>(text).unwrap() else {
            panic!()
        };
        assert_eq!(male.gaps, Some(crate::parts::Gaps::Hold));
        assert_eq!(female.gaps, Some(crate::parts::Gaps::Linear));
    }
}
