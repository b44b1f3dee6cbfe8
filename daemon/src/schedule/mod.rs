//! Whether a time works. Pure: plain functions over values, no I/O, no clock, no store.
//!
//! Owns reading times as people write them, what a stage's guidance prefers, whose time is taken, who of a panel is asked, the one
//! predicate that judges both what is offered and what is booked, and which times are offered. Must
//! not know where a value comes from.

pub mod busy;
pub mod civil;
pub mod fair;
pub mod grid;
pub mod guidance;
pub mod hours;
pub mod panel;
pub mod predicate;
pub mod ranges;
pub mod reading;
pub mod slots;
pub mod time;
pub mod wishes;
