//! What the sandbox Microsoft promises, over real HTTP.

mod app;
mod consent;
mod mail;
mod tokens;
