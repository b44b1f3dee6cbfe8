//! Calendars at real CalDAV servers: found from what a person gives, read as the same file is, and
//! never free where the server gives no answer.

mod colleagues;
mod finding;
mod fixture;
mod reading;
mod systems;
