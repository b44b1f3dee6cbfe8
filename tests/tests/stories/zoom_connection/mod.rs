//! Connections against the sandbox Zoom, without sockets and without a daemon: what a person sees,
//! and what is left at Zoom, on disk and on the record.

mod answers;
mod clocks;
mod connecting;
mod fixture;
mod killed;
mod many;
mod meetings;
mod renewing;
