//! A test of a workspace's email: logging in, an email to the workspace's own address, and reading
//! it back.
//!
//! Owns the test's report. Invariants: one at a time for a workspace; every outcome is durable
//! before the next step, and that the email is being handed over before it is, so a daemon that
//! dies in the middle sends no second one; a test ends after a bounded time; settings that change
//! meanwhile end it. The report holds no password and nothing that a server said before log-in.

mod record;
mod report;
mod worker;

pub use self::record::MailTestRecord;
pub use self::report::test;
pub use self::worker::MailTests;

/// The kind of the work that carries a test out.
pub const MAIL_TEST_WORK: &str = "mail-test";

/// The only test of a workspace.
const KEY: &str = "current";
