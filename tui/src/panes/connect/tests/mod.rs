//! Stories of connecting, of what is broken, and of who may do something about it.

mod accounts;
mod connecting;
mod zoom;
