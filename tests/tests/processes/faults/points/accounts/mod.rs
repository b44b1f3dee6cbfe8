//! Accounts at Google and Microsoft under a daemon that is killed: in renewals, connects and
//! disconnects, of the workspace's own account and of a member's, and while email leaves and comes
//! in by Graph.
//!
//! Neither vendor ends keys because they were renewed, so no death here costs anybody a second
//! consent, but one with the code on its way; that is said. Points stand in debug builds.

mod calendars;
mod connecting;
mod disconnecting;
mod fixture;
mod mailing;
mod renewing;
