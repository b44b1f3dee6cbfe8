//! Instants on the wire: RFC 3339 in UTC with `Z`, whole seconds. Durations are whole minutes in
//! plain numbers.
//!
//! Must not know time zones beyond carrying their IANA names as text; local time is read by the
//! daemon, in one place.

use std::fmt;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Unit};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment, to the second.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Timestamp);

impl Instant {
    /// The moment `seconds` after 1970-01-01T00:00:00Z; out of range is brought to the nearest end.
    pub fn from_second(seconds: i64) -> Self {
        let least = Timestamp::MIN.as_second();
        let most = Timestamp::MAX.as_second();
        Self(Timestamp::from_second(seconds.clamp(least, most)).unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// For people in an IANA zone, to the minute, such as `Tue 2026-12-01 15:30 IST`; in UTC where
    /// the zone is not known here.
    pub fn in_zone(self, zone: &str) -> String {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        let local = self.0.to_zoned(zone);
        local.strftime("%a %Y-%m-%d %H:%M %Z").to_string()
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn second(self) -> i64 {
        self.0.as_second()
    }

    /// The moment on this machine's clock.
    pub fn now() -> Self {
        Timestamp::now().into()
    }

    /// `minutes` later (earlier when negative).
    #[must_use]
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_seconds(minutes.saturating_mul(60))
    }

    /// `seconds` later (earlier when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_second(self.second().saturating_add(seconds))
    }

    /// From `earlier` to this one.
    pub fn since(self, earlier: Self) -> SignedDuration {
        SignedDuration::from_secs(self.second() - earlier.second())
    }

    /// As jiff knows it.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for Instant {
    fn from(timestamp: Timestamp) -> Self {
        Self(timestamp.round(Unit::Second).unwrap_or(timestamp))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whole seconds, so this writes no fraction.
        fmt::Display::fmt(&self.0, out)
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Moment;
        impl serde::de::Visitor<'_> for Moment {
            type Value = Instant;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("a moment such as 2026-12-01T10:00:00Z")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Instant, E> {
                text.parse::<Timestamp>().map(Into::into).map_err(E::custom)
            }
        }
        input.deserialize_str(Moment)
    }
}

impl schemars::JsonSchema for Instant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_where_people_are() {
        let start = Instant::from_second(1_796_119_200);
        assert_eq!(start.in_zone("Asia/Kolkata"), "Tue 2026-12-01 15:30 IST");
        assert_eq!(start.in_zone("Nowhere/Else"), "Tue 2026-12-01 10:00 UTC");
    }
}
