//! What is asked about conversations with the assistant.

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{Conversation, ConversationQuery};
use greenroom_protocol::page::Page;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::time::Instant;

use super::ROWS;
use crate::state::query::Query;

/// The first protocol in which the assistant converses.
const CONVERSATIONS_SINCE: u32 = 3;

/// The person's own conversations, the newest first. Refused to who is no hiring manager, with who
/// is one.
#[derive(Debug)]
pub(crate) struct Conversations;

impl Query for Conversations {
    type Key = ();
    type Answer = Page<Conversation>;
    // Names are read as they are now; who is a hiring manager stands with the members.
    const TABLES: &'static [&'static str] =
        &["conversation", "candidate", "member", "job", "stage"];
    const SINCE: u32 = CONVERSATIONS_SINCE;

    fn request(_: &(), _: Instant) -> Q {
        Q::ConversationList {
            query: ConversationQuery { limit: Some(ROWS) },
        }
    }

    fn read(reply: R) -> Option<Result<Self::Answer, Error>> {
        match reply {
            R::ConversationList(it) => Some(it),
            _ => None,
        }
    }
}
