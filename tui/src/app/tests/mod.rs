//! The client against a daemon made of values.

pub(crate) mod daemon;
mod hints;
mod journeys;
mod pictures;
mod properties;
pub(crate) mod records;
mod saving;
pub(crate) mod screens;
pub(crate) mod stage;
mod stage_settings;
mod times;
mod typing;
