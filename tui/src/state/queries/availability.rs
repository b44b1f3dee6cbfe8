//! What is asked about when people are free.

use greenroom_protocol::Error;
use greenroom_protocol::availability::{self as wire, MemberHoursQuery};
use greenroom_protocol::id::MemberId;
use greenroom_protocol::page::Page;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;

use crate::state::query::Query;

/// The first protocol that knows hours and days off.
pub(crate) const HOURS_SINCE: u32 = 3;

/// When one member works.
#[derive(Debug)]
pub(crate) struct MemberHours;

impl Query for MemberHours {
    type Key = MemberId;
    type Answer = wire::MemberHours;
    const TABLES: &'static [&'static str] = &["availability", "days-off", "member"];
    const SINCE: u32 = HOURS_SINCE;

    fn request(key: &MemberId, _: Instant) -> Q {
        let member = Some(key.to_string());
        Q::MemberHours {
            query: MemberHoursQuery { member },
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::MemberHours(it) => Some(it),
            _ => None,
        }
    }
}

/// The workspace's lists of days off.
#[derive(Debug)]
pub(crate) struct DaysOff;

impl Query for DaysOff {
    type Key = ();
    type Answer = Vec<wire::DaysOff>;
    const TABLES: &'static [&'static str] = &["days-off", "member"];
    const SINCE: u32 = HOURS_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::DaysOff {}
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::DaysOff(it) => Some(it.map(|page: Page<_>| page.items)),
            _ => None,
        }
    }
}
