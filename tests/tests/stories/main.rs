//! Greenroom as people meet it, most of it in this process ([`TestDaemon`]), where time passes only
//! when a story says so. A folder is one subject; what its stories begin with stands beside them.
//!
//! `cargo test -p greenroom-tests --test stories mail::` runs one subject.
//!
//! Nothing here may change what the process shares: no environment variable, working directory,
//! umask or signal handler, no armed failpoint. A story that needs one starts a daemon of its own.
//!
//! [`TestDaemon`]: greenroom_tests::test_daemon::TestDaemon

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod access;
mod applications;
mod asking;
mod backup;
mod booking;
mod caldav;
mod connections;
mod feeds;
mod held;
mod hours;
mod keys;
mod mail;
mod outreach;
mod setting_up;
mod shell;
mod today;
mod zoom_connection;
