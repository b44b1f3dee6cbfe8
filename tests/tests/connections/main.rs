//! Connections as callers meet them: over a socket, with the sandbox Zoom, in a time that stands
//! still.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod approval;
mod clock;
mod dependents;
mod office;
mod one_login;
mod reasons;
