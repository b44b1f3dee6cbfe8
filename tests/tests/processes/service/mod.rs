//! Greenroom as a service: what it tells its service manager, how its units are made, and all of it
//! in a system that systemd boots.

mod booted;
mod fresh;
mod manager;
mod units;
