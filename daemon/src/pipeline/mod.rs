//! Jobs, stages, candidates and applications.
//!
//! Owns who is where in which pipeline. Invariants: an address belongs to one candidate of a
//! workspace; a candidate applies once for a job; an application's stage is one of its job's. Must
//! not know interviews beyond showing them with a candidate, and having those cancelled that an
//! application takes with it as it is closed.

mod apply;
mod candidate;
mod emails;
mod erase;
mod held;
mod import;
mod job;
mod letter;
mod list;
mod mailing;
mod many;
mod moving;
mod notes;
pub mod retention;
mod stage;
mod state;
mod views;

pub use apply::named as application_named;
pub use candidate::{add, edit, get, of_address};
pub use erase::erase;
pub use held::{export, export_one};
pub use import::import;
pub use job::{add_job, edit_job, jobs};
pub use letter::ApplicationLetters;
pub use list::list;
pub use many::{change_many, email_many, move_many};
pub use moving::{ENTER_WORK, move_to};
pub use notes::{remove_note, save_note};
pub use stage::{add_stage, configure};
pub use state::change_state;
pub use views::{delete_view, save_view, views};
