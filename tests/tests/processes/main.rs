//! The programs as they are run: real daemons, the command line, clients of others, ssh, systemd;
//! killed, restarted, cut off from power, and sent nonsense.
//!
//! `cargo test -p greenroom-tests --test processes cli::` runs one subject.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod answering;
mod bad_input;
mod calendars;
mod candidates;
mod cli;
mod clients;
mod daemon_life;
mod documents;
mod faults;
mod mcp;
mod power_loss;
mod remote;
mod service;
