//! What the sandbox Google promises, over real HTTP.

pub mod app;
mod calendar;
mod consent;
mod mail;
mod tokens;
