//! What the sandbox Zoom promises, over real HTTP: the checklist of Zoom's behaviours that
//! Greenroom relies on.

mod app;
mod consent;
mod faults;
mod limits;
mod lists;
mod meetings;
mod people;
mod program;
mod strictness;
mod tokens;
