//! Interviews: planned, changed, cancelled, over, and their meetings.
//!
//! Owns the joining of a booking with a Zoom meeting; no other room does that. Invariants: nobody is booked twice (see
//! `calendar`); a booking is durable before Zoom hears of it, and Zoom is asked once or the doubt is recorded (see
//! `settle`). Must not judge times itself: [`crate::schedule::predicate`] does.

mod ahead;
mod book;
mod calendar;
mod change;
pub mod check;
mod decide;
pub mod insight;
mod judge;
mod list;
mod make;
mod plan;
pub mod record;
mod settle;
pub mod terms;
mod view;

pub use ahead::{expect, keep_expecting};
pub use book::book;
pub use decide::{cancel, complete, confirm, edit, no_show, reschedule, undo};
pub use list::{busy, get, list, sees};
pub use make::{KIND as MEETING_WORK, Meetings};
pub use view::of_candidate;
