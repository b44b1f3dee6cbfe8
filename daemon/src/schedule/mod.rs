//! Whether a time works. Pure: plain functions over values, no I/O, no clock, no store.
//!
//! Owns reading times as people write them, whose time is taken, who of a panel is asked, and the
//! one predicate that judges both what is offered and what is booked. Must not know where a value
//! comes from.

pub mod busy;
pub mod fair;
pub mod predicate;
pub mod reading;
pub mod time;
