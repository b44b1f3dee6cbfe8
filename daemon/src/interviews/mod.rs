//! Interviews and their meetings.

pub mod record;
