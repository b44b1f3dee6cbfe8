//! Workspaces, members, roles and Unix links.

pub mod record;
