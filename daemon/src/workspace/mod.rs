//! Workspaces, their members, and the Unix users linked to them.
//!
//! Owns who there is. Invariants: an address belongs to one member of a workspace; a Unix user is
//! at most one member of each; the last admin of a workspace stays one. Must not know candidates or
//! interviews.

pub mod accounts;
mod admin_reply;
mod alarm;
mod approval;
mod availability;
mod binding;
mod connect;
mod link;
mod log;
mod member;
mod notice;
mod people;
mod space;
mod switch;
mod tell;
mod waiting;

pub use alarm::{Alarms, Standing, note};
pub use approval::request_approval;
pub use availability::{days_off, edit_days_off, member_hours, set_member_hours};
pub use binding::{bind, refresh};
pub use connect::{
    ChangedEmail, cancel, changed_email, connection, connection_of, connections, disconnect,
    finish, start,
};
pub use link::{link, unlink};
pub use log::{entries, entries_about};
pub use member::{add, edit, list, remove};
pub use notice::{Broken, Notices};
pub use people::{People, adopt_links, linked_elsewhere, settle_links};
pub use space::{add_workspace, edit_workspace, setup, use_workspace, workspaces};
pub use switch::{paused, shown_switch, switched};
pub use tell::tell;
pub use waiting::{Replies, TRY_WORK, Waiters};
