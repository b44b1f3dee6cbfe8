//! What becomes of one setting in a request that changes some of them.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A change of one setting: absent stays, `null` clears, anything else is the new value. A setting
/// that is cleared has the value of a record that was just added.
///
/// A field of this type needs `#[serde(default, skip_serializing_if = "Edit::is_keep")]`: what
/// stays is not on the wire, so an older daemon is not sent a field it does not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Edit<T> {
    /// Absent: it stays.
    #[default]
    Keep,
    /// `null`: as in a new record.
    Clear,
    /// The new value.
    Set(T),
}

impl<T> Edit<T> {
    /// Whether the setting stays.
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// Makes the change; `new` is the value in a new record.
    pub fn apply(self, setting: &mut T, new: T) {
        match self {
            Self::Keep => {}
            Self::Clear => *setting = new,
            Self::Set(value) => *setting = value,
        }
    }
}

impl<T: PartialEq> Edit<T> {
    /// From one value to another.
    pub fn between(from: &T, to: T) -> Self {
        match *from == to {
            true => Self::Keep,
            false => Self::Set(to),
        }
    }
}

impl<T> From<Option<T>> for Edit<T> {
    /// What a field that was there says: `None` clears.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

impl<T: Serialize> Serialize for Edit<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Keep | Self::Clear => serializer.serialize_none(),
            Self::Set(value) => serializer.serialize_some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Edit<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

impl<T: JsonSchema> JsonSchema for Edit<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Option::<T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Option::<T>::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Change {
        #[serde(skip_serializing_if = "Edit::is_keep")]
        cap: Edit<u32>,
    }

    #[test]
    fn absent_stays_null_clears_and_a_value_is_set() {
        for (written, cap, after) in [
            ("{}", Edit::Keep, 7),
            (r#"{"cap":null}"#, Edit::Clear, 0),
            (r#"{"cap":3}"#, Edit::Set(3), 3),
        ] {
            let change: Change = serde_json::from_str(written).expect(written);
            assert_eq!(change, Change { cap });
            assert_eq!(serde_json::to_string(&change).expect(written), written);
            let mut setting = 7;
            change.cap.apply(&mut setting, 0);
            assert_eq!(setting, after, "{written}");
        }
        assert!(serde_json::from_str::<Change>(r#"{"cap":"3"}"#).is_err());
    }
}
