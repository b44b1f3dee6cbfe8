//! Forms: sheets of fields that become one call.

mod draw;
mod field;
mod sheet;

pub(crate) use field::{Entry, Field, Note};
pub(crate) use sheet::{Did, Sheet};
