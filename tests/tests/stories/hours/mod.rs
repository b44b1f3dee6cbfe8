//! When people are free, as they say it: hours, days off, limits, and what they do to a booking.
//! Dana is in New York, and the stories begin on Monday 2026-11-30.

mod clocks;
mod days_off;
mod fixture;
mod judged;
mod limits;
mod setting;
mod shell;
