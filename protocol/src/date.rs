//! A day of the calendar on the wire: `2026-12-24`, in whatever zone its record says.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::ToSpan as _;
use jiff::civil;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day, by its year, month and day of the month.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// A text that is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a date is written as 2026-12-24")]
pub struct NotADate;

impl Date {
    /// As jiff knows it.
    #[must_use]
    pub fn civil(self) -> civil::Date {
        self.0
    }

    /// The next day; the last day there is has none after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(1.day()))
    }
}

impl From<civil::Date> for Date {
    fn from(date: civil::Date) -> Self {
        Self(date)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, out)
    }
}

impl FromStr for Date {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        // One day has one spelling: jiff would also take a time behind it, and other shapes.
        let date = text.parse::<civil::Date>().map_err(|_| NotADate)?;
        (date.to_string() == text)
            .then_some(Self(date))
            .ok_or(NotADate)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_spelling() {
        let day: Date = "2026-12-31".parse().expect("a date");
        assert_eq!(day.to_string(), "2026-12-31");
        assert_eq!(day.next().to_string(), "2027-01-01");
        assert_eq!(
            serde_json::to_string(&day).expect("JSON"),
            r#""2026-12-31""#
        );
        for wrong in [
            "",
            "2026-2-3",
            "2026-02-30",
            "20261231",
            "2026-12-31T09:00",
            "24.12.",
        ] {
            assert!(wrong.parse::<Date>().is_err(), "{wrong}");
            let json = serde_json::to_string(wrong).expect("JSON");
            assert!(serde_json::from_str::<Date>(&json).is_err(), "{wrong}");
        }
    }
}
