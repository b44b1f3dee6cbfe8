//! What people type, read into values: durations, stretches of the week, cells.
//!
//! The same on the command line, in a form and in a file.

pub(crate) mod cell;
pub(crate) mod duration;
pub(crate) mod window;

pub(crate) use duration::{Minutes, written};
pub(crate) use window::Stretch;
