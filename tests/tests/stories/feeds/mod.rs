//! Calendars that others keep of members: added, read again, told about, and removed.

mod account;
mod certificate;
mod clock;
mod colleague;
mod dav_server;
mod fixture;
mod kept;
mod own;
mod server;
mod several;
mod trouble;
mod web;
