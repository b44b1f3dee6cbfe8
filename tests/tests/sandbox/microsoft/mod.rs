//! What the sandbox Microsoft promises, over real HTTP.

pub mod app;
mod calendar;
mod consent;
mod greenroom;
mod mail;
mod tokens;
