//! What is asked about times proposed to candidates.

use greenroom_protocol::Error;
use greenroom_protocol::id::OutreachId;
use greenroom_protocol::outreach::{
    Outreach, OutreachQuery, OutreachThread, SchedulingQuery, SchedulingReport,
};
use greenroom_protocol::page::Page;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;

use super::ROWS;
use crate::state::query::Query;

/// The first protocol that proposes times.
const OUTREACH_SINCE: u32 = 3;

/// Every outreach: those that need a person, the open ones, and the newest of those that ended.
#[derive(Debug)]
pub(crate) struct Outreaches;

impl Query for Outreaches {
    type Key = ();
    type Answer = Page<Outreach>;
    const TABLES: &'static [&'static str] = &["outreach", "candidate"];
    const SINCE: u32 = OUTREACH_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::OutreachList {
            query: OutreachQuery {
                past: true,
                limit: Some(ROWS),
                ..OutreachQuery::default()
            },
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::OutreachList(it) => Some(it),
            _ => None,
        }
    }
}

/// One of them, with what came in about it.
#[derive(Debug)]
pub(crate) struct Thread;

impl Query for Thread {
    type Key = OutreachId;
    type Answer = OutreachThread;
    const TABLES: &'static [&'static str] = &["outreach", "received", "candidate", "mail"];
    const SINCE: u32 = OUTREACH_SINCE;

    fn request(id: &OutreachId, _: Instant) -> Q {
        Q::OutreachGet {
            outreach: Reference::to(id.to_string()),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::OutreachGet(it) => Some(it),
            _ => None,
        }
    }
}

/// What the assistant's scheduling came to.
#[derive(Debug)]
pub(crate) struct Scheduling;

impl Query for Scheduling {
    type Key = ();
    type Answer = SchedulingReport;
    const TABLES: &'static [&'static str] = &["outreach", "interview"];
    const SINCE: u32 = OUTREACH_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::SchedulingReport {
            query: SchedulingQuery::default(),
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::SchedulingReport(it) => Some(it),
            _ => None,
        }
    }
}
