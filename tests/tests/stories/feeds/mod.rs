//! Calendars that others keep of members: added, read again, told about, and removed.

mod account;
mod fixture;
mod kept;
mod own;
mod server;
mod trouble;
mod web;
