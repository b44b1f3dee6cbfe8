//! What is asked about the person's day.

use greenroom_protocol::Error;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::today::TodayQuery;

use crate::state::query::Query;

/// The first protocol that knows of it.
const TODAY_SINCE: u32 = 3;

/// What is next, what needs the person, and who waits.
#[derive(Debug)]
pub(crate) struct Today;

impl Query for Today {
    type Key = ();
    type Answer = greenroom_protocol::today::Today;
    const TABLES: &'static [&'static str] = &[
        "feed",
        "interview",
        "insight",
        "received",
        "outreach",
        "connection",
        "account",
        "application",
        "candidate",
        "member",
        "job",
        "stage",
    ];
    const SINCE: u32 = TODAY_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::Today {
            query: TodayQuery::default(),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::Today(it) => Some(it),
            _ => None,
        }
    }
}
