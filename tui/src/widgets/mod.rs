//! The parts that panes are drawn with.
//!
//! A widget owns what a person does to it (a cursor, a selection, a scroll) and draws itself on a
//! [`Canvas`]; it knows nothing of the daemon, and asks for nothing.

mod area;
mod canvas;
mod choice;
mod copied;
mod input;
mod list;
pub(crate) mod listing;
pub(crate) mod markdown;
mod multi_select;
mod notice;
mod qr;
mod report;
mod scroll;
mod secret;
mod select;
mod share;
mod status;
pub(crate) mod text;
mod time_input;
pub(crate) mod times;

pub(crate) use area::TextArea;
pub(crate) use canvas::{Canvas, below, part, row, rows};
pub(crate) use choice::Choice;
pub(crate) use copied::Copied;
pub(crate) use input::TextInput;
pub(crate) use list::List;
pub(crate) use multi_select::MultiSelect;
pub(crate) use notice::{draw_empty, draw_failure};
pub(crate) use qr::Qr;
pub(crate) use report::Report;
pub(crate) use scroll::Scroll;
pub(crate) use secret::SecretInput;
pub(crate) use select::{Pick, Select};
pub(crate) use share::share;
pub(crate) use status::{PATIENCE, TURN, spinner};
pub(crate) use time_input::{TimeInput, Turn};
