//! What is asked about Zoom: connections, what is out of sync, tests.

use greenroom_protocol::Error;
use greenroom_protocol::drift::DriftReport;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::page::Page;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::Connection;
use greenroom_protocol::zoom_test::{ZoomTest as Test, ZoomTestQuery};

use crate::state::query::Query;

/// The first protocol that knows of tests of a Zoom connection.
pub(crate) const ZOOM_TEST_SINCE: u32 = 2;

/// How everyone's Zoom stands.
#[derive(Debug)]
pub(crate) struct Connections;

impl Query for Connections {
    type Key = ();
    type Answer = Vec<Connection>;
    /// What is booked on them, and what their Zoom took today, changes with the interviews.
    const TABLES: &'static [&'static str] = &["connection", "interview"];

    fn request(_: &(), _: Instant) -> Q {
        Q::ZoomList {}
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::ZoomList(it) => Some(it.map(|page: Page<_>| page.items)),
            _ => None,
        }
    }
}

/// What is out of sync with Zoom.
#[derive(Debug)]
pub(crate) struct Drift;

impl Query for Drift {
    type Key = ();
    type Answer = DriftReport;
    const TABLES: &'static [&'static str] = &["interview", "drift"];

    fn request(_: &(), _: Instant) -> Q {
        Q::DriftList {}
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::DriftList(it) => Some(it),
            _ => None,
        }
    }
}

/// The latest test of a member's Zoom.
#[derive(Debug)]
pub(crate) struct ZoomTest;

impl Query for ZoomTest {
    type Key = MemberId;
    type Answer = Test;
    const TABLES: &'static [&'static str] = &["connection"];
    const SINCE: u32 = ZOOM_TEST_SINCE;

    fn request(member: &MemberId, _: Instant) -> Q {
        Q::ZoomTestShow {
            query: test_of(*member),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::ZoomTestShow(it) => Some(it),
            _ => None,
        }
    }
}

/// The test of a member's Zoom.
pub(crate) fn test_of(member: MemberId) -> ZoomTestQuery {
    ZoomTestQuery {
        member: Some(member.to_string()),
        dry_run: false,
    }
}
