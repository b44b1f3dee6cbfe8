//! What the sandbox Zoom promises, over real HTTP: the checklist of Zoom's behaviours that
//! Greenroom relies on. And Greenroom against an OAuth server of somebody else's
//! (`oauth_provider`).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod app;
mod consent;
mod faults;
mod limits;
mod lists;
mod meetings;
mod oauth_provider;
mod people;
mod program;
mod strictness;
mod tokens;
