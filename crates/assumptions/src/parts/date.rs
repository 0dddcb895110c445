use std::borrow::Cow;

use perennis_units::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use toml::value::Datetime;

use crate::at::At;
use crate::diagnostics::Code;

/// A TOML date without quotes: 2024-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day(Datetime);

impl<'de> Deserialize<'de> for Day {
    /// A date that passes through a table of plain values arrives as a text; texts of the files are refused before.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::Datetime(date) => Ok(Self(date)),
            toml::Value::String(text) => text.parse().map(Self).map_err(D::Error::custom),
            other => Err(D::Error::custom(format!("{} is not a date", other.type_str()))),
        }
    }
}

impl Day {
    /// Returns the date; a time of day, or a year outside 1850 to 2300, is a fault.
    pub(crate) fn read(self, at: &At<'_>) -> Option<Date> {
        let fault = |reason: String| {
            at.fault(Code::NotADate, reason, "write a date without quotes, such as 2024-01-01");
            None
        };
        let (Some(day), None) = (self.0.date, self.0.time) else {
            return fault(format!("{} is not a date alone", self.0));
        };
        if !(1850..=2300).contains(&day.year) {
            return fault(format!("the year of {day} is outside 1850 to 2300"));
        }
        let made = i16::try_from(day.year).ok().and_then(|year| {
            Date::new(year, i8::try_from(day.month).ok()?, i8::try_from(day.day).ok()?).ok()
        });
        made.or_else(|| fault(format!("{day} is not in the calendar")))
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}
