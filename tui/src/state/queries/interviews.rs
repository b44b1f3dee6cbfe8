//! What is asked about interviews, and about what is kept after them.

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, InterviewId};
use greenroom_protocol::insight::Insight;
use greenroom_protocol::interview::InterviewQuery;
use greenroom_protocol::page::{MOST, Page};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;

use crate::state::query::Query;

const INTERVIEWS: &[&str] = &["interview"];

/// Days ahead that the interviews to come are known for.
const AHEAD_DAYS: i64 = 60;

/// Interviews that begin between two moments.
#[derive(Debug)]
pub(crate) struct Interviews;

impl Query for Interviews {
    /// From the first moment, before the second.
    type Key = (Instant, Instant);
    type Answer = Vec<greenroom_protocol::interview::Interview>;
    const TABLES: &'static [&'static str] = INTERVIEWS;

    fn request(&(from, to): &Self::Key, _: Instant) -> Q {
        between(from, to)
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        items(reply)
    }
}

/// Interviews from yesterday on.
#[derive(Debug)]
pub(crate) struct Coming;

impl Query for Coming {
    type Key = ();
    type Answer = Vec<greenroom_protocol::interview::Interview>;
    const TABLES: &'static [&'static str] = INTERVIEWS;

    fn request(_: &(), now: Instant) -> Q {
        let to = now.plus_minutes(AHEAD_DAYS * 24 * 60);
        between(now.plus_minutes(-24 * 60), to)
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        items(reply)
    }
}

/// An interview.
#[derive(Debug)]
pub(crate) struct Interview;

impl Query for Interview {
    type Key = InterviewId;
    type Answer = greenroom_protocol::interview::Interview;
    const TABLES: &'static [&'static str] = INTERVIEWS;

    fn request(id: &InterviewId, _: Instant) -> Q {
        Q::InterviewGet {
            interview: Reference::to(id.to_string()),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::InterviewGet(it) => Some(it),
            _ => None,
        }
    }
}

/// What is kept after a candidate's interviews.
#[derive(Debug)]
pub(crate) struct Insights;

impl Query for Insights {
    type Key = CandidateId;
    type Answer = Vec<Insight>;
    const TABLES: &'static [&'static str] = &["interview", "insight"];

    fn request(candidate: &CandidateId, _: Instant) -> Q {
        Q::InsightList {
            application: Reference::to(candidate.to_string()),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::InsightList(it) => Some(it),
            _ => None,
        }
    }
}

fn between(from: Instant, to: Instant) -> Q {
    Q::InterviewList {
        query: InterviewQuery {
            from: Some(from),
            to: Some(to),
            limit: Some(MOST),
            ..InterviewQuery::default()
        },
    }
}

fn items(reply: R) -> Option<Result<Vec<greenroom_protocol::interview::Interview>, Error>> {
    match reply {
        R::InterviewList(it) => Some(it.map(|page: Page<_>| page.items)),
        _ => None,
    }
}
