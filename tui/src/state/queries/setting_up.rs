//! What is asked about setting up: how far it is, and how an app is made.

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::setting_up::{AppGuideQuery, AppKind, SetupProgress as Progress};
use greenroom_protocol::time::Instant;

use crate::state::query::Query;

/// The first protocol that knows of it.
pub(crate) const SETTING_UP_SINCE: u32 = 3;

/// Which steps are done.
#[derive(Debug)]
pub(crate) struct SetupProgress;

impl Query for SetupProgress {
    type Key = ();
    type Answer = Progress;
    const TABLES: &'static [&'static str] = &[
        "workspace",
        "job",
        "candidate",
        "mail-settings",
        "availability",
        "member",
    ];
    const SINCE: u32 = SETTING_UP_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::SetupProgress {}
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::SetupProgress(it) => Some(it),
            _ => None,
        }
    }
}

/// How an app is made.
#[derive(Debug)]
pub(crate) struct AppGuide;

impl Query for AppGuide {
    type Key = AppKind;
    type Answer = greenroom_protocol::setting_up::AppGuide;
    const TABLES: &'static [&'static str] = &["workspace"];
    const SINCE: u32 = SETTING_UP_SINCE;

    fn request(app: &AppKind, _: Instant) -> Q {
        let query = AppGuideQuery {
            app: *app,
            email_to: None,
            dry_run: true,
        };
        Q::AppGuide { query }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::AppGuide(it) => Some(it),
            _ => None,
        }
    }
}
