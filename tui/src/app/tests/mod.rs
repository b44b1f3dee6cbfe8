//! The client against a daemon made of values.

mod changes;
mod connecting;
mod daemon;
mod drift;
mod insights;
mod journeys;
mod mail;
mod properties;
mod received;
mod records;
mod saving;
mod screens;
mod stage;
mod telling;
mod typing;
mod undo;
mod week;
mod workspaces;
mod zoom;
mod zoom_test;
