//! Connections as callers meet them: over a socket, with the sandbox Zoom, in a time that stands
//! still.

mod accounts;
mod approval;
mod clock;
mod dependents;
mod fixture;
mod one_login;
mod reasons;
