//! The Greenroom client: a terminal application and a command line over one connection to the
//! daemon.
//!
//! A map, in the order to read it:
//! [`client`] finds the daemon, starts it where none runs, and has every method as a call;
//! `cli` is one file a family of verbs, `output` what they print;
//! `state` is what is known and selected, `forms` what is filled in, `panes` a folder a subject with
//! what it shows and does; [`app`] is the loop over them: events in, state changed, actions out;
//! [`callback`] is the loopback end of connecting Zoom, for both; [`settings`] reads `[client]` of the
//! configuration; `mcp` is what language models of others may see and do. `keys`, `theme` and `widgets` are the ground they stand on, `typed` and `import` read
//! what people give. Which room may import which is written in `rooms`, and tested.
//!
//! Invariant: nothing that lasts is kept here. The daemon holds every truth; this side shows it and
//! asks for changes.

pub mod app;
pub mod callback;
mod cli;
pub mod client;
mod clipboard;
mod editor;
mod forms;
mod import;
mod keys;
mod mcp;
mod notify;
mod output;
mod panes;
#[cfg(test)]
mod rooms;
#[cfg(test)]
mod sample;
pub mod settings;
mod state;
mod terminal;
mod theme;
mod typed;
mod widgets;
mod wording;

use std::ffi::OsString;
use std::process::ExitCode;

pub use client::DaemonCommand;

/// Runs `greenroom` with its arguments, the program's name first. A daemon that is absent is
/// started as `greenroomd run`.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    run_with(args, DaemonCommand::usual())
}

/// Like [`run`], with another way to start a daemon.
pub fn run_with(args: impl IntoIterator<Item = OsString>, daemon: DaemonCommand) -> ExitCode {
    cli::run(args.into_iter().collect(), daemon, app::open)
}
