//! The client against a daemon made of values.

pub(crate) mod daemon;
mod journeys;
mod properties;
pub(crate) mod records;
mod saving;
pub(crate) mod screens;
pub(crate) mod stage;
mod times;
mod typing;
