//! One pass over a document, against the tree of known fields. It allocates only for what it finds.

use std::fmt;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Unknown;
use super::shape::{ANYTHING, Id, Shape, Shapes};

/// The first field that is not known. `None` also where the document is not readable: whatever
/// decodes it says that better.
pub(super) fn first_unknown<'de>(
    shapes: &Shapes,
    shape: Id,
    document: impl Deserializer<'de>,
) -> Option<Unknown> {
    let mut found = None;
    let walk = Walk {
        shapes,
        id: shape,
        found: &mut found,
    };
    // It ends with an error where something was found.
    let _ = walk.deserialize(document);
    let mut found = found?;
    found.path.reverse();
    Some(found)
}

/// One value.
struct Walk<'a> {
    shapes: &'a Shapes,
    id: Id,
    /// Set at most once; the path is written from its end, on the way back.
    found: &'a mut Option<Unknown>,
}

impl Walk<'_> {
    fn inner(&mut self, id: Id) -> Walk<'_> {
        Walk {
            shapes: self.shapes,
            id,
            found: self.found,
        }
    }

    fn came_by(&mut self, step: impl FnOnce() -> String) {
        if let Some(found) = self.found {
            found.path.push(step());
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<(), D::Error> {
        if self.id == ANYTHING {
            return IgnoredAny::deserialize(value).map(drop);
        }
        value.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let shapes = self.shapes;
        let Some(shape) = shapes.shape(self.id) else {
            return Ok(());
        };
        while let Some(key) = map.next_key_seed(Names(shape))? {
            let id = match &key {
                Name::Field(_, id) | Name::Entry(_, id) => *id,
                Name::Unknown(name) => {
                    let known = shape.fields.iter().flat_map(|fields| fields.keys());
                    *self.found = Some(Unknown {
                        path: Vec::new(),
                        name: name.clone(),
                        known: known.cloned().collect(),
                    });
                    return Err(A::Error::custom("an unknown field"));
                }
            };
            if let Err(error) = map.next_value_seed(self.inner(id)) {
                self.came_by(|| key.to_string());
                return Err(error);
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let shape = self.shapes.shape(self.id);
        let items = shape.and_then(|it| it.items).unwrap_or(ANYTHING);
        for place in 0_usize.. {
            match list.next_element_seed(self.inner(items)) {
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(error) => {
                    self.came_by(|| place.to_string());
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// What a name in an object is.
enum Name<'a> {
    Field(&'a str, Id),
    /// Of a map, where any name may stand.
    Entry(String, Id),
    Unknown(String),
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name, _) => out.write_str(name),
            Self::Entry(name, _) | Self::Unknown(name) => out.write_str(name),
        }
    }
}

/// The names of one object.
struct Names<'a>(&'a Shape);

impl<'de, 'a> DeserializeSeed<'de> for Names<'a> {
    type Value = Name<'a>;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<Name<'a>, D::Error> {
        name.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Names<'a> {
    type Value = Name<'a>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Name<'a>, E> {
        let Some(fields) = &self.0.fields else {
            // Not an object at all; whatever decodes it says so.
            return Ok(Name::Entry(name.to_owned(), ANYTHING));
        };
        Ok(match (fields.get_key_value(name), self.0.others) {
            (Some((name, id)), _) => Name::Field(name, *id),
            (None, Some(others)) => Name::Entry(name.to_owned(), others),
            (None, None) => Name::Unknown(name.to_owned()),
        })
    }
}
