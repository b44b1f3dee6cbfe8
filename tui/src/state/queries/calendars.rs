//! What is asked about the calendars that others keep of members.

use greenroom_protocol::Error;
use greenroom_protocol::calendar::{Feed, FeedQuery};
use greenroom_protocol::id::MemberId;
use greenroom_protocol::page::Page;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;

use crate::state::query::Query;

/// The first protocol that keeps calendars.
pub(crate) const CALENDARS_SINCE: u32 = 3;

/// One member's calendars.
#[derive(Debug)]
pub(crate) struct Feeds;

impl Query for Feeds {
    type Key = MemberId;
    type Answer = Vec<Feed>;
    const TABLES: &'static [&'static str] = &["feed", "member"];
    const SINCE: u32 = CALENDARS_SINCE;

    fn request(key: &MemberId, _: Instant) -> Q {
        let member = Some(key.to_string());
        Q::FeedList {
            query: FeedQuery { member },
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::FeedList(it) => Some(it.map(|page: Page<_>| page.items)),
            _ => None,
        }
    }
}
