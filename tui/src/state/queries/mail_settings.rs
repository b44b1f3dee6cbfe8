//! What is asked about the workspace's email: how it is set up, and the latest test of it.

use greenroom_protocol::Error;
use greenroom_protocol::mail_settings::{
    MailSettings as Settings, MailTest as Test, MailTestQuery,
};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;

use super::SETTING_UP_SINCE;
use crate::state::query::Query;

/// How the workspace's email is set up.
#[derive(Debug)]
pub(crate) struct MailSettings;

impl Query for MailSettings {
    type Key = ();
    type Answer = Settings;
    const TABLES: &'static [&'static str] = &["mail-settings", "workspace", "connection"];
    const SINCE: u32 = SETTING_UP_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::MailSettings {}
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::MailSettings(it) => Some(it),
            _ => None,
        }
    }
}

/// The latest test of it.
#[derive(Debug)]
pub(crate) struct MailTest;

impl Query for MailTest {
    type Key = ();
    type Answer = Test;
    /// Its steps are announced as a change of the settings.
    const TABLES: &'static [&'static str] = &["mail-settings"];
    const SINCE: u32 = SETTING_UP_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::MailTest {
            query: MailTestQuery::default(),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::MailTest(it) => Some(it),
            _ => None,
        }
    }
}
