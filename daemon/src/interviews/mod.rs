//! Interviews: planned, confirmed, cancelled, and their meetings.
//!
//! Owns the joining of a booking with a Zoom meeting; no other room does that. Invariants: nobody is booked twice (see
//! `calendar`); a booking is durable before Zoom hears of it, and Zoom is asked once or the doubt is recorded (see
//! `settle`). Must not judge times itself: [`crate::schedule::predicate`] does.

mod book;
mod calendar;
mod change;
mod doubt;
mod erase;
mod hosts;
mod judge;
mod list;
mod make;
mod plan;
pub mod record;
mod settle;
mod view;

pub use book::book;
pub use change::{cancel, confirm};
pub use doubt::doubt;
pub use erase::{Stands, empty, stands, traces};
pub use hosts::{expect, keep_hosts};
pub use list::{busy, get, list, sees};
pub use make::Meetings;
pub use view::{many as of_ids, of_candidate};
