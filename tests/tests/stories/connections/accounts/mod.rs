//! Accounts at Google and Microsoft as callers meet them: over a socket, with the sandboxes of both,
//! in a time that stands still.

mod audiences;
mod busy_times;
mod company;
mod connecting;
mod delivering;
mod fixture;
mod mailing;
mod reasons;
mod replying;
mod waiting;
