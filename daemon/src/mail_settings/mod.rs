//! A workspace's email: shown, set up, found out and tested.
//!
//! Owns what may be set (`plan` ★, with an account `account` ★), the commit that sets it (`configure`), which systems there are
//! and what each needs (`systems` ★), how an address's system is found (`discover`), and the test
//! that sends an email and reads it back (`test`). Invariants: settings and passwords change in one
//! commit; a password goes to no other server than the one it was given for; no password, and no
//! part of one, comes out again. Must not log in anywhere itself: that is the mail room's.

mod account;
mod configure;
mod discover;
mod plan;
mod show;
mod systems;
mod test;

pub use self::configure::configure;
pub use self::discover::discover;
pub use self::show::settings;
pub use self::test::{MAIL_TEST_WORK, MailTestRecord, MailTests, test};
