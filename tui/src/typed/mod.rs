//! What people type, read into values: durations, hours, nights, cells, mail servers, a stage's
//! plan.
//!
//! The same on the command line, in a form and in a file.

pub(crate) mod cell;
pub(crate) mod duration;
pub(crate) mod hours;
pub(crate) mod night;
pub(crate) mod path;
pub(crate) mod plan;
pub(crate) mod server;
pub(crate) mod template;
pub(crate) mod window;

pub(crate) use duration::{Minutes, written};
pub(crate) use night::TypedNight;
pub(crate) use plan::ask_for;
