//! Stories of email: what is sent, and what came in.

mod received;
mod sent;
