//! A member's day as they meet it: what is next, what needs them until it is seen to, who waits, and
//! that nobody hears of what is not theirs.

mod fixture;

mod calendars;
mod connections;
mod insights;
mod needs;
mod responsible;
mod waiting;
