use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use super::{NameOr, Operand};
use crate::parts::Day;

/// Keys that may stand beside those of an operand.
pub(crate) trait Beside: DeserializeOwned + JsonSchema {
    /// Their names.
    const KEYS: &'static [&'static str];
}

/// An operand with further keys beside its own.
#[derive(Clone, Debug)]
pub(crate) struct With<E> {
    /// The operand; without any form when none of its keys is there.
    pub(crate) operand: Operand,
    /// What stands beside it.
    pub(crate) beside: E,
}

impl<'de, E: Beside> Deserialize<'de> for With<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = toml::Table::deserialize(deserializer)?;
        let (beside, operand): (toml::Table, toml::Table) =
            table.into_iter().partition(|(key, _)| E::KEYS.contains(&key.as_str()));
        Ok(Self {
            operand: toml::Value::Table(operand).try_into().map_err(D::Error::custom)?,
            beside: toml::Value::Table(beside).try_into().map_err(D::Error::custom)?,
        })
    }
}

impl<E: Beside> JsonSchema for With<E> {
    fn schema_name() -> Cow<'static, str> {
        format!("OperandWith{}", E::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut both = Operand::json_schema(generator).to_value();
        let beside = E::json_schema(generator).to_value();
        for (key, schema) in beside["properties"].as_object().into_iter().flatten() {
            both["properties"][key] = schema.clone();
        }
        both.try_into().unwrap_or_default()
    }
}

/// Says when a step is taken at all.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OnlyIf {
    /// The step is taken only by those who meet all of these.
    pub(crate) only_if: Option<Vec<Test>>,
}

impl Beside for OnlyIf {
    const KEYS: &'static [&'static str] = &["only_if"];
}

/// For whom a minimum is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Minimum {
    /// The step is taken only by those who meet all of these.
    pub(crate) only_if: Option<Vec<Test>>,
    /// The minimum, where it does not stand in this table itself.
    pub(crate) minimum: Option<Operand>,
    /// Names the rule of the credit needed; for all when absent.
    pub(crate) credit_at_least: Option<String>,
}

impl Beside for Minimum {
    const KEYS: &'static [&'static str] = &["only_if", "minimum", "credit_at_least"];
}

/// What stands in for further missing months: both or none.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MissingBeyond {
    /// Names the rule of how many of the missing months, counted back from the claim, have the earnings of this table.
    pub(crate) beyond: Option<String>,
    /// Earnings of a year that stand in for the others.
    pub(crate) rest: Option<Operand>,
}

impl Beside for MissingBeyond {
    const KEYS: &'static [&'static str] = &["beyond", "rest"];
}

/// A measure of the law: an operand, months of credit by kind of period, or what a person file states.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counted {
    /// Months of credit.
    pub(crate) months: Option<Months>,
    /// Months of residence in a part of life.
    pub(crate) residence: Option<Lived>,
    /// true: a person file must state it; an operand: its value where the person file says nothing.
    pub(crate) stated: Option<TrueOr<Operand>>,
}

impl Beside for Counted {
    const KEYS: &'static [&'static str] = &["months", "residence", "stated"];
}

/// true, or a table.
#[derive(Clone, Debug)]
pub(crate) enum TrueOr<T> {
    /// true or false.
    Truth(bool),
    /// A table.
    Table(Box<T>),
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for TrueOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::Boolean(truth) => Ok(Self::Truth(truth)),
            other => {
                other.try_into().map(|table| Self::Table(Box::new(table))).map_err(D::Error::custom)
            }
        }
    }
}

impl<T: JsonSchema> JsonSchema for TrueOr<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("TrueOr{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<T>();
        json_schema!({ "description": "true, or a table.", "anyOf": [{ "type": "boolean" }, table] })
    }
}

/// Months of credit by kind of period.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Months {
    /// `work` and names of periods; all kinds when absent.
    pub(crate) kinds: Option<Vec<String>>,
    /// Names the rule of the time before the claim that is looked at; all of it when absent.
    pub(crate) within_last: Option<String>,
    /// Names the rule of the most that counts; with `for_earnings` or `earnings_at_least`, in a year.
    pub(crate) at_most: Option<String>,
    /// Earnings that bring so much credit as `each` says, as often as the earnings of a year hold them.
    pub(crate) for_earnings: Option<Operand>,
    /// Names the rule of the credit that `for_earnings` brings each time.
    pub(crate) each: Option<String>,
    /// Only years whose earnings reach this.
    pub(crate) earnings_at_least: Option<Operand>,
    /// Names an age: only months from it on.
    pub(crate) from_age: Option<String>,
    /// Names an age: only months before it.
    pub(crate) until_age: Option<String>,
    /// Only months from this day on.
    pub(crate) from: Option<Day>,
    /// Only months up to this day.
    pub(crate) until: Option<Day>,
    /// Names the rule of the credit that must be there before any counts.
    pub(crate) beyond: Option<String>,
}

/// Months of residence in a part of life.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lived {
    /// Names the rule of the time before the claim that is looked at; all of it when absent.
    pub(crate) within_last: Option<String>,
    /// Names the rule of the most that counts.
    pub(crate) at_most: Option<String>,
    /// Names an age: only months from it on.
    pub(crate) from_age: Option<String>,
    /// Names an age: only months before it.
    pub(crate) until_age: Option<String>,
    /// Only months from this day on.
    pub(crate) from: Option<Day>,
    /// Only months up to this day.
    pub(crate) until: Option<Day>,
}

/// One test: a measure, or another operand, against a bound.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Test {
    /// Names the measure.
    pub(crate) measure: Option<String>,
    /// What is asked about, in place of a measure.
    pub(crate) of: Option<Operand>,
    /// It is at least this: names a rule, an amount or a series, or is an operand.
    pub(crate) at_least: Option<NameOr<Operand>>,
    /// It is above this; a name or an operand.
    pub(crate) above: Option<NameOr<Operand>>,
    /// It is at most this; a name or an operand.
    pub(crate) at_most: Option<NameOr<Operand>>,
    /// It is below this; a name or an operand.
    pub(crate) below: Option<NameOr<Operand>>,
    /// It is this; a name or an operand.
    pub(crate) equals: Option<NameOr<Operand>>,
    /// One of these tests is passed; in place of a measure and its bounds.
    pub(crate) any: Option<Vec<Test>>,
    /// The person was born before this day; in place of a measure and its bounds.
    pub(crate) born_before: Option<Day>,
    /// The recipient was born before this day.
    pub(crate) recipient_born_before: Option<Day>,
    /// The marriage was before this day.
    pub(crate) married_before: Option<Day>,
    /// The first contribution was before this day.
    pub(crate) entered_before: Option<Day>,
    /// The person belongs to one of these groups.
    pub(crate) groups: Option<Vec<String>>,
}
