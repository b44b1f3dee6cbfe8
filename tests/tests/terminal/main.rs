//! The real client in a real terminal: what a person sees, what the shell gets back, and how it
//! lives with a daemon that comes and goes.
//!
//! Read `terminal` for what a test can do, then the rooms with the stories.

mod asking;
mod beginning;
mod booking;
mod calendars;
mod changing;
mod choosing;
mod connection;
mod daemon;
mod ending;
mod fixture;
mod later;
mod looks;
mod notes;
mod sending;
mod setting_up;
mod several;
mod stand_in;
mod terminal;
mod today;
