//! What is stored, on the ground floor: every room above reads and writes these types.
//!
//! Owns the records that more than one room knows, with their serde defaults and pure readers, so
//! that a store, a backup or a test of any version opens. Invariant: what an earlier version wrote
//! is read; a field that came later has a default and a test beside it. Decides nothing, calls
//! nobody, and reaches the store only through typed tables.

pub mod availability;
pub mod calendar;
pub mod company;
pub mod conversation;
pub mod feed;
pub mod insight;
pub mod interview;
pub mod invitation;
pub mod mail;
pub mod notes;
pub mod outreach;
pub mod pipeline;
pub mod retention;
pub mod switch;
pub mod template;
pub mod terms;
pub mod turn;
pub mod views;
pub mod workspace;
