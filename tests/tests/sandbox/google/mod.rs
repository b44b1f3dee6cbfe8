//! What the sandbox Google promises, over real HTTP.

pub mod app;
mod consent;
mod mail;
mod tokens;
