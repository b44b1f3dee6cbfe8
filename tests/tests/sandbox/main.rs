//! What the sandboxes promise, over real HTTP: the checklist of the vendors' behaviours that
//! Greenroom relies on, Zoom's here, Google's and Microsoft's each in a folder. And Greenroom
//! against an OAuth server of somebody else's (`oauth_provider`).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod app;
mod consent;
mod faults;
mod google;
mod judges;
mod limits;
mod lists;
mod meetings;
mod microsoft;
mod oauth_provider;
mod people;
mod program;
mod strictness;
mod talk;
mod tokens;
